//! What is kept as data: how long ahead downtime is announced, and what agreements and law say of it.

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp, civil::Date};
use samspill_agreement::model::{AgreementId, Language};
use samspill_base::{
    ClauseRef,
    calendar::{DayCalendar, OutOfCalendar},
};

/// Practices of announcing downtime, and what follows from downtime.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Downtime {
    #[serde(rename = "practice", default)]
    practices: Vec<Practice>,
    #[serde(rename = "rule", default)]
    rules: Vec<SaysOfDowntime>,
    status: StatusData,
}

/// How downtime is announced somewhere.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// Its name: `sykehuset-telemark`.
    pub id: String,
    /// By rising `in_force`.
    #[serde(rename = "rule")]
    rules: Vec<NoticeRule>,
}

/// How long ahead, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeRule {
    in_force: Option<Date>,
    pub(super) source: String,
    longer_than: Option<i64>,
    working_days: Option<i32>,
    days: Option<i32>,
}

/// What an agreement or a law says is to be done in downtime. It changes no limit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaysOfDowntime {
    agreement: Option<String>,
    in_force: Option<Date>,
    /// Where it stands.
    #[serde(deserialize_with = "clause")]
    pub clause: ClauseRef,
    says: Says,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Says {
    nb: String,
    nn: String,
    en: String,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusData {
    open_phases: Vec<String>,
}

/// Why data on downtime isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum DowntimeError {
    /// It can't be read.
    #[error("the data on downtime isn't read: {0}")]
    Unread(String),
    /// A practice has no rule, or its rules don't rise.
    #[error("the practice «{0}» must have at least one rule, and they must stand by rising `in_force`")]
    Order(String),
    /// A rule asks for two kinds of days.
    #[error("a rule of the practice «{0}» must say `days` or `working_days`, not both, and none below 1")]
    Days(String),
}

impl Downtime {
    /// The data that comes with the program.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Downtime> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::parse(include_str!("../../data/downtime.toml"))
                .expect("the shipped data on downtime is sound")
        })
    }

    /// Reads data (TOML), in the shape of `data/downtime.toml`.
    ///
    /// # Errors
    /// Where it isn't of that shape.
    pub fn parse(text: &str) -> Result<Self, DowntimeError> {
        let read: Self = toml::from_str(text).map_err(|error| DowntimeError::Unread(error.to_string()))?;
        for practice in &read.practices {
            practice.check()?;
        }
        Ok(read)
    }

    /// The practice of this name.
    pub fn practice(&self, id: &str) -> Option<&Practice> {
        self.practices.iter().find(|practice| practice.id == id)
    }

    /// What is said of downtime under an agreement on a day: the agreement's own first.
    pub fn says(&self, agreement: &AgreementId, day: Date) -> Vec<&SaysOfDowntime> {
        let holds = |rule: &&SaysOfDowntime| rule.in_force.is_none_or(|from| from <= day);
        let own = |rule: &&SaysOfDowntime| rule.agreement.as_deref() == Some(agreement.as_str());
        let all = |rule: &&SaysOfDowntime| rule.agreement.is_none();
        let rules = || self.rules.iter().filter(holds);
        rules().filter(own).chain(rules().filter(all)).collect()
    }

    pub(super) fn open_phases(&self) -> &[String] {
        &self.status.open_phases
    }
}

impl SaysOfDowntime {
    /// What it says.
    pub fn says(&self, language: Language) -> &str {
        super::words::say(language, &self.says.nb, &self.says.nn, &self.says.en)
    }
}

impl Practice {
    /// The rule for downtime that begins on a day: the last that was in force by then.
    pub(super) fn on(&self, day: Date) -> Option<&NoticeRule> {
        self.rules.iter().rev().find(|rule| rule.in_force.is_none_or(|from| from <= day))
    }

    fn check(&self) -> Result<(), DowntimeError> {
        let is_rising = self.rules.windows(2).all(|pair| pair[0].in_force < pair[1].in_force);
        if self.rules.is_empty() || !is_rising {
            return Err(DowntimeError::Order(self.id.clone()));
        }
        let is_sound = |rule: &NoticeRule| {
            (rule.days.is_none() || rule.working_days.is_none())
                && rule.days.or(rule.working_days).is_none_or(|days| days > 0)
        };
        if self.rules.iter().all(is_sound) { Ok(()) } else { Err(DowntimeError::Days(self.id.clone())) }
    }
}

impl NoticeRule {
    /// Whether downtime of this span is to be announced. Exactly as long as the rule's isn't longer; an open end is.
    pub(super) fn asks(&self, from: Timestamp, until: Option<Timestamp>) -> bool {
        let (Some(minutes), Some(until)) = (self.longer_than, until) else { return true };
        until.duration_since(from) > SignedDuration::from_mins(minutes)
    }

    /// The first day on which downtime announced on this day may begin. `None`: any.
    pub(super) fn first_day(&self, announced: Date, calendar: &DayCalendar) -> Option<Date> {
        let days = |days: i32| announced.checked_add(jiff::Span::new().days(days)).ok();
        // A calendar that doesn't reach so far can't say that it is too late.
        let working =
            |days: i32| -> Result<Date, OutOfCalendar> { calendar.add_working_days(announced, days) };
        self.days.and_then(days).or_else(|| working(self.working_days?).ok())
    }
}

fn clause<'de, D: serde::Deserializer<'de>>(from: D) -> Result<ClauseRef, D::Error> {
    <String as serde::Deserialize>::deserialize(from).map(ClauseRef::new)
}
