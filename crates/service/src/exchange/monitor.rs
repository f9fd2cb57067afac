//! The message monitor: what was sent, where it is, what is missing, and how long it took.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use samspill_store::{
    Direction, MessageFilter, MessageLine, MessageNumber, OutboxState, Standing, StoreError,
};

use super::{
    mailroom::{Mailroom, Notes},
    receipts::{Life, State},
};

/// A message in the monitor. Nothing of what it says, and of whom it is about, is in it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Tracked {
    /// Its number.
    pub number: u64,
    /// Which way it went.
    pub direction: Direction,
    /// Its id.
    pub id: String,
    /// What it is: the code of 8279.
    pub kind: String,
    /// The sender's HER-id.
    pub from: String,
    /// The receiver's HER-id.
    pub to: String,
    /// The case, if that is settled.
    pub case: Option<String>,
    /// When it came, or was handed in.
    pub at: Timestamp,
    /// How it stands here.
    pub standing: Standing,
    /// Of one that was sent: how it stands with each receiver.
    pub receivers: Vec<Reached>,
    /// Whether a person must act.
    pub needs_person: bool,
    /// Whether that is because it didn't get through: given up, rejected or without a receipt in time, and seen to by nobody since.
    #[serde(skip)]
    pub is_lost: bool,
}

/// How a message stands with a receiver.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reached {
    /// The receiver: `HER:8000012`.
    pub receiver: String,
    /// How it stands.
    pub state: State,
    /// When the receipt came.
    pub receipt: Option<Timestamp>,
    /// Seconds from when the message was made until the receipt came.
    pub took_seconds: Option<i64>,
    /// Why it was rejected.
    pub reasons: Vec<String>,
}

/// Counts and times of messages between two parties of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Flow {
    /// The sender's HER-id.
    pub from: String,
    /// The receiver's HER-id.
    pub to: String,
    /// What they are.
    pub kind: String,
    /// How many there were.
    pub messages: usize,
    /// How many were accepted, in time or late.
    pub accepted: usize,
    /// How many were rejected.
    pub rejected: usize,
    /// How many have no receipt yet, and may still get one in time.
    pub waiting: usize,
    /// How many have none, and are overdue; or were not delivered.
    pub missing: usize,
    /// The median of seconds until the receipt; the lower of two in the middle.
    pub median_seconds: Option<i64>,
    /// The longest.
    pub longest_seconds: Option<i64>,
}

/// The messages after a number, as they stand at an instant.
///
/// # Errors
///
/// Where the store fails.
pub async fn tracked(
    room: &Mailroom,
    filter: &MessageFilter,
    after: MessageNumber,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Tracked>, StoreError> {
    let lines = room.store().messages(room.community(), filter, after, limit).await?;
    Ok(lines.iter().map(|line| track(line, now)).collect())
}

/// A message as it stands at an instant.
pub fn track(line: &MessageLine, now: Timestamp) -> Tracked {
    let told = line.life.as_ref().and_then(|row| serde_json::from_str::<Life>(&row.json).ok());
    let receivers: Vec<Reached> = told.iter().flat_map(|life| reached(life, now)).collect();
    let asks = matches!(
        line.standing,
        Standing::Question | Standing::Conflict | Standing::Unreadable | Standing::NotOurs
    );
    let stuck = || line.outgoing.iter().filter(|parcel| parcel.state == OutboxState::Dead);
    let bad = || receivers.iter().filter(|it| it.state.needs_a_person());
    let is_bad = stuck().next().is_some() || bad().next().is_some();
    // Most need nobody, and what is noted of those needn't be read.
    let handled = if asks || is_bad { Notes::read(&line.notes).handled } else { None };
    let is_handled = line.standing != Standing::Question
        && handled.is_some_and(|it| {
            it.stood == stands(receivers.iter().map(|it| (it.receiver.as_str(), it.state)))
                && !stuck().any(|parcel| parcel.ended.is_some_and(|at| at > it.at))
                && !bad().any(|reached| reached.receipt.is_some_and(|at| at > it.at))
        });
    let is_lost = is_bad && !is_handled;
    Tracked {
        number: line.number.0,
        direction: line.direction,
        id: line.id.clone(),
        kind: line.kind.clone(),
        from: line.from.clone(),
        to: line.to.clone(),
        case: line.case.clone(),
        at: line.at,
        standing: line.standing,
        receivers,
        needs_person: is_lost || (asks && !is_handled),
        is_lost,
    }
}

/// How a message stands with its receivers, as it is kept with what people say of it; empty of one that came.
pub(super) fn stands<'r>(states: impl Iterator<Item = (&'r str, State)>) -> String {
    let states: Vec<_> = states.collect();
    if states.is_empty() { String::new() } else { serde_json::to_string(&states).unwrap_or_default() }
}

fn reached(life: &Life, now: Timestamp) -> Vec<Reached> {
    let states = life.states(now).map(|(receiver, state)| {
        let receipt = life.receipts(receiver).first().filter(|seen| seen.at <= now);
        Reached {
            receiver: receiver.to_owned(),
            state,
            receipt: receipt.map(|seen| seen.at),
            took_seconds: receipt.map(|seen| whole_seconds(seen.at.duration_since(life.made()))),
            reasons: receipt.map(|seen| seen.reasons.clone()).unwrap_or_default(),
        }
    });
    states.collect()
}

fn whole_seconds(duration: SignedDuration) -> i64 {
    duration.as_secs()
}

/// Sums up messages that were sent, by sender, receiver and kind, in that order.
pub fn flows(messages: &[Tracked]) -> Vec<Flow> {
    let mut flows: BTreeMap<(&str, &str, &str), (Flow, Vec<i64>)> = BTreeMap::new();
    let sent = messages.iter().filter(|message| message.direction == Direction::Out);
    for message in sent {
        for reached in &message.receivers {
            let to = reached.receiver.strip_prefix("HER:").unwrap_or(&reached.receiver);
            let (flow, times) = flows.entry((&message.from, to, &message.kind)).or_default();
            flow.messages += 1;
            *count_of(flow, reached.state) += 1;
            times.extend(reached.took_seconds);
        }
    }
    let named = flows.into_iter().map(|((from, to, kind), (flow, mut times))| {
        times.sort_unstable();
        Flow {
            from: from.to_owned(),
            to: to.to_owned(),
            kind: kind.to_owned(),
            median_seconds: times.get(times.len().saturating_sub(1) / 2).copied(),
            longest_seconds: times.last().copied(),
            ..flow
        }
    });
    named.collect()
}

fn count_of(flow: &mut Flow, state: State) -> &mut usize {
    match state {
        State::Accepted | State::CompletedLate => &mut flow.accepted,
        State::Rejected | State::RejectedLate => &mut flow.rejected,
        State::Sent | State::Delivered => &mut flow.waiting,
        State::Overdue | State::NotDelivered => &mut flow.missing,
    }
}
