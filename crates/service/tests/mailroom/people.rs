//! What people settle.

use std::sync::Arc;

use jiff::civil::date;
use samspill_base::Value;
use samspill_service::{
    audit::{KeyRing, PersonRegister},
    exchange::{
        mailroom::{Mailroom, Notes, PersonFeed, Settling},
        meaning::Answer,
    },
    people::SystemRandom,
};
use samspill_store::Standing;

use crate::support::{Side, altered, at, document, hospital, municipality, settings};

fn by(now: &str) -> Settling<'static> {
    Settling { by: "Kari Nordmann", why: "ringte", now: at(now) }
}

#[tokio::test]
async fn a_confirmed_reply_takes_the_place_of_the_one_in_words() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("05"), at("2026-03-17T12:15:00")).await.unwrap();
    let taken = side.take("p", &document("06"), "2026-03-17T13:53:00").await;
    assert_eq!(taken.standing, Standing::Question);
    let answer = Answer::CannotReceive { expected: Some(date(2026, 3, 19)) };
    let added = side.room.answer(taken.number, answer, by("2026-03-17T14:00:00")).await.unwrap();
    assert_eq!(added, 2);
    let entries = side.entries().await;
    let last = entries.last().unwrap();
    assert_eq!(last.field("svar"), Some(&Value::text("kan-ikke-ta-imot")));
    assert_eq!(last.field("bekreftet-av"), Some(&Value::text("Kari Nordmann")));
    let kept = side.room.store().message(side.room.community(), taken.number).await.unwrap().unwrap();
    assert_eq!(kept.standing, Standing::Settled);
    let again = side.room.answer(taken.number, answer, by("2026-03-17T15:00:00")).await;
    assert!(again.is_err(), "it is answered");
}

#[tokio::test]
async fn what_is_no_reply_has_no_answer() {
    let side = Side::new(vec![municipality()]).await;
    let taken = side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let before = side.entries().await;
    let answer = Answer::CanReceive { from: None };
    let refused = side.room.answer(taken.number, answer, by("2026-03-09T16:00:00")).await;
    assert!(refused.unwrap_err().to_string().contains("isn't asked"));
    assert_eq!(side.entries().await, before);
}

#[tokio::test]
async fn messages_that_come_afterwards_leave_a_confirmed_reply_alone() {
    let side = Side::new(vec![hospital()]).await;
    side.room.send(&document("05"), at("2026-03-17T12:15:00")).await.unwrap();
    let taken = side.take("p", &document("06"), "2026-03-17T13:53:00").await;
    let answer = Answer::CannotReceive { expected: None };
    side.room.answer(taken.number, answer, by("2026-03-17T14:00:00")).await.unwrap();
    for (name, now) in [("01", "2026-03-18T10:00:00"), ("08", "2026-03-19T10:45:00")] {
        side.room.send(&document(name), at(now)).await.unwrap();
    }
    let entries = side.entries().await;
    let table = samspill_service::exchange::meaning::Table::shipped();
    let cancelled: Vec<_> = entries.iter().filter_map(|entry| table.cancels(entry)).collect();
    let counting: Vec<_> = entries
        .iter()
        .filter(|it| it.kind == "svar-utskrivningsklar" && !cancelled.contains(&it.id.as_deref().unwrap()))
        .collect();
    assert_eq!(counting.len(), 1);
    assert_eq!(counting[0].field("svar"), Some(&Value::text("kan-ikke-ta-imot")));
}

#[tokio::test]
async fn a_message_about_nobody_waits_for_a_person_who_places_it() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let case = side.cases().await[0].case.clone();
    // Another name and number: nothing says which stay this belongs to but a person.
    let id = "<MsgId>11111111-79c4-5d16-98e0-ccb2c9be9a88</MsgId>";
    let text = String::from_utf8(document("08")).unwrap();
    let start = text.find("<MsgId>").unwrap();
    let end = text.find("</MsgId>").unwrap() + "</MsgId>".len();
    let other = format!("{}{id}{}", &text[..start], &text[end..]).replace("23914111277", "10813612341");
    let other = other.replace("Alma", "Berit").replace("Nordvik", "Solberg");
    let taken = side.take("p2", other.as_bytes(), "2026-03-19T10:46:00").await;
    if taken.standing == Standing::Question && taken.entries == 0 {
        let added = side.room.place(taken.number, &case, by("2026-03-19T11:00:00")).await.unwrap();
        assert!(added > 0);
        let kept = side.room.store().message(side.room.community(), taken.number).await.unwrap().unwrap();
        assert_eq!((kept.standing, kept.case.as_deref()), (Standing::Settled, Some(case.as_str())));
    } else {
        // It began a stay of its own: then a person says that both are one.
        assert_ne!(taken.case.as_deref(), Some(case.as_str()));
        side.room.place(taken.number, &case, by("2026-03-19T11:00:00")).await.unwrap();
    }
    let kept = side.room.store().message(side.room.community(), taken.number).await.unwrap().unwrap();
    assert!(Notes::read(&kept.notes).cases.contains(&case));
    let last = side.entries().await.into_iter().rfind(|entry| entry.kind == "utskrevet").unwrap();
    assert_eq!(last.case, case);
}

#[tokio::test]
async fn two_ids_that_are_one_patients_make_one_stay() {
    let side = Side::new(vec![municipality()]).await;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let other = altered("08", "23914111277", "10813612341");
    let other = String::from_utf8(other).unwrap().replace("Nordvik", "Solberg");
    let taken = side.take("p2", other.as_bytes(), "2026-03-19T10:46:00").await;
    let ids = ("23914111277", "10813612341");
    side.room.same_person(taken.number, ids, by("2026-03-19T11:00:00")).await.unwrap();
    let entries = side.entries().await;
    let table = samspill_service::exchange::meaning::Table::shipped();
    let cancelled: Vec<_> = entries.iter().filter_map(|entry| table.cancels(entry)).collect();
    let counting = entries.iter().filter(|entry| {
        table.cancels(entry).is_none() && !cancelled.contains(&entry.id.as_deref().unwrap_or_default())
    });
    let cases: std::collections::BTreeSet<_> = counting.map(|entry| entry.case.as_str()).collect();
    assert_eq!(cases.len(), 1, "{entries:#?}");
}

#[tokio::test]
async fn who_the_patient_of_a_message_is_gets_into_the_register_with_it() {
    let mut with_register = settings(vec![municipality()]);
    let mut side = Side::new(vec![municipality()]).await;
    let (store, community) = (side.room.store().clone(), side.room.community().clone());
    let register = PersonRegister::new(store, community, KeyRing::for_demo());
    with_register.persons = Some(PersonFeed { register: register.clone(), random: Arc::new(SystemRandom) });
    let room = Mailroom::new(side.room.store().clone(), side.room.community().clone(), with_register);
    side.room = room;
    side.take("p1", &document("01"), "2026-03-09T15:05:20").await;
    let id = side.entries().await.into_iter().find_map(|entry| entry.person).unwrap();
    let known = register.name_of(&id).await.unwrap().unwrap();
    assert!(!known.name().is_empty() && known.born.is_some());
    let refused = altered("01", "8200001", "8200009");
    side.take("p2", &refused, "2026-03-09T15:06:20").await;
    let found = register.find(&known.family, 9).await.unwrap();
    assert_eq!(found.len(), 1);
}
