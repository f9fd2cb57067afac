//! What is known to the nodes and to nobody else, and what is made with it: sealed cookies and nonces.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac, rand,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::SettingFault;

/// The fewest bytes of a secret.
const SECRET_BYTES_MIN: usize = 32;

/// Bytes that all nodes share. Its `Debug` keeps them.
#[derive(Clone)]
pub struct Secret(Arc<[u8]>);

impl Secret {
    /// A secret of these bytes.
    ///
    /// # Errors
    /// There are fewer than 32.
    pub fn new(bytes: &[u8]) -> Result<Self, SettingFault> {
        if bytes.len() < SECRET_BYTES_MIN {
            let says = format!("{} bytes: write at least {SECRET_BYTES_MIN}", bytes.len());
            return Err(SettingFault { setting: "secrets", says });
        }
        Ok(Self(bytes.into()))
    }

    /// One that nobody else has.
    ///
    /// # Errors
    /// The machine gives no chance.
    pub fn random() -> Result<Self, SettingFault> {
        let mut bytes = [0; SECRET_BYTES_MIN];
        let none = |_| SettingFault { setting: "secrets", says: "the machine gives no random bytes".into() };
        rand::fill(&mut bytes).map_err(none)?;
        Self::new(&bytes)
    }

    fn key_for(&self, purpose: &str) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), purpose.as_bytes());
        let mut key = [0; 32];
        key.copy_from_slice(tag.as_ref());
        key
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The secrets in use: the first makes, all read.
#[derive(Clone, Debug)]
pub(super) struct Secrets(Vec<Secret>);

/// What something sealed is for. What was sealed for one thing can't be opened as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seal {
    /// A login that is under way at the provider.
    Flow,
    /// What the provider is told when somebody logs out.
    Hint,
}

impl Seal {
    fn purpose(self) -> &'static str {
        match self {
            Self::Flow => "samspill login flow",
            Self::Hint => "samspill logout hint",
        }
    }
}

impl Secrets {
    /// These, or a new one if there are none.
    pub(super) fn new(secrets: Vec<Secret>) -> Result<Self, SettingFault> {
        if secrets.is_empty() { Ok(Self(vec![Secret::random()?])) } else { Ok(Self(secrets)) }
    }

    /// Text that only who has the secret can read or make. `None` if the machine gives no chance.
    pub(super) fn seal(&self, seal: Seal, plain: &[u8]) -> Option<String> {
        let key = self.0.first()?.key_for(seal.purpose());
        let key = RandomizedNonceKey::new(&AES_256_GCM, &key).ok()?;
        let mut sealed = plain.to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(seal.purpose()), &mut sealed).ok()?;
        let nonce: &[u8; NONCE_LEN] = nonce.as_ref();
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What was sealed; nothing if it was made with no secret of ours, for something else, or changed.
    pub(super) fn open(&self, seal: Seal, text: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        self.0.iter().find_map(|secret| opened(secret, seal, nonce, sealed))
    }

    /// A short text that proves that we wrote `content`, for `purpose`.
    pub(super) fn mark(&self, purpose: &str, content: &[u8]) -> Option<String> {
        Some(marked(self.0.first()?, purpose, content))
    }

    /// Whether `mark` is of `content` and `purpose`, by any of the secrets.
    pub(super) fn is_mark(&self, purpose: &str, content: &[u8], mark: &str) -> bool {
        self.0.iter().any(|secret| same(&marked(secret, purpose, content), mark))
    }
}

fn opened(secret: &Secret, seal: Seal, nonce: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = RandomizedNonceKey::new(&AES_256_GCM, &secret.key_for(seal.purpose())).ok()?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut bytes = sealed.to_vec();
    key.open_in_place(nonce, Aad::from(seal.purpose()), &mut bytes).ok().map(|plain| plain.to_vec())
}

fn marked(secret: &Secret, purpose: &str, content: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.key_for(purpose));
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, content))
}

/// Whether two texts are the same, in a time that doesn't tell where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(one.as_bytes(), other.as_bytes()).into()
}

/// 32 random bytes as text without signs that an address or a cookie has to escape.
pub(super) fn random_text() -> Result<String, aws_lc_rs::error::Unspecified> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(bytes: &[u8]) -> Secrets {
        Secrets(bytes.iter().map(|byte| Secret::new(&[*byte; 32]).unwrap()).collect())
    }

    #[test]
    fn a_secret_has_32_bytes_or_more() {
        assert!(Secret::new(&[1; 31]).is_err() && Secret::new(&[1; 32]).is_ok());
    }

    #[test]
    fn what_was_sealed_is_opened_by_any_secret_in_use_and_no_other() {
        let sealed = secrets(&[1]).seal(Seal::Flow, b"state").unwrap();
        assert_eq!(secrets(&[2, 1]).open(Seal::Flow, &sealed).as_deref(), Some(b"state".as_slice()));
        assert_eq!(secrets(&[2]).open(Seal::Flow, &sealed), None);
    }

    #[test]
    fn what_was_sealed_for_one_thing_is_not_opened_as_another() {
        let sealed = secrets(&[1]).seal(Seal::Flow, b"state").unwrap();
        assert_eq!(secrets(&[1]).open(Seal::Hint, &sealed), None);
    }

    #[test]
    fn what_was_changed_is_not_opened() {
        let sealed = secrets(&[1]).seal(Seal::Flow, b"state").unwrap();
        for at in 0..sealed.len() - 1 {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(secrets(&[1]).open(Seal::Flow, &changed), None, "{at}");
        }
        assert_eq!(secrets(&[1]).open(Seal::Flow, ""), None);
    }

    #[test]
    fn a_mark_is_of_its_content_and_purpose() {
        let mark = secrets(&[1]).mark("a", b"x").unwrap();
        let holds = |bytes: &[u8], purpose, content: &[u8]| secrets(bytes).is_mark(purpose, content, &mark);
        assert!(holds(&[1], "a", b"x") && holds(&[2, 1], "a", b"x"));
        assert!(!holds(&[2], "a", b"x") && !holds(&[1], "b", b"x") && !holds(&[1], "a", b"y"));
    }
}
