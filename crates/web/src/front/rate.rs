//! How often somebody may ask: a bucket of tokens for each, in memory, on each node by itself.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

use super::Rate;

/// Buckets at the most; when there are more, those that are full again are thrown away.
const BUCKETS_MAX: usize = 50_000;
/// A token in the parts that are counted: as many as a minute has milliseconds, so that nothing is lost by rounding.
const TOKEN: u64 = 60_000;

/// Who has asked how often.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<(Sort, String), Bucket>>);

/// What is counted, each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Login,
    Api,
    Page,
    Address,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: u64,
    at: Timestamp,
    rate: Rate,
}

impl Limiter {
    /// Takes a token.
    ///
    /// # Errors
    ///
    /// The seconds until there is one again, one at least.
    pub(super) fn take(&self, sort: Sort, who: &str, rate: Rate, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, bucket| !bucket.is_full_at(now));
        }
        if buckets.len() >= BUCKETS_MAX {
            // So many at once is an attack from everywhere: forgetting costs less than the memory.
            buckets.clear();
        }
        let full = Bucket { tokens: u64::from(rate.burst) * TOKEN, at: now, rate };
        buckets.entry((sort, who.to_owned())).or_insert(full).take(now)
    }
}

impl Bucket {
    fn take(&mut self, now: Timestamp) -> Result<(), u64> {
        self.tokens = self.tokens_at(now);
        self.at = self.at.max(now);
        if self.tokens >= TOKEN {
            self.tokens -= TOKEN;
            return Ok(());
        }
        let milliseconds = (TOKEN - self.tokens).div_ceil(u64::from(self.rate.per_minute).max(1));
        Err(milliseconds.div_ceil(1_000).max(1))
    }

    fn tokens_at(&self, now: Timestamp) -> u64 {
        let waited_ms = u64::try_from(now.duration_since(self.at).as_millis()).unwrap_or(0);
        let refilled = waited_ms.saturating_mul(u64::from(self.rate.per_minute));
        self.tokens.saturating_add(refilled).min(u64::from(self.rate.burst) * TOKEN)
    }

    fn is_full_at(&self, now: Timestamp) -> bool {
        self.tokens_at(now) >= u64::from(self.rate.burst) * TOKEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    const RATE: Rate = Rate { burst: 2, per_minute: 6 };

    #[test]
    fn a_burst_is_allowed_and_then_one_each_ten_seconds() {
        let limiter = Limiter::default();
        let ask = |ms| limiter.take(Sort::Login, "10.0.0.1", RATE, at(ms));
        assert_eq!([ask(0), ask(0), ask(0)], [Ok(()), Ok(()), Err(10)]);
        assert_eq!([ask(9_999), ask(10_000), ask(10_001)], [Err(1), Ok(()), Err(10)]);
        assert_eq!([ask(600_000), ask(600_000), ask(600_000)], [Ok(()), Ok(()), Err(10)]);
    }

    #[test]
    fn others_and_other_sorts_have_buckets_of_their_own() {
        let limiter = Limiter::default();
        let one = Rate { burst: 1, per_minute: 0 };
        assert_eq!(limiter.take(Sort::Login, "a", one, at(0)), Ok(()));
        assert_eq!(limiter.take(Sort::Login, "b", one, at(0)), Ok(()));
        assert_eq!(limiter.take(Sort::Api, "a", one, at(0)), Ok(()));
        assert!(limiter.take(Sort::Login, "a", one, at(1_000_000)).is_err());
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let limiter = Limiter::default();
        let one = Rate { burst: 1, per_minute: 60 };
        assert_eq!(limiter.take(Sort::Login, "a", one, at(60_000)), Ok(()));
        assert!(limiter.take(Sort::Login, "a", one, at(0)).is_err());
        assert!(limiter.take(Sort::Login, "a", one, at(60_999)).is_err());
        assert_eq!(limiter.take(Sort::Login, "a", one, at(61_000)), Ok(()));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let limiter = Limiter::default();
        for who in 0..=BUCKETS_MAX {
            assert_eq!(limiter.take(Sort::Address, &who.to_string(), RATE, at(0)), Ok(()));
        }
        assert!(limiter.0.lock().unwrap().len() <= BUCKETS_MAX);
    }
}
