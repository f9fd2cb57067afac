//! Keeps the figures of this node, and reads on beside the requests.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use samspill_service::figures::{Keeper, Kept};
use samspill_store::StoreError;

use super::report::{Report, View};
use crate::{App, Refused};

/// Cases that are read at a time.
const CASES_AT_ONCE: usize = 200;
/// What was read is shown for so long before the log is asked again.
const FRESH: SignedDuration = SignedDuration::from_mins(1);
/// Reports that are kept of one reading: a year and scope for each party.
const REPORTS_MAX: usize = 200;
/// A request waits so long for figures that are being made; after that it shows older ones, or how far it has come.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What is kept between requests. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Room(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Who reads: one at a time.
    keeper: Arc<tokio::sync::Mutex<Option<Keeper>>>,
    count: AtomicUsize,
    shown: Mutex<Option<Shown>>,
}

/// Figures that are whole, and the reports made of them.
#[derive(Clone, Debug)]
struct Shown {
    kept: Arc<Kept>,
    reports: BTreeMap<View, Arc<Report>>,
}

/// What a request gets.
pub(super) enum Standing {
    /// A report.
    Ready(Arc<Report>),
    /// So many cases have been read; there is no report yet.
    Making(usize),
}

impl Room {
    /// The report of a view, of what was read less than a minute ago.
    pub(super) async fn report(&self, app: &App, view: View) -> Result<Standing, Refused> {
        if !self.is_fresh(app.now()) {
            self.read_on(app).await?;
        }
        let Some(kept) = self.kept() else {
            return Ok(Standing::Making(self.0.count.load(Ordering::Relaxed)));
        };
        if let Some(report) = self.made(&kept, &view) {
            return Ok(Standing::Ready(report));
        }
        let zone = app.zone();
        let made = Arc::new(Report::of(&kept, view.clone(), &zone));
        self.keep(&kept, view, &made);
        Ok(Standing::Ready(made))
    }

    fn kept(&self) -> Option<Arc<Kept>> {
        self.lock().as_ref().map(|shown| Arc::clone(&shown.kept))
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.lock().as_ref().is_some_and(|shown| now.duration_since(shown.kept.as_of).abs() < FRESH)
    }

    fn made(&self, kept: &Arc<Kept>, view: &View) -> Option<Arc<Report>> {
        let shown = self.lock();
        let shown = shown.as_ref().filter(|shown| Arc::ptr_eq(&shown.kept, kept))?;
        shown.reports.get(view).cloned()
    }

    fn keep(&self, kept: &Arc<Kept>, view: View, made: &Arc<Report>) {
        if let Some(shown) = self.lock().as_mut().filter(|shown| Arc::ptr_eq(&shown.kept, kept)) {
            if shown.reports.len() >= REPORTS_MAX {
                shown.reports.clear();
            }
            shown.reports.insert(view, Arc::clone(made));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Shown>> {
        self.0.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads on, unless somebody does; waits for it a little.
    async fn read_on(&self, app: &App) -> Result<(), Refused> {
        let Ok(guard) = Arc::clone(&self.0.keeper).try_lock_owned() else {
            if self.kept().is_none() {
                tokio::time::sleep(PATIENCE / 3).await;
            }
            return Ok(());
        };
        let (room, app) = (self.clone(), app.clone());
        let reading = tokio::spawn(async move { room.read(&app, guard).await });
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(Ok(read)) => read.map_err(Refused::failed),
            Ok(Err(error)) => Err(Refused::failed(error)),
            Err(_) => Ok(()),
        }
    }

    async fn read(
        &self,
        app: &App,
        mut guard: tokio::sync::OwnedMutexGuard<Option<Keeper>>,
    ) -> Result<(), StoreError> {
        let parts = app.parts();
        let keeper = guard.get_or_insert_with(|| {
            let agreements = parts.projections.agreements().clone();
            Keeper::new(parts.store.clone(), parts.community.clone(), agreements, Arc::clone(&parts.book))
        });
        let now = app.now();
        while keeper.step(now, CASES_AT_ONCE).await? {
            self.0.count.store(keeper.count(), Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
        let shown = Shown { kept: Arc::new(keeper.kept()), reports: BTreeMap::new() };
        *self.lock() = Some(shown);
        Ok(())
    }
}
