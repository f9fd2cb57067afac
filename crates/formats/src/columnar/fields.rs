use std::{borrow::Cow, collections::BTreeMap};

use samspill_base::{
    Value,
    columns::{NO_VALUE, ValueColumn},
};

use super::{dictionary::Dictionary, wanted::Names};
use crate::{csv::cell_value, json, xes_tokens::Kind};

/// The columns of facts or of body fields, while they grow.
#[derive(Debug)]
pub(crate) struct Fields {
    wanted: Names,
    columns: Vec<Growing>,
    by_name: BTreeMap<String, usize>,
}

/// How the text of a value is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It is text.
    Text,
    /// The cell of a table: yes or no, a number, or text.
    Cell,
    /// A number of XES.
    Number,
    /// Yes or no of XES.
    Boolean,
}

/// A column that grows.
#[derive(Debug, Default)]
struct Growing {
    name: String,
    values: Vec<Value>,
    codes: Vec<u32>,
    /// Values that are text, and the number of each among the values.
    texts: Coded,
    /// Texts that had to be understood first, by how they were.
    understood: [Coded; 3],
    /// Values that aren't text, by how Rust writes them: two that look alike can be of two types.
    others: BTreeMap<String, u32>,
}

#[derive(Debug, Default)]
struct Coded {
    texts: Dictionary,
    codes: Vec<u32>,
}

impl Fields {
    pub(crate) fn new(wanted: Names) -> Self {
        Self { wanted, columns: Vec::new(), by_name: BTreeMap::new() }
    }

    /// The column of this name, made where there is none; `None` if it isn't wanted.
    pub(crate) fn column(&mut self, name: &str) -> Option<usize> {
        if !self.wanted.has(name) {
            return None;
        }
        Some(self.by_name.get(name).copied().unwrap_or_else(|| {
            self.columns.push(Growing { name: name.to_owned(), ..Growing::default() });
            self.by_name.insert(name.to_owned(), self.columns.len() - 1);
            self.columns.len() - 1
        }))
    }

    /// How many columns there are.
    pub(crate) fn count(&self) -> usize {
        self.columns.len()
    }

    /// Puts a value, as it is written, into a column.
    pub(crate) fn put_text(&mut self, column: usize, row: usize, reading: Reading, text: &str) {
        self.columns[column].put_text(row, reading, text);
    }

    /// Puts a value into the column of this name, if it is wanted.
    pub(crate) fn put(&mut self, row: usize, name: &str, value: Cow<'_, Value>) {
        if let Some(column) = self.column(name) {
            let code = self.columns[column].code(value);
            put(&mut self.columns[column].codes, row, NO_VALUE, code);
        }
    }

    /// Whether a column has a value at this row, which is the last one so far.
    pub(crate) fn has(&self, column: usize, row: usize) -> bool {
        self.columns[column].codes.len() > row
    }

    /// Adds the rows of `other` after the first `rows`.
    pub(crate) fn absorb(&mut self, rows: usize, other: Self) {
        for growing in other.columns {
            if let Some(column) = self.column(&growing.name) {
                self.columns[column].absorb(rows, growing);
            }
        }
    }

    /// The columns, as long as the table; those without a value are left out.
    pub(crate) fn finish(self, rows: usize) -> Vec<ValueColumn> {
        let with_values = self.columns.into_iter().filter(|column| !column.values.is_empty());
        with_values.map(|column| column.finish(rows)).collect()
    }
}

impl Reading {
    pub(crate) fn understand(self, text: &str) -> Value {
        match self {
            Self::Text => Value::text(text),
            Self::Cell => cell_value(text),
            Self::Number => json::number(text.trim()),
            Self::Boolean => Kind::Boolean.value(text.into()),
        }
    }

    /// Whether the text is its own value: told by its first character, where that can be.
    fn is_text(self, text: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Number | Self::Boolean => false,
            Self::Cell => match text.as_bytes().first() {
                Some(b'0'..=b'9' | b'-' | b'.') | None => false,
                Some(b't' | b'f') => !matches!(text, "true" | "false"),
                Some(_) => true,
            },
        }
    }
}

impl Growing {
    fn put_text(&mut self, row: usize, reading: Reading, text: &str) {
        let code =
            if reading.is_text(text) { self.code_of_text(text) } else { self.code_understood(reading, text) };
        put(&mut self.codes, row, NO_VALUE, code);
    }

    fn code(&mut self, value: Cow<'_, Value>) -> u32 {
        if let Value::Text(text) = &*value {
            return self.code_of_text(text);
        }
        let key = format!("{value:?}");
        let next = next_code(&self.values);
        *self.others.entry(key).or_insert_with(|| {
            self.values.push(value.into_owned());
            next
        })
    }

    fn code_of_text(&mut self, text: &str) -> u32 {
        let number = self.texts.texts.number(text) as usize;
        if number == self.texts.codes.len() {
            self.texts.codes.push(next_code(&self.values));
            self.values.push(Value::text(text));
        }
        self.texts.codes[number]
    }

    fn code_understood(&mut self, reading: Reading, text: &str) -> u32 {
        let place = reading as usize - Reading::Cell as usize;
        let known = &mut self.understood[place];
        let number = known.texts.number(text) as usize;
        if number == known.codes.len() {
            let code = self.code(Cow::Owned(reading.understand(text)));
            self.understood[place].codes.push(code);
            return code;
        }
        known.codes[number]
    }

    fn absorb(&mut self, rows: usize, other: Self) {
        let codes: Vec<u32> = other.values.into_iter().map(|value| self.code(Cow::Owned(value))).collect();
        if other.codes.is_empty() {
            return;
        }
        self.codes.resize(rows, NO_VALUE);
        let renumbered = |code: &u32| codes.get(*code as usize).copied().unwrap_or(NO_VALUE);
        self.codes.extend(other.codes.iter().map(renumbered));
    }

    fn finish(mut self, rows: usize) -> ValueColumn {
        self.codes.resize(rows, NO_VALUE);
        ValueColumn { name: self.name, values: self.values, codes: self.codes }
    }
}

fn next_code(values: &[Value]) -> u32 {
    u32::try_from(values.len()).unwrap_or(NO_VALUE)
}

/// Puts an item at a row; rows before it that have none get `none`.
pub(crate) fn put<T: Copy>(column: &mut Vec<T>, row: usize, none: T, item: T) {
    if column.len() < row {
        column.resize(row, none);
    }
    column.truncate(row);
    column.push(item);
}
