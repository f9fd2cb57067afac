//! What one case adds to figures.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, PartyId, Version};
use samspill_base::{CaseLog, Entry, Position};
use samspill_engine::{DutyReading, DutyStatus, EntryRef, Evaluation, MeterReading, PhaseReading};

use super::Month;
use crate::{
    access::{Part, party},
    downtime::{Bearing, Parties, Periods, annotate},
    exchange::meaning::AddressBook,
};

/// The phase in which a patient waits to go home, as the shared vocabulary of stays names it. An agreement without it has no such times.
const READY: &str = "utskrivningsklar";
/// The kind that ends it with the patient leaving; other ends are no way home.
const HOME: &str = "utskrevet";

/// What one case adds to figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFacts {
    /// The agreement that it follows.
    pub agreement: String,
    /// The parties that take part in it, as [access](crate::access::Involvement::parties) means it.
    pub parties: BTreeSet<String>,
    /// Its duties, but for those that fell away.
    pub duties: Vec<DutyFact>,
    /// Its days that count, by meter, payer and month.
    pub days: Vec<DayFact>,
    /// The times from ready to home.
    pub homes: Vec<HomeFact>,
    /// The first instant at which time alone changes any of it; none where it never does.
    pub until: Option<Timestamp>,
}

/// How an instance of a duty went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyFact {
    /// The duty.
    pub duty: String,
    /// Who must, by name.
    pub who: Who,
    /// The month in which its count started.
    pub month: Month,
    /// How it went.
    pub outcome: Outcome,
}

/// A party, and its unit where the log names one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// As the address book calls it; empty where the log doesn't say who it is.
    pub party: String,
    /// The unit.
    pub unit: Option<String>,
}

/// How a duty went, as figures count it. Duties that fell away are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Done in time.
    Kept,
    /// Done after the limit.
    Late,
    /// Not done, and the limit has passed.
    Missed,
    /// Late or missed, with the limit in registered downtime of who must or of who is to get it. The breach stands; it is counted by itself.
    InDowntime,
    /// Not done, and there is time: for one's own party only.
    Open,
}

/// Days of a case that count, of one meter in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayFact {
    /// The meter.
    pub meter: String,
    /// Who pays; empty where the case doesn't say.
    pub payer: String,
    /// The month.
    pub month: Month,
    /// How many days.
    pub days: u64,
    /// What those with a certain price cost, in øre.
    pub amount_ore: i64,
    /// How many have no certain price.
    pub unpriced: u64,
}

/// From ready to home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeFact {
    /// The party that the patient was reported ready to; empty where the log doesn't say.
    pub party: String,
    /// The hospital's party and unit that reported it.
    pub from: Who,
    /// The month in which the patient left.
    pub month: Month,
    /// How long, in whole minutes.
    pub minutes: i64,
}

impl Outcome {
    /// Those that figures of others show, in the order of tables.
    pub const DECIDED: [Self; 4] = [Self::Kept, Self::Late, Self::Missed, Self::InDowntime];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::InDowntime => "in-downtime",
            Self::Open => "open",
        }
    }

    fn of(status: DutyStatus) -> Option<Self> {
        match status {
            DutyStatus::Kept => Some(Self::Kept),
            DutyStatus::Late => Some(Self::Late),
            DutyStatus::Missed => Some(Self::Missed),
            DutyStatus::Open => Some(Self::Open),
            DutyStatus::Waived => None,
        }
    }
}

impl DutyFact {
    /// The same with its limit in registered downtime, which says nothing of what was done in time.
    fn in_downtime(self) -> Self {
        let outcome = match self.outcome {
            Outcome::Late | Outcome::Missed => Outcome::InDowntime,
            Outcome::Kept | Outcome::InDowntime | Outcome::Open => self.outcome,
        };
        Self { outcome, ..self }
    }
}

impl CaseFacts {
    /// What a case adds, as it was evaluated. `periods` is the downtime that is known as of the same instant, `until` when time alone
    /// changes what is added.
    pub fn of(
        log: &CaseLog,
        agreement: &Agreement,
        evaluation: &Evaluation,
        (book, periods): (&AddressBook, &Periods),
        until: Option<Timestamp>,
    ) -> Self {
        let version = version(agreement, &evaluation.version);
        let payers = evaluation.meters.iter().filter_map(|meter| meter.payer.as_deref());
        let parties = Part::of(log, payers, book).parties;
        let ends = Ends::of(log, version, book, &parties);
        let down = if periods.all().is_empty() {
            BTreeSet::new()
        } else {
            let parties = Parties::of(log, version, book);
            due_in_downtime(agreement, evaluation, periods, &parties, book)
        };
        let duty = |(place, reading)| {
            let fact = duty_fact(reading, evaluation, &ends)?;
            Some(if down.contains(&place) { fact.in_downtime() } else { fact })
        };
        Self {
            agreement: evaluation.agreement.to_string(),
            duties: evaluation.duties.iter().enumerate().filter_map(duty).collect(),
            days: evaluation.meters.iter().flat_map(|meter| day_facts(meter, book)).collect(),
            homes: evaluation.phases.iter().filter_map(|phase| home_fact(phase, evaluation, &ends)).collect(),
            parties,
            until,
        }
    }
}

fn version<'a>(agreement: &'a Agreement, name: &str) -> &'a Version {
    let named = agreement.versions.iter().find(|version| version.version == name);
    named.unwrap_or_else(|| agreement.newest())
}

/// The places of the duties whose limit lies in registered downtime of who must, or of who is to get it.
fn due_in_downtime(
    agreement: &Agreement,
    evaluation: &Evaluation,
    periods: &Periods,
    parties: &Parties,
    book: &AddressBook,
) -> BTreeSet<usize> {
    let noted = annotate(agreement, evaluation, periods, parties, book).into_iter();
    noted.filter(|it| it.bearing == Bearing::DueWithin).map(|it| it.place).collect()
}

fn duty_fact(reading: &DutyReading, evaluation: &Evaluation, ends: &Ends<'_>) -> Option<DutyFact> {
    Some(DutyFact {
        duty: reading.duty.to_string(),
        who: ends.holder(reading),
        month: Month::at(reading.triggered, &evaluation.zone),
        outcome: Outcome::of(reading.status)?,
    })
}

fn day_facts(meter: &MeterReading, book: &AddressBook) -> Vec<DayFact> {
    let payer = meter.payer.as_deref().map(|name| party(name, book)).unwrap_or_default();
    let mut by_month: BTreeMap<Month, DayFact> = BTreeMap::new();
    for day in meter.days.iter().filter(|day| day.status.counts()) {
        let month = Month::of(day.date);
        let fact = by_month.entry(month).or_insert_with(|| DayFact {
            meter: meter.meter.to_string(),
            payer: payer.clone(),
            month,
            days: 0,
            amount_ore: 0,
            unpriced: 0,
        });
        fact.days += 1;
        fact.amount_ore += day.amount.map_or(0, |amount| amount.0);
        fact.unpriced += u64::from(day.amount.is_none());
    }
    by_month.into_values().collect()
}

fn home_fact(phase: &PhaseReading, evaluation: &Evaluation, ends: &Ends<'_>) -> Option<HomeFact> {
    let until = phase.until.as_ref().filter(|until| until.kind.as_str() == HOME)?;
    if phase.phase.as_str() != READY {
        return None;
    }
    let sent = ends.of_entry(&phase.from);
    Some(HomeFact {
        party: sent.and_then(|sent| sent.to.clone()).unwrap_or_default().party,
        from: sent.and_then(|sent| sent.from.clone()).unwrap_or_default(),
        month: Month::at(until.at, &evaluation.zone),
        minutes: until.at.duration_since(phase.from.at).as_mins(),
    })
}

/// Who sent and got each entry, and in which roles.
struct Ends<'v> {
    by_entry: BTreeMap<Position, End<'v>>,
}

struct End<'v> {
    from: Option<Who>,
    from_roles: &'v [PartyId],
    to: Option<Who>,
    to_roles: &'v [PartyId],
}

impl<'v> Ends<'v> {
    /// Whoever takes no part, such as the wrong receiver of a message, is nobody here: it has no duties.
    fn of(log: &CaseLog, version: &'v Version, book: &AddressBook, parties: &BTreeSet<String>) -> Self {
        let part =
            |name: &Option<String>| who(name.as_deref(), book).filter(|who| parties.contains(&who.party));
        let end = |entry: &Entry| {
            let kind = version.kind_called(&entry.kind);
            End {
                from: part(&entry.from),
                from_roles: kind.map_or(&[][..], |kind| &kind.from),
                to: part(&entry.to),
                to_roles: kind.map_or(&[][..], |kind| &kind.to),
            }
        };
        Self { by_entry: log.entries.iter().map(|entry| (entry.position, end(entry))).collect() }
    }

    fn of_entry(&self, entry: &EntryRef) -> Option<&End<'v>> {
        self.by_entry.get(&entry.position)
    }

    /// Who must: the sender of what fulfilled it; else the end of what triggered it that can have the role; else the only party of the case
    /// that has the role for sure.
    fn holder(&self, reading: &DutyReading) -> Who {
        let done = reading.fulfilled.as_ref().and_then(|entry| self.of_entry(entry));
        let done = done.and_then(|end| end.sender_in(&reading.holder));
        let began = || self.of_entry(&reading.trigger)?.end_in(&reading.holder);
        let anywhere = || self.by_entry.values().find_map(|end| end.surely_in(&reading.holder));
        done.or_else(began).or_else(anywhere).cloned().unwrap_or_default()
    }
}

impl End<'_> {
    fn sender_in(&self, role: &PartyId) -> Option<&Who> {
        self.from.as_ref().filter(|_| self.from_roles.contains(role))
    }

    fn end_in(&self, role: &PartyId) -> Option<&Who> {
        self.sender_in(role).or_else(|| self.to.as_ref().filter(|_| self.to_roles.contains(role)))
    }

    fn surely_in(&self, role: &PartyId) -> Option<&Who> {
        let is_only = |roles: &[PartyId]| matches!(roles, [only] if only == role);
        let from = self.from.as_ref().filter(|_| is_only(self.from_roles));
        from.or_else(|| self.to.as_ref().filter(|_| is_only(self.to_roles)))
    }
}

/// The party that the log means by a name, and the unit where the name is one's.
fn who(name: Option<&str>, book: &AddressBook) -> Option<Who> {
    let name = name.map(str::trim).filter(|name| !name.is_empty())?;
    let Some(address) = book.find(name) else { return Some(Who { party: name.to_owned(), unit: None }) };
    let organisation = &address.organisation;
    let is_whole =
        address.name == name || organisation.name == name || organisation.her.as_deref() == Some(name);
    Some(Who { party: address.name.clone(), unit: (!is_whole).then(|| name.to_owned()) })
}
