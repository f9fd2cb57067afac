//! How long single steps take: a histogram that is there before the first of them, so that counting costs little.

use serde_json::{Value, json};

/// Steps shorter than this many nanoseconds have a counter for each nanosecond.
const FINE_NANOS: usize = 1 << 16;

/// Counts of steps by how long they took.
#[derive(Clone, Debug)]
pub struct Latencies {
    fine: Vec<u32>,
    /// The longer ones, as they are; there should be few.
    coarse: Vec<u64>,
}

impl Default for Latencies {
    fn default() -> Self {
        Self { fine: vec![0; FINE_NANOS], coarse: Vec::with_capacity(1 << 16) }
    }
}

impl Latencies {
    /// Forgets all steps.
    pub fn clear(&mut self) {
        self.fine.fill(0);
        self.coarse.clear();
    }

    /// Counts a step of so many nanoseconds.
    pub fn add(&mut self, nanos: u64) {
        match usize::try_from(nanos).ok().and_then(|nanos| self.fine.get_mut(nanos)) {
            Some(count) => *count += 1,
            None => self.coarse.push(nanos),
        }
    }

    /// The nanoseconds that so many of a thousand steps took at most.
    pub fn per_mille(&self, share: u64) -> u64 {
        let all = self.fine.iter().map(|count| u64::from(*count)).sum::<u64>() + self.coarse.len() as u64;
        let mut left = (all * share).div_ceil(1000);
        for (nanos, count) in (0..).zip(&self.fine) {
            if left <= u64::from(*count) {
                return nanos;
            }
            left -= u64::from(*count);
        }
        let mut long = self.coarse.clone();
        long.sort_unstable();
        usize::try_from(left).ok().and_then(|left| long.get(left.saturating_sub(1))).copied().unwrap_or(0)
    }

    /// What the runner's table shows.
    pub fn told(&self) -> Value {
        json!({
            "p50_ns": self.per_mille(500),
            "p99_ns": self.per_mille(990),
            "p999_ns": self.per_mille(999),
            "max_ns": self.per_mille(1000),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Latencies;

    #[test]
    fn the_share_of_a_thousand_is_a_step_that_was_taken() {
        let mut latencies = Latencies::default();
        (1..=999).for_each(|nanos| latencies.add(nanos));
        latencies.add(5_000_000);
        assert_eq!(latencies.per_mille(500), 500);
        assert_eq!(latencies.per_mille(990), 990);
        assert_eq!(latencies.per_mille(999), 999);
        assert_eq!(latencies.per_mille(1000), 5_000_000);
    }
}
