//! Verdicts: what a program says of a case, in numbers. Words come on demand.

use jiff::{Timestamp, civil::Date};
use samspill_base::{Ore, Position};

use crate::{DayStatus, Due, DutyStatus, FindingEffect};

/// What a program says of one case. Made once and used for many: reading a case clears it first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// The duties, in the order of the agreement, then of their triggers.
    pub duties: Vec<DutyVerdict>,
    /// The findings, in the order of the entries they are about.
    pub findings: Vec<FindingVerdict>,
    /// The meters, in the order of the agreement.
    pub meters: Vec<MeterVerdict>,
    /// The days of the meters, one meter after another.
    pub days: Vec<DayVerdict>,
    /// The entries of a kind that the agreement doesn't know, in the order of the log.
    pub unknown_kinds: Vec<Position>,
    /// The version in force at the case's first entry: a number of the agreement's versions.
    pub version: u32,
}

/// How an instance of a duty went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutyVerdict {
    /// The duty: a number of [`Program::duties`](super::Program::duties).
    pub duty: u32,
    /// The entry that triggered it.
    pub trigger: Position,
    /// When the count started, for the reader.
    pub triggered: Timestamp,
    /// The limit.
    pub due: Due,
    /// How it went.
    pub status: DutyStatus,
    /// What fulfilled it, and when that counts as done.
    pub fulfilled: Option<(Position, Timestamp)>,
    /// What closed it before it was done.
    pub closed: Option<(Position, Timestamp)>,
}

/// Something that should have been otherwise, or can't be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingVerdict {
    /// The rule: a number of [`Program::rules`](super::Program::rules).
    pub rule: u32,
    /// What follows.
    pub effect: FindingEffect,
    /// The entry it is about; `None` for the case as a whole.
    pub entry: Option<Position>,
    /// The instant it is about.
    pub at: Timestamp,
}

/// What a meter came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterVerdict {
    /// The meter: a number of [`Program::meters`](super::Program::meters).
    pub meter: u32,
    /// How many days count.
    pub count: u32,
    /// What they cost; `None` where any of them has no certain price.
    pub amount: Option<Ore>,
    /// Who pays, if the case says.
    pub payer: Option<String>,
    /// How many of [`Verdicts::days`] are this meter's; they follow those of the meters before it.
    pub days: u32,
    /// How many waivers made all days fall away.
    pub waivers: u32,
}

/// A day of a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayVerdict {
    /// The day.
    pub date: Date,
    /// What it is.
    pub status: DayStatus,
    /// Whether nothing that may still happen in the case can change it.
    pub is_final: bool,
    /// Its number among the paid days of its run, from 1.
    pub number: Option<u32>,
    /// What it costs, where it is paid and a certain price is known.
    pub amount: Option<Ore>,
}

impl Verdicts {
    /// Forgets the case before.
    pub(crate) fn clear(&mut self) {
        self.duties.clear();
        self.findings.clear();
        self.meters.clear();
        self.days.clear();
        self.unknown_kinds.clear();
        self.version = 0;
    }
}
