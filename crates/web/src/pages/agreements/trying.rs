//! A trial that runs beside the requests, and says how far it has come.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use jiff::Timestamp;
use samspill_base::CaseLog;
use samspill_service::{
    access::{Involvement, Openness},
    proposals::{Trial, Whose},
};
use samspill_store::StoreError;

use crate::App;

/// Cases that are asked for at a time.
const CASES_AT_ONCE: usize = 200;

/// A trial on its way. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Trying(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    read: AtomicU64,
    is_stopped: AtomicBool,
    outcome: Mutex<Option<Result<Arc<Trial>, String>>>,
}

/// How far a trial has come.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// So many cases have been read.
    Running(u64),
    /// It is done.
    Done(Arc<Trial>),
    /// The machine failed.
    Failed,
}

/// Whose cases are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those that this party takes part in.
    Party(String),
    /// All of the community, as this party may see it.
    Community(String),
}

impl Trying {
    /// Begins to read all cases, as of an instant.
    pub(super) fn begin(app: App, trial: Trial, scope: Scope, as_of: Timestamp) -> Self {
        let trying = Self::default();
        let runs = trying.clone();
        tokio::spawn(async move {
            let outcome = runs.run(&app, trial, &scope, as_of).await;
            if let Err(error) = &outcome {
                tracing::error!(%error, "a trial of a proposal failed");
            }
            let outcome = outcome.map(Arc::new).map_err(|error| error.to_string());
            *runs.0.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        });
        trying
    }

    /// How far it has come.
    pub(super) fn standing(&self) -> Standing {
        match &*self.0.outcome.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Standing::Running(self.0.read.load(Ordering::Relaxed)),
            Some(Ok(trial)) => Standing::Done(Arc::clone(trial)),
            Some(Err(_)) => Standing::Failed,
        }
    }

    /// Ends it before it is done: nobody asks any more.
    pub(super) fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::Relaxed);
    }

    async fn run(
        &self,
        app: &App,
        mut trial: Trial,
        scope: &Scope,
        as_of: Timestamp,
    ) -> Result<Trial, StoreError> {
        let parts = app.parts();
        let mut after = String::new();
        loop {
            let cases = parts.store.cases(&parts.community, &after, CASES_AT_ONCE).await?;
            let Some(last) = cases.last() else { return Ok(trial) };
            after.clone_from(last);
            for case in cases {
                let entries = parts.store.case_entries(&parts.community, &case).await?;
                let log = CaseLog { case, entries };
                if let Some(whose) = whose(app, scope, &log, as_of) {
                    trial.add(&log, as_of, whose);
                }
                self.0.read.fetch_add(1, Ordering::Relaxed);
            }
            if self.0.is_stopped.load(Ordering::Relaxed) {
                return Ok(trial);
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Whose case it is; none where it isn't asked for. Downtime is kept in the log too, and is nobody's stay: it names no duties either way,
/// and is read like the rest.
fn whose(app: &App, scope: &Scope, log: &CaseLog, as_of: Timestamp) -> Option<Whose> {
    let (Scope::Party(party) | Scope::Community(party)) = scope;
    let row = app.parts().projections.read(log, as_of).stay;
    let is_own = Involvement::of(log, &row, Openness::Settled, app.book()).has(party);
    match scope {
        _ if is_own => Some(Whose::Own),
        Scope::Community(_) => Some(Whose::Others),
        Scope::Party(_) => None,
    }
}
