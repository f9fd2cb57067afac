use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{
    Client, Response, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{ProviderFault, fault::clean};
use crate::login::keys::{Proved, Prover};

/// The largest answer of a provider, in bytes.
const ANSWER_BYTES_MAX: usize = 512 << 10;

/// How long a provider has for its answer. A person waits.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The line to a provider. It follows no redirects and remembers the nonce that proofs must hold.
pub(in crate::login) struct Line {
    client: Client,
    nonce: Mutex<Option<String>>,
}

/// What a provider answered to a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::login) struct Answer {
    status: u16,
    body: Vec<u8>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Denied {
    error: String,
    error_description: String,
}

impl Line {
    pub(super) fn new(url: &Url) -> Result<Self, String> {
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(TIMEOUT);
        let builder = if is_this_machine(url) { builder.no_proxy() } else { builder };
        let client = builder.build().map_err(|error| format!("no client for HTTP: {error}"))?;
        Ok(Self { client, nonce: Mutex::default() })
    }

    /// Fetches a document that is there for all.
    pub(in crate::login) async fn get(&self, url: &Url) -> Result<Vec<u8>, ProviderFault> {
        let sent = self.client.get(url.clone()).header(ACCEPT, "application/json").send().await;
        let response = sent.map_err(|error| out_of_reach(&error))?;
        let status = response.status().as_u16();
        let body = body_of(response).await?;
        if status == 200 { Ok(body) } else { Err(Answer { status, body }.refused()) }
    }

    /// Sends a form with a proof, a second time with the nonce that was asked for.
    ///
    /// `pairs` is called anew each time: what says who we are may be used once only.
    pub(in crate::login) async fn post<Pairs>(
        &self,
        url: &Url,
        prover: &Prover,
        now: Timestamp,
        pairs: Pairs,
    ) -> Result<Answer, ProviderFault>
    where
        Pairs: Fn() -> Result<Vec<(&'static str, String)>, ProviderFault>,
    {
        let first = self.post_once(url, prover, now, &pairs()?).await?;
        if first.denied().error != "use_dpop_nonce" {
            return Ok(first);
        }
        self.post_once(url, prover, now, &pairs()?).await
    }

    async fn post_once(
        &self,
        url: &Url,
        prover: &Prover,
        now: Timestamp,
        pairs: &[(&'static str, String)],
    ) -> Result<Answer, ProviderFault> {
        let nonce = self.nonce.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = Proved { method: "POST", url: url.as_str(), token: None, nonce: nonce.as_deref() };
        let proof = prover.proof(request, now)?;
        let form = serde_html_form::to_string(pairs)
            .map_err(|error| ProviderFault::Unusable(format!("no form: {error}")))?;
        let request = self.client.post(url.clone()).header(ACCEPT, "application/json");
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let sent = request.header("DPoP", proof).body(form).send().await;
        let response = sent.map_err(|error| out_of_reach(&error))?;
        self.note(response.headers());
        Ok(Answer { status: response.status().as_u16(), body: body_of(response).await? })
    }

    fn note(&self, headers: &HeaderMap) {
        if let Some(nonce) = headers.get("DPoP-Nonce").and_then(|nonce| nonce.to_str().ok()) {
            *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce.to_owned());
        }
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl Answer {
    /// What was asked for, if the provider gave it.
    pub(in crate::login) fn read<Given: DeserializeOwned>(&self) -> Result<Given, ProviderFault> {
        if !matches!(self.status, 200 | 201) {
            return Err(self.refused());
        }
        serde_json::from_slice(&self.body)
            .map_err(|_| ProviderFault::Unusable("it answers something else than was asked for".to_owned()))
    }

    fn denied(&self) -> Denied {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn refused(&self) -> ProviderFault {
        let Denied { error, error_description } = self.denied();
        let (error, description) = (clean(&error), clean(&error_description));
        ProviderFault::Refused { status: self.status, error, description }
    }
}

async fn body_of(mut response: Response) -> Result<Vec<u8>, ProviderFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| out_of_reach(&error))? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(ProviderFault::Unusable(format!("it answers more than {ANSWER_BYTES_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn out_of_reach(error: &reqwest::Error) -> ProviderFault {
    let mut says = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        says.push_str(": ");
        says.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    ProviderFault::OutOfReach(clean(&says))
}

/// An address that secrets may be sent to: over TLS, or to this machine itself.
pub(in crate::login) fn safe_url(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).map_err(|error| format!("{address}: {error}"))?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url)) {
        return Ok(url);
    }
    Err(format!("{address} isn't encrypted: write an address that begins with https://"))
}

/// Whether an address leads no further than this machine.
pub(in crate::login) fn is_this_machine(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encrypted_or_on_this_machine() {
        let is_safe = |address: &str| safe_url(address).is_ok();
        assert!(
            is_safe("https://login.example") && is_safe("http://127.0.0.1:1") && is_safe("http://[::1]:1")
        );
        assert!(
            !is_safe("http://login.example") && !is_safe("http://127.0.0.1.example") && !is_safe("login")
        );
    }
}
