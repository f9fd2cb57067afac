use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use samspill_base::{CaseLog, Position};
use samspill_store::{CommunityId, Store, Tail};

use super::{Apart, LiveError, StayLine};
use crate::{
    access::{Involvement, Openness, Protection},
    audit::PersonRegister,
    exchange::meaning::AddressBook,
    projections::{CaseReading, Projections},
};

/// Rows that are asked for at a time.
const ROWS_AT_ONCE: usize = 1_000;

/// Who is protected, by the keys of the register of persons.
pub(super) type Protected = BTreeMap<String, Protection>;

/// Reads cases as they stand.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    store: Store,
    community: CommunityId,
    projections: Projections,
    book: Arc<AddressBook>,
    /// Who knows of patients whose identity or address is protected, beside what the log says.
    register: Option<PersonRegister>,
}

/// A case as it stands.
#[derive(Debug)]
pub(super) struct Read {
    /// Who takes part.
    pub(super) involvement: Arc<Involvement>,
    /// Its line, if it is open.
    pub(super) line: Option<StayLine>,
}

impl Reader {
    pub(super) fn new(
        store: &Store,
        community: &CommunityId,
        projections: &Projections,
        book: Arc<AddressBook>,
        register: Option<PersonRegister>,
    ) -> Self {
        let (store, community, projections) = (store.clone(), community.clone(), projections.clone());
        Self { store, community, projections, book, register }
    }

    /// The same by another address book.
    pub(super) fn by(&self, book: Arc<AddressBook>) -> Self {
        Self { book, ..self.clone() }
    }

    /// The end of the log.
    pub(super) async fn head(&self) -> Result<Position, LiveError> {
        Ok(self.store.head(&self.community).await?.position)
    }

    /// The log from a position on.
    pub(super) fn tail(&self, after: Position) -> Tail {
        self.store.tail(&self.community, after)
    }

    /// The cases that the store keeps as open. Time alone may have settled some since; it never opens any.
    pub(super) async fn open_cases(&self) -> Result<Vec<String>, LiveError> {
        let mut cases = Vec::new();
        let mut after = (String::new(), String::new());
        loop {
            let from = (after.0.as_str(), after.1.as_str());
            let name = self.projections.open_name();
            let rows = self.store.projected_after(&self.community, name, from, ROWS_AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(cases) };
            after = (last.case.clone(), last.key.clone());
            cases.extend(rows.into_iter().map(|row| row.case));
        }
    }

    /// A case as of an instant; none where the log has no such case.
    pub(super) async fn read(&self, case: &str, now: Timestamp) -> Result<Option<Read>, LiveError> {
        let entries = self.store.case_entries(&self.community, case).await?;
        let log = CaseLog { case: case.to_owned(), entries };
        if log.entries.is_empty() {
            return Ok(None);
        }
        let reading = self.projections.read(&log, now);
        let openness = if reading.is_open() { Openness::Open } else { Openness::Settled };
        let protection = self.protection(&reading.search.named).await?;
        let involvement = Involvement::of(&log, &reading.stay, openness, &self.book).protected(protection);
        let involvement = Arc::new(involvement);
        let line = (openness == Openness::Open).then(|| self.line(&log, reading, &involvement));
        Ok(Some(Read { involvement, line }))
    }

    fn line(&self, log: &CaseLog, reading: CaseReading, involvement: &Arc<Involvement>) -> StayLine {
        let CaseReading { stay, search, findings, .. } = reading;
        StayLine {
            row: stay,
            involvement: Arc::clone(involvement),
            persons: search.persons,
            named: search.named,
            first: search.first,
            last: search.last,
            last_position: log.entries.iter().map(|entry| entry.position.0).max().unwrap_or_default(),
            apart: Arc::new(Apart::of(log, &findings, involvement, &self.book)),
        }
    }

    /// Who is protected, by the keys of the register; nobody where there is none.
    pub(super) async fn protected(&self) -> Result<Protected, LiveError> {
        match &self.register {
            Some(register) => Ok(register.protected().await?),
            None => Ok(Protected::new()),
        }
    }

    /// What the register calls a person.
    pub(super) fn key_of(&self, person: &str) -> Option<String> {
        self.register.as_ref().map(|register| register.key_of(person))
    }

    /// The strictest protection that the register has of any of these.
    async fn protection(&self, persons: &BTreeSet<String>) -> Result<Protection, LiveError> {
        let Some(register) = self.register.as_ref().filter(|_| !persons.is_empty()) else {
            return Ok(Protection::None);
        };
        let known = register.protection_of(persons).await?;
        Ok(known.into_values().max().unwrap_or_default())
    }
}
