use std::collections::BTreeMap;

use aws_lc_rs::hmac;

/// The keys of the register of persons: one that seals, others that still open, and one that makes the rows' keys.
#[derive(Clone)]
pub struct KeyRing {
    newest: String,
    keys: BTreeMap<String, [u8; 32]>,
    index: [u8; 32],
}

/// Shows what the keys are called, and nothing of them.
impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing")
            .field("newest", &self.newest)
            .field("keys", &self.keys.keys())
            .finish_non_exhaustive()
    }
}

/// Keys that are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// A line that isn't a name and a key.
    #[error("line {0} of the key ring: write a name, a colon, and 64 hexadecimal digits")]
    Line(usize),
    /// Two keys of the same name.
    #[error("the key ring has two keys called «{0}»: give each a name of its own")]
    Twice(String),
    /// The key that makes the rows' keys is missing.
    #[error(
        "the key ring has no line «index: …»: it makes the keys of rows, and must stay the same for ever"
    )]
    NoIndex,
    /// The key that seals is missing.
    #[error("the key ring has no key called «{0}»: put it there, or let another seal")]
    NoKey(String),
}

/// What the key that makes the rows' keys is called in a file.
const INDEX: &str = "index";

impl KeyRing {
    /// A ring of these keys, of which `newest` seals.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::NoKey`] where `newest` is none of them, and [`KeyRingError::Twice`].
    pub fn new(
        newest: impl Into<String>,
        keys: impl IntoIterator<Item = (String, [u8; 32])>,
        index: [u8; 32],
    ) -> Result<Self, KeyRingError> {
        let newest = newest.into();
        let mut known = BTreeMap::new();
        for (name, key) in keys {
            if known.insert(name.clone(), key).is_some() {
                return Err(KeyRingError::Twice(name));
            }
        }
        if !known.contains_key(&newest) {
            return Err(KeyRingError::NoKey(newest));
        }
        Ok(Self { newest, keys: known, index })
    }

    /// Reads a ring: a line `name: 64 hexadecimal digits` for each key, of which the first seals, and a line `index: …`. Empty lines and
    /// those that begin with `#` are passed over.
    ///
    /// # Errors
    ///
    /// A line that is something else, and what is missing.
    pub fn from_text(text: &str) -> Result<Self, KeyRingError> {
        let (mut keys, mut index) = (Vec::new(), None);
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, key) = named_key(line).ok_or(KeyRingError::Line(number + 1))?;
            match (name == INDEX, index) {
                (true, None) => index = Some(key),
                (true, Some(_)) => return Err(KeyRingError::Twice(name)),
                (false, _) => keys.push((name, key)),
            }
        }
        let newest = keys.first().map(|(name, _)| name.clone()).unwrap_or_default();
        Self::new(newest, keys, index.ok_or(KeyRingError::NoIndex)?)
    }

    /// A ring that everybody knows, for demonstrations and tests.
    pub fn for_demo() -> Self {
        let keys = BTreeMap::from([("demo".to_owned(), [1; 32])]);
        Self { newest: "demo".to_owned(), keys, index: [2; 32] }
    }

    /// What the key is called that seals.
    pub fn newest(&self) -> &str {
        &self.newest
    }

    /// The key of this name.
    pub(super) fn key(&self, name: &str) -> Option<&[u8; 32]> {
        self.keys.get(name)
    }

    /// An HMAC-SHA-256 of a text under the key that stays the same, for one use.
    pub(super) fn mac(&self, used_for: &str, text: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.index);
        let tag = hmac::sign(&key, format!("samspill {used_for} 1\n{text}").as_bytes());
        tag.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

fn named_key(line: &str) -> Option<(String, [u8; 32])> {
    let (name, digits) = line.split_once(':')?;
    let (name, digits) = (name.trim(), digits.trim());
    let is_hex = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if name.is_empty() || !is_hex {
        return None;
    }
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some((name.to_owned(), key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(byte: &str) -> String {
        byte.repeat(32)
    }

    #[test]
    fn the_first_key_of_a_file_seals_and_the_others_open() {
        let text = format!("# nøkler\n2026: {}\n\n2025: {}\nindex: {}\n", hex("0a"), hex("0b"), hex("0c"));
        let ring = KeyRing::from_text(&text).unwrap();
        assert_eq!(ring.newest(), "2026");
        assert_eq!((ring.key("2026"), ring.key("2025")), (Some(&[10; 32]), Some(&[11; 32])));
        assert_eq!(ring.index, [12; 32]);
        assert_eq!(format!("{ring:?}"), r#"KeyRing { newest: "2026", keys: ["2025", "2026"], .. }"#);
    }

    #[test]
    fn a_file_that_is_no_ring_says_what_is_missing() {
        let key = format!("a: {}\n", hex("0a"));
        let index = format!("index: {}\n", hex("0c"));
        for (text, expected) in [
            (key.clone(), KeyRingError::NoIndex),
            (index.clone(), KeyRingError::NoKey(String::new())),
            (format!("{key}{key}{index}"), KeyRingError::Twice("a".to_owned())),
            (format!("{key}{index}{index}"), KeyRingError::Twice("index".to_owned())),
            (format!("{index}a: {}", &hex("0a")[1..]), KeyRingError::Line(2)),
            (format!("{index}a: {}", hex("+a")), KeyRingError::Line(2)),
            ("tull".to_owned(), KeyRingError::Line(1)),
        ] {
            assert_eq!(KeyRing::from_text(&text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn the_same_text_for_another_use_or_under_another_key_is_another_mac() {
        let ring = KeyRing::for_demo();
        let other = KeyRing { index: [3; 32], ..ring.clone() };
        assert_eq!(ring.mac("person", "1"), ring.mac("person", "1"));
        assert_ne!(ring.mac("person", "1"), ring.mac("pseudonym", "1"));
        assert_ne!(ring.mac("person", "1"), ring.mac("person", "2"));
        assert_ne!(ring.mac("person", "1"), other.mac("person", "1"));
    }
}
