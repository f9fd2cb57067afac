use samspill_agreement::model::Language;
use samspill_service::{
    access::Role,
    people::{
        Account, AccountSettings, AccountState, Accounts, Hashing, NewAccount, OidcName, PasswordFault,
        PeopleError, RefusedWhy, RoleHeld, SystemRandom,
    },
};

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
    let open = house.accounts.reopen(&kari.id).await.unwrap();
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
