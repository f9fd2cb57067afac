//! What a message is read against: all messages that it hangs together with, and what people decided about them.
//!
//! They are read anew each time, in the order in which they came. That costs some microseconds a message, and the messages about
//! one person are few; for that, nodes share nothing but the store, and what is known can't drift from what is kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use samspill_base::{Entry, Position};
use samspill_formats::{
    messages::{read, types::Message},
    xml,
};
use samspill_store::{
    Direction, KeptDecision, KeptMessage, MessageNumber, Standing, StoreError, TIE_MARK, Tx,
};

use super::{Notes, Settings, ids::fitting, ruling::Word};
use crate::exchange::meaning::{
    Answer, Answers, Context, Decision, Known, Mapped, Question, QuestionKind, Table, confirm,
    corrections_to, entries, message_in, normal_id, stays, ties,
};

/// Messages that are read together at the most. More only hang together where ids are used wrongly.
pub(super) const RELATED_MAX: usize = 2_000;

/// What a person decided: [`samspill_store::NewDecision::what`].
pub(super) mod decided {
    /// Which stay a message belongs to.
    pub(in super::super) const STAY: &str = "stay";
    /// That what has one id and what has another belong together: ids of one patient, or messages of one stay. The store follows it as
    /// it follows ties.
    pub(in super::super) const TOGETHER: &str = "same-person";
    /// What a reply means.
    pub(in super::super) const ANSWER: &str = "answer";
    /// What else people decide about what a message says, or take back: a `Word` as JSON.
    pub(in super::super) const RULING: &str = "ruling";
}

/// A message that was kept, as far as others need it.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) number: MessageNumber,
    pub(super) id: String,
    pub(super) standing: Standing,
    pub(super) case: Option<String>,
    pub(super) notes: Notes,
}

/// What a message is read against.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) known: Known,
    pub(super) earlier: Vec<Earlier>,
    /// The entries of all cases that these messages have or had entries in, in the order of the log.
    pub(super) log: Vec<Entry>,
    /// Whether there are more than [`RELATED_MAX`], or than are read at once.
    pub(super) is_cut: bool,
    messages: Vec<Arc<Message>>,
    received: BTreeMap<String, Timestamp>,
    chosen: BTreeMap<String, String>,
    same_person: Vec<(String, String)>,
    answered: BTreeMap<String, (Answer, String, Timestamp)>,
}

/// What a message gives, read against its past.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) mapped: Mapped,
    /// What is to be appended: its entries, or corrections where it came late.
    pub(super) entries: Vec<Entry>,
    /// Where it came late: what is to be asked now that all is read anew.
    pub(super) asked: Option<Asked>,
}

/// What is to be asked of people, by the message that it is about.
pub(super) type Asked = BTreeMap<String, Vec<Question>>;

/// All messages read anew.
#[derive(Debug)]
pub(super) struct Again {
    /// What the log must add to say what they say.
    pub(super) entries: Vec<Entry>,
    pub(super) asked: Asked,
}

impl Placed {
    /// What is to be asked about the message.
    pub(super) fn questions(&self) -> Vec<Question> {
        let about_it = |question: &&Question| question.message == self.mapped.id;
        let Some(asked) = &self.asked else { return self.mapped.questions.clone() };
        let others = self.mapped.questions.iter().filter(|question| !about_it(question)).cloned();
        others.chain(asked.get(&self.mapped.id).into_iter().flatten().cloned()).collect()
    }
}

impl Past {
    /// All that hangs together with these ties, as the transaction sees it.
    pub(super) async fn load(
        tx: &mut Tx,
        ties: &BTreeSet<String>,
        settings: &Settings,
    ) -> Result<Self, StoreError> {
        let related = tx.related(ties, RELATED_MAX).await?;
        let mut past = Self { is_cut: related.is_cut, ..Self::default() };
        let mut subjects = ties.clone();
        for kept in &related.messages {
            subjects.insert(kept.id.clone());
            subjects.extend(kept.ties.iter().cloned());
        }
        past.decide(&tx.decisions(&subjects).await?);
        // Each is let go of when it was read, bytes and all.
        for kept in past.with_chosen(tx, related.messages).await? {
            past.replay(&kept, settings);
        }
        let cases: BTreeSet<String> =
            past.earlier.iter().flat_map(|it| it.notes.cases.iter().cloned()).collect();
        for case in cases {
            past.log.extend(tx.case_entries(&case).await?);
        }
        past.log.sort_by_key(|entry| entry.position);
        Ok(past)
    }

    /// The messages that are looked at, by number, with those that a person said count: messages with the id of another aren't tied to any.
    async fn with_chosen(
        &self,
        tx: &mut Tx,
        related: Vec<KeptMessage>,
    ) -> Result<Vec<KeptMessage>, StoreError> {
        let chosen = self.known.rulings().contents();
        let is_chosen = |kept: &KeptMessage| chosen.contains(&kept.number.0);
        let mut missing = chosen.clone();
        let mut all: Vec<KeptMessage> = related
            .into_iter()
            .filter(|kept| counts(kept.standing) || is_chosen(kept))
            .inspect(|kept| {
                missing.remove(&kept.number.0);
            })
            .collect();
        for number in missing {
            all.extend(tx.message(MessageNumber(number)).await?);
        }
        all.sort_by_key(|kept| kept.number);
        Ok(all)
    }

    /// Takes up what people decided, the latest word about each.
    fn decide(&mut self, decisions: &[KeptDecision]) {
        for decision in decisions {
            let (subject, value) = (decision.subject.clone(), decision.value.clone());
            match decision.what.as_str() {
                decided::STAY => {
                    self.known.choose(&subject, &value);
                    self.chosen.insert(subject, value);
                }
                decided::TOGETHER => {
                    self.known.same_person(&subject, &value);
                    self.same_person.push((subject, value));
                }
                decided::ANSWER => {
                    if let Ok(answer) = serde_json::from_str(&value) {
                        self.answered.insert(subject, (answer, decision.by.clone(), decision.at));
                    }
                }
                decided::RULING => match Word::read(&value) {
                    Some(Word::Ruled(ruling)) => self.known.rule(&subject, ruling),
                    Some(Word::TakenBack(question)) => self.known.take_back(&subject, question),
                    None => {}
                },
                _ => {}
            }
        }
    }

    /// Learns a kept message, as it was read when it came.
    fn replay(&mut self, kept: &KeptMessage, settings: &Settings) {
        let earlier = Earlier {
            number: kept.number,
            id: kept.id.clone(),
            standing: kept.standing,
            case: kept.case.clone(),
            notes: Notes::read(&kept.notes),
        };
        self.earlier.push(earlier);
        // Of several with one id only the one that a person chose is read.
        if self.known.rulings().content(&kept.id).is_some_and(|chosen| chosen != kept.number.0) {
            return;
        }
        let Some(message) = read_again(&kept.bytes, settings).map(Arc::new) else { return };
        let received = (kept.direction == Direction::In).then(|| whole_second(kept.at));
        if let Some(received) = received {
            self.received.entry(kept.id.clone()).or_insert(received);
        }
        let mapped = self.read(&message, received, kept.at, settings);
        self.learn(&message, &mapped, settings);
    }

    fn read(
        &self,
        message: &Message,
        received: Option<Timestamp>,
        recorded: Timestamp,
        settings: &Settings,
    ) -> Mapped {
        let context = Context {
            table: &settings.table,
            directory: &settings.directory,
            zone: settings.zone.clone(),
            known: &self.known,
            received,
            recorded: Some(recorded),
        };
        entries(message, &context)
    }

    /// Learns a message, and the typed answer that a person gave to it or for it.
    fn learn(&mut self, message: &Arc<Message>, mapped: &Mapped, settings: &Settings) {
        self.known.learn_kept(message, mapped, &settings.zone);
        self.messages.push(Arc::clone(message));
        let answered = self.answered.get(&mapped.id).cloned();
        if let (Some((answer, by, at)), Some(reply)) = (answered, mapped.entries.first()) {
            let confirmed = confirm(reply, &Decision::Own(answer), &by, at, &settings.table);
            if let Some(confirmed) = confirmed {
                self.known.learn_entry(&mapped.id, &confirmed.entry);
            }
        }
    }

    /// Reads a message that is new here, and learns it. `received` is none for one of our own.
    pub(super) fn place(
        &mut self,
        message: &Message,
        received: Option<Timestamp>,
        now: Timestamp,
        settings: &Settings,
    ) -> Placed {
        let mapped = self.read(message, received, now, settings);
        let is_late = self.known.is_late(&mapped);
        if let Some(received) = received {
            self.received.entry(normal_id(&message.head.id)).or_insert(received);
        }
        self.learn(&Arc::new(message.clone()), &mapped, settings);
        if !is_late {
            let entries = self.given(&mapped);
            return Placed { mapped, entries, asked: None };
        }
        let again = self.again(now, settings);
        Placed { mapped, entries: again.entries, asked: Some(again.asked) }
    }

    /// The entries of a message that came in its turn; none while a person must say where they belong.
    fn given(&self, mapped: &Mapped) -> Vec<Entry> {
        let is_held = self.known.is_rejected(&mapped.id);
        let placed = mapped.entries.iter().filter(|entry| !entry.case.is_empty() && !is_held);
        placed.cloned().collect()
    }

    /// All messages read anew, in order: what the log must add to say what they say, and what is asked then.
    pub(super) fn again(&self, now: Timestamp, settings: &Settings) -> Again {
        let answers = Answers {
            table: &settings.table,
            directory: &settings.directory,
            zone: settings.zone.clone(),
            received: self.received.clone(),
            chosen: self.chosen.clone(),
            same_person: self.same_person.clone(),
            rulings: self.known.rulings().clone(),
        };
        let read = stays(&self.messages, &answers);
        let mut entries = corrections_to(&read, &self.log, &self.messages, &settings.table, now);
        entries.retain(|entry| !is_registered(entry, &self.log, &settings.table));
        let mut asked = Asked::new();
        for question in read.questions.into_iter().filter(|question| !self.is_settled(question)) {
            asked.entry(question.message.clone()).or_default().push(question);
        }
        Again { entries, asked }
    }

    /// Whether a person has settled it, or it is asked elsewhere: a rejection is asked about with its receipt.
    fn is_settled(&self, question: &Question) -> bool {
        if self.known.rulings().settles(&question.message, question.what) {
            return true;
        }
        match question.what {
            QuestionKind::WhichStay | QuestionKind::WhichPerson => {
                self.chosen.contains_key(&question.message)
            }
            QuestionKind::WhichAnswer => self.answered.contains_key(&question.message),
            QuestionKind::Rejected => true,
            QuestionKind::WhichContent
            | QuestionKind::WhichMessage
            | QuestionKind::WhichKind
            | QuestionKind::WhichAdmission
            | QuestionKind::WhetherMeant
            | QuestionKind::When
            | QuestionKind::WhichMunicipality => false,
        }
    }

    /// The entry that counts for a message: the last one written of it that nothing cancels.
    pub(super) fn entry_of(&self, id: &str, settings: &Settings) -> Option<&Entry> {
        let is_cancelled = |entry: &Entry| {
            let id = entry.id.as_deref().unwrap_or_default();
            self.log.iter().any(|other| settings.table.cancels(other) == Some(id))
        };
        let of_message = |entry: &&Entry| {
            entry.id.as_deref().is_some_and(|it| message_in(it) == id && !it.contains('#'))
                && settings.table.cancels(entry).is_none()
        };
        self.log.iter().filter(of_message).rfind(|entry| !is_cancelled(entry))
    }
}

/// Whether an event that a message tells of was registered before: the same kind at the same instant, with the same word on every
/// fact that the message has one on. Then the message adds nothing. One that says something else stands beside it, and its facts count.
pub(super) fn is_registered(told: &Entry, log: &[Entry], table: &Table) -> bool {
    let Some(id) = told.id.as_deref().filter(|id| id.contains('#') && table.cancels(told).is_none()) else {
        return false;
    };
    let is_cancelled = |id: &str| log.iter().any(|other| table.cancels(other) == Some(id));
    let says_it = |other: &Entry| {
        let told_facts = told.facts.iter().all(|(name, value)| other.facts.get(name) == Some(value));
        (&other.case, &other.kind, other.happened) == (&told.case, &told.kind, told.happened) && told_facts
    };
    let by_hand =
        |other: &&Entry| other.id.as_deref().is_some_and(|other| other != id && !other.contains('#'));
    let mut others = log.iter().filter(by_hand).filter(|other| says_it(other));
    others.any(|other| !is_cancelled(other.id.as_deref().unwrap_or_default()))
}

/// Whether a message says something for the log. Those that wait for a person do, as far as they are clear.
fn counts(standing: Standing) -> bool {
    match standing {
        Standing::Taken | Standing::Question | Standing::Settled => true,
        Standing::Duplicate
        | Standing::Conflict
        | Standing::Refused
        | Standing::Unreadable
        | Standing::NotOurs => false,
    }
}

/// A message that was read before.
pub(super) fn read_again(bytes: &[u8], settings: &Settings) -> Option<Message> {
    let text = xml::decode(bytes, &settings.xml).ok()?;
    let document = xml::parse(&text, &settings.xml).ok()?;
    Some(read::read(&document, &settings.limits).0)
}

/// The time that a message is told to have been received at: to the second that has begun, as receipts say it. So both sides
/// count from the same instant.
pub(super) fn whole_second(at: Timestamp) -> Timestamp {
    let floored = Timestamp::from_second(at.as_second()).unwrap_or(at);
    if floored > at {
        floored.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(floored)
    } else {
        floored
    }
}

/// What ties a message to others are followed up to this many. No message has nearly as many; a sender could write any number.
const TIES_MAX: usize = 200;

/// What ties a message to others.
pub(super) fn ties_of(message: &Message, settings: &Settings) -> BTreeSet<String> {
    let ties = ties(message, &settings.table, &settings.zone);
    ties.iter().take(TIES_MAX).map(|tie| no_mark(fitting(tie))).collect()
}

/// A tie is a text of whoever sent the message, and none of them may pass for the mark of another's.
fn no_mark(tie: String) -> String {
    if tie.starts_with(TIE_MARK) { fitting(&format!("id:{tie}")) } else { tie }
}

/// Entries with no place yet.
pub(super) fn unplaced(mut entry: Entry) -> Entry {
    entry.position = Position(0);
    entry
}

#[cfg(test)]
mod tests {
    use samspill_base::Value;

    use super::*;

    #[test]
    fn no_tie_passes_for_a_mark() {
        assert_eq!(no_mark("mark:1".to_owned()), "id:mark:1");
        assert_eq!(no_mark("opphold-1".to_owned()), "opphold-1");
        assert_eq!(no_mark("id:mark:1".to_owned()), "id:mark:1");
    }

    /// An admission with an id and what it says of the field of care.
    fn admitted(id: &str, field: Option<&str>) -> Entry {
        let mut entry = Entry::new("opphold-1", "innlagt", Position(1), Timestamp::UNIX_EPOCH);
        entry.id = Some(id.to_owned());
        entry.facts.extend(field.map(|field| ("fagomrade".to_owned(), Value::text(field))));
        entry
    }

    #[test]
    fn an_event_is_told_again_only_by_what_says_the_same() {
        let table = Table::shipped();
        let told = admitted("m-1#innlagt", Some("somatikk"));
        for (registered, is_again) in [
            (admitted("skjema", Some("somatikk")), true),
            (admitted("skjema", Some("phv")), false),
            (admitted("skjema", None), false),
            (admitted("m-0#innlagt", Some("somatikk")), false),
        ] {
            assert_eq!(
                is_registered(&told, std::slice::from_ref(&registered), table),
                is_again,
                "{registered:?}"
            );
        }
        let more = admitted("skjema", Some("somatikk"));
        assert!(is_registered(&admitted("m-1#innlagt", None), &[more], table), "a message may say less");
    }
}
