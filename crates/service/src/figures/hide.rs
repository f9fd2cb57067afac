//! Hiding small numbers, so that none can be worked out either.
//!
//! A cell of a few cases is hidden. If it stood alone in its row, the row's sum less the others would be it; so others are hidden with it:
//! for each hidden cell a *box* of cells, two places along every axis, whose numbers could all be moved by one (up in some, down in others)
//! without any sum changing that is still shown. Whoever sees the rest can't tell the one table from the other.
//!
//! ```text
//!            jan   feb   sum              jan   feb   sum
//!   A          2     9    11       A        ·     ·    11      +1 −1
//!   B         14     8    22       B        ·     ·    22      −1 +1
//!   C          9     9    18       C        9     9    18
//!   sum       25    26    51       sum     25    26    51
//! ```
//!
//! Along an axis whose second place is the sum, both move the same way; a box that takes in the sums of all axes is always there, and is
//! the last resort. What the reader knows anyway (its own party) is never hidden and never part of a box.

use super::Cube;

/// Fewer cases than this are hidden. None at all is no secret.
pub const PERSONS_MIN: u64 = 5;

/// A number to the nearest five, for where many numbers of one log can be asked for: their differences then tell little.
pub fn rounded(count: u64) -> u64 {
    (count + PERSONS_MIN / 2) / PERSONS_MIN * PERSONS_MIN
}

/// So far must the numbers of a box have room to move, so that a hidden number might be any small one.
const ROOM: u64 = PERSONS_MIN - 1;

/// Which cells of a cube are not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden(Vec<bool>);

impl Hidden {
    /// Nothing is hidden: for one's own party.
    pub fn nothing(cube: &Cube) -> Self {
        Self(vec![false; cube.len()])
    }

    /// Whether the cell of this number is.
    pub fn has(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or(true)
    }

    /// How many are.
    pub fn count(&self) -> usize {
        self.0.iter().filter(|hidden| **hidden).count()
    }
}

/// Hides the cells of a cube that come from few cases, and as many others as it takes.
///
/// `is_known` says of a cell, by its places, that the reader knows it anyway. Sums along all axes are never known.
pub fn hide(cube: &Cube, is_known: impl Fn(&[usize]) -> bool) -> Hidden {
    hide_more(cube, is_known, Hidden::nothing(cube))
}

/// The same where some cells are hidden already, small or not.
fn hide_more(cube: &Cube, is_known: impl Fn(&[usize]) -> bool, hidden: Hidden) -> Hidden {
    let mut search = Search::new(cube, is_known, hidden);
    let small = |index: &usize| (1..PERSONS_MIN).contains(&cube.cell(*index).cases) && !search.known[*index];
    let first: Vec<usize> = (0..cube.len()).filter(small).collect();
    for index in &first {
        search.hidden[*index] = true;
    }
    let mut is_safe = vec![false; cube.len()];
    for index in first {
        if is_safe[index] {
            continue;
        }
        for corner in search.cheapest(index) {
            search.hidden[corner] = true;
            is_safe[corner] = true;
        }
    }
    Hidden(search.hidden)
}

/// Hides as [`hide`] does where the places of an axis come one by one and stay as they are, as months do.
///
/// A table that is hidden anew whenever a month is added would hide other cells each time, and the one page less the other would tell what
/// both hide. So each place is hidden by itself, whatever comes after it, and sums along the axis are not shown before all places are there
/// (`is_over`); then they are, as far as that tells nothing of what the places hid. So all that was ever shown, taken together, is what is
/// shown at the end.
pub fn hide_in_steps(cube: &Cube, axis: usize, is_over: bool, is_known: impl Fn(&[usize]) -> bool) -> Hidden {
    let sum = cube.axis(axis).len();
    let mut hidden = Hidden::nothing(cube);
    for place in 0..sum {
        let step = cube.slice(axis, place);
        let within = |others: &[usize]| [&others[..axis], &[place], &others[axis..]].concat();
        let of_step = hide(&step, |others| is_known(&within(others)));
        for index in (0..step.len()).filter(|index| of_step.has(*index)) {
            hidden.0[cube.index(&within(&step.places(index)))] = true;
        }
    }
    if is_over {
        let before = hidden.clone();
        let is_shown = |places: &[usize]| places[axis] != sum && !before.has(cube.index(places));
        return hide_more(cube, |places| is_known(places) || is_shown(places), hidden);
    }
    // A sum of none would tell of each number in it that it is none, also of those that are hidden with a small one.
    let is_empty = cube.cell(cube.len() - 1).cases == 0;
    for index in 0..cube.len() {
        let places = cube.places(index);
        hidden.0[index] |= places[axis] == sum && !is_known(&places) && !is_empty;
    }
    hidden
}

struct Search<'c> {
    cube: &'c Cube,
    /// By cell, its places along the axes.
    places: Vec<Vec<usize>>,
    /// By axis, how far apart neighbours along it are among the cells.
    strides: Vec<usize>,
    /// By cell, what is lost when it is hidden.
    costs: Vec<u64>,
    known: Vec<bool>,
    hidden: Vec<bool>,
}

/// A corner of a box: the cell, and whether its number moves against the first one's.
#[derive(Clone, Copy)]
struct Corner {
    index: usize,
    is_against: bool,
}

impl<'c> Search<'c> {
    fn new(cube: &'c Cube, is_known: impl Fn(&[usize]) -> bool, hidden: Hidden) -> Self {
        let places: Vec<Vec<usize>> = (0..cube.len()).map(|index| cube.places(index)).collect();
        let known = places.iter().map(|places| is_known(places)).collect();
        let strides = (0..cube.axes()).map(|axis| {
            let mut second = vec![0; cube.axes()];
            second[axis] = 1;
            cube.index(&second)
        });
        let strides = strides.collect();
        let costs = (0..cube.len()).map(|index| cost(cube, &places[index], index)).collect();
        Self { cube, places, strides, costs, known, hidden: hidden.0 }
    }

    /// The box around a cell that hides least besides what is hidden.
    fn cheapest(&self, target: usize) -> Vec<usize> {
        let mut best: Option<(u64, usize)> = None;
        for opposite in 0..self.cube.len() {
            let least = best.map_or(u64::MAX, |(least, _)| least);
            if let Some(cost) = self.cost_below(target, opposite, least) {
                best = Some((cost, opposite));
            }
        }
        let corners = |opposite| self.corners(target, opposite).map(|corner| corner.index).collect();
        best.map_or_else(|| vec![target], |(_, opposite)| corners(opposite))
    }

    /// What is lost with the box of two opposite corners, if that is less than `least` and the box hides anything at all.
    fn cost_below(&self, target: usize, opposite: usize, least: u64) -> Option<u64> {
        let (own, other) = (&self.places[target], &self.places[opposite]);
        if own.iter().zip(other).any(|(own, other)| own == other) {
            return None;
        }
        let mut cost = 0;
        // The least number of those that move with the first, and of those that move against it.
        let (mut along, mut against) = (u64::MAX, u64::MAX);
        for corner in self.corners(target, opposite) {
            cost += if self.hidden[corner.index] { 0 } else { self.costs[corner.index] };
            if self.known[corner.index] || cost >= least {
                return None;
            }
            let side = if corner.is_against { &mut against } else { &mut along };
            *side = (*side).min(self.cube.cell(corner.index).count);
        }
        (along.saturating_add(against) >= ROOM).then_some(cost)
    }

    /// The corners of the box between two cells: for each way of taking the one's or the other's place along each axis.
    fn corners(&self, target: usize, opposite: usize) -> impl Iterator<Item = Corner> {
        let (own, other) = (&self.places[target], &self.places[opposite]);
        (0..1_usize << self.strides.len()).map(move |taken| {
            let mut corner = Corner { index: 0, is_against: false };
            for (axis, stride) in self.strides.iter().enumerate() {
                let takes_other = taken >> axis & 1 == 1;
                corner.index += stride * if takes_other { other[axis] } else { own[axis] };
                let sum = self.cube.axis(axis).len();
                corner.is_against ^= takes_other && own[axis] != sum && other[axis] != sum;
            }
            corner
        })
    }
}

/// What is lost with a cell: large numbers and sums are worth more.
fn cost(cube: &Cube, places: &[usize], index: usize) -> u64 {
    let is_sum = |(axis, place): &(usize, &usize)| **place == cube.axis(*axis).len();
    let sums = places.iter().enumerate().filter(is_sum).count() as u64;
    1 + u64::from(cube.cell(index).count.checked_ilog2().unwrap_or_default()) + 16 * sums
}
