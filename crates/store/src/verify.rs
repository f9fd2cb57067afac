use std::fmt;

use samspill_base::Position;

use crate::{
    CommunityId, EntryHash, Head, Seal, SealError, Store, StoreError,
    canonical::read_entry,
    database::Session,
    entry::{Stored, microseconds, rows_from},
    mail::{Desk, MailWalk},
    marks::{Marks, Named, is_mark},
    people::AccessWalk,
};

/// What walking a log from end to end has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Whose log.
    pub community: CommunityId,
    /// How many entries there are.
    pub entries: u64,
    /// The number of the last message: how many there are, in and out, where none is missing. Somebody with all rights can delete
    /// the last ones unseen: compare with a number that is kept elsewhere.
    pub messages: u64,
    /// The number of the last decision: how many there are, where none is missing.
    pub decisions: u64,
    /// The number of the last row of the access log: how many there are, where none is missing.
    pub accesses: u64,
    /// How many entries name a person by a mark that this store has no number for: of a log that was taken in without numbers, or because
    /// somebody deleted them.
    pub unnamed: u64,
    /// The end of the log. Keep it elsewhere: then the next walk sees if the end was cut off or all was rewritten.
    pub head: Head,
    /// What is wrong, in the order of the log; the first [`Verification::FAULTS_MAX`] of it.
    pub faults: Vec<Fault>,
    /// How much more is wrong.
    pub more: u64,
}

impl Verification {
    /// Faults that are told one by one.
    pub const FAULTS_MAX: usize = 100;

    /// Whether the log is what was written, as far as can be told.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What somebody has done to a log under the store's hands. It names the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// These entries were deleted.
    Missing {
        /// The first one.
        from: Position,
        /// The last one; the same, if it is one.
        to: Position,
    },
    /// This entry is not what its hash was made of: it was changed, or stood in another place.
    Changed {
        /// Which entry.
        position: Position,
        /// The append that it says it came with.
        key: String,
    },
    /// This entry agrees with its own hash but not with the one that the entry after it was written on: it was put in the
    /// place of another one.
    Replaced {
        /// Which entry.
        position: Position,
        /// The hash of what stood there.
        was: EntryHash,
        /// The hash of what stands there.
        is: EntryHash,
    },
    /// A column beside the entry says something else than the entry.
    Column {
        /// Which entry.
        position: Position,
        /// Which column.
        column: &'static str,
    },
    /// The entry's bytes can't be read, though they are what was written.
    Unreadable {
        /// Which entry.
        position: Position,
        /// What is wrong with them.
        says: String,
    },
    /// The log ends before a head that is known: its end was cut off.
    Truncated {
        /// The head that is known.
        known: Head,
        /// Where the log ends.
        end: Position,
    },
    /// The log has another hash than is known, and yet hangs together: what stands at or before this position was
    /// written anew.
    Rewritten {
        /// The head that is known.
        known: Head,
        /// The hash that stands there.
        is: EntryHash,
    },
    /// These messages, decisions or rows of the access log were deleted.
    MailMissing {
        /// `message`, `decision` or `access row`.
        what: &'static str,
        /// The number of the first one.
        from: u64,
        /// The last one; the same, if it is one.
        to: u64,
    },
    /// This message, decision or row of the access log is not what its digest was made of, or its ties aren't, or it doesn't follow
    /// on the row before.
    MailChanged {
        /// `message`, `decision` or `access row`.
        what: &'static str,
        /// Which one.
        number: u64,
    },
    /// This message or decision stands as it was written, and can't be opened with the keys that this program has. A program without
    /// keys doesn't try.
    MailSealed {
        /// `message` or `decision`.
        what: &'static str,
        /// Which one.
        number: u64,
        /// Why, and what to do.
        says: SealError,
    },
    /// Whom this mark of the log stands for can't be opened with the keys that this program has, or is somebody else. A program without
    /// keys doesn't try.
    PersonSealed {
        /// The mark.
        mark: String,
        /// Why, and what to do.
        says: SealError,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { from, to } if from == to => write!(f, "entry {} is missing", from.0),
            Self::Missing { from, to } => write!(f, "entries {} to {} are missing", from.0, to.0),
            Self::Changed { position, key } => {
                write!(f, "entry {} (append key «{key}») was changed or moved", position.0)
            }
            Self::Replaced { position, was, is } => {
                write!(f, "entry {} was replaced: its hash was {was} and is {is}", position.0)
            }
            Self::Column { position, column } => {
                write!(f, "entry {}: the column {column} says something else than the entry", position.0)
            }
            Self::Unreadable { position, says } => write!(f, "entry {} can't be read: {says}", position.0),
            Self::Truncated { known, end } => {
                write!(
                    f,
                    "the log ends at {} and had {} entries: the end was cut off",
                    end.0, known.position.0
                )
            }
            Self::Rewritten { known, is } => {
                let Head { position, hash } = known;
                write!(
                    f,
                    "entry {} or one before it was written anew: its hash was {hash} and is {is}",
                    position.0
                )
            }
            Self::MailMissing { what, from, to } if from == to => write!(f, "{what} {from} is missing"),
            Self::MailMissing { what, from, to } => write!(f, "{what}s {from} to {to} are missing"),
            Self::MailChanged { what, number } => write!(f, "{what} {number} was changed or moved"),
            Self::MailSealed { what, number, says } => write!(f, "{what} {number} can't be read: {says}"),
            Self::PersonSealed { mark, says } => {
                write!(f, "the person {mark} of the log can't be read: {says}")
            }
        }
    }
}

impl Store {
    /// Walks a log from its first entry to its last, as it is at this moment, then the community's messages and decisions, and its
    /// access log, and tells all that is wrong with them.
    ///
    /// `known` are heads from earlier walks, kept where whoever can write the database can't reach them. Without one, a log
    /// that was cut off at its end, or written anew from some entry on, looks whole.
    ///
    /// # Errors
    ///
    /// A database that can't be read. What is wrong with the log is no error but the answer.
    pub async fn verify(&self, community: &CommunityId, known: &[Head]) -> Result<Verification, StoreError> {
        let mut session = self.database().begin_read().await?;
        verify(session.as_mut(), community, known, self.marks().zip(self.seal())).await
    }
}

/// Entries that are read at a time.
pub(crate) const AT_ONCE: usize = 1000;

pub(crate) async fn verify(
    session: &mut dyn Session,
    community: &CommunityId,
    known: &[Head],
    seals: Option<(&Marks, &dyn Seal)>,
) -> Result<Verification, StoreError> {
    let (marks, seal) = seals.unzip();
    let mut walk = Walk::new(community, known);
    let (named, faults) = Named::read(session, community, marks).await?;
    walk.named = named;
    loop {
        let rows = rows_from(session, community, Position(walk.head.position.0 + 1), AT_ONCE).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            walk.step(row);
        }
    }
    walk.cut_off();
    walk.all_faults(faults);
    let mail = verify_mail(session, community, &mut walk, seal).await?;
    let accesses = verify_accesses(session, community, &mut walk).await?;
    Ok(walk.end(&mail, accesses))
}

async fn verify_mail(
    session: &mut dyn Session,
    community: &CommunityId,
    walk: &mut Walk<'_>,
    seal: Option<&dyn Seal>,
) -> Result<MailWalk, StoreError> {
    let mut desk = Desk::sealing(session, community, seal);
    let mut mail = MailWalk::default();
    let mut is_more = true;
    while is_more {
        let (found, faults) = mail.messages(&mut desk).await?;
        walk.all_faults(faults);
        is_more = !found.is_empty();
    }
    is_more = true;
    while is_more {
        let (found, faults) = mail.decisions(&mut desk).await?;
        walk.all_faults(faults);
        is_more = !found.is_empty();
    }
    Ok(mail)
}

/// Walks along the access log. Gives its last number.
async fn verify_accesses(
    session: &mut dyn Session,
    community: &CommunityId,
    walk: &mut Walk<'_>,
) -> Result<u64, StoreError> {
    let mut desk = Desk::new(session, community);
    let mut accesses = AccessWalk::default();
    loop {
        let (count, faults) = accesses.next(&mut desk).await?;
        walk.all_faults(faults);
        if count == 0 {
            return Ok(accesses.last);
        }
    }
}

/// A walk along a log, one entry after the other.
pub(crate) struct Walk<'a> {
    community: &'a CommunityId,
    known: &'a [Head],
    head: Head,
    entries: u64,
    /// The marks of which the store has the numbers.
    named: Named,
    unnamed: u64,
    faults: Vec<Fault>,
    more: u64,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(community: &'a CommunityId, known: &'a [Head]) -> Self {
        let (head, named) = (Head::START, Named::default());
        Self { community, known, head, entries: 0, named, unnamed: 0, faults: Vec::new(), more: 0 }
    }

    pub(crate) fn step(&mut self, row: &Stored) {
        let before = self.head;
        let own_hash_fits = row.hash_in(self.community) == row.hash;
        if row.position.0 > before.position.0 + 1 {
            let (from, to) = (Position(before.position.0 + 1), Position(row.position.0 - 1));
            self.fault(Fault::Missing { from, to });
        } else if own_hash_fits && row.previous != before.hash {
            self.unlinked(before, row);
        }
        if own_hash_fits {
            self.contents(row);
        } else {
            self.fault(Fault::Changed { position: row.position, key: row.key.clone() });
        }
        self.entries += 1;
        self.head = row.head();
        self.compare_known(row);
    }

    /// The entry was written on another one than stands before it. Before the first stands nothing that can be replaced.
    fn unlinked(&mut self, before: Head, row: &Stored) {
        self.fault(if before == Head::START {
            Fault::Changed { position: row.position, key: row.key.clone() }
        } else {
            Fault::Replaced { position: before.position, was: row.previous, is: before.hash }
        });
    }

    /// An entry whose hash fits is what was written. What stands beside it must say the same.
    fn contents(&mut self, row: &Stored) {
        let position = row.position;
        match read_entry(&row.entry, position) {
            Err(error) => self.fault(Fault::Unreadable { position, says: error.to_string() }),
            Ok(entry) => {
                let mark = entry.person.as_deref().filter(|person| is_mark(person));
                self.unnamed += u64::from(mark.is_some_and(|mark| !self.named.has(mark)));
                let recorded_us = entry.recorded.map(microseconds);
                let columns = [
                    ("case_name", entry.case == row.case),
                    ("kind", entry.kind == row.kind),
                    ("recorded_us", recorded_us == Some(row.recorded_us)),
                ];
                for (column, _) in columns.into_iter().filter(|(_, same)| !same) {
                    self.fault(Fault::Column { position, column });
                }
            }
        }
    }

    /// Where the walk has come.
    pub(crate) fn head(&self) -> Head {
        self.head
    }

    /// Stops at the first thing that is wrong.
    ///
    /// # Errors
    ///
    /// What is wrong, as an error for those who must not go on with it.
    pub(crate) fn unharmed(&self) -> Result<(), StoreError> {
        let Some(fault) = self.faults.first() else { return Ok(()) };
        let (community, says) = (self.community.clone(), fault.to_string());
        Err(StoreError::NotWhole { community, position: self.head.position, says })
    }

    fn compare_known(&mut self, row: &Stored) {
        for known in
            self.known.iter().filter(|known| known.position == row.position && known.hash != row.hash)
        {
            self.fault(Fault::Rewritten { known: *known, is: row.hash });
        }
    }

    /// Looks for known heads after the end.
    fn cut_off(&mut self) {
        let end = self.head.position;
        for known in self.known.iter().filter(|known| known.position > end) {
            self.fault(Fault::Truncated { known: *known, end });
        }
    }

    fn end(self, mail: &MailWalk, accesses: u64) -> Verification {
        let Self { community, head, entries, unnamed, faults, more, .. } = self;
        let MailWalk { messages, decisions } = *mail;
        let community = community.clone();
        Verification { community, entries, messages, decisions, accesses, unnamed, head, faults, more }
    }

    fn all_faults(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.fault(fault);
        }
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < Verification::FAULTS_MAX {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }
}
