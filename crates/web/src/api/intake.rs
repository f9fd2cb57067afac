use std::collections::BTreeSet;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use samspill_base::{Entry, Position};
use samspill_service::{
    access::{Action, End, Ends, Involvement, Means, Protection},
    exchange::mailroom::{Handed, HandedIn},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    extract::{Body, Caller, is_of},
    link,
    problem::Problem,
};
use crate::{App, Signed};

/// The channel of messages that are handed in here.
const CHANNEL: &str = "api";

/// What became of a message that was handed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandedInMessage {
    /// Its number.
    number: u64,
    /// `in`, or `out` of one that was made by a system of ours and is sent on.
    direction: String,
    /// Whether this very message was here before: then nothing was written.
    is_again: bool,
    /// The stay that it belongs to, if that is settled.
    case: Option<String>,
    /// What became of it: `taken`, `question`, `refused` …
    standing: String,
    /// How many entries it gave the log.
    entries: usize,
    /// How many receipts go out for it.
    receipts: usize,
    /// How many of them reject it.
    rejections: usize,
    /// What was decided about it and why, and what is worth a look.
    remarks: Vec<String>,
    /// Where it is.
    #[schema(format = "uri-reference")]
    href: String,
}

/// Takes in one message of a record system: one that comes from outside for the caller's party, or one that a system of the caller's
/// party has made and that is to be sent.
///
/// What one of the community's own parties has made is handed in by that party alone. What comes from outside is handed in by the
/// receiver's system, with a token: a person who is logged in writes messages, and brings none.
///
/// When the answer comes, the message is on disk with all that follows from it. The same message again is taken once, by its id.
#[utoipa::path(post, path = "/api/v1/messages", tag = "messages", operation_id = "handInMessage",
    request_body(content = String, content_type = "application/xml", description = "The document"),
    responses((status = 201, description = "It was taken in", body = HandedInMessage), (status = 200, description = "It was here before", body = HandedInMessage)))]
pub(crate) async fn hand_in(
    State(app): State<App>,
    Caller(signed): Caller,
    headers: HeaderMap,
    Body(bytes): Body,
) -> Result<Response, Problem> {
    is_of(&headers, &["application/xml", "text/xml"])?;
    let mailroom = &app.parts().mailroom;
    let handed = mailroom.opened(bytes.into());
    may_hand_in(&app, &signed, &handed).await?;
    let handed = mailroom.hand_in(handed, CHANNEL, app.now()).await?;
    let taken = told(&handed);
    let status = if taken.is_again { StatusCode::OK } else { StatusCode::CREATED };
    let place = HeaderValue::from_str(&taken.href).unwrap_or(HeaderValue::from_static("/api/v1/messages"));
    Ok((status, [(header::LOCATION, place)], Json(taken)).into_response())
}

/// Refuses a message that isn't the caller's to hand in.
async fn may_hand_in(app: &App, signed: &Signed, handed: &Handed) -> Result<(), Problem> {
    let ends = handed.ends().filter(|(from, to)| !from.is_empty() || !to.is_empty());
    let (from, to) = ends.ok_or_else(|| {
        let fault = handed.fault();
        let says = "it names neither a sender nor a receiver by HER-id: send a message of a Norwegian record standard, as XML";
        Problem::content("", if fault.is_empty() { says.to_owned() } else { fault })
    })?;
    let named = |her: &str| Some(her.to_owned()).filter(|her| !her.is_empty());
    let (from, to) = (named(&from), named(&to));
    let entry = Entry { from, to, ..Entry::new("", "", Position(0), app.now()) };
    let ends = Ends::of(&entry, app.book());
    let of_caller = if app.parts().mailroom.is_from_us(handed) {
        ends.from
    } else {
        ends.to.filter(|_| signed.subject.means == Means::Machine)
    };
    let own = of_caller.filter(|end| end.party == signed.subject.party);
    app.may(signed, signed.purpose(), Action::WriteStay, &between(own.as_ref(), app.now())).await?;
    Ok(())
}

/// As a stay that nobody takes part in but the end that the caller is.
fn between(own: Option<&End>, now: Timestamp) -> Involvement {
    Involvement {
        case: String::new(),
        parties: own.map(|end| end.party.clone()).into_iter().collect(),
        units: own.and_then(|end| Some((end.party.clone(), end.unit.clone()?))).into_iter().collect(),
        payers: BTreeSet::new(),
        is_open: true,
        last: now,
        protection: Protection::None,
    }
}

fn told(handed: &HandedIn) -> HandedInMessage {
    let href = |number: u64| link(&["messages", &number.to_string()]);
    match handed {
        HandedIn::Sent(sent) => HandedInMessage {
            number: sent.number.0,
            direction: "out".to_owned(),
            is_again: sent.is_again,
            case: sent.case.clone(),
            standing: "taken".to_owned(),
            entries: sent.entries,
            receipts: 0,
            rejections: 0,
            remarks: sent.remarks.clone(),
            href: href(sent.number.0),
        },
        HandedIn::Taken(taken) => HandedInMessage {
            number: taken.number.0,
            direction: "in".to_owned(),
            is_again: taken.is_again,
            case: taken.case.clone(),
            standing: taken.standing.as_str().to_owned(),
            entries: taken.entries,
            receipts: taken.receipts,
            rejections: taken.rejections,
            remarks: taken
                .why
                .iter()
                .cloned()
                .chain(taken.questions.iter().map(|it| it.text.clone()))
                .collect(),
            href: href(taken.number.0),
        },
    }
}
