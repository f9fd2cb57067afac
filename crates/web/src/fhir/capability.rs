use axum::{extract::State, response::Response};
use jiff::civil::Date;
use serde::Serialize;

use super::{answer, bundle};
use crate::App;

/// What this facade can.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CapabilityStatement {
    resource_type: &'static str,
    status: &'static str,
    date: Date,
    kind: &'static str,
    software: Software,
    implementation: Implementation,
    fhir_version: &'static str,
    format: [&'static str; 2],
    rest: [Rest; 1],
}

#[derive(Debug, Serialize)]
struct Software {
    name: &'static str,
    version: &'static str,
}

#[derive(Debug, Serialize)]
struct Implementation {
    description: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
struct Rest {
    mode: &'static str,
    documentation: &'static str,
    security: Security,
    resource: Vec<Able>,
}

#[derive(Debug, Serialize)]
struct Security {
    description: &'static str,
}

/// What can be done with a type of resource.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Able {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    supported_profile: Vec<&'static str>,
    documentation: &'static str,
    interaction: [Interaction; 2],
    versioning: &'static str,
    search_param: Vec<Parameter>,
}

#[derive(Debug, Serialize)]
struct Interaction {
    code: &'static str,
}

#[derive(Debug, Serialize)]
struct Parameter {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// A type, what is told of it, and what it can be searched by: names and types of parameters.
type Told = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What can be read and searched.
const ABLE: [Told; 5] = [
    (
        "Patient",
        "A person that an open stay of the caller is about. Found by what is shown of them.",
        &[
            ("identifier", "token"),
            ("name", "string"),
            ("family", "string"),
            ("given", "string"),
            ("birthdate", "date"),
            ("gender", "token"),
        ],
    ),
    (
        "Encounter",
        "A stay. Searches find open ones.",
        &[
            ("identifier", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
            ("status", "token"),
            ("date", "date"),
        ],
    ),
    (
        "Communication",
        "A message between record systems.",
        &[
            ("identifier", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
            ("encounter", "reference"),
            ("status", "token"),
            ("category", "token"),
            ("sent", "date"),
            ("received", "date"),
        ],
    ),
    (
        "DocumentReference",
        "A message as a document, with its files.",
        &[
            ("identifier", "token"),
            ("patient", "reference"),
            ("subject", "reference"),
            ("encounter", "reference"),
            ("status", "token"),
            ("type", "token"),
            ("date", "date"),
        ],
    ),
    (
        "Task",
        "A duty of the agreement, with its limit in restriction.period.end. Searches find those that are neither done nor closed; with encounter, all of that stay.",
        &[
            ("patient", "reference"),
            ("subject", "reference"),
            ("encounter", "reference"),
            ("status", "token"),
            ("business-status", "token"),
            ("owner", "reference"),
            ("code", "token"),
            ("period", "date"),
            ("authored-on", "date"),
            ("modified", "date"),
        ],
    ),
];

fn able((kind, documentation, parameters): Told) -> Able {
    let everywhere = [("_id", "token"), ("_lastUpdated", "date")];
    let all = everywhere.into_iter().chain(parameters.iter().copied());
    let profile = (kind == "Patient").then_some("http://hl7.no/fhir/StructureDefinition/no-basis-Patient");
    Able {
        kind,
        supported_profile: profile.into_iter().collect(),
        documentation,
        interaction: [Interaction { code: "read" }, Interaction { code: "search-type" }],
        versioning: "no-version",
        search_param: all.map(|(name, kind)| Parameter { name, kind }).collect(),
    }
}

/// What this facade can. Open to all: it says nothing of anybody.
pub(super) async fn statement(State(app): State<App>) -> Response {
    answer(&CapabilityStatement {
        resource_type: "CapabilityStatement",
        status: "active",
        date: Date::constant(2026, 11, 24),
        kind: "instance",
        software: Software { name: "Samspill", version: env!("CARGO_PKG_VERSION") },
        implementation: Implementation {
            description: "Stays between hospitals and municipalities, by the agreements that they follow",
            url: bundle::base(&app),
        },
        fhir_version: "4.0.1",
        format: [super::FHIR_JSON, "json"],
        rest: [Rest {
            mode: "server",
            documentation: "Read and search; searches for persons are best sent to _search, so that nobody is named in an address. What changes is followed at $events, as server-sent events.",
            security: Security { description: "An access token of another system, or a session." },
            resource: ABLE.into_iter().map(able).collect(),
        }],
    })
}
