//! The tables of the page as files, under the same policy.

use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use rust_xlsxwriter::{DocProperties, Format, Workbook, Worksheet, XlsxError};

use super::{
    page::{Asked, view, write},
    room::{Room, Standing},
    table::{Datum, Table},
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Frame, fill},
};

/// Letters of a sheet's name that spreadsheets take.
const SHEET_NAME_LENGTH_MAX: usize = 31;
/// The name of the file with all tables.
const ALL: &str = "tall";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A table by its name, `plikter.csv` or `plikter.xlsx`; or all of them, `tall.xlsx`.
pub(super) async fn file(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    let (id, kind) = name.rsplit_once('.').ok_or(Refused::NotThere)?;
    let view = view(&app, &frame, &asked).await?;
    let Standing::Ready(report) = room.report(&app, view).await? else {
        let w = Words::of(frame.language());
        return Err(Refused::Wrong(fill(w.making, &[("n", &"…")])));
    };
    let (sections, _) = write(&app, &frame, &asked, &report);
    let tables: Vec<Table> = sections.into_iter().map(|section| section.table).collect();
    let chosen: Vec<&Table> = tables.iter().filter(|table| id == ALL || table.id == id).collect();
    match (kind, &chosen[..]) {
        ("csv", [only]) => Ok(answer("text/csv; charset=utf-8", &name, only.csv().into_bytes())),
        ("xlsx", [_, ..]) => {
            let w = Words::of(frame.language());
            let book = workbook(&chosen, frame.now, w).map_err(Refused::failed)?;
            Ok(answer(XLSX, &name, book))
        }
        _ => Err(Refused::NotThere),
    }
}

/// The name has only letters of ours by now: it is a table's.
fn answer(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, bytes).into_response()
}

/// A sheet for each table, and one that says what is hidden. It is as old as the page: the same page gives the same bytes.
pub(super) fn workbook(tables: &[&Table], now: Timestamp, w: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = now.to_zoned(TimeZone::UTC).datetime();
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for (number, table) in (1..).zip(tables) {
        sheet(book.add_worksheet(), table, number)?;
    }
    let about = book.add_worksheet();
    about.set_name(w.about)?;
    for (row, text) in (0..).zip(tables.iter().map(|table| table.caption.as_str()).chain([w.hidden_note])) {
        about.write_string(row, 0, text)?;
    }
    book.save_to_buffer()
}

fn sheet(sheet: &mut Worksheet, table: &Table, number: u32) -> Result<(), XlsxError> {
    let name: String = format!("{number} {}", table.id).chars().take(SHEET_NAME_LENGTH_MAX).collect();
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(&table.head) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    for (row, cells) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            write_cell(sheet, row, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.autofit();
    Ok(())
}

/// Numbers are numbers, as spreadsheets know them; kroner have two decimals.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Datum) -> Result<(), XlsxError> {
    match cell {
        Datum::Count(_) | Datum::Change(_) | Datum::Minutes(_) | Datum::Share(_) => {
            sheet.write_number(row, column, number(cell))?;
        }
        Datum::Money(_) | Datum::MoneyChange(_) => {
            let money = Format::new().set_num_format("#,##0.00");
            sheet.write_number_with_format(row, column, number(cell), &money)?;
        }
        Datum::Text(_) | Datum::Hidden => {
            sheet.write_string(row, column, cell.plain())?;
        }
        Datum::Nothing => {}
    }
    Ok(())
}

/// What is written is always a number that reads back.
fn number(cell: &Datum) -> f64 {
    cell.plain().parse().unwrap_or_default()
}
