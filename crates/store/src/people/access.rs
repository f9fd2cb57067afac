use jiff::Timestamp;

use super::PeopleTx;
use crate::{
    CommunityId, EntryHash, Store, StoreError, Tx,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    mail::{Desk, Fields, long, short},
    sql,
};

/// That somebody looked at something, wrote something, or was refused it.
///
/// Texts but the name and the detail have 1000 bytes at the most. The instant is kept in microseconds, rounded down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAccess {
    /// When.
    pub at: Timestamp,
    /// The account; empty where nobody was logged in.
    pub account: String,
    /// The name of who looked, as it was then.
    pub name: String,
    /// In which role.
    pub role: String,
    /// For which party.
    pub party: String,
    /// For which units of it; empty for all.
    pub unit: String,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub kind: String,
    /// The case.
    pub case: Option<String>,
    /// The person, by the key that the register of persons has for them.
    pub person: Option<String>,
    /// What it was looked for.
    pub purpose: String,
    /// The rule that decided.
    pub rule: String,
    /// Whether it was refused.
    pub is_refused: bool,
    /// What else is to be known.
    pub detail: String,
    /// How many lines were shown.
    pub lines: u64,
    /// The request.
    pub request: String,
    /// The node that answered it.
    pub node: String,
}

/// A row of the access log as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAccess {
    /// Which one: 1, 2, 3, … in a community, without holes.
    pub number: u64,
    /// What it says.
    pub access: NewAccess,
}

/// Which rows of the access log. What is not given, all fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessFilter {
    /// Those about this person, by key.
    pub person: Option<String>,
    /// Those about this case.
    pub case: Option<String>,
    /// Those of this account.
    pub account: Option<String>,
    /// Those of this party.
    pub party: Option<String>,
    /// Those that did this.
    pub action: Option<String>,
    /// Those at this instant or later.
    pub from: Option<Timestamp>,
    /// Those before this instant.
    pub before: Option<Timestamp>,
    /// Those that were refused, or those that weren't.
    pub is_refused: Option<bool>,
}

/// A row with what chains it to the others.
#[derive(Clone, Debug)]
pub(crate) struct StoredAccess {
    pub(crate) kept: KeptAccess,
    pub(crate) previous: EntryHash,
    pub(crate) digest: EntryHash,
}

const ACCESS: &str = "access_log";
const DOING: &str = "write the access log";
const READING: &str = "read the access log";

impl Tx {
    /// Writes a row of the access log, together with what this transaction writes. Gives its number.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn log_access(&mut self, access: &NewAccess) -> Result<u64, StoreError> {
        access.check()?;
        let number = access.add(&mut self.desk()?).await?;
        Ok(self.done(number))
    }
}

impl PeopleTx {
    /// Writes a row of the access log, together with what this transaction writes. Gives its number.
    ///
    /// # Errors
    ///
    /// A text that can't be kept: the transaction goes on without it. After any other error it can only be dropped.
    pub async fn log_access(&mut self, access: &NewAccess) -> Result<u64, StoreError> {
        access.check()?;
        let number = access.add(&mut self.desk()?).await?;
        Ok(self.done(number))
    }
}

impl Store {
    /// Writes rows of the access log: all of them, or none. When this returns, they are on disk. Gives the number of the first; the
    /// others follow it.
    ///
    /// # Errors
    ///
    /// A text that can't be kept; a database that fails.
    pub async fn log_accesses(
        &self,
        community: &CommunityId,
        accesses: &[NewAccess],
    ) -> Result<u64, StoreError> {
        accesses.iter().try_for_each(NewAccess::check)?;
        let mut session = self.database().begin_write().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        desk.lock(LOCK).await?;
        let (number, mut digest) = end(&mut desk).await?;
        let mut next = number + 1;
        for chunk in accesses.chunks(sql::people::LOOKS_AT_ONCE) {
            digest = write_all(&mut desk, chunk, next, digest).await?;
            next += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        }
        session.commit().await?;
        Ok(number + 1)
    }

    /// Up to `limit` rows of the access log before a number, the newest first; from the last for `None`.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn accesses(
        &self,
        community: &CommunityId,
        filter: &AccessFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<KeptAccess>, StoreError> {
        let texts = [&filter.person, &filter.case, &filter.account, &filter.party, &filter.action];
        texts.into_iter().flatten().try_for_each(|text| short(text, "filter"))?;
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
        let params = filter.params(before, limit);
        let rows = desk.rows(READING, filter.sql(), &params).await?;
        rows.into_iter().map(|row| StoredAccess::read(row).map(|stored| stored.kept)).collect()
    }

    /// Up to `limit` rows of the access log after a number, in their order.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn accesses_after(
        &self,
        community: &CommunityId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<KeptAccess>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::new(session.as_mut(), community);
        let found = StoredAccess::from(&mut desk, after.saturating_add(1), limit).await?;
        Ok(found.into_iter().map(|stored| stored.kept).collect())
    }
}

/// Those who write the access log take turns, so that no number is missing.
const LOCK: &str = "access";

/// The last number and digest of the access log.
async fn end(desk: &mut Desk<'_>) -> Result<(u64, EntryHash), StoreError> {
    let rows = desk.rows(DOING, sql::people::LAST_LOOK, &[]).await?;
    let last = rows.into_iter().next();
    last.map_or(Ok((0, EntryHash::START)), |mut row| Ok((row.count(ACCESS, 0)?, row.hash(ACCESS, 1)?)))
}

/// Writes rows, [`sql::people::LOOKS_AT_ONCE`] at the most, from a number on that must be the next. Gives the digest of the last.
async fn write_all(
    desk: &mut Desk<'_>,
    rows: &[NewAccess],
    first: u64,
    previous: EntryHash,
) -> Result<EntryHash, StoreError> {
    let mut digests = vec![previous];
    for (row, number) in rows.iter().zip(first..) {
        digests.push(row.digest(number, digests.last().copied().unwrap_or(previous)));
    }
    let links = digests.iter().zip(digests.iter().skip(1)).zip(first..);
    let params: Vec<_> = rows
        .iter()
        .zip(links)
        .map(|(row, ((before, own), number))| row.params(number, before, own))
        .collect();
    if rows.len() == sql::people::LOOKS_AT_ONCE {
        desk.put(DOING, sql::people::ADD_LOOKS, &params.concat()).await?;
    } else {
        for params in &params {
            desk.put(DOING, sql::people::ADD_LOOK, params).await?;
        }
    }
    Ok(digests.last().copied().unwrap_or(previous))
}

impl AccessFilter {
    /// The statement that finds them by the narrowest of what is given.
    fn sql(&self) -> &'static str {
        if self.person.is_some() {
            sql::people::LOOKS_OF_PERSON
        } else if self.case.is_some() {
            sql::people::LOOKS_OF_CASE
        } else if self.account.is_some() {
            sql::people::LOOKS_OF_ACCOUNT
        } else if self.from.is_some() || self.before.is_some() {
            sql::people::LOOKS_OF_TIME
        } else {
            sql::people::LOOKS
        }
    }

    /// Both instants, or neither.
    fn times(&self) -> (Option<i64>, Option<i64>) {
        let (from, until) = (self.from.map(microseconds), self.before.map(microseconds));
        match from.or(until) {
            None => (None, None),
            Some(_) => (from.or(Some(i64::MIN)), until.or(Some(i64::MAX))),
        }
    }

    fn params(&self, before: i64, limit: usize) -> [Param<'_>; 10] {
        let (from, until) = self.times();
        [
            Param::Int(before),
            Param::Int(limit_number(limit)),
            Param::MaybeText(self.person.as_deref()),
            Param::MaybeText(self.case.as_deref()),
            Param::MaybeText(self.account.as_deref()),
            Param::MaybeText(self.party.as_deref()),
            Param::MaybeText(self.action.as_deref()),
            Param::MaybeInt(from),
            Param::MaybeInt(until),
            Param::MaybeText(self.is_refused.map(outcome)),
        ]
    }
}

const REFUSED: &str = "refused";

fn outcome(is_refused: bool) -> &'static str {
    if is_refused { REFUSED } else { "allowed" }
}

impl NewAccess {
    /// Refuses what one of the databases could not give back.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let texts = [
            &self.account,
            &self.role,
            &self.party,
            &self.unit,
            &self.action,
            &self.kind,
            &self.purpose,
            &self.rule,
            &self.request,
            &self.node,
        ];
        let named = self.case.iter().chain(&self.person);
        texts.into_iter().chain(named).try_for_each(|text| short(text, "text of the access log"))?;
        long(&self.name, "name")?;
        long(&self.detail, "detail").map_err(StoreError::from)
    }

    async fn add(&self, desk: &mut Desk<'_>) -> Result<u64, StoreError> {
        desk.lock(LOCK).await?;
        let (last, digest) = end(desk).await?;
        write_all(desk, std::slice::from_ref(self), last + 1, digest).await?;
        Ok(last + 1)
    }

    /// Its columns, with what chains it to the row before.
    fn params<'a>(&'a self, number: u64, previous: &'a EntryHash, digest: &'a EntryHash) -> [Param<'a>; 20] {
        [
            Param::Int(i64::try_from(number).unwrap_or(i64::MAX)),
            Param::Int(microseconds(self.at)),
            Param::Text(&self.account),
            Param::Text(&self.name),
            Param::Text(&self.role),
            Param::Text(&self.party),
            Param::Text(&self.unit),
            Param::Text(&self.action),
            Param::Text(&self.kind),
            Param::MaybeText(self.case.as_deref()),
            Param::MaybeText(self.person.as_deref()),
            Param::Text(&self.purpose),
            Param::Text(&self.rule),
            Param::Text(outcome(self.is_refused)),
            Param::Text(&self.detail),
            Param::Int(i64::try_from(self.lines).unwrap_or(i64::MAX)),
            Param::Text(&self.request),
            Param::Text(&self.node),
            Param::Bytes(previous.as_bytes()),
            Param::Bytes(digest.as_bytes()),
        ]
    }

    /// The digest that the row must have, over all of it and the digest of the row before.
    pub(crate) fn digest(&self, number: u64, previous: EntryHash) -> EntryHash {
        let fields = Fields::of("samspill access 1\n", number)
            .instant(self.at)
            .text(&self.account)
            .text(&self.name)
            .text(&self.role)
            .text(&self.party)
            .text(&self.unit)
            .text(&self.action)
            .text(&self.kind)
            .maybe_text(self.case.as_deref())
            .maybe_text(self.person.as_deref())
            .text(&self.purpose)
            .text(&self.rule)
            .text(outcome(self.is_refused))
            .text(&self.detail)
            .count(self.lines)
            .text(&self.request)
            .text(&self.node);
        EntryHash::from_bytes(&fields.with_bytes(previous.as_bytes())).unwrap_or(EntryHash::START)
    }
}

impl StoredAccess {
    /// The digest that the row must have.
    pub(crate) fn own_digest(&self) -> EntryHash {
        self.kept.access.digest(self.kept.number, self.previous)
    }

    /// Rows from a number on, so many at the most.
    pub(crate) async fn from(
        desk: &mut Desk<'_>,
        number: u64,
        limit: usize,
    ) -> Result<Vec<Self>, StoreError> {
        let params = [Param::Int(i64::try_from(number).unwrap_or(i64::MAX)), Param::Int(limit_number(limit))];
        let rows = desk.rows(READING, sql::people::LOOKS_FROM, &params).await?;
        rows.into_iter().map(Self::read).collect()
    }

    fn read(mut row: Row) -> Result<Self, StoreError> {
        let number = row.count(ACCESS, 0)?;
        let access = NewAccess {
            at: row.instant(ACCESS, 1)?,
            account: row.text(ACCESS, 2)?,
            name: row.text(ACCESS, 3)?,
            role: row.text(ACCESS, 4)?,
            party: row.text(ACCESS, 5)?,
            unit: row.text(ACCESS, 6)?,
            action: row.text(ACCESS, 7)?,
            kind: row.text(ACCESS, 8)?,
            case: row.maybe_text(ACCESS, 9)?,
            person: row.maybe_text(ACCESS, 10)?,
            purpose: row.text(ACCESS, 11)?,
            rule: row.text(ACCESS, 12)?,
            is_refused: row.text(ACCESS, 13)? == REFUSED,
            detail: row.text(ACCESS, 14)?,
            lines: row.count(ACCESS, 15)?,
            request: row.text(ACCESS, 16)?,
            node: row.text(ACCESS, 17)?,
        };
        let kept = KeptAccess { number, access };
        Ok(Self { kept, previous: row.hash(ACCESS, 18)?, digest: row.hash(ACCESS, 19)? })
    }
}
