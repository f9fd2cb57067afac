use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use samspill_formats::{
    messages::{norway, read::MessageLimits},
    xml::XmlLimits,
};

use super::PersonFeed;
use crate::addresses::Changes;
use crate::exchange::{
    meaning::{AddressBook, Directory, Table},
    receipts::{OwnId, OwnOrganisation, OwnParty, ReceiptLimits, Recipients},
};

/// What a mailroom goes by.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who we are.
    pub recipients: Recipients,
    /// What the log calls others, and which municipalities they serve.
    pub directory: Directory,
    /// Names and addresses, for messages made here.
    pub addresses: AddressBook,
    /// What the node itself was told, before anything was changed.
    told: Told,
    /// Which message gives which entry.
    pub table: Table,
    /// The zone of times without one.
    pub zone: TimeZone,
    /// How large and deep a document may be.
    pub xml: XmlLimits,
    /// How much of a message is read.
    pub limits: MessageLimits,
    /// How long receipts are waited for.
    pub receipt_limits: ReceiptLimits,
    /// What receipts say of the program: name and version.
    pub software: Option<(String, String)>,
    /// Which channel goes where.
    pub routes: Routes,
    /// When to try again.
    pub retry: Retry,
    /// A channel whose oldest parcel was put there longer ago than this raises an alert, however often it was tried. Exactly as long
    /// doesn't.
    pub queue_age_max: SignedDuration,
    /// A channel with more parcels than this raises an alert. Exactly as many don't.
    pub queue_count_max: u64,
    /// Where it is kept who the patients of messages are; none where nobody keeps it.
    pub persons: Option<PersonFeed>,
}

impl Settings {
    /// Settings for these parties, and the default for all else: nothing is routed anywhere.
    pub fn new(
        recipients: Recipients,
        directory: Directory,
        addresses: AddressBook,
        receipt_limits: ReceiptLimits,
    ) -> Self {
        Self {
            told: Told { recipients: recipients.clone(), addresses: addresses.clone() },
            recipients,
            directory,
            addresses,
            table: Table::shipped().clone(),
            zone: norway(),
            xml: XmlLimits::default(),
            limits: MessageLimits::default(),
            receipt_limits,
            software: Some(("Samspill".to_owned(), env!("CARGO_PKG_VERSION").to_owned())),
            routes: Routes::default(),
            retry: Retry::default(),
            queue_age_max: SignedDuration::from_mins(10),
            queue_count_max: 100,
            persons: None,
        }
    }

    /// What the node's own address book says, before anything was changed.
    pub fn addresses_told(&self) -> &AddressBook {
        &self.told.addresses
    }

    /// The same with what administrators changed in the address book. Units that they added to an organisation of ours, and HER-ids that
    /// they gave, are ours too.
    #[must_use]
    pub fn changed_by(&self, changes: &Changes) -> Self {
        let addresses = changes.over(&self.told.addresses);
        let recipients = with_new_units(&self.told.recipients, &self.told.addresses, &addresses);
        Self { recipients, directory: addresses.directory(), addresses, ..self.clone() }
    }
}

/// Those who are ours, with the HER-ids of their organisations that the book has and the file didn't.
fn with_new_units(ours: &Recipients, file: &AddressBook, book: &AddressBook) -> Recipients {
    let mut ours = ours.clone();
    for (before, now) in file.parties.iter().zip(&book.parties).filter(|(before, now)| before != now) {
        let is_theirs = |own: &&mut OwnOrganisation| before.her_ids().any(|her| own.has_her(her));
        let Some(own) = ours.organisations.iter_mut().find(is_theirs) else { continue };
        for her in now.her_ids().filter(|her| before.her_ids().all(|known| known != *her)) {
            let id = OwnId { kind: "HER".to_owned(), value: her.to_owned() };
            if now.is_called(her) {
                own.ids.push(id);
            } else {
                own.parties.push(OwnParty { ids: vec![id], ..OwnParty::default() });
            }
        }
    }
    ours
}

/// Who is who by the node's own files.
#[derive(Clone, Debug)]
struct Told {
    recipients: Recipients,
    addresses: AddressBook,
}

/// Which channel goes to which receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    /// Channels by the receiver's HER-id.
    pub by_receiver: BTreeMap<String, String>,
    /// The channel of all others; none where each receiver must be listed.
    pub default: Option<String>,
}

impl Routes {
    /// The channel to a receiver.
    pub fn channel(&self, her_id: &str) -> Option<&str> {
        self.by_receiver.get(her_id).or(self.default.as_ref()).map(String::as_str)
    }
}

/// When to try again what didn't go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How long to wait after the first failure. Each further wait is twice as long.
    pub first: SignedDuration,
    /// The longest wait.
    pub longest: SignedDuration,
    /// After so many failures it is a dead letter.
    pub attempts_max: u32,
    /// How long a node may take to hand a parcel over, before another may take it up.
    pub lease: SignedDuration,
    /// Parcels that are taken up at once. Few, where several nodes share the work.
    pub at_once: usize,
}

impl Default for Retry {
    /// 15 seconds, 15 minutes, 290 attempts (three days, well before a receipt is overdue), 2 minutes, 20 at once.
    fn default() -> Self {
        Self {
            first: SignedDuration::from_secs(15),
            longest: SignedDuration::from_mins(15),
            attempts_max: 290,
            lease: SignedDuration::from_mins(2),
            at_once: 20,
        }
    }
}

impl Retry {
    /// When to try again after so many attempts, one at least; none when it is time to give up.
    pub fn next(&self, attempts: u32, now: Timestamp) -> Option<Timestamp> {
        if attempts >= self.attempts_max {
            return None;
        }
        let doublings = attempts.saturating_sub(1).min(20);
        let wait = self.first.checked_mul(1 << doublings).unwrap_or(self.longest).min(self.longest);
        now.checked_add(wait).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let retry = Retry::default();
        let waits: Vec<i64> = (1..=8).map(|tried| retry.next(tried, at(0)).unwrap().as_second()).collect();
        assert_eq!(waits, [15, 30, 60, 120, 240, 480, 900, 900]);
    }

    #[test]
    fn it_gives_up_after_so_many_attempts() {
        let retry = Retry { attempts_max: 3, ..Retry::default() };
        assert_eq!(retry.next(2, at(0)), Some(at(30)));
        assert_eq!(retry.next(3, at(0)), None);
        assert_eq!(retry.next(u32::MAX, at(0)), None);
    }

    #[test]
    fn a_listed_receiver_has_its_own_channel_and_others_the_default() {
        let by_receiver = [("8000012".to_owned(), "amqp".to_owned())].into();
        let routes = Routes { by_receiver, default: Some("mappe".to_owned()) };
        assert_eq!((routes.channel("8000012"), routes.channel("8000013")), (Some("amqp"), Some("mappe")));
        assert_eq!(Routes::default().channel("8000012"), None);
    }
}
