use std::collections::BTreeMap;

use samspill_base::columns::{NO_VALUE, Texts};

/// Texts numbered by first appearance, and the way from a text to its number.
///
/// A table hashed with a fixed function finds most texts with one look. Who knows the function can write texts that
/// all fall on one place; therefore a text is looked for on [`PROBES_MAX`] places at the most, and one search that
/// doesn't end there turns the whole dictionary into an ordered map, in which nothing takes longer than the logarithm
/// of its size. Numbers don't depend on which of the two it is.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    texts: Texts,
    slots: Vec<Slot>,
    ordered: Option<BTreeMap<String, u32>>,
    last: u32,
}

/// A place of the table: a part of the hash, and the number of the text.
#[derive(Clone, Copy, Debug)]
struct Slot {
    tag: u32,
    number: u32,
}

/// With half of the places free and texts that nobody chose, searches are some tens of places long at most.
const PROBES_MAX: usize = 512;
const FREE: Slot = Slot { tag: 0, number: NO_VALUE };
const SLOTS_MIN: usize = 16;

enum Found {
    Number(u32),
    /// It isn't there; this place is free.
    Free(usize),
    TooFar,
}

impl Dictionary {
    /// The number of a text, which is added where it is new.
    #[inline]
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if self.ordered.is_none() && !self.slots.is_empty() {
            let hash = hash_of(text);
            if let Found::Number(number) = self.find(hash, |number| self.texts.get(number) == text) {
                return number;
            }
        }
        self.look_up(text)
    }

    /// The same, quick where the text is the same as the last time.
    #[inline]
    pub(crate) fn number_again(&mut self, text: &str) -> u32 {
        if (self.last as usize) < self.texts.len() && self.texts.get(self.last) == text {
            return self.last;
        }
        self.last = self.number(text);
        self.last
    }

    /// The texts alone.
    pub(crate) fn into_texts(self) -> Texts {
        self.texts
    }

    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    #[cold]
    fn look_up(&mut self, text: &str) -> u32 {
        if self.ordered.is_some() {
            return self.in_order(text);
        }
        if self.texts.len() * 2 >= self.slots.len() && !self.grow() {
            return self.in_order(text);
        }
        let hash = hash_of(text);
        match self.find(hash, |number| self.texts.get(number) == text) {
            Found::Number(number) => number,
            Found::Free(place) => {
                let number = self.texts.push(text);
                self.slots[place] = Slot { tag: tag(hash), number };
                number
            }
            Found::TooFar => {
                self.put_in_order();
                self.in_order(text)
            }
        }
    }

    #[inline]
    fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Found {
        let mask = self.slots.len() - 1;
        let (start, tag) = (usize::try_from(hash & mask as u64).unwrap_or_default(), tag(hash));
        for probe in 0..PROBES_MAX {
            let place = (start + probe) & mask;
            let slot = self.slots[place];
            if slot.number == NO_VALUE {
                return Found::Free(place);
            }
            if slot.tag == tag && is_it(slot.number) {
                return Found::Number(slot.number);
            }
        }
        Found::TooFar
    }

    /// Twice the places. Says no where the texts don't spread over them; they are in order then.
    fn grow(&mut self) -> bool {
        self.slots = vec![FREE; (self.slots.len() * 2).max(SLOTS_MIN)];
        let spread = (0..).zip(&self.texts.iter().map(hash_of).collect::<Vec<_>>()).all(|(number, hash)| {
            let place = self.find(*hash, |_| false);
            let Found::Free(place) = place else { return false };
            self.slots[place] = Slot { tag: tag(*hash), number };
            true
        });
        if !spread {
            self.put_in_order();
        }
        spread
    }

    fn put_in_order(&mut self) {
        self.slots = Vec::new();
        self.ordered = Some(self.texts.iter().map(str::to_owned).zip(0..).collect());
    }

    fn in_order(&mut self, text: &str) -> u32 {
        let ordered = self.ordered.get_or_insert_default();
        ordered.get(text).copied().unwrap_or_else(|| {
            let number = self.texts.push(text);
            ordered.insert(text.to_owned(), number);
            number
        })
    }
}

#[inline]
fn hash_of(text: &str) -> u64 {
    hash(text.as_bytes())
}

/// The upper half of the hash: the lower one says the place.
fn tag(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or_default()
}

/// A hash by multiplication: eight bytes a step, the last eight once more where they don't fit.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    const FIRST: u64 = 0x9E37_79B9_7F4A_7C15;
    const SECOND: u64 = 0xD6E8_FEB8_6659_FD93;
    let mut state = (bytes.len() as u64).wrapping_mul(SECOND);
    if let Some(end) = bytes.last_chunk::<8>() {
        for word in bytes.as_chunks::<8>().0 {
            state = mixed(state ^ u64::from_le_bytes(*word), FIRST);
        }
        state ^= u64::from_le_bytes(*end);
    } else if let (Some(start), Some(end)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        state ^= u64::from(u32::from_le_bytes(*start)) << 32 | u64::from(u32::from_le_bytes(*end));
    } else {
        state = bytes.iter().fold(state, |state, byte| state << 8 ^ u64::from(*byte));
    }
    mixed(state ^ SECOND, FIRST)
}

/// Both halves of a product, put over each other.
fn mixed(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    let (low, high) = (product & u128::from(u64::MAX), product >> 64);
    u64::try_from(low ^ high).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_by_first_appearance() {
        let mut dictionary = Dictionary::default();
        let texts = ["b", "a", "", "b", "eight by", "eight byt", "a"];
        let numbers = texts.map(|text| dictionary.number(text));
        assert_eq!(numbers, [0, 1, 2, 0, 3, 4, 1]);
        assert_eq!(["a", "a", "b"].map(|text| dictionary.number_again(text)), [1, 1, 0]);
        assert_eq!(
            dictionary.into_texts().iter().collect::<Vec<_>>(),
            ["b", "a", "", "eight by", "eight byt"]
        );
    }

    #[test]
    fn many_texts_stay_in_the_table() {
        let mut dictionary = Dictionary::default();
        for round in 0..2 {
            for number in 0..200_000_u32 {
                assert_eq!(dictionary.number(&format!("sak-{number}")), number, "round {round}");
            }
        }
        assert!(dictionary.ordered.is_none());
    }

    #[test]
    fn a_dictionary_in_order_goes_on_as_one_with_a_table() {
        let mut table = Dictionary::default();
        let mut ordered = Dictionary::default();
        for text in ["a", "b", "c"] {
            assert_eq!(table.number(text), ordered.number(text));
        }
        ordered.put_in_order();
        for text in ["c", "d", "a", "d", "e", "b"] {
            assert_eq!(table.number(text), ordered.number(text));
        }
        assert_eq!(table.texts, ordered.texts);
    }

    #[test]
    fn texts_that_fall_on_one_place_are_put_in_order() {
        let on_one_place = |text: &String| hash_of(text).trailing_zeros() >= 12;
        let texts: Vec<String> =
            (0_u64..).map(|number| number.to_string()).filter(on_one_place).take(PROBES_MAX + 100).collect();
        let mut dictionary = Dictionary::default();
        for _ in 0..2 {
            for (text, number) in texts.iter().zip(0..) {
                assert_eq!(dictionary.number(text), number);
            }
        }
        assert!(dictionary.ordered.is_some());
    }
}
