//! Which entry fulfils which instance of a duty.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_agreement::model::{Duty, MayPrecede, Pairing};
use samspill_base::Position;

use crate::{
    case::{Case, Seen},
    condition::View,
    phase::Phases,
    trigger::{Origin, Triggered},
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
    if instances.is_empty() {
        return Vec::new();
    }
    let closings: Vec<&Seen<'a>> =
        case.of_kinds(&duty.waived_by).into_iter().filter(|seen| seen.was_given()).collect();
    let mut candidates = Candidates::of(case, phases, duty);
    instances
        .iter()
        .map(|instance| {
            let after = closings.partition_point(|seen| order(seen) <= order(instance.by));
            let closed = closings.get(after).copied();
            let fulfilled = candidates.first_for(duty, instance, closed);
            Ended { fulfilled, closed: if fulfilled.is_some() { None } else { closed } }
        })
        .collect()
}

/// The order of entries: by time, at the same instant by the log.
pub(crate) fn order(seen: &Seen<'_>) -> (Timestamp, Position) {
    (seen.happened(), seen.entry.position)
}

/// The entries that can fulfil a duty, by the time that counts.
struct Candidates<'v, 'a> {
    all: Vec<(Timestamp, &'v Seen<'a>)>,
    /// By what they name, for duties whose answers name their question.
    by_reference: BTreeMap<String, Vec<usize>>,
    /// The first one from here on that is not taken, where each fulfils one instance.
    next_free: Vec<usize>,
}

impl<'v, 'a> Candidates<'v, 'a> {
    fn of(case: &'v Case<'a>, phases: &'v Phases, duty: &Duty) -> Self {
        let mut all: Vec<(Timestamp, &'v Seen<'a>)> = case
            .of_kinds(&duty.must)
            .into_iter()
            .filter(|seen| seen.was_given() && seen.time_given(duty.fulfilled_at) <= case.as_of)
            .filter(|seen| {
                let version = seen.version.unwrap_or_else(|| case.agreement.newest());
                View::of_entry(case, phases, version, seen).read(&duty.must_where).is_yes()
            })
            .map(|seen| (seen.time_given(duty.fulfilled_at), seen))
            .collect();
        all.sort_by_key(|(at, seen)| (*at, seen.entry.position));
        let mut by_reference: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        if let Pairing::ByReference(field) = &duty.pairing {
            for (place, (_, seen)) in all.iter().enumerate() {
                let named = seen.entry.field(field).map(ToString::to_string);
                by_reference.entry(named.unwrap_or_default()).or_default().push(place);
            }
        }
        let next_free = (0..=all.len()).collect();
        Self { all, by_reference, next_free }
    }

    /// The first one that fulfils the instance before it was closed; taken, where each fulfils one.
    fn first_for(
        &mut self,
        duty: &Duty,
        instance: &Triggered<'v, 'a>,
        closed: Option<&'v Seen<'a>>,
    ) -> Option<&'v Seen<'a>> {
        let from = earliest(duty, instance);
        let fits = |(at, seen): (Timestamp, &'v Seen<'a>)| {
            at >= from
                && seen.entry.position != instance.by.entry.position
                && closed.is_none_or(|closed| (at, seen.entry.position) < order(closed))
        };
        if let Pairing::ByReference(_) = duty.pairing {
            let id = instance.by.entry.id.as_deref()?;
            let mut named = self.by_reference.get(id)?.iter().map(|place| self.all[*place]);
            return named.find(|candidate| fits(*candidate)).map(|(_, seen)| seen);
        }
        let start = self.all.partition_point(|(at, _)| *at < from);
        let takes = duty.pairing == Pairing::OneEach || duty.each.is_some();
        let mut place = if takes { self.free_from(start) } else { start };
        if self.all.get(place).is_some_and(|(_, seen)| seen.entry.position == instance.by.entry.position) {
            place = if takes { self.free_from(place + 1) } else { place + 1 };
        }
        let found = self.all.get(place).copied().filter(|candidate| fits(*candidate))?;
        if takes {
            self.next_free[place] = place + 1;
        }
        Some(found.1)
    }

    /// The first place from here on that is not taken; what was walked is remembered.
    fn free_from(&mut self, start: usize) -> usize {
        let mut place = start;
        while self.next_free[place] != place {
            place = self.next_free[place];
        }
        let mut walked = start;
        while walked != place {
            walked = std::mem::replace(&mut self.next_free[walked], place);
        }
        place
    }
}

/// From when on a fulfilling entry counts for an instance.
fn earliest(duty: &Duty, instance: &Triggered<'_, '_>) -> Timestamp {
    match (duty.may_precede, instance.origin) {
        (MayPrecede::Yes, _) => Timestamp::MIN,
        // What was done before its period doesn't fulfil a renewed instance.
        (MayPrecede::No, Origin::Renewal) => instance.at,
        // What is sent after the trigger was sent counts, though the trigger may not have been received yet.
        (MayPrecede::No, Origin::Trigger) => instance.by.happened().min(instance.at),
    }
}
