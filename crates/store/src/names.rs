use std::fmt;

/// A community ("helsefellesskap"): hospitals and municipalities that share one log and one order of its entries.
///
/// Small letters, digits and hyphens (`troms-og-ofoten`), 1 to 64 of them, the first no hyphen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommunityId(String);

impl CommunityId {
    /// Letters at the most.
    pub const LENGTH_MAX: usize = 64;

    /// Reads a community's id.
    ///
    /// # Errors
    ///
    /// Anything but small ASCII letters, digits and hyphens; nothing; 65 letters; a hyphen first.
    pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
        let text = text.into();
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty() || text.starts_with('-') || !text.bytes().all(fits) {
            return Err(NameError::Community(text));
        }
        within(&text, "community", Self::LENGTH_MAX)?;
        Ok(Self(text))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CommunityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What makes an append the same one when it is asked for again: the id of the received message, or of the form that
/// a person sent. One key belongs to one append of a community for ever.
///
/// Any text of 1 to 255 bytes without the character U+0000, which PostgreSQL can't hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppendKey(String);

impl AppendKey {
    /// Bytes at the most.
    pub const BYTES_MAX: usize = 255;

    /// Reads a key.
    ///
    /// # Errors
    ///
    /// No text, more than 255 bytes, or U+0000 in it.
    pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
        let text = text.into();
        named(&text, "append key")?;
        within(&text, "append key", Self::BYTES_MAX)?;
        Ok(Self(text))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AppendKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that the store can't keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not a community's id.
    #[error("«{0}» is no community: write small letters a to z, digits and hyphens, such as troms-og-ofoten")]
    Community(String),
    /// Nothing.
    #[error("the {what} is empty: give it at least one letter")]
    Empty {
        /// Which name.
        what: &'static str,
    },
    /// U+0000 in it.
    #[error("the {what} holds the character U+0000, which PostgreSQL can't keep: leave it out")]
    Nul {
        /// Which name.
        what: &'static str,
    },
    /// Too long.
    #[error("the {what} has {bytes} bytes, {bytes_max} at most: shorten it")]
    Long {
        /// Which name.
        what: &'static str,
        /// Its length.
        bytes: usize,
        /// The limit, which is still kept.
        bytes_max: usize,
    },
}

/// Refuses an empty name and one with U+0000.
pub(crate) fn named(text: &str, what: &'static str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty { what });
    }
    if text.contains('\0') {
        return Err(NameError::Nul { what });
    }
    Ok(())
}

/// Refuses a name of more than `bytes_max`.
pub(crate) fn within(text: &str, what: &'static str, bytes_max: usize) -> Result<(), NameError> {
    let bytes = text.len();
    if bytes > bytes_max { Err(NameError::Long { what, bytes, bytes_max }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_community_is_a_slug_of_64_letters_at_most() {
        for good in ["a", "troms-og-ofoten", "0", &"a".repeat(64)] {
            assert_eq!(CommunityId::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", "Troms", "møre", "a b", "a\0", &"a".repeat(65)] {
            assert!(CommunityId::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_of_255_bytes_is_kept_and_one_byte_more_is_not() {
        let fits = |bytes: usize| AppendKey::new("k".repeat(bytes)).is_ok();
        assert_eq!([fits(0), fits(1), fits(254), fits(255), fits(256)], [false, true, true, true, false]);
        assert_eq!(AppendKey::new("a\0b"), Err(NameError::Nul { what: "append key" }));
    }
}
