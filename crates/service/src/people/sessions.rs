use jiff::Timestamp;
use samspill_store::{AccountRow, KeptGrant, OpenedSession, PeopleTx, SessionRow, StoreError};

use super::{
    Account, AccountSettings, AccountState, Accounts, LoginError, PeopleError, Random, RefusedWhy, RoleHeld,
    RoleKey,
    accounts::known,
    login::Entrance,
    roles::choices,
    secret::{digest_of, form_token, handle, new_secret},
};
use crate::access::{Means, SelfGrant, Subject};

/// A session that begins, or goes on under another token.
#[derive(Clone)]
pub struct Begun {
    /// What the cookie holds. It is kept nowhere.
    pub token: String,
    /// The session.
    pub session: Session,
}

/// Shows nothing of the token.
impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun").field("session", &self.session).finish_non_exhaustive()
    }
}

/// A session that runs.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose.
    pub account: Account,
    /// Who asks, with what they took on themselves and that runs; `None` while no role is chosen, or the chosen one is over.
    pub subject: Option<Subject>,
    /// The roles that can be chosen now.
    pub roles: Vec<RoleKey>,
    /// What forms must bring back.
    pub form_token: String,
    /// When it began.
    pub begun: Timestamp,
    /// The last instant, however much it is used.
    pub until: Timestamp,
    /// What it is called in lists and logs. No secret.
    pub handle: String,
    /// What the system that logged them in calls it; empty where none did.
    pub upstream: String,
}

/// A session in a list of an account's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// What it is called.
    pub handle: String,
    /// When it began.
    pub begun: Timestamp,
    /// When it was last used, to within [`AccountSettings::seen_every`].
    pub seen: Timestamp,
    /// The last instant, however much it is used.
    pub until: Timestamp,
    /// In which role, if one is chosen.
    pub role: Option<RoleKey>,
}

impl Accounts {
    /// The session of a token; `None` for one that never was, was ended, or whose time is over, and where the account is closed.
    /// It counts as used.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>, PeopleError> {
        let Some(opened) = self.running(token, now).await? else { return Ok(None) };
        let digest = *opened.session.digest.as_bytes();
        if now.duration_since(opened.session.seen) >= self.settings().seen_every {
            let work = async |tx: &mut PeopleTx| tx.see_session(&digest, now).await;
            self.store.write_people(&self.community, work).await?;
        }
        Ok(Some(session_of(token, opened, now)))
    }

    /// Whose session a token was of that is over because nobody used it, or because it had lasted as long as it may; `None` for one that
    /// runs, that somebody ended, or that never was, and where the account is closed.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn account_of_idle(&self, token: &str, now: Timestamp) -> Result<Option<String>, PeopleError> {
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let opened = self.store.opened_session(&self.community, digest.as_bytes(), now).await?;
        let idle = opened.filter(|it| {
            let is_active = it.account.state == AccountState::Active.as_str();
            is_active && it.session.ended.is_none() && !runs(&it.session, self.settings(), now)
        });
        Ok(idle.map(|it| it.account.id))
    }

    /// Goes on in a role, under a new token. The old one is dead. `None` where the session doesn't run, or the account doesn't have
    /// the role.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn choose_role(
        &self,
        token: &str,
        role: &RoleKey,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Option<Begun>, PeopleError> {
        let Some(opened) = self.running(token, now).await? else { return Ok(None) };
        let account = Account::of(&opened.account, opened.roles.clone());
        if role.units(&account.roles, now).is_none() {
            return Ok(None);
        }
        let old = opened.session;
        let token = new_secret(random);
        let row = SessionRow { seen: now, ..with(&token, Some(role), old.clone()) };
        let work = async |tx: &mut PeopleTx| {
            let is_ended = tx.end_session(old.digest.as_bytes(), now).await?;
            if is_ended {
                tx.add_session(&row).await?;
            }
            Ok::<_, PeopleError>(is_ended)
        };
        if !self.store.write_people(&self.community, work).await? {
            return Ok(None);
        }
        let session = session_of(&token, OpenedSession { session: row, ..opened }, now);
        Ok(Some(Begun { token, session }))
    }

    /// Ends the session of a token, if there is one.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn log_out(&self, token: &str, now: Timestamp) -> Result<(), PeopleError> {
        let Some(digest) = digest_of(token) else { return Ok(()) };
        let work = async |tx: &mut PeopleTx| tx.end_session(digest.as_bytes(), now).await;
        self.store.write_people(&self.community, work).await?;
        Ok(())
    }

    /// Ends all sessions of an account. Says how many.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn log_out_everywhere(&self, account: &str, now: Timestamp) -> Result<u64, PeopleError> {
        let work = async |tx: &mut PeopleTx| tx.end_sessions_of(account, now).await;
        Ok(self.store.write_people(&self.community, work).await?)
    }

    /// Ends the sessions that another system began under a name. Says how many.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn log_out_upstream(&self, upstream: &str, now: Timestamp) -> Result<u64, PeopleError> {
        let work = async |tx: &mut PeopleTx| tx.end_sessions_upstream(upstream, now).await;
        Ok(self.store.write_people(&self.community, work).await?)
    }

    /// The sessions of an account that run, in the order in which they began.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn sessions(&self, account: &str, now: Timestamp) -> Result<Vec<OpenSession>, PeopleError> {
        let rows = self.store.sessions_of(&self.community, account).await?;
        let running = rows.into_iter().filter(|row| runs(row, self.settings(), now));
        Ok(running
            .map(|row| OpenSession {
                role: RoleKey::of(&row.role, &row.party),
                handle: row.handle,
                begun: row.begun,
                seen: row.seen,
                until: row.until,
            })
            .collect())
    }

    /// Ends a session of an account by what it is called in lists. `false` where there is no such.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn end_session(
        &self,
        account: &str,
        handle: &str,
        now: Timestamp,
    ) -> Result<bool, PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            let rows = tx.sessions_of(account).await?;
            let Some(row) = rows.into_iter().find(|row| row.handle == handle) else { return Ok(false) };
            tx.end_session(row.digest.as_bytes(), now).await
        };
        Ok(self.store.write_people(&self.community, work).await?)
    }

    /// Forgets sessions and links whose time was over so long ago that nobody asks for them: call it once a day.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn forget_old(&self, now: Timestamp) -> Result<u64, PeopleError> {
        let before = now.checked_sub(self.settings().session_max * 60).map_err(|_| PeopleError::Time)?;
        let work = async |tx: &mut PeopleTx| {
            let undos = tx.forget_undos(now).await?;
            Ok::<_, StoreError>(undos + tx.forget_before(before).await?)
        };
        Ok(self.store.write_people(&self.community, work).await?)
    }

    /// Begins a session, if the account may be used: what stands of it now decides. Where there is one role only, it is chosen. Who
    /// comes from a provider for the first time has an active account from then on.
    pub(super) async fn begin(
        &self,
        account: &str,
        entrance: Entrance<'_>,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Begun, LoginError> {
        let until = now.checked_add(self.settings().session_max).map_err(|_| PeopleError::Time)?;
        let token = new_secret(random);
        let work = async |tx: &mut PeopleTx| {
            let row = let_in(tx, account, entrance).await?;
            let roles = tx.roles(account).await?;
            let held: Vec<RoleHeld> = roles.iter().cloned().filter_map(RoleHeld::of).collect();
            let role = match choices(&held, now).as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            };
            let upstream = match entrance {
                Entrance::Password => "",
                Entrance::Provider { upstream } => upstream,
            };
            let session = with(&token, role.as_ref(), blank(account, upstream, now, until));
            tx.add_session(&session).await?;
            Ok::<_, LoginError>(OpenedSession { session, account: row, roles, grants: Vec::new() })
        };
        let mut opened = self.store.write_people(&self.community, work).await?;
        opened.grants = self.store.grants_running(&self.community, account, now).await?;
        let session = session_of(&token, opened, now);
        Ok(Begun { token, session })
    }

    /// What is kept of a session that runs.
    async fn running(&self, token: &str, now: Timestamp) -> Result<Option<OpenedSession>, PeopleError> {
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let opened = self.store.opened_session(&self.community, digest.as_bytes(), now).await?;
        let is_active = |opened: &OpenedSession| opened.account.state == AccountState::Active.as_str();
        Ok(opened.filter(|it| is_active(it) && runs(&it.session, self.settings(), now)))
    }
}

/// The account of somebody who comes in. One that was closed meanwhile is not opened by that.
async fn let_in(tx: &mut PeopleTx, account: &str, entrance: Entrance<'_>) -> Result<AccountRow, LoginError> {
    let mut row = known(tx, account).await?;
    if row.state == AccountState::Active.as_str() {
        return Ok(row);
    }
    let is_new = row.state == AccountState::Invited.as_str();
    if !is_new || matches!(entrance, Entrance::Password) {
        return Err(LoginError::Refused(RefusedWhy::Closed));
    }
    AccountState::Active.as_str().clone_into(&mut row.state);
    tx.set_account(&row).await?;
    row.version += 1;
    Ok(row)
}

/// Whether a session runs at an instant: the last instant of each limit is still within it.
fn runs(session: &SessionRow, settings: &AccountSettings, now: Timestamp) -> bool {
    let idle = now.duration_since(session.seen);
    session.ended.is_none() && now <= session.until && idle <= settings.idle_max
}

/// A session without a token and a role.
fn blank(account: &str, upstream: &str, now: Timestamp, until: Timestamp) -> SessionRow {
    SessionRow {
        digest: samspill_store::EntryHash::START,
        handle: String::new(),
        account: account.to_owned(),
        role: String::new(),
        party: String::new(),
        upstream: upstream.to_owned(),
        begun: now,
        seen: now,
        until,
        ended: None,
    }
}

/// The same session under this token, in this role.
fn with(token: &str, role: Option<&RoleKey>, session: SessionRow) -> SessionRow {
    let digest = digest_of(token).unwrap_or(session.digest);
    SessionRow {
        digest,
        handle: handle(&digest),
        role: role.map(|key| key.role.as_str().to_owned()).unwrap_or_default(),
        party: role.map(|key| key.party.clone()).unwrap_or_default(),
        ..session
    }
}

fn session_of(token: &str, opened: OpenedSession, now: Timestamp) -> Session {
    let OpenedSession { session, account, roles, grants } = opened;
    let account = Account::of(&account, roles);
    let key = RoleKey::of(&session.role, &session.party);
    let subject = key.and_then(|key| subject(&account, &key, Means::Person, grants, now));
    Session {
        roles: choices(&account.roles, now),
        subject,
        account,
        form_token: form_token(token),
        begun: session.begun,
        until: session.until,
        handle: session.handle,
        upstream: session.upstream,
    }
}

/// An account in a role; `None` where it doesn't have the role at that instant.
pub(super) fn subject(
    account: &Account,
    key: &RoleKey,
    means: Means,
    grants: Vec<KeptGrant>,
    now: Timestamp,
) -> Option<Subject> {
    let units = key.units(&account.roles, now)?;
    // What was taken in one role is not there in another.
    let own = grants
        .into_iter()
        .map(|kept| kept.grant)
        .filter(|grant| grant.role == key.role.as_str() && grant.party == key.party);
    Some(Subject {
        account: account.id.clone(),
        name: account.name.clone(),
        role: key.role,
        party: key.party.clone(),
        units,
        means,
        grants: own.map(|grant| SelfGrant { case: grant.case, until: grant.until }).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_session_runs_up_to_and_with_the_last_instant_of_each_limit() {
        let settings = AccountSettings::default();
        let (idle, longest) = (settings.idle_max.as_secs(), settings.session_max.as_secs());
        let session = blank("1", "", at(0), at(longest));
        let seen = |second: i64| SessionRow { seen: at(second), ..session.clone() };
        for (row, second, expected) in [
            (seen(0), 0, true),
            (seen(0), idle - 1, true),
            (seen(0), idle, true),
            (seen(0), idle + 1, false),
            (seen(longest - 1), longest - 1, true),
            (seen(longest - 1), longest, true),
            (seen(longest - 1), longest + 1, false),
            (SessionRow { ended: Some(at(5)), ..seen(5) }, 5, false),
        ] {
            assert_eq!(runs(&row, &settings, at(second)), expected, "{row:?} at {second}");
        }
    }
}
