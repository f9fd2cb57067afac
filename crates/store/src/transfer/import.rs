use std::{collections::BTreeSet, io::BufRead};

use super::{
    EndLine, LOG_ALONE, LOG_WITH_MAIL, LOG_WITH_PEOPLE, LOG_WITH_PERSONS, LOG_WITH_SEALS, Line, LogLine,
    entry_line::EntryLine, lines::Lines, mail_import::import_mail, people_copy::import_people,
};
use crate::{
    AppendKey, CommunityId, EntryHash, Head, LogEntry, Store, StoreError,
    database::Session,
    entry::{Stored, check, head_of, rows_from},
    lease::add_lease,
    marks::{Marks, refuse_sealed},
    projection,
};

/// What an import did to one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedLog {
    /// Whose log.
    pub community: CommunityId,
    /// The end of the log as it was in the export. The store's own may be further on.
    pub head: Head,
    /// The same end as this store has it: with another hash, where the export names persons and this store seals them. Then keep both.
    pub kept: Head,
    /// Entries that were written.
    pub added: u64,
    /// Entries that were there already: with the same hash, or saying the same.
    pub there: u64,
}

impl Store {
    /// Takes in the logs of an export: every entry with its position, key and hash, all logs or none.
    ///
    /// Each hash is computed anew. Entries that are there already must be the same; so an import can be asked for again,
    /// and a later export of the same log adds what is new. `input` is read in between, and blocks the task while it is.
    ///
    /// A store that seals writes marks in the place of persons that an export names, and the chain is another from there on.
    ///
    /// # Errors
    ///
    /// [`StoreError::Import`] where a line was changed, is missing, or the end is; [`StoreError::OtherPast`] where the
    /// store's log is another one; [`StoreError::PersonsSealed`] where persons of its log are sealed, and it has no seal. Nothing is
    /// written then.
    pub async fn import(&self, input: &mut (dyn BufRead + Send)) -> Result<Vec<ImportedLog>, StoreError> {
        let mut session = self.database().begin_write().await?;
        let logs = import(self, session.as_mut(), input, Persons::Sealed).await?;
        session.commit().await?;
        Ok(logs)
    }
}

/// What becomes of persons whom a log names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Persons {
    /// They are named, as they were.
    AsTheyStand,
    /// Marks are put in their place, if the store seals.
    Sealed,
}

/// Takes in all logs of an export within a transaction.
pub(super) async fn import(
    store: &Store,
    session: &mut dyn Session,
    input: &mut (dyn BufRead + Send),
    persons: Persons,
) -> Result<Vec<ImportedLog>, StoreError> {
    let mut lines = Lines::of(input);
    let mut logs = Vec::new();
    while let Some(line) = lines.next()? {
        match line {
            Line::Log(log) => {
                let form = log.form;
                let community = begun(&log).map_err(|says| lines.wrong(says))?;
                session.lock(&format!("log {community}")).await?;
                // What stands beside a log hangs on the log as it is.
                let marks = store.marks().filter(|_| persons == Persons::Sealed && form == LOG_ALONE);
                if persons == Persons::Sealed && store.marks().is_none() {
                    refuse_sealed(session, &community).await?;
                }
                let importing = Importing::begin(session, community, store, marks).await?;
                let log = importing.all(session, &mut lines).await?;
                if form != LOG_ALONE {
                    import_mail(session, &mut lines, &log.community).await?;
                }
                if [LOG_WITH_PEOPLE, LOG_WITH_SEALS, LOG_WITH_PERSONS].contains(&form) {
                    import_people(session, &mut lines, &log.community).await?;
                }
                logs.push(log);
            }
            Line::Lease(lease) if !logs.is_empty() => add_lease(session, &lease.name, lease.fence).await?,
            Line::Entry(_) | Line::End(_) | Line::Mail(_) | Line::People(_) | Line::Lease(_) => {
                return Err(lines.wrong("a log begins with {\"log\":…}: take the export from its first line"));
            }
        }
    }
    bring_projections_up(store, session, &logs).await?;
    Ok(logs)
}

async fn bring_projections_up(
    store: &Store,
    session: &mut dyn Session,
    logs: &[ImportedLog],
) -> Result<(), StoreError> {
    for log in logs {
        let head = head_of(session, &log.community).await?.position;
        projection::bring_up(session, &log.community, store.projections(), head, None).await?;
    }
    Ok(())
}

fn begun(log: &LogLine) -> Result<CommunityId, String> {
    let forms = [LOG_ALONE, LOG_WITH_MAIL, LOG_WITH_PEOPLE, LOG_WITH_SEALS, LOG_WITH_PERSONS];
    if !forms.contains(&log.form) {
        return Err(format!(
            "form {} is from a newer program, and this one reads forms {LOG_ALONE} to {LOG_WITH_PERSONS}",
            log.form
        ));
    }
    CommunityId::new(log.community.as_str()).map_err(|error| error.to_string())
}

/// A log on its way in.
struct Importing<'a> {
    store: &'a Store,
    /// What puts marks in the place of persons, if anything does.
    marks: Option<&'a Marks>,
    community: CommunityId,
    /// The end of the store's log when the import began.
    own: Head,
    /// How far the export was read.
    head: Head,
    /// The same entry in the store's log.
    kept: Head,
    /// Marks that were written.
    written: BTreeSet<String>,
    added: u64,
    there: u64,
}

impl<'a> Importing<'a> {
    async fn begin(
        session: &mut dyn Session,
        community: CommunityId,
        store: &'a Store,
        marks: Option<&'a Marks>,
    ) -> Result<Self, StoreError> {
        let own = head_of(session, &community).await?;
        let (head, kept, written) = (Head::START, Head::START, BTreeSet::new());
        Ok(Self { store, marks, community, own, head, kept, written, added: 0, there: 0 })
    }

    /// Reads to the end of the log.
    async fn all(
        mut self,
        session: &mut dyn Session,
        lines: &mut Lines<'_>,
    ) -> Result<ImportedLog, StoreError> {
        loop {
            let read = match lines.next()? {
                Some(Line::Entry(line)) => self.row(&line),
                Some(Line::End(end)) => {
                    self.ended(&end).map_err(|says| lines.wrong(says))?;
                    let Self { community, head, kept, added, there, .. } = self;
                    return Ok(ImportedLog { community, head, kept, added, there });
                }
                Some(Line::Log(_) | Line::Mail(_) | Line::People(_) | Line::Lease(_)) | None => {
                    Err("the log has no end: the export was cut off, make another".to_owned())
                }
            };
            let row = read.map_err(|says| lines.wrong(says))?;
            self.head = row.head();
            if row.position <= self.own.position {
                self.kept = self.compare(session, row, lines.line).await?;
                self.there += 1;
            } else {
                let row = self.sealed(session, row).await?;
                row.write(session, &self.community).await?;
                self.kept = row.head();
                self.added += 1;
            }
        }
    }

    /// The row as it is written into the store's log; whom its marks stand for is written too.
    async fn sealed(&mut self, session: &mut dyn Session, row: Stored) -> Result<Stored, StoreError> {
        let Some(marks) = self.marks else { return Ok(row) };
        let LogEntry { entry, key, part, parts, .. } = row.entry(&self.community)?;
        let mut marked = marks.put(&self.community, &[entry]);
        marked.numbers.retain(|mark, _| self.written.insert(mark.clone()));
        marks.write(session, &self.community, &marked.numbers, None).await?;
        let following = |entry| Stored::following(self.kept, &self.community, &key, (part, parts), entry);
        marked.entries.first().map(following).ok_or(StoreError::Broken)
    }

    /// The row that a line stands for, if it follows on the line before and is what its hash was made of.
    fn row(&self, line: &EntryLine<'_>) -> Result<Stored, String> {
        let next = self.head.position.0 + 1;
        if line.position != next {
            return Err(format!(
                "position {} stands where {next} should: lines are missing or have changed places",
                line.position
            ));
        }
        let entry = line.entry()?;
        check(&entry, line.part).map_err(|error| error.to_string())?;
        if entry.recorded.is_none() {
            return Err(format!("entry {next} doesn't say when it was recorded"));
        }
        let key = AppendKey::new(line.key.as_str()).map_err(|error| error.to_string())?;
        let row = Stored::following(self.head, &self.community, &key, (line.part, line.parts), &entry);
        if row.entry.len() > LogEntry::BYTES_MAX {
            return Err(format!("entry {next} is larger than {} bytes", LogEntry::BYTES_MAX));
        }
        if row.hash.to_string() != line.hash {
            return Err(format!(
                "entry {next} or its key was changed: its hash is {} and not {}",
                row.hash, line.hash
            ));
        }
        Ok(row)
    }

    fn ended(&self, end: &EndLine) -> Result<(), String> {
        if end.head() == Some(self.head) {
            return Ok(());
        }
        Err(format!(
            "the log ends at {} and says that it ends at {}: lines are missing",
            self.head.position.0, end.position
        ))
    }

    /// Compares an entry with the one that the store has at its position, and gives the end of the store's log there.
    async fn compare(&self, session: &mut dyn Session, row: Stored, line: u64) -> Result<Head, StoreError> {
        let own = rows_from(session, &self.community, row.position, 1).await?.into_iter().next();
        let (position, theirs) = (row.position, row.hash);
        let kept = Head { position, hash: own.as_ref().map_or(EntryHash::START, |own| own.hash) };
        let is_same = match own {
            Some(own) => own.hash == row.hash || self.says_the_same(session, own, row).await?,
            None => false,
        };
        if is_same { Ok(kept) } else { Err(self.parted(line, theirs, kept)) }
    }

    /// Whether a row of this log is the other, which may name persons.
    async fn says_the_same(
        &self,
        session: &mut dyn Session,
        own: Stored,
        row: Stored,
    ) -> Result<bool, StoreError> {
        let Some(marks) = self.marks else { return Ok(false) };
        let (own, row) = (own.entry(&self.community)?, row.entry(&self.community)?);
        let as_written = marks.put(&self.community, std::slice::from_ref(&row.entry));
        let is_written = as_written.entries.first() == Some(&own.entry);
        let opened = self.store.opened(session, &self.community, vec![own]).await?;
        Ok(opened.first().is_some_and(|own| {
            let is_of = (&own.key, own.part, own.parts) == (&row.key, row.part, row.parts);
            is_of && (is_written || own.entry == row.entry)
        }))
    }

    fn parted(&self, line: u64, theirs: EntryHash, ours: Head) -> StoreError {
        let Head { position, hash: ours } = ours;
        StoreError::OtherPast { line, community: self.community.clone(), position, theirs, ours }
    }
}
