//! Pauses that double.

use std::time::Duration;

/// From one length to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pauses {
    pub(crate) first: Duration,
    pub(crate) max: Duration,
}

impl Pauses {
    /// The pause after so many failures in a row, from 1 on.
    pub(crate) fn after(self, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).filter(|times| *times > 0);
        self.first.saturating_mul(doubled.unwrap_or(u32::MAX)).min(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = Pauses { first: Duration::from_secs(1), max: Duration::from_secs(10) };
        let seconds =
            [1, 2, 3, 4, 5, 31, 32, 33, 40, u32::MAX].map(|failures| pauses.after(failures).as_secs());
        assert_eq!(seconds, [1, 2, 4, 8, 10, 10, 10, 10, 10, 10]);
    }
}
