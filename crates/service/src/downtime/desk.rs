//! Downtime in the log of a community: what is registered is checked against what is there, and written in one transaction.

use jiff::Timestamp;
use samspill_base::{Entry, calendar::DayCalendar};
use samspill_store::{Append, AppendKey, CommunityId, Store, StoreError, Tx};

use super::{
    AfterwardsRefusal, Change, NewPeriod, Periods, Practice, Refusal, Registered, Setting, Told, Written,
    afterwards, case_of, change, register,
};
use crate::exchange::meaning::AddressBook;

/// Where downtime is registered.
#[derive(Clone, Copy, Debug)]
pub struct DowntimeDesk<'a> {
    /// The store.
    pub store: &'a Store,
    /// Whose log.
    pub community: &'a CommunityId,
    /// The parties that there are.
    pub book: &'a AddressBook,
    /// Working days.
    pub calendar: &'a DayCalendar,
    /// How long ahead downtime is announced here, if anything is agreed.
    pub practice: Option<&'a Practice>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It can't be registered so.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It can't be written afterwards so.
    #[error(transparent)]
    Afterwards(#[from] AfterwardsRefusal),
}

impl DowntimeDesk<'_> {
    /// Registers downtime. The same again, with the same id, is refused as taken.
    ///
    /// # Errors
    /// Where it can't be so ([`Refusal`]), and where the store fails.
    pub async fn register(&self, new: &NewPeriod) -> Result<Registered, DeskError> {
        let mut tx = self.store.begin(self.community).await?;
        let periods = self.known(&mut tx, new.recorded).await?;
        let registered = register(new, &self.setting(&periods))?;
        append(tx, &format!("nedetid-{}", new.id), &registered.entries, new.recorded).await?;
        Ok(registered)
    }

    /// Registers what became of downtime.
    ///
    /// # Errors
    /// As [`DowntimeDesk::register`].
    pub async fn change(&self, what: &Change) -> Result<Registered, DeskError> {
        let mut tx = self.store.begin(self.community).await?;
        let periods = self.known(&mut tx, what.recorded).await?;
        let registered = change(what, &self.setting(&periods))?;
        append(tx, &format!("nedetid-{}", what.id), &registered.entries, what.recorded).await?;
        Ok(registered)
    }

    /// Writes what happened in downtime into the log, with its true times: the entry and the note on it together.
    ///
    /// # Errors
    /// As [`DowntimeDesk::register`].
    pub async fn afterwards(&self, entry: Entry, told: &Told) -> Result<Written, DeskError> {
        let mut tx = self.store.begin(self.community).await?;
        let periods = self.known(&mut tx, told.recorded).await?;
        let key = format!("etterpa-{}", entry.id.as_deref().unwrap_or_default());
        let written = afterwards(entry, told, &periods)?;
        append(tx, &key, &written.entries, told.recorded).await?;
        Ok(written)
    }

    /// The downtime that is known as of an instant, of all parties.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn periods(&self, as_of: Timestamp) -> Result<Periods, StoreError> {
        Ok(KnownDowntime::read(self.store, self.community, self.book, as_of).await?.periods)
    }

    async fn known(&self, tx: &mut Tx, as_of: Timestamp) -> Result<Periods, StoreError> {
        let mut entries = Vec::new();
        for party in &self.book.parties {
            entries.extend(tx.case_entries(&case_of(&party.name)).await?);
        }
        Ok(in_order(entries, as_of))
    }

    fn setting<'s>(&'s self, periods: &'s Periods) -> Setting<'s> {
        Setting { book: self.book, periods, calendar: self.calendar, practice: self.practice }
    }
}

/// What a log knows of downtime as of an instant.
#[derive(Clone, Debug, Default)]
pub struct KnownDowntime {
    /// The periods.
    pub periods: Periods,
    /// All entries on downtime, in the order of the log: notes on what was entered afterwards are among them.
    pub entries: Vec<Entry>,
}

impl KnownDowntime {
    /// That of all parties of an address book.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn read(
        store: &Store,
        community: &CommunityId,
        book: &AddressBook,
        as_of: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut entries = Vec::new();
        for party in &book.parties {
            entries.extend(store.case_entries(community, &case_of(&party.name)).await?);
        }
        entries.sort_by_key(|entry| entry.position);
        Ok(Self { periods: Periods::of(&entries, as_of), entries })
    }
}

fn in_order(mut entries: Vec<Entry>, as_of: Timestamp) -> Periods {
    entries.sort_by_key(|entry| entry.position);
    Periods::of(&entries, as_of)
}

async fn append(mut tx: Tx, key: &str, entries: &[Entry], recorded: Timestamp) -> Result<(), StoreError> {
    tx.put_append(&Append { key: AppendKey::new(key)?, recorded, entries: entries.to_vec() }).await?;
    tx.commit().await
}
