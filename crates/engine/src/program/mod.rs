//! An agreement compiled for many cases: the same answers as [`Engine`], in numbers, without the prose.
//!
//! ```text
//! Program::compile(agreement) ── bind(columns) ──▶ Batch ── read(case) ──▶ Verdicts
//! ```
//!
//! The readable evaluator stays the definition: what a program says of a case is held equal to it by tests.
//! Explanations come from there, for the cases that somebody asks about: [`Program::explain`].

pub(crate) mod atoms;
mod bind;
pub(crate) mod case;
mod classes;
pub(crate) mod code;
mod cond;
mod courses;
mod day_costs;
mod due_days;
pub(crate) mod duty;
mod flat;
mod flat_batch;
pub(crate) mod limits;
mod lower;
mod marks;
mod meter;
mod names;
mod only;
mod plan;
pub(crate) mod read;
mod reduce;
mod rows;
mod run_plan;
mod sets;
mod shapes;
pub(crate) mod source;
mod sum_days;
mod sum_plan;
mod sums;
mod tally;
mod totals;
mod verdict;

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use samspill_agreement::model::Agreement;
use samspill_base::{
    CaseLog, Columns, Position,
    columns::{NO_TIME, instant, nanos},
};

use crate::{Dates, Engine, Evaluation};

pub use names::{DutyName, MeterName, RuleName};
pub use sets::SetLayout;
pub use tally::Tally;
pub use totals::{MeterTotal, Totals, TotalsReader};
pub use verdict::{DayVerdict, DutyVerdict, FindingVerdict, MeterVerdict, Verdicts};

/// What a program asks of entries: nothing else in a log can change what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The facts.
    pub facts: BTreeSet<String>,
    /// The fields of bodies.
    pub fields: BTreeSet<String>,
}

/// An agreement, compiled.
#[derive(Clone, Debug)]
pub struct Program {
    agreement: Agreement,
    dates: Dates,
    names: names::Names,
    /// `None` where the agreement has more of something than a program has room for.
    code: Option<code::Code>,
    /// The rules once more, where all of them hang on kinds, days and order alone.
    flat: Option<Arc<flat::Flat>>,
    sets: SetLayout,
    /// What it is asked about, where that is not everything.
    only: Option<only::Only>,
    /// Of the rules that it is asked about, what totals hang on.
    sums: Option<code::Code>,
}

impl Program {
    /// Compiles an agreement.
    pub fn compile(agreement: &Agreement, dates: Dates) -> Self {
        let names = names::Names::of(agreement);
        let code = lower::lower(agreement, dates, &names).ok();
        let flat = code.as_ref().and_then(flat::Flat::of).map(Arc::new);
        let mut program = Self {
            agreement: agreement.clone(),
            dates,
            names,
            code,
            flat,
            sets: SetLayout::default(),
            only: None,
            sums: None,
        };
        program.sets = SetLayout::of(&program);
        program
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

    /// Which rule has which byte in sets.
    pub fn sets(&self) -> &SetLayout {
        &self.sets
    }

    /// Whether it is compiled whole. An agreement with more kinds, facts or questions than a program has room for is
    /// read by the readable evaluator, with the same answers.
    pub fn is_compiled(&self) -> bool {
        self.code.is_some()
    }

    /// The rules in numbers, if it is compiled whole.
    pub(crate) fn code(&self) -> Option<&code::Code> {
        self.code.as_ref()
    }

    /// Asks the readable evaluator for the verdicts on a case.
    pub(crate) fn read_plainly(&self, case: &CaseLog, as_of: Timestamp, verdicts: &mut Verdicts) {
        verdicts.clear();
        reduce::reduce(&self.agreement, &self.names, &self.explain(case, as_of), verdicts);
    }

    /// What it asks of entries beside their kinds and times: facts and fields in its rules, and those with a type that a
    /// value may not be of. `None` where it isn't compiled, and may ask for anything.
    pub fn asked(&self) -> Option<Asked> {
        let code = self.code.as_ref()?;
        let mut asked = Asked {
            facts: code.facts.keys().cloned().collect(),
            fields: code.fields.keys().cloned().collect(),
        };
        for version in &self.agreement.versions {
            asked.facts.extend(version.facts.keys().map(ToString::to_string));
            asked.fields.extend(version.kinds.values().flat_map(|kind| kind.fields.keys().cloned()));
        }
        Some(asked)
    }

    /// Makes a log ready to be read: its cases gathered, its words numbered as the program numbers them.
    pub fn bind<'b>(&'b self, columns: &'b Columns) -> Batch<'b> {
        let binding = self.code.as_ref().map(|code| bind::Binding::of(code, columns));
        let flat = self.code.as_ref().zip(self.flat.as_ref());
        let flat = flat.and_then(|(code, flat)| flat_batch::FlatBatch::of(code, flat, columns));
        let bound = self.code.as_ref().zip(binding.as_ref());
        let shaper = bound.and_then(|(code, binding)| {
            shapes::Shaper::of(code, binding, columns, classes::Telling::Verdicts)
        });
        Batch { program: self, columns, binding, flat, shaper, rows: rows::Rows::of(columns) }
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
    binding: Option<bind::Binding<'b>>,
    flat: Option<flat_batch::FlatBatch<'b>>,
    shaper: Option<shapes::Shaper<'b>>,
    rows: rows::Rows,
}

impl<'b> Batch<'b> {
    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.rows.cases()
    }

    /// Someone to read cases one after another; each thread has its own.
    pub fn reader(&self) -> CaseReader<'_, 'b> {
        self.reader_with(Memory::default())
    }

    /// The same, with what was learned from logs before: see [`CaseReader::into_memory`].
    pub fn reader_with(&self, memory: Memory) -> CaseReader<'_, 'b> {
        let flat = self.program.flat.as_ref();
        let known = memory.courses.filter(|courses| flat.is_some_and(|flat| courses.are_of(flat)));
        let courses = known.or_else(|| flat.map(|flat| courses::Courses::new(flat.clone())));
        CaseReader {
            batch: self,
            reader: memory.reader,
            courses,
            shapes: shapes::Shapes::new(self.shaper.as_ref()),
        }
    }

    /// Reads a case: by its number in the log, as of its own instant if it gives one, else as of this.
    ///
    /// # Panics
    /// Where the log has no such case.
    pub fn read(&self, case: usize, as_of: Timestamp, verdicts: &mut Verdicts) {
        self.reader().read(case, as_of, verdicts);
    }

    /// Whether sets are read by the courses of cases (see [`CaseReader::read_sets`]): rules and log are plain enough.
    pub fn is_walked(&self) -> bool {
        self.flat.is_some()
    }

    /// Whether cases are read by plans of their shapes: the program is asked about some rules alone, and neither they nor
    /// the log stand in the way.
    pub fn is_planned(&self) -> bool {
        self.shaper.is_some()
    }

    /// The program.
    pub fn program(&self) -> &'b Program {
        self.program
    }

    /// What the log calls the kind of an entry of a case.
    pub fn kind_at(&self, case: usize, position: Position) -> Option<&'b str> {
        let columns = self.columns;
        let row = self.rows.of_case(case).iter().find(|row| columns.position_of(*row) == position)?;
        Some(columns.kinds.get(columns.kind[row]))
    }

    /// The entries of a case, to explain it.
    pub fn case_log(&self, case: usize) -> CaseLog {
        self.columns.case_log(u32::try_from(case).unwrap_or(u32::MAX), self.rows.of_case(case).iter())
    }

    /// When the case asks to be read, if it does.
    pub fn own_as_of(&self, case: usize) -> Option<Timestamp> {
        let rows = self.rows.of_case(case);
        let times = rows.iter().filter_map(|row| self.columns.as_of.get(row));
        times.copied().find(|at| *at != NO_TIME).map(instant)
    }
}

/// Reads the cases of a log, with memory that it uses again.
#[derive(Debug)]
pub struct CaseReader<'r, 'b> {
    batch: &'r Batch<'b>,
    reader: read::Reader,
    courses: Option<courses::Courses>,
    /// The shapes that the log's cases have had so far, and their plans.
    shapes: shapes::Shapes<plan::Plan>,
}

/// What a reader has learned, for the next part of the same log. It changes no answer, only how soon it comes.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    reader: read::Reader,
    courses: Option<courses::Courses>,
}

impl CaseReader<'_, '_> {
    /// What it has learned, for the reader of another log.
    pub fn into_memory(self) -> Memory {
        Memory { reader: self.reader, courses: self.courses }
    }

    /// Reads a case; see [`Batch::read`].
    pub fn read(&mut self, case: usize, as_of: Timestamp, verdicts: &mut Verdicts) {
        let batch = self.batch;
        let as_of = batch.own_as_of(case).unwrap_or(as_of);
        let is_within = instant(nanos(as_of)) == as_of;
        let compiled = batch.program.code.as_ref().zip(batch.binding.as_ref()).filter(|_| is_within);
        let done = compiled.and_then(|(code, binding)| {
            let rows = batch.rows.of_case(case);
            let planned = self.read_planned(code, &rows, nanos(as_of), verdicts);
            let source = bind::BoundCase { binding, columns: batch.columns, rows };
            planned.or_else(|| self.reader.read(code, &source, nanos(as_of), verdicts).ok())
        });
        if done.is_none() {
            self.read_plainly(case, as_of, verdicts);
        }
        if let Some(only) = &batch.program.only {
            only.filter(verdicts);
        }
    }

    /// How many shapes the cases read so far had, of those that plans were made for.
    pub fn shapes(&self) -> usize {
        self.shapes.len()
    }

    /// Carries out the plan of the case's shape, made where the shape is new; `None` where there can be none.
    fn read_planned(
        &mut self,
        code: &code::Code,
        rows: &rows::CaseRows<'_>,
        as_of: i64,
        verdicts: &mut Verdicts,
    ) -> Option<()> {
        let batch = self.batch;
        let shape = self.shapes.of_case(batch.shaper.as_ref()?, rows, as_of)?;
        let rows = rows.first(shape.known);
        let source = bind::BoundCase { binding: batch.binding.as_ref()?, columns: batch.columns, rows };
        if self.shapes.plan(shape).is_none() {
            if !self.shapes.has_room() {
                return None;
            }
            let plan = self.reader.plan(code, &source, as_of).ok()?;
            self.shapes.add(shape, plan);
        }
        self.reader.run_plan(code, &source, self.shapes.plan(shape)?, as_of, verdicts).ok()
    }

    /// Asks the readable evaluator: for agreements and cases that a program has no room for.
    fn read_plainly(&self, case: usize, as_of: Timestamp, verdicts: &mut Verdicts) {
        let program = self.batch.program;
        let evaluation = program.explain(&self.batch.case_log(case), as_of);
        verdicts.clear();
        reduce::reduce(&program.agreement, &program.names, &evaluation, verdicts);
    }
}
