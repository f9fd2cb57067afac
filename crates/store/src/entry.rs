use jiff::Timestamp;
use samspill_base::{CaseLog, Entry, Position, Value};

use crate::{
    AppendKey, CommunityId, EntryHash, Head, NameError, StoreError,
    canonical::{self, VALUE_DEPTH_MAX},
    chain::Link,
    database::{Param, Row, Session},
    names::{named, within},
    sql,
};

/// An entry as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// What was recorded, with its position.
    pub entry: Entry,
    /// The append that it came with.
    pub key: AppendKey,
    /// Its place in that append, from 1.
    pub part: u32,
    /// How many entries the append has.
    pub parts: u32,
    /// The hash of the entry before; [`EntryHash::START`] for the first.
    pub previous: EntryHash,
    /// The hash of this entry and all before it.
    pub hash: EntryHash,
}

impl LogEntry {
    /// The head of a log that ends here.
    pub fn head(&self) -> Head {
        Head { position: self.entry.position, hash: self.hash }
    }
}

/// An entry that the store can't keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Its case or kind can't be a name.
    #[error("entry {part} of the append: {source}")]
    Name {
        /// Which entry, from 1.
        part: u32,
        /// What is wrong with the name.
        source: NameError,
    },
    /// Lists and maps too deep within each other.
    #[error(
        "entry {part} of the append has values more than {VALUE_DEPTH_MAX} deep within each other: keep what lies deeper as text"
    )]
    Deep {
        /// Which entry, from 1.
        part: u32,
    },
    /// Too large.
    #[error("entry {part} of the append has {bytes} bytes, {bytes_max} at most: keep large contents as a file, and its digest in the entry", bytes_max = LogEntry::BYTES_MAX)]
    Large {
        /// Which entry, from 1.
        part: u32,
        /// Its size in canonical form.
        bytes: usize,
    },
    /// A mark of this log where a person or text should be.
    #[error("an entry of the append holds what stands in this log for a person: write the person's number")]
    Mark,
    /// Nothing to append.
    #[error("an append has no entries: give it one at least, or don't ask for it")]
    Nothing,
    /// More entries than an append may have.
    #[error("an append has {entries} entries, {entries_max} at most: make several, each with its own key", entries_max = LogEntry::PARTS_MAX)]
    Many {
        /// How many.
        entries: usize,
    },
}

impl LogEntry {
    /// Bytes of an entry in canonical form at the most: 16 MiB.
    pub const BYTES_MAX: usize = 16 << 20;

    /// Entries of an append at the most.
    pub const PARTS_MAX: usize = 100_000;

    /// Bytes of a case's or kind's name at the most: PostgreSQL's indexes hold no more.
    pub const NAME_BYTES_MAX: usize = 1000;
}

/// A row of the log, as it stands there. [`Stored::entry`] makes sense of it.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) position: Position,
    pub(crate) key: String,
    pub(crate) part: u32,
    pub(crate) parts: u32,
    pub(crate) case: String,
    pub(crate) kind: String,
    pub(crate) recorded_us: i64,
    pub(crate) entry: Vec<u8>,
    pub(crate) previous: EntryHash,
    pub(crate) hash: EntryHash,
}

impl Stored {
    /// An entry as the row that follows on `before`.
    pub(crate) fn following(
        before: Head,
        community: &CommunityId,
        key: &AppendKey,
        (part, parts): (u32, u32),
        entry: &Entry,
    ) -> Self {
        let position = Position(before.position.0 + 1);
        let bytes = canonical::entry_bytes(entry);
        let mut stored = Self {
            position,
            key: key.as_str().to_owned(),
            part,
            parts,
            case: entry.case.clone(),
            kind: entry.kind.clone(),
            recorded_us: entry.recorded.map_or(0, microseconds),
            entry: bytes,
            previous: before.hash,
            hash: EntryHash::START,
        };
        stored.hash = stored.hash_in(community);
        stored
    }

    /// The hash that this row must have in the log of a community.
    pub(crate) fn hash_in(&self, community: &CommunityId) -> EntryHash {
        let link = Link {
            previous: &self.previous,
            community: community.as_str(),
            position: self.position,
            key: &self.key,
            part: self.part,
            parts: self.parts,
            entry: &self.entry,
        };
        link.hash()
    }

    /// The head of a log that ends here.
    pub(crate) fn head(&self) -> Head {
        Head { position: self.position, hash: self.hash }
    }

    /// The entry, with all that the log says about it.
    pub(crate) fn entry(self, community: &CommunityId) -> Result<LogEntry, StoreError> {
        let unreadable = |says: String| StoreError::NotWhole {
            community: community.clone(),
            position: self.position,
            says,
        };
        let entry = canonical::read_entry(&self.entry, self.position);
        Ok(LogEntry {
            entry: entry.map_err(|error| unreadable(error.to_string()))?,
            key: AppendKey::new(self.key.as_str()).map_err(|error| unreadable(error.to_string()))?,
            part: self.part,
            parts: self.parts,
            previous: self.previous,
            hash: self.hash,
        })
    }

    /// Reads a row with the columns of [`sql::FROM_POSITION`].
    pub(crate) fn read(mut row: Row) -> Result<Self, StoreError> {
        const LOG: &str = "log";
        Ok(Self {
            position: Position(row.count(LOG, 0)?),
            key: row.text(LOG, 1)?,
            part: row.small(LOG, 2)?,
            parts: row.small(LOG, 3)?,
            case: row.text(LOG, 4)?,
            kind: row.text(LOG, 5)?,
            recorded_us: row.int(LOG, 6)?,
            entry: row.bytes(LOG, 7)?,
            previous: row.hash(LOG, 8)?,
            hash: row.hash(LOG, 9)?,
        })
    }

    /// Writes the row at the end of its log.
    pub(crate) async fn write(
        &self,
        session: &mut dyn Session,
        community: &CommunityId,
    ) -> Result<(), StoreError> {
        let params = [
            Param::Text(community.as_str()),
            Param::Int(number(self.position)),
            Param::Text(&self.key),
            Param::Int(self.part.into()),
            Param::Int(self.parts.into()),
            Param::Text(&self.case),
            Param::Text(&self.kind),
            Param::Int(self.recorded_us),
            Param::Bytes(&self.entry),
            Param::Bytes(self.previous.as_bytes()),
            Param::Bytes(self.hash.as_bytes()),
        ];
        session.put("append to the log", sql::APPEND, &params).await
    }
}

/// Microseconds since 1970, rounded down: 8 bytes reach over the whole calendar, and both databases count in them. The
/// nanoseconds stand in the entry itself.
pub(crate) fn microseconds(instant: Timestamp) -> i64 {
    i64::try_from(instant.as_nanosecond().div_euclid(1000)).unwrap_or(i64::MAX)
}

/// A position as the database's number. No log comes near the end of them.
pub(crate) fn number(position: Position) -> i64 {
    i64::try_from(position.0).unwrap_or(i64::MAX)
}

/// A count as the database's number.
pub(crate) fn limit_number(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Rows of the log from a position on.
pub(crate) async fn rows_from(
    session: &mut dyn Session,
    community: &CommunityId,
    from: Position,
    limit: usize,
) -> Result<Vec<Stored>, StoreError> {
    let params = [Param::Text(community.as_str()), Param::Int(number(from)), Param::Int(limit_number(limit))];
    let rows = session.rows("read the log", sql::FROM_POSITION, &params).await?;
    rows.into_iter().map(Stored::read).collect()
}

/// The entries of a case up to a position.
pub(crate) async fn case_log(
    session: &mut dyn Session,
    community: &CommunityId,
    case: &str,
    head: Position,
) -> Result<CaseLog, StoreError> {
    let params = [Param::Text(community.as_str()), Param::Text(case), Param::Int(number(head))];
    let rows = session.rows("read a case", sql::OF_CASE, &params).await?;
    let read = rows.into_iter().map(|mut row| {
        let position = Position(row.count("log", 0)?);
        read_back(community, position, &row.bytes("log", 1)?)
    });
    Ok(CaseLog { case: case.to_owned(), entries: read.collect::<Result<_, _>>()? })
}

/// An entry from its canonical bytes.
pub(crate) fn read_back(
    community: &CommunityId,
    position: Position,
    bytes: &[u8],
) -> Result<Entry, StoreError> {
    canonical::read_entry(bytes, position).map_err(|error| StoreError::NotWhole {
        community: community.clone(),
        position,
        says: error.to_string(),
    })
}

/// The end of a log.
pub(crate) async fn head_of(session: &mut dyn Session, community: &CommunityId) -> Result<Head, StoreError> {
    let rows = session.rows("read the end of the log", sql::HEAD, &[Param::Text(community.as_str())]).await?;
    let Some(mut row) = rows.into_iter().next() else { return Ok(Head::START) };
    Ok(Head { position: Position(row.count("log", 0)?), hash: row.hash("log", 1)? })
}

/// Refuses an entry that one of the databases, or a reader of its bytes, could not give back.
pub(crate) fn check(entry: &Entry, part: u32) -> Result<(), EntryError> {
    for (name, what) in [(&entry.case, "case"), (&entry.kind, "kind")] {
        let fits = named(name, what).and_then(|()| within(name, what, LogEntry::NAME_BYTES_MAX));
        fits.map_err(|source| EntryError::Name { part, source })?;
    }
    let values = entry.facts.values().chain(entry.body.iter().flat_map(|body| body.values()));
    if values.into_iter().any(|value| is_deeper(value, VALUE_DEPTH_MAX)) {
        return Err(EntryError::Deep { part });
    }
    Ok(())
}

/// Whether lists and maps lie more than `depth` deep within each other.
fn is_deeper(value: &Value, depth: usize) -> bool {
    let inner: Vec<&Value> = match value {
        Value::Empty | Value::Bool(_) | Value::Number(_) | Value::Text(_) => return false,
        Value::List(values) => values.iter().collect(),
        Value::Map(map) => map.values().collect(),
    };
    depth == 0 || inner.into_iter().any(|value| is_deeper(value, depth - 1))
}
