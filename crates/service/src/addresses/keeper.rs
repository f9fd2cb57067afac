use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_store::{AddressRow, CommunityId, NewAccess, PeopleTx, Store, StoreError};

use super::{AddressFault, Changes, Edit, edited};
use crate::{
    access::Subject,
    audit::{Deed, Doer, Happened},
    exchange::meaning::{Address, AddressBook},
};

/// Somebody who changes their own party in the address book. Whether they may is the caller's to ask; what they do, and that they did it,
/// is written in one transaction.
#[derive(Clone, Copy, Debug)]
pub struct AddressKeeper<'a> {
    /// Where changes are.
    pub store: &'a Store,
    /// Of which community.
    pub community: &'a CommunityId,
    /// What the node's file says.
    pub file: &'a AddressBook,
    /// Who.
    pub by: &'a Subject,
    /// What this program is called in the access log.
    pub node: &'a str,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub now: Timestamp,
}

/// How it went.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// It is as was wanted: it was written, or said so already.
    Done,
    /// Somebody changed the party meanwhile, and nothing was written. How often it is changed now, and how it is.
    Meanwhile(u64, Box<Address>),
    /// What is wrong with the change. Nothing was written.
    Refused(Vec<AddressFault>),
    /// The book doesn't have the party.
    NoParty,
}

impl AddressKeeper<'_> {
    /// Changes the party, if nobody changed it since the version that was seen: 0, if it is as the file says. Sent twice it is written once.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn change(&self, version: u64, edit: &Edit) -> Result<Changed, StoreError> {
        let work = async |tx: &mut PeopleTx| self.change_in(tx, version, edit).await;
        self.store.write_people(self.community, work).await
    }

    /// Takes back all changes of the party: what the file says holds. Units that were made meanwhile are ended, and stay with all HER-ids: the
    /// log and messages name them.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn reset(&self, version: u64) -> Result<Changed, StoreError> {
        let work = async |tx: &mut PeopleTx| {
            let found = tx.address(&self.by.party).await?;
            if found.as_ref().is_none_or(|row| row.entry.is_empty()) {
                return Ok(Changed::Done);
            }
            let now = self.own(&Changes::of(tx.addresses().await?).over(self.file));
            let (Some(now), Some(told)) = (now, self.own(self.file)) else { return Ok(Changed::NoParty) };
            let after = still_knowing(&told, &now);
            if after == now {
                return Ok(Changed::Done);
            }
            let entry = if after == told { String::new() } else { written(&after) };
            self.write(tx, version, (&now, entry), "som i filen").await
        };
        self.store.write_people(self.community, work).await
    }

    async fn change_in(&self, tx: &mut PeopleTx, version: u64, edit: &Edit) -> Result<Changed, StoreError> {
        let book = Changes::of(tx.addresses().await?).over(self.file);
        let Some(own) = self.own(&book) else { return Ok(Changed::NoParty) };
        let after = match edited(&book, &own, edit) {
            Ok(after) if after == own => return Ok(Changed::Done),
            Ok(after) => after,
            // What was just written takes its own name and HER-id: sent twice, it isn't wrong.
            Err(_) if is_written(&own, edit) => return Ok(Changed::Done),
            Err(faults) => return Ok(Changed::Refused(faults)),
        };
        self.write(tx, version, (&own, written(&after)), &told(edit)).await
    }

    async fn write(
        &self,
        tx: &mut PeopleTx,
        version: u64,
        (own, entry): (&Address, String),
        what: &str,
    ) -> Result<Changed, StoreError> {
        let known = tx.address(&self.by.party).await?.map_or(0, |row| row.version);
        let row = AddressRow {
            party: self.by.party.clone(),
            version: version + 1,
            entry,
            by: self.by.name.clone(),
            changed: self.now,
        };
        if known != version || !tx.add_address(&row).await? {
            return Ok(Changed::Meanwhile(known, Box::new(own.clone())));
        }
        self.tell(tx, what).await?;
        Ok(Changed::Done)
    }

    fn own(&self, book: &AddressBook) -> Option<Address> {
        book.parties.iter().find(|party| party.name == self.by.party).cloned()
    }

    async fn tell(&self, tx: &mut PeopleTx, detail: &str) -> Result<(), StoreError> {
        let (by, party) = (Doer::Subject(self.by), self.by.party.as_str());
        let what = Happened::AddressChanged;
        let deed = Deed { by, what, party, detail, request: self.request, at: self.now };
        tx.log_access(&NewAccess { kind: "adresse".to_owned(), ..deed.row(self.node) }).await?;
        Ok(())
    }
}

/// An entry as it is kept.
fn written(entry: &Address) -> String {
    serde_json::to_string(entry).unwrap_or_default()
}

/// What the file says of a party, with the units and HER-ids that it had meanwhile.
fn still_knowing(told: &Address, now: &Address) -> Address {
    let mut entry = told.clone();
    for (does, unit) in now.services.iter().filter(|(does, _)| !told.services.contains_key(*does)) {
        entry.services.insert(does.clone(), unit.clone());
        entry.ended.insert(does.clone());
    }
    let known: BTreeSet<&str> = entry.her_ids().collect();
    let former = now.her_ids().filter(|her| !known.contains(her));
    let former: Vec<(String, String)> = former
        .map(|her| {
            (her.to_owned(), now.service_entry(her).map(|(does, _)| does.to_owned()).unwrap_or_default())
        })
        .collect();
    entry.former.extend(former);
    entry
}

/// Whether a new unit is there already as it is wanted.
fn is_written(own: &Address, edit: &Edit) -> bool {
    let Edit::Unit(unit) = edit else { return false };
    let Some((does, _)) = own.service_entry(&unit.name).filter(|_| unit.does.is_empty()) else {
        return false;
    };
    let known = super::Unit::of(own, does);
    let wanted = super::Unit { does: does.to_owned(), ..unit.clone() };
    known.is_some_and(|known| known == wanted)
}

fn told(edit: &Edit) -> String {
    match edit {
        Edit::Whole(_) => "hele parten".to_owned(),
        Edit::Unit(unit) if unit.does.is_empty() => format!("ny enhet: {}", unit.name),
        Edit::Unit(unit) if unit.is_ended => format!("avsluttet enhet: {}", unit.name),
        Edit::Unit(unit) => format!("enhet: {}", unit.name),
    }
}
