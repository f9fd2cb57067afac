//! Small numbers are hidden, and nobody can work them out from what is shown.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*};
use samspill_service::figures::{Cube, Hidden, PERSONS_MIN, hide, hide_in_steps, rounded};

/// A cube with these counts, each of as many cases, in the order of its cells without sums.
fn cube(shape: &[usize], counts: &[u64]) -> Cube {
    let axis = |length: &usize| (0..*length).map(|place| place.to_string()).collect();
    let mut cube = Cube::new(shape.iter().map(axis).collect());
    for (number, count) in counts.iter().enumerate() {
        let names: Vec<String> = places_of(shape, number).iter().map(usize::to_string).collect();
        cube.add_cases(&names.iter().map(String::as_str).collect::<Vec<_>>(), *count, 0, *count);
    }
    cube
}

fn places_of(shape: &[usize], mut number: usize) -> Vec<usize> {
    let mut places = vec![0; shape.len()];
    for (place, length) in places.iter_mut().zip(shape).rev() {
        *place = number % length;
        number /= length;
    }
    places
}

/// Every table with which what is shown would look the same, by trying them all; of each hidden cell the numbers that it could be.
struct Attacker<'c> {
    cube: &'c Cube,
    shape: &'c [usize],
    hidden: &'c Hidden,
    /// By cell without sums: the cells, sums and all, that it is part of.
    part_of: Vec<Vec<usize>>,
    sums: Vec<u64>,
    left: Vec<usize>,
    could_be: Vec<BTreeSet<u64>>,
}

impl<'c> Attacker<'c> {
    fn new(cube: &'c Cube, shape: &'c [usize], hidden: &'c Hidden) -> Self {
        let inner = shape.iter().product::<usize>();
        let covers = |whole: &usize, place: &[usize]| {
            let whole = cube.places(*whole);
            (0..shape.len()).all(|axis| whole[axis] == shape[axis] || whole[axis] == place[axis])
        };
        let part_of: Vec<Vec<usize>> = (0..inner)
            .map(|number| {
                let place = places_of(shape, number);
                (0..cube.len()).filter(|whole| covers(whole, &place)).collect()
            })
            .collect();
        let mut left = vec![0; cube.len()];
        part_of.iter().flatten().for_each(|whole| left[*whole] += 1);
        let could_be = vec![BTreeSet::new(); cube.len()];
        Self { cube, shape, hidden, part_of, sums: vec![0; cube.len()], left, could_be }
    }

    fn knows_nothing(&self) -> bool {
        (0..self.cube.len()).all(|cell| !self.hidden.has(cell) || self.could_be[cell].len() >= 2)
    }

    /// Tries numbers for the cells from this one on. Stops when enough is known to be unknown.
    fn try_all(&mut self, number: usize) {
        if self.knows_nothing() {
            return;
        }
        if number == self.part_of.len() {
            for cell in (0..self.cube.len()).filter(|cell| self.hidden.has(*cell)) {
                self.could_be[cell].insert(self.sums[cell]);
            }
            return;
        }
        let own = self.cube.index(&places_of(self.shape, number));
        let count = self.cube.cell(own).count;
        let tried = if self.hidden.has(own) { 0..=count + 4 } else { count..=count };
        for value in tried {
            self.put(number, value);
            if self.fits(number) {
                self.try_all(number + 1);
            }
            self.take_back(number, value);
        }
    }

    fn put(&mut self, number: usize, value: u64) {
        for whole in &self.part_of[number] {
            self.sums[*whole] += value;
            self.left[*whole] -= 1;
        }
    }

    fn take_back(&mut self, number: usize, value: u64) {
        for whole in &self.part_of[number] {
            self.sums[*whole] -= value;
            self.left[*whole] += 1;
        }
    }

    fn fits(&self, number: usize) -> bool {
        self.part_of[number].iter().filter(|whole| !self.hidden.has(**whole)).all(|whole| {
            let (sum, shown) = (self.sums[*whole], self.cube.cell(*whole).count);
            sum == shown || (sum < shown && self.left[*whole] > 0)
        })
    }
}

fn check(shape: &[usize], counts: &[u64], own: Option<usize>) {
    let cube = cube(shape, counts);
    let hidden = hide(&cube, |places| own == Some(places[0]));
    for cell in 0..cube.len() {
        let is_known = own == Some(cube.places(cell)[0]);
        let is_small = (1..PERSONS_MIN).contains(&cube.cell(cell).cases);
        assert!(!is_small || is_known || hidden.has(cell), "{:?} is shown in {counts:?}", cube.places(cell));
        assert!(!is_known || !hidden.has(cell), "one's own is hidden in {counts:?}");
    }
    let mut attacker = Attacker::new(&cube, shape, &hidden);
    attacker.try_all(0);
    for cell in (0..cube.len()).filter(|cell| hidden.has(*cell)) {
        assert!(
            attacker.could_be[cell].len() >= 2,
            "{:?} can only be {:?} in {counts:?}",
            cube.places(cell),
            attacker.could_be[cell]
        );
    }
}

/// The cube of the first so many months, which are the second axis.
fn first_months(shape: &[usize], counts: &[u64], months: usize) -> Cube {
    let mut fewer = shape.to_vec();
    fewer[1] = months;
    let is_in = |number: &usize| places_of(shape, *number)[1] < months;
    let kept: Vec<u64> = (0..counts.len()).filter(is_in).map(|number| counts[number]).collect();
    cube(&fewer, &kept)
}

/// A reader who keeps the page of every month, and that of the whole year.
fn check_months(shape: &[usize], counts: &[u64], own: Option<usize>) {
    let whole = cube(shape, counts);
    let is_known = |places: &[usize]| own == Some(places[0]);
    let at_last = hide_in_steps(&whole, 1, true, is_known);
    for months in 1..=shape[1] {
        let then = first_months(shape, counts, months);
        let hidden = hide_in_steps(&then, 1, false, is_known);
        let is_empty = then.cell(then.len() - 1).cases == 0;
        for cell in 0..then.len() {
            let places = then.places(cell);
            if places[1] == months {
                assert!(hidden.has(cell) || is_known(&places) || is_empty, "a sum {places:?} in {counts:?}");
            } else {
                assert_eq!(hidden.has(cell), at_last.has(whole.index(&places)), "{places:?} in {counts:?}");
            }
        }
    }
    // So what was ever shown is what is shown at last, but for sums that were of nothing at all.
    let is_small =
        |cell: &usize| (1..PERSONS_MIN).contains(&whole.cell(*cell).cases) && !is_known(&whole.places(*cell));
    let small: Vec<usize> = (0..whole.len()).filter(is_small).collect();
    let mut attacker = Attacker::new(&whole, shape, &at_last);
    attacker.try_all(0);
    for cell in small {
        assert!(at_last.has(cell), "{:?} is shown in {counts:?}", whole.places(cell));
        assert!(attacker.could_be[cell].len() >= 2, "{:?} is told in {counts:?}", whole.places(cell));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_hidden_cell_of_a_row_can_be_worked_out(counts in vec(0_u64..12, 4)) {
        check(&[4], &counts, None);
    }

    #[test]
    fn no_hidden_cell_of_a_table_can_be_worked_out(counts in vec(0_u64..9, 6)) {
        check(&[2, 3], &counts, None);
    }

    #[test]
    fn who_knows_its_own_row_can_work_out_no_other(counts in vec(0_u64..9, 6)) {
        check(&[3, 2], &counts, Some(0));
    }

    #[test]
    fn no_hidden_cell_of_three_axes_can_be_worked_out(counts in vec(0_u64..7, 8)) {
        check(&[2, 2, 2], &counts, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_pages_of_all_months_together_tell_no_small_number(counts in vec(0_u64..9, 6)) {
        check_months(&[2, 3], &counts, None);
        check_months(&[3, 2], &counts, Some(1));
    }

    #[test]
    fn nor_do_they_of_three_axes(counts in vec(0_u64..7, 8)) {
        check_months(&[2, 2, 2], &counts, None);
    }
}

/// Hidden anew each month, a table hides one box in April and another in May; this one did.
#[test]
fn a_month_that_was_shown_hides_the_same_when_the_next_one_comes() {
    let counts = [9, 2, 14, 8, 9, 9];
    check_months(&[3, 2], &counts, None);
    let anew = hide(&cube(&[3, 2], &counts), |_| false);
    let alone = hide(&first_months(&[3, 2], &counts, 1), |_| false);
    assert!(anew.count() > 0 && alone.count() == 0, "only February has a small number");
    assert!((0..3).any(|who| anew.has(who * 3)), "and what hid it was shown in January");
}

/// A number, and the nearest five.
#[test]
fn numbers_are_rounded_to_the_nearest_five() {
    for (count, shown) in [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10)] {
        assert_eq!(rounded(count), shown, "{count}");
    }
}

/// Cases in one cell, and whether it is hidden.
#[test]
fn a_number_is_hidden_from_one_up_to_four() {
    for (cases, is_hidden) in [(0, false), (1, true), (4, true), (5, false)] {
        let cube = cube(&[2], &[cases, 40]);
        assert_eq!(hide(&cube, |_| false).has(0), is_hidden, "{cases}");
    }
}

#[test]
fn where_nothing_is_small_nothing_is_hidden() {
    let cube = cube(&[3, 3], &[5, 6, 7, 0, 9, 10, 11, 12, 13]);
    assert_eq!(hide(&cube, |_| false).count(), 0);
}

/// The table of the module's own page: one small number hides three others with it, and no sum.
#[test]
fn a_small_number_takes_a_box_with_it_and_leaves_the_sums() {
    let cube = cube(&[3, 2], &[2, 9, 14, 8, 9, 9]);
    let hidden = hide(&cube, |_| false);
    assert_eq!(hidden.count(), 4);
    let is_sum = |cell: &usize| cube.places(*cell).iter().zip([3, 2]).any(|(place, sum)| *place == sum);
    assert!((0..cube.len()).filter(is_sum).all(|cell| !hidden.has(cell)));
}
