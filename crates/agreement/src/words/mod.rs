//! Deadlines, conditions and days in words: bokmål, nynorsk, English.

mod condition;
mod day;
mod deadline;
mod english;
mod labels;
mod values;

use jiff::civil::{Date, Time, Weekday};

pub use condition::condition;
pub(crate) use condition::when;
pub use day::{counted_days, day_of_meter};
pub use deadline::{amount, deadline};
pub(crate) use english::{longest_days_of_month, month_in_english, month_number, weekday};
pub(crate) use labels::{Label, document_type, label};
pub use labels::{clock, severity};
pub(crate) use values::{days_of_row, rate, restart, value};

use crate::model::{CalendarId, FactName, KindId, Language, PartyId, PhaseId, Version};

/// The text of this language.
pub(crate) fn say<'t>(language: Language, nb: &'t str, nn: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Bokmal => nb,
        Language::Nynorsk => nn,
        Language::English => en,
    }
}

/// `14.00`, in English `14:00`.
pub fn clock_time(time: Time, language: Language) -> String {
    let between = say(language, ".", ".", ":");
    format!("{:02}{between}{:02}", time.hour(), time.minute())
}

/// `1. juni 2023`, `1 June 2023`.
pub fn date(date: Date, language: Language) -> String {
    format!("{} {}", month_day(date.month(), date.day(), language), date.year())
}

/// `1. juli`, `1 July`.
pub fn month_day(month: i8, day: i8, language: Language) -> String {
    let dot = say(language, ".", ".", "");
    format!("{day}{dot} {}", month_name(month, language))
}

/// The month's name, from 1 on: `mars`, `March`. Empty for what is no month.
pub fn month_name(month: i8, language: Language) -> &'static str {
    const NORWEGIAN: [&str; 12] = [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let months = match language {
        Language::Bokmal | Language::Nynorsk => NORWEGIAN,
        Language::English => ENGLISH,
    };
    usize::try_from(month - 1).ok().and_then(|place| months.get(place).copied()).unwrap_or("")
}

/// The weekday's name: `mandag`, `måndag`, `Monday`.
pub fn weekday_name(weekday: Weekday, language: Language) -> &'static str {
    match weekday {
        Weekday::Monday => say(language, "mandag", "måndag", "Monday"),
        Weekday::Tuesday => say(language, "tirsdag", "tysdag", "Tuesday"),
        Weekday::Wednesday => say(language, "onsdag", "onsdag", "Wednesday"),
        Weekday::Thursday => say(language, "torsdag", "torsdag", "Thursday"),
        Weekday::Friday => say(language, "fredag", "fredag", "Friday"),
        Weekday::Saturday => say(language, "lørdag", "laurdag", "Saturday"),
        Weekday::Sunday => say(language, "søndag", "sundag", "Sunday"),
    }
}

/// `«Utskrivningsklar»`: the kind's name as a quotation; its id where the version doesn't have it.
pub fn kind(version: &Version, kind: &KindId, language: Language) -> String {
    let name = version.kinds.get(kind).map_or(kind.as_str(), |kind| kind.name.in_language(language));
    quoted(name, language)
}

/// Kinds joined by "or".
pub fn any_of_kinds(version: &Version, kinds: &[KindId], language: Language) -> String {
    joined(
        &kinds.iter().map(|id| kind(version, id, language)).collect::<Vec<_>>(),
        say(language, "eller", "eller", "or"),
    )
}

/// Kinds joined by "and".
pub fn all_kinds(version: &Version, kinds: &[KindId], language: Language) -> String {
    joined(
        &kinds.iter().map(|id| kind(version, id, language)).collect::<Vec<_>>(),
        say(language, "og", "og", "and"),
    )
}

/// The party's name, or its id.
pub fn party(version: &Version, party: &PartyId, language: Language) -> String {
    version.parties.get(party).map_or(party.as_str(), |party| party.name.in_language(language)).to_owned()
}

/// The fact's name with a small first letter, or its id.
pub fn fact(version: &Version, fact: &FactName, language: Language) -> String {
    small(version.facts.get(fact).map_or(fact.as_str(), |fact| fact.name.in_language(language)))
}

/// The name of a body field, as the first kind that has it calls it.
pub(crate) fn field(version: &Version, field: &str, language: Language) -> String {
    let declared = version.kinds.values().find_map(|kind| kind.fields.get(field));
    quoted(declared.map_or(field, |field| field.name.in_language(language)), language)
}

pub(crate) fn hours(version: &Version, hours: &CalendarId, language: Language) -> String {
    small(version.hours.get(hours).map_or(hours.as_str(), |hours| hours.name.in_language(language)))
}

pub(crate) fn phase(version: &Version, phase: &PhaseId, language: Language) -> String {
    let known = version.phases.iter().find(|known| &known.id == phase);
    quoted(known.map_or(phase.as_str(), |phase| phase.name.in_language(language)), language)
}

pub(crate) fn quoted(text: &str, language: Language) -> String {
    match language {
        Language::Bokmal | Language::Nynorsk => format!("«{text}»"),
        Language::English => format!("“{text}”"),
    }
}

/// A small first letter, unless the word is an abbreviation.
pub(crate) fn small(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if second.is_none_or(|second| !second.is_uppercase()) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// `a`, `a og b`, `a, b og c`.
pub(crate) fn joined(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} {word} {last}", all.join(", ")),
    }
}
