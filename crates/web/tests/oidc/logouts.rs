//! What a provider says of logouts, and whether it is followed.

use axum::http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    house::{CLIENT, House, Site, is_in, oidc, still_clock, visit},
    keys::{Key, shared_secret, unsigned},
    stub::Stub,
    support::User,
};

/// A house with two people in it, each logged in at the provider.
struct Made {
    house: House,
    stub: Stub,
    kari: User,
    ola: User,
}

impl Made {
    async fn new() -> Self {
        let (stub, site) = (Stub::new().await, Site::new().await);
        let house = House::new(site, still_clock(), oidc(&stub.issuer, &Key::new("ours"))).await;
        house.kari().await;
        let trust = house.t.trust.clone();
        house.account("ola", Some("ola"), &[(samspill_service::access::Role::Ward, &trust)]).await;
        let kari = logged_in(&house, &stub, "kari").await;
        let ola = logged_in(&house, &stub, "ola").await;
        Self { house, stub, kari, ola }
    }

    fn claims(&self, over: &Value) -> Value {
        let now = Timestamp::now().as_second();
        let mut claims = json!({
            "iss": self.stub.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "jti": "1", "sid": "s-kari",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        for (name, value) in over.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn token(&self, over: &Value) -> String {
        self.stub.key.sign("logout+jwt", &self.claims(over))
    }

    /// Tells of a logout, as the provider does: with no cookies.
    async fn tell(&self, token: &str) -> u16 {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("logout_token={token}").into_bytes();
        self.house.browser().request(Method::POST, "/oidc/utlogging", &headers, body).await.status
    }

    async fn are_in(&self) -> [bool; 2] {
        [is_in(&self.kari).await, is_in(&self.ola).await]
    }
}

async fn logged_in(house: &House, stub: &Stub, who: &str) -> User {
    stub.tell(|script| script.claims = json!({"sub": who, "sid": format!("s-{who}")}));
    let browser = house.browser();
    assert_eq!(browser.get("/oidc/inn").await.status, 303);
    let back = stub.back(&stub.pushed("state"));
    assert_eq!(visit(&browser, house, &back).await.status, 303);
    browser
}

#[tokio::test]
async fn a_session_that_ended_at_the_provider_ends_here_and_no_other() {
    let made = Made::new().await;
    assert_eq!(made.are_in().await, [true, true]);
    assert_eq!(made.tell(&made.token(&json!({}))).await, 200);
    assert_eq!(made.are_in().await, [false, true]);
}

#[tokio::test]
async fn somebody_who_logged_out_of_everything_there_is_logged_out_of_everything_here() {
    let made = Made::new().await;
    let second = logged_in(&made.house, &made.stub, "ola").await;
    assert_eq!(made.tell(&made.token(&json!({"sid": null, "sub": "ola"}))).await, 200);
    assert_eq!(made.are_in().await, [true, false]);
    assert!(!is_in(&second).await);
}

#[tokio::test]
async fn what_is_not_the_providers_word_of_a_logout_is_not_followed() {
    let made = Made::new().await;
    let now = Timestamp::now().as_second();
    let rows = [
        json!({"iss": "https://evil.example"}),
        json!({"aud": "other"}),
        json!({"iat": now - 3600}),
        json!({"exp": now - 60}),
        json!({"nonce": "n"}),
        json!({"events": {}}),
        json!({"events": {"http://schemas.openid.net/event/backchannel-logout": 1}}),
        json!({"sid": null, "sub": null}),
    ];
    for over in rows {
        assert_eq!(made.tell(&made.token(&over)).await, 400, "{over}");
    }
    let claims = made.claims(&json!({}));
    for token in [
        unsigned(&claims),
        shared_secret(&made.stub.key, &claims),
        Key::new("a").sign("logout+jwt", &claims),
        made.stub.key.sign("at+jwt", &claims),
        "x".to_owned(),
    ] {
        assert_eq!(made.tell(&token).await, 400);
    }
    assert_eq!(made.are_in().await, [true, true]);
}
