use axum::{extract::State, response::Response};
use jiff::Timestamp;
use samspill_formats::messages::types;
use samspill_service::{access::Action, exchange::monitor::Tracked};
use serde::Serialize;

use super::{
    about, answer, bundle,
    communication::{identifier, kind, lines, one},
    ids,
    search::{Asked, Sent},
    types::{Concept, Identifier, Meta, Reference, Resource},
};
use crate::{
    App,
    api::{Attachment as File, Caller, Cursor, Path, Problem, link, may_read},
};

/// The system of kinds of message.
pub(super) const KINDS: &str = "urn:oid:2.16.578.1.12.4.1.1.8279";

/// A message as a document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DocumentReference {
    resource_type: &'static str,
    id: String,
    meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<Identifier>,
    status: &'static str,
    doc_status: &'static str,
    #[serde(rename = "type")]
    kind: Concept,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Reference>,
    date: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Reference>,
    content: Vec<Content>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
}

#[derive(Debug, Serialize)]
struct Content {
    attachment: Attachment,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    content_type: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<usize>,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
}

#[derive(Debug, Serialize)]
struct Context {
    encounter: Vec<Reference>,
}

impl Resource for DocumentReference {
    const TYPE: &'static str = "DocumentReference";

    fn id(&self) -> &str {
        &self.id
    }
}

impl DocumentReference {
    fn of(app: &App, line: &Tracked, size: Option<usize>, files: &[types::Attachment]) -> Self {
        let id = line.number.to_string();
        let url = |path: String| format!("{}{path}", app.parts().settings.origin);
        let document = Attachment {
            content_type: "application/xml".to_owned(),
            url: url(link(&["messages", &id, "document"])),
            size,
            title: line.kind.clone(),
        };
        let files = files.iter().zip(1..).map(|(file, place)| {
            let file = File::of(line.number, place, file);
            Attachment {
                content_type: file.media_type,
                url: url(file.href),
                size: file.bytes,
                title: file.description,
            }
        });
        Self {
            resource_type: Self::TYPE,
            meta: Meta { last_updated: Some(line.at), ..Meta::default() },
            identifier: identifier(line),
            status: "current",
            doc_status: "final",
            kind: Concept::code(KINDS, kind(line), None),
            subject: line.case.as_deref().and_then(|case| about::subject(app, case)),
            date: line.at,
            author: about::party(app, &line.from).into_iter().collect(),
            content: std::iter::once(document)
                .chain(files)
                .map(|attachment| Content { attachment })
                .collect(),
            context: line
                .case
                .as_deref()
                .map(|case| Context { encounter: vec![Reference::to("Encounter", &ids::encounter(case))] }),
            id,
        }
    }
}

/// A message that the caller may read, with its files.
pub(super) async fn read(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(number): Path<u64>,
) -> Result<Response, Problem> {
    let line = one(&app, &signed, number).await?;
    let kept = may_read(&app, &signed, number).await?;
    let message = app.parts().mailroom.read(&kept);
    let files = message.as_ref().map(|message| message.attachments.as_slice()).unwrap_or_default();
    Ok(answer(&DocumentReference::of(&app, &line, Some(kept.bytes.len()), files)))
}

/// Messages that the caller may read, without their files.
pub(super) async fn search(
    State(app): State<App>,
    Caller(signed): Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let known = ["identifier", "patient", "subject", "encounter", "status", "type", "date"];
    let asked = Asked::read(sent, &known)?;
    let (after, count) = bundle::paging(&asked)?;
    let make = |line: Tracked| {
        let it = DocumentReference::of(&app, &line, None, &[]);
        let is_asked = asked.is_code("status", "", it.status)
            && asked.is_code("type", KINDS, &line.kind)
            && asked.at("date", Some(it.date))?
            && asked.at("_lastUpdated", it.meta.last_updated)?;
        Ok(is_asked.then(|| (Cursor::at(line.number), it)))
    };
    let found = lines(&app, &signed, &asked, (after.position, count + 1), make).await?;
    app.listed(&signed, Action::ListStay, "fhir DocumentReference", found.len().min(count)).await?;
    Ok(bundle::page(&app, &asked, count, found))
}
