use super::{
    deadline::{day_word, past},
    fact, kind, say,
};
use crate::model::{DayExpr, DayKind, DayOffset, Language, Version};

/// Which days a meter counts: `dager`, `virkedager`, `working days`.
pub fn counted_days(version: &Version, days: &DayKind, language: Language) -> String {
    match days {
        DayKind::Any => say(language, "alle dager", "alle dagar", "all days").to_owned(),
        DayKind::Working => say(language, "virkedager", "yrkedagar", "working days").to_owned(),
        DayKind::OpenIn(_) => {
            let several = say(language, "hver", "kvar", "each");
            format!("{several} {}", day_word(version, days, language))
        }
    }
}

/// A day of a meter in words: `neste virkedag`, `dagen som meldingen oppgir i «fra»`.
pub fn day_of_meter(version: &Version, day: &DayExpr, language: Language) -> String {
    match day {
        DayExpr::FromEntry(offset) => from_entry(version, offset, language),
        DayExpr::FromKind(offset, from) => {
            let after = say(language, "etter", "etter", "after");
            format!("{} {after} {}", count(version, offset, language), kind(version, from, language))
        }
        DayExpr::Field(offset, field) => {
            let field = super::field(version, field, language);
            let day = match language {
                Language::Bokmal => format!("dagen som meldingen oppgir i {field}"),
                Language::Nynorsk => format!("dagen som meldinga gir opp i {field}"),
                Language::English => format!("the day that the message gives in {field}"),
            };
            after_day(version, offset, day, language)
        }
        DayExpr::Fact(offset, name) => after_day(version, offset, fact(version, name, language), language),
    }
}

fn after_day(version: &Version, offset: &DayOffset, day: String, language: Language) -> String {
    if offset.count == 0 {
        return day;
    }
    format!("{} {} {day}", count(version, offset, language), say(language, "etter", "etter", "after"))
}

fn from_entry(version: &Version, offset: &DayOffset, language: Language) -> String {
    let day = day_word(version, &offset.of, language);
    let plain = match offset.count {
        0 => format!("{} {day}", say(language, "samme", "same", "the same")),
        1 => format!("{} {day}", say(language, "neste", "neste", "the next")),
        _ => format!("{} {}", count(version, offset, language), say(language, "etter", "etter", "after")),
    };
    match offset.cut_off {
        None => plain,
        Some(cut_off) => {
            let past = past(cut_off, language);
            match language {
                Language::Bokmal | Language::Nynorsk => {
                    format!("{plain} (gitt {past}: som gitt dagen etter)")
                }
                Language::English => format!("{plain} (given {past}: as if given the day after)"),
            }
        }
    }
}

fn count(version: &Version, offset: &DayOffset, language: Language) -> String {
    let unit = match offset.of {
        DayKind::Any => crate::model::Unit::Day,
        DayKind::Working => crate::model::Unit::WorkingDay,
        DayKind::OpenIn(_) => {
            return format!("{} × {}", offset.count, day_word(version, &offset.of, language));
        }
    };
    super::amount(crate::model::Amount { count: offset.count, unit }, language)
}
