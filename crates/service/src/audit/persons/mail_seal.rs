use std::{ops::Range, sync::Arc};

use samspill_store::{Seal, SealError};

use super::{
    KeyRing,
    find::numbers_in,
    seal::{open_bytes, seal_bytes},
};
use crate::people::Random;

/// Seals messages, decisions and persons of the log in the store, with the keys that persons are sealed with.
#[derive(Clone, Debug)]
pub struct MailSeal {
    ring: Arc<KeyRing>,
    random: Arc<dyn Random>,
}

impl MailSeal {
    /// A seal with a key ring, and where the randomness comes from.
    pub fn new(ring: KeyRing, random: Arc<dyn Random>) -> Self {
        Self { ring: Arc::new(ring), random }
    }
}

/// What a seal of mail is bound to: never what one of a person is.
fn aad(bound: &[u8]) -> Vec<u8> {
    [b"samspill mail 1\n", bound].concat()
}

impl Seal for MailSeal {
    fn newest(&self) -> &str {
        self.ring.newest()
    }

    fn seal(&self, bound: &[u8], clear: &[u8]) -> Result<Vec<u8>, SealError> {
        seal_bytes(&self.ring, &aad(bound), clear.to_vec(), self.random.as_ref())
    }

    fn open(&self, key_id: &str, bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        open_bytes(&self.ring, key_id, &aad(bound), sealed)
    }

    fn mark(&self, text: &str) -> String {
        self.ring.mac("tie", text)
    }

    fn finds(&self, text: &str) -> Vec<Range<usize>> {
        numbers_in(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::SystemRandom;

    fn mail_seal(newest: &str, keys: &[(&str, u8)], index: u8) -> MailSeal {
        let keys = keys.iter().map(|(name, byte)| ((*name).to_owned(), [*byte; 32]));
        MailSeal::new(KeyRing::new(newest, keys, [index; 32]).unwrap(), Arc::new(SystemRandom))
    }

    #[test]
    fn what_one_key_sealed_another_ring_with_the_key_opens() {
        let (old, new) = (mail_seal("a", &[("a", 1)], 9), mail_seal("b", &[("a", 1), ("b", 2)], 9));
        let sealed = old.seal(b"rad", b"Kari").unwrap();
        assert!(!sealed.windows(4).any(|window| window == b"Kari"));
        assert_ne!(old.seal(b"rad", b"Kari").unwrap(), sealed);
        assert_eq!(new.open("a", b"rad", &sealed).unwrap(), b"Kari");
        let sealed = new.seal(b"rad", b"").unwrap();
        assert_eq!(new.open("b", b"rad", &sealed).unwrap(), b"");
        assert_eq!(old.open("b", b"rad", &sealed), Err(SealError::NoKey("b".to_owned())));
        assert_eq!(old.open("a", b"rad", &sealed), Err(SealError::NotOurs("a".to_owned())));
        assert_eq!(old.mark("Kari"), new.mark("Kari"));
    }

    #[test]
    fn what_was_changed_moved_or_cut_is_not_opened() {
        let seal = mail_seal("a", &[("a", 1)], 9);
        let sealed = seal.seal(b"rad", b"Kari").unwrap();
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(seal.open("a", b"rad", &changed).is_err(), "byte {place}");
            assert!(seal.open("a", b"rad", &sealed[..place]).is_err(), "{place} bytes");
        }
        assert!(seal.open("a", b"annen", &sealed).is_err());
    }

    #[test]
    fn a_mark_says_nothing_and_hangs_on_the_index_key() {
        let (one, other) = (mail_seal("a", &[("a", 1)], 9), mail_seal("a", &[("a", 1)], 8));
        assert_ne!(one.mark("Kari"), other.mark("Kari"));
        assert_ne!(one.mark("Kari"), one.mark("Ola"));
        assert_eq!(one.mark("Kari").len(), 64);
    }
}
