//! Messages that were sent and didn't get through, and who is told of them.
//!
//! A receipt within the limit, one that comes late and accepts, a parcel that is sent anew, or a person who says that it is seen to
//! ([`Mailroom::decide`]) takes a message out of the list.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use samspill_base::{Entry, Position};
use samspill_store::{Direction, MessageFilter, MessageLine, MessageNumber};

use super::{
    mailroom::Mailroom,
    meaning::AddressBook,
    monitor::{Tracked, track},
    receipts::State,
};
use crate::{
    access::{Action, Ends, Involvement, Resource},
    live::{Live, LiveError},
};

/// How long back messages that didn't get through are looked for.
pub const DAYS_BACK: i64 = 60;

/// Messages that are read at a time.
const AT_ONCE: usize = 1_000;

/// A message that didn't get through.
#[derive(Clone, Debug)]
pub struct Astray {
    /// The message.
    pub line: MessageLine,
    /// Where it is.
    pub tracked: Tracked,
    /// Who takes part in its stay; none where it has none.
    pub stay: Option<Arc<Involvement>>,
}

/// Why a message didn't get through: the worst of what its receivers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Its receiver said no.
    Rejected,
    /// It was given up on the way.
    GivenUp,
    /// No receipt came in time.
    Overdue,
}

impl Why {
    /// Its slug, in the names of notices.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::GivenUp => "given-up",
            Self::Overdue => "overdue",
        }
    }

    /// Of a message that needs a person because it didn't get through; none of others.
    pub fn of(tracked: &Tracked) -> Option<Self> {
        if tracked.direction != Direction::Out || !tracked.is_lost {
            return None;
        }
        let of_receivers = tracked.receivers.iter().filter_map(|it| match it.state {
            State::Rejected | State::RejectedLate => Some(Self::Rejected),
            State::NotDelivered => Some(Self::GivenUp),
            State::Overdue => Some(Self::Overdue),
            State::Sent | State::Delivered | State::Accepted | State::CompletedLate => None,
        });
        Some(of_receivers.min().unwrap_or(Self::GivenUp))
    }
}

impl Astray {
    /// Why it didn't get through.
    pub fn why(&self) -> Why {
        Why::of(&self.tracked).unwrap_or(Why::GivenUp)
    }

    /// Whether a party sent it, and who asks there may read it: `may` says what they may.
    pub fn is_for(
        &self,
        book: &AddressBook,
        party: &str,
        may: impl Fn(Action, Resource<'_>) -> bool,
    ) -> bool {
        if book.find(&self.line.from).is_none_or(|from| from.name != party) {
            return false;
        }
        match &self.stay {
            None => may(Action::PlaceMessage, Resource::Party(party)),
            Some(stay) => may(Action::ReadMessage, Resource::Entry(stay, &ends(&self.line, book))),
        }
    }
}

/// The ends of a message, as those of an entry: by their HER-ids.
fn ends(line: &MessageLine, book: &AddressBook) -> Ends {
    let mut entry = Entry::new("", "", Position(0), line.at);
    entry.from = Some(line.from.clone()).filter(|from| !from.is_empty());
    entry.to = Some(line.to.clone()).filter(|to| !to.is_empty());
    Ends::of(&entry, book)
}

/// The messages of the last [`DAYS_BACK`] days that didn't get through as of an instant, in their order.
///
/// Who takes part in a stay that is settled is read from the log, unless `known` has it: what was found the last time.
///
/// # Errors
///
/// A log that can't be read.
pub async fn astray(
    room: &Mailroom,
    live: &Live,
    known: &[Astray],
    now: Timestamp,
) -> Result<Vec<Astray>, LiveError> {
    let filter = MessageFilter {
        direction: Some(Direction::Out),
        since: now.checked_sub(SignedDuration::from_hours(24 * DAYS_BACK)).ok(),
        for_persons_at: Some(now),
        ..MessageFilter::default()
    };
    let (mut all, mut after) = (Vec::new(), MessageNumber(0));
    loop {
        let found = room.store().messages(room.community(), &filter, after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(all) };
        after = last.number;
        for line in found {
            let tracked = track(&line, now);
            if tracked.is_lost {
                let stay = stay_of(live, &line, known, now).await?;
                all.push(Astray { line, tracked, stay });
            }
        }
    }
}

async fn stay_of(
    live: &Live,
    sent: &MessageLine,
    known: &[Astray],
    now: Timestamp,
) -> Result<Option<Arc<Involvement>>, LiveError> {
    let Some(case) = &sent.case else { return Ok(None) };
    if let Some(open) = live.stay(case) {
        return Ok(Some(Arc::clone(&open.involvement)));
    }
    let settled = |it: &&Astray| it.stay.as_ref().is_some_and(|stay| stay.case == *case && !stay.is_open);
    match known.iter().find(settled) {
        Some(it) => Ok(it.stay.clone()),
        None => live.involvement_of(case, now).await,
    }
}
