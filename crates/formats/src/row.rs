use crate::Place;

/// One record of a CSV file: its cells unquoted, and where each starts.
#[derive(Debug, Default)]
pub(crate) struct Row {
    text: Vec<u8>,
    cells: Vec<Cell>,
    open: Option<Open>,
}

/// A quoted cell that wasn't closed when the bytes ended: where its quote stands, and how far it has been read.
#[derive(Clone, Copy, Debug)]
struct Open {
    quote: usize,
    read: usize,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    end: usize,
    at: usize,
}

/// Why bytes are not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowTrouble {
    /// The quote at this byte isn't closed before the bytes end. More lines may close it.
    Unclosed(usize),
    /// Something other than a delimiter follows a closing quote, at this byte.
    AfterQuote(usize),
    /// There are more cells than the limit.
    TooMany(usize),
}

impl Row {
    /// Reads the one record that `bytes` hold, with or without the line break at its end.
    ///
    /// A quote opens a quoted cell only as the cell's first character; inside, two quotes are one. Elsewhere a quote
    /// stands for itself.
    pub(crate) fn read(&mut self, bytes: &[u8], delimiter: u8, cells_max: usize) -> Result<(), RowTrouble> {
        self.text.clear();
        self.cells.clear();
        self.cells_from(without_line_break(bytes), 0, delimiter, cells_max)
    }

    /// Goes on after [`RowTrouble::Unclosed`]: `bytes` are the same bytes with more at their end. What was read is not
    /// read again, so that a record of many lines takes time in proportion to its length.
    pub(crate) fn go_on(&mut self, bytes: &[u8], delimiter: u8, cells_max: usize) -> Result<(), RowTrouble> {
        let Some(open) = self.open.take() else { return self.read(bytes, delimiter, cells_max) };
        let bytes = without_line_break(bytes);
        let end = self.quoted(bytes, open, delimiter)?;
        self.cells.push(Cell { end: self.text.len(), at: open.quote });
        if end == bytes.len() { Ok(()) } else { self.cells_from(bytes, end + 1, delimiter, cells_max) }
    }

    fn cells_from(
        &mut self,
        bytes: &[u8],
        from: usize,
        delimiter: u8,
        cells_max: usize,
    ) -> Result<(), RowTrouble> {
        let mut at = from;
        loop {
            if self.cells.len() == cells_max {
                return Err(RowTrouble::TooMany(at));
            }
            let end = if bytes.get(at) == Some(&b'"') {
                self.quoted(bytes, Open { quote: at, read: at + 1 }, delimiter)?
            } else {
                let end = memchr::memchr(delimiter, &bytes[at..]).map_or(bytes.len(), |length| at + length);
                self.text.extend_from_slice(&bytes[at..end]);
                end
            };
            self.cells.push(Cell { end: self.text.len(), at });
            if end == bytes.len() {
                return Ok(());
            }
            at = end + 1;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cell's text; empty where the row has no such cell or it isn't UTF-8.
    pub(crate) fn cell(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.cells.get(before)).map_or(0, |cell| cell.end);
        let bytes = self.cells.get(index).map_or(&[][..], |cell| &self.text[start..cell.end]);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// Where the cell starts in the file, if `record` is what the row was read from and starts at `start`.
    pub(crate) fn place(&self, index: usize, record: &[u8], start: Place) -> Place {
        self.cells.get(index).map_or(start, |cell| start.after(&record[..cell.at]))
    }

    /// Unquotes what is left of a quoted cell; gives the byte of the delimiter or the end after it.
    fn quoted(&mut self, bytes: &[u8], open: Open, delimiter: u8) -> Result<usize, RowTrouble> {
        let mut at = open.read;
        loop {
            let Some(length) = memchr::memchr(b'"', &bytes[at..]) else {
                self.text.extend_from_slice(&bytes[at..]);
                self.open = Some(Open { quote: open.quote, read: bytes.len() });
                return Err(RowTrouble::Unclosed(open.quote));
            };
            self.text.extend_from_slice(&bytes[at..at + length]);
            at += length + 1;
            match bytes.get(at) {
                Some(b'"') => {
                    self.text.push(b'"');
                    at += 1;
                }
                None => return Ok(at),
                Some(byte) if *byte == delimiter => return Ok(at),
                Some(_) => return Err(RowTrouble::AfterQuote(at)),
            }
        }
    }
}

fn without_line_break(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}
