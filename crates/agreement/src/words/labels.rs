use samspill_base::Clock;

use super::say;
use crate::model::{DocumentType, Language, Severity};

/// The labels of a rule's parts, in three languages.
macro_rules! labels {
    ($($name:ident $nb:literal $nn:literal $en:literal)*) => {
        /// What a part of a rule is called.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Label { $($name,)* }

        /// The label in this language.
        pub(crate) fn label(label: Label, language: Language) -> &'static str {
            match label { $(Label::$name => say(language, $nb, $nn, $en),)* }
        }
    };
}

labels! {
    Clause "Hjemmel" "Heimel" "Clause"
    Says "Sier" "Seier" "Says"
    Who "Hvem" "Kven" "Who"
    What "Hva" "Kva" "What"
    After "Etter" "Etter" "After"
    When "Når" "Når" "When"
    Which "Hvilke" "Kva for" "Which"
    Limit "Frist" "Frist" "Limit"
    CountsFrom "Regnes fra" "Blir rekna frå" "Counted from"
    FulfilledAt "Gjort når det er" "Gjort når det er" "Done when it is"
    MayPrecede "Kan gjøres på forhånd" "Kan gjerast på førehand" "May be done before"
    Each "Gjentas" "Blir gjenteke" "Comes back"
    Pairing "Hører sammen" "Høyrer saman" "Pairing"
    WaivedBy "Faller bort ved" "Fell bort ved" "Falls away with"
    ResetBy "Begynner på nytt ved" "Byrjar på nytt ved" "Starts anew with"
    SuspendedBy "Står stille" "Står stille" "Stands still"
    Severity "Alvor" "Alvor" "Severity"
    Exception "Unntak" "Unntak" "Exception"
    Of "Gjelder" "Gjeld" "About"
    Hours "Åpent" "Ope" "Open"
    Effect "Følge" "Følgje" "Effect"
    Needs "Krever" "Krev" "Needs"
    That "Vilkår" "Vilkår" "Condition"
    Holds "Skal si noe om" "Skal seie noko om" "Must say"
    Counts "Teller" "Tel" "Counts"
    Starts "Starter ved" "Startar ved" "Starts with"
    FirstDay "Første dag" "Første dag" "First day"
    Stops "Stopper ved" "Stoppar ved" "Stops with"
    Liable "Betales når" "Blir betalt når" "Paid when"
    Payer "Betaler" "Betalar" "Payer"
    Price "Pris per dag" "Pris per dag" "Price a day"
    FreeDays "Gratis dager" "Gratis dagar" "Free days"
    Waiver "Faller bort" "Fell bort" "Falls away"
    Contestable "Kan bestrides" "Kan bestridast" "Contestable"
    Provisional "Foreløpig" "Førebels" "Provisional"
    Meter "Teller" "Teljar" "Meter"
    Point "Punkt" "Punkt" "Point"
    Amounts "Beløp" "Beløp" "Amounts"
    Unit "Enhet" "Eining" "Unit"
    Reading "Tolkning" "Tolking" "Reading"
    BlindSpot "Ikke beregnet" "Ikkje berekna" "Not computed"
}

/// Which of an entry's times, as a participle: `mottatt`, `received`.
pub fn clock(clock: Clock, language: Language) -> &'static str {
    match clock {
        Clock::Happened => say(language, "skjedd", "skjedd", "happened"),
        Clock::Sent => say(language, "sendt", "sendt", "sent"),
        Clock::Received => say(language, "mottatt", "motteke", "received"),
        Clock::Acknowledged => say(language, "kvittert", "kvittert", "acknowledged"),
        Clock::Recorded => say(language, "registrert", "registrert", "recorded"),
    }
}

/// How much a breach matters: `avvik`, `deviation`.
pub fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Remark => say(language, "merknad", "merknad", "remark"),
        Severity::Deviation => say(language, "avvik", "avvik", "deviation"),
        Severity::Serious => say(language, "alvorlig", "alvorleg", "serious"),
    }
}

pub(crate) fn document_type(document: DocumentType, language: Language) -> &'static str {
    match document {
        DocumentType::Agreement => say(language, "Avtale", "Avtale", "Agreement"),
        DocumentType::Law => say(language, "Lov eller forskrift", "Lov eller forskrift", "Law or regulation"),
        DocumentType::Guideline => say(language, "Retningslinje", "Retningslinje", "Guideline"),
        DocumentType::Example => say(
            language,
            "Eksempel, gjelder ingen steder",
            "Døme, gjeld ingen stader",
            "Example, in force nowhere",
        ),
    }
}
