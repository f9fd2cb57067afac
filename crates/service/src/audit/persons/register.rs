use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_store::{CommunityId, PeopleTx, PersonRow, Store, StoreError, Tx};

use super::{
    KeyRing, Person, RegisterError,
    person::{protection_called, slug},
    seal::{Bound, seal, unseal},
};
use crate::{
    access::{Protection, protection_in},
    people::Random,
};

/// The register of persons of a community. Clones are the same.
#[derive(Clone, Debug)]
pub struct PersonRegister {
    store: Store,
    community: CommunityId,
    pub(super) ring: Arc<KeyRing>,
}

/// How far the sealing with the newest key has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// How many were sealed anew.
    pub resealed: u64,
    /// How many are still sealed with another key.
    pub left: u64,
}

/// How often to try again where somebody else writes the same person.
const TRIES: usize = 5;

/// Persons that are looked through at a time.
const AT_ONCE: usize = 500;

impl PersonRegister {
    /// The register of a community in a store, under a key ring.
    pub fn new(store: Store, community: CommunityId, ring: KeyRing) -> Self {
        Self { store, community, ring: Arc::new(ring) }
    }

    /// What a person is called where the id may not stand: 64 hexadecimal digits.
    pub fn key_of(&self, id: &str) -> String {
        self.ring.mac("person", id)
    }

    /// What a person is called in exports: the same in all of them, and nothing that anybody without the key ring can turn back.
    pub fn pseudonym(&self, id: &str) -> String {
        let mac = self.ring.mac("pseudonym", id);
        format!("p-{}", mac.get(..32).unwrap_or(&mac))
    }

    /// Who somebody is, by the id that the log calls them by.
    ///
    /// # Errors
    ///
    /// The store's, and what can't be opened.
    pub async fn name_of(&self, id: &str) -> Result<Option<Person>, RegisterError> {
        let keys = BTreeSet::from([self.key_of(id)]);
        let rows = self.store.persons(&self.community, &keys).await?;
        rows.first().map(|row| self.open(row)).transpose()
    }

    /// Who some are, by the ids that the log calls them by. Those that aren't known are left out, and so are those that can't be
    /// opened, of which the operator is told.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn names_of(&self, ids: &BTreeSet<String>) -> Result<BTreeMap<String, Person>, RegisterError> {
        let keys = ids.iter().map(|id| self.key_of(id)).collect();
        let rows = self.store.persons(&self.community, &keys).await?;
        let opened = rows.iter().filter_map(|row| self.opened_or_told(row));
        Ok(opened.map(|person| (person.id.clone(), person)).collect())
    }

    /// Up to `limit` persons with this id, or with all of these words in their names. All are opened for it, one after the other: it is
    /// for a page of search, not for each line of a list.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn find(&self, text: &str, limit: usize) -> Result<Vec<Person>, RegisterError> {
        let id: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        if let Some(person) = self.name_of(&id).await? {
            return Ok(vec![person]);
        }
        let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let (mut found, mut after) = (Vec::new(), String::new());
        while !words.is_empty() && found.len() < limit {
            let rows = self.store.persons_after(&self.community, &after, AT_ONCE).await?;
            let Some(last) = rows.last() else { break };
            last.person.clone_into(&mut after);
            let opened = rows.iter().filter_map(|row| self.opened_or_told(row));
            found.extend(opened.filter(|person| person.is_called(&words)));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// What of some persons is kept from most. Those that aren't known are left out.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn protection_of(
        &self,
        ids: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Protection>, RegisterError> {
        let by_key: BTreeMap<String, &String> = ids.iter().map(|id| (self.key_of(id), id)).collect();
        let rows = self.store.persons(&self.community, &by_key.keys().cloned().collect()).await?;
        let known = rows.iter().filter_map(|row| {
            let id = by_key.get(&row.person)?;
            Some(((*id).clone(), protection_called(&row.protection)))
        });
        Ok(known.collect())
    }

    /// What is kept from most of whom, by [`PersonRegister::key_of`]: all of whom something is.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn protected(&self) -> Result<BTreeMap<String, Protection>, RegisterError> {
        let known = self.store.persons_protected(&self.community).await?;
        Ok(known.into_iter().map(|(key, slug)| (key, protection_called(&slug))).collect())
    }

    /// Keeps a person as said, in place of what was known.
    ///
    /// # Errors
    ///
    /// [`RegisterError::NoId`], and the store's.
    pub async fn put(
        &self,
        person: &Person,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        self.change(&person.id, |_| person.clone(), random, now).await
    }

    /// Says what of a person is kept from most; of one that isn't known too.
    ///
    /// # Errors
    ///
    /// [`RegisterError::NoId`], what can't be opened, and the store's.
    pub async fn protect(
        &self,
        id: &str,
        protection: Protection,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        self.change(id, |known| Person { protection, ..known }, random, now).await
    }

    /// Says that at least this much of a person is kept from most: what is kept already stays so, whoever says something else at the same
    /// time.
    ///
    /// # Errors
    ///
    /// As [`PersonRegister::protect`].
    pub async fn protect_more(
        &self,
        id: &str,
        protection: Protection,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        let stricter = |known: Person| Person { protection: known.protection.max(protection), ..known };
        self.change(id, stricter, random, now).await
    }

    /// Learns what is said of a person, in the transaction of what says it. What isn't said stays.
    ///
    /// # Errors
    ///
    /// [`RegisterError::NoId`], what can't be opened, and the store's.
    pub async fn learn(
        &self,
        tx: &mut Tx,
        said: &Person,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        for _ in 0..TRIES {
            let row = tx.person(&self.key_for(&said.id)?).await?;
            let learn = |mut known: Person| {
                known.learn(said);
                known
            };
            match self.changed(row.as_ref(), &said.id, learn, random, now)? {
                None => return Ok(()),
                Some(row) if tx.set_person(&row).await? => return Ok(()),
                Some(_) => {}
            }
        }
        Err(RegisterError::Busy)
    }

    /// Learns from entries of the log whose address or identity is protected, in the transaction that appends them: what is said in one
    /// stay holds in all of the person's. A stay that says later that it is so no more is followed in that stay alone: see
    /// [`PersonRegister::protect`].
    ///
    /// A person that can't be opened or sealed is an error here: who says that somebody is protected waits for the answer and can say it
    /// again, and in other stays nobody would know of it.
    ///
    /// # Errors
    ///
    /// As [`PersonRegister::learn`].
    pub async fn learn_protection(
        &self,
        tx: &mut Tx,
        entries: &[Entry],
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        for entry in entries {
            let protection = protection_in(std::slice::from_ref(entry));
            let Some(id) = entry.person.as_ref().filter(|id| !id.is_empty()) else { continue };
            if protection != Protection::None {
                let said = Person { id: id.clone(), protection, ..Person::default() };
                self.learn(tx, &said, random, now).await?;
            }
        }
        Ok(())
    }

    /// Seals up to `limit` persons anew that are sealed with another key than the newest. Others may read and write meanwhile: all keys
    /// of the ring open. Call it until nothing is left, and only then take the old key off the ring.
    ///
    /// # Errors
    ///
    /// What can't be opened, and the store's.
    pub async fn rotate(
        &self,
        random: &dyn Random,
        limit: usize,
        now: Timestamp,
    ) -> Result<Rotated, RegisterError> {
        let newest = self.ring.newest();
        let old = self.store.persons_not_sealed_with(&self.community, newest, limit).await?;
        let rows: Vec<PersonRow> = old
            .iter()
            .map(|row| self.sealed(&self.open(row)?, row.version, random, now))
            .collect::<Result<_, _>>()?;
        let work = async |tx: &mut PeopleTx| {
            let mut resealed = 0;
            for row in &rows {
                // Whoever wrote it meanwhile has sealed it with the newest key.
                resealed += u64::from(tx.set_person(row).await?);
            }
            Ok::<_, StoreError>(resealed)
        };
        let resealed = self.store.write_people(&self.community, work).await?;
        let left = self.store.count_persons_not_sealed_with(&self.community, newest).await?;
        Ok(Rotated { resealed, left })
    }

    /// Changes a person, or one that isn't known.
    async fn change(
        &self,
        id: &str,
        change: impl Fn(Person) -> Person,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        let key = self.key_for(id)?;
        for _ in 0..TRIES {
            let known = self.store.persons(&self.community, &BTreeSet::from([key.clone()])).await?;
            let Some(row) = self.changed(known.first(), id, &change, random, now)? else { return Ok(()) };
            let work = async |tx: &mut PeopleTx| tx.set_person(&row).await;
            if self.store.write_people(&self.community, work).await? {
                return Ok(());
            }
        }
        Err(RegisterError::Busy)
    }

    /// The row of a person after a change; `None` where nothing changes.
    fn changed(
        &self,
        row: Option<&PersonRow>,
        id: &str,
        change: impl Fn(Person) -> Person,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Option<PersonRow>, RegisterError> {
        let known = row.map(|row| self.open(row)).transpose()?;
        let blank = Person { id: id.to_owned(), ..Person::default() };
        let changed = Person { id: id.to_owned(), ..change(known.clone().unwrap_or(blank)) };
        if known.as_ref() == Some(&changed) {
            return Ok(None);
        }
        self.sealed(&changed, row.map_or(0, |row| row.version), random, now).map(Some)
    }

    fn sealed(
        &self,
        person: &Person,
        version: u64,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<PersonRow, RegisterError> {
        let key = self.key_of(&person.id);
        Ok(PersonRow {
            sealed: seal(&self.ring, &key, person, random)?,
            person: key,
            key_id: self.ring.newest().to_owned(),
            protection: slug(person.protection).to_owned(),
            version,
            changed: now,
        })
    }

    fn open(&self, row: &PersonRow) -> Result<Person, RegisterError> {
        let bound = Bound { person: &row.person, key_id: &row.key_id, protection: &row.protection };
        unseal(&self.ring, bound, &row.sealed)
    }

    fn opened_or_told(&self, row: &PersonRow) -> Option<Person> {
        let opened = self.open(row);
        if let Err(error) = &opened {
            tracing::error!(person = %row.person, %error, "a person can't be opened");
        }
        opened.ok()
    }

    fn key_for(&self, id: &str) -> Result<String, RegisterError> {
        if id.is_empty() { Err(RegisterError::NoId) } else { Ok(self.key_of(id)) }
    }
}
