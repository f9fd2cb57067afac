//! Epicrises 1.1 and 1.2, which have a head of their own.

use super::{
    head,
    party::hcp_party,
    plain_text::plain,
    reading::Reading,
    values::{code, code_in, joined, text_in},
};
use crate::{
    messages::types::{Code, Diagnosis, EpicrisisBody, Head, Id, OtherReceiver, Party, Patient, Section},
    xml::El,
};

/// What stands for a head in an epicrisis: who made it sends it, who asked for it receives it.
pub(super) fn head(reading: &mut Reading<'_>, root: El<'_>) -> Head {
    let mut head = Head {
        type_code: code_in(root, "Type").unwrap_or_default(),
        id: text_in(root, "MsgId"),
        made: reading.needed_time_in(root, "GenDate"),
        processing: code_in(root, "Status"),
        ..head::empty()
    };
    if let Some(report) = root.child("ServRprt") {
        let party = |name| report.child(name).map_or_else(Party::default, hcp_party);
        head.ack = code_in(report, "Ack");
        head.sender = party("ServProvider");
        head.receiver = party("Requester");
        head.others = report.children_named("CopyDest").map(copy_receiver).collect();
        head.patient = report.child("Patient").map(|element| patient(reading, element));
    }
    head
}

/// New, change or cancellation.
pub(super) fn status(root: El<'_>) -> Option<Code> {
    root.descend(&["ServRprt", "ServType"]).map(code)
}

fn copy_receiver(element: El<'_>) -> OtherReceiver {
    OtherReceiver { role: code_in(element, "Role").unwrap_or_default(), party: hcp_party(element) }
}

/// The name is written `Family, Given Middle` (HIS 80226); without a comma all of it is the family name.
fn patient(reading: &mut Reading<'_>, element: El<'_>) -> Patient {
    let name = text_in(element, "Name");
    let (family, given) = name.split_once(',').unwrap_or((&name, ""));
    Patient {
        family_name: family.trim_ascii().to_owned(),
        middle_name: String::new(),
        given_name: given.trim_ascii().to_owned(),
        born: reading.time_in(element, "DateOfBirth"),
        sex: code_in(element, "Sex"),
        ids: patient_ids(element),
        municipality: element.descend(&["Address", "County"]).map(code),
    }
}

fn patient_ids(element: El<'_>) -> Vec<Id> {
    let official = element.child("OffId").map(|id| Id {
        value: id.text().into_owned(),
        kind: code_in(element, "TypeOffId").unwrap_or_default(),
    });
    let others = element
        .children_named("AdditionalId")
        .map(|id| Id { value: text_in(id, "Id"), kind: code_in(id, "Type").unwrap_or_default() });
    official.into_iter().chain(others).collect()
}

/// What an epicrisis says of the stay: the first reported event has its beginning and end.
pub(super) fn body(reading: &mut Reading<'_>, root: El<'_>) -> EpicrisisBody {
    let mut body = EpicrisisBody::default();
    if let Some(report) = root.child("ServRprt") {
        for event in report.children_named("Event") {
            read_event(reading, event, &mut body);
        }
    }
    body
}

fn read_event(reading: &mut Reading<'_>, event: El<'_>, body: &mut EpicrisisBody) {
    for part in event.children() {
        match part.local() {
            "ReportedEvent" if body.from.is_none() && body.until.is_none() => {
                body.from = reading.time_in(part, "StartDateTime");
                body.until = reading.time_in(part, "EndDateTime");
            }
            "Event" => read_event(reading, part, body),
            "InfItem" => read_item(part, body),
            "Comment" => body.sections.extend(section(part, "Heading", "TextResultValue")),
            _ => {}
        }
    }
}

/// A clinical item: a diagnosis (H main, B other, table 8233) or a text under the name of its type.
fn read_item(item: El<'_>, body: &mut EpicrisisBody) {
    let kind = code_in(item, "Type");
    let is_main = match kind.as_ref().map(|kind| kind.value.as_str()) {
        Some("H") => Some(true),
        Some("B") => Some(false),
        Some(_) | None => None,
    };
    let text = item_text(item);
    let concept = item.descend(&["Observation", "CodedDescr", "Concept"]).map(code);
    if is_main.is_some() {
        body.diagnoses.push(Diagnosis { code: concept, text, is_main });
    } else if !text.is_empty() {
        body.sections.push(Section { heading: kind, element: item.local().to_owned(), text });
    }
}

fn item_text(item: El<'_>) -> String {
    let plain_at = |path: &[&str]| item.descend(path).map(plain).unwrap_or_default();
    joined(
        [
            plain_at(&["Observation", "Description"]),
            plain_at(&["Observation", "Comment"]),
            plain_at(&["ResultItem", "TextResult", "Result", "TextResultValue"]),
        ],
        "\n",
    )
}

fn section(element: El<'_>, heading: &str, text: &str) -> Option<Section> {
    let text = element.child(text).map(plain).filter(|text| !text.is_empty())?;
    Some(Section { heading: code_in(element, heading), element: element.local().to_owned(), text })
}
