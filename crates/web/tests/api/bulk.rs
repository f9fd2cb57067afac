use std::collections::BTreeSet;

use axum::http::Method;
use samspill_service::access::{Action, Purpose, Role, Rule};
use samspill_web::front::{AccessLog, Looked, LookedAt, Recording};
use serde_json::Value;

use crate::{
    help::{machine, whole},
    support::{Answer, Side, TestApp, User},
};

async fn export(app: &TestApp, user: &User, query: &str) -> (Answer, Vec<Value>) {
    let answer = whole(app, user, &format!("/api/v1/log{query}")).await;
    let lines = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (answer, lines)
}

async fn import(user: &User, key: &str, text: &str) -> (Answer, Vec<Value>) {
    let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", key)];
    let answer = user.request(Method::POST, "/api/v1/log", &headers, text.as_bytes().to_vec()).await;
    let lines = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (answer, lines)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_goes_out_whole_for_ones_own_stays_without_names() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let (answer, lines) = export(&app, &office, "").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
    let head = app.app.parts().store.head(&app.app.parts().community).await.unwrap().position.0;
    assert_eq!(answer.header("samspill-until"), head.to_string());
    assert!(lines.len() > 20);
    let text = answer.text();
    for stay in app.app.live().stays().iter() {
        for person in &stay.persons {
            assert!(!text.contains(person.as_str()));
        }
    }
    assert!(lines.windows(2).all(|pair| pair[0]["position"].as_u64() < pair[1]["position"].as_u64()));
    let theirs = app.case_of(Side::Second);
    assert!(lines.iter().all(|line| line["case"] != theirs.as_str()));
    assert!(!text.contains("bare for den andre kommunen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_goes_on_after_a_position() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let (_, all) = export(&app, &office, "").await;
    let half = all[all.len() / 2]["position"].as_u64().unwrap();
    let (_, rest) = export(&app, &office, &format!("?after={half}")).await;
    assert_eq!(rest, all[all.len() / 2 + 1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn for_care_a_log_says_who_and_what_and_only_to_who_may_take_it_out() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let (answer, lines) = export(&app, &office, "?purpose=care").await;
    assert!(lines.iter().any(|line| line["person"].is_string()), "{}", answer.text());
    for role in [Role::Auditor, Role::Administrator, Role::Secretary] {
        let (answer, lines) = export(&app, &machine(&app, role, Side::Trust), "").await;
        assert_eq!((answer.status, lines.len()), (200, 0), "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_comes_in_line_by_line_and_each_line_once() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let own = app.case_of(Side::First);
    let theirs = app.case_of(Side::Second);
    let line = |case: &str, kind: &str| {
        format!("{{\"case\":\"{case}\",\"kind\":\"{kind}\",\"at\":\"{}\"}}", app.now())
    };
    let forged = format!(
        "{{\"case\":\"{own}\",\"kind\":\"notat\",\"at\":\"{}\",\"from\":\"{}\"}}",
        app.now(),
        app.second
    );
    let text = [
        line(&own, "notat"),
        "ikke json".to_owned(),
        line(&theirs, "notat"),
        forged,
        String::new(),
        line("eget-navn", "innlagt"),
    ]
    .join("\n");
    let (answer, results) = import(&office, "k1", &text).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told: Vec<_> =
        results.iter().map(|it| (it["line"].as_u64().unwrap(), it["outcome"].as_str().unwrap())).collect();
    // Another's stay is known by name to nobody else: the line is of a stay of one's own that is called the same.
    assert_eq!(told, [(1, "appended"), (2, "refused"), (3, "appended"), (4, "refused"), (6, "appended")]);
    assert_eq!(results[0]["case"], own.as_str());
    assert_ne!(results[2]["case"], theirs.as_str());
    let (_, again) = import(&office, "k1", &text).await;
    let told: Vec<_> = again.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(told, ["already-there", "refused", "already-there", "refused", "already-there"]);
    assert_eq!(again[0]["position"], results[0]["position"]);
    let (_, other) = import(&office, "k1", &line(&own, "noe-annet")).await;
    assert_eq!(other[0]["outcome"], "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_out_can_be_read_as_a_log() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let (answer, lines) = export(&app, &office, "?purpose=care").await;
    let reader = samspill_formats::JsonlReader::new(
        answer.body.as_slice(),
        jiff::tz::TimeZone::UTC,
        samspill_formats::Limits::default(),
    );
    let entries = reader.filter(|item| matches!(item, Ok(samspill_formats::Item::Entry(_)))).count();
    assert_eq!(entries, lines.len());
}

/// What the access log says was taken out.
fn taken_out(app: &TestApp) -> Vec<Looked> {
    app.access.rows().into_iter().filter(|row| row.action == Action::Export).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_taken_out_for_care_is_in_the_access_log_of_every_stay_in_it() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let (_, lines) = export(&app, &office, "?purpose=care").await;
    let cases: BTreeSet<String> =
        lines.iter().map(|line| line["case"].as_str().unwrap().to_owned()).collect();
    let mut told = BTreeSet::new();
    let (mut count, mut persons) = (0, BTreeSet::new());
    for row in taken_out(&app) {
        assert_eq!((row.purpose, row.decision.rule), (Purpose::Care, Rule::TakesPart));
        let LookedAt::Stay { case, persons: of } = row.about else { panic!("{row:?}") };
        told.insert(case);
        persons.extend(of);
        count += row.count;
    }
    assert_eq!((told, count), (cases, lines.len() as u64));
    let named = lines.iter().filter_map(|line| Some(line["person"].as_str()?.to_owned()));
    assert_eq!(persons, named.collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_taken_out_with_pseudonyms_is_a_list_for_the_purpose_and_by_the_rule_that_let_it() {
    let app = TestApp::new().await;
    let accounts = machine(&app, Role::MunicipalAccounts, Side::First);
    let (_, lines) = export(&app, &accounts, "").await;
    let rows = taken_out(&app);
    assert!(!lines.is_empty() && !rows.is_empty());
    assert!(rows.iter().all(|row| row.about == LookedAt::List));
    let by: BTreeSet<_> = rows.iter().map(|row| (row.purpose, row.decision.rule)).collect();
    assert_eq!(by, [(Purpose::Accounts, Rule::Pays)].into());
    assert_eq!(rows.iter().map(|row| row.count).sum::<u64>(), lines.len() as u64);
}

/// An access log whose disk is full.
#[derive(Debug)]
struct Full;

impl AccessLog for Full {
    fn record<'a>(&'a self, _: &'a Looked) -> Recording<'a> {
        Box::pin(async { Err("the disk is full".into()) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_log_that_fails_is_told_of_as_a_failure_and_nothing_is_written() {
    let app = TestApp::of(|parts| parts.access_log = std::sync::Arc::new(Full)).await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let before = app.app.live().position();
    for case in ["eget-navn".to_owned(), app.case_of(Side::First)] {
        let line = format!("{{\"case\":\"{case}\",\"kind\":\"notat\",\"at\":\"{}\"}}", app.now());
        let headers = [("content-type", "application/x-ndjson"), ("idempotency-key", "k1")];
        let answer = office.request(Method::POST, "/api/v1/log", &headers, line.into_bytes()).await;
        assert_eq!(
            (answer.status, answer.json()["type"].as_str()),
            (500, Some("/api/v1/problems/failed")),
            "{case}"
        );
    }
    app.app.live().catch_up(app.now()).await.unwrap();
    assert_eq!(app.app.live().position(), before);
}
