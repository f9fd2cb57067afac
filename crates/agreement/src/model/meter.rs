use samspill_base::{ClauseRef, Ore};

use super::{
    Amount, CalendarId, Condition, DayKind, FactName, KindId, MeterId, Place, RuleId, Text, ValueId,
};

/// Something counted by the day, and perhaps paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// Its id.
    pub id: MeterId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What people call it.
    pub name: Text,
    /// What it says.
    pub says: Text,
    /// Which days count.
    pub counts: DayKind,
    /// What starts a run.
    pub start: MeterStart,
    /// What stops a run.
    pub stops: Vec<MeterStop>,
    /// A run counts only if this is so, read when the case is read; duties are those that the run's start triggered.
    pub liable: Condition,
    /// The clause of that condition.
    pub liable_clause: ClauseRef,
    /// What makes all days of the case fall away.
    pub waivers: Vec<Waiver>,
    /// What makes days contestable.
    pub contestable: Vec<Mark>,
    /// What makes days provisional: they may still change.
    pub provisional: Vec<Mark>,
    /// The fact that names who pays.
    pub payer: Option<FactName>,
    /// The fact is read when the first of these came; as the case stands where there are none.
    pub payer_at: Vec<KindId>,
    /// What a day costs.
    pub rate: Rate,
    /// How the price rises with the days.
    pub progression: Progression,
    /// The first so many counted days of a run are free.
    pub free_days: u32,
    /// The clause of the free days.
    pub free_clause: Option<ClauseRef>,
    /// Ids of readings that it rests on.
    pub readings: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// What starts a run of a meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterStart {
    /// The kinds.
    pub kinds: Vec<KindId>,
    /// When they do.
    pub when: Condition,
    /// The first day: the latest of these. The entry's own day where there are none.
    pub first_day: Vec<DayExpr>,
    /// Where it stands in the document.
    pub clause: ClauseRef,
}

/// What stops a run of a meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterStop {
    /// The kinds.
    pub kinds: Vec<KindId>,
    /// When they do.
    pub when: Condition,
    /// The stopping day: the latest of these. The entry's own day where there are none.
    pub day: Vec<DayExpr>,
    /// Whether the stopping day itself still counts.
    pub last: LastDay,
    /// Whether the run is over, or only the count.
    pub effect: StopEffect,
    /// Where it stands in the document.
    pub clause: ClauseRef,
}

/// Whether the stopping day itself still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastDay {
    /// The last day is the day before.
    DayBefore,
    /// The last day is the stopping day.
    SameDay,
}

/// What a stop means for what comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopEffect {
    /// Nothing later in the case belongs to this run.
    EndsRun,
    /// The run goes on, and another stop may set an earlier last day.
    LimitsCount,
}

/// A day, worked out from an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayExpr {
    /// `same day`, `next day`, `next working day`, `2 working days after`: from the entry itself.
    FromEntry(DayOffset),
    /// `2 days after varsel`: from the latest entry of this kind at or before the case is read; none, no bound.
    FromKind(DayOffset, KindId),
    /// `field fra`, `2 days after field fra`: from the day that the body says; without it, no bound.
    Field(DayOffset, String),
    /// `fact forventet-utskrivning`, `1 working day after fact …`: from the day that a fact holds; without it, no bound.
    Fact(DayOffset, FactName),
}

/// So many days of a kind after a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOffset {
    /// How many.
    pub count: u32,
    /// Which days count.
    pub of: DayKind,
    /// A cut-off past which the entry counts as given the next day, if there is one.
    pub cut_off: Option<super::CutOff>,
}

/// What makes all days of the case fall away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// When it applies.
    pub when: Condition,
    /// It is looked for when one of these has happened.
    pub at: Vec<KindId>,
    /// What is looked for.
    pub test: WaiverTest,
    /// Where it stands.
    pub place: Place,
}

/// What a waiver looks for, seen from its anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiverTest {
    /// None of these kinds at or before the anchor.
    Unless(Vec<KindId>),
    /// One of these kinds, at or after the anchor, within this time (equal is within), of which this is so.
    IfWithin(Vec<KindId>, Amount, Condition),
}

/// What marks days as contestable or provisional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// When, read when the case is read.
    pub when: Condition,
    /// Where it stands.
    pub place: Place,
}

/// What a day costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Nothing: the days are counted only.
    None,
    /// Always this.
    Fixed(Ore),
    /// A dated value, by the day.
    Dated(ValueId),
}

/// How the price of a day rises with its number in the run (counted, not free days; the first is 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progression {
    /// It doesn't.
    Flat,
    /// Each day costs this many per cent of the day before, rounded to øre each day: 110 for ten per cent more, 200 for twice.
    PercentOfDayBefore(u32),
    /// From these day numbers on, this many per cent of the rate. Sorted; the first step is day 1.
    Steps(Vec<RateStep>),
}

/// A step of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateStep {
    /// From this day number on.
    pub from_day: u32,
    /// This many per cent of the rate.
    pub percent: u32,
}

/// How a meter's days of many cases are settled together: an average over a calendar month.
///
/// A payer's days in the month above `free_days_average` times its cases in the month are paid, at the rate of the month's last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// The meter.
    pub meter: MeterId,
    /// So many days a case are free on average.
    pub free_days_average: u32,
    /// Where it stands.
    pub place: Place,
}

/// Used by conditional hours.
impl DayOffset {
    /// The entry's own day.
    pub fn same_day() -> Self {
        Self { count: 0, of: DayKind::Any, cut_off: None }
    }

    /// The hours that it needs, if any.
    pub fn hours(&self) -> Option<&CalendarId> {
        match &self.of {
            DayKind::OpenIn(hours) => Some(hours),
            DayKind::Any | DayKind::Working => None,
        }
    }
}
