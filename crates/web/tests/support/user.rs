//! Somebody with a browser: cookies, and the token that forms bring back.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, header},
};
use samspill_web::Signed;
use tower::ServiceExt;

use super::ORIGIN;

/// How long a stream that isn't listened to may be quiet.
const GLANCE: Duration = Duration::from_millis(100);

/// Somebody who asks, logged in or not.
pub(crate) struct User {
    router: Router,
    pub(crate) signed: Option<Signed>,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What came back, all of it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl User {
    pub(crate) fn new(router: Router, signed: Option<Signed>) -> Self {
        Self { router, signed, cookies: Mutex::default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, &[("accept", "text/html")], Vec::new()).await
    }

    /// As programs ask.
    pub(crate) async fn get_json(&self, path: &str) -> Answer {
        self.request(Method::GET, path, &[("accept", "application/json")], Vec::new()).await
    }

    /// Sends a form as a browser does from our own page: with the token, from here.
    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.signed.as_ref().map(|signed| signed.form_token.clone()).unwrap_or_default();
        let mut all: Vec<(&str, &str)> = fields.to_vec();
        all.push(("_token", &token));
        let body = serde_html_form::to_string(&all).unwrap().into_bytes();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
            ("origin", ORIGIN),
            ("sec-fetch-site", "same-origin"),
        ];
        self.request(Method::POST, path, &headers, body).await
    }

    pub(crate) async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        self.answer(method, path, headers, Body::from(body)).await
    }

    /// With a body that comes as it comes.
    pub(crate) async fn answer(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        self.answer_until_quiet(method, path, headers, body, GLANCE).await
    }

    /// Listens to a stream until nothing has come for a second.
    pub(crate) async fn listen(&self, path: &str) -> Answer {
        let headers = [("accept", "text/event-stream")];
        self.answer_until_quiet(Method::GET, path, &headers, Body::empty(), Duration::from_secs(1)).await
    }

    async fn answer_until_quiet(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
        quiet: Duration,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookies) = self.cookie_header() {
            request = request.header(header::COOKIE, cookies);
        }
        let mut request = request.body(body).unwrap();
        if let Some(signed) = &self.signed {
            request.extensions_mut().insert(signed.clone());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        self.keep_cookies(response.headers());
        let (parts, body) = response.into_parts();
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, body: Vec::new() };
        let is_stream = answer.header("content-type").starts_with("text/event-stream");
        let body = read(body, if is_stream { quiet } else { Duration::from_mins(1) }).await;
        Answer { body, ..answer }
    }

    /// The value of a cookie that it holds.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn cookie_header(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for value in headers.get_all(header::SET_COOKIE) {
            let pair = value.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                cookies.remove(name)
            } else {
                cookies.insert(name.to_owned(), value.to_owned())
            };
        }
    }
}

/// What comes of a body until nothing has come for so long: a stream has no end.
async fn read(body: Body, quiet: Duration) -> Vec<u8> {
    use futures_util::StreamExt;
    let mut frames = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(quiet, frames.next()).await {
        bytes.extend_from_slice(&frame);
    }
    bytes
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
