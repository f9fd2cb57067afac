//! Who may keep which account, that it is done whole or not at all, and that it is written down.

use samspill_service::{
    access::{Means, Policy, Role, Subject},
    audit::{Doer, Happened, MACHINE},
    exchange::meaning::AddressBook,
    people::{
        Account, AccountState, Keeper, Keeps, NewAccount, PeopleError, RoleFault, RoleHeld, SystemRandom,
        Undone,
    },
};
use samspill_store::{AccessFilter, NewAccess};

use crate::support::{House, PASSWORD, at, held, key};

const BOOK: &str = r#"
    [[part]]
    navn = "UNN"
    rolle = "sykehus"
    virksomhet = { navn = "Sykehuset", her = "8000001" }
    tjenester.a = { navn = "A", her = "8000002" }
    [[part]]
    navn = "Nesodal"
    rolle = "kommune"
    virksomhet = { navn = "Nesodal kommune", her = "8000011" }
"#;

struct Office {
    house: House,
    book: AddressBook,
    policy: Policy,
    administrator: Subject,
}

impl Office {
    /// Of the administrator of a party.
    async fn of(party: &str) -> Self {
        let administrator = Subject {
            account: "a1".to_owned(),
            name: "Adm Inistrator".to_owned(),
            role: Role::Administrator,
            party: party.to_owned(),
            units: [].into(),
            means: Means::Person,
            grants: Vec::new(),
        };
        let book = AddressBook::read(BOOK).unwrap();
        Self { house: House::new().await, book, policy: Policy::shipped(), administrator }
    }

    fn keeper<'a>(&'a self, by: Doer<'a>, second: i64) -> Keeper<'a> {
        Keeper {
            accounts: &self.house.accounts,
            by,
            book: Some(&self.book),
            policy: &self.policy,
            node: "node-1",
            request: "r-1",
            now: at(second),
        }
    }

    fn pages(&self, second: i64) -> Keeper<'_> {
        self.keeper(Doer::Subject(&self.administrator), second)
    }

    fn machine(&self, second: i64) -> Keeper<'_> {
        self.keeper(Doer::Machine("root"), second)
    }

    async fn account(&self, id: &str) -> Account {
        self.house.accounts.account(id).await.unwrap().unwrap()
    }

    /// The access log, the oldest row first.
    async fn log(&self) -> Vec<NewAccess> {
        let filter = AccessFilter::default();
        let rows = self.house.store.accesses(&self.house.community, &filter, None, 99).await.unwrap();
        rows.into_iter().rev().map(|kept| kept.access).collect()
    }

    async fn said(&self) -> Vec<String> {
        self.log().await.into_iter().map(|row| row.detail).collect()
    }
}

fn role(role: Role, party: &str, from: i64, until: Option<i64>) -> RoleHeld {
    RoleHeld { from: at(from), until: until.map(at), ..held(role, party, None) }
}

fn is_refused<T>(result: &Result<T, PeopleError>) -> bool {
    matches!(result, Err(PeopleError::NotYours))
}

#[tokio::test]
async fn an_account_is_kept_by_the_party_that_has_all_its_roles_now_and_to_come() {
    let office = Office::of("UNN").await;
    let (own, other) = ((Role::Ward, "UNN"), (Role::CaseOffice, "Nesodal"));
    for (case, (roles, expected)) in [
        (vec![], Keeps::Nothing),
        (vec![(own, 0, None)], Keeps::All),
        (vec![(own, 20, None)], Keeps::All),
        (vec![(other, 0, None)], Keeps::Nothing),
        (vec![(own, 0, None), (other, 0, None)], Keeps::Roles),
        (vec![(own, 0, None), (other, 20, None)], Keeps::Roles),
        (vec![(own, 0, None), (other, 0, Some(11))], Keeps::Roles),
        (vec![(own, 0, None), (other, 0, Some(10))], Keeps::All),
        (vec![(own, 0, Some(10)), (other, 0, None)], Keeps::Roles),
        (vec![(own, 0, Some(10))], Keeps::All),
        (vec![(own, 0, Some(10)), (other, 0, Some(10))], Keeps::Roles),
        (vec![(own, 20, Some(20)), (other, 0, None)], Keeps::Roles),
    ]
    .into_iter()
    .enumerate()
    {
        let made = office.house.person(&format!("konto-{case}"), &[]).await;
        for ((kind, party), from, until) in roles {
            office.house.accounts.give_role(&made.id, &role(kind, party, from, until)).await.unwrap();
        }
        let account = office.account(&made.id).await;
        assert_eq!(office.pages(10).keeps(&account), expected, "{case}: {:?}", account.roles);
        assert_eq!(office.machine(10).keeps(&account), Keeps::All);
    }
}

#[tokio::test]
async fn an_administrator_can_not_take_over_an_account_that_is_also_anothers() {
    let office = Office::of("Nesodal").await;
    let kari = office.house.person("kari", &[(Role::CaseOffice, "Nesodal", None)]).await;
    office.house.accounts.give_role(&kari.id, &held(Role::Ward, "UNN", None)).await.unwrap();
    let pages = office.pages(1);
    assert!(is_refused(&pages.invite(&kari.id, &SystemRandom).await));
    assert!(is_refused(&pages.close(&kari.id).await));
    assert!(is_refused(&pages.reopen(&kari.id).await));
    assert!(is_refused(&pages.unlock(&kari.id).await));
    assert!(is_refused(&pages.log_out(&kari.id).await));
    let token = pages.make_token(&kari.id, (&key(Role::Ward, "UNN"), "x"), at(9), &SystemRandom).await;
    assert!(is_refused(&token));
    assert!(is_refused(&pages.end_role(&kari.id, &held(Role::Ward, "UNN", None)).await));
    assert!(is_refused(&pages.give_role(&kari.id, &role(Role::Ward, "UNN", 1, None)).await));
    assert_eq!(office.said().await, [""; 0], "what isn't done isn't told");
    // The roles of their own party are theirs, and whoever works at the machine keeps it all.
    pages.end_role(&kari.id, &held(Role::CaseOffice, "Nesodal", None)).await.unwrap();
    office.machine(2).invite(&kari.id, &SystemRandom).await.unwrap();
    assert_eq!(office.said().await.len(), 3, "the party's, and for each party of the account");
}

#[tokio::test]
async fn roles_are_those_of_the_own_sort_of_party_and_none_that_reaches_further() {
    let office = Office::of("Nesodal").await;
    let kari = office.house.person("kari", &[(Role::CaseOffice, "Nesodal", None)]).await;
    let given = async |keeper: Keeper<'_>, kind: Role| {
        keeper.give_role(&kari.id, &role(kind, "Nesodal", 1, None)).await.map_err(|error| error.to_string())
    };
    for kind in [Role::HospitalAccounts, Role::Ward, Role::Physician, Role::Coordination, Role::Gp] {
        assert!(given(office.pages(1), kind).await.is_err(), "{kind:?}");
        assert!(given(office.machine(1), kind).await.is_err(), "{kind:?}");
    }
    for kind in [Role::MunicipalAccounts, Role::CareUnit, Role::Administrator, Role::Member] {
        assert_eq!(given(office.pages(1), kind).await, Ok(()), "{kind:?}");
    }
    let beyond = office.pages(1).give_role(&kari.id, &role(Role::Auditor, "Nesodal", 1, None)).await;
    assert!(matches!(beyond, Err(PeopleError::Role(RoleFault::BeyondParty(_)))));
    assert_eq!(given(office.machine(1), Role::Auditor).await, Ok(()));
    let auditor = RoleHeld { from: at(0), ..role(Role::Auditor, "Nesodal", 0, None) };
    office.pages(2).end_role(&kari.id, &auditor).await.unwrap();
    let nowhere = office.machine(1).give_role(&kari.id, &role(Role::Member, "Nesodalen", 1, None)).await;
    assert!(matches!(nowhere, Err(PeopleError::Role(RoleFault::NoParty { .. }))));
}

#[tokio::test]
async fn an_account_is_made_with_its_roles_and_link_or_not_at_all() {
    let office = Office::of("UNN").await;
    let ward = [role(Role::Ward, "UNN", 0, None)];
    let made = office.pages(0).make(&NewAccount::new("kari", "Kari"), &ward, true, &SystemRandom).await;
    let made = made.unwrap();
    assert_eq!(made.account, office.account(&made.account.id).await);
    assert_eq!(made.account.roles, ward);
    let link = made.link.unwrap().token;
    assert!(office.house.accounts.invited(&link, at(1)).await.unwrap().is_some());
    let none = office.pages(0).make(&NewAccount::new("ola", "Ola"), &[], true, &SystemRandom).await;
    assert!(is_refused(&none));
    // A role that the store won't take, after the account itself was written.
    let long = [ward[0].clone(), RoleHeld { unit: Some("x".repeat(1001)), ..ward[0].clone() }];
    let keeper = Keeper { book: None, ..office.machine(0) };
    assert!(keeper.make(&NewAccount::new("ola", "Ola"), &long, true, &SystemRandom).await.is_err());
    assert!(office.house.accounts.by_login("ola").await.unwrap().is_none());
    assert_eq!(office.said().await, ["kari: laget, sengepost:UNN"]);
}

#[tokio::test]
async fn whoever_keeps_accounts_stands_in_the_log_with_what_they_did() {
    let office = Office::of("UNN").await;
    let ward = [role(Role::Ward, "UNN", 0, None)];
    let made = office.pages(0).make(&NewAccount::new("kari", "Kari"), &ward, false, &SystemRandom).await;
    let id = made.unwrap().account.id;
    office.house.accounts.preset_password(&id, PASSWORD, &SystemRandom, at(0)).await.unwrap();
    let physician = role(Role::Physician, "UNN", 1, Some(100));
    office.pages(1).give_role(&id, &physician).await.unwrap();
    office.pages(2).end_role(&id, &physician).await.unwrap();
    office.pages(3).log_out(&id).await.unwrap();
    office.pages(3).unlock(&id).await.unwrap();
    office.pages(3).invite(&id, &SystemRandom).await.unwrap();
    office.pages(4).close(&id).await.unwrap();
    office.pages(5).reopen(&id).await.unwrap();
    office.pages(6).reopen(&id).await.unwrap();
    let log = office.log().await;
    let said: Vec<(&str, &str)> = log.iter().map(|row| (row.action.as_str(), row.detail.as_str())).collect();
    let (changed, out) = (Happened::AccountChanged.as_str(), Happened::LoggedOut.as_str());
    assert_eq!(
        said,
        [
            (changed, "kari: laget, sengepost:UNN"),
            (changed, "kari: gitt lege:UNN til 2026-03-17T12:01:40Z"),
            (changed, "kari: avsluttet lege:UNN til 2026-03-17T12:01:40Z"),
            (out, "kari: overalt"),
            (changed, "kari: låst opp"),
            (changed, "kari: ny lenke"),
            (changed, "kari: stengt"),
            (changed, "kari: åpnet"),
        ]
    );
    check_who(&log);
    assert_eq!(office.house.audit.verify().await.unwrap().broken, None);
}

/// Each row says who, for which party, and in which request.
fn check_who(log: &[NewAccess]) {
    for row in log {
        let who = (row.account.as_str(), row.name.as_str(), row.role.as_str(), row.party.as_str());
        assert_eq!(who, ("a1", "Adm Inistrator", "administrator", "UNN"));
        assert_eq!(
            (row.request.as_str(), row.node.as_str(), row.purpose.as_str()),
            ("r-1", "node-1", "drift")
        );
    }
}

#[tokio::test]
async fn what_is_done_at_the_machine_is_told_to_each_party_of_the_account() {
    let office = Office::of("UNN").await;
    let kari =
        office.house.person("kari", &[(Role::Ward, "UNN", None), (Role::Member, "Nesodal", None)]).await;
    office.machine(1).close(&kari.id).await.unwrap();
    let rows = office.log().await;
    let told: Vec<_> =
        rows.iter().map(|row| (row.account.as_str(), row.name.as_str(), row.party.as_str())).collect();
    assert_eq!(told, [(MACHINE, "root", "Nesodal"), (MACHINE, "root", "UNN")]);
}

#[tokio::test]
async fn tokens_are_listed_and_ended_one_by_one_and_a_closed_account_gets_none() {
    let office = Office::of("UNN").await;
    let journal = office.house.person("journal", &[(Role::Ward, "UNN", None)]).await;
    let ward = key(Role::Ward, "UNN");
    let make = async |name: &str, second: i64| {
        office.machine(second).make_token(&journal.id, (&ward, name), at(1000), &SystemRandom).await
    };
    let (first, second) = (make("EPJ", 1).await.unwrap(), make("Uttrekk", 2).await.unwrap());
    let listed = office.house.accounts.tokens(&journal.id).await.unwrap();
    assert_eq!(listed.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["EPJ", "Uttrekk"]);
    assert_ne!(listed[0].handle, listed[1].handle);
    assert!(!first.contains(&listed[0].handle) && listed[0].role == Some(ward.clone()));
    let elsewhere = Subject { party: "Nesodal".to_owned(), ..office.administrator.clone() };
    let other = office.keeper(Doer::Subject(&elsewhere), 3);
    assert!(is_refused(&other.end_token(&journal.id, &listed[0].handle).await));
    office.pages(3).end_token(&journal.id, &listed[0].handle).await.unwrap();
    let works = async |token: &str, second| {
        office.house.accounts.by_token(token, at(second)).await.unwrap().is_some()
    };
    assert_eq!((works(&first, 3).await, works(&second, 3).await), (false, true));
    for gone in [&*listed[0].handle, "", "finnes-ikke"] {
        let again = office.machine(4).end_token(&journal.id, gone).await;
        assert!(matches!(again, Err(PeopleError::NoToken(_))), "{gone}");
    }
    let after = office.house.accounts.tokens(&journal.id).await.unwrap();
    assert_eq!(after.iter().map(|token| token.runs(at(4))).collect::<Vec<_>>(), [false, true]);
    office.machine(5).close(&journal.id).await.unwrap();
    assert!(matches!(make("Tredje", 6).await, Err(PeopleError::Closed)));
    office.machine(7).reopen(&journal.id).await.unwrap();
    assert!(!works(&second, 8).await, "what ended with the account stays ended");
}

#[tokio::test]
async fn a_link_is_void_when_the_account_comes_to_another_party() {
    let office = Office::of("UNN").await;
    let ward = [role(Role::Ward, "UNN", 0, None)];
    let made =
        office.pages(0).make(&NewAccount::new("kari", "Kari"), &ward, true, &SystemRandom).await.unwrap();
    let (id, link) = (made.account.id, made.link.unwrap().token);
    let is_good = async || office.house.accounts.invited(&link, at(3)).await.unwrap().is_some();
    office.machine(1).give_role(&id, &role(Role::Physician, "UNN", 1, None)).await.unwrap();
    assert!(is_good().await);
    office.machine(2).give_role(&id, &role(Role::CaseOffice, "Nesodal", 2, None)).await.unwrap();
    assert!(!is_good().await);
    assert_eq!(office.account(&id).await.state, AccountState::Invited);
}

#[tokio::test]
async fn a_role_that_was_ended_is_given_back_as_it_was_and_stands_in_the_log() {
    let office = Office::of("UNN").await;
    let ward = [role(Role::Ward, "UNN", 0, None)];
    let made = office.pages(0).make(&NewAccount::new("kari", "Kari"), &ward, false, &SystemRandom).await;
    let id = made.unwrap().account.id;
    let physician = role(Role::Physician, "UNN", 1, Some(100));
    office.pages(1).give_role(&id, &physician).await.unwrap();
    let before = office.account(&id).await.roles;
    assert!(office.pages(5).end_role_for_now(&id, &physician, "a").await.unwrap());
    assert_ne!(office.account(&id).await.roles, before);
    assert_eq!(office.pages(6).give_back("b").await.unwrap(), Undone::Gone);
    assert_eq!(office.pages(6).give_back("a").await.unwrap(), Undone::Done);
    assert_eq!(office.account(&id).await.roles, before);
    assert_eq!(office.pages(7).give_back("a").await.unwrap(), Undone::Gone, "once");
    let said = office.said().await;
    assert_eq!(said.last().map(String::as_str), Some("kari: gitt tilbake lege:UNN til 2026-03-17T12:01:40Z"));
}

#[tokio::test]
async fn a_role_is_not_given_back_over_one_that_was_given_since_or_to_a_closed_account() {
    let office = Office::of("UNN").await;
    let ward = [role(Role::Ward, "UNN", 0, None)];
    let made = office.pages(0).make(&NewAccount::new("kari", "Kari"), &ward, false, &SystemRandom).await;
    let id = made.unwrap().account.id;
    office.pages(5).end_role_for_now(&id, &ward[0], "a").await.unwrap();
    office.pages(6).give_role(&id, &role(Role::Ward, "UNN", 6, Some(60))).await.unwrap();
    let since = office.account(&id).await.roles;
    assert_eq!(office.pages(7).give_back("a").await.unwrap(), Undone::Changed);
    assert_eq!(office.account(&id).await.roles, since);

    let other = office.pages(0).make(&NewAccount::new("ola", "Ola"), &ward, false, &SystemRandom).await;
    let other = other.unwrap().account.id;
    office.pages(5).end_role_for_now(&other, &ward[0], "b").await.unwrap();
    office.machine(6).close(&other).await.unwrap();
    assert_eq!(office.pages(7).give_back("b").await.unwrap(), Undone::Changed);
}
