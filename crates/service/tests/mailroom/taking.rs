//! What comes in.

use samspill_base::Position;
use samspill_formats::{
    messages::{read::MessageLimits, types::Body},
    xml::XmlLimits,
};
use samspill_service::exchange::{
    mailroom::HandedIn,
    meaning::QuestionKind,
    receipts::{DirectMail, Policy, Recipients, UnknownService, open},
};
use samspill_store::{Direction, MessageFilter, MessageNumber, Standing};

use crate::support::{Side, altered, at, document, municipality, settings};

/// What the receipts in the outbox say: status, and the id of the message.
fn told(parcels: &[samspill_transport::Parcel]) -> Vec<(String, String)> {
    let read = |bytes: &[u8]| {
        let message = open(bytes, &XmlLimits::default(), &MessageLimits::default()).message.unwrap();
        match message.body {
            Body::Receipt(receipt) => (receipt.status.value, receipt.original_id),
            other @ (Body::Care(_) | Body::Dialog(_) | Body::Epicrisis(_) | Body::Other) => {
                panic!("{other:?}")
            }
        }
    };
    parcels.iter().map(|parcel| read(&parcel.bytes)).collect()
}

#[tokio::test]
async fn a_message_gives_entries_and_a_receipt_at_once() {
    let side = Side::new(vec![municipality()]).await;
    let taken = side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    assert_eq!((taken.standing, taken.entries, taken.receipts), (Standing::Taken, 2, 1));
    let entries = side.entries().await;
    assert_eq!(entries[0].kind, "innlagt");
    assert_eq!(entries[1].kind, "melding-om-innlagt-pasient");
    assert_eq!(entries[1].received, Some(at("2026-03-09T15:05:20")));
    assert_eq!(entries[1].acknowledged, Some(at("2026-03-09T15:05:20")));
    let parcels = side.hand_over("2026-03-09T15:05:21").await;
    assert_eq!(told(&parcels), [("1".to_owned(), "8f8e2784-79c4-5d16-98e0-ccb2c9be9a88".to_owned())]);
    assert_eq!((parcels[0].to.as_str(), parcels[0].from.as_str()), ("8100101", "8200101"));
    assert_eq!(parcels[0].kind, "APPREC");
}

#[tokio::test]
async fn received_is_told_to_the_second_that_has_begun() {
    let side = Side::new(vec![municipality()]).await;
    let now = "2026-03-09T15:05:20.999";
    side.take("p1", &document("01"), now).await;
    let entry = &side.entries().await[1];
    assert_eq!(entry.received, Some(at("2026-03-09T15:05:20")));
    assert_eq!(entry.recorded, Some(at(now)));
}

#[tokio::test]
async fn the_same_parcel_again_writes_nothing() {
    let side = Side::new(vec![municipality()]).await;
    let first = side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let again = side.take("p1", &document("01"), "2026-03-09T15:09:00").await;
    assert!(again.is_again && !first.is_again);
    assert_eq!((again.number, again.standing, again.case), (first.number, first.standing, first.case));
    assert_eq!(side.entries().await.len(), 2);
    assert_eq!(side.hand_over("2026-03-09T16:00:00").await.len(), 1);
}

#[tokio::test]
async fn the_same_message_in_another_parcel_is_a_duplicate_without_receipt() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let again = side.take("p2", &document("01"), "2026-03-09T15:09:00").await;
    assert_eq!((again.standing, again.entries, again.receipts), (Standing::Duplicate, 0, 0));
    assert_eq!(side.entries().await.len(), 2);
}

#[tokio::test]
async fn the_same_id_with_other_content_touches_nothing_and_is_shown() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let other = altered("01", "2026-03-09T14:20", "2026-03-09T11:20");
    let taken = side.take("p2", &other, "2026-03-09T15:09:00").await;
    assert_eq!((taken.standing, taken.entries, taken.receipts), (Standing::Conflict, 0, 0));
    assert!(taken.why[0].contains("samme meldings-id"), "{:?}", taken.why);
    assert_eq!(side.entries().await[0].happened, at("2026-03-09T14:20:00"));
}

#[tokio::test]
async fn what_is_no_message_is_kept_as_it_came() {
    let side = Side::new(vec![municipality()]).await;
    for (id, bytes) in [("p1", &b""[..]), ("p2", b"%PDF-1.7"), ("p3", b"<a><b></a>"), ("p4", b"<a/>")] {
        let taken = side.take(id, bytes, "2026-03-09T15:05:20").await;
        assert_eq!(taken.standing, Standing::Unreadable, "{id}");
        let kept = side.room.store().message(side.room.community(), taken.number).await.unwrap().unwrap();
        assert_eq!((kept.bytes.as_slice(), kept.direction), (bytes, Direction::In));
        assert!(side.take(id, bytes, "2026-03-09T15:06:00").await.is_again);
    }
    assert!(side.entries().await.is_empty());
}

#[tokio::test]
async fn what_is_for_others_is_kept_and_not_answered() {
    let side = Side::new(vec![municipality()]).await;
    let taken = side.take("p1", &document("02"), "2026-03-09T18:42:00").await;
    assert_eq!((taken.standing, taken.receipts, taken.entries), (Standing::NotOurs, 0, 0));
}

#[tokio::test]
async fn an_unknown_service_is_rejected_and_the_log_doesnt_hear_of_it() {
    let side = Side::new(vec![municipality()]).await;
    let taken = side.take("p1", &altered("01", "8200101", "8299999"), "2026-03-09T15:05:20").await;
    assert_eq!((taken.standing, taken.receipts, taken.entries), (Standing::Refused, 1, 0));
    let parcels = side.hand_over("2026-03-09T15:06:00").await;
    assert_eq!(told(&parcels)[0].0, "2");
    assert!(String::from_utf8_lossy(&parcels[0].bytes).contains("E21"));
    assert!(side.entries().await.is_empty());
}

#[tokio::test]
async fn a_policy_that_takes_unknown_services_in_takes_them_in() {
    let side = Side::new(vec![municipality()]).await;
    let policy = Policy { unknown_service: UnknownService::Accept, ..Policy::default() };
    let mut settings = settings(vec![municipality()]);
    settings.recipients = Recipients { policy, ..settings.recipients };
    assert_eq!(settings.recipients.organisations[0].direct, DirectMail::NeedsService);
    let side = side.restarted(settings).await;
    let taken = side.take("p1", &altered("01", "8200101", "8299999"), "2026-03-09T15:05:20").await;
    assert_eq!((taken.standing, taken.entries), (Standing::Taken, 2));
}

#[tokio::test]
async fn a_broken_document_whose_head_can_be_read_is_rejected() {
    let side = Side::new(vec![municipality()]).await;
    let mut bytes = document("01");
    bytes.truncate(bytes.len() - 200);
    let taken = side.take("p1", &bytes, "2026-03-09T15:05:20").await;
    assert_eq!((taken.standing, taken.receipts), (Standing::Refused, 1));
    let parcels = side.hand_over("2026-03-09T15:06:00").await;
    assert_eq!(told(&parcels)[0].0, "2");
}

#[tokio::test]
async fn a_rejected_message_that_comes_again_repaired_under_its_id_is_a_conflict() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &altered("01", "8200101", "8299999"), "2026-03-09T15:05:20").await;
    let taken = side.take("p2", &document("01"), "2026-03-09T16:05:20").await;
    assert_eq!(taken.standing, Standing::Conflict);
}

/// A ready notice tells of the admission too; the notice of the admission itself comes later.
#[tokio::test]
async fn a_late_message_corrects_the_log_and_any_order_says_the_same() {
    let (one, other) = (Side::new(vec![municipality()]).await, Side::new(vec![municipality()]).await);
    let names = ["01", "03", "04", "05", "08", "09"];
    for name in names {
        one.take(name, &document(name), "2026-03-20T10:00:00").await;
    }
    for name in ["05", "09", "01", "08", "04", "03"] {
        other.take(name, &document(name), "2026-03-20T10:00:00").await;
    }
    let table = samspill_service::exchange::meaning::Table::shipped();
    let differences =
        samspill_service::exchange::compare::compare(&one.cases().await, &other.cases().await, table);
    assert_eq!(differences, []);
    assert_eq!(one.cases().await.len(), 1);
    assert!(other.kinds().await.contains(&"kansellering".to_owned()));
}

#[tokio::test]
async fn a_reply_asks_what_it_means_and_stands_in_the_log_all_the_same() {
    let side = Side::new(vec![crate::support::hospital()]).await;
    side.room.send(&document("05"), at("2026-03-17T12:15:00")).await.unwrap();
    let taken = side.take("p1", &document("06"), "2026-03-17T13:53:00").await;
    assert_eq!((taken.standing, taken.entries), (Standing::Question, 1));
    assert!(taken.questions.iter().any(|it| it.what == QuestionKind::WhichAnswer), "{:?}", taken.questions);
}

#[tokio::test]
async fn a_message_without_id_is_rejected_each_time_it_comes_and_kept() {
    let side = Side::new(vec![municipality()]).await;
    let bytes = altered("01", "<MsgId>8f8e2784-79c4-5d16-98e0-ccb2c9be9a88</MsgId>", "<MsgId></MsgId>");
    let first = side.take("p1", &bytes, "2026-03-09T15:05:20").await;
    let second = side.take("p2", &bytes, "2026-03-09T15:06:20").await;
    assert_ne!(first.number, second.number);
    assert!(matches!(first.standing, Standing::Refused | Standing::Unreadable), "{:?}", first.standing);
    assert!(side.entries().await.is_empty());
}

#[tokio::test]
async fn messages_are_numbered_and_listed_as_they_came() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    side.take("p2", &document("03"), "2026-03-10T09:33:00").await;
    let filter = MessageFilter { direction: Some(Direction::In), ..MessageFilter::default() };
    let store = side.room.store();
    let lines = store.messages(side.room.community(), &filter, MessageNumber(0), 10).await.unwrap();
    let kinds: Vec<_> = lines.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(kinds, ["LOG_INNLAGT", "HELSEOPPL_SOKNAD"]);
    assert_eq!(side.entries().await[0].position, Position(1));
}

#[tokio::test]
async fn ids_of_any_length_are_kept_and_rejected() {
    let side = Side::new(vec![municipality()]).await;
    let long = "8".repeat(5_000);
    for (number, text) in [
        altered("01", "8f8e2784-79c4-5d16-98e0-ccb2c9be9a88", &long),
        altered("01", "<Id>8100101</Id>", &format!("<Id>{long}</Id>")),
        altered("01", "<Id>23914111277</Id>", &format!("<Id>{long}</Id>")),
        altered("01", "LOG_INNLAGT", &long),
    ]
    .iter()
    .enumerate()
    {
        let id = format!("{long}{number}");
        let taken = side.take(&id, text, "2026-03-09T15:05:20").await;
        assert!(side.take(&id, text, "2026-03-09T15:06:20").await.is_again, "{taken:?}");
    }
}

/// The receipt that is sent for the first message of the stay.
async fn receipt() -> String {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let parcels = side.hand_over("2026-03-09T15:05:21").await;
    String::from_utf8(parcels[0].bytes.clone()).unwrap()
}

#[tokio::test]
async fn a_receipt_that_says_nothing_of_its_message_is_kept_for_a_person() {
    let side = Side::new(vec![crate::support::hospital()]).await;
    let whole = receipt().await;
    let about = "8f8e2784-79c4-5d16-98e0-ccb2c9be9a88";
    assert!(whole.contains(about), "{whole}");
    let bytes = whole.replace(about, "");
    let taken = side.take("p1", bytes.as_bytes(), "2026-03-09T15:06:00").await;
    assert_eq!((taken.standing, taken.entries), (Standing::Question, 0));
    let kept = side.room.store().message(side.room.community(), taken.number).await.unwrap().unwrap();
    assert_eq!((kept.bytes.as_slice(), kept.about), (bytes.as_bytes(), None));
    assert!(side.take("p1", bytes.as_bytes(), "2026-03-09T15:07:00").await.is_again);
    let again = side.take("p2", bytes.as_bytes(), "2026-03-09T15:07:00").await;
    assert_eq!(again.standing, Standing::Duplicate);
}

#[tokio::test]
async fn what_the_log_can_never_hold_is_kept_as_it_came_for_a_person() {
    let side = Side::new(vec![crate::support::hospital()]).await;
    side.room.send(&document("05"), at("2026-03-17T12:15:00")).await.unwrap();
    let mark = side.person_as_it_stands().await;
    assert!(mark.starts_with("p~"), "{mark}");
    let bytes = altered("06", "Vi har ikke plass", &mark);
    let taken = side.take("p1", &bytes, "2026-03-17T13:53:00").await;
    assert_eq!((taken.standing, taken.entries, taken.receipts), (Standing::Question, 0, 0));
    let kept = side.room.store().message(side.room.community(), taken.number).await.unwrap().unwrap();
    assert_eq!(kept.bytes, bytes);
    assert!(kept.notes.contains("oppbevart som den kom"), "{}", kept.notes);
    assert!(side.take("p1", &bytes, "2026-03-17T13:54:00").await.is_again);
    let next = side.take("p2", &document("07"), "2026-03-18T14:31:00").await;
    assert_eq!(next.entries, 1, "what is kept so is read with nothing");
}

#[tokio::test]
async fn documents_without_an_id_are_told_apart_and_each_is_answered() {
    let side = Side::new(vec![municipality()]).await;
    let bytes = altered("01", "<MsgId>8f8e2784-79c4-5d16-98e0-ccb2c9be9a88</MsgId>", "<MsgId></MsgId>");
    let other = String::from_utf8(bytes.clone()).unwrap().replace("2026-03-09T14:20", "2026-03-09T11:20");
    let mut taken = Vec::new();
    for document in [bytes.clone(), bytes, other.into_bytes()] {
        let handed = side.room.opened(document);
        match side.room.hand_in(handed, "api", at("2026-03-09T15:05:20")).await.unwrap() {
            HandedIn::Taken(it) => taken.push((it.standing, it.is_again)),
            HandedIn::Sent(sent) => panic!("{sent:?}"),
        }
    }
    assert_eq!(taken, [(Standing::Refused, false), (Standing::Refused, true), (Standing::Refused, false)]);
    assert_eq!(side.hand_over("2026-03-09T15:06:00").await.len(), 2, "a receipt for each");
}
