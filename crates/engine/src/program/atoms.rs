//! Questions about facts and fields, asked once of each distinct value: what comes out is bits.

use samspill_agreement::model::{FactType, Operand, Test};
use samspill_base::Value;

use crate::{
    condition::{compare, same},
    facts::{as_type, fits},
};

/// A fact as a version declares it, and the questions that its rules ask of it.
#[derive(Clone, Debug)]
pub(crate) struct FactSlot {
    /// How the version declares it, if it does.
    pub declared: Option<FactType>,
    /// What it is where nobody has said.
    pub default: Option<Value>,
    /// The questions; at most 64.
    pub atoms: Vec<Test>,
    /// The answers where nobody has said.
    pub unsaid: Bits,
}

/// Answers about one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    /// Whether the value says anything.
    pub known: bool,
    /// A bit for each question answered with yes.
    pub yes: u64,
}

/// A question about a field of an entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldAtom {
    /// The field's name.
    pub field: String,
    pub test: Test,
}

impl FactSlot {
    /// The fact where this was said: read as its type, or the default where it says nothing; see `Facts::at`.
    pub(crate) fn value<'v>(&'v self, said: Option<&'v Value>) -> Option<std::borrow::Cow<'v, Value>> {
        use std::borrow::Cow;
        match (said.filter(|value| !value.is_blank()), &self.declared) {
            (Some(value), Some(to)) => {
                Some(as_type(value, to)).filter(|value| fits(value, to)).map(Cow::Owned)
            }
            (Some(value), None) => Some(Cow::Borrowed(value)),
            (None, _) => self.default.as_ref().map(Cow::Borrowed),
        }
    }

    /// The answers where this was said.
    pub(crate) fn bits(&self, said: Option<&Value>) -> Bits {
        match self.value(said) {
            None => Bits { known: false, yes: 0 },
            Some(value) => {
                let yes = |(bit, test): (usize, &Test)| u64::from(answer(&value, test)) << bit;
                Bits { known: true, yes: self.atoms.iter().enumerate().map(yes).sum() }
            }
        }
    }
}

impl FieldAtom {
    /// The answer for a field that says this, declared as this type. A field that says nothing fails every question.
    pub(crate) fn answer(&self, said: &Value, declared: &FactType) -> bool {
        if said.is_blank() {
            return false;
        }
        self.test == Test::IsKnown || answer(&as_type(said, declared), &self.test)
    }
}

/// Whether a value passes a test that compares with nothing else.
fn answer(value: &Value, test: &Test) -> bool {
    match test {
        Test::IsYes => *value == Value::Bool(true),
        Test::IsKnown => true,
        Test::Is(operand) => is_same(value, operand),
        Test::IsNot(operand) => !is_same(value, operand),
        Test::OneOf(values) => values.iter().any(|other| same(value, other)),
        Test::Below(limit) => compare(value, |number| number < *limit).is_yes(),
        Test::AtMost(limit) => compare(value, |number| number <= *limit).is_yes(),
        Test::Above(limit) => compare(value, |number| number > *limit).is_yes(),
        Test::AtLeast(limit) => compare(value, |number| number >= *limit).is_yes(),
    }
}

/// Tests that compare with another fact are lowered to conditions of their own, and never come here.
fn is_same(value: &Value, operand: &Operand) -> bool {
    match operand {
        Operand::Value(other) => same(value, other),
        Operand::Fact(_) => false,
    }
}
