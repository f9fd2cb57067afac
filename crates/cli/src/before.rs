//! Cases from before their agreement: no rule is about them, and a report without duties should say why.

use jiff::{Timestamp, civil::Date};
use samspill_agreement::model::Agreement;
use samspill_base::{
    CaseLog, Columns,
    columns::{instant, nanos},
};
use samspill_engine::Dates;

/// How many cases ended before the first version of their agreement, by the days that those begin.
#[derive(Debug, Default)]
pub(crate) struct Before {
    cases: u64,
    first: Option<Date>,
}

impl Before {
    /// Counts a case whose last entry lies before the agreement's first version.
    pub(crate) fn count(&mut self, agreement: &Agreement, case: &CaseLog, dates: Dates) {
        let Some(last) = case.entries.iter().map(|entry| entry.happened).max() else { return };
        if let Some(begin) = begin(agreement, dates).filter(|begin| last < *begin) {
            self.add(agreement, begin, 1);
        }
    }

    /// The same for a whole log.
    pub(crate) fn of_columns(agreement: &Agreement, columns: &Columns, dates: Dates) -> Self {
        let mut before = Self::default();
        let Some(begin) = begin(agreement, dates) else { return before };
        let mut last = vec![i64::MIN; columns.cases.len()];
        for (case, happened) in columns.case.iter().zip(&columns.happened) {
            let last = &mut last[*case as usize];
            *last = (*last).max(*happened);
        }
        let ended = last.iter().filter(|last| (i64::MIN + 1..nanos(begin)).contains(*last)).count();
        if ended > 0 {
            before.add(agreement, instant(nanos(begin)), ended as u64);
        }
        before
    }

    fn add(&mut self, agreement: &Agreement, begin: Timestamp, cases: u64) {
        let day = begin.to_zoned(agreement.newest().calendar.zone.clone()).date();
        self.cases += cases;
        self.first = Some(self.first.map_or(day, |first| first.min(day)));
    }

    /// What to tell people, if there is something to tell.
    pub(crate) fn sentence(&self, seen: u64) -> Option<String> {
        let first = self.first?;
        Some(format!(
            "note: {} of {seen} cases ended before any version was in force (the first is of {first}), so no rule is about \
             them; --newest reads them by the newest version",
            self.cases
        ))
    }
}

/// When the first version begins, where only versions in force are read.
fn begin(agreement: &Agreement, dates: Dates) -> Option<Timestamp> {
    match dates {
        Dates::NewestAlways => None,
        Dates::InForce => {
            let first = agreement.versions.first()?;
            first.in_force.to_zoned(first.calendar.zone.clone()).ok().map(|begin| begin.timestamp())
        }
    }
}
