//! What is written: types of the API's own, so that what is inside can change and what callers read doesn't.

#[expect(clippy::struct_field_names, reason = "what callers read keeps the names that the agreement has")]
mod duty;
mod entry;
#[expect(clippy::struct_field_names, reason = "what callers read keeps the names that the agreement has")]
mod message;
#[expect(clippy::struct_field_names, reason = "what callers read keeps the names that the agreement has")]
mod stay;

pub(crate) use duty::{Duty, duty_id, status_at};
pub(crate) use entry::{Entry, UsedEntry};
pub(crate) use message::{Attachment, Message, MessageSummary, attachment_type};
pub(crate) use stay::{Meter, Stay, StaySummary};
