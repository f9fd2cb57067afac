//! How often, how large, how long.

use std::time::Duration;

use axum::{body::Body, http::Method};
use jiff::SignedDuration;
use samspill_service::access::Role;
use samspill_web::front::Rate;

use crate::{
    own::at_own,
    support::{ORIGIN, Side, TestApp},
};

const ONCE: Rate = Rate { burst: 2, per_minute: 6 };

#[tokio::test(flavor = "multi_thread")]
async fn attempts_to_log_in_are_counted_by_address_and_told_when_to_come_back() {
    let t = TestApp::with(|settings| settings.login_rate = ONCE).await;
    let nobody = at_own(&t, &t.anonymous());
    let attempt = async || nobody.post_form("/logg-inn", &[("navn", "kari")]).await;
    assert_eq!([attempt().await.status, attempt().await.status], [200, 200]);
    let refused = attempt().await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "10"));
    assert_eq!(nobody.get("/hei").await.status, 200, "other pages aren't counted with them");
    t.clock.set(t.now() + SignedDuration::from_secs(10));
    assert_eq!([attempt().await.status, attempt().await.status], [200, 429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_that_begin_at_a_provider_are_counted_by_themselves() {
    let t = TestApp::with(|settings| settings.login_rate = ONCE).await;
    let nobody = at_own(&t, &t.anonymous());
    for expected in [404, 404, 429] {
        assert_eq!(nobody.get("/oidc/inn?til=/konto").await.status, expected);
    }
    assert_eq!(nobody.post_form("/logg-inn", &[("navn", "kari")]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_counted_by_themselves_pages_and_programs_apart() {
    let t = TestApp::with(|settings| (settings.page_rate, settings.api_rate) = (ONCE, ONCE)).await;
    let ward = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let office = at_own(&t, &t.user(Role::CaseOffice, Side::First));
    for expected in [200, 200, 429] {
        assert_eq!(ward.get("/hei").await.status, expected);
    }
    assert_eq!(office.get("/hei").await.status, 200);
    for expected in [200, 200, 429] {
        assert_eq!(ward.get("/api/hei").await.status, expected);
    }
    assert_eq!(ward.get("/api/hei").await.header("content-type"), "application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_exactly_the_limit_is_taken_and_a_byte_more_is_not() {
    let t =
        TestApp::with(|settings| (settings.body_bytes_max, settings.bulk_bytes_max) = (1_000, 2_000)).await;
    let nobody = at_own(&t, &t.anonymous());
    let sent = async |path: &str, bytes: usize| {
        nobody.request(Method::POST, path, &[], vec![b'a'; bytes]).await.status
    };
    assert_eq!([sent("/innlogging", 1_000).await, sent("/innlogging", 1_001).await], [200, 413]);
    assert_eq!([sent("/api/v1/log", 2_000).await, sent("/api/v1/log", 2_001).await], [200, 413]);
}

/// A body that doesn't say how long it is ends where it becomes too long.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_say_its_length_is_limited_too() {
    let t = TestApp::with(|settings| settings.body_bytes_max = 1_000).await;
    let nobody = at_own(&t, &t.anonymous());
    let sent = async |pieces: usize| {
        let pieces =
            futures_util::stream::iter((0..pieces).map(|_| Ok::<_, std::io::Error>(vec![b'a'; 100])));
        nobody.answer(Method::POST, "/innlogging", &[], Body::from_stream(pieces)).await.status
    };
    assert_eq!([sent(10).await, sent(11).await, sent(1_000).await], [200, 413, 413]);
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", ORIGIN)];
    let pieces = futures_util::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![b'a'; 100])));
    assert_eq!(user.answer(Method::POST, "/endre", &form, Body::from_stream(pieces)).await.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_and_a_slow_answer_are_given_up() {
    let t = TestApp::with(|settings| settings.request_time = Duration::from_millis(300)).await;
    let nobody = at_own(&t, &t.anonymous());
    let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    assert_eq!(nobody.answer(Method::POST, "/innlogging", &[], Body::from_stream(never)).await.status, 408);
    let waited = async |milliseconds: usize| {
        nobody.request(Method::POST, "/treg", &[], vec![b'a'; milliseconds]).await.status
    };
    assert_eq!([waited(1).await, waited(3_000).await], [200, 408]);
    let user = at_own(&t, &t.user(Role::Ward, Side::Trust));
    let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let form = [("content-type", "application/x-www-form-urlencoded"), ("origin", ORIGIN)];
    assert_eq!(user.answer(Method::POST, "/endre", &form, Body::from_stream(never)).await.status, 408);
}
