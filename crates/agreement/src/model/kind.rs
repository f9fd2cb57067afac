use std::collections::BTreeMap;

use samspill_base::{ClauseRef, Value};

use super::{FactName, KindId, PartyId, PhaseId, Place, Text};

/// A kind of entry: a message between parties, or an event that one of them registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its slug: `utskrivningsklar`.
    pub id: KindId,
    /// Other names that logs use: `Create Fine`.
    pub also_called: Vec<String>,
    /// What people call it.
    pub name: Text,
    /// Message or event.
    pub kind_type: KindType,
    /// Who may send or register it.
    pub from: Vec<PartyId>,
    /// Whom it is for.
    pub to: Vec<PartyId>,
    /// The code of the message standard, if it has one.
    pub code: Option<String>,
    /// The fields of its body.
    pub fields: BTreeMap<String, Field>,
    /// The facts it sets, from when it happened on.
    pub sets: BTreeMap<FactName, SetTo>,
    /// Whether it cancels another entry, and how it names it.
    pub cancels: Option<CancelsBy>,
    /// Whether it counts although it happened after the instant that the case is read as of.
    pub foreknown: Foreknown,
    /// Where it stands.
    pub place: Place,
}

/// What a kind of entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindType {
    /// Sent from one party to another.
    Message,
    /// Registered by one party.
    Event,
}

/// A field of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What people call it.
    pub name: Text,
    /// What it may hold.
    pub field_type: FactType,
}

/// What a fact or a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactType {
    /// Yes or no.
    Bool,
    /// A number.
    Number,
    /// Any text.
    Text,
    /// A day: `2024-08-17`.
    Date,
    /// An instant.
    Time,
    /// One of these words.
    OneOf(Vec<String>),
}

/// What an entry sets a fact to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetTo {
    /// Always this.
    Value(Value),
    /// What this field of its body says; not set where the body doesn't have it.
    Field(String),
}

/// How a cancellation names what it cancels: the body field that holds the entry's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelsBy {
    /// The field.
    pub field: String,
}

/// Whether entries of a kind count although they happened after the as-of instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Foreknown {
    /// The usual: what has not happened yet is not known.
    #[default]
    No,
    /// Without a recorded time, it is known whenever the case is read; with one, from then on.
    Yes,
}

/// A fact of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name: `fagomrade`.
    pub id: FactName,
    /// What people call it.
    pub name: Text,
    /// What it may hold.
    pub fact_type: FactType,
    /// What it is where nobody has said. Without a default it is then unknown, and conditions on it undecided.
    pub default: Option<Value>,
    /// The clause that defines it.
    pub clause: Option<ClauseRef>,
    /// Where it stands.
    pub place: Place,
}

/// A phase of a case: from one kind of entry to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Its id.
    pub id: PhaseId,
    /// What people call it.
    pub name: Text,
    /// It begins with any of these.
    pub from: Vec<KindId>,
    /// It ends with any of these; never, where there are none.
    pub until: Vec<KindId>,
    /// What another beginning means while it runs.
    pub restart: Restart,
    /// Where it stands.
    pub place: Place,
}

/// What another beginning means while a phase runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restart {
    /// The entry counts like any other; the phase goes on.
    #[default]
    GoesOn,
    /// The entry changes nothing: it triggers no duty and starts no meter.
    Ignored,
}
