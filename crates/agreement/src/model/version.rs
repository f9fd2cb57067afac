use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use samspill_base::ClauseRef;

use super::{
    AgreementId, Calendar, CalendarId, Checklist, Content, DatedValue, Duty, Fact, FactName, Kind, KindId,
    MessageWindow, Meter, OpenHours, PartyId, Phase, Requirement, Settlement, Text, ValueId,
};

/// An agreement or a law: its versions in the order in which they came into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The short name: `unn`.
    pub id: AgreementId,
    /// Never empty; sorted by [`Version::in_force`]; no two share a day and none overlap.
    pub versions: Vec<Arc<Version>>,
}

impl Agreement {
    /// The version in force on this day: the last one that began on or before it and hasn't ended.
    pub fn in_force_on(&self, day: Date) -> Option<&Arc<Version>> {
        let begun = self.versions.iter().rev().find(|version| version.in_force <= day)?;
        begun.until.is_none_or(|until| day < until).then_some(begun)
    }

    /// Whether this name means this agreement: its id, another name of it, or its id with a version.
    pub fn is_called(&self, name: &str) -> bool {
        self.id.as_str() == name
            || self.versions.iter().any(|version| {
                version.also_called.iter().any(|other| other == name)
                    || name.strip_prefix(self.id.as_str()).and_then(|rest| rest.strip_prefix(['@', '/', '-']))
                        == Some(version.version.as_str())
            })
    }

    /// The newest version.
    ///
    /// # Panics
    /// Never: an agreement has at least one version.
    pub fn newest(&self) -> &Arc<Version> {
        self.versions.last().expect("an agreement has at least one version")
    }
}

/// What kind of document the rules come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// A cooperation agreement.
    Agreement,
    /// A law or regulation.
    Law,
    /// A guideline or routine that parties follow without having signed it.
    Guideline,
    /// An example or a proposal: in force nowhere.
    Example,
}

/// One dated version of an agreement, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The agreement it is a version of.
    pub agreement: AgreementId,
    /// The version's name: the day it came into force, `2023-06-01`.
    pub version: String,
    /// Other names that logs use for it: `unn-2023`.
    pub also_called: Vec<String>,
    /// What it is.
    pub document: DocumentType,
    /// Its title.
    pub name: Text,
    /// The first day it is in force.
    pub in_force: Date,
    /// The first day it is no longer in force, if it says so; otherwise until the next version.
    pub until: Option<Date>,
    /// The currency of its amounts: `NOK`.
    pub currency: String,
    /// The documents that it encodes.
    pub sources: Vec<Source>,
    /// The parties, by role.
    pub parties: BTreeMap<PartyId, Party>,
    /// Working days, holidays, time zone.
    pub calendar: Calendar,
    /// Named open hours.
    pub hours: BTreeMap<CalendarId, OpenHours>,
    /// The facts of a case.
    pub facts: BTreeMap<FactName, Fact>,
    /// The kinds of entry.
    pub kinds: BTreeMap<KindId, Kind>,
    /// The phases, in the order in which the files list them.
    pub phases: Vec<Phase>,
    /// The duties, in the order in which the files list them.
    pub duties: Vec<Duty>,
    /// When messages may be sent.
    pub windows: Vec<MessageWindow>,
    /// What must stand before something else counts.
    pub requirements: Vec<Requirement>,
    /// What messages must hold.
    pub contents: Vec<Content>,
    /// What is counted and paid for.
    pub meters: Vec<Meter>,
    /// How meters of many cases are settled together.
    pub settlements: Vec<Settlement>,
    /// Checklists.
    pub checklists: Vec<Checklist>,
    /// Dated values, its own and those of the laws it uses.
    pub values: BTreeMap<ValueId, DatedValue>,
    /// Choices that we made where the text leaves one.
    pub readings: Vec<Reading>,
    /// What the rules don't compute, and why.
    pub blind_spots: Vec<BlindSpot>,
}

impl Version {
    /// The duty with this id.
    pub fn duty(&self, id: &str) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.id.as_str() == id)
    }

    /// The kind that the log calls this: by its id or another name of it.
    pub fn kind_called(&self, name: &str) -> Option<&Kind> {
        self.kinds
            .get(name)
            .or_else(|| self.kinds.values().find(|kind| kind.also_called.iter().any(|other| other == name)))
    }
}

/// A party in its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its role: `kommune`.
    pub id: PartyId,
    /// What people call it.
    pub name: Text,
}

/// A document that the version encodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Who decided it, and when, or where it is published.
    pub note: Option<String>,
}

/// A choice of ours where the text leaves one; the committee can disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its id, which rules refer to.
    pub id: String,
    /// The clause that it reads.
    pub clause: ClauseRef,
    /// How we read it.
    pub text: Text,
    /// Where it stands.
    pub place: Place,
}

/// Something that the text says, or leaves open, and the rules don't compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlindSpot {
    /// The clause.
    pub clause: ClauseRef,
    /// What isn't computed, and why.
    pub text: Text,
    /// Where it stands.
    pub place: Place,
}

/// Where a rule stands: file and line.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the loader was given its name.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}
