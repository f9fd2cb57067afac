//! How the duties of a case went when it was last read, and what that changed.

use samspill_base::{Position, columns::instant};

use super::{kept::Packed, plain::Ended};
use crate::{
    Due, DutyStatus,
    program::{DutyVerdict, duty::Instance, limits::Limit},
};

/// No limit is known yet.
const NOT_YET_KNOWN: i64 = i64::MIN;
/// Due at once: never past.
const AT_ONCE: i64 = i64::MIN + 1;

/// An instance of a duty, packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// The limit, or one of the two above.
    due: i64,
    /// The entry that triggered it: its number among the case's.
    pub trigger: u32,
    pub duty: u16,
    course: Course,
}

/// How an instance went, whatever the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Course {
    /// Neither done nor closed: open until the limit has passed, then missed.
    #[default]
    Undone,
    Kept,
    Late,
    Waived,
    /// Closed after the limit had passed.
    ClosedMissed,
}

/// Another state of an instance of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutyChange {
    /// The duty: a number of [`Program::duties`](crate::program::Program::duties).
    pub duty: u32,
    /// The entry that triggered it.
    pub trigger: Position,
    /// The limit; where the instance is gone, the limit it had.
    pub due: Due,
    /// How it would stand at the same instant without the entry; `None` where it wasn't there.
    pub before: Option<DutyStatus>,
    /// How it stands now; `None` where it is gone.
    pub after: Option<DutyStatus>,
}

impl Item {
    pub(super) fn of_instance(instance: &Instance, entries: &[Packed]) -> Option<Self> {
        let due = match instance.due {
            Limit::At(at) => at,
            Limit::AtOnce => AT_ONCE,
            Limit::NotYetKnown => NOT_YET_KNOWN,
        };
        Self::new(instance.number, instance.trigger, due, instance.status, instance.closed.0 != 0, entries)
    }

    /// An instance that was read the quick way, ended at an instant.
    pub(super) fn plain(duty: u32, trigger: usize, limit: Limit, ended: Ended<i64>) -> Self {
        let course = match ended {
            Ended::No => Course::Undone,
            Ended::Fulfilled(at) if limit.is_past(at) => Course::Late,
            Ended::Fulfilled(_) => Course::Kept,
            Ended::Closed(at) if limit.is_past(at) || limit == Limit::AtOnce => Course::ClosedMissed,
            Ended::Closed(_) => Course::Waived,
        };
        let due = match limit {
            Limit::At(at) => at,
            Limit::AtOnce => AT_ONCE,
            Limit::NotYetKnown => NOT_YET_KNOWN,
        };
        let (duty, trigger) = (u16::try_from(duty), u32::try_from(trigger));
        Self { due, trigger: trigger.unwrap_or(u32::MAX), duty: duty.unwrap_or(u16::MAX), course }
    }

    /// The limit of an instance, where it was found before: it hangs on its trigger alone.
    pub(super) fn known_limit(items: &[Self], duty: u32, trigger: usize) -> Option<Limit> {
        let is_it = |item: &&Self| u32::from(item.duty) == duty && item.trigger as usize == trigger;
        items.iter().find(is_it).map(|item| match item.due {
            NOT_YET_KNOWN => Limit::NotYetKnown,
            AT_ONCE => Limit::AtOnce,
            at => Limit::At(at),
        })
    }

    pub(super) fn of_verdict(verdict: &DutyVerdict, entries: &[Packed]) -> Option<Self> {
        let due = match verdict.due {
            Due::At(at) => samspill_base::columns::nanos(at).max(AT_ONCE + 1),
            Due::AtOnce => AT_ONCE,
            Due::NotYetKnown => NOT_YET_KNOWN,
        };
        let closed = verdict.closed.is_some();
        Self::new(verdict.duty, verdict.trigger.0, due, verdict.status, closed, entries)
    }

    fn new(
        duty: u32,
        trigger: u64,
        due: i64,
        status: DutyStatus,
        closed: bool,
        entries: &[Packed],
    ) -> Option<Self> {
        let course = match status {
            DutyStatus::Kept => Course::Kept,
            DutyStatus::Late => Course::Late,
            DutyStatus::Waived => Course::Waived,
            DutyStatus::Missed if closed => Course::ClosedMissed,
            DutyStatus::Missed | DutyStatus::Open => Course::Undone,
        };
        let trigger = entries.binary_search_by_key(&trigger, |entry| entry.position).ok()?;
        Some(Self { due, trigger: u32::try_from(trigger).ok()?, duty: u16::try_from(duty).ok()?, course })
    }

    /// How it stands at an instant.
    pub(super) fn status(&self, as_of: i64) -> DutyStatus {
        match self.course {
            Course::Kept => DutyStatus::Kept,
            Course::Late => DutyStatus::Late,
            Course::Waived => DutyStatus::Waived,
            Course::ClosedMissed => DutyStatus::Missed,
            Course::Undone if self.limit().is_some_and(|due| due < as_of) => DutyStatus::Missed,
            Course::Undone => DutyStatus::Open,
        }
    }

    /// The instant of the limit, if it has one.
    pub(super) fn limit(&self) -> Option<i64> {
        (self.due > AT_ONCE).then_some(self.due)
    }

    pub(super) fn is_undone(&self) -> bool {
        self.course == Course::Undone
    }

    /// The limit, where it can be asked for: of what isn't done in time.
    pub(super) fn indexed(&self) -> Option<i64> {
        match self.course {
            Course::Undone | Course::Late | Course::ClosedMissed => self.limit(),
            Course::Kept | Course::Waived => None,
        }
    }

    pub(super) fn due(&self) -> Due {
        match self.due {
            NOT_YET_KNOWN => Due::NotYetKnown,
            AT_ONCE => Due::AtOnce,
            at => Due::At(instant(at)),
        }
    }

    pub(super) fn key(&self) -> (u16, u32) {
        (self.duty, self.trigger)
    }
}

/// Adds what is otherwise between two readings, looked at from the same instant and both in the order of [`Item::key`]. Instances of the same duty and
/// trigger follow each other in time.
pub(super) fn compare(
    old: &[Item],
    new: &[Item],
    as_of: i64,
    entries: &[Packed],
    changes: &mut Vec<DutyChange>,
) {
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let (was, is) = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(was), Some(is)) if was.key() == is.key() => (old.next(), new.next()),
            (Some(was), Some(is)) if was.key() < is.key() => (old.next(), None),
            (Some(_), None) => (old.next(), None),
            (_, Some(_)) => (None, new.next()),
        };
        let Some(item) = is.or(was) else { return };
        let change = DutyChange {
            duty: u32::from(item.duty),
            trigger: Position(entries[item.trigger as usize].position),
            due: item.due(),
            before: was.map(|was| was.status(as_of)),
            after: is.map(|is| is.status(as_of)),
        };
        if change.before != change.after || was.map(Item::due) != is.map(Item::due) {
            changes.push(change);
        }
    }
}
