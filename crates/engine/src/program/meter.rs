//! Meters, in numbers: which days count, and what they cost.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use samspill_agreement::model::{LastDay, StopEffect};
use samspill_base::{
    Ore,
    calendar::{DayCalendar, DayNumber, FIRST_DAY, LAST_DAY, add_calendar_days},
    columns::{instant, nanos},
};

use super::{
    case::{Case, Found},
    code::{
        DayExprCode, DayKindCode, MarkCode, MeterCode, OffsetCode, RateCode, RuleCode, StopCode, WaiverCode,
        WaiverTestCode,
    },
    cond::{Verdict, View},
    duty::Instance,
    source::Source,
    verdict::{DayVerdict, MeterVerdict, Verdicts},
};
use crate::{DayStatus, DutyStatus, FindingEffect, limit, price::raised, run::as_date};

/// Days that versions before have counted: no day is paid twice.
pub(crate) type Counted = BTreeSet<(u16, Date)>;

/// A run of a meter.
#[derive(Clone, Copy)]
struct Run {
    /// The place of what started it.
    start: usize,
    given: Date,
    first: Date,
    /// The last day that counts, by what stopped it.
    stop: Option<Date>,
    ended: Option<Date>,
}

/// Why nobody is liable for the days of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody is.
    Stands,
    /// Nobody is yet, or it can't be told.
    CanChange,
}

/// What was asked and couldn't be decided, by rule.
#[derive(Default)]
struct Undecided {
    rules: Vec<(RuleCode, u64)>,
}

impl Undecided {
    fn is_yes(&mut self, rule: RuleCode, verdict: Verdict) -> bool {
        if let Verdict::Undecided(missing) = verdict {
            match self.rules.iter_mut().find(|(known, _)| known.rank == rule.rank) {
                Some((_, facts)) => *facts |= missing,
                None => self.rules.push((rule, missing)),
            }
        }
        verdict.is_yes()
    }
}

/// What holds for all days of a meter, as the case stands.
pub(crate) struct Standing {
    pub waivers: u32,
    pub is_contestable: bool,
    pub is_provisional: bool,
    pub is_undecided: bool,
    pub yesterday: Option<Date>,
}

impl<S: Source> Case<'_, S> {
    /// Reads all meters that follow a version, and have started or are waived.
    pub(crate) fn meters(
        &mut self,
        version: usize,
        duties: &[Instance],
        counted: &mut Counted,
        verdicts: &mut Verdicts,
    ) {
        let code = self.code;
        for meter in &code.versions[version].meters {
            let view = View { version, at: self.as_of, entry: None, duties, trigger: None };
            let mut undecided = Undecided::default();
            let runs = self.runs(version, meter, &mut undecided);
            let waived = meter.waivers.iter();
            let waivers =
                waived.filter(|waiver| self.waives(&view, waiver, !runs.is_empty(), &mut undecided)).count();
            if !runs.is_empty() || waivers > 0 {
                let waivers = u32::try_from(waivers).unwrap_or(u32::MAX);
                self.meter(&view, meter, &runs, waivers, undecided, counted, verdicts);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what one meter needs, once")]
    fn meter(
        &mut self,
        view: &View<'_>,
        meter: &MeterCode,
        runs: &[Run],
        waivers: u32,
        mut undecided: Undecided,
        counted: &mut Counted,
        verdicts: &mut Verdicts,
    ) {
        let contestable = self.holding(view, &meter.contestable, &mut undecided);
        let provisional = self.holding(view, &meter.provisional, &mut undecided);
        let (is_contestable, is_provisional) = (!contestable.is_empty(), !provisional.is_empty());
        let (is_undecided, yesterday) =
            (!undecided.rules.is_empty(), yesterday(self.days(view.version), self.as_of));
        let standing = Standing { waivers, is_contestable, is_provisional, is_undecided, yesterday };
        let first = verdicts.days.len();
        for run in runs {
            let (given, refusal) = (run.given, self.refusal(view, meter, run));
            let days = MeterDays { given, first: run.first, stop: run.stop, ended: run.ended, refusal };
            let is_day = |day: DayNumber| self.is_day_of(view, day.date(), meter.counts);
            let is_counted = |date| counted.contains(&(meter.id, date));
            days.count(meter, &standing, is_day, is_counted, &mut verdicts.days, first);
        }
        let days = &verdicts.days[first..];
        let counts = || days.iter().filter(|day| day.status.counts());
        if self.code.versions.len() > 1 {
            counted.extend(counts().map(|day| (meter.id, day.date)));
        }
        let count = counts().count();
        let has_price = !matches!(meter.rate, RateCode::None);
        let is_unpriced = has_price && days.iter().any(|day| day.number.is_some() && day.amount.is_none());
        let contestable = if count > 0 { contestable } else { Vec::new() };
        self.find_about_days(meter, &contestable, undecided, is_unpriced);
        push_meter(meter, waivers, self.payer(view, meter), verdicts, first);
    }

    /// Findings about the days as a whole: contestable ones, undecided rules, and days without a certain price.
    fn find_about_days(
        &mut self,
        meter: &MeterCode,
        contestable: &[RuleCode],
        mut undecided: Undecided,
        is_unpriced: bool,
    ) {
        for rule in contestable {
            self.find_of_case(*rule, FindingEffect::Contestable, 0);
        }
        undecided.rules.sort_by_key(|(rule, _)| rule.rank);
        for (rule, missing) in undecided.rules {
            self.find_of_case(rule, FindingEffect::Undecided, missing);
        }
        if is_unpriced {
            self.find_of_case(meter.rule, FindingEffect::Unpriced, 0);
        }
    }

    /// The runs of a meter that follow the version, in the order of time.
    fn runs(&self, version: usize, meter: &MeterCode, undecided: &mut Undecided) -> Vec<Run> {
        let seen = &self.memory.seen;
        let mut runs = Vec::new();
        for place in self.of_kinds(meter.start) {
            if !seen[place].counts() || !self.follows(seen[place].happened, version) {
                continue;
            }
            let view = View::of_entry(version, place, &seen[place]);
            if undecided.is_yes(meter.start_rule, self.read(&view, &meter.start_when)) {
                runs.extend(self.run_from(&view, meter, place, undecided));
            }
        }
        runs
    }

    fn run_from(
        &self,
        view: &View<'_>,
        meter: &MeterCode,
        start: usize,
        undecided: &mut Undecided,
    ) -> Option<Run> {
        let given = self.days(view.version).date_of(instant(self.memory.seen[start].given())).ok()?;
        let first = self.latest_day(view, start, given, &meter.first_day).unwrap_or(given);
        let mut run = Run { start, given, first, stop: None, ended: None };
        let after = self.memory.seen[start].order();
        for place in self.of_kinds(meter.stopping) {
            let seen = &self.memory.seen[place];
            if seen.order() <= after || !seen.was_given() {
                continue;
            }
            for stop in meter.stops.iter().filter(|stop| stop.kinds & seen.bit != 0) {
                let view = View::of_entry(view.version, place, seen);
                if undecided.is_yes(stop.rule, self.read(&view, &stop.when)) {
                    self.stop_at(&mut run, &view, place, stop);
                }
                if run.ended.is_some() {
                    return Some(run);
                }
            }
        }
        Some(run)
    }

    fn stop_at(&self, run: &mut Run, view: &View<'_>, place: usize, stop: &StopCode) {
        let happened = instant(self.memory.seen[place].happened);
        let Ok(own_day) = self.days(view.version).date_of(happened) else { return };
        let day = self.latest_day(view, place, own_day, &stop.day).unwrap_or(own_day);
        let last = match stop.last {
            LastDay::SameDay => Some(day),
            LastDay::DayBefore => add_calendar_days(day, -1).ok(),
        };
        let Some(last) = last else { return };
        run.stop = Some(run.stop.map_or(last, |earlier| earlier.min(last)));
        if stop.effect == StopEffect::EndsRun {
            run.ended = Some(own_day);
        }
    }

    /// The latest of the days that the expressions give.
    fn latest_day(&self, view: &View<'_>, place: usize, own_day: Date, days: &[DayExprCode]) -> Option<Date> {
        days.iter().filter_map(|expr| self.day_of(view, place, own_day, expr)).max()
    }

    fn day_of(&self, view: &View<'_>, place: usize, own_day: Date, expr: &DayExprCode) -> Option<Date> {
        let seen = &self.memory.seen;
        let local = |at: i64| self.days(view.version).local(instant(at));
        let midnight = jiff::civil::Time::midnight();
        match expr {
            DayExprCode::FromEntry(offset) => {
                // The clock is read only where there is a cut-off to compare it with.
                let time = offset.cut_off.map_or(midnight, |_| local(seen[place].given()).time());
                self.offset_day(view, own_day, time, *offset)
            }
            DayExprCode::FromKind(offset, kind) => {
                let from = local(seen[self.latest(self.as_of, *kind, 0)?].given());
                self.offset_day(view, from.date(), from.time(), *offset)
            }
            DayExprCode::Field(offset, field) => {
                let text = self.source.field(seen[place].entry as usize, *field)?.as_text()?;
                self.offset_day(view, as_date(text)?, midnight, *offset)
            }
            DayExprCode::Fact(offset, slot) => {
                let read = |value: &samspill_base::Value| value.as_text().and_then(as_date);
                let day = self.with_fact(view.version, *slot, self.as_of, read)??;
                self.offset_day(view, day, midnight, *offset)
            }
        }
    }

    fn offset_day(
        &self,
        view: &View<'_>,
        day: Date,
        time: jiff::civil::Time,
        offset: OffsetCode,
    ) -> Option<Date> {
        let is_past = offset.cut_off.is_some_and(|cut_off| cut_off.is_past(time));
        let day = if is_past { add_calendar_days(day, 1).ok()? } else { day };
        let count = i32::try_from(offset.count).ok()?;
        match offset.of {
            DayKindCode::Any => add_calendar_days(day, count).ok(),
            DayKindCode::Working if count > 0 => self.days(view.version).add_working_days(day, count).ok(),
            kind @ (DayKindCode::Working | DayKindCode::OpenIn(_)) => {
                let mut day = self.day_on_or_after(view, day, kind).ok()?;
                for _ in 0..count {
                    day = self.day_on_or_after(view, add_calendar_days(day, 1).ok()?, kind).ok()?;
                }
                Some(day)
            }
        }
    }

    /// Whether a waiver makes all days fall away.
    fn waives(
        &self,
        view: &View<'_>,
        waiver: &WaiverCode,
        has_runs: bool,
        undecided: &mut Undecided,
    ) -> bool {
        let seen = &self.memory.seen;
        self.of_kinds(waiver.at).filter(|place| seen[*place].was_given()).any(|anchor| {
            let at = seen[anchor].happened;
            let view = View { at, entry: Some(anchor), ..*view };
            (has_runs || self.follows(at, view.version))
                && undecided.is_yes(waiver.rule, self.read(&view, &waiver.when))
                && self.passes(&view, waiver, undecided)
        })
    }

    fn passes(&self, view: &View<'_>, waiver: &WaiverCode, undecided: &mut Undecided) -> bool {
        match &waiver.test {
            WaiverTestCode::Unless(kinds) => self.latest(view.at, *kinds, 0).is_none(),
            WaiverTestCode::IfWithin(kinds, amount, condition) => {
                let version = &self.version(view.version).version;
                let Ok(limit) = limit::after(version, instant(view.at), *amount) else { return false };
                let seen = &self.memory.seen;
                let within = |place: &usize| {
                    seen[*place].was_given() && (view.at..=nanos(limit)).contains(&seen[*place].happened)
                };
                self.of_kinds(*kinds).filter(within).any(|place| {
                    let verdict = self.read(&View { entry: Some(place), ..*view }, condition);
                    undecided.is_yes(waiver.rule, verdict)
                })
            }
        }
    }

    fn holding(&self, view: &View<'_>, marks: &[MarkCode], undecided: &mut Undecided) -> Vec<RuleCode> {
        let holds = |mark: &&MarkCode| undecided.is_yes(mark.rule, self.read(view, &mark.when));
        marks.iter().filter(holds).map(|mark| mark.rule).collect()
    }

    /// Who pays, as it was said when the first of `payer_at` came; without any of those, as it stands.
    fn payer(&self, view: &View<'_>, meter: &MeterCode) -> Option<String> {
        let seen = &self.memory.seen;
        let named_at = self.of_kinds(meter.payer_at).find(|place| seen[*place].was_given());
        let at = named_at.map_or(view.at, |place| seen[place].happened);
        self.with_fact(view.version, meter.payer?, at, ToString::to_string)
    }

    /// Why nobody is liable for the days of a run, if so.
    fn refusal(&self, view: &View<'_>, meter: &MeterCode, run: &Run) -> Option<Refusal> {
        let start = &self.memory.seen[run.start];
        let own = || meter.liable_duties.iter().filter(|duty| duty.after & start.bit != 0);
        let concerned = |instance: &&Instance| {
            instance.trigger == start.position && own().any(|duty| duty.id == instance.id)
        };
        let has_concerned = view.duties.iter().any(|instance| concerned(&instance));
        if !has_concerned && own().any(|duty| self.time(run.start, duty.counts_from) > view.at) {
            return Some(Refusal::CanChange);
        }
        match self.read(&View { trigger: Some(start.position), ..*view }, &meter.liable) {
            Verdict::Yes => None,
            Verdict::Undecided(_) => Some(Refusal::CanChange),
            Verdict::No => {
                let mut concerned = view.duties.iter().filter(concerned);
                let is_open = concerned.any(|instance| instance.status == DutyStatus::Open);
                Some(if is_open { Refusal::CanChange } else { Refusal::Stands })
            }
        }
    }

    fn is_day_of(&self, view: &View<'_>, day: Date, kind: DayKindCode) -> bool {
        kind == DayKindCode::Any || self.day_on_or_after(view, day, kind).is_ok_and(|first| first == day)
    }

    /// Adds a finding about the case as a whole.
    fn find_of_case(&mut self, rule: RuleCode, effect: FindingEffect, missing: u64) {
        self.memory.found.push(Found {
            at: self.as_of,
            position: 0,
            rank: rule.rank,
            effect,
            rule: rule.rule,
            source: rule.source,
            missing,
        });
    }
}

/// The last whole day before the as-of day; see the readable evaluator.
pub(crate) fn yesterday(days: &DayCalendar, as_of: i64) -> Option<Date> {
    match days.date_of(instant(as_of)) {
        Ok(today) => add_calendar_days(today, -1).ok(),
        Err(_) if instant(as_of) > Timestamp::UNIX_EPOCH => Some(LAST_DAY),
        Err(_) => None,
    }
}

/// What a meter came to: its days are those from `first` on.
pub(crate) fn push_meter(
    meter: &MeterCode,
    waivers: u32,
    payer: Option<String>,
    verdicts: &mut Verdicts,
    first: usize,
) {
    let days = &verdicts.days[first..];
    let counts = || days.iter().filter(|day| day.status.counts());
    let has_price = !matches!(meter.rate, RateCode::None);
    verdicts.meters.push(MeterVerdict {
        meter: meter.number,
        count: u32::try_from(counts().count()).unwrap_or(u32::MAX),
        amount: if has_price { sum(counts()) } else { Some(Ore::ZERO) },
        payer,
        days: u32::try_from(days.len()).unwrap_or(u32::MAX),
        waivers,
    });
}

/// The days of a run: from when it was given to the day it ended, and what holds for them.
pub(crate) struct MeterDays {
    pub given: Date,
    /// The first day that counts, and the last by what stopped it.
    pub first: Date,
    pub stop: Option<Date>,
    pub ended: Option<Date>,
    pub refusal: Option<Refusal>,
}

impl MeterDays {
    /// Merges the days of the run into those of the meter so far (from `first` on).
    pub(crate) fn count(
        &self,
        meter: &MeterCode,
        standing: &Standing,
        is_day: impl Fn(DayNumber) -> bool,
        is_counted: impl Fn(Date) -> bool,
        days: &mut Vec<DayVerdict>,
        first: usize,
    ) {
        let Some(yesterday) = standing.yesterday else { return };
        let until = self.ended.map_or(yesterday, |ended| ended.min(yesterday));
        let (Ok(given), Ok(until)) = (DayNumber::of(self.given), DayNumber::of(until)) else { return };
        let counting = (place_of(self.first), self.stop.map_or(i64::MAX, place_of));
        let (mut number, mut paid) = (0, 0);
        for place in given.number()..=until.number() {
            let Some(here) = DayNumber::new(place) else { break };
            let within = counting.0 <= i64::from(place) && i64::from(place) <= counting.1;
            let mut day = self.classify(here.date(), within && is_day(here), standing);
            if day.status.counts() {
                number += 1;
                if number <= meter.free_days {
                    day.status = DayStatus::NotPayable;
                } else {
                    paid += 1;
                    day.number = Some(paid);
                    day.amount = price(meter, day.date, paid);
                }
            }
            merge(days, first, day, &is_counted);
        }
    }

    fn classify(&self, date: Date, counts: bool, standing: &Standing) -> DayVerdict {
        let (status, is_final) = if !counts {
            (DayStatus::NotPayable, true)
        } else if let Some(refusal) = self.refusal {
            (DayStatus::NotPayable, refusal == Refusal::Stands)
        } else if standing.waivers > 0 {
            (DayStatus::NotPayable, true)
        } else {
            let status = if standing.is_contestable {
                DayStatus::Contestable
            } else if standing.is_provisional {
                DayStatus::Provisional
            } else {
                DayStatus::Payable
            };
            (status, !standing.is_provisional && !standing.is_undecided)
        };
        DayVerdict { date, status, is_final, number: None, amount: None }
    }
}

/// Puts a day among those of the meter (from `first` on, in order): the better of two of the same date stays.
fn merge(days: &mut Vec<DayVerdict>, first: usize, day: DayVerdict, is_counted: impl Fn(Date) -> bool) {
    let place = match days.last() {
        Some(last) if days.len() > first && last.date >= day.date => {
            first + days[first..].partition_point(|other| other.date < day.date)
        }
        Some(_) | None => days.len(),
    };
    match days.get_mut(place).filter(|other| other.date == day.date) {
        Some(other) if other.status >= day.status || is_counted(day.date) => {}
        Some(other) => *other = day,
        None if is_counted(day.date) => {}
        None => days.insert(place, day),
    }
}

/// What days cost; `None` where any has no certain price, or the sum is more than a number can hold.
fn sum<'d>(mut days: impl Iterator<Item = &'d DayVerdict>) -> Option<Ore> {
    days.try_fold(Ore::ZERO, |sum, day| sum.checked_add(day.amount?))
}

/// A day's place among those of calendars; before or after all of them, where it is none.
pub(crate) fn place_of(date: Date) -> i64 {
    let outside = if date < FIRST_DAY { i64::MIN } else { i64::MAX };
    DayNumber::of(date).map_or(outside, |day| i64::from(day.number()))
}

fn price(meter: &MeterCode, date: Date, number: u32) -> Option<Ore> {
    let base = match &meter.rate {
        RateCode::None => return None,
        RateCode::Fixed(amount) => *amount,
        RateCode::Dated(spans) => {
            let begun = spans.iter().rev().find(|span| span.from <= date)?;
            begun.until.is_none_or(|until| date < until).then_some(begun.amount)??
        }
    };
    raised(base, &meter.progression, number)
}
