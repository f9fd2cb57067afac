use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Asking again for what another program holds, until the time for it is over. SQLite could wait too, but keeps a thread for it.
#[derive(Debug)]
pub(super) struct Patience {
    last: Instant,
    pause: Duration,
}

impl Patience {
    /// The first pause. A program that writes is seldom done sooner.
    const PAUSE_MIN: Duration = Duration::from_millis(1);
    /// The longest pause. Whoever waits longer gets the file when nobody else is quicker.
    const PAUSE_MAX: Duration = Duration::from_millis(20);

    /// Patience for so long from now on.
    pub(super) fn of(wait: Duration) -> Self {
        Self { last: Instant::now() + wait, pause: Self::PAUSE_MIN }
    }

    /// When it is over.
    pub(super) fn last(&self) -> Instant {
        self.last
    }

    /// Whether there is time to ask once more.
    pub(super) fn is_left(&self) -> bool {
        Instant::now() < self.last
    }

    /// Waits a moment, each time a longer one.
    pub(super) async fn pause(&mut self) {
        sleep(self.pause.min(self.last - Instant::now())).await;
        self.pause = (self.pause * 2).min(Self::PAUSE_MAX);
    }
}
