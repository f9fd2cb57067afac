use std::collections::BTreeMap;

use samspill_base::{Entry, Value};

use crate::{
    Fineness,
    places::{OTHER_TIMES, TEXTS},
};

/// What a log holds: which columns its table needs, and of which types. Every entry is seen before the first is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    pub(crate) other_times: [bool; OTHER_TIMES.len()],
    pub(crate) texts: [bool; TEXTS.len()],
    pub(crate) facts: Named,
    pub(crate) body: Named,
    /// Whether a time is finer than a microsecond.
    finer: bool,
}

/// Facts or fields of bodies, and whether some of what is said needs JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) columns: BTreeMap<String, Sort>,
    /// A body that says nothing is not the same as no body.
    pub(crate) empty: bool,
}

/// What the values of a column have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Bool,
    Whole,
    /// Numbers with at most so many digits after the point.
    Decimal(u8),
    Text,
    /// Nothing, or lists, or maps: they are written as JSON.
    Json,
}

impl Shape {
    /// Takes an entry into account.
    pub fn see(&mut self, entry: &Entry) {
        let times = other_times(entry);
        for (has, time) in self.other_times.iter_mut().zip(times) {
            *has |= time.is_some();
        }
        let all = times.into_iter().flatten().chain([entry.happened]);
        self.finer |= all.into_iter().any(|at| at.as_nanosecond() % 1000 != 0);
        for (has, text) in self.texts.iter_mut().zip(texts(entry)) {
            *has |= text.is_some();
        }
        self.facts.see(&entry.facts);
        if let Some(body) = &entry.body {
            self.body.see(body);
            self.body.empty |= body.is_empty();
        }
    }

    /// Microseconds, which every engine reads, unless the log is finer.
    pub(crate) fn fineness(&self) -> Fineness {
        if self.finer { Fineness::Nanoseconds } else { Fineness::Microseconds }
    }
}

impl Named {
    fn see(&mut self, values: &BTreeMap<String, Value>) {
        for (name, value) in values {
            let sort = if name.is_empty() { Sort::Json } else { Sort::of(value) };
            match self.columns.get_mut(name) {
                Some(known) => *known = known.with(sort),
                None => {
                    self.columns.insert(name.clone(), sort);
                }
            }
        }
    }

    /// Whether there must be a column of JSON.
    pub(crate) fn needs_json(&self) -> bool {
        self.empty || self.columns.values().any(|sort| *sort == Sort::Json)
    }

    /// The columns that hold one fact or field each.
    pub(crate) fn typed(&self) -> impl Iterator<Item = (&String, Sort)> {
        self.columns.iter().map(|(name, sort)| (name, *sort)).filter(|(_, sort)| *sort != Sort::Json)
    }
}

impl Sort {
    fn of(value: &Value) -> Self {
        match value {
            Value::Bool(_) => Self::Bool,
            Value::Number(number) if number.as_whole().is_some() => Self::Whole,
            Value::Number(number) => Self::Decimal(digits_after_point(&number.to_string())),
            Value::Text(_) => Self::Text,
            Value::Empty | Value::List(_) | Value::Map(_) => Self::Json,
        }
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Decimal(one), Self::Decimal(other)) => Self::Decimal(one.max(other)),
            (Self::Whole, Self::Decimal(digits)) | (Self::Decimal(digits), Self::Whole) => {
                Self::Decimal(digits)
            }
            (_, _) => Self::Json,
        }
    }
}

/// The times of an entry, in the order of [`OTHER_TIMES`].
pub(crate) fn other_times(entry: &Entry) -> [Option<jiff::Timestamp>; OTHER_TIMES.len()] {
    [entry.sent, entry.received, entry.acknowledged, entry.recorded, entry.as_of]
}

/// The texts of an entry, in the order of [`TEXTS`].
pub(crate) fn texts(entry: &Entry) -> [Option<&str>; TEXTS.len()] {
    [entry.id.as_deref(), entry.person.as_deref(), entry.from.as_deref(), entry.to.as_deref()]
}

fn digits_after_point(number: &str) -> u8 {
    number.split_once('.').map_or(0, |(_, part)| u8::try_from(part.len()).unwrap_or(u8::MAX))
}
