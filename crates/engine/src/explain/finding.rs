//! What a finding is about, in a sentence.

use samspill_agreement::{
    model::{Language, Version},
    words,
};

use super::{About, date_words, instant_words, say};
use crate::{Evaluation, Finding, FindingEffect, Missing};

/// A finding in one or two sentences: what was seen, what follows, and the clause.
pub fn finding(about: &About<'_>, evaluation: &Evaluation, finding: &Finding) -> String {
    let version = about.version(&finding.version);
    let seen = seen_words(about, evaluation, version, finding);
    let says = rule_says(version, finding, about.language).map(|says| format!(" {says}")).unwrap_or_default();
    let follows = effect_words(finding.effect, about.language);
    let clause =
        if finding.clause.as_str().is_empty() { String::new() } else { format!(" ({})", finding.clause) };
    format!("{seen}{follows}{says}{clause}")
}

fn seen_words(about: &About<'_>, evaluation: &Evaluation, version: &Version, finding: &Finding) -> String {
    let language = about.language;
    let what = finding.entry.as_ref().map(|entry| {
        let at = instant_words(entry.at, &evaluation.zone, language);
        let entry = about.entry(version, entry);
        format!("{entry}, {at}")
    });
    let subject = sentence_case(&what.unwrap_or_else(|| meter_name(version, finding, language).to_owned()));
    match &finding.missing {
        Missing::Kinds(kinds) => {
            let kinds = words::all_kinds(version, kinds, language);
            say!(language; "{subject}: mangler {kinds}.", "{subject}: manglar {kinds}.", "{subject}: {kinds} missing.")
        }
        Missing::OutOfTime(kinds) => {
            let kinds = words::all_kinds(version, kinds, language);
            say!(language; "{subject}: {kinds} kom ikke i den tiden som kreves.", "{subject}: {kinds} kom ikkje i den tida som blir kravd.", "{subject}: {kinds} did not come within the time required.")
        }
        Missing::Misfits(wrong) => {
            let wrong =
                wrong.iter().map(|(name, said)| format!("«{name}»: «{said}»")).collect::<Vec<_>>().join(", ");
            say!(language; "{subject}: kan ikke leses: {wrong}. Det regnes som ikke sagt.", "{subject}: kan ikkje lesast: {wrong}. Det blir rekna som ikkje sagt.", "{subject}: can't be read: {wrong}. It counts as not said.")
        }
        Missing::NotSo => {
            say!(language; "{subject}: vilkåret er ikke oppfylt.", "{subject}: vilkåret er ikkje oppfylt.", "{subject}: the condition is not met.")
        }
        Missing::OutsideHours(opening) => {
            let next = opening.map(|at| instant_words(at, &evaluation.zone, language)).unwrap_or_default();
            say!(language;
                "{subject}: utenfor tiden. Neste åpning: {next}.", "{subject}: utanfor tida. Neste opning: {next}.", "{subject}: outside the hours. Next opening: {next}.")
        }
        Missing::Fields(fields) => {
            let fields = list(fields.iter().map(|field| field_name(version, finding, field, language)));
            say!(language; "{subject}: sier ikke noe om {fields}.", "{subject}: seier ikkje noko om {fields}.", "{subject}: says nothing about {fields}.")
        }
        Missing::Facts(facts) => {
            let facts = list(facts.iter().map(|fact| {
                version
                    .facts
                    .get(fact.as_str())
                    .map_or(fact.as_str(), |declared| declared.name.in_language(language))
            }));
            say!(language; "{subject}: kan ikke avgjøres, for ingen har sagt: {facts}.", "{subject}: kan ikkje avgjerast, for ingen har sagt: {facts}.", "{subject}: can't be decided, for nobody has said: {facts}.")
        }
        Missing::Prices(days) => {
            let days = span(days, language);
            say!(language; "{subject}: ingen sikker pris for {days}.", "{subject}: ingen sikker pris for {days}.", "{subject}: no certain price for {days}.")
        }
        Missing::Days(days) => {
            let (count, days) = (days.len(), span(days, language));
            say!(language; "{subject}: {count} døgn ({days}).", "{subject}: {count} døgn ({days}).", "{subject}: {count} days ({days}).")
        }
        Missing::Entry(id) => say!(language;
            "{subject}: viser til «{id}», som ikke finnes i loggen.", "{subject}: viser til «{id}», som ikkje finst i loggen.", "{subject}: names “{id}”, which the log doesn't have."),
    }
}

/// What an effect is called in a table.
pub fn finding_effect_word(effect: FindingEffect, language: Language) -> &'static str {
    let words = match effect {
        FindingEffect::Void => ["ugyldig", "ugyldig", "void"],
        FindingEffect::Warn => ["merknad", "merknad", "remark"],
        FindingEffect::CountsFromNextOpening => {
            ["regnes fra neste åpning", "blir rekna frå neste opning", "counts from next opening"]
        }
        FindingEffect::Contestable => ["kan bestrides", "kan bestridast", "contestable"],
        FindingEffect::Undecided => ["uavgjort", "uavgjort", "undecided"],
        FindingEffect::Unpriced => ["uten pris", "utan pris", "unpriced"],
        FindingEffect::CancelsNothing => {
            ["kansellerer ingenting", "kansellerer ingenting", "cancels nothing"]
        }
    };
    match language {
        Language::Bokmal => words[0],
        Language::Nynorsk => words[1],
        Language::English => words[2],
    }
}

fn effect_words(effect: FindingEffect, language: Language) -> String {
    let words = match effect {
        FindingEffect::Void => [
            " Meldingen regnes som ikke gitt.",
            " Meldinga blir rekna som ikkje gitt.",
            " It counts as never given.",
        ],
        FindingEffect::CountsFromNextOpening => [
            " Meldingen regnes som gitt da.",
            " Meldinga blir rekna som gitt då.",
            " It counts as given then.",
        ],
        FindingEffect::Contestable => [
            " De betales, men kan bestrides.",
            " Dei blir betalte, men kan bestridast.",
            " They are paid, but can be contested.",
        ],
        FindingEffect::Unpriced => [
            " Legg inn prisen med kilde.",
            " Legg inn prisen med kjelde.",
            " Enter the price with its source.",
        ],
        FindingEffect::Warn | FindingEffect::Undecided | FindingEffect::CancelsNothing => ["", "", ""],
    };
    match language {
        Language::Bokmal => words[0],
        Language::Nynorsk => words[1],
        Language::English => words[2],
    }
    .to_owned()
}

fn rule_says<'a>(version: &'a Version, finding: &Finding, language: Language) -> Option<&'a str> {
    let id = finding.rule.as_str();
    let requirement = version.requirements.iter().find(|rule| rule.id.as_str() == id).map(|rule| &rule.says);
    let window = || version.windows.iter().find(|rule| rule.id.as_str() == id).map(|rule| &rule.says);
    let content = || version.contents.iter().find(|rule| rule.id.as_str() == id).map(|rule| &rule.says);
    let mark = || {
        version
            .meters
            .iter()
            .flat_map(|meter| &meter.contestable)
            .find(|mark| mark.id.as_str() == id)
            .map(|mark| &mark.says)
    };
    Some(requirement.or_else(window).or_else(content).or_else(mark)?.in_language(language))
}

/// A finding about the case as a whole is one of a meter's: its own, or one of its marks.
fn meter_name<'a>(version: &'a Version, finding: &'a Finding, language: Language) -> &'a str {
    let rule = finding.rule.as_str();
    let meter = version.meters.iter().find(|meter| {
        meter.id.as_str() == rule || meter.contestable.iter().any(|mark| mark.id.as_str() == rule)
    });
    meter.map_or(rule, |meter| meter.name.in_language(language))
}

fn field_name<'a>(version: &'a Version, finding: &Finding, field: &'a str, language: Language) -> &'a str {
    let kind = finding.entry.as_ref().and_then(|entry| version.kinds.get(entry.kind.as_str()));
    kind.and_then(|kind| kind.fields.get(field)).map_or(field, |field| field.name.in_language(language))
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items.map(|item| format!("«{item}»")).collect::<Vec<_>>().join(", ")
}

fn span(days: &[jiff::civil::Date], language: Language) -> String {
    match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => {
            format!("{} – {}", date_words(*first, language), date_words(*last, language))
        }
        (Some(only), _) => date_words(*only, language),
        (None, _) => String::new(),
    }
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
