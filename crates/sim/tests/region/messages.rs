//! Messages: sound but for those that are wrong on purpose, and saying what the log says.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_formats::{
    messages::{
        Severity,
        ids::PersonNumber,
        ids::SyntheticPolicy,
        model, profile,
        read::{MessageLimits, read},
        types::{Body, Message},
    },
    xml::{XmlLimits, parse},
};
use samspill_service::{
    access::Protection,
    exchange::meaning::{Answers, QuestionKind, Stays, stays},
};
use samspill_sim::{
    ActKind, Fault, Form, GpSettings, Oddity, Sent, Settings, StayKey, World, messages_of, steps, whole_of,
};

const DAYS: u32 = 20;

fn world() -> Arc<World> {
    Arc::new(World::new(1, DAYS))
}

/// The same region with practitioners, and patients who stay elsewhere afterwards.
fn around() -> Arc<World> {
    let mut settings = Settings::shipped();
    let municipality = settings.region.municipalities[0].name.clone();
    settings.region.gps =
        vec![GpSettings { name: "Nordlyset legekontor".to_owned(), municipality, serves: 500 }];
    let people = &mut settings.habits.people;
    (people.elsewhere, people.protected_address, people.protected_identity) = (200, 100, 100);
    Arc::new(World::of(1, DAYS, settings))
}

fn reading(bytes: &[u8]) -> Message {
    let text = std::str::from_utf8(bytes).unwrap();
    read(&parse(text, &XmlLimits::default()).unwrap(), &MessageLimits::default()).0
}

fn is_sound(sent: &Sent) -> bool {
    matches!(sent.form, Form::Usual | Form::Note)
}

#[test]
fn every_message_is_sound_but_for_those_that_are_wrong_on_purpose() {
    let all = messages_of(&world()).unwrap();
    let mut warnings: BTreeMap<&str, usize> = BTreeMap::new();
    for sent in all.iter().filter(|it| is_sound(it)) {
        let text = std::str::from_utf8(&sent.bytes).unwrap();
        let document = parse(text, &XmlLimits::default()).unwrap();
        let broken = model::check(&document);
        assert!(broken.is_empty(), "{broken:?}\n{text}");
        let (message, _) = read(&document, &MessageLimits::default());
        for finding in profile::check(&document, &message, SyntheticPolicy::Require) {
            assert_ne!(finding.severity, Severity::Error, "{finding}\n{text}");
            *warnings.entry(finding.code).or_default() += 1;
        }
        assert_eq!((&message.head.id, message.kind), (&sent.id, sent.kind));
        assert!(sent.unsaid.is_empty(), "{:?} {:?}\n{text}", sent.kind, sent.unsaid);
    }
    println!("{} messages; warnings: {warnings:?}", all.len());
}

#[test]
fn what_is_wrong_on_purpose_is_wrong() {
    let (mut seen, directory) = (BTreeSet::new(), World::new(1, 1).region.directory());
    for sent in (1..=4).flat_map(|seed| messages_of(&Arc::new(World::new(seed, 20))).unwrap()) {
        let Form::Wrong(fault) = sent.form else { continue };
        seen.insert(format!("{fault:?}"));
        let text = String::from_utf8_lossy(&sent.bytes).into_owned();
        let document = parse(&text, &XmlLimits::default());
        match fault {
            Fault::Truncated => assert!(document.is_err(), "{text}"),
            Fault::Schema => assert!(!model::check(&document.unwrap()).is_empty(), "{text}"),
            Fault::UnknownService => {
                let document = document.unwrap();
                assert!(model::check(&document).is_empty(), "{text}");
                let (message, _) = read(&document, &MessageLimits::default());
                let level = message.head.receiver.levels.last().unwrap();
                assert_eq!(level.ids[0].value, sent.to);
                assert!(directory.get(&sent.to).is_none(), "{}", sent.to);
            }
        }
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}

#[test]
fn all_identity_numbers_are_synthetic() {
    let world = world();
    let mut numbers = BTreeSet::new();
    for sent in messages_of(&world).unwrap().iter().filter(|it| is_sound(it)) {
        let message = reading(&sent.bytes);
        numbers.extend(message.head.patient.iter().flat_map(|it| &it.ids).map(|id| id.value.clone()));
    }
    numbers.extend(whole_of(&world).into_iter().filter_map(|entry| entry.person));
    assert!(numbers.len() > 150);
    for number in numbers {
        assert!(("81".."93").contains(&&number[2..4]), "80 is added to the month");
        assert!(PersonNumber::parse(&number, world.start).is_ok(), "its check digits fit");
    }
}

/// An entry of a reply as it is read, before somebody confirms it.
fn as_read(entry: &Entry) -> Entry {
    let mut entry = Entry { case: String::new(), position: Position(0), ..entry.clone() };
    if let Some(body) = &mut entry.body {
        if entry.kind == "svar-utskrivningsklar" {
            body.retain(|name, _| ["tekst", "svar-til"].contains(&name.as_str()));
        }
        // A note has no place for the day that a word tells of; what is empty says nothing.
        body.retain(|_, value| *value != Value::Empty);
    }
    entry.body = entry.body.filter(|body| !body.is_empty());
    if entry.kind == "moteoppsummering" {
        // A person says that the question is a summary.
        "foresporsel".clone_into(&mut entry.kind);
    }
    entry
}

/// The entries of a log by stay, in an order that says nothing.
fn by_stay<'e>(all: impl Iterator<Item = &'e Entry>) -> BTreeMap<StayKey, BTreeSet<String>> {
    let mut stays: BTreeMap<StayKey, BTreeSet<String>> = BTreeMap::new();
    for entry in all {
        let Some(key) = entry.id.as_deref().and_then(StayKey::of_id) else { continue };
        stays.entry(key).or_default().insert(format!("{:?}", as_read(entry)));
    }
    stays
}

/// Stays of which a person may have to be asked, or whose admission somebody registered: of patients whose id is none or another,
/// and of those who are back before all is said of the stay before.
fn odd(world: &Arc<World>) -> BTreeSet<StayKey> {
    let all = steps(world);
    let back = all.iter().filter(|step| step.act.stay.stay > 0).map(|step| step.act.stay);
    let back: Vec<StayKey> = back.flat_map(|key| [key, StayKey { stay: 0, ..key }]).collect();
    // Nothing was told in the first three days: what tells of the admission then may be of another stay.
    let mut first: BTreeMap<StayKey, i64> = BTreeMap::new();
    for step in all.iter().filter(|it| it.act.what != ActKind::Event && !it.entries.is_empty()) {
        first.entry(step.act.stay).or_insert(step.act.at.duration_since(step.act.admitted).as_hours());
    }
    let silent = first.into_iter().filter(|(_, hours)| *hours >= 72).map(|(key, _)| key);
    let silent: Vec<StayKey> = silent.collect();
    let registered =
        all.into_iter().filter(|step| step.act.what == ActKind::Event && step.act.entry.kind == "innlagt");
    let patients = (0..).zip(&world.patients);
    let odd = patients.filter(|(_, it)| matches!(it.oddity, Some(Oddity::WithoutId | Oddity::NewId)));
    let odd = odd.flat_map(|(patient, _)| (0..2).map(move |stay| StayKey { patient, stay }));
    registered.map(|step| step.act.stay).chain(odd).chain(back).chain(silent).collect()
}

fn read_all(world: &Arc<World>) -> Stays {
    let sent = messages_of(world).unwrap();
    let directory = world.region.directory();
    let mut answers = Answers::new(&directory);
    let sound: Vec<&Sent> = sent.iter().filter(|it| is_sound(it)).collect();
    answers.received = sound.iter().map(|it| (it.id.clone(), it.received)).collect();
    stays(&sound.iter().map(|it| reading(&it.bytes)).collect::<Vec<_>>(), &answers)
}

/// From the log to messages and back: the same entries, stay by stay. Where a stay is odd, a person is asked.
#[test]
fn the_log_and_its_messages_say_the_same() {
    says_the_same(&world());
}

/// What goes to another municipality or to a practitioner is of the same stay.
#[test]
fn they_do_where_a_stay_has_two_municipalities_and_a_practitioner() {
    let world = around();
    says_the_same(&world);
    let mut ends: BTreeMap<StayKey, BTreeSet<String>> = BTreeMap::new();
    for entry in whole_of(&world) {
        let key = entry.id.as_deref().and_then(StayKey::of_id);
        let (Some(key), Some(to)) = (key, entry.to) else { continue };
        ends.entry(key).or_default().extend(world.region.party_of(&to).map(str::to_owned));
    }
    let gp = world.region.gps[0].name.as_str();
    let is_whole = |ends: &BTreeSet<String>| {
        ends.contains(gp) && ends.iter().filter(|name| world.region.municipality(name).is_some()).count() > 1
    };
    assert!(ends.values().filter(|ends| is_whole(ends)).count() > 2, "{ends:?}");
}

/// What the log says of a protected patient is a fact that access reads; messages have no field for it.
#[test]
fn the_log_says_who_is_protected_and_of_nobody_else() {
    let world = around();
    let mut seen = BTreeSet::new();
    for entry in whole_of(&world).iter().filter(|entry| entry.kind == "vurdert-utskrivningsklar") {
        let key = entry.id.as_deref().and_then(StayKey::of_event).unwrap();
        let says = |fact: &str| entry.facts.get(fact).map(Value::to_string);
        let said = (says("adressegradering"), says("skjermet-identitet").is_some());
        let wanted = match world.patient(key).unwrap().protection {
            Protection::None => (None, false),
            Protection::Address => (Some("fortrolig".to_owned()), false),
            Protection::Identity => (Some("strengt-fortrolig".to_owned()), true),
        };
        assert_eq!(said, wanted);
        seen.insert(said);
    }
    assert_eq!(seen.len(), 3, "some of each");
}

fn says_the_same(world: &Arc<World>) {
    let log = whole_of(world);
    let read = read_all(world);
    let odd = odd(world);
    let told = by_stay(log.iter());
    let again = by_stay(read.cases.iter().flat_map(|case| &case.entries));
    let mut compared = 0;
    for (key, entries) in told.iter().filter(|(key, _)| !odd.contains(key)) {
        let other = again.get(key).cloned().unwrap_or_default();
        let lost: Vec<_> = entries.difference(&other).collect();
        let new: Vec<_> = other.difference(entries).collect();
        assert!(lost.is_empty() && new.is_empty(), "{key:?}\nlost {lost:#?}\nnew {new:#?}");
        compared += 1;
    }
    println!("{compared} stays say the same, {} are odd; {} questions", odd.len(), read.questions.len());
    assert!(compared > 150, "{compared}");
}

/// What is one stay in the log is one case when the messages are read.
#[test]
fn messages_of_one_stay_become_one_case() {
    let world = world();
    let odd = odd(&world);
    for case in read_all(&world).cases {
        let keys: BTreeSet<StayKey> = keys(&case).filter(|key| !odd.contains(key)).collect();
        assert!(keys.len() <= 1, "{}: {keys:?}", case.case);
    }
}

fn keys(case: &CaseLog) -> impl Iterator<Item = StayKey> {
    case.entries.iter().filter_map(|entry| StayKey::of_id(entry.id.as_deref()?))
}

#[test]
fn questions_are_about_answers_summaries_and_odd_patients() {
    let world = world();
    let (read, odd) = (read_all(&world), odd(&world));
    for question in &read.questions {
        let is_odd = StayKey::of_id(&question.message).is_some_and(|key| odd.contains(&key));
        let is_usual = matches!(question.what, QuestionKind::WhichAnswer | QuestionKind::WhichKind);
        assert!(is_usual || is_odd, "{question:?}");
    }
}

#[test]
fn replies_come_in_both_forms() {
    let all = messages_of(&world()).unwrap();
    let of = |form| all.iter().filter(move |it| it.form == form);
    let replies = |it: &&Sent| match reading(&it.bytes).body {
        Body::Dialog(dialog) => {
            dialog.notes.iter().any(|note| ["1", "7"].contains(&note.theme.value.as_str()))
        }
        Body::Care(_) | Body::Epicrisis(_) | Body::Receipt(_) | Body::Other => false,
    };
    assert!(of(Form::Note).filter(replies).count() > 5 && of(Form::Usual).filter(replies).count() > 20);
}
