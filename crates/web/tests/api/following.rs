use std::{sync::Arc, time::Duration};

use axum::{body::Body, http::Request};
use futures_util::StreamExt as _;
use samspill_base::{Entry, Position};
use samspill_service::access::Role;
use samspill_store::{Append, AppendKey};
use tower::ServiceExt as _;

use crate::{
    help::machine,
    support::{Side, TestApp, User},
};

/// A stream that is being read.
struct Reading {
    frames: axum::body::BodyDataStream,
    text: String,
}

impl Reading {
    async fn open(app: &TestApp, user: &User, last: Option<u64>) -> Self {
        let mut request = Request::builder().uri("/api/v1/events").header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(user.signed.clone().unwrap());
        let response = app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        Self { frames: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The positions of the next so many entries.
    async fn next(&mut self, count: usize) -> Vec<u64> {
        while self.text.matches("event: entry").count() < count || !self.text.ends_with("\n\n") {
            let frame = tokio::time::timeout(Duration::from_secs(10), self.frames.next()).await;
            let frame =
                frame.unwrap_or_else(|_| panic!("{count} entries are awaited, and there are: {}", self.text));
            self.text.push_str(std::str::from_utf8(&frame.unwrap().unwrap()).unwrap());
        }
        let text = std::mem::take(&mut self.text);
        text.split("\n\n").filter(|event| event.contains("event: entry")).map(id).collect()
    }
}

fn id(event: &str) -> u64 {
    event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().parse().unwrap()
}

/// Writes an event into a stay; gives its position.
async fn write(app: &TestApp, case: &str, key: String) -> u64 {
    let parts = app.app.parts();
    let entry = Entry { from: Some(app.trust.clone()), ..Entry::new(case, "notat", Position(0), app.now()) };
    let append = Append::one(AppendKey::new(key).unwrap(), app.now(), entry);
    parts.store.append(&parts.community, &append).await.unwrap().first.0
}

#[tokio::test(flavor = "multi_thread")]
async fn what_many_write_at_once_is_told_once_and_in_order_across_broken_streams() {
    let app = Arc::new(TestApp::new().await);
    let office = machine(&app, Role::CaseOffice, Side::First);
    let case = app.case_of(Side::First);
    let start = app.app.live().position().0;
    let following = tokio::spawn({
        let (live, now) = (app.app.live().clone(), app.now());
        live.follow(move || now, Duration::from_millis(3), std::future::pending())
    });
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (app, case) = (Arc::clone(&app), case.clone());
            tokio::spawn(async move {
                let mut written = Vec::new();
                for number in 0..25 {
                    written.push(write(&app, &case, format!("w{writer}-{number}")).await);
                }
                written
            })
        })
        .collect();
    let (mut told, mut last) = (Vec::new(), start);
    while told.len() < 100 {
        // The stream breaks after a few, and is taken up where it was.
        let mut reading = Reading::open(&app, &office, Some(last)).await;
        told.extend(reading.next(9.min(100 - told.len())).await);
        last = *told.last().unwrap();
    }
    let mut written = Vec::new();
    for writer in writers {
        written.extend(writer.await.unwrap());
    }
    written.sort_unstable();
    assert_eq!(told, written);
    following.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_of_what_another_node_wrote_and_nothing_of_others_stays() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let mut reading = Reading::open(&app, &office, None).await;
    write(&app, &app.case_of(Side::Second), "theirs".to_owned()).await;
    let own = write(&app, &app.case_of(Side::First), "own".to_owned()).await;
    app.app.live().catch_up(app.now()).await.unwrap();
    assert_eq!(reading.next(1).await, [own]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_a_shared_stay_leaves_out_what_lies_between_others() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let ward = app.world().region.trust.wards[0].name.clone();
    let mut reading = Reading::open(&app, &office, None).await;
    let message = |to: &str| Entry {
        from: Some(ward.clone()),
        to: Some(to.to_owned()),
        ..Entry::new(app.shared_case(), "helsefaglig-dialog", Position(0), app.now())
    };
    app.append(vec![message(&app.second), message(&app.first)]).await;
    let last = app.app.live().position().0;
    assert_eq!(reading.next(1).await, [last]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_last_event_that_is_none_is_told_of() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let headers = [("last-event-id", "x"), ("accept", "text/event-stream")];
    let answer = office.request(axum::http::Method::GET, "/api/v1/events", &headers, Vec::new()).await;
    assert_eq!((answer.status, answer.json()["type"].as_str()), (400, Some("/api/v1/problems/parameter")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_twenty_streams_and_no_more() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(Reading::open(&app, &office, None).await);
    }
    for (path, says) in
        [("/api/v1/events", "/api/v1/problems/too-many"), ("/fhir/$events", "OperationOutcome")]
    {
        let refused = office.listen(path).await;
        assert_eq!(refused.status, 429, "{path}");
        assert!(refused.text().contains(says) && refused.header("retry-after") == "30", "{}", refused.text());
    }
    assert_eq!(machine(&app, Role::CaseOffice, Side::Second).listen("/api/v1/events").await.status, 200);
    open.pop();
    assert_eq!(office.listen("/api/v1/events").await.status, 200);
}
