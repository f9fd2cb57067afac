use std::collections::{BTreeMap, BTreeSet};

use super::{
    Desk, KeptMessage, MessageNumber,
    decision::opened,
    desk::name,
    message::{messages, sizes_in},
    sealed::mark,
};
use crate::{
    StoreError, Tx,
    database::Param,
    entry::limit_number,
    mail::desk::{AT_ONCE, padded},
    sql,
};

/// Messages that are tied together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// By number.
    pub messages: Vec<KeptMessage>,
    /// Whether there are more than were asked for, or more bytes than are read. Those that are given are the nearest then.
    pub is_cut: bool,
}

impl Related {
    /// Bytes of messages that are read at the most, as they stand in their rows: 128 MiB. All of it is held in memory at once, and read while
    /// others wait for the log.
    pub const BYTES_MAX: u64 = 128 << 20;
}

impl Tx {
    /// The messages with one of these ties, those with one of *their* ties, and so on to the end, `limit` at the most.
    ///
    /// A receipt has the id of the message that it is for among its ties; so it is found from a message that has its own id
    /// among its own. Two ties that somebody decided are the same person (a decision `same-person` about the one, whose value is the
    /// other) are taken for one. Some ties without messages are looked at too, a few for each message that may be found; where
    /// there are more, the answer is cut.
    ///
    /// # Errors
    ///
    /// A tie that none can be. Otherwise a database that can't be read.
    pub async fn related(&mut self, ties: &BTreeSet<String>, limit: usize) -> Result<Related, StoreError> {
        ties.iter().try_for_each(|tie| name(tie, "tie"))?;
        let mut desk = self.desk()?;
        let mut walk = Walk::from(ties, limit);
        while walk.step(&mut desk).await? == Step::On {}
        let related = Related { messages: walk.found.into_values().collect(), is_cut: walk.is_cut };
        Ok(self.done(related))
    }
}

/// Ties that are looked at for each message that may be found.
const TIES_EACH: usize = 16;

/// Ties that are looked at however few messages may be found.
const TIES_LEAST: usize = 1000;

/// From ties to messages to ties.
struct Walk {
    /// Ties that were seen, asked for or not.
    seen: BTreeSet<String>,
    /// Ties that are to be asked for next.
    ahead: Vec<String>,
    /// The messages that were found, with their ties as they were given.
    found: BTreeMap<MessageNumber, KeptMessage>,
    limit: usize,
    /// Bytes that may still be read.
    bytes_left: u64,
    is_cut: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    On,
    End,
}

const DOING: &str = "find related messages";

impl Walk {
    fn from(ties: &BTreeSet<String>, limit: usize) -> Self {
        let ahead = ties.iter().cloned().collect();
        Self {
            seen: ties.clone(),
            ahead,
            found: BTreeMap::new(),
            limit,
            bytes_left: Related::BYTES_MAX,
            is_cut: false,
        }
    }

    /// Goes from the ties ahead to their messages, and on to the ties of those that are new.
    async fn step(&mut self, desk: &mut Desk<'_>) -> Result<Step, StoreError> {
        let asked = std::mem::take(&mut self.ahead);
        // A row may stand in the clear, or with marks: both are asked for.
        let marks: Vec<_> =
            desk.seal().iter().flat_map(|seal| asked.iter().map(|tie| mark(*seal, tie))).collect();
        let asked: Vec<_> = asked.iter().chain(&marks).map(|tie| Param::Text(tie)).collect();
        for some in asked.chunks(AT_ONCE) {
            let some = padded(some, AT_ONCE);
            let new = self.ask(desk, &some).await?;
            self.read(desk, &new).await?;
            if self.is_cut {
                return Ok(Step::End);
            }
        }
        Ok(if self.ahead.is_empty() { Step::End } else { Step::On })
    }

    /// Asks for the messages with one of some ties, and for what was decided about these. Takes up ties of the same person, and gives the
    /// messages that weren't found before.
    async fn ask(
        &mut self,
        desk: &mut Desk<'_>,
        ties: &[Param<'_>],
    ) -> Result<Vec<MessageNumber>, StoreError> {
        // One more than may be found tells that there are more.
        let limit = Param::Int(limit_number(self.limit.saturating_add(1)));
        let limited = [ties, &[limit]].concat();
        let questions = [(sql::mail::NUMBERS_TIED, &limited[..]), (sql::mail::PERSONS, ties)];
        let mut answers = desk.rows_all(DOING, &questions).await?.into_iter();
        let new = self.unknown(sizes_in(answers.next().unwrap_or_default())?);
        for decision in opened(desk, answers.next().unwrap_or_default())? {
            self.see(decision.subject);
            self.see(decision.value);
        }
        Ok(new)
    }

    /// Those that weren't found before, as many as there is room for.
    fn unknown(&mut self, all: Vec<(MessageNumber, u64)>) -> Vec<MessageNumber> {
        let room = self.limit - self.found.len();
        let mut new = Vec::new();
        for (number, bytes) in all.into_iter().filter(|(number, _)| !self.found.contains_key(number)) {
            let Some(left) = self.bytes_left.checked_sub(bytes).filter(|_| new.len() < room) else {
                self.is_cut = true;
                break;
            };
            self.bytes_left = left;
            new.push(number);
        }
        new
    }

    /// Reads messages that are new, and takes up their ties.
    async fn read(&mut self, desk: &mut Desk<'_>, new: &[MessageNumber]) -> Result<(), StoreError> {
        for message in messages(desk, new).await? {
            message.ties.iter().for_each(|tie| self.see(tie.clone()));
            self.found.insert(message.number, message);
        }
        Ok(())
    }

    /// Takes up a tie that is new.
    fn see(&mut self, tie: String) {
        if self.seen.contains(&tie) {
            return;
        }
        if self.seen.len() >= self.limit.saturating_mul(TIES_EACH).saturating_add(TIES_LEAST) {
            self.is_cut = true;
            return;
        }
        self.seen.insert(tie.clone());
        self.ahead.push(tie);
    }
}
