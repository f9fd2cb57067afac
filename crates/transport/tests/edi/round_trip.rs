use std::sync::Arc;

use samspill_formats::messages::types::{Body, Code};
use samspill_transport::{
    Channel, FaultReport, Health, SendFault, Settle,
    edi::{Delivery, EdiSettings, ReceiptStatus, TraceFault},
};
use serde_json::json;

use crate::{
    stub::{Op, Stub, message},
    world::{
        COPY, HOSPITAL, Notebook, TOWN, copy, is_quiet, line, line_with, next, notice, receipt, settings,
        take,
    },
};

#[tokio::test]
async fn a_message_arrives_as_it_was_sent_and_its_receipt_comes_back() {
    let stub = Stub::start().await;
    let (hospital_notes, town_notes) = (Arc::<Notebook>::default(), Arc::<Notebook>::default());
    let hospital = line_with(&settings(&stub, &[HOSPITAL]), &hospital_notes);
    let town = line_with(&settings(&stub, &[TOWN]), &town_notes);
    let sent = notice(1, "");
    hospital.send(&sent).await.unwrap();

    let came = take(&town).await;
    assert_eq!(came.bytes, sent.bytes);
    assert_eq!(
        (&came.from, &came.to, &came.message, came.made, came.kind.as_str()),
        (&sent.from, &sent.to, &sent.message, sent.made, "")
    );
    assert!(is_quiet(&town).await, "it is read");
    town_notes.note(&came);
    town.send(&receipt(&came, &[])).await.unwrap();

    let answer = take(&hospital).await;
    assert_eq!((answer.kind.as_str(), &answer.from), ("APPREC", &TOWN.to_string()));
    let Body::Receipt(says) = message(&answer.bytes).body else { panic!("a receipt") };
    assert_eq!((says.status.value.as_str(), says.original_id), ("1", sent.message.clone()));

    let trace = hospital.trace(&hospital_notes.sent(&sent).unwrap()).await.unwrap();
    assert_eq!(trace.len(), 1);
    assert_eq!(
        (trace[0].receiver.as_str(), trace[0].delivery, trace[0].receipt),
        ("8000012", Delivery::Acknowledged, Some(ReceiptStatus::Accepted))
    );
    assert_eq!((hospital.health(), town.health()), (Health::Up, Health::Up));
}

#[tokio::test]
async fn a_trace_tells_how_far_a_message_came() {
    let stub = Stub::start().await;
    let notes = Arc::<Notebook>::default();
    let hospital = line_with(&settings(&stub, &[HOSPITAL]), &notes);
    let sent = notice(1, "");
    hospital.send(&sent).await.unwrap();
    let trace = hospital.trace(&notes.sent(&sent).unwrap()).await.unwrap();
    assert_eq!((trace[0].delivery, trace[0].receipt), (Delivery::Unconfirmed, None));
    let other = "3d924740-9f7b-4c33-93af-ff72e118d1e6";
    assert_eq!(hospital.trace(other).await, Err(TraceFault::Unknown));
    assert_eq!(hospital.trace("no id").await, Err(TraceFault::Unknown));
}

#[tokio::test]
async fn a_rejection_says_in_json_what_its_document_says() {
    let stub = Stub::start().await;
    let notes = Arc::<Notebook>::default();
    let hospital = line_with(&settings(&stub, &[HOSPITAL]), &notes);
    let town = line_with(&settings(&stub, &[TOWN]), &notes);
    let sent = notice(1, "");
    hospital.send(&sent).await.unwrap();
    let came = take(&town).await;
    notes.note(&came);
    let reasons =
        [("E36", "Utilstrekkelige opplysninger", "Fyll ut fødselsdato <dato>"), ("X99", "Annet", "")];
    let errors = reasons.map(|(value, name, original)| Code {
        value: value.to_owned(),
        name: name.to_owned(),
        table: "2.16.578.1.12.4.1.1.8221".to_owned(),
        original: original.to_owned(),
    });
    town.send(&receipt(&came, &errors)).await.unwrap();

    let expected = json!({
        "appRecStatus": "Rejected",
        "appRecErrorList": [
            { "errorCode": "E36", "details": "Fyll ut fødselsdato <dato>",
              "description": "Utilstrekkelige opplysninger", "oid": "2.16.578.1.12.4.1.1.8221" },
            { "errorCode": "X99", "details": "", "description": "Annet", "oid": "2.16.578.1.12.4.1.1.8221" },
        ],
    });
    assert_eq!(stub.messages()[0].receipts[&TOWN], expected);
    let Body::Receipt(says) = message(&take(&hospital).await.bytes).body else { panic!("a receipt") };
    assert_eq!((says.status.value.as_str(), says.errors), ("2", errors.to_vec()));
    let trace = hospital.trace(&notes.sent(&sent).unwrap()).await.unwrap();
    assert_eq!(trace[0].receipt, Some(ReceiptStatus::Rejected));
    let codes: Vec<_> = trace[0].errors.iter().map(|it| (it.code.as_str(), it.details.as_str())).collect();
    assert_eq!(codes, [("E36", "Fyll ut fødselsdato <dato>"), ("X99", "")]);
}

#[tokio::test]
async fn a_message_for_two_of_our_her_ids_comes_to_each_and_each_answers() {
    let stub = Stub::start().await;
    let notes = Arc::<Notebook>::default();
    let town = line_with(&settings(&stub, &[TOWN, COPY]), &notes);
    stub.put(&notice(1, &copy()).bytes);
    let came = [take(&town).await, take(&town).await];
    assert_eq!(came[0].id, came[1].id);
    let mut to = came.clone().map(|parcel| parcel.to);
    to.sort();
    assert_eq!(to, [TOWN.to_string(), COPY.to_string()]);
    for parcel in &came {
        notes.note(parcel);
        town.send(&receipt(parcel, &[])).await.unwrap();
    }
    assert_eq!(stub.messages()[0].receipts.len(), 2);
    assert!(is_quiet(&town).await);
}

#[tokio::test]
async fn a_parcel_goes_to_its_own_receiver_and_not_to_those_who_get_a_copy() {
    let stub = Stub::start().await;
    let hospital = line(&stub, HOSPITAL);
    hospital.send(&notice(1, &copy())).await.unwrap();
    assert_eq!(stub.messages()[0].to.keys().collect::<Vec<_>>(), [&TOWN]);
}

#[tokio::test]
async fn many_pages_come_whole_once_and_in_order() {
    let stub = Stub::start().await;
    for number in 0..45 {
        stub.put(&notice(number, "").bytes);
    }
    let town = line_with(&EdiSettings { page: 20, ..settings(&stub, &[TOWN]) }, &Arc::default());
    for number in 0..45 {
        assert_eq!(take(&town).await.message, notice(number, "").message);
    }
    assert!(is_quiet(&town).await);
    assert!(stub.count(Op::Document) == 45, "none is fetched twice");
}

#[tokio::test]
async fn a_page_full_of_messages_in_hand_does_not_hide_the_others() {
    let stub = Stub::start().await;
    for number in 0..4 {
        stub.put(&notice(number, "").bytes);
    }
    let town = line_with(&EdiSettings { page: 2, ..settings(&stub, &[TOWN]) }, &Arc::default());
    let (first, second) = (next(&town).await, next(&town).await);
    let others = [take(&town).await.message, take(&town).await.message];
    assert!(!others.contains(&first.0.message) && !others.contains(&second.0.message));
}

#[tokio::test]
async fn after_a_restart_what_was_not_settled_comes_again_and_receipts_find_their_message() {
    let stub = Stub::start().await;
    let notes = Arc::<Notebook>::default();
    stub.put(&notice(1, "").bytes);
    stub.put(&notice(2, "").bytes);
    let before = line_with(&settings(&stub, &[TOWN]), &notes);
    let kept = take(&before).await;
    notes.note(&kept);
    let in_hand = next(&before).await;
    drop((before, in_hand));

    let after = line_with(&settings(&stub, &[TOWN]), &notes);
    assert_eq!(take(&after).await.message, notice(2, "").message);
    after.send(&receipt(&kept, &[])).await.unwrap();
    assert_eq!(stub.messages()[0].receipts.len(), 1);
}

#[tokio::test]
async fn a_receipt_for_a_message_nobody_remembers_is_sent_while_it_is_unread_and_refused_after() {
    let stub = Stub::start().await;
    let town = line(&stub, TOWN);
    for number in [1, 2] {
        stub.put(&notice(number, "").bytes);
    }
    let (first, arrival) = next(&town).await;
    town.send(&receipt(&first, &[])).await.unwrap();
    arrival.settle(Settle::Taken).await;
    let second = take(&town).await;
    let refused = town.send(&receipt(&second, &[])).await;
    assert!(
        matches!(&refused, Err(SendFault::Refused { condition, .. }) if condition == "edi:unknown-original"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_is_set_aside_or_dropped_comes_again() {
    let stub = Stub::start().await;
    stub.put(&notice(1, "").bytes);
    let town = line(&stub, TOWN);
    let (first, arrival) = next(&town).await;
    arrival.settle(Settle::Later).await;
    let (second, arrival) = next(&town).await;
    drop(arrival);
    let third = take(&town).await;
    assert_eq!([&second, &third], [&first, &first]);
    assert!(is_quiet(&town).await);
}

#[tokio::test]
async fn waiting_that_is_given_up_loses_nothing() {
    let stub = Stub::start().await;
    let town = line(&stub, TOWN);
    assert!(is_quiet(&town).await);
    stub.put(&notice(1, "").bytes);
    stub.order(Op::Document, crate::stub::Fault::Slow(std::time::Duration::from_millis(400)));
    assert!(is_quiet(&town).await, "given up while it is fetched");
    assert_eq!(take(&town).await.message, notice(1, "").message);
}

#[tokio::test]
async fn a_message_that_cannot_be_unpacked_is_rejected_and_comes_no_more() {
    let stub = Stub::start().await;
    stub.put(&notice(1, "").bytes);
    let town = line(&stub, TOWN);
    let report = FaultReport {
        about: String::new(),
        condition: "transport:not-well-formed-xml".to_owned(),
        says: "line 3".to_owned(),
        at: None,
    };
    let (_, arrival) = next(&town).await;
    arrival.settle(Settle::Refused(report)).await;
    let receipt = &stub.messages()[0].receipts[&TOWN];
    assert_eq!(
        (&receipt["appRecStatus"], &receipt["appRecErrorList"][0]["errorCode"]),
        (&json!("Rejected"), &json!("T01"))
    );
    assert!(is_quiet(&town).await);
}
