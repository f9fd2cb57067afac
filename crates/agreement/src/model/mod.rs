//! The checked tree: what an agreement says, with every name resolved and every number read.
//!
//! Whoever holds an [`Agreement`] may rely on it: kinds, facts, parties, duties, windows and phases that
//! rules name are declared, deadlines and conditions are parsed, exceptions have a stated order.

mod calendar;
mod checklist;
mod condition;
mod content;
mod deadline;
mod duty;
mod ids;
mod kind;
mod meter;
mod text;
mod value;
mod version;

pub use calendar::{Calendar, HolidayName, HoursRow, OpenHours};
pub use checklist::{CheckPoint, Checklist, DoneBy};
pub use condition::{Condition, DutyState, Operand, Test};
pub use content::{Content, MessageWindow, Requirement, RequirementEffect, WindowEffect};
pub use deadline::{Amount, CutOff, DayKind, Deadline, DeadlineRule, Edge, GivenCutOff, Unit};
pub use duty::{Duty, Exception, MayPrecede, Pairing, Period, Severity, Suspension, Which};
pub use ids::{
    AgreementId, CalendarId, DutyId, FactName, KindId, MeterId, PartyId, PhaseId, RuleId, ValueId,
};
pub use kind::{CancelsBy, Fact, FactType, Field, Foreknown, Kind, KindType, Phase, Restart, SetTo};
pub use meter::{
    DayExpr, DayOffset, LastDay, Mark, Meter, MeterStart, MeterStop, Progression, Rate, RateStep, Settlement,
    StopEffect, Waiver, WaiverTest,
};
pub use text::{Language, Text};
pub use value::{Certainty, DatedAmount, DatedValue};
pub use version::{Agreement, BlindSpot, DocumentType, Party, Place, Reading, Source, Version};
