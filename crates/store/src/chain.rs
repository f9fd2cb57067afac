//! The hash chain.
//!
//! ```text
//! hash = SHA-256( "samspill log 1\n" · previous (32) · text(community) · position (8) · text(append key)
//!                 · part (4) · parts (4) · length of the entry (4) · entry )
//! ```
//!
//! `entry` is in [canonical form](crate::canonical), `text` as there, numbers big-endian. `previous` is the hash of the
//! entry before; 32 noughts for the first.

use std::{fmt, str::FromStr};

use samspill_base::Position;
use sha2::{Digest, Sha256};

use crate::canonical::put_text;

const DOMAIN: &[u8] = b"samspill log 1\n";

/// A SHA-256 over an entry and all before it. Shown as 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryHash([u8; 32]);

impl EntryHash {
    /// What stands before the first entry: 32 noughts.
    pub const START: Self = Self([0; 32]);

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash that has these bytes; `None` where they are not 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is no hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is no hash: write 64 hexadecimal digits, 0 to 9 and a to f")]
pub struct HashError(String);

impl FromStr for EntryHash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let wrong = || HashError(text.chars().take(80).collect());
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(wrong());
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low).ok_or_else(wrong)?;
        }
        Ok(Self(bytes))
    }
}

/// The value of a small hexadecimal digit.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

/// The end of a log: its last entry and the hash that covers all. Whoever keeps one elsewhere can tell later whether
/// the log up to there is what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last entry's position; 0 in a log without entries.
    pub position: Position,
    /// The last entry's hash; [`EntryHash::START`] in a log without entries.
    pub hash: EntryHash,
}

impl Head {
    /// The head of a log without entries.
    pub const START: Self = Self { position: Position(0), hash: EntryHash::START };
}

/// What of an entry the chain covers, besides all before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<'a> {
    pub(crate) previous: &'a EntryHash,
    pub(crate) community: &'a str,
    pub(crate) position: Position,
    pub(crate) key: &'a str,
    pub(crate) part: u32,
    pub(crate) parts: u32,
    pub(crate) entry: &'a [u8],
}

impl Link<'_> {
    pub(crate) fn hash(&self) -> EntryHash {
        let mut head = DOMAIN.to_vec();
        head.extend_from_slice(&self.previous.0);
        put_text(&mut head, self.community);
        head.extend_from_slice(&self.position.0.to_be_bytes());
        put_text(&mut head, self.key);
        head.extend_from_slice(&self.part.to_be_bytes());
        head.extend_from_slice(&self.parts.to_be_bytes());
        head.extend_from_slice(&u32::try_from(self.entry.len()).unwrap_or(u32::MAX).to_be_bytes());
        let mut hasher = Sha256::new();
        hasher.update(head);
        hasher.update(self.entry);
        EntryHash(hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_small_hexadecimal_digits() {
        let text = "00ff".repeat(16);
        assert_eq!(text.parse::<EntryHash>().unwrap().to_string(), text);
        for bad in [String::new(), "0".repeat(63), "0".repeat(65), "A".repeat(64), "ø".repeat(32)] {
            assert!(bad.parse::<EntryHash>().is_err(), "{bad}");
        }
    }
}
