use std::collections::BTreeMap;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};
use samspill_service::{
    access::{Action, Ends},
    casework::{Plan, Step},
    exchange::meaning::Beside,
};
use samspill_store::{Direction, MessageFilter, MessageNumber, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    cursor::{Cursor, limit},
    etag,
    extract::{Caller, Json as JsonBody, Path, Query},
    key::{Once, own_case},
    link,
    page::{Page, page},
    problem::Problem,
    shape,
    write::{Used, append_once, catch_up, may_begin, may_write, reserve},
};
use crate::{App, Signed};

/// Which entries of a stay.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntriesAsked {
    /// The cursor of an earlier page: what has come since.
    #[param(pattern = "^[0-9a-f]{1,15}([.]([0-9a-f]{2})*)?$", example = "4b7")]
    after: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
}

/// The entries of a stay, in the order of the log. A party sees its own messages, and events of the stay.
#[utoipa::path(get, path = "/api/v1/stays/{case}/entries", tag = "entries", operation_id = "listEntries",
    params(("case" = String, Path, description = "The stay"), EntriesAsked),
    responses((status = 200, description = "A page of entries", body = Page<shape::Entry>)))]
pub(crate) async fn list(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(case): Path<String>,
    Query(query): Query<EntriesAsked>,
) -> Result<Response, Problem> {
    let (after, limit) = (Cursor::read(query.after.as_deref())?, limit(query.limit)?);
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    let position = after.position;
    let later = opened.entries.into_iter().filter(|entry| entry.position.0 > position);
    let shown = app.shown(&signed, &opened.involvement);
    let found = later.take(limit + 1);
    let found = found.map(|entry| (Cursor::at(entry.position.0), shape::Entry::of(entry, shown)));
    Ok(page(&link(&["stays", &case, "entries"]), "", (after, limit), found.collect()))
}

/// An entry of a stay.
#[utoipa::path(get, path = "/api/v1/stays/{case}/entries/{position}", tag = "entries", operation_id = "readEntry",
    params(("case" = String, Path, description = "The stay"), ("position" = u64, Path, description = "Its position in the log")),
    responses((status = 200, description = "The entry", body = shape::Entry)))]
pub(crate) async fn one(
    State(app): State<App>,
    Caller(signed): Caller,
    Path((case, position)): Path<(String, u64)>,
) -> Result<Json<shape::Entry>, Problem> {
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    let entry = opened.entries.into_iter().find(|entry| entry.position.0 == position);
    let shown = app.shown(&signed, &opened.involvement);
    entry.map(|entry| Json(shape::Entry::of(entry, shown))).ok_or_else(Problem::not_there)
}

/// How an entry gets to the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum How {
    /// It is registered: it stands in the log, and nothing is sent.
    #[default]
    Event,
    /// It is sent as the message that tells of it, and stands in the log.
    Message,
}

/// An event to register, or a message to send.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEntry {
    /// What it is, as the agreement names it.
    #[schema(example = "utskrivningsklar", min_length = 1, max_length = 100)]
    kind: String,
    /// When it happened.
    happened: Timestamp,
    /// How it gets to the others.
    #[serde(default)]
    #[schema(inline)]
    how: How,
    /// When it was sent, if that is another time.
    #[serde(default)]
    sent: Option<Timestamp>,
    /// Its own id, by which a correction names it. Messages get theirs from the `Idempotency-Key`.
    #[serde(default)]
    #[schema(max_length = 250)]
    id: Option<String>,
    /// The person that it is about.
    #[serde(default)]
    #[schema(max_length = 250)]
    person: Option<String>,
    /// The party or unit of the caller that it is from; the caller's party, if nothing is said.
    #[serde(default)]
    #[schema(max_length = 250)]
    from: Option<String>,
    /// The party or unit that it is for.
    #[serde(default)]
    #[schema(max_length = 250)]
    to: Option<String>,
    /// Facts of the stay that it sets.
    #[serde(default)]
    facts: BTreeMap<String, serde_json::Value>,
    /// What it says.
    #[serde(default)]
    body: Option<BTreeMap<String, serde_json::Value>>,
    /// What a message calls the person.
    #[serde(default)]
    patient: Option<PatientName>,
}

/// What a message calls a person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatientName {
    /// Given name.
    #[schema(max_length = 250)]
    given: String,
    /// Middle name.
    #[serde(default)]
    #[schema(max_length = 250)]
    middle: String,
    /// Family name.
    #[schema(max_length = 250)]
    family: String,
}

/// A stay to begin, with its first entry.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStay {
    /// What the caller's party calls it. The same name is the same stay.
    #[schema(min_length = 1, max_length = 250)]
    name: String,
    /// The first entry.
    entry: NewEntry,
}

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Written {
    /// The stay.
    case: String,
    /// The position of the entry in the log; of a message whose stay isn't settled, none.
    position: Option<u64>,
    /// The number of the message, if one was sent.
    message: Option<u64>,
    /// Whether this very request had been done before.
    is_again: bool,
    /// What is worth a look.
    remarks: Vec<String>,
}

/// Registers an event or sends a message in a stay.
///
/// With `If-Match` it is done only if the stay hasn't changed since. Without it nothing is held back.
#[utoipa::path(post, path = "/api/v1/stays/{case}/entries", tag = "entries", operation_id = "addEntry",
    params(("case" = String, Path, description = "The stay"),
        ("Idempotency-Key" = String, Header, description = "Made up by the caller; the same again is done once", pattern = "^[!-~]{1,128}$"),
        ("If-Match" = Option<String>, Header, description = "The tag of the stay that the caller has seen", pattern = "^\"[0-9]{1,15}([.][0-9a-f]{16})?\"$")),
    request_body = NewEntry,
    responses((status = 201, description = "It was written, now or when it was sent the first time", body = Written)))]
pub(crate) async fn append(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(case): Path<String>,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewEntry>,
) -> Result<Response, Problem> {
    let (once, seen) = (Once::of(&headers, &signed)?, etag::seen(&headers)?);
    may_write(&app, &signed, &case).await?;
    let entry = entry(&app, &signed, &case, &new, "")?;
    let written = write(&app, &signed, &once, seen.as_deref(), &new, entry).await?;
    Ok(created(written))
}

/// Begins a stay with its first entry. The name is the party's own; the answer says what the stay is called.
#[utoipa::path(post, path = "/api/v1/stays", tag = "entries", operation_id = "beginStay",
    params(("Idempotency-Key" = String, Header, description = "Made up by the caller; the same again is done once", pattern = "^[!-~]{1,128}$")),
    request_body = NewStay,
    responses((status = 201, description = "It was begun, now or when it was sent the first time", body = Written)))]
pub(crate) async fn begin(
    State(app): State<App>,
    Caller(signed): Caller,
    headers: HeaderMap,
    JsonBody(new): JsonBody<NewStay>,
) -> Result<Response, Problem> {
    let once = Once::of(&headers, &signed)?;
    if new.name.trim().is_empty() || new.name.chars().count() > NAME_LENGTH_MAX {
        let says = format!("write what your system calls the stay, in {NAME_LENGTH_MAX} letters at the most");
        return Err(Problem::content("/name", says));
    }
    let case = own_case(&signed.subject.party, &new.name);
    may_begin(&app, &signed, &case).await?;
    let entry = entry(&app, &signed, &case, &new.entry, "/entry")?;
    let written = write(&app, &signed, &once, None, &new.entry, entry).await?;
    Ok(created(written))
}

/// The entry that is to be written.
fn entry(app: &App, signed: &Signed, case: &str, new: &NewEntry, at: &str) -> Result<Entry, Problem> {
    if new.kind.trim().is_empty() {
        return Err(Problem::content(
            &format!("{at}/kind"),
            "it says nothing: write a kind of the agreement",
        ));
    }
    fits(new, at)?;
    let values = |map: &BTreeMap<String, serde_json::Value>| {
        map.iter().map(|(name, value)| (name.clone(), Value::from_json(value))).collect()
    };
    let entry = Entry {
        sent: new.sent,
        id: new.id.clone(),
        person: new.person.clone(),
        from: Some(new.from.clone().unwrap_or_else(|| usual_sender(app, signed))),
        to: new.to.clone(),
        facts: values(&new.facts),
        body: new.body.as_ref().map(values),
        ..Entry::new(case, new.kind.clone(), Position(0), new.happened)
    };
    is_own(app, signed, &entry).map_err(|says| Problem::content(&format!("{at}/from"), says))?;
    Ok(entry)
}

/// Letters of a kind, and of an id or name, at the most.
const KIND_LENGTH_MAX: usize = 100;
const NAME_LENGTH_MAX: usize = 250;

/// Refuses texts that are too long.
fn fits(new: &NewEntry, at: &str) -> Result<(), Problem> {
    let texts = [("id", &new.id), ("person", &new.person), ("from", &new.from), ("to", &new.to)];
    let named = new.patient.iter().flat_map(|it| {
        [("patient/given", &it.given), ("patient/middle", &it.middle), ("patient/family", &it.family)]
    });
    let all = texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))).chain(named);
    let all =
        all.map(|(name, text)| (name, text, NAME_LENGTH_MAX)).chain([("kind", &new.kind, KIND_LENGTH_MAX)]);
    let long = all.into_iter().find(|(_, text, length_max)| text.chars().count() > *length_max);
    match long {
        None => Ok(()),
        Some((name, _, length_max)) => {
            Err(Problem::content(&format!("{at}/{name}"), format!("write {length_max} letters at the most")))
        }
    }
}

/// Whom an entry is from that doesn't say: the caller's unit, where there is but one and its name is no other party's too; else the party.
pub(super) fn usual_sender(app: &App, signed: &Signed) -> String {
    let subject = &signed.subject;
    let only = subject.units.first().filter(|_| subject.units.len() == 1);
    let of_party =
        |unit: &&String| app.book().find(unit).is_some_and(|address| address.name == subject.party);
    only.filter(of_party).unwrap_or(&subject.party).clone()
}

/// Refuses an entry that is from another party than the caller's.
pub(super) fn is_own(app: &App, signed: &Signed, entry: &Entry) -> Result<(), &'static str> {
    let from = Ends::of(entry, app.book()).from;
    if from.is_some_and(|end| end.party == signed.subject.party) {
        return Ok(());
    }
    Err("it is another party's: write your own party or a unit of it, or leave it out")
}

async fn write(
    app: &App,
    signed: &Signed,
    once: &Once,
    seen: Option<&[u64]>,
    new: &NewEntry,
    entry: Entry,
) -> Result<Written, Problem> {
    let request = serde_json::to_vec(&(&entry.case, new)).map_err(|error| Problem::failed(&error))?;
    match new.how {
        How::Event => register((app, signed), once, seen, (entry, &request)).await,
        How::Message => send(app, signed, once, seen, (new, entry, &request)).await,
    }
}

async fn register(
    (app, signed): (&App, &Signed),
    once: &Once,
    seen: Option<&[u64]>,
    (entry, request): (Entry, &[u8]),
) -> Result<Written, Problem> {
    let (case, remarks) = (entry.case.clone(), unknown_kind(app, &entry.kind));
    let receipt = append_once((app, signed), once, seen, (entry, request)).await?;
    let is_again = receipt.outcome == Outcome::AlreadyThere;
    Ok(Written { case, position: Some(receipt.first.0), message: None, is_again, remarks })
}

/// What is remarked of a kind that no agreement of the community knows: it is kept, and means nothing.
fn unknown_kind(app: &App, kind: &str) -> Vec<String> {
    let agreements = app.parts().projections.agreements().all();
    let is_known = agreements.iter().flat_map(|it| &it.versions).any(|it| it.kind_called(kind).is_some());
    if is_known {
        Vec::new()
    } else {
        vec![format!("no agreement knows the kind «{kind}»: it is kept, and has no effect")]
    }
}

async fn send(
    app: &App,
    signed: &Signed,
    once: &Once,
    seen: Option<&[u64]>,
    (new, entry, request): (&NewEntry, Entry, &[u8]),
) -> Result<Written, Problem> {
    let (id, case) = (once.message(), entry.case.clone());
    if reserve((app, signed), once, seen, &case, request).await? == Used::Again
        && let Some(again) = sent_before(app, &id).await?
    {
        return Ok(again);
    }
    let entry = Entry { id: Some(id.clone()), ..entry };
    let plan = Plan { steps: vec![Step::Send(entry)] };
    let by = &signed.subject.name;
    let done = app.parts().mailroom.carry_out(&plan, &beside(new), by, app.now()).await?;
    let Some(sent) = done.sent.into_iter().next().filter(|_| !done.is_again) else {
        // The same request at the same time was quicker.
        return sent_before(app, &id).await?.ok_or_else(Problem::key_taken);
    };
    catch_up(app).await;
    let position = position_of(app, &case, &id).await?;
    let mut remarks = sent.sent.remarks;
    remarks.extend(sent.warnings);
    remarks.extend(sent.unsaid.iter().map(|field| format!("the message doesn't say «{field}»")));
    let case = sent.sent.case.unwrap_or(case);
    Ok(Written { case, position, message: Some(sent.sent.number.0), is_again: false, remarks })
}

/// What the caller knows that the log doesn't.
fn beside(new: &NewEntry) -> Beside {
    let mut beside = Beside::default();
    if let Some(name) = &new.patient {
        beside.patient.given_name.clone_from(&name.given);
        beside.patient.middle_name.clone_from(&name.middle);
        beside.patient.family_name.clone_from(&name.family);
    }
    beside
}

/// The message that was sent under an id.
async fn sent_before(app: &App, id: &str) -> Result<Option<Written>, Problem> {
    let parts = app.parts();
    let filter = MessageFilter {
        id: Some(id.to_owned()),
        direction: Some(Direction::Out),
        ..MessageFilter::default()
    };
    let found = parts.store.messages(&parts.community, &filter, MessageNumber(0), 1).await?;
    let Some(line) = found.into_iter().next() else { return Ok(None) };
    let case = line.case.unwrap_or_default();
    let position = position_of(app, &case, id).await?;
    Ok(Some(Written { case, position, message: Some(line.number.0), is_again: true, remarks: Vec::new() }))
}

async fn position_of(app: &App, case: &str, id: &str) -> Result<Option<u64>, Problem> {
    let parts = app.parts();
    let entries = parts.store.case_entries(&parts.community, case).await?;
    Ok(entries.iter().find(|entry| entry.id.as_deref() == Some(id)).map(|entry| entry.position.0))
}

/// The answer to what was written: the same when it is asked for again.
fn created(written: Written) -> Response {
    let position = written.position.map(|position| position.to_string());
    let place = match (&position, written.message) {
        (Some(position), _) => link(&["stays", &written.case, "entries", position]),
        (None, Some(message)) => link(&["messages", &message.to_string()]),
        (None, None) => link(&["stays", &written.case]),
    };
    let is_again = written.is_again;
    let mut response = (StatusCode::CREATED, Json(written)).into_response();
    let headers = response.headers_mut();
    if let Ok(place) = HeaderValue::from_str(&place) {
        headers.insert(header::LOCATION, place);
    }
    if is_again {
        headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}
