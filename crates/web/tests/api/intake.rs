use std::sync::OnceLock;

use axum::http::Method;
use samspill_formats::{
    messages::{
        make::{Answering, ReceiptDraft, receipt_text, receipt_version},
        read::MessageLimits,
    },
    xml::XmlLimits,
};
use samspill_service::{access::Role, exchange::receipts};
use samspill_sim::Sent;

use crate::{
    help::machine,
    support::{Answer, Side, TestApp, User},
};

async fn hand_in(user: &User, kind: &str, bytes: &[u8]) -> Answer {
    let headers = [("content-type", kind), ("accept", "application/json")];
    user.request(Method::POST, "/api/v1/messages", &headers, bytes.to_vec()).await
}

/// A message from one party of the made-up region to another. All of them are made once a test program.
fn message(app: &TestApp, from: Side, to: Side) -> Vec<u8> {
    static SENT: OnceLock<Vec<Sent>> = OnceLock::new();
    let hers = |side| app.world().region.hers(app.region.name(side));
    let (senders, receivers) = (hers(from), hers(to));
    let mut sent = SENT.get_or_init(|| samspill_sim::messages(7, 31).unwrap()).iter();
    sent.find(|it| senders.contains(&it.from) && receivers.contains(&it.to)).unwrap().bytes.clone()
}

/// The same message from somebody outside, whom nobody here knows, under an id of its own.
fn from_outside(app: &TestApp, bytes: &[u8]) -> Vec<u8> {
    let hers = app.world().region.hers(&app.trust);
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let sender = text.find("<Receiver").unwrap();
    let (head, rest) = text.split_at(sender);
    let head = hers
        .iter()
        .fold(head.to_owned(), |head, her| head.replace(her.as_str(), &format!("77{}", &her[2..])));
    let head = head.replace(&app.trust, "Et annet sykehus");
    let begin = head.find("<MsgId>").unwrap() + "<MsgId>".len();
    format!("{}{}{}{rest}", &head[..begin], "11111111", &head[begin + 8..]).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_on_disk_when_it_is_answered_and_counts_once() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let bytes = message(&app, Side::First, Side::Trust);
    let first = hand_in(&office, "application/xml", &bytes).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let again = hand_in(&office, "text/xml; charset=utf-8", &bytes).await;
    assert_eq!((again.status, again.json()["is_again"].as_bool()), (200, Some(true)), "{}", again.text());
    assert_eq!(again.json()["number"], first.json()["number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_at_an_end_hands_a_message_in() {
    let app = TestApp::new().await;
    let bytes = message(&app, Side::First, Side::Trust);
    let other = machine(&app, Role::CaseOffice, Side::Second);
    assert_eq!(hand_in(&other, "application/xml", &bytes).await.status, 404);
    let auditor = machine(&app, Role::Auditor, Side::Trust);
    assert_eq!(hand_in(&auditor, "application/xml", &bytes).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hands_a_message_in_in_anothers_name() {
    let app = TestApp::new().await;
    let count = async || {
        let parts = app.app.parts();
        let filter = samspill_store::MessageFilter::default();
        parts
            .store
            .messages(&parts.community, &filter, samspill_store::MessageNumber(0), 100_000)
            .await
            .unwrap()
            .len()
    };
    let before = count().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let from_trust = message(&app, Side::Trust, Side::First);
    assert_eq!(
        hand_in(&office, "application/xml", &from_trust).await.status,
        404,
        "the receiver as the sender"
    );
    let receipt = receipt(&message(&app, Side::First, Side::Trust));
    assert_eq!(
        hand_in(&office, "application/xml", &receipt).await.status,
        404,
        "a receipt that the trust didn't give"
    );
    assert_eq!(count().await, before, "nothing is kept");
    let ward = machine(&app, Role::Coordination, Side::Trust);
    assert_eq!(hand_in(&ward, "application/xml", &from_trust).await.status, 201, "the sender may");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_outside_is_brought_by_the_receivers_system_and_no_person() {
    let app = TestApp::new().await;
    let bytes = from_outside(&app, &message(&app, Side::Trust, Side::First));
    let person = app.user(Role::CaseOffice, Side::First);
    let token = person.signed.as_ref().unwrap().form_token.clone();
    let headers = [
        ("content-type", "application/xml"),
        ("accept", "application/json"),
        ("origin", crate::support::ORIGIN),
        ("x-form-token", token.as_str()),
    ];
    let refused = person.request(Method::POST, "/api/v1/messages", &headers, bytes.clone()).await;
    assert_eq!(refused.status, 404, "{}", refused.text());
    let office = machine(&app, Role::CaseOffice, Side::First);
    let brought = hand_in(&office, "application/xml", &bytes).await;
    assert_eq!(brought.status, 201, "{}", brought.text());
    assert_eq!(brought.json()["direction"], "in");
}

/// The receipt of the receiver of a message.
fn receipt(about: &[u8]) -> Vec<u8> {
    let opened = receipts::open(about, &XmlLimits::default(), &MessageLimits::default());
    let original = opened.message.unwrap();
    let draft = ReceiptDraft {
        original: &original.head,
        version: receipt_version(original.version),
        answering: Answering::Primary,
        errors: &[],
        software: None,
        id: "5b2a3c7e-64cd-4b1f-9d1c-1f2e3d4c5b6a",
        made: original.head.made.earliest().unwrap(),
    };
    receipt_text(&draft).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_is_refused_with_what_to_do() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    for bytes in [&b""[..], b"hei", b"<a>", b"\xff\xfe\x00"] {
        let answer = hand_in(&office, "application/xml", bytes).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.json()["type"], "/api/v1/problems/content");
    }
    assert_eq!(hand_in(&office, "application/json", b"{}").await.status, 415);
}
