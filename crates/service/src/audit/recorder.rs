use std::sync::Mutex;

use samspill_store::{CommunityId, NewAccess, Store, StoreError};
use tokio::sync::{Mutex as Turn, oneshot};

/// Writes rows of the access log, those of several requests in one transaction.
#[derive(Debug)]
pub(super) struct Recorder {
    store: Store,
    community: CommunityId,
    waiting: Mutex<Vec<Waiting>>,
    /// Whoever has it writes what waits.
    turn: Turn<()>,
}

/// A row, and whom to tell its number.
#[derive(Debug)]
struct Waiting {
    row: NewAccess,
    tell: oneshot::Sender<u64>,
}

impl Recorder {
    pub(super) fn new(store: Store, community: CommunityId) -> Self {
        Self { store, community, waiting: Mutex::new(Vec::new()), turn: Turn::new(()) }
    }

    /// Writes a row, together with all that came while others wrote. A row that couldn't be written with the others is written alone,
    /// so that each request gets its own error; one that nobody told the number of may stand there twice, and never not at all.
    pub(super) async fn record(&self, row: NewAccess) -> Result<u64, StoreError> {
        let (tell, mut told) = oneshot::channel();
        self.push(Waiting { row: row.clone(), tell });
        {
            let _turn = self.turn.lock().await;
            // Whoever has been written by another lets the next in at once, so that many gather before the next write.
            if let Ok(number) = told.try_recv() {
                return Ok(number);
            }
            let batch = self.take();
            if !batch.is_empty() {
                self.write(batch).await;
            }
        }
        match told.await {
            Ok(number) => Ok(number),
            Err(_) => self.store.log_accesses(&self.community, &[row]).await,
        }
    }

    async fn write(&self, batch: Vec<Waiting>) {
        let (rows, tells): (Vec<_>, Vec<_>) = batch.into_iter().map(|it| (it.row, it.tell)).unzip();
        // Where it fails, nobody is told, and each tries alone.
        let Ok(first) = self.store.log_accesses(&self.community, &rows).await else { return };
        for (tell, number) in tells.into_iter().zip(first..) {
            // Whoever doesn't wait any more has gone away.
            let _ = tell.send(number);
        }
    }

    fn push(&self, waiting: Waiting) {
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(waiting);
    }

    fn take(&self) -> Vec<Waiting> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}
