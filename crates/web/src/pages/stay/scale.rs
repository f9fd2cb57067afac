//! A scale of time that gives every instant of interest room: what is close in time isn't drawn on top of each other, and long
//! waits don't push everything else aside. Later is never further left.

use jiff::Timestamp;

/// Points between two instants that differ, at least and at the most.
const GAP_MIN: i64 = 16;
const GAP_MAX: i64 = 120;
/// Points for an hour, where that lies between.
const HOUR: i64 = 4;
const SECONDS_AN_HOUR: i64 = 3_600;

/// Instants and where they are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// In order, each once.
    points: Vec<(Timestamp, i64)>,
}

impl Scale {
    /// A scale from `left` on that is at least `width` wide. Without instants, everything lies at its left end.
    pub(super) fn new(instants: impl IntoIterator<Item = Timestamp>, left: i64, width: i64) -> Self {
        let mut instants: Vec<Timestamp> = instants.into_iter().collect();
        instants.sort_unstable();
        instants.dedup();
        let gaps: Vec<i64> = instants.windows(2).map(|pair| gap(pair[0], pair[1])).collect();
        let drawn: i64 = gaps.iter().sum();
        let mut x = 0;
        let mut points = Vec::with_capacity(instants.len());
        for (place, instant) in instants.into_iter().enumerate() {
            if place > 0 {
                x += gaps[place - 1];
            }
            let wide = if drawn > 0 && drawn < width { x * width / drawn } else { x };
            points.push((instant, left + wide));
        }
        Self { points }
    }

    /// Where an instant is drawn: between the nearest two, by time; before the first and after the last, at them.
    pub(super) fn x(&self, at: Timestamp) -> i64 {
        let after = self.points.partition_point(|(known, _)| *known <= at);
        match (after.checked_sub(1).and_then(|before| self.points.get(before)), self.points.get(after)) {
            (Some((from, start)), Some((until, end))) => {
                let whole = until.duration_since(*from).as_secs().max(1);
                let part = at.duration_since(*from).as_secs();
                start + (end - start) * part / whole
            }
            (Some((_, x)), None) | (None, Some((_, x))) => *x,
            (None, None) => 0,
        }
    }

    /// The first and the last instant.
    pub(super) fn ends(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.points.first()?.0, self.points.last()?.0))
    }

    /// Where the last instant is drawn.
    pub(super) fn right(&self) -> i64 {
        self.points.last().map_or(0, |(_, x)| *x)
    }
}

fn gap(from: Timestamp, until: Timestamp) -> i64 {
    (until.duration_since(from).as_secs() * HOUR / SECONDS_AN_HOUR).clamp(GAP_MIN, GAP_MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("an instant")
    }

    #[test]
    fn instants_that_differ_have_room_and_long_waits_end() {
        let scale = Scale::new([at(0), at(1), at(3_600 * 1_000)], 10, 0);
        assert_eq!([0, 1, 3_600 * 1_000].map(|second| scale.x(at(second))), [10, 26, 146]);
    }

    #[test]
    fn what_is_short_is_drawn_as_wide_as_asked() {
        let scale = Scale::new([at(0), at(3_600 * 10), at(3_600 * 20)], 0, 400);
        assert_eq!([0, 10, 20].map(|hour| scale.x(at(3_600 * hour))), [0, 200, 400]);
    }

    #[test]
    fn without_instants_and_outside_them_there_is_an_answer() {
        assert_eq!(Scale::new([], 5, 100).x(at(7)), 0);
        let scale = Scale::new([at(100)], 5, 100);
        assert_eq!([scale.x(at(0)), scale.x(at(200))], [5, 5]);
    }

    proptest! {
        #[test]
        fn later_is_never_further_left(mut seconds in prop::collection::vec(0_i64..10_000_000, 1..20), asked in prop::collection::vec(0_i64..10_000_000, 2..20)) {
            seconds.sort_unstable();
            let scale = Scale::new(seconds.iter().map(|second| at(*second)), 0, 960);
            let mut asked = asked;
            asked.sort_unstable();
            let drawn: Vec<i64> = asked.iter().map(|second| scale.x(at(*second))).collect();
            prop_assert!(drawn.is_sorted());
        }
    }
}
