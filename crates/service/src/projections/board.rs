//! Reading the rows: lists of a community, and of one case, as of an instant.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use samspill_base::{CaseLog, Position};
use samspill_store::{CommunityId, ProjectedRow, Store, StoreError};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    CaseReading, DueRow, DutyFilter, DutyRow, FindingRow, MeterRow, Page, Paging, Projections, SearchRow,
    StayRow, kept::key,
};

/// Rows that are asked for at a time.
const ROWS_AT_ONCE: usize = 1_000;

/// The rows of a community, in a store that was opened with its [`Projections`].
///
/// Every list is as of an instant that the caller gives. Rows that don't hold then are read anew from the log, by the same
/// function, so that the answer is that of evaluating each case.
///
/// Lists are for now and what comes: a case that was settled since is not in a list of the past. One case can be read as of any
/// instant ([`Self::case`]).
#[derive(Clone, Copy, Debug)]
pub struct Board<'b> {
    /// The store.
    pub store: &'b Store,
    /// The community.
    pub community: &'b CommunityId,
    /// The projections that the store was opened with.
    pub projections: &'b Projections,
}

/// Why rows can't be read.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    /// The store failed.
    #[error("rows could not be read")]
    Store(#[from] StoreError),
    /// A row isn't what this program writes.
    #[error("the row «{key}» of the case «{case}» can't be read: `samspill rebuild` makes it anew")]
    Row {
        /// The case.
        case: String,
        /// The row.
        key: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// The duties, findings and meters of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaseRows {
    /// Its duties, in the order of the agreement, then of their triggers.
    pub duties: Vec<DutyRow>,
    /// Its findings, in the order of what they are about.
    pub findings: Vec<FindingRow>,
    /// Its meters, in the order of the agreement.
    pub meters: Vec<MeterRow>,
}

/// What a payer owes for days within a span of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayerTotal {
    /// Who pays; empty where cases don't say.
    pub payer: String,
    /// The meter.
    pub meter: String,
    /// How many cases have such days.
    pub cases: u64,
    /// How many days count.
    pub days: u64,
    /// What those with a certain price cost, in øre.
    pub amount_ore: i64,
    /// How many days have no certain price.
    pub unpriced: u64,
}

impl Board<'_> {
    /// The cases that aren't settled, by the nearest limit that can still be kept; those without one last, by name.
    ///
    /// # Errors
    ///
    /// A store that can't be read, or wasn't opened with these projections.
    pub async fn stays(&self, now: Timestamp, paging: Paging) -> Result<Page<StayRow>, BoardError> {
        let mut stays = self.open_at(now, Part::Duties).await?;
        let key = |stay: &StayRow| {
            let due = stay.next_duty(now).map(|duty| duty.due);
            (due.is_none(), due, stay.case.clone())
        };
        stays.sort_by_cached_key(key);
        let mut page = Page::of(stays, paging);
        // Limits give the order; days are needed of those alone that are shown.
        self.refresh(&mut page.rows, now, Part::Whole).await?;
        Ok(page)
    }

    /// Duties that are neither done nor closed: due at once first, then by limit, those without a known limit last; then by case, duty
    /// and trigger.
    ///
    /// # Errors
    ///
    /// As [`Self::stays`].
    pub async fn open_duties(
        &self,
        filter: &DutyFilter,
        now: Timestamp,
        paging: Paging,
    ) -> Result<Page<DutyRow>, BoardError> {
        let stays = self.open_at(now, Part::Duties).await?;
        let mut duties: Vec<DutyRow> = stays.into_iter().flat_map(|stay| stay.undone).collect();
        duties.retain(|duty| filter.takes(duty, now));
        duties.sort_by(|a, b| by_limit(a).cmp(&by_limit(b)));
        Ok(Page::of(duties, paging))
    }

    /// The cases that time alone changes after `now` and before `until`, and when first, in that order. A job that reads them anew
    /// then has told everybody of everything that changed.
    ///
    /// # Errors
    ///
    /// As [`Self::stays`].
    pub async fn changing(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, String)>, BoardError> {
        let stays = self.open_at(now, Part::Whole).await?;
        let changes = stays.into_iter().filter_map(|stay| Some((stay.next_change(now)?, stay.case)));
        let mut changes: Vec<_> = changes.filter(|(at, _)| *at < until).collect();
        changes.sort_unstable();
        Ok(changes)
    }

    /// The duties, findings and meters of a case at an instant. Empty for a case that has no entries.
    ///
    /// # Errors
    ///
    /// As [`Self::stays`].
    pub async fn case(&self, case: &str, now: Timestamp) -> Result<CaseRows, BoardError> {
        let Some(search) = self.one::<SearchRow>(self.projections.search_name(), case, key::SEARCH).await?
        else {
            return Ok(CaseRows::default());
        };
        if !search.span.holds_at(now) {
            return Ok(self.anew(&search, now).await?.into());
        }
        let rows = self.store.projected(self.community, self.projections.case_name(), case).await?;
        Ok(CaseRows {
            duties: list(&rows, case, key::DUTIES)?,
            findings: list(&rows, case, key::FINDINGS)?,
            meters: list(&rows, case, key::METERS)?,
        })
    }

    /// Cases that hold every word that was typed ([`SearchRow::matches`]), those with the latest entries first.
    ///
    /// # Errors
    ///
    /// As [`Self::stays`].
    pub async fn search(&self, typed: &str, paging: Paging) -> Result<Page<SearchRow>, BoardError> {
        let found = self.rows_where(|row| row.matches(typed)).await?;
        Ok(Page::of(found, paging))
    }

    /// Cases that are about any of some persons, those with the latest entries first.
    ///
    /// # Errors
    ///
    /// As [`Self::stays`].
    pub async fn about(
        &self,
        persons: &BTreeSet<String>,
        paging: Paging,
    ) -> Result<Page<SearchRow>, BoardError> {
        if persons.is_empty() {
            return Ok(Page::of(Vec::new(), paging));
        }
        let found = self.rows_where(|row| row.persons.iter().any(|person| persons.contains(person))).await?;
        Ok(Page::of(found, paging))
    }

    /// Cases with any entry that names a person, letter by letter, also one that was cancelled: those with the latest entries first.
    ///
    /// # Errors
    ///
    /// As [`Self::stays`].
    pub async fn naming(&self, person: &str) -> Result<Vec<SearchRow>, BoardError> {
        self.rows_where(|row| row.named.contains(person)).await
    }

    /// The rows of searches that are so, those with the latest entries first.
    async fn rows_where(&self, is_so: impl Fn(&SearchRow) -> bool) -> Result<Vec<SearchRow>, BoardError> {
        let mut found: Vec<SearchRow> = Vec::new();
        self.scan(self.projections.search_name(), |row| {
            let row: SearchRow = parsed(&row.case, &row.key, &row.json)?;
            if is_so(&row) {
                found.push(row);
            }
            Ok(())
        })
        .await?;
        found.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.case.cmp(&b.case)));
        Ok(found)
    }

    /// What payers owe for the days from `first` to `last`, both included, by payer and meter.
    ///
    /// # Errors
    ///
    /// As [`Self::stays`].
    pub async fn payers(
        &self,
        (first, last): (Date, Date),
        now: Timestamp,
    ) -> Result<Vec<PayerTotal>, BoardError> {
        let mut meters: Vec<MeterRow> = Vec::new();
        self.scan(self.projections.case_name(), |row| {
            if row.key == key::METERS {
                meters.extend(parsed::<Vec<MeterRow>>(&row.case, &row.key, &row.json)?);
            }
            Ok(())
        })
        .await?;
        let outdated = self.outdated_cases(now).await?;
        meters.retain(|meter| !outdated.contains_key(&meter.case));
        meters.extend(outdated.into_values().flat_map(|reading| reading.meters));
        Ok(totals(&meters, first, last))
    }

    /// The cases that aren't settled, as of an instant.
    async fn open_at(&self, now: Timestamp, part: Part) -> Result<Vec<StayRow>, BoardError> {
        let mut stays = self.open_rows().await?;
        self.refresh(&mut stays, now, part).await?;
        Ok(stays)
    }

    /// Reads those anew that don't hold at an instant.
    async fn refresh(&self, stays: &mut [StayRow], now: Timestamp, part: Part) -> Result<(), BoardError> {
        for stay in stays.iter_mut().filter(|stay| !part.holds_at(stay, now)) {
            if let Some(reading) = self.case_anew(&stay.case, now).await? {
                *stay = reading.stay;
            }
        }
        Ok(())
    }

    async fn open_rows(&self) -> Result<Vec<StayRow>, BoardError> {
        let mut stays = Vec::new();
        self.scan(self.projections.open_name(), |row| {
            stays.push(parsed(&row.case, &row.key, &row.json)?);
            Ok(())
        })
        .await?;
        Ok(stays)
    }

    /// The cases whose rows don't hold at an instant, read anew. Only a case that isn't settled can change by time alone.
    async fn outdated_cases(&self, now: Timestamp) -> Result<BTreeMap<String, CaseReading>, BoardError> {
        let mut read = BTreeMap::new();
        for stay in self.open_rows().await?.into_iter().filter(|stay| !Part::Whole.holds_at(stay, now)) {
            if let Some(reading) = self.case_anew(&stay.case, now).await? {
                read.insert(stay.case, reading);
            }
        }
        Ok(read)
    }

    async fn case_anew(&self, case: &str, now: Timestamp) -> Result<Option<CaseReading>, BoardError> {
        let search = self.one::<SearchRow>(self.projections.search_name(), case, key::SEARCH).await?;
        match search {
            Some(search) => Ok(Some(self.anew(&search, now).await?)),
            None => Ok(None),
        }
    }

    async fn anew(&self, search: &SearchRow, now: Timestamp) -> Result<CaseReading, BoardError> {
        let mut log = CaseLog { case: search.case.clone(), entries: Vec::new() };
        for run in &search.log {
            let count = usize::try_from(run.last - run.first + 1).unwrap_or(usize::MAX);
            let entries = self.store.read(self.community, Position(run.first), count).await?;
            let own = entries.into_iter().map(|entry| entry.entry).filter(|entry| entry.case == log.case);
            log.entries.extend(own);
        }
        Ok(self.projections.read(&log, now))
    }

    async fn one<T: DeserializeOwned>(
        &self,
        name: &str,
        case: &str,
        key: &str,
    ) -> Result<Option<T>, BoardError> {
        let rows = self.store.projected(self.community, name, case).await?;
        rows.get(key).map(|json| parsed(case, key, json)).transpose()
    }

    /// Goes through all rows of a projection.
    async fn scan(
        &self,
        name: &str,
        mut take: impl FnMut(&ProjectedRow) -> Result<(), BoardError>,
    ) -> Result<(), BoardError> {
        let mut after = (String::new(), String::new());
        loop {
            let from = (after.0.as_str(), after.1.as_str());
            let rows = self.store.projected_after(self.community, name, from, ROWS_AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            for row in &rows {
                take(row)?;
            }
            after = (last.case.clone(), last.key.clone());
        }
    }
}

impl From<CaseReading> for CaseRows {
    fn from(reading: CaseReading) -> Self {
        let CaseReading { duties, findings, meters, .. } = reading;
        Self { duties, findings, meters }
    }
}

/// What of a line on a board is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Phases and duties.
    Duties,
    /// Days and findings too.
    Whole,
}

impl Part {
    fn holds_at(self, stay: &StayRow, now: Timestamp) -> bool {
        match self {
            Self::Duties => stay.span.holds_at(now),
            Self::Whole => stay.span.holds_at(now) && stay.days_span.holds_at(now),
        }
    }
}

/// The order of lists of duties.
fn by_limit(duty: &DutyRow) -> (DueRow, &str, &str, u64, Timestamp) {
    (duty.due, &duty.case, &duty.duty, duty.trigger.position, duty.triggered)
}

/// What the rows come to for the days from `first` to `last`.
fn totals(meters: &[MeterRow], first: Date, last: Date) -> Vec<PayerTotal> {
    let mut totals: BTreeMap<(String, String), PayerTotal> = BTreeMap::new();
    for meter in meters {
        let (days, amount_ore, unpriced) = within(meter, first, last);
        if days == 0 {
            continue;
        }
        let payer = meter.payer.clone().unwrap_or_default();
        let total = totals.entry((payer.clone(), meter.meter.clone())).or_insert_with(|| PayerTotal {
            payer,
            meter: meter.meter.clone(),
            cases: 0,
            days: 0,
            amount_ore: 0,
            unpriced: 0,
        });
        total.cases += 1;
        total.days += days;
        total.amount_ore = total.amount_ore.saturating_add(amount_ore);
        total.unpriced += unpriced;
    }
    totals.into_values().collect()
}

/// How many days of a meter count within the span, what they cost, and how many have no certain price.
fn within(meter: &MeterRow, first: Date, last: Date) -> (u64, i64, u64) {
    let (mut days, mut amount, mut unpriced) = (0, 0_i64, 0);
    for row in meter.days.iter().filter(|row| row.counts) {
        let (from, until) = (row.first.max(first), row.last.min(last));
        if from > until {
            continue;
        }
        let number = from.until(until).map_or(0, |span| span.get_days()).unsigned_abs() + 1;
        days += u64::from(number);
        match row.amount_ore {
            Some(each) => amount = amount.saturating_add(each.saturating_mul(i64::from(number))),
            None if row.because.iter().any(|why| why == "unpriced") => unpriced += u64::from(number),
            None => {}
        }
    }
    (days, amount, unpriced)
}

fn list<T: DeserializeOwned>(
    rows: &BTreeMap<String, String>,
    case: &str,
    key: &str,
) -> Result<Vec<T>, BoardError> {
    rows.get(key).map_or_else(|| Ok(Vec::new()), |json| parsed(case, key, json))
}

fn parsed<T: DeserializeOwned>(case: &str, key: &str, json: &str) -> Result<T, BoardError> {
    let failed = |source| BoardError::Row { case: case.to_owned(), key: key.to_owned(), source };
    serde_json::from_str(json).map_err(failed)
}
