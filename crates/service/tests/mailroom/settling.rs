//! Every question has a decision: message in, question, decision, entries after, and another node reads the same.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_base::{Entry, Value};
use samspill_service::exchange::{
    mailroom::{MailError, Mailroom, Notes, Settings, Settled, Settling},
    meaning::{Directory, Listed, Meant, QuestionKind, Ruling, Table, message_in},
    monitor::track,
};
use samspill_store::{KeptMessage, MessageFilter, MessageNumber, Standing};

use crate::support::{Side, altered, at, document, hospital, municipality, settings};

const SECOND: &str = "22222222-79c4-5d16-98e0-ccb2c9be9a88";
const FIRST: &str = "8f8e2784-79c4-5d16-98e0-ccb2c9be9a88";

fn by<'a>(name: &'a str, why: &'a str, now: &str) -> Settling<'a> {
    Settling { by: name, why, now: at(now) }
}

fn kari(now: &str) -> Settling<'static> {
    by("Kari Nordmann", "ringte", now)
}

/// A document with texts replaced by others.
fn with(name: &str, pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from_utf8(document(name)).unwrap();
    for (from, to) in pairs {
        assert!(text.contains(from), "{name} has no {from}");
        text = text.replace(from, to);
    }
    text.into_bytes()
}

/// What stands for the status of a new message, and what says another.
const NEW: &str = "Forsendelsesstatus V=\"N\"";

fn status(code: &str) -> String {
    NEW.replace("\"N\"", &format!("\"{code}\""))
}

async fn kept(side: &Side, number: MessageNumber) -> KeptMessage {
    side.room.store().message(side.room.community(), number).await.unwrap().unwrap()
}

async fn asked(side: &Side, number: MessageNumber) -> Vec<QuestionKind> {
    Notes::read(&kept(side, number).await.notes).questions.iter().map(|it| it.what).collect()
}

/// What counts of the log, without the number of its writing and the entries of one message.
async fn counting(side: &Side, but: &str) -> Vec<(String, Timestamp, String, String)> {
    let (entries, table) = (side.entries().await, Table::shipped());
    let cancelled: BTreeSet<&str> = entries.iter().filter_map(|entry| table.cancels(entry)).collect();
    let counts = |entry: &&Entry| {
        let id = entry.id.as_deref().unwrap_or_default();
        table.cancels(entry).is_none() && !cancelled.contains(id) && message_in(id) != but
    };
    let mut all: Vec<_> = entries
        .iter()
        .filter(counts)
        .map(|it| (it.kind.clone(), it.happened, it.case.clone(), format!("{:?}", it.facts)))
        .collect();
    all.sort();
    all
}

/// Settles, and says that it can't be settled twice, and that another node reads the same when something comes late.
async fn settled(side: &Side, number: MessageNumber, ruling: Ruling, late: (&[u8], &str), config: Settings) {
    let done = side.room.decide(number, ruling.clone(), kari("2026-03-20T10:00:00")).await.unwrap();
    assert!(matches!(done, Settled::Done(_)), "{done:?}");
    let question = ruling.question();
    assert!(!asked(side, number).await.iter().any(|it| Some(*it) == question));
    let second = by("Ola", "", "2026-03-20T10:01:00");
    let again = side.room.decide(number, ruling.clone(), second).await.unwrap();
    let Settled::Before(first) = again else { panic!("{again:?}") };
    assert_eq!((first.by.as_str(), first.why.as_str(), &first.ruling), ("Kari Nordmann", "ringte", &ruling));
    let before = counting(side, late.1).await;
    let node = Mailroom::new(side.room.store().clone(), side.room.community().clone(), config);
    node.take(&crate::support::parcel("late", late.0), "linje", at("2026-03-20T11:00:00")).await.unwrap();
    assert_eq!(counting(side, late.1).await, before);
    assert!(!asked(side, number).await.iter().any(|it| Some(*it) == question));
}

/// A message of the same patient that was made before the others: everything is read anew when it comes.
fn late() -> Vec<u8> {
    with(
        "03",
        &[("<MsgId>", "<MsgId>33333333-0000-4000-8000-"), ("<GenDate>2026-03-10", "<GenDate>2025-12-10")],
    )
}

fn id_of(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let (_, rest) = text.split_once("<MsgId>").unwrap();
    rest.split_once("</MsgId>").unwrap().0.to_owned()
}

#[tokio::test]
async fn a_person_says_which_municipality_pays() {
    let mut config = settings(vec![municipality()]);
    let served = vec!["Fjordvik".to_owned(), "Tindvik".to_owned()];
    let listed = Listed { name: "Fjordvik".to_owned(), municipalities: served, ..Listed::default() };
    config.directory = Directory::new([("8200001".to_owned(), listed)]);
    let mut side = Side::new(vec![municipality()]).await;
    side.room = Mailroom::new(side.room.store().clone(), side.room.community().clone(), config.clone());
    let taken = side.take("p1", &document("03"), "2026-03-11T10:00:00").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::WhichMunicipality]);
    let wrong = Ruling::Municipality("Sundvik".to_owned());
    let refused = side.room.decide(taken.number, wrong, kari("2026-03-12T10:00:00")).await.unwrap_err();
    assert!(refused.to_string().contains("choose one of Fjordvik, Tindvik"), "{refused}");
    let first = with("01", &[("2026-03-09T15:05:12", "2026-03-09T15:05:11")]);
    let ruling = Ruling::Municipality("Tindvik".to_owned());
    settled(&side, taken.number, ruling, (&first, FIRST), config).await;
    let early = side.entries().await.into_iter().rfind(|it| it.kind == "tidligmelding").unwrap();
    assert_eq!(early.facts.get("oppholdskommune"), Some(&Value::text("Tindvik")));
    assert_eq!(kept(&side, taken.number).await.standing, Standing::Settled);
}

#[tokio::test]
async fn a_person_says_which_kind_it_is_and_takes_it_back() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("05"), at("2026-03-17T12:15:00")).await.unwrap();
    let minutes = with(
        "06",
        &[("TemaKodet V=\"7\"", "TemaKodet V=\"6\""), ("Vi har ikke", "Møtereferat: vi har ikke")],
    );
    let taken = side.take("p", &minutes, "2026-03-17T13:53:00").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::WhichKind]);
    let ruling = Ruling::Kind("moteoppsummering".to_owned());
    let report = with("02", &[("2026-03-09T18:41:30", "2026-03-09T18:41:29")]);
    let own = settings(vec![hospital()]);
    settled(&side, taken.number, ruling, (&report, &id_of(&report)), own).await;
    assert!(counting(&side, "").await.iter().any(|it| it.0 == "moteoppsummering"));
    let back = side.room.take_back(taken.number, Some(QuestionKind::WhichKind), kari("2026-03-21T10:00:00"));
    assert_eq!(back.await.unwrap(), 2, "one is cancelled, and one is written");
    assert!(!counting(&side, "").await.iter().any(|it| it.0 == "moteoppsummering"));
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::WhichKind]);
    assert_eq!(kept(&side, taken.number).await.standing, Standing::Question);
}

#[tokio::test]
async fn a_person_says_when_the_patient_was_admitted() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let refers = format!(
        "<ConversationRef><RefToParent>{FIRST}</RefToParent><RefToConversation>{FIRST}</RefToConversation></ConversationRef>\n    <Sender>"
    );
    let other = with("05", &[("2026-03-09T14:20:00", "2026-03-09T13:00:00"), ("<Sender>", &refers)]);
    let taken = side.take("p2", &other, "2026-03-17T12:15:00").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::WhichAdmission]);
    let ruling = Ruling::Admission(at("2026-03-09T13:00:00"));
    let early = late();
    settled(&side, taken.number, ruling, (&early, &id_of(&early)), settings(vec![municipality()])).await;
    let admitted: Vec<_> = counting(&side, "").await.into_iter().filter(|it| it.0 == "innlagt").collect();
    assert_eq!(admitted.len(), 1, "{admitted:?}");
    assert_eq!(admitted[0].1, at("2026-03-09T13:00:00"));
}

#[tokio::test]
async fn a_person_says_when_it_happened() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let undated =
        with("08", &[("TidspunktForHendelse V=\"2026-03-19T10:45:00\"", "TidspunktForHendelse V=\"2026\"")]);
    let taken = side.take("p2", &undated, "2026-03-19T10:46:00").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::When]);
    let ahead = Ruling::When(at("2027-03-19T10:30:00"));
    let refused = side.room.decide(taken.number, ahead, kari("2026-03-20T10:00:00")).await.unwrap_err();
    assert!(refused.to_string().contains("a time that has been"), "{refused}");
    let early = late();
    let ruling = Ruling::When(at("2026-03-19T10:30:00"));
    settled(&side, taken.number, ruling, (&early, &id_of(&early)), settings(vec![municipality()])).await;
    let left = counting(&side, "").await.into_iter().find(|it| it.0 == "utskrevet").unwrap();
    assert_eq!(left.1, at("2026-03-19T10:30:00"));
}

#[tokio::test]
async fn a_person_says_whether_a_change_was_meant() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let changed = with("05", &[(NEW, &status("M"))]);
    let taken = side.take("p2", &changed, "2026-03-17T12:15:00").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::WhetherMeant]);
    let early = late();
    let own = settings(vec![municipality()]);
    settled(&side, taken.number, Ruling::Meant(Meant::New), (&early, &id_of(&early)), own).await;
    assert_eq!(kept(&side, taken.number).await.standing, Standing::Settled);
}

#[tokio::test]
async fn a_person_says_which_message_a_cancellation_is_about() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let pairs = [(FIRST, SECOND), ("2026-03-09T15:05:12", "2026-03-09T16:00:00"), (NEW, &status("C"))];
    let taken = side.take("p2", &with("01", &pairs), "2026-03-09T16:00:20").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::WhichMessage]);
    assert!(counting(&side, "").await.iter().any(|it| it.0 == "innlagt"));
    let nobodys = Ruling::Message("no-such-message".to_owned());
    let refused = side.room.decide(taken.number, nobodys, kari("2026-03-20T10:00:00")).await.unwrap_err();
    assert!(matches!(refused, MailError::NoAnswer { .. }), "{refused}");
    let early = late();
    let own = settings(vec![municipality()]);
    settled(&side, taken.number, Ruling::Message(FIRST.to_owned()), (&early, &id_of(&early)), own).await;
    assert!(!counting(&side, "").await.iter().any(|it| it.0 == "innlagt"));
}

#[tokio::test]
async fn a_person_says_which_of_two_contents_counts() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let other = altered(
        "01",
        "TidspunktForHendelse V=\"2026-03-09T14:20:00\"",
        "TidspunktForHendelse V=\"2026-03-09T12:00:00\"",
    );
    let taken = side.take("p2", &other, "2026-03-09T15:10:00").await;
    assert_eq!(taken.standing, Standing::Conflict);
    let early = late();
    let own = settings(vec![municipality()]);
    settled(&side, taken.number, Ruling::Content(taken.number.0), (&early, &id_of(&early)), own).await;
    let admitted: Vec<_> = counting(&side, "").await.into_iter().filter(|it| it.0 == "innlagt").collect();
    assert_eq!(admitted.iter().map(|it| it.1).collect::<Vec<_>>(), [at("2026-03-09T12:00:00")]);
    assert!(!needs_person(&side, taken.number).await);
    let back =
        side.room.take_back(taken.number, Some(QuestionKind::WhichContent), kari("2026-03-21T10:00:00"));
    back.await.unwrap();
    let admitted: Vec<_> = counting(&side, "").await.into_iter().filter(|it| it.0 == "innlagt").collect();
    assert_eq!(admitted.iter().map(|it| it.1).collect::<Vec<_>>(), [at("2026-03-09T14:20:00")]);
    assert!(needs_person(&side, taken.number).await);
}

async fn needs_person(side: &Side, number: MessageNumber) -> bool {
    let (store, community) = (side.room.store(), side.room.community());
    let before = MessageNumber(number.0 - 1);
    let found = store.messages(community, &MessageFilter::default(), before, 1).await.unwrap();
    track(&found[0], at("2026-03-21T12:00:00")).needs_person
}

#[tokio::test]
async fn what_only_asks_that_somebody_sees_to_it_is_handled_with_a_reason_and_taken_back() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let conflict = altered("01", "2026-03-09T14:20:00", "2026-03-09T12:00:00");
    let others = altered("01", "82001", "82991");
    let others = String::from_utf8(others).unwrap().replace("8200001", "8299001").replace(FIRST, SECOND);
    let mut waiting = vec![side.take("p2", &conflict, "2026-03-09T15:10:00").await.number];
    waiting.push(side.take("p3", others.as_bytes(), "2026-03-09T15:11:00").await.number);
    waiting.push(side.take("p4", b"<no message", "2026-03-09T15:12:00").await.number);
    let before = counting(&side, "").await;
    let standings = [Standing::Conflict, Standing::NotOurs, Standing::Unreadable];
    for (number, standing) in waiting.into_iter().zip(standings) {
        assert_eq!(kept(&side, number).await.standing, standing);
        assert!(needs_person(&side, number).await);
        let handled = Ruling::Handled(BTreeSet::new());
        let silent = by("Kari Nordmann", " ", "2026-03-20T10:00:00");
        let refused = side.room.decide(number, handled.clone(), silent).await.unwrap_err();
        assert!(refused.to_string().contains("say why"), "{refused}");
        side.room.decide(number, handled.clone(), kari("2026-03-20T10:00:00")).await.unwrap();
        assert!(!needs_person(&side, number).await, "{standing:?}");
        let second =
            side.room.decide(number, handled, by("Ola", "sett", "2026-03-20T10:01:00")).await.unwrap();
        assert!(matches!(second, Settled::Before(first) if first.why == "ringte"));
        assert_eq!(side.room.rulings(number).await.unwrap().len(), 1);
        side.room.take_back(number, None, kari("2026-03-20T10:02:00")).await.unwrap();
        assert!(needs_person(&side, number).await, "{standing:?}");
        assert_eq!(side.room.rulings(number).await.unwrap(), []);
    }
    assert_eq!(counting(&side, "").await, before, "the log is as it was");
}

#[tokio::test]
async fn a_rejection_is_handled_with_the_message_that_was_rejected() {
    let side = Side::new(vec![hospital()]).await;
    let sent = side.room.send(&document("01"), at("2026-03-09T15:05:12")).await.unwrap();
    side.hand_over("2026-03-09T15:05:13").await;
    let receipt = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../formats/tests/data/messages/apprec11-avvist.xml"
    ));
    let taken = side.take("k", &receipt.unwrap(), "2026-03-09T15:06:00").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::Rejected]);
    assert!(needs_person(&side, sent.number).await && needs_person(&side, taken.number).await);
    let handled = Ruling::Handled(BTreeSet::new());
    side.room.decide(taken.number, handled.clone(), kari("2026-03-20T10:00:00")).await.unwrap();
    assert!(!needs_person(&side, sent.number).await && !needs_person(&side, taken.number).await);
    assert_eq!(kept(&side, taken.number).await.standing, Standing::Settled);
    side.room.take_back(taken.number, None, kari("2026-03-20T10:02:00")).await.unwrap();
    assert!(needs_person(&side, sent.number).await && needs_person(&side, taken.number).await);
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::Rejected]);
    side.room.decide(sent.number, handled, kari("2026-03-20T10:03:00")).await.unwrap();
    assert!(!needs_person(&side, sent.number).await && !needs_person(&side, taken.number).await);
}

#[tokio::test]
async fn a_message_about_nobody_known_begins_a_stay() {
    let side = Side::new(vec![municipality()]).await;
    let text = String::from_utf8(document("01")).unwrap();
    let (start, rest) = text.split_once("<Patient>").unwrap();
    let (_, end) = rest.split_once("</Patient>").unwrap();
    let nobody = format!(
        "{start}<Patient><GivenName>Alma</GivenName><DateOfBirth>1941-11-23</DateOfBirth><Sex V=\"2\" DN=\"Kvinne\"/></Patient>{end}"
    );
    let taken = side.take("p1", nobody.as_bytes(), "2026-03-09T15:05:20").await;
    assert_eq!(asked(&side, taken.number).await, [QuestionKind::WhichPerson]);
    let name = side.room.new_case(taken.number).await.unwrap().unwrap();
    assert_eq!(name, "opphold-2026-03-09-8f8e2784");
    let early = late();
    let own = settings(vec![municipality()]);
    settled(&side, taken.number, Ruling::Stay(name.clone()), (&early, &id_of(&early)), own).await;
    assert!(counting(&side, "").await.iter().any(|it| it.0 == "innlagt" && it.2 == name));
    assert_ne!(side.room.new_case(taken.number).await.unwrap().unwrap(), name, "it is taken");
}
