use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    Desk,
    desk::{long, name, short},
    digest::Fields,
    sealed::{SealedDecision, mark},
};
use crate::{
    StoreError, Tx,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    sql,
};

/// What a person decided where a program can't.
///
/// `what` and `subject` have 1 to 1000 bytes, `by` has 1000 at the most. The instant is kept in microseconds, rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDecision {
    /// What it is about: `stay`, `same-person`, `answer`, …
    pub what: String,
    /// Whom or what it is about. Of `same-person`: a tie.
    pub subject: String,
    /// What was decided. Of `same-person`: the tie that is the same person.
    pub value: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, in that person's words.
    pub why: String,
}

/// A decision as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDecision {
    /// Which one: 1, 2, 3, … in a community, without holes.
    pub number: u64,
    /// What it is about.
    pub what: String,
    /// Whom or what it is about.
    pub subject: String,
    /// What was decided.
    pub value: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
}

/// Two ties are one person.
const SAME_PERSON: &str = "same-person";

impl Tx {
    /// Keeps a decision, and gives its number. It is never changed: whoever decides otherwise does so in a later one.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn decide(&mut self, decision: &NewDecision) -> Result<u64, StoreError> {
        let NewDecision { what, subject, value, by, at, why } = decision.clone();
        let mut kept = KeptDecision { number: 0, what, subject, value, by, at, why };
        kept.check()?;
        let mut desk = self.desk()?;
        let rows = desk.rows(DOING, sql::mail::LAST_DECISION, &[]).await?;
        kept.number = 1 + rows.into_iter().next().map_or(Ok(0), |mut row| row.count(DECISION, 0))?;
        let number = kept.number;
        StoredDecision::of(kept, None).put(&desk)?.write(&mut desk).await?;
        Ok(self.done(number))
    }

    /// The decisions about these subjects, by number.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn decisions(&mut self, subjects: &BTreeSet<String>) -> Result<Vec<KeptDecision>, StoreError> {
        subjects.iter().try_for_each(|subject| short(subject, "subject of a decision"))?;
        let mut desk = self.desk()?;
        let marks: Vec<_> =
            desk.seal().iter().flat_map(|seal| subjects.iter().map(|it| mark(*seal, it))).collect();
        let asked: Vec<_> = subjects.iter().chain(&marks).map(|subject| Param::Text(subject)).collect();
        let rows = desk.rows_of("read decisions", sql::mail::DECISIONS, &asked, &[]).await?;
        let mut found = opened(&desk, rows)?;
        found.sort_by_key(|decision| decision.number);
        Ok(self.done(found))
    }
}

/// Decisions of these rows, as they were given.
pub(super) fn opened(desk: &Desk<'_>, rows: Vec<Row>) -> Result<Vec<KeptDecision>, StoreError> {
    let opened = rows.into_iter().map(|row| Ok(StoredDecision::read(row)?.opened(desk)?.decision));
    opened.collect()
}

/// A decision as it stands in its row, with the digest that stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredDecision {
    pub(crate) decision: KeptDecision,
    pub(crate) digest: Vec<u8>,
    /// What is sealed of it; all is in the clear where nothing stands here.
    pub(crate) sealed: Option<SealedDecision>,
}

const DECISION: &str = "decision";
const DOING: &str = "keep a decision";

impl KeptDecision {
    /// Refuses what one of the databases could not give back.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        name(&self.what, "kind of a decision")?;
        name(&self.subject, "subject of a decision")?;
        short(&self.by, "name of who decided")?;
        if self.what == SAME_PERSON {
            name(&self.value, "tie")?;
        }
        long(&self.value, "decision")?;
        long(&self.why, "reason for a decision").map_err(StoreError::from)
    }

    /// All of it that never changes.
    pub(super) fn fields(&self, domain: &str) -> Fields {
        Fields::of(domain, self.number)
            .text(&self.what)
            .text(&self.subject)
            .text(&self.value)
            .text(&self.by)
            .instant(self.at)
            .text(&self.why)
    }
}

impl StoredDecision {
    /// A decision with the digest that it must have.
    pub(crate) fn of(decision: KeptDecision, sealed: Option<SealedDecision>) -> Self {
        let mut stored = Self { decision, digest: Vec::new(), sealed };
        stored.digest = stored.own_digest().to_vec();
        stored
    }

    /// The digest that it must have as it stands.
    pub(crate) fn own_digest(&self) -> [u8; 32] {
        match &self.sealed {
            None => self.decision.fields("samspill decision 1\n").digest(),
            Some(SealedDecision { key_id, sealed }) => {
                self.decision.fields("samspill decision 2\n").text(key_id).with_bytes(sealed)
            }
        }
    }

    /// Writes it under its number, which must be the next.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        let (it, sealed) = (&self.decision, self.sealed.as_ref());
        let params = [
            Param::Int(i64::try_from(it.number).unwrap_or(i64::MAX)),
            Param::Text(&it.what),
            Param::Text(&it.subject),
            Param::Text(&it.value),
            Param::Text(&it.by),
            Param::Int(microseconds(it.at)),
            Param::Text(&it.why),
            Param::Bytes(&self.digest),
            Param::MaybeText(sealed.map(|sealed| sealed.key_id.as_str())),
            Param::MaybeBytes(sealed.map(|sealed| sealed.sealed.as_slice())),
        ];
        desk.put(DOING, sql::mail::ADD_DECISION, &params).await
    }

    /// Decisions from a number on as they stand, so many at the most.
    pub(crate) async fn from(
        desk: &mut Desk<'_>,
        number: u64,
        limit: usize,
    ) -> Result<Vec<Self>, StoreError> {
        let params = [Param::Int(i64::try_from(number).unwrap_or(i64::MAX)), Param::Int(limit_number(limit))];
        let rows = desk.rows("read decisions", sql::mail::DECISIONS_FROM, &params).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        let decision = KeptDecision {
            number: row.count(DECISION, 0)?,
            what: row.text(DECISION, 1)?,
            subject: row.text(DECISION, 2)?,
            value: row.text(DECISION, 3)?,
            by: row.text(DECISION, 4)?,
            at: row.instant(DECISION, 5)?,
            why: row.text(DECISION, 6)?,
        };
        let sealed = match row.maybe_text(DECISION, 8)? {
            Some(key_id) => Some(SealedDecision { key_id, sealed: row.bytes(DECISION, 9)? }),
            None => None,
        };
        Ok(Self { decision, digest: row.bytes(DECISION, 7)?, sealed })
    }
}
