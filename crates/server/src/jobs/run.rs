//! The loop that does a job.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use fastrand::Rng;
use futures_util::FutureExt as _;
use jiff::Timestamp;

use super::{Clock, Fence, Job, LeaseTrouble, Leases, Outcome, clock::after};
use crate::{
    Stop,
    metrics::{Metrics, RunOutcome},
    pause::Pauses,
};

/// After failures: from a second to ten minutes.
const PAUSES: Pauses = Pauses { first: Duration::from_secs(1), max: Duration::from_mins(10) };

/// Does jobs on a node.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The node's name, under which leases are held.
    pub holder: String,
    /// How long a lease lasts unless it is prolonged, which it is every third of that.
    pub lease: Duration,
    /// The leases.
    pub leases: Arc<dyn Leases>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where runs are counted.
    pub metrics: Arc<Metrics>,
}

/// Why a node no longer does a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Stopped,
    Lost,
}

impl Worker {
    /// Does the job whenever this node holds its lease, until it is to stop. A run under way is finished first, and the
    /// lease given back.
    pub async fn work(&self, job: &dyn Job, stop: &Stop) {
        let mut rng = self.rng(job);
        while !stop.is_asked() {
            match self.take(job.name(), self.lease / 3).await {
                Some(Ok(Some(_))) => match self.hold(job, stop, &mut rng).await {
                    End::Stopped => break,
                    End::Lost => tracing::warn!(job = job.name(), "the lease of a job was lost"),
                },
                Some(Ok(None)) => {}
                Some(Err(trouble)) => {
                    tracing::warn!(job = job.name(), error = %trouble, "leases can't be taken");
                }
                None => tracing::warn!(job = job.name(), "leases can't be taken in time"),
            }
            tokio::select! {
                () = self.clock.sleep(around(self.lease / 3, &mut rng)) => {}
                () = stop.asked() => {}
            }
        }
        if let Err(trouble) = self.leases.give_back(job.name(), &self.holder).await {
            tracing::warn!(job = job.name(), error = %trouble, "a lease can't be given back: it runs out by itself");
        }
    }

    /// Does the job for as long as the lease is held.
    async fn hold(&self, job: &dyn Job, stop: &Stop, rng: &mut Rng) -> End {
        let running = Running::default();
        tokio::select! {
            biased;
            was_on = async { self.keep(job.name()).await; running.is_on() } => {
                if was_on {
                    self.metrics.run(job.name(), RunOutcome::Lost, self.clock.now());
                }
                End::Lost
            }
            () = self.again(job, stop, rng, &running) => End::Stopped,
        }
    }

    /// Prolongs the lease, and returns when it is lost: when another has it, or when it runs out before it could be
    /// prolonged.
    async fn keep(&self, name: &str) {
        let third = self.lease / 3;
        // The answer may have taken up to a third.
        let mut left = 2 * third;
        while !left.is_zero() {
            self.clock.sleep(third.min(left)).await;
            left = left.saturating_sub(third);
            match self.take(name, left).await {
                Some(Ok(Some(_))) => left = 2 * third,
                Some(Err(_)) => {}
                Some(Ok(None)) | None => return,
            }
        }
    }

    /// Asks for the lease. An answer that takes longer than it may is none: by then another can have the lease.
    async fn take(&self, name: &str, within: Duration) -> Option<Result<Option<Fence>, LeaseTrouble>> {
        let now = self.clock.now();
        tokio::select! {
            biased;
            asked = self.leases.take(name, &self.holder, now, after(now, self.lease)) => Some(asked),
            () = self.clock.sleep(within) => None,
        }
    }

    async fn again(&self, job: &dyn Job, stop: &Stop, rng: &mut Rng, running: &Running) {
        let mut failures = 0;
        let mut pause = rng.u64(0..=millis(job.every().min(Duration::from_secs(1))));
        loop {
            tokio::select! {
                () = self.clock.sleep(Duration::from_millis(pause)) => {}
                () = stop.asked() => return,
            }
            let outcome = self.once(job, running).await;
            failures = if matches!(outcome, Outcome::Failed { .. }) { failures + 1 } else { 0 };
            pause = millis(match outcome {
                Outcome::Done => around(job.every(), rng),
                Outcome::More => Duration::ZERO,
                Outcome::Failed { .. } => around(PAUSES.after(failures), rng),
            });
        }
    }

    async fn once(&self, job: &dyn Job, running: &Running) -> Outcome {
        let on = running.begin();
        let began = self.clock.now();
        let ended = AssertUnwindSafe(job.run(began)).catch_unwind().await;
        drop(on);
        let now = self.clock.now();
        let (counted, outcome) = match ended {
            Ok(outcome @ (Outcome::Done | Outcome::More)) => (RunOutcome::Done, outcome),
            Ok(outcome @ Outcome::Failed { .. }) => (RunOutcome::Failed, outcome),
            Err(_) => (RunOutcome::Panicked, Outcome::Failed { says: "it panicked".to_owned() }),
        };
        self.metrics.run(job.name(), counted, now);
        if let Outcome::Failed { says } = &outcome {
            tracing::warn!(job = job.name(), says = says.as_str(), ms = elapsed(began, now), "a job failed");
        }
        outcome
    }

    /// Chance that is the same in every process of this name, so that what happened can happen again.
    fn rng(&self, job: &dyn Job) -> Rng {
        let seed = self.holder.bytes().chain(job.name().bytes());
        Rng::with_seed(seed.fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into())))
    }
}

/// Whether a run is under way.
#[derive(Debug, Default)]
struct Running(std::sync::atomic::AtomicBool);

/// Says that no run is under way when it is dropped.
struct On<'r>(&'r Running);

impl Running {
    fn begin(&self) -> On<'_> {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
        On(self)
    }

    fn is_on(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl Drop for On<'_> {
    fn drop(&mut self) {
        self.0.0.store(false, std::sync::atomic::Ordering::SeqCst);
    }
}

/// The time, give or take a tenth: so that nodes don't all come at once.
fn around(time: Duration, rng: &mut Rng) -> Duration {
    let tenth = millis(time) / 10;
    Duration::from_millis(millis(time) - tenth + rng.u64(0..=2 * tenth))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX / 4).min(u64::MAX / 4)
}

fn elapsed(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
