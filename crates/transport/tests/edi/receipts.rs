//! What goes wrong while a receipt is handed over. There is only ever one.

use samspill_transport::{Channel, Parcel, SendFault, edi::Edi};

use crate::{
    http::Answer,
    stub::{Fault, Op, Stub},
    world::{TOWN, line_with, next, notice, receipt, settings},
};
use samspill_formats::messages::types::Code;
use std::sync::Arc;

/// A municipality with a message in hand that it has to answer.
async fn town(stub: &Stub) -> (Edi, Parcel) {
    stub.put(&notice(1, "").bytes);
    let notes = Arc::default();
    let town = line_with(&settings(stub, &[TOWN]), &notes);
    let (parcel, _) = next(&town).await;
    notes.note(&parcel);
    (town, parcel)
}

fn rejection() -> [Code; 1] {
    [Code { value: "X99".to_owned(), name: "Annet".to_owned(), ..Code::default() }]
}

#[tokio::test]
async fn a_receipt_whose_answer_was_lost_is_not_sent_twice() {
    for fault in [Fault::CutAfter, Fault::Lies(Answer::new(201, "")), Fault::Lies(Answer::new(500, ""))] {
        let stub = Stub::start().await;
        let (town, parcel) = town(&stub).await;
        let answer = receipt(&parcel, &[]);
        stub.order(Op::PostReceipt, fault);
        assert!(matches!(town.send(&answer).await, Err(SendFault::Unknown { .. })));
        town.send(&answer).await.unwrap();
        assert_eq!((stub.count(Op::PostReceipt), stub.messages()[0].receipts.len()), (1, 1));
    }
}

#[tokio::test]
async fn a_receipt_that_was_not_taken_is_sent_again() {
    let stub = Stub::start().await;
    let (town, parcel) = town(&stub).await;
    stub.order(Op::PostReceipt, Fault::CutBefore);
    let answer = receipt(&parcel, &[]);
    assert!(matches!(town.send(&answer).await, Err(SendFault::Unknown { .. })));
    town.send(&answer).await.unwrap();
    assert_eq!(stub.messages()[0].receipts.len(), 1);
}

#[tokio::test]
async fn while_nobody_can_look_no_receipt_is_sent() {
    for fault in [Fault::CutBefore, Fault::Says(Answer::new(500, "")), Fault::Lies(Answer::new(200, "{"))] {
        let stub = Stub::start().await;
        let (town, parcel) = town(&stub).await;
        stub.order(Op::Receipts, fault);
        assert!(matches!(town.send(&receipt(&parcel, &[])).await, Err(SendFault::Later { .. })));
        assert_eq!(stub.count(Op::PostReceipt), 0);
    }
}

#[tokio::test]
async fn a_service_that_may_not_tell_of_receipts_gets_ours_anyway() {
    let stub = Stub::start().await;
    let (town, parcel) = town(&stub).await;
    stub.order(Op::Receipts, Fault::Says(Answer::new(403, "")));
    town.send(&receipt(&parcel, &[])).await.unwrap();
    assert_eq!(stub.messages()[0].receipts.len(), 1);
}

#[tokio::test]
async fn a_receipt_is_final() {
    let stub = Stub::start().await;
    let (town, parcel) = town(&stub).await;
    town.send(&receipt(&parcel, &[])).await.unwrap();
    let other = town.send(&receipt(&parcel, &rejection())).await;
    assert!(
        matches!(&other, Err(SendFault::Refused { condition, .. }) if condition == "edi:already-answered"),
        "{other:?}"
    );
    assert_eq!(stub.messages()[0].receipts[&TOWN]["appRecStatus"], "Ok");
}

#[tokio::test]
async fn a_receipt_without_a_kind_is_known_by_its_document() {
    let stub = Stub::start().await;
    let (town, parcel) = town(&stub).await;
    let mut answer = receipt(&parcel, &rejection());
    answer.kind = String::new();
    answer.from = String::new();
    town.send(&answer).await.unwrap();
    assert_eq!(stub.messages()[0].receipts[&TOWN]["appRecStatus"], "Rejected");
}

#[tokio::test]
async fn a_document_that_is_no_receipt_is_not_sent_as_one() {
    let stub = Stub::start().await;
    let (town, parcel) = town(&stub).await;
    let mut answer = receipt(&parcel, &[]);
    answer.bytes = b"<AppRec>".to_vec();
    let result = town.send(&answer).await;
    assert!(
        matches!(&result, Err(SendFault::Refused { condition, .. }) if condition == "edi:unreadable-receipt"),
        "{result:?}"
    );
}
