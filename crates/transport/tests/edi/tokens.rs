//! Tokens: what the token service and the message service get to see.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::Jwk};
use samspill_transport::{
    Channel, Health, SendFault,
    edi::{ClientCredentials, ClientSettings, Clock, Edi, SigningKey},
};
use serde_json::{Map, Value, json};

use crate::{
    contract::query_of,
    http::{Answer, Request},
    keys,
    stub::{Fault, Op, Stub},
    world::{HOSPITAL, edi, notice, settings, take},
};

const NOW: i64 = 1_772_445_600;
const LASTS: i64 = 600;

/// A token service, and what the message service asks of it.
pub(crate) struct Desk {
    address: String,
    public: Value,
    algorithm: Algorithm,
    now: Arc<AtomicI64>,
    /// The nonces that are demanded: by the token service, and by the message service.
    token_nonce: Option<&'static str>,
    nonce: Option<&'static str>,
    token_type: &'static str,
    granted: Vec<Granted>,
    proofs: BTreeSet<String>,
    /// What the last word of who we are says.
    assertion: Value,
}

struct Granted {
    secret: String,
    thumbprint: String,
    until: i64,
}

impl Desk {
    pub(crate) fn token(&mut self, request: &Request) -> Answer {
        let body = String::from_utf8(request.body.clone()).unwrap();
        let form = query_of(&body);
        assert_eq!(
            (form["grant_type"][0].as_str(), form["scope"][0].as_str()),
            ("client_credentials", "nhn%3Amsh%2Fapi")
        );
        self.check_assertion(&form["client_assertion"][0]);
        let (claims, thumbprint) = self.proof(request, "POST", "/connect/token");
        assert!(claims.get("ath").is_none());
        if claims["nonce"].as_str() != self.token_nonce {
            return Answer::new(400, r#"{"error":"use_dpop_nonce"}"#)
                .with("DPoP-Nonce", self.token_nonce.unwrap_or_default());
        }
        let secret = format!("token-{}", self.granted.len() + 1);
        let until = self.now.load(Ordering::SeqCst) + LASTS;
        self.granted.push(Granted { secret: secret.clone(), thumbprint, until });
        let answer = json!({ "access_token": secret, "token_type": self.token_type, "expires_in": LASTS });
        Answer::new(200, answer.to_string())
    }

    /// A refusal, unless the request carries the newest token and the proof that belongs to it.
    pub(crate) fn refused(&mut self, request: &Request) -> Option<Answer> {
        let (claims, thumbprint) = self.proof(request, &request.method, &request.path);
        if let Some(nonce) = self.nonce.filter(|nonce| claims["nonce"] != *nonce) {
            let answer = Answer::new(401, "").with("DPoP-Nonce", nonce);
            return Some(answer.with("www-authenticate", "DPoP error=\"use_dpop_nonce\""));
        }
        let given = request.header("authorization").unwrap().strip_prefix("DPoP ").unwrap();
        let now = self.now.load(Ordering::SeqCst);
        let newest = self
            .granted
            .last()
            .filter(|it| it.secret == given && it.thumbprint == thumbprint && now < it.until);
        if newest.is_none() {
            return Some(Answer::new(401, "").with("www-authenticate", "DPoP error=\"invalid_token\""));
        }
        let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, given.as_bytes()));
        assert_eq!(claims["ath"], hash);
        None
    }

    fn check_assertion(&mut self, assertion: &str) {
        let header = decode_header(assertion).unwrap();
        assert_eq!((header.alg, header.typ.as_deref()), (self.algorithm, Some("client-authentication+jwt")));
        let jwk: Jwk = serde_json::from_value(self.public.clone()).unwrap();
        let mut validation = Validation::new(self.algorithm);
        validation.set_audience(&["https://tokens.example"]);
        validation.validate_exp = false;
        let key = DecodingKey::from_jwk(&jwk).unwrap();
        let claims = decode::<Value>(assertion, &key, &validation).unwrap().claims;
        let now = self.now.load(Ordering::SeqCst);
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!("client-1"), &json!("client-1")));
        assert_eq!(
            (&claims["iat"], &claims["nbf"], &claims["exp"]),
            (&json!(now), &json!(now), &json!(now + 60))
        );
        assert!(self.proofs.insert(claims["jti"].as_str().unwrap().to_owned()), "used twice");
        self.assertion = claims;
    }

    /// The claims of a proof, which belongs to this request alone, and the thumbprint of its key.
    fn proof(&mut self, request: &Request, method: &str, path: &str) -> (Value, String) {
        let proof = request.header("dpop").expect("a proof");
        let header = decode_header(proof).unwrap();
        assert_eq!((header.typ.as_deref(), header.alg), (Some("dpop+jwt"), Algorithm::ES256));
        let jwk = header.jwk.unwrap();
        assert!(serde_json::to_value(&jwk).unwrap().get("d").is_none(), "the private key stays at home");
        let mut validation = Validation::new(Algorithm::ES256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        let key = DecodingKey::from_jwk(&jwk).unwrap();
        let claims = decode::<Value>(proof, &key, &validation).unwrap().claims;
        assert_eq!(
            (&claims["htm"], &claims["htu"]),
            (&json!(method), &json!(format!("{}{path}", self.address)))
        );
        assert_eq!(claims["iat"], self.now.load(Ordering::SeqCst));
        assert!(self.proofs.insert(claims["jti"].as_str().unwrap().to_owned()), "used twice");
        (claims, jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap())
    }
}

/// A service with a desk, a line that proves who it is with this key, and the clock of both.
async fn opened(key: SigningKey, public: Value, algorithm: Algorithm) -> (Stub, Edi, Arc<AtomicI64>) {
    let stub = Stub::start().await;
    let now = Arc::new(AtomicI64::new(NOW));
    let desk = Desk {
        address: stub.address.clone(),
        public,
        algorithm,
        now: Arc::clone(&now),
        token_nonce: None,
        nonce: None,
        token_type: "DPoP",
        granted: Vec::new(),
        proofs: BTreeSet::new(),
        assertion: Value::Null,
    };
    stub.with(|state| state.desk = Some(desk));
    let mut claims = Map::new();
    claims.insert("assertion_details".to_owned(), json!([{ "type": "organisation" }]));
    let client = ClientSettings {
        token_address: format!("{}/connect/token", stub.address),
        audience: "https://tokens.example".to_owned(),
        client: "client-1".to_owned(),
        scope: "nhn:msh/api".to_owned(),
        key,
        claims,
    };
    let shown = Arc::clone(&now);
    let clock = Clock::of(move || Timestamp::from_second(shown.load(Ordering::SeqCst)).unwrap());
    let tokens = Arc::new(ClientCredentials::new(client, clock).unwrap());
    let line = edi(&settings(&stub, &[HOSPITAL]), tokens, &Arc::default());
    (stub, line, now)
}

async fn usual() -> (Stub, Edi, Arc<AtomicI64>) {
    let (jwk, _) = keys::elliptic();
    opened(SigningKey::from_jwk(&jwk.private).unwrap(), jwk.public, Algorithm::ES256).await
}

fn desk<T>(stub: &Stub, look: impl FnOnce(&mut Desk) -> T) -> T {
    stub.with(|state| look(state.desk.as_mut().unwrap()))
}

#[tokio::test]
async fn every_kind_of_key_proves_who_we_are() {
    let ((ec_jwk, ec_pem), (rsa_jwk, rsa_pem)) = (keys::elliptic(), keys::rsa());
    let jwk = |made: &keys::Made| SigningKey::from_jwk(&made.private).unwrap();
    let pem = |made: &keys::Made| SigningKey::from_pem(&made.private, Some("k")).unwrap();
    let rows = [
        (jwk(&ec_jwk), &ec_jwk, Algorithm::ES256),
        (pem(&ec_pem), &ec_pem, Algorithm::ES256),
        (jwk(&rsa_jwk), &rsa_jwk, Algorithm::PS256),
        (pem(&rsa_pem), &rsa_pem, Algorithm::PS256),
    ];
    for (key, made, algorithm) in rows {
        assert!(!format!("{key:?}").contains(&made.private[40..60]), "the key stays secret");
        let (stub, hospital, _) = opened(key, made.public.clone(), algorithm).await;
        hospital.send(&notice(1, "")).await.unwrap();
        assert_eq!(stub.messages().len(), 1);
        assert_eq!(
            desk(&stub, |desk| desk.assertion["assertion_details"][0]["type"].clone()),
            "organisation"
        );
    }
}

#[test]
fn a_key_whose_parts_do_not_belong_together_is_refused() {
    let ((one, _), (other, _)) = (keys::elliptic(), keys::elliptic());
    let mut mixed: Value = serde_json::from_str(&one.private).unwrap();
    mixed["x"] = other.public["x"].clone();
    assert!(SigningKey::from_jwk(&mixed.to_string()).is_err());
    assert!(SigningKey::from_jwk(&one.public.to_string()).is_err(), "a public key");
    assert!(
        SigningKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None).is_err()
    );
    assert!(SigningKey::from_pem("secret", None).is_err());
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end() {
    let (stub, hospital, now) = usual().await;
    for (after, expected) in [(0, 1), (539, 1), (540, 2), (541, 2)] {
        now.store(NOW + after, Ordering::SeqCst);
        hospital.send(&notice(1, "")).await.unwrap();
        assert_eq!(stub.count(Op::Token), expected, "{after} s");
    }
}

#[tokio::test]
async fn a_nonce_that_is_demanded_is_given() {
    let (stub, hospital, _) = usual().await;
    desk(&stub, |desk| (desk.token_nonce, desk.nonce) = (Some("t1"), Some("m1")));
    hospital.send(&notice(1, "")).await.unwrap();
    assert_eq!((stub.count(Op::Token), stub.count(Op::Post)), (2, 2));
    hospital.send(&notice(2, "")).await.unwrap();
    assert_eq!((stub.count(Op::Token), stub.count(Op::Post)), (2, 3), "the nonce is kept");
    desk(&stub, |desk| desk.nonce = Some("m2"));
    hospital.send(&notice(3, "")).await.unwrap();
    assert_eq!((stub.count(Op::Token), stub.count(Op::Post)), (2, 5));
    assert_eq!(stub.messages().len(), 3);
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once_also_after_a_nonce() {
    let (stub, hospital, _) = usual().await;
    hospital.send(&notice(1, "")).await.unwrap();
    desk(&stub, |desk| {
        desk.nonce = Some("m1");
        desk.granted.last_mut().unwrap().until = 0;
    });
    hospital.send(&notice(2, "")).await.unwrap();
    assert_eq!((stub.count(Op::Token), stub.count(Op::Post), stub.messages().len()), (2, 4, 2));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_the_line_is_down() {
    let rows = [
        Fault::Says(Answer::new(400, r#"{"error":"invalid_client","error_description":"no\u001bkey"}"#)),
        Fault::Says(Answer::new(500, "")),
        Fault::Says(Answer::new(302, "").with("location", "/elsewhere")),
        Fault::Lies(Answer::new(200, "{}")),
        Fault::Lies(Answer::new(200, r#"{"access_token":"a\nb","token_type":"DPoP","expires_in":1}"#)),
        Fault::Lies(Answer::new(200, vec![b' '; 300_000])),
        Fault::CutBefore,
    ];
    for fault in rows {
        let (stub, hospital, _) = usual().await;
        stub.order(Op::Token, fault.clone());
        let result = hospital.send(&notice(1, "")).await;
        let Err(SendFault::Later { says }) = &result else { panic!("{fault:?} {result:?}") };
        assert!(!says.contains('\u{1b}'), "{says}");
        assert_eq!(stub.count(Op::Post), 0, "{fault:?}");
        assert!(matches!(hospital.health(), Health::Down { .. }), "{fault:?}");
        hospital.send(&notice(1, "")).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_is_not_bound_to_our_key_is_not_used() {
    let (stub, hospital, _) = usual().await;
    desk(&stub, |desk| desk.token_type = "Bearer");
    let result = hospital.send(&notice(1, "")).await;
    assert!(matches!(&result, Err(SendFault::Later { says }) if says.contains("DPoP")), "{result:?}");
    assert_eq!(stub.count(Op::Post), 0);
}

#[tokio::test]
async fn queries_are_no_part_of_what_is_proved() {
    let (stub, hospital, _) = usual().await;
    let mut parcel = notice(1, "");
    parcel.to = HOSPITAL.to_string();
    hospital.send(&parcel).await.unwrap();
    assert_eq!(take(&hospital).await.message, parcel.message);
    assert!(stub.count(Op::List) > 0);
}
