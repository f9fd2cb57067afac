//! Conditions in numbers: three-valued, as the readable evaluator's are.

use samspill_base::{Value, columns::NO_TIME};

use super::{
    atoms::Bits,
    case::{Case, PhaseRun, Said, Seen},
    code::{Cond, Kinds},
    duty::Instance,
    lower::status_bit,
    source::{SaidValue, Source},
};
use crate::condition::same;

/// What a condition comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Yes,
    No,
    /// The facts that are missing, as slots.
    Undecided(u64),
}

impl Verdict {
    pub(crate) fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    pub(crate) fn is_yes(self) -> bool {
        self == Self::Yes
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Undecided(missing) => Self::Undecided(missing),
        }
    }
}

/// Where a condition is read: at an instant of a case, perhaps of one entry.
#[derive(Clone, Copy)]
pub(crate) struct View<'v> {
    pub version: usize,
    pub at: i64,
    /// The entry whose fields are read, by its place.
    pub entry: Option<usize>,
    /// The duties, where they are already read.
    pub duties: &'v [Instance],
    /// Duties triggered by the entry at this position are the ones meant, where there are any.
    pub trigger: Option<u64>,
}

impl View<'_> {
    /// The view of an entry, when it happened.
    pub(crate) fn of_entry(version: usize, place: usize, seen: &Seen) -> Self {
        Self { version, at: seen.happened, entry: Some(place), duties: &[], trigger: None }
    }
}

impl<S: Source> Case<'_, S> {
    /// What the condition comes to.
    pub(crate) fn read(&self, view: &View<'_>, condition: &Cond) -> Verdict {
        match condition {
            Cond::Always => Verdict::Yes,
            Cond::Fact { slot, atom } => {
                let bits = self.bits(view, *slot);
                if bits.known { Verdict::of(bits.yes >> atom & 1 == 1) } else { undecided(*slot) }
            }
            Cond::FactKnown { slot } => Verdict::of(self.bits(view, *slot).known),
            Cond::FactIsFact { slot, other, same } => self.fact_is_fact(view, *slot, *other, *same),
            Cond::Field { atom } => Verdict::of(self.has_atom(view, *atom)),
            Cond::FieldIsFact { field, other, same } => self.field_is_fact(view, *field, *other, *same),
            Cond::Has { kind, since } => Verdict::of(self.latest(view.at, *kind, *since).is_some()),
            Cond::InPhase(phase) => Verdict::of(self.in_phase(view.at, *phase)),
            Cond::Duty { states, duty } => Verdict::of(has_duty(view, *duty, *states)),
            Cond::Not(inner) => self.read(view, inner).not(),
            Cond::All(parts) => self.read_all(view, parts),
            Cond::Any(parts) => self.read_any(view, parts),
        }
    }

    fn read_all(&self, view: &View<'_>, parts: &[Cond]) -> Verdict {
        let mut missing = 0;
        for part in parts {
            match self.read(view, part) {
                Verdict::Yes => {}
                Verdict::No => return Verdict::No,
                Verdict::Undecided(slots) => missing |= slots,
            }
        }
        if missing == 0 { Verdict::Yes } else { Verdict::Undecided(missing) }
    }

    fn read_any(&self, view: &View<'_>, parts: &[Cond]) -> Verdict {
        let mut missing = 0;
        for part in parts {
            match self.read(view, part) {
                Verdict::Yes => return Verdict::Yes,
                Verdict::No => {}
                Verdict::Undecided(slots) => missing |= slots,
            }
        }
        if missing == 0 { Verdict::No } else { Verdict::Undecided(missing) }
    }

    /// What was said of a slot's fact: the latest at or before the instant; before anything was, the first.
    pub(crate) fn said(&self, slot: u16, at: i64) -> Option<SaidValue> {
        self.word(slot, at).map(|said| said.value)
    }

    /// The same, with who said it.
    pub(crate) fn word(&self, slot: u16, at: i64) -> Option<&Said> {
        let (fact, said) = (slot, &self.memory.said);
        let first = said.partition_point(|said| said.fact < fact);
        let until = said.partition_point(|said| (said.fact, said.at) <= (fact, at));
        let place = if until > first { until - 1 } else { first };
        said.get(place).filter(|said| said.fact == fact)
    }

    fn bits(&self, view: &View<'_>, slot: u16) -> Bits {
        match self.said(slot, view.at) {
            Some(value) => self.source.bits(value, view.version),
            None => self.version(view.version).slots[usize::from(slot)].unsaid,
        }
    }

    /// Reads the fact itself.
    pub(crate) fn with_fact<T>(
        &self,
        version: usize,
        slot: u16,
        at: i64,
        read: impl FnOnce(&Value) -> T,
    ) -> Option<T> {
        let said = self.said(slot, at).map(|said| self.source.value(said));
        let value = self.version(version).slots[usize::from(slot)].value(said)?;
        Some(read(&value))
    }

    fn fact_is_fact(&self, view: &View<'_>, slot: u16, other: u16, wanted: bool) -> Verdict {
        let compared = self.with_fact(view.version, slot, view.at, |value| {
            self.with_fact(view.version, other, view.at, |other| same(value, other) == wanted)
        });
        match compared {
            None => undecided(slot),
            Some(None) => undecided(other),
            Some(Some(yes)) => Verdict::of(yes),
        }
    }

    fn field_is_fact(&self, view: &View<'_>, field: u16, other: u16, wanted: bool) -> Verdict {
        let Some(place) = view.entry else { return Verdict::No };
        let seen = &self.memory.seen[place];
        let said = self.source.field(seen.entry as usize, field).filter(|value| !value.is_blank());
        let Some(said) = said else { return Verdict::No };
        let name = self.code.fields.iter().find(|(_, number)| **number == field).map(|(name, _)| name);
        let declared = name.and_then(|name| self.kind(seen.kind).fields.get(name));
        let value =
            crate::facts::as_type(said, declared.unwrap_or(&samspill_agreement::model::FactType::Text));
        match self.with_fact(view.version, other, view.at, |other| same(&value, other) == wanted) {
            None => undecided(other),
            Some(yes) => Verdict::of(yes),
        }
    }

    pub(crate) fn has_atom(&self, view: &View<'_>, atom: u8) -> bool {
        let atoms = view.entry.and_then(|place| self.memory.atoms.get(place));
        atoms.is_some_and(|atoms| atoms >> atom & 1 == 1)
    }

    /// The place of the latest entry of any of these kinds, validly given at or before the instant, and not before the
    /// latest of any of `since`.
    pub(crate) fn latest(&self, at: i64, kinds: Kinds, since: Kinds) -> Option<usize> {
        let seen = &self.memory.seen;
        let is_by_now = |place: &usize| seen[*place].happened <= at;
        let bound = self.of_kinds(since).rfind(is_by_now).map_or(NO_TIME, |place| seen[place].happened);
        self.of_kinds(kinds)
            .rev()
            .skip_while(|place| !is_by_now(place))
            .take_while(|place| seen[*place].happened >= bound)
            .find(|place| seen[*place].was_given())
    }

    fn in_phase(&self, at: i64, phase: u16) -> bool {
        let is_it = |run: &&PhaseRun| run.phase == phase;
        let begun = self.memory.phases.iter().filter(is_it).rfind(|run| run.from <= at);
        begun.is_some_and(|run| at < run.until)
    }
}

fn undecided(slot: u16) -> Verdict {
    Verdict::Undecided(1 << slot)
}

/// Whether an instance is in one of the states: one that the trigger has, where there are any; otherwise any of the case.
fn has_duty(view: &View<'_>, duty: u16, states: u8) -> bool {
    let of_duty = || view.duties.iter().filter(|instance| instance.id == duty);
    let own = |instance: &&Instance| view.trigger == Some(instance.trigger);
    let in_state = |instance: &Instance| status_bit(instance.status) & states != 0;
    if of_duty().any(|instance| own(&instance)) {
        of_duty().filter(own).any(in_state)
    } else {
        of_duty().any(in_state)
    }
}
