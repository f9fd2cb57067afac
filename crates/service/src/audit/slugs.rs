//! The slugs of the policy's words.

use std::fmt::Debug;

use crate::access::{Action, Purpose, Rule};

pub(super) fn action(action: Action) -> &'static str {
    slug(&action)
}

pub(super) fn purpose(purpose: Purpose) -> &'static str {
    slug(&purpose)
}

pub(super) fn rule(rule: Rule) -> &'static str {
    slug(&rule)
}

fn slug(word: &impl Debug) -> &'static str {
    let name = format!("{word:?}");
    NAMES.iter().find(|(known, _)| *known == name).map_or("", |(_, slug)| slug)
}

const NAMES: [(&str, &str); 32] = [
    ("ListStay", "liste"),
    ("ReadStay", "lese-opphold"),
    ("ReadMessage", "lese-melding"),
    ("WriteStay", "skrive"),
    ("PlaceMessage", "plassere-melding"),
    ("ReadDays", "lese-dager"),
    ("Export", "eksport"),
    ("GrantSelf", "ta-tilgang"),
    ("ReviewGrants", "etterse-tilgang"),
    ("ReadAgreements", "lese-avtaler"),
    ("ProposeAgreement", "foresla-avtale"),
    ("ReadFigures", "tall"),
    ("ReadMonitor", "meldingsmonitor"),
    ("RunMonitor", "styre-monitor"),
    ("WriteDowntime", "nedetid"),
    ("ReadAccessLog", "tilgangslogg"),
    ("ReadPatientReport", "innsynsrapport"),
    ("ManageAccounts", "kontoer"),
    ("Care", "omsorg"),
    ("Accounts", "oppgjor"),
    ("Quality", "kvalitet"),
    ("Oversight", "tilsyn"),
    ("Operation", "drift"),
    ("TakesPart", "tar-del"),
    ("Pays", "betaler"),
    ("TookIt", "tatt-selv"),
    ("Common", "felles"),
    ("OwnParty", "egen-part"),
    ("NotTheRole", "ikke-rollen"),
    ("NotThePurpose", "ikke-formalet"),
    ("NoPart", "ingen-del"),
    ("TooLongAgo", "for-lenge-siden"),
];
