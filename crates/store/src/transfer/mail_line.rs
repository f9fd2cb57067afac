//! Mail as JSON, exactly.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Direction, KeptAlert, KeptDecision, KeptMessage, LifeRow, MessageNumber, OutboxState, Outgoing, Standing,
    mail::{SealedDecision, SealedWith, StoredDecision, StoredMessage, Stray},
};

/// A line of a community's mail.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MailLine {
    /// It begins.
    Begin(MailBegin),
    /// A message.
    Message(MessageLine),
    /// A decision.
    Decision(DecisionLine),
    /// A parcel of the outbox.
    Parcel(ParcelLine),
    /// What a message waits for.
    Life(LifeLine),
    /// A receipt for what isn't known.
    Stray(StrayLine),
    /// An alert.
    Alert(AlertLine),
    /// It ends.
    End(MailEnd),
}

/// The mail of a community begins.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailBegin {
    pub(super) community: String,
}

/// The mail of a community ends: how much there was of each.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailEnd {
    pub(super) messages: u64,
    pub(super) decisions: u64,
    pub(super) parcels: u64,
    pub(super) lives: u64,
    pub(super) strays: u64,
    pub(super) alerts: u64,
}

/// A lease, without whoever holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaseLine {
    pub(super) name: String,
    pub(super) fence: i64,
}

/// A message; its bytes in base64, and what its ties are, as they stand.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageLine {
    number: u64,
    direction: Direction,
    id: String,
    kind: String,
    from: String,
    to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<Timestamp>,
    at: Timestamp,
    channel: String,
    parcel: String,
    ties: BTreeSet<String>,
    bytes: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    digest: String,
    standing: Standing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standing_case: Option<String>,
    notes: String,
}

/// A decision.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionLine {
    number: u64,
    what: String,
    subject: String,
    value: String,
    by: String,
    at: Timestamp,
    why: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    digest: String,
}

/// A parcel of the outbox.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParcelLine {
    id: String,
    message: MessageNumber,
    channel: String,
    to: String,
    due: Timestamp,
    made: Timestamp,
    state: OutboxState,
    attempts: u32,
    holder: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<Timestamp>,
    condition: String,
    says: String,
}

/// What a message waits for.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LifeLine {
    id: String,
    message: MessageNumber,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deadline: Option<Timestamp>,
    needs_person: bool,
    json: String,
}

/// A receipt for what isn't known.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StrayLine {
    about: String,
    json: String,
}

/// An alert.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertLine {
    name: String,
    says: String,
    raised: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cleared: Option<Timestamp>,
}

const HALF_SEALED: &str = "it doesn't say both that it is sealed and with which key";

impl MessageLine {
    pub(super) fn of(stored: StoredMessage) -> Self {
        let StoredMessage { message: it, first_case, digest, sealed } = stored;
        Self {
            number: it.number.0,
            direction: it.direction,
            id: it.id,
            kind: it.kind,
            from: it.from,
            to: it.to,
            case: first_case,
            about: it.about,
            made: it.made,
            at: it.at,
            channel: it.channel,
            parcel: it.parcel,
            ties: it.ties,
            bytes: STANDARD.encode(&it.bytes),
            size: sealed.as_ref().map(|with| with.size),
            key: sealed.map(|with| with.key_id),
            digest: hex(&digest),
            standing: it.standing,
            standing_case: it.case,
            notes: it.notes,
        }
    }

    /// The message that follows on the one before, or what is wrong.
    pub(super) fn message(self, last: u64) -> Result<StoredMessage, String> {
        follows("message", last, self.number)?;
        let bytes =
            STANDARD.decode(&self.bytes).map_err(|error| format!("its bytes are no base64: {error}"))?;
        let message = KeptMessage {
            number: MessageNumber(self.number),
            direction: self.direction,
            id: self.id,
            kind: self.kind,
            from: self.from,
            to: self.to,
            case: self.standing_case,
            about: self.about,
            made: self.made,
            at: self.at,
            channel: self.channel,
            parcel: self.parcel,
            bytes,
            ties: self.ties,
            standing: self.standing,
            notes: self.notes,
        };
        let sealed = match (self.key, self.size) {
            (Some(key_id), Some(size)) => Some(SealedWith { key_id, size }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(HALF_SEALED.to_owned()),
        };
        let mut stored = StoredMessage { message, first_case: self.case, digest: Vec::new(), sealed };
        stored.check().map_err(|error| error.to_string())?;
        stored.digest = stored.own_digest().to_vec();
        unchanged("message", self.number, &stored.digest, &self.digest)?;
        Ok(stored)
    }
}

impl DecisionLine {
    pub(super) fn of(stored: StoredDecision) -> Self {
        let StoredDecision { decision: it, digest, sealed } = stored;
        let KeptDecision { number, what, subject, value, by, at, why } = it;
        let (key, sealed) = sealed.map(|it| (it.key_id, STANDARD.encode(it.sealed))).unzip();
        Self { number, what, subject, value, by, at, why, key, sealed, digest: hex(&digest) }
    }

    /// The decision that follows on the one before, or what is wrong.
    pub(super) fn decision(self, last: u64) -> Result<StoredDecision, String> {
        let Self { number, what, subject, value, by, at, why, key, sealed, digest } = self;
        follows("decision", last, number)?;
        let decision = KeptDecision { number, what, subject, value, by, at, why };
        decision.check().map_err(|error| error.to_string())?;
        let sealed = match (key, sealed) {
            (Some(key_id), Some(sealed)) => {
                let sealed = STANDARD.decode(sealed);
                let sealed = sealed.map_err(|error| format!("what is sealed is no base64: {error}"))?;
                Some(SealedDecision { key_id, sealed })
            }
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(HALF_SEALED.to_owned()),
        };
        let stored = StoredDecision::of(decision, sealed);
        unchanged("decision", number, &stored.digest, &digest)?;
        Ok(stored)
    }
}

impl ParcelLine {
    pub(super) fn of(it: Outgoing) -> Self {
        let Outgoing {
            id,
            message,
            channel,
            to,
            due,
            made,
            state,
            attempts,
            holder,
            until,
            ended,
            condition,
            says,
        } = it;
        Self { id, message, channel, to, due, made, state, attempts, holder, until, ended, condition, says }
    }

    /// The parcel, or what is wrong.
    pub(super) fn parcel(self, messages: u64) -> Result<Outgoing, String> {
        let Self {
            id,
            message,
            channel,
            to,
            due,
            made,
            state,
            attempts,
            holder,
            until,
            ended,
            condition,
            says,
        } = self;
        known(message, messages)?;
        let parcel = Outgoing {
            id,
            message,
            channel,
            to,
            due,
            made,
            state,
            attempts,
            holder,
            until,
            ended,
            condition,
            says,
        };
        parcel.check().map_err(|error| error.to_string())?;
        Ok(parcel)
    }
}

impl LifeLine {
    pub(super) fn of(it: LifeRow) -> Self {
        let LifeRow { id, message, deadline, needs_person, json } = it;
        Self { id, message, deadline, needs_person, json }
    }

    /// The life, or what is wrong.
    pub(super) fn life(self, messages: u64) -> Result<LifeRow, String> {
        let Self { id, message, deadline, needs_person, json } = self;
        known(message, messages)?;
        let life = LifeRow { id, message, deadline, needs_person, json };
        life.check().map_err(|error| error.to_string())?;
        Ok(life)
    }
}

impl StrayLine {
    pub(super) fn of(it: Stray) -> Self {
        let Stray { about, json, .. } = it;
        Self { about, json }
    }

    /// The stray with its number, or what is wrong.
    pub(super) fn stray(self, number: u64) -> Result<Stray, String> {
        let Self { about, json } = self;
        let stray = Stray { number, about, json };
        stray.check().map_err(|error| error.to_string())?;
        Ok(stray)
    }
}

impl AlertLine {
    pub(super) fn of(it: KeptAlert) -> Self {
        let KeptAlert { name, says, raised, cleared } = it;
        Self { name, says, raised, cleared }
    }

    /// The alert, or what is wrong.
    pub(super) fn alert(self) -> Result<KeptAlert, String> {
        let Self { name, says, raised, cleared } = self;
        let alert = KeptAlert { name, says, raised, cleared };
        alert.check().map_err(|error| error.to_string())?;
        Ok(alert)
    }
}

fn follows(what: &str, last: u64, number: u64) -> Result<(), String> {
    let next = last + 1;
    if number == next {
        return Ok(());
    }
    Err(format!("{what} {number} stands where {next} should: lines are missing or have changed places"))
}

fn unchanged(what: &str, number: u64, is: &[u8], says: &str) -> Result<(), String> {
    let is = hex(is);
    if is == says {
        return Ok(());
    }
    Err(format!("{what} {number} was changed: its digest is {is} and not {says}"))
}

fn known(message: MessageNumber, messages: u64) -> Result<(), String> {
    if (1..=messages).contains(&message.0) {
        return Ok(());
    }
    Err(format!("it belongs to message {message}, and there are {messages}: lines are missing"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
