//! A log as columns: what is read at once, in bulk, and by programs that other engines call.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{CaseLog, Entry, Position, Value};

/// A log as columns, a row for each entry, in the order of the log.
///
/// It holds what [`Entry`] holds. Texts that come back (cases, kinds, values) are kept once and named by number.
/// Times are nanoseconds since 1970, which reach from 1677 to 2262: what lies outside becomes the nearest that fits
/// (no calendar covers either).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The names of the cases.
    pub cases: Texts,
    /// The names of the kinds of entry.
    pub kinds: Texts,
    /// The case of each row: a number of `cases`.
    pub case: Vec<u32>,
    /// The kind of each row: a number of `kinds`.
    pub kind: Vec<u32>,
    /// When it happened.
    pub happened: Vec<i64>,
    /// The other times; an empty column says that no entry has the time.
    pub sent: Vec<i64>,
    /// When the receiver had it.
    pub received: Vec<i64>,
    /// When the receiver's receipt came.
    pub acknowledged: Vec<i64>,
    /// When it was written into the log.
    pub recorded: Vec<i64>,
    /// As of when the case asks to be read.
    pub as_of: Vec<i64>,
    /// The place of each row in the log. An empty column says: in order, from 1.
    pub position: Vec<u64>,
    /// The entries' own ids.
    pub id: TextColumn,
    /// The persons they are about.
    pub person: TextColumn,
    /// Who sent them.
    pub from: TextColumn,
    /// Whom they were for.
    pub to: TextColumn,
    /// The facts they set, a column for each fact.
    pub facts: Vec<ValueColumn>,
    /// The fields of their bodies, a column for each field.
    pub body: Vec<ValueColumn>,
    /// Which rows have a body.
    pub bodies: Bodies,
}

/// No time: the entry doesn't have it.
pub const NO_TIME: i64 = i64::MIN;

/// No value: the entry doesn't have one.
pub const NO_VALUE: u32 = u32::MAX;

/// Texts one after another, named by number from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    bytes: String,
    /// Where each begins, and one more: the end of the last.
    starts: Vec<usize>,
}

/// A column of optional texts; empty where no row has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumn {
    /// The texts.
    pub texts: Texts,
    /// The text of each row, or [`NO_VALUE`].
    pub codes: Vec<u32>,
}

/// A column of optional values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueColumn {
    /// What the fact or field is called.
    pub name: String,
    /// The values.
    pub values: Vec<Value>,
    /// The value of each row, or [`NO_VALUE`].
    pub codes: Vec<u32>,
}

/// Which rows have a body: an entry without one tells nothing of what it held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Bodies {
    /// None: the log doesn't keep contents.
    #[default]
    None,
    /// All of them.
    All,
    /// Those that say yes here.
    Some(Vec<bool>),
}

impl Default for Texts {
    fn default() -> Self {
        Self { bytes: String::new(), starts: vec![0] }
    }
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text with this number.
    ///
    /// # Panics
    /// Where there is no such number.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        &self.bytes[self.starts[number]..self.starts[number + 1]]
    }

    /// Adds a text; its number comes back. The same text twice has two numbers: whoever adds looks first.
    ///
    /// # Panics
    /// With more than [`u32::MAX`] − 1 texts.
    pub fn push(&mut self, text: &str) -> u32 {
        let number =
            u32::try_from(self.len()).ok().filter(|number| *number != NO_VALUE).expect("fewer texts");
        self.bytes.push_str(text);
        self.starts.push(self.bytes.len());
        number
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.starts.windows(2).map(|span| &self.bytes[span[0]..span[1]])
    }
}

impl Columns {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.happened.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.happened.is_empty()
    }

    /// The place of a row in the log.
    pub fn position_of(&self, row: usize) -> Position {
        Position(self.position.get(row).copied().unwrap_or(row as u64 + 1))
    }

    /// The entries of these cases as columns.
    pub fn of_cases<'e>(cases: impl IntoIterator<Item = &'e CaseLog>) -> Self {
        let mut builder = Builder::default();
        for case in cases {
            for entry in &case.entries {
                builder.push(entry);
            }
        }
        builder.finish()
    }

    /// The entry of a row.
    pub fn entry(&self, row: usize) -> Entry {
        let text = |column: &TextColumn| column.get(row).map(str::to_owned);
        let has_body = match &self.bodies {
            Bodies::None => false,
            Bodies::All => true,
            Bodies::Some(have) => have[row],
        };
        Entry {
            case: self.cases.get(self.case[row]).to_owned(),
            kind: self.kinds.get(self.kind[row]).to_owned(),
            position: self.position_of(row),
            happened: instant(self.happened[row]),
            sent: time_of(&self.sent, row),
            received: time_of(&self.received, row),
            acknowledged: time_of(&self.acknowledged, row),
            recorded: time_of(&self.recorded, row),
            id: text(&self.id),
            person: text(&self.person),
            from: text(&self.from),
            to: text(&self.to),
            facts: named_values(&self.facts, row),
            body: has_body.then(|| named_values(&self.body, row)),
            as_of: time_of(&self.as_of, row),
        }
    }

    /// The entries of these rows as the log of one case.
    pub fn case_log(&self, case: u32, rows: impl IntoIterator<Item = usize>) -> CaseLog {
        CaseLog {
            case: self.cases.get(case).to_owned(),
            entries: rows.into_iter().map(|row| self.entry(row)).collect(),
        }
    }
}

impl TextColumn {
    /// The text of a row, if it has one.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.codes.get(row).filter(|code| **code != NO_VALUE).map(|code| self.texts.get(*code))
    }
}

impl ValueColumn {
    /// The value of a row, if it has one.
    pub fn get(&self, row: usize) -> Option<&Value> {
        self.codes.get(row).and_then(|code| self.values.get(*code as usize))
    }
}

/// The instant of a column's number; see [`Columns`].
pub fn instant(nanos: i64) -> Timestamp {
    let (seconds, rest) = (nanos.div_euclid(NANOS_PER_SECOND), nanos.rem_euclid(NANOS_PER_SECOND));
    Timestamp::new(seconds, i32::try_from(rest).unwrap_or(0)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The number of an instant in a column: the nearest that fits.
pub fn nanos(at: Timestamp) -> i64 {
    let whole = at.as_second().checked_mul(NANOS_PER_SECOND);
    let nanos = whole.and_then(|whole| whole.checked_add(i64::from(at.subsec_nanosecond())));
    let nearest = if at < Timestamp::UNIX_EPOCH { i64::MIN + 1 } else { i64::MAX };
    nanos.map_or(nearest, |nanos| nanos.max(i64::MIN + 1))
}

const NANOS_PER_SECOND: i64 = 1_000_000_000;

fn time_of(column: &[i64], row: usize) -> Option<Timestamp> {
    column.get(row).copied().filter(|nanos| *nanos != NO_TIME).map(instant)
}

fn named_values(columns: &[ValueColumn], row: usize) -> BTreeMap<String, Value> {
    columns
        .iter()
        .filter_map(|column| column.get(row).map(|value| (column.name.clone(), value.clone())))
        .collect()
}

/// Puts columns together, entry by entry.
#[derive(Debug, Default)]
pub struct Builder {
    columns: Columns,
    cases: BTreeMap<String, u32>,
    kinds: BTreeMap<String, u32>,
    /// The numbers of the texts of `id`, `person`, `from` and `to`.
    texts: [BTreeMap<String, u32>; 4],
    facts: Values,
    body: Values,
    have_body: Vec<bool>,
}

/// The columns of facts or of body fields.
#[derive(Debug, Default)]
struct Values {
    columns: Vec<ValueColumn>,
    by_name: BTreeMap<String, usize>,
    /// The numbers of the values of each column, by how Rust writes them: two that look alike can be of two types.
    known: Vec<BTreeMap<String, u32>>,
}

impl Builder {
    /// Adds an entry as the next row.
    pub fn push(&mut self, entry: &Entry) {
        let row = self.columns.len();
        let columns = &mut self.columns;
        columns.case.push(number_of(&mut self.cases, &mut columns.cases, &entry.case));
        columns.kind.push(number_of(&mut self.kinds, &mut columns.kinds, &entry.kind));
        columns.happened.push(nanos(entry.happened));
        columns.position.push(entry.position.0);
        put_time(&mut columns.sent, row, entry.sent);
        put_time(&mut columns.received, row, entry.received);
        put_time(&mut columns.acknowledged, row, entry.acknowledged);
        put_time(&mut columns.recorded, row, entry.recorded);
        put_time(&mut columns.as_of, row, entry.as_of);
        let texts = [
            (&mut columns.id, &entry.id),
            (&mut columns.person, &entry.person),
            (&mut columns.from, &entry.from),
            (&mut columns.to, &entry.to),
        ];
        for ((column, text), known) in texts.into_iter().zip(&mut self.texts) {
            if let Some(text) = text {
                let code = number_of(known, &mut column.texts, text);
                put(&mut column.codes, row, NO_VALUE, code);
            }
        }
        for (name, value) in &entry.facts {
            self.facts.put(row, name, value);
        }
        for (name, value) in entry.body.iter().flatten() {
            self.body.put(row, name, value);
        }
        self.have_body.push(entry.body.is_some());
    }

    /// The columns.
    pub fn finish(self) -> Columns {
        let mut columns = self.columns;
        let rows = columns.len();
        for times in [
            &mut columns.sent,
            &mut columns.received,
            &mut columns.acknowledged,
            &mut columns.recorded,
            &mut columns.as_of,
        ] {
            fill(times, rows, NO_TIME);
        }
        for text in [&mut columns.id, &mut columns.person, &mut columns.from, &mut columns.to] {
            fill(&mut text.codes, rows, NO_VALUE);
        }
        columns.facts = self.facts.finish(rows);
        columns.body = self.body.finish(rows);
        columns.bodies = match (self.have_body.contains(&true), self.have_body.contains(&false)) {
            (false, _) => Bodies::None,
            (true, false) => Bodies::All,
            (true, true) => Bodies::Some(self.have_body),
        };
        columns
    }
}

impl Values {
    fn put(&mut self, row: usize, name: &str, value: &Value) {
        let place = self.by_name.get(name).copied().unwrap_or_else(|| {
            self.columns.push(ValueColumn { name: name.to_owned(), ..ValueColumn::default() });
            self.known.push(BTreeMap::new());
            self.by_name.insert(name.to_owned(), self.columns.len() - 1);
            self.columns.len() - 1
        });
        let column = &mut self.columns[place];
        let next = u32::try_from(column.values.len()).unwrap_or(NO_VALUE);
        let code = *self.known[place].entry(format!("{value:?}")).or_insert_with(|| {
            column.values.push(value.clone());
            next
        });
        put(&mut column.codes, row, NO_VALUE, code);
    }

    fn finish(self, rows: usize) -> Vec<ValueColumn> {
        let mut columns = self.columns;
        for column in &mut columns {
            fill(&mut column.codes, rows, NO_VALUE);
        }
        columns
    }
}

/// The number of a text, added where it is new.
fn number_of(known: &mut BTreeMap<String, u32>, texts: &mut Texts, text: &str) -> u32 {
    known.get(text).copied().unwrap_or_else(|| {
        let number = texts.push(text);
        known.insert(text.to_owned(), number);
        number
    })
}

fn put_time(column: &mut Vec<i64>, row: usize, time: Option<Timestamp>) {
    if let Some(time) = time {
        put(column, row, NO_TIME, nanos(time));
    }
}

/// Puts an item at a row; rows before it that have none get `none`.
fn put<T: Copy>(column: &mut Vec<T>, row: usize, none: T, item: T) {
    column.resize(row, none);
    column.push(item);
}

/// Makes a column that has any items as long as the table.
fn fill<T: Copy>(column: &mut Vec<T>, rows: usize, none: T) {
    if !column.is_empty() {
        column.resize(rows, none);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn log() -> Vec<CaseLog> {
        let mut first = Entry::new("A", "innlagt", Position(1), at(1));
        first.facts.insert("tvang".to_owned(), Value::Bool(true));
        first.received = Some(at(2));
        let mut second = Entry::new("A", "svar", Position(3), at(5));
        second.body = Some(BTreeMap::from([("svar".to_owned(), Value::text("true"))]));
        second.id = Some("m-1".to_owned());
        let mut other = Entry::new("B", "innlagt", Position(2), at(3));
        other.facts.insert("tvang".to_owned(), Value::text("true"));
        other.as_of = Some(at(9));
        vec![
            CaseLog { case: "A".to_owned(), entries: vec![first, second] },
            CaseLog { case: "B".to_owned(), entries: vec![other] },
        ]
    }

    #[test]
    fn columns_hold_what_the_entries_hold() {
        let log = log();
        let columns = Columns::of_cases(&log);
        assert_eq!(columns.len(), 3);
        assert_eq!(columns.case_log(0, [0, 1]), log[0]);
        assert_eq!(columns.case_log(1, [2]), log[1]);
    }

    #[test]
    fn a_column_that_no_entry_uses_is_empty_and_others_are_as_long_as_the_log() {
        let columns = Columns::of_cases(&log());
        assert!(columns.sent.is_empty() && columns.person.codes.is_empty());
        assert_eq!((columns.received.len(), columns.id.codes.len(), columns.body[0].codes.len()), (3, 3, 3));
        assert_eq!(columns.bodies, Bodies::Some(vec![false, true, false]));
    }

    #[test]
    fn a_word_and_a_yes_that_are_written_alike_stay_apart() {
        let columns = Columns::of_cases(&log());
        assert_eq!(columns.facts[0].values, [Value::Bool(true), Value::text("true")]);
    }

    #[test]
    fn times_past_the_reach_of_nanoseconds_become_the_nearest_that_fit() {
        assert_eq!(nanos(Timestamp::MAX), i64::MAX);
        assert_eq!(nanos(Timestamp::MIN), i64::MIN + 1);
        assert_eq!(instant(nanos(at(7))), at(7));
        for near in [
            "1677-09-21T00:12:43.145224194Z",
            "1969-12-31T23:59:59.999999999Z",
            "2262-04-11T23:47:16.854775807Z",
        ] {
            let near: Timestamp = near.parse().unwrap();
            assert_eq!(instant(nanos(near)), near);
            assert_eq!(i128::from(nanos(near)), near.as_nanosecond());
        }
    }

    #[test]
    fn without_a_column_of_places_rows_are_counted_from_one() {
        let mut columns = Columns::of_cases(&log());
        columns.position.clear();
        assert_eq!(columns.position_of(0), Position(1));
    }
}
