//! Bytes eight at a time, as one number: names are so short that a call costs more than what it would do.

/// A word of eight of these bytes.
pub(super) const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Marks the bytes of a word that are zero, by their highest bit. The first mark is right; those after it need not be.
#[inline]
pub(super) const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(eight(1)) & !word & eight(0x80)
}

/// Marks, as [`zeros`] does, the bytes below 128 that are less than this one.
#[inline]
pub(super) const fn less(word: u64, than: u8) -> u64 {
    word.wrapping_sub(eight(than)) & !word & eight(0x80)
}

/// A text of one to seven bytes, none of them zero, as a word that no other such text has; 0 for all other texts.
#[inline]
pub(super) fn short_word(text: &[u8]) -> u64 {
    if text.len() >= 8 || text.contains(&0) {
        return 0;
    }
    text.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Whether two texts are the same.
#[inline]
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(end), Some(other_end)) => {
            let words = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
            end == other_end && words.into_iter().all(|(word, other)| word == other)
        }
        _ => one.iter().zip(other).all(|(byte, other)| byte == other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_where_every_byte_is() {
        let text = b"TilknyttetEnhetOgEnTil";
        for length in 0..=text.len() {
            let one = &text[..length];
            assert!(is_same(one, one.to_vec().as_slice()), "{length}");
            assert!(!is_same(one, &[one, b"x"].concat()), "{length}");
            for place in 0..length {
                let mut other = one.to_vec();
                other[place] ^= 1;
                assert!(!is_same(one, &other), "{length} {place}");
            }
        }
    }

    #[test]
    fn short_texts_that_differ_are_different_words() {
        let texts = ["a", "b", "aa", "xsi", "fk1", "1kf", "abcdefg", "abcdef"].map(str::as_bytes);
        for (place, one) in texts.iter().enumerate() {
            assert!(short_word(one) != 0);
            assert!(texts[..place].iter().all(|other| short_word(one) != short_word(other)));
        }
        assert_eq!(["", "abcdefgh", "a\0"].map(|text| short_word(text.as_bytes())), [0; 3]);
    }

    #[test]
    fn the_first_mark_is_right() {
        for place in 0..8 {
            let mut bytes = *b"abcdefgh";
            bytes[place] = b'!';
            let word = u64::from_le_bytes(bytes);
            let first = |marks: u64| marks.trailing_zeros() as usize / 8;
            assert_eq!((first(zeros(word ^ eight(b'!'))), first(less(word, b'0'))), (place, place));
        }
        let word = u64::from_le_bytes(*b"abcdefgh");
        assert_eq!((zeros(word ^ eight(b'!')), less(word, b'0')), (0, 0));
    }
}
