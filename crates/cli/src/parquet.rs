//! Logs and reports as Parquet files.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Columns, Entry, Position};
use samspill_engine::{Evaluation, explain::About};
use samspill_formats::{CaseCounts, Effect, Item, Place, ReadError, ReadTrouble};
use samspill_tables::{
    Fineness, LogRows, LogTable, ReportTable, RowTrouble, Shape, TableError, file, zone_name,
};

use crate::{
    logs::{Log, Troubles, open_file},
    trouble::Trouble,
};

/// A log in a Parquet file. Its rows stand in the order of the log.
#[derive(Debug)]
pub(crate) struct TableLog<'a> {
    path: &'a Path,
    zone: &'a TimeZone,
}

impl<'a> TableLog<'a> {
    /// The log, if the file has the columns of one.
    pub(crate) fn open(path: &'a Path, zone: &'a TimeZone) -> Result<Self, Trouble> {
        if path == Path::new("-") {
            return Err(Trouble::Call("Parquet is read from a file, not from standard input".to_owned()));
        }
        let log = Self { path, zone };
        let looked_at = file::look(open_file(path)?).and_then(|none| LogTable::new(zone.clone()).push(&none));
        looked_at.map_err(|source| log.failed(source))?;
        Ok(log)
    }

    /// How many entries each case has: from the columns that tell which rows are entries.
    pub(crate) fn counts(&self) -> Result<CaseCounts, Trouble> {
        let batches = file::read_entries(open_file(self.path)?).map_err(|source| self.failed(source))?;
        let counted = CaseCounts::of(Items::new(batches, self.zone, |columns: &Columns, row| {
            let case = columns.cases.get(columns.case[row]);
            Entry::new(case, "", Position(0), Timestamp::UNIX_EPOCH)
        }));
        counted.map_err(|source| Trouble::Log { log: self.path.to_owned(), source })
    }

    /// The entries, and the rows that are none.
    pub(crate) fn items(&self) -> Result<impl Iterator<Item = Result<Item, ReadError>> + use<>, Trouble> {
        let batches = file::read(open_file(self.path)?).map_err(|source| self.failed(source))?;
        Ok(Items::new(batches, self.zone, Columns::entry))
    }

    fn failed(&self, source: TableError) -> Trouble {
        Trouble::Table { path: self.path.to_owned(), source }
    }
}

/// A case whose entries are in the order of their places in the log.
pub(crate) fn in_order(mut case: CaseLog) -> CaseLog {
    case.entries.sort_by_key(|entry| entry.position);
    case
}

/// The rows of batches as items.
struct Items<B, E> {
    batches: B,
    table: LogTable,
    entry: E,
    columns: Columns,
    next_row: usize,
    troubles: std::vec::IntoIter<RowTrouble>,
}

impl<B, E> Items<B, E> {
    fn new(batches: B, zone: &TimeZone, entry: E) -> Self {
        Self {
            batches,
            table: LogTable::new(zone.clone()),
            entry,
            columns: Columns::default(),
            next_row: 0,
            troubles: Vec::new().into_iter(),
        }
    }
}

impl<B, E> Iterator for Items<B, E>
where
    B: Iterator<Item = Result<file::Batch, TableError>>,
    E: Fn(&Columns, usize) -> Entry,
{
    type Item = Result<Item, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(trouble) = self.troubles.next() {
                return Some(Ok(Item::Trouble(said(&trouble))));
            }
            if self.next_row < self.columns.len() {
                self.next_row += 1;
                return Some(Ok(Item::Entry((self.entry)(&self.columns, self.next_row - 1))));
            }
            let read = self.batches.next()?.and_then(|batch| self.table.push(&batch));
            match read {
                Ok(troubles) => self.troubles = troubles.into_iter(),
                Err(error) => return Some(Err(unreadable(&error))),
            }
            self.columns = self.table.take();
            self.next_row = 0;
        }
    }
}

fn said(trouble: &RowTrouble) -> ReadTrouble {
    ReadTrouble {
        place: Place { line: trouble.row, column: 1 },
        effect: Effect::LeftOut,
        message: trouble.to_string(),
    }
}

fn unreadable(error: &TableError) -> ReadError {
    ReadError::Unreadable { place: Place::START, message: error.to_string() }
}

/// Writes a log as a Parquet file, in row groups, after a first pass that finds which columns it needs.
pub(crate) fn write_log(log: &Log<'_>, path: Option<&Path>, zone: &str) -> Result<Troubles, Trouble> {
    let path = named(path)?;
    let failed = |source| Trouble::Table { path: path.to_owned(), source };
    let mut shape = Shape::default();
    if log.path == Path::new("-") {
        return Err(Trouble::Call(
            "a log that becomes Parquet is read twice: name a file, not standard input".to_owned(),
        ));
    }
    log.for_each_entry_quietly(|entry| shape.see(entry))?;
    let mut rows = LogRows::new(shape, zone);
    let mut writer = file::Writer::new(create(path)?, rows.schema()).map_err(failed)?;
    let troubles = log.for_each_case(|case| {
        for entry in &case.entries {
            rows.push(entry);
        }
        if rows.len() < file::BATCH_ROWS {
            return Ok(());
        }
        rows.take().and_then(|batch| writer.write(&batch)).map_err(failed)
    })?;
    rows.take().and_then(|batch| writer.write(&batch)).and_then(|()| writer.finish()).map_err(failed)?;
    Ok(troubles)
}

/// A report on its way into a Parquet file.
#[derive(Debug)]
pub(crate) struct ReportFile {
    path: PathBuf,
    table: ReportTable,
    writer: file::Writer<File>,
}

impl ReportFile {
    /// An empty file for the reports of these agreements.
    pub(crate) fn create(path: Option<&Path>, agreements: &[Agreement]) -> Result<Self, Trouble> {
        let path = named(path)?;
        let failed = |source| Trouble::Table { path: path.to_owned(), source };
        let zones: Vec<&str> = agreements.iter().map(zone_name).collect::<Result<_, _>>().map_err(failed)?;
        let table = ReportTable::new(zones.first().unwrap_or(&"UTC"), Fineness::Microseconds);
        let writer = file::Writer::new(create(path)?, table.schema()).map_err(failed)?;
        Ok(Self { path: path.to_owned(), table, writer })
    }

    /// Adds a case.
    pub(crate) fn add(
        &mut self,
        about: &About<'_>,
        case: &CaseLog,
        evaluation: &Evaluation,
    ) -> Result<(), Trouble> {
        let last = case.entries.iter().map(|entry| entry.position).max().unwrap_or(Position(0));
        self.table.push(about, evaluation, last);
        if self.table.len() < file::BATCH_ROWS {
            return Ok(());
        }
        self.write()
    }

    /// Writes what waits, and the end of the file.
    pub(crate) fn finish(mut self) -> Result<(), Trouble> {
        self.write()?;
        self.writer.finish().map_err(|source| Trouble::Table { path: self.path, source })
    }

    fn write(&mut self) -> Result<(), Trouble> {
        let written = self.table.take().and_then(|batch| self.writer.write(&batch));
        written.map_err(|source| Trouble::Table { path: self.path.clone(), source })
    }
}

fn named(path: Option<&Path>) -> Result<&Path, Trouble> {
    path.ok_or_else(|| Trouble::Call("Parquet is written to a file: name it".to_owned()))
}

fn create(path: &Path) -> Result<File, Trouble> {
    File::create(path).map_err(|source| Trouble::File { what: "writing", path: path.to_owned(), source })
}
