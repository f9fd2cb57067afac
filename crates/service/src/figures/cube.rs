//! Counts along several axes, and all their sums.

use std::collections::BTreeMap;

/// Counts along several axes, and every sum along any of them.
///
/// A cell has a place on each axis; the place after the last is the sum along it. So one flat list holds everything that tables show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cube {
    axes: Vec<Vec<String>>,
    cells: Vec<Cell>,
}

/// What stands in a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many: duties, days, patients who went home.
    pub count: u64,
    /// In øre, where what is counted costs anything.
    pub amount_ore: i64,
    /// How many cases it comes from.
    pub cases: u64,
}

/// Along an axis: one of its names, or the sum of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole<'n> {
    /// This one.
    Named(&'n str),
    /// All together.
    Sum,
}

impl Cube {
    /// Nothing counted yet, along these axes. Names on an axis are different from each other.
    pub fn new(axes: Vec<Vec<String>>) -> Self {
        let size = axes.iter().map(|axis| axis.len() + 1).product();
        Self { axes, cells: vec![Cell::default(); size] }
    }

    /// The names along an axis.
    pub fn axis(&self, axis: usize) -> &[String] {
        &self.axes[axis]
    }

    /// How many axes there are.
    pub fn axes(&self) -> usize {
        self.axes.len()
    }

    /// The cells, sums and all.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are no cells: never, as sums are always there.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Adds what one case comes to: places by name, counts and øre. A place that isn't on the axes is left out.
    pub fn add_case<'n>(&mut self, found: impl IntoIterator<Item = (Vec<&'n str>, u64, i64)>) {
        let mut touched: BTreeMap<usize, (u64, i64)> = BTreeMap::new();
        for (names, count, amount_ore) in found {
            let Some(place) = self.place(&names) else { continue };
            for index in self.sums_of(&place) {
                let sum = touched.entry(index).or_default();
                *sum = (sum.0 + count, sum.1 + amount_ore);
            }
        }
        for (index, (count, amount_ore)) in touched {
            let cell = &mut self.cells[index];
            cell.count += count;
            cell.amount_ore += amount_ore;
            cell.cases += 1;
        }
    }

    /// Adds what several cases come to at one place, where no case stands at two. A place that isn't on the axes is left out.
    pub fn add_cases(&mut self, names: &[&str], count: u64, amount_ore: i64, cases: u64) {
        let Some(place) = self.place(names) else { return };
        for index in self.sums_of(&place) {
            let cell = &mut self.cells[index];
            cell.count += count;
            cell.amount_ore += amount_ore;
            cell.cases += cases;
        }
    }

    /// What stands at a place; nothing where a name isn't on its axis.
    pub fn at(&self, names: &[Whole<'_>]) -> Cell {
        self.index_of(names).map_or_else(Cell::default, |index| self.cells[index])
    }

    /// The number of a place among the cells.
    pub fn index_of(&self, names: &[Whole<'_>]) -> Option<usize> {
        let places = names.iter().zip(&self.axes).map(|(name, axis)| match name {
            Whole::Named(name) => axis.iter().position(|other| other == name),
            Whole::Sum => Some(axis.len()),
        });
        let places: Option<Vec<usize>> = places.collect();
        Some(self.index(&places?))
    }

    /// The cell of this number.
    pub fn cell(&self, index: usize) -> Cell {
        self.cells[index]
    }

    /// The places along the axes of the cell of this number; the length of an axis is its sum.
    pub fn places(&self, mut index: usize) -> Vec<usize> {
        let mut places = vec![0; self.axes.len()];
        for (place, axis) in places.iter_mut().zip(&self.axes).rev() {
            *place = index % (axis.len() + 1);
            index /= axis.len() + 1;
        }
        places
    }

    /// The number of the cell at these places.
    pub fn index(&self, places: &[usize]) -> usize {
        places.iter().zip(&self.axes).fold(0, |index, (place, axis)| index * (axis.len() + 1) + place)
    }

    /// The cube of one place along an axis, without that axis.
    pub fn slice(&self, axis: usize, place: usize) -> Self {
        let mut others = self.axes.clone();
        others.remove(axis);
        let mut slice = Self::new(others);
        for index in 0..slice.len() {
            let mut places = slice.places(index);
            places.insert(axis, place);
            slice.cells[index] = self.cells[self.index(&places)];
        }
        slice
    }

    fn place(&self, names: &[&str]) -> Option<Vec<usize>> {
        names.iter().zip(&self.axes).map(|(name, axis)| axis.iter().position(|other| other == name)).collect()
    }

    /// The cell at a place and all sums that it is part of.
    fn sums_of(&self, place: &[usize]) -> Vec<usize> {
        let mut all: Vec<Vec<usize>> = vec![Vec::new()];
        for (own, axis) in place.iter().zip(&self.axes) {
            all = all
                .iter()
                .flat_map(|begun| [*own, axis.len()].map(|next| [begun.as_slice(), &[next]].concat()))
                .collect();
        }
        all.iter().map(|places| self.index(places)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_counts_once_in_every_sum_and_its_counts_add_up() {
        let axes = [["a", "b"], ["x", "y"]].map(|axis| axis.map(str::to_owned).to_vec());
        let mut cube = Cube::new(axes.to_vec());
        cube.add_case([(vec!["a", "x"], 2, 10), (vec!["a", "y"], 1, 5), (vec!["c", "x"], 9, 9)]);
        cube.add_case([(vec!["b", "x"], 1, 1)]);
        let at = |one, other| cube.at(&[one, other]);
        let cell = |count, amount_ore, cases| Cell { count, amount_ore, cases };
        assert_eq!(at(Whole::Named("a"), Whole::Named("x")), cell(2, 10, 1));
        assert_eq!(at(Whole::Named("a"), Whole::Sum), cell(3, 15, 1));
        assert_eq!(at(Whole::Sum, Whole::Named("x")), cell(3, 11, 2));
        assert_eq!(at(Whole::Sum, Whole::Sum), cell(4, 16, 2));
        assert_eq!(at(Whole::Named("c"), Whole::Sum), Cell::default());
    }

    #[test]
    fn places_and_numbers_are_each_others() {
        let cube = Cube::new(vec![vec!["a".to_owned()], vec!["x".to_owned(), "y".to_owned()]]);
        for index in 0..cube.len() {
            assert_eq!(cube.index(&cube.places(index)), index);
        }
    }
}
