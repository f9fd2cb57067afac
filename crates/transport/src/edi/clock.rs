use std::{fmt, sync::Arc};

use jiff::Timestamp;

/// What time it is. An argument, so that a test can say.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Self {
        Self::of(Timestamp::now)
    }

    /// A clock that shows what `show` says.
    pub fn of(show: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(show))
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
