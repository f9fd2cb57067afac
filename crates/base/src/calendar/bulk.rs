use super::{guess_table::OneStep, open_tables::Run};

/// What it takes to add one duration to many nanoseconds, in few steps and none of them by chance.
pub(super) struct BulkAdd<'t> {
    pub(super) runs: &'t [Run],
    pub(super) by_time: OneStep<'t>,
    pub(super) by_open: OneStep<'t>,
    /// The first covered nanosecond since 1970.
    pub(super) first: i64,
    /// How many nanoseconds are covered.
    pub(super) covered: u64,
    /// Open nanoseconds to add, less the last.
    pub(super) open_but_one: u64,
    /// Open nanoseconds that may have passed before, for the answer to be in the calendar: fewer than this.
    pub(super) open_limit: u64,
}

/// More open nanoseconds than any calendar has.
const OUTSIDE: u64 = u64::MAX;

/// How many are taken at a time.
const AT_ONCE: usize = 512;

impl BulkAdd<'_> {
    /// Fills the answers, with `outside` where there is none, and counts those.
    ///
    /// First all go from time to open time, then all back: each loop is small enough for the processor to have
    /// several of its rounds under way at once.
    pub(super) fn fill(&self, at: &[i64], answers: &mut [i64], outside: i64) -> usize {
        let mut before = [OUTSIDE; AT_ONCE];
        let mut count = 0;
        for (at, answers) in at.chunks(AT_ONCE).zip(answers.chunks_mut(AT_ONCE)) {
            let before = &mut before[..at.len()];
            self.read_open_time(at, before);
            count += self.find_moments(before, answers, outside);
        }
        count
    }

    #[inline(never)]
    fn read_open_time(&self, at: &[i64], before: &mut [u64]) {
        let Self { runs, by_time, first, covered, .. } = *self;
        for (at, before) in at.iter().zip(before) {
            let since = at.wrapping_sub(first).cast_unsigned();
            *before = if since < covered {
                let (run, next) = by_time.last_reached(runs, since, |run| run.opens <= *at);
                let passed = at.wrapping_sub(run.opens).cast_unsigned();
                run.before + passed.min(next.before - run.before)
            } else {
                OUTSIDE
            }
        }
    }

    #[inline(never)]
    fn find_moments(&self, before: &[u64], answers: &mut [i64], outside: i64) -> usize {
        let Self { runs, by_open, open_but_one, open_limit, .. } = *self;
        let mut count = 0;
        for (before, answer) in before.iter().zip(answers) {
            *answer = if *before < open_limit {
                let last = before + open_but_one;
                let (run, _) = by_open.last_reached(runs, last, |run| run.before <= last);
                run.opens.wrapping_add_unsigned(last - run.before) + 1
            } else {
                count += 1;
                outside
            }
        }
        count
    }
}
