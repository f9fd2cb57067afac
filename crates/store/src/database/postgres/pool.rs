//! Connections: made when they are needed, kept for the next, made anew where they broke.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_postgres::{Config, Error};

use super::{
    Turn,
    link::Link,
    tls::Tls,
    trouble::{closed, is_starting, no_answer, out_of_time, trouble},
};
use crate::StoreError;

/// Connections of a server, so many at the most.
#[derive(Clone)]
pub(super) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    tls: Tls,
    wait: Duration,
    connections_max: u32,
    room: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
}

/// A connection that nobody uses.
struct Idle {
    link: Link,
    since: Instant,
}

/// A connection that somebody uses. Dropped, it is closed.
pub(super) struct Lent {
    pub(super) link: Link,
    room: OwnedSemaphorePermit,
    pool: Pool,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("connections_max", &self.shared.connections_max).finish_non_exhaustive()
    }
}

/// How long a connection may have been idle before it is asked whether it is still there. One that was used a moment ago isn't: asking is
/// a round trip for each transaction.
const ASKED_AFTER: Duration = Duration::from_secs(1);
/// Connections that nobody used for so long are closed.
const IDLE_MAX: Duration = Duration::from_mins(10);
/// Connections are closed when they are so old: what the server's program for each of them remembers only grows.
const AGE_MAX: Duration = Duration::from_mins(30);
/// How long to wait before a server that is just starting is asked again.
const AGAIN: Duration = Duration::from_millis(50);

/// A commit is acknowledged when it is on disk. A stricter setting of the server (`remote_apply`) is left as it is.
const MAKE_COMMITS_LAST: &str = "SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') IN ('off', 'local')";

impl Pool {
    /// A pool without connections. `wait` is how long to wait for one.
    pub(super) fn new(config: Config, tls: Tls, wait: Duration, connections_max: u32) -> Self {
        let connections_max = connections_max.max(1);
        let room = Semaphore::new(usize::try_from(connections_max).unwrap_or(Semaphore::MAX_PERMITS));
        let idle = Mutex::default();
        Self { shared: Arc::new(Shared { config, tls, wait, connections_max, room: Arc::new(room), idle }) }
    }

    /// How many connections there may be.
    pub(super) fn connections_max(&self) -> u32 {
        self.shared.connections_max
    }

    /// Waits until a connection is free, or there is room for one more.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where that takes too long; a server that can't be reached, doesn't answer as long, or refuses.
    pub(super) async fn take(&self, doing: &'static str) -> Result<Lent, StoreError> {
        let room = timeout(self.shared.wait, Arc::clone(&self.shared.room).acquire_owned()).await;
        let room = room.map_err(|_| out_of_time(doing))?.map_err(|_| closed(doing))?;
        let link = self.link_in_time(doing).await?;
        Ok(Lent { link, room, pool: self.clone() })
    }

    /// Waits until nobody uses a connection, and closes them all. Nobody gets one afterwards.
    pub(super) async fn close(&self) {
        let all = self.shared.room.acquire_many(self.shared.connections_max).await;
        self.shared.room.close();
        drop(all);
        let idle = std::mem::take(&mut *self.idle());
        for idle in idle {
            idle.link.close().await;
        }
    }

    async fn link_in_time(&self, doing: &'static str) -> Result<Link, StoreError> {
        timeout(self.shared.wait, self.link(doing)).await.map_err(|_| no_answer(doing))?
    }

    /// A connection that is there: the one that was used last, or a new one.
    async fn link(&self, doing: &'static str) -> Result<Link, StoreError> {
        while let Some(Idle { mut link, since }) = self.next_idle() {
            if since.elapsed() < ASKED_AFTER {
                return Ok(link);
            }
            // Half of the time is left to make a new one.
            match timeout(self.shared.wait / 2, is_there(&mut link)).await {
                Ok(true) => return Ok(link),
                Ok(false) => {}
                // The others lead to the same end.
                Err(_) => self.idle().clear(),
            }
        }
        self.connect(doing).await
    }

    fn next_idle(&self) -> Option<Idle> {
        let mut all = self.idle();
        // The oldest stand first.
        let outdated = all.iter().take_while(|idle| idle.since.elapsed() > IDLE_MAX).count();
        all.drain(..outdated);
        all.pop()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a connection. A server that is just starting is waited for, as long as a connection is waited for at all.
    async fn connect(&self, doing: &'static str) -> Result<Link, StoreError> {
        let last = Instant::now() + self.shared.wait.saturating_sub(2 * AGAIN);
        loop {
            match self.connect_once().await {
                Err(error) if is_starting(&error) && Instant::now() < last => sleep(AGAIN).await,
                done => return done.map_err(|error| trouble(doing, error)),
            }
        }
    }

    async fn connect_once(&self) -> Result<Link, Error> {
        let mut link = self.shared.tls.connect(&self.shared.config).await?;
        link.send_script("make commits last", MAKE_COMMITS_LAST);
        match link.next_answer().await {
            Some((_, Err(error))) => Err(error),
            Some((_, Ok(_))) | None => Ok(link),
        }
    }
}

/// Asks whether the server still answers.
async fn is_there(link: &mut Link) -> bool {
    link.send_script("see whether the server is there", "");
    while let Some((_, answer)) = link.next_answer().await {
        if answer.is_err() {
            return false;
        }
    }
    true
}

impl Lent {
    /// Another connection in place of this one, which broke.
    pub(super) async fn another(self, doing: &'static str) -> Result<Self, StoreError> {
        let Self { link, room, pool } = self;
        drop(link);
        let link = pool.link_in_time(doing).await?;
        Ok(Self { link, room, pool })
    }

    /// How many connections there may be.
    pub(super) fn connections_max(&self) -> u32 {
        self.pool.connections_max()
    }

    /// Gives it back, for the next. Nothing may be under way but what the next may wait for.
    pub(super) fn give_back(self) {
        let Self { link, room, pool } = self;
        if !link.is_broken() && link.age() < AGE_MAX {
            pool.idle().push(Idle { link, since: Instant::now() });
        }
        drop(room);
    }

    /// Takes the transaction back and gives the connection back.
    ///
    /// Where nothing is under way, the server is told so at once, and whoever has the connection next speaks after it. Otherwise the
    /// answers are waited for in the background, twice as long as for a lock; then the connection is closed. The turn ends with it.
    pub(super) fn roll_back(mut self, turn: Option<Turn>) {
        if self.link.is_broken() {
            return;
        }
        let is_quiet = self.link.is_quiet();
        self.link.send_script("take a transaction back", "ROLLBACK");
        self.link.flush();
        if is_quiet {
            self.give_back();
        } else if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let limit = 2 * self.pool.shared.wait;
                let answered = timeout(limit, async { while self.link.next_answer().await.is_some() {} });
                if answered.await.is_ok() {
                    self.give_back();
                }
                drop(turn);
            });
        }
    }
}
