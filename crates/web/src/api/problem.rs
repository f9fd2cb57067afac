use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use samspill_service::{
    audit::persons::RegisterError,
    exchange::{mailroom::MailError, meaning::SendError},
    projections::BoardError,
};
use samspill_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Refused;

/// The media type of problems (RFC 9457).
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// What to do where the fault is the machine's.
const FAILED: &str = "Try again in a while; if it goes on, give the operator the value of `instance`.";

/// What to do where more isn't known.
pub(crate) const DESCRIBED: &str = "See the description of the API at /openapi.json.";

/// What can go wrong, each with its URI, title and status. Programs branch on the URI: it keeps its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// Nobody is signed in.
    NotSignedIn,
    /// What came with a session doesn't prove that it comes from there.
    Forged,
    /// The token isn't for what is asked of it.
    Scope,
    /// There is no such thing, or it is not for the caller: these two look alike.
    NotThere,
    /// A parameter or header can't be understood.
    Parameter,
    /// The body isn't of the form that is asked for.
    Body,
    /// The body is of the right form and makes no sense.
    Content,
    /// A key for doing it once is missing.
    KeyMissing,
    /// The key stands for something else.
    KeyTaken,
    /// What is there is newer than what the caller has seen.
    Changed,
    /// The method isn't for this place.
    Method,
    /// The media type isn't taken.
    MediaType,
    /// The media type that is wanted isn't given.
    NotAcceptable,
    /// The body is too large.
    TooLarge,
    /// Too many requests, for now.
    TooMany,
    /// It would take too long, or the database is busy: the same again may go well.
    Busy,
    /// The machine failed.
    Failed,
}

impl ProblemKind {
    /// All of them, in the order of the type.
    pub(crate) const ALL: [Self; 17] = [
        Self::NotSignedIn,
        Self::Forged,
        Self::Scope,
        Self::NotThere,
        Self::Parameter,
        Self::Body,
        Self::Content,
        Self::KeyMissing,
        Self::KeyTaken,
        Self::Changed,
        Self::Method,
        Self::MediaType,
        Self::NotAcceptable,
        Self::TooLarge,
        Self::TooMany,
        Self::Busy,
        Self::Failed,
    ];

    /// Its name in the URI.
    pub(crate) fn slug(self) -> &'static str {
        self.row().0
    }

    /// The status of the answer.
    pub(crate) fn status(self) -> StatusCode {
        self.row().1
    }

    /// What it is called.
    pub(crate) fn title(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::NotSignedIn => ("not-signed-in", StatusCode::UNAUTHORIZED, "Nobody is signed in"),
            Self::Forged => ("forged", StatusCode::FORBIDDEN, "The session isn't enough"),
            Self::Scope => ("scope", StatusCode::FORBIDDEN, "The token isn't for this"),
            Self::NotThere => ("not-there", StatusCode::NOT_FOUND, "There is no such thing"),
            Self::Parameter => ("parameter", StatusCode::BAD_REQUEST, "A parameter can't be understood"),
            Self::Body => ("body", StatusCode::BAD_REQUEST, "The body can't be read"),
            Self::Content => ("content", StatusCode::UNPROCESSABLE_ENTITY, "The content makes no sense"),
            Self::KeyMissing => {
                ("key-missing", StatusCode::BAD_REQUEST, "There is no key for doing this once")
            }
            Self::KeyTaken => ("key-taken", StatusCode::CONFLICT, "The key stands for something else"),
            Self::Changed => ("changed", StatusCode::PRECONDITION_FAILED, "It was changed after you read it"),
            Self::Method => ("method", StatusCode::METHOD_NOT_ALLOWED, "The method isn't for this place"),
            Self::MediaType => {
                ("media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The media type isn't taken here")
            }
            Self::NotAcceptable => {
                ("not-acceptable", StatusCode::NOT_ACCEPTABLE, "It isn't given in the media type you want")
            }
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "It is too large"),
            Self::TooMany => ("too-many", StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Self::Busy => ("busy", StatusCode::SERVICE_UNAVAILABLE, "Not at this moment"),
            Self::Failed => ("failed", StatusCode::INTERNAL_SERVER_ERROR, "The server failed"),
        }
    }

    /// The kind of an answer that somebody else made.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        if status == StatusCode::REQUEST_TIMEOUT {
            return Self::Busy;
        }
        Self::ALL.into_iter().find(|kind| kind.status() == status).unwrap_or(if status.is_server_error() {
            Self::Failed
        } else {
            Self::Parameter
        })
    }
}

/// Why a request isn't answered: what went wrong, and what to do.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    pub(crate) detail: String,
    pub(crate) errors: Vec<Pointed>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A mistake in what was sent, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Pointed {
    /// Where in the body, as a JSON pointer (RFC 6901); of a parameter or header its name.
    #[schema(example = "/happened")]
    pub(crate) pointer: String,
    /// What is wrong, and what to write instead.
    pub(crate) detail: String,
}

/// A problem as it is written (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// What went wrong: a relative URI that keeps its meaning. Branch on it.
    #[serde(rename = "type")]
    #[schema(example = "/api/v1/problems/not-there")]
    pub(crate) kind: String,
    /// What went wrong, in words that are the same each time.
    pub(crate) title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub(crate) status: u16,
    /// What to do.
    pub(crate) detail: String,
    /// The request's id, to quote when asking for help.
    pub(crate) instance: String,
    /// Each mistake with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<Pointed>,
}

impl Problem {
    /// A problem of this kind.
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), headers: Vec::new() }
    }

    /// What isn't there, or isn't the caller's. Always the same words.
    pub(crate) fn not_there() -> Self {
        Self::new(
            ProblemKind::NotThere,
            "Check the address. What you may not see is answered as what isn't there.",
        )
    }

    /// A parameter that can't be understood.
    pub(crate) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(ProblemKind::Parameter, format!("{name}: {detail}")).at(name, detail)
    }

    /// Content that makes no sense, at a place of the body.
    pub(crate) fn content(pointer: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(ProblemKind::Content, detail.clone()).at(pointer, detail)
    }

    /// The same with a mistake and its place.
    pub(crate) fn at(mut self, pointer: &str, detail: impl Into<String>) -> Self {
        self.errors.push(Pointed { pointer: pointer.to_owned(), detail: detail.into() });
        self
    }

    /// The same with a header.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Puts its headers into those of an answer: one may be there several times.
    pub(crate) fn put_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
    }

    /// The problem as it is written for a request.
    pub(crate) fn body(&self, instance: &str) -> ProblemBody {
        ProblemBody {
            kind: format!("/api/v1/problems/{}", self.kind.slug()),
            title: self.kind.title().to_owned(),
            status: self.kind.status().as_u16(),
            detail: self.detail.clone(),
            instance: instance.to_owned(),
            errors: self.errors.clone(),
        }
    }
}

/// The body is written by the layer around all routes, which knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem as an answer, for a request with this id.
pub(crate) fn written(problem: &Problem, instance: &str) -> Response {
    let mut response = (problem.kind.status(), Json(problem.body(instance))).into_response();
    problem.put_headers(response.headers_mut());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    response
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotSignedIn => Self::new(
                ProblemKind::NotSignedIn,
                "Sign in, or send an access token in the Authorization header.",
            ),
            Refused::NotAllowed(_) | Refused::NotThere => Self::not_there(),
            Refused::Wrong(says) => Self::new(ProblemKind::Content, says),
            Refused::Changed => {
                Self::new(ProblemKind::Changed, "Read it again, and send what holds for it now.")
            }
            Refused::Forged => Self::new(
                ProblemKind::Forged,
                "Send the form token of the session in X-Form-Token, or use an access token instead of the session.",
            ),
            Refused::TooMany { seconds } => {
                Self::new(ProblemKind::TooMany, "Wait as long as Retry-After says.")
                    .with(header::RETRY_AFTER, &seconds.to_string())
            }
            Refused::TooLarge => Self::new(ProblemKind::TooLarge, "Send less at a time."),
            Refused::TooSlow => {
                Self::new(ProblemKind::Busy, "Ask for less at a time, or try again in a while.")
            }
            Refused::Failed(error) => Self::failed(&*error),
        }
    }
}

impl Problem {
    /// What a layer in front refused, by the status that it gave: with its own words, if it has any, and the seconds to wait.
    pub(crate) fn of_refusal(status: StatusCode, says: Option<String>, wait: Option<u64>) -> Self {
        let refused = match (status.as_u16(), says) {
            (401, _) => Refused::NotSignedIn,
            (403, _) => Refused::Forged,
            (404 | 410, _) => Refused::NotThere,
            (408, _) => Refused::TooSlow,
            (409, _) => Refused::Changed,
            (413, _) => Refused::TooLarge,
            (422, Some(says)) => Refused::Wrong(says),
            (429, _) => Refused::TooMany { seconds: wait.unwrap_or(1) },
            (500.., _) => return Self::new(ProblemKind::of_status(status), FAILED),
            _ => return Self::new(ProblemKind::of_status(status), DESCRIBED),
        };
        refused.into()
    }

    /// The machine failed. What it says stands in the log of the node and not in the answer.
    pub(crate) fn failed(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "a request failed");
        Self::new(ProblemKind::Failed, FAILED)
    }
}

/// An error and what lies below it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let below = std::iter::successors(error.source(), |error| error.source());
    std::iter::once(error.to_string()).chain(below.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.may_pass() {
            tracing::warn!(error = %chain(&error), "the database is busy");
            return Self::new(ProblemKind::Busy, "Send the same again in a moment, with the same key.")
                .with(header::RETRY_AFTER, "2");
        }
        if let StoreError::KeyTaken { .. } = error {
            return Self::key_taken();
        }
        let is_large = matches!(error, StoreError::MessageLarge { .. } | StoreError::Ties { .. });
        if is_large {
            return Self::new(ProblemKind::TooLarge, error.to_string());
        }
        let is_said = matches!(error, StoreError::Entry(_) | StoreError::Name(_));
        if is_said { Self::content("", error.to_string()) } else { Self::failed(&error) }
    }
}

impl Problem {
    /// The key was used for something else.
    pub(crate) fn key_taken() -> Self {
        Self::new(
            ProblemKind::KeyTaken,
            "This Idempotency-Key was used for something else: take a new one for what is new.",
        )
        .at("Idempotency-Key", "it stands for another request")
    }
}

impl From<BoardError> for Problem {
    fn from(error: BoardError) -> Self {
        match error {
            BoardError::Store(error) => error.into(),
            other @ BoardError::Row { .. } => Self::failed(&other),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Store(error) => error.into(),
            RegisterError::Busy => {
                Self::new(ProblemKind::Busy, "Send the same again in a moment, with the same key.")
                    .with(header::RETRY_AFTER, "2")
            }
            other @ (RegisterError::NoKey(_)
            | RegisterError::NotOurs(_)
            | RegisterError::Unreadable(_)
            | RegisterError::NoId) => Self::failed(&other),
        }
    }
}

impl From<MailError> for Problem {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Store(error) => error.into(),
            MailError::Write(error) => unwritten(&error),
            MailError::SameId(_) => Self::new(ProblemKind::KeyTaken, error.to_string()),
            MailError::NoMessage(_) => Self::not_there(),
            MailError::Protection(error) => error.into(),
            MailError::Unreadable(_)
            | MailError::NotByHand(_)
            | MailError::NotFromUs
            | MailError::Incomplete
            | MailError::NoAnswer { .. }
            | MailError::NoQuestion { .. } => Self::content("", error.to_string()),
        }
    }
}

/// Why no message is made of an entry.
fn unwritten(error: &SendError) -> Problem {
    let pointer = match error {
        SendError::NoMessage(_) | SendError::NotCancellable(_) | SendError::NotChangeable(_) => "/kind",
        SendError::NoParty(_) | SendError::UnknownParty(_) | SendError::NoService { .. } => "/to",
        SendError::OtherPatient => "/person",
        SendError::NoAdmission
        | SendError::NoAnswer
        | SendError::UnclearAnswer
        | SendError::NothingToCancel(_)
        | SendError::Refused(_) => "/body",
    };
    Problem::content(pointer, error.to_string())
}
