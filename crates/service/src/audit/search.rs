use jiff::Timestamp;
use samspill_store::{self as store, KeptAccess, StoreError};

use super::{About, Audit, Look};
use crate::access::{Action, Decision, Purpose, Subject};

/// Which rows of the access log. What is not given, all fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessFilter {
    /// Those about this person, as the log calls them.
    pub person: Option<String>,
    /// Those about this stay.
    pub case: Option<String>,
    /// Those of this account.
    pub account: Option<String>,
    /// Those of this party.
    pub party: Option<String>,
    /// Those that did this: a slug.
    pub action: Option<String>,
    /// Those at this instant or later.
    pub from: Option<Timestamp>,
    /// Those before this instant.
    pub before: Option<Timestamp>,
    /// Those that were refused, or those that weren't.
    pub is_refused: Option<bool>,
}

/// A search in the access log, which is itself recorded.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Who searches.
    pub by: &'a Subject,
    /// What for.
    pub purpose: Purpose,
    /// What the policy said; it must have allowed it.
    pub decision: Decision,
    /// What is looked for.
    pub filter: &'a AccessFilter,
    /// The number that the rows stand before; none for the newest.
    pub before: Option<u64>,
    /// How many rows at the most.
    pub limit: usize,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub now: Timestamp,
}

impl Audit {
    /// Searches the access log, the newest rows first. That it was searched, by whom and for what, is recorded before anything is
    /// found; so the search may find itself.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn search(&self, search: &Search<'_>) -> Result<Vec<KeptAccess>, StoreError> {
        let filter = self.keyed(search.filter);
        let detail = described(&filter);
        let about = match &search.filter.person {
            Some(person) => About::Person(person),
            None => About::Community,
        };
        let look = Look {
            by: search.by,
            action: Action::ReadAccessLog,
            purpose: search.purpose,
            decision: search.decision,
            about,
            detail: &detail,
            count: 0,
            request: search.request,
            at: search.now,
        };
        self.record(&look).await?;
        self.store.accesses(&self.community, &filter, search.before, search.limit).await
    }

    /// Who has looked at a stay, the newest first: for the page of the stay itself, whose reading is recorded anyway.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn of_case(&self, case: &str, limit: usize) -> Result<Vec<KeptAccess>, StoreError> {
        let filter = store::AccessFilter {
            case: Some(case.to_owned()),
            is_refused: Some(false),
            ..store::AccessFilter::default()
        };
        self.store.accesses(&self.community, &filter, None, limit).await
    }

    fn keyed(&self, filter: &AccessFilter) -> store::AccessFilter {
        let AccessFilter { person, case, account, party, action, from, before, is_refused } = filter.clone();
        let person = person.map(|id| self.register.key_of(&id));
        store::AccessFilter { person, case, account, party, action, from, before, is_refused }
    }
}

/// What was searched for, in words that name no patient.
fn described(filter: &store::AccessFilter) -> String {
    let texts = [
        ("opphold", &filter.case),
        ("konto", &filter.account),
        ("part", &filter.party),
        ("handling", &filter.action),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some(format!("{name}={}", text.as_ref()?)));
    let times = [("fra", filter.from), ("til", filter.before)];
    let times = times.into_iter().filter_map(|(name, time)| Some(format!("{name}={}", time?)));
    let refused = filter.is_refused.map(|is_refused| format!("avvist={is_refused}"));
    texts.chain(times).chain(refused).collect::<Vec<_>>().join(" ")
}
