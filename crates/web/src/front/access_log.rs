use std::{collections::BTreeSet, fmt::Debug, pin::Pin, sync::Mutex};

use jiff::Timestamp;
use samspill_service::{
    access::{Action, Decision, Purpose, Subject},
    audit::{About, Audit, Look},
};

/// Where it is written who looked at what. It is on disk before anything is shown.
pub trait AccessLog: Debug + Send + Sync {
    /// Writes a row, and waits until it is kept.
    fn record<'a>(&'a self, looked: &'a Looked) -> Recording<'a>;
}

/// A row being written.
pub type Recording<'a> =
    Pin<Box<dyn Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Somebody looked, wrote, or was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Who.
    pub by: Subject,
    /// At what.
    pub about: LookedAt,
    /// To do what.
    pub action: Action,
    /// What for.
    pub purpose: Purpose,
    /// What the policy said.
    pub decision: Decision,
    /// Which list, page or report, where that isn't said by the rest.
    pub detail: String,
    /// How many lines were shown.
    pub count: u64,
    /// The number of the request.
    pub request: String,
    /// When.
    pub at: Timestamp,
}

impl Looked {
    /// The same of so many lines of a list, page or report.
    pub(super) fn with(self, detail: &str, count: usize) -> Self {
        Self { detail: detail.to_owned(), count: u64::try_from(count).unwrap_or(u64::MAX), ..self }
    }
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookedAt {
    /// A stay, and the persons that it is about as far as they are known.
    Stay {
        /// The stay.
        case: String,
        /// The ids of persons.
        persons: BTreeSet<String>,
    },
    /// A list of stays.
    List,
    /// What a party has.
    Party(String),
    /// A person outside any stay.
    Person(String),
    /// What belongs to all.
    Community,
}

impl LookedAt {
    fn about(&self) -> About<'_> {
        match self {
            Self::Stay { case, persons } => About::Stay { case, persons },
            Self::List => About::List,
            Self::Party(party) => About::Party(party),
            Self::Person(person) => About::Person(person),
            Self::Community => About::Community,
        }
    }
}

impl AccessLog for Audit {
    fn record<'a>(&'a self, looked: &'a Looked) -> Recording<'a> {
        let look = Look {
            by: &looked.by,
            action: looked.action,
            purpose: looked.purpose,
            decision: looked.decision,
            about: looked.about.about(),
            detail: &looked.detail,
            count: looked.count,
            request: &looked.request,
            at: looked.at,
        };
        Box::pin(async move { Ok(Self::record(self, &look).await.map(drop)?) })
    }
}

/// An access log that forgets with the program: for tests.
#[derive(Debug, Default)]
pub struct InMemoryLog(Mutex<Vec<Looked>>);

impl InMemoryLog {
    /// All rows so far.
    pub fn rows(&self) -> Vec<Looked> {
        self.0.lock().map(|rows| rows.clone()).unwrap_or_default()
    }
}

impl AccessLog for InMemoryLog {
    fn record<'a>(&'a self, looked: &'a Looked) -> Recording<'a> {
        if let Ok(mut rows) = self.0.lock() {
            rows.push(looked.clone());
        }
        Box::pin(async { Ok(()) })
    }
}
