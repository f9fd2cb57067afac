//! The numbered acceptance cases, in messages of ours: the rule holds for every kind of message that has a Hodemelding.

use crate::support::{decided, in_short, message, message_names, opened, organisation, recipients, replaced};
use samspill_formats::{
    messages::{
        ids::PersonNumber,
        make::Answering,
        types::{Attachment, Code, Detected, Kind, Version},
    },
    xml::XmlLimits,
};
use samspill_service::exchange::receipts::{
    AckField, Decision, Earlier, Force, Incoming, Journal, LocalNumbers, NOT_REASONS, Opened, Policy, Reason,
    ReasonCodes, Recipients, Refusal, Remark, SchemaFaults, Signature, Silence, SyntheticPolicy,
    UnknownPatient, UnknownService, Verdict, decide,
};

/// All who stand in our messages as receivers.
fn ours() -> Recipients {
    recipients(vec![
        organisation(&["HER 8200001"], &["HER 8200101", "HER 8200102"]),
        organisation(&["HER 8100001"], &["HER 8100101"]),
        organisation(&["HER 8300001"], &["HER 8300101"]),
    ])
}

/// Those messages of ours that have a Hodemelding.
fn with_head() -> Vec<(String, String)> {
    let names = message_names().into_iter();
    let all: Vec<_> = names.map(|name| (name.clone(), message(&name))).collect();
    let with_head: Vec<_> = all.into_iter().filter(|(_, text)| text.contains("<MsgInfo>")).collect();
    assert!(with_head.len() > 8, "{}", with_head.len());
    with_head
}

const NAME: &str = "<FamilyName>Strand</FamilyName><GivenName>Odd</GivenName>";

fn with_patient(text: &str, inside: &str) -> String {
    replaced(text, "<Patient>", "</Patient>", &format!("<Patient>{inside}</Patient>"))
}

fn number(kind: &str, value: &str) -> String {
    format!(
        "<Ident><Id>{value}</Id><TypeId V=\"{kind}\" S=\"2.16.578.1.12.4.1.1.8116\" DN=\"{kind}\"/></Ident>"
    )
}

fn party(her: &str) -> String {
    format!(
        "<Organisation><OrganisationName>Ny</OrganisationName><Ident><Id>{her}</Id><TypeId V=\"HER\" \
         S=\"2.16.578.1.12.4.1.1.9051\" DN=\"HER-id\"/></Ident></Organisation>"
    )
}

/// One more receiver, after the first.
fn with_copy_to(text: &str, role: &str, organisation: &str) -> String {
    let other = format!(
        "</Receiver><OtherReceiver><RoleReceiver V=\"{role}\" DN=\"{role}\"/>{organisation}</OtherReceiver>"
    );
    text.replacen("</Receiver>", &other, 1)
}

/// A message as this case has it; none where the case isn't for its kind.
fn case(number_of_case: &str, text: &str) -> Option<String> {
    if let Some(patient) = patient_of_case(number_of_case) {
        return Some(with_patient(text, &patient));
    }
    let is_care = text.contains("<Forsendelsesstatus ");
    let with_status = |new: &str| is_care.then(|| replaced(text, "<Forsendelsesstatus ", "/>", new));
    match number_of_case {
        "1" => Some(text.to_owned()),
        "2" => without_end_of_sender(text),
        "13a" => Some(replaced(text, "<Sender>", "</Sender>", &format!("<Sender>{}</Sender>", party("")))),
        "13b" => Some(replaced(text, "<Sender>", "</Sender>", "<Sender/>")),
        "15a" => with_status(""),
        "15b" => with_status("<Forsendelsesstatus V=\"N\"/><SvarPaaForesporsel/>"),
        "18" => Some(to_unknown_service(text)),
        "19" => {
            let foreign = format!("<Receiver>{}</Receiver>", party("8999001"));
            let text = replaced(text, "<Receiver>", "</Receiver>", &foreign);
            Some(with_copy_to(&text, "COP", &party("8200101")))
        }
        "20" => {
            let copy = if text.contains("<Id>8200102</Id>") { "8200101" } else { "8200102" };
            Some(with_copy_to(text, "COP", &party(copy)))
        }
        "21" => with_status("<Forsendelsesstatus V=\"C\" DN=\"Kansellering\"/>"),
        _ => None,
    }
}

/// What the cases about the patient have in `Patient`.
fn patient_of_case(number_of_case: &str) -> Option<String> {
    let born = "<DateOfBirth>1968-03-04</DateOfBirth>";
    let sex = "<Sex V=\"1\" DN=\"Mann\"/>";
    let fnr = number("FNR", "04836800148");
    let hnr = number("HNR", "04436800185");
    Some(match number_of_case {
        "11a" => format!("<FamilyName/><GivenName/>{}", number("FNR", "")),
        "11b" => format!("{NAME}{born}{sex}{hnr}"),
        "11c" => format!("{NAME}{born}{sex}"),
        "12" | "17b" => format!("{NAME}{fnr}"),
        "14a" => format!("{NAME}{}", number("FNR", "")),
        "14b" => format!("{NAME}{}", number("FNR", "g18")),
        "16a" | "17a" => format!("{NAME}{born}{hnr}"),
        "16b" => format!("{NAME}{hnr}"),
        "16c" => format!("{NAME}{}", number("DNR", "44836800151")),
        "16d" => format!("{NAME}{hnr}{fnr}"),
        _ => return None,
    })
}

fn without_end_of_sender(text: &str) -> Option<String> {
    let sender = text.find("</Sender>")?;
    let last = text[..sender].rfind("</Organisation>")?;
    Some(format!("{}{}", &text[..last], &text[last + "</Organisation>".len()..]))
}

fn to_unknown_service(text: &str) -> String {
    let (before, after) = text.split_at(text.find("<Receiver>").unwrap());
    let services = ["8200101", "8200102", "8100101", "8300101"];
    let after = services.iter().fold(after.to_owned(), |after, her| {
        after.replacen(&format!("<Id>{her}</Id>"), "<Id>8999999</Id>", 1)
    });
    format!("{before}{after}")
}

/// The case, and what every kind of message is answered. By clause of HIS 80415:2012 unless another is named.
const CASES: [(&str, &str); 21] = [
    ("1", "PRIM ok"),                  // 3.3.1
    ("2", "PRIM T01"),                 // 3.3.4: the sender could be made out
    ("11a", "PRIM E36"),               // 3.3.4: neither name nor number
    ("11b", "PRIM ok"),                // 3.3.4: name, date of birth and sex
    ("11c", "PRIM ok"),                // the same, without any number
    ("12", "PRIM ok"),                 // 3.3.4: only of epicrises is an unknown patient a reason
    ("13a", "none sender-unreadable"), // HITS 1168:2016 5.3
    ("13b", "none sender-unreadable"), // the same, though the schema is broken too
    ("14a", "PRIM E36"),               // 3.3.4: the name alone isn't enough
    ("14b", "PRIM E36"),               // the same: what stands there is no number
    ("15a", "PRIM T02"),               // 3.3.4
    ("15b", "PRIM T02"),               // 3.3.4
    ("16a", "PRIM E36"),               // 3.3.4: without sex, and a local number isn't named
    ("16b", "PRIM E36"),               // the same
    ("16c", "PRIM ok"),                // 3.3.4: name and D-number
    ("16d", "PRIM ok"),                // 3.3.4: name and fødselsnummer, whatever else is there
    ("17a", "PRIM E36"),               // as 16a: what the receiver has the patient as makes no difference
    ("17b", "PRIM ok"),                // 3.3.4
    ("18", "PRIM E21"),                // 3.3.4
    ("19", "COP ok"),                  // HITS 1168:2016 5.1, 6.2
    ("21", "PRIM ok"),                 // HITS 1168:2016 4.2: it can be read, whatever came before
];

#[test]
fn every_kind_of_message_is_answered_as_the_numbered_cases_ask() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (name, text) in with_head() {
        for (number_of_case, expected) in CASES {
            let Some(changed) = case(number_of_case, &text) else { continue };
            let found = decided(&changed, &ours());
            tried += 1;
            if found != expected {
                wrong.push(format!("{name} {number_of_case}: {found}, not {expected}"));
            }
        }
    }
    assert!(tried > 150, "{tried}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Case 20: one receipt for each of our receivers, all for the first copy that comes, and none for those after it.
#[test]
fn two_receivers_of_ours_get_a_receipt_each_and_duplicates_none() {
    for (name, text) in with_head() {
        let text = case("20", &text).unwrap();
        let opened = opened(text.as_bytes());
        let rows = [
            (Earlier::None, "PRIM ok, COP ok"),
            (Earlier::Same, "none duplicate"),
            (Earlier::Other, "none same-id-other-content"),
        ];
        for (earlier, expected) in rows {
            let incoming = Incoming { earlier, ..Incoming::first(&opened) };
            assert_eq!(in_short(&decide(&incoming, &ours())), expected, "{name} {earlier:?}");
        }
    }
}

fn innlagt() -> String {
    message("plo15-innlagt")
}

fn decided_with(text: &str, policy: Policy) -> String {
    decided(text, &Recipients { policy, ..ours() })
}

/// Case 16 and 17 by agreement between parties, and the more exact codes where they are agreed.
#[test]
fn agreements_change_what_identifies_and_which_code_says_that_it_does_not() {
    let local = || Policy { local_numbers: LocalNumbers::Sufficient, ..Policy::default() };
    let exact = || Policy { codes: ReasonCodes::Agreed, ..Policy::default() };
    let nameless = with_patient(&innlagt(), &number("FNR", "04836800148"));
    let rows = [
        (case("16a", &innlagt()).unwrap(), local(), "PRIM ok"),
        (case("16b", &innlagt()).unwrap(), local(), "PRIM ok"),
        (case("14a", &innlagt()).unwrap(), local(), "PRIM E36"),
        (case("14a", &innlagt()).unwrap(), exact(), "PRIM E30"),
        (case("14b", &innlagt()).unwrap(), exact(), "PRIM E31"),
        (nameless.clone(), exact(), "PRIM E32"),
        (nameless, Policy::default(), "PRIM E36"),
        (case("11a", &innlagt()).unwrap(), exact(), "PRIM E36"),
        (case("16b", &innlagt()).unwrap(), exact(), "PRIM E36"),
        (case("18", &innlagt()).unwrap(), exact(), "PRIM E21"),
        (case("18", &message("plo16-dodsfall")).unwrap(), exact(), "PRIM E20"),
    ];
    for (text, policy, expected) in rows {
        assert_eq!(decided_with(&text, policy.clone()), expected, "{policy:?}");
    }
}

#[test]
fn a_number_of_the_wrong_series_is_remarked_on_and_no_reason_to_reject() {
    let of = |id: &str| with_patient(&innlagt(), &format!("{NAME}{}", number("FNR", id)));
    // No series covers year 45 with individual numbers from 500: nobody has such a number.
    let (synthetic, real) = (of(&built("018145")), of(&built("011045")));
    for (text, policy, remarked) in [
        (&synthetic, SyntheticPolicy::Allow, None),
        (&synthetic, SyntheticPolicy::Require, None),
        (&synthetic, SyntheticPolicy::Refuse, Some(Remark::SyntheticNumber)),
        (&real, SyntheticPolicy::Allow, None),
        (&real, SyntheticPolicy::Require, Some(Remark::RealNumber)),
        (&real, SyntheticPolicy::Refuse, None),
    ] {
        let ours = Recipients { policy: Policy { synthetic: policy, ..Policy::default() }, ..ours() };
        let Decision::Receipts(answers) = decide(&Incoming::first(&opened(text.as_bytes())), &ours) else {
            panic!("receipts")
        };
        assert!(answers.iter().all(|it| it.verdict == Verdict::Accept), "{policy:?}: {answers:?}");
        let expected: Vec<Remark> = remarked.into_iter().collect();
        assert!(answers.iter().all(|it| it.remarks == expected), "{policy:?}: {answers:?}");
    }
}

/// A number with these first digits whose last digits fit.
fn built(day: &str) -> String {
    let fits = |it: &String| PersonNumber::parse(it, jiff::civil::date(2026, 3, 16)).is_ok();
    (50_000..51_000).map(|rest| format!("{day}{rest}")).find(fits).unwrap()
}

/// HIS 80415:2012 3.3.4, one row for each way to be identified and each way not to be.
#[test]
fn a_patient_is_identified_by_name_and_number_or_by_name_birth_and_sex() {
    let born = "<DateOfBirth>1968-03-04</DateOfBirth>";
    let fnr = number("FNR", "04836800148");
    let rows = [
        (format!("{NAME}{fnr}"), "PRIM ok"),
        (format!("{NAME}{}", number("FHN", "84836800148")), "PRIM ok"),
        (format!("{NAME}{}", number("FNR", "048368 00148")), "PRIM ok"),
        (format!("{NAME}{}", number("FNR", "04836800199")), "PRIM ok"), // check digits are no question here
        (format!("{NAME}{}", number("FNR", "0483680014")), "PRIM E36"),
        (format!("{NAME}{}", number("FNR", "048368001481")), "PRIM E36"),
        (format!("{NAME}{}", number("XXX", "04836800148")), "PRIM E36"),
        (format!("<GivenName>Odd</GivenName>{fnr}"), "PRIM ok"),
        (format!("<FamilyName/><GivenName/>{fnr}"), "PRIM E36"),
        (fnr.clone(), "PRIM E36"),
        (format!("{NAME}{born}<Sex V=\"2\" DN=\"Kvinne\"/>"), "PRIM ok"),
        (format!("{NAME}{born}<Sex V=\"0\" DN=\"Ikke kjent\"/>"), "PRIM E36"),
        (format!("{NAME}{born}<Sex V=\"9\" DN=\"Ikke spesifisert\"/>"), "PRIM E36"),
        (format!("{NAME}{born}<Sex V=\"7\" DN=\"Ukjent kode\"/>"), "PRIM ok"), // 3.3.2: an unknown value is no reason
        (format!("{NAME}{born}"), "PRIM E36"),
        (format!("{NAME}<Sex V=\"1\" DN=\"Mann\"/>"), "PRIM E36"),
        (NAME.to_owned(), "PRIM E36"),
        (String::new(), "PRIM E36"),
    ];
    for (patient, expected) in rows {
        assert_eq!(decided(&with_patient(&innlagt(), &patient), &ours()), expected, "{patient}");
    }
    let without = replaced(&innlagt(), "<Patient>", "</Patient>", "");
    assert_eq!(decided(&without, &ours()), "PRIM E36");
}

#[test]
fn an_id_that_is_no_guid_is_rejected_and_so_is_none() {
    let rows = [("12345", "PRIM E10"), ("", "PRIM E10"), ("FAAF6577-D517-5021-ADAD-8DE4860C0E3C", "PRIM ok")];
    for (id, expected) in rows {
        let text = replaced(&innlagt(), "<MsgId>", "</MsgId>", &format!("<MsgId>{id}</MsgId>"));
        assert_eq!(decided(&text, &ours()), expected, "{id}");
    }
}

/// All reasons that hold are told, those of form first; a document that can't be read has only that.
#[test]
fn several_reasons_are_all_told() {
    let text = case("14a", &innlagt()).unwrap();
    let text = replaced(&text, "<MsgId>", "</MsgId>", "<MsgId>1</MsgId>");
    assert_eq!(decided(&case("18", &text).unwrap(), &ours()), "PRIM E10+E36+E21");
    assert_eq!(decided(&case("15a", &text).unwrap(), &ours()), "PRIM T02+E10+E36");
    assert_eq!(decided(&case("2", &text).unwrap(), &ours()), "PRIM T01");
}

/// A broken document is answered where its head can be made out, and only then.
#[test]
fn a_broken_document_is_answered_if_its_head_is_there() {
    let whole = innlagt();
    let cut_at = |mark: &str| whole[..whole.find(mark).unwrap()].to_owned();
    let rows = [
        (cut_at("</MsgHead>"), "PRIM T01"),
        (cut_at("<RefDoc>"), "PRIM T01"),
        (cut_at("<Patient>"), "PRIM T01"),
        (cut_at("<Receiver>"), "none unreadable"),
        (cut_at("<Sender>"), "none unreadable"),
        (cut_at("8200101"), "PRIM T01"), // that the service isn't there is told of no document that isn't whole
        (String::new(), "none unreadable"),
        ("dette er ikke XML".to_owned(), "none unreadable"),
        (
            format!("<!DOCTYPE x [<!ENTITY a 'b'>]>{}", &whole[whole.find("<MsgHead").unwrap()..]),
            "none unreadable",
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(decided(&text, &ours()), expected, "…{}", &text[text.len().saturating_sub(80)..]);
    }
    let mut bytes = whole.replace("Naustvegen", "N\u{e6}ssvegen").into_bytes();
    let place = bytes.iter().position(|byte| *byte == 0xC3).unwrap();
    bytes[place] = 0xE6;
    let decision = decide(&Incoming::first(&opened(&bytes)), &ours());
    assert_eq!(in_short(&decision), "PRIM T01");
}

/// Hostile messages: what goes back to the sender stays small, and soon.
#[test]
fn what_is_answered_to_abuse_is_bounded() {
    let many = party("8200001");
    let others = format!("</Receiver>{}", format!("<OtherReceiver>{many}</OtherReceiver>").repeat(2000));
    let text = case("18", &innlagt()).unwrap().replacen("</Receiver>", &others, 1);
    let Decision::Receipts(answers) = decide(&Incoming::first(&opened(text.as_bytes())), &ours()) else {
        panic!()
    };
    assert_eq!(answers.len(), 100);
    let long = innlagt().replacen("LOG_INNLAGT", &"Æ".repeat(90_000), 1).replace("2009-06-30", "2015-06-30");
    assert_eq!(rejected(&opened(long.as_bytes()))[0].reason, Reason::FormatNotSupported);
    assert!(rejected(&opened(long.as_bytes()))[0].text.len() < 400);
    let deep = format!("{}{}", "<Dypt_nede_i_en_melding>".repeat(40), "</Dypt_nede_i_en_melding>".repeat(40));
    let deep = innlagt().replacen("<Document>", &format!("<Document>{deep}"), 1);
    assert!(rejected(&opened(deep.as_bytes()))[0].text.len() < 900);
    let huge = innlagt() + &" ".repeat(41 << 20);
    assert_eq!(rejected(&opened(huge.as_bytes()))[0].reason, Reason::OtherFormat);
}

/// T10: what isn't received here, though its head is read.
#[test]
fn a_message_of_another_format_is_rejected_as_that() {
    let rows = [
        innlagt().replace("/Pasientlogistikk/2009-06-30", "/Pasientlogistikk/2015-06-30"),
        message("dialog10-foresporsel").replace("DIALOG_FORESPORSEL", "DIALOG_TIMEFORESPORSEL"),
    ];
    for text in rows {
        assert_eq!(decided(&text, &ours()), "PRIM T10");
    }
    assert_eq!(decided("<html><body/></html>", &ours()), "none sender-unreadable");
}

#[test]
fn receipts_are_not_answered() {
    for name in ["apprec10-ok", "apprec11-avvist"] {
        assert_eq!(decided(&message(name), &ours()), "none is-receipt");
    }
}

/// Who is ours, who only stands there, and who answers for whom (HITS 1168:2016 5.1, 5.3, 6.2).
#[test]
fn those_who_are_known_answer_and_nobody_answers_for_others() {
    let only = |parties: &[&str]| recipients(vec![organisation(&["HER 8200001"], parties)]);
    let copy = |role: &str, her: &str| with_copy_to(&innlagt(), role, &party(her));
    let nested = innlagt().replace("<Id>8200001</Id>", "<Id>8999002</Id>");
    let without_service = {
        let text = innlagt();
        let receiver = replaced(&text[text.find("<Receiver>").unwrap()..], "<Receiver>", "</Receiver>", "");
        let before = &text[..text.find("<Receiver>").unwrap()];
        format!("{before}<Receiver>{}</Receiver>{receiver}", party("8200001"))
    };
    let rows = [
        (innlagt(), only(&["HER 8200101"]), "PRIM ok"),
        (innlagt(), only(&["HER 8.200.101"]), "PRIM ok"),
        (innlagt(), only(&["HER 8200102"]), "PRIM E21"),
        (innlagt(), only(&["-HER 8200101"]), "none not-ours"),
        (innlagt(), recipients(vec![]), "none not-ours"),
        (innlagt(), recipients(vec![organisation(&["HER 8100001"], &["HER 8100101"])]), "none not-ours"),
        (nested, only(&["HER 8200101"]), "PRIM ok"), // an id of HER is the same everywhere
        (without_service.clone(), only(&["HER 8200101"]), "PRIM E21"),
        (without_service, only(&["*"]), "PRIM ok"),
        (copy("COP", "8200102"), only(&["HER 8200102"]), "COP ok"), // the primary may have a system of its own
        (copy("COP", "8200102"), only(&["-HER 8200101", "HER 8200102"]), "COP ok"),
        (copy("COP", "8200102"), only(&["HER 8200101", "HER 8200102"]), "PRIM ok, COP ok"),
        (copy("COP", "8200001"), only(&["-HER 8200101"]), "none not-ours"), // another system is there to answer
        (copy("COP", "8200101"), only(&["HER 8200101"]), "PRIM ok"),        // the same party twice
        (copy("COP", "8999003"), only(&["HER 8200101"]), "PRIM ok"),
        (copy("OR", "8200102"), only(&["HER 8200102"]), "PRIM E21"), // who had it first isn't a receiver
        (copy("FR", "8200102"), only(&["HER 8200102"]), "COP ok"),
    ];
    for (place, (text, ours, expected)) in rows.into_iter().enumerate() {
        assert_eq!(decided(&text, &ours), expected, "row {}", place + 1);
    }
}

/// What the standard leaves to the receiver.
#[test]
fn what_is_a_may_can_be_taken_in_and_what_is_a_must_can_not() {
    let service = || Policy { unknown_service: UnknownService::Accept, ..Policy::default() };
    let schema = || Policy { schema_faults: SchemaFaults::Accept, ..Policy::default() };
    let rows = [
        (case("18", &innlagt()).unwrap(), service(), "PRIM ok"),
        (case("15a", &innlagt()).unwrap(), schema(), "PRIM ok"),
        (case("15a", &case("14a", &innlagt()).unwrap()).unwrap(), schema(), "PRIM E36"),
        (case("2", &innlagt()).unwrap(), schema(), "PRIM T01"),
    ];
    for (text, policy, expected) in rows {
        assert_eq!(decided_with(&text, policy), expected);
    }
    let opened = opened(case("18", &innlagt()).unwrap().as_bytes());
    let decision = decide(&Incoming::first(&opened), &Recipients { policy: service(), ..ours() });
    let Decision::Receipts(answers) = decision else { panic!("{decision:?}") };
    assert_eq!(answers[0].remarks, [Remark::UnknownService]);
    assert_eq!(answers[0].answering, Answering::Primary);
}

/// `Ack` isn't in use (HIS 80601:2006 as corrected), unless it is agreed that it is.
#[test]
fn the_wish_for_no_receipt_counts_only_by_agreement() {
    let wish = |value: &str, number: &str| {
        let text = case(number, &innlagt()).unwrap();
        text.replacen("</MsgId>", &format!("</MsgId><Ack V=\"{value}\" DN=\"{value}\"/>"), 1)
    };
    let rows = [
        ("J", "1", AckField::Ignored, "PRIM ok"),
        ("N", "1", AckField::Ignored, "PRIM ok"),
        ("F", "1", AckField::Ignored, "PRIM ok"),
        ("J", "1", AckField::Followed, "PRIM ok"),
        ("N", "1", AckField::Followed, "none not-asked-for"),
        ("N", "14a", AckField::Followed, "none not-asked-for"),
        ("F", "1", AckField::Followed, "none not-asked-for"),
        ("F", "14a", AckField::Followed, "PRIM E36"),
        ("Q", "1", AckField::Followed, "PRIM ok"),
    ];
    for (value, number, ack, expected) in rows {
        let policy = Policy { ack, ..Policy::default() };
        assert_eq!(decided_with(&wish(value, number), policy), expected, "{value} {number} {ack:?}");
    }
}

/// Case 12 by local policy; of an epicrisis the standard decides (HIS 80415:2012 3.3.4).
#[test]
fn an_unknown_patient_is_a_matter_of_policy_but_for_epicrises() {
    let rows = [
        (Kind::Innlagt, Journal::Has, UnknownPatient::Reject, "PRIM ok"),
        (Kind::Innlagt, Journal::HasNone, UnknownPatient::Reject, "PRIM ok"),
        (Kind::Innlagt, Journal::NotLookedUp, UnknownPatient::Reject, "PRIM ok"),
        (Kind::Innlagt, Journal::IsNotToHave, UnknownPatient::Accept, "PRIM ok"),
        (Kind::Innlagt, Journal::IsNotToHave, UnknownPatient::Ask, "PRIM ask"),
        (Kind::Innlagt, Journal::IsNotToHave, UnknownPatient::Reject, "PRIM E35"),
        (Kind::Epikrise, Journal::IsNotToHave, UnknownPatient::Accept, "PRIM E35"),
        (Kind::Epikrise, Journal::IsNotToHave, UnknownPatient::Ask, "PRIM E35"),
        (Kind::Epikrise, Journal::HasNone, UnknownPatient::Reject, "PRIM ok"),
    ];
    for (kind, journal, unknown_patient, expected) in rows {
        let mut opened = opened(innlagt().as_bytes());
        opened.message.as_mut().unwrap().kind = kind;
        let policy = Policy { unknown_patient, ..Policy::default() };
        let incoming = Incoming { journal, ..Incoming::first(&opened) };
        let decision = decide(&incoming, &Recipients { policy, ..ours() });
        assert_eq!(in_short(&decision), expected, "{kind:?} {journal:?} {unknown_patient:?}");
        if let (Decision::Receipts(answers), Journal::HasNone) = (decision, journal) {
            assert_eq!(answers[0].remarks, [Remark::NoJournal]);
        }
    }
}

#[test]
fn signatures_that_were_checked_and_failed_are_rejected() {
    let rows = [
        (Signature::NotChecked, "PRIM ok"),
        (Signature::Valid, "PRIM ok"),
        (Signature::Wrong, "PRIM S01"),
        (Signature::InvalidCertificate, "PRIM S02"),
        (Signature::WithdrawnCertificate, "PRIM S03"),
    ];
    let opened = opened(innlagt().as_bytes());
    for (signature, expected) in rows {
        let incoming = Incoming { signature, ..Incoming::first(&opened) };
        assert_eq!(in_short(&decide(&incoming, &ours())), expected);
    }
}

/// HITS 1168:2016 4.4 and HIS 1077:2017 5.3.
#[test]
fn a_file_that_can_not_be_handled_rejects_the_message() {
    let file = |mime: &str, detected, bytes: Option<&[u8]>| Attachment {
        mime_type: mime.to_owned(),
        detected,
        description: String::new(),
        bytes: bytes.map(<[u8]>::to_vec),
    };
    let agreed = || Policy { attachment_types: ["image/tiff".to_owned()].into(), ..Policy::default() };
    let rows = [
        (file("application/pdf", Detected::Pdf, Some(b"%PDF-1.7")), Policy::default(), "PRIM ok"),
        (file("application/pdf", Detected::Png, Some(b"...")), Policy::default(), "PRIM ok"), // it can be shown all the same
        (file("application/pdf", Detected::Other, Some(b"MZ")), Policy::default(), "PRIM T99"),
        (file("application/pdf", Detected::Other, None), Policy::default(), "PRIM T99"),
        (file("image/tiff", Detected::Other, Some(b"II*")), Policy::default(), "PRIM T99"),
        (file("image/tiff", Detected::Other, Some(b"II*")), agreed(), "PRIM ok"),
        (file("image/tiff", Detected::Other, None), agreed(), "PRIM T99"),
    ];
    for (file, policy, expected) in rows {
        let mut opened = opened(innlagt().as_bytes());
        let name = file.mime_type.clone();
        opened.message.as_mut().unwrap().attachments = vec![file];
        let decision = decide(&Incoming::first(&opened), &Recipients { policy, ..ours() });
        assert_eq!(in_short(&decision), expected, "{name}");
    }
}

/// One message for each row of the table of what is no reason to reject, wrong in just that way.
#[test]
fn what_is_no_reason_to_reject_is_not_rejected() {
    let accept = |text: &str| assert_eq!(decided(text, &ours()), "PRIM ok");
    for row in NOT_REASONS {
        assert!(!row.clause.is_empty() && !row.says.is_empty());
        match row.id {
            "ukjent-kodeverdi" => {
                accept(
                    &innlagt()
                        .replace(".9121\"", ".1111\"")
                        .replace("<Hendelsekode V=\"1\"", "<Hendelsekode V=\"777\""),
                );
            }
            "innholdsfeil" => accept(&replaced(
                &innlagt(),
                "<TidspunktForHendelse ",
                "/>",
                "<TidspunktForHendelse V=\"1800-01-01\"/>",
            )),
            "profilregel" => {
                accept(&innlagt().replacen("<Hendelsekode V=\"1\"", "<Hendelsekode V=\"13\"", 1));
            }
            "sifferkontroll" => accept(&innlagt().replace("23914111277", "99999999999")),
            "ukjent-pasient" => accept_with(Journal::HasNone),
            "annen-identifikator-her" => accept_with(Journal::Has),
            "for-sent" => accept(&replaced(
                &innlagt(),
                "<GenDate>",
                "</GenDate>",
                "<GenDate>2007-01-20T04:30:47Z</GenDate>",
            )),
            "kansellering-uten-original" => accept(&case("21", &innlagt()).unwrap()),
            "samtale-ukjent" => accept(&with_conversation(&innlagt())),
            "ack-nei" => accept(&innlagt().replacen("</MsgId>", "</MsgId><Ack V=\"N\" DN=\"Nei\"/>", 1)),
            "type-mot-innhold" => accept(&innlagt().replacen("LOG_INNLAGT", "LOG_UTSKREVET", 1)),
            "navn-mot-register" => accept(&innlagt().replace("Sykepleietjeneste", "Et helt annet navn")),
            other => panic!("no message for {other}"),
        }
    }
}

fn accept_with(journal: Journal) {
    let opened = opened(innlagt().as_bytes());
    let decision = decide(&Incoming { journal, ..Incoming::first(&opened) }, &ours());
    assert_eq!(in_short(&decision), "PRIM ok");
}

fn with_conversation(text: &str) -> String {
    let unknown = "00000000-1111-4222-8333-444444444444";
    let reference = format!(
        "<ConversationRef><RefToParent>{unknown}</RefToParent><RefToConversation>{unknown}</RefToConversation>\
         </ConversationRef><Sender>"
    );
    text.replacen("<Sender>", &reference, 1)
}

/// `@OT` is shown to the sender: Norwegian, about what to do, and with nothing of the patient in it.
#[test]
fn the_text_of_a_rejection_says_what_to_do_and_tells_nothing_of_the_patient() {
    let rows = ["2", "11a", "14a", "14b", "15a", "15b", "16a", "18"];
    for number_of_case in rows {
        let text = case(number_of_case, &innlagt()).unwrap();
        let opened = opened(text.as_bytes());
        for refusal in rejected(&opened) {
            assert!(refusal.text.contains("end ") && refusal.text.ends_with('.'), "{}", refusal.text);
            assert!(refusal.text.contains("ny meldings-id"), "{}", refusal.text);
            for secret in ["04436800185", "23914111277", "g18", "Nordvik", "Strand"] {
                assert!(!refusal.text.contains(secret), "{}", refusal.text);
            }
        }
    }
}

fn rejected(opened: &Opened) -> Vec<Refusal> {
    let Decision::Receipts(answers) = decide(&Incoming::first(opened), &ours()) else { panic!("no receipt") };
    let Verdict::Reject(refusals) = &answers[0].verdict else { panic!("{answers:?}") };
    refusals.clone()
}

#[test]
fn each_reason_has_its_code_name_force_and_clause() {
    let codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    let mut sorted = codes.clone();
    sorted.dedup();
    assert_eq!(sorted.len(), Reason::ALL.len());
    let must: Vec<&str> = Reason::ALL
        .iter()
        .filter(|reason| reason.force() == Force::Must)
        .map(|reason| reason.code())
        .collect();
    assert_eq!(must, ["T99", "S01", "S02", "S03", "E10", "E35", "E36"]);
    assert!(Reason::ALL.iter().all(|reason| reason.clause().starts_with("HI") && !reason.name().is_empty()));
    let code: Code = Refusal { reason: Reason::PatientInsufficient, text: "Fyll ut".to_owned() }.to_code();
    assert_eq!((code.value.as_str(), code.original.as_str()), ("E36", "Fyll ut"));
    assert!(Silence::ALL.iter().all(|silence| !silence.clause().is_empty() && silence.text().ends_with('.')));
}

/// A head that is made out of a broken document knows its version, so that the right AppRec is sent.
#[test]
fn a_broken_message_is_answered_in_the_version_it_was_in() {
    let rows = [
        ("plo15-innlagt", Version::Plo15),
        ("plo16-dodsfall", Version::Plo16),
        ("dialog10-foresporsel", Version::Dialog10),
        ("dialog11-vedlegg", Version::Dialog11),
    ];
    for (name, version) in rows {
        let text = case("2", &message(name)).unwrap();
        assert_eq!(opened(text.as_bytes()).message.unwrap().version, version, "{name}");
    }
}

/// The same message may be written otherwise; one that says something else is another, also where nothing here reads it.
#[test]
fn a_message_is_the_same_if_it_says_the_same() {
    let text = innlagt();
    let limits = XmlLimits::default();
    let prefixed = text.replace("fk1:", "x:").replace("xmlns:fk1", "xmlns:x");
    let commented = text.replacen("<Sender>", "<!-- hit --><Sender>", 1);
    let rows = [
        (None, Earlier::None),
        (Some(text.clone()), Earlier::Same),
        (Some(prefixed), Earlier::Same),
        (Some(commented), Earlier::Same),
        (Some(text.replacen("Naustvegen 7", "Naustvegen 8", 1)), Earlier::Other),
        (Some(text.replacen("</MsgHead>", "", 1)), Earlier::Other),
    ];
    for (before, expected) in rows {
        assert_eq!(
            Earlier::of(text.as_bytes(), before.as_ref().map(String::as_bytes), &limits),
            expected,
            "{before:?}"
        );
    }
}

/// What is decided is told in sentences: who answers what, why, and by which clause.
#[test]
fn a_decision_explains_itself() {
    let explained = |text: &str| decide(&Incoming::first(&opened(text.as_bytes())), &ours()).explain();
    assert_eq!(explained(&innlagt()), ["Hovedmottaker: kvitteres OK."]);
    let copy = explained(&case("19", &case("18", &innlagt()).unwrap()).unwrap());
    assert_eq!(copy, ["Kopimottaker (nr. 1): kvitteres OK."]);
    let rejected = explained(&case("14a", &innlagt()).unwrap());
    assert_eq!(rejected.len(), 1);
    let start = "Hovedmottaker: avvises med E36 Pasientopplysninger er utilstrekkelige (HIS 80415:2012 3.3.4, skal): Pasienten er";
    assert!(rejected[0].starts_with(start), "{rejected:?}");
    let none = explained(&case("13b", &innlagt()).unwrap());
    assert!(none[0].starts_with("Ingen kvittering (HITS 1168:2016 5.3): "), "{none:?}");
}

/// A policy in a file of the receiver's: what it leaves out is what the standard advises.
#[test]
fn recipients_are_read_from_a_file() {
    let text = r#"
        [[organisations]]
        ids = [{ kind = "HER", value = "8200001" }]
        parties = [{ ids = [{ kind = "HER", value = "8200101" }] }]
        [policy]
        unknown_service = "accept"
    "#;
    let read: Recipients = toml::from_str(text).unwrap();
    assert_eq!(read.policy, Policy { unknown_service: UnknownService::Accept, ..Policy::default() });
    assert_eq!(decided(&case("18", &innlagt()).unwrap(), &read), "PRIM ok");
}
