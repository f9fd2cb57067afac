//! The head of a Hodemelding: MsgInfo.

use super::{
    party::party,
    reading::Reading,
    values::{code, code_in, ids, no_time, text_in},
};
use crate::{
    messages::types::{Code, Conversation, Head, OtherReceiver, Party, Patient},
    xml::El,
};

/// The head of what has none that is read here.
pub(super) fn empty() -> Head {
    Head {
        type_code: Code::default(),
        id: String::new(),
        made: no_time(),
        ack: None,
        processing: None,
        conversation: None,
        status: None,
        sender: Party::default(),
        receiver: Party::default(),
        others: Vec::new(),
        patient: None,
    }
}

/// The head of a Hodemelding.
pub(super) fn of_msg_head(reading: &mut Reading<'_>, root: El<'_>) -> Head {
    let mut head = empty();
    let Some(info) = root.child("MsgInfo") else { return head };
    for part in info.children() {
        match part.local() {
            "Type" => head.type_code = code(part),
            "GenDate" => head.made = reading.time(part),
            "MsgId" => head.id = part.text().into_owned(),
            "ProcessingStatus" => head.processing = Some(code(part)),
            "Ack" => head.ack = Some(code(part)),
            "ConversationRef" => head.conversation = Some(conversation(part)),
            "Sender" => head.sender = party(part),
            "Receiver" => head.receiver = party(part),
            "OtherReceiver" => head.others.push(other_receiver(part)),
            "Patient" => head.patient = Some(patient(reading, part)),
            _ => {}
        }
    }
    head
}

fn conversation(element: El<'_>) -> Conversation {
    Conversation { parent: text_in(element, "RefToParent"), first: text_in(element, "RefToConversation") }
}

fn other_receiver(element: El<'_>) -> OtherReceiver {
    OtherReceiver { role: code_in(element, "RoleReceiver").unwrap_or_default(), party: party(element) }
}

fn patient(reading: &mut Reading<'_>, element: El<'_>) -> Patient {
    Patient {
        family_name: text_in(element, "FamilyName"),
        middle_name: text_in(element, "MiddleName"),
        given_name: text_in(element, "GivenName"),
        born: reading.time_in(element, "DateOfBirth"),
        sex: code_in(element, "Sex"),
        ids: ids(element).collect(),
        municipality: element.descend(&["Address", "County"]).map(code),
    }
}
