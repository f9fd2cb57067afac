//! The shapes that the same logs can have as columns.

use proptest::{prelude::*, sample::select};
use samspill_base::{CaseLog, Columns, Entry, columns::Builder};

use crate::logs::Reading;

/// How the rows of a log lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The cases among each other, each entry at the place that it has in its case.
    Apart,
    /// The same, without a column of places: rows are counted.
    ApartUncounted,
    /// One case after another.
    Together,
    /// The same, without a column of places.
    TogetherUncounted,
    /// One case after another, the last entry of each first: the places run against the rows.
    Backwards,
}

const SHAPES: [Shape; 5] =
    [Shape::Apart, Shape::Together, Shape::TogetherUncounted, Shape::ApartUncounted, Shape::Backwards];

/// Any shape.
pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    select(&SHAPES[..])
}

impl Shape {
    /// These logs as columns.
    pub(crate) fn columns(self, readings: &[Reading]) -> Columns {
        let mut rows = Builder::default();
        self.rows(readings).into_iter().for_each(|entry| rows.push(entry));
        let mut columns = rows.finish();
        if self.is_uncounted() {
            columns.position.clear();
        }
        columns
    }

    fn is_uncounted(self) -> bool {
        matches!(self, Self::ApartUncounted | Self::TogetherUncounted)
    }

    fn rows(self, readings: &[Reading]) -> Vec<&Entry> {
        let entries = || readings.iter().map(|reading| &reading.log.entries);
        match self {
            Self::Apart | Self::ApartUncounted => {
                let longest = entries().map(Vec::len).max().unwrap_or(0);
                (0..longest).flat_map(|row| entries().filter_map(move |entries| entries.get(row))).collect()
            }
            Self::Together | Self::TogetherUncounted => entries().flatten().collect(),
            Self::Backwards => entries().flat_map(|entries| entries.iter().rev()).collect(),
        }
    }

    /// The log of a case of these columns, which grew from this reading.
    pub(crate) fn log(self, columns: &Columns, case: usize, reading: &Reading) -> CaseLog {
        if self == Self::Apart {
            return reading.log.clone();
        }
        let case = u32::try_from(case).expect("few");
        let rows = (0..columns.len()).filter(|row| columns.case[*row] == case);
        columns.case_log(case, rows)
    }
}
