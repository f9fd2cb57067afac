//! Goal 1: every rule on fines for every case, in memory, on one thread.
//!
//! `fines FOLDER TIMES`: the rows of the folder, so many times over. Timed is everything from the columns and the loaded
//! agreement to the verdicts: compiling it, gathering the cases, reading them.

use std::path::Path;

use samspill_agreement::model::Agreement;
use samspill_base::Columns;
use samspill_batch::Threads;
use samspill_bench::{Trouble, fines, rows::Rows, rules, side};
use samspill_engine::{Dates, program::Program};
use serde_json::{Value, json};

struct Fines {
    agreement: Agreement,
    columns: Columns,
    bytes: Vec<u8>,
}

impl side::Side for Fines {
    fn run(&mut self) -> Result<Value, Trouble> {
        let program = Program::compile(&self.agreement, Dates::InForce);
        self.bytes = fines::read_all(&program, &self.columns, Threads::ONE);
        Ok(json!({}))
    }

    fn verdicts(&self) -> &[u8] {
        &self.bytes
    }

    fn facts(&self) -> Value {
        json!({ "cases": self.columns.cases.len(), "rows": self.columns.len() })
    }
}

fn main() -> Result<(), Trouble> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, times] = &arguments[..] else { return Err("fines FOLDER TIMES".into()) };
    let rows = Rows::read(Path::new(folder))?;
    side::serve(&mut Fines {
        agreement: rules::agreement(fines::AGREEMENT)?,
        columns: rows.times(times.parse()?),
        bytes: Vec::new(),
    })
}
