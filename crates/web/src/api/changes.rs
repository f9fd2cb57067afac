//! The log as somebody may see it, while it grows: what streams are made of.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use samspill_base::{Entry, Position};
use samspill_service::{
    access::{Action, Decision, Ends, Involvement, Purpose, Resource, Shown},
    live::Change,
};
use tokio::{
    sync::broadcast,
    time::{Instant, Interval, MissedTickBehavior, interval, sleep_until},
};

use super::problem::Problem;
use crate::{App, Signed, front::OpenStream};

/// How often a stream says that it lives.
const BEAT: Duration = Duration::from_secs(15);

/// How long a stream lasts. Then it ends, and whoever still may opens another from where it ended: so nobody follows along who has
/// logged out, or whose token or role has ended.
const LENGTH: Duration = Duration::from_mins(5);

/// Entries that are read at a time.
const AT_ONCE: usize = 200;

/// Who takes part in a stay, for whom wants to see entries of it.
#[derive(Clone, Debug)]
pub(crate) struct Seen(Option<Arc<Involvement>>);

impl Seen {
    /// Who takes part in a stay, asked once for each.
    pub(crate) async fn of(
        app: &App,
        known: &mut BTreeMap<String, Self>,
        case: &str,
    ) -> Result<Self, Problem> {
        if let Some(seen) = known.get(case) {
            return Ok(seen.clone());
        }
        let found =
            app.live().involvement_of(case, app.now()).await.map_err(|error| Problem::failed(&error))?;
        let seen = Self(found);
        known.insert(case.to_owned(), seen.clone());
        Ok(seen)
    }

    /// What of the patient somebody may see; all where nobody is known to take part.
    pub(crate) fn shown(&self, signed: &Signed) -> Shown {
        self.0.as_ref().map_or(Shown { name: true, address: true }, |stay| signed.shown(stay))
    }

    /// What allows somebody to do this with an entry of the stay: with the stay, and with the entry. None where either is refused.
    pub(crate) fn may(
        &self,
        app: &App,
        signed: &Signed,
        action: Action,
        purpose: Purpose,
        entry: &Entry,
    ) -> Option<Decision> {
        let involvement = self.0.as_ref()?;
        let (policy, now) = (&app.parts().policy, app.now());
        let ends = Ends::of(entry, app.book());
        let decide = |resource| policy.decide(&signed.subject, purpose, action, resource, now);
        let (stay, entry) =
            (decide(Resource::Stay(involvement)), decide(Resource::Entry(involvement, &ends)));
        Some(stay).filter(|stay| stay.is_allowed && entry.is_allowed)
    }
}

/// What a stream tells.
#[derive(Debug)]
pub(crate) enum Told {
    /// An entry that the caller may know of.
    Entry(Box<Entry>),
    /// The stream lives, and has come so far in the log.
    Beat(u64),
}

/// The entries that somebody may know of, from a position on, as they come. Access is asked for at the moment at which each is told.
#[derive(Debug)]
pub(crate) struct Changes {
    app: App,
    signed: Signed,
    after: u64,
    ends: Instant,
    beat: Interval,
    wake: broadcast::Receiver<Change>,
    waiting: VecDeque<Entry>,
    /// Counted while the stream is open.
    _open: OpenStream,
}

impl Changes {
    /// What comes after a position; what comes from now on, if none is given. This node may not have come as far as the one that told
    /// the caller of the position: nothing is told until it has, so that nothing is told twice.
    ///
    /// # Errors
    ///
    /// The caller has too many streams open.
    pub(crate) fn after(app: App, signed: Signed, after: Option<u64>) -> Result<Self, Problem> {
        let open = app.streams().open(&signed.subject.account)?;
        // Subscribed first: what comes between the two is told of. What was told of before is within the position already.
        let wake = app.live().changes();
        let after = after.unwrap_or_else(|| app.live().position().0);
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (ends, waiting) = (Instant::now() + LENGTH, VecDeque::new());
        Ok(Self { app, signed, after, ends, beat, wake, waiting, _open: open })
    }

    /// What comes next; none at the end of the stream.
    ///
    /// # Errors
    ///
    /// The log can't be read.
    pub(crate) async fn next(&mut self) -> Result<Option<Told>, Problem> {
        loop {
            while let Some(entry) = self.waiting.pop_front() {
                self.after = entry.position.0;
                if self.may_know(&entry).await? {
                    return Ok(Some(Told::Entry(Box::new(entry))));
                }
            }
            if self.read().await? {
                continue;
            }
            tokio::select! {
                () = sleep_until(self.ends) => return Ok(None),
                _ = self.beat.tick() => return Ok(Some(Told::Beat(self.after))),
                woken = self.wake.recv() => if matches!(woken, Err(broadcast::error::RecvError::Closed)) {
                    return Ok(None);
                },
            }
        }
    }

    /// Reads what has come, as far as the open stays know of it; says whether there was anything.
    async fn read(&mut self) -> Result<bool, Problem> {
        let until = self.app.live().position().0;
        if until <= self.after {
            return Ok(false);
        }
        let limit = usize::try_from(until - self.after).unwrap_or(AT_ONCE).min(AT_ONCE);
        let parts = self.app.parts();
        let entries = parts.store.read(&parts.community, Position(self.after + 1), limit).await?;
        self.waiting.extend(entries.into_iter().map(|line| line.entry));
        Ok(!self.waiting.is_empty())
    }

    async fn may_know(&self, entry: &Entry) -> Result<bool, Problem> {
        let seen = Seen::of(&self.app, &mut BTreeMap::new(), &entry.case).await?;
        // What sort of thing happened is what the entry says: who may but list the stay is told of nothing.
        let action = if entry.to.is_some() { Action::ReadMessage } else { Action::ReadStay };
        Ok(seen.may(&self.app, &self.signed, action, self.signed.purpose(), entry).is_some())
    }
}
