use super::{Line, Lines, RuleView, ids};
use crate::{
    compare::RuleSort,
    model::{Duty, Exception, KindId, Language, MayPrecede, Pairing, Period, Suspension, Version, Which},
    words::{self, Label, say},
};

pub(super) fn view(version: &Version, duty: &Duty, language: Language) -> RuleView {
    RuleView {
        sort: RuleSort::Duty,
        id: duty.id.to_string(),
        title: duty.name.in_language(language).to_owned(),
        clause: duty.clause.to_string(),
        says: duty.says.in_language(language).to_owned(),
        lines: lines(version, duty, language),
        readings: super::readings(version, &duty.readings, language),
        about: format!("{} {}", duty.holder, ids(duty.must.iter().map(KindId::as_str))),
    }
}

fn lines(version: &Version, duty: &Duty, language: Language) -> Vec<Line> {
    let mut lines = Lines::new(version, language);
    lines.add(Label::Who, who(version, duty, language));
    lines.add(Label::What, words::any_of_kinds(version, &duty.must, language));
    lines.condition(Label::That, &duty.must_where);
    lines.add(Label::After, words::any_of_kinds(version, &duty.after, language));
    lines.condition(Label::When, &duty.when);
    lines.add(Label::Limit, words::deadline(version, &duty.deadline, language));
    lines.add(Label::CountsFrom, words::clock(duty.counts_from, language));
    if duty.fulfilled_at != samspill_base::Clock::Happened {
        lines.add(Label::FulfilledAt, words::clock(duty.fulfilled_at, language));
    }
    if duty.may_precede == MayPrecede::Yes {
        lines.add(Label::MayPrecede, say(language, "ja", "ja", "yes"));
    }
    lines.add(Label::Which, which(duty.which, language));
    lines.add(Label::Each, duty.each.map_or("", |period| each(period, language)));
    lines.add(Label::Pairing, pairing(&duty.pairing, language));
    lines.add(Label::WaivedBy, words::any_of_kinds(version, &duty.waived_by, language));
    lines.add(Label::ResetBy, words::any_of_kinds(version, &duty.reset_by, language));
    for suspension in &duty.suspended_by {
        lines.detailed(Label::SuspendedBy, &suspension.from, suspended(version, suspension, language));
    }
    lines.add(Label::Severity, words::severity(duty.severity, language));
    for exception in &duty.exceptions {
        lines.detailed(Label::Exception, &exception.id, exception_text(version, exception, language));
    }
    lines.found
}

fn who(version: &Version, duty: &Duty, language: Language) -> String {
    let holder = words::party(version, &duty.holder, language);
    match &duty.towards {
        Some(towards) => format!("{holder} → {}", words::party(version, towards, language)),
        None => holder,
    }
}

/// Every trigger is the usual: nothing to say.
fn which(which: Which, language: Language) -> &'static str {
    match which {
        Which::Every => "",
        Which::First => say(language, "bare den første", "berre den første", "only the first"),
        Which::Latest => say(language, "bare den siste", "berre den siste", "only the latest"),
        Which::Preferred => say(
            language,
            "den første som finnes, i rekkefølgen over",
            "den første som finst, i rekkjefølgja over",
            "the first there is, in the order above",
        ),
    }
}

fn each(period: Period, language: Language) -> &'static str {
    match period {
        Period::Day => say(language, "hver dag", "kvar dag", "every day"),
        Period::Week => say(language, "hver uke", "kvar veke", "every week"),
        Period::Month => say(language, "hver måned", "kvar månad", "every month"),
        Period::Quarter => say(language, "hvert kvartal", "kvart kvartal", "every quarter"),
        Period::Year => say(language, "hvert år", "kvart år", "every year"),
    }
}

fn pairing(pairing: &Pairing, language: Language) -> String {
    match pairing {
        Pairing::Shared => String::new(),
        Pairing::OneEach => say(language, "én for hver", "éin for kvar", "one for each").to_owned(),
        Pairing::ByReference(field) => {
            format!(
                "{} {}",
                say(language, "den som nevnes i", "den som er nemnd i", "the one named in"),
                words::quoted(field, language)
            )
        }
    }
}

fn suspended(version: &Version, suspension: &Suspension, language: Language) -> String {
    let (from, until) = (say(language, "fra", "frå", "from"), say(language, "til", "til", "until"));
    format!(
        "{from} {} {until} {}",
        words::kind(version, &suspension.from, language),
        words::any_of_kinds(version, &suspension.until, language)
    )
}

fn exception_text(version: &Version, exception: &Exception, language: Language) -> String {
    let limit = match &exception.deadline {
        Some(limit) => words::deadline(version, limit, language),
        None => say(language, "ingen plikt", "inga plikt", "no duty").to_owned(),
    };
    let if_so = say(language, "når", "når", "when");
    format!(
        "{limit}, {if_so} {} ({})",
        words::condition(version, &exception.when, language),
        exception.clause
    )
}
