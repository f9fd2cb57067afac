//! The words of the access log, as people read them.
//!
//! Rows are kept for many years, and say what they said when they were written: slugs. One that this program doesn't know is shown as
//! it stands.

use samspill_agreement::model::Language;

/// A slug, and what it says in bokmål, nynorsk and English.
type Word = (&'static str, [&'static str; 3]);

const ROLES: [Word; 12] = [
    ("sengepost", ["Sengepost", "Sengepost", "Ward"]),
    ("lege", ["Lege", "Lege", "Physician"]),
    ("samhandlingskontor", ["Samhandlingskontor", "Samhandlingskontor", "Discharge coordination office"]),
    ("sykehusregnskap", ["Sykehusets regnskap", "Rekneskapen til sjukehuset", "Hospital accounts"]),
    ("tildelingskontor", ["Tildelingskontor", "Tildelingskontor", "Municipal case office"]),
    ("tjenesteenhet", ["Tjenesteenhet", "Tenesteeining", "Care unit"]),
    ("kommuneregnskap", ["Kommunens regnskap", "Rekneskapen til kommunen", "Municipal accounts"]),
    ("fastlege", ["Fastlege", "Fastlege", "General practitioner"]),
    ("sekretariat", ["Sekretariat", "Sekretariat", "Secretariat"]),
    ("utvalgsmedlem", ["Utvalgsmedlem", "Utvalsmedlem", "Committee member"]),
    ("revisor", ["Revisor", "Revisor", "Auditor"]),
    ("administrator", ["Administrator", "Administrator", "Administrator"]),
];

const ACTIONS: [Word; 32] = [
    ("liste", ["Så oppholdet i en liste", "Såg opphaldet i ei liste", "Saw the stay in a list"]),
    ("lese-opphold", ["Leste oppholdet", "Las opphaldet", "Read the stay"]),
    ("lese-melding", ["Leste en melding", "Las ei melding", "Read a message"]),
    ("skrive", ["Skrev i oppholdet", "Skreiv i opphaldet", "Wrote in the stay"]),
    ("plassere-melding", ["Plasserte en melding", "Plasserte ei melding", "Placed a message"]),
    ("lese-dager", ["Leste dager og beløp", "Las dagar og beløp", "Read days and amounts"]),
    ("eksport", ["Skrev ut data", "Skreiv ut data", "Exported data"]),
    (
        "ta-tilgang",
        [
            "Tok seg tilgang, med en begrunnelse",
            "Tok seg tilgang, med ei grunngiving",
            "Took access, with a reason",
        ],
    ),
    ("etterse-tilgang", ["Etterså en tilgang", "Ettersåg ein tilgang", "Reviewed an access"]),
    ("lese-avtaler", ["Leste avtaler", "Las avtalar", "Read agreements"]),
    ("foresla-avtale", ["Foreslo en avtale", "Føreslo ein avtale", "Proposed an agreement"]),
    ("tall", ["Så tall", "Såg tal", "Saw figures"]),
    ("meldingsmonitor", ["Så meldingsmonitoren", "Såg meldingsmonitoren", "Saw the message monitor"]),
    ("styre-monitor", ["Styrte meldinger", "Styrte meldingar", "Ran the message monitor"]),
    ("nedetid", ["Registrerte nedetid", "Registrerte nedetid", "Registered downtime"]),
    ("tilgangslogg", ["Søkte i tilgangsloggen", "Søkte i tilgangsloggen", "Searched the access log"]),
    ("innsynsrapport", ["Laget en innsynsrapport", "Laga ein innsynsrapport", "Made an access report"]),
    ("kontoer", ["Endret kontoer", "Endra kontoar", "Changed accounts"]),
    ("adresser", ["Endret adresseboken", "Endra adresseboka", "Changed the address book"]),
    ("maltekster", ["Endret maltekster", "Endra maltekstar", "Changed templates"]),
    (
        "verne-person",
        ["Endret vern av en person", "Endra vern av ein person", "Changed the protection of a person"],
    ),
    (
        "herrelos-post",
        [
            "Så meldinger som ikke er til noen her",
            "Såg meldingar som ikkje er til nokon her",
            "Saw messages for nobody here",
        ],
    ),
    ("innlogging", ["Logget inn", "Logga inn", "Logged in"]),
    ("innlogging-avvist", ["Ble ikke logget inn", "Vart ikkje logga inn", "Was refused at login"]),
    ("utlogging", ["Logget ut", "Logga ut", "Logged out"]),
    ("rollevalg", ["Valgte rolle", "Valde rolle", "Chose a role"]),
    ("passord-satt", ["Satte passord", "Sette passord", "Set a password"]),
    ("konto-endret", ["Endret en konto", "Endra ein konto", "Changed an account"]),
    (
        "nokkel-endret",
        ["Endret en nøkkel for et system", "Endra ein nøkkel for eit system", "Changed a system's token"],
    ),
    (
        "adresse-endret",
        [
            "Endret parten i adresseboken",
            "Endra parten i adresseboka",
            "Changed the party in the address book",
        ],
    ),
    ("maltekst-endret", ["Endret en maltekst", "Endra ein maltekst", "Changed a template"]),
    ("noklerotasjon", ["Byttet nøkler", "Bytte nøklar", "Rotated keys"]),
];

const PURPOSES: [Word; 5] = [
    (
        "omsorg",
        ["Helsehjelp og planlegging av den", "Helsehjelp og planlegging av hjelpa", "Care, and planning it"],
    ),
    ("oppgjor", ["Oppgjør mellom partene", "Oppgjer mellom partane", "Accounts between the parties"]),
    ("kvalitet", ["Kvalitet og avtaler", "Kvalitet og avtalar", "Quality and agreements"]),
    ("tilsyn", ["Tilsyn med tilgang", "Tilsyn med tilgang", "Oversight of access"]),
    ("drift", ["Drift av systemet", "Drift av systemet", "Operation of the system"]),
];

const RULES: [Word; 9] = [
    (
        "tar-del",
        [
            "Enheten eller parten tar del i oppholdet",
            "Eininga eller parten tek del i opphaldet",
            "The unit or party takes part in the stay",
        ],
    ),
    (
        "betaler",
        ["Parten betaler for oppholdet", "Parten betaler for opphaldet", "The party pays for the stay"],
    ),
    (
        "tatt-selv",
        [
            "Tok selv tilgang, med en begrunnelse",
            "Tok sjølv tilgang, med ei grunngiving",
            "Took access, with a reason",
        ],
    ),
    (
        "felles",
        [
            "Felles for alle som er innlogget",
            "Felles for alle som er innlogga",
            "Common to all who are logged in",
        ],
    ),
    (
        "egen-part",
        [
            "Gjelder egen part, og rollen har oppgaven",
            "Gjeld eigen part, og rolla har oppgåva",
            "The own party's, and the role has the task",
        ],
    ),
    (
        "ikke-rollen",
        ["Rollen har ikke oppgaven", "Rolla har ikkje oppgåva", "The role doesn't have the task"],
    ),
    (
        "ikke-formalet",
        ["Rollen har ikke formålet", "Rolla har ikkje føremålet", "The role doesn't have the purpose"],
    ),
    (
        "ingen-del",
        ["Parten har ingen del i det", "Parten har ingen del i det", "The party has no part in it"],
    ),
    ("for-lenge-siden", ["Det er for lenge siden", "Det er for lenge sidan", "It was too long ago"]),
];

/// A role.
pub fn role(slug: &str, language: Language) -> &str {
    word(&ROLES, slug, language)
}

/// What was done.
pub fn action(slug: &str, language: Language) -> &str {
    word(&ACTIONS, slug, language)
}

/// What it was done for.
pub fn purpose(slug: &str, language: Language) -> &str {
    word(&PURPOSES, slug, language)
}

/// Why it was allowed, or refused.
pub fn rule(slug: &str, language: Language) -> &str {
    word(&RULES, slug, language)
}

fn word<'s>(words: &[Word], slug: &'s str, language: Language) -> &'s str {
    let place = match language {
        Language::Bokmal => 0,
        Language::Nynorsk => 1,
        Language::English => 2,
    };
    let found = words.iter().find(|(known, _)| *known == slug);
    found.and_then(|(_, texts)| texts.get(place).copied()).unwrap_or(slug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Action, Purpose, Role, Rule},
        audit::Happened,
    };

    #[test]
    fn every_word_of_the_policy_has_words_and_what_is_unknown_is_shown_as_it_stands() {
        for one in Action::ALL {
            assert_ne!(action(one.as_str(), Language::Bokmal), one.as_str());
        }
        for one in Purpose::ALL {
            assert_ne!(purpose(one.as_str(), Language::Bokmal), one.as_str());
        }
        for one in Rule::ALL {
            assert_ne!(rule(one.as_str(), Language::Bokmal), one.as_str());
        }
        for one in Role::ALL {
            assert_ne!(role(one.as_str(), Language::English), one.as_str());
        }
        for one in Happened::ALL {
            assert_ne!(action(one.as_str(), Language::Nynorsk), one.as_str());
        }
        assert_eq!(rule("ny-regel", Language::Bokmal), "ny-regel");
        assert_eq!(purpose("drift", Language::English), "Operation of the system");
    }
}
