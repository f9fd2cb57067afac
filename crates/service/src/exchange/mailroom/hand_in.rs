//! A document is handed in by another system: it comes in, or goes out, by who sends it.

use jiff::Timestamp;
use samspill_formats::messages::types::Kind;
use samspill_transport::Parcel;

use super::{MailError, Mailroom, Sent, Taken, ids, send::her_id};
use crate::exchange::{
    meaning::normal_id,
    receipts::{Opened, open},
};

/// A document that was handed in, read as far as it can be.
#[derive(Debug)]
pub struct Handed {
    bytes: Vec<u8>,
    opened: Opened,
}

/// What became of a document that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandedIn {
    /// It came to us.
    Taken(Taken),
    /// One of ours made it, and it goes out.
    Sent(Sent),
}

impl Handed {
    /// The HER-ids of its sender and its receiver, empty where it doesn't say; none of a document of which not even the head can be read.
    pub fn ends(&self) -> Option<(String, String)> {
        let head = &self.opened.message.as_ref()?.head;
        let her = |party| her_id(party).unwrap_or_default();
        Some((her(&head.sender), her(&head.receiver)))
    }

    /// Why it can't be read as XML; empty where it can.
    pub fn fault(&self) -> String {
        self.opened.fault.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

impl Mailroom {
    /// Whether a document says that one of ours made it: an organisation or service of ours, whatever system it has and whichever
    /// of its names or ids it is called by. Nobody but the sender hands such a one in: from anybody else it would be in its name.
    pub fn is_from_us(&self, handed: &Handed) -> bool {
        let Some(message) = &handed.opened.message else { return false };
        let (settings, sender) = (&self.settings, &message.head.sender);
        if settings.recipients.knows(sender) {
            return true;
        }
        // What the log would call the sender counts too: access to the stay hangs on it.
        let address = settings.directory.name_of(sender).and_then(|name| settings.addresses.find(&name));
        address.is_some_and(|address| address.her_ids().any(|her| settings.recipients.has_her(her)))
    }

    /// Reads a document that is handed in, once for all that is asked about it.
    pub fn opened(&self, bytes: Vec<u8>) -> Handed {
        let opened = open(&bytes, &self.settings.xml, &self.settings.limits);
        Handed { bytes, opened }
    }

    /// Takes a document in, or sends it where one of ours made it. When this returns, it is on disk with all that follows from it.
    /// The same document again writes nothing.
    ///
    /// # Errors
    ///
    /// As [`Mailroom::take`] and [`Mailroom::send`].
    pub async fn hand_in(
        &self,
        handed: Handed,
        channel: &str,
        now: Timestamp,
    ) -> Result<HandedIn, MailError> {
        let Handed { bytes, opened } = handed;
        let goes_out = opened.message.as_ref().is_some_and(|message| {
            message.kind != Kind::Kvittering && self.settings.recipients.owns(&message.head.sender)
        });
        if goes_out {
            let outbound = self.outbound_of(&bytes, opened, None)?;
            return Ok(HandedIn::Sent(self.post(&outbound, now).await?));
        }
        let parcel = parcel(bytes, &opened, now);
        Ok(HandedIn::Taken(self.take_opened(&parcel, channel, now, &opened).await?))
    }
}

/// The document as a parcel. It is known again by the document's own id, or by what it says where it has none.
fn parcel(bytes: Vec<u8>, opened: &Opened, now: Timestamp) -> Parcel {
    let head = opened.message.as_ref().map(|message| &message.head);
    let id = head.map(|head| normal_id(&head.id)).filter(|id| !id.is_empty());
    let id = id.unwrap_or_else(|| ids::of_content(&bytes));
    let her = |party| her_id(party).unwrap_or_default();
    Parcel {
        id: id.clone(),
        from: head.map(|head| her(&head.sender)).unwrap_or_default(),
        to: head.map(|head| her(&head.receiver)).unwrap_or_default(),
        kind: String::new(),
        message: head.map(|head| normal_id(&head.id)).unwrap_or_default(),
        conversation: None,
        made: head.and_then(|head| head.made.earliest()).unwrap_or(now),
        bytes,
    }
}
