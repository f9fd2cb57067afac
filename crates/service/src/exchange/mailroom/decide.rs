//! A person settles what the mailroom couldn't.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_store::{KeptMessage, MessageFilter, MessageLine, MessageNumber, NewDecision, Standing, Tx};

use super::{
    MailError, Mailroom, Notes,
    append::{append, cases, note_others},
    past::{Past, decided, read_again, ties_of},
};
use crate::exchange::meaning::{Answer, Decision, QuestionKind, confirm};

/// Who settles something, and why.
#[derive(Clone, Copy, Debug)]
pub struct Settling<'a> {
    /// Who.
    pub by: &'a str,
    /// Why, in their words; may be empty.
    pub why: &'a str,
    /// When.
    pub now: Timestamp,
}

impl Mailroom {
    /// Says which stay a message belongs to: one of the log, or a new name for one that begins. Gives how many entries that adds
    /// to the log.
    ///
    /// # Errors
    ///
    /// A message that isn't there; and the store's.
    pub async fn place(
        &self,
        number: MessageNumber,
        case: &str,
        settling: Settling<'_>,
    ) -> Result<usize, MailError> {
        let others = self.first_of(case).await?;
        let mut tx = self.store.begin(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        let added = self.place_in(&mut tx, &kept, (case, others), settling).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// The first message of a stay, if it has any.
    pub(super) async fn first_of(&self, case: &str) -> Result<Option<MessageLine>, MailError> {
        let filter = MessageFilter { case: Some(case.to_owned()), ..MessageFilter::default() };
        let found = self.store.messages(&self.community, &filter, MessageNumber(0), 1).await?;
        Ok(found.into_iter().next())
    }

    /// Puts a message into a stay, of which this is the first message.
    pub(super) async fn place_in(
        &self,
        tx: &mut Tx,
        kept: &KeptMessage,
        (case, first): (&str, Option<MessageLine>),
        settling: Settling<'_>,
    ) -> Result<usize, MailError> {
        keep(tx, decided::STAY, &kept.id, case, settling.by, settling.why, settling.now).await?;
        let mut ties = kept.ties.clone();
        if let Some(other) = first.filter(|other| other.number != kept.number && !other.id.is_empty()) {
            // From now on they are read together, though nothing in them says so.
            let ids = (kept.id.as_str(), other.id.as_str());
            keep(tx, decided::TOGETHER, ids.0, ids.1, settling.by, settling.why, settling.now).await?;
            ties.insert(other.id.clone());
        }
        let asked = [QuestionKind::WhichStay, QuestionKind::WhichPerson];
        self.correct(tx, kept, &asked, &ties, settling.now).await
    }

    /// Says that two ids are one patient's: messages about either are read together from now on. Gives how many entries that adds to
    /// the log.
    ///
    /// # Errors
    ///
    /// A message that isn't there; and the store's.
    pub async fn same_person(
        &self,
        number: MessageNumber,
        (one, other): (&str, &str),
        settling: Settling<'_>,
    ) -> Result<usize, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        keep(&mut tx, decided::TOGETHER, one, other, settling.by, settling.why, settling.now).await?;
        let mut ties = kept.ties.clone();
        ties.extend([one.to_owned(), other.to_owned()]);
        let added = self.correct(&mut tx, &kept, &[QuestionKind::WhichPerson], &ties, settling.now).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Says what a reply means. Gives how many entries that adds to the log.
    ///
    /// # Errors
    ///
    /// A message that isn't there, of which nobody asks what it means (it is no reply, or is answered), or that has no reply in the log
    /// that counts: one that is cancelled, or waits for a stay. And the store's.
    pub async fn answer(
        &self,
        number: MessageNumber,
        answer: Answer,
        settling: Settling<'_>,
    ) -> Result<usize, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        let asked = Notes::read(&kept.notes).questions;
        if !asked.iter().any(|question| question.what == QuestionKind::WhichAnswer) {
            return Err(MailError::NoQuestion { number: number.0, says: "what it means isn't asked" });
        }
        let past = Past::load(&mut tx, &kept.ties, &self.settings).await?;
        let no_reply =
            || MailError::NoQuestion { number: number.0, says: "no reply of it counts in the log" };
        let reply = past.entry_of(&kept.id, &self.settings).ok_or_else(no_reply)?;
        let decision = Decision::Own(answer);
        let confirmed = confirm(reply, &decision, settling.by, settling.now, &self.settings.table);
        let confirmed = confirmed.ok_or_else(no_reply)?;
        let value = serde_json::to_string(&answer).unwrap_or_default();
        keep(&mut tx, decided::ANSWER, &kept.id, &value, settling.by, settling.why, settling.now).await?;
        let entries = confirmed.cancellation.into_iter().chain([confirmed.entry]).collect();
        let key = format!("svar-{}", number.0);
        let added = append(&mut tx, &key, entries, settling.now).await?;
        // Where both ends are of this node it is kept as it went and as it came: neither is asked about any more.
        for copy in tx.messages_of_id(&kept.id).await? {
            settled(&mut tx, &copy, &[QuestionKind::WhichAnswer]).await?;
        }
        tx.commit().await?;
        Ok(added)
    }

    /// Brings the log to what all the messages say with the new decision.
    pub(super) async fn correct(
        &self,
        tx: &mut Tx,
        kept: &KeptMessage,
        asked: &[QuestionKind],
        ties: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<usize, MailError> {
        let past = Past::load(tx, ties, &self.settings).await?;
        let again = past.again(now, &self.settings);
        note_others(tx, &past, &cases(&again.entries), Some(&again.asked)).await?;
        let decision = tx.head().position.0;
        let key = format!("avgjort-{}-{decision}", kept.number.0);
        let added = append(tx, &key, again.entries, now).await?;
        let kept = existing(tx, kept.number).await?;
        settled(tx, &kept, asked).await?;
        Ok(added)
    }

    /// A message as it was kept, read anew.
    pub fn read(&self, kept: &KeptMessage) -> Option<samspill_formats::messages::types::Message> {
        read_again(&kept.bytes, &self.settings)
    }

    /// The messages that a message hangs together with, itself among them, by number.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn related(&self, number: MessageNumber) -> Result<Vec<MessageNumber>, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        let ties = match self.read(&kept) {
            Some(message) => ties_of(&message, &self.settings),
            None => kept.ties,
        };
        let past = Past::load(&mut tx, &ties, &self.settings).await?;
        Ok(past.earlier.iter().map(|earlier| earlier.number).collect())
    }
}

/// Keeps a decision.
pub(super) async fn keep(
    tx: &mut Tx,
    what: &str,
    subject: &str,
    value: &str,
    by: &str,
    why: &str,
    at: Timestamp,
) -> Result<(), MailError> {
    let decision = NewDecision {
        what: what.to_owned(),
        subject: subject.to_owned(),
        value: value.to_owned(),
        by: by.to_owned(),
        at,
        why: why.to_owned(),
    };
    tx.decide(&decision).await?;
    Ok(())
}

pub(super) async fn existing(tx: &mut Tx, number: MessageNumber) -> Result<KeptMessage, MailError> {
    tx.message(number).await?.ok_or(MailError::NoMessage(number.0))
}

/// Takes answered questions off a message; with the last one gone it is settled.
async fn settled(tx: &mut Tx, kept: &KeptMessage, asked: &[QuestionKind]) -> Result<(), MailError> {
    let mut notes = Notes::read(&kept.notes);
    notes.questions.retain(|question| !asked.contains(&question.what));
    let standing = match (kept.standing, notes.questions.is_empty()) {
        (Standing::Question, true) => Standing::Settled,
        (standing, _) => standing,
    };
    let case = notes.cases.last().cloned().or_else(|| kept.case.clone());
    tx.stand(kept.number, standing, case.as_deref(), &notes.write()).await?;
    Ok(())
}
