use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::act::StayKey;

/// The short-term places of a municipality, and until when each is taken.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    count: usize,
    /// The first day on which the place is free again.
    taken: BTreeMap<StayKey, Date>,
}

impl Places {
    pub(crate) fn new(count: u32) -> Self {
        Self { count: usize::try_from(count).unwrap_or(usize::MAX), taken: BTreeMap::new() }
    }

    /// Takes a place from `day` until before `until`; whether there was one. Who has one keeps it.
    pub(crate) fn take(&mut self, who: StayKey, day: Date, until: Date) -> bool {
        self.taken.retain(|_, free| *free > day);
        let has_room = self.taken.contains_key(&who) || self.taken.len() < self.count;
        if has_room {
            self.taken.insert(who, until);
        }
        has_room
    }

    /// The first day on which a place is free, if any ever is.
    pub(crate) fn free_from(&self) -> Option<Date> {
        self.taken.values().min().copied()
    }

    /// Who doesn't come after all leaves the place to others.
    pub(crate) fn give_up(&mut self, who: StayKey) {
        self.taken.remove(&who);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_place_is_free_again_on_its_day_and_not_before() {
        let who = |patient| StayKey { patient, stay: 0 };
        let mut places = Places::new(1);
        assert!(places.take(who(1), date(2025, 3, 1), date(2025, 3, 10)));
        assert!(places.take(who(1), date(2025, 3, 2), date(2025, 3, 10)), "who has one keeps it");
        assert!(!places.take(who(2), date(2025, 3, 9), date(2025, 3, 20)));
        assert_eq!(places.free_from(), Some(date(2025, 3, 10)));
        assert!(places.take(who(2), date(2025, 3, 10), date(2025, 3, 20)));
        places.give_up(who(2));
        assert!(places.take(who(3), date(2025, 3, 10), date(2025, 3, 11)));
        assert!(!Places::new(0).take(who(1), date(2025, 3, 1), date(2025, 3, 2)));
    }
}
