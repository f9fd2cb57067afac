//! Random choices, drawn one after another.

/// A seed: what choices are drawn from.
pub(crate) type Seed = Vec<u8>;

/// Draws choices from a seed. Smaller numbers make simpler choices, and so does the end of the seed: that is how
/// failures shrink.
#[derive(Clone, Debug)]
pub(crate) struct Tape<'s> {
    left: std::slice::Iter<'s, u8>,
}

impl<'s> Tape<'s> {
    pub(crate) fn of(seed: &'s Seed) -> Self {
        Self { left: seed.iter() }
    }

    /// A number from 0 to below this, at most 256; 0 at the end of the seed.
    pub(crate) fn number(&mut self, below: usize) -> usize {
        self.left.next().map_or(0, |drawn| (usize::from(*drawn) * below) >> 8)
    }

    /// Yes about once in so many times; no at the end of the seed.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.number(times) + 1 == times
    }

    /// One of these; the first at the end of the seed.
    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.number(from.len())].clone()
    }

    /// At least so many of these and at most so many, perhaps some twice.
    pub(crate) fn some<T: Clone>(&mut self, from: &[T], least: usize, most: usize) -> Vec<T> {
        let count = least + self.number(most - least + 1);
        (0..count).map(|_| self.pick(from)).collect()
    }
}
