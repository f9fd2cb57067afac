use std::collections::BTreeMap;

use samspill_base::calendar::{Closes, DayPattern, Hours, Weekdays, Window, WindowError, WindowRow};

use super::{
    context::{Context, Scope},
    gather::Gathered,
    get,
    names::Sort,
    spot_of_key,
};
use crate::{
    diagnostic::Code,
    model::{Calendar, CalendarId, Condition, HoursRow, OpenHours, WindowEffect},
    source::Spot,
    syntax::{Entry, Item, Node, Table},
    words,
};

impl Context<'_> {
    /// The named open hours: the tables under `[calendar]`.
    pub(super) fn hours(&mut self, gathered: &Gathered) -> BTreeMap<CalendarId, OpenHours> {
        hours_entries(gathered)
            .filter_map(|entry| {
                let hours = self.open_hours(entry)?;
                Some((hours.id.clone(), hours))
            })
            .collect()
    }

    fn open_hours(&mut self, entry: &Entry) -> Option<OpenHours> {
        let table = entry.node.as_table()?;
        let tables = std::iter::once(table).chain(table.tables("also"));
        let rows: Vec<Option<HoursRow>> = tables.map(|row| self.hours_row(row)).collect();
        let rows: Option<Vec<HoursRow>> = rows.into_iter().collect();
        let id = entry.key.name.as_str();
        let name = get::name_or(table, id);
        let place = self.report.sources.place(entry.key.spot);
        let hours = OpenHours::new(id.into(), name, rows?, place);
        if hours.is_none() {
            let most = OpenHours::CONDITIONAL_ROWS_MAX;
            self.report
                .error(
                    Code::TooManyRows,
                    entry.key.spot,
                    format!("`{id}` has more than {most} rows with a condition"),
                )
                .help(Code::TooManyRows.mend());
        }
        hours
    }

    fn hours_row(&mut self, table: &Table) -> Option<HoursRow> {
        let days = table.get("days").and_then(|node| self.day_pattern(node));
        let hours = table.get("hours").and_then(|node| self.spans(node));
        let when = self.condition(table, "when", Scope::Case);
        Some(HoursRow { row: WindowRow { days: days?, hours: hours? }, when: when? })
    }

    fn day_pattern(&mut self, node: &Node) -> Option<DayPattern> {
        match &node.item {
            Item::Str(text, _) => match text.as_str() {
                "working days" => Some(DayPattern::WorkingDays),
                "every day" => Some(DayPattern::EveryDay),
                "holidays" => Some(DayPattern::Holidays),
                _ => None,
            },
            Item::List(days) => {
                let days: Option<Weekdays> = days.iter().map(|day| words::weekday(day.as_str()?)).collect();
                days.map(DayPattern::Weekdays)
            }
            Item::Table(table) => self
                .names::<Name>(table, "holidays", Sort::Holiday)
                .map(|names| DayPattern::Named(names.into_iter().map(|name| name.0).collect())),
            Item::Int(_) | Item::Float(_) | Item::Bool(_) | Item::Datetime(_) => None,
        }
    }

    fn spans(&mut self, node: &Node) -> Option<Vec<Hours>> {
        if node.as_str() == Some("closed") {
            return Some(Vec::new());
        }
        let spans: Vec<Option<Hours>> = node.items().iter().map(|item| self.span(item)).collect();
        let mut spans: Vec<Hours> = spans.into_iter().collect::<Option<_>>()?;
        spans.sort_by_key(|hours| (hours.opens(), hours.closes()));
        if let Some([first, second]) =
            spans.array_windows().find(|[first, second]| first.closes() > Closes::At(second.opens()))
        {
            let message = format!("the hours {first} and {second} overlap");
            self.report.error(Code::BadHours, node.spot, message).help("write them as one");
            return None;
        }
        Some(spans)
    }

    fn span(&mut self, node: &Node) -> Option<Hours> {
        match node.as_str()?.parse::<Hours>() {
            Ok(hours) => Some(hours),
            Err(error) => {
                self.report
                    .error(Code::BadHours, node.spot, error.to_string())
                    .help("for example hours = \"08:00-15:00\"");
                None
            }
        }
    }

    /// Hours that never open, and windows that wait for hours that may never open.
    pub(super) fn check_hours(
        &mut self,
        gathered: &Gathered,
        calendar: &Calendar,
        hours: &BTreeMap<CalendarId, OpenHours>,
    ) {
        for entry in hours_entries(gathered) {
            let Some(open) = hours.get(entry.key.name.as_str()) else { continue };
            if !open.rows.iter().any(|row| opens(calendar, std::slice::from_ref(row))) {
                self.never_open(entry.key.spot, &open.id);
            } else if let Some(window) = waiting_window(gathered, &open.id)
                && !opens(calendar, &unconditional(open))
            {
                self.report
                    .warning(Code::HoursNeverOpen, window, format!("where no condition of `{}` holds, it never opens, and this message would never count as given", open.id))
                    .help("give the hours a row without `when`, or the window a `when` of its own");
            }
        }
    }

    fn never_open(&mut self, spot: Spot, id: &CalendarId) {
        self.report
            .error(Code::HoursNeverOpen, spot, format!("`{id}` never opens"))
            .help("give it hours on some day");
    }
}

/// A window that moves messages to the next opening of these hours.
fn waiting_window(gathered: &Gathered, id: &CalendarId) -> Option<Spot> {
    let effects =
        [("warn", WindowEffect::Warn), ("counts-from-next-opening", WindowEffect::CountsFromNextOpening)];
    gathered
        .own_tables("window")
        .find(|table| {
            table.str("hours") == Some(id.as_str())
                && table.get("when").is_none()
                && get::choice(table, "effect", &effects) == Some(WindowEffect::CountsFromNextOpening)
        })
        .map(|table| spot_of_key(table, "hours"))
}

/// A holiday's id; a type only to be resolved like the others.
struct Name(String);

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// The tables under `[calendar]` that are open hours.
pub(super) fn hours_entries(gathered: &Gathered) -> impl Iterator<Item = &Entry> {
    gathered.own_tables("calendar").flat_map(|table| &table.entries).filter(|entry| {
        entry.key.name != "zone" && entry.key.name != "working_days" && entry.node.as_table().is_some()
    })
}

fn unconditional(hours: &OpenHours) -> Vec<HoursRow> {
    hours.rows.iter().filter(|row| row.when == Condition::Always).cloned().collect()
}

/// Whether these rows open on any day of the calendar.
fn opens(calendar: &Calendar, rows: &[HoursRow]) -> bool {
    let rows: Vec<WindowRow> = rows.iter().map(|row| row.row.clone()).collect();
    !matches!(Window::new(&calendar.days, &rows), Err(WindowError::NeverOpen))
}
