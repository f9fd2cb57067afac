use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use super::{Company, Group, finish};
use crate::StoreError;

/// Those of this process who want one log, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_held: bool,
    waiting: VecDeque<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    turn: oneshot::Sender<Turn>,
    company: Company,
}

/// The turn to write to a log. Dropping it gives it to the next who waits.
#[derive(Debug)]
pub(super) struct Held {
    /// None once it was given away.
    queue: Option<Arc<Queue>>,
}

/// What the next is given: the turn, and the transaction that was left open for them, if one was. Where they have gone meanwhile, that
/// transaction is committed.
struct Turn {
    given: Option<(Held, Option<Group>)>,
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((held, Some(group))) = self.given.take() {
            finish(async move {
                // Its members are told; nobody else is there to hear of an error.
                drop(group.commit().await);
                drop(held);
            });
        }
    }
}

impl Queue {
    /// Waits for the turn. With it comes the transaction that was left open, unless one is to begin alone.
    pub(super) async fn turn(
        self: &Arc<Self>,
        company: Company,
        wait: Duration,
    ) -> Result<(Held, Option<Group>), StoreError> {
        let Some(turn) = self.stand_in_line(company) else { return Ok((self.held(), None)) };
        let given = timeout(wait, turn).await.ok().and_then(Result::ok);
        given.and_then(|mut turn| turn.given.take()).ok_or_else(|| StoreError::Locked {
            doing: "wait for the log",
            source: "others of this program had it all the time".into(),
        })
    }

    /// None where the turn is free, which it then no longer is.
    fn stand_in_line(&self, company: Company) -> Option<oneshot::Receiver<Turn>> {
        let mut state = self.state();
        if !state.is_held {
            state.is_held = true;
            return None;
        }
        let (turn, given) = oneshot::channel();
        state.waiting.push_back(Waiter { turn, company });
        Some(given)
    }

    /// Gives the turn to the next who still waits, with a transaction that is left open. Gives the transaction back where nobody goes on in it;
    /// then the turn is given to nobody either.
    fn pass(self: &Arc<Self>, mut group: Option<Group>) -> Option<Group> {
        let mut state = self.state();
        loop {
            let is_next =
                state.waiting.front().map(|next| group.is_none() || next.company == Company::Others);
            match is_next {
                Some(true) => {}
                Some(false) => return group,
                None => {
                    state.is_held = group.is_some();
                    return group;
                }
            }
            let Some(next) = state.waiting.pop_front() else { continue };
            let turn = Turn { given: Some((self.held(), group.take())) };
            let Err(mut turn) = next.turn.send(turn) else { return None };
            if let Some((mut held, back)) = turn.given.take() {
                held.queue = None;
                group = back;
            }
        }
    }

    fn held(self: &Arc<Self>) -> Held {
        Held { queue: Some(Arc::clone(self)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Whether somebody waits for the turn.
    pub(super) fn is_wanted(&self) -> bool {
        let is_wanted = |queue: &Arc<Queue>| queue.state().waiting.iter().any(|next| !next.turn.is_closed());
        self.queue.as_ref().is_some_and(is_wanted)
    }

    /// Leaves a transaction open to the next who waits, with the turn. Gives both back where nobody goes on in it.
    pub(super) fn leave(mut self, group: Group) -> Result<(), (Self, Group)> {
        let Some(queue) = self.queue.take() else { return Err((self, group)) };
        match queue.pass(Some(group)) {
            None => Ok(()),
            Some(group) => Err((queue.held(), group)),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(queue) = self.queue.take() {
            // There is no transaction that could come back.
            drop(queue.pass(None));
        }
    }
}
