//! Keeping accounts: who may, and that it is written down.

use jiff::Timestamp;
use samspill_store::PeopleTx;

use super::{
    Account, AccountState, Accounts, NewAccount, PeopleError, Random, RoleFault, RoleHeld, RoleKey,
    SetupLink,
    accounts::{added, known, new_row},
    check_role, holding,
    invite::invited,
    is_local,
    secret::{handle, new_secret},
    standing, tokens,
};
use crate::{
    access::Policy,
    audit::{Deed, Doer, Happened},
    exchange::meaning::AddressBook,
};

/// Somebody who keeps accounts. What they do is looked at, done and written into the access log in one transaction.
///
/// An administrator at the pages keeps the accounts whose roles, those that run and those to come, are all of their own party: who can
/// make a link to an account can act as it. Of others they give and end the roles of their own party. An account without any role,
/// and what concerns an account of several parties, is for who works at the node's machine, where nothing is asked.
#[derive(Clone, Copy, Debug)]
pub struct Keeper<'a> {
    /// The accounts.
    pub accounts: &'a Accounts,
    /// Who.
    pub by: Doer<'a>,
    /// What parties and units there are. At the node's machine there may be no address book: then any names are taken.
    pub book: Option<&'a AddressBook>,
    /// What roles may do.
    pub policy: &'a Policy,
    /// What this program is called in the access log.
    pub node: &'a str,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub now: Timestamp,
}

/// How much of an account somebody keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeps {
    /// Nothing: it looks as if it weren't there.
    Nothing,
    /// The roles of the own party.
    Roles,
    /// All of it.
    All,
}

/// An account that was made, and its link.
#[derive(Clone, Debug)]
pub struct Made {
    /// The account.
    pub account: Account,
    /// The link to set a password with, if one was wanted.
    pub link: Option<SetupLink>,
}

impl Keeper<'_> {
    /// How much of an account they keep.
    pub fn keeps(&self, account: &Account) -> Keeps {
        let Doer::Subject(by) = self.by else { return Keeps::All };
        let is_own = |held: &&RoleHeld| held.party == by.party;
        if !account.roles.iter().any(|held| is_own(&held)) {
            return Keeps::Nothing;
        }
        let mut now_or_later = account.roles.iter().filter(|held| held.lasts(self.now)).peekable();
        let is_all = match now_or_later.peek() {
            Some(_) => now_or_later.all(|held| is_own(&held)),
            None => account.roles.iter().all(|held| is_own(&held)),
        };
        if is_all { Keeps::All } else { Keeps::Roles }
    }

    /// Whether they may give a role.
    ///
    /// # Errors
    ///
    /// [`PeopleError::Role`]; [`PeopleError::NotYours`] for another party's.
    pub fn may_give(&self, role: &RoleHeld) -> Result<(), PeopleError> {
        if let Some(book) = self.book {
            check_role(book, role)?;
        }
        match self.by {
            Doer::Subject(by) if by.party != role.party => Err(PeopleError::NotYours),
            Doer::Subject(_) if !is_local(role.role, self.policy) => {
                Err(RoleFault::BeyondParty(role.role.as_str()).into())
            }
            Doer::Subject(_) | Doer::Machine(_) => Ok(()),
        }
    }

    /// Makes an account with its roles and, if it is wanted, a link: all of it or nothing.
    ///
    /// # Errors
    ///
    /// [`PeopleError::LoginTaken`], [`PeopleError::NoLogin`], and those of [`Self::may_give`]. At the pages there must be a role.
    pub async fn make(
        &self,
        new: &NewAccount,
        roles: &[RoleHeld],
        wants_link: bool,
        random: &dyn Random,
    ) -> Result<Made, PeopleError> {
        roles.iter().try_for_each(|role| self.may_give(role))?;
        if roles.is_empty() && matches!(self.by, Doer::Subject(_)) {
            return Err(PeopleError::NotYours);
        }
        let row = new_row(new, random, self.now)?;
        let link = if wants_link { Some(self.accounts.new_link(random, self.now)?) } else { None };
        let work = async |tx: &mut PeopleTx| {
            added(tx, &row).await?;
            for role in roles {
                holding::given(tx, &row.id, role).await?;
            }
            if let Some(link) = &link {
                invited(tx, &row.id, link, self.now).await?;
            }
            let made = Account::of(&row, tx.roles(&row.id).await?);
            let detail = [&["laget".to_owned()][..], &roles.iter().map(told).collect::<Vec<_>>()].concat();
            self.tell(tx, &made, Happened::AccountChanged, &detail.join(", ")).await?;
            Ok::<_, PeopleError>(made)
        };
        let account = self.accounts.store.write_people(&self.accounts.community, work).await?;
        Ok(Made { account, link })
    }

    /// Makes a new link. Those before it are void.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`], [`PeopleError::NoAccount`] and [`PeopleError::Closed`].
    pub async fn invite(&self, account: &str, random: &dyn Random) -> Result<SetupLink, PeopleError> {
        let link = self.accounts.new_link(random, self.now)?;
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::All).await?;
            invited(tx, account, &link, self.now).await?;
            self.tell(tx, &kept, Happened::AccountChanged, "ny lenke").await
        };
        self.accounts.store.write_people(&self.accounts.community, work).await?;
        Ok(link)
    }

    /// Gives a role, as [`Accounts::give_role`] does. Where an account comes to a party that had no part in it, links to it are void:
    /// whoever made them kept it for another.
    ///
    /// # Errors
    ///
    /// Those of [`Self::may_give`], [`PeopleError::NotYours`] and [`PeopleError::NoAccount`].
    pub async fn give_role(&self, account: &str, role: &RoleHeld) -> Result<(), PeopleError> {
        self.may_give(role)?;
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::Roles).await?;
            holding::given(tx, account, role).await?;
            if !kept.roles.is_empty() && kept.roles.iter().all(|held| held.party != role.party) {
                tx.void_links(account, self.now).await?;
            }
            self.tell_of(tx, &kept, role, "gitt").await
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// Ends a role now, as [`Accounts::end_role`] does; one to come never begins.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`], [`PeopleError::NoAccount`] and [`PeopleError::NoRole`].
    pub async fn end_role(&self, account: &str, role: &RoleHeld) -> Result<(), PeopleError> {
        if matches!(self.by, Doer::Subject(by) if by.party != role.party) {
            return Err(PeopleError::NotYours);
        }
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::Roles).await?;
            holding::ended(tx, account, role, self.now).await?;
            self.tell_of(tx, &kept, role, "avsluttet").await
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// Closes an account: its sessions, links and tokens end with it.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`] and [`PeopleError::NoAccount`].
    pub async fn close(&self, account: &str) -> Result<(), PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::All).await?;
            standing::closed(tx, account, self.now).await?;
            self.tell(tx, &kept, Happened::AccountChanged, "stengt").await
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// Opens a closed account again; it wants a new link.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`] and [`PeopleError::NoAccount`].
    pub async fn reopen(&self, account: &str) -> Result<Account, PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::All).await?;
            let open = standing::reopened(tx, account, self.now).await?;
            if kept.state == AccountState::Closed {
                self.tell(tx, &kept, Happened::AccountChanged, "åpnet").await?;
            }
            Ok::<_, PeopleError>(open)
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// Lets an account that wrong passwords have locked be tried at once.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`] and [`PeopleError::NoAccount`].
    pub async fn unlock(&self, account: &str) -> Result<Account, PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::All).await?;
            let open = standing::unlocked(tx, account).await?;
            self.tell(tx, &kept, Happened::AccountChanged, "låst opp").await?;
            Ok::<_, PeopleError>(open)
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// Ends all sessions of an account. Says how many.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`] and [`PeopleError::NoAccount`].
    pub async fn log_out(&self, account: &str) -> Result<u64, PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::All).await?;
            let ended = tx.end_sessions_of(account, self.now).await?;
            self.tell(tx, &kept, Happened::LoggedOut, "overalt").await?;
            Ok::<_, PeopleError>(ended)
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// Makes a token with which another system acts as an account, as [`Accounts::make_token`] does.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`], and those of [`Accounts::make_token`].
    pub async fn make_token(
        &self,
        account: &str,
        (role, name): (&RoleKey, &str),
        until: Timestamp,
        random: &dyn Random,
    ) -> Result<String, PeopleError> {
        self.accounts.near_enough(until, self.now)?;
        let token = new_secret(random);
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::All).await?;
            tokens::made(tx, account, &tokens::Made { role, name, until, token: &token }, self.now).await?;
            let detail = format!("{}: laget, {role}, til {until}", kept.login);
            self.write(tx, Happened::TokenChanged, &role.party, &detail).await
        };
        self.accounts.store.write_people(&self.accounts.community, work).await?;
        Ok(token)
    }

    /// Ends a token by what it is called in lists. At the pages it must be one of the own party.
    ///
    /// # Errors
    ///
    /// [`PeopleError::NotYours`], [`PeopleError::NoAccount`], and [`PeopleError::NoToken`] where no such runs.
    pub async fn end_token(&self, account: &str, called: &str) -> Result<(), PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            let kept = self.kept(tx, account, Keeps::Roles).await?;
            let all = tx.tokens_of(account).await?;
            let row = all.into_iter().find(|row| row.ended.is_none() && handle(&row.digest) == called);
            let row = row.ok_or_else(|| PeopleError::NoToken(called.to_owned()))?;
            if matches!(self.by, Doer::Subject(by) if by.party != row.party) {
                return Err(PeopleError::NotYours);
            }
            tx.end_token(row.digest.as_bytes(), self.now).await?;
            let detail = format!("{}: avsluttet, {}:{}", kept.login, row.role, row.party);
            self.write(tx, Happened::TokenChanged, &row.party, &detail).await
        };
        self.accounts.store.write_people(&self.accounts.community, work).await
    }

    /// The account as it stands, if they keep so much of it.
    pub(super) async fn kept(
        &self,
        tx: &mut PeopleTx,
        account: &str,
        needed: Keeps,
    ) -> Result<Account, PeopleError> {
        let row = known(tx, account).await?;
        let found = Account::of(&row, tx.roles(account).await?);
        if self.keeps(&found) < needed { Err(PeopleError::NotYours) } else { Ok(found) }
    }

    pub(super) async fn tell_of(
        &self,
        tx: &mut PeopleTx,
        account: &Account,
        role: &RoleHeld,
        what: &str,
    ) -> Result<(), PeopleError> {
        let detail = format!("{}: {what} {}", account.login, told(role));
        self.write(tx, Happened::AccountChanged, &role.party, &detail).await
    }

    /// Writes a row for the auditors of each party that the account has to do with.
    async fn tell(
        &self,
        tx: &mut PeopleTx,
        account: &Account,
        what: Happened,
        detail: &str,
    ) -> Result<(), PeopleError> {
        let detail = format!("{}: {detail}", account.login);
        let parties: std::collections::BTreeSet<&str> = match self.by {
            Doer::Subject(_) => std::iter::once("").collect(),
            Doer::Machine(_) if account.roles.is_empty() => std::iter::once("").collect(),
            Doer::Machine(_) => account.roles.iter().map(|held| held.party.as_str()).collect(),
        };
        for party in parties {
            self.write(tx, what, party, &detail).await?;
        }
        Ok(())
    }

    async fn write(
        &self,
        tx: &mut PeopleTx,
        what: Happened,
        party: &str,
        detail: &str,
    ) -> Result<(), PeopleError> {
        let deed = Deed { by: self.by, what, party, detail, request: self.request, at: self.now };
        tx.log_access(&deed.row(self.node)).await?;
        Ok(())
    }
}

/// A role in the access log: which, for which unit, and until when.
fn told(role: &RoleHeld) -> String {
    let unit = role.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    let until = role.until.map(|until| format!(" til {until}")).unwrap_or_default();
    format!("{}{unit}{until}", role.key())
}
