//! Logging in for one organisation, with an account that has roles at others too.

use axum::http::Method;
use jiff::Timestamp;
use samspill_service::access::Role;
use samspill_web::login::{OidcSettings, Organisations};
use serde_json::json;

use crate::{
    house::{CLIENT, House, Site, is_in, oidc, still_clock, visit},
    keys::Key,
    stub::Stub,
    support::{Answer, User},
};

const ROLES: [(Role, &str); 3] =
    [(Role::Ward, "Testby"), (Role::Coordination, "Testby"), (Role::CaseOffice, "Ellers")];

/// A house in which organisation 1 is Testby, 2 is Ellers and 3 is Tomby, and Kari has roles at the first two.
async fn house() -> (House, Stub) {
    let (stub, site) = (Stub::new().await, Site::new().await);
    let parties = ["Testby", "Ellers", "Tomby"].map(str::to_owned);
    let parties = ["1", "2", "3"].map(str::to_owned).into_iter().zip(parties).collect();
    let organisations = Some(Organisations { claim: "org".to_owned(), parties });
    let settings = OidcSettings { organisations, ..oidc(&stub.issuer, &Key::new("ours")) };
    let house = House::new(site, still_clock(), settings).await;
    house.account("kari", Some("kari"), &ROLES).await;
    (house, stub)
}

/// Logs Kari in for an organisation.
async fn log_in(house: &House, stub: &Stub, organisation: &str) -> (User, Answer) {
    stub.tell(|script| script.claims = json!({"org": organisation, "sid": "s-kari"}));
    let browser = house.browser();
    assert_eq!(browser.get("/oidc/inn").await.status, 303);
    let back = stub.back(&stub.pushed("state"));
    let answer = visit(&browser, house, &back).await;
    (browser, answer)
}

async fn choose(house: &House, browser: &User, role: &str) -> Answer {
    let page = browser.get("/velg-rolle").await.text();
    let token = page.split("name=\"_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = serde_html_form::to_string([("_token", token.as_str()), ("rolle", role)]).unwrap();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("origin", house.origin.as_str()),
    ];
    browser.request(Method::POST, "/velg-rolle", &headers, body.into_bytes()).await
}

#[tokio::test]
async fn who_logged_in_for_one_organisation_has_the_roles_there_alone() {
    let (house, stub) = house().await;
    let (browser, answer) = log_in(&house, &stub, "1").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/velg-rolle"), "{}", answer.text());
    let page = browser.get("/velg-rolle").await.text();
    assert!(page.contains("Testby") && !page.contains("Ellers"), "{page}");
    assert_eq!(choose(&house, &browser, "tildelingskontor:Ellers").await.status, 404);
    assert!(!is_in(&browser).await);
    assert_eq!(choose(&house, &browser, "samhandlingskontor:Testby").await.status, 303);
    assert!(is_in(&browser).await);
    // In a new session under a new token it is still so.
    assert_eq!(choose(&house, &browser, "tildelingskontor:Ellers").await.status, 404);
    assert_eq!(choose(&house, &browser, "sengepost:Testby").await.status, 303);
    let (other, _) = log_in(&house, &stub, "2").await;
    assert!(other.get("/konto").await.text().contains("Ellers"));
}

#[tokio::test]
async fn a_session_for_an_organisation_ends_with_the_providers() {
    let (house, stub) = house().await;
    let (browser, _) = log_in(&house, &stub, "2").await;
    assert!(is_in(&browser).await);
    let now = Timestamp::now().as_second();
    let claims = json!({
        "iss": stub.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "jti": "1", "sid": "s-kari",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    let body = format!("logout_token={}", stub.key.sign("logout+jwt", &claims)).into_bytes();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let told = house.browser().request(Method::POST, "/oidc/utlogging", &headers, body).await;
    assert_eq!(told.status, 200);
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn who_has_no_role_at_the_organisation_is_refused_and_it_is_noted_who() {
    let (house, stub) = house().await;
    for organisation in ["3", "4"] {
        let (browser, answer) = log_in(&house, &stub, organisation).await;
        assert_eq!(answer.status, 403);
        assert!(!is_in(&browser).await);
    }
    let parts = house.t.app.parts();
    let kept = parts.store.accesses_after(&parts.community, 0, 100).await.unwrap();
    let refused: Vec<_> = kept.iter().filter(|row| row.access.detail == "ingen-rolle-der").collect();
    assert_eq!(refused.len(), 2);
    assert!(refused.iter().all(|row| row.access.is_refused && row.access.name == "Kari Nordmann"));
}
