//! A log kept as messages come says what the folder says.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use samspill_base::{Entry, Position, Value};
use samspill_formats::messages::types::{Body, Kind, Message};
use samspill_service::exchange::meaning::{
    Answers, Context, Decision, Known, Table, confirm, corrections, entries, stays,
};

use crate::{
    builder::{admission, at, directory, lines, message, receipt, reply},
    folder::{own_directory, own_stay, some_message},
};

/// A log that messages come to one by one.
struct Log<'a> {
    answers: Answers<'a>,
    known: Known,
    /// What the store has: every message as it was received.
    store: Vec<Message>,
    entries: Vec<Entry>,
    corrected: usize,
}

impl<'a> Log<'a> {
    fn new(answers: Answers<'a>) -> Self {
        Self { answers, known: Known::default(), store: Vec::new(), entries: Vec::new(), corrected: 0 }
    }

    fn take_all(&mut self, messages: &[Message]) {
        for message in messages {
            self.take(message);
        }
    }

    fn take(&mut self, message: &Message) {
        let context = Context::new(&self.known, self.answers.directory);
        let mapped = entries(message, &context);
        let zone = context.zone.clone();
        let is_late = self.known.is_late(&mapped);
        self.known.learn(message, &mapped, &zone);
        self.store.push(message.clone());
        let is_held =
            self.known.is_rejected(&mapped.id) || mapped.entries.iter().any(|it| it.case.is_empty());
        if is_late {
            self.correct(message);
        } else if !is_held {
            self.entries.extend(mapped.entries.clone());
        }
    }

    /// A person says which case a message belongs to.
    fn place(&mut self, message: &Message, case: &str) {
        let unplaced = Known::default();
        let mapped = entries(message, &Context::new(&unplaced, self.answers.directory));
        self.answers.chosen.insert(message.head.id.clone(), case.to_owned());
        self.known.settle(&mapped, case);
        self.correct(message);
    }

    fn correct(&mut self, late: &Message) {
        let original = match &late.body {
            Body::Receipt(receipt) => receipt.original_id.clone(),
            Body::Care(_) | Body::Dialog(_) | Body::Epicrisis(_) | Body::Other => late.head.id.clone(),
        };
        let ids = self.known.related([original]);
        let of = |message: &&Message| match &message.body {
            Body::Receipt(receipt) => ids.contains(&receipt.original_id.to_lowercase()),
            Body::Care(_) | Body::Dialog(_) | Body::Epicrisis(_) | Body::Other => {
                ids.contains(&message.head.id.to_lowercase())
            }
        };
        let related: Vec<Message> = self.store.iter().filter(of).cloned().collect();
        let added = corrections(&self.entries, &related, &self.answers, at("2026-06-01T12:00"));
        self.corrected += added.len();
        added.iter().filter(|it| it.kind == "kansellering").for_each(|it| self.is_between_the_same(it));
        self.entries.extend(added);
    }
}

impl Log<'_> {
    /// Others learn of a cancellation no more than of what it cancels.
    fn is_between_the_same(&self, cancelling: &Entry) {
        let named = cancelling.field("gjelder").and_then(Value::as_text);
        let cancelled = self.entries.iter().find(|it| it.id.as_deref() == named).unwrap();
        assert_eq!((&cancelling.from, &cancelling.to), (&cancelled.from, &cancelled.to));
    }
}

/// What counts: the entries that no cancellation names, without ids, case names and when they were written; case by case.
fn effect<'e>(all: impl Iterator<Item = &'e Entry> + Clone) -> BTreeSet<Vec<String>> {
    let cancels = |entry: &&Entry| entry.kind == "kansellering";
    let named: BTreeSet<&str> =
        all.clone().filter(cancels).filter_map(|it| it.field("gjelder").and_then(Value::as_text)).collect();
    let mut cases: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for entry in all.filter(|it| !cancels(it) && !it.id.as_deref().is_some_and(|id| named.contains(id))) {
        let bare =
            Entry { case: String::new(), position: Position(0), id: None, recorded: None, ..entry.clone() };
        cases.entry(&entry.case).or_default().push(format!("{bare:?}"));
    }
    cases
        .into_values()
        .map(|mut entries| {
            entries.sort();
            entries
        })
        .collect()
}

fn folder_effect(messages: &[Message], answers: &Answers<'_>) -> BTreeSet<Vec<String>> {
    effect(stays(messages, answers).cases.iter().flat_map(|case| &case.entries))
}

#[test]
fn messages_that_come_in_order_need_no_corrections() {
    let directory = own_directory();
    let mut log = Log::new(Answers::new(&directory));
    log.take_all(&own_stay());
    assert_eq!(log.corrected, 0);
    assert_eq!(effect(log.entries.iter()), folder_effect(&own_stay(), &Answers::new(&directory)));
}

#[test]
fn what_came_late_is_written_anew_and_what_it_replaces_cancelled() {
    let directory = directory();
    let mut log = Log::new(Answers::new(&directory));
    let ready = message(Kind::Utskrivningsklar, "r", "2026-03-09T10:00:00").event("1", "2026-03-02T08:30:00");
    log.take(&ready.done());
    log.take(&admission("a", "2026-03-02T09:00:00", "2026-03-02T08:30:00").done());
    let ids: Vec<_> = log.entries.iter().map(|it| (it.kind.as_str(), it.id.as_deref().unwrap())).collect();
    assert_eq!(
        ids,
        [
            ("innlagt", "r#innlagt"),
            ("utskrivningsklar", "r"),
            ("kansellering", "r#innlagt~kansellering"),
            ("melding-om-innlagt-pasient", "a"),
            ("innlagt", "a#innlagt"),
        ]
    );
    let health = message(Kind::Helseopplysninger, "h", "2026-03-08T10:00:00").content("2");
    log.take(&health.section("9142", "TS", "Sukkersyke.").done());
    let last = log.entries.last().unwrap();
    assert_eq!((last.kind.as_str(), last.id.as_deref()), ("utskrivningsklar", Some("r~2")));
    assert_eq!(last.field("problem-ovrige"), Some(&Value::text("Sukkersyke.")));
}

#[test]
fn a_confirmed_reply_stands_when_other_messages_come_late() {
    let directory = directory();
    let mut log = Log::new(Answers::new(&directory));
    let ready = message(Kind::Utskrivningsklar, "r", "2026-03-09T10:00:00").event("1", "2026-03-02T08:30:00");
    log.take(&ready.done());
    log.take(&reply("s", "2026-03-09T11:00:00", "r", "Kan ta imot i morgen").done());
    let answer = log.entries.last().unwrap().clone();
    let suggestion =
        samspill_service::exchange::meaning::suggest("Kan ta imot i morgen", jiff::civil::date(2026, 3, 9));
    let decision = Decision::Suggested(&suggestion);
    let confirmed = confirm(&answer, &decision, "meg", at("2026-03-09T12:00"), Table::shipped()).unwrap();
    log.entries.extend(confirmed.cancellation);
    log.known.learn_entry("s", &confirmed.entry);
    log.entries.push(confirmed.entry);
    log.take(&admission("a", "2026-03-02T09:00:00", "2026-03-02T08:30:00").done());
    let again = lines(&log.entries).iter().filter(|line| line.starts_with("svar-utskrivningsklar")).count();
    assert_eq!(again, 2, "as it came, and as it was confirmed");
    assert!(!log.entries.iter().any(|it| it.field("gjelder") == Some(&Value::text("s#svar"))));
}

#[test]
fn a_receipt_that_comes_late_tells_when_the_message_was_received() {
    let directory = directory();
    let mut log = Log::new(Answers::new(&directory));
    log.take(&admission("a", "2026-03-02T09:00:00", "2026-03-02T08:30:00").done());
    log.take(&receipt("k", "2026-03-02T09:05:00", "a", "1"));
    let last = log.entries.last().unwrap();
    assert_eq!((last.id.as_deref(), last.acknowledged), (Some("a#innlagt~2"), Some(at("2026-03-02T09:05"))));
    log.take(&receipt("k", "2026-03-02T09:05:00", "a", "1"));
    assert_eq!(log.corrected, 4, "the same receipt again adds nothing");
}

#[test]
fn what_a_person_placed_stays_there_when_other_messages_come_late() {
    let directory = directory();
    let mut log = Log::new(Answers::new(&directory));
    log.take(&admission("a", "2026-03-02T08:00:00", "2026-03-02T08:00:00").done());
    let near = admission("b", "2026-03-02T12:00:00", "2026-03-02T11:00:00").done();
    let context = Context::new(&log.known, &directory);
    let question = entries(&near, &context).questions.remove(0);
    log.take(&near);
    assert_eq!(log.entries.len(), 2, "held until somebody says where it belongs");
    let case = question.choices.last().unwrap().value.clone();
    log.place(&near, &case);
    log.take(&message(Kind::Innleggelsesrapport, "r", "2026-03-02T11:30:00").answers("a").done());
    let messages = log.store.clone();
    assert_eq!(effect(log.entries.iter()), folder_effect(&messages, &log.answers));
    assert_eq!(log.entries.iter().filter(|it| it.case == case).count(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn our_own_stay_says_the_same_in_whatever_order_it_comes(messages in Just(own_stay()).prop_shuffle()) {
        let directory = own_directory();
        let mut log = Log::new(Answers::new(&directory));
        log.take_all(&messages);
        prop_assert_eq!(effect(log.entries.iter()), folder_effect(&messages, &Answers::new(&directory)));
    }

    /// Messages that hang together in all ways, some twice, some at odds, some refused.
    #[test]
    fn any_messages_say_the_same_in_whatever_order_they_come(
        messages in prop::collection::vec(some_message(), 0..14)
    ) {
        let directory = directory();
        let mut log = Log::new(Answers::new(&directory));
        log.take_all(&messages);
        prop_assert_eq!(effect(log.entries.iter()), folder_effect(&messages, &Answers::new(&directory)));
        let once: BTreeSet<_> = log.entries.iter().map(|it| (&it.case, &it.id)).collect();
        prop_assert_eq!(once.len(), log.entries.len(), "no entry stands twice");
    }
}
