use samspill_base::{CaseLog, Columns, Position};

/// The cases of a log in columns, in the order in which they end.
///
/// The entries of a case come in the order of their places in the log, whatever order the table's rows are in: the same
/// log gives the same answer.
#[derive(Debug)]
pub struct Cases<'c> {
    columns: &'c Columns,
    /// The rows, case by case.
    rows: Vec<u32>,
    /// Each case: where its rows start and end, and the place of its last entry.
    spans: Vec<(Position, u32, usize, usize)>,
}

/// A case of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCase {
    /// Its entries.
    pub log: CaseLog,
    /// The place of its last entry in the log.
    pub ends_at: Position,
}

impl<'c> Cases<'c> {
    /// Gathers the rows of each case.
    ///
    /// # Panics
    /// With 2³² rows or more: more than a table of one machine is read at a time.
    pub fn of(columns: &'c Columns) -> Self {
        let mut starts = vec![0_usize; columns.cases.len() + 1];
        for case in &columns.case {
            starts[*case as usize + 1] += 1;
        }
        for case in 0..columns.cases.len() {
            starts[case + 1] += starts[case];
        }
        let mut rows = vec![0_u32; columns.len()];
        let mut next = starts.clone();
        for (row, case) in (0_u32..).zip(&columns.case) {
            let place = &mut next[*case as usize];
            rows[*place] = row;
            *place += 1;
        }
        assert!(u32::try_from(columns.len()).is_ok(), "fewer rows than 2^32");
        let mut spans = Vec::with_capacity(columns.cases.len());
        for (case, span) in (0_u32..).zip(starts.windows(2)) {
            let own = &mut rows[span[0]..span[1]];
            own.sort_by_key(|row| columns.position_of(*row as usize));
            let last = own.last().map_or(Position(0), |row| columns.position_of(*row as usize));
            spans.push((last, case, span[0], span[1]));
        }
        spans.sort_unstable();
        Self { columns, rows, spans }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The case of this number in their order, from 0.
    ///
    /// # Panics
    /// Where there is no such case.
    pub fn get(&self, number: usize) -> TableCase {
        let (ends_at, case, start, end) = self.spans[number];
        let rows = self.rows[start..end].iter().map(|row| *row as usize);
        TableCase { log: self.columns.case_log(case, rows), ends_at }
    }

    /// The case of this name.
    pub fn named(&self, name: &str) -> Option<TableCase> {
        let is_it = |(_, case, _, _): &(Position, u32, usize, usize)| self.columns.cases.get(*case) == name;
        self.spans.iter().position(is_it).map(|number| self.get(number))
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = TableCase> {
        (0..self.len()).map(|number| self.get(number))
    }
}
