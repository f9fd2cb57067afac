use fe2o3_amqp_types::{
    messaging::{ApplicationProperties, Batch, Body, Data, Header, Message, MessageId, Properties},
    primitives::{Binary, SimpleValue, Symbol, Value},
};
use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};
use uuid::Uuid;

use super::{AmqpOptions, Envelope, sender::check_size};
use crate::{FaultReport, Parcel, Received, SendFault};

/// What the broker gets.
pub(super) type Outgoing = Message<Data>;
/// What the broker gives: the body can be anything.
pub(super) type Incoming = Message<Body<Value>>;

/// What the error queue's messages say, by name.
const ORIGINAL: &str = "originalMessageId";
const RECEIVER_TIME: &str = "receiverTimeStamp";
const CONDITION: &str = "errorCondition";
const DESCRIPTION: &str = "errorDescription";

/// A message that is not as it must be, and whom to tell.
#[derive(Debug)]
pub(super) struct Malformed {
    /// The HER-id of its sender; empty where nobody can tell.
    pub(super) from: String,
    /// What is wrong with it.
    pub(super) fault: FaultReport,
}

/// A parcel as HITS 1216 section 2.1.2 wants it.
pub(super) fn pack(options: &AmqpOptions, parcel: &Parcel) -> Result<Outgoing, SendFault> {
    require(parcel)?;
    let sealed = options.envelope.seal(parcel).map_err(|says| refused("samspill:not-sealed", says))?;
    check_size(options, sealed.bytes.len())?;
    let properties = Properties::builder()
        .message_id(parcel.id.clone())
        .to(options.directory.receive_queue(&parcel.to))
        .subject(parcel.kind.clone())
        .reply_to(options.directory.receive_queue(&parcel.from))
        .correlation_id(parcel.id.clone())
        .content_type(Symbol::from(sealed.content_type))
        .build();
    let process = options.directory.process(parcel);
    let fields = [
        ("applicationTimeStamp", Some(written(parcel.made))),
        ("fromHerId", Some(parcel.from.clone())),
        ("fromRole", process.from_role),
        ("toHerId", Some(parcel.to.clone())),
        ("toRole", process.to_role),
        ("ConversationId", parcel.conversation.clone()),
        ("cpaId", process.agreement),
        ("Service", process.service),
        ("Action", process.action),
    ];
    Ok(message(properties, fields, sealed.bytes))
}

/// A fault as HITS 1216 section 2.2.6 wants it. Its data section is empty: not every broker takes a message without one.
pub(super) fn pack_fault(options: &AmqpOptions, from: &str, to: &str, fault: &FaultReport) -> Outgoing {
    let now = Timestamp::now();
    let id = Uuid::new_v4().to_string();
    let properties = Properties::builder()
        .message_id(id)
        .to(options.directory.error_queue(to))
        .subject(String::new())
        .reply_to(options.directory.receive_queue(from))
        .correlation_id(fault.about.clone())
        .content_type(Symbol::from("text/plain"))
        .build();
    let fields = [
        ("applicationTimeStamp", Some(written(now))),
        ("fromHerId", Some(from.to_owned())),
        ("toHerId", Some(to.to_owned())),
        (ORIGINAL, Some(fault.about.clone())),
        (RECEIVER_TIME, Some(written(fault.at.unwrap_or(now)))),
        (CONDITION, Some(fault.condition.clone())),
        (DESCRIPTION, Some(fault.says.clone())),
    ];
    message(properties, fields, Vec::new())
}

/// What a message on a receive queue of `own` is.
pub(super) fn unpack(envelope: &dyn Envelope, own: &str, message: Incoming) -> Result<Received, Malformed> {
    let from = field(&message, "fromHerId").unwrap_or_default();
    let id = identity(&message).unwrap_or_default();
    let about = id.clone();
    let malformed = |mut fault: FaultReport| {
        fault.about.clone_from(&about);
        fault.at = Some(Timestamp::now());
        Malformed { from: from.clone(), fault }
    };
    if field(&message, CONDITION).is_some() {
        return Ok(Received::Fault(unpack_fault(&message)));
    }
    for (name, value) in [("messageId", &id), ("fromHerId", &from)] {
        if value.is_empty() {
            return Err(malformed(missing(name)));
        }
    }
    let made = when(&message);
    let to = field(&message, "toHerId").unwrap_or_else(|| own.to_owned());
    let conversation = field(&message, "ConversationId");
    let properties = message.properties.unwrap_or_default();
    let content_type = properties.content_type.map(|symbol| symbol.as_str().to_owned()).unwrap_or_default();
    let bytes = bytes(message.body).map_err(&malformed)?;
    let bytes = envelope.open(&from, &content_type, bytes).map_err(&malformed)?;
    let kind = properties.subject.unwrap_or_default();
    Ok(Received::Parcel(Parcel { id, from, to, kind, message: String::new(), conversation, made, bytes }))
}

/// What a message on an error queue says. What it doesn't say is empty: a fault is never answered with a fault.
pub(super) fn unpack_fault(message: &Incoming) -> FaultReport {
    let properties = message.properties.as_ref();
    let correlation = || properties.and_then(|properties| properties.correlation_id.as_ref()).map(id_text);
    FaultReport {
        about: field(message, ORIGINAL).or_else(correlation).unwrap_or_default(),
        condition: field(message, CONDITION).unwrap_or_else(|| "transport:unknown".to_owned()),
        says: field(message, DESCRIPTION).unwrap_or_default(),
        at: field(message, RECEIVER_TIME).and_then(|text| text.parse().ok()),
    }
}

fn require(parcel: &Parcel) -> Result<(), SendFault> {
    let fields = [("id", &parcel.id), ("from", &parcel.from), ("to", &parcel.to), ("kind", &parcel.kind)];
    for (name, value) in fields {
        if value.is_empty() {
            let says =
                format!("the parcel has no `{name}`, which AMQP needs: fill it in from the document's head");
            return Err(refused("transport:required-field-missing", says));
        }
    }
    if Uuid::try_parse(&parcel.id).is_err() {
        return Err(refused("transport:invalid-field-value", "the parcel's `id` must be a UUID".to_owned()));
    }
    Ok(())
}

pub(super) fn refused(condition: &str, says: String) -> SendFault {
    SendFault::Refused { condition: condition.to_owned(), says }
}

fn message<const N: usize>(
    properties: Properties,
    fields: [(&str, Option<String>); N],
    bytes: Vec<u8>,
) -> Outgoing {
    let mut named = ApplicationProperties::builder();
    for (name, value) in fields {
        if let Some(value) = value {
            named = named.insert(name, value);
        }
    }
    Message::builder()
        .header(Header::builder().durable(true).build())
        .properties(properties)
        .application_properties(named.build())
        .data(Binary::from(bytes))
        .build()
}

/// The form of section 2.1.2: whole seconds, in UTC, with the zone.
fn written(at: Timestamp) -> String {
    let whole = TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Floor);
    at.round(whole).unwrap_or(at).to_string()
}

/// When it was made: as the sender says, or else as the broker says, or else now.
fn when(message: &Incoming) -> Timestamp {
    let told = field(message, "applicationTimeStamp").and_then(|text| text.parse().ok());
    let properties = message.properties.as_ref();
    let created = || {
        let milliseconds = properties?.creation_time.as_ref()?.milliseconds();
        Timestamp::from_duration(SignedDuration::from_millis(milliseconds)).ok()
    };
    told.or_else(created).unwrap_or_else(Timestamp::now)
}

fn identity(message: &Incoming) -> Option<String> {
    message.properties.as_ref()?.message_id.as_ref().map(id_text)
}

fn id_text(id: &MessageId) -> String {
    match id {
        MessageId::Ulong(number) => number.to_string(),
        MessageId::Uuid(uuid) => Uuid::from_bytes(uuid.clone().into_inner()).to_string(),
        MessageId::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        MessageId::String(text) => text.clone(),
    }
}

/// A field of the application's, as text. The specification has text alone; senders have numbers too.
fn field(message: &Incoming, name: &str) -> Option<String> {
    let value = message.application_properties.as_ref()?.get(name)?;
    let text = text(value)?;
    (!text.is_empty()).then_some(text)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the types of another library, of which we understand these"
)]
fn text(value: &SimpleValue) -> Option<String> {
    match value {
        SimpleValue::String(text) => Some(text.clone()),
        SimpleValue::Symbol(symbol) => Some(symbol.as_str().to_owned()),
        SimpleValue::Int(number) => Some(number.to_string()),
        SimpleValue::Uint(number) => Some(number.to_string()),
        SimpleValue::Long(number) => Some(number.to_string()),
        SimpleValue::Ulong(number) => Some(number.to_string()),
        SimpleValue::Uuid(uuid) => Some(Uuid::from_bytes(uuid.clone().into_inner()).to_string()),
        SimpleValue::Timestamp(at) => {
            let at = Timestamp::from_millisecond(at.milliseconds()).ok()?;
            Some(at.to_string())
        }
        _ => None,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the types of another library, of which we understand these"
)]
/// The document. A body that is one text or one row of bytes is understood too: some clients send so.
fn bytes(body: Body<Value>) -> Result<Vec<u8>, FaultReport> {
    match body {
        Body::Data(sections) => Ok(joined(sections)),
        Body::Value(value) => match value.0 {
            Value::Binary(bytes) => Ok(bytes.into_vec()),
            Value::String(text) => Ok(text.into_bytes()),
            _ => Err(invalid("application-data")),
        },
        Body::Sequence(_) => Err(invalid("application-data")),
        Body::Empty => Err(missing("application-data")),
    }
}

fn joined(sections: Batch<Data>) -> Vec<u8> {
    let mut sections = sections.into_iter();
    let mut bytes = sections.next().map(|section| section.0.into_vec()).unwrap_or_default();
    for section in sections {
        bytes.extend_from_slice(&section.0);
    }
    bytes
}

fn missing(name: &str) -> FaultReport {
    fault("transport:required-field-missing", format!("Missing or invalid value in field: '{name}'."))
}

fn invalid(name: &str) -> FaultReport {
    fault("transport:invalid-field-value", format!("Invalid value in field: '{name}'."))
}

fn fault(condition: &str, says: String) -> FaultReport {
    FaultReport { about: String::new(), condition: condition.to_owned(), says, at: None }
}
