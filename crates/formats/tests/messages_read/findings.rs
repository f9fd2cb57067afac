//! What is told of what stands in a message and can't be understood, and the limits.

use samspill_formats::messages::{
    Finding, Severity,
    read::MessageLimits,
    types::{Body, Detected, Kind, Message, Version},
};

use crate::{ours, read_text};

const PDF: &str = "JVBERi0xLjQK";

/// A message of ours with one text in it replaced everywhere.
fn changed(name: &str, from: &str, to: &str) -> (Message, Vec<Finding>) {
    let text = ours(name);
    assert!(text.contains(from), "{name} has no {from}");
    read_text(&text.replace(from, to), &MessageLimits::default())
}

/// Checks that a change is told of: code, weight and path, and the text if one is given.
#[track_caller]
fn check(name: &str, from: &str, to: &str, expected: &[&str]) -> Message {
    let (message, findings) = changed(name, from, to);
    let told: Vec<String> =
        findings.iter().map(|it| format!("{:?} {} {}", it.severity, it.code, it.path)).collect();
    assert_eq!(told, expected, "{name}: {from} → {to}");
    message
}

#[test]
fn a_time_that_isnt_one_is_told_of_and_kept_as_text() {
    let path = "/MsgHead/Document/RefDoc/Content/Pasientlogistikk/MeldingInnlagtPasient/TidsfestetHendelse/TidspunktForHendelse";
    for (text, told) in [
        ("2026-02-30", Some("Error not-a-time")),
        ("9. mars", Some("Error not-a-time")),
        ("14:20:00", Some("Warning time-without-date")),
        ("2026-03-09T14:20:00+01:00", None),
        ("2026-03", None),
        ("", None),
    ] {
        let expected: Vec<String> = told.iter().map(|told| format!("{told} {path}")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let message = check("opphold/01-innlagt", "2026-03-09T14:20:00", text, &expected);
        let Body::Care(care) = message.body else { panic!() };
        assert_eq!(care.events[0].at.text, text);
        assert_eq!(care.events[0].at.value.is_some(), told.is_none() && !text.is_empty(), "{text}");
    }
    check(
        "opphold/01-innlagt",
        "1941-11-23",
        "23.11.1941",
        &["Error not-a-time /MsgHead/MsgInfo/Patient/DateOfBirth"],
    );
    check("apprec11-ok", "2026-03-09T15:06:01", "i dag", &["Error not-a-time /AppRec/GenDate"]);
}

#[test]
fn yes_and_no_are_read_as_the_schema_writes_them() {
    let path =
        "/MsgHead/Document/RefDoc/Content/Pasientlogistikk/MeldingInnlagtPasient/TidsfestetHendelse/Anslag";
    for (text, value) in [
        ("true", Some(true)),
        ("1", Some(true)),
        (" 0 ", Some(false)),
        ("", None),
        ("ja", None),
        ("True", None),
    ] {
        let expected = format!("Error not-a-boolean {path}");
        let is_told = value.is_none() && !text.is_empty();
        let expected: &[&str] = if is_told { &[&expected] } else { &[] };
        let message = check(
            "opphold/01-innlagt",
            "<Anslag>false</Anslag>",
            &format!("<Anslag>{text}</Anslag>"),
            expected,
        );
        let Body::Care(care) = message.body else { panic!() };
        assert_eq!(care.events[0].is_estimate, value, "{text}");
    }
}

#[test]
fn a_finding_says_where_and_what_to_write() {
    let (_, findings) = changed("opphold/01-innlagt", "<Anslag>false", "<Anslag>nei");
    let text = findings[0].to_string();
    assert!(text.contains(": `nei` is neither yes nor no: write true or false"), "{text}");
    assert!(findings[0].place.line > 60 && findings[0].place.column > 1, "{text}");
    assert_eq!(findings[0].severity, Severity::Error);
}

#[test]
fn the_body_decides_where_it_and_the_head_disagree() {
    let told = ["Warning type-and-body-disagree /MsgHead/MsgInfo/Type"];
    let check = |name, from, to, kind, told: &[&str]| {
        assert_eq!(check(name, from, to, told).kind, kind, "{name}: {from} → {to}");
    };
    check("opphold/01-innlagt", "V=\"LOG_INNLAGT\"", "V=\"LOG_UTSKREVET\"", Kind::Innlagt, &told);
    check("opphold/01-innlagt", "V=\"LOG_INNLAGT\"", "V=\"NOE_NYTT\"", Kind::Innlagt, &told);
    check("opphold/01-innlagt", "MeldingInnlagtPasient", "OrienteringOmDod", Kind::Dodsfall, &told);
    check("opphold/01-innlagt", "MeldingInnlagtPasient", "NoeAnnet", Kind::Innlagt, &[]);
    check(
        "opphold/03-tidligmelding",
        "V=\"HELSEOPPL_SOKNAD\"",
        "V=\"DIALOG_NOTAT\"",
        Kind::Helseopplysninger,
        &told,
    );
    check("opphold/01-innlagt", "m:Pasientlogistikk", "m:EPJEkstrakt", Kind::Annen, &told);
    check("opphold/06-svar-kan-ikke", "V=\"DIALOG_HELSEFAGLIG\"", "V=\"DIALOG_NOTAT\"", Kind::Notat, &told);
    check(
        "opphold/06-svar-kan-ikke",
        "V=\"DIALOG_HELSEFAGLIG\"",
        "V=\"LOG_INNLAGT\"",
        Kind::HelsefagligDialog,
        &told,
    );
    check(
        "opphold/06-svar-kan-ikke",
        "V=\"DIALOG_HELSEFAGLIG\"",
        "V=\"DIALOG_TIL_ARKIVERING\"",
        Kind::Annen,
        &[],
    );
    check(
        "dialog10-foresporsel",
        "V=\"DIALOG_FORESPORSEL\"",
        "V=\"DIALOG_HELSEFAGLIG\"",
        Kind::HelsefagligDialog,
        &[],
    );
}

#[test]
fn a_body_in_another_namespace_is_read_with_an_unknown_version() {
    for (name, from, to, version) in [
        (
            "opphold/01-innlagt",
            "/Pasientlogistikk/2012-04-01",
            "/Pasientlogistikk/2015-01-01",
            Version::Unknown,
        ),
        ("opphold/01-innlagt", "/Pasientlogistikk/2012-04-01", "/Noe/2009-06-30", Version::Plo15),
        ("opphold/06-svar-kan-ikke", "/dialog/2013-01-23", "/dialog/2006-10-11", Version::Dialog10),
        ("apprec11-ok", "/apprec/2012-02-15", "/apprec/2030-01-01", Version::Unknown),
        ("epikrise12", "/epikrise/2012-02-15", "/epikrise/2030-01-01", Version::Unknown),
    ] {
        let before = read_text(&ours(name), &MessageLimits::default()).0;
        let (message, findings) = changed(name, from, to);
        assert_eq!(findings, [], "{name}");
        assert_eq!((message.kind, message.version), (before.kind, version), "{name}");
        assert_eq!(message.body, before.body, "{name}");
    }
}

#[test]
fn several_bodies_are_told_of_and_the_first_known_is_read() {
    let message = check(
        "opphold/01-innlagt",
        "</Content>",
        "<MeldingFravar xmlns=\"http://www.kith.no/xmlstds/po/MeldingFravar/2009-06-30\"/></Content>",
        &["Error several-bodies /MsgHead/Document/RefDoc/Content/MeldingFravar"],
    );
    assert_eq!((message.kind, message.version), (Kind::Innlagt, Version::Plo16));
    let message = check(
        "opphold/01-innlagt",
        "<Content>",
        "<Content><Ukjent xmlns=\"urn:ukjent\"/>",
        &["Error several-bodies /MsgHead/Document/RefDoc/Content/Ukjent"],
    );
    assert_eq!((message.kind, message.version), (Kind::Innlagt, Version::Plo16));
}

#[test]
fn what_is_no_message_is_told_to_be_none() {
    let read = |text: &str| {
        let (message, findings) = read_text(text, &MessageLimits::default());
        assert!(message.head.id.is_empty() && message.body == Body::Other);
        (message.kind, message.version, findings.iter().map(|it| it.code).collect::<Vec<_>>())
    };
    assert_eq!(read("<Envelope/>"), (Kind::Annen, Version::Unknown, vec!["unknown-document"]));
    // Other messages have an outermost element of this name too.
    assert_eq!(read("<Message xmlns='urn:lab'/>"), (Kind::Annen, Version::Unknown, vec!["unknown-document"]));
    assert_eq!(read("<MsgHead/>"), (Kind::Annen, Version::Unknown, vec![]));
    let bare = "<MsgHead><MsgInfo><Type V='LOG_DOD'/></MsgInfo></MsgHead>";
    assert_eq!(read(bare), (Kind::Dodsfall, Version::Unknown, vec![]));
}

#[test]
fn what_is_left_out_stays_out_without_a_finding() {
    for (text, kind) in [
        ("<AppRec xmlns='http://www.kith.no/xmlstds/apprec/2012-02-15'/>", Kind::Kvittering),
        ("<Message xmlns='http://www.kith.no/xmlstds/epikrise/2012-02-15'/>", Kind::Epikrise),
        (
            "<MsgHead><Document><RefDoc><Content><Dialogmelding/></Content></RefDoc></Document></MsgHead>",
            Kind::Annen,
        ),
        (
            "<MsgHead><Document><RefDoc><Content><MeldingFravar/></Content></RefDoc></Document></MsgHead>",
            Kind::Fravar,
        ),
    ] {
        let (message, findings) = read_text(text, &MessageLimits::default());
        assert_eq!((message.kind, findings.len()), (kind, 0), "{text}");
        assert!(message.body != Body::Other, "{text}");
    }
}

/// A dialogue with files of these texts, said to be of this type.
fn with_files(mime_type: &str, contents: &[&str]) -> String {
    let file = |content: &&str| {
        format!(
            "<Document><RefDoc><MsgType V='A'/><MimeType>{mime_type}</MimeType><Description>Fil</Description>\
             <Content><Base64Container>{content}</Base64Container></Content></RefDoc></Document>"
        )
    };
    let files: Vec<String> = contents.iter().map(file).collect();
    let files = files.concat();
    format!("<MsgHead>{files}</MsgHead>")
}

#[track_caller]
fn check_files(text: &str, limits: &MessageLimits, sizes: &[Option<usize>], codes: &[&str]) {
    let (message, findings) = read_text(text, limits);
    let got: Vec<_> = message.attachments.iter().map(|it| it.bytes.as_ref().map(Vec::len)).collect();
    assert_eq!(got, sizes);
    assert_eq!(findings.iter().map(|it| it.code).collect::<Vec<_>>(), codes);
}

#[test]
fn base64_may_have_white_space_and_no_padding_but_nothing_else() {
    let limits = MessageLimits::default();
    let check = |content: &str, size, codes: &[&str]| {
        check_files(&with_files("application/octet-stream", &[content]), &limits, &[size], codes);
    };
    check("QUJD\n\tRA==\r\n", Some(4), &[]);
    check("QUJDRA", Some(4), &[]);
    check("", Some(0), &[]);
    check("Q", None, &["not-base64"]);
    check("QUJD%UJD", None, &["not-base64"]);
    check("QUJDRA==QUJD", None, &["not-base64"]);
    check("QUJ<!-- mellom -->D", Some(3), &[]);
}

#[test]
fn the_content_of_a_file_shows_its_type() {
    let limits = MessageLimits::default();
    for (said, content, detected, codes) in [
        ("application/pdf", PDF, Detected::Pdf, vec![]),
        ("Application/PDF; name=x", PDF, Detected::Pdf, vec![]),
        ("image/jpeg", "/9j/4AAQ", Detected::Jpeg, vec![]),
        ("image/jpg", "/9j/4AAQ", Detected::Jpeg, vec![]),
        ("image/png", "iVBORw0KGgo=", Detected::Png, vec![]),
        ("", PDF, Detected::Pdf, vec![]),
        ("text/plain", "aGVp", Detected::Other, vec![]),
        ("image/png", PDF, Detected::Pdf, vec!["attachment-type"]),
        ("application/pdf", "TVqQAAMAAAA=", Detected::Other, vec!["attachment-type"]),
        ("application/pdf", "JVBERg==", Detected::Other, vec!["attachment-type"]),
        ("text/plain", PDF, Detected::Pdf, vec!["attachment-type"]),
    ] {
        let (message, findings) = read_text(&with_files(said, &[content]), &limits);
        assert_eq!(message.attachments[0].detected, detected, "{said} {content}");
        assert_eq!(findings.iter().map(|it| it.code).collect::<Vec<_>>(), codes, "{said} {content}");
    }
}

#[test]
fn a_file_at_the_limit_is_decoded_and_one_past_it_isnt() {
    let limits = |one, all| MessageLimits {
        attachment_bytes_max: one,
        attachments_bytes_max: all,
        ..MessageLimits::default()
    };
    let two = with_files("", &["QUJDREVG", "QUJDREVG"]);
    check_files(&two, &limits(6, 12), &[Some(6), Some(6)], &[]);
    check_files(&two, &limits(5, 12), &[None, None], &["attachment-too-large", "attachment-too-large"]);
    check_files(&two, &limits(6, 11), &[Some(6), None], &["attachments-too-large"]);
    // Sizes that aren't a multiple of three are counted to the byte.
    check_files(&with_files("", &["QUJDRA=="]), &limits(4, 4), &[Some(4)], &[]);
    check_files(&with_files("", &["QUJDRA=="]), &limits(3, 4), &[None], &["attachment-too-large"]);
    check_files(&with_files("", &["QUJDREU="]), &limits(5, 4), &[None], &["attachments-too-large"]);
}

#[test]
fn so_many_files_are_read_and_no_more() {
    let limits = MessageLimits { attachments_max: 2, ..MessageLimits::default() };
    check_files(&with_files("", &["QUJD"; 2]), &limits, &[Some(3); 2], &[]);
    check_files(&with_files("", &["QUJD"; 3]), &limits, &[Some(3); 2], &["too-many-attachments"]);
}

#[test]
fn a_file_elsewhere_is_listed_and_not_fetched() {
    let text = "<MsgHead><Document><RefDoc><MsgType V='A'/><FileReference>http://example.org/a.pdf</FileReference>\
                </RefDoc></Document></MsgHead>";
    check_files(text, &MessageLimits::default(), &[None], &["attachment-not-included"]);
    let text =
        "<MsgHead><Document><RefDoc><MsgType V='A'/><Content><x/></Content></RefDoc></Document></MsgHead>";
    check_files(text, &MessageLimits::default(), &[None], &["attachment-not-included"]);
}

/// Each finding costs a walk to its place: they end, however many faults there are.
#[test]
fn so_many_findings_are_told_and_one_that_says_so() {
    let event = "<TidsfestetHendelse><TidspunktForHendelse V='x'/></TidsfestetHendelse>";
    let message = |count| {
        let events = event.repeat(count);
        format!(
            "<MsgHead><Document><RefDoc><Content><Pasientlogistikk><MeldingInnlagtPasient>{events}</MeldingInnlagtPasient>\
                 </Pasientlogistikk></Content></RefDoc></Document></MsgHead>"
        )
    };
    for (count, told, last) in [
        (99, 99, "not-a-time"),
        (100, 100, "not-a-time"),
        (101, 101, "findings-left-out"),
        (20_000, 101, "findings-left-out"),
    ] {
        let (message, findings) = read_text(&message(count), &MessageLimits::default());
        assert_eq!((findings.len(), findings.last().unwrap().code), (told, last), "{count}");
        let Body::Care(care) = message.body else { panic!() };
        assert_eq!(care.events.len(), count);
    }
}
