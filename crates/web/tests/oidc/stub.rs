//! A provider that does as it is told, wrongly too.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    house::{CLIENT, Shared},
    keys::Key,
};

pub(crate) const ACCESS_TOKEN: &str = "access";

/// How an identity token is made of its claims.
pub(crate) type Sign = Arc<dyn Fn(&Key, &Value) -> String + Send + Sync>;

/// What the provider does. As it stands at first, all is right.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) metadata: Value,
    pub(crate) keys: Vec<Value>,
    /// Laid over the claims of the identity token; null takes a claim away.
    pub(crate) claims: Value,
    pub(crate) sign: Sign,
    /// Laid over what the token address answers; null takes a field away.
    pub(crate) granted: Value,
    pub(crate) token_status: u16,
    pub(crate) pushed_status: u16,
    pub(crate) demands_nonce: bool,
}

/// What was sent to it.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) pushed: Vec<(HeaderMap, BTreeMap<String, String>)>,
    pub(crate) tokens: Vec<(HeaderMap, BTreeMap<String, String>)>,
    pub(crate) keys_fetched: usize,
}

/// The provider, served.
#[derive(Clone)]
pub(crate) struct Stub {
    pub(crate) issuer: String,
    pub(crate) key: Key,
    pub(crate) script: Shared<Script>,
    pub(crate) seen: Shared<Seen>,
}

impl Stub {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let key = Key::new("a");
        let script = Script {
            metadata: metadata(&issuer),
            keys: vec![key.public()],
            claims: json!({}),
            sign: Arc::new(|key, claims| key.sign("JWT", claims)),
            granted: json!({}),
            token_status: 200,
            pushed_status: 201,
            demands_nonce: false,
        };
        let stub = Self { issuer, key, script: Arc::new(Mutex::new(script)), seen: Shared::default() };
        let router = routes().with_state(stub.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        stub
    }

    pub(crate) fn tell(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// A field of the last pushed request.
    pub(crate) fn pushed(&self, name: &str) -> String {
        self.seen.lock().unwrap().pushed.last().unwrap().1.get(name).cloned().unwrap_or_default()
    }

    /// The address that browsers are sent back to.
    pub(crate) fn back(&self, state: &str) -> String {
        format!("/oidc/svar?code=c&state={state}&iss={}", self.issuer)
    }

    fn id_token(&self) -> String {
        let script = self.script.lock().unwrap().clone();
        let now = Timestamp::now().as_second();
        let mut claims = json!({
            "iss": self.issuer, "sub": "kari", "aud": CLIENT, "exp": now + 60, "iat": now, "nonce": self.pushed("nonce"), "sid": "s1",
        });
        lay_over(&mut claims, &script.claims);
        (script.sign)(&self.key, &claims)
    }
}

fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "pushed_authorization_request_endpoint": format!("{issuer}/request"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end"),
        "authorization_response_iss_parameter_supported": true,
        "code_challenge_methods_supported": ["S256"],
    })
}

fn lay_over(under: &mut Value, over: &Value) {
    for (name, value) in over.as_object().unwrap() {
        if value.is_null() {
            under.as_object_mut().unwrap().remove(name);
        } else {
            under[name] = value.clone();
        }
    }
}

fn routes() -> Router<Stub> {
    Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(async |State(stub): State<Stub>| Json(stub.script.lock().unwrap().metadata.clone())),
        )
        .route("/jwks", get(keys))
        .route("/request", post(request))
        .route("/token", post(token))
}

async fn keys(State(stub): State<Stub>) -> Json<Value> {
    stub.seen.lock().unwrap().keys_fetched += 1;
    Json(json!({ "keys": stub.script.lock().unwrap().keys }))
}

async fn request(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let script = stub.script.lock().unwrap().clone();
    stub.seen.lock().unwrap().pushed.push((headers.clone(), form));
    if script.demands_nonce && nonce_of(&headers).as_deref() != Some("n1") {
        let problem = Json(json!({"error": "use_dpop_nonce"}));
        return (StatusCode::BAD_REQUEST, [("DPoP-Nonce", "n1")], problem).into_response();
    }
    let status = StatusCode::from_u16(script.pushed_status).unwrap();
    let answer = json!({"request_uri": "urn:r:1", "expires_in": 60, "error": "invalid_request"});
    (status, [("location", "https://evil.example/")], Json(answer)).into_response()
}

/// The nonce in the proof of a request.
pub(crate) fn nonce_of(headers: &HeaderMap) -> Option<String> {
    claims_of(headers.get("DPoP")?.to_str().ok()?).get("nonce")?.as_str().map(str::to_owned)
}

/// What a token says, whoever signed it.
pub(crate) fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn token(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    stub.seen.lock().unwrap().tokens.push((headers, form));
    let script = stub.script.lock().unwrap().clone();
    let mut answer = json!({
        "access_token": ACCESS_TOKEN, "token_type": "DPoP", "expires_in": 60, "id_token": stub.id_token(),
    });
    lay_over(&mut answer, &script.granted);
    (StatusCode::from_u16(script.token_status).unwrap(), Json(answer)).into_response()
}
