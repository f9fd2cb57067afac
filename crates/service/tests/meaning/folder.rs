//! Folders of messages: to a log, and the log read under both agreements.

use std::{collections::BTreeMap, fs, path::Path};

use proptest::prelude::*;
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Value};
use samspill_engine::{Evaluation, evaluate};
use samspill_formats::{
    messages::{
        read::{MessageLimits, read},
        types::{Kind, Message},
    },
    xml::{XmlLimits, decode, parse},
};
use samspill_service::exchange::meaning::{
    Answer, Answers, Decision, Directory, Listed, QuestionKind, Stays, Table, confirm, stays,
};

use crate::builder::{KARI, Make, OLA, admission, at, directory, lines, local, message, receipt, reply};

fn files(folder: &Path) -> Option<Vec<Message>> {
    let mut paths: Vec<_> = fs::read_dir(folder).ok()?.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    Some(paths.iter().map(|path| message_in(path)).collect())
}

fn message_in(path: &Path) -> Message {
    try_message_in(path).expect("a message")
}

#[expect(clippy::disallowed_methods, reason = "tests read their messages from files")]
fn try_message_in(path: &Path) -> Option<Message> {
    let bytes = fs::read(path).unwrap();
    let text = decode(&bytes, &XmlLimits::default()).ok()?;
    let document = parse(&text, &XmlLimits::default()).ok()?;
    Some(read(&document, &MessageLimits::default()).0)
}

fn agreement(name: &str) -> Agreement {
    samspill_shelf::find(name).unwrap()[0].load().agreement.unwrap()
}

fn duty(read: &Evaluation, name: &str) -> Vec<&'static str> {
    let of = read.duties.iter().filter(|duty| duty.duty.as_str() == name);
    of.map(|duty| duty.status.as_str()).collect()
}

/// The days that are counted, and who pays.
fn days(read: &Evaluation) -> (Vec<String>, Option<String>) {
    let Some(meter) = read.meters.first() else { return (Vec::new(), None) };
    let counted = meter.days.iter().filter(|day| day.status.counts()).map(|day| day.date.to_string());
    (counted.collect(), meter.payer.clone())
}

/// The stay of the test messages: our own, invented from end to end.
pub(crate) fn own_stay() -> Vec<Message> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/data/messages/opphold");
    files(&folder).expect("the messages lie in the repository")
}

pub(crate) fn own_directory() -> Directory {
    let office = Listed {
        name: "Fjordvik".to_owned(),
        municipalities: vec!["Fjordvik".to_owned()],
        facts: BTreeMap::new(),
    };
    let ward = Listed {
        name: "Sengepost".to_owned(),
        municipalities: Vec::new(),
        facts: [("fagomrade".to_owned(), Value::text("somatikk"))].into(),
    };
    Directory::new([("8200001".to_owned(), office), ("8100001".to_owned(), ward)])
}

fn only_case(out: &Stays) -> &CaseLog {
    assert_eq!(out.cases.len(), 1, "{:?}", out.placed);
    &out.cases[0]
}

#[test]
fn a_whole_stay_becomes_one_case() {
    let directory = own_directory();
    let out = stays(&own_stay(), &Answers::new(&directory));
    let told: Vec<String> = only_case(&out)
        .entries
        .iter()
        .map(|entry| format!("{} {}", &local(entry.happened)[..16], entry.kind))
        .collect();
    assert_eq!(
        told,
        [
            "2026-03-09T14:20 innlagt",
            "2026-03-09T15:05 melding-om-innlagt-pasient",
            "2026-03-09T18:41 innleggelsesrapport",
            "2026-03-10T09:32 tidligmelding",
            "2026-03-13T11:10 helseopplysninger",
            "2026-03-17T12:15 utskrivningsklar",
            "2026-03-17T13:52 svar-utskrivningsklar",
            "2026-03-18T14:30 svar-utskrivningsklar",
            "2026-03-19T10:45 utskrevet",
            "2026-03-19T11:25 utskrivningsrapport",
        ]
    );
    assert!(out.held.is_empty());
    assert_eq!(out.questions.iter().map(|it| it.what).collect::<Vec<_>>(), [QuestionKind::WhichAnswer; 2]);
    let suggested: Vec<_> = out.suggestions.values().map(|it| it.answer).collect();
    let nineteenth = Some(jiff::civil::date(2026, 3, 19));
    assert!(suggested.contains(&Some(Answer::CannotReceive { expected: nineteenth })), "{suggested:?}");
    assert!(suggested.contains(&Some(Answer::CanReceive { from: nineteenth })), "{suggested:?}");
}

/// Ready on Tuesday the 17th, gone on Thursday the 19th. UNN counts from the next working day: one day. HMR counts from the day
/// itself: two, but no epicrisis was sent, so they fall away.
#[test]
fn a_whole_stay_is_read_under_both_agreements() {
    let directory = own_directory();
    let out = stays(&own_stay(), &Answers::new(&directory));
    let as_of = at("2026-04-15T12:00");
    for (name, expected) in [("unn", vec!["2026-03-18".to_owned()]), ("hmr", Vec::new())] {
        let read = evaluate(&agreement(name), only_case(&out), as_of);
        for kept in
            ["melding-om-innlagt-pasient", "innleggelsesrapport", "tidligmelding", "svar-utskrivningsklar"]
        {
            assert_eq!(duty(&read, kept), ["kept"], "{name}: {kept}");
        }
        assert_eq!(duty(&read, "epikrise-ved-utskrivning"), ["missed"], "{name}");
        assert_eq!(days(&read), (expected, Some("Fjordvik".to_owned())), "{name}");
        assert!(read.set_aside.is_empty(), "{name}: every kind is one that the agreement knows");
        assert!(read.findings.iter().all(|it| !it.effect.as_str().contains("void")), "{name}");
    }
}

#[test]
fn a_confirmed_reply_ends_the_count_and_the_past_reads_as_it_stood() {
    let directory = directory();
    let messages = [
        admission("a", "2026-03-02T09:00:00", "2026-03-02T08:30:00").done(),
        message(Kind::Helseopplysninger, "b", "2026-03-02T14:00:00").content("1").done(),
        message(Kind::Helseopplysninger, "c", "2026-03-08T14:00:00").content("2").done(),
        message(Kind::Utskrivningsklar, "d", "2026-03-09T10:00:00").event("1", "2026-03-02T08:30:00").done(),
        reply("e", "2026-03-09T11:00:00", "d", "Kommunen kan ta imot pasienten fra torsdag.").done(),
        message(Kind::Utskrevet, "f", "2026-03-16T12:00:00").event("2", "2026-03-16T12:00:00").done(),
    ];
    let out = stays(&messages, &Answers::new(&directory));
    let mut case = only_case(&out).clone();
    let unn = agreement("unn");
    let counted = |case: &CaseLog, as_of: &str| days(&evaluate(&unn, case, at(as_of))).0.len();
    assert_eq!(counted(&case, "2026-04-01T12:00"), 6, "from the 10th through the 15th");

    let unconfirmed =
        case.entries.iter().find(|entry| entry.kind == "svar-utskrivningsklar").unwrap().clone();
    let when = at("2026-03-20T09:00");
    let decision = Decision::Suggested(&out.suggestions["e"]);
    let confirmed = confirm(&unconfirmed, &decision, "Saksbehandler 7", when, Table::shipped()).unwrap();
    case.entries.extend([confirmed.cancellation.unwrap(), confirmed.entry]);
    for (entry, number) in case.entries.iter_mut().zip(1..) {
        entry.position = samspill_base::Position(number);
    }
    assert_eq!(counted(&case, "2026-03-20T08:59"), 6, "before the confirmation nobody knew");
    assert_eq!(counted(&case, "2026-03-20T09:00"), 2, "the 10th and the 11th, for Thursday is the 12th");
    let read = evaluate(&unn, &case, at("2026-04-01T12:00"));
    assert_eq!(duty(&read, "svar-utskrivningsklar"), ["kept"], "the reply came when it came");
}

#[test]
fn a_suggestion_without_an_answer_cannot_be_confirmed_but_overruled() {
    let entry = crate::builder::alone(admission("a", "2026-03-02T09:00:00", "2026-03-02T08:30:00").done())
        .entries
        .remove(1);
    let nothing = samspill_service::exchange::meaning::suggest("Mottatt", jiff::civil::date(2026, 3, 4));
    let when = at("2026-03-20T09:00");
    assert_eq!(confirm(&entry, &Decision::Suggested(&nothing), "meg", when, Table::shipped()), None);
    let own = Decision::Own(Answer::CannotReceive { expected: None });
    let confirmed = confirm(&entry, &own, "meg", when, Table::shipped()).unwrap();
    assert_eq!(confirmed.entry.field("svar"), Some(&Value::text("kan-ikke-ta-imot")));
    assert_eq!(confirmed.entry.field("bekreftet-av"), Some(&Value::text("meg")));
    assert_eq!(confirmed.entry.happened, entry.happened);
    assert_eq!(confirmed.cancellation.unwrap().field("gjelder"), Some(&Value::text("a")));
}

#[test]
fn a_refused_message_is_held_and_asked_about() {
    let directory = directory();
    let ready =
        message(Kind::Utskrivningsklar, "d", "2026-03-09T10:00:00").event("1", "2026-03-02T08:30:00").done();
    let out =
        stays(&[ready.clone(), receipt("k", "2026-03-09T10:05:00", "d", "2")], &Answers::new(&directory));
    assert!(out.cases.is_empty());
    assert_eq!(out.held["d"].len(), 2);
    assert_eq!(out.questions[0].what, QuestionKind::Rejected);
    let both =
        [ready, receipt("k", "2026-03-09T10:05:00", "d", "2"), receipt("l", "2026-03-09T10:06:00", "d", "1")];
    assert_eq!(stays(&both, &Answers::new(&directory)).cases.len(), 1, "another receiver has it");
}

#[test]
fn messages_with_one_id_that_differ_are_none_of_them_used() {
    let directory = directory();
    let one = admission("a", "2026-03-02T09:00:00", "2026-03-02T08:30:00").done();
    let other = admission("A", "2026-03-05T09:00:00", "2026-03-05T08:30:00").done();
    let between = message(Kind::Avmelding, "b", "2026-03-03T09:00:00").done();
    let out = stays(&[one.clone(), between, other, one], &Answers::new(&directory));
    assert_eq!(only_case(&out).entries.len(), 1);
    assert_eq!(out.questions[0].what, QuestionKind::WhichContent);
}

#[test]
fn what_a_person_must_place_is_held_until_it_is_placed() {
    let directory = directory();
    let messages = [
        admission("a", "2026-03-02T08:00:00", "2026-03-02T08:00:00").done(),
        admission("b", "2026-03-02T12:00:00", "2026-03-02T11:00:00").done(),
    ];
    let mut answers = Answers::new(&directory);
    let out = stays(&messages, &answers);
    assert_eq!((out.cases.len(), out.held["b"].len()), (1, 2));
    let question = out.questions.iter().find(|it| it.what == QuestionKind::WhichStay).unwrap();
    for (choice, cases) in question.choices.iter().zip([1, 2]) {
        answers.chosen.insert("b".to_owned(), choice.value.clone());
        let placed = stays(&messages, &answers);
        assert_eq!((placed.cases.len(), placed.held.len()), (cases, 0));
    }
}

fn alvdal() -> Directory {
    let alvdal = Listed {
        name: "Alvdal".to_owned(),
        municipalities: vec!["Alvdal".to_owned()],
        facts: BTreeMap::new(),
    };
    Directory::new([("99387".to_owned(), alvdal)])
}

/// The official messages of PLO 1.6: three patients in hospital, the rest between municipality and doctor. Roland's admission notice
/// is cancelled a minute later, and the ready notice repeats the admission. His discharge report is cancelled too, Danser's
/// admission report changed and then cancelled.
#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn the_official_messages_give_a_sensible_case_each() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo/samples/plo-1.6");
    let Some(messages) = files(&folder) else {
        println!("skipped: the official messages aren't here");
        return;
    };
    let directory = alvdal();
    let out = stays(&messages, &Answers::new(&directory));
    let kinds = |case: &CaseLog| {
        let kinds: Vec<&str> = case.entries.iter().map(|it| it.kind.as_str()).collect();
        kinds.join(" ")
    };
    let all: Vec<String> = out.cases.iter().map(kinds).collect();
    assert_eq!(
        all,
        [
            "tidligmelding helseopplysninger helseopplysninger",
            "innlagt innlagt melding-om-innlagt-pasient kansellering kansellering utskrivningsklar avmelding utskrevet \
             utskrivningsrapport utskrivningsrapport kansellering kansellering",
            "innleggelsesrapport innleggelsesrapport kansellering kansellering",
        ]
    );
    assert!(out.held.is_empty() && out.questions.is_empty(), "{:?}", out.questions);
    for name in ["unn", "hmr"] {
        the_official_cases_are_read_under(name, &out.cases);
    }
}

fn the_official_cases_are_read_under(name: &str, cases: &[CaseLog]) {
    let (agreement, as_of) = (agreement(name), at("2018-03-01T12:00"));
    let engine = samspill_engine::Engine::new(&agreement).with_dates(samspill_engine::Dates::NewestAlways);
    let roland = engine.evaluate(&cases[1], as_of);
    // No early notice was sent, so the ready notice is void: no day is counted.
    assert_eq!(days(&roland).0, Vec::<String>::new(), "{name}");
    let is_void = roland.findings.iter().any(|it| it.rule.as_str() == "tidligmelding-for-utskrivningsklar");
    assert!(is_void, "{name}");
    assert_eq!(duty(&roland, "tidligmelding"), ["missed"], "{name}");
    assert_eq!(roland.set_aside.len(), 4, "{name}: the admission notice and both reports");
    assert!(roland.findings.iter().all(|it| it.effect != samspill_engine::FindingEffect::CancelsNothing));
    let danser = engine.evaluate(&cases[2], as_of);
    assert_eq!(danser.set_aside.len(), 2, "{name}: both reports are cancelled");
    let gry = engine.evaluate(&cases[0], as_of);
    let mut facts = gry.facts.iter();
    let expected = facts.find(|(fact, _)| fact.as_str() == "forventet-utskrivningsklar");
    assert_eq!(expected.map(|(_, day)| day.clone()), Some(Value::text("2018-01-15")), "{name}");
}

/// Both forms of the reply, of the same words: the answer is no, with a day on which an offer is expected.
#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn both_forms_of_the_reply_join_the_case_of_the_notice_they_answer() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo/samples");
    let (Some(mut messages), Some(replies)) =
        (files(&samples.join("plo-1.6")), files(&samples.join("made-here")))
    else {
        println!("skipped: the sample messages aren't here");
        return;
    };
    let count = replies.len();
    messages.extend(replies);
    let directory = Directory::default();
    let out = stays(&messages, &Answers::new(&directory));
    let roland =
        out.cases.iter().find(|case| case.entries.iter().any(|it| it.kind == "utskrivningsklar")).unwrap();
    let replies = roland.entries.iter().filter(|it| it.kind == "svar-utskrivningsklar");
    assert_eq!((count, replies.count()), (2, 2));
    let expected = Some(jiff::civil::date(2018, 2, 2));
    let suggested: Vec<_> = out.suggestions.values().map(|it| it.answer).collect();
    assert_eq!(suggested, [Some(Answer::CannotReceive { expected }); 2]);
}

/// The messages of the acceptance tests, many wrong on purpose: whatever can be read is placed or asked about, in any order.
#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn the_messages_of_the_acceptance_tests_are_placed_or_asked_about() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo/conformance");
    let mut messages = Vec::new();
    collect(&folder, &mut messages);
    if messages.is_empty() {
        println!("skipped: the messages of the acceptance tests aren't here");
        return;
    }
    let directory = Directory::default();
    let out = stays(&messages, &Answers::new(&directory));
    messages.reverse();
    assert_eq!(out, stays(&messages, &Answers::new(&directory)));
    for (id, placement) in &out.placed {
        let is_settled = placement.case().is_some();
        let is_told = out.questions.iter().any(|it| it.message == *id)
            || out.remarks.iter().any(|it| it.message == *id);
        assert!(is_settled || is_told, "{id}: {placement:?}");
    }
    println!("{} messages: {} cases, {} questions", messages.len(), out.cases.len(), out.questions.len());
}

/// All messages below a folder that are XML at all.
fn collect(folder: &Path, messages: &mut Vec<Message>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, messages);
        } else if path.extension().is_some_and(|it| it == "xml") {
            messages.extend(try_message_in(&path));
        }
    }
}

/// A message that hangs together with the others in one of many ways.
pub(crate) fn some_message() -> impl Strategy<Value = Message> {
    let kinds = prop::sample::select(vec![
        Kind::Innlagt,
        Kind::Innleggelsesrapport,
        Kind::Helseopplysninger,
        Kind::Utskrivningsklar,
        Kind::Avmelding,
        Kind::Utskrevet,
        Kind::HelsefagligDialog,
        Kind::Kvittering,
        Kind::Epikrise,
    ]);
    let day = 1..12_u8;
    (kinds, 0..14_u8, day.clone(), 0..24_u8, day, any::<bool>(), prop::option::of(0..14_u8), 0..4_u8)
        .prop_map(|(kind, id, day, hour, event_day, is_ola, parent, status)| {
            let made = format!("2026-03-{day:02}T{hour:02}:00:00");
            if kind == Kind::Kvittering {
                let status = if status == 0 { "2" } else { "1" };
                return receipt(&format!("k{id}"), &made, &format!("m{id}"), status);
            }
            let event = format!("2026-03-{event_day:02}T08:00:00");
            let made = message(kind, &format!("m{id}"), &made).about(if is_ola { OLA } else { KARI });
            tied(made, kind, &event, parent, status)
        })
}

fn tied(made: Make, kind: Kind, event: &str, parent: Option<u8>, status: u8) -> Message {
    let code = if kind == Kind::Utskrevet { "2" } else { "1" };
    let mut made = made.event(code, event).note("7322", "7", "Kan ta imot i morgen");
    if let Some(parent) = parent {
        made = made.answers(&format!("m{parent}"));
    }
    match status {
        0 => made.status("C").done(),
        1 => made.status("M").done(),
        _ => made.done(),
    }
}

proptest! {
    /// Any messages, in any order, some of them twice and some of them at odds: the same log, the same questions.
    #[test]
    fn the_order_in_which_messages_lie_changes_nothing(
        (messages, shuffled) in prop::collection::vec(some_message(), 0..16)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let directory = directory();
        let out = stays(&messages, &Answers::new(&directory));
        prop_assert_eq!(&out, &stays(&shuffled, &Answers::new(&directory)));
        let ids: Vec<_> = out.cases.iter().flat_map(|case| lines(&case.entries)).collect();
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(ids.len(), once.len(), "no entry stands twice");
    }
}
