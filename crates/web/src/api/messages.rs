use std::collections::BTreeMap;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_base::{Entry, Position};
use samspill_formats::{
    messages::{show, types},
    xml,
};
use samspill_service::{
    access::{Action, Ends, Involvement, Resource},
    exchange::monitor::{Tracked, tracked},
};
use samspill_store::{Direction, KeptMessage, MessageFilter, MessageNumber, Standing};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    asked::asked,
    cursor::{Cursor, limit},
    explain::InLanguage,
    extract::{Caller, Path, Query},
    link,
    page::{Page, page},
    problem::Problem,
    shape::{self, Attachment, MessageSummary, attachment_type},
};
use crate::{App, Signed, front::own_ends, pages::read_of};

/// Messages that are looked through at a time.
const AT_ONCE: usize = 200;

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessagesAsked {
    /// Those that go this way.
    #[param(inline)]
    direction: Option<DirectionWord>,
    /// Those of this kind: a code of 8279.
    kind: Option<String>,
    /// Those of this stay.
    case: Option<String>,
    /// Those with this id (`MsgId`).
    id: Option<String>,
    /// Those that stand so.
    #[param(inline)]
    standing: Option<StandingWord>,
    /// Those that came or were handed in at this instant or later.
    since: Option<Timestamp>,
    /// Those that came or were handed in before this instant.
    until: Option<Timestamp>,
    /// The cursor of an earlier page.
    #[param(pattern = "^[0-9a-f]{1,15}([.]([0-9a-f]{2})*)?$", example = "4b7")]
    after: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DirectionWord {
    /// It came to us.
    In,
    /// We made it.
    Out,
}

impl DirectionWord {
    fn direction(self) -> Direction {
        match self {
            Self::In => Direction::In,
            Self::Out => Direction::Out,
        }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StandingWord {
    /// It was taken in, or handed in for sending.
    Taken,
    /// A person must answer something first.
    Question,
    /// It was here before.
    Duplicate,
    /// Another one with its id was here before.
    Conflict,
    /// It was rejected.
    Refused,
    /// Nobody can tell what it is.
    Unreadable,
    /// It is for somebody else.
    NotOurs,
    /// It was a question, and a person has answered.
    Settled,
}

impl StandingWord {
    fn standing(self) -> Standing {
        match self {
            Self::Taken => Standing::Taken,
            Self::Question => Standing::Question,
            Self::Duplicate => Standing::Duplicate,
            Self::Conflict => Standing::Conflict,
            Self::Refused => Standing::Refused,
            Self::Unreadable => Standing::Unreadable,
            Self::NotOurs => Standing::NotOurs,
            Self::Settled => Standing::Settled,
        }
    }
}

impl MessagesAsked {
    fn filter(&self) -> MessageFilter {
        MessageFilter {
            direction: self.direction.map(DirectionWord::direction),
            kind: self.kind.clone(),
            case: self.case.clone(),
            id: self.id.clone(),
            standing: self.standing.map(StandingWord::standing),
            since: self.since,
            until: self.until,
            ..MessageFilter::default()
        }
    }

    fn asked(&self) -> String {
        asked(&[
            ("direction", self.direction.map(|it| it.direction().as_str().to_owned())),
            ("kind", self.kind.clone()),
            ("case", self.case.clone()),
            ("id", self.id.clone()),
            ("standing", self.standing.map(|it| it.standing().as_str().to_owned())),
            ("since", self.since.map(|it| it.to_string())),
            ("until", self.until.map(|it| it.to_string())),
        ])
    }
}

/// The messages that the caller may see, in the order in which they were kept.
#[utoipa::path(get, path = "/api/v1/messages", tag = "messages", operation_id = "listMessages", params(MessagesAsked),
    responses((status = 200, description = "A page of messages", body = Page<MessageSummary>)))]
pub(crate) async fn list(
    State(app): State<App>,
    Caller(signed): Caller,
    Query(query): Query<MessagesAsked>,
) -> Result<Response, Problem> {
    let (after, limit, filter) = (Cursor::read(query.after.as_deref())?, limit(query.limit)?, query.filter());
    let mut door = MessageDoor::new(&app, &signed);
    let found = door.list(filter, after.position, limit + 1).await?;
    app.listed(&signed, Action::ListStay, "messages", found.len().min(limit)).await?;
    let found = found.iter().map(|it| (Cursor::at(it.number), MessageSummary::of(it)));
    Ok(page(&link(&["messages"]), &query.asked(), (after, limit), found.collect()))
}

/// A message: what it says as people read it, and its files.
#[utoipa::path(get, path = "/api/v1/messages/{number}", tag = "messages", operation_id = "readMessage",
    params(("number" = u64, Path, description = "Its number"), InLanguage),
    responses((status = 200, description = "The message", body = shape::Message)))]
pub(crate) async fn one(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(number): Path<u64>,
    Query(language): Query<InLanguage>,
) -> Result<Json<shape::Message>, Problem> {
    let kept = may_read(&app, &signed, number).await?;
    let filter = MessageFilter { id: Some(kept.id.clone()), ..MessageFilter::default() };
    let after = MessageNumber(number.saturating_sub(1));
    let lines = tracked(&app.parts().mailroom, &filter, after, 1, app.now()).await?;
    let line = lines.first().filter(|line| line.number == number).ok_or_else(Problem::not_there)?;
    let read = app.parts().mailroom.read(&kept);
    let files = read.as_ref().map(|message| message.attachments.as_slice()).unwrap_or_default();
    Ok(Json(shape::Message {
        summary: MessageSummary::of(line),
        text: read.as_ref().and_then(|it| text(&app, &kept, it, language.or(&signed))).unwrap_or_default(),
        document: link(&["messages", &number.to_string(), "document"]),
        attachments: files.iter().zip(1..).map(|(file, place)| Attachment::of(number, place, file)).collect(),
    }))
}

/// The document of a message, byte by byte as it came or went.
#[utoipa::path(get, path = "/api/v1/messages/{number}/document", tag = "messages", operation_id = "readMessageDocument",
    params(("number" = u64, Path, description = "Its number")),
    responses((status = 200, description = "The document", body = String, content_type = "application/xml")))]
pub(crate) async fn document(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(number): Path<u64>,
) -> Result<Response, Problem> {
    let kept = may_read(&app, &signed, number).await?;
    Ok(file("application/xml", &format!("melding-{number}.xml"), kept.bytes))
}

/// A file that came with a message.
#[utoipa::path(get, path = "/api/v1/messages/{number}/attachments/{attachment}", tag = "messages", operation_id = "readAttachment",
    params(("number" = u64, Path, description = "The message's number"), ("attachment" = usize, Path, description = "The file's number in it, from 1")),
    responses((status = 200, description = "The file", content((String = "application/pdf"), (String = "image/jpeg"), (String = "image/png"), (String = "application/octet-stream")))))]
pub(crate) async fn attachment(
    State(app): State<App>,
    Caller(signed): Caller,
    Path((number, attachment)): Path<(u64, usize)>,
) -> Result<Response, Problem> {
    let kept = may_read(&app, &signed, number).await?;
    let message = app.parts().mailroom.read(&kept).ok_or_else(Problem::not_there)?;
    let place = attachment.checked_sub(1).ok_or_else(Problem::not_there)?;
    let found = message.attachments.into_iter().nth(place).ok_or_else(Problem::not_there)?;
    let bytes = found.bytes.ok_or_else(Problem::not_there)?;
    Ok(file(attachment_type(found.detected), &format!("melding-{number}-vedlegg-{attachment}"), bytes))
}

/// A file to be kept, never to be shown by a browser.
fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn text(app: &App, kept: &KeptMessage, message: &types::Message, language: Language) -> Option<String> {
    let settings = app.parts().mailroom.settings();
    let text = xml::decode(&kept.bytes, &settings.xml).ok()?;
    let document = xml::parse(&text, &settings.xml).ok()?;
    let language = match language {
        Language::Bokmal => show::Language::Bokmal,
        Language::Nynorsk => show::Language::Nynorsk,
        Language::English => show::Language::English,
    };
    Some(show::text(&document, message, language))
}

/// A message that the caller may read. What is read is in the access log.
pub(crate) async fn may_read(app: &App, signed: &Signed, number: u64) -> Result<KeptMessage, Problem> {
    let parts = app.parts();
    let kept = parts.store.message(&parts.community, MessageNumber(number)).await?;
    let kept = kept.ok_or_else(Problem::not_there)?;
    let mut door = MessageDoor::new(app, signed);
    if let Some(case) = &kept.case {
        let involvement = door.involvement(case).await?.ok_or_else(Problem::not_there)?;
        if !door.sees(&involvement, &kept.from, &kept.to) {
            // That somebody tried is written down.
            let ends = Ends::of(&between(&kept.from, &kept.to), app.book());
            let entry = Resource::Entry(&involvement, &ends);
            app.may_in(signed, signed.purpose(), Action::ReadMessage, entry).await?;
        }
        app.may(signed, signed.purpose(), Action::ReadMessage, &involvement).await?;
        return Ok(kept);
    }
    if !door.is_own(&kept.from, &kept.to) {
        return Err(Problem::not_there());
    }
    let own = Resource::Party(&signed.subject.party);
    app.may_in(signed, signed.purpose(), Action::PlaceMessage, own).await?;
    read_of(app, signed, &kept).await?;
    Ok(kept)
}

/// Which messages somebody sees.
#[derive(Debug)]
pub(crate) struct MessageDoor<'a> {
    app: &'a App,
    signed: &'a Signed,
    now: Timestamp,
    known: BTreeMap<String, Option<std::sync::Arc<Involvement>>>,
}

impl<'a> MessageDoor<'a> {
    pub(crate) fn new(app: &'a App, signed: &'a Signed) -> Self {
        Self { app, signed, now: app.now(), known: BTreeMap::new() }
    }

    /// Up to `limit` messages after a number that the caller sees.
    pub(crate) async fn list(
        &mut self,
        filter: MessageFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Tracked>, Problem> {
        self.pick(filter, after, limit, |line| Ok(Some(line))).await
    }

    /// What is made of up to `limit` messages after a number that the caller sees, of those that anything is made of. Messages between
    /// others are not looked at one by one.
    pub(crate) async fn pick<R>(
        &mut self,
        filter: MessageFilter,
        after: u64,
        limit: usize,
        make: impl Fn(Tracked) -> Result<Option<R>, Problem>,
    ) -> Result<Vec<R>, Problem> {
        let filter = MessageFilter { ends: own_ends(self.app.book(), &self.signed.subject.party), ..filter };
        let (mut found, mut after) = (Vec::new(), MessageNumber(after));
        loop {
            let lines = tracked(&self.app.parts().mailroom, &filter, after, AT_ONCE, self.now).await?;
            let Some(last) = lines.last() else { return Ok(found) };
            after = MessageNumber(last.number);
            for line in lines {
                if self.lists(&line).await? {
                    found.extend(make(line)?);
                }
                if found.len() == limit {
                    return Ok(found);
                }
            }
        }
    }

    async fn lists(&mut self, line: &Tracked) -> Result<bool, Problem> {
        match &line.case {
            Some(case) => {
                let involvement = self.involvement(case).await?;
                Ok(involvement.is_some_and(|it| self.sees(&it, &line.from, &line.to)))
            }
            None => Ok(self.is_own(&line.from, &line.to) && self.may_place()),
        }
    }

    async fn involvement(&mut self, case: &str) -> Result<Option<std::sync::Arc<Involvement>>, Problem> {
        if let Some(known) = self.known.get(case) {
            return Ok(known.clone());
        }
        let found =
            self.app.live().involvement_of(case, self.now).await.map_err(|error| Problem::failed(&error))?;
        self.known.insert(case.to_owned(), found.clone());
        Ok(found)
    }

    /// Whether the caller sees a message of a stay: it may read messages of the stay, and this one is its party's.
    fn sees(&self, involvement: &Involvement, from: &str, to: &str) -> bool {
        self.signed.sees(involvement, Action::ReadMessage, self.now)
            && self.signed.sees_entry(involvement, &between(from, to), self.app.book(), self.now)
    }

    /// Whether an end of a message is the caller's party.
    fn is_own(&self, from: &str, to: &str) -> bool {
        Ends::of(&between(from, to), self.app.book()).has(&self.signed.subject.party)
    }

    fn may_place(&self) -> bool {
        let (subject, purpose) = (&self.signed.subject, self.signed.purpose());
        let party = Resource::Party(&subject.party);
        self.app.parts().policy.decide(subject, purpose, Action::PlaceMessage, party, self.now).is_allowed
    }
}

/// An entry between two HER-ids: what the address book knows the ends of a message by.
fn between(from: &str, to: &str) -> Entry {
    let named = |her: &str| Some(her.to_owned()).filter(|her| !her.is_empty());
    Entry { from: named(from), to: named(to), ..Entry::new("", "", Position(0), Timestamp::UNIX_EPOCH) }
}
