use std::collections::BTreeMap;

use jiff::Timestamp;

/// What is to be done, and when. Of things for one instant, what was entered first comes first.
#[derive(Clone, Debug)]
pub(crate) struct Agenda<T> {
    entered: u64,
    items: BTreeMap<(Timestamp, u64), T>,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self { entered: 0, items: BTreeMap::new() }
    }

    pub(crate) fn enter(&mut self, at: Timestamp, item: T) {
        self.entered += 1;
        self.items.insert((at, self.entered), item);
    }

    /// The instant of what comes next.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.items.first_key_value().map(|((at, _), _)| *at)
    }

    /// What is next, if it is due: an item for `now` itself is.
    pub(crate) fn due(&mut self, now: Timestamp) -> Option<(Timestamp, T)> {
        let first = self.items.first_entry().filter(|first| first.key().0 <= now)?;
        let ((at, _), item) = first.remove_entry();
        Some((at, item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_when_due_in_the_order_of_time_and_entering() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut agenda = Agenda::new();
        for (second, item) in [(5, 'c'), (3, 'a'), (3, 'b'), (9, 'd')] {
            agenda.enter(at(second), item);
        }
        assert_eq!((agenda.next_at(), agenda.due(at(2))), (Some(at(3)), None));
        let due: String = std::iter::from_fn(|| agenda.due(at(5))).map(|(_, item)| item).collect();
        assert_eq!((due.as_str(), agenda.next_at()), ("abc", Some(at(9))));
    }
}
