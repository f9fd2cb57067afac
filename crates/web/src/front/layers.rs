//! The layers. From the outside in: number and address, headers, panics, words for refusals, limits; then sessions, which stand in
//! [`login`](crate); then what needs to know who asks.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http_body_util::Limited;
use samspill_service::access::Action;

use super::{
    ClientAddress, FrontSettings, Refused, RequestId, Signed,
    rate::{Sort, counted},
    request::REQUEST_ID,
    token, wording,
};
use crate::App;

/// What pages may load: only what this server gives, and no script or style that stands in the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Where logging in at a provider begins: each time, the provider is asked.
const BEGINS_ELSEWHERE: &str = "/oidc/inn";
/// Two years, as the lists of browsers ask for.
const ONLY_HTTPS: &str = "max-age=63072000; includeSubDomains";
/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: with that, browsers leave the origin out of our own forms too.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// What stands in front of everything, also of logging in.
pub fn outside(router: Router<App>, app: &App) -> Router<App> {
    router
        .layer(from_fn_with_state(app.clone(), limits))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), words))
        .layer(from_fn_with_state(app.clone(), numbered))
        .layer(DefaultBodyLimit::disable())
}

/// What stands behind the session, and knows who asks.
pub fn inside(router: Router<App>, app: &App) -> Router<App> {
    router
        .fallback(async || Refused::NotThere)
        .layer(from_fn_with_state(app.clone(), account_rate))
        .layer(from_fn_with_state(app.clone(), token::check))
        .layer(from_fn_with_state(app.clone(), remember_who))
}

/// Gives a request its number and address, and its answer the headers that all have.
async fn numbered(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let settings = &app.parts().settings;
    let (id, address) = (RequestId::new(), ClientAddress::of(&request, &settings.proxies));
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(address);
    let mut response = next.run(request).await;
    put_headers(response.headers_mut(), settings);
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn put_headers(headers: &mut HeaderMap, settings: &FrontSettings) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if settings.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONLY_HTTPS));
    }
    // Whoever wants something else to be kept, such as a style sheet, says so.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    // The panic itself is told by the program's own hook.
    Refused::Failed("a request panicked".into()).into_response()
}

/// Limits that hold for anybody: how often, how large, how long.
async fn limits(State(app): State<App>, request: Request, next: Next) -> Response {
    match limited(&app, request, next).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

async fn limited(app: &App, request: Request, next: Next) -> Result<Response, Refused> {
    let settings = &app.parts().settings;
    address_rate(app, &request)?;
    let is_bulk = settings.is_bulk(request.uri().path());
    let bytes_max = settings.bytes_max(request.uri().path());
    let time = if is_bulk { settings.bulk_time } else { settings.request_time };
    let request = no_larger_than(request, bytes_max)?;
    no_longer_than(time, next.run(request)).await
}

fn address_rate(app: &App, request: &Request) -> Result<(), Refused> {
    let settings = &app.parts().settings;
    let Some(ClientAddress(address)) = request.extensions().get::<ClientAddress>() else { return Ok(()) };
    let (address, now, path) = (counted(*address), app.now(), request.uri().path());
    take(app, Sort::Address, &address, settings.address_rate, now)?;
    if request.method() == Method::POST && is_login(path) {
        take(app, Sort::Login, &address, settings.login_rate, now)?;
    }
    if path == BEGINS_ELSEWHERE {
        take(app, Sort::Provider, &address, settings.login_rate, now)?;
    }
    Ok(())
}

/// Where secrets are tried: passwords, setup links.
fn is_login(path: &str) -> bool {
    ["/logg-inn", "/oppsett"].iter().any(|login| path.starts_with(login))
}

fn take(app: &App, sort: Sort, who: &str, rate: super::Rate, now: jiff::Timestamp) -> Result<(), Refused> {
    app.limiter().take(sort, who, rate, now).map_err(|seconds| Refused::TooMany { seconds })
}

/// A body that says it is larger isn't read at all; one that doesn't say ends where it becomes too large.
fn no_larger_than(request: Request, bytes_max: usize) -> Result<Request, Refused> {
    let said = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|bytes| bytes > u64::try_from(bytes_max).unwrap_or(u64::MAX)) {
        return Err(Refused::TooLarge);
    }
    Ok(request.map(|body| Body::new(Limited::new(body, bytes_max))))
}

async fn no_longer_than(time: Duration, answer: impl Future<Output = Response>) -> Result<Response, Refused> {
    tokio::time::timeout(time, answer).await.map_err(|_| Refused::TooSlow)
}

/// Puts refusals into words: problems for machines, pages for people.
async fn words(State(_): State<App>, request: Request, next: Next) -> Response {
    let asked = wording::Asked::of(&request);
    wording::worded(&asked, next.run(request).await)
}

/// How often an account may ask.
async fn account_rate(State(app): State<App>, request: Request, next: Next) -> Response {
    let settings = &app.parts().settings;
    if let Some(signed) = request.extensions().get::<Signed>() {
        let is_api = wording::is_for_machines(request.uri().path());
        let (sort, rate) =
            if is_api { (Sort::Api, settings.api_rate) } else { (Sort::Page, settings.page_rate) };
        if let Err(refused) = take(&app, sort, &signed.subject.account, rate, app.now()) {
            return refused.into_response();
        }
    }
    next.run(request).await
}

/// Hands on to whoever words a refusal what hangs on who asks, and never on what they asked for: the language, and whether access may be
/// taken on oneself.
async fn remember_who(State(app): State<App>, request: Request, next: Next) -> Response {
    let signed = request.extensions().get::<Signed>();
    let said = signed.map(|signed| {
        let takes_access = signed.under(&app.parts().policy).has_task(Action::GrantSelf, app.now());
        (signed.language, takes_access)
    });
    let mut response = next.run(request).await;
    if let Some((language, takes_access)) = said {
        response.extensions_mut().insert(wording::SaidTo { language, takes_access });
    }
    response
}
