//! Receipts as they are written: AppRec 1.0 and 1.1 (HIS 80415).

use std::borrow::Cow;

use jiff::Timestamp;

use super::date_time;
use crate::{
    messages::types::{Code, Head, Id, Party, Precision, Unit, Version},
    xml::{
        Element,
        stream::{Output, Stream, Tree},
    },
};

/// The table of reasons for rejection, by its OID (8221).
pub const REASON_TABLE: &str = "2.16.578.1.12.4.1.1.8221";

/// A receipt to be written. Time and id are given, never made up here.
#[derive(Clone, Debug)]
pub struct ReceiptDraft<'a> {
    /// The head of the message that is answered.
    pub original: &'a Head,
    /// The version of that message: it says which version of AppRec answers it (HITS 1168:2016 8.3).
    pub version: Version,
    /// Which of its receivers answers.
    pub answering: Answering,
    /// Why the message is rejected (8221); none means that it is accepted. So a rejection always has a reason, and an
    /// acceptance never has one (HIS 80415:2012 4.3.1).
    pub errors: &'a [Code],
    /// The name and version of the program that makes the receipt; none leaves both out.
    pub software: Option<(&'a str, &'a str)>,
    /// The receipt's own id, a GUID.
    pub id: &'a str,
    /// When it is made. Written to the second, with the offset of Norway at that time.
    pub made: Timestamp,
}

/// Which receiver of a message answers it. Each sends its own receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answering {
    /// The one in `Receiver`.
    Primary,
    /// The one in this `OtherReceiver`, counted from 0. One that the message doesn't have is written without an address.
    Other(usize),
}

/// The version of AppRec that answers a message of this version: 1.1 for PLO 1.6, dialogue 1.1 and epicrisis 1.2, and 1.0 for
/// those before (HITS 1168:2016 8.3). A message of a version that isn't known is answered with the version in force, 1.1.
pub fn receipt_version(answered: Version) -> Version {
    match answered {
        Version::Plo15 | Version::Dialog10 | Version::Epikrise11 | Version::AppRec10 => Version::AppRec10,
        Version::Plo16 | Version::Dialog11 | Version::Epikrise12 | Version::AppRec11 | Version::Unknown => {
            Version::AppRec11
        }
    }
}

/// The receipt as an element, in the order of its schema.
///
/// Addresses are those of the message, the other way around (HITS 1168:2016 6.1): an organisation in an organisation becomes
/// `Dept`, a health professional in one `HCPerson`; one who stands under a unit is left out, since the unit is the party
/// (11.2). An id of HER goes first, others follow as `AdditionalId`.
///
/// `IssueDate` is the message's own time as written. If that isn't a date with time, which the schema asks for, the first
/// moment of what was written stands there, and the receipt's own time if nothing can be read.
pub fn receipt(draft: &ReceiptDraft<'_>) -> Element {
    let form = Form::of(draft.version);
    let mut out = Tree::new(form.space);
    Maker { out: &mut out, form }.receipt(draft);
    out.done()
}

/// The same as text: what [`write`](crate::xml::write) makes of the element, byte for byte, without an element on the way.
pub fn receipt_text(draft: &ReceiptDraft<'_>) -> String {
    let form = Form::of(draft.version);
    let mut out = Stream::new(form.space);
    Maker { out: &mut out, form }.receipt(draft);
    out.done()
}

/// What differs from version to version.
#[derive(Clone, Copy)]
struct Form {
    space: &'static str,
    version: &'static str,
    /// Whether the roles are those of 1.1 (`PRIM`, `AVS`).
    has_new_roles: bool,
    /// The role of a primary receiver.
    primary: (&'static str, &'static str),
}

impl Form {
    fn of(answered: Version) -> Self {
        if receipt_version(answered) == Version::AppRec11 {
            return Self {
                space: "http://www.kith.no/xmlstds/apprec/2012-02-15",
                version: "v1.1 2012-02-15",
                has_new_roles: true,
                primary: ("PRIM", "Primærmottaker"),
            };
        }
        // The receiver of an epicrisis is the one who asked for the service; of others, one who gives services (HITS 1168 6.2).
        let primary = match answered {
            Version::Epikrise11 | Version::Epikrise12 => ("REQ", "Rekvirent"),
            Version::Plo15
            | Version::Plo16
            | Version::Dialog10
            | Version::Dialog11
            | Version::AppRec10
            | Version::AppRec11
            | Version::Unknown => ("SPR", "Tjenesteyter"),
        };
        Self {
            space: "http://www.kith.no/xmlstds/apprec/2004-11-21",
            version: "1.0 2004-11-21",
            has_new_roles: false,
            primary,
        }
    }
}

/// Tells a receipt to a tree or to text.
struct Maker<'o, O> {
    out: &'o mut O,
    form: Form,
}

impl<O: Output> Maker<'_, O> {
    fn receipt(&mut self, draft: &ReceiptDraft<'_>) {
        self.out.begin("AppRec");
        self.code("MsgType", "APPREC", "Applikasjonskvittering");
        self.text("MIGversion", self.form.version);
        if let Some((name, version)) = draft.software {
            self.text("SoftwareName", name);
            self.text("SoftwareVersion", version);
        }
        self.text("GenDate", &date_time(draft.made));
        self.text("Id", draft.id);
        self.sender(draft);
        self.receiver(&draft.original.sender);
        match draft.errors {
            [] => self.code("Status", "1", "OK"),
            [_, ..] => self.code("Status", "2", "Avvist"),
        }
        draft.errors.iter().for_each(|error| self.error(error));
        self.original(draft);
        self.out.end("AppRec");
    }

    fn text(&mut self, local: &'static str, text: &str) {
        self.out.begin(local);
        self.out.text(text);
        self.out.end(local);
    }

    fn code(&mut self, local: &'static str, value: &str, name: &str) {
        self.out.begin(local);
        self.out.attribute("V", value);
        if !name.is_empty() {
            self.out.attribute("DN", name);
        }
        self.out.end(local);
    }

    fn sender(&mut self, draft: &ReceiptDraft<'_>) {
        let nobody = Party::default();
        let (role, party) = match draft.answering {
            Answering::Primary => (self.form.primary, &draft.original.receiver),
            Answering::Other(place) => {
                let other = draft.original.others.get(place);
                (("COP", "Kopimottaker"), other.map_or(&nobody, |other| &other.party))
            }
        };
        self.out.begin("Sender");
        self.code("Role", role.0, role.1);
        self.party(party);
        self.out.end("Sender");
    }

    /// In 1.0 no role is settled for the sender of the message; it is left out.
    fn receiver(&mut self, party: &Party) {
        self.out.begin("Receiver");
        if self.form.has_new_roles {
            self.code("Role", "AVS", "Avsender");
        }
        self.party(party);
        self.out.end("Receiver");
    }

    fn party(&mut self, party: &Party) {
        self.out.begin("HCP");
        match party.levels.split_first() {
            None => {
                self.out.begin("Inst");
                self.out.end("Inst");
            }
            Some((person, _)) if person.is_person => self.whole("HCProf", person),
            Some((outer, inner)) => self.institution(outer, inner),
        }
        self.out.end("HCP");
    }

    fn institution(&mut self, outer: &Unit, inner: &[Unit]) {
        let units = || inner.iter().filter(|unit| !unit.is_person);
        let people = inner.iter().filter(|unit| unit.is_person && units().next().is_none());
        self.out.begin("Inst");
        self.named(outer);
        units().for_each(|unit| self.whole("Dept", unit));
        self.additional(outer);
        people.for_each(|person| self.whole("HCPerson", person));
        self.out.end("Inst");
    }

    /// Name and all ids, with nothing between them.
    fn whole(&mut self, local: &'static str, unit: &Unit) {
        self.out.begin(local);
        self.named(unit);
        self.additional(unit);
        self.out.end(local);
    }

    fn named(&mut self, unit: &Unit) {
        if !unit.name.is_empty() {
            self.text("Name", &unit.name);
        }
        if let Some(id) = main_id(&unit.ids) {
            self.text("Id", &id.value);
            self.code("TypeId", &id.kind.value, kind_name(&id.kind));
        }
    }

    fn additional(&mut self, unit: &Unit) {
        for id in other_ids(&unit.ids) {
            self.out.begin("AdditionalId");
            self.text("Id", &id.value);
            self.code("Type", &id.kind.value, kind_name(&id.kind));
            self.out.end("AdditionalId");
        }
    }

    fn error(&mut self, error: &Code) {
        let table = if error.table.is_empty() { REASON_TABLE } else { &error.table };
        self.out.begin("Error");
        self.out.attribute("S", table);
        self.out.attribute("V", &error.value);
        self.out.attribute("DN", &error.name);
        if !error.original.is_empty() {
            self.out.attribute("OT", &error.original);
        }
        self.out.end("Error");
    }

    fn original(&mut self, draft: &ReceiptDraft<'_>) {
        let head = draft.original;
        self.out.begin("OriginalMsgId");
        self.code("MsgType", &head.type_code.value, &head.type_code.name);
        self.text("IssueDate", &issue_date(head, draft.made));
        self.text("Id", &head.id);
        self.out.end("OriginalMsgId");
    }
}

/// The id that goes first: of HER if there is one. Ids without a value are left out.
fn main_id(ids: &[Id]) -> Option<&Id> {
    let filled = || ids.iter().filter(|id| !id.value.is_empty());
    filled().find(|id| id.kind.value == "HER").or_else(|| filled().next())
}

/// The ids that follow the one that goes first.
fn other_ids(ids: &[Id]) -> impl Iterator<Item = &Id> {
    let main = main_id(ids);
    let is_other = move |id: &&Id| main.is_none_or(|main| !std::ptr::eq(main, *id));
    ids.iter().filter(|id| !id.value.is_empty()).filter(is_other)
}

fn kind_name(kind: &Code) -> &str {
    if kind.value == "HER" { "HER-id" } else { &kind.name }
}

fn issue_date(head: &Head, made: Timestamp) -> Cow<'_, str> {
    match head.made.value {
        Some(value) if value.precision == Precision::Time => Cow::Borrowed(&head.made.text),
        Some(value) => value.local.strftime("%Y-%m-%dT%H:%M:%S").to_string().into(),
        None => date_time(made).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        messages::types::{MessageTime, OtherReceiver, TimeValue},
        xml::write,
    };

    const ID: &str = "7f0c6a0e-5f55-4f4e-9d3f-0d6a3f1f7a11";

    fn code(value: &str, name: &str) -> Code {
        Code { value: value.to_owned(), name: name.to_owned(), ..Code::default() }
    }

    fn unit(name: &str, ids: &[(&str, &str)]) -> Unit {
        let id = |(kind, value): &(&str, &str)| Id { value: (*value).to_owned(), kind: code(kind, "") };
        Unit { name: name.to_owned(), ids: ids.iter().map(id).collect(), ..Unit::default() }
    }

    fn person(name: &str, ids: &[(&str, &str)]) -> Unit {
        Unit { is_person: true, ..unit(name, ids) }
    }

    fn time(text: &str, precision: Precision) -> MessageTime {
        let local = "2026-03-02T09:15:00".parse().unwrap();
        MessageTime { text: text.to_owned(), value: Some(TimeValue { local, precision, offset: None }) }
    }

    fn head() -> Head {
        let levels = vec![
            unit("Fjordnes HF", &[("ENH", "900000001"), ("HER", "8000001")]),
            unit("Kirurgi", &[("HER", "8000002")]),
            person("Anna Lege", &[("HPR", "1")]),
        ];
        let copy = Party {
            levels: vec![
                unit("Elvebakk legekontor", &[("HER", "8000021")]),
                person("Per Lege", &[("HER", "8000022")]),
            ],
        };
        Head {
            type_code: code("LOG_INNLAGT", "Melding om innlagt pasient"),
            id: ID.to_owned(),
            made: time("2026-03-02T09:15:00", Precision::Time),
            ack: None,
            processing: None,
            conversation: None,
            status: None,
            sender: Party { levels },
            receiver: Party {
                levels: vec![
                    unit("Elvebakk kommune", &[("HER", "8000011")]),
                    unit("Sykepleietjeneste", &[("HER", "8000012")]),
                ],
            },
            others: vec![OtherReceiver { role: code("COP", "Kopimottaker"), party: copy }],
            patient: None,
        }
    }

    fn written(version: Version, answering: Answering, errors: &[Code]) -> String {
        let draft = ReceiptDraft {
            original: &head(),
            version,
            answering,
            errors,
            software: Some(("Samspill", "0.1.0")),
            id: "0d4f7a51-7a52-4f0d-8a21-3cb6f5f0a001",
            made: "2026-07-01T10:00:00Z".parse().unwrap(),
        };
        let text = receipt_text(&draft);
        assert_eq!(write(&receipt(&draft)), text, "the tree and the text are the same");
        text
    }

    #[test]
    fn a_receipt_says_when_and_by_what_it_was_made() {
        let text = written(Version::Plo16, Answering::Primary, &[]);
        assert!(text.contains("<GenDate>2026-07-01T12:00:00+02:00</GenDate>"), "{text}");
        assert!(
            text.contains("<SoftwareName>Samspill</SoftwareName><SoftwareVersion>0.1.0</SoftwareVersion>")
        );
        assert!(text.contains("<Status V=\"1\" DN=\"OK\"/><OriginalMsgId>"), "{text}");
    }

    #[test]
    fn the_version_and_its_roles_follow_the_message_that_is_answered() {
        let rows = [
            (Version::Plo16, "2012-02-15", "<Role V=\"PRIM\"", true),
            (Version::Dialog11, "2012-02-15", "<Role V=\"PRIM\"", true),
            (Version::Epikrise12, "2012-02-15", "<Role V=\"PRIM\"", true),
            (Version::Unknown, "2012-02-15", "<Role V=\"PRIM\"", true),
            (Version::Plo15, "2004-11-21", "<Role V=\"SPR\"", false),
            (Version::Dialog10, "2004-11-21", "<Role V=\"SPR\"", false),
            (Version::Epikrise11, "2004-11-21", "<Role V=\"REQ\"", false),
        ];
        for (version, date, role, has_sender_role) in rows {
            let text = written(version, Answering::Primary, &[]);
            assert!(text.contains(&format!("xmlns=\"http://www.kith.no/xmlstds/apprec/{date}\"")), "{text}");
            assert!(text.contains(role), "{version:?} {text}");
            assert_eq!(text.contains("AVS"), has_sender_role, "{version:?}");
        }
    }

    #[test]
    fn addresses_are_mirrored_and_a_person_under_a_unit_is_left_out() {
        let text = written(Version::Plo16, Answering::Primary, &[]);
        let receiver = "<Receiver><Role V=\"AVS\" DN=\"Avsender\"/><HCP><Inst><Name>Fjordnes HF</Name>\
            <Id>8000001</Id><TypeId V=\"HER\" DN=\"HER-id\"/><Dept><Name>Kirurgi</Name><Id>8000002</Id>\
            <TypeId V=\"HER\" DN=\"HER-id\"/></Dept><AdditionalId><Id>900000001</Id><Type V=\"ENH\"/>\
            </AdditionalId></Inst></HCP></Receiver>";
        assert!(text.contains(receiver), "{text}");
        assert!(!text.contains("Anna Lege"));
    }

    #[test]
    fn a_copy_receiver_answers_for_itself_and_a_person_is_an_hcperson() {
        let text = written(Version::Plo16, Answering::Other(0), &[]);
        let sender = "<Sender><Role V=\"COP\" DN=\"Kopimottaker\"/><HCP><Inst><Name>Elvebakk legekontor</Name>\
            <Id>8000021</Id><TypeId V=\"HER\" DN=\"HER-id\"/><HCPerson><Name>Per Lege</Name><Id>8000022</Id>";
        assert!(text.contains(sender), "{text}");
    }

    #[test]
    fn a_rejection_has_its_reason_and_the_text_that_says_what_to_do() {
        let reason = Code { original: "Fyll ut navn".to_owned(), ..code("E36", "Utilstrekkelig") };
        let text = written(Version::Plo16, Answering::Primary, &[reason]);
        let error = "<Status V=\"2\" DN=\"Avvist\"/><Error S=\"2.16.578.1.12.4.1.1.8221\" V=\"E36\" \
            DN=\"Utilstrekkelig\" OT=\"Fyll ut navn\"/><OriginalMsgId>";
        assert!(text.contains(error), "{text}");
    }

    #[test]
    fn the_message_answered_is_named_by_its_own_id_and_time() {
        let text = written(Version::Plo15, Answering::Primary, &[]);
        let original = format!(
            "<OriginalMsgId><MsgType V=\"LOG_INNLAGT\" DN=\"Melding om innlagt pasient\"/>\
             <IssueDate>2026-03-02T09:15:00</IssueDate><Id>{ID}</Id></OriginalMsgId>"
        );
        assert!(text.contains(&original), "{text}");
    }

    /// The schema wants a date with time; what the sender wrote, what stands in the receipt.
    #[test]
    fn the_issue_date_is_a_date_with_time_whatever_the_sender_wrote() {
        let made = "2026-07-01T10:00:00Z".parse().unwrap();
        let unread = MessageTime { text: "i går".to_owned(), value: None };
        let rows = [
            (time("2026-03-02T09:15:00.0Z", Precision::Time), "2026-03-02T09:15:00.0Z"),
            (time("2026-03-02", Precision::Day), "2026-03-02T09:15:00"),
            (unread, "2026-07-01T12:00:00+02:00"),
        ];
        for (written, expected) in rows {
            assert_eq!(issue_date(&Head { made: written, ..head() }, made).as_ref(), expected);
        }
    }
}
