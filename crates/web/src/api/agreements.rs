use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use jiff::civil::Date;
use samspill_agreement::{
    model::{Language, Version},
    render,
};
use samspill_service::access::{Action, Resource};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    explain::InLanguage,
    extract::{Caller, Path, Query},
    link,
    problem::Problem,
};
use crate::{App, Signed};

/// An agreement that the community follows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgreementSummary {
    /// Its short name.
    #[schema(example = "unn")]
    agreement: String,
    /// Its title, in the newest version.
    name: String,
    /// Its versions, by the day on which each came into force.
    versions: Vec<VersionSummary>,
}

/// A version of an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionSummary {
    /// What it is called: the day on which it came into force.
    version: String,
    /// The first day that it is in force.
    in_force: Date,
    /// The first day that it is no longer in force, if it says so.
    until: Option<Date>,
    /// Where all of it is.
    #[schema(format = "uri-reference")]
    href: String,
}

/// A version of an agreement with its rules.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgreementVersion {
    /// The agreement.
    agreement: String,
    /// The version.
    version: String,
    /// Its title.
    name: String,
    /// The first day that it is in force.
    in_force: Date,
    /// The first day that it is no longer in force, if it says so.
    until: Option<Date>,
    /// The parties, by role.
    parties: Vec<Named>,
    /// The kinds of entry: messages and events.
    kinds: Vec<Named>,
    /// The phases of a stay.
    phases: Vec<Named>,
    /// Who must do what.
    duties: Vec<DutyRule>,
    /// Where it is as people read it.
    #[schema(format = "uri-reference")]
    text: String,
}

/// Something with an id and a name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Named {
    /// The id.
    id: String,
    /// What people call it.
    name: String,
}

/// A rule that says who must do what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyRule {
    /// The rule.
    id: String,
    /// What people call it.
    name: String,
    /// What it says.
    says: String,
    /// Where it stands.
    clause: String,
    /// Who must, by role.
    holder: String,
    /// Any of these kinds triggers it.
    after: Vec<String>,
    /// Any of these kinds does it.
    must: Vec<String>,
}

/// The agreements that the community follows.
#[utoipa::path(get, path = "/api/v1/agreements", tag = "agreements", operation_id = "listAgreements", params(InLanguage),
    responses((status = 200, description = "The agreements", body = Vec<AgreementSummary>)))]
pub(crate) async fn list(
    State(app): State<App>,
    Caller(signed): Caller,
    Query(language): Query<InLanguage>,
) -> Result<Json<Vec<AgreementSummary>>, Problem> {
    may(&app, &signed).await?;
    let language = language.or(&signed);
    let all = app.parts().projections.agreements().all().iter();
    let summaries = all.map(|agreement| AgreementSummary {
        agreement: agreement.id.to_string(),
        name: agreement.newest().name.in_language(language).to_owned(),
        versions: agreement.versions.iter().map(|version| summary(version)).collect(),
    });
    Ok(Json(summaries.collect()))
}

/// A version of an agreement.
#[utoipa::path(get, path = "/api/v1/agreements/{agreement}/versions/{version}", tag = "agreements", operation_id = "readAgreement",
    params(("agreement" = String, Path, description = "Its short name"), ("version" = String, Path, description = "The version"), InLanguage),
    responses((status = 200, description = "The version", body = AgreementVersion)))]
pub(crate) async fn one(
    State(app): State<App>,
    Caller(signed): Caller,
    Path((agreement, version)): Path<(String, String)>,
    Query(language): Query<InLanguage>,
) -> Result<Json<AgreementVersion>, Problem> {
    may(&app, &signed).await?;
    let version = found(&app, &agreement, &version)?;
    Ok(Json(whole(version, language.or(&signed))))
}

/// A version of an agreement as people read it, in Markdown.
#[utoipa::path(get, path = "/api/v1/agreements/{agreement}/versions/{version}/text", tag = "agreements", operation_id = "readAgreementText",
    params(("agreement" = String, Path, description = "Its short name"), ("version" = String, Path, description = "The version"), InLanguage),
    responses((status = 200, description = "The text", body = String, content_type = "text/markdown")))]
pub(crate) async fn text(
    State(app): State<App>,
    Caller(signed): Caller,
    Path((agreement, version)): Path<(String, String)>,
    Query(language): Query<InLanguage>,
) -> Result<Response, Problem> {
    may(&app, &signed).await?;
    let text = render(found(&app, &agreement, &version)?, language.or(&signed));
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("text/markdown; charset=utf-8"))], text)
        .into_response())
}

async fn may(app: &App, signed: &Signed) -> Result<(), Problem> {
    app.may_in(signed, signed.purpose(), Action::ReadAgreements, Resource::Community).await?;
    Ok(())
}

fn found<'a>(app: &'a App, agreement: &str, version: &str) -> Result<&'a Version, Problem> {
    let all = app.parts().projections.agreements().all();
    let agreement = all.iter().find(|it| it.id.as_str() == agreement).ok_or_else(Problem::not_there)?;
    let version = agreement.versions.iter().find(|it| it.version == version);
    version.map(|version| &**version).ok_or_else(Problem::not_there)
}

fn summary(version: &Version) -> VersionSummary {
    VersionSummary {
        version: version.version.clone(),
        in_force: version.in_force,
        until: version.until,
        href: link(&["agreements", version.agreement.as_str(), "versions", &version.version]),
    }
}

fn whole(version: &Version, language: Language) -> AgreementVersion {
    let named = |id: &str, name: &samspill_agreement::model::Text| Named {
        id: id.to_owned(),
        name: name.in_language(language).to_owned(),
    };
    AgreementVersion {
        agreement: version.agreement.to_string(),
        version: version.version.clone(),
        name: version.name.in_language(language).to_owned(),
        in_force: version.in_force,
        until: version.until,
        parties: version.parties.values().map(|it| named(it.id.as_str(), &it.name)).collect(),
        kinds: version.kinds.values().map(|it| named(it.id.as_str(), &it.name)).collect(),
        phases: version.phases.iter().map(|it| named(it.id.as_str(), &it.name)).collect(),
        duties: version.duties.iter().map(|it| rule(it, language)).collect(),
        text: link(&["agreements", version.agreement.as_str(), "versions", &version.version, "text"]),
    }
}

fn rule(duty: &samspill_agreement::model::Duty, language: Language) -> DutyRule {
    DutyRule {
        id: duty.id.to_string(),
        name: duty.name.in_language(language).to_owned(),
        says: duty.says.in_language(language).to_owned(),
        clause: duty.clause.to_string(),
        holder: duty.holder.to_string(),
        after: duty.after.iter().map(ToString::to_string).collect(),
        must: duty.must.iter().map(ToString::to_string).collect(),
    }
}
