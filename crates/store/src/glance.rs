//! What an append of one case must know before it writes, asked for at once: each statement waits for the database's thread or
//! server, and that is most of what an append takes where the disk is quick.

use std::collections::BTreeMap;

use samspill_base::{CaseLog, Entry, Position};

use crate::{
    AppendKey, CommunityId, Head, StoreError,
    database::{Param, Row, Session},
    entry::read_back,
    projection::Come,
    sql,
};

/// What stands in the log and beside it, as far as one case and one append are concerned.
#[derive(Debug)]
pub(crate) struct Glance {
    /// The end of the log.
    pub(crate) head: Head,
    /// Whether the append's key stands in the log.
    pub(crate) has_key: bool,
    /// How far the projections have come.
    pub(crate) come: Come,
    /// The entries of the case as the log has them, in its order.
    pub(crate) entries: Vec<Entry>,
    /// The rows of the case, by projection and key.
    pub(crate) rows: BTreeMap<(String, String), String>,
    /// The first person of the log from a mark on: the mark, and what the key is called that seals it.
    pub(crate) person: Option<(String, String)>,
}

/// What a line of the answer is about.
mod about {
    pub(super) const KEY: u64 = 0;
    pub(super) const PROJECTION: u64 = 1;
    pub(super) const ENTRY: u64 = 2;
    pub(super) const ROW: u64 = 3;
    pub(super) const END: u64 = 4;
    pub(super) const PERSON: u64 = 5;
}

const ANSWER: &str = "log";

impl Glance {
    /// Reads it. `names` are those of the projections, and `mark` is whom it is about.
    pub(crate) async fn read(
        session: &mut dyn Session,
        community: &CommunityId,
        key: &AppendKey,
        (case, mark): (&str, &str),
        names: [Param<'_>; sql::PROJECTIONS_AT_ONCE],
    ) -> Result<Self, StoreError> {
        let [first, second, third, fourth] = names;
        let key = Param::Text(key.as_str());
        let (of, case, mark) = (Param::Text(community.as_str()), Param::Text(case), Param::Text(mark));
        let params = [of, key, case, first, second, third, fourth, mark];
        let (head, come, rows) = (Head::START, Come::new(), BTreeMap::new());
        let mut glance = Self { head, has_key: false, come, entries: Vec::new(), rows, person: None };
        for row in session.rows("look before an append", sql::GLANCE, &params).await? {
            glance.take(row, community)?;
        }
        glance.entries.sort_by_key(|entry| entry.position);
        Ok(glance)
    }

    /// The case with an entry more.
    pub(crate) fn case_log(&self, case: &str, added: impl IntoIterator<Item = Entry>) -> CaseLog {
        CaseLog { case: case.to_owned(), entries: self.entries.iter().cloned().chain(added).collect() }
    }

    fn take(&mut self, mut row: Row, community: &CommunityId) -> Result<(), StoreError> {
        match row.count(ANSWER, 0)? {
            about::KEY => self.has_key = true,
            about::PROJECTION => {
                let position = Position(row.count(ANSWER, 1)?);
                let version = row.small(ANSWER, 2)?;
                self.come.insert(row.text(ANSWER, 3)?, (version, position));
            }
            about::ENTRY => {
                let position = Position(row.count(ANSWER, 1)?);
                self.entries.push(read_back(community, position, &row.bytes(ANSWER, 6)?)?);
            }
            about::ROW => {
                let at = (row.text(ANSWER, 3)?, row.text(ANSWER, 4)?);
                self.rows.insert(at, row.text(ANSWER, 5)?);
            }
            about::END => {
                self.head = Head { position: Position(row.count(ANSWER, 1)?), hash: row.hash(ANSWER, 6)? };
            }
            about::PERSON => self.person = Some((row.text(ANSWER, 3)?, row.text(ANSWER, 4)?)),
            other => unreachable!("the statement has no lines of kind {other}"),
        }
        Ok(())
    }
}
