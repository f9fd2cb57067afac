//! From trees to messages: what a document means, as [`Message`].
//!
//! ```text
//! Document ──sort──▶ kind, version, bodies, files      (kind)
//!     head  ◀─ MsgInfo, AppRec, Epikrise                (head, receipt, epicrisis)
//!     body  ◀─ PLO, Dialogmelding, Epikrise, AppRec     (care, dialog, epicrisis, receipt)
//!     files ◀─ Base64Container                          (attachments)
//! ```
//!
//! Reading never fails. An element is known by its local name in its place; namespaces say only which version it is. What is
//! missing stays out, what is unknown is passed over, and a [`Finding`] is made of what stands there and can't be understood: a
//! time that isn't one, base64 that isn't, two bodies in one head. Whether the schema or a profile is followed, others say.

mod attachments;
mod care;
mod dialog;
mod epicrisis;
mod head;
mod kind;
mod limits;
mod party;
mod plain_text;
mod reading;
mod receipt;
mod times;
mod values;

pub use kind::kind;
pub use limits::MessageLimits;

use kind::{Family, Sorted};
use reading::Reading;

use super::{
    Finding, model,
    types::{Body, Code, Message},
};
use crate::xml::Document;

/// Reads a message: all of it that has meaning here, and what couldn't be understood.
///
/// Files are decoded; those past the limits are listed without their bytes. Takes time in proportion to the document.
pub fn read(document: &Document<'_>, limits: &MessageLimits) -> (Message, Vec<Finding>) {
    let (message, (findings, _)) = read_all(document, limits);
    (message, findings)
}

/// Reads a message, and holds it to its schema: what [`read`] gives, and what [`model::check`] does. Files
/// are gone through once.
pub fn read_and_check(
    document: &Document<'_>,
    limits: &MessageLimits,
) -> (Message, Vec<Finding>, Vec<Finding>) {
    let (message, (findings, base64)) = read_all(document, limits);
    (message, findings, model::check_beside(document, &base64))
}

fn read_all(document: &Document<'_>, limits: &MessageLimits) -> (Message, (Vec<Finding>, Vec<u32>)) {
    let mut reading = Reading::new(limits);
    let sorted = Sorted::of(document);
    sorted.tell(&mut reading);
    let mut head = match sorted.frame {
        kind::Frame::MsgHead(root) => head::of_msg_head(&mut reading, root),
        kind::Frame::AppRec(root) => receipt::head(&mut reading, root),
        kind::Frame::Epicrisis(root) => epicrisis::head(&mut reading, root),
        kind::Frame::Unknown => head::empty(),
    };
    let (body, status) = body(&mut reading, &sorted);
    head.status = head.status.or(status);
    let attachments = attachments::all(&mut reading, &sorted);
    let message = Message { kind: sorted.kind, version: sorted.version, head, body, attachments };
    (message, reading.done())
}

/// The body, and the status that it gives the message.
fn body(reading: &mut Reading<'_>, sorted: &Sorted<'_>) -> (Body, Option<Code>) {
    let Some(body) = sorted.body else { return (Body::Other, None) };
    match sorted.family {
        Family::Care => {
            let (care, status) = care::body(reading, body);
            (Body::Care(care), status)
        }
        Family::Dialog => (Body::Dialog(dialog::body(reading, body)), None),
        Family::Epicrisis => (Body::Epicrisis(epicrisis::body(reading, body)), epicrisis::status(body)),
        Family::Receipt => (Body::Receipt(receipt::body(reading, body)), None),
        Family::Other => (Body::Other, None),
    }
}
