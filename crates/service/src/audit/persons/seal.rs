//! Sealing: AES-256-GCM, and what is sealed of a person, its JSON.
//!
//! ```text
//! sealed = 01 · nonce (12) · ciphertext · tag (16)
//! bound  = "samspill person 1\n" · key of the row · "\n" · id of the key · "\n" · protection
//! text   = JSON, filled up with spaces to a whole number of 64 bytes, so that its length says little
//! ```
//!
//! A row that is copied over another, or whose protection is changed, can't be opened.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use samspill_store::SealError;

use super::{
    KeyRing, Person, RegisterError,
    person::{protection_called, slug},
};
use crate::people::{Random, bytes};

const FORM: u8 = 1;
const NONCE: usize = 12;
const FILL: usize = 64;

/// What a seal is bound to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound<'a> {
    /// The key of the row.
    pub(super) person: &'a str,
    /// The id of the key that seals.
    pub(super) key_id: &'a str,
    /// The protection, as it is kept.
    pub(super) protection: &'a str,
}

impl Bound<'_> {
    fn aad(self) -> Vec<u8> {
        let Self { person, key_id, protection } = self;
        format!("samspill person 1\n{person}\n{key_id}\n{protection}").into_bytes()
    }
}

/// Seals a person with the newest key of the ring, for the row of this key.
pub(super) fn seal(
    ring: &KeyRing,
    row_key: &str,
    person: &Person,
    random: &dyn Random,
) -> Result<Vec<u8>, RegisterError> {
    let key_id = ring.newest();
    let bound = Bound { person: row_key, key_id, protection: slug(person.protection) };
    let mut text =
        serde_json::to_vec(person).map_err(|error| RegisterError::Unreadable(error.to_string()))?;
    text.resize(text.len().next_multiple_of(FILL), b' ');
    Ok(seal_bytes(ring, &bound.aad(), text, random)?)
}

/// Seals bytes with the newest key of the ring, bound to `aad`.
pub(super) fn seal_bytes(
    ring: &KeyRing,
    aad: &[u8],
    mut clear: Vec<u8>,
    random: &dyn Random,
) -> Result<Vec<u8>, SealError> {
    let key_id = ring.newest();
    let nonce: [u8; NONCE] = bytes(random);
    key(ring, key_id)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut clear)
        .map_err(|_| SealError::NotOurs(key_id.to_owned()))?;
    Ok([&[FORM], &nonce[..], &clear].concat())
}

/// Opens what a key of the ring sealed, bound to `aad`.
pub(super) fn open_bytes(
    ring: &KeyRing,
    key_id: &str,
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, SealError> {
    let not_ours = || SealError::NotOurs(key_id.to_owned());
    let (form, rest) = sealed.split_first().ok_or_else(not_ours)?;
    let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or_else(not_ours)?;
    if *form != FORM {
        return Err(not_ours());
    }
    let mut text = text.to_vec();
    let opened = key(ring, key_id)?
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut text)
        .map_err(|_| not_ours())?;
    let length = opened.len();
    text.truncate(length);
    Ok(text)
}

/// Opens what is sealed.
pub(super) fn unseal(ring: &KeyRing, bound: Bound<'_>, sealed: &[u8]) -> Result<Person, RegisterError> {
    let opened = open_bytes(ring, bound.key_id, &bound.aad(), sealed)?;
    let person: Person =
        serde_json::from_slice(&opened).map_err(|error| RegisterError::Unreadable(error.to_string()))?;
    Ok(Person { protection: protection_called(bound.protection), ..person })
}

fn key(ring: &KeyRing, name: &str) -> Result<LessSafeKey, SealError> {
    let no_key = || SealError::NoKey(name.to_owned());
    let bytes = ring.key(name).ok_or_else(no_key)?;
    UnboundKey::new(&AES_256_GCM, bytes).map(LessSafeKey::new).map_err(|_| no_key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Protection, people::SystemRandom};

    fn kari() -> Person {
        Person {
            id: "41814061033".to_owned(),
            given: "Kari".to_owned(),
            born: Some(jiff::civil::date(1940, 1, 1)),
            protection: Protection::Address,
            ..Person::default()
        }
    }

    const BOUND: Bound<'_> = Bound { person: "rad", key_id: "demo", protection: "address" };

    #[test]
    fn what_is_sealed_is_opened_and_says_nothing() {
        let ring = KeyRing::for_demo();
        let sealed = seal(&ring, "rad", &kari(), &SystemRandom).unwrap();
        assert_eq!((sealed.len() - 29) % 64, 0);
        assert!(!sealed.windows(4).any(|window| window == b"Kari"));
        assert!(unseal(&ring, BOUND, &sealed).unwrap() == kari());
        assert_ne!(seal(&ring, "rad", &kari(), &SystemRandom).unwrap(), sealed);
    }

    #[test]
    fn what_was_changed_moved_or_cut_is_not_opened() {
        let ring = KeyRing::for_demo();
        let sealed = seal(&ring, "rad", &kari(), &SystemRandom).unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(unseal(&ring, BOUND, &changed).is_err(), "byte {place}");
            assert!(unseal(&ring, BOUND, &sealed[..place]).is_err(), "{place} bytes");
        }
        for other in [
            Bound { person: "annen", ..BOUND },
            Bound { protection: "none", ..BOUND },
            Bound { key_id: "ukjent", ..BOUND },
        ] {
            assert!(unseal(&ring, other, &sealed).is_err(), "{other:?}");
        }
        let same_name = KeyRing::new("demo", [("demo".to_owned(), [9; 32])], [2; 32]).unwrap();
        assert!(matches!(unseal(&same_name, BOUND, &sealed), Err(RegisterError::NotOurs(_))));
    }
}
