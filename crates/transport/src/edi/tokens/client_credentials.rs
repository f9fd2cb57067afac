use std::{fmt, time::Duration};

use jiff::{SignedDuration, Timestamp};
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE},
};
use samspill_keys::{Proved, Prover};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{Ask, Credentials, Nonce, Renew, SigningKey, TokenFault, Tokens};
use crate::{
    Doing,
    edi::{
        clock::Clock,
        problem::{cause, clean},
        settings::{SettingsFault, checked_url, fault, is_this_machine},
    },
};

/// The largest answer of a token service, in bytes.
const ANSWER_BYTES_MAX: usize = 256 << 10;

/// How long a token service has for its answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long the word by which we say who we are is valid.
const ASSERTION_LASTS: SignedDuration = SignedDuration::from_secs(60);

/// A token is renewed so long before its end, or when a tenth of its time is left if that is shorter.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// How we are known to the token service.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The address that tokens are asked for at.
    pub token_address: String,
    /// Whom we say who we are to (`aud`): the name of the token service, its issuer.
    pub audience: String,
    /// The id that we are registered under.
    pub client: String,
    /// What we want to do: `nhn:msh/api` for the message service, which makes a token for `nhn:msh` alone.
    pub scope: String,
    /// The key that we are registered with.
    pub key: SigningKey,
    /// Claims to add, such as the organisation we speak for (`assertion_details`); empty if the client has only one.
    pub claims: Map<String, Value>,
}

/// Tokens of `HelseID` for a program: client credentials, `private_key_jwt`, bound to a key of ours (`DPoP`).
#[derive(Debug)]
pub struct ClientCredentials {
    settings: ClientSettings,
    url: Url,
    client: Client,
    prover: Prover,
    nonce: Nonce,
    clock: Clock,
    token: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    secret: String,
    renew_at: Timestamp,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
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
    more: &'a Map<String, Value>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    expires_in: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Denied {
    error: String,
    error_description: String,
}

impl ClientCredentials {
    /// Tokens for this client. Nothing is asked for before the first is needed.
    ///
    /// # Errors
    /// The address can't be used, or no key can be made.
    pub fn new(settings: ClientSettings, clock: Clock) -> Result<Self, SettingsFault> {
        let url = checked_url("token_address", &settings.token_address)?;
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(TIMEOUT);
        let builder = if is_this_machine(&url) { builder.no_proxy() } else { builder };
        let client = builder.build().map_err(|error| fault("token_address", cause(error)))?;
        let prover = Prover::new().map_err(|error| fault("key", error.to_string()))?;
        let (nonce, token) = (Nonce::default(), Mutex::new(None));
        Ok(Self { settings, url, client, prover, nonce, clock, token })
    }

    /// The token at hand, or a new one. Many ask, one fetches.
    async fn token(&self, renew: Renew) -> Result<String, TokenFault> {
        let mut kept = self.token.lock().await;
        let usable =
            kept.as_ref().filter(|token| renew == Renew::IfNeeded && self.clock.now() < token.renew_at);
        if let Some(token) = usable {
            return Ok(token.secret.clone());
        }
        *kept = None;
        let token = self.fetch().await?;
        Ok(kept.insert(token).secret.clone())
    }

    /// Fetches a token, a second time with the nonce that was asked for.
    async fn fetch(&self) -> Result<Token, TokenFault> {
        let (status, body) = self.ask().await?;
        if status != StatusCode::OK && denied(&body).error == "use_dpop_nonce" {
            let (status, body) = self.ask().await?;
            return self.read(status, &body);
        }
        self.read(status, &body)
    }

    async fn ask(&self) -> Result<(StatusCode, Vec<u8>), TokenFault> {
        let nonce = self.nonce.last();
        let proved = Proved {
            method: Method::POST.as_str(),
            url: self.url.as_str(),
            token: None,
            nonce: nonce.as_deref(),
        };
        let proof = self.prover.proof(proved, self.clock.now())?;
        let request = self
            .client
            .post(self.url.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("DPoP", proof)
            .body(self.form()?);
        let out_of_reach =
            |error| TokenFault::new(format!("the token service is out of reach: {}", cause(error)));
        let response: Response = request.send().await.map_err(out_of_reach)?;
        self.nonce.note(response.headers());
        let status = response.status();
        let body = crate::edi::call::body(response, ANSWER_BYTES_MAX).await;
        Ok((status, body.map_err(|fault| TokenFault::new(fault.brief()))?))
    }

    fn form(&self) -> Result<String, TokenFault> {
        let assertion = self.assertion()?;
        let mut form = self.url.clone();
        form.query_pairs_mut().clear().extend_pairs([
            ("grant_type", "client_credentials"),
            ("client_id", &self.settings.client),
            ("scope", &self.settings.scope),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ]);
        Ok(form.query().unwrap_or_default().to_owned())
    }

    fn assertion(&self) -> Result<String, TokenFault> {
        let now = self.clock.now();
        let claims = Assertion {
            iss: &self.settings.client,
            sub: &self.settings.client,
            aud: &self.settings.audience,
            jti: Uuid::new_v4().to_string(),
            iat: now.as_second(),
            nbf: now.as_second(),
            exp: now.as_second() + ASSERTION_LASTS.as_secs(),
            more: &self.settings.claims,
        };
        Ok(self.settings.key.sign("client-authentication+jwt", &claims)?)
    }

    fn read(&self, status: StatusCode, body: &[u8]) -> Result<Token, TokenFault> {
        if status != StatusCode::OK {
            let denied = denied(body);
            let says = format!("{} {}", denied.error, denied.error_description);
            let says = clean(&says, 300);
            return Err(TokenFault::new(format!("the token service answers {}: {says}", status.as_u16())));
        }
        let granted: Granted = serde_json::from_slice(body)
            .map_err(|_| TokenFault::new("the token service answers something else than a token"))?;
        if !granted.token_type.eq_ignore_ascii_case("DPoP") {
            return Err(TokenFault::new(
                "the token isn't bound to our key: the client must be set up for DPoP",
            ));
        }
        let is_plain = granted.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_plain || granted.access_token.is_empty() {
            return Err(TokenFault::new("the token has signs that no token has"));
        }
        let renew_at = renew_at(self.clock.now(), granted.expires_in);
        Ok(Token { secret: granted.access_token, renew_at })
    }
}

fn denied(body: &[u8]) -> Denied {
    serde_json::from_slice(body).unwrap_or_default()
}

/// When to renew a token that lasts so many seconds from now.
fn renew_at(now: Timestamp, secs: i64) -> Timestamp {
    let lasts = SignedDuration::from_secs(secs.clamp(0, 24 * 60 * 60));
    let margin = MARGIN.min(lasts / 10);
    now.saturating_add(lasts - margin).unwrap_or(now)
}

impl Tokens for ClientCredentials {
    fn credentials<'a>(&'a self, ask: Ask<'a>) -> Doing<'a, Result<Credentials, TokenFault>> {
        Box::pin(async move {
            let token = self.token(ask.renew).await?;
            let proof = self.prover.proof(ask.proved(Some(&token)), self.clock.now())?;
            Ok(Credentials { authorization: format!("DPoP {token}"), proof: Some(proof) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_a_minute_or_a_tenth_before_its_end() {
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let rows = [(3600, 3540), (600, 540), (500, 450), (10, 9), (0, 0), (-5, 0), (i64::MAX, 86_340)];
        for (secs, expected) in rows {
            let total = renew_at(now, secs).duration_since(now).as_secs();
            assert_eq!(total, expected, "{secs}");
        }
    }
}
