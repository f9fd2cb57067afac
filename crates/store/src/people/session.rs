use jiff::Timestamp;

use super::{AccountRow, KeptGrant, PeopleTx, RoleRow};
use crate::{
    CommunityId, EntryHash, Store, StoreError,
    database::{Param, Row},
    entry::microseconds,
    mail::{Desk, name, short},
    sql,
};

/// That somebody is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The SHA-256 of its secret.
    pub digest: EntryHash,
    /// What it is called in lists. No secret.
    pub handle: String,
    /// Who.
    pub account: String,
    /// In which role; empty while none is chosen.
    pub role: String,
    /// For which party; empty while none is chosen.
    pub party: String,
    /// What the system that logged them in calls it; empty where none did.
    pub upstream: String,
    /// When it began.
    pub begun: Timestamp,
    /// When it was last used.
    pub seen: Timestamp,
    /// The last instant, however much it is used.
    pub until: Timestamp,
    /// When it was ended.
    pub ended: Option<Timestamp>,
}

/// A session with all that a request needs to know of who sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedSession {
    /// The session.
    pub session: SessionRow,
    /// Whose it is.
    pub account: AccountRow,
    /// What they are, those roles too that are over or to come.
    pub roles: Vec<RoleRow>,
    /// What they took on themselves and that runs.
    pub grants: Vec<KeptGrant>,
}

const SESSION: &str = "session";

impl PeopleTx {
    /// Keeps a new session.
    ///
    /// # Errors
    ///
    /// A text that can't be kept.
    pub async fn add_session(&mut self, session: &SessionRow) -> Result<(), StoreError> {
        session.check()?;
        let params = [
            Param::Bytes(session.digest.as_bytes()),
            Param::Text(&session.handle),
            Param::Text(&session.account),
            Param::Text(&session.role),
            Param::Text(&session.party),
            Param::Text(&session.upstream),
            Param::Int(microseconds(session.begun)),
            Param::Int(microseconds(session.seen)),
            Param::Int(microseconds(session.until)),
        ];
        self.desk()?.put("begin a session", sql::people::ADD_SESSION, &params).await?;
        self.done(());
        Ok(())
    }

    /// A session by the SHA-256 of its secret, whether it runs or not.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn session(&mut self, digest: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        let found = SessionRow::by(&mut self.desk()?, digest).await?;
        Ok(self.done(found))
    }

    /// Says that a session was used.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn see_session(&mut self, digest: &[u8; 32], at: Timestamp) -> Result<(), StoreError> {
        let params = [Param::Bytes(digest), Param::Int(microseconds(at))];
        self.desk()?.put("keep a session", sql::people::SEE_SESSION, &params).await?;
        self.done(());
        Ok(())
    }

    /// Ends a session. `false` where there is none that wasn't ended.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn end_session(&mut self, digest: &[u8; 32], at: Timestamp) -> Result<bool, StoreError> {
        let params = [Param::Bytes(digest), Param::Int(microseconds(at))];
        let ended = self.desk()?.run("end a session", sql::people::END_SESSION, &params).await?;
        Ok(self.done(ended == 1))
    }

    /// Ends all sessions of an account. Says how many.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn end_sessions_of(&mut self, account: &str, at: Timestamp) -> Result<u64, StoreError> {
        self.end_all(sql::people::END_SESSIONS_OF, account, at).await
    }

    /// Ends the sessions that another system began under a name. Says how many; none under an empty name.
    ///
    /// # Errors
    ///
    /// A database that fails; then the transaction can only be dropped.
    pub async fn end_sessions_upstream(&mut self, upstream: &str, at: Timestamp) -> Result<u64, StoreError> {
        if upstream.is_empty() {
            return Ok(0);
        }
        self.end_all(sql::people::END_SESSIONS_UPSTREAM, upstream, at).await
    }

    /// The sessions of an account that weren't ended, in the order in which they began. Their time may be over.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn sessions_of(&mut self, account: &str) -> Result<Vec<SessionRow>, StoreError> {
        let found = SessionRow::of(&mut self.desk()?, account).await?;
        Ok(self.done(found))
    }

    async fn end_all(&mut self, sql: &'static str, of: &str, at: Timestamp) -> Result<u64, StoreError> {
        short(of, "name")?;
        let params = [Param::Text(of), Param::Int(microseconds(at))];
        let ended = self.desk()?.run("end sessions", sql, &params).await?;
        Ok(self.done(ended))
    }
}

impl Store {
    /// A session by the SHA-256 of its secret, with its account, roles, and what runs at an instant of what the account took on
    /// itself. Whether the session runs, the caller decides.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn opened_session(
        &self,
        community: &CommunityId,
        digest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<OpenedSession>, StoreError> {
        let mut database = self.database().begin_read().await?;
        let mut desk = Desk::new(database.as_mut(), community);
        let Some(session) = SessionRow::by(&mut desk, digest).await? else { return Ok(None) };
        let by_id = sql::people::ACCOUNT;
        let Some(account) = AccountRow::one(&mut desk, by_id, &[&session.account]).await? else {
            return Ok(None);
        };
        let roles = RoleRow::of(&mut desk, &session.account).await?;
        let grants = KeptGrant::running(&mut desk, &session.account, now).await?;
        Ok(Some(OpenedSession { session, account, roles, grants }))
    }
}

impl Store {
    /// The sessions of an account that weren't ended, in the order in which they began. Their time may be over.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn sessions_of(
        &self,
        community: &CommunityId,
        account: &str,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let mut database = self.database().begin_read().await?;
        SessionRow::of(&mut Desk::new(database.as_mut(), community), account).await
    }
}

impl SessionRow {
    async fn of(desk: &mut Desk<'_>, account: &str) -> Result<Vec<Self>, StoreError> {
        short(account, "id of an account")?;
        let rows = desk.rows("read the sessions", sql::people::SESSIONS_OF, &[Param::Text(account)]).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn check(&self) -> Result<(), StoreError> {
        name(&self.handle, "handle of a session")?;
        name(&self.account, "id of an account")?;
        short(&self.role, "role")?;
        short(&self.party, "party")?;
        short(&self.upstream, "name of a session elsewhere").map_err(StoreError::from)
    }

    async fn by(desk: &mut Desk<'_>, digest: &[u8; 32]) -> Result<Option<Self>, StoreError> {
        let rows = desk.rows("read a session", sql::people::SESSION, &[Param::Bytes(digest)]).await?;
        rows.into_iter().next().map(Self::read).transpose()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            digest: row.hash(SESSION, 0)?,
            handle: row.text(SESSION, 1)?,
            account: row.text(SESSION, 2)?,
            role: row.text(SESSION, 3)?,
            party: row.text(SESSION, 4)?,
            upstream: row.text(SESSION, 5)?,
            begun: row.instant(SESSION, 6)?,
            seen: row.instant(SESSION, 7)?,
            until: row.instant(SESSION, 8)?,
            ended: row.maybe_instant(SESSION, 9)?,
        })
    }
}
