//! Many messages at once, in whatever order they lie.

use std::{borrow::Borrow, cmp::Ordering, collections::BTreeMap};

use jiff::{Timestamp, tz::TimeZone};
use samspill_base::{CaseLog, Entry, Position};
use samspill_formats::messages::{
    norway,
    types::{Body, Message},
};

use super::{
    Choice, Context, Directory, Known, Mapped, Newness, Placement, Question, QuestionKind, Remark,
    RemarkKind, Rulings, Table, duplicates::Fingerprint, entries, sources::normal_id, time::read_time,
};

/// What is known beside the messages themselves, and what people have answered before.
#[derive(Clone, Debug)]
pub struct Answers<'a> {
    /// Which message gives which entry.
    pub table: &'a Table,
    /// Who is who.
    pub directory: &'a Directory,
    /// The zone of times without one.
    pub zone: TimeZone,
    /// When messages were received, by their ids.
    pub received: BTreeMap<String, Timestamp>,
    /// The case that a person chose, by the id of the message.
    pub chosen: BTreeMap<String, String>,
    /// Ids that a person said are the same patient's.
    pub same_person: Vec<(String, String)>,
    /// What people decided about what messages say.
    pub rulings: Rulings,
}

impl<'a> Answers<'a> {
    /// Nothing but a directory: the shipped table, Norwegian time.
    pub fn new(directory: &'a Directory) -> Self {
        Self {
            table: Table::shipped(),
            directory,
            zone: norway(),
            received: BTreeMap::new(),
            chosen: BTreeMap::new(),
            same_person: Vec::new(),
            rulings: Rulings::default(),
        }
    }
}

/// The log that a folder of messages gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// The cases in the order in which they began. Entries are in the order of time; positions count through the whole log.
    pub cases: Vec<CaseLog>,
    /// What people must settle. What is asked about is not in the log, but for questions about what an entry says.
    pub questions: Vec<Question>,
    /// What was read in one of several ways.
    pub remarks: Vec<Remark>,
    /// Entries that wait for an answer: which stay, or whether a refused message counts. By the message's id.
    pub held: BTreeMap<String, Vec<Entry>>,
    /// The placement of each message, by its id.
    pub placed: BTreeMap<String, Placement>,
    /// Replies with what they seem to say, by the message's id.
    pub suggestions: BTreeMap<String, super::Suggestion>,
    /// Messages that were there more than once.
    pub duplicates: usize,
}

/// The log of all messages, grouped into stays.
///
/// The order in which they lie changes nothing: they are read in the order in which they were made, those made at the same instant
/// by their ids, and receipts before all else. Of messages with one id that say different things none is used, for a person must
/// say which one counts. A message that its receiver refused, and nobody accepted, gives no entries either: they are held.
pub fn stays<M: Borrow<Message>>(messages: &[M], answers: &Answers<'_>) -> Stays {
    let mut folder = Folder { answers, known: Known::default(), out: Stays::default(), log: BTreeMap::new() };
    folder.known.rule_all(answers.rulings.clone());
    for (message, case) in &answers.chosen {
        folder.known.choose(message, case);
    }
    for (one, other) in &answers.same_person {
        folder.known.same_person(one, other);
    }
    let (receipts, others): (Vec<&Message>, Vec<&Message>) = messages
        .iter()
        .map(Borrow::borrow)
        .partition(|message: &&Message| matches!(message.body, Body::Receipt(_)));
    for one in in_order(&receipts, &answers.zone).iter().filter_map(|one| one.first()) {
        folder.read(one);
    }
    for same_id in in_order(&others, &answers.zone) {
        folder.read_all_of_one_id(&same_id);
    }
    folder.finish()
}

/// The messages by when they were made, those with one id together where the first of them lies. A message without an id stands
/// alone. What they say decides where nothing else does.
fn in_order<'m>(messages: &[&'m Message], zone: &TimeZone) -> Vec<Vec<&'m Message>> {
    let made =
        |message: &Message| read_time(&message.head.made, None, zone).map_or(Timestamp::MAX, |time| time.at);
    let mut sorted: Vec<(Timestamp, String, &Message)> =
        messages.iter().map(|message| (made(message), normal_id(&message.head.id), *message)).collect();
    sorted.sort_by(|one, other| {
        (one.0, &one.1).cmp(&(other.0, &other.1)).then_with(|| by_content(one.2, other.2))
    });
    let mut groups: Vec<Vec<&Message>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (_, id, message) in sorted {
        if let Some(place) = places.get(&id).filter(|_| !id.is_empty()) {
            groups[*place].push(message);
        } else {
            places.insert(id, groups.len());
            groups.push(vec![message]);
        }
    }
    groups
}

/// An order of what messages say: any one, but always the same.
fn by_content(one: &Message, other: &Message) -> Ordering {
    let text = |message: &Message| format!("{:?} {:?} {:?}", message.kind, message.head, message.body);
    let files = |message: &Message| {
        let files = message.attachments.iter();
        files.map(|file| (file.description.clone(), file.bytes.as_ref().map(Vec::len))).collect::<Vec<_>>()
    };
    let bytes = |message: &Message| -> Vec<Option<Vec<u8>>> {
        message.attachments.iter().map(|file| file.bytes.clone()).collect()
    };
    text(one)
        .cmp(&text(other))
        .then_with(|| files(one).cmp(&files(other)))
        .then_with(|| bytes(one).cmp(&bytes(other)))
}

struct Folder<'a> {
    answers: &'a Answers<'a>,
    known: Known,
    out: Stays,
    log: BTreeMap<String, Vec<Entry>>,
}

impl Folder<'_> {
    /// Messages with one id: one and the same, or a conflict of which none is read.
    fn read_all_of_one_id(&mut self, same_id: &[&Message]) {
        let Some((first, rest)) = same_id.split_first() else { return };
        let id = normal_id(&first.head.id);
        let says = |message: &Message| Fingerprint::of(message).meaning();
        if !rest.is_empty() && rest.iter().any(|other| says(other) != says(first)) {
            self.ask_content(id, same_id);
            return;
        }
        if !rest.is_empty() {
            self.out.duplicates += rest.len();
            self.out.remarks.push(Remark {
                message: id,
                what: RemarkKind::Duplicate,
                text: format!("Meldingen ligger her {} ganger, og er lest én gang.", same_id.len()),
            });
        }
        self.read(first);
    }

    fn ask_content(&mut self, message: String, same_id: &[&Message]) {
        let choices = same_id.iter().map(|it| Choice {
            value: it.head.made.text.clone(),
            reasons: vec![it.head.type_code.value.clone()],
        });
        let text = "Flere meldinger har samme id og sier forskjellige ting. Hvilken gjelder?".to_owned();
        let what = QuestionKind::WhichContent;
        self.out.questions.push(Question { message, what, text, choices: choices.collect() });
    }

    fn read(&mut self, message: &Message) {
        let answers = self.answers;
        let context = Context {
            table: answers.table,
            directory: answers.directory,
            zone: answers.zone.clone(),
            known: &self.known,
            received: answers.received.get(&normal_id(&message.head.id)).copied(),
            recorded: None,
        };
        let mapped = entries(message, &context);
        self.keep(&mapped);
        self.known.learn(message, &mapped, &answers.zone);
    }

    fn keep(&mut self, mapped: &Mapped) {
        self.out.questions.extend(mapped.questions.iter().cloned());
        self.out.remarks.extend(mapped.remarks.iter().cloned());
        if mapped.receipt.is_some() || mapped.newness != Newness::New {
            return;
        }
        self.out.placed.insert(mapped.id.clone(), mapped.placement.clone());
        self.out.suggestions.extend(mapped.suggestion.clone().map(|it| (mapped.id.clone(), it)));
        let is_rejected = self.known.is_rejected(&mapped.id);
        for entry in &mapped.entries {
            if entry.case.is_empty() || is_rejected {
                self.out.held.entry(mapped.id.clone()).or_default().push(entry.clone());
            } else {
                self.log.entry(entry.case.clone()).or_default().push(entry.clone());
            }
        }
    }

    fn finish(self) -> Stays {
        let mut cases: Vec<CaseLog> =
            self.log.into_iter().map(|(case, entries)| CaseLog { case, entries: in_time(entries) }).collect();
        cases.sort_by(|one, other| begins(one).cmp(&begins(other)));
        let all = cases.iter_mut().flat_map(|case| case.entries.iter_mut());
        for (entry, number) in all.zip(1..) {
            entry.position = Position(number);
        }
        let mut out = self.out;
        out.questions.sort_by(|one, other| {
            (&one.message, one.what, &one.text).cmp(&(&other.message, other.what, &other.text))
        });
        out.questions.dedup();
        Stays { cases, ..out }
    }
}

fn in_time(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|one, other| {
        let key = |entry: &Entry| (entry.happened, entry.sent.unwrap_or(entry.happened));
        key(one).cmp(&key(other)).then_with(|| (&one.id, &one.kind).cmp(&(&other.id, &other.kind)))
    });
    entries
}

fn begins(case: &CaseLog) -> (Option<Timestamp>, &str) {
    (case.entries.first().map(|entry| entry.happened), &case.case)
}
