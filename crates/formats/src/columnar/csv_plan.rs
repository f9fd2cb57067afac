use std::ops::Range;

use super::{
    ColumnsRead,
    csv_merge::{CsvChunk, merged},
    csv_rows::{RowReader, Stop, Tail},
    table::Table,
    wanted::Wanted,
};
use crate::{
    CsvReader, Place, ReadError, ReadOptions,
    columns::Target,
    csv::TableHeader,
    draft::{TextField, TimeField},
    item::PastLimit,
};

/// How a table is read into columns, known when its header row has been read.
///
/// A table in memory is read in parts, which threads may share: [`split`](Self::split) it, read each part with
/// [`read_chunk`](Self::read_chunk), and [`merge`](Self::merge) what comes of them. The outcome doesn't depend on
/// where it was split.
///
/// # A table in two parts
/// ```
/// # use samspill_formats::{CsvPlan, ReadOptions, Wanted};
/// let table = b"case,kind,at\nA,x,2024-01-01T08:00Z\nB,y,2024-01-02T08:00Z\n";
/// let options = ReadOptions::new(jiff::tz::TimeZone::UTC);
/// let plan = CsvPlan::new(table, &options, &Wanted::all())?.ok_or("no header row")?;
/// let ranges = plan.split(table, 2);
/// let chunks = ranges.into_iter().map(|range| plan.read_chunk(table, range)).collect();
/// assert_eq!(plan.merge(table, chunks)?.columns.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CsvPlan {
    pub(crate) header: TableHeader,
    pub(crate) cells: Cells,
    pub(crate) wanted: Wanted,
    /// Lines and bytes of the header, and of blank lines before it.
    pub(crate) lines: u64,
    pub(crate) bytes: usize,
}

/// Which cell of a row is what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    pub(crate) case: usize,
    pub(crate) kind: Kind,
    pub(crate) happened: usize,
    pub(crate) times: Vec<(usize, TimeField)>,
    pub(crate) texts: Vec<(usize, TextField)>,
    pub(crate) facts: Vec<(usize, String)>,
    pub(crate) body: Vec<(usize, String)>,
    /// Cells of the body that aren't wanted.
    pub(crate) unwanted_body: Vec<usize>,
}

/// Where the kind of a row stands.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Cell(usize),
    Constant(String),
}

impl Default for Kind {
    fn default() -> Self {
        Self::Constant(String::new())
    }
}

impl CsvPlan {
    /// Reads the header row, with which `table` begins: the whole table, or so much that the header is in it.
    ///
    /// `None` where there is no header row: then the table says nothing.
    ///
    /// # Errors
    /// As [`CsvReader`] with its first item.
    pub fn new(table: &[u8], options: &ReadOptions, wanted: &Wanted) -> Result<Option<Self>, ReadError> {
        let (map, zone, limits) = (options.columns.clone(), options.zone.clone(), options.limits.clone());
        let header = CsvReader::new(table, map, zone, limits).header()?;
        Ok(header.map(|(header, _, lines, bytes)| {
            Self::of_header(header, wanted, lines, usize::try_from(bytes).unwrap_or(usize::MAX))
        }))
    }

    pub(crate) fn of_header(header: TableHeader, wanted: &Wanted, lines: u64, bytes: usize) -> Self {
        let cells = Cells::new(&header, wanted);
        Self { header, cells, wanted: wanted.clone(), lines, bytes }
    }

    /// Where the rows begin.
    pub fn rows_start(&self) -> usize {
        self.bytes
    }

    /// Ranges of `table` that part its rows into at most `parts` parts of about the same size.
    ///
    /// Line breaks in quotes part nothing. After a quote that is out of place there are no more parts.
    pub fn split(&self, table: &[u8], parts: usize) -> Vec<Range<usize>> {
        let rows = self.bytes.min(table.len())..table.len();
        let mut ends = row_ends(&table[rows.clone()], self.header.delimiter, parts.max(1));
        ends.push(rows.len());
        let mut start = rows.start;
        let mut ranges = Vec::new();
        for end in ends {
            if rows.start + end > start {
                ranges.push(start..rows.start + end);
                start = rows.start + end;
            }
        }
        ranges
    }

    /// Reads one of the parts that `table` was split into.
    ///
    /// # Panics
    /// With a range that isn't one of `table`.
    pub fn read_chunk(&self, table: &[u8], range: Range<usize>) -> CsvChunk {
        let mut rows = RowReader::new(self, CsvChunk::FIRST_LINE);
        let stop = rows.read(&table[range.clone()], Tail::End);
        let (table, lines) = rows.into_table();
        let whole = match stop {
            Stop::Done => range.len(),
            Stop::NeedsMore(at) | Stop::Broken(at) => at,
        };
        CsvChunk { table, lines: lines - CsvChunk::FIRST_LINE, whole, range }
    }

    /// Puts what was read of the parts together, in order, with one numbering of cases, kinds and values.
    ///
    /// What the parts couldn't make sense of alone (a quote that isn't closed, a row past the limits, parts that
    /// aren't from [`split`](Self::split)) is read here, from there to the end, one row after the other.
    ///
    /// # Errors
    /// As [`CsvReader`] when it reads the whole table.
    pub fn merge(&self, table: &[u8], chunks: Vec<CsvChunk>) -> Result<ColumnsRead, ReadError> {
        self.check_size(table.len() as u64)?;
        merged(self, table, chunks)
    }

    pub(crate) fn check_size(&self, bytes: u64) -> Result<(), ReadError> {
        let bytes_max = self.header.limits.file_bytes_max;
        if bytes > bytes_max {
            return Err(ReadError::from_io(Place::START, PastLimit::File(bytes_max).into()));
        }
        Ok(())
    }

    /// Reads the rest of a table row by row into `into`; so many lines and bytes were read before.
    pub(crate) fn read_rest(
        &self,
        rest: impl std::io::BufRead,
        lines: u64,
        bytes: u64,
        into: &mut Table,
    ) -> Result<(), ReadError> {
        CsvReader::resumed(rest, &self.header, lines, bytes).try_for_each(|item| into.push_item(item?))
    }
}

impl Cells {
    fn new(header: &TableHeader, wanted: &Wanted) -> Self {
        let mut cells = Self::default();
        if let Some(kind) = header.kind_constant() {
            cells.kind = Kind::Constant(kind.to_owned());
        }
        for (index, target) in header.targets.iter().enumerate() {
            match target {
                None => {}
                Some(Target::Case) => cells.case = index,
                Some(Target::Kind) => cells.kind = Kind::Cell(index),
                Some(Target::Time(field)) => match TimeField::ALL[usize::from(*field)] {
                    TimeField::At => cells.happened = index,
                    field @ (TimeField::Sent
                    | TimeField::Received
                    | TimeField::Acknowledged
                    | TimeField::Recorded
                    | TimeField::AsOf) => cells.times.push((index, field)),
                },
                Some(Target::Text(field)) => cells.texts.push((index, TextField::ALL[usize::from(*field)])),
                Some(Target::Fact(name)) => cells.facts.push((index, name.clone())),
                Some(Target::Body(name)) if wanted.body.has(name) => cells.body.push((index, name.clone())),
                Some(Target::Body(_)) => cells.unwanted_body.push(index),
            }
        }
        cells.texts.retain(|(_, field)| wanted.has_text(*field));
        cells.facts.retain(|(_, name)| wanted.facts.has(name));
        cells
    }
}

/// Ends of rows at about every part of the bytes, but none at their end.
fn row_ends(rows: &[u8], delimiter: u8, parts: usize) -> Vec<usize> {
    let goals = (1..parts).map(|part| rows.len() / parts * part);
    if memchr::memchr(b'"', rows).is_none() {
        return goals.filter_map(|goal| line_end(rows, goal)).collect();
    }
    let mut ends = Vec::new();
    let mut goals = goals.peekable();
    let mut outside_from = 0;
    while let Some(goal) = goals.peek() {
        let opening = opening_quote(rows, outside_from, delimiter);
        let end = line_end(rows, (*goal).max(outside_from));
        match (opening, end) {
            (_, None) => break,
            (Some(opening), Some(end)) if end > opening => {
                match closing_quote(rows, opening + 1, delimiter) {
                    Some(after) => outside_from = after,
                    None => break,
                }
            }
            (_, Some(end)) => {
                ends.push(end);
                goals.next();
            }
        }
    }
    ends
}

/// The byte after the first line break from here on.
fn line_end(rows: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\n', &rows[from..]).map(|length| from + length + 1)
}

/// The next quote that is the first character of a cell.
fn opening_quote(rows: &[u8], from: usize, delimiter: u8) -> Option<usize> {
    memchr::memchr_iter(b'"', &rows[from..])
        .map(|length| from + length)
        .find(|at| at.checked_sub(1).is_none_or(|before| [delimiter, b'\n'].contains(&rows[before])))
}

/// The byte after the quote that closes a cell; `None` if none does as it should.
fn closing_quote(rows: &[u8], from: usize, delimiter: u8) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(b'"', &rows[at..])? + 1;
        match rows.get(at) {
            Some(b'"') => at += 1,
            Some(byte) if [delimiter, b'\n', b'\r'].contains(byte) => return Some(at),
            None => return Some(at),
            Some(_) => return None,
        }
    }
}
