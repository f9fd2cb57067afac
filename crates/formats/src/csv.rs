use std::io::BufRead;

use jiff::tz::TimeZone;
use samspill_base::{Position, Value};

use crate::{
    ColumnMap, ColumnMapError, Item, Limits, Place, ReadError, ReadTrouble,
    columns::Target,
    draft::Draft,
    item::shown,
    json,
    lines::{Line, Lines, utf8},
    row::{Row, RowTrouble},
    times::table_instant,
};

/// Reads a table with a header row, one entry a record.
///
/// An entry's position is the number of the line on which its record starts. An empty cell is the same as no cell;
/// blank lines are passed over. A record that is wrong, or has another number of cells than the header, is left out
/// with a trouble; after a quote that isn't closed, reading goes on at the next line. Without a mapping the usual
/// header names are recognised, `case:NAME` columns are facts and the remaining ones go into the body.
///
/// Cells know no types, so in facts and body `true` and `false` are yes and no, what is written as JSON would
/// write a number is a number (`007` stays text), and all else is text. Times may be written as
/// `2024-08-17T06:59`, `2024/08/17 06:59:00` or `17.08.2024 06:59`; without an offset they are in the zone of the
/// reader.
#[derive(Debug)]
pub struct CsvReader<R> {
    lines: Lines<R>,
    map: ColumnMap,
    zone: TimeZone,
    limits: Limits,
    delimiter: u8,
    targets: Option<Vec<Option<Target>>>,
    record: Vec<u8>,
    row: Row,
    again_bytes: u64,
    ended: bool,
}

/// What a reader of a table knows when it has read the header row.
#[derive(Clone, Debug)]
pub(crate) struct TableHeader {
    map: ColumnMap,
    pub(crate) zone: TimeZone,
    pub(crate) limits: Limits,
    pub(crate) delimiter: u8,
    pub(crate) targets: Vec<Option<Target>>,
}

impl TableHeader {
    /// The kind of every row, if the mapping says so.
    pub(crate) fn kind_constant(&self) -> Option<&str> {
        self.map.kind_constant()
    }
}

/// What [`CsvReader::next_record`] found.
enum Record {
    End,
    Blank,
    Good(Place),
    Bad(ReadTrouble),
}

impl<R: BufRead> CsvReader<R> {
    /// Reads `input`; local times are in `zone`. The header row is read with the first item.
    pub fn new(input: R, map: ColumnMap, zone: TimeZone, limits: Limits) -> Self {
        Self {
            lines: Lines::new(input, &limits),
            delimiter: map.delimiter().unwrap_or(b','),
            map,
            zone,
            limits,
            targets: None,
            record: Vec::new(),
            row: Row::default(),
            again_bytes: 0,
            ended: false,
        }
    }

    /// Goes on after the header row; `line` lines and `bytes_read` bytes have been read before.
    pub(crate) fn resumed(input: R, header: &TableHeader, line: u64, bytes_read: u64) -> Self {
        let TableHeader { map, zone, limits, delimiter, targets } = header.clone();
        Self {
            lines: Lines::resumed(input, &limits, line, bytes_read),
            targets: Some(targets),
            delimiter,
            map,
            zone,
            limits,
            record: Vec::new(),
            row: Row::default(),
            again_bytes: 0,
            ended: false,
        }
    }

    fn next_read(&mut self) -> Result<Option<Item>, ReadError> {
        if self.targets.is_none() && !self.read_header()? {
            return Ok(None);
        }
        loop {
            match self.next_record()? {
                Record::End => return Ok(None),
                Record::Blank => {}
                Record::Bad(trouble) => return Ok(Some(Item::Trouble(trouble))),
                Record::Good(start) => return Ok(Some(self.entry(start))),
            }
        }
    }

    /// Reads the header row and says what it says, with the rest of the source, and how many lines and bytes were read.
    /// `None` where there is no header row.
    pub(crate) fn header(mut self) -> Result<Option<(TableHeader, R, u64, u64)>, ReadError> {
        if !self.read_header()? {
            return Ok(None);
        }
        let (line, bytes_read) = (self.lines.line(), self.lines.bytes_read());
        let header = TableHeader {
            map: self.map,
            zone: self.zone,
            limits: self.limits,
            delimiter: self.delimiter,
            targets: self.targets.unwrap_or_default(),
        };
        Ok(Some((header, self.lines.into_input(), line, bytes_read)))
    }

    /// Whether there is a header row at all.
    fn read_header(&mut self) -> Result<bool, ReadError> {
        let unreadable = |message: String| ReadError::from(ColumnMapError::Header { message });
        loop {
            if self.map.delimiter().is_none() {
                self.look_for_delimiter()?;
            }
            match self.next_record()? {
                Record::End => return Ok(false),
                Record::Blank => {}
                Record::Bad(trouble) => return Err(unreadable(trouble.to_string())),
                Record::Good(_) => break,
            }
        }
        let header: Vec<&str> = (0..self.row.len()).map(|index| self.row.cell(index)).collect();
        self.targets = Some(self.map.resolve(&header)?);
        Ok(true)
    }

    /// Takes as delimiter what parts the most cells in the first line outside quotes.
    fn look_for_delimiter(&mut self) -> Result<(), ReadError> {
        let mut line = Vec::new();
        if self.lines.next_line(&mut line)? != Line::Whole {
            return Ok(());
        }
        let mut inside = false;
        let mut counts = [(0_usize, b','), (0, b';'), (0, b'\t'), (0, b'|')];
        for byte in &line {
            inside ^= *byte == b'"';
            if let Some((count, _)) = counts.iter_mut().find(|(_, delimiter)| !inside && delimiter == byte) {
                *count += 1;
            }
        }
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        self.delimiter = counts[0].1;
        self.lines.give_back(&line, 1);
        Ok(())
    }

    /// Reads one record, which may go over several lines, into `self.row`.
    fn next_record(&mut self) -> Result<Record, ReadError> {
        self.record.clear();
        let mut line_found = self.lines.next_line(&mut self.record)?;
        let start = Place { line: self.lines.line(), column: 1 };
        let first_line_bytes = self.record.len();
        let cells_max = self.limits.fields_max;
        let mut read = self.row.read(&self.record, self.delimiter, cells_max);
        loop {
            if line_found == Line::TooLong || self.record.len() > self.limits.line_bytes_max.saturating_add(1)
            {
                let message = format!(
                    "the record is longer than {} bytes: is a quote not closed?",
                    self.limits.line_bytes_max
                );
                self.read_again_after(first_line_bytes, start.line, line_found);
                return Ok(Record::Bad(ReadTrouble::left_out(start, message)));
            }
            match read {
                _ if self.record.is_empty() => return Ok(Record::End),
                Ok(()) => return Ok(self.checked(start)),
                Err(RowTrouble::Unclosed(at)) => {
                    line_found = self.lines.next_line(&mut self.record)?;
                    if line_found == Line::End {
                        let place = start.after(&self.record[..at]);
                        self.read_again_after(first_line_bytes, start.line, line_found);
                        return Ok(Record::Bad(ReadTrouble::left_out(
                            place,
                            "this quote is not closed: close it, or double it",
                        )));
                    }
                    read = self.row.go_on(&self.record, self.delimiter, cells_max);
                }
                Err(RowTrouble::AfterQuote(at)) => {
                    let place = start.after(&self.record[..at]);
                    self.read_again_after(first_line_bytes, start.line, line_found);
                    let message = "something follows a closing quote: double the quotes inside a cell";
                    return Ok(Record::Bad(ReadTrouble::left_out(place, message)));
                }
                Err(RowTrouble::TooMany(at)) => {
                    let message = format!(
                        "the record has more than {} cells: raise the limit for fields",
                        self.limits.fields_max
                    );
                    return Ok(Record::Bad(ReadTrouble::left_out(start.after(&self.record[..at]), message)));
                }
            }
        }
    }

    /// Gives back the lines after the record's first one, if there are any, unless that would read the file over and
    /// over: no more bytes are read again than were read at all, and a few.
    fn read_again_after(&mut self, first_line_bytes: usize, first_line: u64, last_found: Line) {
        let rest = &self.record[first_line_bytes..];
        let allowed = self.lines.bytes_read() + (self.limits.line_bytes_max as u64) * 2;
        if rest.is_empty() || last_found == Line::TooLong || self.again_bytes + rest.len() as u64 > allowed {
            return;
        }
        self.again_bytes += rest.len() as u64;
        self.lines.give_back(rest, self.lines.line() - first_line);
    }

    fn checked(&self, start: Place) -> Record {
        if let Err((_, message)) = utf8(&self.record) {
            let good = utf8_prefix(&self.record);
            return Record::Bad(ReadTrouble::left_out(start.after(good), message));
        }
        if self.row.len() == 1 && self.row.cell(0).trim().is_empty() {
            return Record::Blank;
        }
        match &self.targets {
            Some(targets) if targets.len() != self.row.len() => Record::Bad(ReadTrouble::left_out(
                start,
                format!(
                    "the row has {} cells, the header {}: write an empty cell for what is missing",
                    self.row.len(),
                    targets.len()
                ),
            )),
            Some(_) | None => Record::Good(start),
        }
    }

    fn entry(&self, start: Place) -> Item {
        let mut draft = Draft { kind: self.map.kind_constant().map(str::to_owned), ..Draft::default() };
        let targets = self.targets.as_deref().unwrap_or_default();
        for (index, target) in targets.iter().enumerate() {
            let Some(target) = target else { continue };
            let cell = self.row.cell(index);
            if cell.is_empty() {
                continue;
            }
            if let Err(message) = self.set(&mut draft, target, cell) {
                let place = self.row.place(index, &self.record, start);
                return Item::Trouble(ReadTrouble::left_out(place, message));
            }
        }
        match draft.finish(Position(start.line)) {
            Ok(entry) => Item::Entry(entry),
            Err(missing) => {
                let index = targets
                    .iter()
                    .position(|target| target.as_ref().is_some_and(|target| target.name() == missing));
                let place = index.map_or(start, |index| self.row.place(index, &self.record, start));
                Item::Trouble(ReadTrouble::left_out(
                    place,
                    format!("the cell for «{missing}» is empty: fill it in"),
                ))
            }
        }
    }

    fn set(&self, draft: &mut Draft, target: &Target, cell: &str) -> Result<(), String> {
        match target {
            Target::Case => draft.case = Some(named(cell)?),
            Target::Kind => draft.kind = Some(named(cell)?),
            Target::Time(index) => draft.times[usize::from(*index)] = Some(table_instant(cell, &self.zone)?),
            Target::Text(index) => draft.texts[usize::from(*index)] = Some(cell.to_owned()),
            Target::Fact(name) => {
                draft.facts.insert(name.clone(), cell_value(cell));
            }
            Target::Body(name) => {
                draft.body.get_or_insert_default().insert(name.clone(), cell_value(cell));
            }
        }
        Ok(())
    }
}

impl<R: BufRead> Iterator for CsvReader<R> {
    type Item = Result<Item, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.next_read().transpose();
        self.ended = !matches!(read, Some(Ok(_)));
        read
    }
}

fn named(cell: &str) -> Result<String, String> {
    if cell.trim().is_empty() {
        return Err(format!("the cell «{}» is blank: fill it in", shown(cell)));
    }
    Ok(cell.to_owned())
}

fn utf8_prefix(bytes: &[u8]) -> &[u8] {
    let good = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    &bytes[..good]
}

/// Yes or no, a number written as JSON writes it, or text.
pub(crate) fn cell_value(cell: &str) -> Value {
    match cell {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => {
            let digits = cell.strip_prefix('-').unwrap_or(cell);
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                && !digits.ends_with('.')
                && (!digits.starts_with('0') || digits == "0" || digits.starts_with("0."));
            if plain { json::number(cell) } else { Value::text(cell) }
        }
    }
}
