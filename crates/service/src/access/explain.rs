//! Decisions in words.

use samspill_agreement::model::Language;

use super::{Decision, Rule};

impl Rule {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 9] = [
        Self::TakesPart,
        Self::Pays,
        Self::TookIt,
        Self::Common,
        Self::OwnParty,
        Self::NotTheRole,
        Self::NotThePurpose,
        Self::NoPart,
        Self::TooLongAgo,
    ];

    /// Its slug, as the access log has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TakesPart => "tar-del",
            Self::Pays => "betaler",
            Self::TookIt => "tatt-selv",
            Self::Common => "felles",
            Self::OwnParty => "egen-part",
            Self::NotTheRole => "ikke-rollen",
            Self::NotThePurpose => "ikke-formalet",
            Self::NoPart => "ingen-del",
            Self::TooLongAgo => "for-lenge-siden",
        }
    }

    /// Bokmål, nynorsk, English.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::TakesPart => [
                "enheten eller parten din tar del i oppholdet",
                "eininga eller parten din tek del i opphaldet",
                "your unit or party takes part in the stay",
            ],
            Self::Pays => [
                "parten din betaler for oppholdet",
                "parten din betaler for opphaldet",
                "your party pays for the stay",
            ],
            Self::TookIt => [
                "du har selv tatt deg tilgang, med en begrunnelse",
                "du har sjølv teke deg tilgang, med ei grunngiving",
                "you took access on yourself, with a reason",
            ],
            Self::Common => [
                "det er felles for alle som er innlogget",
                "det er felles for alle som er innlogga",
                "it is common to all who are logged in",
            ],
            Self::OwnParty => [
                "det gjelder din egen part, og rollen din har denne oppgaven",
                "det gjeld din eigen part, og rolla di har denne oppgåva",
                "it is your own party's, and your role has this task",
            ],
            Self::NotTheRole => [
                "rollen din har ikke denne oppgaven",
                "rolla di har ikkje denne oppgåva",
                "your role doesn't have this task",
            ],
            Self::NotThePurpose => [
                "rollen din har ikke dette formålet",
                "rolla di har ikkje dette formålet",
                "your role doesn't have this purpose",
            ],
            Self::NoPart => [
                "parten din har ingen del i det",
                "parten din har ingen del i det",
                "your party has no part in it",
            ],
            Self::TooLongAgo => [
                "det er for lenge siden oppholdet ble avsluttet",
                "det er for lenge sidan opphaldet vart avslutta",
                "the stay was settled too long ago",
            ],
        }
    }
}

/// A decision as a sentence.
pub fn explain(decision: Decision, language: Language) -> String {
    let [nb, nn, en] = decision.rule.words();
    match (language, decision.is_allowed) {
        (Language::Bokmal, true) => format!("Tillatt: {nb}."),
        (Language::Bokmal, false) => format!("Ikke tillatt: {nb}."),
        (Language::Nynorsk, true) => format!("Tillate: {nn}."),
        (Language::Nynorsk, false) => format!("Ikkje tillate: {nn}."),
        (Language::English, true) => format!("Allowed: {en}."),
        (Language::English, false) => format!("Not allowed: {en}."),
    }
}
