//! Whether conditions can hold together, by trying all that they hang on.

use std::collections::BTreeMap;

use samspill_base::Value;

use super::domain::{Atom, Choice, domains, meaning};
use crate::model::{Condition, Fact, FactName, Operand, Test};

/// Combinations tried at most.
const COMBINATIONS_MAX: usize = 50_000;

/// Whether conditions can hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// They hang on too many things to try.
    TooMany,
}

/// Tries every combination of values of all that the conditions hang on.
///
/// Facts may also be unknown, messages may be there or not, duties may be in any state. What is not independent
/// (two phases that never run together) counts as independent: the answer may be yes where it is no.
pub(super) fn can_all_hold(conditions: &[&Condition], facts: &BTreeMap<FactName, Fact>) -> Answer {
    let domains = domains(conditions, facts);
    let mut combinations = 1_usize;
    for domain in domains.values() {
        combinations = combinations.saturating_mul(domain.len());
    }
    if combinations > COMBINATIONS_MAX {
        return Answer::TooMany;
    }
    let atoms: Vec<(&Atom, &Vec<Choice>)> = domains.iter().collect();
    let holds = (0..combinations).any(|number| {
        let chosen = assignment(&atoms, number);
        conditions.iter().all(|condition| holds(condition, &chosen) == Some(true))
    });
    if holds { Answer::Yes } else { Answer::No }
}

type Assignment<'a> = BTreeMap<&'a Atom, &'a Choice>;

/// The combination with this number.
fn assignment<'a>(atoms: &[(&'a Atom, &'a Vec<Choice>)], mut number: usize) -> Assignment<'a> {
    let mut chosen = Assignment::new();
    for (atom, domain) in atoms {
        chosen.insert(*atom, &domain[number % domain.len()]);
        number /= domain.len();
    }
    chosen
}

/// Three-valued: `None` is undecided.
fn holds(condition: &Condition, chosen: &Assignment<'_>) -> Option<bool> {
    match condition {
        Condition::Always => Some(true),
        Condition::Fact(fact, test) => test_holds(&Atom::Fact(fact.to_string()), test, chosen, None),
        Condition::Field(field, test) => test_holds(&Atom::Field(field.clone()), test, chosen, Some(false)),
        Condition::Has { .. } | Condition::InPhase(_) => yes_no(&Atom::Other(condition.to_string()), chosen),
        Condition::Duty(state, duty) => match chosen.get(&Atom::Duty(duty.to_string())) {
            Some(Choice::State(chosen)) => Some(meaning(*state).contains(chosen)),
            _ => None,
        },
        Condition::Not(inner) => holds(inner, chosen).map(|yes| !yes),
        Condition::All(terms) => all(terms.iter().map(|term| holds(term, chosen))),
        Condition::Any(terms) => {
            all(terms.iter().map(|term| holds(term, chosen).map(|yes| !yes))).map(|yes| !yes)
        }
    }
}

/// False if any is, else undecided if any is.
fn all(terms: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let terms: Vec<Option<bool>> = terms.collect();
    if terms.contains(&Some(false)) {
        return Some(false);
    }
    if terms.contains(&None) { None } else { Some(true) }
}

fn yes_no(atom: &Atom, chosen: &Assignment<'_>) -> Option<bool> {
    match chosen.get(atom) {
        Some(Choice::Is(Value::Bool(yes))) => Some(*yes),
        _ => None,
    }
}

/// A test of a fact, which may be unknown, or of a field, whose absence fails every test.
fn test_holds(atom: &Atom, test: &Test, chosen: &Assignment<'_>, when_missing: Option<bool>) -> Option<bool> {
    let value = match chosen.get(atom) {
        Some(Choice::Is(value)) => value,
        Some(Choice::OtherText) => return Some(other_text_passes(atom, test, chosen)),
        _ if test == &Test::IsKnown => return Some(false),
        _ => return when_missing,
    };
    let number = |compare: fn(std::cmp::Ordering) -> bool, limit: &samspill_base::Decimal| match value {
        Value::Number(number) => Some(compare(number.cmp(limit))),
        Value::Empty | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => Some(false),
    };
    match test {
        Test::IsYes => Some(value == &Value::Bool(true)),
        Test::IsKnown => Some(true),
        Test::Is(Operand::Value(other)) => Some(value == other),
        Test::IsNot(Operand::Value(other)) => Some(value != other),
        Test::OneOf(values) => Some(values.contains(value)),
        Test::Is(Operand::Fact(_)) | Test::IsNot(Operand::Fact(_)) => compared_with_fact(atom, test, chosen),
        Test::Below(limit) => number(std::cmp::Ordering::is_lt, limit),
        Test::AtMost(limit) => number(std::cmp::Ordering::is_le, limit),
        Test::Above(limit) => number(std::cmp::Ordering::is_gt, limit),
        Test::AtLeast(limit) => number(std::cmp::Ordering::is_ge, limit),
    }
}

/// Whether two facts are equal is one question of its own.
fn compared_with_fact(atom: &Atom, test: &Test, chosen: &Assignment<'_>) -> Option<bool> {
    match test {
        Test::Is(operand) => yes_no(&Atom::equality(atom, operand), chosen),
        Test::IsNot(operand) => yes_no(&Atom::equality(atom, operand), chosen).map(|yes| !yes),
        Test::IsYes
        | Test::IsKnown
        | Test::OneOf(_)
        | Test::Below(_)
        | Test::AtMost(_)
        | Test::Above(_)
        | Test::AtLeast(_) => None,
    }
}

/// A text that no condition names.
fn other_text_passes(atom: &Atom, test: &Test, chosen: &Assignment<'_>) -> bool {
    match test {
        Test::IsKnown | Test::IsNot(Operand::Value(_)) => true,
        Test::Is(Operand::Fact(_)) | Test::IsNot(Operand::Fact(_)) => {
            compared_with_fact(atom, test, chosen) == Some(true)
        }
        Test::IsYes
        | Test::Is(Operand::Value(_))
        | Test::OneOf(_)
        | Test::Below(_)
        | Test::AtMost(_)
        | Test::Above(_)
        | Test::AtLeast(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        grammar::parse_condition,
        model::{FactType, Place, Text},
    };

    fn facts() -> BTreeMap<FactName, Fact> {
        let fact = |name: &str, fact_type: FactType| {
            let id = FactName::from(name);
            let fact = Fact {
                id: id.clone(),
                name: Text::plain(name),
                fact_type,
                default: None,
                clause: None,
                place: Place::default(),
            };
            (id, fact)
        };
        let fields = ["somatikk", "phv", "tsb"].map(str::to_owned).to_vec();
        [
            fact("a", FactType::Bool),
            fact("b", FactType::Bool),
            fact("felt", FactType::OneOf(fields)),
            fact("alder", FactType::Number),
            fact("sted", FactType::Text),
        ]
        .into()
    }

    fn check(expected: Answer, pairs: &[(&str, &str)]) {
        for (one, other) in pairs {
            let conditions = [parse_condition(one).unwrap(), parse_condition(other).unwrap()];
            assert_eq!(can_all_hold(&conditions.each_ref(), &facts()), expected, "{one} | {other}");
        }
    }

    #[test]
    fn conditions_that_share_a_case_can_hold_together() {
        check(
            Answer::Yes,
            &[
                ("always", "always"),
                ("a", "b"),
                ("not a", "not a"),
                ("alder >= 67", "alder <= 67"),
                ("alder > 66", "alder < 67"),
                ("felt is not phv", "felt is not tsb"),
                ("sted is not oslo", "sted is not bergen"),
                ("sted is known", "not (sted is oslo)"),
                ("sted is not known", "not (a is known)"),
                ("late d", "overdue d"),
                ("has x", "in y"),
                ("sted is fact annet", "sted is oslo"),
                ("body svar is ja", "body fra is known"),
            ],
        );
    }

    #[test]
    fn conditions_that_exclude_each_other_can_not() {
        check(
            Answer::No,
            &[
                ("a", "not a"),
                ("a", "a is no"),
                ("alder >= 67", "alder < 67"),
                ("alder > 66.5", "alder < 66.5"),
                ("alder > 3", "alder is not known"),
                ("felt is phv", "felt is one of [somatikk, tsb]"),
                ("felt is not phv and felt is not tsb", "felt is not somatikk"),
                ("sted is oslo", "sted is bergen"),
                ("kept d", "overdue d"),
                ("open d", "fulfilled d"),
                ("has x since y", "not (has x since y)"),
                ("sted is fact annet", "sted is not fact annet"),
                ("body svar is ja", "body svar is nei"),
                ("a and b", "not a or not b"),
            ],
        );
    }

    #[test]
    fn what_nobody_has_said_is_neither_so_nor_not_so() {
        check(Answer::No, &[("a is not known", "not a"), ("sted is not known", "not (sted is oslo)")]);
        check(Answer::Yes, &[("body svar is not known", "not (body svar is ja)")]);
    }

    #[test]
    fn too_many_things_to_try_are_not_tried() {
        let many: Vec<String> = (0..20).map(|number| format!("has k{number}")).collect();
        check(Answer::TooMany, &[(&many.join(" and "), "always")]);
        check(Answer::Yes, &[(&many[..15].join(" and "), "always")]);
    }
}
