/// How much of a message's files is decoded, and how much is told about it. Exactly at a limit is inside it.
///
/// How large the document itself may be, [`XmlLimits`](crate::xml::XmlLimits) say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageLimits {
    /// Files of one message. Those after it aren't listed; one finding says so. Default: 50.
    pub attachments_max: usize,
    /// Bytes of one file when decoded. A larger one is listed without its bytes. Default: 18 MiB, what clients of the message
    /// service keep to.
    pub attachment_bytes_max: usize,
    /// Bytes of all files together when decoded. The first that goes past it, and each after it that would, is listed without
    /// its bytes. Default: 30 MiB.
    pub attachments_bytes_max: usize,
    /// Findings told. Past it, one more says that others are left out. Default: 100.
    pub findings_max: usize,
}

impl Default for MessageLimits {
    fn default() -> Self {
        Self {
            attachments_max: 50,
            attachment_bytes_max: 18 << 20,
            attachments_bytes_max: 30 << 20,
            findings_max: 100,
        }
    }
}
