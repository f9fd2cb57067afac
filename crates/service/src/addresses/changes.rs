use std::collections::BTreeMap;

use samspill_store::{AddressRow, CommunityId, Store, StoreError};

use crate::exchange::meaning::{Address, AddressBook};

/// What administrators changed in the address book, as the store has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    rows: BTreeMap<String, AddressRow>,
    count: u64,
}

impl Changes {
    /// All that are in force.
    ///
    /// # Errors
    /// A store that can't be read.
    pub async fn read(store: &Store, community: &CommunityId) -> Result<Self, StoreError> {
        // Counted first: what comes in between is read now, and once more.
        let count = store.address_changes(community).await?;
        let rows = store.addresses(community).await?;
        Ok(Self { count, ..Self::of(rows) })
    }

    /// Those of these rows, the newest of each party.
    pub(super) fn of(rows: Vec<AddressRow>) -> Self {
        Self { rows: rows.into_iter().map(|row| (row.party.clone(), row)).collect(), count: 0 }
    }

    /// How often anything was changed, when this was read. Whoever sees another number in the store has something to read.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What was written last of a party.
    pub fn of_party(&self, party: &str) -> Option<&AddressRow> {
        self.rows.get(party)
    }

    /// A book with these changes. A party that the file doesn't have isn't added: the file says who takes part. Nor is an entry that this
    /// program can't read, or which would take a HER-id that the file meanwhile gives somebody else: then what the file says holds, and a
    /// warning is logged.
    #[must_use]
    pub fn over(&self, file: &AddressBook) -> AddressBook {
        let mut book = file.clone();
        for place in 0..book.parties.len() {
            let Some(entry) = self.rows.get(&book.parties[place].name).and_then(entry) else { continue };
            if let Some(her) = entry.her_ids().find(|her| is_of_another(&book, place, her)) {
                let party = entry.name.as_str();
                tracing::warn!(
                    party,
                    her,
                    "the address book's file gives another party a HER-id of this one: the file holds"
                );
                continue;
            }
            book.parties[place] = entry;
        }
        book
    }
}

fn is_of_another(book: &AddressBook, place: usize, her: &str) -> bool {
    let others = book.parties.iter().enumerate().filter(|(other, _)| *other != place);
    others.into_iter().any(|(_, party)| party.her_ids().any(|own| own == her))
}

/// What a row says; nothing where it says what the file says, or can't be read.
pub(super) fn entry(row: &AddressRow) -> Option<Address> {
    if row.entry.is_empty() {
        return None;
    }
    let read = serde_json::from_str::<Address>(&row.entry).ok().filter(|entry| entry.name == row.party);
    if read.is_none() {
        let (party, version) = (row.party.as_str(), row.version);
        tracing::warn!(
            party,
            version,
            "a change of the address book can't be read: what its file says holds"
        );
    }
    read
}
