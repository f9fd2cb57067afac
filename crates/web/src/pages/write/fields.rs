//! The fields of a form, as the page shows them.

use samspill_agreement::model::{FactType, Language};
use samspill_service::casework::{Form, FormField, GivenFrom, Need, Place, value_text};

use super::{Said, Words};
use crate::pages::{Choice, Names, fill};

/// A field as the page shows it.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Field {
    pub(in crate::pages) name: String,
    pub(in crate::pages) label: String,
    pub(in crate::pages) value: String,
    pub(in crate::pages) hint: String,
    pub(in crate::pages) error: String,
    /// Empty where anything may be typed.
    pub(in crate::pages) options: Vec<Choice>,
    /// What an input of one line takes; empty for text of several.
    pub(in crate::pages) kind: &'static str,
}

/// A field of a form: what was typed, or else what is known.
pub(in crate::pages) fn field(
    of: &FormField,
    said: Option<&Said>,
    names: &Names<'_>,
    agreement: &str,
    language: Language,
) -> Field {
    let w = Words::of(language);
    let known = || of.given.as_ref().map(|given| value_text(&given.value)).unwrap_or_default();
    let typed = said.and_then(|said| said.field(&of.name));
    let value = typed.map_or_else(known, str::to_owned);
    let source = of.given.as_ref().filter(|_| typed.is_none()).map(|given| match &given.from {
        GivenFrom::Entry(_, kind) => {
            fill(w.from_entry, &[("kind", &names.newest(Some(agreement)).kind(kind.as_str()))])
        }
        GivenFrom::HealthInformation => w.from_health.to_owned(),
        GivenFrom::Fact | GivenFrom::Today => String::new(),
    });
    let mut hints: Vec<String> = source.into_iter().filter(|text| !text.is_empty()).collect();
    hints.extend(of.needs.first().map(|need| wanted(need, w)));
    if of.place == Place::Carried {
        hints.push(w.goes_with.to_owned());
    }
    Field {
        name: format!("f_{}", of.name),
        label: of.label.in_language(language).to_owned(),
        options: options(&of.input, &value, w),
        kind: kind(&of.input),
        value,
        hint: hints.join(" "),
        error: String::new(),
    }
}

/// All fields of a form, what the agreement wants first.
pub(in crate::pages) fn all(
    form: &Form,
    said: Option<&Said>,
    names: &Names<'_>,
    agreement: &str,
    language: Language,
) -> (Vec<Field>, Vec<Field>) {
    let shown = |of: &[FormField]| of.iter().map(|it| field(it, said, names, agreement, language)).collect();
    (shown(&form.fields), shown(&form.facts))
}

fn wanted(need: &Need, w: &Words) -> String {
    let text = if need.is_conditional { w.may_be_wanted } else { w.wanted };
    fill(text, &[("clause", &need.clause)])
}

fn kind(input: &FactType) -> &'static str {
    match input {
        FactType::Date => "date",
        FactType::Number | FactType::Time => "text",
        FactType::Text | FactType::Bool | FactType::OneOf(_) => "",
    }
}

fn options(input: &FactType, value: &str, w: &Words) -> Vec<Choice> {
    let none = || Choice::new("", w.not_said, value);
    match input {
        FactType::Bool => vec![none(), Choice::new("ja", w.yes, value), Choice::new("nei", w.no, value)],
        FactType::OneOf(words) => {
            let named = words.iter().map(|word| Choice::new(word, option_name(word, w), value));
            std::iter::once(none()).chain(named).collect()
        }
        FactType::Number | FactType::Text | FactType::Date | FactType::Time => Vec::new(),
    }
}

/// What a word of the vocabulary is called. Those that aren't known here are said as they stand, with blanks.
fn option_name(word: &str, w: &Words) -> String {
    match word {
        "kan-ta-imot" => w.can.to_owned(),
        "kan-ikke-ta-imot" => w.cannot.to_owned(),
        "somatikk" => w.somatic.to_owned(),
        "phv" => w.mental.to_owned(),
        "tsb" => w.addiction.to_owned(),
        "langtid" => w.long_stay.to_owned(),
        "korttid" => w.short_stay.to_owned(),
        _ => word.replace('-', " "),
    }
}
