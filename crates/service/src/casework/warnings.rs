//! What is worth a look before something is written. Nothing is held back by it.

use jiff::{SignedDuration, Timestamp};
use samspill_agreement::model::{Kind, Language, WindowEffect};
use samspill_base::{CaseLog, ClauseRef, Entry, Position};
use samspill_engine::{
    Evaluation, Finding, FindingEffect, Missing, SetAsideWhy,
    explain::{About, duration_words, finding as told, instant_words},
};

use super::{Promise, StayView, Typed, words::say};
use crate::projections::Agreements;

/// Windows that close sooner than this are told of. What the agreement says of them is theirs; this is when we begin to say it.
const SOON_MINUTES: i64 = 120;

/// Something worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What kind of thing.
    pub kind: WarningKind,
    /// The clause.
    pub clause: Option<ClauseRef>,
    /// In words.
    pub text: String,
    /// The fields that it is about.
    pub fields: Vec<String>,
}

/// What a warning is about. The gravest come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningKind {
    /// It would count as never given.
    Void,
    /// It changes nothing: what it begins runs already.
    Repeats,
    /// It is outside the hours.
    OutsideHours,
    /// The hours are over soon.
    Closing,
    /// Something that should be said isn't.
    Missing,
    /// It promises what another party decides.
    Promise,
    /// What was typed can't be read.
    Unreadable,
    /// It has not happened yet.
    Future,
    /// The message can't say it.
    Unsaid,
    /// Something else.
    Other,
}

/// What is worth a look about the entries that `after` has and `before` hasn't, the gravest first.
pub fn warnings(before: Option<&Evaluation>, after: &StayView<'_>, language: Language) -> Vec<Warning> {
    let about = About { agreement: after.agreement, language };
    let known =
        |finding: &Finding| before.is_some_and(|it| it.findings.iter().any(|old| is_same(old, finding)));
    let new = after.evaluation.findings.iter().filter(|finding| finding.entry.is_some() && !known(finding));
    let mut found: Vec<Warning> = new
        .map(|finding| Warning {
            kind: kind_of(finding),
            clause: Some(finding.clause.clone()).filter(|clause| !clause.as_str().is_empty()),
            text: told(&about, &after.evaluation, finding),
            fields: fields_of(finding),
        })
        .collect();
    found.extend(repeats(before, after, language));
    found.sort_by_key(|warning| warning.kind);
    found
}

/// What is worth a look about writing an entry of a kind now, before anything is typed: what must stand first, and open hours.
pub fn closing_windows(
    agreements: &Agreements,
    view: &StayView<'_>,
    kind: &Kind,
    language: Language,
) -> Vec<Warning> {
    let read = |at: Timestamp| with(agreements, view, kind, at);
    let Some((log, evaluation)) = read(view.now) else { return Vec::new() };
    let after = StayView { log: &log, evaluation, ..view.clone() };
    let mut found = warnings(Some(&view.evaluation), &after, language);
    if !found.iter().any(|warning| warning.kind == WarningKind::OutsideHours) {
        found.extend(closing(agreements, view, kind, language));
    }
    found.sort_by_key(|warning| warning.kind);
    found
}

impl Warning {
    /// Something that a sentence says whole.
    pub fn other(text: impl Into<String>) -> Self {
        Self { kind: WarningKind::Other, clause: None, text: text.into(), fields: Vec::new() }
    }

    /// That a text promises services.
    pub fn of_promise(promise: &Promise, language: Language) -> Self {
        let (sentence, says) = (&promise.sentence, promise.says.in_language(language));
        let text = say!(language; "«{sentence}» kan leses som et løfte om kommunale tjenester. {says}", "«{sentence}» kan lesast som ein lovnad om kommunale tenester. {says}", "“{sentence}” can be read as a promise of municipal services. {says}");
        Self {
            kind: WarningKind::Promise,
            clause: promise.clause.clone(),
            text,
            fields: vec![promise.field.clone()],
        }
    }

    /// What was typed and can't be read.
    pub fn of_misfits(typed: &Typed, language: Language) -> Vec<Self> {
        let unreadable = typed.misfits.iter().map(|misfit| {
            let (label, said) = (misfit.label.in_language(language), &misfit.text);
            let text = say!(language; "{label}: «{said}» kan ikke leses, og går ikke med.", "{label}: «{said}» kan ikkje lesast, og går ikkje med.", "{label}: “{said}” can't be read, and isn't taken along.");
            Self { kind: WarningKind::Unreadable, clause: None, text, fields: vec![misfit.field.clone()] }
        });
        unreadable.collect()
    }

    /// Fields that a message can't say.
    pub fn of_unsaid(labels: &[String], fields: Vec<String>, language: Language) -> Option<Self> {
        let list = labels.iter().map(|label| format!("«{label}»")).collect::<Vec<_>>().join(", ");
        let text = say!(language; "Meldingen har ikke plass til dette slik det er skrevet: {list}. Se forhåndsvisningen.", "Meldinga har ikkje plass til dette slik det er skrive: {list}. Sjå førehandsvisinga.", "The message has no place for this as it is written: {list}. See the preview.");
        (!labels.is_empty()).then_some(Self { kind: WarningKind::Unsaid, clause: None, text, fields })
    }

    /// That something has not happened yet.
    pub fn of_future(at: Timestamp, view: &StayView<'_>, language: Language) -> Option<Self> {
        let when = instant_words(at, &view.evaluation.zone, language);
        let text = say!(language; "Tidspunktet ligger fram i tid: det gjelder først fra {when}.", "Tidspunktet ligg fram i tid: det gjeld først frå {when}.", "The time lies ahead: it counts from {when}.");
        (at > view.now).then_some(Self { kind: WarningKind::Future, clause: None, text, fields: Vec::new() })
    }
}

/// The case with an entry of a kind that says nothing, and its reading then.
fn with(
    agreements: &Agreements,
    view: &StayView<'_>,
    kind: &Kind,
    at: Timestamp,
) -> Option<(CaseLog, Evaluation)> {
    let last = view.log.entries.iter().map(|entry| entry.position.0).max().unwrap_or_default();
    let mut log = view.log.clone();
    log.entries.push(Entry::new(log.case.clone(), kind.id.as_str(), Position(last + 1), at));
    let evaluation = agreements.evaluate(&log, at)?;
    Some((log, evaluation))
}

fn closing(agreements: &Agreements, view: &StayView<'_>, kind: &Kind, language: Language) -> Option<Warning> {
    let window = view.version.windows.iter().find(|window| window.of.contains(&kind.id))?;
    let is_open = |at: Timestamp| {
        with(agreements, view, kind, at).is_none_or(|(_, evaluation)| {
            !evaluation
                .findings
                .iter()
                .any(|finding| finding.at == at && kind_of(finding) == WarningKind::OutsideHours)
        })
    };
    let after = |minutes: i64| view.now.checked_add(SignedDuration::from_mins(minutes)).ok();
    let (mut open, mut shut) = (0, SOON_MINUTES);
    if is_open(after(shut)?) {
        return None;
    }
    while shut - open > 1 {
        let middle = i64::midpoint(open, shut);
        if is_open(after(middle)?) { open = middle } else { shut = middle }
    }
    let left = duration_words(SignedDuration::from_mins(open), language);
    let says = window.says.in_language(language);
    let follows = match window.effect {
        WindowEffect::Warn => String::new(),
        WindowEffect::CountsFromNextOpening => {
            say!(language; " Etterpå regnes den som gitt ved neste åpning.", " Etterpå blir ho rekna som gitt ved neste opning.", " After that it counts as given at the next opening.")
        }
    };
    let text = say!(language; "Tiden for slike meldinger er ute om {left}.{follows} {says}", "Tida for slike meldingar er ute om {left}.{follows} {says}", "The time for such messages is over in {left}.{follows} {says}");
    Some(Warning {
        kind: WarningKind::Closing,
        clause: Some(window.clause.clone()),
        text,
        fields: Vec::new(),
    })
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    let about = |finding: &Finding| finding.entry.as_ref().map(|entry| (entry.kind.clone(), entry.at));
    one.rule == other.rule
        && one.effect == other.effect
        && about(one) == about(other)
        && one.missing == other.missing
}

fn kind_of(finding: &Finding) -> WarningKind {
    match (finding.effect, &finding.missing) {
        (FindingEffect::Void, _) => WarningKind::Void,
        (_, Missing::OutsideHours(_)) => WarningKind::OutsideHours,
        (_, Missing::Fields(_)) => WarningKind::Missing,
        (_, Missing::Misfits(_)) => WarningKind::Unreadable,
        (
            FindingEffect::Warn
            | FindingEffect::CountsFromNextOpening
            | FindingEffect::Contestable
            | FindingEffect::Undecided
            | FindingEffect::Unpriced
            | FindingEffect::CancelsNothing,
            Missing::Kinds(_)
            | Missing::NotSo
            | Missing::Facts(_)
            | Missing::Prices(_)
            | Missing::Days(_)
            | Missing::Entry(_)
            | Missing::OutOfTime(_),
        ) => WarningKind::Other,
    }
}

fn fields_of(finding: &Finding) -> Vec<String> {
    match &finding.missing {
        Missing::Fields(fields) => fields.clone(),
        Missing::Misfits(wrong) => wrong.iter().map(|(name, _)| name.clone()).collect(),
        Missing::Kinds(_)
        | Missing::NotSo
        | Missing::OutsideHours(_)
        | Missing::Facts(_)
        | Missing::Prices(_)
        | Missing::Days(_)
        | Missing::Entry(_)
        | Missing::OutOfTime(_) => Vec::new(),
    }
}

fn repeats(before: Option<&Evaluation>, after: &StayView<'_>, language: Language) -> Option<Warning> {
    let count = |evaluation: &Evaluation| {
        evaluation.set_aside.iter().filter(|aside| aside.why == SetAsideWhy::Repeats).count()
    };
    let text = say!(language; "Det denne begynner, løper allerede: den endrer ingen frister.", "Det denne byrjar, går alt: ho endrar ingen fristar.", "What it begins runs already: it changes no limits.");
    let is_new = count(&after.evaluation) > before.map(count).unwrap_or_default();
    is_new.then_some(Warning { kind: WarningKind::Repeats, clause: None, text, fields: Vec::new() })
}
