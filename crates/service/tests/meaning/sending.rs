//! From entries to messages that are sent, and back.

use proptest::prelude::*;
use samspill_base::{Entry, Position, Value};
use samspill_formats::{
    messages::{
        Severity, make,
        make::{CareContent, MedicineDraft, PatientDraft, PersonDraft, UnitDraft},
        model,
        read::{MessageLimits, read},
        types::{Body, Kind, Message},
    },
    xml::{XmlLimits, parse},
};
use samspill_service::exchange::meaning::{
    AddressBook, Answer, Answers, Beside, Context, Directory, Known, Listed, Outgoing, SendError, Sureness,
    Written, entries, message, stays,
};

use crate::{
    builder::at,
    folder::{own_directory, own_stay},
};

const ADDRESSES: &str = r#"
    [[part]]
    navn = "Sengepost"
    rolle = "sykehus"
    virksomhet = { navn = "Fjordheim sjukehus HF", her = "8100001" }
    tjenester.plo-mottak = { navn = "Medisin plo meldingsmottak", her = "8100101" }

    [[part]]
    navn = "Fjordvik"
    rolle = "kommune"
    virksomhet = { navn = "Lindvik kommune", her = "8200001" }
    tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "8200101" }
    tjenester.saksbehandling = { navn = "Saksbehandling pleie- og omsorgstjenester", her = "8200102" }

    [[part]]
    navn = "Fastlegen"
    rolle = "fastlege"
    virksomhet = { navn = "Lindvik legesenter", her = "8300001" }
    person = { fornavn = "Ingrid", etternavn = "Solvang", her = "8300002", hpr = "9990037" }
"#;

fn book() -> AddressBook {
    AddressBook::read(ADDRESSES).unwrap()
}

fn parties() -> Directory {
    let listed = |name: &str, of: &[&str]| Listed {
        name: name.to_owned(),
        municipalities: of.iter().map(|it| (*it).to_owned()).collect(),
        ..Listed::default()
    };
    Directory::new([
        ("8100001".to_owned(), listed("Sengepost", &[])),
        ("8200001".to_owned(), listed("Fjordvik", &["Fjordvik"])),
        ("8300002".to_owned(), listed("Fastlegen", &[])),
    ])
}

/// What a record system would know of the patient and of who answers.
fn beside() -> Beside {
    let doctor = PersonDraft {
        given_name: "Oda".to_owned(),
        family_name: "Åsheim".to_owned(),
        profession: Some("LE".to_owned()),
        role: Some("21".to_owned()),
        hpr: Some("9990011".to_owned()),
        telephones: vec!["+4757000211".to_owned()],
        ..PersonDraft::default()
    };
    let patient = PatientDraft {
        given_name: "Alma".to_owned(),
        middle_name: "Tind".to_owned(),
        family_name: "Nordvik".to_owned(),
        born: Some("1941-11-23".to_owned()),
        sex: Some("2".to_owned()),
        ..PatientDraft::default()
    };
    let care = CareContent { responsible: vec![doctor], ..CareContent::default() };
    Beside { patient, care, ..Beside::default() }
}

/// The same, with the unit that can be called.
fn with_unit() -> Beside {
    let mut beside = beside();
    beside.care.units.push(UnitDraft {
        name: "Medisinsk sengepost 2".to_owned(),
        telephones: vec!["+4757000210".to_owned()],
        ..UnitDraft::default()
    });
    beside
}

fn guid(number: u32) -> String {
    format!("5b1d6c1e-0000-4000-8000-{number:012}")
}

fn entry(kind: &str, number: u32, happened: &str) -> Entry {
    let mut entry = Entry::new("opphold", kind, Position(0), at(happened));
    entry.id = Some(guid(number));
    entry.person = Some("23914111277".to_owned());
    (entry.from, entry.to) = (Some("Sengepost".to_owned()), Some("Fjordvik".to_owned()));
    entry
}

fn with(mut entry: Entry, fields: &[(&str, &str)]) -> Entry {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), Value::text(*text)));
    entry.body.get_or_insert_default().extend(fields);
    entry
}

fn by_municipality(mut entry: Entry) -> Entry {
    std::mem::swap(&mut entry.from, &mut entry.to);
    entry
}

fn admitted() -> Entry {
    let mut event = entry("innlagt", 1, "2026-03-09T14:20:00");
    event.id = Some(format!("{}#innlagt", guid(1)));
    event
}

fn reading(xml: &str) -> Message {
    let document = parse(xml, &XmlLimits::default()).unwrap();
    let broken = model::check(&document);
    assert!(broken.is_empty(), "{broken:?}\n{xml}");
    read(&document, &MessageLimits::default()).0
}

fn write_with(entry: &Entry, stay: &[Entry], known: &Known, beside: &Beside) -> Result<Written, SendError> {
    let id = entry.id.clone().unwrap();
    let id = if id.len() == 36 { id } else { guid(999) };
    message(entry, stay, &book(), &Outgoing::new(&id, known, beside))
}

fn write(entry: &Entry, stay: &[Entry]) -> Written {
    write_with(entry, stay, &Known::default(), &with_unit())
        .unwrap_or_else(|why| panic!("{}: {why}", entry.kind))
}

fn warnings(written: &Written) -> Vec<&'static str> {
    let warnings = written.made.warnings.iter().filter(|it| it.severity == Severity::Warning);
    warnings.map(|it| it.code).collect()
}

/// An admission and its notice, ready to be answered, and the entry to be sent, last.
fn stay_with(last: Entry) -> Vec<Entry> {
    vec![
        admitted(),
        entry("melding-om-innlagt-pasient", 1, "2026-03-09T15:05:00"),
        with(entry("tidligmelding", 2, "2026-03-10T09:30:00"), &[("status", "Stabil.")]),
        entry("utskrivningsklar", 3, "2026-03-17T12:15:00"),
        last,
    ]
}

/// The entry that a message gives when it is read again in its stay.
fn read_again(written: &Written, stay: &[Entry]) -> Entry {
    let (mut known, directory) = (Known::default(), parties());
    for earlier in stay.iter().filter(|it| it.kind != "innlagt" && it.id.as_ref().unwrap().len() == 36) {
        let Ok(written) = write_with(earlier, stay, &Known::default(), &with_unit()) else { continue };
        learn(&mut known, &directory, &reading(&written.made.xml));
    }
    let mapped = learn(&mut known, &directory, &reading(&written.made.xml));
    mapped.last().cloned().unwrap_or_else(|| panic!("{} gives no entry", written.made.xml))
}

fn learn(known: &mut Known, directory: &Directory, message: &Message) -> Vec<Entry> {
    let context = Context::new(known, directory);
    let (mapped, zone) = (entries(message, &context), context.zone.clone());
    known.learn(message, &mapped, &zone);
    mapped.entries
}

/// What an entry says, but for its case and place, and the facts that come with reading.
fn bare(entry: &Entry) -> Entry {
    Entry { case: String::new(), position: Position(0), facts: [].into(), ..entry.clone() }
}

/// Each kind that a message tells of, with as much as it can say.
fn each_kind() -> Vec<Entry> {
    [at_admission(), during_the_stay(), when_ready(), at_discharge()].concat()
}

fn at_admission() -> Vec<Entry> {
    let report = [
        ("arsak", "Tung pust."),
        ("tjenester", "Hjemmesykepleie\nTrygghetsalarm"),
        ("hyppighet", "Morgen og kveld"),
        ("tilstand", "Klarer seg selv.\nJ449 Kols"),
        ("kontaktpunkt", "Medisinsk sengepost 2, +4757000210"),
        ("sykepleieopplysninger", "Klarer seg selv.\nSønnen har nøkkel."),
        ("adl", "Personlig hygiene: Hjelp til dusj"),
        ("iplos", "Bevege seg innendørs: 2\nPersonlig hygiene: 3"),
        ("iplos-merknad", "Personlig hygiene: Hjelp til dusj"),
        ("tiltak", "Rullator."),
        ("hjelpemidler", "Rullator"),
    ];
    let early = [
        ("arsak", "Fall."),
        ("status", "Stabil."),
        ("forventet-forlop", "Trenger opptrening."),
        ("forventet-utskrivning", "2026-03-16"),
    ];
    vec![
        entry("melding-om-innlagt-pasient", 10, "2026-03-09T15:05:00"),
        by_municipality(with(entry("innleggelsesrapport", 11, "2026-03-09T18:41:00"), &report)),
        with(entry("tidligmelding", 12, "2026-03-10T09:32:00"), &early),
    ]
}

fn during_the_stay() -> Vec<Entry> {
    let health = [
        ("status", "Bedre."),
        ("forventet-forlop", "Korttidsopphold."),
        ("forventet-utskrivning", "2026-03-17"),
        ("problem-innleggelse", "Lungebetennelse."),
        ("problem-ovrige", "Sukkersyke."),
        ("uavklart", "Svimmelhet."),
        ("diagnose-og-plan", "J189 Pneumoni\nOksygen trappes ned."),
        ("funksjon", "Går med rullator."),
    ];
    let answered = guid(17);
    let answer = [("svar-til", answered.as_str()), ("tekst", "Listen er vedlagt.")];
    vec![
        with(entry("helseopplysninger", 13, "2026-03-13T11:10:00"), &health),
        with(
            entry("foresporsel", 17, "2026-03-11T10:00:00"),
            &[("sporsmal", "Hvilke legemidler bruker hun?")],
        ),
        by_municipality(with(entry("svar-pa-foresporsel", 18, "2026-03-11T12:00:00"), &answer)),
        with(entry("helsefaglig-dialog", 23, "2026-03-12T08:00:00"), &[("tekst", "Kan vi møtes torsdag?")]),
    ]
}

fn when_ready() -> Vec<Entry> {
    let notice = guid(3);
    let ready = [("utskrivningsklar-dato", "2026-03-17"), ("ansvarlig", "Oda Åsheim, +4757000211")];
    let reply = [("tekst", "Kommunen kan ta imot pasienten fra 19.03.2026."), ("svar-til", notice.as_str())];
    let wrong = [("gjelder", notice.as_str()), ("tekst", "Pasienten bor ikke i kommunen.")];
    vec![
        with(entry("utskrivningsklar", 14, "2026-03-17T12:15:00"), &ready),
        entry("avmelding", 15, "2026-03-17T16:00:00"),
        by_municipality(with(entry("svar-utskrivningsklar", 16, "2026-03-17T13:52:00"), &reply)),
        by_municipality(with(entry("feil-i-melding", 19, "2026-03-17T12:30:00"), &wrong)),
    ]
}

fn at_discharge() -> Vec<Entry> {
    let left = |kind, number| {
        let mut left = entry(kind, number, "2026-03-19T10:45:00");
        left.sent = Some(at("2026-03-19T11:00:00"));
        left
    };
    let report = [("planer", "Kontroll om fire uker."), ("sammenfatning", "Oppe til måltider.")];
    vec![
        with(left("utskrevet", 20), &[("utskrevet-til", "Sykehjem/aldershjem/helsehus")]),
        left("dodsfall", 21),
        with(entry("utskrivningsrapport", 22, "2026-03-19T11:25:00"), &report),
    ]
}

#[test]
fn each_kind_becomes_a_message_that_reads_back_as_the_same_entry() {
    for told in each_kind() {
        let mut stay = stay_with(told.clone());
        stay.push(with(entry("foresporsel", 17, "2026-03-11T10:00:00"), &[("sporsmal", "Hva?")]));
        let written = write(&told, &stay);
        assert!(written.unsaid.is_empty(), "{}: {:?}\n{}", told.kind, written.unsaid, written.made.xml);
        let mut again = read_again(&written, &stay[..4]);
        // What is read always has a body, though it may be empty; a ready notice gets what the early notice said.
        let carried = again.body.as_mut().and_then(|body| body.remove("problem-innleggelse"));
        match told.kind.as_str() {
            "utskrivningsklar" => assert_eq!(carried, Some(Value::text("Stabil."))),
            _ => again.body.iter_mut().for_each(|body| {
                body.extend(carried.clone().map(|it| ("problem-innleggelse".to_owned(), it)));
            }),
        }
        again.body = again.body.filter(|body| !body.is_empty());
        assert_eq!(bare(&again), bare(&told), "{}\n{}", told.kind, written.made.xml);
    }
}

/// What is left is what the entry and the record don't know: a contact at the receiver's, headings without text.
#[test]
fn no_message_has_a_warning_that_its_data_could_have_avoided() {
    for told in each_kind() {
        let mut stay = stay_with(told.clone());
        stay.push(with(entry("foresporsel", 17, "2026-03-11T10:00:00"), &[("sporsmal", "Hva?")]));
        let expected: &[&str] = match told.kind.as_str() {
            "innleggelsesrapport" => &["kartlegging-dato"],
            "utskrivningsrapport" => &["utskrivning-problemstilling", "utskrivning-praktisk"],
            "helsefaglig-dialog" => &["dialog-kontakt-hos-mottaker"],
            _ => &[],
        };
        assert_eq!(warnings(&write(&told, &stay)), expected, "{}", told.kind);
    }
}

/// Our own stay, from messages to a log, from the log to messages, and to a log again: nothing is lost.
#[test]
fn our_own_stay_is_sent_again_and_reads_the_same() {
    let (directory, originals) = (own_directory(), own_stay());
    let mut known = Known::default();
    for original in &originals {
        learn(&mut known, &directory, original);
    }
    let before = stays(&originals, &Answers::new(&directory)).cases.remove(0).entries;
    let mut sent = Vec::new();
    for told in before.iter().filter(|it| it.kind != "innlagt") {
        let written = write_with(told, &before, &known, &record_of(told)).unwrap();
        assert!(written.unsaid.is_empty(), "{}: {:?}\n{}", told.kind, written.unsaid, written.made.xml);
        let expected: &[&str] = match told.kind.as_str() {
            "utskrivningsrapport" => &["utskrivning-problemstilling", "utskrivning-praktisk"],
            _ => &[],
        };
        assert_eq!(warnings(&written), expected, "{}", told.kind);
        sent.push(reading(&written.made.xml));
    }
    let after = stays(&sent, &Answers::new(&directory)).cases.remove(0).entries;
    assert_eq!(after, before);
}

/// What the record system has that the log has no words for.
fn record_of(told: &Entry) -> Beside {
    let mut record = with_unit();
    if told.kind == "innleggelsesrapport" {
        record.care.units.clear();
        record.care.medicines =
            vec![MedicineDraft { name: "Furosemid".to_owned(), ..MedicineDraft::default() }];
        "02.03.2026".clone_into(&mut record.care.functions.get_or_insert_default().assessed);
    }
    record
}

#[test]
fn a_day_without_a_time_is_told_as_a_day_and_read_so_again() {
    for (happened, made) in
        [("2026-03-18T23:59:59", "2026-03-19T11:00:00"), ("2026-03-19T11:00:00", "2026-03-19T11:00:00")]
    {
        let mut told =
            with(entry("utskrevet", 20, happened), &[("oppgitt", "dag"), ("utskrevet-til", "Pasienthotell")]);
        told.sent = Some(at(made)).filter(|sent| *sent != told.happened);
        let stay = stay_with(told.clone());
        let written = write(&told, &stay);
        assert!(written.made.xml.contains(&format!("V=\"{}\"", &happened[..10])), "{}", written.made.xml);
        assert_eq!(bare(&read_again(&written, &stay[..4])), bare(&told));
    }
    let exact = with(entry("utskrevet", 20, "2026-03-18T23:59:59"), &[]);
    let written = write(&exact, &stay_with(exact.clone()));
    assert!(written.made.xml.contains("V=\"2026-03-18T23:59:59\""), "a time that only looks like a day");
}

#[test]
fn a_time_that_came_twice_is_told_with_its_offset() {
    let mut told = entry("utskrevet", 20, "2025-10-26T02:30:00+01:00");
    told.sent = Some(at("2025-10-26T03:00:00"));
    let written = write(&told, &stay_with(told.clone()));
    assert!(written.made.xml.contains("2025-10-26T02:30:00+01:00"), "{}", written.made.xml);
}

#[test]
fn a_cancellation_says_what_it_cancels_and_to_whom() {
    for target in ["melding-om-innlagt-pasient", "tidligmelding", "utskrivningsklar"] {
        let stay = stay_with(entry("avmelding", 4, "2026-03-17T14:00:00"));
        let told = stay.iter().find(|it| it.kind == target).unwrap();
        let (mut known, directory) = (Known::default(), parties());
        let original = reading(&write(told, &stay).made.xml);
        let given = learn(&mut known, &directory, &original);
        let mut cancels = with(
            entry("kansellering", 50, "2026-03-18T08:00:00"),
            &[("gjelder", given.last().unwrap().id.as_deref().unwrap())],
        );
        (cancels.from, cancels.to) = (None, None);
        let written = write_with(&cancels, &stay, &known, &with_unit()).unwrap();
        assert_eq!(warnings(&written), [""; 0], "{target}");
        let message = reading(&written.made.xml);
        assert_eq!(message.head.status.as_ref().unwrap().value, "C");
        assert_eq!((message.kind, &message.head.receiver), (original.kind, &original.head.receiver));
        assert_eq!(message.head.conversation.as_ref().unwrap().parent, original.head.id);
        let undone = learn(&mut known, &directory, &message);
        let named: Vec<_> = undone.iter().map(|it| it.field("gjelder").unwrap().to_string()).collect();
        let ids: Vec<_> = given.iter().map(|it| it.id.clone().unwrap()).collect();
        assert_eq!(named, ids, "{target}: all that the message gave");
    }
}

#[test]
fn a_change_says_everything_again_and_what_it_replaces() {
    let first = with(entry("helseopplysninger", 30, "2026-03-13T11:10:00"), &[("status", "Stabil.")]);
    let change = with(
        entry("helseopplysninger", 31, "2026-03-13T12:10:00"),
        &[("status", "Bedre."), ("erstatter", &guid(30))],
    );
    let mut stay = stay_with(first);
    stay.push(change.clone());
    let written = write(&change, &stay);
    let message = reading(&written.made.xml);
    assert_eq!(message.head.status.as_ref().unwrap().value, "M");
    assert_eq!(message.head.conversation.unwrap().parent, guid(30));
    assert_eq!(bare(&read_again(&written, &stay[..5])), bare(&change));
}

#[test]
fn messages_go_to_the_service_that_the_profile_says_or_the_address_book_or_that_was_answered() {
    let receiver = |told: &Entry, book: &AddressBook| {
        let stay = stay_with(told.clone());
        let (known, beside, id) = (Known::default(), with_unit(), guid(999));
        let written = message(told, &stay, book, &Outgoing::new(&id, &known, &beside)).unwrap();
        written.draft.head().receiver.service.clone().unwrap().her.unwrap()
    };
    let ready = entry("utskrivningsklar", 14, "2026-03-17T12:15:00");
    let notice = entry("melding-om-innlagt-pasient", 10, "2026-03-09T15:05:00");
    assert_eq!(receiver(&ready, &book()), "8200102");
    assert_eq!(receiver(&notice, &book()), "8200101");
    let local = r#"mottar = { utskrivningsklar = "sykepleie" }"#;
    let line = "tjenester.sykepleie =";
    let local = AddressBook::read(&ADDRESSES.replace(line, &format!("{local}\n{line}"))).unwrap();
    assert_eq!(receiver(&ready, &local), "8200101", "as the municipality wants it");
    let mut named = ready.clone();
    named.to = Some("8200101".to_owned());
    assert_eq!(receiver(&named, &book()), "8200101", "the service that the entry names");
    let reply = by_municipality(with(
        entry("svar-utskrivningsklar", 16, "2026-03-17T13:52:00"),
        &[("svar", "kan-ta-imot")],
    ));
    assert_eq!(receiver(&reply, &book()), "8100101");
}

#[test]
fn a_death_is_told_by_the_message_that_its_sender_has_for_it() {
    let mut died = entry("dodsfall", 21, "2026-03-19T10:45:00");
    died.sent = Some(at("2026-03-19T11:00:00"));
    let by = |entry: &Entry| reading(&write(entry, &stay_with(entry.clone())).made.xml);
    let hospital = by(&died);
    assert_eq!(hospital.kind, Kind::Utskrevet);
    assert!(
        matches!(&hospital.body, Body::Care(care) if care.discharge_state.as_ref().unwrap().value == "2")
    );
    let mut at_home = died.clone();
    (at_home.from, at_home.to) = (Some("Fjordvik".to_owned()), Some("Fastlegen".to_owned()));
    assert_eq!(by(&at_home).kind, Kind::Dodsfall);
}

#[test]
fn what_cannot_be_sent_says_what_to_do() {
    let known = Known::default();
    let fails = |entry: &Entry, stay: &[Entry]| write_with(entry, stay, &known, &with_unit()).unwrap_err();
    let notice = entry("melding-om-innlagt-pasient", 10, "2026-03-09T15:05:00");
    assert_eq!(fails(&notice, &[]), SendError::NoAdmission);
    let event = entry("behov-oppdaget", 10, "2026-03-09T15:05:00");
    assert_eq!(fails(&event, &[]), SendError::NoMessage("behov-oppdaget".to_owned()));
    let stay = stay_with(notice.clone());
    let changed = with(notice.clone(), &[("erstatter", &guid(1))]);
    assert_eq!(fails(&changed, &stay), SendError::NotChangeable("innlagt"));
    let reply = by_municipality(with(
        entry("svar-utskrivningsklar", 16, "2026-03-17T13:52:00"),
        &[("tekst", "Kanskje")],
    ));
    assert_eq!(fails(&reply, &stay), SendError::NoAnswer);
    let past = with(reply.clone(), &[("svar", "kan-ta-imot"), ("fra", "2026-03-16")]);
    assert_eq!(fails(&past, &stay), SendError::UnclearAnswer);
    let nowhere = with(entry("kansellering", 50, "2026-03-18T08:00:00"), &[("gjelder", "x")]);
    assert_eq!(fails(&nowhere, &stay), SendError::NothingToCancel("x".to_owned()));
    let mut with_reply = stay.clone();
    with_reply.push(reply);
    let undone = with(entry("kansellering", 50, "2026-03-18T08:00:00"), &[("gjelder", &guid(16))]);
    assert_eq!(fails(&undone, &with_reply), SendError::NotCancellable("helsefaglig-dialog"));
    let mut unknown = notice.clone();
    unknown.to = Some("Fjernvik".to_owned());
    assert_eq!(fails(&unknown, &stay), SendError::UnknownParty("Fjernvik".to_owned()));
    let mut other = with_unit();
    other.patient.fnr = Some("12885012345".to_owned());
    assert_eq!(write_with(&notice, &stay, &known, &other), Err(SendError::OtherPatient));
    let mut nameless = with_unit();
    nameless.patient = PatientDraft::default();
    assert!(matches!(write_with(&notice, &stay, &known, &nameless), Err(SendError::Refused(_))));
}

#[test]
fn what_a_message_has_no_place_for_is_told() {
    let told = with(
        entry("tidligmelding", 12, "2026-03-10T09:32:00"),
        &[("status", "Stabil."), ("bolig", "Uegnet.")],
    );
    assert_eq!(write(&told, &stay_with(told.clone())).unsaid, ["bolig"]);
}

#[test]
fn a_draft_can_be_looked_at_before_it_is_made() {
    let told = entry("avmelding", 15, "2026-03-17T16:00:00");
    let (known, beside, id) = (Known::default(), with_unit(), guid(15));
    let outgoing = Outgoing::new(&id, &known, &beside);
    let draft =
        samspill_service::exchange::meaning::draft(&told, &stay_with(told.clone()), &book(), &outgoing)
            .unwrap();
    assert_eq!(draft.kind(), Kind::Avmelding);
    assert_eq!(draft.head().conversation.as_ref().unwrap().parent, guid(3), "the notice it takes back");
    assert!(matches!(&draft, make::Draft::Care(_, care) if care.content.events.len() == 2));
}

/// Fields of an early notice or an update, each with some text.
fn some_fields() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let names = vec![
        "status",
        "forventet-forlop",
        "problem-innleggelse",
        "problem-ovrige",
        "uavklart",
        "diagnose-og-plan",
        "funksjon",
    ];
    let lines = prop::sample::select(vec![
        "Stabil.",
        "Trenger hjelp, < 2 ganger & daglig",
        "J449 Kols",
        "I10 Høyt blodtrykk",
        "«Nei»: sier hun",
        "Personlig hygiene: ja",
        "  innrykk",
        "]]> æøå \u{1F600}",
    ]);
    let text = prop::collection::vec(lines, 1..4).prop_map(|lines| lines.join("\n").trim().to_owned());
    prop::sample::subsequence(names, 0..=7).prop_flat_map(move |names| {
        let texts = prop::collection::vec(text.clone(), names.len());
        (Just(names), texts).prop_map(|(names, texts)| names.into_iter().zip(texts).collect())
    })
}

fn some_answer() -> impl Strategy<Value = Answer> {
    let day = prop::option::of(
        (0..400_i64)
            .prop_map(|days| jiff::civil::date(2026, 3, 17).saturating_add(jiff::Span::new().days(days))),
    );
    (day, any::<bool>()).prop_map(|(day, can)| {
        if can { Answer::CanReceive { from: day } } else { Answer::CannotReceive { expected: day } }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Whatever an update says in each of its fields, the message says it in the same words.
    #[test]
    fn any_texts_come_through(fields in some_fields()) {
        let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let told = with(entry("helseopplysninger", 13, "2026-03-13T11:10:00"), &fields);
        let stay = stay_with(told.clone());
        let written = write(&told, &stay);
        prop_assert_eq!(&written.unsaid, &[""; 0], "{}", written.made.xml);
        let again = read_again(&written, &stay[..3]);
        for (name, text) in &fields {
            let read = again.field(name);
            let is_status = *name == "problem-innleggelse";
            prop_assert!(read == Some(&Value::text(*text)) || is_status, "{name}: {read:?}, not {text}");
        }
    }

    /// A typed answer, with or without words of any kind beside it, is read as just that answer.
    #[test]
    fn a_typed_reply_is_read_as_what_it_says(
        answer in some_answer(),
        words in prop::sample::select(vec!["", "Ring Knut ved spørsmål.", "Vi kan ikke love noe.", "Kan ta imot i morgen."])
    ) {
        let (word, field, day) = match answer {
            Answer::CanReceive { from } => ("kan-ta-imot", "fra", from),
            Answer::CannotReceive { expected } => ("kan-ikke-ta-imot", "forventet", expected),
        };
        let mut told = by_municipality(with(
            entry("svar-utskrivningsklar", 16, "2026-03-17T13:52:00"),
            &[("svar", word), ("tekst", words)],
        ));
        if let Some(day) = day {
            told = with(told, &[(field, &day.to_string())]);
        }
        let stay = stay_with(told.clone());
        let written = write(&told, &stay);
        let (mut known, directory) = (Known::default(), parties());
        learn(&mut known, &directory, &reading(&write(&stay[3], &stay).made.xml));
        let context = Context::new(&known, &directory);
        let suggestion = entries(&reading(&written.made.xml), &context).suggestion.unwrap();
        prop_assert_eq!((suggestion.answer, suggestion.sureness), (Some(answer), Sureness::Clear));
    }
}
