//! Names of a document, each kept once.

/// The number of a name in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

#[derive(Clone, Copy, Debug)]
pub(super) struct KnownName<'a> {
    pub(super) space: u32,
    pub(super) local: &'a str,
    /// [`text_hash`] of `local`.
    pub(super) hash: u64,
}

/// A name as written, and which declarations were in force: within the same ones it always means the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    pub(super) scope: u32,
    pub(super) text: &'a str,
    /// [`text_hash`] of `text`.
    pub(super) hash: u64,
}

impl Written<'_> {
    fn is(&self, other: &Self) -> bool {
        self.hash == other.hash
            && self.scope == other.scope
            && self.text.len() == other.text.len()
            && (self.text.len() <= 8 || self.text == other.text)
    }
}

/// The names, with two tables: of names, and of ways to write them. Both find their places by a hash of ours, which is the
/// same from run to run.
#[derive(Clone, Debug)]
pub(super) struct Names<'a> {
    known: Vec<KnownName<'a>>,
    by_name: Places,
    writings: Vec<(Written<'a>, NameId)>,
    by_writing: Places,
}

impl<'a> Names<'a> {
    pub(super) fn new() -> Self {
        Self {
            known: Vec::with_capacity(128),
            by_name: Places::new(),
            writings: Vec::with_capacity(128),
            by_writing: Places::new(),
        }
    }

    #[inline]
    pub(super) fn get(&self, id: NameId) -> KnownName<'a> {
        self.known[id.0 as usize]
    }

    pub(super) fn all(&self) -> &[KnownName<'a>] {
        &self.known
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// How many ways to write names there are.
    pub(super) fn writings(&self) -> usize {
        self.writings.len()
    }

    /// What a way to write a name means, if it was met before.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs as much as the look")]
    pub(super) fn written(&self, written: Written<'a>) -> Option<NameId> {
        let is_it = |place: u32| self.writings[place as usize].0.is(&written);
        self.by_writing
            .find(place_of(written.scope, written.hash), is_it)
            .map(|place| self.writings[place as usize].1)
    }

    /// Remembers what a way to write a name means.
    pub(super) fn remember(&mut self, written: Written<'a>, id: NameId) {
        self.writings.push((written, id));
        let rest = &self.writings;
        let of = |place: u32| place_of(rest[place as usize].0.scope, rest[place as usize].0.hash);
        self.by_writing.put(rest.len(), of);
    }

    /// The number of a name, whose hash is [`text_hash`] of its text; `true` when it wasn't there.
    pub(super) fn intern(&mut self, space: u32, local: &'a str, hash: u64) -> (NameId, bool) {
        let is_it = |place: u32| {
            let known = &self.known[place as usize];
            known.hash == hash && known.space == space && known.local == local
        };
        if let Some(place) = self.by_name.find(place_of(space, hash), is_it) {
            return (NameId(place), false);
        }
        let id = NameId(u32::try_from(self.known.len()).unwrap_or(FREE - 1));
        self.known.push(KnownName { space, local, hash });
        let rest = &self.known;
        self.by_name.put(rest.len(), |place| place_of(rest[place as usize].space, rest[place as usize].hash));
        (id, true)
    }
}

/// Numbers at the places that hashes give, at most half full.
#[derive(Clone, Debug)]
struct Places {
    table: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Places {
    fn new() -> Self {
        Self { table: vec![FREE; 256] }
    }

    #[inline]
    fn find(&self, hash: usize, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.table.len() - 1;
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
    fn put(&mut self, count: usize, hash: impl Fn(u32) -> usize) {
        let count = u32::try_from(count).unwrap_or(FREE - 1);
        if count as usize * 2 > self.table.len() {
            self.table = vec![FREE; self.table.len() * 2];
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
pub(crate) fn text_hash(text: &[u8]) -> u64 {
    let (words, rest) = text.as_chunks::<8>();
    let hashing = words.iter().fold(Hashing::default(), |all, word| all.add(u64::from_le_bytes(*word)));
    let last = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let hashing = if rest.is_empty() { hashing } else { hashing.add(last) };
    hashing.end(text.len())
}

#[inline]
fn place_of(number: u32, hash: u64) -> usize {
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
