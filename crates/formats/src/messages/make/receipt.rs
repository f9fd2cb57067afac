//! Receipts as they are written: AppRec 1.0 and 1.1 (HIS 80415).

use jiff::Timestamp;

use super::date_time;
use crate::{
    messages::types::{Code, Head, Id, Party, Precision, Unit, Version},
    xml::Element,
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
    let make = Maker::for_version(draft.version);
    make.element("AppRec")
        .child(make.code("MsgType", "APPREC", "Applikasjonskvittering"))
        .child(make.text("MIGversion", make.version))
        .children(make.software(draft.software))
        .child(make.text("GenDate", &date_time(draft.made)))
        .child(make.text("Id", draft.id))
        .child(make.sender(draft))
        .child(make.receiver(&draft.original.sender))
        .child(make.status(draft.errors))
        .children(draft.errors.iter().map(|error| make.error(error)))
        .child(make.original(draft))
}

/// What differs from version to version.
struct Maker {
    space: &'static str,
    version: &'static str,
    /// Whether the roles are those of 1.1 (`PRIM`, `AVS`).
    has_new_roles: bool,
    /// The role of a primary receiver.
    primary: (&'static str, &'static str),
}

impl Maker {
    fn for_version(answered: Version) -> Self {
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

    fn element(&self, local: &'static str) -> Element {
        Element::new(self.space, local)
    }

    fn text(&self, local: &'static str, text: &str) -> Element {
        self.element(local).text(text)
    }

    fn code(&self, local: &'static str, value: &str, name: &str) -> Element {
        let element = self.element(local).with("V", value);
        if name.is_empty() { element } else { element.with("DN", name) }
    }

    fn software(&self, software: Option<(&str, &str)>) -> Vec<Element> {
        let Some((name, version)) = software else { return Vec::new() };
        vec![self.text("SoftwareName", name), self.text("SoftwareVersion", version)]
    }

    fn sender(&self, draft: &ReceiptDraft<'_>) -> Element {
        let nobody = Party::default();
        let (role, party) = match draft.answering {
            Answering::Primary => (self.primary, &draft.original.receiver),
            Answering::Other(place) => {
                let other = draft.original.others.get(place);
                (("COP", "Kopimottaker"), other.map_or(&nobody, |other| &other.party))
            }
        };
        self.element("Sender").child(self.code("Role", role.0, role.1)).child(self.party(party))
    }

    /// In 1.0 no role is settled for the sender of the message; it is left out.
    fn receiver(&self, party: &Party) -> Element {
        let receiver = self.element("Receiver");
        let receiver =
            if self.has_new_roles { receiver.child(self.code("Role", "AVS", "Avsender")) } else { receiver };
        receiver.child(self.party(party))
    }

    fn party(&self, party: &Party) -> Element {
        let (outer, inner) =
            party.levels.split_first().map_or((None, [].as_slice()), |(first, rest)| (Some(first), rest));
        let hcp = self.element("HCP");
        match outer {
            None => hcp.child(self.element("Inst")),
            Some(person) if person.is_person => hcp.child(self.whole(self.element("HCProf"), person)),
            Some(outer) => hcp.child(self.institution(outer, inner)),
        }
    }

    fn institution(&self, outer: &Unit, inner: &[Unit]) -> Element {
        let units = || inner.iter().filter(|unit| !unit.is_person);
        let people = inner.iter().filter(|unit| unit.is_person && units().next().is_none());
        let (main, more) = split_ids(&outer.ids);
        self.named(self.element("Inst"), outer, main)
            .children(units().map(|unit| self.whole(self.element("Dept"), unit)))
            .children(more.into_iter().map(|id| self.additional(id)))
            .children(people.map(|person| self.whole(self.element("HCPerson"), person)))
    }

    /// Name and all ids, with nothing between them.
    fn whole(&self, element: Element, unit: &Unit) -> Element {
        let (main, more) = split_ids(&unit.ids);
        self.named(element, unit, main).children(more.into_iter().map(|id| self.additional(id)))
    }

    fn named(&self, element: Element, unit: &Unit, main: Option<&Id>) -> Element {
        let name = (!unit.name.is_empty()).then(|| self.text("Name", &unit.name));
        let id = main.into_iter().flat_map(|id| {
            [self.text("Id", &id.value), self.code("TypeId", &id.kind.value, kind_name(&id.kind))]
        });
        element.children(name).children(id)
    }

    fn additional(&self, id: &Id) -> Element {
        self.element("AdditionalId").child(self.text("Id", &id.value)).child(self.code(
            "Type",
            &id.kind.value,
            kind_name(&id.kind),
        ))
    }

    fn status(&self, errors: &[Code]) -> Element {
        match errors {
            [] => self.code("Status", "1", "OK"),
            [_, ..] => self.code("Status", "2", "Avvist"),
        }
    }

    fn error(&self, error: &Code) -> Element {
        let table = if error.table.is_empty() { REASON_TABLE } else { &error.table };
        let element =
            self.element("Error").with("S", table).with("V", &*error.value).with("DN", &*error.name);
        if error.original.is_empty() { element } else { element.with("OT", &*error.original) }
    }

    fn original(&self, draft: &ReceiptDraft<'_>) -> Element {
        let head = draft.original;
        self.element("OriginalMsgId")
            .child(self.code("MsgType", &head.type_code.value, &head.type_code.name))
            .child(self.text("IssueDate", &issue_date(head, draft.made)))
            .child(self.text("Id", &head.id))
    }
}

/// The id that goes first, HER if there is one, and the rest. Ids without a value are left out.
fn split_ids(ids: &[Id]) -> (Option<&Id>, Vec<&Id>) {
    let mut filled: Vec<&Id> = ids.iter().filter(|id| !id.value.is_empty()).collect();
    let main = filled.iter().position(|id| id.kind.value == "HER").unwrap_or(0);
    let first = (main < filled.len()).then(|| filled.remove(main));
    (first, filled)
}

fn kind_name(kind: &Code) -> &str {
    if kind.value == "HER" { "HER-id" } else { &kind.name }
}

fn issue_date(head: &Head, made: Timestamp) -> String {
    match head.made.value {
        Some(value) if value.precision == Precision::Time => head.made.text.clone(),
        Some(value) => value.local.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        None => date_time(made),
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
        write(&receipt(&draft))
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
            assert_eq!(issue_date(&Head { made: written, ..head() }, made), expected);
        }
    }
}
