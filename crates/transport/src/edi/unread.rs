//! What is known of the messages that wait at the service.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use jiff::{Timestamp, civil::DateTime};
use samspill_formats::messages::norway;
use tokio::time::Instant;
use uuid::Uuid;

use super::{api::End, wire::Message};
use crate::Health;

/// A message for one of our HER-ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) id: Uuid,
    pub(super) to: u32,
}

/// What a list says of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) from: String,
    pub(super) message: String,
    pub(super) made: Option<Timestamp>,
    pub(super) is_receipt: bool,
}

/// A message that must come again, but not yet.
#[derive(Clone, Debug)]
struct Waiting {
    until: Instant,
    tries: u32,
    stuck: Option<Stuck>,
}

/// That a message can't be fetched or marked as read.
#[derive(Clone, Debug)]
struct Stuck {
    since: Timestamp,
    says: String,
}

/// The messages that are listed, in hand, or set aside.
#[derive(Debug)]
pub(super) struct Unread {
    ready: VecDeque<Entry>,
    held: BTreeSet<Key>,
    waiting: BTreeMap<Key, Waiting>,
    /// Marked as read since the last list was asked for: a list on its way may still have them.
    taken: BTreeMap<Key, Instant>,
    next_list: Instant,
    from: End,
}

/// A list, as it came.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) entries: Vec<Entry>,
    /// When it was asked for.
    pub(super) asked: Instant,
    /// Whether there may be more than it has.
    pub(super) is_full: bool,
}

impl Entry {
    /// What an entry says; `None` where it says too little to fetch it by, or is for nobody of ours.
    pub(super) fn of(message: Message, own: &BTreeSet<u32>) -> Option<Self> {
        let id = message.id?.parse().ok()?;
        let to = message.receiver_her_id.filter(|to| own.contains(to))?;
        Some(Self {
            key: Key { id, to },
            from: message.sender_her_id.map(|her| her.to_string()).unwrap_or_default(),
            message: message.business_document_id.unwrap_or_default(),
            made: message.business_document_gen_date.as_deref().and_then(made),
            is_receipt: message.is_app_rec.unwrap_or_default(),
        })
    }
}

/// A time without an offset is local in Norway, as in the messages themselves.
fn made(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(local.to_zoned(norway()).ok()?.timestamp())
    })
}

impl Unread {
    pub(super) fn new() -> Self {
        Self {
            ready: VecDeque::new(),
            held: BTreeSet::new(),
            waiting: BTreeMap::new(),
            taken: BTreeMap::new(),
            next_list: Instant::now(),
            from: End::Oldest,
        }
    }

    /// The next message to fetch. It is in hand from now on.
    pub(super) fn take(&mut self) -> Option<Entry> {
        let entry = self.ready.pop_front()?;
        self.held.insert(entry.key);
        Some(entry)
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// From when to list again, and from which end.
    pub(super) fn next_list(&self) -> (Instant, End) {
        (self.next_list, self.from)
    }

    /// Takes a list in. Where it has nothing to fetch, the next one waits for `idle`; where it is full of what must wait, the next
    /// one begins at the other end, so that those don't stand in the way of all others.
    pub(super) fn list(&mut self, listed: Listed, idle: Duration) {
        if !listed.is_full {
            let keys: BTreeSet<Key> = listed.entries.iter().map(|entry| entry.key).collect();
            self.waiting.retain(|key, _| keys.contains(key) || self.held.contains(key));
        }
        let now = Instant::now();
        for entry in listed.entries {
            if self.may_come(entry.key, &listed.asked, now) {
                self.ready.push_back(entry);
            }
        }
        self.taken.retain(|_, at| *at >= listed.asked);
        let is_blocked = listed.is_full && self.ready.is_empty();
        self.from = match (is_blocked, self.from) {
            (true, End::Oldest) => End::Newest,
            (true, End::Newest) | (false, _) => End::Oldest,
        };
        self.next_list = if self.ready.is_empty() && self.from == End::Oldest { now + idle } else { now };
    }

    fn may_come(&self, key: Key, asked: &Instant, now: Instant) -> bool {
        let is_ready = self.ready.iter().any(|entry| entry.key == key);
        let was_taken = self.taken.get(&key).is_some_and(|at| at >= asked);
        let must_wait = self.waiting.get(&key).is_some_and(|waiting| waiting.until > now);
        !(is_ready || was_taken || must_wait || self.held.contains(&key))
    }

    /// It wasn't fetched after all, and nothing is wrong with it.
    pub(super) fn put_back(&mut self, entry: Entry) {
        self.held.remove(&entry.key);
        self.ready.push_front(entry);
    }

    /// It is kept on our side, or the service has it no more.
    pub(super) fn done(&mut self, key: Key) {
        self.held.remove(&key);
        self.waiting.remove(&key);
        self.taken.insert(key, Instant::now());
    }

    /// How often it was set aside before.
    pub(super) fn tries(&self, key: Key) -> u32 {
        self.waiting.get(&key).map_or(0, |waiting| waiting.tries)
    }

    /// It comes again, after a while.
    pub(super) fn set_aside(&mut self, key: Key, wait: Duration) {
        let tries = self.tries(key).saturating_add(1);
        let stuck = self.waiting.remove(&key).and_then(|waiting| waiting.stuck);
        self.held.remove(&key);
        self.waiting.insert(key, Waiting { until: Instant::now() + wait, tries, stuck });
    }

    /// The same, for one that can't be fetched or marked as read.
    pub(super) fn set_stuck(&mut self, key: Key, wait: Duration, now: Timestamp, says: String) {
        let before = self.waiting.get(&key).and_then(|waiting| waiting.stuck.as_ref());
        let since = before.map_or(now, |stuck| stuck.since);
        self.set_aside(key, wait);
        if let Some(waiting) = self.waiting.get_mut(&key) {
            waiting.stuck = Some(Stuck { since, says });
        }
    }

    /// It could be fetched.
    pub(super) fn set_loose(&mut self, key: Key) {
        if let Some(waiting) = self.waiting.get_mut(&key) {
            waiting.stuck = None;
        }
    }

    /// What to tell of messages that can't be fetched or marked as read.
    pub(super) fn stuck(&self) -> Option<Health> {
        let all = || self.waiting.iter().filter_map(|(key, waiting)| Some((key.id, waiting.stuck.as_ref()?)));
        let (id, first) = all().min_by_key(|(_, stuck)| stuck.since)?;
        let says = format!(
            "{} can't be fetched or marked as read, first {id}: {}",
            messages(all().count()),
            first.says
        );
        Some(Health::Down { since: first.since, says })
    }
}

fn messages(count: usize) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Duration = Duration::from_secs(100);

    fn entry(number: u128) -> Entry {
        let key = Key { id: Uuid::from_u128(number), to: 1 };
        Entry { key, from: String::new(), message: String::new(), made: None, is_receipt: false }
    }

    fn list(numbers: &[u128], is_full: bool) -> Listed {
        Listed { entries: numbers.iter().copied().map(entry).collect(), asked: Instant::now(), is_full }
    }

    fn numbers(unread: &mut Unread) -> Vec<u128> {
        std::iter::from_fn(|| unread.take()).map(|entry| entry.key.id.as_u128()).collect()
    }

    #[test]
    fn what_is_in_hand_or_set_aside_is_not_handed_out_again() {
        let mut unread = Unread::new();
        unread.list(list(&[1, 2, 3], false), IDLE);
        assert_eq!(numbers(&mut unread), [1, 2, 3]);
        unread.set_aside(entry(2).key, IDLE);
        unread.done(entry(3).key);
        unread.list(list(&[1, 2, 4], false), IDLE);
        assert_eq!(numbers(&mut unread), [4]);
    }

    #[test]
    fn what_was_set_aside_comes_again_when_its_time_is_over() {
        let mut unread = Unread::new();
        unread.list(list(&[1], false), IDLE);
        assert_eq!(numbers(&mut unread), [1]);
        unread.set_aside(entry(1).key, Duration::ZERO);
        unread.list(list(&[1], false), IDLE);
        assert_eq!(numbers(&mut unread), [1]);
        assert_eq!(unread.tries(entry(1).key), 1);
    }

    #[test]
    fn a_list_from_before_a_message_was_read_does_not_bring_it_again() {
        let mut unread = Unread::new();
        unread.list(list(&[1], false), IDLE);
        assert_eq!(numbers(&mut unread), [1]);
        let late = list(&[1], false);
        unread.done(entry(1).key);
        unread.list(late, IDLE);
        assert_eq!(numbers(&mut unread), [0; 0]);
        unread.list(list(&[1], false), IDLE);
        assert_eq!(numbers(&mut unread), [1], "the service says that it is unread after all");
    }

    #[test]
    fn a_page_full_of_what_must_wait_is_asked_for_from_the_other_end() {
        let mut unread = Unread::new();
        unread.list(list(&[1, 2], true), IDLE);
        assert_eq!(numbers(&mut unread), [1, 2]);
        unread.list(list(&[1, 2], true), IDLE);
        assert_eq!(unread.next_list().1, End::Newest);
        assert!(unread.next_list().0 <= Instant::now(), "at once");
        unread.list(list(&[9, 8], true), IDLE);
        assert_eq!(numbers(&mut unread), [9, 8]);
        assert_eq!(unread.next_list().1, End::Oldest);
    }

    #[test]
    fn nothing_to_fetch_waits_before_the_next_list() {
        let mut unread = Unread::new();
        unread.list(list(&[], false), IDLE);
        assert!(unread.next_list().0 > Instant::now());
        unread.list(list(&[1], false), IDLE);
        assert!(unread.next_list().0 <= Instant::now());
    }

    #[test]
    fn a_message_that_cannot_be_fetched_is_told_of_until_it_can() {
        let mut unread = Unread::new();
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        unread.set_stuck(entry(1).key, IDLE, now, "too large".to_owned());
        unread.set_stuck(entry(1).key, IDLE, Timestamp::MAX, "too large".to_owned());
        let id = Uuid::from_u128(1);
        let says = format!("1 message can't be fetched or marked as read, first {id}: too large");
        assert_eq!(unread.stuck(), Some(Health::Down { since: now, says }));
        unread.set_loose(entry(1).key);
        assert_eq!(unread.stuck(), None);
    }

    #[test]
    fn an_entry_without_an_id_or_for_somebody_else_is_passed_over() {
        let id = "3d924740-9f7b-4c33-93af-ff72e118d1e6";
        let of = |json: String| Entry::of(serde_json::from_str(&json).unwrap(), &[1].into()).is_some();
        assert!(of(format!(r#"{{"id":"{id}","receiverHerId":1}}"#)));
        assert!(!of(format!(r#"{{"id":"{id}","receiverHerId":2}}"#)));
        assert!(!of(r#"{"id":"../../x","receiverHerId":1}"#.to_owned()));
        assert!(!of(r#"{"receiverHerId":1}"#.to_owned()));
    }

    #[test]
    fn a_time_without_an_offset_is_norwegian() {
        let rows = [
            ("2026-07-01T10:00:00", Some("2026-07-01T08:00:00Z")),
            ("2026-07-01T10:00:00.5+00:00", Some("2026-07-01T10:00:00.5Z")),
            ("2026-01-01T10:00:00Z", Some("2026-01-01T10:00:00Z")),
            ("yesterday", None),
        ];
        for (written, expected) in rows {
            assert_eq!(made(written), expected.map(|text| text.parse().unwrap()), "{written}");
        }
    }
}
