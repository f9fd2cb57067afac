//! Which accounts an administrator keeps at the pages, and what stands of it in the access log.

use samspill_base::{Entry, Position};
use samspill_service::{
    access::{Action, Role},
    people::{Account, NewAccount, RoleHeld, RoleKey, SystemRandom},
};
use samspill_web::login::{LocalLogin, Login, LoginSettings};

use crate::support::{ORIGIN, Side, TestApp, User};

/// An account with these roles from a while ago on, made at the node's machine.
async fn account(t: &TestApp, login: &str, roles: &[(Role, &str)]) -> Account {
    let accounts = &t.app.parts().accounts;
    let made = accounts.make(&NewAccount::new(login, "Kari Prøve"), &SystemRandom, t.now()).await.unwrap();
    for (role, party) in roles {
        let from = t.now() - jiff::SignedDuration::from_hours(24);
        let held = RoleHeld { role: *role, party: (*party).to_owned(), unit: None, from, until: None };
        accounts.give_role(&made.id, &held).await.unwrap();
    }
    accounts.preset_password(&made.id, "hest og batteri", &SystemRandom, t.now()).await.unwrap()
}

fn administrator(t: &TestApp, side: Side) -> User {
    t.user(Role::Administrator, side)
}

/// What an administrator can do with all of an account.
const WHOLE: [&str; 5] = ["lenke", "steng", "apne", "las-opp", "logg-ut"];

async fn log_of(t: &TestApp, side: Side) -> String {
    t.user(Role::Auditor, side).post_form("/admin/logg", &[]).await.text()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_also_anothers_can_not_be_taken_over() {
    let t = TestApp::new().await;
    let kari = account(&t, "kari", &[(Role::CaseOffice, &t.first), (Role::Ward, &t.trust)]).await;
    let address = format!("/admin/kontoer/{}", kari.id);
    for side in [Side::First, Side::Trust] {
        let admin = administrator(&t, side);
        let page = admin.get(&address).await;
        assert_eq!(page.status, 200, "its roles are the party's to give and end");
        let page = page.text();
        assert!(page.contains("hører også til en annen part"), "{page}");
        for step in WHOLE {
            assert!(!page.contains(&format!("{address}/{step}")), "{step}");
            let answer = admin.post_form(&format!("{address}/{step}"), &[]).await;
            assert_eq!(answer.status, 404, "{step}: {}", answer.text());
        }
    }
    assert_eq!(administrator(&t, Side::Second).get(&address).await.status, 404);
    let accounts = &t.app.parts().accounts;
    let still = accounts.log_in("kari", "hest og batteri", &SystemRandom, t.now()).await;
    assert!(still.is_ok(), "nothing was done to it");
    assert!(!log_of(&t, Side::First).await.contains("ny lenke"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_roles_is_nobodys_at_the_pages() {
    let t = TestApp::new().await;
    let none = account(&t, "ingen.roller", &[]).await;
    for side in [Side::Trust, Side::First] {
        let admin = administrator(&t, side);
        assert!(!admin.get("/admin/kontoer").await.text().contains("ingen.roller"));
        assert_eq!(admin.get(&format!("/admin/kontoer/{}", none.id)).await.status, 404);
        for step in WHOLE {
            let answer = admin.post_form(&format!("/admin/kontoer/{}/{step}", none.id), &[]).await;
            assert_eq!(answer.status, 404, "{step}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_offered_and_taken_that_fit_the_party() {
    let t = TestApp::new().await;
    let kari = account(&t, "kari", &[(Role::CaseOffice, &t.first)]).await;
    let address = format!("/admin/kontoer/{}", kari.id);
    let admin = administrator(&t, Side::First);
    let offered = ["tildelingskontor", "tjenesteenhet", "kommuneregnskap", "sekretariat", "utvalgsmedlem"];
    let pages = [admin.get(&address).await.text(), admin.get("/admin/kontoer").await.text()];
    for role in Role::ALL {
        let is_offered = offered.contains(&role.as_str()) || role == Role::Administrator;
        for page in &pages {
            let option = format!("<option value=\"{}\"", role.as_str());
            assert_eq!(page.contains(&option), is_offered, "{role:?}");
        }
        let answer = admin.post_form(&format!("{address}/rolle"), &[("rolle", role.as_str())]).await;
        let expected = if is_offered { "gjort=rolle" } else { "gjort=feil" };
        assert!(answer.header("location").ends_with(expected), "{role:?}: {}", answer.header("location"));
        let new = [("navn", "Ola"), ("brukernavn", role.as_str()), ("rolle", role.as_str())];
        let page = admin.post_form("/admin/kontoer", &new).await.text();
        assert_eq!(page.contains("/oppsett/"), is_offered, "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_administrators_do_stands_in_the_log_of_their_party() {
    let t = TestApp::new().await;
    let kari = account(&t, "kari", &[(Role::CaseOffice, &t.first)]).await;
    let address = format!("/admin/kontoer/{}", kari.id);
    let admin = administrator(&t, Side::First);
    let steps = [
        ("rolle", &[("rolle", "tjenesteenhet")][..], "kari: gitt tjenesteenhet:"),
        ("lenke", &[], "kari: ny lenke"),
        ("logg-ut", &[], "kari: overalt"),
        ("steng", &[], "kari: stengt"),
        ("apne", &[], "kari: åpnet"),
    ];
    for (step, fields, told) in steps {
        admin.post_form(&format!("{address}/{step}"), fields).await;
        assert!(log_of(&t, Side::First).await.contains(told), "{step}");
        assert!(!log_of(&t, Side::Second).await.contains(told), "{step}: another party's log");
    }
    let new = [("navn", "Ola"), ("brukernavn", "ola"), ("rolle", "kommuneregnskap")];
    admin.post_form("/admin/kontoer", &new).await;
    let log = log_of(&t, Side::First).await;
    assert!(log.contains("ola: laget, kommuneregnskap:") && log.contains("administrator ved"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_tokens_are_ended_by_the_administrator() {
    let t = TestApp::new().await;
    let kari = account(&t, "kari", &[(Role::CaseOffice, &t.first)]).await;
    let accounts = &t.app.parts().accounts;
    let begun = accounts.log_in("kari", "hest og batteri", &SystemRandom, t.now()).await.unwrap();
    let until = t.now() + jiff::SignedDuration::from_hours(48);
    let role = RoleKey { role: Role::CaseOffice, party: t.first.clone() };
    let token =
        accounts.make_token(&kari.id, &role, "Journalen", until, &SystemRandom, t.now()).await.unwrap();
    let address = format!("/admin/kontoer/{}", kari.id);
    let admin = administrator(&t, Side::First);
    let page = admin.get(&address).await.text();
    assert!(page.contains("åpne nå: 1") && page.contains("Journalen") && !page.contains(&token), "{page}");
    let handle = page.split("name=\"nokkel\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let out = admin.post_form(&format!("{address}/logg-ut"), &[]).await;
    assert!(out.header("location").ends_with("gjort=ute"), "{}", out.text());
    assert!(accounts.session(&begun.token, t.now()).await.unwrap().is_none());
    let other = administrator(&t, Side::Second);
    let refused = other.post_form(&format!("{address}/nokkel"), &[("nokkel", handle)]).await;
    assert_eq!(refused.status, 404);
    assert!(accounts.by_token(&token, t.now()).await.unwrap().is_some());
    let ended = admin.post_form(&format!("{address}/nokkel"), &[("nokkel", handle)]).await;
    assert!(ended.header("location").ends_with("gjort=nokkel"), "{}", ended.text());
    assert!(accounts.by_token(&token, t.now()).await.unwrap().is_none());
    assert_eq!(admin.post_form(&format!("{address}/nokkel"), &[("nokkel", handle)]).await.status, 404);
    assert!(!admin.get(&address).await.text().contains("Journalen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_link_is_made_where_nobody_logs_in_with_a_password() {
    let t = TestApp::of(|parts| {
        let settings = LoginSettings { local: LocalLogin::Off, ..LoginSettings::new(ORIGIN) };
        parts.login = Login::new(settings).unwrap();
    })
    .await;
    let admin = administrator(&t, Side::First);
    let new = [("navn", "Ola"), ("brukernavn", "ola"), ("rolle", "kommuneregnskap")];
    let page = admin.post_form("/admin/kontoer", &new).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.text();
    assert!(page.contains("trenger ingen lenke") && !page.contains("/oppsett/"), "{page}");
    let account = t.app.parts().accounts.by_login("ola").await.unwrap().unwrap();
    let address = format!("/admin/kontoer/{}", account.id);
    assert!(!page.contains(&format!("{address}/lenke")), "{page}");
    assert_eq!(admin.post_form(&format!("{address}/lenke"), &[]).await.status, 404);
}

/// A role that doesn't fit its party, as it may stand in a store from before that was asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_hospitals_role_at_a_municipality_sees_no_days_that_others_pay() {
    let t = TestApp::new().await;
    let stays = t.app.live().stays();
    let is_firsts = |line: &&std::sync::Arc<samspill_service::live::StayLine>| {
        line.involvement.payers.contains(&t.first)
            && !line.involvement.has(&t.second)
            && line.row.meters.iter().any(|meter| meter.count > 0)
    };
    let case = stays.iter().find(is_firsts).unwrap().row.case.clone();
    let mut message = Entry::new(case.clone(), "epikrise".to_owned(), Position(0), t.now());
    message.id = Some("prove-epikrise".to_owned());
    message.from = Some(t.trust.clone());
    message.to = Some(t.second.clone());
    t.append(vec![message]).await;
    let days = async |side: Side| {
        let signed = t.user(Role::HospitalAccounts, side).signed.unwrap();
        t.app.stay(&signed, &case, Action::ReadDays).await.unwrap().rows.meters.len()
    };
    assert!(days(Side::Trust).await > 0);
    assert_eq!(days(Side::Second).await, 0);
}
