use std::sync::LazyLock;

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        ContentBuilder, Ref, RefOr, ResponseBuilder,
        path::Operation,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    agreements, duties, entries, etag, events, explain,
    extract::Path,
    intake, log_in, log_out, messages,
    problem::{PROBLEM_JSON, Problem, ProblemBody, ProblemKind},
    stays,
};

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Samspill",
        version = "1.0.0",
        description = "Stays between hospitals and municipalities, by the agreements that they follow: who must do what and when, what happened, what it costs, and why. Lists and streams go by position in one log. Times are RFC 3339; amounts are whole øre.",
        license(name = "MIT", identifier = "MIT"),
        contact(name = "The operator of this installation")
    ),
    servers((url = "/", description = "This installation")),
    tags(
        (name = "stays", description = "Stays that the caller takes part in"),
        (name = "duties", description = "What must be done"),
        (name = "explanations", description = "Why"),
        (name = "entries", description = "What happened: read it, and write it"),
        (name = "messages", description = "Messages between record systems"),
        (name = "agreements", description = "The agreements that are followed"),
        (name = "log", description = "The log in bulk, in and out"),
        (name = "events", description = "Following along"),
        (name = "problems", description = "What can go wrong")
    ),
    paths(
        stays::list, stays::one, stays::days,
        duties::list,
        explain::duty, explain::day,
        entries::list, entries::one, entries::append, entries::begin,
        messages::list, messages::one, messages::document, messages::attachment,
        intake::hand_in,
        agreements::list, agreements::one, agreements::text,
        log_out::stream, log_in::take,
        events::stream,
        problem
    ),
    components(schemas(ProblemBody)),
    modifiers(&Shared)
)]
struct Description;

/// What all operations share: who may ask, and how they refuse.
struct Shared;

impl Modify for Shared {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        // It stands in full where pages of stays are described, and nowhere else.
        components.schemas.remove("StaySummary");
        let session = "A session that somebody logged in to. What is written needs the session's form token in X-Form-Token.";
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("__Host-samspill", session))),
        );
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An access token of another system. A token that is bound to a key is sent as `DPoP`.",
            ))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        for item in api.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post];
            operations.into_iter().flatten().for_each(refusals);
        }
    }
}

/// The problems that any operation may answer with.
fn refusals(operation: &mut Operation) {
    operation.description = operation.description.take().or_else(|| operation.summary.clone());
    let is_open = operation.tags.as_ref().is_some_and(|tags| tags.iter().any(|tag| tag == "problems"));
    if !is_open {
        let none: [&str; 0] = [];
        operation.security =
            Some(vec![SecurityRequirement::new("token", none), SecurityRequirement::new("session", none)]);
    }
    let mut told = vec![ProblemKind::NotThere, ProblemKind::TooMany, ProblemKind::Busy];
    if !is_open {
        told.push(ProblemKind::NotSignedIn);
    }
    if operation.parameters.is_some() {
        told.push(ProblemKind::Parameter);
    }
    if operation.request_body.is_some() {
        told.extend([
            ProblemKind::Body,
            ProblemKind::KeyTaken,
            ProblemKind::TooLarge,
            ProblemKind::MediaType,
            ProblemKind::Content,
            ProblemKind::Changed,
        ]);
    }
    for kind in told {
        let status = kind.status().as_str().to_owned();
        operation.responses.responses.entry(status).or_insert_with(|| RefOr::T(refusal(kind.title())));
    }
    let any = || RefOr::T(refusal("Any other problem"));
    operation.responses.responses.entry("default".to_owned()).or_insert_with(any);
}

fn refusal(says: &str) -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(says).content(PROBLEM_JSON, content).build()
}

/// The document, written once.
static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| serde_json::to_string(&Description::openapi()).unwrap_or_default());

/// The description of the API as `OpenAPI` 3.1. Open to all: it says nothing of anybody.
pub(crate) async fn document(headers: HeaderMap) -> Response {
    let tag = etag::of(1, &*DOCUMENT);
    if etag::is_known(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let cached = HeaderValue::from_static("public, max-age=300");
    let kind = HeaderValue::from_static("application/json");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cached), (header::ETAG, tag)];
    (headers, DOCUMENT.as_str()).into_response()
}

/// What a problem means.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemMeaning {
    /// Its URI, relative to this installation.
    #[serde(rename = "type")]
    kind: String,
    /// What it is called.
    title: String,
    /// The status that it is answered with.
    status: u16,
}

/// What a problem's URI means.
#[utoipa::path(get, path = "/api/v1/problems/{problem}", tag = "problems", operation_id = "readProblem",
    params(("problem" = String, Path, description = "The end of the URI")),
    responses((status = 200, description = "What it means", body = ProblemMeaning)))]
pub(crate) async fn problem(Path(slug): Path<String>) -> Result<Json<ProblemMeaning>, Problem> {
    let kind =
        ProblemKind::ALL.into_iter().find(|kind| kind.slug() == slug).ok_or_else(Problem::not_there)?;
    Ok(Json(ProblemMeaning {
        kind: format!("/api/v1/problems/{slug}"),
        title: kind.title().to_owned(),
        status: kind.status().as_u16(),
    }))
}
