//! Which case has which name: thousands of small tables, each of which grows alone.

use std::hash::{DefaultHasher, Hasher};

use hashbrown::HashTable;

use super::pool::{Pool, Run};

/// How many tables: with a million cases each holds some 250.
const SHARDS: usize = 4_096;

/// Cases by name.
#[derive(Clone, Debug)]
pub(super) struct Names {
    seed: [u64; 2],
    shards: Box<[HashTable<Known>]>,
    len: usize,
}

/// A case with the part of its hash that its table needs: growing reads no names.
#[derive(Clone, Copy, Debug)]
struct Known {
    tag: u32,
    case: u32,
}

/// Where a name belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    shard: usize,
    tag: u32,
}

/// The tag spread over the bits that a table looks at.
fn spread(tag: u32) -> u64 {
    u64::from(tag).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Names {
    pub(super) fn new(seed: [u64; 2]) -> Self {
        Self { seed, shards: vec![HashTable::new(); SHARDS].into_boxed_slice(), len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn spot(&self, name: &str) -> Spot {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(self.seed[0]);
        hasher.write_u64(self.seed[1]);
        hasher.write(name.as_bytes());
        let hash = hasher.finish();
        let (shard, tag) = (hash >> 32, hash & u64::from(u32::MAX));
        Spot {
            shard: usize::try_from(shard).unwrap_or(0) % SHARDS,
            tag: u32::try_from(tag).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn find(&self, spot: Spot, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let known = self.shards[spot.shard]
            .find(spread(spot.tag), |known| known.tag == spot.tag && is_it(known.case));
        known.map(|known| known.case)
    }

    /// Adds a case that isn't there.
    pub(super) fn add(&mut self, spot: Spot, case: u32) {
        let known = Known { tag: spot.tag, case };
        self.shards[spot.shard].insert_unique(spread(spot.tag), known, |known| spread(known.tag));
        self.len += 1;
    }

    pub(super) fn remove(&mut self, spot: Spot, case: u32) {
        let shard = &mut self.shards[spot.shard];
        if let Ok(found) = shard.find_entry(spread(spot.tag), |known| known.case == case) {
            found.remove();
            self.len -= 1;
        }
        if shard.is_empty() {
            shard.shrink_to_fit(|known| spread(known.tag));
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let shard = |shard: &HashTable<Known>| shard.allocation_size() + size_of::<HashTable<Known>>();
        self.shards.iter().map(shard).sum()
    }
}

/// A case's name: short ones lie with the case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name {
    Short { len: u8, bytes: [u8; SHORT] },
    Long(Run),
}

/// Bytes of a short name at the most.
const SHORT: usize = 14;

impl Default for Name {
    fn default() -> Self {
        Self::Short { len: 0, bytes: [0; SHORT] }
    }
}

impl Name {
    pub(super) fn of(name: &[u8], long: &mut Pool<u8>) -> Self {
        match u8::try_from(name.len()) {
            Ok(len) if name.len() <= SHORT => {
                let mut bytes = [0; SHORT];
                bytes[..name.len()].copy_from_slice(name);
                Self::Short { len, bytes }
            }
            Ok(_) | Err(_) => Self::Long(long.put(name)),
        }
    }

    pub(super) fn bytes<'n>(&'n self, long: &'n Pool<u8>) -> &'n [u8] {
        match self {
            Self::Short { len, bytes } => &bytes[..usize::from(*len)],
            Self::Long(run) => long.get(*run),
        }
    }

    pub(super) fn free(self, long: &mut Pool<u8>) {
        match self {
            Self::Short { .. } => {}
            Self::Long(run) => long.free(run),
        }
    }
}
