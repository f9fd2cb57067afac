use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    Desk,
    desk::{long, name, short},
    digest::Fields,
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
        kept.write(&mut desk).await?;
        Ok(self.done(kept.number))
    }

    /// The decisions about these subjects, by number.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn decisions(&mut self, subjects: &BTreeSet<String>) -> Result<Vec<KeptDecision>, StoreError> {
        subjects.iter().try_for_each(|subject| short(subject, "subject of a decision"))?;
        let asked: Vec<_> = subjects.iter().map(|subject| Param::Text(subject)).collect();
        let rows = self.desk()?.rows_of("read decisions", sql::mail::DECISIONS, &asked, &[]).await?;
        let mut found: Vec<_> = rows
            .into_iter()
            .map(|row| KeptDecision::read(row).map(|(it, _)| it))
            .collect::<Result<_, _>>()?;
        found.sort_by_key(|decision| decision.number);
        Ok(self.done(found))
    }
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

    /// The digest that the decision must have.
    pub(crate) fn digest(&self) -> [u8; 32] {
        Fields::of("samspill decision 1\n", self.number)
            .text(&self.what)
            .text(&self.subject)
            .text(&self.value)
            .text(&self.by)
            .instant(self.at)
            .text(&self.why)
            .digest()
    }

    /// Writes it under its number, which must be the next.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        let digest = self.digest();
        let params = [
            Param::Int(i64::try_from(self.number).unwrap_or(i64::MAX)),
            Param::Text(&self.what),
            Param::Text(&self.subject),
            Param::Text(&self.value),
            Param::Text(&self.by),
            Param::Int(microseconds(self.at)),
            Param::Text(&self.why),
            Param::Bytes(&digest),
        ];
        desk.run(DOING, sql::mail::ADD_DECISION, &params).await.map(drop)
    }

    /// Decisions from a number on with the digests that they stand with, so many at the most.
    pub(crate) async fn from(
        desk: &mut Desk<'_>,
        number: u64,
        limit: usize,
    ) -> Result<Vec<(Self, Vec<u8>)>, StoreError> {
        let params = [Param::Int(i64::try_from(number).unwrap_or(i64::MAX)), Param::Int(limit_number(limit))];
        let rows = desk.rows("read decisions", sql::mail::DECISIONS_FROM, &params).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<(Self, Vec<u8>), StoreError> {
        let decision = Self {
            number: row.count(DECISION, 0)?,
            what: row.text(DECISION, 1)?,
            subject: row.text(DECISION, 2)?,
            value: row.text(DECISION, 3)?,
            by: row.text(DECISION, 4)?,
            at: row.instant(DECISION, 5)?,
            why: row.text(DECISION, 6)?,
        };
        Ok((decision, row.bytes(DECISION, 7)?))
    }
}
