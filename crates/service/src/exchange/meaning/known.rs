//! What was learnt from messages before.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{Timestamp, tz::TimeZone};
use samspill_base::{Entry, Value};
use samspill_formats::messages::types::{Kind, Message, Party, Receipt};

use super::{
    Mapped, Newness, Placement, QuestionKind, Ruling, Rulings,
    duplicates::{Fingerprint, Said},
    sources::normal_id,
    time::{ReadTime, read_time},
    traits::Traits,
};

/// What was learnt from messages before, and what people decided.
///
/// Messages themselves aren't kept ([`Known::learn_kept`] shares those that the caller keeps): of each there is what later ones
/// are compared with, a [`KnownMessage`]. That is under 2 kB a message (ids, times, two digests, and its place in the indexes),
/// however long its texts and attachments are. Beside it a stay holds the latest health information that belongs with a ready
/// notice, some kB at most.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub(super) messages: BTreeMap<String, KnownMessage>,
    pub(super) stays: BTreeMap<String, Stay>,
    pub(super) cancellations: Vec<Cancellation>,
    /// Messages by what ties them together: ids and names of patients, and the messages that they are or refer to.
    ties: BTreeMap<String, BTreeSet<String>>,
    /// Stays by the ids and names of their patients.
    by_person: BTreeMap<String, BTreeSet<String>>,
    /// Cancellations by the messages that they name.
    cancelling: BTreeMap<String, Vec<usize>>,
    receipts: BTreeMap<String, Vec<Acknowledgement>>,
    chosen: BTreeMap<String, String>,
    same: Vec<BTreeSet<String>>,
    rulings: Rulings,
}

/// What is kept of a message that was read before.
#[derive(Clone, Debug)]
pub struct KnownMessage {
    /// What it is.
    pub kind: Kind,
    /// When it was made, if that can be read.
    pub made: Option<Timestamp>,
    /// The first message of its conversation; none if it is the first itself.
    pub first: Option<String>,
    /// The innermost HER-id of its sender: whom to answer.
    pub sender: Option<String>,
    /// The innermost HER-id of its receiver: who must hear of a cancellation.
    pub receiver: Option<String>,
    /// The case it belongs to, when that is settled.
    pub case: Option<String>,
    /// The entries that it gave, by id and kind.
    pub entries: Vec<(String, String)>,
    /// Whether it has been cancelled.
    pub is_cancelled: bool,
    pub(super) is_cancellation: bool,
    /// Whether it, or a receipt for it, came after something that it can change.
    pub(super) is_late: bool,
    pub(super) made_text: String,
    pub(super) ties: Vec<String>,
    pub(super) said: Said,
}

/// A cancellation. It is kept: what it cancels may come later.
#[derive(Clone, Debug)]
pub(super) struct Cancellation {
    pub id: String,
    pub kind: Kind,
    pub refs: Vec<String>,
    pub made: Option<Timestamp>,
    /// The entry that it gives for each entry it cancels, but for the case, the id and what it names.
    pub entry: Entry,
}

/// What one receiver answered to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// When the receipt was made.
    pub at: Option<Timestamp>,
    /// 1 accepted, 2 rejected, 3 accepted with faults in parts (table 8258).
    pub status: String,
    /// The reasons for a rejection, as written.
    pub reasons: Vec<String>,
    /// Whether it is a copy receiver's: then it says nothing of the receiver.
    pub is_copy: bool,
}

/// A stay in hospital, as far as messages tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The case's name.
    pub case: String,
    /// Ids of the patient.
    pub persons: BTreeSet<String>,
    /// Names and days of birth of the patient.
    pub names: BTreeSet<String>,
    /// The hospital.
    pub institution: Option<String>,
    /// All who sent or received messages of it.
    pub ends: BTreeSet<String>,
    /// When the patient was admitted.
    pub admitted: Option<ReadTime>,
    /// The entry that tells of it.
    pub admission_entry: Option<String>,
    /// The first word of it.
    pub first: Option<Timestamp>,
    /// The last.
    pub last: Option<Timestamp>,
    /// Its end.
    pub ended: Option<Ended>,
    /// What the latest health information said that belongs with a ready notice.
    pub carried: BTreeMap<String, Value>,
}

/// The end of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: ReadTime,
    /// The message that told of it.
    pub by: String,
}

impl Known {
    /// A message by its id.
    pub fn message(&self, id: &str) -> Option<&KnownMessage> {
        self.messages.get(&normal_id(id))
    }

    /// A stay by its case.
    pub fn stay(&self, case: &str) -> Option<&Stay> {
        self.stays.get(case)
    }

    /// All stays.
    pub fn stays(&self) -> impl Iterator<Item = &Stay> {
        self.stays.values()
    }

    /// Keeps a person's choice of the case for a message.
    pub fn choose(&mut self, message: &str, case: &str) {
        self.chosen.insert(normal_id(message), case.to_owned());
    }

    /// Keeps a person's word that two ids are one patient's.
    pub fn same_person(&mut self, one: &str, other: &str) {
        self.same.push([one.to_owned(), other.to_owned()].into());
    }

    /// Keeps what a person decided about what a message says.
    pub fn rule(&mut self, message: &str, ruling: Ruling) {
        self.rulings.rule(&normal_id(message), ruling);
    }

    /// The same for all that people decided, in the place of what was kept.
    pub fn rule_all(&mut self, rulings: Rulings) {
        self.rulings = rulings;
    }

    /// What people decided about what messages say.
    pub fn rulings(&self) -> &Rulings {
        &self.rulings
    }

    /// Takes back what a person decided about what a message says.
    pub(crate) fn take_back(&mut self, message: &str, question: Option<QuestionKind>) {
        self.rulings.take_back(&normal_id(message), question);
    }

    /// Keeps a receipt.
    pub fn acknowledge(&mut self, receipt: &Receipt, made: Option<Timestamp>) {
        let reasons = receipt.errors.iter().map(|error| {
            let text = if error.original.is_empty() { &error.name } else { &error.original };
            format!("{} {text}", error.value).trim().to_owned()
        });
        let answer = Acknowledgement {
            at: made,
            status: receipt.status.value.clone(),
            reasons: reasons.collect(),
            is_copy: receipt.sender_role.as_ref().is_some_and(|role| role.value == "COP"),
        };
        let answers = self.receipts.entry(normal_id(&receipt.original_id)).or_default();
        if !answers.contains(&answer) {
            answers.push(answer);
        }
    }

    /// The receipts for a message.
    pub fn receipts(&self, id: &str) -> &[Acknowledgement] {
        self.receipts.get(&normal_id(id)).map_or(&[], Vec::as_slice)
    }

    /// When the first positive receipt for a message was made: status 1, or 3 (accepted, with faults in parts). A copy receiver's
    /// counts only where the receiver itself hasn't answered.
    pub fn acknowledged(&self, id: &str) -> Option<Timestamp> {
        let positive = |answer: &&Acknowledgement| matches!(answer.status.as_str(), "1" | "3");
        self.deciding(id).filter(positive).filter_map(|answer| answer.at).min()
    }

    /// Whether nobody accepted a message and somebody refused it; what copy receivers say counts only where the receiver itself
    /// hasn't answered.
    pub fn is_rejected(&self, id: &str) -> bool {
        let has = |wanted: &[&str]| self.deciding(id).any(|it| wanted.contains(&it.status.as_str()));
        has(&["2"]) && !has(&["1", "3"])
    }

    fn deciding(&self, id: &str) -> impl Iterator<Item = &Acknowledgement> {
        let all = self.receipts(id);
        let only_copies = all.iter().all(|answer| answer.is_copy);
        all.iter().filter(move |answer| only_copies || !answer.is_copy)
    }

    pub(super) fn chosen(&self, id: &str) -> Option<&str> {
        self.chosen.get(id).map(String::as_str)
    }

    /// The ids, with those that a person said are the same patient's.
    pub(super) fn with_same(&self, ids: &BTreeSet<String>) -> BTreeSet<String> {
        let mut all = ids.clone();
        loop {
            let before = all.len();
            for same in &self.same {
                if !same.is_disjoint(&all) {
                    all.extend(same.iter().cloned());
                }
            }
            if all.len() == before {
                return all;
            }
        }
    }

    /// Learns a message and what it was read as, so that later ones can be read against it.
    ///
    /// What was there before, and what stands in conflict with it, changes nothing.
    pub fn learn(&mut self, message: &Message, mapped: &Mapped, zone: &TimeZone) {
        self.learn_said(message, mapped, zone, || Said::Print(Fingerprint::of(message)));
    }

    /// The same of a message that the caller keeps for as long: it is shared, and no digest is taken of it.
    pub fn learn_kept(&mut self, message: &Arc<Message>, mapped: &Mapped, zone: &TimeZone) {
        self.learn_said(message, mapped, zone, || Said::Message(Arc::clone(message)));
    }

    fn learn_said(
        &mut self,
        message: &Message,
        mapped: &Mapped,
        zone: &TimeZone,
        said: impl FnOnce() -> Said,
    ) {
        let is_late = self.is_late(mapped);
        let about = mapped.receipt.as_ref().map_or(mapped.id.clone(), |it| normal_id(&it.original_id));
        if let Some(known) = self.messages.get_mut(&about) {
            known.is_late |= is_late;
        }
        if let Some(receipt) = &mapped.receipt {
            self.acknowledge(receipt, read_time(&message.head.made, None, zone).map(|time| time.at));
            return;
        }
        if mapped.newness != Newness::New || mapped.id.is_empty() {
            return;
        }
        let known = KnownMessage::of(message, mapped, is_late, said());
        let case = known.case.clone();
        for tie in &known.ties {
            self.ties.entry(tie.clone()).or_default().insert(mapped.id.clone());
        }
        self.messages.insert(mapped.id.clone(), known);
        if let Some(case) = case {
            self.learn_stay(&case, mapped);
        }
        if let Some(cancellation) = &mapped.cancellation {
            let targets = self.series(cancellation.kind, &cancellation.refs, cancellation.made);
            self.cancel(cancellation.clone(), &targets);
        }
    }

    /// Learns an entry that was written about a message afterwards, such as a confirmed reply: what cancels the message cancels
    /// it too.
    pub fn learn_entry(&mut self, message: &str, entry: &Entry) {
        let known = self.messages.get_mut(&normal_id(message));
        if let Some((known, id)) = known.zip(entry.id.clone()) {
            known.entries.push((id, entry.kind.clone()));
        }
    }

    /// Learns that a person placed a message that was read before. Its entries are those of [`Mapped::in_case`].
    pub fn settle(&mut self, mapped: &Mapped, case: &str) {
        self.choose(&mapped.id, case);
        if let Some(known) = self.messages.get_mut(&mapped.id) {
            known.case = Some(case.to_owned());
            self.learn_stay(case, mapped);
        }
    }

    fn learn_stay(&mut self, case: &str, mapped: &Mapped) {
        let traits = &mapped.traits;
        for key in traits.person.ids.iter().chain(&traits.person.name) {
            self.by_person.entry(key.clone()).or_default().insert(case.to_owned());
        }
        let stay = self.stays.entry(case.to_owned()).or_insert_with(|| Stay::new(case));
        stay.persons.extend(traits.person.ids.iter().cloned());
        stay.names.extend(traits.person.name.iter().cloned());
        stay.ends.extend(traits.ends.iter().cloned());
        stay.institution = stay.institution.take().or_else(|| traits.institution.clone());
        stay.first = [stay.first, traits.made].into_iter().flatten().min();
        stay.last = [stay.last, traits.made].into_iter().flatten().max();
        if mapped.cancellation.is_none() && !mapped.is_void {
            stay.learn_times(mapped, traits);
        }
        if !mapped.carried.is_empty() {
            stay.carried.clone_from(&mapped.carried);
        }
    }

    /// Learns a cancellation: what it names is gone from the stays.
    fn cancel(&mut self, cancellation: Cancellation, targets: &[String]) {
        for target in targets {
            let Some(message) = self.messages.get_mut(target) else { continue };
            message.is_cancelled = true;
            let Some(stay) = message.case.as_ref().and_then(|case| self.stays.get_mut(case)) else {
                continue;
            };
            let gave = |id: &String| message.entries.iter().any(|(entry, _)| entry == id);
            if stay.admission_entry.as_ref().is_some_and(gave) {
                (stay.admission_entry, stay.admitted) = (None, None);
            }
            stay.ended = stay.ended.take().filter(|ended| ended.by != *target);
        }
        for named in &cancellation.refs {
            self.cancelling.entry(named.clone()).or_default().push(self.cancellations.len());
        }
        self.cancellations.push(cancellation);
    }

    /// The cancellations that name a message or what it began with.
    pub(super) fn cancellations_of(&self, member: &Member<'_>) -> Vec<&Cancellation> {
        let named = std::iter::once(member.id).chain(member.first);
        let places: BTreeSet<usize> =
            named.filter_map(|id| self.cancelling.get(id)).flatten().copied().collect();
        places.into_iter().filter_map(|place| self.cancellations.get(place)).collect()
    }

    /// The stays of patients with any of these ids or names.
    pub(super) fn stays_of<'k>(&'k self, keys: impl Iterator<Item = &'k String>) -> Vec<&'k Stay> {
        let cases: BTreeSet<&String> = keys.filter_map(|key| self.by_person.get(key)).flatten().collect();
        cases.into_iter().filter_map(|case| self.stays.get(case)).collect()
    }

    /// The messages about patients with any of these ids.
    pub(super) fn messages_of<'k>(
        &'k self,
        persons: &'k BTreeSet<String>,
    ) -> impl Iterator<Item = (&'k String, &'k KnownMessage)> {
        let ids: BTreeSet<&String> = persons.iter().filter_map(|key| self.ties.get(key)).flatten().collect();
        ids.into_iter().filter_map(|id| self.messages.get_key_value(id))
    }

    /// Whether what was just read came after something that it can change, so that the log takes [`super::corrections`] in the
    /// place of its entries: another message of the same people or conversations was made later or came late itself, or it is a
    /// receipt for a message that is known, or says something else than one with its id. To be asked before it is learnt.
    pub fn is_late(&self, mapped: &Mapped) -> bool {
        if let Some(receipt) = &mapped.receipt {
            return self.messages.contains_key(&normal_id(&receipt.original_id));
        }
        let traits = &mapped.traits;
        let order = |made: Option<Timestamp>, id: &str| (made.unwrap_or(Timestamp::MAX), id.to_owned());
        let own = order(traits.made, &mapped.id);
        let goes_before = |id: &String| {
            self.messages.get(id).is_some_and(|known| known.is_late || order(known.made, id) > own)
        };
        match mapped.newness {
            Newness::New => self.related(traits.ties()).iter().any(goes_before),
            Newness::Duplicate { .. } => false,
            Newness::Conflict => true,
        }
    }

    /// All messages that hang together with one of these ids: about the same people or in the same conversations, however many
    /// steps away. They are what must be read anew when something comes late ([`super::corrections`]).
    pub fn related(&self, ids: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let mut open: Vec<String> = ids.into_iter().map(|id| normal_id(&id)).collect();
        let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
        while let Some(tie) = open.pop() {
            if !seen.insert(tie.clone()) {
                continue;
            }
            for id in self.ties.get(&tie).into_iter().flatten() {
                if found.insert(id.clone()) {
                    let known = self.messages.get(id);
                    open.extend(known.iter().flat_map(|known| known.ties.iter().cloned()));
                }
            }
            open.extend(self.same.iter().filter(|same| same.contains(&tie)).flatten().cloned());
        }
        found
    }

    /// The messages that a cancellation is about: those it names and all of their series, if they are of its kind.
    pub(super) fn series(&self, kind: Kind, refs: &[String], made: Option<Timestamp>) -> Vec<String> {
        let ids: BTreeSet<&String> = refs.iter().filter_map(|id| self.ties.get(id)).flatten().collect();
        let known = ids.into_iter().filter_map(|id| self.messages.get_key_value(id));
        let in_series = known.filter(|(id, known)| known.member(id).is_of_series(kind, refs, made));
        in_series.map(|(id, _)| id.clone()).collect()
    }
}

/// What of a message says which series it is of.
pub(super) struct Member<'m> {
    pub id: &'m str,
    pub kind: Kind,
    pub first: Option<&'m str>,
    pub made: Option<Timestamp>,
    pub is_cancellation: bool,
}

impl Member<'_> {
    /// Whether the message belongs to the series that a cancellation names: it is named, or began with what is named, and was
    /// made no later than the cancellation.
    pub(super) fn is_of_series(&self, kind: Kind, refs: &[String], cancelled: Option<Timestamp>) -> bool {
        let names = |id: &str| refs.iter().any(|named| named == id);
        let follows = self.first.is_some_and(names);
        let in_time = cancelled.zip(self.made).is_none_or(|(cancelled, made)| made <= cancelled);
        self.kind == kind && (names(self.id) || (follows && in_time)) && !self.is_cancellation
    }
}

impl KnownMessage {
    fn of(message: &Message, mapped: &Mapped, is_late: bool, said: Said) -> Self {
        let entries = mapped.entries.iter().filter_map(|entry| Some((entry.id.clone()?, entry.kind.clone())));
        let (head, traits) = (&message.head, &mapped.traits);
        Self {
            kind: message.kind,
            made: traits.made,
            first: traits.first.clone(),
            sender: innermost(&head.sender),
            receiver: innermost(&head.receiver),
            case: mapped.placement.case().map(str::to_owned),
            entries: entries.collect(),
            is_cancelled: mapped.is_void,
            is_cancellation: traits.is_cancellation,
            is_late,
            made_text: head.made.text.clone(),
            ties: traits.ties(),
            said,
        }
    }

    fn member<'m>(&'m self, id: &'m str) -> Member<'m> {
        Member {
            id,
            kind: self.kind,
            first: self.first.as_deref(),
            made: self.made,
            is_cancellation: self.is_cancellation,
        }
    }
}

/// The innermost HER-id of a party.
fn innermost(party: &Party) -> Option<String> {
    let ids = party.levels.iter().rev().flat_map(|unit| &unit.ids);
    ids.filter(|id| id.kind.value == "HER").map(|id| id.value.trim().to_owned()).next()
}

impl Stay {
    fn new(case: &str) -> Self {
        Self {
            case: case.to_owned(),
            persons: BTreeSet::new(),
            names: BTreeSet::new(),
            institution: None,
            ends: BTreeSet::new(),
            admitted: None,
            admission_entry: None,
            first: None,
            last: None,
            ended: None,
            carried: BTreeMap::new(),
        }
    }

    fn learn_times(&mut self, mapped: &Mapped, traits: &Traits) {
        if let Some(event) = &mapped.admission {
            self.admission_entry = Some(event.clone());
            self.admitted = traits.admitted;
        } else if self.admitted.is_none() && !traits.flags.after {
            self.admitted = traits.admitted;
        }
        if let Some(left) = traits.left.filter(|_| traits.flags.ends) {
            self.ended = Some(Ended { at: left, by: mapped.id.clone() });
        }
    }
}

impl Placement {
    /// The case, when it is settled.
    pub fn case(&self) -> Option<&str> {
        match self {
            Self::Certain { case, .. } | Self::New { case, .. } => Some(case),
            Self::Ambiguous { .. }
            | Self::UnknownPerson { .. }
            | Self::Outside { .. }
            | Self::Waits { .. } => None,
        }
    }
}
