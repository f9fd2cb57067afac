//! What is done again and again, by one node at a time.
//!
//! A node that holds a job's lease does the job, at its intervals, and prolongs the lease all the while; the others stand by, and
//! one of them takes over when the lease runs out or is given back. A node that can't prolong its lease stops the job before
//! another can begin it, as long as clocks of nodes differ by less than a third of the lease. A job that must not be done twice
//! whatever happens uses keys or fences of the store as well.

mod clock;
mod leases;
mod run;
mod store_leases;

use std::{fmt::Debug, time::Duration};

use jiff::Timestamp;
use samspill_transport::Doing;

pub(crate) use clock::after;
pub use clock::{Clock, SystemClock};
pub use leases::{Fence, LeaseTrouble, Leases, LeasesInMemory};
pub use run::Worker;
pub use store_leases::StoreLeases;

/// Something that is done again and again.
pub trait Job: Debug + Send + Sync {
    /// Its name, in metrics and as the name of its lease.
    fn name(&self) -> &str;

    /// From the end of one run to the beginning of the next, give or take a tenth.
    fn every(&self) -> Duration;

    /// Does it once. It may be dropped at any `await`, where the lease is lost or the process must end.
    fn run(&self, now: Timestamp) -> Doing<'_, Outcome>;
}

/// How a run went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done until the next time.
    Done,
    /// There is more to do at once.
    More,
    /// It couldn't. It is tried again after a second, then after twice as long each time, ten minutes at the most.
    Failed {
        /// What happened and what to do, without a word of what messages say.
        says: String,
    },
}
