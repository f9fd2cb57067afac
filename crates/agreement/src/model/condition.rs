use samspill_base::{Decimal, Value};

use super::{DutyId, FactName, KindId, PhaseId};

/// When a rule applies, read at one instant of one case.
///
/// A condition is true, false or *undecided*: undecided when it hangs on a fact that nobody has given.
/// `and`, `or` and `not` are those of three-valued logic: `no and undecided` is no, `yes or undecided` is yes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// True.
    #[default]
    Always,
    /// A fact of the case, at the instant.
    Fact(FactName, Test),
    /// A field of the entry that the rule looks at. A missing field fails every test but `is not known`.
    Field(String, Test),
    /// There is an entry of this kind at or before the instant; with `since`, not before the latest of those.
    Has {
        /// The kind.
        kind: KindId,
        /// The latest entry of any of these bounds it, inclusive; without one in the case, nothing does.
        since: Vec<KindId>,
    },
    /// The phase is running at the instant.
    InPhase(PhaseId),
    /// A duty's instance is in this state.
    Duty(DutyState, DutyId),
    /// Not so.
    Not(Box<Condition>),
    /// All of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
}

/// What is asked of a fact or a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is yes. (A bare name.)
    IsYes,
    /// It is this.
    Is(Operand),
    /// It is known, and not this.
    IsNot(Operand),
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is a number below this.
    Below(Decimal),
    /// It is a number, at most this.
    AtMost(Decimal),
    /// It is a number above this.
    Above(Decimal),
    /// It is a number, at least this.
    AtLeast(Decimal),
    /// Somebody has said what it is.
    IsKnown,
}

/// What a fact or a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A value.
    Value(Value),
    /// A fact of the case.
    Fact(FactName),
}

/// The states of a duty that a condition can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyState {
    /// Done in time.
    Kept,
    /// Done, after it was due.
    Late,
    /// Past due and not done.
    Missed,
    /// Not done and not yet due.
    Open,
    /// Fallen away.
    Waived,
    /// Done, in time or late.
    Fulfilled,
    /// Done late, or past due and not done.
    Overdue,
}

impl DutyState {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Kept, Self::Late, Self::Missed, Self::Open, Self::Waived, Self::Fulfilled, Self::Overdue];

    /// The word for it, in conditions and test cases.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::Open => "open",
            Self::Waived => "waived",
            Self::Fulfilled => "fulfilled",
            Self::Overdue => "overdue",
        }
    }

    /// The state that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}
