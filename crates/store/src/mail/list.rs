use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    Desk, Direction, LifeRow, MessageNumber, Outgoing, Standing,
    message::{MESSAGE, direction, standing},
};
use crate::{
    CommunityId, Store, StoreError,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    sql,
};

/// Which messages: those that are all that is given. Nothing given is all messages. Texts are compared byte by byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Those that go this way.
    pub direction: Option<Direction>,
    /// Those of this kind; of none that can be read, if it is empty.
    pub kind: Option<String>,
    /// Those from this sender.
    pub from: Option<String>,
    /// Those to this receiver.
    pub to: Option<String>,
    /// Those that belong to this case by now.
    pub case: Option<String>,
    /// Those that stand so by now.
    pub standing: Option<Standing>,
    /// Those received or handed in at this instant or later.
    pub since: Option<Timestamp>,
    /// Those received or handed in before this instant.
    pub until: Option<Timestamp>,
    /// Those with this id.
    pub id: Option<String>,
    /// Those of which the sender or the receiver is one of these: HER-ids, and an empty one for an end that isn't known. All, if there are
    /// none here. It may give some more, which have signs in them that no id has.
    pub ends: BTreeSet<String>,
    /// Those that a person may have to look at, at this instant: that wait for a person's answer or that nobody can tell what they are or
    /// whom they are for, of which a parcel was given up, or whose life needs a person or has a deadline that has come. It may give some
    /// that need nobody: what a life comes to is the caller's to say.
    pub for_persons_at: Option<Timestamp>,
}

/// A message in a list: all but its bytes and ties, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageLine {
    /// Which one.
    pub number: MessageNumber,
    /// Which way it goes.
    pub direction: Direction,
    /// Its id; empty where none can be read.
    pub id: String,
    /// What it is; empty where that can't be read.
    pub kind: String,
    /// The sender's HER-id; empty where it isn't known.
    pub from: String,
    /// The receiver's HER-id; empty where it isn't known.
    pub to: String,
    /// The case that it belongs to by now.
    pub case: Option<String>,
    /// Of a receipt: the id of the message that it is for.
    pub about: Option<String>,
    /// When its sender made it.
    pub made: Option<Timestamp>,
    /// When it was received, or handed in for sending.
    pub at: Timestamp,
    /// The channel that it came by or goes by.
    pub channel: String,
    /// The id that the channel knows it by.
    pub parcel: String,
    /// How many bytes it has.
    pub size: u64,
    /// What became of it.
    pub standing: Standing,
    /// What is noted about it, as JSON; empty where nothing is.
    pub notes: String,
    /// Its parcels in the outbox, in the order in which they were put there.
    pub outgoing: Vec<Outgoing>,
    /// What it waits for, if it was told to.
    pub life: Option<LifeRow>,
}

impl Store {
    /// Up to `limit` messages after a number, in their order: from the first after `MessageNumber(0)`.
    ///
    /// A filter by id, case, standing, ends or what is for persons is found in an index, and an instant bounds what is looked through. By
    /// kind, sender or receiver alone, messages are looked through one by one.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn messages(
        &self,
        community: &CommunityId,
        filter: &MessageFilter,
        after: MessageNumber,
        limit: usize,
    ) -> Result<Vec<MessageLine>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let Some((after, last)) = filter.bounds(&mut desk, after).await? else { return Ok(Vec::new()) };
        let mut lines = if filter.is_by_ends() {
            filter.lines_by_ends(&mut desk, (after, last), limit).await?
        } else {
            filter.lines(&mut desk, (after, last), limit).await?
        };
        tell_lives(&mut desk, &mut lines).await?;
        Ok(lines)
    }
}

const DOING: &str = "list the messages";

/// Messages of others that are read between two that are wanted, rather than asking anew.
const GAP_MAX: u64 = 64;

impl MessageFilter {
    /// The numbers between which the instants lie: after the one, and up to the other. `None` where no message does.
    async fn bounds(
        &self,
        desk: &mut Desk<'_>,
        after: MessageNumber,
    ) -> Result<Option<(MessageNumber, Option<i64>)>, StoreError> {
        let (mut after, mut last) = (after, None);
        if let Some(since) = self.since {
            let Some(first) = bound(desk, sql::mail::FIRST_SINCE, since).await? else { return Ok(None) };
            after = after.max(MessageNumber(u64::try_from(first - 1).unwrap_or(0)));
        }
        if let Some(until) = self.until {
            last = bound(desk, sql::mail::LAST_UNTIL, until).await?;
            if last.is_none() {
                return Ok(None);
            }
        }
        Ok(Some((after, last)))
    }

    /// Whether the ends are what finds the fewest.
    fn is_by_ends(&self) -> bool {
        !self.ends.is_empty() && self.sql() == sql::mail::LINES
    }

    /// Lines of messages between two numbers, after the one and up to the other.
    async fn lines(
        &self,
        desk: &mut Desk<'_>,
        (after, last): (MessageNumber, Option<i64>),
        limit: usize,
    ) -> Result<Vec<MessageLine>, StoreError> {
        let ends = self.ends_in_line();
        let mut params = self.params(after, last, limit, ends.as_deref()).to_vec();
        params.extend(self.for_persons_at.map(|now| Param::Int(microseconds(now))));
        let rows = desk.rows(DOING, self.sql(), &params).await?;
        rows.into_iter().map(MessageLine::read).collect()
    }

    /// The same, found by the ends: where a party has few of many messages, those of others aren't looked through.
    async fn lines_by_ends(
        &self,
        desk: &mut Desk<'_>,
        (mut after, last): (MessageNumber, Option<i64>),
        limit: usize,
    ) -> Result<Vec<MessageLine>, StoreError> {
        let mut lines = Vec::new();
        loop {
            let numbers = self.numbers_of_ends(desk, (after, last), limit).await?;
            for (first, to) in runs(&numbers) {
                let places = (MessageNumber(first - 1), Some(i64::try_from(to).unwrap_or(i64::MAX)));
                lines.extend(self.lines(desk, places, limit - lines.len()).await?);
                if lines.len() >= limit {
                    return Ok(lines);
                }
            }
            match numbers.last() {
                Some(last) if numbers.len() == limit => after = MessageNumber(*last),
                Some(_) | None => return Ok(lines),
            }
        }
    }

    /// The first numbers of messages of the ends, so many at the most: the first of each end, and of these the first.
    async fn numbers_of_ends(
        &self,
        desk: &mut Desk<'_>,
        (after, last): (MessageNumber, Option<i64>),
        limit: usize,
    ) -> Result<Vec<u64>, StoreError> {
        let mut found = BTreeSet::new();
        for end in &self.ends {
            let bounds =
                [after.param(), Param::Int(last.unwrap_or(i64::MAX)), Param::Int(limit_number(limit))];
            let params = [&[Param::Text(end)], &bounds[..]].concat();
            for sql in [sql::mail::NUMBERS_FROM, sql::mail::NUMBERS_TO] {
                for mut row in desk.rows(DOING, sql, &params).await? {
                    found.insert(row.count(MESSAGE, 0)?);
                }
            }
        }
        Ok(found.into_iter().take(limit).collect())
    }

    /// The ends between commas, to be looked for in: neither database takes a list.
    fn ends_in_line(&self) -> Option<String> {
        let one_after_another = || self.ends.iter().flat_map(|end| [end.as_str(), ","]).collect::<String>();
        (!self.ends.is_empty()).then(|| format!(",{}", one_after_another()))
    }

    fn params<'f>(
        &'f self,
        after: MessageNumber,
        last: Option<i64>,
        limit: usize,
        ends: Option<&'f str>,
    ) -> [Param<'f>; 13] {
        [
            after.param(),
            Param::Int(limit_number(limit)),
            Param::MaybeText(self.direction.map(Direction::as_str)),
            Param::MaybeText(self.kind.as_deref()),
            Param::MaybeText(self.from.as_deref()),
            Param::MaybeText(self.to.as_deref()),
            Param::MaybeText(self.case.as_deref()),
            Param::MaybeText(self.standing.map(Standing::as_str)),
            Param::MaybeText(self.id.as_deref()),
            Param::MaybeInt(self.since.map(microseconds)),
            Param::MaybeInt(self.until.map(microseconds)),
            Param::MaybeInt(last),
            Param::MaybeText(ends),
        ]
    }

    /// The query that begins where the fewest are to be expected.
    fn sql(&self) -> &'static str {
        let is_rare = self.standing.is_some_and(|standing| standing != Standing::Taken);
        if self.for_persons_at.is_some() {
            sql::mail::LINES_FOR_PERSONS
        } else if self.id.is_some() {
            sql::mail::LINES_OF_ID
        } else if self.case.is_some() {
            sql::mail::LINES_OF_CASE
        } else if is_rare {
            sql::mail::LINES_OF_STANDING
        } else {
            sql::mail::LINES
        }
    }
}

/// Numbers that lie near each other, from the first to the last of each run.
fn runs(numbers: &[u64]) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if number - *last <= GAP_MAX => *last = *number,
            Some(_) | None => runs.push((*number, *number)),
        }
    }
    runs
}

async fn bound(
    desk: &mut Desk<'_>,
    sql: &'static str,
    instant: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let rows = desk.rows(DOING, sql, &[Param::Int(microseconds(instant))]).await?;
    rows.into_iter().next().map_or(Ok(None), |mut row| row.maybe_int(MESSAGE, 0))
}

/// Puts parcels and lives to their messages.
async fn tell_lives(desk: &mut Desk<'_>, lines: &mut [MessageLine]) -> Result<(), StoreError> {
    let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
    for parcel in Outgoing::of(desk, &numbers).await? {
        if let Ok(at) = numbers.binary_search(&parcel.message) {
            lines[at].outgoing.push(parcel);
        }
    }
    for life in LifeRow::of(desk, &numbers).await? {
        if let Ok(at) = numbers.binary_search(&life.message) {
            lines[at].life = Some(life);
        }
    }
    Ok(())
}

impl MessageLine {
    fn read(mut row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: MessageNumber(row.count(MESSAGE, 0)?),
            direction: direction(&mut row)?,
            id: row.text(MESSAGE, 2)?,
            kind: row.text(MESSAGE, 3)?,
            from: row.text(MESSAGE, 4)?,
            to: row.text(MESSAGE, 5)?,
            case: row.maybe_text(MESSAGE, 6)?,
            about: row.maybe_text(MESSAGE, 7)?,
            made: row.maybe_instant(MESSAGE, 8)?,
            at: row.instant(MESSAGE, 9)?,
            channel: row.text(MESSAGE, 10)?,
            parcel: row.text(MESSAGE, 11)?,
            standing: standing(&mut row)?,
            notes: row.text(MESSAGE, 13)?,
            size: row.count(MESSAGE, 14)?,
            outgoing: Vec::new(),
            life: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_lie_near_each_other_are_read_at_once() {
        assert_eq!(runs(&[]), []);
        assert_eq!(runs(&[7]), [(7, 7)]);
        assert_eq!(
            runs(&[1, 2, 2 + GAP_MAX, 3 + 2 * GAP_MAX]),
            [(1, 2 + GAP_MAX), (3 + 2 * GAP_MAX, 3 + 2 * GAP_MAX)]
        );
    }
}
