use jiff::Timestamp;
use samspill_store::{AccountRow, PeopleTx};

use super::{
    AccountSettings, AccountState, Accounts, Begun, LoginError, PeopleError, Random, RefusedWhy,
    account::normal_login, accounts::known,
};

impl Accounts {
    /// Logs somebody in by a password. A name that nobody has takes as much work as one that somebody has.
    ///
    /// # Errors
    ///
    /// [`LoginError::Refused`]; see [`AccountSettings`] for when an account is locked. A right password doesn't open a locked account.
    pub async fn log_in(
        &self,
        login: &str,
        password: &str,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Begun, LoginError> {
        let account = self.check_login(login, password, random, now).await?;
        self.begin(&account, Entrance::Password, random, now).await
    }

    /// Logs somebody in whom an `OpenID` provider has vouched for; `upstream` is what the provider calls the session, if it says so.
    ///
    /// # Errors
    ///
    /// [`LoginError::Refused`] where nobody has that name there, or the account is closed.
    pub async fn log_in_oidc(
        &self,
        issuer: &str,
        subject: &str,
        upstream: &str,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<Begun, LoginError> {
        let found = self.store.account_of_subject(&self.community, issuer, subject).await?;
        let account = found.ok_or(LoginError::Refused(RefusedWhy::Unknown))?;
        self.begin(&account.id, Entrance::Provider { upstream }, random, now).await
    }

    /// Compares a password, counts it, and gives the id of whose it is.
    pub(super) async fn check_login(
        &self,
        login: &str,
        password: &str,
        random: &dyn Random,
        now: Timestamp,
    ) -> Result<String, LoginError> {
        let found = match normal_login(login) {
            Ok(login) => self.store.account_of_login(&self.community, &login).await?,
            Err(_) => None,
        };
        let kept = found.as_ref().and_then(|account| account.secret.clone());
        let has_password = kept.is_some();
        let kept = match kept {
            Some(kept) => kept,
            None => self.decoy(random).await?,
        };
        let fits = self.fits(password, &kept).await? && has_password;
        let Some(account) = found else {
            self.tally_nobody().await?;
            return Err(LoginError::Refused(RefusedWhy::Unknown));
        };
        self.tally(&account.id, if fits { Tried::Right(&kept) } else { Tried::Wrong }, now).await?;
        if !self.settings().hashing.made(&kept) {
            self.hash_anew(&account.id, password, kept, random).await?;
        }
        Ok(account.id)
    }

    /// Hashes a password with the work of today that was kept with another.
    async fn hash_anew(
        &self,
        account: &str,
        password: &str,
        kept: String,
        random: &dyn Random,
    ) -> Result<(), PeopleError> {
        let anew = self.hash(password, random).await?;
        let keep = |row: &mut AccountRow| {
            if row.secret == Some(kept) {
                row.secret = Some(anew);
            }
            Ok(())
        };
        self.change(account, keep).await?;
        Ok(())
    }

    /// What the passwords of unknown names are compared with: as much work as others.
    async fn decoy(&self, random: &dyn Random) -> Result<String, PeopleError> {
        let made = self.decoy.get_or_try_init(|| self.hash("samspill", random)).await?;
        Ok(made.clone())
    }

    /// Counts a password that was tried, in the order in which the tries end. What stands of the account now decides, not what stood
    /// when the try began.
    async fn tally(&self, account: &str, tried: Tried<'_>, now: Timestamp) -> Result<(), LoginError> {
        let settings = self.settings();
        let work = async |tx: &mut PeopleTx| {
            let mut row = known(tx, account).await?;
            let refused = try_once(&mut row, tried, settings, now);
            tx.set_account(&row).await?;
            Ok::<_, PeopleError>(refused)
        };
        let refused = self.store.write_people(&self.community, work).await?;
        refused.map_or(Ok(()), |why| Err(LoginError::Refused(why)))
    }

    /// Waits and writes as [`Self::tally`] does, and changes nothing: how long it takes must not tell which names there are.
    async fn tally_nobody(&self) -> Result<(), PeopleError> {
        let work = async |tx: &mut PeopleTx| {
            tx.account("").await?;
            tx.write_anew().await
        };
        Ok(self.store.write_people(&self.community, work).await?)
    }
}

/// By which way somebody comes in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entrance<'a> {
    /// With a password, which was compared and counted.
    Password,
    /// An `OpenID` provider has vouched for them.
    Provider {
        /// What it calls the session.
        upstream: &'a str,
    },
}

/// A password that was tried.
#[derive(Clone, Copy, Debug)]
enum Tried<'a> {
    /// It was the one of which this was kept.
    Right(&'a str),
    /// It was another.
    Wrong,
}

/// Counts a try in the account, and says why it is refused.
fn try_once(
    row: &mut AccountRow,
    tried: Tried<'_>,
    settings: &AccountSettings,
    now: Timestamp,
) -> Option<RefusedWhy> {
    if row.state != AccountState::Active.as_str() {
        return Some(RefusedWhy::Closed);
    }
    if row.locked_until.is_some_and(|until| now < until) {
        return Some(RefusedWhy::Locked);
    }
    if row.locked_until.take().is_some() {
        row.failures = 0;
    }
    let is_right = matches!(tried, Tried::Right(kept) if row.secret.as_deref() == Some(kept));
    if is_right {
        row.failures = 0;
        return None;
    }
    row.failures += 1;
    if row.failures >= settings.lock_after {
        row.locked_until = Some(now.checked_add(settings.lock_for).unwrap_or(Timestamp::MAX));
    }
    Some(RefusedWhy::Password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn account() -> AccountRow {
        AccountRow {
            id: "1".to_owned(),
            login: "kari".to_owned(),
            name: String::new(),
            email: None,
            secret: Some("x".to_owned()),
            oidc: None,
            state: "active".to_owned(),
            language: "nb".to_owned(),
            settings: String::new(),
            failures: 0,
            locked_until: None,
            made: at(0),
            version: 1,
        }
    }

    const RIGHT: Tried<'_> = Tried::Right("x");

    /// Tries in seconds, in a row, with what comes of each.
    fn tried(tries: &[(Tried<'_>, i64)]) -> Vec<Option<RefusedWhy>> {
        let settings = AccountSettings::default();
        let mut row = account();
        tries.iter().map(|(tried, second)| try_once(&mut row, *tried, &settings, at(*second))).collect()
    }

    #[test]
    fn the_fifth_wrong_password_in_a_row_locks_and_the_fourth_does_not() {
        use RefusedWhy::{Locked, Password};
        let four = [Tried::Wrong; 4].map(|tried| (tried, 0));
        let after_four = tried(&[&four[..], &[(RIGHT, 0)]].concat());
        assert_eq!(after_four.last(), Some(&None));
        let after_five = tried(&[&four[..], &[(Tried::Wrong, 0), (RIGHT, 0)]].concat());
        assert_eq!(after_five[4..], [Some(Password), Some(Locked)]);
    }

    #[test]
    fn it_opens_again_when_its_time_has_passed_to_the_instant() {
        use RefusedWhy::{Locked, Password};
        let lock = 15 * 60;
        let five = [Tried::Wrong; 5].map(|tried| (tried, 0));
        let then = |tries: &[(Tried<'_>, i64)]| tried(&[&five[..], tries].concat())[5..].to_vec();
        assert_eq!(then(&[(RIGHT, lock - 1), (RIGHT, lock)]), [Some(Locked), None]);
        // Wrong ones while it is locked don't make it longer, and afterwards they are counted from the first.
        let four = [Tried::Wrong; 4].map(|tried| (tried, lock));
        let tries = [&[(Tried::Wrong, lock - 1)], &four[..], &[(RIGHT, lock)]].concat();
        let expected = [vec![Some(Locked)], vec![Some(Password); 4], vec![None]].concat();
        assert_eq!(then(&tries), expected);
    }

    #[test]
    fn a_right_password_begins_the_count_anew() {
        let four = [Tried::Wrong; 4].map(|tried| (tried, 0));
        let tries = [&four[..], &[(RIGHT, 0)], &four[..], &[(RIGHT, 0)]].concat();
        assert_eq!(tried(&tries)[9], None);
    }

    #[test]
    fn a_password_that_was_changed_while_it_was_compared_is_wrong() {
        assert_eq!(tried(&[(Tried::Right("y"), 0)]), [Some(RefusedWhy::Password)]);
    }

    #[test]
    fn an_account_that_is_closed_or_has_only_been_invited_is_refused() {
        for state in ["closed", "invited"] {
            let mut row = AccountRow { state: state.to_owned(), ..account() };
            let refused = try_once(&mut row, RIGHT, &AccountSettings::default(), at(0));
            assert_eq!(refused, Some(RefusedWhy::Closed));
        }
    }
}
