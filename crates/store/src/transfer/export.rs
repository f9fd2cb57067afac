use std::io::Write;

use samspill_base::Position;

use super::{EndLine, LOG_ALONE, Line, LogLine, entry_line::EntryLine, file_error};
use crate::{
    CommunityId, Head, Store, StoreError,
    database::Session,
    entry::rows_from,
    verify::{AT_ONCE, Walk},
};

const DOING: &str = "write the export";

impl Store {
    /// Writes a community's log as lines of text, as it is at this moment, and gives its end. Others may append meanwhile.
    /// Messages are not in it: they are in [backups](Store::backup).
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
    ) -> Result<Head, StoreError> {
        let mut session = self.database().begin_read().await?;
        let head = export(session.as_mut(), community, LOG_ALONE, out).await?;
        out.flush().map_err(file_error(DOING))?;
        Ok(head)
    }
}

/// Writes a log from its beginning to its end.
pub(super) async fn export(
    session: &mut dyn Session,
    community: &CommunityId,
    form: u32,
    out: &mut (dyn Write + Send),
) -> Result<Head, StoreError> {
    put(out, &Line::Log(LogLine { form, community: community.as_str().to_owned() }))?;
    let mut walk = Walk::new(community, &[]);
    loop {
        let rows = rows_from(session, community, Position(walk.head().position.0 + 1), AT_ONCE).await?;
        if rows.is_empty() {
            put(out, &Line::End(EndLine::from(walk.head())))?;
            return Ok(walk.head());
        }
        for row in rows {
            walk.step(&row);
            walk.unharmed()?;
            let line = EntryLine::of(&row.entry(community)?).map_err(|error| json_error(&error))?;
            put(out, &Line::Entry(Box::new(line)))?;
        }
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
