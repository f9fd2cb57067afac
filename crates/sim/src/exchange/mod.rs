//! The region over nodes, stores and a line with faults: parties that act by their own logs, each with a mailroom of its own.
//!
//! ```text
//!   partner ──act──▶ node: mailroom over a store ──hand_over──▶ line ──fate of the seed──▶ another node: take
//!      ▲                        │                                                                  │
//!      └──── its own log ◀──────┘                                      receipts go back the same way
//! ```
//!
//! One agenda drives it, by a clock of its own. Late, lost, doubled, overtaken and refused parcels, lost answers, a broker that is
//! away, clocks that are wrong and nodes that stop in the middle of a step all follow from the seed. At the end faults stop, all
//! that is under way is brought home, and what must hold is checked: see [`Check`].
//!
//! This module alone of the crate writes files: the stores, in a temporary folder that goes with the run. Neither the clock of the
//! machine nor anything else but the seed and the shape decides what happens.

mod act;
mod check;
mod clock;
mod crash;
mod harness;
mod line;
mod node;
mod report;
mod shape;
mod sides;
mod steps;
mod views;

use harness::Harness;
pub use report::{Check, Counts, Failure, Report};
pub use shape::{Defect, Shape};

/// Runs a seed, drains what is under way, and checks what must hold.
///
/// # Errors
/// The first thing that doesn't hold, in an order that is always the same; or a store that failed.
pub fn run(seed: u64, shape: &Shape) -> Result<Report, Failure> {
    let failed = |says: String| Failure { seed, day: None, message: None, check: Check::Machine, says };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|error| failed(error.to_string()))?;
    runtime.block_on(async {
        let mut harness = Harness::new(seed, shape).await?;
        harness.run().await?;
        let views = harness.views().await?;
        check::all(&harness, &views)?;
        let report = harness.report(&views);
        harness.close().await;
        Ok(report)
    })
}
