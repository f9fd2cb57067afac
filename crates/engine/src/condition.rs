//! Conditions in three-valued logic: yes, no, or undecided for want of a fact.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_agreement::model::{Condition, DutyState, FactName, FactType, KindId, Operand, Test, Version};
use samspill_base::{Decimal, Position, Value};

use crate::{
    case::{Case, Seen},
    duties::Duties,
    facts::as_type,
    phase::Phases,
};

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Yes,
    No,
    /// These facts are missing.
    Undecided(BTreeSet<FactName>),
}

impl Verdict {
    fn from_bool(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    pub(crate) fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Undecided(missing) => Self::Undecided(missing),
        }
    }
}

/// Where a condition is read: at an instant of a case, perhaps of one entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'v, 'a> {
    pub case: &'v Case<'a>,
    pub phases: &'v Phases,
    pub version: &'a Version,
    pub at: Timestamp,
    /// The entry whose body `body …` reads.
    pub entry: Option<&'v Seen<'a>>,
    /// The duties, where they are already read.
    pub duties: Option<&'v Duties<'v>>,
    /// Duties triggered by this entry are the ones meant, where there are any.
    pub trigger: Option<Position>,
}

impl<'v, 'a> View<'v, 'a> {
    pub(crate) fn of_entry(
        case: &'v Case<'a>,
        phases: &'v Phases,
        version: &'a Version,
        entry: &'v Seen<'a>,
    ) -> Self {
        Self { case, phases, version, at: entry.happened(), entry: Some(entry), duties: None, trigger: None }
    }

    pub(crate) fn at(self, at: Timestamp) -> Self {
        Self { at, ..self }
    }

    /// What the condition comes to here.
    pub(crate) fn read(&self, condition: &Condition) -> Verdict {
        match condition {
            Condition::Always => Verdict::Yes,
            Condition::Fact(name, test) => self.read_fact(name, test),
            Condition::Field(name, test) => self.read_field(name, test),
            Condition::Has { kind, since } => Verdict::from_bool(self.latest(kind, since).is_some()),
            Condition::InPhase(phase) => Verdict::from_bool(self.phases.runs_at(phase, self.at)),
            Condition::Duty(state, duty) => Verdict::from_bool(self.has_duty(duty, *state)),
            Condition::Not(inner) => self.read(inner).not(),
            Condition::All(parts) => self.read_all(parts),
            Condition::Any(parts) => self.read_any(parts),
        }
    }

    /// The latest entry of the kind, validly given at or before the instant and not before the latest of `since`.
    pub(crate) fn latest(&self, kind: &KindId, since: &[KindId]) -> Option<&'v Seen<'a>> {
        let seen = &self.case.seen;
        let until_now = |kind: &KindId| {
            let places = self.case.of_kind(kind);
            &places[..places.partition_point(|place| seen[*place].happened() <= self.at)]
        };
        let bound =
            since.iter().filter_map(|kind| until_now(kind).last()).map(|place| seen[*place].happened()).max();
        until_now(kind)
            .iter()
            .rev()
            .map(|place| &seen[*place])
            .take_while(|seen| bound.is_none_or(|bound| seen.happened() >= bound))
            .find(|seen| seen.was_given())
    }

    fn read_fact(&self, name: &FactName, test: &Test) -> Verdict {
        match (self.case.facts.at(self.version, name, self.at), test) {
            (value, Test::IsKnown) => Verdict::from_bool(value.is_some()),
            (Some(value), test) => self.read_test(&value, test),
            (None, _) => Verdict::Undecided(BTreeSet::from([name.clone()])),
        }
    }

    fn read_field(&self, name: &str, test: &Test) -> Verdict {
        let Some(seen) = self.entry else { return Verdict::No };
        let raw = seen.entry.field(name).filter(|value| !value.is_blank());
        let declared = seen.kind.fields.get(name).map_or(&FactType::Text, |field| &field.field_type);
        match (raw, test) {
            (value, Test::IsKnown) => Verdict::from_bool(value.is_some()),
            (Some(value), test) => self.read_test(&as_type(value, declared), test),
            (None, _) => Verdict::No,
        }
    }

    fn read_test(&self, value: &Value, test: &Test) -> Verdict {
        match test {
            Test::IsYes => Verdict::from_bool(*value == Value::Bool(true)),
            Test::IsKnown => Verdict::Yes,
            Test::Is(operand) => self.read_same(value, operand),
            Test::IsNot(operand) => self.read_same(value, operand).not(),
            Test::OneOf(values) => Verdict::from_bool(values.iter().any(|other| same(value, other))),
            Test::Below(limit) => compare(value, |number| number < *limit),
            Test::AtMost(limit) => compare(value, |number| number <= *limit),
            Test::Above(limit) => compare(value, |number| number > *limit),
            Test::AtLeast(limit) => compare(value, |number| number >= *limit),
        }
    }

    fn read_same(&self, value: &Value, operand: &Operand) -> Verdict {
        match operand {
            Operand::Value(other) => Verdict::from_bool(same(value, other)),
            Operand::Fact(name) => match self.case.facts.at(self.version, name, self.at) {
                Some(other) => Verdict::from_bool(same(value, &other)),
                None => Verdict::Undecided(BTreeSet::from([name.clone()])),
            },
        }
    }

    fn has_duty(&self, duty: &str, state: DutyState) -> bool {
        self.duties.is_some_and(|duties| duties.is_any_in(duty, self.trigger, state))
    }

    fn read_all(&self, parts: &[Condition]) -> Verdict {
        let mut missing = BTreeSet::new();
        for part in parts {
            match self.read(part) {
                Verdict::Yes => {}
                Verdict::No => return Verdict::No,
                Verdict::Undecided(facts) => missing.extend(facts),
            }
        }
        if missing.is_empty() { Verdict::Yes } else { Verdict::Undecided(missing) }
    }

    fn read_any(&self, parts: &[Condition]) -> Verdict {
        let mut missing = BTreeSet::new();
        for part in parts {
            match self.read(part) {
                Verdict::Yes => return Verdict::Yes,
                Verdict::No => {}
                Verdict::Undecided(facts) => missing.extend(facts),
            }
        }
        if missing.is_empty() { Verdict::No } else { Verdict::Undecided(missing) }
    }
}

/// Whether two values are the same. Text is compared without regard to case or outer blanks, and a number with its text.
pub(crate) fn same(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Text(a), Value::Text(b)) => a.trim().to_lowercase() == b.trim().to_lowercase(),
        (Value::Text(text), Value::Number(number)) | (Value::Number(number), Value::Text(text)) => {
            Decimal::parse(text.trim()) == Some(*number)
        }
        (a, b) => a == b,
    }
}

pub(crate) fn compare(value: &Value, holds: impl Fn(Decimal) -> bool) -> Verdict {
    let number = match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => Decimal::parse(text.trim()),
        Value::Empty | Value::Bool(_) | Value::List(_) | Value::Map(_) => None,
    };
    Verdict::from_bool(number.is_some_and(holds))
}
