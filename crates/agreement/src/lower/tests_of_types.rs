//! Whether conditions compare like with like.

use jiff::civil::{Date, DateTime};
use samspill_base::Value;

use super::context::{Context, Scope};
use crate::{
    diagnostic::{Code, did_you_mean},
    fields::quoted_words,
    model::{FactType, KindId, Operand, Test},
    source::Spot,
};

impl Context<'_> {
    pub(super) fn check_fact_test(&mut self, fact: &str, test: &Test, spot: Spot) -> bool {
        match self.fact_type(fact, spot) {
            Some(fact_type) => self.check_test(&format!("the fact `{fact}`"), &fact_type, test, spot),
            None => false,
        }
    }

    pub(super) fn check_field_test(
        &mut self,
        field: &str,
        test: &Test,
        spot: Spot,
        scope: Scope<'_>,
    ) -> bool {
        match self.field_types(field, spot, scope) {
            Some(types) => types
                .iter()
                .all(|field_type| self.check_test(&format!("the field `{field}`"), field_type, test, spot)),
            None => false,
        }
    }

    pub(super) fn check_date_fact(&mut self, fact: &str, spot: Spot) -> bool {
        let Some(fact_type) = self.fact_type(fact, spot) else { return false };
        self.check_date(&format!("the fact `{fact}`"), &fact_type, spot)
    }

    pub(super) fn check_date_field(&mut self, field: &str, spot: Spot, scope: Scope<'_>) -> bool {
        let Some(types) = self.field_types(field, spot, scope) else { return false };
        types.iter().all(|field_type| self.check_date(&format!("the field `{field}`"), field_type, spot))
    }

    fn check_date(&mut self, subject: &str, fact_type: &FactType, spot: Spot) -> bool {
        let fine = matches!(fact_type, FactType::Date | FactType::Time);
        if !fine {
            let message =
                format!("{subject} is {}; here a date or a time is needed", type_in_words(fact_type));
            self.report
                .error(Code::WrongValueType, spot, message)
                .help("use one declared with type = \"date\" or type = \"time\"");
        }
        fine
    }

    /// What a field may hold in the kinds that have it; a field that none of them has is reported.
    pub(super) fn field_types(&mut self, field: &str, spot: Spot, scope: Scope<'_>) -> Option<Vec<FactType>> {
        let kinds: &[KindId] = match scope {
            Scope::EntryOf(kinds) => kinds,
            Scope::Case => {
                self.report
                    .error(
                        Code::NoEntryHere,
                        spot,
                        format!("`{field}`: this rule looks at no message, so there is no body"),
                    )
                    .help("ask for a fact instead; a message can set one with `sets`");
                return None;
            }
        };
        let known: Vec<_> = kinds.iter().filter_map(|kind| self.kinds.get(kind)).collect();
        let types: Vec<FactType> = known
            .iter()
            .filter_map(|kind| kind.fields.get(field))
            .map(|field| field.field_type.clone())
            .collect();
        if kinds.is_empty() {
            return None;
        }
        // Kinds that could not be read have been reported; their fields aren't known.
        if types.is_empty() && known.len() == kinds.len() {
            let names: Vec<String> = known.iter().flat_map(|kind| kind.fields.keys().cloned()).collect();
            let ids = kinds.iter().map(|kind| format!("\"{kind}\"")).collect::<Vec<_>>().join(", ");
            let help = match did_you_mean(field, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => {
                    format!("{ids} declares no fields: add fields = {{ {field} = {{ type = \"text\" }} }}")
                }
                None => format!("its fields are {}", names.join(", ")),
            };
            self.report.error(Code::UnknownField, spot, format!("{ids} has no field `{field}`")).help(help);
            return None;
        }
        Some(types)
    }

    fn check_test(&mut self, subject: &str, fact_type: &FactType, test: &Test, spot: Spot) -> bool {
        match test {
            Test::IsKnown => true,
            Test::IsYes => fact_type == &FactType::Bool || self.not_yes_no(subject, fact_type, spot),
            Test::Is(operand) | Test::IsNot(operand) => self.check_operand(subject, fact_type, operand, spot),
            Test::OneOf(values) => {
                values.iter().all(|value| self.check_value(subject, fact_type, value, spot))
            }
            Test::Below(_) | Test::AtMost(_) | Test::Above(_) | Test::AtLeast(_) => {
                fact_type == &FactType::Number || self.not_a_number(subject, fact_type, spot)
            }
        }
    }

    fn not_yes_no(&mut self, subject: &str, fact_type: &FactType, spot: Spot) -> bool {
        let message = format!(
            "{subject} is {}, not yes or no: a bare name asks whether it is yes",
            type_in_words(fact_type)
        );
        self.report
            .error(Code::WrongValueType, spot, message)
            .help("write what it shall be, with `is`, or `is known`");
        false
    }

    fn not_a_number(&mut self, subject: &str, fact_type: &FactType, spot: Spot) -> bool {
        let message =
            format!("{subject} is {}; only numbers are larger or smaller", type_in_words(fact_type));
        self.report
            .error(Code::WrongValueType, spot, message)
            .help("use `is`, or declare it with type = \"number\"");
        false
    }

    fn check_operand(&mut self, subject: &str, fact_type: &FactType, operand: &Operand, spot: Spot) -> bool {
        match operand {
            Operand::Value(value) => self.check_value(subject, fact_type, value, spot),
            Operand::Fact(other) => match self.fact_type(other, spot) {
                None => false,
                Some(other_type) if are_comparable(fact_type, &other_type) => true,
                Some(other_type) => {
                    let message = format!(
                        "{subject} is {}, the fact `{other}` is {}: they are never equal",
                        type_in_words(fact_type),
                        type_in_words(&other_type)
                    );
                    self.report
                        .error(Code::WrongValueType, spot, message)
                        .help("compare things of the same type");
                    false
                }
            },
        }
    }

    /// Whether something of this type can hold this value.
    pub(super) fn check_value(
        &mut self,
        subject: &str,
        fact_type: &FactType,
        value: &Value,
        spot: Spot,
    ) -> bool {
        if let (FactType::OneOf(words), Value::Text(text)) = (fact_type, value)
            && !words.contains(text)
        {
            let help = match did_you_mean(text, words.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it can be {}", quoted_words(words)),
            };
            self.report.error(Code::NotOneOf, spot, format!("{subject} can never be \"{text}\"")).help(help);
            return false;
        }
        if can_hold(fact_type, value) {
            return true;
        }
        let message =
            format!("{subject} is {}; it can never be {}", type_in_words(fact_type), value_in_words(value));
        self.report.error(Code::WrongValueType, spot, message).help(how_to_write(fact_type));
        false
    }
}

fn can_hold(fact_type: &FactType, value: &Value) -> bool {
    match (fact_type, value) {
        (FactType::Bool, Value::Bool(_))
        | (FactType::Number, Value::Number(_))
        | (FactType::Text | FactType::OneOf(_), Value::Text(_)) => true,
        (FactType::Date, Value::Text(text)) => text.parse::<Date>().is_ok(),
        (FactType::Time, Value::Text(text)) => {
            text.parse::<DateTime>().is_ok() || text.parse::<jiff::Timestamp>().is_ok()
        }
        _ => false,
    }
}

/// Whether two types have values in common.
pub(super) fn are_comparable(one: &FactType, other: &FactType) -> bool {
    let group = |fact_type: &FactType| match fact_type {
        FactType::Bool => 0,
        FactType::Number => 1,
        FactType::Text | FactType::OneOf(_) => 2,
        FactType::Date | FactType::Time => 3,
    };
    group(one) == group(other)
}

pub(super) fn type_in_words(fact_type: &FactType) -> String {
    match fact_type {
        FactType::Bool => "yes or no".into(),
        FactType::Number => "a number".into(),
        FactType::Text => "text".into(),
        FactType::Date => "a date".into(),
        FactType::Time => "a time".into(),
        FactType::OneOf(words) => format!("one of {}", quoted_words(words)),
    }
}

fn value_in_words(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(number) => format!("the number {number}"),
        Value::Text(_) | Value::Empty | Value::List(_) | Value::Map(_) => format!("the text \"{value}\""),
    }
}

fn how_to_write(fact_type: &FactType) -> &'static str {
    match fact_type {
        FactType::Bool => "write the name alone, or `not` and the name",
        FactType::Number => "write a number, such as 67",
        FactType::Text | FactType::OneOf(_) => "write text; digits or the words yes and no in \"quotes\"",
        FactType::Date => "write a date such as 2024-08-17",
        FactType::Time => "write a time such as 2024-08-17T14:00",
    }
}
