//! Totals: what a program says of a case, summed up. Days are counted and what they cost is added up; none is listed.

use jiff::Timestamp;
use samspill_base::{
    Ore,
    columns::{instant, nanos},
};

use super::{
    Batch, CaseReader, Program, Verdicts,
    bind::BoundCase,
    classes::Telling,
    code::Code,
    lower::status_bit,
    read::Reader,
    shapes::{Shaper, Shapes},
    sum_plan::SumPlan,
    sums::SumReader,
};

/// What a case comes to. Made once and used for many: reading a case clears it first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// By number of [`Program::duties`], the set of the statuses of its instances: a bit for each
    /// ([`SetLayout::bit`](super::SetLayout::bit)), 0 where there is no instance.
    pub statuses: Vec<u8>,
    /// By number of [`Program::meters`].
    pub meters: Vec<MeterTotal>,
}

/// What a meter came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterTotal {
    /// How many days count; 0 where the meter has none.
    pub count: u32,
    /// What they cost; `None` where any of them has no certain price, or the sum is more than a number can hold.
    pub amount: Option<Ore>,
}

impl Default for MeterTotal {
    fn default() -> Self {
        Self { count: 0, amount: Some(Ore::ZERO) }
    }
}

impl Totals {
    /// The totals of verdicts: the definition of what totals are.
    pub fn sum_up(&mut self, program: &Program, verdicts: &Verdicts) {
        self.clear(program);
        for duty in &verdicts.duties {
            self.statuses[duty.duty as usize] |= status_bit(duty.status);
        }
        for meter in &verdicts.meters {
            self.meters[meter.meter as usize] = MeterTotal { count: meter.count, amount: meter.amount };
        }
    }

    fn clear(&mut self, program: &Program) {
        let names = &program.names;
        if self.statuses.len() != names.duties.len() || self.meters.len() != names.meters.len() {
            self.statuses.resize(names.duties.len(), 0);
            self.meters.resize(names.meters.len(), MeterTotal::default());
        }
        self.statuses.fill(0);
        self.meters.fill(MeterTotal::default());
    }
}

impl<'b> Batch<'b> {
    /// Someone to read cases one after another and tell what they come to; each thread has its own.
    ///
    /// It is quick where the program is asked about some rules alone ([`Program::only`]) and cases are read by plans
    /// ([`Self::is_planned`]): then no day is looked at on its own. Other cases are read as by [`CaseReader::read`] and summed
    /// up, with the same answers.
    pub fn totals(&self) -> TotalsReader<'_, 'b> {
        let by_plan = self.program.sums.as_ref().zip(self.binding.as_ref()).and_then(|(code, binding)| {
            let shaper = Shaper::of(code, binding, self.columns, Telling::Sums)?;
            let sums = SumReader::new(code, self.program.only.as_ref()?, binding);
            Some(ByPlan { code, shapes: Shapes::new(Some(&shaper)), shaper, reader: Reader::default(), sums })
        });
        TotalsReader {
            reader: self.reader(),
            by_plan,
            verdicts: Verdicts::default(),
            as_of: (Timestamp::MIN, None),
        }
    }
}

/// Reads the cases of a log, and tells what they come to; see [`Batch::totals`].
#[derive(Debug)]
pub struct TotalsReader<'r, 'b> {
    reader: CaseReader<'r, 'b>,
    by_plan: Option<ByPlan<'r>>,
    verdicts: Verdicts,
    /// The instant asked for last, and its number where numbers reach it.
    as_of: (Timestamp, Option<i64>),
}

/// Reads by the plans of shapes.
#[derive(Debug)]
struct ByPlan<'r> {
    code: &'r Code,
    shaper: Shaper<'r>,
    shapes: Shapes<SumPlan>,
    /// Works out plans.
    reader: Reader,
    sums: SumReader<'r>,
}

impl TotalsReader<'_, '_> {
    /// Reads a case: by its number in the log, as of its own instant if it gives one, else as of this.
    ///
    /// # Panics
    /// Where the log has no such case.
    pub fn read(&mut self, case: usize, as_of: Timestamp, totals: &mut Totals) {
        let program = self.reader.batch.program;
        totals.clear(program);
        if self.read_by_plan(case, as_of, totals).is_none() {
            self.reader.read(case, as_of, &mut self.verdicts);
            totals.sum_up(program, &self.verdicts);
        }
    }

    /// How many shapes the cases read so far had, of those that plans were made for.
    pub fn shapes(&self) -> usize {
        self.by_plan.as_ref().map_or(0, |by_plan| by_plan.shapes.len())
    }

    fn read_by_plan(&mut self, case: usize, as_of: Timestamp, totals: &mut Totals) -> Option<()> {
        if self.as_of.0 != as_of {
            self.as_of = (as_of, Some(nanos(as_of)).filter(|number| instant(*number) == as_of));
        }
        let as_of = self.as_of.1?;
        let by_plan = self.by_plan.as_mut()?;
        let batch = self.reader.batch;
        let rows = batch.rows.of_case(case);
        let shape = by_plan.shapes.of_case(&by_plan.shaper, &rows, as_of)?;
        let source = BoundCase {
            binding: batch.binding.as_ref()?,
            columns: batch.columns,
            rows: rows.first(shape.known),
        };
        if by_plan.shapes.plan(shape).is_none() {
            let planned =
                by_plan.shapes.has_room().then(|| by_plan.reader.plan(by_plan.code, &source, as_of));
            by_plan
                .shapes
                .add(shape, SumPlan::of(by_plan.code, batch.program.only.as_ref()?, &planned?.ok()?));
        }
        by_plan.sums.run(by_plan.shapes.plan(shape)?, &source, as_of, totals).ok()
    }
}
