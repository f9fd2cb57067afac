use axum::{extract::State, response::Response};
use jiff::Timestamp;
use samspill_service::access::Action;
use samspill_service::exchange::{
    monitor::{Tracked, tracked},
    receipts::State as Reached,
};
use samspill_store::{Direction, MessageFilter, MessageNumber, Standing};
use serde::Serialize;

use super::{
    about, answer, bundle, ids,
    search::{Asked, Sent},
    types::{Concept, Identifier, Meta, Reference, Resource},
};
use crate::{
    App, Signed,
    api::{Caller, Cursor, MessageDoor, Path, Problem, may_read},
};

/// A message between record systems.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Communication {
    resource_type: &'static str,
    id: String,
    meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<Identifier>,
    status: &'static str,
    category: Vec<Concept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encounter: Option<Reference>,
    sent: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recipient: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender: Option<Reference>,
    payload: Vec<Payload>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    content_reference: Reference,
}

impl Resource for Communication {
    const TYPE: &'static str = "Communication";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Communication {
    fn of(app: &App, line: &Tracked) -> Self {
        let id = line.number.to_string();
        let receipt = line.receivers.iter().filter_map(|it| it.receipt).min();
        Self {
            resource_type: Self::TYPE,
            meta: Meta { last_updated: Some(receipt.unwrap_or(line.at)), ..Meta::default() },
            identifier: identifier(line),
            status: status(line),
            category: vec![Concept::code(super::document::KINDS, kind(line), None)],
            subject: line.case.as_deref().and_then(|case| about::subject(app, case)),
            encounter: line.case.as_deref().map(|case| Reference::to("Encounter", &ids::encounter(case))),
            sent: line.at,
            received: match line.direction {
                Direction::In => Some(line.at),
                Direction::Out => receipt,
            },
            recipient: about::party(app, &line.to).into_iter().collect(),
            sender: about::party(app, &line.from),
            payload: vec![Payload { content_reference: Reference::to("DocumentReference", &id) }],
            id,
        }
    }
}

/// The message's own id.
pub(super) fn identifier(line: &Tracked) -> Vec<Identifier> {
    let system = || "urn:ietf:rfc:3986".to_owned();
    let named = (!line.id.is_empty())
        .then(|| Identifier { system: system(), value: format!("urn:uuid:{}", line.id) });
    named.into_iter().collect()
}

/// What it is; a word of our own where that can't be read.
pub(super) fn kind(line: &Tracked) -> String {
    if line.kind.is_empty() { "unknown".to_owned() } else { line.kind.clone() }
}

/// One that came: what became of it here. One that was sent: what its receivers said.
fn status(line: &Tracked) -> &'static str {
    match line.standing {
        Standing::Question => "on-hold",
        Standing::Duplicate => "entered-in-error",
        Standing::Conflict | Standing::Refused | Standing::Unreadable | Standing::NotOurs => "not-done",
        Standing::Taken | Standing::Settled => match line.direction {
            Direction::In => "completed",
            Direction::Out => sent_status(line),
        },
    }
}

fn sent_status(line: &Tracked) -> &'static str {
    let is_done = |state: Reached| matches!(state, Reached::Accepted | Reached::CompletedLate);
    let has_failed =
        |state: Reached| matches!(state, Reached::Rejected | Reached::RejectedLate | Reached::NotDelivered);
    if line.receivers.iter().any(|it| has_failed(it.state)) {
        "not-done"
    } else if !line.receivers.is_empty() && line.receivers.iter().all(|it| is_done(it.state)) {
        "completed"
    } else {
        "in-progress"
    }
}

/// A message that the caller may read.
pub(super) async fn read(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(number): Path<u64>,
) -> Result<Response, Problem> {
    let line = one(&app, &signed, number).await?;
    Ok(answer(&Communication::of(&app, &line)))
}

/// A message that the caller may read, as lists have it.
pub(super) async fn one(app: &App, signed: &Signed, number: u64) -> Result<Tracked, Problem> {
    let kept = may_read(app, signed, number).await?;
    let filter = MessageFilter { id: Some(kept.id), ..MessageFilter::default() };
    let after = MessageNumber(number.saturating_sub(1));
    let lines = tracked(&app.parts().mailroom, &filter, after, 1, app.now()).await?;
    lines.into_iter().find(|line| line.number == number).ok_or_else(Problem::not_there)
}

/// Messages that the caller may read.
pub(super) async fn search(
    State(app): State<App>,
    Caller(signed): Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let known = ["identifier", "patient", "subject", "encounter", "status", "category", "sent", "received"];
    let asked = Asked::read(sent, &known)?;
    let (after, count) = bundle::paging(&asked)?;
    let make = |line: Tracked| {
        let it = Communication::of(&app, &line);
        let is_asked = asked.is_code("status", "", it.status)
            && asked.is_code("category", super::document::KINDS, &line.kind)
            && asked.at("sent", Some(it.sent))?
            && asked.at("received", it.received)?
            && asked.at("_lastUpdated", it.meta.last_updated)?;
        Ok(is_asked.then(|| (Cursor::at(line.number), it)))
    };
    let found = lines(&app, &signed, &asked, (after.position, count + 1), make).await?;
    app.listed(&signed, Action::ListStay, "fhir Communication", found.len().min(count)).await?;
    Ok(bundle::page(&app, &asked, count, found))
}

/// What is made of the messages that a search is about, by number: of those after a number, so many at the most.
pub(super) async fn lines<R>(
    app: &App,
    signed: &Signed,
    asked: &Asked,
    (after, limit): (u64, usize),
    make: impl Fn(Tracked) -> Result<Option<R>, Problem>,
) -> Result<Vec<R>, Problem> {
    let case = match asked.get("encounter") {
        Some(text) => {
            let id = text.rsplit('/').next().unwrap_or_default();
            let Some(case) = ids::case(app, id).await? else { return Ok(Vec::new()) };
            Some(case)
        }
        None => None,
    };
    let named =
        asked.get("identifier").map(|text| text.rsplit(['|', ':']).next().unwrap_or_default().to_owned());
    let filter = MessageFilter { case, id: named, ..MessageFilter::default() };
    let make = |line: Tracked| if is_about(app, asked, &line) { make(line) } else { Ok(None) };
    MessageDoor::new(app, signed).pick(filter, after, limit, make).await
}

/// Whether a message has the number, and is about the patient, that is asked for.
fn is_about(app: &App, asked: &Asked, line: &Tracked) -> bool {
    let number = line.number.to_string();
    let patient = || {
        let stay = line.case.as_deref().and_then(|case| app.live().stay(case));
        stay.and_then(|it| ids::patient_of(app, &it))
    };
    let is_subject = |name| asked.get(name).is_none() || asked.refers(name, "Patient", patient().as_deref());
    asked.takes("_id", |id| id == number) && is_subject("patient") && is_subject("subject")
}
