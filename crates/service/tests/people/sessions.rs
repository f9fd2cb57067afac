use std::collections::BTreeSet;

use jiff::SignedDuration;
use samspill_service::{
    access::{Means, Role},
    people::{Account, AccountState, NewAccount, OidcName, PeopleError, RefusedWhy, Session, SystemRandom},
};

use crate::support::{House, PASSWORD, at, held, key};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

async fn log_in(house: &House, login: &str, second: i64) -> (String, Session) {
    let begun = house.accounts.log_in(login, PASSWORD, &SystemRandom, at(second)).await.unwrap();
    (begun.token, begun.session)
}

async fn session(house: &House, token: &str, second: i64) -> Option<Session> {
    house.accounts.session(token, at(second)).await.unwrap()
}

#[tokio::test]
async fn whoever_has_one_role_acts_in_it_at_once() {
    let house = House::new().await;
    house.person("kari", &[(Role::Ward, "UNN", Some("B")), (Role::Ward, "UNN", Some("A"))]).await;
    let (token, begun) = log_in(&house, "kari", 0).await;
    let subject = begun.subject.unwrap();
    assert_eq!((subject.role, subject.party.as_str(), subject.means), (Role::Ward, "UNN", Means::Person));
    assert_eq!(subject.units, BTreeSet::from(["A".to_owned(), "B".to_owned()]));
    let again = session(&house, &token, 1).await.unwrap();
    assert_eq!(again.subject, Some(subject));
    assert_eq!((again.form_token.as_str(), again.handle), (begun.form_token.as_str(), begun.handle));
    assert_eq!(again.until, at(12 * HOUR));
}

#[tokio::test]
async fn a_session_that_is_not_used_ends_after_half_an_hour() {
    let house = House::new().await;
    house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let (token, _) = log_in(&house, "kari", 0).await;
    let mut second = 30 * MINUTE;
    assert!(session(&house, &token, second).await.is_some());
    // It was used, so that it lasts as long again.
    second += 30 * MINUTE;
    assert!(session(&house, &token, second).await.is_some());
    second += 30 * MINUTE + 1;
    assert!(session(&house, &token, second).await.is_none());
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let house = House::new().await;
    house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let (token, _) = log_in(&house, "kari", 0).await;
    for second in (0..12 * HOUR).step_by(usize::try_from(20 * MINUTE).unwrap()) {
        assert!(session(&house, &token, second).await.is_some(), "{second}");
    }
    assert!(session(&house, &token, 12 * HOUR).await.is_some());
    assert!(session(&house, &token, 12 * HOUR + 1).await.is_none());
}

#[tokio::test]
async fn a_role_is_chosen_under_a_new_token_and_the_old_one_is_dead() {
    let house = House::new().await;
    house.person("kari", &[(Role::Ward, "UNN", None), (Role::Secretary, "Fellesskapet", None)]).await;
    let (old, begun) = log_in(&house, "kari", 0).await;
    assert_eq!(begun.subject, None);
    assert_eq!(begun.roles, [key(Role::Ward, "UNN"), key(Role::Secretary, "Fellesskapet")]);
    let not_hers =
        house.accounts.choose_role(&old, &key(Role::Gp, "UNN"), &SystemRandom, at(1)).await.unwrap();
    assert!(not_hers.is_none());
    assert!(session(&house, &old, 1).await.is_some());
    let ward = house
        .accounts
        .choose_role(&old, &key(Role::Ward, "UNN"), &SystemRandom, at(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ward.session.subject.as_ref().unwrap().role, Role::Ward);
    assert!(session(&house, &old, 2).await.is_none());
    assert_ne!(ward.session.form_token, begun.form_token);
    assert_eq!(ward.session.until, begun.until, "another role gives no more time");
    assert!(
        house
            .accounts
            .choose_role(&old, &key(Role::Ward, "UNN"), &SystemRandom, at(3))
            .await
            .unwrap()
            .is_none()
    );
    let kept = session(&house, &ward.token, 3).await.unwrap();
    assert_eq!(kept.subject.unwrap().party, "UNN");
}

#[tokio::test]
async fn of_two_who_choose_with_one_token_one_goes_on() {
    let house = House::new().await;
    house.person("kari", &[(Role::Ward, "UNN", None), (Role::Gp, "UNN", None)]).await;
    let (token, begun) = log_in(&house, "kari", 0).await;
    let choose = async || {
        house.accounts.choose_role(&token, &key(Role::Ward, "UNN"), &SystemRandom, at(1)).await.unwrap()
    };
    let chosen = [choose().await, choose().await];
    assert_eq!(chosen.iter().flatten().count(), 1);
    assert_eq!(house.accounts.sessions(&begun.account.id, at(1)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_role_that_ends_takes_the_subject_with_it() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let (token, _) = log_in(&house, "kari", 0).await;
    house.accounts.end_role(&kari.id, &held(Role::Ward, "UNN", None), at(10)).await.unwrap();
    assert!(session(&house, &token, 9).await.unwrap().subject.is_some());
    let after = session(&house, &token, 10).await.unwrap();
    assert_eq!((after.subject, after.roles), (None, Vec::new()));
}

#[tokio::test]
async fn sessions_end_one_by_one_all_at_once_and_by_the_system_that_began_them() {
    let house = House::new().await;
    let kari = house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let mut tokens = Vec::new();
    for second in 0..4 {
        tokens.push(log_in(&house, "kari", second).await);
    }
    house.accounts.log_out(&tokens[0].0, at(5)).await.unwrap();
    assert!(session(&house, &tokens[0].0, 5).await.is_none());
    let handle = &tokens[1].1.handle;
    assert!(house.accounts.end_session(&kari.id, handle, at(5)).await.unwrap());
    assert!(!house.accounts.end_session(&kari.id, handle, at(5)).await.unwrap());
    assert!(!house.accounts.end_session("en-annen", &tokens[2].1.handle, at(5)).await.unwrap());
    let open = house.accounts.sessions(&kari.id, at(5)).await.unwrap();
    assert_eq!(open.iter().map(|open| open.begun).collect::<Vec<_>>(), [at(2), at(3)]);
    assert_eq!(open[0].role, Some(key(Role::Ward, "UNN")));
    assert_eq!(house.accounts.log_out_everywhere(&kari.id, at(6)).await.unwrap(), 2);
    for (token, _) in &tokens {
        assert!(session(&house, token, 6).await.is_none());
    }
}

#[tokio::test]
async fn a_provider_logs_in_whom_it_knows_and_logs_them_out_again() {
    let house = House::new().await;
    let oidc = Some(OidcName { issuer: "https://helseid".to_owned(), subject: "1".to_owned() });
    let new = NewAccount { oidc, ..NewAccount::new("kari", "Kari") };
    let made = house.accounts.make(&new, &SystemRandom, at(0)).await.unwrap();
    let log_in = async |subject: &str| {
        house.accounts.log_in_oidc("https://helseid", subject, "sid-1", &SystemRandom, at(1)).await
    };
    assert_eq!(log_in("2").await.unwrap_err().why(), Some(RefusedWhy::Unknown));
    let begun = log_in("1").await.unwrap();
    assert_eq!(begun.session.account.state, AccountState::Active);
    assert_eq!(begun.session.upstream, "sid-1");
    assert_eq!(house.accounts.log_out_upstream("sid-2", at(2)).await.unwrap(), 0);
    assert_eq!(house.accounts.log_out_upstream("", at(2)).await.unwrap(), 0);
    assert_eq!(house.accounts.log_out_upstream("sid-1", at(2)).await.unwrap(), 1);
    assert!(session(&house, &begun.token, 2).await.is_none());
    house.accounts.close(&made.id, at(3)).await.unwrap();
    assert_eq!(log_in("1").await.unwrap_err().why(), Some(RefusedWhy::Closed));
    let closed = house.accounts.account(&made.id).await.unwrap().unwrap();
    assert_eq!(closed.state, AccountState::Closed, "a login doesn't open it");
}

#[tokio::test]
async fn a_system_acts_by_its_token_until_it_is_over() {
    let house = House::new().await;
    let journal: Account = house.person("journal", &[(Role::Ward, "UNN", None)]).await;
    let (ward, gp) = (key(Role::Ward, "UNN"), key(Role::Gp, "UNN"));
    let make = async |role, until| {
        house.accounts.make_token(&journal.id, role, "EPJ", until, &SystemRandom, at(0)).await
    };
    let year = at(0) + SignedDuration::from_hours(365 * 24);
    assert!(matches!(make(&ward, year + SignedDuration::from_secs(1)).await, Err(PeopleError::Time)));
    assert!(matches!(make(&gp, year).await, Err(PeopleError::NoRole(_))));
    let token = make(&ward, at(100)).await.unwrap();
    let by = async |second| house.accounts.by_token(&token, at(second)).await.unwrap();
    assert_eq!(by(100).await.unwrap().means, Means::Machine);
    assert_eq!(by(101).await, None);
    assert!(session(&house, &token, 1).await.is_none(), "a token is no session");
    house.accounts.end_tokens(&journal.id, at(50)).await.unwrap();
    assert_eq!(by(50).await, None);
}

#[tokio::test]
async fn what_is_old_is_forgotten_and_what_runs_is_not() {
    let house = House::new().await;
    house.person("kari", &[(Role::Ward, "UNN", None)]).await;
    let (old, _) = log_in(&house, "kari", 0).await;
    let month = 31 * 24 * HOUR;
    let (new, _) = log_in(&house, "kari", month).await;
    assert_eq!(house.accounts.forget_old(at(month)).await.unwrap(), 1);
    assert!(session(&house, &old, month).await.is_none());
    assert!(session(&house, &new, month).await.is_some());
}
