//! One case as text.

use anstyle::{AnsiColor, Style};
use samspill_agreement::model::{Agreement, Language, Version};
use samspill_engine::{
    CheckStatus, DayReason, DayStatus, DutyReading, DutyStatus, Evaluation, FindingEffect, MeterReading,
    explain::{self, About, day_reason_word, day_status_word, duration_words, duty_status_word},
};

use super::{amount_words, word};
use crate::table::{Align, Table};

/// A case as text: its duties, findings, days and checklists.
pub(crate) fn case(agreement: &Agreement, evaluation: &Evaluation, language: Language) -> String {
    let bold = Style::new().bold();
    let mut text = format!(
        "{bold}{} {}{bold:#}  {} {}  {} {}\n",
        word(language, "Sak", "Sak", "Case"),
        evaluation.case,
        evaluation.agreement,
        evaluation.version,
        word(language, "lest per", "lesen per", "read as of"),
        short(evaluation, evaluation.as_of),
    );
    text.push_str(&duties(evaluation, language));
    let about = About { agreement, language };
    for finding in &evaluation.findings {
        let sign = style_of_effect(finding.effect);
        text.push_str(&format!("  {sign}!{sign:#} {}\n", explain::finding(&about, evaluation, finding)));
    }
    for meter in &evaluation.meters {
        text.push_str(&days(version_of(agreement, &meter.version), meter, language));
    }
    text.push_str(&checklists(evaluation, language));
    text.push('\n');
    text
}

fn duties(evaluation: &Evaluation, language: Language) -> String {
    let mut table = Table::new(&[
        (word(language, "plikt", "plikt", "duty"), Align::Left),
        (word(language, "hvem", "kven", "who"), Align::Left),
        (word(language, "fra", "frå", "from"), Align::Left),
        (word(language, "frist", "frist", "due"), Align::Left),
        (word(language, "gjort", "gjort", "done"), Align::Left),
        (word(language, "status", "status", "status"), Align::Left),
    ]);
    for duty in &evaluation.duties {
        let plain = Style::new();
        let time =
            |at: Option<jiff::Timestamp>| at.map_or_else(|| "–".to_owned(), |at| short(evaluation, at));
        table.styled_row([
            (duty.duty.to_string(), plain),
            (duty.holder.to_string(), plain),
            (short(evaluation, duty.triggered), plain),
            (time(duty.due.instant()), plain),
            (time(duty.fulfilled.as_ref().map(|done| done.at)), plain),
            (status_words(evaluation, duty, language), style_of(duty.status)),
        ]);
    }
    if table.is_empty() { String::new() } else { table.text(2) }
}

fn status_words(evaluation: &Evaluation, duty: &DutyReading, language: Language) -> String {
    let status = duty_status_word(duty.status, language);
    match duty.late_by(evaluation) {
        Some(late) => format!("{status} ({})", duration_words(late, language)),
        None => status.to_owned(),
    }
}

fn days(version: &Version, meter: &MeterReading, language: Language) -> String {
    let name =
        version.meters.iter().find(|rule| rule.id == meter.meter).map(|rule| rule.name.in_language(language));
    let amount = amount_words(meter.amount, &version.currency, language);
    let mut text = format!(
        "  {}: {} {}, {amount}\n",
        name.unwrap_or(&meter.meter),
        meter.count,
        word(language, "døgn", "døgn", "days")
    );
    let mut spans: Vec<(jiff::civil::Date, jiff::civil::Date, DayStatus, String)> = Vec::new();
    for day in &meter.days {
        let why = day
            .because
            .iter()
            .filter(|reason| !matches!(reason, DayReason::Priced(..) | DayReason::Runs(..)))
            .map(|reason| day_reason_word(reason, language))
            .collect::<Vec<_>>()
            .join(", ");
        match spans.last_mut() {
            Some((_, last, status, known)) if *status == day.status && *known == why => *last = day.date,
            Some(_) | None => spans.push((day.date, day.date, day.status, why)),
        }
    }
    for (first, last, status, why) in spans {
        let span = if first == last { first.to_string() } else { format!("{first} – {last}") };
        let style = if status.counts() { Style::new().bold() } else { Style::new().dimmed() };
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        text.push_str(&format!("    {style}{span}: {}{style:#}{why}\n", day_status_word(status, language)));
    }
    text
}

fn checklists(evaluation: &Evaluation, language: Language) -> String {
    let mut text = String::new();
    for list in &evaluation.checklists {
        let done = list.points.iter().filter(|point| point.status == CheckStatus::Done).count();
        let missing: Vec<&str> = list
            .points
            .iter()
            .filter(|point| point.status == CheckStatus::Missing)
            .map(|point| point.point.as_str())
            .collect();
        let title = word(language, "Sjekkliste", "Sjekkliste", "Checklist");
        let done_word = word(language, "gjort", "gjort", "done");
        text.push_str(&format!("  {title} {}: {done}/{} {done_word}", list.checklist, list.points.len()));
        if !missing.is_empty() {
            text.push_str(&format!(
                "; {}: {}",
                word(language, "mangler", "manglar", "missing"),
                missing.join(", ")
            ));
        }
        text.push('\n');
    }
    text
}

fn version_of<'a>(agreement: &'a Agreement, name: &str) -> &'a Version {
    let named = agreement.versions.iter().find(|version| version.version == name);
    named.unwrap_or_else(|| agreement.newest())
}

/// `2024-06-03 11:00`, in the agreement's zone.
fn short(evaluation: &Evaluation, at: jiff::Timestamp) -> String {
    at.to_zoned(evaluation.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

fn style_of(status: DutyStatus) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    match status {
        DutyStatus::Kept => colour(AnsiColor::Green),
        DutyStatus::Late => colour(AnsiColor::Yellow),
        DutyStatus::Missed => colour(AnsiColor::Red),
        DutyStatus::Open => colour(AnsiColor::Cyan),
        DutyStatus::Waived => Style::new().dimmed(),
    }
}

fn style_of_effect(effect: FindingEffect) -> Style {
    let colour = match effect {
        FindingEffect::Void | FindingEffect::Unpriced | FindingEffect::CancelsNothing => AnsiColor::Red,
        FindingEffect::Warn | FindingEffect::CountsFromNextOpening | FindingEffect::Contestable => {
            AnsiColor::Yellow
        }
        FindingEffect::Undecided => AnsiColor::Cyan,
    };
    Style::new().fg_color(Some(colour.into()))
}
