//! Why a day is paid for or not.

use samspill_agreement::model::{Language, Meter, Version};

use super::{About, date_words, duty::readings, instant_words, say};
use crate::{DayReason, DayStatus, Evaluation, MeterDay, MeterReading};

/// The reasoning about a day of a meter, or about several in a row that have the same reasons; a sentence an item.
pub fn days(
    about: &About<'_>,
    evaluation: &Evaluation,
    meter: &MeterReading,
    days: &[MeterDay],
) -> Vec<String> {
    let Some(day) = days.first() else { return Vec::new() };
    let version = about.version(&meter.version);
    let rule = version.meters.iter().find(|rule| rule.id == meter.meter);
    let mut said = vec![heading(about, evaluation, version, meter, rule, days)];
    said.extend(day.because.iter().map(|reason| reason_words(about, evaluation, version, reason)));
    said.extend(about.used(&day.used));
    said
}

/// The readings that a meter rests on, as sentences.
pub fn meter_readings(about: &About<'_>, meter: &MeterReading) -> Vec<String> {
    let version = about.version(&meter.version);
    let rule = version.meters.iter().find(|rule| rule.id == meter.meter);
    rule.map_or_else(Vec::new, |rule| readings(version, &rule.readings, about.language))
}

/// What a status is called.
pub fn day_status_word(status: DayStatus, language: Language) -> &'static str {
    let words = match status {
        DayStatus::NotPayable => ["betales ikke", "blir ikkje betalt", "not payable"],
        DayStatus::Provisional => ["foreløpig", "førebels", "provisional"],
        DayStatus::Payable => ["betales", "blir betalt", "payable"],
        DayStatus::Contestable => {
            ["betales, men kan bestrides", "blir betalt, men kan bestridast", "payable, but contestable"]
        }
    };
    match language {
        Language::Bokmal => words[0],
        Language::Nynorsk => words[1],
        Language::English => words[2],
    }
}

/// Why a day is what it is, in a word or two; a mark or a waiver is called by its id.
pub fn day_reason_word(reason: &DayReason, language: Language) -> String {
    let words = match reason {
        DayReason::Runs(..) => ["teller", "tel", "counts"],
        DayReason::BeforeFirstDay(..) => ["før første dag", "før første dag", "before the first day"],
        DayReason::AfterLastDay(..) => ["etter siste dag", "etter siste dag", "after the last day"],
        DayReason::NotLiable(_) => {
            ["vilkårene er ikke oppfylt", "vilkåra er ikkje oppfylte", "conditions not met"]
        }
        DayReason::NotYetLiable(_) => {
            ["en frist løper fortsatt", "ein frist løper framleis", "a limit is still running"]
        }
        DayReason::LiabilityUndecided(..) => ["uavgjort", "uavgjort", "undecided"],
        DayReason::Free(..) => ["fri dag", "fri dag", "free day"],
        DayReason::NotCounted(_) => ["telles ikke", "blir ikkje talt", "not counted"],
        DayReason::Priced(..) => ["priset", "prisa", "priced"],
        DayReason::Unpriced(_) => ["ingen sikker pris", "ingen sikker pris", "no certain price"],
        DayReason::Waived(rule, ..) | DayReason::Contestable(rule, _) | DayReason::Provisional(rule, _) => {
            return rule.to_string();
        }
    };
    match language {
        Language::Bokmal => words[0],
        Language::Nynorsk => words[1],
        Language::English => words[2],
    }
    .to_owned()
}

fn heading(
    about: &About<'_>,
    evaluation: &Evaluation,
    version: &Version,
    meter: &MeterReading,
    rule: Option<&Meter>,
    days: &[MeterDay],
) -> String {
    let language = about.language;
    let [first, .., last] = days else {
        let Some(day) = days.first() else { return String::new() };
        return headed(about, evaluation, version, meter, rule, &date_words(day.date, language), day.status);
    };
    let (first_day, last_day, count) =
        (date_words(first.date, language), date_words(last.date, language), days.len());
    let span = say!(language; "{first_day} – {last_day}, {count} døgn", "{first_day} – {last_day}, {count} døgn", "{first_day} – {last_day}, {count} days");
    headed(about, evaluation, version, meter, rule, &span, first.status)
}

fn headed(
    about: &About<'_>,
    evaluation: &Evaluation,
    version: &Version,
    meter: &MeterReading,
    rule: Option<&Meter>,
    date: &str,
    status: DayStatus,
) -> String {
    let language = about.language;
    let name = rule.map_or(meter.meter.as_str(), |rule| rule.name.in_language(language));
    let (status, agreement, clause) =
        (day_status_word(status, language), &evaluation.agreement, &meter.clause);
    let version = &version.version;
    format!("{date}: {status}. {name} ({clause}; {agreement} {version}).")
}

fn reason_words(about: &About<'_>, evaluation: &Evaluation, version: &Version, reason: &DayReason) -> String {
    let language = about.language;
    let clause = reason.clause();
    match reason {
        DayReason::Runs(_, start) => {
            let (entry, at) =
                (about.entry(version, start), instant_words(start.at, &evaluation.zone, language));
            say!(language;
                "Dagen teller: {entry} ble gitt {at}, og vilkårene for å betale er oppfylt ({clause}).",
                "Dagen tel: {entry} vart gitt {at}, og vilkåra for å betale er oppfylte ({clause}).",
                "The day counts: {entry} was given {at}, and the conditions for payment are met ({clause}).")
        }
        DayReason::BeforeFirstDay(_, first) => {
            let first = date_words(*first, language);
            say!(language;
                "Dagen teller ikke: den første dagen som teller, er {first} ({clause}).",
                "Dagen tel ikkje: den første dagen som tel, er {first} ({clause}).",
                "The day doesn't count: the first day that does is {first} ({clause}).")
        }
        DayReason::AfterLastDay(_, stop) => {
            let (entry, at) =
                (about.entry(version, stop), instant_words(stop.at, &evaluation.zone, language));
            say!(language;
                "Dagen teller ikke: {entry}, {at}, avsluttet tellingen ({clause}).",
                "Dagen tel ikkje: {entry}, {at}, avslutta teljinga ({clause}).",
                "The day doesn't count: {entry}, {at}, ended the count ({clause}).")
        }
        DayReason::NotLiable(_) => say!(language;
            "Dagen betales ikke: vilkårene for å betale er ikke oppfylt ({clause}).",
            "Dagen blir ikkje betalt: vilkåra for å betale er ikkje oppfylte ({clause}).",
            "The day isn't paid: the conditions for payment are not met ({clause})."),
        DayReason::NotYetLiable(_) => say!(language;
            "Dagen betales ikke ennå: en frist løper fortsatt ({clause}).",
            "Dagen blir ikkje betalt enno: ein frist løper framleis ({clause}).",
            "The day isn't paid yet: a limit is still running ({clause})."),
        DayReason::LiabilityUndecided(_, facts) => {
            let facts = facts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            say!(language;
                "Om dagen skal betales, kan ikke avgjøres: opplysninger mangler ({facts}; {clause}).",
                "Om dagen skal betalast, kan ikkje avgjerast: opplysningar manglar ({facts}; {clause}).",
                "Whether the day is paid can't be decided: facts are missing ({facts}; {clause}).")
        }
        DayReason::Waived(rule, ..) => waived_words(about, version, rule.as_str(), clause.as_str()),
        DayReason::Free(_, number) => say!(language;
            "Dagen er gratis: fri dag nummer {number} ({clause}).", "Dagen er gratis: fri dag nummer {number} ({clause}).", "The day is free: free day number {number} ({clause})."),
        DayReason::NotCounted(_) => say!(language;
            "Slike dager telles ikke ({clause}).", "Slike dagar blir ikkje talde ({clause}).", "Such days aren't counted ({clause})."),
        DayReason::Contestable(rule, _) | DayReason::Provisional(rule, _) => {
            mark_words(version, rule.as_str(), clause.as_str(), language)
        }
        DayReason::Priced(_, amount) => {
            let currency = &version.currency;
            say!(language; "Pris: {amount} {currency} ({clause}).", "Pris: {amount} {currency} ({clause}).", "Price: {amount} {currency} ({clause}).")
        }
        DayReason::Unpriced(_) => say!(language;
            "Dagen kan ikke prises: ingen sikker pris er lagt inn for den ({clause}). Legg inn prisen med kilde.",
            "Dagen kan ikkje prisast: ingen sikker pris er lagd inn for han ({clause}). Legg inn prisen med kjelde.",
            "The day can't be priced: no certain price is entered for it ({clause}). Enter the price with its source."),
    }
}

fn waived_words(about: &About<'_>, version: &Version, rule: &str, clause: &str) -> String {
    let language = about.language;
    let says = version
        .meters
        .iter()
        .flat_map(|meter| &meter.waivers)
        .find(|waiver| waiver.id.as_str() == rule)
        .map_or(rule, |waiver| waiver.says.in_language(language));
    say!(language;
        "Ingen dager i oppholdet betales: {says} ({clause}).",
        "Ingen dagar i opphaldet blir betalte: {says} ({clause}).",
        "No day of the stay is paid: {says} ({clause}).")
}

fn mark_words(version: &Version, rule: &str, clause: &str, language: Language) -> String {
    let mut marks =
        version.meters.iter().flat_map(|meter| meter.contestable.iter().chain(&meter.provisional));
    let says =
        marks.find(|mark| mark.id.as_str() == rule).map_or(rule, |mark| mark.says.in_language(language));
    format!("{says} ({clause})")
}
