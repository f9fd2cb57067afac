//! A person says what a reply means.

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};

use super::suggest::{Answer, Suggestion};
use crate::exchange::meaning::Table;

/// What a person says that a reply means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<'s> {
    /// What was suggested. A suggestion without an answer can't be confirmed.
    Suggested(&'s Suggestion),
    /// Something of their own.
    Own(Answer),
}

/// What a confirmation writes into the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The reply with its typed answer: it happened when the reply did, and is known from the confirmation on.
    pub entry: Entry,
    /// The cancellation of the reply without an answer, from the confirmation on. `None` where that has no id to name: then the
    /// reply must not have been written before.
    pub cancellation: Option<Entry>,
}

/// The entries by which the log says what a reply means: `None` where the suggestion has no answer.
///
/// A log only grows. So the reply that it holds without an answer is cancelled, and the same reply is written with one; both
/// are recorded at `when`, and whoever reads the log as of an earlier instant reads it as it stood.
pub fn confirm(
    reply: &Entry,
    decision: &Decision<'_>,
    who: &str,
    when: Timestamp,
    table: &Table,
) -> Option<Confirmed> {
    let (answer, how) = match decision {
        Decision::Suggested(suggestion) => (suggestion.answer?, &table.log.as_suggested),
        Decision::Own(answer) => (*answer, &table.log.own_choice),
    };
    let words = &table.log;
    let mut entry = reply.clone();
    entry.position = Position(0);
    entry.recorded = Some(when);
    entry.id = reply.id.as_ref().map(|id| format!("{id}#{}", words.answer_field));
    let body = entry.body.get_or_insert_default();
    let (word, field, day) = match answer {
        Answer::CanReceive { from } => (&words.can, &words.from_field, from),
        Answer::CannotReceive { expected } => (&words.cannot, &words.expected_field, expected),
    };
    body.insert(words.answer_field.clone(), Value::text(word));
    body.extend(day.map(|day| (field.clone(), Value::text(day.to_string()))));
    body.insert(words.confirmed_by_field.clone(), Value::text(who));
    body.insert(words.confirmed_how_field.clone(), Value::text(how));
    Some(Confirmed { cancellation: cancellation(reply, who, when, table), entry })
}

/// What cancels the reply as it was read, between the same two as the reply.
fn cancellation(reply: &Entry, who: &str, when: Timestamp, table: &Table) -> Option<Entry> {
    let id = reply.id.as_ref()?;
    let mut entry = Entry::new(reply.case.clone(), &table.log.cancellation, Position(0), when);
    entry.id = Some(format!("{id}#uten-svar"));
    entry.recorded = Some(when);
    entry.person.clone_from(&reply.person);
    entry.from.clone_from(&reply.from);
    entry.to.clone_from(&reply.to);
    entry.body = Some(
        [
            (table.log.cancelled_field.clone(), Value::text(id)),
            (table.log.confirmed_by_field.clone(), Value::text(who)),
        ]
        .into(),
    );
    Some(entry)
}
