use std::{num::NonZeroUsize, thread};

/// How many threads work at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

impl Threads {
    /// One thread: the caller's own work goes on beside it.
    pub const ONE: Self = Self(NonZeroUsize::MIN);

    /// So many.
    pub fn new(threads: NonZeroUsize) -> Self {
        Self(threads)
    }

    /// As many as the machine runs at once; one where it doesn't say.
    pub fn all() -> Self {
        Self(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// The number.
    pub fn get(self) -> usize {
        self.0.get()
    }
}

impl Default for Threads {
    fn default() -> Self {
        Self::all()
    }
}
