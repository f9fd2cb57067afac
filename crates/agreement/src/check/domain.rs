use std::collections::{BTreeMap, BTreeSet};

use samspill_base::{Decimal, Value};

use crate::model::{Condition, DutyState, Fact, FactName, FactType, Operand, Test};

/// Something that conditions hang on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    Fact(String),
    Field(String),
    Duty(String),
    /// A yes-or-no question of its own.
    Other(String),
}

impl Atom {
    /// Whether a fact or field equals this operand.
    pub(super) fn equality(of: &Self, operand: &Operand) -> Self {
        Self::Other(format!("{of:?} is {operand}"))
    }
}

/// A value that it may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Unknown,
    Is(Value),
    /// A text that no condition names.
    OtherText,
    State(State),
}

/// The states of a duty, none of them another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Kept,
    Late,
    Missed,
    Open,
    Waived,
    None,
}

/// The states that a word means.
pub(super) fn meaning(state: DutyState) -> &'static [State] {
    match state {
        DutyState::Kept => &[State::Kept],
        DutyState::Late => &[State::Late],
        DutyState::Missed => &[State::Missed],
        DutyState::Open => &[State::Open],
        DutyState::Waived => &[State::Waived],
        DutyState::Fulfilled => &[State::Kept, State::Late],
        DutyState::Overdue => &[State::Late, State::Missed],
    }
}

/// All that the conditions hang on, and the values each may have.
pub(super) fn domains(
    conditions: &[&Condition],
    facts: &BTreeMap<FactName, Fact>,
) -> BTreeMap<Atom, Vec<Choice>> {
    let mut tests: BTreeMap<Atom, Vec<&Test>> = BTreeMap::new();
    let mut domains: BTreeMap<Atom, Vec<Choice>> = BTreeMap::new();
    for condition in conditions {
        collect(condition, &mut tests, &mut domains);
    }
    for (atom, tests) in tests {
        for test in &tests {
            if let Test::Is(operand @ Operand::Fact(_)) | Test::IsNot(operand @ Operand::Fact(_)) = test {
                domains.insert(Atom::equality(&atom, operand), yes_or_no());
            }
        }
        let declared = match &atom {
            Atom::Fact(fact) => facts.get(fact.as_str()).map(|fact| &fact.fact_type),
            Atom::Field(_) | Atom::Duty(_) | Atom::Other(_) => None,
        };
        domains.insert(atom, domain(declared, &tests));
    }
    domains
}

fn collect<'c>(
    condition: &'c Condition,
    tests: &mut BTreeMap<Atom, Vec<&'c Test>>,
    domains: &mut BTreeMap<Atom, Vec<Choice>>,
) {
    match condition {
        Condition::Always => {}
        Condition::Fact(fact, test) => tests.entry(Atom::Fact(fact.to_string())).or_default().push(test),
        Condition::Field(field, test) => tests.entry(Atom::Field(field.clone())).or_default().push(test),
        Condition::Has { .. } | Condition::InPhase(_) => {
            domains.insert(Atom::Other(condition.to_string()), yes_or_no());
        }
        Condition::Duty(_, duty) => {
            let states = [State::Kept, State::Late, State::Missed, State::Open, State::Waived, State::None];
            domains.insert(Atom::Duty(duty.to_string()), states.map(Choice::State).to_vec());
        }
        Condition::Not(inner) => collect(inner, tests, domains),
        Condition::All(terms) | Condition::Any(terms) => {
            for term in terms {
                collect(term, tests, domains);
            }
        }
    }
}

fn yes_or_no() -> Vec<Choice> {
    vec![Choice::Is(Value::Bool(true)), Choice::Is(Value::Bool(false))]
}

/// The values worth trying: all that the type has, or those that the tests can tell apart.
fn domain(declared: Option<&FactType>, tests: &[&Test]) -> Vec<Choice> {
    let mut choices = vec![Choice::Unknown];
    match declared {
        Some(FactType::Bool) => choices.extend(yes_or_no()),
        Some(FactType::OneOf(words)) => {
            choices.extend(words.iter().map(|word| Choice::Is(Value::text(word.as_str()))));
        }
        Some(FactType::Number) => choices.extend(numbers(tests)),
        Some(FactType::Text | FactType::Date | FactType::Time) => choices.extend(texts(tests)),
        // A field may have another type in each kind: everything that the tests could mean.
        None => {
            choices.extend(yes_or_no());
            choices.extend(numbers(tests));
            choices.extend(texts(tests));
        }
    }
    choices
}

fn texts(tests: &[&Test]) -> Vec<Choice> {
    let named: BTreeSet<&str> =
        tests.iter().flat_map(|test| values(test)).filter_map(Value::as_text).collect();
    named.into_iter().map(|text| Choice::Is(Value::text(text))).chain([Choice::OtherText]).collect()
}

/// Each limit, and a number on either side of it and between two.
fn numbers(tests: &[&Test]) -> Vec<Choice> {
    let limits = tests.iter().filter_map(|test| match test {
        Test::Below(limit) | Test::AtMost(limit) | Test::Above(limit) | Test::AtLeast(limit) => Some(*limit),
        Test::IsYes | Test::Is(_) | Test::IsNot(_) | Test::OneOf(_) | Test::IsKnown => None,
    });
    let values = tests.iter().flat_map(|test| values(test)).filter_map(|value| match value {
        Value::Number(number) => Some(*number),
        Value::Empty | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => None,
    });
    let limits: BTreeSet<i128> = limits.chain(values).filter_map(billionths).collect();
    let sorted: Vec<i128> = limits.into_iter().collect();
    let between = sorted.windows(2).map(|pair| i128::midpoint(pair[0], pair[1]));
    let least = sorted.first().map_or(0, |least| least - BILLION);
    let most = sorted.last().map_or(0, |most| most + BILLION);
    let all: BTreeSet<i128> = between.chain([least, most]).chain(sorted.iter().copied()).collect();
    all.into_iter().filter_map(from_billionths).map(|number| Choice::Is(Value::Number(number))).collect()
}

/// As many parts of one as a [`Decimal`] can tell apart.
const BILLION: i128 = 1_000_000_000;

fn billionths(number: Decimal) -> Option<i128> {
    let text = number.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole}{part:0<9}").parse().ok()
}

fn from_billionths(number: i128) -> Option<Decimal> {
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    Decimal::parse(&format!("{sign}{}.{:09}", size / BILLION.unsigned_abs(), size % BILLION.unsigned_abs()))
}

/// The values that a test names.
fn values(test: &Test) -> &[Value] {
    match test {
        Test::Is(Operand::Value(value)) | Test::IsNot(Operand::Value(value)) => std::slice::from_ref(value),
        Test::OneOf(values) => values,
        Test::Is(Operand::Fact(_))
        | Test::IsNot(Operand::Fact(_))
        | Test::IsYes
        | Test::IsKnown
        | Test::Below(_)
        | Test::AtMost(_)
        | Test::Above(_)
        | Test::AtLeast(_) => &[],
    }
}
