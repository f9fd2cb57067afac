use std::{sync::Arc, time::Duration};

use crate::{Projection, Seal};

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to do where there is no file. PostgreSQL's databases are always made by its operator.
    pub if_missing: IfMissing,
    /// How long to wait for a lock or a free connection before [`StoreError::Locked`](crate::StoreError::Locked).
    pub wait: Duration,
    /// Connections to PostgreSQL at the most, at least 1. SQLite has one that writes and four that read.
    pub connections_max: u32,
    /// Whether a server may be used that doesn't write through to its disk.
    pub fsync: Fsync,
    /// What is derived from the log, each by its name.
    pub projections: Vec<Arc<dyn Projection>>,
    /// What seals messages, decisions and persons of the log. Without it they are kept in the clear, what is sealed can't be read, and
    /// to a log with sealed persons nothing can be added.
    pub seal: Option<Arc<dyn Seal>>,
}

impl Default for Options {
    /// Makes the file, waits five seconds, eight connections, `fsync` required, no projections, no seal.
    fn default() -> Self {
        Self {
            if_missing: IfMissing::Create,
            wait: Duration::from_secs(5),
            connections_max: 8,
            fsync: Fsync::Required,
            projections: Vec::new(),
            seal: None,
        }
    }
}

/// What to do where there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// Make it.
    Create,
    /// Say so: a command that reads must not make an empty store where a path is mistyped.
    Refuse,
}

/// What to do where PostgreSQL runs with `fsync = off`, and forgets what it has acknowledged when the power fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fsync {
    /// Refuse it. SQLite always writes through.
    Required,
    /// Take it, for tests and for data that can be made again.
    Waived,
}
