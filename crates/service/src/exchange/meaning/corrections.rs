//! What a log that grows must add when a message came late.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
};

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};
use samspill_formats::messages::types::Message;

use super::{Answers, Stays, Table, sources::normal_id, stays, table::LogWords};

/// What stands before the number of an entry that was written anew: `<message>~2`.
const REVISION: char = '~';

/// The entries that a log must add, so that it says in effect what [`stays`] says of the messages.
///
/// Messages taken one at a time ([`super::entries`], [`super::Known::learn`]) are read by what was known when they came. Taken in
/// the order in which they were made, receipts first, they need no corrections. A message or receipt that comes late can change
/// what others mean: health information of before a ready notice belongs with that notice, an admission notice makes up for the
/// admission that a ready notice told of, two stays are one. Then, when [`super::Known::is_late`] says so, these are
/// written in the place of the entries of the message. A log only grows. So what counts in it and shouldn't is cancelled, and
/// what should and doesn't is written, both recorded at `when`; whoever reads the log as of an earlier instant reads it as it
/// stood.
///
/// What counts is what no cancellation names. An entry that is written anew gets its message's id with `~` and a number, for an id
/// that was cancelled stays so. Entries that didn't come from these messages are let be, and so are confirmed replies for as long
/// as their message counts. A case of the log keeps its name.
///
/// `messages` are all that hang together ([`super::Known::related`] says which), the late one too; `log` is at least the
/// entries of their cases, in the order of the log. Two things can't be corrected: an entry of a message without an id can't be
/// cancelled, for there is nothing to name; and it can't be told from what people wrote.
pub fn corrections(
    log: &[Entry],
    messages: &[Message],
    answers: &Answers<'_>,
    when: Timestamp,
) -> Vec<Entry> {
    corrections_to(&stays(messages, answers), log, messages, answers.table, when)
}

/// The same for messages that were read already.
pub(crate) fn corrections_to(
    read: &Stays,
    log: &[Entry],
    messages: &[impl Borrow<Message>],
    table: &Table,
    when: Timestamp,
) -> Vec<Entry> {
    let words = &table.log;
    let ids: BTreeSet<String> = messages.iter().map(|message| normal_id(&message.borrow().head.id)).collect();
    let written = Written::of(log, &ids, words);
    let wanted = wanted(read, &written, words);
    let mut out = Vec::new();
    for (key, (entry, kept)) in &written.counting {
        let stands = wanted.get(key).is_some_and(|it| *kept == Kept::Confirmed || same(it, entry));
        if !stands {
            out.push(cancelling(entry, when, words));
        }
    }
    for (key, entry) in wanted {
        let stands =
            written.counting.get(&key).is_some_and(|(it, kept)| *kept == Kept::Confirmed || same(&entry, it));
        if !stands {
            out.push(Entry { id: Some(written.free_id(&key)), recorded: Some(when), ..entry });
        }
    }
    out
}

/// Whether a person stands behind an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Read,
    Confirmed,
}

/// What the messages gave to the log before.
struct Written<'l> {
    /// The entries that count, by the id that they were first given.
    counting: BTreeMap<String, (&'l Entry, Kept)>,
    /// All ids in use.
    ids: BTreeSet<&'l str>,
    /// The cases of entries of these messages, counting or not.
    cases: BTreeMap<String, &'l str>,
}

impl<'l> Written<'l> {
    fn of(log: &'l [Entry], messages: &BTreeSet<String>, words: &LogWords) -> Self {
        let cancelled: BTreeSet<&str> = log
            .iter()
            .filter(|entry| entry.kind == words.cancellation)
            .filter_map(|entry| entry.field(&words.cancelled_field).and_then(Value::as_text))
            .collect();
        let confirmed = format!("#{}", words.answer_field);
        let mut written = Self {
            counting: BTreeMap::new(),
            ids: log.iter().filter_map(|entry| entry.id.as_deref()).collect(),
            cases: BTreeMap::new(),
        };
        for entry in log.iter().filter(|entry| entry.kind != words.cancellation) {
            let Some(id) = entry.id.as_deref() else { continue };
            let (first, kept) = match id.strip_suffix(&confirmed) {
                Some(reply) => (first_id(reply), Kept::Confirmed),
                None => (first_id(id), Kept::Read),
            };
            if !messages.contains(message_of(first)) {
                continue;
            }
            written.cases.entry(first.to_owned()).or_insert(&entry.case);
            if !cancelled.contains(id) {
                written.counting.insert(first.to_owned(), (entry, kept));
            }
        }
        written
    }

    /// The id that an entry is written with: its own, or the first free one after it.
    fn free_id(&self, first: &str) -> String {
        let revised = (2..).map(|number: u32| format!("{first}{REVISION}{number}"));
        let mut ids = std::iter::once(first.to_owned()).chain(revised);
        ids.find(|id| !self.ids.contains(id.as_str())).unwrap_or_default()
    }
}

/// The entries that should count, by id, in the cases that the log has.
fn wanted(read: &Stays, written: &Written<'_>, words: &LogWords) -> BTreeMap<String, Entry> {
    let names = names(read, written);
    let all = || read.cases.iter().flat_map(|case| &case.entries);
    let cancelled: BTreeSet<&str> = all()
        .filter(|entry| entry.kind == words.cancellation)
        .filter_map(|entry| entry.field(&words.cancelled_field).and_then(Value::as_text))
        .collect();
    let counts = all().filter(|entry| entry.kind != words.cancellation).filter_map(|entry| {
        let id = entry.id.clone().filter(|id| !cancelled.contains(id.as_str()))?;
        let case = names.get(entry.case.as_str()).unwrap_or(&entry.case).clone();
        Some((id, Entry { case, position: Position(0), ..entry.clone() }))
    });
    counts.collect()
}

/// What the log calls the cases that were read: the case in which it has most of their entries, each case once.
fn names<'r>(read: &'r Stays, written: &Written<'_>) -> BTreeMap<&'r str, String> {
    let mut shared: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (case, entry) in read.cases.iter().flat_map(|case| case.entries.iter().map(move |it| (case, it))) {
        let known = entry.id.as_deref().and_then(|id| written.cases.get(id));
        if let Some(known) = known {
            *shared.entry((&case.case, known)).or_default() += 1;
        }
    }
    let mut pairs: Vec<_> = shared.into_iter().collect();
    pairs.sort_by(|(one, more), (other, fewer)| fewer.cmp(more).then_with(|| one.cmp(other)));
    let (mut names, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for ((case, known), _) in pairs {
        if !names.contains_key(case) && taken.insert(known) {
            names.insert(case, known.to_owned());
        }
    }
    for case in read.cases.iter().map(|case| case.case.as_str()) {
        if !names.contains_key(case) {
            let mut name = case.to_owned();
            while taken.contains(name.as_str()) || names.values().any(|it| *it == name) {
                name.push(REVISION);
            }
            names.insert(case, name);
        }
    }
    names
}

/// Whether two entries say the same, but for their place, their id and when they were written.
fn same(wanted: &Entry, written: &Entry) -> bool {
    let bare = |entry: &Entry| Entry { position: Position(0), id: None, recorded: None, ..entry.clone() };
    bare(wanted) == bare(written)
}

/// An entry that cancels another, between the same two: others must not learn of what they never saw.
fn cancelling(entry: &Entry, when: Timestamp, words: &LogWords) -> Entry {
    let mut cancelling = Entry::new(entry.case.clone(), &words.cancellation, Position(0), when);
    let named = entry.id.clone().unwrap_or_default();
    cancelling.id = Some(format!("{named}{REVISION}{}", words.cancellation));
    cancelling.recorded = Some(when);
    cancelling.person.clone_from(&entry.person);
    cancelling.from.clone_from(&entry.from);
    cancelling.to.clone_from(&entry.to);
    cancelling.body = Some([(words.cancelled_field.clone(), Value::text(named))].into());
    cancelling
}

/// The message that an entry's id names, however often the entry was written anew; of a correction that cancels one, the message
/// of what it cancels.
pub fn message_in(id: &str) -> &str {
    let named = id.rsplit_once(REVISION).filter(|(_, last)| !is_number(last) && !last.contains('#'));
    message_of(first_id(named.map_or(id, |(named, _)| named)))
}

/// The id without the number of its writing.
fn first_id(id: &str) -> &str {
    id.rsplit_once(REVISION).filter(|(_, last)| is_number(last)).map_or(id, |(first, _)| first)
}

/// Whether what follows the last `~` of an id is the number of a writing; what was confirmed has a word after it (`2#svar`).
fn is_number(last: &str) -> bool {
    message_of(last).parse::<u32>().is_ok()
}

/// The message of an entry's id.
fn message_of(id: &str) -> &str {
    id.split_once('#').map_or(id, |(message, _)| message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_names_its_message() {
        for id in ["m", "m~2", "m#innlagt", "m#innlagt~2", "m#svar", "m~2#svar", "m~kansellering"] {
            assert_eq!(message_in(id), "m", "{id}");
        }
        for id in
            ["m~2~kansellering", "m#innlagt~3~kansellering", "m~2#svar~kansellering", "m#x~kansellering"]
        {
            assert_eq!(message_in(id), "m", "{id}");
        }
    }
}
