use std::io::BufRead;

use super::{
    EndLine, LOG_ALONE, LOG_WITH_MAIL, LOG_WITH_PEOPLE, LOG_WITH_SEALS, Line, LogLine, entry_line::EntryLine,
    lines::Lines, mail_import::import_mail, people_copy::import_people,
};
use crate::{
    AppendKey, CommunityId, EntryHash, Head, LogEntry, Store, StoreError,
    database::Session,
    entry::{Stored, check, head_of, rows_from},
    lease::add_lease,
    projection,
};

/// What an import did to one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedLog {
    /// Whose log.
    pub community: CommunityId,
    /// The end of the log as it was in the export. The store's own may be further on.
    pub head: Head,
    /// Entries that were written.
    pub added: u64,
    /// Entries that were there already, with the same hash.
    pub there: u64,
}

impl Store {
    /// Takes in the logs of an export: every entry with its position, key and hash, all logs or none.
    ///
    /// Each hash is computed anew. Entries that are there already must be the same; so an import can be asked for again,
    /// and a later export of the same log adds what is new. `input` is read in between, and blocks the task while it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Import`] where a line was changed, is missing, or the end is; [`StoreError::OtherPast`] where the
    /// store's log is another one. Nothing is written then.
    pub async fn import(&self, input: &mut (dyn BufRead + Send)) -> Result<Vec<ImportedLog>, StoreError> {
        let mut session = self.database().begin_write().await?;
        let logs = import(self, session.as_mut(), input).await?;
        session.commit().await?;
        Ok(logs)
    }
}

/// Takes in all logs of an export within a transaction.
pub(super) async fn import(
    store: &Store,
    session: &mut dyn Session,
    input: &mut (dyn BufRead + Send),
) -> Result<Vec<ImportedLog>, StoreError> {
    let mut lines = Lines::of(input);
    let mut logs = Vec::new();
    while let Some(line) = lines.next()? {
        match line {
            Line::Log(log) => {
                let form = log.form;
                let community = begun(&log).map_err(|says| lines.wrong(says))?;
                session.lock(&format!("log {community}")).await?;
                let log = Importing::begin(session, community).await?.all(session, &mut lines).await?;
                if form != LOG_ALONE {
                    import_mail(session, &mut lines, &log.community).await?;
                }
                if form == LOG_WITH_PEOPLE || form == LOG_WITH_SEALS {
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
    for log in &logs {
        let head = head_of(session, &log.community).await?.position;
        projection::bring_up(session, &log.community, store.projections(), head, None).await?;
    }
    Ok(logs)
}

fn begun(log: &LogLine) -> Result<CommunityId, String> {
    if ![LOG_ALONE, LOG_WITH_MAIL, LOG_WITH_PEOPLE, LOG_WITH_SEALS].contains(&log.form) {
        return Err(format!(
            "form {} is from a newer program, and this one reads forms {LOG_ALONE} to {LOG_WITH_SEALS}",
            log.form
        ));
    }
    CommunityId::new(log.community.as_str()).map_err(|error| error.to_string())
}

/// A log on its way in.
struct Importing {
    community: CommunityId,
    /// The end of the store's log when the import began.
    own: Head,
    /// How far the export was read.
    head: Head,
    added: u64,
    there: u64,
}

impl Importing {
    async fn begin(session: &mut dyn Session, community: CommunityId) -> Result<Self, StoreError> {
        let own = head_of(session, &community).await?;
        Ok(Self { community, own, head: Head::START, added: 0, there: 0 })
    }

    /// Reads to the end of the log.
    async fn all(
        mut self,
        session: &mut dyn Session,
        lines: &mut Lines<'_>,
    ) -> Result<ImportedLog, StoreError> {
        loop {
            let row = match lines.next()? {
                Some(Line::Entry(line)) => self.row(&line),
                Some(Line::End(end)) => {
                    self.ended(&end).map_err(|says| lines.wrong(says))?;
                    let Self { community, head, added, there, .. } = self;
                    return Ok(ImportedLog { community, head, added, there });
                }
                Some(Line::Log(_) | Line::Mail(_) | Line::People(_) | Line::Lease(_)) | None => {
                    Err("the log has no end: the export was cut off, make another".to_owned())
                }
            };
            let row = row.map_err(|says| lines.wrong(says))?;
            self.head = row.head();
            if row.position <= self.own.position {
                self.compare(session, &row, lines.line).await?;
                self.there += 1;
            } else {
                if row.previous != self.own.hash && self.added == 0 {
                    return Err(self.parted(lines.line, row.previous, self.own));
                }
                row.write(session, &self.community).await?;
                self.added += 1;
            }
        }
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

    /// Compares an entry with the one that the store has at its position.
    async fn compare(&self, session: &mut dyn Session, row: &Stored, line: u64) -> Result<(), StoreError> {
        let own = rows_from(session, &self.community, row.position, 1).await?;
        let own = own.first().map_or(EntryHash::START, |own| own.hash);
        if own == row.hash {
            return Ok(());
        }
        Err(self.parted(line, row.hash, Head { position: row.position, hash: own }))
    }

    fn parted(&self, line: u64, theirs: EntryHash, ours: Head) -> StoreError {
        let Head { position, hash: ours } = ours;
        StoreError::OtherPast { line, community: self.community.clone(), position, theirs, ours }
    }
}
