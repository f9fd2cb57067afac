//! One request and its answer: tokens, nonces and what each kind of failure means.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE},
};

use super::{
    clock::Clock,
    fault::CallFault,
    problem::{Problem, cause},
    settings::{EdiSettings, SettingsFault, checked_url, fault, is_this_machine},
    tokens::{Ask, Nonce, Renew, Tokens},
};

/// The version of the API that is spoken here.
const API_VERSION: &str = "2";

/// The largest answer that is no document, in bytes: the list of 100 messages is well under it.
pub(super) const SMALL_ANSWER_BYTES_MAX: usize = 1 << 20;

/// The most of a refusal that is read, in bytes.
const PROBLEM_BYTES_MAX: usize = 64 << 10;

/// Puts requests together and sends them.
#[derive(Debug)]
pub(super) struct Caller {
    client: Client,
    base: Url,
    source_system: String,
    tokens: Arc<dyn Tokens>,
    nonce: Nonce,
    clock: Clock,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// What comes after the address, in parts.
    pub(super) path: &'a [&'a str],
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Bytes>,
    pub(super) answer_bytes_max: usize,
}

/// An answer of success.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// The header `Location`.
    pub(super) location: Option<String>,
    pub(super) body: Result<Vec<u8>, CallFault>,
}

/// What to try again with after a 401.
#[derive(Clone, Copy, Debug, Default)]
struct Tried {
    nonce: bool,
    token: bool,
}

impl<'a> Call<'a> {
    pub(super) fn get(path: &'a [&'a str]) -> Self {
        Self {
            method: Method::GET,
            path,
            query: Vec::new(),
            body: None,
            answer_bytes_max: SMALL_ANSWER_BYTES_MAX,
        }
    }

    pub(super) fn post(path: &'a [&'a str], body: Vec<u8>) -> Self {
        Self { method: Method::POST, body: Some(body.into()), ..Self::get(path) }
    }
}

impl Caller {
    pub(super) fn new(
        settings: &EdiSettings,
        tokens: Arc<dyn Tokens>,
        clock: Clock,
    ) -> Result<Self, SettingsFault> {
        let base = checked_url("address", &settings.address)?;
        let client = client(&base, settings.timeout).map_err(|error| fault("address", cause(error)))?;
        let source_system = settings.source_system.clone();
        Ok(Self { client, base, source_system, tokens, nonce: Nonce::default(), clock })
    }

    /// Makes a call. A new token or nonce is tried once each, since a 401 is never an answer to the request itself.
    pub(super) async fn call(&self, call: &Call<'_>) -> Result<Answer, CallFault> {
        let mut tried = Tried::default();
        loop {
            let response = self.attempt(call, tried).await?;
            self.nonce.note(response.headers());
            if response.status() != StatusCode::UNAUTHORIZED {
                return self.sorted(response, call.answer_bytes_max).await;
            }
            tried = again(tried, response.headers())
                .ok_or_else(|| CallFault::not_done("the message service refuses our token (401)"))?;
        }
    }

    async fn attempt(&self, call: &Call<'_>, tried: Tried) -> Result<Response, CallFault> {
        let url = self.url(call);
        let nonce = self.nonce.last();
        let ask = Ask {
            method: call.method.as_str(),
            url: url.as_str(),
            nonce: nonce.as_deref(),
            renew: if tried.token { Renew::Now } else { Renew::IfNeeded },
        };
        let credentials =
            self.tokens.credentials(ask).await.map_err(|fault| CallFault::not_done(fault.to_string()))?;
        let mut request = self
            .client
            .request(call.method.clone(), url)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, credentials.authorization)
            .header("api-version", API_VERSION)
            .header("nhn-source-system", &self.source_system);
        if let Some(proof) = credentials.proof {
            request = request.header("DPoP", proof);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        request.send().await.map_err(line_fault)
    }

    fn url(&self, call: &Call<'_>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        url
    }

    async fn sorted(&self, response: Response, bytes_max: usize) -> Result<Answer, CallFault> {
        let status = response.status();
        if status.is_success() {
            let location = text(response.headers(), LOCATION.as_str()).map(str::to_owned);
            return Ok(Answer { status, location, body: body(response, bytes_max).await });
        }
        if status.is_redirection() || status.is_informational() {
            let says =
                format!("the address of the message service leads elsewhere ({status}): mend `address`");
            return Err(CallFault::not_done(says));
        }
        let wait = wait(response.headers(), self.clock.now());
        let problem = Problem::of(status, &body(response, PROBLEM_BYTES_MAX).await.unwrap_or_default());
        Err(refusal(problem, wait))
    }
}

fn client(base: &Url, timeout: Duration) -> Result<Client, reqwest::Error> {
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(timeout.min(Duration::from_secs(20)))
        .timeout(timeout);
    if is_this_machine(base) { builder.no_proxy().build() } else { builder.build() }
}

fn again(tried: Tried, headers: &HeaderMap) -> Option<Tried> {
    let wants_nonce =
        text(headers, WWW_AUTHENTICATE.as_str()).is_some_and(|why| why.contains("use_dpop_nonce"));
    if wants_nonce && !tried.nonce {
        return Some(Tried { nonce: true, ..tried });
    }
    (!tried.token).then_some(Tried { token: true, ..tried })
}

fn refusal(problem: Problem, wait: Option<Duration>) -> CallFault {
    let status = problem.status;
    let not_begun = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_EARLY
    );
    match () {
        () if not_begun => CallFault::NotDone { says: problem.brief, wait },
        () if status.is_server_error() => CallFault::Unsure { says: problem.brief },
        () => CallFault::Refused(problem),
    }
}

/// How long to wait: a number of seconds, or an instant.
fn wait(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let written = text(headers, RETRY_AFTER.as_str())?.trim();
    if let Ok(secs) = written.parse() {
        return Some(Duration::from_secs(secs));
    }
    let until = rfc2822::parse(written).ok()?.timestamp();
    Some(until.duration_since(now).try_into().unwrap_or_default())
}

fn line_fault(error: reqwest::Error) -> CallFault {
    let done = !(error.is_connect() || error.is_builder());
    let says = cause(error);
    if done { CallFault::Unsure { says } } else { CallFault::not_done(says) }
}

/// What an answer says, as long as it isn't too much.
pub(super) async fn body(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, CallFault> {
    let too_large = || CallFault::Unreadable { says: format!("an answer has more than {bytes_max} bytes") };
    let announced =
        response.content_length().and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default();
    if announced > bytes_max {
        return Err(too_large());
    }
    let mut read = Vec::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(line_fault)? {
        if read.len() + chunk.len() > bytes_max {
            return Err(too_large());
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_a_number_of_seconds_or_an_instant() {
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        let rows = [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Mon, 02 Mar 2026 10:00:30 GMT", Some(30)),
            ("Mon, 02 Mar 2026 09:59:59 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ];
        for (written, expected) in rows {
            let headers: HeaderMap = [(RETRY_AFTER, written.parse().unwrap())].into_iter().collect();
            assert_eq!(wait(&headers, now).map(|wait| wait.as_secs()), expected, "{written}");
        }
        assert_eq!(wait(&HeaderMap::new(), now), None);
    }

    #[test]
    fn only_what_certainly_was_not_begun_counts_as_not_done() {
        let sort = |status: u16| {
            let status = StatusCode::from_u16(status).unwrap();
            match refusal(Problem::of(status, b""), None) {
                CallFault::NotDone { .. } => "not done",
                CallFault::Unsure { .. } => "unsure",
                CallFault::Unreadable { .. } => "unreadable",
                CallFault::Refused(_) => "refused",
            }
        };
        for status in [408, 425, 429, 503] {
            assert_eq!(sort(status), "not done", "{status}");
        }
        for status in [500, 502, 504] {
            assert_eq!(sort(status), "unsure", "{status}");
        }
        for status in [400, 403, 404, 413, 415, 422] {
            assert_eq!(sort(status), "refused", "{status}");
        }
    }
}
