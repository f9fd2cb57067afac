use super::{
    csv_plan::{CsvPlan, Kind},
    fields::Reading,
    instants::Instants,
    marks::Marks,
    table::{Body, Table},
};
use crate::{CsvReader, draft::TimeField, row::Row, times::table_instant};

/// Reads rows of a table from bytes in memory.
#[derive(Debug)]
pub(crate) struct RowReader<'p> {
    plan: &'p CsvPlan,
    table: Table,
    instants: Instants,
    /// The cells of the row that is being read, without their quotes.
    spans: Vec<Span>,
    row: Row,
    /// Lines read so far.
    lines: u64,
    kind_constant: Option<u32>,
    fact_columns: Vec<usize>,
    body_columns: Vec<usize>,
    times: Vec<(TimeField, i64)>,
}

/// What comes after the bytes that a reader is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing: a last row needs no line break.
    End,
    /// Perhaps more of the last row.
    Unknown,
}

/// Where a reader stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// At the end of the bytes.
    Done,
    /// Before a row that starts here and may go on after the bytes.
    NeedsMore(usize),
    /// Before a row that starts here, whose quotes or size only [`CsvReader`] knows how to deal with.
    Broken(usize),
}

/// Where a cell stands in the bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: usize,
    end: usize,
}

/// A row whose end has been found.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// The byte after its line break.
    end: usize,
    lines: u64,
    cells: usize,
    quoting: Quoting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    Plain,
    /// Two quotes stand for one in a cell.
    Doubled,
}

impl Quoting {
    /// Doubled where either is.
    #[inline]
    fn or(self, other: Self) -> Self {
        if self == Self::Doubled { self } else { other }
    }
}

/// A cell in quotes whose end has been found.
struct QuotedCell<'b> {
    span: Span,
    end: CellEnd,
    /// Line breaks in it.
    lines: u64,
    quoting: Quoting,
    /// The marks after it.
    marks: Marks<'b>,
}

/// Where a cell ends.
enum CellEnd {
    Delimiter(usize),
    Row(usize),
}

impl<'p> RowReader<'p> {
    /// So many lines have been read before.
    pub(crate) fn new(plan: &'p CsvPlan, lines: u64) -> Self {
        let mut table = Table::new(&plan.wanted);
        let cells = &plan.cells;
        let fact_columns = cells.facts.iter().filter_map(|(_, name)| table.facts.column(name)).collect();
        let body_columns = cells.body.iter().filter_map(|(_, name)| table.body.column(name)).collect();
        Self {
            plan,
            table,
            instants: Instants::new(plan.header.zone.clone()),
            spans: vec![Span::default(); plan.header.targets.len()],
            row: Row::default(),
            lines,
            kind_constant: None,
            fact_columns,
            body_columns,
            times: Vec::new(),
        }
    }

    /// What was read, and how many lines.
    pub(crate) fn into_table(self) -> (Table, u64) {
        (self.table, self.lines)
    }

    /// Reads all whole rows of `bytes`, which begin with one.
    pub(crate) fn read(&mut self, bytes: &[u8], tail: Tail) -> Stop {
        let text = valid_text(bytes);
        let mut marks = Marks::new(bytes, [self.plan.header.delimiter, b'\n', b'"']);
        let mut start = 0;
        while start < bytes.len() {
            let (found, rest) = match self.find_row(bytes, start, marks, tail) {
                Ok(found) => found,
                Err(stop) => return stop,
            };
            marks = rest;
            let limits = &self.plan.header.limits;
            if found.end - start > limits.line_bytes_max || found.cells > limits.fields_max {
                return Stop::Broken(start);
            }
            let plain = match text.get(..found.end) {
                Some(text) => self.take_row(text, start, found),
                None => std::str::from_utf8(&bytes[start..found.end])
                    .is_ok_and(|record| self.take_odd_row(record, start, found)),
            };
            if !plain {
                self.read_as_ever(&bytes[start..found.end]);
            }
            self.lines += found.lines;
            start = found.end;
        }
        Stop::Done
    }

    /// Finds the cells of the row that starts here, and its end.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for every cell: with a call, reading takes half as long again")]
    fn find_row<'b>(
        &mut self,
        bytes: &[u8],
        start: usize,
        mut marks: Marks<'b>,
        tail: Tail,
    ) -> Result<(Found, Marks<'b>), Stop> {
        let delimiter = self.plan.header.delimiter;
        let (mut cell, mut cells, mut lines, mut quoting) = (start, 0, 1, Quoting::Plain);
        loop {
            let (at, rest) = marks.next();
            marks = rest;
            let byte = bytes.get(at).copied();
            if byte == Some(delimiter) {
                self.put_span(cells, Span { start: cell, end: at });
                (cell, cells) = (at + 1, cells + 1);
                continue;
            }
            let last = |next| (Span { start: cell, end: end_of_line(bytes, cell, at) }, CellEnd::Row(next));
            let (span, end) = match byte {
                Some(b'\n') => last(at + 1),
                Some(_) if at > cell => continue,
                Some(_) => {
                    let quoted = self.quoted(bytes, start, at, marks, tail)?;
                    marks = quoted.marks;
                    lines += quoted.lines;
                    quoting = quoting.or(quoted.quoting);
                    (quoted.span, quoted.end)
                }
                None if tail == Tail::Unknown => return Err(self.unfinished(bytes, start)),
                None => last(at),
            };
            self.put_span(cells, span);
            cells += 1;
            match end {
                CellEnd::Delimiter(next) => cell = next,
                CellEnd::Row(end) => return Ok((Found { end, lines, cells, quoting }, marks)),
            }
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for every cell: with a call, reading takes half as long again")]
    fn put_span(&mut self, cell: usize, span: Span) {
        if let Some(place) = self.spans.get_mut(cell) {
            *place = span;
        }
    }

    /// Finds the end of a cell whose opening quote stands at `open`.
    fn quoted<'b>(
        &self,
        bytes: &[u8],
        start: usize,
        open: usize,
        mut marks: Marks<'b>,
        tail: Tail,
    ) -> Result<QuotedCell<'b>, Stop> {
        let delimiter = self.plan.header.delimiter;
        let (mut lines, mut quoting) = (0, Quoting::Plain);
        loop {
            let (at, rest) = marks.next();
            marks = rest;
            match bytes.get(at) {
                Some(b'"') => {}
                Some(byte) => {
                    lines += u64::from(*byte == b'\n');
                    continue;
                }
                None if tail == Tail::Unknown => return Err(self.unfinished(bytes, start)),
                None => return Err(Stop::Broken(start)),
            }
            let end = match &bytes[at + 1..] {
                [b'"', ..] => {
                    (_, marks) = marks.next();
                    quoting = Quoting::Doubled;
                    continue;
                }
                [] | [b'\r'] if tail == Tail::Unknown => return Err(self.unfinished(bytes, start)),
                [] | [b'\r'] => CellEnd::Row(bytes.len()),
                [byte, ..] if *byte == delimiter => CellEnd::Delimiter(at + 2),
                [b'\n', ..] => CellEnd::Row(at + 2),
                [b'\r', b'\n', ..] => CellEnd::Row(at + 3),
                [_, ..] => return Err(Stop::Broken(start)),
            };
            // The mark of what ends the cell, if there is one.
            let (_, marks) = marks.next();
            return Ok(QuotedCell { span: Span { start: open + 1, end: at }, end, lines, quoting, marks });
        }
    }

    /// A row that isn't whole waits for more, but not for ever.
    fn unfinished(&self, bytes: &[u8], start: usize) -> Stop {
        let too_long = bytes.len() - start > self.plan.header.limits.line_bytes_max;
        if too_long { Stop::Broken(start) } else { Stop::NeedsMore(start) }
    }

    /// Takes a row into the table if nothing about it is unusual; otherwise leaves the table as it is and says no.
    ///
    /// The places of its cells are places in `text`, whose end the row ends.
    #[inline]
    fn take_row(&mut self, text: &str, start: usize, found: Found) -> bool {
        if found.cells != self.spans.len() || found.quoting == Quoting::Doubled {
            return self.take_odd_row(&text[start..], start, found);
        }
        let spans = std::mem::take(&mut self.spans);
        let taken = self.take_cells(|cell| spans.get(cell).map_or("", |span| &text[span.start..span.end]));
        self.spans = spans;
        taken
    }

    /// Takes a row that may have another number of cells, and quotes in them.
    #[cold]
    fn take_odd_row(&mut self, record: &str, start: usize, found: Found) -> bool {
        if found.cells != self.spans.len() {
            return found.cells == 1 && record.bytes().all(|byte| byte.is_ascii_whitespace());
        }
        if found.quoting == Quoting::Plain {
            let spans = std::mem::take(&mut self.spans);
            let taken = self.take_cells(|cell| &record[spans[cell].start - start..spans[cell].end - start]);
            self.spans = spans;
            return taken;
        }
        let (delimiter, cells_max) = (self.plan.header.delimiter, self.plan.header.limits.fields_max);
        let mut row = std::mem::take(&mut self.row);
        let taken = row.read(record.as_bytes(), delimiter, cells_max).is_ok()
            && self.take_cells(|cell| row.cell(cell));
        self.row = row;
        taken
    }

    #[inline]
    fn take_cells<'c>(&mut self, cell: impl Fn(usize) -> &'c str) -> bool {
        let plan = self.plan;
        let cells = &plan.cells;
        let case = cell(cells.case);
        let kind = match &cells.kind {
            Kind::Cell(kind) => Some(cell(*kind)),
            Kind::Constant(_) => None,
        };
        if is_blank(case) || kind.is_some_and(is_blank) {
            return false;
        }
        let Some(happened) = self.instant(cell(cells.happened)) else { return false };
        self.times.clear();
        for (index, field) in &cells.times {
            let written = cell(*index);
            if !written.is_empty() {
                let Some(at) = self.instant(written) else { return false };
                self.times.push((*field, at));
            }
        }
        let case = self.table.case_number(case);
        let kind = match kind {
            Some(kind) => self.table.kind_number(kind),
            None => self.constant_kind(),
        };
        self.put_row(case, kind, happened, cell);
        true
    }

    #[inline]
    fn put_row<'c>(&mut self, case: u32, kind: u32, happened: i64, cell: impl Fn(usize) -> &'c str) {
        let cells = &self.plan.cells;
        let row = self.table.rows();
        for (field, at) in &self.times {
            self.table.put_time(*field, row, *at);
        }
        for (index, field) in &cells.texts {
            let text = cell(*index);
            if !text.is_empty() {
                self.table.put_text(*field, row, text);
            }
        }
        for ((index, _), column) in cells.facts.iter().zip(&self.fact_columns) {
            let text = cell(*index);
            if !text.is_empty() {
                self.table.facts.put_text(*column, row, Reading::Cell, text);
            }
        }
        let mut body = Body::None;
        for ((index, _), column) in cells.body.iter().zip(&self.body_columns) {
            let text = cell(*index);
            if !text.is_empty() {
                self.table.body.put_text(*column, row, Reading::Cell, text);
                body = Body::There;
            }
        }
        if body == Body::None && cells.unwanted_body.iter().any(|index| !cell(*index).is_empty()) {
            body = Body::There;
        }
        self.table.push(case, kind, happened, self.lines + 1, body);
    }

    /// The instant of a cell; `None` if it isn't one, which is said elsewhere.
    #[inline]
    fn instant(&mut self, text: &str) -> Option<i64> {
        self.instants.read(text.as_bytes()).or_else(|| {
            let instant = table_instant(text, &self.plan.header.zone).ok()?;
            Some(samspill_base::columns::nanos(instant))
        })
    }

    fn constant_kind(&mut self) -> u32 {
        let Kind::Constant(kind) = &self.plan.cells.kind else { return 0 };
        *self.kind_constant.get_or_insert_with(|| self.table.kind_number(kind))
    }

    /// Reads a row as the reader of entries does, which has the words for what is wrong with it.
    #[cold]
    fn read_as_ever(&mut self, record: &[u8]) {
        for item in CsvReader::resumed(record, &self.plan.header, self.lines, 0).flatten() {
            self.table.take_item(item);
        }
    }
}

/// The text up to the first byte that isn't UTF-8.
fn valid_text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// Where a cell ends that its line break ends.
fn end_of_line(bytes: &[u8], cell: usize, at: usize) -> usize {
    if at > cell && bytes[at - 1] == b'\r' { at - 1 } else { at }
}

#[inline]
fn is_blank(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'!'..=b'~') => false,
        Some(_) => text.trim().is_empty(),
        None => true,
    }
}
