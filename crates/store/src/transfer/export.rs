use std::io::Write;

use samspill_base::{Entry, Position};

use super::{EndLine, LOG_ALONE, Line, LogLine, entry_line::EntryLine, file_error};
use crate::{
    CommunityId, Head, LogEntry, Store, StoreError,
    database::Session,
    entry::{Stored, rows_from},
    marks::{Unopened, is_mark, refuse_sealed},
    verify::{AT_ONCE, Walk},
};

const DOING: &str = "write the export";

/// What an export holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The end of the store's log.
    pub head: Head,
    /// The end of the log as the export has it. It has another hash where marks became numbers.
    pub written: Head,
    /// How many of its entries name a person otherwise than by a mark.
    pub named: u64,
}

impl Store {
    /// Writes a community's log as lines of text, as it stands at this moment: with its chain, and with marks in place of persons where
    /// these are sealed. What was written before there were keys names them. Others may append meanwhile. Messages are not in it: they
    /// are in [backups](Store::backup).
    ///
    /// The chain is checked on the way. `out` is written to in between, and blocks the task while it does.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotWhole`] where the log is not what was written; what was put out till then has no end.
    pub async fn export(
        &self,
        community: &CommunityId,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, StoreError> {
        let mut session = self.database().begin_read().await?;
        let exported = export(session.as_mut(), community, LOG_ALONE, out).await?;
        out.flush().map_err(file_error(DOING))?;
        Ok(exported)
    }

    /// The same with persons by their numbers, and with a chain of its own over that: for a store with other keys, or with none. A mark
    /// that this store has no number for stays.
    ///
    /// # Errors
    ///
    /// As [`Store::export`], and [`StoreError::PersonsSealed`] where a key is missing.
    pub async fn export_with_numbers(
        &self,
        community: &CommunityId,
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, StoreError> {
        let mut session = self.database().begin_read().await?;
        if self.marks().is_none() {
            refuse_sealed(session.as_mut(), community).await?;
        }
        let mut outlet = Outlet::begin(community, LOG_ALONE, out)?;
        let mut walk = Walk::new(community, &[]);
        loop {
            let entries = walked(session.as_mut(), community, &mut walk).await?;
            if entries.is_empty() {
                let exported = outlet.end(walk.head(), out)?;
                out.flush().map_err(file_error(DOING))?;
                return Ok(exported);
            }
            let entries = match self.marks() {
                Some(marks) => marks.opened(session.as_mut(), community, entries, Unopened::Refused).await?,
                None => entries,
            };
            entries.iter().try_for_each(|entry| outlet.chained(entry, out))?;
        }
    }

    /// Up to `limit` entries from a position on, as [`Store::read`] gives them, but with marks in place of all persons: for those who
    /// needn't know whom they are about. Without a seal they are as they stand.
    ///
    /// # Errors
    ///
    /// As [`Store::read`].
    pub async fn read_marked(
        &self,
        community: &CommunityId,
        from: Position,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let entries = self.read(community, from, limit).await?;
        let entries: Vec<Entry> = entries.into_iter().map(|entry| entry.entry).collect();
        Ok(match self.marks() {
            Some(marks) => marks.put(community, &entries).entries.into_owned(),
            None => entries,
        })
    }
}

/// Writes a log as it stands, from its beginning to its end.
pub(super) async fn export(
    session: &mut dyn Session,
    community: &CommunityId,
    form: u32,
    out: &mut (dyn Write + Send),
) -> Result<Exported, StoreError> {
    let mut outlet = Outlet::begin(community, form, out)?;
    let mut walk = Walk::new(community, &[]);
    loop {
        let entries = walked(session, community, &mut walk).await?;
        if entries.is_empty() {
            return outlet.end(walk.head(), out);
        }
        entries.iter().try_for_each(|entry| outlet.entry(entry, out))?;
    }
}

/// The next entries as they stand, if they are what was written. None at the end.
async fn walked(
    session: &mut dyn Session,
    community: &CommunityId,
    walk: &mut Walk<'_>,
) -> Result<Vec<LogEntry>, StoreError> {
    let rows = rows_from(session, community, Position(walk.head().position.0 + 1), AT_ONCE).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        walk.step(&row);
        walk.unharmed()?;
        entries.push(row.entry(community)?);
    }
    Ok(entries)
}

/// An export on its way out.
struct Outlet<'a> {
    community: &'a CommunityId,
    written: Head,
    named: u64,
}

impl<'a> Outlet<'a> {
    fn begin(
        community: &'a CommunityId,
        form: u32,
        out: &mut (dyn Write + Send),
    ) -> Result<Self, StoreError> {
        put(out, &Line::Log(LogLine { form, community: community.as_str().to_owned() }))?;
        Ok(Self { community, written: Head::START, named: 0 })
    }

    /// Writes an entry with the hash that it has.
    fn entry(&mut self, entry: &LogEntry, out: &mut (dyn Write + Send)) -> Result<(), StoreError> {
        let line = EntryLine::of(entry).map_err(|error| json_error(&error))?;
        put(out, &Line::Entry(Box::new(line)))?;
        let person = entry.entry.person.as_deref();
        self.named += u64::from(person.is_some_and(|person| !person.is_empty() && !is_mark(person)));
        self.written = entry.head();
        Ok(())
    }

    /// Writes an entry with the hash that it has after those that were written.
    fn chained(&mut self, entry: &LogEntry, out: &mut (dyn Write + Send)) -> Result<(), StoreError> {
        let LogEntry { key, part, parts, .. } = entry;
        let stored = Stored::following(self.written, self.community, key, (*part, *parts), &entry.entry);
        let chained = LogEntry { previous: stored.previous, hash: stored.hash, ..entry.clone() };
        self.entry(&chained, out)
    }

    fn end(self, head: Head, out: &mut (dyn Write + Send)) -> Result<Exported, StoreError> {
        put(out, &Line::End(EndLine::from(self.written)))?;
        Ok(Exported { head, written: self.written, named: self.named })
    }
}

pub(super) fn put(out: &mut (dyn Write + Send), line: &Line<'_>) -> Result<(), StoreError> {
    let mut text = serde_json::to_string(line).map_err(|error| json_error(&error))?;
    text.push('\n');
    out.write_all(text.as_bytes()).map_err(file_error(DOING))
}

fn json_error(error: &serde_json::Error) -> StoreError {
    StoreError::File { doing: DOING, source: std::io::Error::other(error.to_string()) }
}
