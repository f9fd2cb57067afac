use samspill_base::calendar::Hours;

use super::{Lines, RuleView};
use crate::{
    compare::RuleSort,
    model::{
        CalendarId, Certainty, CheckPoint, Checklist, DatedValue, DoneBy, HoursRow, Language, OpenHours,
        Version,
    },
    words::{self, Label, say},
};

pub(super) fn hours(version: &Version, hours: &OpenHours, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    for (place, row) in (1..).zip(&hours.rows) {
        lines.detailed(Label::Hours, &place.to_string(), row_text(version, row, language));
    }
    RuleView {
        sort: RuleSort::Hours,
        id: hours.id.to_string(),
        title: hours.name.in_language(language).to_owned(),
        clause: String::new(),
        says: String::new(),
        lines: lines.found,
        readings: Vec::new(),
        about: String::new(),
    }
}

/// The name of open hours and all their rows.
pub(super) fn hours_in_words(version: &Version, id: &CalendarId, language: Language) -> String {
    let name = words::hours(version, id, language);
    let Some(hours) = version.hours.get(id) else { return name };
    let rows: Vec<String> = hours.rows.iter().map(|row| row_text(version, row, language)).collect();
    format!("{name}: {}", rows.join("; "))
}

fn row_text(version: &Version, row: &HoursRow, language: Language) -> String {
    let days = words::days_of_row(version, &row.row.days, language);
    let spans: Vec<String> = row.row.hours.iter().map(Hours::to_string).collect();
    let spans = match spans.as_slice() {
        [] => say(language, "stengt", "stengt", "closed").to_owned(),
        spans => words::joined(spans, say(language, "og", "og", "and")).replace('-', "–"),
    };
    let when = words::when(version, &row.when, language).map(|when| format!(" {when}")).unwrap_or_default();
    format!("{days} {spans}{when}")
}

pub(super) fn value(version: &Version, value: &DatedValue, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    lines.add(Label::Unit, value.unit.clone());
    for amount in &value.amounts {
        let from = say(language, "fra", "frå", "from");
        let uncertain = match amount.certainty {
            Certainty::Certain => "",
            Certainty::Uncertain => {
                say(language, " (ikke bekreftet)", " (ikkje stadfesta)", " (not confirmed)")
            }
        };
        let date = words::date(amount.from, language);
        lines.detailed(
            Label::Amounts,
            &amount.from.to_string(),
            format!("{from} {date}: {}{uncertain}", amount.amount),
        );
    }
    RuleView {
        sort: RuleSort::Value,
        id: value.id.to_string(),
        title: value.name.in_language(language).to_owned(),
        clause: value.clause.to_string(),
        says: String::new(),
        lines: lines.found,
        readings: Vec::new(),
        about: String::new(),
    }
}

pub(super) fn checklist(version: &Version, checklist: &Checklist, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    lines.add(Label::Who, words::party(version, &checklist.who, language));
    lines.condition(Label::When, &checklist.when);
    for point in &checklist.points {
        lines.detailed(Label::Point, &point.id, point_text(version, point, language));
    }
    RuleView {
        sort: RuleSort::Checklist,
        id: checklist.id.to_string(),
        title: checklist.name.in_language(language).to_owned(),
        clause: checklist.clause.to_string(),
        says: String::new(),
        lines: lines.found,
        readings: Vec::new(),
        about: checklist.who.to_string(),
    }
}

fn point_text(version: &Version, point: &CheckPoint, language: Language) -> String {
    let phase = words::phase(version, &point.phase, language);
    let done = done_by(version, &point.done_by, language);
    let when =
        words::when(version, &point.when, language).map(|when| format!(", {when}")).unwrap_or_default();
    format!(
        "{phase}: {}{when} – {done} ({})",
        point.says.in_language(language).trim_end_matches('.'),
        point.clause
    )
}

fn done_by(version: &Version, done_by: &DoneBy, language: Language) -> String {
    match done_by {
        DoneBy::Kinds(kinds) => {
            format!(
                "{} {}",
                say(language, "gjort ved", "gjort ved", "done by"),
                words::any_of_kinds(version, kinds, language)
            )
        }
        DoneBy::Duty(duty) => {
            let name = version.duty(duty).map_or(duty.as_str(), |duty| duty.name.in_language(language));
            format!(
                "{} {}",
                say(
                    language,
                    "gjort når plikten er oppfylt:",
                    "gjort når plikta er oppfylt:",
                    "done by the duty"
                ),
                words::quoted(name, language)
            )
        }
        DoneBy::Condition(condition) => {
            format!(
                "{} {}",
                say(language, "gjort når", "gjort når", "done when"),
                words::condition(version, condition, language)
            )
        }
        DoneBy::Person => say(language, "krysses av", "blir kryssa av", "ticked by a person").to_owned(),
        DoneBy::Reminder => say(language, "påminnelse", "påminning", "reminder").to_owned(),
    }
}
