//! How often somebody may ask: a bucket of tokens for each, in memory, on each node by itself.
//!
//! Attempts to log in have buckets of their own: whoever asks for much else, from ever so many addresses, makes none of them forgotten.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

use super::Rate;

/// Buckets of a map at the most. When there are more, those that are full again are thrown away; if that isn't enough, the fuller half.
const BUCKETS_MAX: usize = 50_000;
/// The first so many bits of an address of the sixth version are counted: who is given one is given all that begin so.
const PREFIX_BITS: u32 = 64;
/// A token in the parts that are counted: as many as a minute has milliseconds, so that nothing is lost by rounding.
const TOKEN: u64 = 60_000;

/// Who has asked how often.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    logins: Mutex<Buckets>,
    others: Mutex<Buckets>,
}

type Buckets = HashMap<(Sort, String), Bucket>;

/// What is counted, each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    /// Passwords and links that are tried.
    Login,
    /// Logins that begin at a provider.
    Provider,
    Api,
    Page,
    Address,
}

/// What an address is counted by.
pub(super) fn counted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let kept = address.to_bits() >> (u128::BITS - PREFIX_BITS) << (u128::BITS - PREFIX_BITS);
            format!("{}/{PREFIX_BITS}", Ipv6Addr::from_bits(kept))
        }
    }
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
        let buckets = match sort {
            Sort::Login | Sort::Provider => &self.logins,
            Sort::Api | Sort::Page | Sort::Address => &self.others,
        };
        let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            make_room(&mut buckets, now);
        }
        let full = Bucket { tokens: u64::from(rate.burst) * TOKEN, at: now, rate };
        buckets.entry((sort, who.to_owned())).or_insert(full).take(now)
    }
}

/// Throws buckets away. So many at once is an attack from everywhere: who has asked least is forgotten, and gains least by it.
fn make_room(buckets: &mut Buckets, now: Timestamp) {
    buckets.retain(|_, bucket| !bucket.is_full_at(now));
    if buckets.len() < BUCKETS_MAX {
        return;
    }
    let mut missing: Vec<u64> = buckets.values().map(|bucket| bucket.missing_at(now)).collect();
    let half = missing.len() / 2;
    let (_, middle, above) = missing.select_nth_unstable(half);
    let middle = *middle;
    // All who asked more than the middle one stay; of those who asked as much, as many as there is room for.
    let mut room = half - above.iter().filter(|missing| **missing > middle).count().min(half);
    buckets.retain(|_, bucket| {
        let missing = bucket.missing_at(now);
        let is_kept = missing > middle || (missing == middle && room > 0);
        room -= usize::from(is_kept && missing == middle);
        is_kept
    });
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

    /// What it takes to fill it.
    fn missing_at(&self, now: Timestamp) -> u64 {
        u64::from(self.rate.burst) * TOKEN - self.tokens_at(now)
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
        assert!(limiter.others.lock().unwrap().len() <= BUCKETS_MAX);
    }

    #[test]
    fn whoever_tried_often_is_remembered_when_many_others_come() {
        let (limiter, once) = (Limiter::default(), Rate { burst: 2, per_minute: 0 });
        let ask = |sort, who: &str| limiter.take(sort, who, once, at(0));
        assert!([ask(Sort::Login, "a"), ask(Sort::Login, "a")].iter().all(Result::is_ok));
        for who in 0..2 * BUCKETS_MAX {
            assert_eq!(ask(Sort::Address, &who.to_string()), Ok(()));
        }
        assert!(ask(Sort::Login, "a").is_err(), "others ask for something else");
        for who in 0..2 * BUCKETS_MAX {
            assert_eq!(ask(Sort::Login, &who.to_string()), Ok(()));
        }
        assert!(ask(Sort::Login, "a").is_err(), "others try too");
    }

    #[test]
    fn an_address_of_the_sixth_version_is_counted_with_its_neighbours() {
        let of = |text: &str| counted(text.parse().unwrap());
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2::"), of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
