use samspill_base::{ClauseRef, Clock};

use super::{Condition, Deadline, DutyId, KindId, PartyId, Place, RuleId, Text};

/// Who must do what, after what, within which time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What people call it.
    pub name: Text,
    /// What it says, in a sentence.
    pub says: Text,
    /// Who must.
    pub holder: PartyId,
    /// To whom.
    pub towards: Option<PartyId>,
    /// Any of these kinds fulfils it.
    pub must: Vec<KindId>,
    /// … if this is so of the fulfilling entry.
    pub must_where: Condition,
    /// Any of these kinds triggers it; for [`Which::Preferred`] in order of preference.
    pub after: Vec<KindId>,
    /// … if this is so when it is triggered.
    pub when: Condition,
    /// Which triggers count.
    pub which: Which,
    /// It is renewed each such period after the trigger.
    pub each: Option<Period>,
    /// Which of the trigger's times the count starts from.
    pub counts_from: Clock,
    /// Which of the fulfilling entry's times is compared with the limit.
    pub fulfilled_at: Clock,
    /// The limit.
    pub deadline: Deadline,
    /// Whether what fulfils it may come before what triggers it.
    pub may_precede: MayPrecede,
    /// How fulfilling entries belong to triggers.
    pub pairing: Pairing,
    /// Any of these closes it: in time and undone, it has fallen away; past due, it stays missed.
    pub waived_by: Vec<KindId>,
    /// While suspended, the clock stands: what remains is added when it goes on.
    pub suspended_by: Vec<Suspension>,
    /// Any of these, while it is undone, starts the count anew.
    pub reset_by: Vec<KindId>,
    /// How much a breach matters.
    pub severity: Severity,
    /// Ids of readings that it rests on.
    pub readings: Vec<String>,
    /// Exceptions, the one that goes first at the front.
    pub exceptions: Vec<Exception>,
    /// Where it stands.
    pub place: Place,
}

/// Which triggers of a duty count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Every one is a duty of its own.
    #[default]
    Every,
    /// Only the first in the case.
    First,
    /// Only the latest known: a new trigger replaces the earlier ones.
    Latest,
    /// The first entry of the first kind in the list that the case has any of.
    Preferred,
}

/// A period that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Each local day.
    Day,
    /// Each week from Monday.
    Week,
    /// Each calendar month.
    Month,
    /// Each calendar quarter.
    Quarter,
    /// Each calendar year.
    Year,
}

/// Whether what fulfils a duty may come before its trigger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MayPrecede {
    /// Only what comes at the trigger or after it counts.
    #[default]
    No,
    /// What was done before counts too.
    Yes,
}

/// How fulfilling entries belong to the triggers of a duty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pairing {
    /// One entry fulfils every instance that is open when it comes.
    #[default]
    Shared,
    /// One entry fulfils one instance: the oldest open one.
    OneEach,
    /// An entry fulfils the instance whose trigger's id this field of its body names.
    ByReference(String),
}

/// A span in which a duty's clock stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// It stops here.
    pub from: KindId,
    /// It goes on at the first of these after that.
    pub until: Vec<KindId>,
}

/// How much a breach matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// `merknad`: worth a look.
    Remark,
    /// `avvik`: a deviation from the agreement.
    #[default]
    Deviation,
    /// `alvorlig`: a deviation that touches safety or payment.
    Serious,
}

/// An exception to a duty: another limit, or no duty at all, when a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// When it applies, at the trigger.
    pub when: Condition,
    /// The limit instead; `None`: there is then no duty.
    pub deadline: Option<Deadline>,
    /// Where it stands.
    pub place: Place,
}
