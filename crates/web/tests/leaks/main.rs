//! Nobody sees what is another's: every route, as everybody, against everything that isn't theirs.
//!
//! ```text
//!   routes    all that the sources register, with an example for every part of a path
//!   secrets   what the log says that this one may not see: cases, persons, ids, free text
//!   walk      asks for everything, finds secrets in what comes back, and compares refusals with what isn't there
//!   leaky     routes that leak on purpose: what finds nothing there would find nothing anywhere
//! ```
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

#[path = "../support/mod.rs"]
mod support;

mod leaky;
mod routes;
mod secrets;
mod streams;
mod walk;

use samspill_service::access::Role;
use samspill_web::front::Rate;

use crate::{
    routes::Routes,
    secrets::Secrets,
    support::{Side, TestApp, User},
    walk::{PAUSES, Walk},
};

/// Those who ask: every role where it usually is, and those who care also at another municipality.
fn everybody(t: &TestApp) -> Vec<User> {
    let usual = Role::ALL.into_iter().map(|role| (role, Side::of(role)));
    let others =
        [Role::CaseOffice, Role::CareUnit, Role::MunicipalAccounts, Role::Auditor, Role::Administrator];
    let others = others.into_iter().map(|role| (role, Side::Second));
    usual.chain(others).map(|(role, side)| t.user(role, side)).collect()
}

/// An application that lets everybody ask for everything at once: whoever is told to wait sees nothing, and proves nothing.
async fn unlimited() -> TestApp {
    let rate = Rate { burst: 10_000_000, per_minute: 0 };
    TestApp::with(|settings| {
        (settings.login_rate, settings.page_rate) = (rate, rate);
        (settings.api_rate, settings.address_rate) = (rate, rate);
    })
    .await
}

#[test]
fn every_route_of_the_sources_has_an_example() {
    let routes = Routes::of_sources();
    assert_eq!(routes.troubles, Vec::<String>::new());
    assert!(!routes.paths.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_shows_anybody_what_is_not_theirs() {
    let t = unlimited().await;
    let (routes, secrets) = (Routes::of_sources(), Secrets::of(&t).await);
    let mut found = Vec::new();
    for user in everybody(&t).iter().chain([&t.anonymous()]) {
        let walk = Walk { t: &t, user, routes: &routes.paths, secrets: &secrets, pauses: &PAUSES };
        found.extend(walk.leaks().await);
    }
    told(&found, "leaks");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_is_refused_as_what_is_not_there() {
    let t = unlimited().await;
    let (routes, secrets) = (Routes::of_sources(), Secrets::of(&t).await);
    let mut found = Vec::new();
    for user in everybody(&t).iter().chain([&t.anonymous()]) {
        let walk = Walk { t: &t, user, routes: &routes.paths, secrets: &secrets, pauses: &PAUSES };
        found.extend(walk.differences().await);
    }
    told(&found, "differences");
}

/// Ends the test with the first of what was found.
fn told(found: &[String], what: &str) {
    let first: Vec<&str> = found.iter().take(25).map(String::as_str).collect();
    assert!(found.is_empty(), "{} {what}, the first of them:\n{}", found.len(), first.join("\n"));
}
