use jiff::civil::Time;

use super::{clock_time, fact, hours, kind, month_day, say};
use crate::model::{
    Amount, CutOff, DayKind, Deadline, DeadlineRule, Edge, GivenCutOff, Language, Unit, Version,
};

/// A limit in words: `innen 24 timer`, `innan kl. 15.00 same yrkedag`, `within 24 hours`.
pub fn deadline(version: &Version, deadline: &Deadline, language: Language) -> String {
    let limit = rule(version, &deadline.rule, language);
    match &deadline.given {
        Some(cut_off) => format!("{limit}; {}", given(version, cut_off, language)),
        None => limit,
    }
}

/// `24 timer`, `5 virkedager`; `24 hours`, `5 working days`.
pub fn amount(amount: Amount, language: Language) -> String {
    format!("{} {}", amount.count, unit(amount, language))
}

fn unit(amount: Amount, language: Language) -> &'static str {
    let one = amount.count == 1;
    let pick = |singular: &'static str, plural: &'static str| if one { singular } else { plural };
    match (amount.unit, language) {
        (Unit::Minute, Language::Bokmal) => pick("minutt", "minutter"),
        (Unit::Minute, Language::Nynorsk) => "minutt",
        (Unit::Minute, Language::English) => pick("minute", "minutes"),
        (Unit::Hour, Language::Bokmal) => pick("time", "timer"),
        (Unit::Hour, Language::Nynorsk) => pick("time", "timar"),
        (Unit::Hour, Language::English) => pick("hour", "hours"),
        (Unit::Day, Language::Bokmal) => pick("dag", "dager"),
        (Unit::Day, Language::Nynorsk) => pick("dag", "dagar"),
        (Unit::Day, Language::English) => pick("day", "days"),
        (Unit::WorkingDay, Language::Bokmal) => pick("virkedag", "virkedager"),
        (Unit::WorkingDay, Language::Nynorsk) => pick("yrkedag", "yrkedagar"),
        (Unit::WorkingDay, Language::English) => pick("working day", "working days"),
        (Unit::Week, Language::Bokmal) => pick("uke", "uker"),
        (Unit::Week, Language::Nynorsk) => pick("veke", "veker"),
        (Unit::Week, Language::English) => pick("week", "weeks"),
        (Unit::Month, Language::Bokmal) => pick("måned", "måneder"),
        (Unit::Month, Language::Nynorsk) => pick("månad", "månader"),
        (Unit::Month, Language::English) => pick("month", "months"),
        (Unit::Year, Language::Bokmal | Language::Nynorsk) => "år",
        (Unit::Year, Language::English) => pick("year", "years"),
    }
}

fn rule(version: &Version, rule: &DeadlineRule, language: Language) -> String {
    let within = say(language, "innen", "innan", "within");
    match rule {
        DeadlineRule::AtOnce => say(language, "straks", "straks", "at once").to_owned(),
        DeadlineRule::Elapsed(limit) | DeadlineRule::Days { amount: limit, at: None } => {
            format!("{within} {}", amount(*limit, language))
        }
        DeadlineRule::Days { amount: limit, at: Some(at) } => {
            let at_clock = say(language, "kl.", "kl.", "at");
            format!("{within} {}, {at_clock} {}", amount(*limit, language), clock_time(*at, language))
        }
        DeadlineRule::Within(limit, open) => {
            let counted = say(language, "regnet innenfor", "rekna innanfor", "counted within");
            format!("{within} {}, {counted} {}", amount(*limit, language), hours(version, open, language))
        }
        DeadlineRule::ClockOn { at, day, days_after, cut_off } => {
            let limit = clock_on(*at, &which_day(version, day, *days_after, language), language);
            cut_off.map_or(limit.clone(), |cut_off| {
                format!("{limit}; {}", next_if(version, day, cut_off, language))
            })
        }
        DeadlineRule::BeforeKind(limit, target) => before(*limit, &kind(version, target, language), language),
        DeadlineRule::BeforeFact(limit, target) => before(*limit, &fact(version, target, language), language),
        DeadlineRule::FirstWorkingDayOfNextMonth => first_working_day_of_next_month(language).to_owned(),
        DeadlineRule::LastDayOfMonth => last_day_of_month(language).to_owned(),
        DeadlineRule::DayOfNextMonth(day) => day_of_next_month(*day, language),
        DeadlineRule::Annual { month, day } => {
            let by = say(language, "innen utgangen av", "innan utgangen av", "by the end of");
            format!("{by} {}", month_day(*month, *day, language))
        }
    }
}

fn first_working_day_of_next_month(language: Language) -> &'static str {
    say(
        language,
        "innen utgangen av den første virkedagen i neste måned",
        "innan utgangen av den første yrkedagen i neste månad",
        "by the end of the first working day of the next month",
    )
}

fn last_day_of_month(language: Language) -> &'static str {
    say(language, "innen utgangen av måneden", "innan utgangen av månaden", "by the end of the month")
}

fn day_of_next_month(day: u8, language: Language) -> String {
    match language {
        Language::Bokmal => format!("innen utgangen av den {day}. i neste måned"),
        Language::Nynorsk => format!("innan utgangen av den {day}. i neste månad"),
        Language::English => format!("by the end of day {day} of the next month"),
    }
}

fn before(limit: Option<Amount>, target: &str, language: Language) -> String {
    match limit {
        None => format!("{} {target}", say(language, "senest ved", "seinast ved", "at the latest at")),
        Some(limit) => {
            let (latest, before) =
                (say(language, "senest", "seinast", "at the latest"), say(language, "før", "før", "before"));
            format!("{latest} {} {before} {target}", amount(limit, language))
        }
    }
}

/// `samme virkedag`, `neste dag`
fn which_day(version: &Version, day: &DayKind, days_after: u32, language: Language) -> String {
    match days_after {
        0 => format!("{} {}", say(language, "samme", "same", "the same"), day_word(version, day, language)),
        1 => format!("{} {}", say(language, "neste", "neste", "the next"), day_word(version, day, language)),
        _ => {
            let after = say(language, "etter", "etter", "after");
            format!("{days_after}. {} {after}", day_word(version, day, language))
        }
    }
}

/// `virkedag`, `dag`, `dag med åpningstid (…)`
pub(super) fn day_word(version: &Version, day: &DayKind, language: Language) -> String {
    match day {
        DayKind::Any => say(language, "dag", "dag", "day").to_owned(),
        DayKind::Working => say(language, "virkedag", "yrkedag", "working day").to_owned(),
        DayKind::OpenIn(open) => {
            format!("{} {}", say(language, "dag med", "dag med", "day with"), hours(version, open, language))
        }
    }
}

/// `innen kl. 15.00 samme virkedag`, `innen utgangen av samme virkedag`
fn clock_on(at: Option<Time>, day: &str, language: Language) -> String {
    match at {
        Some(at) => {
            format!("{} {} {day}", say(language, "innen kl.", "innan kl.", "by"), clock_time(at, language))
        }
        None => format!("{} {day}", say(language, "innen utgangen av", "innan utgangen av", "by the end of")),
    }
}

fn next_if(version: &Version, day: &DayKind, cut_off: CutOff, language: Language) -> String {
    let next = which_day(version, day, 1, language);
    let if_it_starts = say(language, "hvis det utløses", "dersom det blir utløyst", "if triggered");
    format!("{next} {if_it_starts} {}", past(cut_off, language))
}

/// `etter kl. 14.00`, `kl. 14.00 eller senere`
pub(super) fn past(cut_off: CutOff, language: Language) -> String {
    let time = clock_time(cut_off.at, language);
    match (cut_off.edge, language) {
        (Edge::After, Language::Bokmal | Language::Nynorsk) => format!("etter kl. {time}"),
        (Edge::After, Language::English) => format!("after {time}"),
        (Edge::AtOrAfter, Language::Bokmal) => format!("kl. {time} eller senere"),
        (Edge::AtOrAfter, Language::Nynorsk) => format!("kl. {time} eller seinare"),
        (Edge::AtOrAfter, Language::English) => format!("at {time} or later"),
    }
}

fn given(version: &Version, given: &GivenCutOff, language: Language) -> String {
    let day = day_word(version, &given.next, language);
    let past = past(given.cut_off, language);
    match language {
        Language::Bokmal => format!("det som gis {past}, regnes fra neste {day}"),
        Language::Nynorsk => format!("det som blir gitt {past}, blir rekna frå neste {day}"),
        Language::English => format!("what is given {past} counts from the next {day}"),
    }
}
