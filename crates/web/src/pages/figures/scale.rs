//! Round numbers up an axis.

/// Steps of a scale at the most.
const STEPS_MAX: u64 = 5;

/// From nothing up to a round number at or above the largest, in steps of 1, 2 or 5 of a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// The last step.
    pub(super) top: u64,
    /// How far apart steps are.
    pub(super) step: u64,
}

impl Scale {
    /// A scale for numbers up to this one. Without any there is one step.
    pub(super) fn up_to(largest: u64) -> Self {
        let mut power = 1_u64;
        loop {
            for step in [1, 2, 5].map(|times| power.saturating_mul(times)) {
                let steps = largest.div_ceil(step).max(1);
                if steps <= STEPS_MAX {
                    return Self { top: steps.saturating_mul(step), step };
                }
            }
            power = power.saturating_mul(10);
        }
    }

    /// The steps, from nothing up.
    pub(super) fn steps(self) -> impl Iterator<Item = u64> {
        (0..=self.top / self.step).map(move |place| place * self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_or_above_the_largest_number_in_round_steps() {
        for (largest, top, step) in [
            (0, 1, 1),
            (1, 1, 1),
            (5, 5, 1),
            (6, 6, 2),
            (10, 10, 2),
            (11, 15, 5),
            (26, 30, 10),
            (1_234, 1_500, 500),
        ] {
            assert_eq!(Scale::up_to(largest), Scale { top, step }, "{largest}");
        }
    }
}
