//! Loops that are begun again when they panic.

use std::{future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;

use super::board::Board;
use crate::{Stop, jobs::Clock, metrics::Metrics, pause::Pauses};

const PAUSES: Pauses = Pauses { first: Duration::from_secs(1), max: Duration::from_mins(1) };

/// What looks after loops.
#[derive(Clone, Debug)]
pub(super) struct Supervisor {
    pub(super) board: Board,
    pub(super) metrics: Arc<Metrics>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) stop: Stop,
}

impl Supervisor {
    /// Runs a loop until it returns. Where it panics it is begun again, after a second, then after twice as long each time, a
    /// minute at the most.
    pub(super) async fn run<F: Future<Output = ()>>(&self, name: &str, begin: impl Fn() -> F) {
        let mut falls = 0;
        loop {
            self.board.loop_runs(name);
            if AssertUnwindSafe(begin()).catch_unwind().await.is_ok() {
                return;
            }
            falls += 1;
            self.metrics.restarted(name);
            self.board.loop_fell(name);
            tracing::error!(r#loop = name, restarts = falls, "a loop panicked and is begun again");
            tokio::select! {
                () = self.clock.sleep(PAUSES.after(falls)) => {}
                () = self.stop.asked() => return,
            }
        }
    }
}
