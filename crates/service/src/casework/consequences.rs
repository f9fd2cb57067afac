//! What writing something leads to: two readings of one case, without it and with it, and how they differ.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};
use samspill_agreement::model::{Language, MeterId};
use samspill_base::CaseLog;
use samspill_engine::{
    Due, DutyReading, DutyStatus, Evaluation,
    explain::{date_words, duration_words, instant_words},
};

use super::{StayView, words::say};
use crate::projections::Agreements;

/// How far ahead days are looked at, if nothing more happens. What is shown is the first of them.
const AHEAD_HOURS: i64 = 24 * 21;

/// Something that writing an entry leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// A duty arises, or counts anew.
    Arises(DutyMark),
    /// A duty is done.
    Done(DutyMark),
    /// A duty falls away, undone.
    FallsAway(DutyMark),
    /// A duty that was done, or had fallen away, is to be done again.
    OpensAgain(DutyMark),
    /// The limit of an open duty becomes another.
    Moves(DutyMark),
    /// Days are counted from here on, if nothing more happens.
    DaysBegin(MeterId, Date),
    /// Days aren't counted any more: the last one that is, or none at all.
    DaysEnd(MeterId, Option<Date>),
    /// Days begin on another day than they would have.
    DaysMove(MeterId, Date),
    /// Days so far: how many more, or fewer, count.
    DaysChange(MeterId, i64),
}

/// A duty, as far as a consequence tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyMark {
    /// The duty.
    pub duty: String,
    /// The version of the agreement that it follows.
    pub version: String,
    /// Its clause.
    pub clause: String,
    /// Who has it.
    pub holder: String,
    /// Its limit.
    pub due: Due,
    /// How late it is done; none where it is in time.
    pub late_by: Option<SignedDuration>,
}

/// What the entries that `after` has and `before` hasn't lead to, both read now and if nothing more happens.
pub fn consequences(
    agreements: &Agreements,
    before: &CaseLog,
    after: &CaseLog,
    now: Timestamp,
) -> Vec<Consequence> {
    let read = |log: &CaseLog, at: Timestamp| agreements.evaluate(log, at);
    let Some(then) = read(after, now) else { return Vec::new() };
    let first = read(before, now);
    let later = now.checked_add(SignedDuration::from_hours(AHEAD_HOURS)).unwrap_or(now);
    let ahead = |log: &CaseLog| read(log, later).map(|evaluation| days(&evaluation)).unwrap_or_default();
    let mut found = duties(first.as_ref(), &then);
    found.extend(counted(&ahead(before), &ahead(after)));
    found.extend(so_far(first.as_ref(), &then));
    found
}

impl Consequence {
    /// It in a sentence.
    pub fn sentence(&self, view: &StayView<'_>, language: Language) -> String {
        let zone = &view.evaluation.zone;
        match self {
            Self::Arises(mark) => mark.arises(view, language),
            Self::Done(mark) => mark.done(view, language),
            Self::FallsAway(mark) => {
                let name = mark.name(view, language);
                say!(language; "Plikten «{name}» faller bort.", "Plikta «{name}» fell bort.", "The duty “{name}” falls away.")
            }
            Self::OpensAgain(mark) => {
                let (name, holder) = (mark.name(view, language), mark.holder(view, language));
                say!(language; "«{name}» er ikke lenger gjort: {holder} må gjøre det på nytt.", "«{name}» er ikkje lenger gjort: {holder} må gjere det på nytt.", "“{name}” is no longer done: {holder} must do it again.")
            }
            Self::Moves(mark) => {
                let name = mark.name(view, language);
                match mark.due.instant().map(|at| instant_words(at, zone, language)) {
                    Some(due) => {
                        say!(language; "Fristen for «{name}» blir {due}.", "Fristen for «{name}» blir {due}.", "The limit of “{name}” becomes {due}.")
                    }
                    None => {
                        say!(language; "«{name}» får ingen fast frist.", "«{name}» får ingen fast frist.", "“{name}” gets no fixed limit.")
                    }
                }
            }
            Self::DaysBegin(meter, day) => {
                let (meter, day) = (meter_name(view, meter, language), date_words(*day, language));
                say!(language; "{meter}: døgn begynner å telle fra og med {day}, hvis ikke noe mer skjer.", "{meter}: døgn byrjar å telje frå og med {day}, om ikkje noko meir skjer.", "{meter}: days begin to count from {day}, if nothing more happens.")
            }
            Self::DaysEnd(meter, last) => days_end(view, meter, *last, language),
            Self::DaysMove(meter, day) => {
                let (meter, day) = (meter_name(view, meter, language), date_words(*day, language));
                say!(language; "{meter}: første døgn som teller, blir {day}, hvis ikke noe mer skjer.", "{meter}: første døgn som tel, blir {day}, om ikkje noko meir skjer.", "{meter}: the first day that counts becomes {day}, if nothing more happens.")
            }
            Self::DaysChange(meter, count) => {
                let (meter, more) = (meter_name(view, meter, language), count.unsigned_abs());
                if *count > 0 {
                    say!(language; "{meter}: {more} døgn til teller så langt.", "{meter}: {more} døgn til tel så langt.", "{meter}: {more} more days count so far.")
                } else {
                    say!(language; "{meter}: {more} døgn færre teller så langt.", "{meter}: {more} døgn færre tel så langt.", "{meter}: {more} fewer days count so far.")
                }
            }
        }
    }

    /// Its clause; none of what is about days, whose reasons are many.
    pub fn clause(&self) -> Option<&str> {
        match self {
            Self::Arises(mark)
            | Self::Done(mark)
            | Self::FallsAway(mark)
            | Self::OpensAgain(mark)
            | Self::Moves(mark) => Some(&mark.clause),
            Self::DaysBegin(..) | Self::DaysEnd(..) | Self::DaysMove(..) | Self::DaysChange(..) => None,
        }
    }
}

impl DutyMark {
    fn of(reading: &DutyReading, evaluation: &Evaluation) -> Self {
        Self {
            duty: reading.duty.to_string(),
            version: reading.version.clone(),
            clause: reading.clause.to_string(),
            holder: reading.holder.to_string(),
            due: reading.due,
            late_by: reading.late_by(evaluation),
        }
    }

    fn name(&self, view: &StayView<'_>, language: Language) -> String {
        let version = view.agreement.versions.iter().find(|version| version.version == self.version);
        let duty =
            version.and_then(|version| version.duty(&self.duty)).or_else(|| view.version.duty(&self.duty));
        duty.map_or_else(|| self.duty.clone(), |duty| duty.name.in_language(language).to_owned())
    }

    fn holder(&self, view: &StayView<'_>, language: Language) -> String {
        let party = view.version.parties.get(self.holder.as_str());
        party.map_or_else(|| self.holder.clone(), |party| party.name.in_language(language).to_owned())
    }

    fn arises(&self, view: &StayView<'_>, language: Language) -> String {
        let (name, holder) = (self.name(view, language), self.holder(view, language));
        match self.due.instant().map(|at| instant_words(at, &view.evaluation.zone, language)) {
            Some(due) => {
                say!(language; "{holder} får frist til {due}: «{name}».", "{holder} får frist til {due}: «{name}».", "{holder} gets a limit, {due}: “{name}”.")
            }
            None => {
                say!(language; "{holder} får en plikt uten fast frist: «{name}».", "{holder} får ei plikt utan fast frist: «{name}».", "{holder} gets a duty without a fixed limit: “{name}”.")
            }
        }
    }

    fn done(&self, view: &StayView<'_>, language: Language) -> String {
        let name = self.name(view, language);
        match self.late_by.map(|late| duration_words(late, language)) {
            Some(late) => {
                say!(language; "«{name}» er gjort, {late} etter fristen.", "«{name}» er gjort, {late} etter fristen.", "“{name}” is done, {late} past its limit.")
            }
            None => {
                say!(language; "«{name}» er gjort i tide.", "«{name}» er gjort i tide.", "“{name}” is done in time.")
            }
        }
    }
}

fn days_end(view: &StayView<'_>, meter: &MeterId, last: Option<Date>, language: Language) -> String {
    let meter = meter_name(view, meter, language);
    match last.map(|day| date_words(day, language)) {
        Some(day) => {
            say!(language; "{meter}: siste døgn som teller, blir {day}.", "{meter}: siste døgn som tel, blir {day}.", "{meter}: the last day that counts becomes {day}.")
        }
        None => {
            say!(language; "{meter}: ingen døgn teller.", "{meter}: ingen døgn tel.", "{meter}: no days count.")
        }
    }
}

fn meter_name(view: &StayView<'_>, meter: &MeterId, language: Language) -> String {
    let found = view.version.meters.iter().find(|it| it.id == *meter);
    found.map_or_else(|| meter.to_string(), |meter| meter.name.in_language(language).to_owned())
}

/// What tells an instance of a duty from others, whatever places its entries have in the log.
type Instance = (String, String, Timestamp, Timestamp);

fn instance(reading: &DutyReading) -> Instance {
    (reading.duty.to_string(), reading.trigger.kind.to_string(), reading.trigger.at, reading.triggered)
}

fn duties(before: Option<&Evaluation>, after: &Evaluation) -> Vec<Consequence> {
    let mut known: BTreeMap<Instance, &DutyReading> = BTreeMap::new();
    known.extend(before.iter().flat_map(|it| &it.duties).map(|reading| (instance(reading), reading)));
    let mut found = Vec::new();
    for reading in &after.duties {
        let mark = DutyMark::of(reading, after);
        found.extend(match known.remove(&instance(reading)) {
            Some(old) => changed(old, reading, mark),
            None => new(reading, mark),
        });
    }
    // What triggered these is gone.
    let Some(before) = before else { return found };
    let undone = known.into_values().filter(|reading| is_undone(reading));
    found.extend(undone.map(|reading| Consequence::FallsAway(DutyMark::of(reading, before))));
    found
}

fn is_undone(reading: &DutyReading) -> bool {
    match reading.status {
        DutyStatus::Open => true,
        DutyStatus::Missed => reading.closed.is_none(),
        DutyStatus::Kept | DutyStatus::Late | DutyStatus::Waived => false,
    }
}

fn is_done(reading: &DutyReading) -> bool {
    matches!(reading.status, DutyStatus::Kept | DutyStatus::Late)
}

fn new(reading: &DutyReading, mark: DutyMark) -> Option<Consequence> {
    if is_undone(reading) {
        return Some(Consequence::Arises(mark));
    }
    (reading.status == DutyStatus::Late).then_some(Consequence::Done(mark))
}

fn changed(old: &DutyReading, reading: &DutyReading, mark: DutyMark) -> Option<Consequence> {
    match (is_undone(old), is_undone(reading)) {
        (true, true) => (old.due != reading.due).then_some(Consequence::Moves(mark)),
        (true, false) if is_done(reading) => Some(Consequence::Done(mark)),
        (true, false) => Some(Consequence::FallsAway(mark)),
        (false, true) => Some(Consequence::OpensAgain(mark)),
        (false, false) => None,
    }
}

/// The days that count, by meter.
fn days(evaluation: &Evaluation) -> BTreeMap<MeterId, Vec<Date>> {
    let mut days: BTreeMap<MeterId, Vec<Date>> = BTreeMap::new();
    for meter in &evaluation.meters {
        let counting = meter.days.iter().filter(|day| day.status.counts()).map(|day| day.date);
        days.entry(meter.meter.clone()).or_default().extend(counting);
    }
    days
}

/// How the days that count ahead differ.
fn counted(before: &BTreeMap<MeterId, Vec<Date>>, after: &BTreeMap<MeterId, Vec<Date>>) -> Vec<Consequence> {
    let meters: std::collections::BTreeSet<&MeterId> = before.keys().chain(after.keys()).collect();
    let of =
        |all: &BTreeMap<MeterId, Vec<Date>>, meter: &MeterId| all.get(meter).cloned().unwrap_or_default();
    meters.into_iter().flat_map(|meter| differs(meter, &of(before, meter), &of(after, meter))).collect()
}

/// Both ends may differ at once: days that fall out at the one don't hide what happens at the other.
fn differs(meter: &MeterId, before: &[Date], after: &[Date]) -> Vec<Consequence> {
    let ends = |days: &[Date]| days.first().copied().zip(days.last().copied());
    let (first, last, begin, end) = match (ends(before), ends(after)) {
        (Some((first, last)), Some((begin, end))) => (first, last, begin, end),
        (None, Some((begin, _))) => return vec![Consequence::DaysBegin(meter.clone(), begin)],
        (Some(_), None) => return vec![Consequence::DaysEnd(meter.clone(), None)],
        (None, None) => return Vec::new(),
    };
    let moves = (first != begin).then(|| Consequence::DaysMove(meter.clone(), begin));
    let ends = (end < last).then(|| Consequence::DaysEnd(meter.clone(), Some(end)));
    let more = after.iter().find(|day| **day > last && begin <= last);
    let goes_on = more.map(|day| Consequence::DaysBegin(meter.clone(), *day));
    [moves, ends, goes_on].into_iter().flatten().collect()
}

/// How the days that count so far differ.
fn so_far(before: Option<&Evaluation>, after: &Evaluation) -> Vec<Consequence> {
    let counts = |evaluation: &Evaluation| {
        let mut counts: BTreeMap<MeterId, i64> = BTreeMap::new();
        for meter in &evaluation.meters {
            *counts.entry(meter.meter.clone()).or_default() += i64::from(meter.count);
        }
        counts
    };
    let (old, new) = (before.map(counts).unwrap_or_default(), counts(after));
    let meters: std::collections::BTreeSet<&MeterId> = old.keys().chain(new.keys()).collect();
    let change = |meter: &MeterId| {
        new.get(meter).copied().unwrap_or_default() - old.get(meter).copied().unwrap_or_default()
    };
    let changed = meters.into_iter().map(|meter| (meter, change(meter))).filter(|(_, change)| *change != 0);
    changed.map(|(meter, change)| Consequence::DaysChange(meter.clone(), change)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// The days of March that count before and after, and what is said of it.
    #[track_caller]
    fn check(before: std::ops::Range<i8>, after: std::ops::Range<i8>, said: &[&str]) {
        let days = |range: std::ops::Range<i8>| range.map(|day| date(2026, 3, day)).collect::<Vec<_>>();
        let found = differs(&MeterId::new("betalingsdogn"), &days(before), &days(after));
        let found: Vec<String> = found
            .iter()
            .map(|it| match it {
                Consequence::DaysBegin(_, day) => format!("begin {}", day.day()),
                Consequence::DaysMove(_, day) => format!("move {}", day.day()),
                Consequence::DaysEnd(_, Some(day)) => format!("end {}", day.day()),
                Consequence::DaysEnd(_, None) => "none".to_owned(),
                other @ (Consequence::Arises(_)
                | Consequence::Done(_)
                | Consequence::FallsAway(_)
                | Consequence::OpensAgain(_)
                | Consequence::Moves(_)
                | Consequence::DaysChange(..)) => format!("{other:?}"),
            })
            .collect();
        assert_eq!(found, said);
    }

    #[test]
    fn both_ends_of_the_days_that_count_are_told_of() {
        check(3..8, 3..8, &[]);
        check(0..0, 3..8, &["begin 3"]);
        check(3..8, 0..0, &["none"]);
        check(3..8, 3..6, &["end 5"]);
        check(3..8, 5..8, &["move 5"]);
        check(3..8, 3..10, &["begin 8"]);
        check(3..8, 5..10, &["move 5", "begin 8"]);
        check(3..8, 5..6, &["move 5", "end 5"]);
        check(3..8, 1..6, &["move 1", "end 5"]);
        check(3..5, 8..10, &["move 8"]);
    }
}
