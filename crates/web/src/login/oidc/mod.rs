//! Logging in at a provider, as `HelseID` demands it.
//!
//! ```text
//!   browser ─▶ begin ──▶ pushed request (who we are, state, nonce, challenge, thumbprint) ─▶ provider
//!      ◀── 303, with what we must remember sealed in a short cookie                           │
//!      ──▶ provider: the person logs in ──▶ 303 with code and state ──▶ finish ◀──────────────┘
//!                                                                        │ code, verifier, proof
//!                                                                        ▼
//!                                                  identity token, checked ─▶ Person ─▶ an account and a session of ours
//! ```
//!
//! Nothing is kept in the node between the two: any node can finish what another began.

mod begin;
mod claims;
mod finish;
mod logout;
mod upstream;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use claims::{Audience, check_times};
pub(super) use finish::{Callback, Finished, NotFinished, Why};
pub(super) use logout::LoggedOut;
pub(super) use upstream::{named, party_of};

use super::{
    OidcSettings, SettingFault,
    provider::{Provider, ProviderFault},
    secret::Secrets,
};

/// How long a login at the provider may take.
pub(super) const FLOW_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// How long what says who we are is valid.
const ASSERTION_LASTS: SignedDuration = SignedDuration::from_secs(30);

/// How far clocks may differ.
pub(super) const SKEW: SignedDuration = SignedDuration::from_secs(30);

/// The path that the provider sends browsers back to.
pub(super) const CALLBACK: &str = "/oidc/svar";

/// Logging in at one provider.
#[derive(Debug)]
pub(super) struct Oidc {
    settings: OidcSettings,
    provider: Arc<Provider>,
    secrets: Secrets,
    callback: String,
    after_logout: String,
    finished: Mutex<Vec<(Timestamp, String)>>,
}

/// What must be remembered while a person is at the provider. It is sealed into a cookie of the browser that began.
#[derive(Debug, Deserialize, Serialize)]
struct Flow {
    state: String,
    nonce: String,
    verifier: String,
    /// The key that the code is bound to.
    prover: String,
    return_to: String,
    begun: Timestamp,
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(flatten)]
    more: &'a serde_json::Map<String, serde_json::Value>,
}

impl Oidc {
    pub(super) fn new(
        settings: OidcSettings,
        provider: Arc<Provider>,
        secrets: Secrets,
        origin: &str,
    ) -> Result<Self, SettingFault> {
        if settings.keys.is_empty() {
            let says = "no key: write at least one, the first signs".to_owned();
            return Err(SettingFault { setting: "keys", says });
        }
        if !settings.scope.split(' ').any(|scope| scope == "openid") {
            let says = "`openid` is missing: without it the provider doesn't say who logged in".to_owned();
            return Err(SettingFault { setting: "scope", says });
        }
        let (callback, after_logout) = (format!("{origin}{CALLBACK}"), format!("{origin}/logg-inn?ut=ja"));
        Ok(Self { settings, provider, secrets, callback, after_logout, finished: Mutex::default() })
    }

    pub(super) fn settings(&self) -> &OidcSettings {
        &self.settings
    }

    /// What people call the provider.
    pub(super) fn shown(&self) -> &str {
        let settings = &self.settings;
        let host = || settings.issuer.split('/').nth(2).unwrap_or(&settings.issuer);
        settings.shown.as_deref().unwrap_or_else(host)
    }

    /// What says who we are, to be used once (`private_key_jwt`, RFC 7523).
    fn assertion(&self, now: Timestamp) -> Result<String, ProviderFault> {
        let client = self.settings.client.as_str();
        let claims = Assertion {
            iss: client,
            sub: client,
            aud: self.provider.issuer(),
            jti: Uuid::new_v4().to_string(),
            iat: now.as_second(),
            nbf: now.as_second(),
            exp: now.as_second() + ASSERTION_LASTS.as_secs(),
            more: &self.settings.assertion,
        };
        let signed = self.settings.keys.first().map(|key| key.sign("client-authentication+jwt", &claims));
        signed
            .and_then(Result::ok)
            .ok_or_else(|| ProviderFault::Unusable("our key can't sign who we are".to_owned()))
    }

    /// The fields that every request of ours begins with.
    fn who_we_are(&self, now: Timestamp) -> Result<Vec<(&'static str, String)>, ProviderFault> {
        Ok(vec![
            ("client_id", self.settings.client.clone()),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", self.assertion(now)?),
        ])
    }

    /// Notes that a login was answered; `false` if it was before. The provider takes a code once only; this is a second bolt.
    fn is_first(&self, state: &str, now: Timestamp) -> bool {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        finished.retain(|(at, _)| now.duration_since(*at) <= FLOW_LASTS);
        let is_first = finished.iter().all(|(_, seen)| seen != state);
        if is_first {
            finished.push((now, state.to_owned()));
        }
        is_first
    }
}
