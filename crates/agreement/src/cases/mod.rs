//! Test cases beside an agreement, read into data. Another crate runs them.

mod expect;
mod line;
mod read;

use jiff::{Timestamp, civil::Date};
use samspill_base::{CaseLog, Ore};

pub use read::parse_cases;

use crate::model::{DutyState, Place};

/// A small log, and what must come out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// What it shows, as a sentence.
    pub name: String,
    /// The ids of the rules that it is about.
    pub rules: Vec<String>,
    /// Which side of the rule it shows.
    pub shows: Shows,
    /// The instant as of which the log is read.
    pub as_of: Timestamp,
    /// The log; its case has the test's name. The case's facts are set by the entry that happened first.
    pub log: CaseLog,
    /// What must come out.
    pub expect: CaseExpect,
    /// Where it stands.
    pub place: Place,
}

/// Which side of a rule a case shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The rule is kept.
    Kept,
    /// The rule is broken.
    Broken,
    /// It happens exactly at a limit.
    Boundary,
}

/// What must come out of a case. What is empty or `None` may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseExpect {
    /// Duties that must be there, in this order; others may be there too.
    pub duties: Vec<ExpectedDuty>,
    /// Ids of duties that must have no instance.
    pub not_duties: Vec<String>,
    /// Ids of rules that must be found broken; others may be too.
    pub findings: Vec<String>,
    /// Ids of rules that must not be found broken.
    pub not_findings: Vec<String>,
    /// When the void entries happened, all of them.
    pub void: Option<Vec<Timestamp>>,
    /// The days that the meter counts, all of them, in order.
    pub days: Option<Vec<DayRange>>,
    /// The status of those days.
    pub status: Option<DaysStatus>,
    /// Which meter; the version's only one where it isn't named.
    pub meter: Option<String>,
    /// What those days cost together.
    pub amount: Option<ExpectedTotal>,
}

/// An instance of a duty that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedDuty {
    /// The duty's id.
    pub duty: String,
    /// Its state.
    pub state: DutyState,
    /// When it is due.
    pub due: ExpectedDue,
    /// When it was fulfilled, if that is looked at.
    pub fulfilled: ExpectedFulfilment,
}

/// When an expected duty is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedDue {
    /// Not looked at.
    Any,
    /// It has no due time.
    None,
    /// At this instant.
    At(Timestamp),
}

/// When an expected duty was fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedFulfilment {
    /// Not looked at.
    Any,
    /// At this instant.
    At(Timestamp),
}

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    /// The first.
    pub first: Date,
    /// The last; not before the first.
    pub last: Date,
}

/// The status of counted days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysStatus {
    /// They are to be paid.
    Payable,
    /// They can be contested.
    Contestable,
    /// They may still change.
    Provisional,
}

/// What counted days cost together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedTotal {
    /// So much.
    Amount(Ore),
    /// They can't be priced.
    Unpriced,
}
