/// A shortcut into sorted keys: for each cell of equal width the last key at or before its beginning.
///
/// Widths are powers of two, so that a cell is found by shifting. A cell is no wider than the smallest distance
/// between keys, if the table stays small with it: then the place sought is the cell's or the next, and one
/// comparison decides. Else what is left is a binary search among the keys inside one cell. Distances between
/// keys that are long cost cells and no steps.
pub(super) struct GuessTable {
    shift: u32,
    /// The place of the last key at or before each cell's beginning, and one more for the end of the last cell.
    cells: Vec<u32>,
    inside: Inside,
}

/// How many keys there are after a cell's beginning and up to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    OneAtMost,
    Many,
}

/// How many cells there may be for each key.
const CELLS_PER_KEY: u64 = 4;

impl GuessTable {
    /// A table for sorted keys, the first of them nought, to be asked for places from nought through `end`.
    pub(super) fn new(keys: &[u64], end: u64) -> Self {
        let shift = shift_for(keys, end);
        let mut cells = Vec::new();
        let mut place: u32 = 0;
        for cell in 0..=(end >> shift) + 1 {
            while keys
                .get(place as usize + 1)
                .is_some_and(|key| u128::from(*key) <= u128::from(cell) << shift)
            {
                place += 1;
            }
            cells.push(place);
        }
        let many = cells.windows(2).any(|pair| pair[1] - pair[0] > 1);
        Self { shift, cells, inside: if many { Inside::Many } else { Inside::OneAtMost } }
    }

    /// The last of the records whose key `is_reached` at `at`, and the one after it.
    ///
    /// The records are those of the keys, in order, and two after them that are never reached.
    ///
    /// # Panics
    /// If `at` lies after the end that the table was made for.
    #[expect(clippy::inline_always, reason = "a call costs as much as the few steps in it")]
    #[inline(always)]
    pub(super) fn last_reached<'r, T>(
        &self,
        records: &'r [T],
        at: u64,
        is_reached: impl Fn(&T) -> bool,
    ) -> (&'r T, &'r T) {
        let cell = cell_of(at, self.shift);
        match self.inside {
            Inside::OneAtMost => near(records, self.cells[cell], is_reached),
            Inside::Many => near(records, self.searched(records, cell, &is_reached), is_reached),
        }
    }

    /// The table for who knows that it takes one step, if it does.
    pub(super) fn one_step(&self) -> Option<OneStep<'_>> {
        (self.inside == Inside::OneAtMost).then_some(OneStep { shift: self.shift, cells: &self.cells })
    }

    /// The last reached place in a cell with many.
    #[cold]
    #[inline(never)]
    fn searched<T>(&self, records: &[T], cell: usize, is_reached: impl Fn(&T) -> bool) -> u32 {
        let (first, last) = (self.cells[cell], self.cells[cell + 1]);
        let beyond = records[first as usize + 1..=last as usize].partition_point(is_reached);
        first + u32::try_from(beyond).unwrap_or(last - first)
    }
}

/// A [`GuessTable`] with one key at most in each cell.
#[derive(Clone, Copy)]
pub(super) struct OneStep<'t> {
    shift: u32,
    cells: &'t [u32],
}

impl OneStep<'_> {
    /// As [`GuessTable::last_reached`].
    #[expect(clippy::inline_always, reason = "a call costs as much as the few steps in it")]
    #[inline(always)]
    pub(super) fn last_reached<T>(self, records: &[T], at: u64, is_reached: impl Fn(&T) -> bool) -> (&T, &T) {
        near(records, self.cells[cell_of(at, self.shift)], is_reached)
    }
}

#[inline]
fn cell_of(at: u64, shift: u32) -> usize {
    usize::try_from(at >> shift).unwrap_or(usize::MAX)
}

/// The record at `first`, which is reached, or the next one if that is too; and the one after it.
#[expect(clippy::inline_always, reason = "a call costs as much as the few steps in it")]
#[inline(always)]
fn near<T>(records: &[T], first: u32, is_reached: impl Fn(&T) -> bool) -> (&T, &T) {
    let near = &records[first as usize..first as usize + 3];
    // An index and no branch: which of the two it is comes by chance and can't be predicted.
    let step = usize::from(is_reached(&near[1]));
    (&near[step], &near[step + 1])
}

/// The widest cells in which no two keys are, or the narrowest there is room for.
fn shift_for(keys: &[u64], end: u64) -> u32 {
    let nearest = keys.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0).min();
    let wanted = nearest.unwrap_or(u64::MAX).ilog2();
    let room = CELLS_PER_KEY * keys.len() as u64;
    let narrowest = (0..u64::BITS).find(|shift| end >> shift < room).unwrap_or(0);
    wanted.max(narrowest)
}
