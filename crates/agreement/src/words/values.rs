use samspill_base::{
    Value,
    calendar::{DayPattern, Weekdays},
};

use super::{joined, quoted, say, weekday_name};
use crate::model::{Language, Progression, Rate, Restart, Version};

/// A value of a fact or a field: yes and no in words.
pub(crate) fn value(value: &Value, language: Language) -> String {
    match value {
        Value::Bool(true) => say(language, "ja", "ja", "yes").to_owned(),
        Value::Bool(false) => say(language, "nei", "nei", "no").to_owned(),
        Value::Empty | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            value.to_string()
        }
    }
}

pub(crate) fn restart(restart: Restart, language: Language) -> Option<&'static str> {
    match restart {
        Restart::GoesOn => None,
        Restart::Ignored => Some(say(
            language,
            "en ny begynnelse i fasen endrer ingenting",
            "ei ny byrjing i fasen endrar ingenting",
            "another beginning during the phase changes nothing",
        )),
    }
}

/// What a day costs, with how the price rises.
pub(crate) fn rate(version: &Version, rate: &Rate, progression: &Progression, language: Language) -> String {
    let base = match rate {
        Rate::None => {
            return say(
                language,
                "ingenting; døgnene bare telles",
                "ingenting; døgna blir berre talde",
                "nothing; days are only counted",
            )
            .to_owned();
        }
        Rate::Fixed(amount) => format!("{amount} {}", version.currency),
        Rate::Dated(id) => {
            let name = version.values.get(id).map_or(id.as_str(), |value| value.name.in_language(language));
            quoted(name, language)
        }
    };
    match progression {
        Progression::Flat => base,
        Progression::PercentOfDayBefore(percent) => {
            let rising = say(
                language,
                "% av prisen dagen før",
                "% av prisen dagen før",
                "% of the price of the day before",
            );
            format!("{base}; {} {percent} {rising}", say(language, "deretter", "deretter", "then"))
        }
        Progression::Steps(steps) => {
            let from_day = say(language, "fra dag", "frå dag", "from day");
            let steps: Vec<String> = steps
                .iter()
                .map(|step| format!("{from_day} {}: {} %", step.from_day, step.percent))
                .collect();
            format!("{base}; {}", steps.join(", "))
        }
    }
}

/// The days of a row of open hours.
pub(crate) fn days_of_row(version: &Version, days: &DayPattern, language: Language) -> String {
    match days {
        DayPattern::WorkingDays => say(language, "virkedager", "yrkedagar", "working days").to_owned(),
        DayPattern::EveryDay => say(language, "alle dager", "alle dagar", "every day").to_owned(),
        DayPattern::Holidays => say(language, "helligdager", "heilagdagar", "holidays").to_owned(),
        DayPattern::Weekdays(weekdays) => weekday_list(*weekdays, language),
        DayPattern::Named(ids) => {
            let names: Vec<String> = ids.iter().map(|id| holiday(version, id, language)).collect();
            joined(&names, say(language, "og", "og", "and"))
        }
    }
}

fn weekday_list(weekdays: Weekdays, language: Language) -> String {
    let names: Vec<String> = weekdays.iter().map(|day| weekday_name(day, language).to_owned()).collect();
    joined(&names, say(language, "og", "og", "and"))
}

fn holiday(version: &Version, id: &str, language: Language) -> String {
    let known = version.calendar.holidays.iter().find(|holiday| holiday.rule.id == id);
    super::small(known.map_or(id, |holiday| holiday.name.in_language(language)))
}
