use std::borrow::Cow;

use samspill_base::{
    Columns, Entry,
    columns::{Bodies, NO_TIME, NO_VALUE, TextColumn, nanos},
};

use super::{
    ColumnsRead,
    dictionary::Dictionary,
    fields::{Fields, put},
    wanted::Wanted,
};
use crate::{
    Item, Place, ReadError, ReadTrouble,
    draft::{TextField, TimeField},
};

/// Columns of facts and body fields at the most: each costs four bytes a row, and logs have some tens.
const FIELDS_MAX: usize = 4096;

/// Columns that grow row by row, and what was wrong on the way.
#[derive(Debug)]
pub(crate) struct Table {
    wanted: Wanted,
    cases: Dictionary,
    kinds: Dictionary,
    case: Vec<u32>,
    kind: Vec<u32>,
    happened: Vec<i64>,
    /// Empty as long as the rows are in order, from 1.
    position: Vec<u64>,
    /// The other times, by [`TimeField`].
    times: [Vec<i64>; 6],
    texts: [GrowingText; 4],
    pub(crate) facts: Fields,
    pub(crate) body: Fields,
    bodies: Bodies,
    pub(crate) troubles: Vec<ReadTrouble>,
    /// How many cases the log itself has said to be complete.
    pub(crate) cases_ended: u64,
}

#[derive(Debug, Default)]
struct GrowingText {
    texts: Dictionary,
    codes: Vec<u32>,
}

impl Table {
    pub(crate) fn new(wanted: &Wanted) -> Self {
        Self {
            wanted: wanted.clone(),
            cases: Dictionary::default(),
            kinds: Dictionary::default(),
            case: Vec::new(),
            kind: Vec::new(),
            happened: Vec::new(),
            position: Vec::new(),
            times: Default::default(),
            texts: Default::default(),
            facts: Fields::new(wanted.facts.clone()),
            body: Fields::new(wanted.body.clone()),
            bodies: Bodies::None,
            troubles: Vec::new(),
            cases_ended: 0,
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.happened.len()
    }

    /// The number of a case.
    #[inline]
    pub(crate) fn case_number(&mut self, case: &str) -> u32 {
        self.cases.number_again(case)
    }

    /// The number of a kind.
    #[inline]
    pub(crate) fn kind_number(&mut self, kind: &str) -> u32 {
        self.kinds.number_in_turn(kind)
    }

    /// Begins a row; what else it holds is put at [`Table::rows`] before.
    #[inline]
    pub(crate) fn push(&mut self, case: u32, kind: u32, happened: i64, position: u64, body: Body) {
        let row = self.rows();
        self.case.push(case);
        self.kind.push(kind);
        self.happened.push(happened);
        if !self.position.is_empty() {
            self.position.push(position);
        } else if position != row as u64 + 1 {
            self.position = (1..=row as u64).chain([position]).collect();
        }
        self.push_body(row, body);
    }

    pub(crate) fn put_time(&mut self, field: TimeField, row: usize, nanos: i64) {
        if self.wanted.has_time(field) {
            put(&mut self.times[field as usize], row, NO_TIME, nanos);
        }
    }

    pub(crate) fn put_text(&mut self, field: TextField, row: usize, text: &str) {
        if self.wanted.has_text(field) {
            let column = &mut self.texts[field as usize];
            let number = column.texts.number(text);
            put(&mut column.codes, row, NO_VALUE, number);
        }
    }

    /// Adds an entry as the next row.
    pub(crate) fn push_entry(&mut self, entry: &Entry) {
        let row = self.rows();
        let (case, kind) = (self.case_number(&entry.case), self.kind_number(&entry.kind));
        for field in TimeField::ALL {
            if field != TimeField::At
                && let Some(at) = field.of(entry)
            {
                self.put_time(field, row, nanos(at));
            }
        }
        for field in TextField::ALL {
            if let Some(text) = field.of(entry) {
                self.put_text(field, row, text);
            }
        }
        for (name, value) in &entry.facts {
            self.facts.put(row, name, Cow::Borrowed(value));
        }
        for (name, value) in entry.body.iter().flatten() {
            self.body.put(row, name, Cow::Borrowed(value));
        }
        let body = if entry.body.is_some() { Body::There } else { Body::None };
        self.push(case, kind, nanos(entry.happened), entry.position.0, body);
    }

    /// Takes in what a reader gives.
    pub(crate) fn push_item(&mut self, item: Item) -> Result<(), ReadError> {
        self.take_item(item);
        self.check_size()
    }

    /// Takes in what a reader gives; whoever calls checks the size.
    pub(crate) fn take_item(&mut self, item: Item) {
        match item {
            Item::Entry(entry) => self.push_entry(&entry),
            Item::CaseEnd(_) => self.cases_ended += 1,
            Item::Trouble(trouble) => self.troubles.push(trouble),
        }
    }

    /// Refuses a log with more fields than a table can have columns.
    pub(crate) fn check_size(&self) -> Result<(), ReadError> {
        if self.facts.count() + self.body.count() <= FIELDS_MAX {
            return Ok(());
        }
        let message = format!("the log has more than {FIELDS_MAX} different fields: say which are wanted");
        Err(ReadError::TooLarge { message })
    }

    /// Adds the rows of another table at the end; in that one, lines were counted from `lines` too few.
    pub(crate) fn absorb(&mut self, other: Self, lines: u64) {
        let rows = self.rows();
        if rows == 0 && self.troubles.is_empty() && lines == 0 {
            *self = other;
            return;
        }
        self.cases.reserve(other.cases.texts().len());
        let cases: Vec<u32> = other.cases.texts().iter().map(|case| self.cases.number(case)).collect();
        let kinds: Vec<u32> = other.kinds.texts().iter().map(|kind| self.kinds.number(kind)).collect();
        self.case.extend(other.case.iter().map(|case| cases[*case as usize]));
        self.kind.extend(other.kind.iter().map(|kind| kinds[*kind as usize]));
        self.happened.extend_from_slice(&other.happened);
        self.absorb_positions(rows, &other, lines);
        self.absorb_bodies(rows, &other.bodies);
        for (times, others) in self.times.iter_mut().zip(other.times) {
            if !others.is_empty() {
                times.resize(rows, NO_TIME);
                times.extend(others);
            }
        }
        for (column, others) in self.texts.iter_mut().zip(other.texts) {
            column.absorb(rows, &others);
        }
        self.facts.absorb(rows, other.facts);
        self.body.absorb(rows, other.body);
        self.troubles.extend(other.troubles.into_iter().map(|trouble| {
            let place = Place { line: trouble.place.line + lines, ..trouble.place };
            ReadTrouble { place, ..trouble }
        }));
    }

    /// The columns.
    pub(crate) fn finish(self) -> ColumnsRead {
        let rows = self.rows();
        let [_, sent, received, acknowledged, recorded, as_of] = self.times.map(|mut times| {
            if !times.is_empty() {
                times.resize(rows, NO_TIME);
            }
            times
        });
        let [id, person, from, to] = self.texts.map(|column| column.finish(rows));
        let columns = Columns {
            cases: self.cases.into_texts(),
            kinds: self.kinds.into_texts(),
            case: self.case,
            kind: self.kind,
            happened: self.happened,
            sent,
            received,
            acknowledged,
            recorded,
            as_of,
            position: self.position,
            id,
            person,
            from,
            to,
            facts: self.facts.finish(rows),
            body: self.body.finish(rows),
            bodies: self.bodies,
        };
        ColumnsRead { columns, troubles: self.troubles, cases_ended: self.cases_ended }
    }

    #[inline]
    fn push_body(&mut self, row: usize, body: Body) {
        match (&mut self.bodies, body) {
            (Bodies::Some(have), _) => have.push(body == Body::There),
            (Bodies::All, Body::There) | (Bodies::None, Body::None) => {}
            (Bodies::None, Body::There) if row == 0 => self.bodies = Bodies::All,
            (Bodies::None, Body::There) => self.mix_bodies(row, false, true),
            (Bodies::All, Body::None) => self.mix_bodies(row, true, false),
        }
    }

    fn mix_bodies(&mut self, row: usize, before: bool, now: bool) {
        let mut have = vec![before; row];
        have.push(now);
        self.bodies = Bodies::Some(have);
    }

    fn absorb_positions(&mut self, rows: usize, other: &Self, lines: u64) {
        if self.position.is_empty() {
            self.position.extend(1..=rows as u64);
        }
        if other.position.is_empty() {
            self.position.extend((1..=other.rows() as u64).map(|position| position + lines));
        } else {
            self.position.extend(other.position.iter().map(|position| position + lines));
        }
    }

    fn absorb_bodies(&mut self, rows: usize, others: &Bodies) {
        for row in rows..self.rows() {
            let there = match others {
                Bodies::None => false,
                Bodies::All => true,
                Bodies::Some(have) => have[row - rows],
            };
            self.push_body(row, if there { Body::There } else { Body::None });
        }
    }
}

/// Whether an entry has a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    There,
}

impl GrowingText {
    fn absorb(&mut self, rows: usize, other: &Self) {
        if other.codes.is_empty() {
            return;
        }
        let numbers: Vec<u32> = other.texts.texts().iter().map(|text| self.texts.number(text)).collect();
        self.codes.resize(rows, NO_VALUE);
        let renumbered = |code: &u32| numbers.get(*code as usize).copied().unwrap_or(NO_VALUE);
        self.codes.extend(other.codes.iter().map(renumbered));
    }

    fn finish(mut self, rows: usize) -> TextColumn {
        if !self.codes.is_empty() {
            self.codes.resize(rows, NO_VALUE);
        }
        TextColumn { texts: self.texts.into_texts(), codes: self.codes }
    }
}
