//! Ids of resources: 1 to 64 of letters, digits, `-` and `.`, as the standard has them.

use samspill_service::live::StayLine;
use sha2::{Digest as _, Sha256};

use crate::{App, api::Problem};

/// Names of stays that are looked through at a time.
const AT_ONCE: usize = 1_000;

/// Letters of an id at the most.
const LENGTH_MAX: usize = 64;

/// The system of HER-ids.
pub(super) const HER: &str = "urn:oid:2.16.578.1.12.4.1.2";

/// The id of a stay's Encounter: its name, where that can be one.
pub(super) fn encounter(case: &str) -> String {
    let is_id = case.len() <= LENGTH_MAX
        && case.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    if is_id && !case.is_empty() && !case.starts_with("h.") {
        case.to_owned()
    } else {
        format!("h.{}", hex(&Sha256::digest(case)))
    }
}

/// The stay of an Encounter's id. Names that can't be ids are found among the open stays, then among all.
pub(super) async fn case(app: &App, id: &str) -> Result<Option<String>, Problem> {
    if !id.starts_with("h.") {
        return Ok(Some(id.to_owned()));
    }
    let open = app.live().stays();
    if let Some(line) = open.iter().find(|line| encounter(&line.row.case) == id) {
        return Ok(Some(line.row.case.clone()));
    }
    let (parts, mut after) = (app.parts(), String::new());
    loop {
        let cases = parts.store.cases(&parts.community, &after, AT_ONCE).await?;
        let Some(last) = cases.last() else { return Ok(None) };
        after.clone_from(last);
        if let Some(found) = cases.into_iter().find(|case| encounter(case) == id) {
            return Ok(Some(found));
        }
    }
}

/// The id of a duty's Task.
pub(super) fn task(position: u64, seconds: i64, duty: &str) -> String {
    let plain = format!("{position}.{seconds}.{duty}");
    if plain.len() <= LENGTH_MAX {
        plain
    } else {
        format!("{position}.{seconds}.h.{}", &hex(&Sha256::digest(duty))[..16])
    }
}

/// The position of the entry that triggered the duty of a Task's id.
pub(super) fn trigger(id: &str) -> Option<u64> {
    id.split('.').next()?.parse().ok()
}

/// The id of the Patient of a person of a stay. It says nothing of the person.
pub(super) fn patient(app: &App, person: &str) -> String {
    app.parts().people_register.pseudonym(person)
}

/// The person that a stay is about, with the id of the Patient: the one that the latest entry names.
pub(super) fn patient_of(app: &App, line: &StayLine) -> Option<String> {
    line.persons.first().map(|person| patient(app, person))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(24).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_such_as_the_standard_has() {
        let is_id = |id: &str| {
            (1..=64).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.')
        };
        for case in ["opphold-2025-03-28-6f2c91", "Opphold nr. 7/ø", "", "h.1", &"x".repeat(65)] {
            assert!(is_id(&encounter(case)), "{case}");
        }
        assert_eq!(encounter("opphold-1"), "opphold-1");
        assert_ne!(encounter("h.1"), "h.1");
        assert!(is_id(&task(u64::MAX, i64::MIN, "svar")) && is_id(&task(1, 2, &"plikt".repeat(20))));
        assert_eq!(trigger(&task(1207, 5, "svar")), Some(1207));
    }
}
