//! An agreement compiled for many cases: the same answers as [`Engine`], in numbers, without the prose.
//!
//! ```text
//! Program::compile(agreement) ── bind(columns) ──▶ Batch ── read(case) ──▶ Verdicts
//! ```
//!
//! The readable evaluator stays the definition: what a program says of a case is held equal to it by tests.
//! Explanations come from there, for the cases that somebody asks about: [`Program::explain`].

mod names;
mod reduce;
mod verdict;

use jiff::Timestamp;
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Columns, columns::instant};

use crate::{Dates, Engine, Evaluation};

pub use names::{DutyName, MeterName, RuleName};
pub use verdict::{DayVerdict, DutyVerdict, FindingVerdict, MeterVerdict, Verdicts};

/// An agreement, compiled.
#[derive(Clone, Debug)]
pub struct Program {
    agreement: Agreement,
    dates: Dates,
    names: names::Names,
}

impl Program {
    /// Compiles an agreement.
    pub fn compile(agreement: &Agreement, dates: Dates) -> Self {
        Self { agreement: agreement.clone(), dates, names: names::Names::of(agreement) }
    }

    /// The agreement it was compiled from.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The duties, by the numbers that verdicts use.
    pub fn duties(&self) -> &[DutyName] {
        &self.names.duties
    }

    /// The rules that findings are about, by the numbers that verdicts use.
    pub fn rules(&self) -> &[RuleName] {
        &self.names.rules
    }

    /// The meters, by the numbers that verdicts use.
    pub fn meters(&self) -> &[MeterName] {
        &self.names.meters
    }

    /// Makes a log ready to be read: its cases gathered, its words numbered as the program numbers them.
    pub fn bind<'b>(&'b self, columns: &'b Columns) -> Batch<'b> {
        Batch { program: self, columns, rows: rows_by_case(columns) }
    }

    /// The whole reading of a case, with clauses, steps and the entries used.
    pub fn explain(&self, case: &CaseLog, as_of: Timestamp) -> Evaluation {
        Engine::new(&self.agreement).with_dates(self.dates).evaluate(case, as_of)
    }
}

/// A log, bound to a program.
#[derive(Debug)]
pub struct Batch<'b> {
    program: &'b Program,
    columns: &'b Columns,
    rows: Vec<Vec<usize>>,
}

impl Batch<'_> {
    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.rows.len()
    }

    /// Reads a case: by its number in the log, as of its own instant if it gives one, else as of this.
    ///
    /// # Panics
    /// Where the log has no such case.
    pub fn read(&self, case: usize, as_of: Timestamp, verdicts: &mut Verdicts) {
        let log = self.case_log(case);
        let as_of = log.as_of().unwrap_or(as_of);
        let evaluation = self.program.explain(&log, as_of);
        verdicts.clear();
        reduce::reduce(&self.program.agreement, &self.program.names, &evaluation, verdicts);
    }

    /// The entries of a case, to explain it.
    pub fn case_log(&self, case: usize) -> CaseLog {
        self.columns.case_log(u32::try_from(case).unwrap_or(u32::MAX), self.rows[case].iter().copied())
    }

    /// When the case asks to be read, if it does.
    pub fn own_as_of(&self, case: usize) -> Option<Timestamp> {
        let times = self.rows[case].iter().filter_map(|row| self.columns.as_of.get(*row));
        times.copied().find(|at| *at != samspill_base::columns::NO_TIME).map(instant)
    }
}

fn rows_by_case(columns: &Columns) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); columns.cases.len()];
    for (row, case) in columns.case.iter().enumerate() {
        rows[*case as usize].push(row);
    }
    rows
}
