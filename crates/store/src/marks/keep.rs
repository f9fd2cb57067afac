//! The table of marks: written with entries, asked when they are read.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use samspill_base::Entry;
use sha2::{Digest, Sha256};

use super::{
    entry::Texts,
    mark::marks_in,
    open::{Numbers, Open},
    put::Put,
};
use crate::{
    CommunityId, EntryError, Seal, SealError, StoreError,
    canonical::put_text,
    database::{Param, Row, Session},
    mail::padded,
    sql::log_person as sql,
};

/// What seals persons of the log, and the numbers that were opened last.
pub(crate) struct Marks {
    seal: Arc<dyn Seal>,
    /// A mark stands for the same number for ever, so what is known here is never wrong. Whether a mark is in the table is always
    /// asked of the database.
    known: RwLock<BTreeMap<CommunityId, Numbers>>,
}

/// Numbers that are remembered of a community: some ten megabytes. Then they are forgotten, and asked for anew.
const KNOWN_MAX: usize = 100_000;

/// Shows nothing of what is known.
impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Marks").field("seal", &self.seal).finish_non_exhaustive()
    }
}

/// Entries as they are written.
#[derive(Debug)]
pub(crate) struct Marked<'a> {
    pub(crate) entries: Cow<'a, [Entry]>,
    /// What was put, by marks.
    pub(crate) numbers: BTreeMap<String, String>,
    /// What looked like a mark and stayed.
    left: BTreeSet<String>,
}

impl<'a> Marked<'a> {
    /// Entries that are written as they were given.
    pub(crate) fn as_given(entries: &'a [Entry]) -> Self {
        Self { entries: Cow::Borrowed(entries), numbers: BTreeMap::new(), left: BTreeSet::new() }
    }

    /// Whether entries were given with what looks like a mark.
    pub(crate) fn may_hold_marks(&self) -> bool {
        !self.left.is_empty()
    }
}

/// What becomes of a mark whose row is there and can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unopened {
    /// It stays.
    Stays,
    /// It is an error.
    Refused,
}

impl Marks {
    pub(crate) fn new(seal: Arc<dyn Seal>) -> Self {
        Self { seal, known: RwLock::default() }
    }

    /// Entries with marks in place of numbers.
    pub(crate) fn put(&self, community: &CommunityId, entries: &[Entry]) -> Marked<'static> {
        let (mut put, mut numbers, mut left) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        for entry in entries {
            let seal = (self.seal.as_ref(), community);
            put.push(entry.swapped(&mut Put::new(seal, entry.person.as_deref(), &mut numbers, &mut left)));
            let names = [&entry.case, &entry.kind];
            left.extend(names.into_iter().flat_map(|name| marks_in(name)).map(|(_, mark)| mark.to_owned()));
        }
        Marked { entries: Cow::Owned(put), numbers, left }
    }

    /// Writes whom marks stand for, with what else is put; but for a mark that is known to be in the table.
    pub(crate) async fn write(
        &self,
        session: &mut dyn Session,
        community: &CommunityId,
        numbers: &BTreeMap<String, String>,
        there: Option<&str>,
    ) -> Result<(), StoreError> {
        for (mark, number) in numbers.iter().filter(|(mark, _)| there != Some(mark.as_str())) {
            let (key_id, sealed) = self.sealed(community, mark, number)?;
            let params = [
                Param::Text(community.as_str()),
                Param::Text(mark),
                Param::Text(&key_id),
                Param::Bytes(&sealed),
            ];
            session.put("append to the log", sql::ADD, &params).await?;
        }
        Ok(())
    }

    /// Refuses entries that were given with a mark that is in the table.
    ///
    /// # Errors
    ///
    /// [`EntryError::Mark`], and [`StoreError::PersonsSealed`] where the key is missing with which whoever gave it could have read it.
    pub(crate) async fn refuse_marks(
        &self,
        session: &mut dyn Session,
        community: &CommunityId,
        marked: &Marked<'_>,
    ) -> Result<(), StoreError> {
        let rows = rows_of(session, community, &marked.left).await?;
        for row in &rows {
            self.opened_row(community, row)?;
        }
        if rows.is_empty() { Ok(()) } else { Err(EntryError::Mark.into()) }
    }

    /// Things with numbers in place of their marks. A mark that isn't in the table stays.
    pub(crate) async fn opened<T: Texts>(
        &self,
        session: &mut dyn Session,
        community: &CommunityId,
        things: Vec<T>,
        unopened: Unopened,
    ) -> Result<Vec<T>, StoreError> {
        let (opened, unknown) = self.with_known(community, &things);
        if unknown.is_empty() {
            return Ok(opened);
        }
        let mut found = Numbers::new();
        for row in rows_of(session, community, &unknown).await? {
            match (self.opened_row(community, &row), unopened) {
                (Ok(number), _) => drop(found.insert(row.mark, number)),
                (Err(_), Unopened::Stays) => {}
                (Err(error), Unopened::Refused) => return Err(error),
            }
        }
        if found.is_empty() {
            return Ok(opened);
        }
        self.learn(community, found);
        Ok(self.with_known(community, &things).0)
    }

    /// Things with the numbers that are known, and the marks that aren't.
    fn with_known<T: Texts>(&self, community: &CommunityId, things: &[T]) -> (Vec<T>, BTreeSet<String>) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let none = Numbers::new();
        let mut open = Open::with(known.get(community).unwrap_or(&none));
        let opened = things.iter().map(|thing| thing.swapped(&mut open)).collect();
        (opened, open.unknown)
    }

    fn learn(&self, community: &CommunityId, found: Numbers) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(community.clone()).or_default();
        if known.len() + found.len() > KNOWN_MAX {
            known.clear();
        }
        known.extend(found);
    }

    /// Seals a number with the newest key, for the row of its mark. Gives the key's name too.
    pub(super) fn sealed(
        &self,
        community: &CommunityId,
        mark: &str,
        number: &str,
    ) -> Result<(String, Vec<u8>), StoreError> {
        let key_id = self.seal.newest();
        let sealed = self.seal.seal(&bound(community, mark, key_id), number.as_bytes());
        Ok((key_id.to_owned(), sealed.map_err(|says| trouble(community, says))?))
    }

    /// What a row says.
    pub(super) fn opened_row(&self, community: &CommunityId, row: &MarkRow) -> Result<String, StoreError> {
        let MarkRow { mark, key_id, sealed } = row;
        let clear = self.seal.open(key_id, &bound(community, mark, key_id), sealed);
        let clear = clear.map_err(|says| trouble(community, says))?;
        String::from_utf8(clear).map_err(|_| trouble(community, SealError::NotOurs(key_id.clone())))
    }

    /// What seals.
    pub(super) fn seal(&self) -> &dyn Seal {
        self.seal.as_ref()
    }

    /// The name of the key that seals.
    pub(super) fn newest(&self) -> &str {
        self.seal.newest()
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct MarkRow {
    pub(super) mark: String,
    pub(super) key_id: String,
    pub(super) sealed: Vec<u8>,
}

const TABLE: &str = "log_person";

impl MarkRow {
    /// Reads a row with the columns of [`sql::AFTER`].
    pub(super) fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self { mark: row.text(TABLE, 0)?, key_id: row.text(TABLE, 1)?, sealed: row.bytes(TABLE, 2)? })
    }
}

/// The rows of some marks, in no order. Those that have none are left out.
async fn rows_of(
    session: &mut dyn Session,
    community: &CommunityId,
    marks: &BTreeSet<String>,
) -> Result<Vec<MarkRow>, StoreError> {
    let marks: Vec<_> = marks.iter().map(|mark| Param::Text(mark)).collect();
    let (asked, statement) = if marks.len() <= sql::FEW_COUNT {
        (sql::FEW_COUNT, sql::FEW.as_str())
    } else {
        (sql::MANY_COUNT, sql::MANY.as_str())
    };
    let mut found = Vec::new();
    for chunk in marks.chunks(asked) {
        let mut params = vec![Param::Text(community.as_str())];
        params.extend(padded(chunk, asked));
        for row in session.rows("read persons of the log", statement, &params).await? {
            found.push(MarkRow::read(row)?);
        }
    }
    Ok(found)
}

/// For a store without a seal: refuses to go on with a log of which any person is sealed.
pub(crate) async fn refuse_sealed(
    session: &mut dyn Session,
    community: &CommunityId,
) -> Result<(), StoreError> {
    let params = [Param::Text(community.as_str())];
    let rows = session.rows("see whether persons are sealed", sql::ANY, &params).await?;
    no_key(community, rows.into_iter().next().map(|mut row| row.text(TABLE, 0)).transpose()?)
}

/// What to say where a person is sealed with a key, and there is no seal.
pub(crate) fn no_key(community: &CommunityId, key_id: Option<String>) -> Result<(), StoreError> {
    key_id.map_or(Ok(()), |key_id| Err(trouble(community, SealError::NoKeys(key_id))))
}

/// What the seal of a row is bound to.
fn bound(community: &CommunityId, mark: &str, key_id: &str) -> [u8; 32] {
    let mut fields = Vec::new();
    for text in [community.as_str(), mark, key_id] {
        put_text(&mut fields, text);
    }
    Sha256::new().chain_update("samspill sealed log person 1\n").chain_update(fields).finalize().into()
}

fn trouble(community: &CommunityId, says: SealError) -> StoreError {
    StoreError::PersonsSealed { community: community.clone(), says }
}
