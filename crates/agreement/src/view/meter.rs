use super::{Lines, RuleView};
use crate::{
    compare::RuleSort,
    model::{
        DayExpr, DayOffset, KindId, Language, LastDay, Mark, Meter, MeterStop, Settlement, StopEffect,
        Version, Waiver, WaiverTest,
    },
    words::{self, Label, say},
};

pub(super) fn view(version: &Version, meter: &Meter, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    lines.add(Label::Counts, words::counted_days(version, &meter.counts, language));
    lines.add(Label::Starts, words::any_of_kinds(version, &meter.start.kinds, language));
    lines.condition(Label::When, &meter.start.when);
    lines.add(Label::FirstDay, days(version, &meter.start.first_day, language));
    for stop in &meter.stops {
        lines.detailed(
            Label::Stops,
            &super::ids(stop.kinds.iter().map(KindId::as_str)),
            stop_text(version, stop, language),
        );
    }
    lines.condition(Label::Liable, &meter.liable);
    if let Some(payer) = &meter.payer {
        let mut text = words::fact(version, payer, language);
        if !meter.payer_at.is_empty() {
            let at =
                say(language, "slik det var ved første", "slik det var ved første", "as it was at the first");
            text = format!("{text}, {at} {}", words::any_of_kinds(version, &meter.payer_at, language));
        }
        lines.add(Label::Payer, text);
    }
    lines.add(Label::Price, words::rate(version, &meter.rate, &meter.progression, language));
    if meter.free_days > 0 {
        lines.add(Label::FreeDays, meter.free_days.to_string());
    }
    waivers_and_marks(&mut lines, meter);
    RuleView {
        sort: RuleSort::Meter,
        id: meter.id.to_string(),
        title: meter.name.in_language(language).to_owned(),
        clause: meter.clause.to_string(),
        says: meter.says.in_language(language).to_owned(),
        lines: lines.found,
        readings: super::readings(version, &meter.readings, language),
        about: super::ids(meter.start.kinds.iter().map(KindId::as_str)),
    }
}

fn waivers_and_marks(lines: &mut Lines<'_>, meter: &Meter) {
    let (version, language) = (lines.version, lines.language);
    for waiver in &meter.waivers {
        lines.detailed(Label::Waiver, &waiver.id, waiver_text(version, waiver, language));
    }
    for mark in &meter.contestable {
        lines.detailed(Label::Contestable, &mark.id, mark_text(version, mark, language));
    }
    for mark in &meter.provisional {
        lines.detailed(Label::Provisional, &mark.id, mark_text(version, mark, language));
    }
}

/// The latest of some days; the entry's own where there are none.
fn days(version: &Version, days: &[DayExpr], language: Language) -> String {
    let texts: Vec<String> = days.iter().map(|day| words::day_of_meter(version, day, language)).collect();
    match texts.as_slice() {
        [] => say(language, "samme dag", "same dag", "the same day").to_owned(),
        [one] => one.clone(),
        several => {
            let latest = say(language, "den seneste av", "den seinaste av", "the latest of");
            format!("{latest} {}", words::joined(several, say(language, "og", "og", "and")))
        }
    }
}

fn stop_text(version: &Version, stop: &MeterStop, language: Language) -> String {
    let kinds = words::any_of_kinds(version, &stop.kinds, language);
    let when = words::when(version, &stop.when, language).map(|when| format!(", {when}")).unwrap_or_default();
    let last = last_day(version, stop, language);
    let effect = match stop.effect {
        StopEffect::EndsRun => "",
        StopEffect::LimitsCount => say(
            language,
            "; en annen stans kan gi en tidligere siste dag",
            "; ein annan stans kan gi ein tidlegare siste dag",
            "; another stop may give an earlier last day",
        ),
    };
    format!("{kinds}{when}: {last}{effect} ({})", stop.clause)
}

fn last_day(version: &Version, stop: &MeterStop, language: Language) -> String {
    let own_day = stop.day.iter().all(|day| day == &DayExpr::FromEntry(DayOffset::same_day()));
    let last = say(language, "siste dag er", "siste dag er", "the last day is");
    let before = say(language, "dagen før", "dagen før", "the day before");
    match stop.last {
        LastDay::DayBefore if own_day => format!("{last} {before}"),
        LastDay::DayBefore => format!("{last} {before} {}", days(version, &stop.day, language)),
        LastDay::SameDay => format!("{last} {}", days(version, &stop.day, language)),
    }
}

fn waiver_text(version: &Version, waiver: &Waiver, language: Language) -> String {
    let anchor = words::any_of_kinds(version, &waiver.at, language);
    let test = match &waiver.test {
        WaiverTest::Unless(kinds) => {
            let kinds = words::any_of_kinds(version, kinds, language);
            match language {
                Language::Bokmal => format!("uten {kinds} senest ved {anchor}"),
                Language::Nynorsk => format!("utan {kinds} seinast ved {anchor}"),
                Language::English => format!("without {kinds} by {anchor}"),
            }
        }
        WaiverTest::IfWithin(kinds, limit, _) => {
            let (kinds, limit) =
                (words::any_of_kinds(version, kinds, language), words::amount(*limit, language));
            match language {
                Language::Bokmal => format!("ved {kinds} innen {limit} etter {anchor}"),
                Language::Nynorsk => format!("ved {kinds} innan {limit} etter {anchor}"),
                Language::English => format!("with {kinds} within {limit} of {anchor}"),
            }
        }
    };
    format!("{test} – {} ({})", waiver.says.in_language(language), waiver.clause)
}

fn mark_text(version: &Version, mark: &Mark, language: Language) -> String {
    let when = say(language, "når", "når", "when");
    format!("{when} {} ({})", words::condition(version, &mark.when, language), mark.clause)
}

pub(super) fn settlement(version: &Version, settlement: &Settlement, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    let meter = version.meters.iter().find(|meter| meter.id == settlement.meter);
    lines
        .add(Label::Meter, meter.map_or(settlement.meter.as_str(), |meter| meter.name.in_language(language)));
    let average = match language {
        Language::Bokmal => format!("{} per sak i gjennomsnitt over måneden", settlement.free_days_average),
        Language::Nynorsk => format!("{} per sak i gjennomsnitt over månaden", settlement.free_days_average),
        Language::English => format!("{} a case on average over the month", settlement.free_days_average),
    };
    lines.add(Label::FreeDays, average);
    RuleView {
        sort: RuleSort::Settlement,
        id: settlement.id.to_string(),
        title: settlement.id.to_string(),
        clause: settlement.clause.to_string(),
        says: settlement.says.in_language(language).to_owned(),
        lines: lines.found,
        readings: Vec::new(),
        about: settlement.meter.to_string(),
    }
}
