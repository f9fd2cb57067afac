use std::collections::{BTreeMap, BTreeSet};

use samspill_agreement::model::{FactType, Version};
use samspill_base::{Entry, Value};

use super::PersonRegister;

/// What fields and facts may say in an export that names nobody: the words that an agreement declares as the choices of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices(BTreeMap<String, BTreeSet<String>>);

impl Choices {
    /// The choices of these versions of agreements, together.
    pub fn of<'v>(versions: impl IntoIterator<Item = &'v Version>) -> Self {
        let mut choices = Self::default();
        for version in versions {
            for (name, fact) in &version.facts {
                choices.add(name.as_str(), &fact.fact_type);
            }
            for (name, field) in version.kinds.values().flat_map(|kind| &kind.fields) {
                choices.add(name, &field.field_type);
            }
        }
        choices
    }

    fn add(&mut self, name: &str, holds: &FactType) {
        if let FactType::OneOf(words) = holds {
            self.0.entry(name.to_owned()).or_default().extend(words.iter().cloned());
        }
    }

    fn has(&self, name: &str, word: &str) -> bool {
        self.0.get(name).is_some_and(|words| words.contains(word))
    }

    /// The values that say nothing of who it is, by their names.
    fn plain(&self, values: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let named = values.iter().filter(|(name, _)| is_slug(name) && !has_number(name));
        named.filter_map(|(name, value)| Some((name.clone(), self.plain_value(name, value)?))).collect()
    }

    /// A value without what may say who it is; `None` where nothing is left of it.
    fn plain_value(&self, name: &str, value: &Value) -> Option<Value> {
        match value {
            Value::Empty | Value::Bool(_) => Some(value.clone()),
            Value::Number(number) => (!has_number(&number.to_string())).then(|| value.clone()),
            Value::Text(text) => (self.has(name, text) || is_time(text)).then(|| value.clone()),
            Value::List(values) => {
                Some(Value::List(values.iter().filter_map(|value| self.plain_value(name, value)).collect()))
            }
            Value::Map(values) => Some(Value::Map(self.plain(values))),
        }
    }
}

impl PersonRegister {
    /// An entry for an export that names nobody: the person under a pseudonym, without the message's id, and of texts only days, times
    /// and the words that are declared as choices of their field. A number with as many digits as a birth date has goes too.
    ///
    /// Cases keep their names, parties and times theirs: whoever knows a stay from elsewhere may still know it again.
    pub fn without_names(&self, entry: &Entry, choices: &Choices) -> Entry {
        Entry {
            id: None,
            person: entry.person.as_deref().map(|id| self.pseudonym(id)),
            facts: choices.plain(&entry.facts),
            body: entry.body.as_ref().map(|body| choices.plain(body)),
            ..entry.clone()
        }
    }
}

/// Letters of a slug at the most.
const SLUG_MAX: usize = 40;

/// Digits in a row that may be somebody's: a birth date has so many.
const DIGITS_MAX: usize = 5;

/// Whether it is a slug in small ASCII letters, as names of facts and fields are.
fn is_slug(text: &str) -> bool {
    (1..=SLUG_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Whether it holds more digits in a row than a pseudonymous export may. What stands between digits in numbers that people write, a
/// point, a hyphen or a space, doesn't part them.
fn has_number(text: &str) -> bool {
    let mut digits = 0;
    for letter in text.chars() {
        digits = match letter {
            '0'..='9' => digits + 1,
            '.' | '-' | ' ' => digits,
            _ => 0,
        };
        if digits > DIGITS_MAX {
            return true;
        }
    }
    false
}

/// Whether it is a day or a time, written as days and times are: with hyphens, which eleven digits don't have.
fn is_time(text: &str) -> bool {
    let is_day = text.parse::<jiff::civil::Date>().is_ok();
    let is_time = text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok();
    text.get(4..5) == Some("-") && text.get(7..8) == Some("-") && (is_day || is_time)
}

#[cfg(test)]
mod tests {
    use samspill_base::Decimal;

    use super::*;

    fn choices() -> Choices {
        let words = ["korttidsopphold", "kan-ta-imot"].map(str::to_owned);
        Choices(BTreeMap::from([("svar".to_owned(), BTreeSet::from(words))]))
    }

    #[test]
    fn declared_words_days_and_times_stay_and_other_text_goes() {
        for (text, stays) in [
            ("korttidsopphold", true),
            ("kan-ta-imot", true),
            ("2025-03-28", true),
            ("2025-03-28T14:00:00Z", true),
            ("2025-03-28T14:00:00", true),
            ("20250328", false),
            ("41814061033", false),
            ("418140 61033", false),
            ("fnr-41814061033", false),
            ("Kari", false),
            ("kari", false),
            ("bor-hos-kari", false),
            ("kari-nordmann", false),
            ("", false),
        ] {
            let value = Value::text(text);
            assert_eq!(choices().plain_value("svar", &value), stays.then_some(value), "{text}");
        }
        let elsewhere = Value::text("kan-ta-imot");
        assert_eq!(choices().plain_value("tekst", &elsewhere), None, "a choice of another field");
    }

    #[test]
    fn numbers_stay_that_are_nobodys() {
        for (number, stays) in [
            ("0", true),
            ("-3", true),
            ("99999", true),
            ("100000", false),
            ("1234.5", true),
            ("1234.56", false),
            ("41814061033", false),
            ("-41814061033", false),
            ("4181406.1033", false),
        ] {
            let value = Value::Number(Decimal::parse(number).unwrap());
            assert_eq!(choices().plain_value("antall", &value), stays.then_some(value), "{number}");
        }
    }

    #[test]
    fn names_of_values_that_are_none_go_with_what_they_hold() {
        let inner =
            BTreeMap::from([("41814061033".to_owned(), Value::Bool(true)), ("a".to_owned(), Value::Empty)]);
        let values = BTreeMap::from([
            ("Kari Nordmann".to_owned(), Value::Bool(true)),
            ("fnr-41814061033".to_owned(), Value::Bool(true)),
            ("liste".to_owned(), Value::List(vec![Value::text("kari"), Value::Map(inner)])),
            ("tvang".to_owned(), Value::Bool(true)),
        ]);
        let map = Value::Map(BTreeMap::from([("a".to_owned(), Value::Empty)]));
        let expected = BTreeMap::from([
            ("liste".to_owned(), Value::List(vec![map])),
            ("tvang".to_owned(), Value::Bool(true)),
        ]);
        assert_eq!(choices().plain(&values), expected);
    }
}
