use std::{fs::File, io::BufReader, path::PathBuf};

use jiff::tz::TimeZone;
use pyo3::{exceptions::PyUserWarning, prelude::*};
use samspill_base::Entry;
use samspill_formats::{ColumnMap, Effect, Format, Item, ReadOptions, ReadTrouble, open_log};
use samspill_tables::{LogRows, Shape};

use crate::{
    table::{Table, zone_named},
    wrong,
};

/// Rows of a log's record batches.
const BATCH_ROWS: usize = 65_536;

/// Reads a log file as a table: JSONL, CSV, XES or OCEL 2.0 JSON, packed with gzip or not.
///
/// `zone` is that of local times, and of the table's times: the agreement's. `columns` and `case_type` are as the command
/// takes them. Lines that can't be read are left out with a warning; with `strict`, the first one is an error.
#[pyfunction]
#[pyo3(signature = (path, *, zone="Europe/Oslo", columns=None, case_type=None, strict=false))]
pub(crate) fn read_log(
    py: Python<'_>,
    path: PathBuf,
    zone: &str,
    columns: Option<&str>,
    case_type: Option<String>,
    strict: bool,
) -> PyResult<Table> {
    let log = LogFile { options: options(zone_named(zone)?, &path, columns, case_type)?, path, strict };
    let (table, troubles) = py.detach(|| log.table(zone)).map_err(wrong)?;
    if let Some((count, first)) = troubles {
        let text = format!("{}: {count} lines were left out, the first: {first}", log.path.display());
        let text = std::ffi::CString::new(text.replace('\0', " ")).map_err(wrong)?;
        PyErr::warn(py, &py.get_type::<PyUserWarning>(), &text, 1)?;
    }
    Ok(table)
}

fn options(
    zone: TimeZone,
    path: &std::path::Path,
    columns: Option<&str>,
    case_type: Option<String>,
) -> PyResult<ReadOptions> {
    let mut options = ReadOptions::new(zone);
    options.format = Format::of_name(&path.to_string_lossy());
    if let Some(columns) = columns {
        options.columns = ColumnMap::parse(columns).map_err(wrong)?;
    }
    options.case_type = case_type;
    Ok(options)
}

struct LogFile {
    path: PathBuf,
    options: ReadOptions,
    strict: bool,
}

/// How many lines were left out, and the first of them.
type LeftOut = Option<(u64, ReadTrouble)>;

impl LogFile {
    /// The log is read twice: first to see which columns it needs.
    fn table(&self, zone: &str) -> Result<(Table, LeftOut), String> {
        let mut shape = Shape::default();
        let troubles = self.for_each_entry(|entry| {
            shape.see(entry);
            Ok(())
        })?;
        let mut rows = LogRows::new(shape, zone);
        let mut table = Table { schema: rows.schema(), batches: Vec::new() };
        self.for_each_entry(|entry| {
            rows.push(entry);
            if rows.len() >= BATCH_ROWS {
                table.batches.push(rows.take().map_err(|error| error.to_string())?);
            }
            Ok(())
        })?;
        if !rows.is_empty() {
            table.batches.push(rows.take().map_err(|error| error.to_string())?);
        }
        Ok((table, troubles))
    }

    fn for_each_entry(&self, mut take: impl FnMut(&Entry) -> Result<(), String>) -> Result<LeftOut, String> {
        let said = |error: &dyn std::fmt::Display| format!("{}: {error}", self.path.display());
        let file = File::open(&self.path).map_err(|error| said(&error))?;
        let items =
            open_log(BufReader::with_capacity(1 << 17, file), &self.options).map_err(|error| said(&error))?;
        let mut left_out: LeftOut = None;
        for item in items {
            match item.map_err(|error| said(&error))? {
                Item::Entry(entry) => take(&entry)?,
                Item::Trouble(trouble) if trouble.effect == Effect::LeftOut => {
                    if self.strict {
                        return Err(said(&trouble));
                    }
                    let (count, first) = left_out.take().unwrap_or((0, trouble));
                    left_out = Some((count + 1, first));
                }
                Item::Trouble(_) | Item::CaseEnd(_) => {}
            }
        }
        Ok(left_out)
    }
}
