//! What goes wrong while messages are fetched.

use std::{sync::Arc, time::Duration};

use samspill_transport::{Channel, Health, edi::EdiSettings};
use serde_json::json;

use crate::{
    http::Answer,
    stub::{Fault, Op, Stub},
    world::{TOWN, is_quiet, line, line_with, notice, settings, take},
};

fn says(status: u16) -> Fault {
    Fault::Says(Answer::new(status, "{}"))
}

fn lies(body: impl Into<Vec<u8>>) -> Fault {
    Fault::Lies(Answer::new(200, body))
}

/// A fault of the line, whatever is asked for: the message comes once all the same, and the line is up again.
async fn check(op: Op, fault: Fault) {
    let stub = Stub::start().await;
    stub.put(&notice(1, "").bytes);
    stub.order(op, fault.clone());
    let quick = EdiSettings { timeout: Duration::from_secs(3), ..settings(&stub, &[TOWN]) };
    let town = line_with(&quick, &Arc::default());
    assert_eq!(take(&town).await.bytes, notice(1, "").bytes, "{op:?} {fault:?}");
    assert_eq!(town.health(), Health::Up, "{op:?} {fault:?}");
    assert!(is_quiet(&town).await, "{op:?} {fault:?}");
}

/// Every fault of the line, side by side.
async fn check_all(op: Op) {
    let checks: Vec<_> = faults().into_iter().map(|fault| tokio::spawn(check(op, fault))).collect();
    for checked in checks {
        checked.await.unwrap();
    }
}

fn faults() -> Vec<Fault> {
    vec![
        says(401),
        says(403),
        says(429),
        says(500),
        says(503),
        says(302),
        Fault::CutBefore,
        Fault::CutAfter,
        Fault::CutWithin,
        Fault::Slow(Duration::from_secs(20)),
        Fault::MoreFields,
        lies(""),
        lies("<html>"),
        lies("[".repeat(100_000)),
        lies(r#"[{"id":7}]"#),
        lies(b"\xff\xfe".to_vec()),
    ]
}

#[tokio::test]
async fn a_list_that_fails_is_asked_for_again() {
    check_all(Op::List).await;
    check(Op::List, lies(r#"[{"id":"../x","receiverHerId":8000012},{"id":null},{}]"#)).await;
    check(Op::List, lies(vec![b' '; (1 << 20) + 1])).await;
}

#[tokio::test]
async fn a_document_that_fails_is_asked_for_again() {
    check_all(Op::Document).await;
    let of = |document: &str, packed: &str| {
        let answer = json!({
            "businessDocument": document, "contentType": "x", "contentTransferEncoding": packed
        });
        lies(answer.to_string())
    };
    check(Op::Document, of("PGE*", "base64")).await;
    check(Op::Document, of("PGEvPg==", "gzip")).await;
}

#[tokio::test]
async fn a_message_whose_reading_could_not_be_told_comes_again() {
    for fault in [says(500), says(401), says(429), Fault::CutBefore] {
        let stub = Stub::start().await;
        stub.put(&notice(1, "").bytes);
        stub.order(Op::Read, fault.clone());
        if matches!(&fault, Fault::Says(answer) if answer.status == 401) {
            stub.order(Op::Read, fault);
        }
        let town = line(&stub, TOWN);
        let first = take(&town).await;
        assert!(matches!(town.health(), Health::Down { .. }));
        assert_eq!(take(&town).await, first);
        assert!(is_quiet(&town).await);
        assert!(stub.messages()[0].to[&TOWN]);
    }
}

#[tokio::test]
async fn a_message_that_vanishes_between_list_and_fetching_is_passed_over() {
    let stub = Stub::start().await;
    let gone = stub.put(&notice(1, "").bytes);
    stub.put(&notice(2, "").bytes);
    stub.order(Op::Document, Fault::Vanished);
    stub.with(|state| state.seen.clear());
    let town = line(&stub, TOWN);
    let came = take(&town).await;
    assert_eq!(came.message, notice(2, "").message);
    assert_eq!(town.health(), Health::Up);
    let asked = stub.with(|state| state.seen.iter().any(|(_, it)| it.path.contains(&gone.to_string())));
    assert!(asked, "it was listed");
}

#[tokio::test]
async fn a_message_that_can_never_be_fetched_holds_up_no_other_and_is_told_of() {
    let stub = Stub::start().await;
    let bad = stub.put(&notice(1, "").bytes);
    for number in 2..5 {
        stub.put(&notice(number, "").bytes);
    }
    stub.order(Op::Document, lies("{"));
    let slow = EdiSettings { retry_longest: Duration::from_mins(1), ..settings(&stub, &[TOWN]) };
    let slow = EdiSettings { retry_first: Duration::from_secs(2), ..slow };
    let town = line_with(&slow, &Arc::default());
    for number in 2..5 {
        assert_eq!(take(&town).await.message, notice(number, "").message);
    }
    let Health::Down { says, .. } = town.health() else { panic!("{:?}", town.health()) };
    assert!(says.contains(&bad.to_string()), "{says}");
    assert_eq!(take(&town).await.message, notice(1, "").message);
    assert_eq!(town.health(), Health::Up);
}

#[tokio::test]
async fn a_document_may_be_as_large_as_the_limit_and_no_larger() {
    let stub = Stub::start().await;
    let bytes = notice(1, "").bytes;
    stub.put(&bytes);
    let around = json!({
        "businessDocument": "", "contentType": "application/xml", "contentTransferEncoding": "base64"
    });
    let whole = around.to_string().len() + bytes.len().div_ceil(3) * 4;
    let with = |answer_bytes_max| {
        let settings = EdiSettings { answer_bytes_max, ..settings(&stub, &[TOWN]) };
        line_with(&settings, &Arc::default())
    };
    let narrow = with(whole - 1);
    assert!(is_quiet(&narrow).await);
    let Health::Down { says, .. } = narrow.health() else { panic!("down") };
    assert!(says.contains("bytes"), "{says}");
    assert_eq!(take(&with(whole)).await.bytes, bytes);
}

#[tokio::test]
async fn a_service_that_gives_no_list_is_asked_less_and_less_often() {
    for status in [500, 403] {
        let stub = Stub::start().await;
        for _ in 0..1000 {
            stub.order(Op::List, says(status));
        }
        let town = line(&stub, TOWN);
        tokio::time::timeout(Duration::from_millis(100), town.receive()).await.unwrap_err();
        let first = town.health();
        tokio::time::timeout(Duration::from_millis(1200), town.receive()).await.unwrap_err();
        let asked = stub.count(Op::List);
        assert!((2..=10).contains(&asked), "{asked} times");
        let Health::Down { says, .. } = &first else { panic!("down") };
        assert_eq!(*says, format!("the message service answers {status}"));
        assert_eq!(town.health(), first, "down since the same instant");
    }
}
