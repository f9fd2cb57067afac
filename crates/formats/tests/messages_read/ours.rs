//! What is read of our own messages, one of each kind and version.

use samspill_formats::{
    messages::{
        ids::SyntheticPolicy,
        model, profile,
        read::{self, MessageLimits},
        types::{
            Absence, Body, CareBody, Code, Detected, DialogBody, EpicrisisBody, Kind, Message, Party,
            Precision, Receipt, Request, Version,
        },
    },
    xml::{XmlLimits, parse},
};

use crate::{data, files_in, read_ours, read_text, text_of};

/// A message in a few lines: the head in one, then each thing that the body says.
fn told(message: &Message) -> String {
    let head = &message.head;
    let mut lines = vec![format!(
        "{:?} {:?} {} {} {} > {}{}",
        message.kind,
        message.version,
        head.status.as_ref().map_or("-", |status| &status.value),
        head.made.text,
        party(&head.sender),
        party(&head.receiver),
        head.others
            .iter()
            .fold(String::new(), |all, it| all + &format!(" {}:{}", it.role.value, party(&it.party))),
    )];
    match &message.body {
        Body::Care(care) => care_lines(care, &mut lines),
        Body::Dialog(dialog) => dialog_lines(dialog, &mut lines),
        Body::Epicrisis(epicrisis) => epicrisis_lines(epicrisis, &mut lines),
        Body::Receipt(receipt) => lines.push(receipt_line(receipt)),
        Body::Other => {}
    }
    let ends: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    ends.join("\n")
}

fn party(party: &Party) -> String {
    let ids = party.levels.iter().filter_map(|level| level.ids.first()).map(|id| id.value.as_str());
    ids.collect::<Vec<_>>().join("/")
}

fn code(code: Option<&Code>) -> String {
    match code {
        Some(code) => format!("{}:{}", code.table.rsplit('.').next().unwrap(), code.value),
        None => "-".to_owned(),
    }
}

fn care_lines(care: &CareBody, lines: &mut Vec<String>) {
    let mut line = |text: String| lines.push(text);
    care.content_type.iter().for_each(|content| line(format!("content {}", code(Some(content)))));
    care.request.iter().for_each(|request| line(request_line(request)));
    for event in &care.events {
        line(format!("event {} {} {:?}", code(event.code.as_ref()), event.at.text, event.is_estimate));
    }
    if care.discharged_to.is_some() {
        let (to, state) = (care.discharged_to.as_ref(), care.discharge_state.as_ref());
        line(format!("to {} {}", code(to), code(state)));
    }
    for (role, contacts) in
        [("responsible", &care.responsible), ("unit", &care.units), ("contact", &care.contacts)]
    {
        for contact in contacts {
            line(format!("{role} {} {}", contact.name, contact.telecoms.join(" ")));
        }
    }
    finding_lines(care, lines);
    lines.extend(care.absence.as_deref().map(absence_line));
}

/// What was found and what is needed.
fn finding_lines(care: &CareBody, lines: &mut Vec<String>) {
    let mut line = |text: String| lines.push(text);
    for diagnosis in &care.diagnoses {
        line(format!("diagnosis {} {:?}", code(diagnosis.code.as_ref()), diagnosis.is_main));
    }
    for section in &care.sections {
        line(format!("section {} {} {:.12}", section.element, code(section.heading.as_ref()), section.text));
    }
    for service in &care.services {
        let need = if service.is_needed { "needs" } else { "has" };
        line(format!(
            "{need} {} {} {}",
            code(service.code.as_ref()),
            service.name,
            service.text.replace('\n', " / ")
        ));
    }
    for function in &care.functions {
        line(format!("function {} {} {}", code(function.code.as_ref()), function.score, function.note));
    }
    if care.has_medicines {
        line("medicines".to_owned());
    }
}

fn absence_line(absence: &Absence) -> String {
    let days = [&absence.from, &absence.until].map(|day| day.as_ref().unwrap().text.clone());
    let to = &absence.forwarded_to.as_ref().unwrap().name;
    let flags = format!("{:?} {:?}", absence.is_away, absence.is_forwarded);
    format!("away {flags} {} {to} {}", days.join("–"), absence.note)
}

fn dialog_lines(dialog: &DialogBody, lines: &mut Vec<String>) {
    for note in &dialog.notes {
        lines.push(format!(
            "note {} [{}] {}",
            code(Some(&note.theme)),
            note.theme_text,
            note.text.replace('\n', "⏎")
        ));
        lines.extend(note.request.as_ref().map(request_line));
        for role in &note.roles {
            lines.push(format!("role {} {}", code(role.role.as_ref()), role.name));
        }
    }
    lines.extend(dialog.requests.iter().map(request_line));
}

fn request_line(request: &Request) -> String {
    let question = request.question.replace('\n', "⏎");
    format!(
        "request {} {question} {} {}",
        code(Some(&request.kind)),
        request.reason,
        code(request.urgency.as_ref())
    )
}

fn epicrisis_lines(epicrisis: &EpicrisisBody, lines: &mut Vec<String>) {
    let [from, until] = [&epicrisis.from, &epicrisis.until].map(|time| time.as_ref().unwrap().text.clone());
    lines.push(format!("stay {from} {until}"));
    for diagnosis in &epicrisis.diagnoses {
        lines.push(format!("diagnosis {} {:?}", code(diagnosis.code.as_ref()), diagnosis.is_main));
    }
    for section in &epicrisis.sections {
        let heading = code(section.heading.as_ref());
        lines.push(format!("section {} {heading} {}", section.element, section.text.replace('\n', "⏎")));
    }
}

fn receipt_line(receipt: &Receipt) -> String {
    let roles = [&receipt.sender_role, &receipt.receiver_role].map(|role| code(role.as_ref()));
    let errors: Vec<String> =
        receipt.errors.iter().map(|error| format!("{}={}", error.value, error.original)).collect();
    format!(
        "receipt {} {} {} {} {}",
        receipt.status.value,
        receipt.original_type.value,
        receipt.original_made.text,
        roles.join(" "),
        errors.join(" ")
    )
}

/// Each message of ours, told as `tests/data/messages/told.txt` has it, and without a finding.
#[test]
fn every_message_says_what_it_is_told_to_say() {
    let expected = std::fs::read_to_string(data().join("told.txt")).unwrap();
    let mut told_all = String::new();
    for path in files_in(&data()) {
        let name = path.strip_prefix(data()).unwrap().with_extension("").display().to_string();
        let (message, findings) = read_ours(&name);
        assert_eq!(findings, [], "{name}");
        let block = format!("=== {name}\n{}\n", told(&message));
        assert!(expected.contains(&block), "told.txt says otherwise than\n{block}");
        told_all.push_str(&block);
    }
    assert_eq!(told_all.len(), expected.len(), "told.txt has a message that isn't there");
}

#[test]
fn each_kind_and_version_has_a_message() {
    let mut kinds: Vec<_> = files_in(&data())
        .iter()
        .map(|path| {
            let name = path.strip_prefix(data()).unwrap().with_extension("");
            let message = read_ours(name.to_str().unwrap()).0;
            (message.kind, message.version)
        })
        .collect();
    kinds.sort();
    kinds.dedup();
    for kind in [
        Kind::Innlagt,
        Kind::Innleggelsesrapport,
        Kind::Helseopplysninger,
        Kind::Utskrivningsklar,
        Kind::Avmelding,
        Kind::Utskrevet,
        Kind::Utskrivningsrapport,
        Kind::Dodsfall,
        Kind::TilLege,
        Kind::Tjenestetilbud,
        Kind::MedisinskeOpplysninger,
    ] {
        assert!(kinds.contains(&(kind, Version::Plo16)), "{kind:?}");
    }
    assert!(kinds.len() >= 26 && kinds.iter().all(|(_, version)| *version != Version::Unknown), "{kinds:?}");
}

/// So that they can stand for what others send: schema, profiles and code tables have nothing to say.
#[test]
fn every_message_follows_schema_and_profile() {
    for path in files_in(&data()) {
        let text = text_of(&path).unwrap();
        let document = parse(&text, &XmlLimits::default()).unwrap();
        let (message, _) = read::read(&document, &MessageLimits::default());
        assert_eq!(model::check(&document), [], "{}", path.display());
        assert_eq!(profile::check(&document, &message, SyntheticPolicy::Require), [], "{}", path.display());
    }
}

#[test]
fn the_stay_is_one_story() {
    let files = files_in(&data().join("opphold"));
    let messages: Vec<Message> =
        files.iter().map(|path| read_text(&text_of(path).unwrap(), &MessageLimits::default()).0).collect();
    assert!(messages.windows(2).all(|pair| pair[0].head.made.earliest() < pair[1].head.made.earliest()));
    let patient = &messages[0].head.patient;
    assert!(messages.iter().all(|message| message.head.patient == *patient));
    let ids: Vec<&str> = messages.iter().map(|message| message.head.id.as_str()).collect();
    let threads: Vec<_> = messages
        .iter()
        .map(|message| {
            let place = |id: &str| ids.iter().position(|other| *other == id).unwrap() + 1;
            message.head.conversation.as_ref().map(|it| (place(&it.parent), place(&it.first)))
        })
        .collect();
    let expected = [None, Some((1, 1)), None, Some((3, 3)), None, Some((5, 5)), Some((6, 5)), None, None];
    assert_eq!(threads, expected);
}

#[test]
fn the_patient_and_the_parties_are_read_whole() {
    let (message, _) = read_ours("opphold/01-innlagt");
    let patient = message.head.patient.unwrap();
    let names = [&patient.given_name, &patient.middle_name, &patient.family_name];
    assert_eq!(names, ["Alma", "Tind", "Nordvik"]);
    let born = patient.born.unwrap().value.unwrap();
    assert_eq!((born.local.to_string().as_str(), born.precision), ("1941-11-23T00:00:00", Precision::Day));
    assert_eq!(
        (patient.sex.unwrap().value.as_str(), patient.municipality.unwrap().value.as_str()),
        ("2", "4640")
    );
    assert_eq!((patient.ids[0].value.as_str(), patient.ids[0].kind.value.as_str()), ("23914111277", "FNR"));
    let levels: Vec<_> =
        message.head.receiver.levels.iter().map(|it| (it.name.as_str(), it.is_person)).collect();
    assert_eq!(levels, [("Lindvik kommune", false), ("Sykepleietjeneste", false)]);
    assert_eq!(message.head.receiver.levels[1].ids[0].kind.table, "2.16.578.1.12.4.1.1.9051");
    assert_eq!(
        (message.head.ack.unwrap().value.as_str(), message.head.processing.unwrap().value.as_str()),
        ("J", "P")
    );
    assert_eq!(message.head.type_code.name, "Melding om innlagt pasient");
}

#[test]
fn a_person_within_an_organisation_is_its_last_level() {
    for (name, expected) in [
        ("plo16-dodsfall", [("Torget legekontor", false), ("Ingrid Solvang", true)]),
        ("epikrise12", [("Torget legekontor", false), ("Ingrid Solvang", true)]),
    ] {
        let (message, _) = read_ours(name);
        let levels: Vec<_> =
            message.head.receiver.levels.iter().map(|it| (it.name.as_str(), it.is_person)).collect();
        assert_eq!(levels, expected, "{name}");
    }
}

#[test]
fn files_come_with_type_name_and_bytes() {
    let (message, _) = read_ours("dialog11-vedlegg");
    let files: Vec<_> = message
        .attachments
        .iter()
        .map(|file| {
            (
                file.mime_type.as_str(),
                file.detected,
                file.description.as_str(),
                file.bytes.as_ref().unwrap().len(),
            )
        })
        .collect();
    let expected = [
        ("application/pdf", Detected::Pdf, "Prøvesvar 20.03.2026", 191),
        ("image/png", Detected::Png, "Bilde av sår", 67),
    ];
    assert_eq!(files, expected);
    assert!(message.attachments[0].bytes.as_ref().unwrap().ends_with(b"%%EOF\n"));
}

#[test]
fn a_role_names_the_unit_and_the_person_in_it() {
    let Body::Dialog(dialog) = read_ours("dialog11-vedlegg").0.body else { panic!() };
    let roles: Vec<_> =
        dialog.notes[0].roles.iter().map(|role| (role.name.as_str(), role.telecoms.join(" "))).collect();
    let expected =
        [("Oda Åsheim", "tel:+4757000211"), ("Lindvik helsehus", "tel:+4757000340"), ("Siv Moe", "")];
    assert_eq!(roles.iter().map(|(name, telecom)| (*name, telecom.as_str())).collect::<Vec<_>>(), expected);
    let profession = dialog.notes[0].roles[0].profession.as_ref().unwrap();
    assert_eq!(
        (profession.value.as_str(), dialog.notes[0].roles[0].ids[0].value.as_str()),
        ("LE", "9990011")
    );
}

#[test]
fn a_note_says_what_it_is_about_and_when() {
    let (message, _) = read_ours("dialog10-notat-klar");
    let Body::Dialog(dialog) = message.body else { panic!() };
    assert_eq!(dialog.notes[0].about_id, message.head.conversation.unwrap().parent);
    assert_eq!(dialog.notes[0].dated.as_ref().unwrap().text, "2026-03-17");
}

#[test]
fn a_receipt_tells_which_message_and_which_program() {
    let Body::Receipt(receipt) = read_ours("apprec11-avvist").0.body else { panic!() };
    assert_eq!(receipt.original_id, read_ours("opphold/01-innlagt").0.head.id);
    assert_eq!(receipt.software, Some(("Lindvik journal".to_owned(), "4.2".to_owned())));
    assert_eq!(receipt.errors[0].table, "2.16.578.1.12.4.1.1.8221");
}
