//! The region over a network on which nothing goes wrong.

use std::{collections::BTreeMap, io, sync::Arc};

use jiff::Timestamp;
use samspill_base::{Entry, Position};
use samspill_formats::{
    messages::{norway, types::Kind},
    write_jsonl,
};
use samspill_service::exchange::meaning::Known;

use crate::{Act, ActKind, Form, Play, PostError, StayKey, World, post::post};

/// An act on a network on which nothing goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What somebody did.
    pub act: Act,
    /// When the receiver had it; of an event, when it was registered.
    pub received: Timestamp,
    /// The entries that a log gets of it. None of a message that its receiver can't take.
    pub entries: Vec<Entry>,
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// When it was made and sent.
    pub at: Timestamp,
    /// When it is there, on a network on which nothing goes wrong.
    pub received: Timestamp,
    /// The HER-id of the service that sends it.
    pub from: String,
    /// The HER-id of the service that it is for.
    pub to: String,
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Its form: some are wrong on purpose.
    pub form: Form,
    /// The document.
    pub bytes: Vec<u8>,
    /// Fields of its entry that it doesn't say.
    pub unsaid: Vec<String>,
}

/// The log of the shipped region over so many days: see [`whole_of`].
pub fn whole(seed: u64, days: u32) -> Vec<Entry> {
    whole_of(&Arc::new(World::new(seed, days)))
}

/// The log of all parties together: every message as it was read, every event that somebody registered, in the order in which
/// they were sent or registered. Stays that began within the days are told to their end. A reply has the answer that somebody
/// confirmed.
pub fn whole_of(world: &Arc<World>) -> Vec<Entry> {
    let all = steps(world).into_iter().flat_map(|step| step.entries);
    (1..).zip(all).map(|(number, entry)| Entry { position: Position(number), ..entry }).collect()
}

/// Writes a log as JSONL in Norwegian time; says how many lines.
///
/// # Errors
/// Where `out` can't be written to.
pub fn jsonl(log: &[Entry], out: impl io::Write) -> io::Result<u64> {
    write_jsonl(log, &norway(), out)
}

/// What everybody does when nothing goes wrong on the way, in the order of time.
pub fn steps(world: &Arc<World>) -> Vec<Step> {
    Play::new(world.clone()).until(Timestamp::MAX)
}

/// The messages of the shipped region over so many days: see [`messages_of`].
///
/// # Errors
/// As [`messages_of`].
pub fn messages(seed: u64, days: u32) -> Result<Vec<Sent>, PostError> {
    messages_of(&Arc::new(World::new(seed, days)))
}

/// All messages, in the order in which they were sent, the wrong ones too. Receipts are not among them: they are for the
/// receivers to make.
///
/// # Errors
/// Where an act can't be sent. With the shipped settings, none is.
pub fn messages_of(world: &Arc<World>) -> Result<Vec<Sent>, PostError> {
    let mut stays: BTreeMap<StayKey, Vec<Entry>> = BTreeMap::new();
    // Nothing known: each message names the one before it in its conversation, and goes between those whom its entry names.
    let known = Known::default();
    let mut out = Vec::new();
    for step in steps(world) {
        let log = stays.entry(step.act.stay).or_default();
        if let ActKind::Message(form) = step.act.what {
            let posted = post(&step.act, log, &known, world)?;
            out.push(Sent {
                at: step.act.at,
                received: step.received,
                from: posted.from,
                to: posted.to,
                id: posted.id,
                kind: posted.kind,
                form,
                bytes: posted.bytes,
                unsaid: posted.unsaid,
            });
        }
        log.extend(step.entries);
    }
    Ok(out)
}
