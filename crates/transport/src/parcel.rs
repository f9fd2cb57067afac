use jiff::Timestamp;

/// A message on its way, with what a channel needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The channel's id of it, a UUID: the same again where a parcel is sent again because nobody knows whether it came.
    pub id: String,
    /// The HER-id of the communication party that sends; empty where a channel can't tell (a folder).
    pub from: String,
    /// The HER-id of the communication party that it is for; empty where a channel can't tell.
    pub to: String,
    /// What it is: the code of 8279 (`LOG_INNLAGT`, `APPREC`); empty where a channel can't tell.
    pub kind: String,
    /// The `MsgId` or, of a receipt, `Id` of the document; empty where a channel can't tell.
    pub message: String,
    /// The conversation that it belongs to (`RefToConversation`).
    pub conversation: Option<String>,
    /// When it was made.
    pub made: Timestamp,
    /// The document as it was written or came, byte for byte.
    pub bytes: Vec<u8>,
}
