//! Receipts: AppRec 1.0 and 1.1, which are written alike.

use super::{
    head,
    party::hcp_party,
    reading::Reading,
    values::{code, code_in, no_time, text_in},
};
use crate::{
    messages::types::{Code, Head, Party, Receipt},
    xml::El,
};

/// What stands for a head in a receipt.
pub(super) fn head(reading: &mut Reading<'_>, root: El<'_>) -> Head {
    let party = |name| root.child(name).map_or_else(Party::default, hcp_party);
    Head {
        type_code: code_in(root, "MsgType").unwrap_or_default(),
        id: text_in(root, "Id"),
        made: reading.needed_time_in(root, "GenDate"),
        sender: party("Sender"),
        receiver: party("Receiver"),
        ..head::empty()
    }
}

/// What a receipt says.
pub(super) fn body(reading: &mut Reading<'_>, root: El<'_>) -> Receipt {
    let mut receipt = Receipt {
        status: Code::default(),
        errors: Vec::new(),
        original_type: Code::default(),
        original_made: no_time(),
        original_id: String::new(),
        sender_role: root.descend(&["Sender", "Role"]).map(code),
        receiver_role: root.descend(&["Receiver", "Role"]).map(code),
        software: software(root),
    };
    for part in root.children() {
        match part.local() {
            "Status" => receipt.status = code(part),
            "Error" => receipt.errors.push(code(part)),
            "OriginalMsgId" => {
                receipt.original_type = code_in(part, "MsgType").unwrap_or_default();
                receipt.original_made = reading.needed_time_in(part, "IssueDate");
                receipt.original_id = text_in(part, "Id");
            }
            _ => {}
        }
    }
    receipt
}

fn software(root: El<'_>) -> Option<(String, String)> {
    let software = ["SoftwareName", "SoftwareVersion"].map(|name| text_in(root, name));
    let [name, version] = software;
    (!name.is_empty() || !version.is_empty()).then_some((name, version))
}
