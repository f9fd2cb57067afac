//! Versions with one part of the language taken out.

use samspill_agreement::model::{
    Certainty, Condition, DayKind, DeadlineRule, Foreknown, HoursRow, LastDay, MayPrecede, OpenHours,
    Pairing, Progression, Rate, RequirementEffect, Restart, StopEffect, Version, WaiverTest, Which,
    WindowEffect,
};
use samspill_base::Clock;

/// A part of the language, and what takes it out of a version.
pub(crate) type Ablation = (&'static str, fn(&mut Version));

/// Every part whose absence must change some reading.
pub(crate) const ABLATIONS: [Ablation; 65] = [
    ("duty when", |version| version.duties.iter_mut().for_each(|duty| duty.when = Condition::Always)),
    ("must_where", |version| version.duties.iter_mut().for_each(|duty| duty.must_where = Condition::Always)),
    ("which", |version| version.duties.iter_mut().for_each(|duty| duty.which = Which::Every)),
    ("which preferred", |version| {
        version
            .duties
            .iter_mut()
            .filter(|duty| duty.which == Which::Preferred)
            .for_each(|duty| duty.which = Which::First);
    }),
    ("which latest", |version| {
        version
            .duties
            .iter_mut()
            .filter(|duty| duty.which == Which::Latest)
            .for_each(|duty| duty.which = Which::First);
    }),
    ("each", |version| version.duties.iter_mut().for_each(|duty| duty.each = None)),
    ("counts_from", |version| version.duties.iter_mut().for_each(|duty| duty.counts_from = Clock::Happened)),
    ("fulfilled_at", |version| {
        version.duties.iter_mut().for_each(|duty| duty.fulfilled_at = Clock::Happened);
    }),
    ("may_precede", |version| version.duties.iter_mut().for_each(|duty| duty.may_precede = MayPrecede::No)),
    ("pairing", |version| version.duties.iter_mut().for_each(|duty| duty.pairing = Pairing::Shared)),
    ("pairing one-each", |version| {
        version
            .duties
            .iter_mut()
            .filter(|duty| duty.pairing == Pairing::OneEach)
            .for_each(|duty| duty.pairing = Pairing::Shared);
    }),
    ("waived_by", |version| version.duties.iter_mut().for_each(|duty| duty.waived_by.clear())),
    ("suspended_by", |version| version.duties.iter_mut().for_each(|duty| duty.suspended_by.clear())),
    ("the second suspension", |version| {
        version.duties.iter_mut().for_each(|duty| duty.suspended_by.truncate(1));
    }),
    ("reset_by", |version| version.duties.iter_mut().for_each(|duty| duty.reset_by.clear())),
    ("exception", |version| version.duties.iter_mut().for_each(|duty| duty.exceptions.clear())),
    ("the order of exceptions", |version| {
        version.duties.iter_mut().for_each(|duty| duty.exceptions.reverse());
    }),
    ("no_duty", |version| {
        version
            .duties
            .iter_mut()
            .for_each(|duty| duty.exceptions.retain(|exception| exception.deadline.is_some()));
    }),
    ("given of a deadline", |version| {
        version.duties.iter_mut().for_each(|duty| duty.deadline.given = None);
    }),
    ("next if", |version| {
        for duty in &mut version.duties {
            if let DeadlineRule::ClockOn { cut_off, .. } = &mut duty.deadline.rule {
                *cut_off = None;
            }
        }
    }),
    ("day of a clock", |version| {
        for duty in &mut version.duties {
            if let DeadlineRule::ClockOn { day, .. } = &mut duty.deadline.rule {
                *day = DayKind::Any;
            }
        }
    }),
    ("window", |version| version.windows.clear()),
    ("counts-from-next-opening", |version| {
        version.windows.iter_mut().for_each(|window| window.effect = WindowEffect::Warn);
    }),
    ("window counts", |version| {
        version.windows.iter_mut().for_each(|window| window.counts = Clock::Happened);
    }),
    ("window when", |version| version.windows.iter_mut().for_each(|window| window.when = Condition::Always)),
    ("requires", |version| version.requirements.clear()),
    ("void", |version| {
        version.requirements.iter_mut().for_each(|rule| rule.effect = RequirementEffect::Warn);
    }),
    ("requires needs", |version| version.requirements.iter_mut().for_each(|rule| rule.needs.clear())),
    ("requires since", |version| version.requirements.iter_mut().for_each(|rule| rule.since.clear())),
    ("requires ahead", |version| version.requirements.iter_mut().for_each(|rule| rule.ahead = None)),
    ("requires within", |version| version.requirements.iter_mut().for_each(|rule| rule.within = None)),
    ("requires that", |version| {
        version.requirements.iter_mut().for_each(|rule| rule.that = Condition::Always);
    }),
    ("requires when", |version| {
        version.requirements.iter_mut().for_each(|rule| rule.when = Condition::Always);
    }),
    ("contents", |version| version.contents.clear()),
    ("contents needs", |version| version.contents.iter_mut().for_each(|rule| rule.needs.clear())),
    ("contents that", |version| version.contents.iter_mut().for_each(|rule| rule.that = Condition::Always)),
    ("contents when", |version| version.contents.iter_mut().for_each(|rule| rule.when = Condition::Always)),
    ("meter counts", |version| version.meters.iter_mut().for_each(|meter| meter.counts = DayKind::Any)),
    ("meter from when", |version| {
        version.meters.iter_mut().for_each(|meter| meter.start.when = Condition::Always);
    }),
    ("first_day", |version| version.meters.iter_mut().for_each(|meter| meter.start.first_day.clear())),
    ("the second first_day", |version| {
        version.meters.iter_mut().for_each(|meter| meter.start.first_day.truncate(1));
    }),
    ("until", |version| version.meters.iter_mut().for_each(|meter| meter.stops.clear())),
    ("until when", |version| each_stop(version, |stop| stop.when = Condition::Always)),
    ("until day", |version| each_stop(version, |stop| stop.day.clear())),
    ("until last", |version| each_stop(version, |stop| stop.last = LastDay::SameDay)),
    ("until limits", |version| each_stop(version, |stop| stop.effect = StopEffect::EndsRun)),
    ("liable", |version| version.meters.iter_mut().for_each(|meter| meter.liable = Condition::Always)),
    ("waiver", |version| version.meters.iter_mut().for_each(|meter| meter.waivers.clear())),
    ("waiver when", |version| {
        let waivers = version.meters.iter_mut().flat_map(|meter| &mut meter.waivers);
        waivers.for_each(|waiver| waiver.when = Condition::Always);
    }),
    ("waiver where", |version| {
        for waiver in version.meters.iter_mut().flat_map(|meter| &mut meter.waivers) {
            if let WaiverTest::IfWithin(_, _, condition) = &mut waiver.test {
                *condition = Condition::Always;
            }
        }
    }),
    ("contestable", |version| version.meters.iter_mut().for_each(|meter| meter.contestable.clear())),
    ("provisional", |version| version.meters.iter_mut().for_each(|meter| meter.provisional.clear())),
    ("payer", |version| version.meters.iter_mut().for_each(|meter| meter.payer = None)),
    ("payer_at", |version| version.meters.iter_mut().for_each(|meter| meter.payer_at.clear())),
    ("rate", |version| version.meters.iter_mut().for_each(|meter| meter.rate = Rate::None)),
    ("progression", |version| {
        version.meters.iter_mut().for_each(|meter| meter.progression = Progression::Flat);
    }),
    ("free_days", |version| version.meters.iter_mut().for_each(|meter| meter.free_days = 0)),
    ("certain", |version| {
        let amounts = version.values.values_mut().flat_map(|value| &mut value.amounts);
        amounts.for_each(|amount| amount.certainty = Certainty::Certain);
    }),
    ("default", |version| version.facts.values_mut().for_each(|fact| fact.default = None)),
    ("sets", |version| version.kinds.values_mut().for_each(|kind| kind.sets.clear())),
    ("cancels", |version| version.kinds.values_mut().for_each(|kind| kind.cancels = None)),
    ("foreknown", |version| version.kinds.values_mut().for_each(|kind| kind.foreknown = Foreknown::No)),
    ("also_called", |version| version.kinds.values_mut().for_each(|kind| kind.also_called.clear())),
    ("restart", |version| version.phases.iter_mut().for_each(|phase| phase.restart = Restart::GoesOn)),
    ("rows of hours that hang on the case", always_open),
];

fn each_stop(version: &mut Version, change: impl Fn(&mut samspill_agreement::model::MeterStop)) {
    version.meters.iter_mut().flat_map(|meter| &mut meter.stops).for_each(change);
}

/// Rows of hours count whatever the case says.
fn always_open(version: &mut Version) {
    for hours in version.hours.values_mut() {
        let rows = hours.rows.iter().map(|row| HoursRow { row: row.row.clone(), when: Condition::Always });
        let rows = rows.collect();
        *hours = OpenHours::new(hours.id.clone(), hours.name.clone(), rows, hours.place.clone())
            .expect("no conditions");
    }
}
