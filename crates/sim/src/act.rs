//! What a party does, as an entry that can be sent.

use jiff::Timestamp;
use samspill_base::Entry;

/// What a party does at an instant: it registers an event, or sends a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// When: a message is made and sent then.
    pub at: Timestamp,
    /// The party that acts, as [`crate::Region::parties`] calls it.
    pub by: String,
    /// What it does.
    pub what: ActKind,
    /// The stay that it is about.
    pub stay: StayKey,
    /// When the patient was admitted. A message that repeats it needs to know.
    pub admitted: Timestamp,
    /// What is said, as it goes into the log of who acts. Its case is what who acts calls the stay; its id is the message's.
    pub entry: Entry,
}

/// What a party does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// It writes an event into its log, and sends nothing.
    Event,
    /// It sends a message.
    Message(Form),
}

/// The form of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As the profile wants it.
    Usual,
    /// A reply as a note (`DIALOG_NOTAT`).
    Note,
    /// Wrong on purpose: its receiver refuses it.
    Wrong(Fault),
}

/// How a message is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It breaks its schema.
    Schema,
    /// It ends in the middle, and is no XML.
    Truncated,
    /// It is for a service that its receiver doesn't have.
    UnknownService,
}

/// A stay, as the simulation counts them: the patient's number, and which of the patient's stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StayKey {
    /// The patient, counted from 0 ([`crate::World::patients`]).
    pub patient: u32,
    /// Which stay, counted from 0.
    pub stay: u32,
}

impl StayKey {
    /// What the hospital calls the stay: `opphold-00012`, a readmission `opphold-00012-2`.
    pub fn case(self) -> String {
        match self.stay {
            0 => format!("opphold-{:05}", self.patient + 1),
            again => format!("opphold-{:05}-{}", self.patient + 1, again + 1),
        }
    }

    /// The id of the stay's message with a number: a GUID (version 8, made by its maker's own rule). Messages of the hospital
    /// and of the municipality are told apart by `maker`.
    pub(crate) fn message(self, maker: Maker, number: u32, seed: u64) -> String {
        let mut chance = crate::Chance::of(seed).branch("message").nth(u64::from(self.patient));
        let random = chance.next();
        let maker = match maker {
            Maker::Hospital => 0,
            Maker::Municipality => 1,
        };
        format!(
            "{:08x}-{:04x}-8{:03x}-8{:03x}-{:08x}{:02x}{:01x}{:01x}",
            random >> 32,
            (random >> 16) & 0xffff,
            random & 0xfff,
            number & 0xfff,
            self.patient,
            self.stay & 0xff,
            (number >> 12) & 0xf,
            maker,
        )
    }

    /// The stay that somebody registered an event of, by the event's id: `opphold-00012-2-innlagt-1`.
    pub fn of_event(id: &str) -> Option<Self> {
        let mut parts = id.strip_prefix("opphold-")?.split('-');
        let patient: u32 = parts.next().filter(|digits| digits.len() == 5)?.parse().ok()?;
        let again: u32 = parts.next()?.parse().unwrap_or(1);
        Some(Self { patient: patient.checked_sub(1)?, stay: again.checked_sub(1)? })
    }

    /// The stay that the id of a message or entry is about, if one of ours.
    pub fn of_id(id: &str) -> Option<Self> {
        let message = id.get(..36)?;
        let last = message.get(24..)?;
        let number = |from: usize, to: usize| u32::from_str_radix(last.get(from..to)?, 16).ok();
        Some(Self { patient: number(0, 8)?, stay: number(8, 10)? })
    }
}

/// Who makes messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    Hospital,
    Municipality,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_tell_their_stay_and_are_each_given_once() {
        let mut all = BTreeSet::new();
        for (patient, stay, number) in [(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0), (70_000, 3, 4097)] {
            let key = StayKey { patient, stay };
            for maker in [Maker::Hospital, Maker::Municipality] {
                let id = key.message(maker, number, 1);
                assert_eq!(id.len(), 36, "{id}");
                assert_eq!(StayKey::of_id(&id), Some(key));
                assert_eq!(StayKey::of_id(&format!("{id}#innlagt~2")), Some(key), "an entry of the message");
                assert!(all.insert(id));
            }
        }
        assert_eq!(StayKey::of_id("5"), None);
    }

    #[test]
    fn ids_of_events_tell_their_stay() {
        for (patient, stay) in [(0, 0), (11, 0), (11, 1), (99_998, 0)] {
            let key = StayKey { patient, stay };
            assert_eq!(
                StayKey::of_event(&format!("{}-ikke-lenger-utskrivningsklar-3", key.case())),
                Some(key)
            );
        }
        for other in ["opphold-2025-03-01-ab", "opphold-00000-innlagt-1", "noe", "opphold-00001"] {
            assert_eq!(StayKey::of_event(other), None, "{other}");
        }
    }
}
