//! A SHA-256 over a row that is never changed, so that [`Store::verify`](crate::Store::verify) sees when it was.
//!
//! ```text
//! digest = SHA-256( domain · number (8) · fields )
//! field  = text: length in bytes (4) · UTF-8 | bytes: length (8) · bytes | instant: microseconds since 1970 (8)
//!        | count (8) | maybe: 00, or 01 and the field
//! ```
//!
//! Numbers are big-endian. `domain` is `samspill message 1\n`, `samspill decision 1\n` or `samspill access 1\n`.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{canonical::put_text, entry::microseconds};

/// What a digest is made of, field by field.
pub(crate) struct Fields {
    put: Vec<u8>,
}

impl Fields {
    pub(crate) fn of(domain: &str, number: u64) -> Self {
        let mut put = domain.as_bytes().to_vec();
        put.extend_from_slice(&number.to_be_bytes());
        Self { put }
    }

    pub(crate) fn count(mut self, count: u64) -> Self {
        self.put.extend_from_slice(&count.to_be_bytes());
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        put_text(&mut self.put, text);
        self
    }

    pub(crate) fn texts<'a>(mut self, texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        self.put.extend_from_slice(&u64::try_from(texts.len()).unwrap_or(u64::MAX).to_be_bytes());
        texts.fold(self, Self::text)
    }

    pub(crate) fn maybe_text(mut self, text: Option<&str>) -> Self {
        self.put.push(u8::from(text.is_some()));
        text.into_iter().fold(self, Self::text)
    }

    pub(crate) fn instant(mut self, instant: Timestamp) -> Self {
        self.put.extend_from_slice(&microseconds(instant).to_be_bytes());
        self
    }

    pub(crate) fn maybe_instant(mut self, instant: Option<Timestamp>) -> Self {
        self.put.push(u8::from(instant.is_some()));
        instant.into_iter().fold(self, Self::instant)
    }

    /// The digest, with these bytes as its last field.
    pub(crate) fn with_bytes(self, bytes: &[u8]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.put);
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
        hasher.finalize().into()
    }

    pub(crate) fn digest(self) -> [u8; 32] {
        Sha256::digest(self.put).into()
    }
}
