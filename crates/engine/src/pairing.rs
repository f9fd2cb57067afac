//! Which entry fulfils which instance of a duty.

use jiff::Timestamp;
use samspill_agreement::model::{Duty, MayPrecede, Pairing};
use samspill_base::Position;

use crate::{
    case::{Case, Seen},
    condition::View,
    phase::Phases,
    trigger::Triggered,
};

/// What fulfilled or closed an instance.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ended<'v, 'a> {
    pub fulfilled: Option<&'v Seen<'a>>,
    pub closed: Option<&'v Seen<'a>>,
}

/// What ended each instance, in the order of the instances.
pub(crate) fn pair<'v, 'a>(
    case: &'v Case<'a>,
    phases: &'v Phases,
    duty: &Duty,
    instances: &[Triggered<'v, 'a>],
) -> Vec<Ended<'v, 'a>> {
    let mut taken: Vec<Position> = Vec::new();
    let takes_one_each = duty.pairing == Pairing::OneEach || duty.each.is_some();
    instances
        .iter()
        .map(|instance| {
            let closed = closing(case, duty, instance);
            let fulfilled = case.seen.iter().find(|seen| {
                fulfils(case, phases, duty, instance, seen)
                    && closed.is_none_or(|closed| order(seen) < order(closed))
                    && !(takes_one_each && taken.contains(&seen.entry.position))
            });
            taken.extend(fulfilled.map(|seen| seen.entry.position));
            Ended { fulfilled, closed: if fulfilled.is_some() { None } else { closed } }
        })
        .collect()
}

/// The order of entries: by time, at the same instant by the log.
pub(crate) fn order(seen: &Seen<'_>) -> (Timestamp, Position) {
    (seen.happened(), seen.entry.position)
}

/// The first entry after the trigger that closes the duty.
fn closing<'v, 'a>(case: &'v Case<'a>, duty: &Duty, instance: &Triggered<'_, 'a>) -> Option<&'v Seen<'a>> {
    case.seen
        .iter()
        .find(|seen| seen.is_any(&duty.waived_by) && seen.was_given() && order(seen) > order(instance.by))
}

fn fulfils<'a>(
    case: &Case<'a>,
    phases: &Phases,
    duty: &Duty,
    instance: &Triggered<'_, 'a>,
    seen: &Seen<'a>,
) -> bool {
    let at = seen.time_given(duty.fulfilled_at);
    let in_order = match duty.may_precede {
        MayPrecede::Yes => true,
        // What is sent after the trigger was sent counts, though the trigger may not have been received yet.
        MayPrecede::No => at >= instance.by.happened().min(instance.at) && at >= renewed_from(instance),
    };
    seen.is_any(&duty.must)
        && seen.was_given()
        && seen.entry.time(duty.fulfilled_at) <= case.as_of
        && in_order
        && seen.entry.position != instance.by.entry.position
        && names(duty, instance, seen)
        && instance.by.version.or(seen.version).is_some_and(|version| {
            View::of_entry(case, phases, version, seen).read(&duty.must_where).is_yes()
        })
}

/// A renewed instance isn't fulfilled by what was done before its period.
fn renewed_from(instance: &Triggered<'_, '_>) -> Timestamp {
    match instance.period_end {
        Some(_) if instance.at > instance.by.happened() => instance.at,
        Some(_) | None => Timestamp::MIN,
    }
}

fn names(duty: &Duty, instance: &Triggered<'_, '_>, seen: &Seen<'_>) -> bool {
    match &duty.pairing {
        Pairing::Shared | Pairing::OneEach => true,
        Pairing::ByReference(field) => match (seen.entry.field(field), &instance.by.entry.id) {
            (Some(named), Some(id)) => named.to_string() == *id,
            (None, _) | (_, None) => false,
        },
    }
}
