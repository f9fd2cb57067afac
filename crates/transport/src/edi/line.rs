use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{clock::Clock, fault::CallFault};
use crate::Health;

/// How it is with the line to the service, and from when it may be used again.
#[derive(Debug)]
pub(super) struct Line {
    clock: Clock,
    retry_first: Duration,
    retry_longest: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    health: Health,
    failures: u32,
    /// Nothing is fetched before this; grows with each failure.
    resume: Instant,
    /// Nothing at all is asked before this: the service said so.
    quiet_until: Instant,
}

impl Line {
    pub(super) fn new(clock: Clock, retry_first: Duration, retry_longest: Duration) -> Self {
        let now = Instant::now();
        let state = State { health: Health::Unknown, failures: 0, resume: now, quiet_until: now };
        Self { clock, retry_first, retry_longest, state: Mutex::new(state) }
    }

    pub(super) fn health(&self) -> Health {
        self.state().health.clone()
    }

    /// The instant from which fetching may go on.
    pub(super) fn resume(&self) -> Instant {
        let state = self.state();
        state.resume.max(state.quiet_until)
    }

    /// How long the service still wants to be left alone; `None` if it doesn't.
    pub(super) fn quiet_for(&self) -> Option<Duration> {
        let left = self.state().quiet_until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// The service answered, as it should or with a refusal: the line is fine.
    pub(super) fn works(&self) {
        let mut state = self.state();
        state.health = Health::Up;
        state.failures = 0;
        state.resume = Instant::now();
    }

    /// The service didn't do what it was asked, for no fault of what was asked.
    pub(super) fn fails(&self, fault: &CallFault) {
        let says = fault.brief().to_owned();
        tracing::warn!(fault = %says, "the line to the message service fails");
        let mut state = self.state();
        let now = Instant::now();
        state.resume = now + self.backoff(state.failures);
        state.failures = state.failures.saturating_add(1);
        if let CallFault::NotDone { wait: Some(wait), .. } = fault {
            state.quiet_until = now + (*wait).min(self.retry_longest);
        }
        let since = match &state.health {
            Health::Down { since, .. } => *since,
            Health::Unknown | Health::Up => self.clock.now(),
        };
        state.health = Health::Down { since, says };
    }

    /// How long to wait after a failure with so many before it: twice as long each time, up to the longest.
    pub(super) fn backoff(&self, failures: u32) -> Duration {
        self.retry_first.saturating_mul(2_u32.saturating_pow(failures)).min(self.retry_longest)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line::new(Clock::of(|| "2026-03-02T10:00:00Z".parse().unwrap()), secs(1), secs(10))
    }

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn wait(wait: u64) -> CallFault {
        CallFault::NotDone { says: "busy".to_owned(), wait: Some(secs(wait)) }
    }

    #[test]
    fn each_failure_waits_twice_as_long_up_to_the_longest() {
        let waits = [0, 1, 2, 3, 4, u32::MAX].map(|failures| line().backoff(failures).as_secs());
        assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
    }

    #[test]
    fn down_tells_since_when_and_what_happened_last() {
        let line = line();
        line.fails(&CallFault::not_done("a"));
        line.fails(&CallFault::not_done("b"));
        let since = "2026-03-02T10:00:00Z".parse().unwrap();
        assert_eq!(line.health(), Health::Down { since, says: "b".to_owned() });
        line.works();
        assert_eq!(line.health(), Health::Up);
    }

    #[test]
    fn the_service_is_left_alone_as_long_as_it_asks_and_no_longer_than_the_longest() {
        let line = line();
        assert_eq!(line.quiet_for(), None);
        line.fails(&wait(5));
        assert!(line.quiet_for().is_some_and(|left| left > secs(4) && left <= secs(5)));
        line.fails(&wait(100_000));
        assert!(line.quiet_for().is_some_and(|left| left > secs(9) && left <= secs(10)));
        line.works();
        assert!(line.quiet_for().is_some(), "another call's answer doesn't end it");
    }
}
