//! Other systems, with tokens that a provider made.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use samspill_service::{
    access::Role,
    people::{RoleKey, SystemRandom},
};
use samspill_web::login::Bearer;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    house::{AUDIENCE, House, SCOPE, Site, ask, oidc, real_clock},
    keys::Key,
    provider::{Clients, Provider},
};

/// A page that only who is known may see.
const PAGE: &str = "/hjelp";

struct Made {
    house: House,
    provider: Provider,
    clients: Clients,
}

async fn made(bearer: Bearer) -> Option<Made> {
    let (site, clients) = (Site::new().await, Clients::new());
    let provider = Provider::new(&site.origin, &clients)?;
    let settings = oidc(&provider.issuer, &clients.people);
    let house = House::with_bearer(site, real_clock(), settings, bearer).await;
    let trust = house.t.trust.clone();
    house.account("ehr", Some("ehr"), &[(Role::Coordination, &trust)]).await;
    house.account("old", Some("old"), &[(Role::Coordination, &trust)]).await;
    Some(Made { house, provider, clients })
}

impl Made {
    /// A token of the provider for a client, bound to a key if there is one.
    async fn token(&self, client: (&str, &Key), scope: &str, resource: &str, bound: Option<&Key>) -> String {
        let address = format!("{}/token", self.provider.issuer);
        let mut nonce = None;
        for _ in 0..2 {
            let assertion = assertion(client, &self.provider.issuer);
            let proof = bound.map(|key| proof(key, "POST", &address, None, nonce.as_deref()));
            let headers: Vec<(&str, &str)> = proof.iter().map(|proof| ("DPoP", proof.as_str())).collect();
            let form = [
                ("grant_type", "client_credentials"),
                ("client_id", client.0),
                ("scope", scope),
                ("resource", resource),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", &assertion),
            ];
            let (status, headers, text) = self.provider.post(&address, &headers, &form).await;
            if status == 200 {
                let answer: Value = serde_json::from_str(&text).unwrap();
                return answer["access_token"].as_str().unwrap().to_owned();
            }
            assert!(text.contains("use_dpop_nonce"), "{text}");
            nonce = headers.get("dpop-nonce").map(|nonce| nonce.to_str().unwrap().to_owned());
        }
        panic!("no token");
    }
}

fn assertion((client, key): (&str, &Key), issuer: &str) -> String {
    let now = Timestamp::now().as_second();
    let claims = json!({"iss": client, "sub": client, "aud": issuer, "jti": Uuid::new_v4().to_string(), "iat": now, "exp": now + 30});
    key.sign("client-authentication+jwt", &claims)
}

/// A proof for one request.
pub(crate) fn proof(
    key: &Key,
    method: &str,
    address: &str,
    token: Option<&str>,
    nonce: Option<&str>,
) -> String {
    let mut claims = json!({
        "jti": Uuid::new_v4().to_string(), "htm": method, "htu": address, "iat": Timestamp::now().as_second(),
    });
    if let Some(token) = token {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
        claims["ath"] = json!(URL_SAFE_NO_PAD.encode(hash));
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    key.sign_under(&json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.public()}), &claims)
}

/// Asks as systems do: once to learn the nonce, and once with it.
async fn ask_bound(house: &House, key: &Key, token: &str) -> crate::support::Answer {
    let address = format!("{}{PAGE}", house.origin);
    let authorization = format!("DPoP {token}");
    let first = proof(key, "GET", &address, Some(token), None);
    let told = ask(house, PAGE, &[("authorization", &authorization), ("dpop", &first)]).await;
    let nonce = told.header("dpop-nonce").to_owned();
    assert!(!nonce.is_empty());
    let second = proof(key, "GET", &address, Some(token), Some(&nonce));
    ask(house, PAGE, &[("authorization", &authorization), ("dpop", &second)]).await
}

#[tokio::test]
async fn a_system_is_let_in_with_a_bound_token_and_a_proof() {
    let Some(made) = made(Bearer::Refused).await else { return };
    let key = Key::new("proof");
    let token = made.token(("ehr", &made.clients.machine), SCOPE, AUDIENCE, Some(&key)).await;
    let answer = ask_bound(&made.house, &key, &token).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!answer.header("dpop-nonce").is_empty());
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn a_system_whom_nobody_answers_for_is_not_let_in() {
    let Some(made) = made(Bearer::Refused).await else { return };
    let accounts = &made.house.t.app.parts().accounts;
    let account = accounts.by_login("ehr").await.unwrap().unwrap();
    accounts.close(&account.id, made.house.t.now()).await.unwrap();
    let key = Key::new("proof");
    let token = made.token(("ehr", &made.clients.machine), SCOPE, AUDIENCE, Some(&key)).await;
    let answer = ask_bound(&made.house, &key, &token).await;
    assert_eq!((answer.status, &answer.json()["status"]), (401, &json!(401)));
}

#[tokio::test]
async fn a_token_of_another_scope_or_for_another_is_not_taken() {
    let Some(made) = made(Bearer::Refused).await else { return };
    let key = Key::new("proof");
    let rows = [
        ("other", AUDIENCE, 403, "insufficient_scope"),
        (SCOPE, "https://other.example", 401, "invalid_token"),
    ];
    for (scope, audience, status, error) in rows {
        let token = made.token(("ehr", &made.clients.machine), scope, audience, Some(&key)).await;
        let address = format!("{}{PAGE}", made.house.origin);
        let proof = proof(&key, "GET", &address, Some(&token), None);
        let headers = [("authorization", format!("DPoP {token}")), ("dpop", proof)];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = ask(&made.house, PAGE, &headers).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.header("www-authenticate").contains(error), "{}", answer.header("www-authenticate"));
    }
}

#[tokio::test]
async fn a_bound_token_is_not_taken_as_one_that_anybody_may_use() {
    for bearer in [Bearer::Refused, Bearer::Allowed] {
        let Some(made) = made(bearer).await else { return };
        let key = Key::new("proof");
        let token = made.token(("ehr", &made.clients.machine), SCOPE, AUDIENCE, Some(&key)).await;
        let answer = ask(&made.house, PAGE, &[("authorization", &format!("Bearer {token}"))]).await;
        assert_eq!(answer.status, 401, "{bearer:?}");
    }
}

#[tokio::test]
async fn a_token_that_anybody_may_use_is_taken_where_that_is_allowed() {
    for (bearer, status) in [(Bearer::Refused, 401), (Bearer::Allowed, 200)] {
        let Some(made) = made(bearer).await else { return };
        let token = made.token(("old", &made.clients.bearer), SCOPE, AUDIENCE, None).await;
        let answer = ask(&made.house, PAGE, &[("authorization", &format!("Bearer {token}"))]).await;
        assert_eq!(answer.status, status, "{bearer:?} {}", answer.text());
    }
}

#[tokio::test]
async fn a_token_of_our_own_is_let_in_until_it_ends() {
    let site = Site::new().await;
    let house = House::new(site, real_clock(), oidc("http://127.0.0.1:1", &Key::new("ours"))).await;
    let trust = house.t.trust.clone();
    let account = house.account("ehr", None, &[(Role::Coordination, &trust)]).await;
    let role = RoleKey { role: Role::Coordination, party: trust };
    let accounts = &house.t.app.parts().accounts;
    let until = house.t.now() + jiff::SignedDuration::from_hours(1);
    let token = accounts
        .make_token(&account.id, &role, "journal", until, &SystemRandom, house.t.now())
        .await
        .unwrap();
    let bearer = format!("Bearer {token}");
    assert_eq!(ask(&house, PAGE, &[("authorization", &bearer)]).await.status, 200);
    let body = b"{}".to_vec();
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let posted = house.browser().request(Method::POST, "/hjelp", &headers, body).await;
    assert_eq!(posted.status, 405, "no form token is asked of systems");
    for wrong in
        [format!("{bearer}x"), "Bearer x".to_owned(), bearer.replace("Bearer", "Basic"), "Bearer".to_owned()]
    {
        let answer = ask(&house, PAGE, &[("authorization", &wrong)]).await;
        assert_eq!(answer.status, 401, "{wrong}");
        assert!(answer.header("content-type").starts_with("application/problem+json"));
    }
    accounts.end_tokens(&account.id, house.t.now()).await.unwrap();
    assert_eq!(ask(&house, PAGE, &[("authorization", &bearer)]).await.status, 401);
}

#[tokio::test]
async fn a_session_does_not_help_a_request_whose_token_is_wrong() {
    let site = Site::new().await;
    let house = House::new(site, real_clock(), oidc("http://127.0.0.1:1", &Key::new("ours"))).await;
    let trust = house.t.trust.clone();
    let account = house.account("kari", None, &[(Role::Ward, &trust)]).await;
    let accounts = &house.t.app.parts().accounts;
    accounts
        .preset_password(&account.id, "fire rare ord sammen", &SystemRandom, house.t.now())
        .await
        .unwrap();
    let begun = accounts.log_in("kari", "fire rare ord sammen", &SystemRandom, house.t.now()).await.unwrap();
    let cookie = format!("samspill={}", begun.token);
    assert_eq!(ask(&house, PAGE, &[("cookie", &cookie)]).await.status, 200);
    assert_eq!(ask(&house, PAGE, &[("cookie", &cookie), ("authorization", "Bearer x")]).await.status, 401);
}
