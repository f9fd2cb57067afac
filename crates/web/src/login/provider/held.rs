use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::ProviderFault;

/// How long what a provider said is believed before it is asked again: a key that is taken back is dead after so long.
const FRESH_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How long it is believed while the provider is out of reach: as long as the oldest token that is taken. After that, nothing is.
const HELD_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A provider that answered is asked again once in so long at the most, so that made-up ids of keys can't make us ask without end.
const ASKED_EVERY: SignedDuration = SignedDuration::from_secs(30);

/// One that did not is left alone for so long: meanwhile everybody is told at once how it stands, and nobody waits.
const FAILED_EVERY: SignedDuration = SignedDuration::from_secs(15);

/// Something that a provider says, and that is held for a while. One asks at a time. Whoever can do with what was said before doesn't wait
/// for the answer; whoever can't, waits.
#[derive(Debug)]
pub(super) struct Held<T> {
    state: Mutex<State<T>>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State<T> {
    /// What it said, and when.
    said: Option<(Timestamp, Arc<T>)>,
    /// When it was last asked.
    asked: Option<Timestamp>,
    /// Why that gave nothing.
    fault: Option<ProviderFault>,
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        let state = State { said: None, asked: None, fault: None };
        Self { state: Mutex::new(state), asking: tokio::sync::Mutex::default() }
    }
}

impl<T> Held<T> {
    /// What the provider says: an hour old at the most; up to a day, while it is out of reach. `ask` isn't begun unless it is needed.
    ///
    /// # Errors
    /// It can't be asked, or said something that can't be used.
    pub(super) async fn get(
        &self,
        now: Timestamp,
        ask: impl Future<Output = Result<T, ProviderFault>>,
    ) -> Result<Arc<T>, ProviderFault> {
        if let Some(fresh) = self.state().fresh(now) {
            return Ok(fresh);
        }
        self.ask(now, ask).await;
        self.state().usable(now)
    }

    /// The same, of a provider that may have said something new since: it is asked again, if it wasn't just now.
    ///
    /// # Errors
    /// It couldn't be asked when it was last tried.
    pub(super) async fn anew(
        &self,
        now: Timestamp,
        ask: impl Future<Output = Result<T, ProviderFault>>,
    ) -> Result<Arc<T>, ProviderFault> {
        self.ask(now, ask).await;
        let state = self.state();
        state.fault.clone().map_or_else(|| state.usable(now), Err)
    }

    async fn ask(&self, now: Timestamp, ask: impl Future<Output = Result<T, ProviderFault>>) {
        let can_do_without = self.state().usable(now).is_ok();
        let _turn = if can_do_without {
            let Ok(turn) = self.asking.try_lock() else { return };
            turn
        } else {
            self.asking.lock().await
        };
        if !self.state().begin(now) {
            return;
        }
        let said = ask.await;
        self.state().end(now, said);
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn fresh(&self, now: Timestamp) -> Option<Arc<T>> {
        self.younger_than(FRESH_FOR, now)
    }

    fn younger_than(&self, age: SignedDuration, now: Timestamp) -> Option<Arc<T>> {
        let said = self.said.as_ref().filter(|(at, _)| now.duration_since(*at) < age);
        said.map(|(_, said)| Arc::clone(said))
    }

    fn usable(&self, now: Timestamp) -> Result<Arc<T>, ProviderFault> {
        if let Some(fresh) = self.fresh(now) {
            return Ok(fresh);
        }
        let fault = self.fault.clone().unwrap_or_else(no_answer);
        let older = self.younger_than(HELD_FOR, now).filter(|_| fault.is_passing());
        older.ok_or(fault)
    }

    /// Begins to ask, if it is time. Should whoever asks give up, it stands as if the provider hadn't answered.
    fn begin(&mut self, now: Timestamp) -> bool {
        let every = if self.fault.is_some() { FAILED_EVERY } else { ASKED_EVERY };
        // A clock that was set back must not hold us up.
        if self.asked.is_some_and(|at| now.duration_since(at).abs() < every) {
            return false;
        }
        self.asked = Some(now);
        self.fault = Some(no_answer());
        true
    }

    fn end(&mut self, now: Timestamp, said: Result<T, ProviderFault>) {
        match said {
            Ok(said) => {
                self.said = Some((now, Arc::new(said)));
                self.fault = None;
            }
            Err(fault) => {
                tracing::warn!(%fault, "the login provider can't be asked");
                self.fault = Some(fault);
            }
        }
    }
}

fn no_answer() -> ProviderFault {
    ProviderFault::OutOfReach("it hasn't answered".to_owned())
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn out_of_reach() -> ProviderFault {
        ProviderFault::OutOfReach("x".to_owned())
    }

    fn unusable() -> ProviderFault {
        ProviderFault::Unusable("x".to_owned())
    }

    async fn get(
        held: &Held<u32>,
        seconds: i64,
        said: Result<u32, ProviderFault>,
    ) -> Result<u32, ProviderFault> {
        held.get(at(seconds), async { said }).await.map(|said| *said)
    }

    #[tokio::test]
    async fn what_was_said_is_believed_for_an_hour_and_then_asked_for_again() {
        let held = Held::default();
        for (seconds, says, expected) in [(0, 1, 1), (3_599, 2, 1), (3_600, 3, 3)] {
            assert_eq!(get(&held, seconds, Ok(says)).await, Ok(expected), "{seconds}");
        }
    }

    #[tokio::test]
    async fn while_it_is_out_of_reach_what_was_said_holds_for_a_day_and_no_longer() {
        let held = Held::default();
        let day = 24 * 3_600;
        assert_eq!(get(&held, 0, Ok(1)).await, Ok(1));
        for seconds in [3_600, 3_601, 3_700, day - 1] {
            assert_eq!(get(&held, seconds, Err(out_of_reach())).await, Ok(1), "{seconds}");
        }
        assert_eq!(get(&held, day, Err(out_of_reach())).await, Err(out_of_reach()));
        assert_eq!(get(&held, day + 15, Ok(2)).await, Ok(2), "until it is back");
    }

    #[tokio::test]
    async fn what_can_not_be_used_takes_what_was_said_before_away() {
        let held = Held::default();
        assert_eq!(get(&held, 0, Ok(1)).await, Ok(1));
        assert_eq!(get(&held, 3_600, Err(unusable())).await, Err(unusable()));
        assert_eq!(get(&held, 3_614, Ok(2)).await, Err(unusable()), "it isn't asked again at once");
        assert_eq!(get(&held, 3_615, Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn of_a_provider_that_does_not_answer_only_one_waits() {
        let (held, asked) = (Held::default(), AtomicU32::new(0));
        assert_eq!(get(&held, 0, Ok(1)).await, Ok(1));
        let never = async {
            asked.fetch_add(1, Ordering::Relaxed);
            std::future::pending::<Result<u32, ProviderFault>>().await
        };
        let first = tokio::time::timeout(Duration::from_millis(200), held.get(at(3_600), never));
        let others = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let soon = Duration::from_millis(100);
            let second = held.get(at(3_601), async { Ok(9) });
            tokio::time::timeout(soon, second).await.expect("the second doesn't wait").map(|said| *said)
        };
        let (first, second) = tokio::join!(first, others);
        assert!(first.is_err(), "the first asks, and waits");
        assert_eq!((second, asked.load(Ordering::Relaxed)), (Ok(1), 1));
        // It gave up: what stood before holds on, and the provider is asked again after a while.
        assert_eq!(get(&held, 3_601, Ok(2)).await, Ok(1));
        assert_eq!(get(&held, 3_615, Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn who_asks_for_what_is_new_makes_us_ask_once_in_half_a_minute() {
        let held = Held::default();
        assert_eq!(get(&held, 0, Ok(1)).await, Ok(1));
        let anew = async |seconds, says| held.anew(at(seconds), async move { says }).await.map(|said| *said);
        assert_eq!(anew(29, Ok(2)).await, Ok(1));
        assert_eq!(anew(30, Ok(3)).await, Ok(3));
        assert_eq!(anew(60, Err(out_of_reach())).await, Err(out_of_reach()));
        assert_eq!(get(&held, 61, Ok(4)).await, Ok(3), "what is fresh is good for the rest");
        assert_eq!(anew(75, Ok(5)).await, Ok(5));
        assert_eq!(anew(0, Ok(6)).await, Ok(6), "a clock that was set back");
    }
}
