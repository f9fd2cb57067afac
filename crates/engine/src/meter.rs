//! Meters: which days count, what they cost, and why.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use samspill_agreement::model::{
    Condition, DutyId, FactName, Mark, Meter, RuleId, Version, Waiver, WaiverTest,
};
use samspill_base::{ClauseRef, Ore, Position, calendar::add_calendar_days};

use crate::{
    DayReason, DayStatus, DutyReading, DutyStatus, EntryRef, Finding, FindingEffect, MeterDay, MeterReading,
    Missing,
    case::{Case, Seen},
    condition::{Verdict, View},
    duties::Duties,
    limit::{self, is_day_of},
    phase::Phases,
    price::{Price, price},
    run::{Run, runs},
};

/// All meters of the case that follow this version, and have started or are waived.
pub(crate) fn meters<'a>(
    case: &Case<'a>,
    phases: &Phases,
    version: &'a Arc<Version>,
    duties: &Duties<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<MeterReading> {
    let view =
        View { case, phases, version, at: case.as_of, entry: None, duties: Some(duties), trigger: None };
    version
        .meters
        .iter()
        .filter_map(|meter| {
            let reader = MeterReader { view, version, meter };
            let runs = runs(case, phases, version, meter);
            let waived = reader.waivers();
            (!runs.is_empty() || !waived.is_empty()).then(|| reader.read(&runs, &waived, findings))
        })
        .collect()
}

struct MeterReader<'c, 'a> {
    /// The case as it stands when it is read.
    view: View<'c, 'a>,
    version: &'a Arc<Version>,
    meter: &'a Meter,
}

/// A waiver that applies, and the entries that show it.
type Waived<'a> = (&'a Waiver, Vec<Position>);

impl<'c, 'a> MeterReader<'c, 'a> {
    fn read(&self, runs: &[Run<'c, 'a>], waived: &[Waived<'a>], findings: &mut Vec<Finding>) -> MeterReading {
        let mut days: BTreeMap<Date, MeterDay> = BTreeMap::new();
        for run in runs {
            for day in self.days_of(run, waived) {
                let better = days.get(&day.date).is_none_or(|other| other.status < day.status);
                if better {
                    days.insert(day.date, day);
                }
            }
        }
        let days: Vec<MeterDay> = days.into_values().collect();
        self.find(&days, findings);
        let counted = || days.iter().filter(|day| day.status.counts());
        let is_priced = self.meter.rate == samspill_agreement::model::Rate::None
            || counted().all(|day| day.amount.is_some());
        MeterReading {
            meter: self.meter.id.clone(),
            clause: self.meter.clause.clone(),
            version: self.version.version.clone(),
            count: u32::try_from(counted().count()).unwrap_or(u32::MAX),
            amount: is_priced.then(|| counted().filter_map(|day| day.amount).sum::<Ore>()),
            payer: self.payer(),
            waived_by: waived.iter().map(|(waiver, _)| waiver.id.clone()).collect(),
            days,
        }
    }

    fn payer(&self) -> Option<String> {
        let fact = self.meter.payer.as_ref()?;
        self.view.case.facts.at(self.version, fact, self.view.at).map(|payer| payer.to_string())
    }

    /// The days of a run, from the day its start was given to the day it ended; only whole days before the as-of day.
    fn days_of(&self, run: &Run<'c, 'a>, waived: &[Waived<'a>]) -> Vec<MeterDay> {
        let days = &self.version.calendar.days;
        let Some(yesterday) =
            days.date_of(self.view.at).ok().and_then(|today| add_calendar_days(today, -1).ok())
        else {
            return Vec::new();
        };
        let until = run.ended.map_or(yesterday, |ended| ended.min(yesterday));
        let liability = Liability::of(self, run);
        let mut paid = 0;
        let mut counted = 0;
        let mut out = Vec::new();
        let mut date = run.given;
        while date <= until {
            let mut day = self.classify(run, date, &liability, waived);
            if day.status.counts() {
                counted += 1;
                if counted <= self.meter.free_days {
                    let clause = self.meter.free_clause.clone().unwrap_or_else(|| self.meter.clause.clone());
                    day.status = DayStatus::NotPayable;
                    day.because.insert(0, DayReason::Free(clause, counted));
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
    ) -> MeterDay {
        let start = run.start.reference(run.start.happened());
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
            self.marked(start, liability)
        } else {
            (DayStatus::NotPayable, true, refused)
        };
        used.sort_unstable();
        used.dedup();
        MeterDay { date, status, is_final, number: None, amount: None, because, used }
    }

    /// The status of a day that counts, by the marks that hold.
    fn marked(&self, start: EntryRef, liability: &Liability) -> (DayStatus, bool, Vec<DayReason>) {
        let mut because = vec![DayReason::Runs(liability.clause.clone(), start)];
        let contestable = self.holding(&self.meter.contestable);
        let provisional = self.holding(&self.meter.provisional);
        because.extend(
            contestable.iter().map(|mark| DayReason::Contestable(mark.id.clone(), mark.clause.clone())),
        );
        because.extend(
            provisional.iter().map(|mark| DayReason::Provisional(mark.id.clone(), mark.clause.clone())),
        );
        let status = if !contestable.is_empty() {
            DayStatus::Contestable
        } else if !provisional.is_empty() {
            DayStatus::Provisional
        } else {
            DayStatus::Payable
        };
        (status, provisional.is_empty(), because)
    }

    fn holding(&self, marks: &'a [Mark]) -> Vec<&'a Mark> {
        marks.iter().filter(|mark| self.view.read(&mark.when).is_yes()).collect()
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

    /// The waivers that apply to the case.
    fn waivers(&self) -> Vec<Waived<'a>> {
        self.meter.waivers.iter().filter_map(|waiver| Some((waiver, self.waived_at(waiver)?))).collect()
    }

    /// The entries that show that a waiver applies: its anchor, and what was found.
    fn waived_at(&self, waiver: &Waiver) -> Option<Vec<Position>> {
        let case = self.view.case;
        let mut anchors = case.seen.iter().filter(|seen| seen.is_any(&waiver.at) && seen.was_given());
        anchors.find_map(|anchor| {
            let view = View { at: anchor.happened(), entry: Some(anchor), ..self.view };
            if !case.follows(anchor.happened(), self.version) || !view.read(&waiver.when).is_yes() {
                return None;
            }
            match &waiver.test {
                WaiverTest::Unless(kinds) => {
                    let found = kinds.iter().any(|kind| view.latest(kind, &[]).is_some());
                    (!found).then(|| vec![anchor.entry.position])
                }
                WaiverTest::IfWithin(kinds, amount, condition) => {
                    let limit = self.limit_after(anchor, *amount)?;
                    let within = |seen: &&Seen<'a>| {
                        seen.is_any(kinds)
                            && seen.was_given()
                            && seen.happened() >= anchor.happened()
                            && seen.happened() <= limit
                            && View { at: seen.happened(), entry: Some(seen), ..self.view }
                                .read(condition)
                                .is_yes()
                    };
                    case.seen.iter().find(within).map(|seen| vec![anchor.entry.position, seen.entry.position])
                }
            }
        })
    }

    fn limit_after(
        &self,
        anchor: &Seen<'a>,
        amount: samspill_agreement::model::Amount,
    ) -> Option<jiff::Timestamp> {
        limit::after(self.version, anchor.happened(), amount).ok()
    }

    /// Findings about the days as a whole: contestable ones, and ones without a certain price.
    fn find(&self, days: &[MeterDay], findings: &mut Vec<Finding>) {
        for mark in self.holding(&self.meter.contestable) {
            let marked =
                dates(days, |day| day.because.iter().any(|reason| reason.code() == mark.id.as_str()));
            if !marked.is_empty() {
                let finding =
                    self.finding(&mark.id, &mark.clause, FindingEffect::Contestable, Missing::Days(marked));
                findings.push(finding);
            }
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
            severity: samspill_agreement::model::Severity::Serious,
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

fn waived_reasons(waived: &[Waived<'_>], used: &mut Vec<Position>) -> Vec<DayReason> {
    waived
        .iter()
        .map(|(waiver, positions)| {
            used.extend(positions);
            DayReason::Waived(waiver.id.clone(), waiver.clause.clone(), positions.clone())
        })
        .collect()
}

/// Whether somebody is liable for the days of a run.
struct Liability {
    clause: ClauseRef,
    /// Why nobody is, if so.
    refusal: Option<DayReason>,
    /// The entries that the duties concerned used.
    used: Vec<Position>,
}

impl Liability {
    fn of(reader: &MeterReader<'_, '_>, run: &Run<'_, '_>) -> Self {
        let clause = reader.meter.liable_clause.clone();
        let start = run.start.entry.position;
        let view = View { trigger: Some(start), ..reader.view };
        let concerned: Vec<&DutyReading> = named_duties(&reader.meter.liable)
            .into_iter()
            .flat_map(|duty| view.duties.map_or(&[][..], |duties| duties.triggered_by(duty, start)))
            .copied()
            .collect();
        let is_open = concerned.iter().any(|reading| reading.status == DutyStatus::Open);
        let refusal = match view.read(&reader.meter.liable) {
            Verdict::Yes => None,
            Verdict::No if is_open => Some(DayReason::NotYetLiable(clause.clone())),
            Verdict::No => Some(DayReason::NotLiable(clause.clone())),
            Verdict::Undecided(facts) => {
                let facts: Vec<FactName> = facts.into_iter().collect();
                Some(DayReason::LiabilityUndecided(clause.clone(), facts))
            }
        };
        let used = concerned.iter().flat_map(|reading| reading.used()).collect();
        Self { clause, refusal, used }
    }
}

/// The duties that a condition asks about.
fn named_duties(condition: &Condition) -> Vec<&DutyId> {
    match condition {
        Condition::Duty(_, duty) => vec![duty],
        Condition::Not(inner) => named_duties(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(named_duties).collect(),
        Condition::Always
        | Condition::Fact(..)
        | Condition::Field(..)
        | Condition::Has { .. }
        | Condition::InPhase(_) => Vec::new(),
    }
}
