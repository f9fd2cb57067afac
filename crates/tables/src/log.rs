use std::collections::HashMap;

use arrow_array::{Array, ArrayRef, RecordBatch, cast::AsArray, types::Int64Type, types::UInt64Type};
use arrow_schema::DataType;
use jiff::tz::TimeZone;
use samspill_base::{
    Columns, Value,
    columns::{Bodies, NO_TIME, NO_VALUE, TextColumn, Texts as BaseTexts},
};

use crate::{
    RowTrouble, TableError,
    places::{OTHER_TIMES, Places, TEXTS},
    text::Texts,
    time::{RowTime, TIME_TYPES, times},
    value::{VALUE_TYPES, Values, cells},
};

/// A log table on its way into columns: record batches go in, one after another.
///
/// Times without a zone are local times in that of the agreement. A row without a case, a kind or a time, or with a text
/// that is no time, is left out and told. Without a column `position`, rows are counted from 1.
#[derive(Debug)]
pub struct LogTable {
    zone: TimeZone,
    rows_seen: u64,
    cases: Numbers,
    kinds: Numbers,
    columns: Columns,
    texts: [Numbers; TEXTS.len()],
    facts: Vec<Values>,
    body: Vec<Values>,
    have_body: Vec<bool>,
}

/// Texts by number, each kept once.
#[derive(Debug, Default)]
struct Numbers {
    texts: BaseTexts,
    known: HashMap<Box<str>, u32>,
    last: Option<u32>,
}

/// The rows of a batch that become entries.
struct Kept {
    rows: Vec<usize>,
    /// How many rows there were before them.
    before: usize,
}

impl LogTable {
    /// A table whose local times are in `zone`.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            rows_seen: 0,
            cases: Numbers::default(),
            kinds: Numbers::default(),
            columns: Columns::default(),
            texts: Default::default(),
            facts: Vec::new(),
            body: Vec::new(),
            have_body: Vec::new(),
        }
    }

    /// Adds the rows of a batch. Those that were left out come back.
    ///
    /// # Errors
    /// A column that is missing, there twice, or of a type that it can't be read from.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RowTrouble>, TableError> {
        let schema = batch.schema();
        let places = Places::of(&schema)?;
        let case = texts_of(batch, places.case)?;
        let kind = texts_of(batch, places.kind)?;
        let at = times_of(batch, places.at, &self.zone)?;
        let others =
            places.other_times.map(|place| place.map(|place| times_of(batch, place, &self.zone)).transpose());
        let mut other_times = Vec::new();
        for times in others {
            other_times.push(times?);
        }
        let mut look = Look { first_row: self.rows_seen + 1, troubles: Vec::new() };
        let good = |row: &usize| look.is_entry(*row, [&case, &kind], &at, &other_times);
        let kept = Kept { rows: (0..batch.num_rows()).filter(good).collect(), before: self.columns.len() };
        self.take_fixed(batch, &places, &kept, [&case, &kind], &at)?;
        self.take_times(&kept, &other_times);
        self.take_texts(batch, &places, &kept)?;
        self.take_values(batch, &places, &kept)?;
        self.rows_seen += batch.num_rows() as u64;
        Ok(look.troubles)
    }

    /// The columns so far; the next batch begins new ones and goes on counting rows.
    pub fn take(&mut self) -> Columns {
        let next = Self { rows_seen: self.rows_seen, ..Self::new(self.zone.clone()) };
        std::mem::replace(self, next).finish()
    }

    /// The columns.
    pub fn finish(self) -> Columns {
        let rows = self.columns.len();
        let mut columns = self.columns;
        columns.cases = self.cases.texts;
        columns.kinds = self.kinds.texts;
        for (column, numbers) in text_columns(&mut columns).into_iter().zip(self.texts) {
            column.texts = numbers.texts;
            fill(&mut column.codes, rows, NO_VALUE);
        }
        for column in time_columns(&mut columns) {
            fill(column, rows, NO_TIME);
        }
        columns.facts = self.facts.into_iter().map(|values| values.finish(rows)).collect();
        columns.body = self.body.into_iter().map(|values| values.finish(rows)).collect();
        columns.bodies = match (self.have_body.contains(&true), self.have_body.contains(&false)) {
            (false, _) => Bodies::None,
            (true, false) => Bodies::All,
            (true, true) => Bodies::Some(self.have_body),
        };
        columns
    }

    fn take_fixed(
        &mut self,
        batch: &RecordBatch,
        places: &Places,
        kept: &Kept,
        [case, kind]: [&Texts<'_>; 2],
        at: &[RowTime],
    ) -> Result<(), TableError> {
        let positions = places.position.map(|place| positions(batch, place)).transpose()?;
        for row in kept.rows.iter().copied() {
            self.columns.case.push(self.cases.number(case.get(row).unwrap_or_default()));
            self.columns.kind.push(self.kinds.number(kind.get(row).unwrap_or_default()));
            self.columns.happened.push(at[row].nanos());
            let counted = self.rows_seen + row as u64 + 1;
            let position = positions.as_ref().and_then(|positions| positions[row]).unwrap_or(counted);
            self.columns.position.push(position);
        }
        Ok(())
    }

    fn take_times(&mut self, kept: &Kept, other_times: &[Option<Vec<RowTime>>]) {
        for (column, times) in time_columns(&mut self.columns).into_iter().zip(other_times) {
            let Some(times) = times else { continue };
            for (place, row) in (kept.before..).zip(&kept.rows) {
                if let RowTime::At(at) = times[*row] {
                    put(column, place, NO_TIME, at);
                }
            }
        }
    }

    fn take_texts(&mut self, batch: &RecordBatch, places: &Places, kept: &Kept) -> Result<(), TableError> {
        let columns = text_columns(&mut self.columns).into_iter().zip(&mut self.texts);
        for ((column, numbers), place) in columns.zip(places.texts) {
            let Some(number) = place else { continue };
            let texts = texts_of(batch, number)?;
            for (place, row) in (kept.before..).zip(&kept.rows) {
                if let Some(text) = texts.get(*row) {
                    put(&mut column.codes, place, NO_VALUE, numbers.number(text));
                }
            }
        }
        Ok(())
    }

    fn take_values(&mut self, batch: &RecordBatch, places: &Places, kept: &Kept) -> Result<(), TableError> {
        let zone = &self.zone;
        self.have_body.resize(kept.before + kept.rows.len(), false);
        for (number, name) in &places.fact {
            put_cells(batch, *number, named(&mut self.facts, name), zone, kept, |_| {})?;
        }
        if let Some(number) = places.facts {
            put_json(batch, number, &mut self.facts, kept, |_| {})?;
        }
        let have_body = &mut self.have_body;
        for (number, name) in &places.field {
            let values = named(&mut self.body, name);
            put_cells(batch, *number, values, zone, kept, |place| have_body[place] = true)?;
        }
        if let Some(number) = places.body {
            put_json(batch, number, &mut self.body, kept, |place| have_body[place] = true)?;
        }
        Ok(())
    }
}

/// Looks for rows that can't be entries.
struct Look {
    first_row: u64,
    troubles: Vec<RowTrouble>,
}

impl Look {
    fn is_entry(
        &mut self,
        row: usize,
        [case, kind]: [&Texts<'_>; 2],
        at: &[RowTime],
        other_times: &[Option<Vec<RowTime>>],
    ) -> bool {
        let blank = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
        let missing = match (blank(case.get(row)), blank(kind.get(row)), at[row]) {
            (true, _, _) => Some("case"),
            (_, true, _) => Some("kind"),
            (_, _, RowTime::Missing) => Some("at"),
            (_, _, RowTime::At(_) | RowTime::Unreadable) => None,
        };
        let times = OTHER_TIMES.iter().zip(other_times);
        let others = times.filter_map(|(name, times)| times.as_ref().map(|times| (*name, times[row])));
        let unreadable = std::iter::once(("at", at[row]))
            .chain(others)
            .find(|(_, time)| *time == RowTime::Unreadable)
            .map(|(name, _)| name);
        let no_time =
            "this is not a time: write 2024-03-31T02:30, or with an offset 2024-03-31T02:30:00+01:00";
        let trouble = missing
            .map(|column| (column, "nothing is said: fill it in"))
            .or(unreadable.map(|column| (column, no_time)));
        if let Some((column, message)) = trouble {
            let (column, message) = (column.to_owned(), message.to_owned());
            self.troubles.push(RowTrouble { row: self.first_row + row as u64, column, message });
        }
        trouble.is_none()
    }
}

impl RowTime {
    fn nanos(self) -> i64 {
        match self {
            Self::At(at) => at,
            Self::Missing | Self::Unreadable => NO_TIME,
        }
    }
}

impl Numbers {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(last) = self.last.filter(|last| self.texts.get(*last) == text) {
            return last;
        }
        let number = self.known.get(text).copied().unwrap_or_else(|| {
            let number = self.texts.push(text);
            self.known.insert(text.into(), number);
            number
        });
        self.last = Some(number);
        number
    }
}

fn put_cells(
    batch: &RecordBatch,
    number: usize,
    values: &mut Values,
    zone: &TimeZone,
    kept: &Kept,
    mut said: impl FnMut(usize),
) -> Result<(), TableError> {
    let cell = cells(batch.column(number), zone).ok_or_else(|| bad_type(batch, number, VALUE_TYPES))?;
    for (place, row) in (kept.before..).zip(&kept.rows) {
        if values.put(place, &cell(*row)) {
            said(place);
        }
    }
    Ok(())
}

/// Objects of JSON, or nothing. What is no object is kept as a text of that name, so that it isn't lost.
fn put_json(
    batch: &RecordBatch,
    number: usize,
    all: &mut Vec<Values>,
    kept: &Kept,
    mut said: impl FnMut(usize),
) -> Result<(), TableError> {
    let texts = Texts::of(batch.column(number)).ok_or_else(|| bad_type(batch, number, "JSON text"))?;
    for (place, row) in (kept.before..).zip(&kept.rows) {
        let Some(text) = texts.get(*row).filter(|text| !text.trim().is_empty()) else { continue };
        said(place);
        if let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(text) {
            for (name, value) in &fields {
                named(all, name).put_value(place, &Value::from_json(value));
            }
        } else {
            let name = batch.schema().field(number).name().clone();
            named(all, &name).put_value(place, &Value::text(text));
        }
    }
    Ok(())
}

fn named<'v>(all: &'v mut Vec<Values>, name: &str) -> &'v mut Values {
    let place = all.iter().position(|values| values.name() == name).unwrap_or_else(|| {
        all.push(Values::named(name));
        all.len() - 1
    });
    &mut all[place]
}

fn texts_of(batch: &RecordBatch, number: usize) -> Result<Texts<'_>, TableError> {
    Texts::of(batch.column(number)).ok_or_else(|| bad_type(batch, number, "a text"))
}

fn times_of(batch: &RecordBatch, number: usize, zone: &TimeZone) -> Result<Vec<RowTime>, TableError> {
    times(batch.column(number), zone).ok_or_else(|| bad_type(batch, number, TIME_TYPES))
}

fn positions(batch: &RecordBatch, number: usize) -> Result<Vec<Option<u64>>, TableError> {
    let column: &ArrayRef = batch.column(number);
    let whole = "whole numbers from 1 in 64 bits";
    match column.data_type() {
        DataType::UInt64 => Ok(column.as_primitive::<UInt64Type>().iter().collect()),
        DataType::Int64 => {
            let numbers = column.as_primitive::<Int64Type>();
            Ok(numbers.iter().map(|number| number.and_then(|number| u64::try_from(number).ok())).collect())
        }
        DataType::UInt32 => Ok(column
            .as_primitive::<arrow_array::types::UInt32Type>()
            .iter()
            .map(|number| number.map(u64::from))
            .collect()),
        DataType::Int32 => Ok(column
            .as_primitive::<arrow_array::types::Int32Type>()
            .iter()
            .map(|number| number.and_then(|number| u64::try_from(number).ok()))
            .collect()),
        _ => Err(bad_type(batch, number, whole)),
    }
}

fn bad_type(batch: &RecordBatch, number: usize, instead: &'static str) -> TableError {
    let schema = batch.schema();
    let field = schema.field(number);
    TableError::BadType { column: field.name().clone(), found: field.data_type().to_string(), instead }
}

fn text_columns(columns: &mut Columns) -> [&mut TextColumn; TEXTS.len()] {
    [&mut columns.id, &mut columns.person, &mut columns.from, &mut columns.to]
}

fn time_columns(columns: &mut Columns) -> [&mut Vec<i64>; OTHER_TIMES.len()] {
    [
        &mut columns.sent,
        &mut columns.received,
        &mut columns.acknowledged,
        &mut columns.recorded,
        &mut columns.as_of,
    ]
}

fn put<T: Copy>(column: &mut Vec<T>, row: usize, none: T, item: T) {
    column.resize(row, none);
    column.push(item);
}

fn fill<T: Copy>(column: &mut Vec<T>, rows: usize, none: T) {
    if !column.is_empty() {
        column.resize(rows, none);
    }
}
