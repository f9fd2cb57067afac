use jiff::{SignedDuration, Timestamp};
use samspill_service::{
    access::Role,
    audit::{Audit, KeyRing, PersonRegister},
    people::{Account, AccountSettings, Accounts, Hashing, NewAccount, RoleHeld, RoleKey, SystemRandom},
};
use samspill_store::{CommunityId, Options, Place, Store};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "hest og batteri";

/// A community with accounts, an access log and a register of persons.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) community: CommunityId,
    pub(crate) accounts: Accounts,
    pub(crate) register: PersonRegister,
    pub(crate) audit: Audit,
    _folder: TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// Whose store waits for others no longer than a moment.
    pub(crate) async fn impatient() -> Self {
        Self::with(Options { wait: std::time::Duration::from_millis(50), ..Options::default() }).await
    }

    async fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("samspill.db"));
        let store = Store::open(&place, options).await.unwrap();
        let community = CommunityId::new("prove").unwrap();
        let settings = AccountSettings { hashing: Hashing::quick(), ..AccountSettings::default() };
        let accounts = Accounts::new(store.clone(), community.clone(), settings);
        let register = PersonRegister::new(store.clone(), community.clone(), KeyRing::for_demo());
        let audit = Audit::new(store.clone(), community.clone(), register.clone(), "node-1".to_owned());
        Self { store, community, accounts, register, audit, _folder: folder }
    }

    /// An account with a password and these roles, from the beginning of time.
    pub(crate) async fn person(&self, login: &str, roles: &[(Role, &str, Option<&str>)]) -> Account {
        let new = NewAccount::new(login, format!("Navn {login}"));
        let made = self.accounts.make(&new, &SystemRandom, at(0)).await.unwrap();
        self.accounts.preset_password(&made.id, PASSWORD, &SystemRandom, at(0)).await.unwrap();
        for (role, party, unit) in roles {
            self.accounts.give_role(&made.id, &held(*role, party, *unit)).await.unwrap();
        }
        self.accounts.account(&made.id).await.unwrap().unwrap()
    }
}

pub(crate) fn held(role: Role, party: &str, unit: Option<&str>) -> RoleHeld {
    let unit = unit.map(str::to_owned);
    RoleHeld { role, party: party.to_owned(), unit, from: at(0), until: None }
}

pub(crate) fn key(role: Role, party: &str) -> RoleKey {
    RoleKey { role, party: party.to_owned() }
}

/// So many seconds after a certain noon.
pub(crate) fn at(seconds: i64) -> Timestamp {
    "2026-03-17T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}
