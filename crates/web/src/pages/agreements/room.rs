//! What the pages of agreements keep between requests, on each node.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::{library::Library, trying::Trying};
use crate::App;

/// Trials that are kept; the oldest goes first.
const TRIALS_MAX: usize = 16;

/// What is kept between requests. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Room(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    library: OnceLock<Arc<Library>>,
    trials: Mutex<Trials>,
}

#[derive(Debug, Default)]
struct Trials {
    by_key: BTreeMap<String, Trying>,
    order: Vec<String>,
}

impl Room {
    /// The agreements and laws, read once.
    pub(super) fn library(&self, app: &App) -> Arc<Library> {
        let library = || Arc::new(Library::of(app.parts().projections.agreements()));
        Arc::clone(self.0.library.get_or_init(library))
    }

    /// The trial of this key, which is begun if it isn't there: on another node, after a restart, or for the first time.
    pub(super) fn trying(&self, key: &str, begin: impl FnOnce() -> Trying) -> Trying {
        let mut trials = self.0.trials.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trying) = trials.by_key.get(key) {
            return trying.clone();
        }
        while trials.order.len() >= TRIALS_MAX {
            let oldest = trials.order.remove(0);
            if let Some(trying) = trials.by_key.remove(&oldest) {
                trying.stop();
            }
        }
        let trying = begin();
        trials.order.push(key.to_owned());
        trials.by_key.insert(key.to_owned(), trying.clone());
        trying
    }
}
