//! What of a message says which stay it belongs to.

use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};
use samspill_formats::messages::types::{Body, Kind, Message, Patient};

use super::{
    known::Member,
    parties::{hospital, institution},
    sources::{event_at, normal_id},
    table::{Flags, Table},
    time::{Doubt, ReadTime, day_of, read_time},
};

/// What of a message says which stay it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Traits {
    pub id: String,
    pub kind: Kind,
    pub made: Option<Timestamp>,
    pub refs: Vec<String>,
    /// The first message of the conversation.
    pub first: Option<String>,
    pub is_cancellation: bool,
    pub person: Person,
    /// The hospital, if the kind of message says which end it is.
    pub institution: Option<String>,
    /// Both ends.
    pub ends: BTreeSet<String>,
    pub admitted: Option<ReadTime>,
    pub left: Option<ReadTime>,
    pub flags: Flags,
    pub gives_entries: bool,
}

/// Who a message is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    /// National and other ids.
    pub ids: BTreeSet<String>,
    /// Name and day of birth: enough to ask by, never to be sure.
    pub name: Option<String>,
    /// What the log calls the person.
    pub shown: Option<String>,
}

impl Traits {
    pub(super) fn of(message: &Message, table: &Table, zone: &TimeZone) -> Self {
        let made = read_time(&message.head.made, None, zone).map(|time| time.at);
        let rules: Vec<_> = table.rules_for(message.kind).filter(|rule| rule.holds(message)).collect();
        let event = |codes: &[&str]| match &message.body {
            Body::Care(care) => {
                let found = codes.iter().find_map(|code| event_at(care, code));
                found.and_then(|event| read_time(&event.at, made, zone))
            }
            Body::Dialog(_) | Body::Epicrisis(_) | Body::Receipt(_) | Body::Other => None,
        };
        let conversation = message.head.conversation.as_ref();
        let first = conversation.map(|it| normal_id(&it.first)).filter(|id| !id.is_empty());
        let refs = message.head.conversation.iter().flat_map(|it| [&it.parent, &it.first]);
        let ends = [&message.head.sender, &message.head.receiver];
        let flags = rules.iter().fold(Flags::default(), |all, rule| all.or(rule.flags));
        Self {
            id: normal_id(&message.head.id),
            kind: message.kind,
            made,
            refs: refs.map(|id| normal_id(id)).filter(|id| !id.is_empty()).collect(),
            first,
            is_cancellation: super::status::is_cancellation(message),
            person: message.head.patient.as_ref().map(Person::of).unwrap_or_default(),
            institution: rules.iter().find_map(|rule| institution(hospital(message, rule)?)),
            ends: ends.into_iter().filter_map(institution).collect(),
            admitted: event(&["1"]).or_else(|| epicrisis_from(message, zone)),
            left: if flags.ends { event(&["13", "2"]) } else { None },
            flags,
            gives_entries: !rules.is_empty(),
        }
    }
}

/// What ties a message to others: the patient's ids and name, its own id, and the messages that it refers to. A receipt is tied to
/// the message that it is for.
///
/// Messages with a tie in common, however many steps away, are what a message must be read with
/// ([`super::Known::related`]).
pub fn ties(message: &Message, table: &Table, zone: &TimeZone) -> BTreeSet<String> {
    let ties = match &message.body {
        Body::Receipt(receipt) => vec![normal_id(&receipt.original_id)],
        Body::Care(_) | Body::Dialog(_) | Body::Epicrisis(_) | Body::Other => {
            Traits::of(message, table, zone).ties()
        }
    };
    ties.into_iter().filter(|tie| !tie.is_empty()).collect()
}

/// What the log calls a patient; none for one without an id.
pub(crate) fn person_id(patient: &Patient) -> Option<String> {
    Person::of(patient).shown
}

impl Traits {
    pub(super) fn member(&self) -> Member<'_> {
        Member {
            id: &self.id,
            kind: self.kind,
            first: self.first.as_deref(),
            made: self.made,
            is_cancellation: self.is_cancellation,
        }
    }

    /// What ties it to other messages: the patient's ids and name, its own id, and the messages that it refers to.
    pub(super) fn ties(&self) -> Vec<String> {
        let person = self.person.ids.iter().chain(&self.person.name);
        person.chain(std::iter::once(&self.id)).chain(&self.refs).cloned().collect()
    }
}

impl Flags {
    fn or(self, other: Self) -> Self {
        Self {
            own_id: self.own_id || other.own_id,
            begins: self.begins || other.begins,
            opens: self.opens || other.opens,
            ends: self.ends || other.ends,
            after: self.after || other.after,
            payer: self.payer || other.payer,
            only_if_missing: self.only_if_missing || other.only_if_missing,
            takes_carried: self.takes_carried || other.takes_carried,
            is_reply: self.is_reply || other.is_reply,
        }
    }
}

fn epicrisis_from(message: &Message, zone: &TimeZone) -> Option<ReadTime> {
    match &message.body {
        Body::Epicrisis(body) => read_time(body.from.as_ref()?, None, zone),
        Body::Care(_) | Body::Dialog(_) | Body::Receipt(_) | Body::Other => None,
    }
}

/// Ids that follow a person everywhere, the best first; of others, the kind is part of the id.
const NATIONAL: [&str; 3] = ["FNR", "DNR", "FHN"];

impl Person {
    pub(super) fn of(patient: &Patient) -> Self {
        let mut ids = BTreeSet::new();
        let mut best: Option<(usize, String)> = None;
        for id in &patient.ids {
            let value: String = id.value.chars().filter(|letter| !letter.is_whitespace()).collect();
            if value.is_empty() {
                continue;
            }
            let rank = NATIONAL.iter().position(|kind| *kind == id.kind.value);
            let rank = rank.unwrap_or(NATIONAL.len());
            let key =
                if rank < NATIONAL.len() { value.clone() } else { format!("{}:{value}", id.kind.value) };
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                best = Some((rank, key.clone()));
            }
            ids.insert(key);
        }
        Self { ids, name: name_and_birth(patient), shown: best.map(|(_, id)| id) }
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.ids.is_empty() && self.name.is_none()
    }
}

fn name_and_birth(patient: &Patient) -> Option<String> {
    let born = day_of(patient.born.as_ref()?)?;
    let (family, given) = (patient.family_name.trim(), patient.given_name.trim());
    if family.is_empty() || given.is_empty() {
        return None;
    }
    Some(format!("{given} {family}, {born}").to_lowercase())
}

impl ReadTime {
    pub(super) fn is_day(self) -> bool {
        self.doubt == Some(Doubt::DayOnly)
    }

    /// Whether both may be the same instant: equal, or, where one is a day only, on the same day.
    pub(super) fn may_equal(self, other: Self, zone: &TimeZone) -> bool {
        let day = |time: Self| zone.to_datetime(time.at).date();
        self.at == other.at || ((self.is_day() || other.is_day()) && day(self) == day(other))
    }
}
