use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use samspill_base::Position;
use samspill_store::LogEntry;

use crate::access::Involvement;

/// A case changed: by entries, or by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where in the log: the last of its new entries; of a case that time changed, the end of the log then.
    pub position: Position,
    /// The case.
    pub case: String,
    /// Who took part before; none where it wasn't open then.
    pub before: Option<Arc<Involvement>>,
    /// Who takes part now, whether it is still open or not.
    pub after: Option<Arc<Involvement>>,
}

/// What catching up came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaughtUp {
    /// How far into the log.
    pub position: Position,
    /// How many cases were read anew.
    pub changed: usize,
    /// Whether more cases wait that time has changed: call again.
    pub more: bool,
}

/// The cases of entries, in the order of the last entry of each.
pub(super) fn last_positions(news: &[LogEntry]) -> BTreeSet<(Position, String)> {
    let last: BTreeMap<&str, Position> =
        news.iter().map(|line| (line.entry.case.as_str(), line.entry.position)).collect();
    last.into_iter().map(|(case, position)| (position, case.to_owned())).collect()
}
