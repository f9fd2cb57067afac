use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use samspill_transport::Doing;

/// Who may do what, for a while: so that several nodes on one database do a thing once.
pub trait Leases: Debug + Send + Sync {
    /// Takes a lease where nobody else holds it at `now`, or prolongs one's own; it is held until just before `until`. None: another
    /// holds it.
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        until: Timestamp,
    ) -> Doing<'a, Result<Option<Fence>, LeaseTrouble>>;

    /// Gives a lease back, where it is one's own.
    fn give_back<'a>(&'a self, name: &'a str, holder: &'a str) -> Doing<'a, Result<(), LeaseTrouble>>;
}

/// Grows with each new holder of a lease. Whoever writes under it can refuse an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fence(pub i64);

/// The table of leases can't be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LeaseTrouble(pub String);

/// Leases of one process, for a node alone and for tests.
#[derive(Debug, Default)]
pub struct LeasesInMemory {
    held: Mutex<BTreeMap<String, Held>>,
}

#[derive(Clone, Debug)]
struct Held {
    holder: String,
    until: Timestamp,
    fence: i64,
}

impl LeasesInMemory {
    fn take_now(&self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Option<Fence> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let fence = match held.get(name) {
            Some(other) if other.holder != holder && other.until > now => return None,
            Some(own) if own.holder == holder && own.until > now => own.fence,
            Some(old) => old.fence + 1,
            None => 1,
        };
        held.insert(name.to_owned(), Held { holder: holder.to_owned(), until, fence });
        Some(Fence(fence))
    }

    fn give_back_now(&self, name: &str, holder: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(name).filter(|own| own.holder == holder) {
            own.until = Timestamp::MIN;
        }
    }
}

impl Leases for LeasesInMemory {
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        until: Timestamp,
    ) -> Doing<'a, Result<Option<Fence>, LeaseTrouble>> {
        Box::pin(async move { Ok(self.take_now(name, holder, now, until)) })
    }

    fn give_back<'a>(&'a self, name: &'a str, holder: &'a str) -> Doing<'a, Result<(), LeaseTrouble>> {
        Box::pin(async move {
            self.give_back_now(name, holder);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_held_until_just_before_its_end() {
        let leases = LeasesInMemory::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(leases.take_now("a", "nord", at(0), at(10)), Some(Fence(1)));
        assert_eq!(leases.take_now("a", "sor", at(9), at(19)), None);
        assert_eq!(leases.take_now("a", "nord", at(9), at(12)), Some(Fence(1)), "prolonged");
        assert_eq!(leases.take_now("a", "sor", at(11), at(19)), None);
        assert_eq!(leases.take_now("a", "sor", at(12), at(22)), Some(Fence(2)));
        leases.give_back_now("a", "nord");
        assert_eq!(leases.take_now("a", "nord", at(13), at(23)), None, "another's isn't given back");
        leases.give_back_now("a", "sor");
        assert_eq!(leases.take_now("a", "nord", at(13), at(23)), Some(Fence(3)));
    }
}
