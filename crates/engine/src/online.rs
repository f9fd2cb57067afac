//! A case that grows: one entry at a time, the same answer as all at once.

use jiff::Timestamp;
use samspill_base::{CaseLog, Entry};

use crate::{Engine, Evaluation};

/// A case that takes entries as they come, in any order.
///
/// Its reading at any instant is the one that [`Engine::evaluate`] gives for the entries so far: same bytes. An
/// entry that comes later and was recorded later never changes what is read as of an earlier instant.
#[derive(Clone, Debug)]
pub struct OnlineCase<'a> {
    engine: Engine<'a>,
    log: CaseLog,
}

impl<'a> OnlineCase<'a> {
    /// A case without entries.
    pub fn new(engine: Engine<'a>, case: impl Into<String>) -> Self {
        Self { engine, log: CaseLog { case: case.into(), entries: Vec::new() } }
    }

    /// Takes an entry. It goes to its place in the log, whenever it comes.
    pub fn take(&mut self, entry: Entry) {
        let place = self.log.entries.partition_point(|other| other.position <= entry.position);
        self.log.entries.insert(place, entry);
    }

    /// The case as of an instant.
    pub fn read(&self, as_of: Timestamp) -> Evaluation {
        self.engine.evaluate(&self.log, as_of)
    }

    /// The entries so far.
    pub fn log(&self) -> &CaseLog {
        &self.log
    }
}
