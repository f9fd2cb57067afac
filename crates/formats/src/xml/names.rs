//! Names of a document that aren't known beforehand, each kept once.

/// The number of a name in its document. Those of known names are the same in all documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

#[derive(Clone, Copy, Debug)]
pub(super) struct OwnName<'a> {
    pub(super) space: u32,
    pub(super) local: &'a str,
    /// [`text_hash`] of `local`.
    hash: u64,
}

/// The names, with a table that finds its places by a hash of ours, which is the same from run to run.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'a> {
    own: Vec<OwnName<'a>>,
    by_name: Places,
}

impl<'a> Names<'a> {
    #[inline]
    pub(super) fn get(&self, number: usize) -> OwnName<'a> {
        self.own[number]
    }

    pub(super) fn len(&self) -> usize {
        self.own.len()
    }

    /// The number of a name, whose hash is [`text_hash`] of its text, if it was met before.
    pub(super) fn find(&self, space: u32, local: &[u8], hash: u64) -> Option<u32> {
        self.by_name.find(place_of(space, hash), |place| {
            let own = &self.own[place as usize];
            own.hash == hash && own.space == space && own.local.as_bytes() == local
        })
    }

    /// The number of a name that wasn't met before.
    pub(super) fn add(&mut self, space: u32, local: &'a str, hash: u64) -> u32 {
        let number = u32::try_from(self.own.len()).unwrap_or(FREE - 1);
        self.own.push(OwnName { space, local, hash });
        let rest = &self.own;
        self.by_name.put(rest.len(), |place| place_of(rest[place as usize].space, rest[place as usize].hash));
        number
    }
}

/// Numbers at the places that hashes give, at most half full.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    table: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Places {
    pub(super) fn find(&self, hash: usize, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.table.len().checked_sub(1)?;
        let mut place = hash & mask;
        loop {
            match self.table[place] {
                FREE => return None,
                number if is_it(number) => return Some(number),
                _ => place = (place + 1) & mask,
            }
        }
    }

    /// Puts in the last of `count` numbers; `hash` tells the hash of any of them.
    pub(super) fn put(&mut self, count: usize, hash: impl Fn(u32) -> usize) {
        let count = u32::try_from(count).unwrap_or(FREE - 1);
        if count as usize * 2 > self.table.len() {
            self.table = vec![FREE; (self.table.len() * 2).max(64)];
            (0..count).for_each(|number| self.place(number, hash(number)));
        } else {
            self.place(count - 1, hash(count - 1));
        }
    }

    fn place(&mut self, number: u32, hash: usize) {
        let mask = self.table.len() - 1;
        let mut place = hash & mask;
        while self.table[place] != FREE {
            place = (place + 1) & mask;
        }
        self.table[place] = number;
    }
}

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash of a text: a mixing of its bytes, eight at a time. Two texts of one length of up to eight bytes never have the same.
///
/// A sender could choose names that meet in one place; how many are read is bounded
/// ([`XmlLimits::names_max`](super::XmlLimits)), so that all of them meeting costs milliseconds.
#[derive(Clone, Copy, Default)]
pub(super) struct Hashing(u64);

impl Hashing {
    /// Takes the next eight bytes; of the last ones, those that there are, and zeros.
    #[inline]
    pub(super) fn add(self, word: u64) -> Self {
        Self((self.0.rotate_left(23) ^ word).wrapping_mul(MIX))
    }

    #[inline]
    pub(super) fn end(self, length: usize) -> u64 {
        self.add(length as u64).0
    }
}

/// The hash of a text.
#[inline]
pub(super) fn text_hash(text: &[u8]) -> u64 {
    let (words, rest) = text.as_chunks::<8>();
    let hashing = words.iter().fold(Hashing::default(), |all, word| all.add(u64::from_le_bytes(*word)));
    let last = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let hashing = if rest.is_empty() { hashing } else { hashing.add(last) };
    hashing.end(text.len())
}

#[inline]
pub(super) fn place_of(number: u32, hash: u64) -> usize {
    let mixed = (hash ^ u64::from(number).rotate_left(40)).wrapping_mul(MIX);
    usize::try_from(mixed >> 33).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_text_is_that_of_its_words() {
        let word = |text: &[u8]| text.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        let text = b"TilknyttetEnhet";
        for length in 1..=text.len() {
            let words = text[..length].chunks(8).map(word);
            let hash = words.fold(Hashing::default(), Hashing::add).end(length);
            assert_eq!(text_hash(&text[..length]), hash, "{length}");
        }
    }

    #[test]
    fn short_texts_that_differ_have_hashes_that_differ() {
        let texts = ["", "V", "S", "DN", "ND", "OT", "Id", "id", "Ident", "TypeId", "Organisa", "organisa"];
        for (place, one) in texts.iter().enumerate() {
            assert!(
                texts[..place].iter().all(|other| text_hash(other.as_bytes()) != text_hash(one.as_bytes()))
            );
        }
    }
}
