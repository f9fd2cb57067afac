//! Who sent an entry and whom it was for, as the address book knows them.

use crate::exchange::meaning::{AddressBook, Table, sending::Address};
use samspill_base::Entry;

/// The two ends of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Who sent it, or registered it.
    pub from: Option<End>,
    /// Whom it was for; none of an event.
    pub to: Option<End>,
}

/// A party, and the unit of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// What the address book calls the party; what the log calls it, where the book doesn't know it.
    pub party: String,
    /// Its unit: the one that the log names, or else the one that sends or takes such entries. None where neither says one.
    pub unit: Option<String>,
}

impl Ends {
    /// The ends of an entry.
    pub fn of(entry: &Entry, book: &AddressBook) -> Self {
        let usual = Table::shipped().services_of(&entry.kind);
        Self {
            from: End::of(entry.from.as_deref(), book, |party| party.sends.get(&entry.kind), usual.from),
            to: End::of(entry.to.as_deref(), book, |party| party.receives.get(&entry.kind), usual.to),
        }
    }

    /// Whether a party is at either end.
    pub fn has(&self, party: &str) -> bool {
        self.both().any(|end| end.party == party)
    }

    /// Those there are, the sender first.
    pub fn both(&self) -> impl Iterator<Item = &End> {
        self.from.iter().chain(&self.to)
    }
}

impl End {
    fn of<'b>(
        name: Option<&str>,
        book: &'b AddressBook,
        local: impl Fn(&'b Address) -> Option<&'b String>,
        usual: Option<&str>,
    ) -> Option<Self> {
        let name = name.map(str::trim).filter(|name| !name.is_empty())?;
        let Some(address) = book.find(name) else { return Some(Self { party: name.to_owned(), unit: None }) };
        let named = address.service_called(name);
        let by_kind = local(address).map(String::as_str).or(usual);
        let open = || by_kind.and_then(|does| address.open_service(does)).or_else(|| address.only_service());
        let ended = || by_kind.and_then(|does| address.services.get(does));
        let unit = named.or_else(open).or_else(ended).map(|unit| unit.name.clone());
        Some(Self { party: address.name.clone(), unit })
    }
}
