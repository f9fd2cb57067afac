//! The characters that structure a table, found sixty-four bytes at a time.

/// The places of three characters in bytes, in order. Small, so that it is passed by value and stays in registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks<'b> {
    bytes: &'b [u8],
    wanted: [u8; 3],
    /// Where the block begins whose marks are in `bits`.
    block: usize,
    bits: u64,
}

const BLOCK: usize = 64;

impl<'b> Marks<'b> {
    pub(crate) fn new(bytes: &'b [u8], wanted: [u8; 3]) -> Self {
        Self { bytes, wanted, block: 0, bits: block_bits(bytes, 0, wanted) }
    }

    /// The next mark and those after it; at the end, as many bytes as there are.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for every cell: with a call, reading takes half as long again")]
    pub(crate) fn next(mut self) -> (usize, Self) {
        while self.bits == 0 {
            if self.bytes.len() - self.block <= BLOCK {
                return (self.bytes.len(), self);
            }
            self.block += BLOCK;
            self.bits = block_bits(self.bytes, self.block, self.wanted);
        }
        let place = self.block + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        (place, self)
    }
}

#[inline]
fn block_bits(bytes: &[u8], from: usize, wanted: [u8; 3]) -> u64 {
    let rest = &bytes[from..];
    rest.first_chunk().map_or_else(
        || {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            bits(&block, wanted)
        },
        |block| bits(block, wanted),
    )
}

/// A bit for each byte of a block that is one of the wanted ones, the first byte's lowest.
#[inline]
fn bits(block: &[u8; BLOCK], wanted: [u8; 3]) -> u64 {
    // Puts the lowest bits of eight bytes side by side into the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let [first, second, third] = wanted;
    // Compilers compare many bytes at once here.
    let equal =
        block.map(|byte| u8::from(byte == first) | u8::from(byte == second) | u8::from(byte == third));
    let mut bits = 0;
    for (index, eight) in equal.as_chunks::<8>().0.iter().enumerate() {
        bits |= (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (index * 8);
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn all_marks_are_found_in_order(bytes in vec(prop_oneof![Just(b','), Just(b'\n'), any::<u8>()], 0..300)) {
            let (mut found, mut marks) = (Vec::new(), Marks::new(&bytes, *b",\n\""));
            loop {
                let (place, rest) = marks.next();
                if place == bytes.len() {
                    break;
                }
                found.push(place);
                marks = rest;
            }
            let is_mark = |place: &usize| matches!(bytes[*place], b',' | b'\n' | b'"');
            prop_assert_eq!(found, (0..bytes.len()).filter(is_mark).collect::<Vec<_>>());
        }
    }
}
