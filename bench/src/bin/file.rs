//! Goal 3: from a file to the verdicts on fines.
//!
//! `file LOG`: a table or a log, packed or not. Timed is all of it, from opening the file.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use samspill_agreement::model::Agreement;
use samspill_base::Columns;
use samspill_batch::{Threads, read_file};
use samspill_bench::{Trouble, fines, rules, side};
use samspill_engine::{Dates, program::Program};
use samspill_formats::{Format, ReadOptions, Wanted};
use serde_json::{Value, json};

struct FromFile {
    agreement: Agreement,
    path: PathBuf,
    cases: usize,
    rows: usize,
    bytes: Vec<u8>,
}

impl side::Side for FromFile {
    fn run(&mut self) -> Result<Value, Trouble> {
        let columns = read(&self.path, &self.agreement.newest().calendar.zone)?;
        let program = Program::compile(&self.agreement, Dates::InForce);
        self.bytes = fines::read_all(&program, &columns, Threads::all());
        (self.cases, self.rows) = (columns.cases.len(), columns.len());
        Ok(json!({}))
    }

    fn verdicts(&self) -> &[u8] {
        &self.bytes
    }

    fn facts(&self) -> Value {
        json!({ "cases": self.cases, "rows": self.rows })
    }
}

/// Kinds and times: the verdicts that are compared ask for nothing else.
fn read(path: &Path, zone: &TimeZone) -> Result<Columns, Trouble> {
    let mut options = ReadOptions::new(zone.clone());
    options.format = Format::of_name(&path.to_string_lossy());
    let read = read_file(File::open(path)?, &options, &Wanted::least(), Threads::all())?;
    match read.troubles.first() {
        Some(trouble) => Err(trouble.to_string().into()),
        None => Ok(read.columns),
    }
}

fn main() -> Result<(), Trouble> {
    let path = std::env::args().nth(1).ok_or("file LOG")?;
    side::serve(&mut FromFile {
        agreement: rules::agreement(fines::AGREEMENT)?,
        path: PathBuf::from(path),
        cases: 0,
        rows: 0,
        bytes: Vec::new(),
    })
}
