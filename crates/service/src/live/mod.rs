//! The open stays of a community, kept in memory and followed from the log: what boards, lists and streams show.
//!
//! ```text
//!   log ──▶ catch_up ──┬─ cases with new entries ──┐
//!                      └─ cases that time changes ─┴─▶ read anew, each by itself ──▶ lines, sorted ──▶ stays()
//!                                                                              └──▶ who takes part ──▶ changes()
//! ```
//!
//! A case is also read anew when the register of persons says otherwise than before whose address or identity is protected.
//!
//! Every node keeps its own, from the same log: so it also sees what other nodes write. Catching up costs what has changed, not
//! what there is: an evaluation for each case that changed, and the copy of a list of pointers.

mod apart;
mod change;
mod lines;
mod reading;

use std::{
    collections::BTreeSet,
    future::Future,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use jiff::Timestamp;
use samspill_base::Position;
use samspill_store::{CommunityId, Store, StoreError, Tail};
use tokio::sync::{Mutex, broadcast};

use crate::{
    access::Involvement,
    audit::{PersonRegister, RegisterError},
    exchange::meaning::AddressBook,
    projections::Projections,
};
pub use apart::{Apart, FindingPlace, Span};
pub use change::{CaughtUp, Change};
use lines::Lines;
pub use lines::StayLine;
use reading::{Protected, Read, Reader};

/// Entries that are read at a time.
const ENTRIES_AT_ONCE: usize = 1_000;
/// Cases that time alone changes and that are read anew at a time, so that what is new in the log isn't kept waiting at midnight.
const TIMED_AT_ONCE: usize = 500;
/// Changes that are kept for those who listen. Who is further behind is told so, and reads the list instead.
const CHANGES_KEPT: usize = 4_096;

/// The open stays of a community. Clones are the same.
#[derive(Clone, Debug)]
pub struct Live(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    reader: Reader,
    /// Who holds it catches up: one at a time.
    followed: Mutex<Followed>,
    board: RwLock<Board>,
    changes: broadcast::Sender<Change>,
}

/// What was followed, and how far.
#[derive(Debug)]
struct Followed {
    tail: Tail,
    protected: Protected,
}

/// What all may look at. It is locked for moments only, never while something is waited for.
#[derive(Debug)]
struct Board {
    lines: Lines,
    /// The lines as a list, as of the last time that all was read.
    stays: Arc<[Arc<StayLine>]>,
    position: Position,
}

/// A case that was read anew.
#[derive(Debug)]
struct Fresh {
    position: Position,
    case: String,
    /// None where the log has no such case.
    read: Option<Read>,
}

impl Fresh {
    /// Puts the case's line in, or takes it out where it isn't open.
    fn put_into(self, lines: &mut Lines, now: Timestamp) -> Change {
        let Self { position, case, read } = self;
        let before = lines.get(&case).map(|line| Arc::clone(&line.involvement));
        let after = read.as_ref().map(|read| Arc::clone(&read.involvement));
        match read.and_then(|read| read.line) {
            Some(line) => lines.put(line, now),
            None => lines.take(&case),
        }
        Change { position, case, before, after }
    }
}

/// Why stays can't be followed.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The log can't be read.
    #[error("the log could not be read")]
    Store(#[from] StoreError),
    /// The register of persons can't be read.
    #[error("the register of persons could not be read")]
    Register(#[from] RegisterError),
}

impl Live {
    /// Reads the stays that are open now.
    ///
    /// # Errors
    ///
    /// A store that can't be read, or wasn't opened with these projections.
    pub async fn open(
        store: &Store,
        community: &CommunityId,
        projections: &Projections,
        book: Arc<AddressBook>,
        now: Timestamp,
    ) -> Result<Self, LiveError> {
        let reader = Reader::new(store, community, projections, book, None);
        Self::read_by(reader, now).await
    }

    /// The same with a register that knows of patients whose identity or address is protected. What changes there is seen by the next
    /// [`Live::catch_up`], in all stays of the person.
    ///
    /// # Errors
    ///
    /// As [`Live::open`], and a register that can't be read.
    pub async fn open_with_register(
        store: &Store,
        community: &CommunityId,
        projections: &Projections,
        book: Arc<AddressBook>,
        register: PersonRegister,
        now: Timestamp,
    ) -> Result<Self, LiveError> {
        let reader = Reader::new(store, community, projections, book, Some(register));
        Self::read_by(reader, now).await
    }

    /// The same stays by another address book, read anew.
    ///
    /// # Errors
    ///
    /// As [`Live::open`], and a register that can't be read.
    pub async fn by(&self, book: Arc<AddressBook>, now: Timestamp) -> Result<Self, LiveError> {
        Self::read_by(self.0.reader.by(book), now).await
    }

    async fn read_by(reader: Reader, now: Timestamp) -> Result<Self, LiveError> {
        // What comes after this position is read again: once too often does no harm, once too seldom would.
        let (position, protected) = (reader.head().await?, reader.protected().await?);
        let mut lines = Lines::default();
        for case in reader.open_cases().await? {
            if let Some(Read { line: Some(line), .. }) = reader.read(&case, now).await? {
                lines.put(line, now);
            }
        }
        let board = Board { stays: lines.all(), lines, position };
        let followed = Followed { tail: reader.tail(position), protected };
        let (changes, _) = broadcast::channel(CHANGES_KEPT);
        let shared = Shared { reader, followed: Mutex::new(followed), board: RwLock::new(board), changes };
        Ok(Self(Arc::new(shared)))
    }

    /// The open stays, by the nearest limit that can still be kept; those without one last, by name.
    pub fn stays(&self) -> Arc<[Arc<StayLine>]> {
        Arc::clone(&self.board().stays)
    }

    /// The line of an open stay.
    pub fn stay(&self, case: &str) -> Option<Arc<StayLine>> {
        self.board().lines.get(case)
    }

    /// How far into the log the stays are read.
    pub fn position(&self) -> Position {
        self.board().position
    }

    /// What changes from now on. Who is told of a change finds it in [`Live::stays`], and the position at or past it. Who reads too slowly
    /// is told how much was left out.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// Who takes part in a case, open or settled; none where there is no such case.
    ///
    /// # Errors
    ///
    /// A log that can't be read.
    pub async fn involvement_of(
        &self,
        case: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Involvement>>, LiveError> {
        if let Some(line) = self.stay(case) {
            return Ok(Some(Arc::clone(&line.involvement)));
        }
        Ok(self.0.reader.read(case, now).await?.map(|read| read.involvement))
    }

    /// Reads what has come into the log, the cases whose patient is protected otherwise than before, and those that time has changed.
    ///
    /// # Errors
    ///
    /// A log that can't be read. What had been read by then stays read; the rest comes with the next call.
    pub async fn catch_up(&self, now: Timestamp) -> Result<CaughtUp, LiveError> {
        let mut followed = self.0.followed.lock().await;
        let Followed { tail, protected } = &mut *followed;
        let mut changed = 0;
        loop {
            let mut ahead = tail.clone();
            let news = ahead.next(ENTRIES_AT_ONCE).await?;
            if news.is_empty() {
                break;
            }
            let cases = change::last_positions(&news);
            changed += cases.len();
            self.refresh(cases, ahead.last(), now).await?;
            *tail = ahead;
        }
        let position = tail.last();
        changed += self.follow_protection(protected, position, now).await?;
        let timed = self.board().lines.changed_by(now, TIMED_AT_ONCE);
        let more = timed.len() == TIMED_AT_ONCE;
        changed += timed.len();
        if !timed.is_empty() {
            let timed = timed.into_iter().map(|case| (position, case)).collect();
            self.refresh(timed, position, now).await?;
        }
        Ok(CaughtUp { position, changed, more })
    }

    /// Follows the log until told to stop: one of these runs on every node. What fails is told in the program's log and tried again.
    pub async fn follow(
        self,
        clock: impl Fn() -> Timestamp + Send,
        every: Duration,
        stop: impl Future<Output = ()> + Send,
    ) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let is_behind = match self.catch_up(clock()).await {
                Ok(caught_up) => caught_up.more,
                Err(error) => {
                    tracing::warn!(error = %in_one_line(&error), "open stays could not be followed");
                    false
                }
            };
            let pause = if is_behind { Duration::ZERO } else { every };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Reads the open stays anew of whom the register says otherwise than before what is protected. Gives how many.
    async fn follow_protection(
        &self,
        known: &mut Protected,
        position: Position,
        now: Timestamp,
    ) -> Result<usize, LiveError> {
        let protected = self.0.reader.protected().await?;
        if protected == *known {
            return Ok(0);
        }
        let is_other = |person: &String| {
            let key = self.0.reader.key_of(person);
            key.is_some_and(|key| protected.get(&key) != known.get(&key))
        };
        let stays = self.stays();
        let of_them = stays.iter().filter(|line| line.named.iter().any(is_other));
        let cases: BTreeSet<_> = of_them.map(|line| (position, line.row.case.clone())).collect();
        let count = cases.len();
        self.refresh(cases, position, now).await?;
        *known = protected;
        Ok(count)
    }

    /// Reads cases anew, shows all of them at once as of a position, and tells of them in the order of the log. Where one can't be read,
    /// those before it are shown and told of, and the position stays where it was.
    async fn refresh(
        &self,
        cases: BTreeSet<(Position, String)>,
        position: Position,
        now: Timestamp,
    ) -> Result<(), LiveError> {
        let mut fresh = Vec::with_capacity(cases.len());
        let read = self.read_anew(cases, now, &mut fresh).await;
        self.show(fresh, read.is_ok().then_some(position), now);
        read
    }

    async fn read_anew(
        &self,
        cases: BTreeSet<(Position, String)>,
        now: Timestamp,
        fresh: &mut Vec<Fresh>,
    ) -> Result<(), LiveError> {
        for (position, case) in cases {
            let read = self.0.reader.read(&case, now).await?;
            fresh.push(Fresh { position, case, read });
        }
        Ok(())
    }

    /// Shows cases as they were read, and then tells of them: whoever is told finds them when looking.
    fn show(&self, fresh: Vec<Fresh>, position: Option<Position>, now: Timestamp) {
        let changes = self.put(fresh, position, now);
        for change in changes {
            // Nobody listening is no mistake.
            let _ = self.0.changes.send(change);
        }
    }

    fn put(&self, fresh: Vec<Fresh>, position: Option<Position>, now: Timestamp) -> Vec<Change> {
        let mut board = self.0.board.write().unwrap_or_else(PoisonError::into_inner);
        let changes = fresh.into_iter().map(|fresh| fresh.put_into(&mut board.lines, now)).collect();
        board.stays = board.lines.all();
        board.position = position.unwrap_or(board.position);
        changes
    }

    fn board(&self) -> RwLockReadGuard<'_, Board> {
        self.0.board.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error with its causes, in one line.
fn in_one_line(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
