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

impl<'a> Written<'a> {
    #[inline]
    pub(super) fn new(scope: u32, text: &'a str) -> Self {
        Self { scope, text, hash: text_hash(text.as_bytes()) }
    }

    fn is(&self, other: &Self) -> bool {
        self.hash == other.hash && self.scope == other.scope && self.text == other.text
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
    #[inline]
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

/// A mixing of the bytes, eight at a time. A sender could choose names that meet in one place; how many are read is bounded
/// ([`XmlLimits::names_max`](super::XmlLimits)), so that all of them meeting costs milliseconds.
#[inline]
pub(crate) fn text_hash(text: &[u8]) -> u64 {
    let mix = |state: u64, word: u64| (state.rotate_left(23) ^ word).wrapping_mul(MIX);
    let start = text.len() as u64;
    match text.last_chunk::<8>() {
        // The last eight bytes, which may overlap those before them.
        Some(last) => {
            let (whole, _) = text.as_chunks::<8>();
            let state = whole.iter().fold(start, |state, chunk| mix(state, u64::from_le_bytes(*chunk)));
            mix(state, u64::from_le_bytes(*last))
        }
        None => mix(start, text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))),
    }
}

#[inline]
fn place_of(number: u32, hash: u64) -> usize {
    let mixed = (hash ^ u64::from(number).rotate_left(40)).wrapping_mul(MIX);
    usize::try_from(mixed >> 33).unwrap_or_default()
}
