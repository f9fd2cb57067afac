//! What an administrator may change of their own party in the address book, and what is looked at first.

use std::collections::{BTreeMap, BTreeSet};

use samspill_formats::messages::make::UnitDraft;

use crate::exchange::meaning::{Address, AddressBook, Directory, Fact};

/// Letters of a unit's name.
pub const NAME_LETTERS_MAX: usize = 80;
/// Telephone numbers of a unit.
pub const TELEPHONES_MAX: usize = 5;
/// Letters of a telephone number.
const TELEPHONE_LETTERS_MAX: usize = 30;
/// Digits of a HER-id.
const HER_DIGITS_MAX: usize = 10;
/// Units that a party may have: more than any trust has wards.
const UNITS_MAX: usize = 500;

/// A change of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Of the whole of it.
    Whole(Whole),
    /// Of one of its units.
    Unit(Unit),
}

/// What is said of the whole of a party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// Its HER-id; empty: none.
    pub her: String,
    /// Its telephone numbers.
    pub telephones: Vec<String>,
    /// Which units take and send kinds of entries, where that isn't the usual one.
    pub ways: Ways,
}

/// Which unit takes, and which sends, entries of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Takes, by kind: what the unit does.
    pub receives: BTreeMap<String, String>,
    /// Sends.
    pub sends: BTreeMap<String, String>,
}

/// What is said of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// What it does, by which the book knows it. Empty: a new one, which gets its own.
    pub does: String,
    /// Its name. That of a unit that there is can't be changed: the log, roles and people's habits have it.
    pub name: String,
    /// Its HER-id; empty: none.
    pub her: String,
    /// Its telephone numbers.
    pub telephones: Vec<String>,
    /// Facts of stays whose messages it sends, where they aren't those of the whole party.
    pub facts: BTreeMap<String, String>,
    /// Whether nothing new is sent to or from it.
    pub is_ended: bool,
}

/// What is wrong with a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// A unit without a name.
    NoName,
    /// A name of more than [`NAME_LETTERS_MAX`] letters, or with signs that stand in no name.
    BadName,
    /// A name that the party, one of its units or another party has.
    NameTaken,
    /// A name by which the log would call somebody else otherwise than now.
    NameOfAnother {
        /// Who.
        party: String,
    },
    /// A HER-id that isn't 1 to 10 digits.
    BadHer,
    /// A HER-id that somebody has, or had.
    HerTaken {
        /// Who.
        party: String,
    },
    /// A number that can't be a telephone's, or too many of them.
    BadTelephone,
    /// The unit takes or sends kinds of entries: another must do that first.
    InUse {
        /// Which kinds.
        kinds: BTreeSet<String>,
    },
    /// Nothing could be sent to the party any more.
    LastUnit,
    /// The party has as many units as there may be.
    TooManyUnits,
    /// There is no such unit, or it is ended.
    NoUnit,
}

/// The entry of a party after a change, or all that is wrong with the change.
///
/// # Errors
/// What is wrong, in the order of the form.
pub fn edited(book: &AddressBook, before: &Address, edit: &Edit) -> Result<Address, Vec<AddressFault>> {
    let mut faults = Vec::new();
    let after = match edit {
        Edit::Whole(whole) => with_whole(before, whole, &mut faults),
        Edit::Unit(unit) => with_unit(book, before, unit, &mut faults),
    };
    faults.extend(her_faults(book, before, edit));
    if faults.is_empty() {
        faults.extend(called_otherwise(book, &after));
    }
    if faults.is_empty() { Ok(after) } else { Err(faults) }
}

fn with_whole(before: &Address, whole: &Whole, faults: &mut Vec<AddressFault>) -> Address {
    let mut after = before.clone();
    set_her(&mut after, "", &whole.her);
    after.organisation.telephones = telephones(&whole.telephones, faults);
    after.receives.clone_from(&whole.ways.receives);
    after.sends.clone_from(&whole.ways.sends);
    let named = whole.ways.receives.values().chain(whole.ways.sends.values());
    if named.into_iter().any(|does| before.open_service(does).is_none()) {
        faults.push(AddressFault::NoUnit);
    }
    after
}

fn with_unit(book: &AddressBook, before: &Address, unit: &Unit, faults: &mut Vec<AddressFault>) -> Address {
    let mut after = before.clone();
    let does = if unit.does.is_empty() { new_key(before) } else { unit.does.clone() };
    if unit.does.is_empty() {
        faults.extend(name_fault(book, before, &unit.name));
        after.services.insert(does.clone(), UnitDraft { name: unit.name.clone(), ..UnitDraft::default() });
    } else if !before.services.contains_key(&unit.does) {
        faults.push(AddressFault::NoUnit);
        return after;
    }
    set_her(&mut after, &does, &unit.her);
    let numbers = telephones(&unit.telephones, faults);
    if let Some(service) = after.services.get_mut(&does) {
        service.telephones = numbers;
    }
    set_facts(&mut after, &does, &unit.facts);
    if unit.is_ended {
        faults.extend(end_faults(before, &does));
        after.ended.insert(does);
    } else {
        after.ended.remove(&does);
    }
    if after.services.len() > UNITS_MAX {
        faults.push(AddressFault::TooManyUnits);
    }
    after
}

/// A HER-id in place of the one before, which stays known.
fn set_her(address: &mut Address, does: &str, her: &str) {
    let unit = if does.is_empty() { Some(&mut address.organisation) } else { address.services.get_mut(does) };
    let Some(unit) = unit else { return };
    let new = (!her.is_empty()).then(|| her.to_owned());
    let old = std::mem::replace(&mut unit.her, new);
    if let Some(old) = old.filter(|old| old != her) {
        address.former.insert(old, does.to_owned());
    }
    // One that it takes back is its own again.
    address.former.remove(her);
}

/// The facts of a unit that are said of it; others that it has stay.
fn set_facts(address: &mut Address, does: &str, facts: &BTreeMap<String, String>) {
    let own = address.service_facts.entry(does.to_owned()).or_default();
    for (name, value) in facts {
        if value.is_empty() {
            own.remove(name);
        } else {
            own.insert(name.clone(), Fact::Text(value.clone()));
        }
    }
    if own.is_empty() {
        address.service_facts.remove(does);
    }
}

fn telephones(numbers: &[String], faults: &mut Vec<AddressFault>) -> Vec<String> {
    let is_one = |number: &String| {
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let is_usual = |letter: char| letter.is_ascii_digit() || " +-()/".contains(letter);
        digits >= 3 && number.chars().count() <= TELEPHONE_LETTERS_MAX && number.chars().all(is_usual)
    };
    if numbers.len() > TELEPHONES_MAX || !numbers.iter().all(is_one) {
        faults.push(AddressFault::BadTelephone);
    }
    numbers.to_vec()
}

/// What a new unit is known by: a word and a number that no unit of the party has.
fn new_key(address: &Address) -> String {
    let keys = (address.services.len() + 1..).map(|number| format!("enhet-{number}"));
    keys.into_iter().find(|key| !address.services.contains_key(key)).unwrap_or_default()
}

fn name_fault(book: &AddressBook, before: &Address, name: &str) -> Option<AddressFault> {
    if name.is_empty() {
        return Some(AddressFault::NoName);
    }
    if name.chars().count() > NAME_LETTERS_MAX || name.chars().any(char::is_control) {
        return Some(AddressFault::BadName);
    }
    let is_party = |party: &Address| party.is_called(name);
    let is_taken = book.parties.iter().any(is_party) || before.service_called(name).is_some();
    is_taken.then_some(AddressFault::NameTaken)
}

fn her_faults(book: &AddressBook, before: &Address, edit: &Edit) -> Option<AddressFault> {
    let (does, her) = match edit {
        Edit::Whole(whole) => ("", &whole.her),
        Edit::Unit(unit) => (unit.does.as_str(), &unit.her),
    };
    if her.is_empty() {
        return None;
    }
    if her.len() > HER_DIGITS_MAX || !her.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(AddressFault::BadHer);
    }
    let owner = book.parties.iter().find(|party| party.her_ids().any(|known| known == her))?;
    let is_new = matches!(edit, Edit::Unit(unit) if unit.does.is_empty());
    let is_own = owner.name == before.name
        && if does.is_empty() {
            !is_new && before.is_called(her)
        } else {
            before.service_entry(her).is_some_and(|(known, _)| known == does)
        };
    (!is_own).then(|| AddressFault::HerTaken { party: owner.name.clone() })
}

/// Why a unit can't be ended.
fn end_faults(before: &Address, does: &str) -> Option<AddressFault> {
    let ways = before.receives.iter().chain(&before.sends).filter(|(_, by)| *by == does);
    let kinds: BTreeSet<String> = ways.map(|(kind, _)| kind.clone()).collect();
    if !kinds.is_empty() {
        return Some(AddressFault::InUse { kinds });
    }
    let others = before.open_services().filter(|(other, _)| *other != does).count();
    (others == 0 && before.person.is_none()).then_some(AddressFault::LastUnit)
}

/// Whether the log would call anybody else otherwise after a change.
fn called_otherwise(book: &AddressBook, after: &Address) -> Option<AddressFault> {
    let before = book.directory();
    let new = book.with(after.clone());
    let changed = new.directory();
    let others = book.parties.iter().filter(|party| party.name != after.name);
    let is_other = |party: &&Address| {
        let name = |her: &str, book: &Directory| book.get(her).map(|listed| listed.name.clone());
        party.her_ids().any(|her| name(her, &before) != name(her, &changed))
    };
    others.into_iter().find(is_other).map(|party| AddressFault::NameOfAnother { party: party.name.clone() })
}

impl Whole {
    /// What a party's entry says.
    pub fn of(address: &Address) -> Self {
        Self {
            her: address.organisation.her.clone().unwrap_or_default(),
            telephones: address.organisation.telephones.clone(),
            ways: Ways { receives: address.receives.clone(), sends: address.sends.clone() },
        }
    }
}

impl Unit {
    /// What a party's entry says of a unit; none where it has no such.
    pub fn of(address: &Address, does: &str) -> Option<Self> {
        let service = address.services.get(does)?;
        let facts = address.service_facts.get(does).into_iter().flatten();
        let facts = facts.filter_map(|(name, fact)| match fact {
            Fact::Text(text) => Some((name.clone(), text.clone())),
            Fact::Flag(_) => None,
        });
        Some(Self {
            does: does.to_owned(),
            name: service.name.clone(),
            her: service.her.clone().unwrap_or_default(),
            telephones: service.telephones.clone(),
            facts: facts.collect(),
            is_ended: address.ended.contains(does),
        })
    }
}
