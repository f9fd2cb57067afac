//! Numbers that look random and are the same every time.

/// A stream of numbers from a seed (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` up to and with `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.draw() % width).unwrap_or(0)
    }

    /// Yes, in so many of a thousand.
    pub fn in_a_thousand(&mut self, yes: i64) -> bool {
        self.between(0, 999) < yes
    }

    /// A place in a list of weights, as often as its weight says.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: i64 = weights.clone().map(i64::from).sum();
        let mut left = self.between(0, total - 1);
        for (place, weight) in weights.enumerate() {
            left -= i64::from(weight);
            if left < 0 {
                return place;
            }
        }
        0
    }
}
