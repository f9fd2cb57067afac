//! What goes wrong while a message is handed over.

use std::time::{Duration, Instant};

use samspill_transport::{
    Channel, Health, SendFault,
    edi::{EdiSettings, TraceFault},
};

use crate::{
    http::Answer,
    stub::{Fault, Op, Stub, not_found},
    world::{HOSPITAL, line, line_with, notice, settings},
};

fn says(status: u16) -> Fault {
    Fault::Says(Answer::new(status, r#"{"error":"Not so","errorCode":1000,"requestId":"r1"}"#))
}

fn lies(status: u16, body: &str) -> Fault {
    Fault::Lies(Answer::new(status, body))
}

fn named(result: &Result<(), SendFault>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(SendFault::Later { .. }) => "later",
        Err(SendFault::Unknown { .. }) => "unknown",
        Err(SendFault::Refused { .. }) => "refused",
    }
}

/// Sends a message into a fault and then again. What the first sending says, and how many messages are there after each.
async fn check(fault: Fault, expected: &str, there: [usize; 2]) {
    let stub = Stub::start().await;
    let hospital = line(&stub, HOSPITAL);
    stub.order(Op::Post, fault.clone());
    let parcel = notice(1, "");
    let first = hospital.send(&parcel).await;
    assert_eq!((named(&first), stub.messages().len()), (expected, there[0]), "{fault:?} {first:?}");
    if expected != "ok" && expected != "refused" {
        assert!(matches!(hospital.health(), Health::Down { .. }), "{fault:?}");
        hospital.send(&parcel).await.unwrap();
    }
    assert_eq!((hospital.health(), stub.messages().len()), (Health::Up, there[1]), "{fault:?}");
}

#[tokio::test]
async fn what_certainly_was_not_taken_is_sent_later() {
    for status in [503, 408, 302] {
        check(says(status), "later", [0, 1]).await;
    }
}

#[tokio::test]
async fn what_nobody_knows_is_sent_again_with_the_same_message_id() {
    check(Fault::CutBefore, "unknown", [0, 1]).await;
    check(says(500), "unknown", [0, 1]).await;
    check(says(502), "unknown", [0, 1]).await;
    check(Fault::CutAfter, "unknown", [1, 2]).await;
    check(lies(201, "<html>"), "unknown", [1, 2]).await;
    check(lies(200, "{}"), "unknown", [1, 2]).await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_still_says_where_the_message_is() {
    check(Fault::CutWithin, "ok", [1, 1]).await;
}

#[tokio::test]
async fn what_the_service_will_never_take_is_refused_in_its_own_words() {
    for status in [400, 403, 404, 413, 415, 422] {
        check(says(status), "refused", [0, 0]).await;
    }
    let stub = Stub::start().await;
    let body = r#"{"error":"Model \u001b[2Jerror","validationErrors":["Ugyldig HER-id"],"requestId":"r9"}"#;
    stub.order(Op::Post, Fault::Says(Answer::new(400, body)));
    let refused = line(&stub, HOSPITAL).send(&notice(1, "")).await.unwrap_err();
    let expected = SendFault::Refused {
        condition: "edi:http-400".to_owned(),
        says: "Model  [2Jerror; Ugyldig HER-id (the message service answers 400, request r9)".to_owned(),
    };
    assert_eq!(refused, expected);
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_leaves_it_unknown() {
    let stub = Stub::start().await;
    let quick = EdiSettings { timeout: Duration::from_millis(300), ..settings(&stub, &[HOSPITAL]) };
    stub.order(Op::Post, Fault::Slow(Duration::from_secs(20)));
    let result = line_with(&quick, &std::sync::Arc::default()).send(&notice(1, "")).await;
    assert_eq!((named(&result), stub.messages().len()), ("unknown", 1), "{result:?}");
}

#[tokio::test]
async fn nobody_there_means_later() {
    let stub = Stub::start().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = EdiSettings { address: format!("http://{free}"), ..settings(&stub, &[HOSPITAL]) };
    let result = line_with(&settings, &std::sync::Arc::default()).send(&notice(1, "")).await;
    assert_eq!(named(&result), "later", "{result:?}");
}

#[tokio::test]
async fn a_service_that_asks_for_time_is_left_alone_until_then() {
    let stub = Stub::start().await;
    let patient = EdiSettings { retry_longest: Duration::from_mins(1), ..settings(&stub, &[HOSPITAL]) };
    let hospital = line_with(&patient, &std::sync::Arc::default());
    stub.order(Op::Post, Fault::Says(Answer::new(429, "").with("retry-after", "1")));
    let begun = Instant::now();
    assert_eq!(named(&hospital.send(&notice(1, "")).await), "later");
    let mut tries = 0;
    while named(&hospital.send(&notice(1, "")).await) == "later" {
        tries += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(begun.elapsed() >= Duration::from_secs(1) && tries > 0, "{:?} {tries}", begun.elapsed());
    assert_eq!(stub.count(Op::Post), 2, "it isn't asked while it wants to be left alone");
}

#[tokio::test]
async fn an_endless_wait_is_cut_to_the_longest() {
    let stub = Stub::start().await;
    let hospital = line(&stub, HOSPITAL);
    stub.order(Op::Post, Fault::Says(Answer::new(429, "").with("retry-after", "100000000")));
    assert_eq!(named(&hospital.send(&notice(1, "")).await), "later");
    tokio::time::sleep(Duration::from_millis(600)).await;
    hospital.send(&notice(1, "")).await.unwrap();
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let stub = Stub::start().await;
    let hospital = line(&stub, HOSPITAL);
    stub.order(Op::Post, says(401));
    hospital.send(&notice(1, "")).await.unwrap();
    assert_eq!((stub.count(Op::Post), stub.messages().len()), (2, 1));

    stub.order(Op::Post, says(401));
    stub.order(Op::Post, says(401));
    let result = hospital.send(&notice(2, "")).await;
    assert_eq!((named(&result), stub.count(Op::Post)), ("later", 4), "{result:?}");
    let Health::Down { says, .. } = hospital.health() else { panic!("down") };
    assert!(says.contains("401"), "{says}");
}

#[tokio::test]
async fn a_request_may_be_as_large_as_the_limit_and_no_larger() {
    let stub = Stub::start().await;
    let parcel = notice(1, "");
    let bytes = parcel.bytes.len().div_ceil(3) * 4 + 256;
    for (request_bytes_max, expected) in [(bytes, "ok"), (bytes - 1, "refused")] {
        let settings = EdiSettings { request_bytes_max, ..settings(&stub, &[HOSPITAL]) };
        let result = line_with(&settings, &std::sync::Arc::default()).send(&parcel).await;
        assert_eq!(named(&result), expected, "{result:?}");
    }
    assert!(stub.with(|state| state.seen.iter().all(|(_, request)| request.body.len() <= bytes)));
}

#[tokio::test]
async fn an_address_that_is_no_her_id_is_refused_without_a_request() {
    let stub = Stub::start().await;
    for to in ["x", "0", "2147483648", "1/../2"] {
        let mut parcel = notice(1, "");
        parcel.to = to.to_owned();
        assert_eq!(named(&line(&stub, HOSPITAL).send(&parcel).await), "refused", "{to}");
    }
    assert_eq!(stub.count(Op::Post), 0);
}

#[tokio::test]
async fn a_trace_that_fails_says_why() {
    let stub = Stub::start().await;
    let hospital = line(&stub, HOSPITAL);
    let id = "3d924740-9f7b-4c33-93af-ff72e118d1e6";
    stub.order(Op::Status, says(403));
    assert!(matches!(hospital.trace(id).await, Err(TraceFault::Refused { says }) if says.contains("Not so")));
    stub.order(Op::Status, says(500));
    assert!(matches!(hospital.trace(id).await, Err(TraceFault::Later { .. })));
    stub.order(Op::Status, Fault::Lies(Answer::new(200, r#"[{"receiverHerId":"x"}]"#)));
    assert!(matches!(hospital.trace(id).await, Err(TraceFault::Later { .. })));
    stub.order(Op::Status, Fault::Says(not_found()));
    assert_eq!(hospital.trace(id).await, Err(TraceFault::Unknown));
}
