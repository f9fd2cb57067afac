use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use jiff::tz::TimeZone;
use samspill_base::{Entry, Position};
use samspill_formats::{Effect, Item, JsonlReader, Limits};
use samspill_service::{access::Action, audit::persons::RegisterError, people::SystemRandom};
use samspill_store::{Append, Outcome, Receipt, StoreError, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    entries::{is_own, usual_sender},
    extract::{Body, Caller, is_of},
    key::{Once, own_case},
    log_out::NDJSON,
    problem::{Problem, ProblemKind},
    write::{catch_up, may_begin, reserve_in},
};
use crate::{App, Signed};

/// Lines that are committed together.
const AT_ONCE: usize = 200;

/// What a key stands for that lines come with: each of them is kept by itself, so that more may follow under the key.
const LINES: &[u8] = b"log";

/// Lines that are handed in at once, at the most.
const LINES_MAX: u64 = 50_000;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LineOutcome {
    /// It was written.
    Appended,
    /// It was written earlier under the same key and line.
    AlreadyThere,
    /// It wasn't written: `says` tells why.
    Refused,
    /// It was written, or isn't an entry, and something is worth a look.
    Remark,
}

/// What became of a line of a log that was handed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LineResult {
    /// The line, from 1.
    line: u64,
    /// What became of it.
    outcome: LineOutcome,
    /// The stay, as the log calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    /// Its position in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// Why it was refused, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<String>,
}

impl LineResult {
    fn refused(line: u64, says: impl Into<String>) -> Self {
        Self { line, outcome: LineOutcome::Refused, case: None, position: None, says: Some(says.into()) }
    }
}

/// Takes a log in, one entry a line, and says for each line what became of it.
///
/// A line is written whole or not at all, and the others don't hang on it. A `case` that the caller may write in is that stay; any other
/// is the party's own name for a stay, as in `POST /api/v1/stays`. Sent again with the same key, each line is written once.
#[utoipa::path(post, path = "/api/v1/log", tag = "log", operation_id = "importLog",
    params(("Idempotency-Key" = String, Header, description = "Made up by the caller; the same again is done once", pattern = "^[!-~]{1,128}$")),
    request_body(content = String, content_type = "application/x-ndjson", description = "Entries, one a line"),
    responses((status = 200, description = "What became of each line: one `LineResult` a line", body = LineResult, content_type = "application/x-ndjson")))]
pub(crate) async fn take(
    State(app): State<App>,
    Caller(signed): Caller,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Response, Problem> {
    is_of(&headers, &[NDJSON, "application/jsonl", "application/ndjson"])?;
    let once = Once::of(&headers, &signed)?;
    let (entries, mut results) = read(&bytes)?;
    let mut desk = Desk { app: &app, signed: &signed, once: &once, cases: BTreeMap::new() };
    for some in entries.chunks(AT_ONCE) {
        results.extend(desk.write(some).await?);
    }
    catch_up(&app).await;
    results.sort_by_key(|result| result.line);
    let mut text = Vec::new();
    for result in results {
        serde_json::to_writer(&mut text, &result).map_err(|error| Problem::failed(&error))?;
        text.push(b'\n');
    }
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON))], text).into_response())
}

/// The entries with their lines, and what is wrong with the other lines.
fn read(bytes: &[u8]) -> Result<(Vec<Entry>, Vec<LineResult>), Problem> {
    let (mut entries, mut results) = (Vec::new(), Vec::new());
    for item in JsonlReader::new(bytes, TimeZone::UTC, Limits::default()) {
        match item.map_err(|error| Problem::new(ProblemKind::Body, error.to_string()))? {
            Item::Entry(entry) => entries.push(entry),
            Item::CaseEnd(_) => {}
            Item::Trouble(trouble) => {
                let outcome = match trouble.effect {
                    Effect::LeftOut => LineOutcome::Refused,
                    Effect::Kept => LineOutcome::Remark,
                };
                let said = LineResult::refused(trouble.place.line, trouble.message.clone());
                results.push(LineResult { outcome, ..said });
            }
        }
        if entries.len() as u64 > LINES_MAX {
            let says = format!("Send {LINES_MAX} lines at a time at the most, each with a key of its own.");
            return Err(Problem::new(ProblemKind::TooLarge, says));
        }
    }
    Ok((entries, results))
}

/// Writes lines for somebody.
struct Desk<'a> {
    app: &'a App,
    signed: &'a Signed,
    once: &'a Once,
    /// What the log calls a stay, or none where the caller may not write.
    cases: BTreeMap<String, Option<String>>,
}

impl Desk<'_> {
    /// Writes some lines in one transaction: when this returns, those that were written are on disk.
    async fn write(&mut self, entries: &[Entry]) -> Result<Vec<LineResult>, Problem> {
        let names: BTreeSet<&str> = entries.iter().map(|entry| entry.case.as_str()).collect();
        for name in names {
            self.settle(name).await?;
        }
        let parts = self.app.parts();
        let mut tx = parts.store.begin(&parts.community).await?;
        reserve_in(&mut tx, self.once, LINES, self.app.now()).await?;
        let mut results = Vec::new();
        for entry in entries {
            results.push(self.line(&mut tx, entry).await?);
        }
        tx.commit().await?;
        Ok(results)
    }

    /// Which stay a name means to the caller.
    async fn settle(&mut self, name: &str) -> Result<(), Problem> {
        if self.cases.contains_key(name) {
            return Ok(());
        }
        let now = self.app.now();
        let found =
            self.app.live().involvement_of(name, now).await.map_err(|error| Problem::failed(&error))?;
        let theirs = found.filter(|it| self.signed.sees(it, Action::WriteStay, now));
        let case = if let Some(involvement) = theirs {
            self.app.may(self.signed, self.signed.purpose(), Action::WriteStay, &involvement).await?;
            Some(name.to_owned())
        } else {
            let own = own_case(&self.signed.subject.party, name);
            match may_begin(self.app, self.signed, &own).await {
                Ok(()) => Some(own),
                Err(refused) if refused.kind == ProblemKind::NotThere => None,
                Err(failed) => return Err(failed),
            }
        };
        self.cases.insert(name.to_owned(), case);
        Ok(())
    }

    /// Appends, and says whose address or identity is protected by it.
    async fn append(&self, tx: &mut Tx, append: &Append) -> Result<Receipt, RegisterError> {
        let receipt = tx.append(append).await?;
        if receipt.outcome == Outcome::Appended {
            let register = &self.app.parts().people_register;
            register.learn_protection(tx, &append.entries, &SystemRandom, self.app.now()).await?;
        }
        Ok(receipt)
    }

    async fn line(&self, tx: &mut Tx, entry: &Entry) -> Result<LineResult, Problem> {
        let line = entry.position.0;
        let Some(Some(case)) = self.cases.get(&entry.case) else {
            return Ok(LineResult::refused(line, "you may not write in this stay, or there is none"));
        };
        let from = entry.from.clone().or_else(|| Some(usual_sender(self.app, self.signed)));
        let entry = Entry {
            case: case.clone(),
            from,
            position: Position(0),
            recorded: None,
            as_of: None,
            ..entry.clone()
        };
        if let Err(says) = is_own(self.app, self.signed, &entry) {
            return Ok(LineResult::refused(line, format!("from: {says}")));
        }
        let key = self.once.line(line).map_err(StoreError::from)?;
        match self.append(tx, &Append::one(key, self.app.now(), entry)).await {
            Ok(receipt) => Ok(LineResult {
                line,
                outcome: match receipt.outcome {
                    Outcome::Appended => LineOutcome::Appended,
                    Outcome::AlreadyThere => LineOutcome::AlreadyThere,
                },
                case: Some(case.clone()),
                position: Some(receipt.first.0),
                says: None,
            }),
            Err(RegisterError::Store(StoreError::KeyTaken { .. })) => Ok(LineResult::refused(
                line,
                "this key and line were used for another entry: send what is new with a new key",
            )),
            Err(RegisterError::Store(StoreError::Entry(wrong))) => {
                Ok(LineResult::refused(line, wrong.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }
}
