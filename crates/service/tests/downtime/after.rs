//! What went by telephone or paper, entered afterwards.

use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_engine::{DutyStatus, evaluate};
use samspill_formats::messages::norway;
use samspill_service::{
    casework::{Plan, Step},
    downtime::{AfterwardsFinding, AfterwardsRefusal, Both, ChangeTo, Told, Way, Written, afterwards},
};

use crate::given::{Kept, agreement, at, change_of, planned, stay};

fn down() -> Kept {
    Kept::with(&planned("2024-06-10T09:00", Some("2024-06-10T14:00")))
}

/// The answer, told by telephone at 12.05.
fn answer() -> Entry {
    let mut entry = Entry::new("opphold-1", "svar-utskrivningsklar", Position(0), at("2024-06-10T12:05"));
    entry.id = Some("svar-1".to_owned());
    (entry.from, entry.to) = (Some("Lindvik".to_owned()), Some("Fjordheim".to_owned()));
    let fields = [("svar", "kan-ta-imot"), ("fra", "2024-06-11")];
    entry.body = Some(fields.map(|(name, text)| (name.to_owned(), Value::text(text))).into());
    entry
}

fn told() -> Told {
    Told {
        downtime: "ned-1".to_owned(),
        way: Way::Telephone,
        to: "Per Lege, Medisin".to_owned(),
        why: String::new(),
        registered_by: "Nina Navn".to_owned(),
        recorded: at("2024-06-10T14:30"),
    }
}

fn write(entry: Entry, told: &Told) -> Result<Written, AfterwardsRefusal> {
    afterwards(entry, told, &down().known(told.recorded))
}

fn with_answer() -> CaseLog {
    let lines =
        ["2024-06-03T10:00 innlagt", "2024-06-03T12:00 tidligmelding", "2024-06-10T10:00 utskrivningsklar"];
    let mut log = stay(&agreement("hmr"), &lines);
    let entry = write(answer(), &told()).unwrap().entries.remove(0);
    log.entries.push(Entry { position: Position(4), ..entry });
    log
}

fn reply_status(log: &CaseLog, as_of: Timestamp) -> DutyStatus {
    let evaluation = evaluate(&agreement("hmr"), log, as_of);
    evaluation.duties.iter().find(|duty| duty.duty.as_str() == "svar-utskrivningsklar").unwrap().status
}

#[test]
fn the_engine_goes_by_the_true_time_from_when_it_was_typed_in() {
    let log = with_answer();
    assert_eq!(reply_status(&log, at("2024-06-10T13:00")), DutyStatus::Open);
    assert_eq!(reply_status(&log, at("2024-06-10T14:29:59")), DutyStatus::Missed, "nobody had entered it");
    assert_eq!(reply_status(&log, at("2024-06-10T14:30")), DutyStatus::Kept, "told before 13, so kept");
}

#[test]
fn the_entry_reads_as_if_it_had_been_entered_at_the_time() {
    let mut prompt = with_answer();
    prompt.entries[3].recorded = None;
    let as_of = at("2024-06-11T12:00");
    assert_eq!(
        evaluate(&agreement("hmr"), &with_answer(), as_of),
        evaluate(&agreement("hmr"), &prompt, as_of)
    );
}

#[test]
fn the_note_stands_in_the_case_of_the_downtime_and_names_the_entry() {
    let written = write(answer(), &told()).unwrap();
    let [entry, note] = written.entries.as_slice() else { panic!("an entry and a note") };
    assert_eq!((entry.happened, entry.recorded), (at("2024-06-10T12:05"), Some(at("2024-06-10T14:30"))));
    assert_eq!((note.case.as_str(), note.kind.as_str()), ("nedetid:lindvik", "fort-etterpa"));
    assert_eq!(note.id.as_deref(), Some("svar-1:fort-etterpa"));
    assert_eq!(note.field("sak"), Some(&Value::text("opphold-1")));
    assert_eq!(note.field("mate"), Some(&Value::text("telefon")));
    assert_eq!(note.person, None, "the note says nothing of the patient");
    assert!(written.findings.is_empty());
}

#[test]
fn the_record_shows_both_times_in_three_languages() {
    let mut kept = down();
    let mut entries = write(answer(), &told()).unwrap().entries;
    let entry = entries.remove(0);
    kept.append(entries);
    let both = |as_of: &str| Both::of(&entry, &kept.0, at(as_of));
    assert_eq!(both("2024-06-10T14:29:59"), None);
    let said = |language| both("2024-06-10T14:30").unwrap().sentence(&norway(), language);
    assert_eq!(
        said(Language::Bokmal),
        "Skjedde mandag 10. juni 2024 kl. 12.05 (ført mandag 10. juni 2024 kl. 14.30 av Nina Navn, fordi: planlagt nedetid hos Lindvik fra mandag 10. juni 2024 kl. 09.00, Oppgradering av fagsystemet), meldt per telefon til Per Lege, Medisin."
    );
    assert_eq!(
        said(Language::Nynorsk),
        "Skjedde måndag 10. juni 2024 kl. 12.05 (ført måndag 10. juni 2024 kl. 14.30 av Nina Navn, fordi: planlagd nedetid hos Lindvik frå måndag 10. juni 2024 kl. 09.00, Oppgradering av fagsystemet), meldt per telefon til Per Lege, Medisin."
    );
    assert_eq!(
        said(Language::English),
        "Happened Monday 10 June 2024 at 12:05 (registered Monday 10 June 2024 at 14:30 by Nina Navn, because: planned downtime at Lindvik from Monday 10 June 2024 at 09:00, Oppgradering av fagsystemet), told by telephone to Per Lege, Medisin."
    );
}

#[test]
fn an_entry_written_as_it_happened_has_one_time() {
    let mut entry = answer();
    assert_eq!(Both::of(&entry, &[], at("2024-06-11T00:00")), None);
    entry.recorded = Some(entry.happened);
    assert_eq!(Both::of(&entry, &[], at("2024-06-11T00:00")), None);
    entry.recorded = Some(at("2024-06-10T12:06"));
    let both = Both::of(&entry, &[], at("2024-06-11T00:00")).unwrap();
    assert_eq!(both.note, None);
    assert!(both.sentence(&norway(), Language::Bokmal).ends_with("(ført mandag 10. juni 2024 kl. 12.06)."));
}

#[test]
fn what_happened_outside_the_downtime_is_taken_and_shown() {
    let rows = [("08:59:59", true), ("09:00", false), ("13:59:59", false), ("14:00", true)];
    for (time, is_shown) in rows {
        let entry = Entry { happened: at(&format!("2024-06-10T{time}")), ..answer() };
        let findings = write(entry, &told()).unwrap().findings;
        assert_eq!(findings == [AfterwardsFinding::OutsideDowntime], is_shown, "{time}");
    }
}

#[test]
fn what_cannot_be_so_is_refused_with_what_to_do() {
    use AfterwardsRefusal::{InFuture, Missing, NoId, UnknownDowntime, WrongOrder};
    assert_eq!(write(Entry { id: None, ..answer() }, &told()).err(), Some(NoId));
    let at_once = Entry { happened: at("2024-06-10T14:30"), ..answer() };
    assert_eq!(write(at_once, &told()).err(), None);
    let later = Entry { happened: at("2024-06-10T14:30:01"), ..answer() };
    assert_eq!(write(later, &told()).err(), Some(InFuture));
    let early = Entry { received: Some(at("2024-06-10T12:04")), ..answer() };
    assert_eq!(write(early, &told()).err(), Some(WrongOrder));
    assert_eq!(
        write(answer(), &Told { to: String::new(), ..told() }).err(),
        Some(Missing("to whom it was told"))
    );
    assert_eq!(write(answer(), &Told { to: String::new(), way: Way::Event, ..told() }).err(), None);
    let unknown = UnknownDowntime("ned-7".to_owned());
    assert_eq!(write(answer(), &Told { downtime: "ned-7".to_owned(), ..told() }).err(), Some(unknown));
    let withdrawn = down().changed(&change_of("c1", ChangeTo::Withdrawn, "2024-06-10T14:00"));
    let refused = afterwards(answer(), &told(), &withdrawn.known(told().recorded)).err();
    assert_eq!(refused, Some(UnknownDowntime("ned-1".to_owned())));
}

/// What a plan registers of what was told: kind, when it was sent and received, and how that is noted.
fn registered(steps: Vec<Step>) -> Vec<(String, Option<Timestamp>, Option<Timestamp>, String)> {
    let told = told();
    let (plan, _) = Plan { steps }.told_otherwise(&told, &down().known(told.recorded)).unwrap();
    assert!(!plan.is_sent(), "nothing goes");
    assert_eq!(
        plan.main().map(|entry| entry.case.as_str()),
        Some("opphold-1"),
        "a plan is about its last step"
    );
    let pairs = plan.steps.chunks(2).map(|pair| {
        let [note, entry] = pair else { panic!("each entry has its note") };
        let (note, entry) = (note.entry(), entry.entry());
        assert_eq!(note.field("oppforing").map(ToString::to_string), entry.id);
        assert_eq!(entry.recorded, Some(told.recorded));
        let way = note.field("mate").map(ToString::to_string).unwrap_or_default();
        (entry.kind.clone(), entry.sent, entry.received, way)
    });
    pairs.collect()
}

#[test]
fn a_plan_of_what_was_told_registers_all_that_would_have_been_sent() {
    let (before, then) = (at("2024-06-10T12:04:59"), at("2024-06-10T12:05"));
    let first = Entry { id: Some("h-1".to_owned()), kind: "helseopplysninger".to_owned(), ..answer() };
    let first = Entry { happened: before, sent: Some(before), ..first };
    let second = Entry { sent: Some(then), ..answer() };
    assert_eq!(
        registered(vec![Step::Send(first), Step::Send(second)]),
        [
            ("helseopplysninger".to_owned(), Some(before), Some(before), "telefon".to_owned()),
            ("svar-utskrivningsklar".to_owned(), Some(then), Some(then), "telefon".to_owned()),
        ]
    );
}

#[test]
fn what_would_only_have_carried_what_is_meant_was_never_told() {
    let then = at("2024-06-10T12:05");
    let carries =
        Entry { id: Some("d-1".to_owned()), kind: "dialog".to_owned(), sent: Some(then), ..answer() };
    assert_eq!(
        registered(vec![Step::Send(carries), Step::Register(answer())]),
        [("svar-utskrivningsklar".to_owned(), Some(then), Some(then), "telefon".to_owned())]
    );
}

#[test]
fn nobody_is_told_of_what_only_happens() {
    let event = Entry { kind: "samarbeidsmote".to_owned(), to: None, ..answer() };
    assert_eq!(
        registered(vec![Step::Register(event)]),
        [("samarbeidsmote".to_owned(), None, None, "hendelse".to_owned())]
    );
}

#[test]
fn every_refusal_says_what_to_do_in_three_languages() {
    let refusals = [
        AfterwardsRefusal::NoId,
        AfterwardsRefusal::InFuture,
        AfterwardsRefusal::WrongOrder,
        AfterwardsRefusal::Missing("to whom it was told"),
        AfterwardsRefusal::UnknownDowntime("ned-9".to_owned()),
    ];
    for refusal in refusals {
        let told = [Language::Bokmal, Language::Nynorsk, Language::English].map(|it| refusal.sentence(it));
        assert!(told.iter().all(|text| text.contains(": ") && text.ends_with('.')), "{told:?}");
        assert_ne!(told[0], told[2]);
    }
}
