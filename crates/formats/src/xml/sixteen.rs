//! Bytes sixteen at a time, looked at in one step: what a tag or a text is made of is so short that one or two steps reach its end.

use wide::u8x16;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub(super) struct Sixteen(u8x16);

/// Which of sixteen bytes are marked.
#[derive(Clone, Copy)]
pub(super) struct Marks(u8x16);

impl Sixteen {
    #[inline]
    pub(super) fn of(bytes: &[u8; 16]) -> Self {
        Self(u8x16::new(*bytes))
    }

    /// Marks those that are this one.
    #[inline]
    pub(super) fn are(self, byte: u8) -> Marks {
        Marks(self.0.simd_eq(u8x16::splat(byte)))
    }

    /// Marks those that are at most this one.
    #[inline]
    pub(super) fn are_to(self, most: u8) -> Marks {
        Marks(self.0.min(u8x16::splat(most)).simd_eq(self.0))
    }

    /// Marks those from this one to that one.
    #[inline]
    pub(super) fn are_from_to(self, least: u8, most: u8) -> Marks {
        Self(self.0 - u8x16::splat(least)).are_to(most - least)
    }
}

impl Sixteen {
    /// The first place where others stand.
    #[inline]
    pub(super) fn first_other(self, other: Self) -> Option<usize> {
        Marks(self.0.simd_eq(other.0)).others().first()
    }
}

impl Marks {
    #[inline]
    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(super) fn but_not(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Marks the bytes that weren't marked.
    #[inline]
    pub(super) fn others(self) -> Self {
        Self(!self.0)
    }

    /// The place of the first byte that is marked.
    #[inline]
    pub(super) fn first(self) -> Option<usize> {
        let marks = self.0.to_bitmask();
        (marks != 0).then(|| marks.trailing_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mark_is_where_the_byte_first_stands() {
        for byte in 0..=u8::MAX {
            for place in 0..16 {
                let mut bytes = [byte.wrapping_add(1); 16];
                bytes[place..].fill(byte);
                assert_eq!(Sixteen::of(&bytes).are(byte).first(), Some(place));
                assert_eq!(Sixteen::of(&bytes).are(byte.wrapping_sub(1)).first(), None);
            }
        }
    }

    #[test]
    fn each_byte_is_in_the_ranges_that_hold_it_and_in_no_others() {
        for byte in 0..=u8::MAX {
            let all = Sixteen::of(&[byte; 16]);
            let is_in = |marks: Marks| marks.first() == Some(0);
            assert_eq!(is_in(all.are_to(b'?')), byte <= b'?', "{byte}");
            assert_eq!(is_in(all.are_to(b' ').others()), byte > b' ', "{byte}");
            assert_eq!(is_in(all.are_from_to(b'-', b'9')), (b'-'..=b'9').contains(&byte), "{byte}");
            let but_slash = all.are_from_to(b'-', b'9').but_not(all.are(b'/')).or(all.are(b'a'));
            assert_eq!(
                is_in(but_slash),
                byte == b'a' || byte != b'/' && (b'-'..=b'9').contains(&byte),
                "{byte}"
            );
        }
    }
}
