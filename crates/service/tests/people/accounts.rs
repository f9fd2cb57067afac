use samspill_agreement::model::Language;
use samspill_service::{
    access::Role,
    people::{
        Account, AccountSettings, AccountState, Accounts, AtDoor, Hashing, LoginError, NewAccount, OidcName,
        PasswordFault, PeopleError, RefusedWhy, RoleHeld, SystemRandom,
    },
};
use samspill_store::AccessFilter;

use crate::support::{House, PASSWORD, at, held};

#[tokio::test]
async fn an_account_is_made_invited_and_active_once_it_has_a_password() {
    let house = House::new().await;
    let new = NewAccount {
        email: Some("kari@unn.no".to_owned()),
        language: Language::Nynorsk,
        ..NewAccount::new(" Kari.N ", " Kari Nordmann ")
    };
    let made = house.accounts.make(&new, &SystemRandom, at(0)).await.unwrap();
    assert_eq!(
        (made.login.as_str(), made.name.as_str(), made.state),
        ("kari.n", "Kari Nordmann", AccountState::Invited)
    );
    let again = house.accounts.make(&NewAccount::new("KARI.N", ""), &SystemRandom, at(0)).await;
    assert!(matches!(again, Err(PeopleError::LoginTaken(_))));
    let link = house.accounts.invite(&made.id, &SystemRandom, at(0)).await.unwrap();
    assert_eq!(house.accounts.invited(&link.token, at(0)).await.unwrap().unwrap().id, made.id);
    let weak = house.accounts.set_password(&link.token, "kari.n kari.n", &SystemRandom, at(1)).await;
    assert!(matches!(weak, Err(PeopleError::Password(PasswordFault::HoldsLogin))));
    let set = house.accounts.set_password(&link.token, PASSWORD, &SystemRandom, at(1)).await.unwrap();
    assert_eq!((set.state, set.has_password, set.language), (AccountState::Active, true, Language::Nynorsk));
    assert!(house.accounts.log_in("Kari.N", PASSWORD, &SystemRandom, at(2)).await.is_ok());
    let used = house.accounts.set_password(&link.token, PASSWORD, &SystemRandom, at(3)).await;
    assert!(matches!(used, Err(PeopleError::NoLink)), "a link is for once");
}

#[tokio::test]
async fn a_link_is_good_up_to_its_last_instant_and_void_when_there_is_a_newer_one() {
    let house = House::new().await;
    let kari = house.person("kari", &[]).await;
    let first = house.accounts.invite(&kari.id, &SystemRandom, at(0)).await.unwrap();
    assert_eq!(first.until, at(72 * 3600));
    assert!(house.accounts.invited(&first.token, first.until).await.unwrap().is_some());
    assert!(house.accounts.invited(&first.token, at(72 * 3600 + 1)).await.unwrap().is_none());
    let second = house.accounts.invite(&kari.id, &SystemRandom, at(1)).await.unwrap();
    assert!(house.accounts.invited(&first.token, at(2)).await.unwrap().is_none());
    assert!(house.accounts.invited(&second.token, at(2)).await.unwrap().is_some());
    assert!(house.accounts.invited("tull", at(2)).await.unwrap().is_none());
}

#[tokio::test]
async fn five_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour() {
    let house = House::new().await;
    house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let tried = async |login: &str, password: &str, second: i64| {
        house
            .accounts
            .log_in(login, password, &SystemRandom, at(second))
            .await
            .err()
            .and_then(|error| error.why())
    };
    for second in 0..5 {
        assert_eq!(tried("kari", "feil passord her", second).await, Some(RefusedWhy::Password));
    }
    assert_eq!(tried("kari", PASSWORD, 4 + 899).await, Some(RefusedWhy::Locked));
    assert_eq!(tried("kari", PASSWORD, 4 + 900).await, None);
    assert_eq!(tried("ola", PASSWORD, 0).await, Some(RefusedWhy::Unknown));
    assert_eq!(tried("", PASSWORD, 0).await, Some(RefusedWhy::Unknown));
}

#[tokio::test]
async fn of_many_wrong_passwords_at_once_no_more_than_five_are_compared_with_effect() {
    let house = House::new().await;
    house.person("kari", &[]).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let accounts = house.accounts.clone();
        tries.spawn(async move {
            accounts.log_in("kari", "feil passord her", &SystemRandom, at(0)).await.unwrap_err().why()
        });
    }
    let why = tries.join_all().await;
    assert_eq!(why.iter().filter(|why| **why == Some(RefusedWhy::Password)).count(), 5);
    assert_eq!(why.iter().filter(|why| **why == Some(RefusedWhy::Locked)).count(), 15);
    let kari = house.accounts.by_login("kari").await.unwrap().unwrap();
    assert_eq!((kari.failures, kari.locked_until), (5, Some(at(900))));
    house.accounts.unlock(&kari.id).await.unwrap();
    assert!(house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(1)).await.is_ok());
}

#[tokio::test]
async fn whoever_changes_an_account_must_have_seen_it_as_it_is() {
    let house = House::new().await;
    let kari = house.person("kari", &[]).await;
    let oidc = Some(OidcName { issuer: "https://helseid".to_owned(), subject: "1".to_owned() });
    let renamed = Account { name: "Ola".to_owned(), oidc: oidc.clone(), ..kari.clone() };
    let changed = house.accounts.update(&renamed).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.version), ("Ola", kari.version + 1));
    assert!(matches!(house.accounts.update(&renamed).await, Err(PeopleError::Changed)));
    let other = house.person("per", &[]).await;
    let taken = house.accounts.update(&Account { oidc, ..other }).await;
    assert!(matches!(taken, Err(PeopleError::LoginTaken(_))));
    let found = house.accounts.by_oidc("https://helseid", "1").await.unwrap().unwrap();
    assert_eq!(found.id, kari.id);
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_old_one() {
    let house = House::new().await;
    let kari = house.person("kari", &[]).await;
    let begun = house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(0)).await.unwrap();
    let new = "en annen hest på taket";
    let wrong = house.accounts.change_password(&kari.id, "ikke denne her", new, &SystemRandom, at(1)).await;
    assert!(matches!(wrong, Err(PeopleError::WrongPassword)));
    house.accounts.change_password(&kari.id, PASSWORD, new, &SystemRandom, at(1)).await.unwrap();
    assert!(house.accounts.session(&begun.token, at(2)).await.unwrap().is_none());
    assert!(house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(2)).await.is_err());
    assert!(house.accounts.log_in("kari", new, &SystemRandom, at(2)).await.is_ok());
}

#[tokio::test]
async fn a_closed_account_is_dead_and_comes_back_without_its_password() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let begun = house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(0)).await.unwrap();
    let link = house.accounts.invite(&kari.id, &SystemRandom, at(0)).await.unwrap();
    house.accounts.close(&kari.id, at(1)).await.unwrap();
    assert!(house.accounts.session(&begun.token, at(1)).await.unwrap().is_none());
    assert!(house.accounts.invited(&link.token, at(1)).await.unwrap().is_none());
    let refused = house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(1)).await.unwrap_err();
    assert_eq!(refused.why(), Some(RefusedWhy::Closed));
    assert!(matches!(house.accounts.invite(&kari.id, &SystemRandom, at(1)).await, Err(PeopleError::Closed)));
    let open = house.accounts.reopen(&kari.id, at(1)).await.unwrap();
    assert_eq!((open.state, open.has_password), (AccountState::Invited, false));
    assert!(house.accounts.invite(&kari.id, &SystemRandom, at(2)).await.is_ok());
}

#[tokio::test]
async fn a_password_that_was_kept_with_less_work_is_hashed_anew_at_the_next_login() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let more = Hashing { passes: 2, ..Hashing::quick() };
    let settings = AccountSettings { hashing: more, ..AccountSettings::default() };
    let accounts = Accounts::new(house.store.clone(), house.community.clone(), settings);
    let kept =
        async || house.store.account(&house.community, &kari.id).await.unwrap().unwrap().secret.unwrap();
    assert!(kept().await.contains("t=1,"));
    accounts.log_in("kari", "feil passord her", &SystemRandom, at(0)).await.unwrap_err();
    assert!(kept().await.contains("t=1,"));
    accounts.log_in("kari", PASSWORD, &SystemRandom, at(0)).await.unwrap();
    assert!(kept().await.contains("t=2,"));
    assert!(house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(1)).await.is_ok());
}

#[tokio::test]
async fn those_of_a_party_are_those_who_may_and_have_a_role_there_now() {
    let house = House::new().await;
    let ada = house.person("ada", &[(Role::Ward, "UNN", None), (Role::Gp, "Tromsø", None)]).await;
    house.person("kari", &[(Role::Physician, "UNN", Some("A"))]).await;
    house.person("per", &[(Role::CaseOffice, "Tromsø", None)]).await;
    let closed = house.person("ola", &[(Role::Ward, "UNN", None)]).await;
    house.accounts.close(&closed.id, at(1)).await.unwrap();
    let of = async |party: &str, second| {
        let found = house.accounts.of_party(party, at(second)).await.unwrap();
        found.into_iter().map(|account| account.login).collect::<Vec<_>>()
    };
    assert_eq!(
        (of("UNN", 2).await, of("Tromsø", 2).await),
        (vec!["ada".to_owned(), "kari".to_owned()], vec!["ada".to_owned(), "per".to_owned()])
    );
    house.accounts.end_role(&ada.id, &held(Role::Ward, "UNN", None), at(3)).await.unwrap();
    assert_eq!(of("UNN", 3).await, ["kari"]);
}

#[tokio::test]
async fn roles_and_accounts_are_listed_and_a_role_ends_when_it_is_ended() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", Some("A"))]).await;
    house.person("ada", &[]).await;
    let role = held(Role::Ward, "UNN", Some("A"));
    house.accounts.end_role(&kari.id, &role, at(10)).await.unwrap();
    let listed = house.accounts.list("", 10).await.unwrap();
    assert_eq!(listed.iter().map(|account| account.login.as_str()).collect::<Vec<_>>(), ["ada", "kari"]);
    assert_eq!(listed[1].roles, [RoleHeld { until: Some(at(10)), ..role.clone() }]);
    assert_eq!(house.accounts.count().await.unwrap(), 2);
    assert!(matches!(house.accounts.give_role("ingen", &role).await, Err(PeopleError::NoAccount(_))));
}

#[tokio::test]
async fn a_role_that_is_given_anew_lasts_as_long_as_the_last_gift_says() {
    let house = House::new().await;
    let role = |unit: Option<&str>, from: i64, until: Option<i64>| RoleHeld {
        from: at(from),
        until: until.map(at),
        ..held(Role::Ward, "UNN", unit)
    };
    // What is given after one another, and in which seconds from 0 to 9 the role is held.
    for (place, (gifts, expected)) in [
        (vec![(0, None), (2, Some(5))], "11111....."),
        (vec![(0, None), (2, None)], "1111111111"),
        (vec![(0, Some(8)), (2, Some(5))], "11111....."),
        (vec![(0, Some(2)), (2, Some(4))], "1111......"),
        (vec![(0, Some(2)), (5, Some(6))], "11...1...."),
        (vec![(5, None), (0, Some(7))], "1111111..."),
        (vec![(5, None), (0, Some(5))], "1111111111"),
        (vec![(3, Some(9)), (3, Some(4))], "...1......"),
    ]
    .into_iter()
    .enumerate()
    {
        let made = house.person(&format!("konto-{place}"), &[(Role::Ward, "UNN", Some("A"))]).await;
        for (from, until) in &gifts {
            house.accounts.give_role(&made.id, &role(None, *from, *until)).await.unwrap();
        }
        let roles = house.accounts.account(&made.id).await.unwrap().unwrap().roles;
        let runs = |second: i64| roles.iter().filter(|it| it.unit.is_none() && it.runs(at(second))).count();
        let held: String = (0..10).map(|second| if runs(second) > 0 { '1' } else { '.' }).collect();
        assert_eq!(held, expected, "{gifts:?}: {roles:?}");
        assert!((0..10).all(|second| runs(second) < 2), "held twice: {roles:?}");
        assert!(roles.contains(&role(Some("A"), 0, None)), "another unit's is another role");
    }
}

#[tokio::test]
async fn a_role_is_ended_however_often_it_was_given() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    // Two rows at once, as an older program wrote them.
    let twice = samspill_store::RoleRow {
        role: Role::Ward.as_str().to_owned(),
        party: "UNN".to_owned(),
        unit: String::new(),
        from: at(5),
        until: None,
    };
    let mut tx = house.store.begin_people(&house.community).await.unwrap();
    tx.set_role(&kari.id, &twice).await.unwrap();
    tx.commit().await.unwrap();
    let to_come = RoleHeld { from: at(100), ..held(Role::Ward, "UNN", None) };
    let always = RoleHeld { from: jiff::Timestamp::MIN, ..to_come.clone() };
    house.accounts.end_role(&kari.id, &always, at(10)).await.unwrap();
    let roles = house.accounts.account(&kari.id).await.unwrap().unwrap().roles;
    assert_eq!(roles.iter().map(|role| role.until).collect::<Vec<_>>(), [Some(at(10)); 2]);
    let again = house.accounts.end_role(&kari.id, &always, at(11)).await;
    assert!(matches!(again, Err(PeopleError::NoRole(_))), "what is over can't be ended again");
    house.accounts.give_role(&kari.id, &to_come).await.unwrap();
    house.accounts.end_role(&kari.id, &always, at(20)).await.unwrap();
    let roles = house.accounts.account(&kari.id).await.unwrap().unwrap().roles;
    assert!(roles.iter().all(|role| !role.lasts(at(20))), "{roles:?}");
}

#[tokio::test]
async fn who_changes_a_password_learns_that_the_account_is_locked_and_not_that_the_old_one_is_wrong() {
    let house = House::new().await;
    let kari = house.person("kari", &[]).await;
    let change = async |old: &str, second: i64| {
        let new = "en annen hest på taket";
        house.accounts.change_password(&kari.id, old, new, &SystemRandom, at(second)).await
    };
    for _ in 0..5 {
        assert!(matches!(change("ikke denne her", 0).await, Err(PeopleError::WrongPassword)));
    }
    assert!(matches!(change(PASSWORD, 1).await, Err(PeopleError::Locked)));
    assert!(change(PASSWORD, 901).await.is_ok());
}

/// The store has one turn for all who write: a login that wrote nothing would be answered while the turn is another's.
#[tokio::test]
async fn a_login_waits_for_its_turn_to_write_whether_the_name_is_known_or_not() {
    let house = House::impatient().await;
    house.person("kari", &[]).await;
    let turn = house.store.begin_people(&house.community).await.unwrap();
    for login in ["kari", "ukjent", "", "ikke et navn"] {
        let refused = house.accounts.log_in(login, "feil passord her", &SystemRandom, at(0)).await;
        let error = refused.unwrap_err();
        assert!(matches!(error, LoginError::Failed(PeopleError::Store(_))), "{login}: {error:?}");
    }
    drop(turn);
    let refused = house.accounts.log_in("ukjent", PASSWORD, &SystemRandom, at(0)).await;
    assert_eq!(refused.unwrap_err().why(), Some(RefusedWhy::Unknown));
    let kari = house.accounts.by_login("kari").await.unwrap().unwrap();
    assert_eq!((kari.failures, kari.version), (0, 2), "others' accounts don't change by it");
}

#[tokio::test]
async fn an_account_that_is_open_stays_as_it_is_when_it_is_opened() {
    let house = House::new().await;
    let kari = house.person("kari", &[]).await;
    house.accounts.reopen(&kari.id, at(1)).await.unwrap();
    assert!(house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(2)).await.is_ok());
}

/// An account that was closed by a program which ended in the middle: its session and link still stand.
#[tokio::test]
async fn what_an_account_had_before_it_was_closed_does_not_come_back_with_it() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let link = house.accounts.invite(&kari.id, &SystemRandom, at(0)).await.unwrap();
    let until = at(100);
    let ward = crate::support::key(Role::Ward, "UNN");
    let token = house.accounts.make_token(&kari.id, &ward, "EPJ", until, &SystemRandom, at(0)).await.unwrap();
    let mut tx = house.store.begin_people(&house.community).await.unwrap();
    let row = tx.account(&kari.id).await.unwrap().unwrap();
    tx.set_account(&samspill_store::AccountRow { state: "closed".to_owned(), ..row }).await.unwrap();
    tx.commit().await.unwrap();
    house.accounts.reopen(&kari.id, at(1)).await.unwrap();
    assert!(house.accounts.invited(&link.token, at(2)).await.unwrap().is_none());
    assert_eq!(house.accounts.by_token(&token, at(2)).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_is_tied_to_a_name_elsewhere_once_and_that_stands_in_the_access_log() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", None), (Role::CaseOffice, "Nesodal", None)]).await;
    let name = |subject: &str| OidcName { issuer: "https://helseid".to_owned(), subject: subject.to_owned() };
    let door = AtDoor { node: "node-1", request: "r-1", now: at(5) };
    house.accounts.tie(&kari, &name("k"), door).await.unwrap();
    let tied = house.accounts.by_oidc("https://helseid", "k").await.unwrap().unwrap();
    assert_eq!(tied.id, kari.id);
    // As it was read before, and as it is: it isn't tied anew, and the name isn't another's to have.
    for account in [&kari, &tied] {
        let again = house.accounts.tie(account, &name("o"), door).await;
        assert!(matches!(again, Err(PeopleError::Changed)), "{again:?}");
    }
    let ola = house.person("ola", &[]).await;
    let taken = house.accounts.tie(&ola, &name("k"), door).await;
    assert!(matches!(taken, Err(PeopleError::LoginTaken(_))), "{taken:?}");
    let rows = house.store.accesses(&house.community, &AccessFilter::default(), None, 99).await.unwrap();
    let mut rows: Vec<_> = rows
        .iter()
        .map(|row| (row.access.action.as_str(), row.access.party.as_str(), row.access.detail.as_str()))
        .collect();
    rows.sort_unstable();
    let said = "kari: knyttet til https://helseid";
    assert_eq!(rows, [("konto-endret", "Nesodal", said), ("konto-endret", "UNN", said)]);
    assert_eq!(house.audit.verify().await.unwrap().broken, None);
}
