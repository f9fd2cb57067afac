//! The calls of the API, one method each.

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    call::{Answer, Call, Caller},
    clock::Clock,
    fault::CallFault,
    line::Line,
    settings::{EdiSettings, SettingsFault},
    tokens::Tokens,
    wire::{ApprecInfo, BusinessDocument, Message, PostAppRec, PostMessage, StatusInfo},
};

/// The service, and how it is with the line to it.
#[derive(Debug)]
pub(super) struct Api {
    caller: Caller,
    pub(super) line: Line,
    own: BTreeSet<u32>,
    page: u32,
    answer_bytes_max: usize,
    request_bytes_max: usize,
}

/// Which end of the unread messages a list begins with, by the time in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Oldest,
    Newest,
}

impl Api {
    pub(super) fn new(
        settings: &EdiSettings,
        tokens: Arc<dyn Tokens>,
        clock: Clock,
    ) -> Result<Self, SettingsFault> {
        Ok(Self {
            caller: Caller::new(settings, tokens, clock.clone())?,
            line: Line::new(clock, settings.retry_first, settings.retry_longest),
            own: settings.own.clone(),
            page: settings.page,
            answer_bytes_max: settings.answer_bytes_max,
            request_bytes_max: settings.request_bytes_max,
        })
    }

    /// The unread messages for our HER-ids, from one end.
    pub(super) async fn unread(&self, from: End) -> Result<Vec<Message>, CallFault> {
        let mut query = self.query(self.own.iter());
        query.push(("OrderBy", if from == End::Oldest { "Ascending" } else { "Descending" }.to_owned()));
        self.json(Call { query, ..Call::get(&["Messages"]) }).await
    }

    /// The unread messages for one of our HER-ids with this `MsgId`.
    pub(super) async fn unread_with(&self, message: &str, to: u32) -> Result<Vec<Message>, CallFault> {
        let mut query = self.query([to].iter());
        query.push(("BusinessDocumentId", message.to_owned()));
        self.json(Call { query, ..Call::get(&["Messages"]) }).await
    }

    fn query<'a>(&self, receivers: impl Iterator<Item = &'a u32>) -> Vec<(&'static str, String)> {
        let mut query: Vec<_> = receivers.map(|her| ("ReceiverHerIds", her.to_string())).collect();
        query.push(("IncludeMetadata", "true".to_owned()));
        query.push(("MessagesToFetch", self.page.to_string()));
        query
    }

    /// The document of a message, byte for byte.
    pub(super) async fn document(&self, id: Uuid) -> Result<Vec<u8>, CallFault> {
        let id = id.to_string();
        let path = ["Messages", id.as_str(), "business-document"];
        let call = Call { answer_bytes_max: self.answer_bytes_max, ..Call::get(&path) };
        let body = self.answer(&call).await?.body.inspect_err(|fault| self.note(fault))?;
        let read = document(&body);
        self.noted(read)
    }

    /// Tells the service that a message is ours to keep now.
    pub(super) async fn mark_read(&self, id: Uuid, to: u32) -> Result<(), CallFault> {
        let (id, to) = (id.to_string(), to.to_string());
        let path = ["Messages", id.as_str(), "read", to.as_str()];
        self.answer(&Call { method: Method::PUT, ..Call::get(&path) }).await.map(drop)
    }

    /// Hands a document over for one receiver. The service's id of it.
    pub(super) async fn post(&self, document: &[u8], to: Option<u32>) -> Result<Uuid, CallFault> {
        let body = packed(document, to)?;
        self.create(&["Messages"], body).await
    }

    /// Hands a receipt over. The service's id of it.
    pub(super) async fn post_receipt(
        &self,
        original: Uuid,
        sender: u32,
        receipt: &PostAppRec,
    ) -> Result<Uuid, CallFault> {
        let (original, sender) = (original.to_string(), sender.to_string());
        self.create(&["Messages", &original, "apprec", &sender], json_of(receipt)?).await
    }

    /// How far a message of ours came, by receiver.
    pub(super) async fn status(&self, id: Uuid) -> Result<Vec<StatusInfo>, CallFault> {
        self.json(Call::get(&["Messages", &id.to_string(), "status"])).await
    }

    /// The receipts of a message, by its receiver.
    pub(super) async fn receipts(&self, id: Uuid) -> Result<Vec<ApprecInfo>, CallFault> {
        self.json(Call::get(&["Messages", &id.to_string(), "apprec"])).await
    }

    /// How large a request may be, in bytes.
    pub(super) fn request_bytes_max(&self) -> usize {
        self.request_bytes_max
    }

    async fn json<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, CallFault> {
        let body = self.answer(&call).await?.body.inspect_err(|fault| self.note(fault))?;
        let read = serde_json::from_slice(&body).map_err(|error| unreadable(&error));
        self.noted(read)
    }

    async fn create(&self, path: &[&str], body: Vec<u8>) -> Result<Uuid, CallFault> {
        let answer = self.answer(&Call::post(path, body)).await?;
        self.noted(created(&answer))
    }

    /// An answer, and what it means for the line. Not asked at all while the service wants to be left alone.
    async fn answer(&self, call: &Call<'_>) -> Result<Answer, CallFault> {
        if let Some(left) = self.line.quiet_for() {
            let says = format!("the message service asked us to wait, for {} s still", left.as_secs() + 1);
            return Err(CallFault::not_done(says));
        }
        let begun = Instant::now();
        let answer = self.caller.call(call).await;
        tracing::debug!(method = %call.method, took = ?begun.elapsed(), "called the message service");
        match &answer {
            Ok(_) => self.line.works(),
            // Nothing can come while even the list is refused.
            Err(fault) if call.method == Method::GET && call.path == ["Messages"] => self.line.fails(fault),
            Err(fault) => self.note(fault),
        }
        answer
    }

    fn noted<T>(&self, read: Result<T, CallFault>) -> Result<T, CallFault> {
        read.inspect_err(|fault| self.note(fault))
    }

    fn note(&self, fault: &CallFault) {
        match fault {
            CallFault::Refused(_) => self.line.works(),
            CallFault::NotDone { .. } | CallFault::Unsure { .. } | CallFault::Unreadable { .. } => {
                self.line.fails(fault);
            }
        }
    }
}

/// A document as it is posted. What it is made of is let go of before it is sent: it may be large.
fn packed(document: &[u8], to: Option<u32>) -> Result<Vec<u8>, CallFault> {
    json_of(&PostMessage {
        business_document: &STANDARD.encode(document),
        content_type: "application/xml",
        content_transfer_encoding: "base64",
        receiver_her_ids_subset: to.map(|to| [to]),
    })
}

fn json_of(request: &impl Serialize) -> Result<Vec<u8>, CallFault> {
    serde_json::to_vec(request).map_err(|error| CallFault::not_done(error.to_string()))
}

/// The service's id of what it made: from its answer, or from where it says that the thing is.
fn created(answer: &Answer) -> Result<Uuid, CallFault> {
    let written = || serde_json::from_slice::<&str>(answer.body.as_deref().ok()?).ok()?.parse().ok();
    let place = || answer.location.as_deref()?.rsplit('/').next()?.parse().ok();
    let id = if answer.status == StatusCode::CREATED { written().or_else(place) } else { None };
    id.ok_or_else(|| CallFault::Unreadable {
        says: format!(
            "the message service answers {} without the id of what it made",
            answer.status.as_u16()
        ),
    })
}

fn document(body: &[u8]) -> Result<Vec<u8>, CallFault> {
    let answer: BusinessDocument<'_> = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    if !answer.content_transfer_encoding.eq_ignore_ascii_case("base64") {
        let says = "a document isn't packed as base64".to_owned();
        return Err(CallFault::Unreadable { says });
    }
    STANDARD.decode(answer.business_document.as_bytes()).map_err(|_| CallFault::Unreadable {
        says: "a document isn't the base64 that it says it is".to_owned(),
    })
}

/// Where an answer stops being what the API says, without a word of it.
fn unreadable(error: &serde_json::Error) -> CallFault {
    let (what, line, column) = (error.classify(), error.line(), error.column());
    CallFault::Unreadable {
        says: format!(
            "an answer isn't as the API describes it ({what:?} fault, line {line} column {column})"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "3d924740-9f7b-4c33-93af-ff72e118d1e6";

    fn id_of(status: u16, body: &str, location: Option<&str>) -> Option<String> {
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            location: location.map(str::to_owned),
            body: Ok(body.as_bytes().to_vec()),
        };
        created(&answer).ok().map(|id| id.to_string())
    }

    #[test]
    fn what_was_made_is_named_by_the_answer_or_by_its_place() {
        let quoted = format!("\"{ID}\"");
        let place = format!("https://edi.example/Messages/{ID}");
        assert_eq!(id_of(201, &quoted, None).as_deref(), Some(ID));
        assert_eq!(id_of(201, "<html>", Some(&place)).as_deref(), Some(ID));
        assert_eq!(id_of(201, "", None), None, "nobody can say what became of it");
        assert_eq!(id_of(200, &quoted, Some(&place)), None, "the API answers 201");
    }

    #[test]
    fn a_document_is_base64_in_json_and_nothing_else() {
        let of = |json: &str| document(json.as_bytes()).ok();
        let whole =
            r#"{"businessDocument":"YWI=","contentType":"x","contentTransferEncoding":"base64","new":[1]}"#;
        assert_eq!(of(whole).as_deref(), Some(b"ab".as_slice()));
        assert_eq!(of(&whole.replace("\"base64\"", "\"gzip\"")), None);
        assert_eq!(of(&whole.replace("YWI=", "YW*=")), None);
        assert_eq!(of("{}"), None);
        assert_eq!(of(&"[".repeat(100_000)), None);
    }
}
