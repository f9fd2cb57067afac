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
    /// By number, the text that came after it the last time.
    followed_by: Vec<u32>,
}

/// A place of the table: a part of the hash, which says where to look first, and the number of the text.
#[derive(Clone, Copy, Debug)]
struct Slot {
    tag: u32,
    number: u32,
}

/// With a quarter of the places free and texts that nobody chose, searches are some tens of places long at most.
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
        if self.ordered.is_none() && self.has_room(1) {
            let tag = tag_of(text);
            match self.find(tag, |number| self.texts.get(number) == text) {
                Found::Number(number) => return number,
                Found::Free(place) => return self.put(place, tag, text),
                Found::TooFar => {}
            }
        }
        self.look_up(text)
    }

    /// Makes room for so many more texts at once.
    pub(crate) fn reserve(&mut self, more: usize) {
        while self.ordered.is_none() && !self.has_room(more) {
            if !self.grow() {
                return;
            }
        }
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

    /// The same, quick where the text comes after the one before as it did the last time.
    #[inline]
    pub(crate) fn number_in_turn(&mut self, text: &str) -> u32 {
        let guess = self.followed_by.get(self.last as usize).copied().unwrap_or(NO_VALUE);
        if (guess as usize) < self.texts.len() && self.texts.get(guess) == text {
            self.last = guess;
            return guess;
        }
        self.number_out_of_turn(text)
    }

    fn number_out_of_turn(&mut self, text: &str) -> u32 {
        let number = self.number(text);
        if self.followed_by.len() < self.texts.len() {
            self.followed_by.resize(self.texts.len(), NO_VALUE);
        }
        self.followed_by[self.last as usize] = number;
        self.last = number;
        number
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
        if !self.has_room(1) && !self.grow() {
            return self.in_order(text);
        }
        let tag = tag_of(text);
        match self.find(tag, |number| self.texts.get(number) == text) {
            Found::Number(number) => number,
            Found::Free(place) => self.put(place, tag, text),
            Found::TooFar => {
                self.put_in_order();
                self.in_order(text)
            }
        }
    }

    fn put(&mut self, place: usize, tag: u32, text: &str) -> u32 {
        let number = self.texts.push(text);
        self.slots[place] = Slot { tag, number };
        number
    }

    /// Whether a quarter of the places stays free with so many more texts.
    #[inline]
    fn has_room(&self, more: usize) -> bool {
        (self.texts.len() + more) * 4 <= self.slots.len() * 3
    }

    #[inline]
    fn find(&self, tag: u32, is_it: impl Fn(u32) -> bool) -> Found {
        let mask = self.slots.len() - 1;
        for probe in 0..PROBES_MAX {
            let place = (tag as usize + probe) & mask;
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
        let twice = vec![FREE; (self.slots.len() * 2).max(SLOTS_MIN)];
        let before = std::mem::replace(&mut self.slots, twice);
        let spread = before.iter().filter(|slot| slot.number != NO_VALUE).all(|slot| {
            let Found::Free(place) = self.find(slot.tag, |_| false) else { return false };
            self.slots[place] = *slot;
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

/// The upper half of the hash.
#[inline]
fn tag_of(text: &str) -> u32 {
    u32::try_from(hash(text.as_bytes()) >> 32).unwrap_or_default()
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
    fn texts_that_come_in_turn_or_out_of_turn_have_the_numbers_of_first_appearance() {
        let texts = ["a", "b", "c", "a", "b", "c", "a", "c", "b", "d", "a", "a", "b", "a", "c"];
        let (mut in_turn, mut plain) = (Dictionary::default(), Dictionary::default());
        for text in texts {
            assert_eq!(in_turn.number_in_turn(text), plain.number(text), "{text}");
        }
    }

    #[test]
    fn room_made_at_once_changes_no_number() {
        for more in [0, 1, 11, 12, 13, 1000] {
            let mut dictionary = Dictionary::default();
            for number in 0..500_u32 {
                dictionary.reserve(if number == 12 { more } else { 0 });
                assert_eq!(dictionary.number(&format!("sak-{number}")), number);
            }
            assert_eq!(dictionary.number("sak-13"), 13);
        }
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
        let on_one_place = |text: &String| tag_of(text).trailing_zeros() >= 12;
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
