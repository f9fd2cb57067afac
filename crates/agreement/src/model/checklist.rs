use samspill_base::ClauseRef;

use super::{Condition, DutyId, KindId, PartyId, PhaseId, Place, RuleId, Text};

/// A checklist that a party works through during a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    /// Its id.
    pub id: RuleId,
    /// Where it stands.
    pub clause: ClauseRef,
    /// What people call it.
    pub name: Text,
    /// Who works through it.
    pub who: PartyId,
    /// For which cases.
    pub when: Condition,
    /// Its points, in order.
    pub points: Vec<CheckPoint>,
    /// Where it stands.
    pub place: Place,
}

/// A point of a checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckPoint {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What must be done or thought of.
    pub says: Text,
    /// The part of the list that it belongs to.
    pub phase: PhaseId,
    /// When it applies.
    pub when: Condition,
    /// How the log shows that it is done.
    pub done_by: DoneBy,
    /// Where it stands.
    pub place: Place,
}

/// How the log shows that a point is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoneBy {
    /// By an entry of one of these kinds.
    Kinds(Vec<KindId>),
    /// By fulfilling this duty.
    Duty(DutyId),
    /// When this is so.
    Condition(Condition),
    /// Only a person can say: by an entry of kind `sjekkpunkt` whose body field `punkt` names the point.
    Person,
    /// Nothing to do: a reminder.
    Reminder,
}
