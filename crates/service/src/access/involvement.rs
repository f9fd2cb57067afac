use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::{CaseLog, Entry, Value};

use super::{End, Ends};
use crate::{
    exchange::meaning::{AddressBook, message_in},
    projections::StayRow,
};

/// Who takes part in a stay: what access to it hangs on. It follows from the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Involvement {
    /// The stay.
    pub case: String,
    /// The parties that sent or received anything in it, and the municipality that it says is liable, as the address book calls them.
    pub parties: BTreeSet<String>,
    /// Their units, where the log or the address book names them: party and unit.
    pub units: BTreeSet<(String, String)>,
    /// The parties that pay for its days.
    pub payers: BTreeSet<String>,
    /// Whether it runs, or has duties undone.
    pub is_open: bool,
    /// When the latest entry happened; 1970 of a stay without entries.
    pub last: Timestamp,
    /// Whether the patient's address or identity is protected.
    pub protection: Protection,
}

/// Whether anything of a stay is left to do or to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// It runs, or has duties undone.
    Open,
    /// It doesn't.
    Settled,
}

/// Whether where a patient lives, or who it is, is kept from most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// Neither.
    #[default]
    None,
    /// The address is ("fortrolig", codes 6 and 7 of the register).
    Address,
    /// Name and identity are.
    Identity,
}

/// The facts that name the municipality that is liable, and the field of the event that settles it: its kind and the field.
const LIABLE: [&str; 1] = ["oppholdskommune"];
const SETTLES: (&str, &str) = ("oppholdskommune-avklart", "kommune");
/// The fact that says how an address is protected, and the fact that an identity is.
const ADDRESS_PROTECTED: &str = "adressegradering";
const IDENTITY_PROTECTED: &str = "skjermet-identitet";
/// The words of an address that is not protected.
const PUBLIC: [&str; 2] = ["ugradert", "klientadresse"];
/// The message by which a receiver says that a message wasn't right, and its field that names that.
const MISTAKEN: (&str, &str) = ("feil-i-melding", "gjelder");

impl Involvement {
    /// Who takes part in a stay, by its log and its line on the board.
    ///
    /// Whoever got nothing but messages that it answered with "error in a received message" takes no part: they came to the wrong
    /// one. The municipality that is liable takes part also if it has neither sent nor got anything; of several that were named, the
    /// one named last.
    pub fn of(log: &CaseLog, row: &StayRow, openness: Openness, book: &AddressBook) -> Self {
        let Part { parties, units, payers } =
            Part::of(log, row.meters.iter().filter_map(|sum| sum.payer.as_deref()), book);
        Self {
            case: log.case.clone(),
            parties,
            units,
            payers,
            is_open: openness == Openness::Open,
            last: log.entries.iter().map(|entry| entry.happened).max().unwrap_or_default(),
            protection: protection_in(&log.entries),
        }
    }

    /// Whether a party takes part.
    pub fn has(&self, party: &str) -> bool {
        self.parties.contains(party)
    }

    /// The same with what somebody else knows of the patient's protection: the stricter counts.
    #[must_use]
    pub fn protected(mut self, protection: Protection) -> Self {
        self.protection = self.protection.max(protection);
        self
    }
}

/// Who takes part in a stay and who pays, whatever it is asked for: access and figures mean the same by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// See [`Involvement::parties`].
    pub(crate) parties: BTreeSet<String>,
    units: BTreeSet<(String, String)>,
    payers: BTreeSet<String>,
}

impl Part {
    /// By the log, and by who pays for its days as the evaluation says.
    pub(crate) fn of<'p>(
        log: &CaseLog,
        payers: impl IntoIterator<Item = &'p str>,
        book: &AddressBook,
    ) -> Self {
        let mut part = Self::default();
        for end in ends_that_count(&log.entries, book) {
            part.units.extend(end.unit.map(|unit| (end.party.clone(), unit)));
            part.parties.insert(end.party);
        }
        part.payers = payers.into_iter().map(|name| party(name, book)).collect();
        part.parties.extend(part.payers.iter().cloned());
        part.parties.extend(liable(&log.entries).map(|name| party(name, book)));
        part
    }
}

/// The party that the log means by a name: what the address book calls it, or the name where the book doesn't know it.
pub(crate) fn party(name: &str, book: &AddressBook) -> String {
    book.find(name).map_or_else(|| name.to_owned(), |address| address.name.clone())
}

/// The ends of all entries, but of those that their receiver said were mistaken, and of its saying so.
fn ends_that_count(entries: &[Entry], book: &AddressBook) -> Vec<End> {
    let ends: Vec<(&Entry, Ends)> = entries.iter().map(|entry| (entry, Ends::of(entry, book))).collect();
    let said: BTreeMap<&str, &str> = ends
        .iter()
        .filter(|(entry, _)| entry.kind == MISTAKEN.0)
        .filter_map(|(entry, ends)| {
            Some((message_of(text(entry, MISTAKEN.1)?), ends.from.as_ref()?.party.as_str()))
        })
        .collect();
    let mut count = Vec::new();
    for (entry, ends) in &ends {
        let id = entry.id.as_deref().map(message_of);
        let mistaken = id.and_then(|id| said.get(id)).copied();
        let saying = ends.from.as_ref().filter(|_| entry.kind == MISTAKEN.0).map(|end| end.party.as_str());
        let counts = |end: &&End| Some(end.party.as_str()) != mistaken && Some(end.party.as_str()) != saying;
        count.extend(ends.both().filter(counts).cloned());
    }
    count
}

fn message_of(id: &str) -> &str {
    message_in(id)
}

/// The municipality that is liable, as the log says last.
fn liable(entries: &[Entry]) -> Option<&str> {
    entries.iter().rev().find_map(|entry| {
        let settled = text(entry, SETTLES.1).filter(|_| entry.kind == SETTLES.0);
        settled.or_else(|| LIABLE.iter().find_map(|fact| entry.facts.get(*fact)?.as_text()))
    })
}

/// What the log says last of each.
pub(crate) fn protection_in(entries: &[Entry]) -> Protection {
    let last = |fact: &str| entries.iter().rev().find_map(|entry| entry.facts.get(fact));
    if last(IDENTITY_PROTECTED) == Some(&Value::Bool(true)) {
        return Protection::Identity;
    }
    match last(ADDRESS_PROTECTED).and_then(Value::as_text) {
        Some(word) if !PUBLIC.contains(&word) => Protection::Address,
        Some(_) | None => Protection::None,
    }
}

fn text<'e>(entry: &'e Entry, field: &str) -> Option<&'e str> {
    entry.field(field)?.as_text()
}
