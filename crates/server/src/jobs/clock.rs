use std::{fmt::Debug, time::Duration};

use jiff::Timestamp;
use samspill_transport::Doing;

/// What time it is, and waiting. Whoever waits by it can be driven by a test.
pub trait Clock: Debug + Send + Sync {
    /// The time of day. It may be set, also back.
    fn now(&self) -> Timestamp;

    /// Waits so long, whatever the time of day is set to.
    fn sleep(&self, time: Duration) -> Doing<'static, ()>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) -> Doing<'static, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// `now` and then so long; the end of time where that is later.
pub(crate) fn after(now: Timestamp, time: Duration) -> Timestamp {
    now.checked_add(time).unwrap_or(Timestamp::MAX)
}
