/// How much a reader takes in before it says no. Exactly at a limit is inside it.
///
/// Memory is bounded by these: JSONL, CSV and XES hold one entry at a time (a few times `line_bytes_max`, whatever the
/// size of the file), OCEL holds the document (a few times `document_bytes_max`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one entry as written: a JSONL line, a CSV record over all its lines, an XES event or the attributes
    /// of an XES trace. A longer one is left out with a trouble; a single XML tag that is longer ends the reading.
    /// Default: 1 MiB.
    pub line_bytes_max: usize,
    /// Bytes of the whole log, unpacked. Default: 64 GiB.
    pub file_bytes_max: u64,
    /// Bytes of a document that must be held whole in memory (OCEL 2.0 JSON). Default: 512 MiB.
    pub document_bytes_max: u64,
    /// Values in values (or elements in elements). Default: 32; more than 256 is read as 256.
    pub depth_max: usize,
    /// Facts, body fields and unknown fields of one entry together; columns of a CSV file. Default: 1000.
    pub fields_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes_max: 1 << 20,
            file_bytes_max: 64 << 30,
            document_bytes_max: 512 << 20,
            depth_max: 32,
            fields_max: 1000,
        }
    }
}
