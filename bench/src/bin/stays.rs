//! Goal 2: stays read against a whole agreement, in memory, on one thread.
//!
//! `stays FOLDER`: all rules of the agreement are read; the reply duty and the paid days are compared. Timed is everything
//! from the columns and the loaded agreement to the verdicts.

use std::path::Path;

use samspill_agreement::model::Agreement;
use samspill_base::Columns;
use samspill_bench::{
    Trouble, rules, side,
    stays::{self, Stays},
};
use samspill_engine::{Dates, program::Program};
use serde_json::{Value, json};

struct Side {
    agreement: Agreement,
    columns: Columns,
    bytes: Vec<u8>,
}

impl side::Side for Side {
    fn run(&mut self) -> Result<Value, Trouble> {
        let program = Program::compile(&self.agreement, Dates::InForce).only(&stays::ASKED);
        let batch = program.bind(&self.columns);
        stays::read_all(&program, &batch, &mut self.bytes)?;
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
    let folder = std::env::args().nth(1).ok_or("stays FOLDER")?;
    side::serve(&mut Side {
        agreement: rules::agreement(stays::AGREEMENT)?,
        columns: Stays::read(Path::new(&folder))?.columns(),
        bytes: Vec::new(),
    })
}
