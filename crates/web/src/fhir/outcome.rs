use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use super::{FHIR_JSON, types::Concept};
use crate::api::{Problem, ProblemKind};

/// What went wrong, as FHIR says it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OperationOutcome {
    resource_type: &'static str,
    issue: Vec<Issue>,
}

#[derive(Debug, Serialize)]
struct Issue {
    severity: &'static str,
    code: &'static str,
    details: Concept,
    diagnostics: String,
}

/// A problem as an answer, for a request with this id.
pub(crate) fn written(problem: &Problem, instance: &str) -> Response {
    let mut issue = vec![Issue {
        severity: "error",
        code: code(problem.kind),
        details: Concept { text: Some(problem.kind.title().to_owned()), ..Concept::default() },
        diagnostics: format!("{} ({instance})", problem.detail),
    }];
    for error in problem.errors.iter().filter(|error| error.detail != problem.detail) {
        let text = Some(error.pointer.clone()).filter(|pointer| !pointer.is_empty());
        let details = Concept { text, ..Concept::default() };
        issue.push(Issue { severity: "error", code: "value", details, diagnostics: error.detail.clone() });
    }
    let outcome = OperationOutcome { resource_type: "OperationOutcome", issue };
    let mut response =
        (problem.kind.status(), serde_json::to_vec(&outcome).unwrap_or_default()).into_response();
    problem.put_headers(response.headers_mut());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(FHIR_JSON));
    response
}

/// The code of the value set `issue-type`.
fn code(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::NotSignedIn => "login",
        ProblemKind::Forged => "security",
        ProblemKind::Scope => "forbidden",
        ProblemKind::NotThere => "not-found",
        ProblemKind::Parameter | ProblemKind::Content => "invalid",
        ProblemKind::Body => "structure",
        ProblemKind::KeyMissing => "required",
        ProblemKind::KeyTaken | ProblemKind::Changed => "conflict",
        ProblemKind::Method | ProblemKind::MediaType | ProblemKind::NotAcceptable => "not-supported",
        ProblemKind::TooLarge => "too-long",
        ProblemKind::TooMany => "throttled",
        ProblemKind::Busy => "transient",
        ProblemKind::Failed => "exception",
    }
}
