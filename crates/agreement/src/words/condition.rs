use samspill_base::Decimal;

use super::{all_kinds, fact, joined, kind, phase, quoted, say, value};
use crate::model::{Condition, DutyState, FactName, Language, Operand, Test, Version};

/// A condition in words, without "if" in front: `fagområde er phv og ikke pågående tvang`.
pub fn condition(version: &Version, condition: &Condition, language: Language) -> String {
    Words { version, language }.condition(condition)
}

/// `når …`; nothing for what always holds.
pub(crate) fn when(version: &Version, of: &Condition, language: Language) -> Option<String> {
    let word = say(language, "når", "når", "when");
    (of != &Condition::Always).then(|| format!("{word} {}", condition(version, of, language)))
}

struct Words<'v> {
    version: &'v Version,
    language: Language,
}

impl Words<'_> {
    fn say<'t>(&self, nb: &'t str, nn: &'t str, en: &'t str) -> &'t str {
        say(self.language, nb, nn, en)
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Always => self.say("alltid", "alltid", "always").to_owned(),
            Condition::Fact(name, test) => self.test(&fact(self.version, name, self.language), test),
            Condition::Field(field, test) => self.test(&self.field(field), test),
            Condition::Has { kind: id, since } => {
                let there = self.say("er gitt", "er gitt", "has been given");
                let kind = kind(self.version, id, self.language);
                if since.is_empty() {
                    return format!("{kind} {there}");
                }
                let since = all_kinds(self.version, since, self.language);
                format!("{kind} {there} {} {since}", self.say("etter siste", "etter siste", "since the last"))
            }
            Condition::InPhase(id) => {
                format!(
                    "{} {}",
                    self.say("saken er i fasen", "saka er i fasen", "the case is in"),
                    phase(self.version, id, self.language)
                )
            }
            Condition::Duty(state, duty) => {
                let name = self
                    .version
                    .duty(duty)
                    .map_or(duty.as_str(), |duty| duty.name.in_language(self.language));
                format!("{} {}", quoted(name, self.language), self.state(*state))
            }
            Condition::Not(inner) => self.not(inner),
            Condition::All(terms) => self.join(terms, self.say("og", "og", "and")),
            Condition::Any(terms) => self.join(terms, self.say("eller", "eller", "or")),
        }
    }

    fn field(&self, field: &str) -> String {
        super::field(self.version, field, self.language)
    }

    fn not(&self, inner: &Condition) -> String {
        match inner {
            Condition::Fact(name, Test::IsKnown) => self.unknown(&fact(self.version, name, self.language)),
            Condition::Field(field, Test::IsKnown) => self.unknown(&self.field(field)),
            Condition::All(_) | Condition::Any(_) => {
                format!("{} ({})", self.say("ikke", "ikkje", "not"), self.condition(inner))
            }
            Condition::Always
            | Condition::Fact(..)
            | Condition::Field(..)
            | Condition::Has { .. }
            | Condition::InPhase(_)
            | Condition::Duty(..)
            | Condition::Not(_) => format!("{} {}", self.say("ikke", "ikkje", "not"), self.condition(inner)),
        }
    }

    fn unknown(&self, subject: &str) -> String {
        format!("{subject} {}", self.say("er ikke oppgitt", "er ikkje oppgitt", "is not given"))
    }

    fn join(&self, terms: &[Condition], word: &str) -> String {
        let terms: Vec<String> = terms
            .iter()
            .map(|term| match term {
                Condition::All(_) | Condition::Any(_) => format!("({})", self.condition(term)),
                Condition::Always
                | Condition::Fact(..)
                | Condition::Field(..)
                | Condition::Has { .. }
                | Condition::InPhase(_)
                | Condition::Duty(..)
                | Condition::Not(_) => self.condition(term),
            })
            .collect();
        joined(&terms, word)
    }

    fn test(&self, subject: &str, test: &Test) -> String {
        let is = self.say("er", "er", "is");
        let compare =
            |nb, nn, en, number: &Decimal| format!("{subject} {is} {} {number}", self.say(nb, nn, en));
        match test {
            Test::IsYes => subject.to_owned(),
            Test::IsKnown => format!("{subject} {}", self.say("er oppgitt", "er oppgitt", "is given")),
            Test::Is(operand) => format!("{subject} {is} {}", self.operand(operand)),
            Test::IsNot(operand) => {
                format!("{subject} {} {}", self.say("er ikke", "er ikkje", "is not"), self.operand(operand))
            }
            Test::OneOf(values) => {
                let values: Vec<String> = values.iter().map(|one| value(one, self.language)).collect();
                format!("{subject} {is} {}", joined(&values, self.say("eller", "eller", "or")))
            }
            Test::Below(number) => compare("under", "under", "below", number),
            Test::AtMost(number) => compare("høyst", "høgst", "at most", number),
            Test::Above(number) => compare("over", "over", "above", number),
            Test::AtLeast(number) => compare("minst", "minst", "at least", number),
        }
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Value(one) => value(one, self.language),
            Operand::Fact(name) => self.same_as(name),
        }
    }

    fn same_as(&self, name: &FactName) -> String {
        format!(
            "{} {}",
            self.say("det samme som", "det same som", "the same as"),
            fact(self.version, name, self.language)
        )
    }

    fn state(&self, state: DutyState) -> &'static str {
        match state {
            DutyState::Kept => say(self.language, "er holdt", "er halden", "was kept"),
            DutyState::Late => say(self.language, "er gjort for sent", "er gjord for seint", "was done late"),
            DutyState::Missed => {
                say(self.language, "er ikke gjort i tide", "er ikkje gjord i tide", "was missed")
            }
            DutyState::Open => say(self.language, "er åpen", "er open", "is open"),
            DutyState::Waived => say(self.language, "er falt bort", "er fallen bort", "has fallen away"),
            DutyState::Fulfilled => say(self.language, "er gjort", "er gjord", "is done"),
            DutyState::Overdue => say(
                self.language,
                "er gjort for sent eller ikke gjort i tide",
                "er gjord for seint eller ikkje gjord i tide",
                "was done late or missed",
            ),
        }
    }
}
