use jiff::{Timestamp, tz::TimeZone};
use samspill_formats::messages::norway;

use super::{Directory, Known, Table};

/// What a message is read against. Nothing here is asked of a clock or a file.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// Which message gives which entry.
    pub table: &'a Table,
    /// Who is who.
    pub directory: &'a Directory,
    /// The zone of times without one.
    pub zone: TimeZone,
    /// What was learnt before: messages, stays, receipts.
    pub known: &'a Known,
    /// When the message was received. `None`: not known here; a positive receipt then stands in for it.
    pub received: Option<Timestamp>,
    /// When it is written into the log. `None`: the log is written as things went.
    pub recorded: Option<Timestamp>,
}

impl<'a> Context<'a> {
    /// A context with the shipped table and Norwegian time.
    pub fn new(known: &'a Known, directory: &'a Directory) -> Self {
        Self { table: Table::shipped(), directory, zone: norway(), known, received: None, recorded: None }
    }

    /// The same, for a message received at an instant and written into the log at another.
    pub fn at(self, received: Option<Timestamp>, recorded: Option<Timestamp>) -> Self {
        Self { received, recorded, ..self }
    }
}
