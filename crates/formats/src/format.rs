use std::io::BufRead;

use jiff::tz::TimeZone;

use crate::{
    ColumnMap, CsvReader, Head, Item, JsonlReader, Limits, MaybeGz, OcelReader, Place, ReadError, XesReader,
    gzip::{look_at_head, put_back},
    maybe_gz,
};

/// A format that logs are read in. Each may be packed with gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header row.
    Csv,
    /// XES (IEEE 1849).
    Xes,
    /// OCEL 2.0 as JSON.
    Ocel,
}

impl Format {
    /// The format that a file's name says, with or without `.gz` at its end; `None` where it says nothing.
    ///
    /// # A packed log
    /// ```
    /// # use samspill_formats::Format;
    /// assert_eq!(Format::of_name("fines.XES.gz"), Some(Format::Xes));
    /// assert_eq!(Format::of_name("log"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (_, extension) = name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?;
        match extension {
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "xes" | "xml" => Some(Self::Xes),
            "json" | "jsonocel" => Some(Self::Ocel),
            _ => None,
        }
    }

    /// The format that the first unpacked bytes look like.
    ///
    /// `<` starts XES. `{` starts JSONL if a whole object stands on its line or a line says `"case"`, otherwise OCEL.
    /// Anything else is taken for a table.
    pub fn of_head(head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let head = head.trim_ascii_start();
        match head.first() {
            Some(b'<') => Self::Xes,
            Some(b'{') => {
                let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
                let of_ocel = ["\"events\"", "\"objects\"", "\"eventTypes\"", "\"objectTypes\""];
                let ocel = of_ocel.iter().any(|name| memchr::memmem::find(head, name.as_bytes()).is_some());
                let named = memchr::memmem::find(line, b"\"case\"").is_some();
                if named || (line.ends_with(b"}") && !ocel) { Self::Jsonl } else { Self::Ocel }
            }
            _ => Self::Csv,
        }
    }
}

/// What a reader is told about a log.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The zone of times without an offset: that of the agreement.
    pub zone: TimeZone,
    /// How much is taken in.
    pub limits: Limits,
    /// The format, if it is known; otherwise the first bytes tell.
    pub format: Option<Format>,
    /// For CSV: which columns are which fields. The default recognises the usual names.
    pub columns: ColumnMap,
    /// For OCEL: the type of object that is a case.
    pub case_type: Option<String>,
}

impl ReadOptions {
    /// The defaults, for times in `zone`.
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, limits: Limits::default(), format: None, columns: ColumnMap::default(), case_type: None }
    }
}

/// A reader of any of the formats.
#[derive(Debug)]
pub enum LogReader<R: BufRead> {
    /// Reads JSONL.
    Jsonl(JsonlReader<R>),
    /// Reads CSV.
    Csv(CsvReader<R>),
    /// Reads XES.
    Xes(XesReader<R>),
    /// Reads OCEL 2.0 JSON.
    Ocel(OcelReader<R>),
}

/// What [`open_log`] gives.
pub type OpenedLog<R> = LogReader<Head<MaybeGz<R>>>;

impl<R: BufRead> LogReader<R> {
    /// A reader of this format for bytes that aren't packed.
    pub fn new(input: R, format: Format, options: &ReadOptions) -> Self {
        let (zone, limits) = (options.zone.clone(), options.limits.clone());
        match format {
            Format::Jsonl => Self::Jsonl(JsonlReader::new(input, zone, limits)),
            Format::Csv => Self::Csv(CsvReader::new(input, options.columns.clone(), zone, limits)),
            Format::Xes => Self::Xes(XesReader::new(input, zone, limits)),
            Format::Ocel => Self::Ocel(OcelReader::new(input, options.case_type.clone(), zone, limits)),
        }
    }

    /// The format that is read.
    pub fn format(&self) -> Format {
        match self {
            Self::Jsonl(_) => Format::Jsonl,
            Self::Csv(_) => Format::Csv,
            Self::Xes(_) => Format::Xes,
            Self::Ocel(_) => Format::Ocel,
        }
    }
}

/// Opens a log, packed or not, of the format in `options` or else of the one that its first bytes look like.
///
/// A log in UTF-16 is refused here, since no line of it would make sense.
pub fn open_log<R: BufRead>(input: R, options: &ReadOptions) -> Result<OpenedLog<R>, ReadError> {
    let Opened { input, format } = open_source(input, options)?;
    Ok(LogReader::new(input, format, options))
}

/// An unpacked source, and the format that it is of.
#[derive(Debug)]
pub(crate) struct Opened<R: BufRead> {
    pub(crate) input: Head<MaybeGz<R>>,
    pub(crate) format: Format,
}

pub(crate) fn open_source<R: BufRead>(input: R, options: &ReadOptions) -> Result<Opened<R>, ReadError> {
    const HEAD_BYTES: usize = 4096;
    let failed = |error| ReadError::from_io(Place::START, error);
    let unpacked = maybe_gz(input, &options.limits).map_err(failed)?;
    let (head, rest) = look_at_head(unpacked, HEAD_BYTES).map_err(failed)?;
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(ReadError::unreadable(Place::START, "the log is in UTF-16: save it as UTF-8"));
    }
    let format = options.format.unwrap_or_else(|| Format::of_head(&head));
    Ok(Opened { input: put_back(head, rest), format })
}

impl<R: BufRead> Iterator for LogReader<R> {
    type Item = Result<Item, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Jsonl(reader) => reader.next(),
            Self::Csv(reader) => reader.next(),
            Self::Xes(reader) => reader.next(),
            Self::Ocel(reader) => reader.next(),
        }
    }
}
