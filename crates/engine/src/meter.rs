//! Meters: which days count, what they cost, and why.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{Timestamp, civil::Date};
use samspill_agreement::model::{Mark, Meter, MeterId, Rate, RuleId, Severity, Version};
use samspill_base::{
    ClauseRef, Ore, Position,
    calendar::{LAST_DAY, add_calendar_days},
};

use crate::{
    DayReason, DayStatus, EntryRef, Finding, FindingEffect, MeterDay, MeterReading, Missing,
    case::{Case, Seen},
    condition::View,
    duties::Duties,
    liability::Liability,
    limit::is_day_of,
    phase::Phases,
    price::{Price, price},
    run::{Run, runs},
    undecided::Undecided,
    waiver::{HasRuns, Waived, waivers},
};

/// All meters of the case that follow this version, and have started or are waived.
///
/// `counted` holds the days that versions before this one have counted: no day is paid twice.
pub(crate) fn meters<'a>(
    case: &Case<'a>,
    phases: &Phases,
    version: &'a Arc<Version>,
    duties: &Duties<'_>,
    counted: &mut BTreeSet<(MeterId, Date)>,
    findings: &mut Vec<Finding>,
) -> Vec<MeterReading> {
    let view =
        View { case, phases, version, at: case.as_of, entry: None, duties: Some(duties), trigger: None };
    version
        .meters
        .iter()
        .filter_map(|meter| {
            let mut undecided = Undecided::default();
            let runs = runs(case, phases, version, meter, &mut undecided);
            let has_runs = if runs.is_empty() { HasRuns::No } else { HasRuns::Yes };
            let waived = waivers(&view, meter, has_runs, &mut undecided);
            let mut reader = MeterReader { view, version, meter, undecided };
            (!runs.is_empty() || !waived.is_empty()).then(|| reader.read(&runs, &waived, counted, findings))
        })
        .collect()
}

struct MeterReader<'c, 'a> {
    /// The case as it stands when it is read.
    view: View<'c, 'a>,
    version: &'a Arc<Version>,
    meter: &'a Meter,
    /// The parts of the meter that hang on missing facts.
    undecided: Undecided,
}

/// The marks of a meter that hold, as the case stands.
struct Marks<'a> {
    contestable: Vec<&'a Mark>,
    provisional: Vec<&'a Mark>,
}

impl<'c, 'a> MeterReader<'c, 'a> {
    fn read(
        &mut self,
        runs: &[Run<'c, 'a>],
        waived: &[Waived<'a>],
        counted: &mut BTreeSet<(MeterId, Date)>,
        findings: &mut Vec<Finding>,
    ) -> MeterReading {
        let marks = Marks {
            contestable: self.holding(&self.meter.contestable),
            provisional: self.holding(&self.meter.provisional),
        };
        let mut days: BTreeMap<Date, MeterDay> = BTreeMap::new();
        for run in runs {
            for day in self.days_of(run, waived, &marks) {
                let better = days.get(&day.date).is_none_or(|other| other.status < day.status);
                if better && !counted.contains(&(self.meter.id.clone(), day.date)) {
                    days.insert(day.date, day);
                }
            }
        }
        let days: Vec<MeterDay> = days.into_values().collect();
        self.find(&days, &marks, findings);
        let payable = || days.iter().filter(|day| day.status.counts());
        counted.extend(payable().map(|day| (self.meter.id.clone(), day.date)));
        MeterReading {
            meter: self.meter.id.clone(),
            clause: self.meter.clause.clone(),
            version: self.version.version.clone(),
            count: u32::try_from(payable().count()).unwrap_or(u32::MAX),
            amount: self.sum(payable()),
            payer: self.payer(),
            waived_by: waived.iter().map(|(waiver, _)| waiver.id.clone()).collect(),
            days,
        }
    }

    /// What the days cost; `None` where any has no price, or the sum is more than a number can hold.
    fn sum<'d>(&self, days: impl Iterator<Item = &'d MeterDay>) -> Option<Ore> {
        if self.meter.rate == Rate::None {
            return Some(Ore::ZERO);
        }
        days.map(|day| day.amount).try_fold(Ore::ZERO, |sum, amount| sum.checked_add(amount?))
    }

    /// Who pays, as it was said when the first of `payer_at` came; without any of those, as it stands.
    fn payer(&self) -> Option<String> {
        let fact = self.meter.payer.as_ref()?;
        let named_at =
            self.view.case.of_kinds(&self.meter.payer_at).into_iter().find(|seen| seen.was_given());
        let at = named_at.map_or(self.view.at, Seen::happened);
        self.view.case.facts.at(self.version, fact, at).map(|payer| payer.to_string())
    }

    /// The last whole day before the as-of day; the last day of all calendars where the instant lies past them.
    fn yesterday(&self) -> Option<Date> {
        match self.version.calendar.days.date_of(self.view.at) {
            Ok(today) => add_calendar_days(today, -1).ok(),
            Err(_) if self.view.at > Timestamp::UNIX_EPOCH => Some(LAST_DAY),
            Err(_) => None,
        }
    }

    /// The days of a run, from the day its start was given to the day it ended; only whole days before the as-of day.
    fn days_of(&self, run: &Run<'c, 'a>, waived: &[Waived<'a>], marks: &Marks<'a>) -> Vec<MeterDay> {
        let Some(yesterday) = self.yesterday() else { return Vec::new() };
        let until = run.ended.map_or(yesterday, |ended| ended.min(yesterday));
        let liability = Liability::of(&self.view, run);
        let mut paid = 0;
        let mut counted = 0;
        let mut out = Vec::new();
        let mut date = run.given;
        while date <= until {
            let mut day = self.classify(run, date, &liability, waived, marks);
            if day.status.counts() {
                counted += 1;
                if counted <= self.meter.free_days {
                    let clause = self.meter.free_clause.clone().unwrap_or_else(|| self.meter.clause.clone());
                    day.status = DayStatus::NotPayable;
                    day.because = vec![DayReason::Free(clause, counted)];
                } else {
                    paid += 1;
                    self.put_price(&mut day, paid);
                }
            }
            out.push(day);
            match add_calendar_days(date, 1) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        out
    }

    fn classify(
        &self,
        run: &Run<'c, 'a>,
        date: Date,
        liability: &Liability,
        waived: &[Waived<'a>],
        marks: &Marks<'a>,
    ) -> MeterDay {
        let start = run.start.reference(run.start.given());
        let mut used = vec![run.start.entry.position];
        let refused = if date < run.first {
            Some(DayReason::BeforeFirstDay(self.meter.start.clause.clone(), run.first))
        } else if let Some(stop) = run.stop.as_ref().filter(|stop| date > stop.last) {
            used.push(stop.by.entry.position);
            Some(DayReason::AfterLastDay(stop.clause.clone(), stop.by.reference(stop.by.happened())))
        } else if !is_day_of(&self.view, date, &self.meter.counts) {
            Some(DayReason::NotCounted(self.meter.clause.clone()))
        } else {
            used.extend(&liability.used);
            liability.refusal.clone()
        };
        let refused = refused.map_or_else(|| waived_reasons(waived, &mut used), |reason| vec![reason]);
        let (status, is_final, because) = if refused.is_empty() {
            self.marked(start, liability, marks)
        } else {
            (DayStatus::NotPayable, !refused.iter().any(can_change), refused)
        };
        used.sort_unstable();
        used.dedup();
        MeterDay { date, status, is_final, number: None, amount: None, because, used }
    }

    /// The status of a day that counts, by the marks that hold. It isn't final while a part of the meter is undecided.
    fn marked(
        &self,
        start: EntryRef,
        liability: &Liability,
        marks: &Marks<'_>,
    ) -> (DayStatus, bool, Vec<DayReason>) {
        let mut because = vec![DayReason::Runs(liability.clause.clone(), start)];
        let contestable = |mark: &&Mark| DayReason::Contestable(mark.id.clone(), mark.clause.clone());
        let provisional = |mark: &&Mark| DayReason::Provisional(mark.id.clone(), mark.clause.clone());
        because.extend(marks.contestable.iter().map(contestable));
        because.extend(marks.provisional.iter().map(provisional));
        let status = if !marks.contestable.is_empty() {
            DayStatus::Contestable
        } else if !marks.provisional.is_empty() {
            DayStatus::Provisional
        } else {
            DayStatus::Payable
        };
        (status, marks.provisional.is_empty() && self.undecided.rules.is_empty(), because)
    }

    fn holding(&mut self, marks: &'a [Mark]) -> Vec<&'a Mark> {
        marks
            .iter()
            .filter(|mark| self.undecided.is_yes(&mark.id, &mark.clause, self.view.read(&mark.when)))
            .collect()
    }

    fn put_price(&self, day: &mut MeterDay, number: u32) {
        day.number = Some(number);
        match price(self.version, self.meter, day.date, number) {
            Price::Unpaid => {}
            Price::Known(clause, amount) => {
                day.amount = Some(amount);
                day.because.push(DayReason::Priced(clause, amount));
            }
            Price::Unknown(clause) => day.because.push(DayReason::Unpriced(clause)),
        }
    }

    /// Findings about the days as a whole: contestable ones, undecided rules, and days without a certain price.
    fn find(&self, days: &[MeterDay], marks: &Marks<'_>, findings: &mut Vec<Finding>) {
        for mark in &marks.contestable {
            let is_marked = |day: &MeterDay| {
                day.status.counts() && day.because.iter().any(|reason| reason.code() == mark.id.as_str())
            };
            let marked = dates(days, is_marked);
            if !marked.is_empty() {
                let missing = Missing::Days(marked);
                findings.push(self.finding(&mark.id, &mark.clause, FindingEffect::Contestable, missing));
            }
        }
        for (rule, (clause, facts)) in &self.undecided.rules {
            let missing = Missing::Facts(facts.iter().cloned().collect());
            findings.push(self.finding(rule, clause, FindingEffect::Undecided, missing));
        }
        let is_unpriced =
            |day: &MeterDay| day.because.iter().any(|reason| matches!(reason, DayReason::Unpriced(_)));
        let unpriced = dates(days, is_unpriced);
        if !unpriced.is_empty() {
            let rule = RuleId::new(self.meter.id.as_str());
            let clause = &self.meter.clause;
            findings.push(self.finding(&rule, clause, FindingEffect::Unpriced, Missing::Prices(unpriced)));
        }
    }

    fn finding(&self, rule: &RuleId, clause: &ClauseRef, effect: FindingEffect, missing: Missing) -> Finding {
        Finding {
            rule: rule.clone(),
            clause: clause.clone(),
            version: self.version.version.clone(),
            effect,
            severity: Severity::Serious,
            entry: None,
            at: self.view.at,
            missing,
            used: Vec::new(),
        }
    }
}

fn dates(days: &[MeterDay], is_one: impl Fn(&MeterDay) -> bool) -> Vec<Date> {
    days.iter().filter(|day| is_one(day)).map(|day| day.date).collect()
}

/// Whether a refusal may turn into payment without anything new being said about the past.
fn can_change(reason: &DayReason) -> bool {
    matches!(reason, DayReason::NotYetLiable(_) | DayReason::LiabilityUndecided(..))
}

fn waived_reasons(waived: &[Waived<'_>], used: &mut Vec<Position>) -> Vec<DayReason> {
    waived
        .iter()
        .map(|(waiver, positions)| {
            used.extend(positions);
            DayReason::Waived(waiver.id.clone(), waiver.clause.clone(), positions.clone())
        })
        .collect()
}
