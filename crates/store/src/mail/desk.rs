use crate::{
    CommunityId, LogEntry, Seal, StoreError, Tx,
    database::{Param, Question, Row, Session},
    names::{NameError, named, within},
    sql,
};

/// Things that are asked for in one statement.
pub(crate) const AT_ONCE: usize = 16;

/// A session with the mail of one community: `$1` of each statement.
pub(crate) struct Desk<'a> {
    session: &'a mut dyn Session,
    community: &'a str,
    seal: Option<&'a dyn Seal>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(session: &'a mut dyn Session, community: &'a CommunityId) -> Self {
        Self::sealing(session, community, None)
    }

    /// A session that seals and opens.
    pub(crate) fn sealing(
        session: &'a mut dyn Session,
        community: &'a CommunityId,
        seal: Option<&'a dyn Seal>,
    ) -> Self {
        Self { session, community: community.as_str(), seal }
    }

    /// Whose mail it is.
    pub(crate) fn community(&self) -> &'a str {
        self.community
    }

    /// What seals and opens, if anything does.
    pub(crate) fn seal(&self) -> Option<&'a dyn Seal> {
        self.seal
    }

    /// Runs a statement whose parameters go on from `$2`; says how many rows it wrote.
    pub(crate) async fn run(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<u64, StoreError> {
        let params = self.with_community(params);
        self.session.run(doing, sql, &params).await
    }

    /// Writes with a statement whose parameters go on from `$2`, and whose rows nobody counts: with others that follow, where the database
    /// takes several at once.
    pub(crate) async fn put(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<(), StoreError> {
        let params = self.with_community(params);
        self.session.put(doing, sql, &params).await
    }

    /// Runs a query whose parameters go on from `$2`.
    pub(crate) async fn rows(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let params = self.with_community(params);
        self.session.rows(doing, sql, &params).await
    }

    /// Runs queries whose parameters go on from `$2`, and of which none hangs on what another finds.
    pub(crate) async fn rows_all(
        &mut self,
        doing: &'static str,
        questions: &[(&'static str, &[Param<'_>])],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut with_community = Vec::with_capacity(questions.len());
        for (sql, params) in questions {
            with_community.push(Question { sql, params: self.with_community(params) });
        }
        self.session.rows_all(doing, &with_community).await
    }

    /// Runs a query for each [`AT_ONCE`] of what it is asked for, all of them together; what is asked for is `$2` to `$17`; `more` goes on from `$18`.
    pub(crate) async fn rows_of(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        asked: &[Param<'_>],
        more: &[Param<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let params: Vec<_> =
            asked.chunks(AT_ONCE).map(|chunk| [&padded(chunk, AT_ONCE), more].concat()).collect();
        let questions: Vec<_> = params.iter().map(|params| (sql, params.as_slice())).collect();
        Ok(self.rows_all(doing, &questions).await?.concat())
    }

    /// Waits until no other transaction holds the lock of this name for the community, and holds it until the end of this one.
    pub(crate) async fn lock(&mut self, what: &str) -> Result<(), StoreError> {
        let name = format!("{what} {}", self.community);
        self.session.lock(&name).await
    }

    /// The last number of messages; 0 where there is none.
    pub(crate) async fn last_message(&mut self) -> Result<u64, StoreError> {
        let rows = self.rows("find the last message", sql::mail::LAST_MESSAGE, &[]).await?;
        rows.into_iter().next().map_or(Ok(0), |mut row| row.count("message", 0))
    }

    fn with_community<'b>(&self, params: &[Param<'b>]) -> Vec<Param<'b>>
    where
        'a: 'b,
    {
        let mut all = Vec::with_capacity(1 + params.len());
        all.push(Param::Text(self.community));
        all.extend(params);
        all
    }
}

/// So many parameters: what there is, and the last of it again and again.
pub(crate) fn padded<'a>(params: &[Param<'a>], count: usize) -> Vec<Param<'a>> {
    let last = params.last().copied();
    params.iter().copied().chain(last.into_iter().cycle()).take(count).collect()
}

/// Refuses text that an index can't hold: U+0000, or more than so many bytes. It may be empty.
pub(crate) fn short(text: &str, what: &'static str) -> Result<(), NameError> {
    within_and_plain(text, what, LogEntry::NAME_BYTES_MAX)
}

/// Refuses what is no name: as [`short`], and empty.
pub(crate) fn name(text: &str, what: &'static str) -> Result<(), NameError> {
    named(text, what)?;
    within(text, what, LogEntry::NAME_BYTES_MAX)
}

/// Refuses text with U+0000 or of more bytes than an entry may have. It may be empty.
pub(crate) fn long(text: &str, what: &'static str) -> Result<(), NameError> {
    within_and_plain(text, what, LogEntry::BYTES_MAX)
}

fn within_and_plain(text: &str, what: &'static str, bytes_max: usize) -> Result<(), NameError> {
    if text.contains('\0') {
        return Err(NameError::Nul { what });
    }
    within(text, what, bytes_max)
}

impl Tx {
    /// Refuses a number that no message has.
    pub(super) async fn known(&mut self, number: super::MessageNumber) -> Result<(), StoreError> {
        let last = self.last_message().await?;
        if (1..=last).contains(&number.0) { Ok(()) } else { Err(StoreError::NoMessage(number)) }
    }
}
