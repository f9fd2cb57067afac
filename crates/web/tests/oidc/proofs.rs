//! Proofs and tokens of systems that don't hold.

use jiff::{SignedDuration, Timestamp};
use samspill_service::access::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    house::{AUDIENCE, House, SCOPE, Site, ask, oidc, still_clock},
    keys::{Key, shared_secret, unsigned},
    machines::proof,
    stub::Stub,
    support::Answer,
};

const PAGE: &str = "/hjelp";

/// A house, its provider, and a system with a key.
struct Made {
    house: House,
    stub: Stub,
    key: Key,
    nonce: String,
}

impl Made {
    async fn new() -> Self {
        let (stub, site) = (Stub::new().await, Site::new().await);
        let house = House::new(site, still_clock(), oidc(&stub.issuer, &Key::new("ours"))).await;
        let trust = house.t.trust.clone();
        house.account("ehr", Some("ehr"), &[(Role::Coordination, &trust)]).await;
        let key = Key::new("proof");
        let made = Self { house, stub, key, nonce: String::new() };
        let token = made.token(&json!({}));
        let nonce = made.ask(&token, &made.proof(&token)).await.header("dpop-nonce").to_owned();
        Self { nonce, ..made }
    }

    /// What the provider would say of the system, with these claims laid over it.
    fn claims(&self, over: &Value) -> Value {
        let now = Timestamp::now().as_second();
        let mut claims = json!({
            "iss": self.stub.issuer, "aud": AUDIENCE, "client_id": "ehr", "sub": "ehr", "scope": SCOPE,
            "iat": now, "exp": now + 60, "jti": Uuid::new_v4().to_string(), "cnf": {"jkt": self.key.thumbprint()},
        });
        for (name, value) in over.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn token(&self, over: &Value) -> String {
        self.stub.key.sign("at+jwt", &self.claims(over))
    }

    fn address(&self) -> String {
        format!("{}{PAGE}", self.house.origin)
    }

    fn proof(&self, token: &str) -> String {
        proof(&self.key, "GET", &self.address(), Some(token), Some(&self.nonce))
    }

    /// A proof with these claims laid over, under this header.
    fn proof_with(&self, token: &str, header: &Value, over: &Value) -> String {
        let mut claims = crate::stub::claims_of(&self.proof(token));
        for (name, value) in over.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.key.sign_under(header, &claims)
    }

    fn header(&self) -> Value {
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.public()})
    }

    async fn ask(&self, token: &str, proof: &str) -> Answer {
        ask(&self.house, PAGE, &[("authorization", &format!("DPoP {token}")), ("dpop", proof)]).await
    }

    /// The token isn't taken, with a proof that is right.
    async fn refuses_token(&self, token: &str) {
        let answer = self.ask(token, &self.proof(token)).await;
        assert_eq!(answer.status, 401, "{}", answer.text());
        assert!(answer.header("www-authenticate").contains("invalid_token"), "{}", answer.text());
    }

    /// The proof isn't taken, with a token that is right.
    async fn refuses_proof(&self, header: &Value, over: &Value) {
        let token = self.token(&json!({}));
        let answer = self.ask(&token, &self.proof_with(&token, header, over)).await;
        assert_eq!(answer.status, 401, "{header} {over}: {}", answer.text());
        let says = answer.header("www-authenticate");
        assert!(says.contains("invalid_dpop_proof") || says.contains("use_dpop_nonce"), "{says}");
    }
}

#[tokio::test]
async fn when_all_is_right_a_system_is_let_in_and_once() {
    let made = Made::new().await;
    let token = made.token(&json!({}));
    let proof = made.proof(&token);
    assert_eq!(made.ask(&token, &proof).await.status, 200);
    let again = made.ask(&token, &proof).await;
    assert_eq!(again.status, 401);
    assert!(again.text().contains("used before"), "{}", again.text());
}

#[tokio::test]
async fn tokens_that_say_something_else_are_refused() {
    let made = Made::new().await;
    let now = Timestamp::now().as_second();
    let rows = [
        json!({"iss": "https://evil.example"}),
        json!({"aud": "https://other.example"}),
        json!({"exp": now - 60}),
        json!({"iat": now + 600, "exp": now + 660}),
        json!({"nbf": now + 600}),
        json!({"iat": now - 2 * 86_400}),
        json!({"client_id": ""}),
        json!({"client_id": "unknown"}),
        json!({"cnf": {"x5t#S256": "abc"}}),
        json!({"cnf": {}}),
    ];
    for over in rows {
        let token = made.token(&over);
        let answer = made.ask(&token, &made.proof(&token)).await;
        assert_eq!(answer.status, 401, "{over}: {}", answer.text());
    }
}

#[tokio::test]
async fn tokens_that_are_signed_otherwise_are_refused() {
    let made = Made::new().await;
    let claims = made.claims(&json!({}));
    made.refuses_token(&unsigned(&claims)).await;
    made.refuses_token(&shared_secret(&made.stub.key, &claims)).await;
    made.refuses_token(&Key::new("a").sign("at+jwt", &claims)).await;
    made.refuses_token(&Key::new("unknown").sign("at+jwt", &claims)).await;
    made.refuses_token(
        &made.key.sign_under(&json!({"typ": "at+jwt", "alg": "ES256", "jwk": made.key.public()}), &claims),
    )
    .await;
}

#[tokio::test]
async fn tokens_of_another_kind_are_refused() {
    let made = Made::new().await;
    for kind in ["JWT", "dpop+jwt", "logout+jwt", ""] {
        made.refuses_token(&made.stub.key.sign(kind, &made.claims(&json!({})))).await;
    }
}

#[tokio::test]
async fn proofs_for_something_else_are_refused() {
    let made = Made::new().await;
    let now = Timestamp::now().as_second();
    let origin = &made.house.origin;
    let rows = [
        json!({"htm": "POST"}),
        json!({"htm": "get"}),
        json!({"htu": format!("{origin}/konto")}),
        json!({"htu": "https://evil.example/hjelp"}),
        json!({"htu": "/hjelp"}),
        json!({"iat": now - 120}),
        json!({"iat": now + 120}),
        json!({"ath": "x"}),
        json!({"ath": null}),
        json!({"jti": ""}),
        json!({"jti": "x".repeat(201)}),
        json!({"jti": null}),
        json!({"nonce": null}),
        json!({"nonce": "1.x"}),
    ];
    for over in rows {
        made.refuses_proof(&made.header(), &over).await;
    }
}

#[tokio::test]
async fn proofs_that_are_signed_otherwise_are_refused() {
    let made = Made::new().await;
    let other = Key::new("other");
    let mut secret = made.key.public();
    secret["d"] = json!("AAAA");
    let rows = [
        json!({"typ": "JWT", "alg": "ES256", "jwk": made.key.public()}),
        json!({"typ": "dpop+jwt", "alg": "none", "jwk": made.key.public()}),
        json!({"typ": "dpop+jwt", "alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}),
        json!({"typ": "dpop+jwt", "alg": "ES384", "jwk": made.key.public()}),
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": other.public()}),
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": secret}),
        json!({"typ": "dpop+jwt", "alg": "ES256"}),
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": made.key.public(), "crit": ["b64"], "b64": false}),
    ];
    for header in rows {
        made.refuses_proof(&header, &json!({})).await;
    }
}

#[tokio::test]
async fn a_stolen_token_is_worthless_without_its_key() {
    let made = Made::new().await;
    let token = made.token(&json!({}));
    let thief = Key::new("thief");
    let own = proof(&thief, "GET", &made.address(), Some(&token), Some(&made.nonce));
    let answer = made.ask(&token, &own).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("bound to another key"));
    for headers in [
        vec![("authorization", format!("Bearer {token}"))],
        vec![("authorization", format!("DPoP {token}"))],
        vec![
            ("authorization", format!("DPoP {token}")),
            ("dpop", made.proof(&token)),
            ("dpop", made.proof(&token)),
        ],
        vec![
            ("authorization", format!("DPoP {token}")),
            ("authorization", "Bearer x".to_owned()),
            ("dpop", made.proof(&token)),
        ],
    ] {
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(ask(&made.house, PAGE, &headers).await.status, 401, "{headers:?}");
    }
}

#[tokio::test]
async fn a_nonce_grows_old() {
    let made = Made::new().await;
    made.house.t.clock.set(made.house.t.now() + SignedDuration::from_secs(301));
    let now = made.house.t.now().as_second();
    let token = made.token(&json!({"exp": now + 60}));
    let answer = made.ask(&token, &made.proof_with(&token, &made.header(), &json!({"iat": now}))).await;
    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").contains("use_dpop_nonce"), "{}", answer.text());
    let fresh = answer.header("dpop-nonce").to_owned();
    let proof = made.proof_with(&token, &made.header(), &json!({"iat": now, "nonce": fresh}));
    assert_eq!(made.ask(&token, &proof).await.status, 200);
}

#[tokio::test]
async fn a_system_with_several_roles_is_refused_since_it_cannot_say_which_it_means() {
    let made = Made::new().await;
    let trust = made.house.t.trust.clone();
    made.house.account("two", Some("two"), &[(Role::Coordination, &trust), (Role::Ward, &trust)]).await;
    let token = made.token(&json!({"client_id": "two"}));
    assert_eq!(made.ask(&token, &made.proof(&token)).await.status, 401);
}
