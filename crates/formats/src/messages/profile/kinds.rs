//! The kinds that rule files name, one by one or in groups.

use crate::messages::types::Kind;

/// What rules may call several kinds at once.
const GROUPS: [(&str, &[Kind]); 3] = [
    (
        "plo",
        &[
            Kind::Innlagt,
            Kind::Innleggelsesrapport,
            Kind::Helseopplysninger,
            Kind::Utskrivningsklar,
            Kind::Avmelding,
            Kind::Utskrevet,
            Kind::Utskrivningsrapport,
            Kind::Dodsfall,
            Kind::TilLege,
            Kind::Tjenestetilbud,
            Kind::MedisinskeOpplysninger,
        ],
    ),
    (
        "pasientlogistikk",
        &[Kind::Innlagt, Kind::Utskrivningsklar, Kind::Avmelding, Kind::Utskrevet, Kind::Dodsfall],
    ),
    ("dialog", &[Kind::Foresporsel, Kind::Svar, Kind::Notat, Kind::Avvik, Kind::HelsefagligDialog]),
];

/// The kinds that a name in a rule file stands for: one, or a group of them.
pub(super) fn kinds_named(name: &str) -> Option<Vec<Kind>> {
    match GROUPS.iter().find(|(group, _)| *group == name) {
        Some((_, kinds)) => Some(kinds.to_vec()),
        None => Kind::named(name).map(|kind| vec![kind]),
    }
}
