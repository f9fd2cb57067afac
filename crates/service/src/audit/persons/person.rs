use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::access::Protection;

/// Who a patient is, as far as anybody said. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// The id, as the log calls the person: a national id, or the kind and the id of another.
    pub id: String,
    /// Given name.
    pub given: String,
    /// Middle name.
    pub middle: String,
    /// Family name.
    pub family: String,
    /// Date of birth.
    pub born: Option<Date>,
    /// Sex, by the code of 3101.
    pub sex: Option<String>,
    /// Where the person lives.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The general practitioner.
    pub gp: Option<String>,
    /// The municipality where the person lives, by its number.
    pub municipality: Option<String>,
    /// What of it is kept from most. It stands beside what is sealed, so that it can be asked about without opening it.
    #[serde(skip)]
    pub protection: Protection,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

impl Person {
    /// Given and family name, as one text; empty where neither is known.
    pub fn name(&self) -> String {
        let names = [&self.given, &self.middle, &self.family];
        let names: Vec<&str> =
            names.into_iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        names.join(" ")
    }

    /// Takes over what another says of the same person. What it doesn't say stays; protection is never taken away.
    pub(super) fn learn(&mut self, said: &Self) {
        let names = [
            (&mut self.given, &said.given),
            (&mut self.middle, &said.middle),
            (&mut self.family, &said.family),
        ];
        for (known, said) in names.into_iter().filter(|(_, said)| !said.trim().is_empty()) {
            said.trim().clone_into(known);
        }
        let texts = [
            (&mut self.sex, &said.sex),
            (&mut self.address, &said.address),
            (&mut self.phone, &said.phone),
            (&mut self.gp, &said.gp),
            (&mut self.municipality, &said.municipality),
        ];
        for (known, said) in texts.into_iter().filter(|(_, said)| said.is_some()) {
            known.clone_from(said);
        }
        self.born = said.born.or(self.born);
        self.protection = self.protection.max(said.protection);
    }

    /// Whether all of these words, in small letters, are in the name.
    pub(super) fn is_called(&self, words: &[String]) -> bool {
        let name = self.name().to_lowercase();
        words.iter().all(|word| name.contains(word.as_str()))
    }
}

/// The slug of a protection, as it is kept.
pub(super) fn slug(protection: Protection) -> &'static str {
    match protection {
        Protection::None => "none",
        Protection::Address => "address",
        Protection::Identity => "identity",
    }
}

/// The protection of a slug. One that this program doesn't know is the strongest.
pub(super) fn protection_called(text: &str) -> Protection {
    match text {
        "none" => Protection::None,
        "address" => Protection::Address,
        _ => Protection::Identity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_stays_and_protection_is_never_taken_away() {
        let text = |text: &str| Some(text.to_owned());
        let mut known = Person {
            given: "Kari".to_owned(),
            family: "Nordmann".to_owned(),
            phone: text("1"),
            protection: Protection::Address,
            ..Person::default()
        };
        known.learn(&Person { family: " Hansen ".to_owned(), address: text("Gata 1"), ..Person::default() });
        assert_eq!(
            (known.name().as_str(), &known.phone, &known.address),
            ("Kari Hansen", &text("1"), &text("Gata 1"))
        );
        assert_eq!(known.protection, Protection::Address);
        known.learn(&Person { protection: Protection::Identity, ..Person::default() });
        assert_eq!(known.protection, Protection::Identity);
    }

    #[test]
    fn nothing_of_a_person_is_shown_by_chance() {
        let person = Person { given: "Kari".to_owned(), id: "41814061033".to_owned(), ..Person::default() };
        assert_eq!(format!("{person:?}"), "Person { .. }");
    }

    #[test]
    fn a_protection_is_read_as_it_is_written() {
        for one in [Protection::None, Protection::Address, Protection::Identity] {
            assert_eq!(protection_called(slug(one)), one);
        }
        assert_eq!(protection_called("ny"), Protection::Identity);
    }
}
