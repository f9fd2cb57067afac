//! Messages and decisions that are sealed.
//!
//! ```text
//! of a message:   bytes = seal( length of ties (4) · ties as JSON · bytes ), a mark for each tie, size of the bytes in the clear
//! of a decision:  sealed = seal( JSON of subject, value and why ), marks for subject and value, no why
//! mark            = "mark:" · what the seal gives for the text
//! bound           = SHA-256 over all else of the row that never changes, and its community and key
//! ```
//!
//! The digest is over the row as it stands, so that it can be compared by whoever has no keys, and says nothing of what is sealed.

use std::collections::BTreeSet;

use super::{Desk, KeptMessage, MessageNumber, StoredMessage, decision::StoredDecision};
use crate::{
    CommunityId, Seal, SealError, Store, StoreError, Tx,
    database::{Company, Param},
    entry::limit_number,
    mail::{KeptDecision, message::messages_from},
    marks, sql,
};

/// What the marks of sealed ties begin with, as the triggers on ties know. No tie that is given in the clear may begin so.
pub const MARK: &str = "mark:";

/// The mark of a text.
pub(super) fn mark(seal: &dyn Seal, text: &str) -> String {
    format!("{MARK}{}", seal.mark(text))
}

/// How far sealing with the newest key has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Messages, decisions and persons of the log that were sealed now.
    pub resealed: u64,
    /// How many there still are that are sealed with another key, or not at all; entries of the log that name persons in the clear
    /// are not among them, as they stay so.
    pub left: u64,
}

impl Store {
    /// Seals up to `limit` messages, and as many decisions and persons of the log, with the newest key of [`Options::seal`](crate::Options::seal): those that
    /// were sealed with another, and those that stand in the clear. Others may read meanwhile; writers wait. Call it until nothing
    /// is left, and only then take the old key away.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsupported`] without a seal; [`StoreError::Sealed`] for what can't be opened: then nothing was written.
    pub async fn reseal(&self, community: &CommunityId, limit: usize) -> Result<Resealed, StoreError> {
        let (Some(seal), Some(marks)) = (self.seal(), self.marks()) else {
            return Err(StoreError::Unsupported(
                "nothing can be sealed without keys: name them as person_keys",
            ));
        };
        let newest = seal.newest().to_owned();
        let mut tx = Tx::begin(self, community, Company::Alone).await?;
        let mut desk = tx.desk()?;
        let asked = [Param::Text(&newest), Param::Int(limit_number(limit))];
        let mut resealed = 0;
        for number in numbers(&mut desk, sql::mail::MESSAGES_NOT_OF_KEY, &asked).await? {
            if let Some(stored) = messages_from(&mut desk, MessageNumber(number), 1).await?.pop() {
                stored.seal_again(&mut desk).await?;
                resealed += 1;
            }
        }
        for number in numbers(&mut desk, sql::mail::DECISIONS_NOT_OF_KEY, &asked).await? {
            if let Some(stored) = StoredDecision::from(&mut desk, number, 1).await?.pop() {
                stored.seal_again(&mut desk).await?;
                resealed += 1;
            }
        }
        let left: u64 = numbers(&mut desk, sql::mail::COUNT_NOT_OF_KEY, &asked[..1]).await?.iter().sum();
        let persons = marks::seal_again(marks, tx.session(), community, limit).await?;
        tx.done(());
        tx.commit().await?;
        Ok(Resealed { resealed: resealed + persons.resealed, left: left + persons.left })
    }
}

async fn numbers(
    desk: &mut Desk<'_>,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<Vec<u64>, StoreError> {
    let rows = desk.rows("seal anew", sql, params).await?;
    rows.into_iter().map(|mut row| row.count("message", 0)).collect()
}

/// With what a message is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedWith {
    /// What the key is called.
    pub(crate) key_id: String,
    /// Bytes of the message in the clear.
    pub(crate) size: u64,
}

impl StoredMessage {
    /// The message for its row: sealed, where the desk seals.
    pub(super) fn put(self, desk: &Desk<'_>) -> Result<Self, StoreError> {
        let Some(seal) = desk.seal() else { return Ok(self) };
        let (key_id, size) = (seal.newest().to_owned(), self.message.bytes.len());
        let clear = pack(&self.message);
        let ties = self.message.ties.iter().map(|tie| mark(seal, tie)).collect();
        let sealed_with = SealedWith { key_id, size: u64::try_from(size).unwrap_or(u64::MAX) };
        let message = KeptMessage { ties, bytes: Vec::new(), ..self.message };
        let mut put = Self { message, sealed: Some(sealed_with), ..self };
        let bound = put.bound(desk);
        put.message.bytes =
            seal.seal(&bound, &clear).map_err(|says| trouble(desk, "message", put.message.number.0, says))?;
        put.digest = put.own_digest().to_vec();
        Ok(put)
    }

    /// The message as it was given, opened where it is sealed.
    pub(crate) fn opened(self, desk: &Desk<'_>) -> Result<Self, StoreError> {
        let Some(SealedWith { key_id, .. }) = &self.sealed else { return Ok(self) };
        let failed = |says| trouble(desk, "message", self.message.number.0, says);
        let seal = desk.seal().ok_or_else(|| failed(SealError::NoKeys(key_id.clone())))?;
        let clear = seal.open(key_id, &self.bound(desk), &self.message.bytes).map_err(failed)?;
        let (ties, bytes) = unpack(&clear).ok_or_else(|| failed(SealError::NotOurs(key_id.clone())))?;
        let message = KeptMessage { bytes, ties, ..self.message };
        Ok(Self { message, sealed: None, ..self })
    }

    /// Seals it with the newest key in place of what its row says.
    async fn seal_again(self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        const DOING: &str = "seal a message anew";
        let was_clear = self.sealed.is_none();
        let opened = self.opened(desk)?;
        let ties = opened.message.ties.clone();
        let put = opened.put(desk)?;
        let Some(with) = &put.sealed else { return Ok(()) };
        let params = [
            put.message.number.param(),
            Param::Text(&with.key_id),
            Param::Int(i64::try_from(with.size).unwrap_or(i64::MAX)),
            Param::Bytes(&put.digest),
            Param::Bytes(&put.message.bytes),
        ];
        desk.put(DOING, sql::mail::SEAL_MESSAGE, &params).await?;
        let Some(seal) = desk.seal().filter(|_| was_clear) else { return Ok(()) };
        for tie in &ties {
            let mark = mark(seal, tie);
            let params = [put.message.number.param(), Param::Text(tie), Param::Text(&mark)];
            desk.put(DOING, sql::mail::SEAL_TIE, &params).await?;
        }
        Ok(())
    }

    /// What its seal is bound to.
    fn bound(&self, desk: &Desk<'_>) -> [u8; 32] {
        self.fields("samspill sealed message 1\n").text(desk.community()).digest()
    }
}

/// What is sealed of a message.
fn pack(message: &KeptMessage) -> Vec<u8> {
    let ties = serde_json::to_vec(&message.ties).unwrap_or_default();
    let length = u32::try_from(ties.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &ties, &message.bytes].concat()
}

fn unpack(clear: &[u8]) -> Option<(BTreeSet<String>, Vec<u8>)> {
    let (length, rest) = clear.split_first_chunk::<4>()?;
    let (ties, bytes) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((serde_json::from_slice(ties).ok()?, bytes.to_vec()))
}

/// What is sealed of a decision, and with which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedDecision {
    /// What the key is called.
    pub(crate) key_id: String,
    /// What is sealed.
    pub(crate) sealed: Vec<u8>,
}

impl StoredDecision {
    /// The decision for its row: sealed, where the desk seals.
    pub(super) fn put(self, desk: &Desk<'_>) -> Result<Self, StoreError> {
        let Some(seal) = desk.seal() else { return Ok(self) };
        let KeptDecision { subject, value, why, .. } = &self.decision;
        let clear = serde_json::to_vec(&[subject, value, why]).unwrap_or_default();
        let (subject, value) = (mark(seal, subject), mark(seal, value));
        let decision = KeptDecision { subject, value, why: String::new(), ..self.decision };
        let sealed = SealedDecision { key_id: seal.newest().to_owned(), sealed: Vec::new() };
        let bound = bound(&decision, &sealed.key_id, desk);
        let failed = |says| trouble(desk, "decision", decision.number, says);
        let sealed = SealedDecision { sealed: seal.seal(&bound, &clear).map_err(failed)?, ..sealed };
        Ok(Self::of(decision, Some(sealed)))
    }

    /// The decision as it was given, opened where it is sealed.
    pub(crate) fn opened(self, desk: &Desk<'_>) -> Result<Self, StoreError> {
        let Some(SealedDecision { key_id, sealed }) = &self.sealed else { return Ok(self) };
        let failed = |says| trouble(desk, "decision", self.decision.number, says);
        let seal = desk.seal().ok_or_else(|| failed(SealError::NoKeys(key_id.clone())))?;
        let clear = seal.open(key_id, &bound(&self.decision, key_id, desk), sealed).map_err(failed)?;
        let read: Result<[String; 3], _> = serde_json::from_slice(&clear);
        let [subject, value, why] = read.map_err(|_| failed(SealError::NotOurs(key_id.clone())))?;
        Ok(Self::of(KeptDecision { subject, value, why, ..self.decision }, None))
    }

    /// Seals it with the newest key in place of what its row says.
    async fn seal_again(self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        let put = self.opened(desk)?.put(desk)?;
        let Some(SealedDecision { key_id, sealed }) = &put.sealed else { return Ok(()) };
        let params = [
            Param::Int(i64::try_from(put.decision.number).unwrap_or(i64::MAX)),
            Param::Text(&put.decision.subject),
            Param::Text(&put.decision.value),
            Param::Text(&put.decision.why),
            Param::Bytes(&put.digest),
            Param::Text(key_id),
            Param::Bytes(sealed),
        ];
        desk.put("seal a decision anew", sql::mail::SEAL_DECISION, &params).await
    }
}

/// What the seal of a decision is bound to.
fn bound(decision: &KeptDecision, key_id: &str, desk: &Desk<'_>) -> [u8; 32] {
    decision.fields("samspill sealed decision 1\n").text(key_id).text(desk.community()).digest()
}

fn trouble(desk: &Desk<'_>, what: &'static str, number: u64, says: SealError) -> StoreError {
    StoreError::Sealed { what, number, community: desk.community().to_owned(), says }
}
