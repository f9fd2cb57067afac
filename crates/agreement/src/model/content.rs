use samspill_base::{ClauseRef, Clock};

use super::{Amount, CalendarId, Condition, KindId, Place, RuleId, Severity, Text};

/// When messages of a kind may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageWindow {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// The kinds it is about.
    pub of: Vec<KindId>,
    /// When it applies.
    pub when: Condition,
    /// The open hours; opening and closing minute are within.
    pub hours: CalendarId,
    /// Which of the entry's times is looked at.
    pub counts: Clock,
    /// What follows for an entry outside.
    pub effect: WindowEffect,
    /// How much it matters.
    pub severity: Severity,
    /// Ids of readings that it rests on.
    pub readings: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// What follows for an entry outside its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowEffect {
    /// It stands, and is a finding.
    Warn,
    /// It counts as given at the next opening.
    CountsFromNextOpening,
}

/// What must be there for an entry to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// The kinds that need it.
    pub of: Vec<KindId>,
    /// When it applies.
    pub when: Condition,
    /// All of these kinds must be there, at or before the entry.
    pub needs: Vec<KindId>,
    /// … not before the latest of any of these, inclusive.
    pub since: Vec<KindId>,
    /// … at least this long before the entry.
    pub ahead: Option<Amount>,
    /// … at most this long before the entry, whole days through their end; equal is within.
    pub within: Option<Amount>,
    /// And this must be so.
    pub that: Condition,
    /// What follows where it isn't.
    pub effect: RequirementEffect,
    /// How much it matters.
    pub severity: Severity,
    /// Ids of readings that it rests on.
    pub readings: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// What follows where a requirement isn't met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementEffect {
    /// The entry is as if never given: it starts nothing.
    Void,
    /// It stands, and is a finding.
    Warn,
}

/// What a message must hold. A missing item never stops the message: it becomes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its id.
    pub id: RuleId,
    /// Where it stands in the document.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// The kinds it is about.
    pub of: Vec<KindId>,
    /// When it applies.
    pub when: Condition,
    /// All of these body fields must say something.
    pub needs: Vec<String>,
    /// And this must be so of the entry.
    pub that: Condition,
    /// How much it matters.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
}
