//! Which rows of a log are which case's.

use std::ops::Range;

use samspill_base::Columns;

/// The rows of each case, in the order of the log.
#[derive(Debug)]
pub(crate) struct Rows {
    /// The rows, one case after another; empty where the log itself keeps the cases together and in order.
    rows: Vec<u32>,
    /// Where each case begins, and one more: the end of the last.
    starts: Vec<u32>,
}

/// The rows of a case.
#[derive(Clone, Debug)]
pub(crate) enum CaseRows<'r> {
    /// One after another.
    Together(Range<usize>),
    /// Anywhere in the log.
    Apart(&'r [u32]),
}

impl Rows {
    /// Counts, and then puts each row in its place, unless it is there already: any order of arrival, in two passes.
    ///
    /// # Panics
    /// With more than [`u32::MAX`] rows: such a log is read in parts.
    pub(crate) fn of(columns: &Columns) -> Self {
        assert!(u32::try_from(columns.len()).is_ok(), "at most {} rows at once", u32::MAX);
        if columns.case.is_sorted() {
            return Self { rows: Vec::new(), starts: starts_of_sorted(columns) };
        }
        let mut starts = vec![0_u32; columns.cases.len() + 1];
        for case in &columns.case {
            starts[*case as usize + 1] += 1;
        }
        for case in 1..starts.len() {
            starts[case] += starts[case - 1];
        }
        let rows = put_together(columns, &starts);
        Self { rows, starts }
    }

    /// How many cases there are.
    pub(crate) fn cases(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn of_case(&self, case: usize) -> CaseRows<'_> {
        let span = self.starts[case] as usize..self.starts[case + 1] as usize;
        if self.rows.is_empty() { CaseRows::Together(span) } else { CaseRows::Apart(&self.rows[span]) }
    }
}

/// Where each case begins, where rows stand in the order of cases: of each case the last row is written last.
fn starts_of_sorted(columns: &Columns) -> Vec<u32> {
    let mut starts = vec![0; columns.cases.len() + 1];
    for (end, case) in (1..).zip(&columns.case) {
        starts[*case as usize + 1] = end;
    }
    // A case without rows begins and ends where the one before ends.
    let mut last = 0;
    for start in &mut starts {
        last = last.max(*start);
        *start = last;
    }
    starts
}

fn put_together(columns: &Columns, starts: &[u32]) -> Vec<u32> {
    let mut next = starts.to_vec();
    let mut rows = vec![0; columns.case.len()];
    for (row, case) in (0..).zip(&columns.case) {
        let place = &mut next[*case as usize];
        rows[*place as usize] = row;
        *place += 1;
    }
    rows
}

impl CaseRows<'_> {
    /// The first rows alone.
    pub(crate) fn first(&self, count: usize) -> Self {
        match self {
            Self::Together(rows) => Self::Together(rows.start..rows.start + count),
            Self::Apart(rows) => Self::Apart(&rows[..count]),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Together(rows) => rows.len(),
            Self::Apart(rows) => rows.len(),
        }
    }

    /// The row of an entry of the case, by its number.
    #[inline]
    pub(crate) fn row(&self, entry: usize) -> usize {
        match self {
            Self::Together(rows) => rows.start + entry,
            Self::Apart(rows) => rows[entry] as usize,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).map(|entry| self.row(entry))
    }
}
