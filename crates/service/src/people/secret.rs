//! Secrets that are handed out once, and of which only the SHA-256 is kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use samspill_store::EntryHash;
use sha2::{Digest, Sha256};

use super::{Random, random::bytes};

/// Bytes of a secret: 256 bits.
const BYTES: usize = 32;

/// A new secret: 43 letters of base64 for addresses.
pub(crate) fn new_secret(random: &dyn Random) -> String {
    URL_SAFE_NO_PAD.encode(bytes::<BYTES>(random))
}

/// What is kept of a secret; `None` for a text that is none.
pub(crate) fn digest_of(secret: &str) -> Option<EntryHash> {
    let is_secret = URL_SAFE_NO_PAD.decode(secret).is_ok_and(|bytes| bytes.len() == BYTES);
    is_secret.then(|| digest(&[secret]))
}

/// What forms of a session must bring back. Whoever has only the digest of the session can't make it.
pub(super) fn form_token(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&["samspill form 1\n", secret]).as_bytes())
}

/// What a session is called where its secret may not stand.
pub(super) fn handle(digest_of_secret: &EntryHash) -> String {
    digest(&["samspill handle 1\n", &digest_of_secret.to_string()]).to_string().chars().take(16).collect()
}

fn digest(texts: &[&str]) -> EntryHash {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
    }
    EntryHash::from_bytes(&hasher.finalize()).unwrap_or(EntryHash::START)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::SystemRandom;

    #[test]
    fn two_secrets_differ_and_are_43_letters() {
        let (one, other) = (new_secret(&SystemRandom), new_secret(&SystemRandom));
        assert_ne!(one, other);
        assert_eq!((one.len(), other.len()), (43, 43));
        assert_ne!(digest_of(&one), digest_of(&other));
        assert_ne!(form_token(&one), form_token(&other));
        assert!(!form_token(&one).contains(&one));
    }

    #[test]
    fn what_is_no_secret_has_no_digest() {
        for bad in
            ["", "a", &"a".repeat(42), &"a".repeat(44), &"å".repeat(43), &format!("{}=", "a".repeat(42))]
        {
            assert_eq!(digest_of(bad), None, "{bad}");
        }
    }
}
