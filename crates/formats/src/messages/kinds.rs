//! The names of kinds: as rule files and callers write them, and as messages do.

use super::types::Kind;

/// Each kind with its name and its code in table 8279 (empty where it has none).
const KINDS: [(Kind, &str, &str); 20] = [
    (Kind::Innlagt, "innlagt", "LOG_INNLAGT"),
    (Kind::Innleggelsesrapport, "innleggelsesrapport", "INNLEGGELSESRAPPORT"),
    (Kind::Helseopplysninger, "helseopplysninger", "HELSEOPPL_SOKNAD"),
    (Kind::Utskrivningsklar, "utskrivningsklar", "LOG_UTSKRIVNINGSKLAR"),
    (Kind::Avmelding, "avmelding", "LOG_AVMELDING"),
    (Kind::Utskrevet, "utskrevet", "LOG_UTSKREVET"),
    (Kind::Utskrivningsrapport, "utskrivningsrapport", "UTSKRIVNINGSRAPPORT"),
    (Kind::Dodsfall, "dodsfall", "LOG_DOD"),
    (Kind::TilLege, "helseopplysninger-til-lege", "HELSEOPPLYSNINGER_LEGE"),
    (Kind::Tjenestetilbud, "tjenestetilbud", "ORIENTERING_TJENESTETILBUD"),
    (Kind::MedisinskeOpplysninger, "medisinske-opplysninger", "MEDISINSKE_OPPLYSNINGER"),
    (Kind::Fravar, "fravar", "FRAVARSMELDING"),
    (Kind::Foresporsel, "foresporsel", "DIALOG_FORESPORSEL"),
    (Kind::Svar, "svar", "DIALOG_SVAR"),
    (Kind::Notat, "notat", "DIALOG_NOTAT"),
    (Kind::Avvik, "avvik", "DIALOG_AVVIK"),
    (Kind::HelsefagligDialog, "helsefaglig-dialog", "DIALOG_HELSEFAGLIG"),
    (Kind::Epikrise, "epikrise", "EPIKRISE"),
    (Kind::Kvittering, "kvittering", "APPREC"),
    (Kind::Annen, "annen", ""),
];

impl Kind {
    /// Its name in files and on the command line: `utskrivningsklar`, `helsefaglig-dialog`.
    pub fn slug(self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, slug, _)| slug)
    }

    /// The kind of this name; `None` if there is none.
    pub fn named(slug: &str) -> Option<Self> {
        KINDS.iter().find(|(_, name, _)| *name == slug).map(|(kind, ..)| *kind)
    }

    /// Its code in table 8279, `LOG_INNLAGT`; empty for what has none.
    pub fn message_type(self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., code)| code)
    }

    /// All of them, in the order of a stay.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    /// The kind of a code of table 8279; `None` for one that has no kind here. Compared exactly.
    pub fn of_message_type(code: &str) -> Option<Self> {
        KINDS.iter().find(|(.., known)| *known == code && !code.is_empty()).map(|(kind, ..)| *kind)
    }
}
