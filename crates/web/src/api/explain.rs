use axum::{Json, extract::State};
use jiff::civil::Date;
use samspill_agreement::model::{Agreement, Language};
use samspill_base::CaseLog;
use samspill_engine::{
    DutyReading, Evaluation,
    explain::{self, About},
};
use samspill_service::access::Action;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    extract::{Caller, Path, Query},
    problem::Problem,
    shape::duty_id,
};
use crate::{App, Signed, front::BetweenOthers};

/// In which language.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InLanguage {
    /// `nb`, `nn` or `en`. The caller's own, if nothing is said.
    #[param(inline)]
    language: Option<LanguageTag>,
}

/// A language that the answers are given in.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LanguageTag {
    /// Norwegian bokmål.
    Nb,
    /// Norwegian nynorsk.
    Nn,
    /// English.
    En,
}

impl InLanguage {
    /// The language that is asked for, or the caller's own.
    pub(crate) fn or(&self, signed: &Signed) -> Language {
        match self.language {
            None => signed.language,
            Some(LanguageTag::Nb) => Language::Bokmal,
            Some(LanguageTag::Nn) => Language::Nynorsk,
            Some(LanguageTag::En) => Language::English,
        }
    }
}

/// Why something is as it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explanation {
    /// The reasoning, sentence by sentence.
    sentences: Vec<String>,
    /// Choices that were made where the agreement leaves one, and that this rests on.
    readings: Vec<String>,
    /// Where it stands in the agreement.
    clause: String,
    /// The version of the agreement.
    version: String,
    /// The positions of the entries that were used.
    used: Vec<u64>,
}

/// Why a duty is due when it is, and how it went.
#[utoipa::path(get, path = "/api/v1/stays/{case}/duties/{duty}/explanation", tag = "explanations", operation_id = "explainDuty",
    params(("case" = String, Path, description = "The stay"), ("duty" = String, Path, description = "The duty's id"), InLanguage),
    responses((status = 200, description = "The reasoning", body = Explanation)))]
pub(crate) async fn duty(
    State(app): State<App>,
    Caller(signed): Caller,
    Path((case, duty)): Path<(String, String)>,
    Query(language): Query<InLanguage>,
) -> Result<Json<Explanation>, Problem> {
    let opened = app.stay(&signed, &case, Action::ReadStay).await?;
    let row = opened.rows.duties.iter().find(|row| duty_id(row) == duty).ok_or_else(Problem::not_there)?;
    let log = whole_log(&app, &case).await?;
    let (agreement, evaluation) = evaluated(&app, &log)?;
    let about = About { agreement, language: language.or(&signed) };
    let is_it = |it: &&DutyReading| {
        it.duty.as_str() == row.duty
            && it.trigger.position.0 == row.trigger.position
            && it.triggered == row.triggered
    };
    let reading = evaluation.duties.iter().find(is_it).ok_or_else(Problem::not_there)?;
    let reading = &BetweenOthers::of(&app, &signed, &log).out_of(reading);
    Ok(Json(Explanation {
        sentences: explain::duty(&about, &evaluation, reading),
        readings: explain::duty_readings(&about, reading),
        clause: reading.clause.to_string(),
        version: reading.version.clone(),
        used: reading.used().iter().map(|position| position.0).collect(),
    }))
}

/// Why a day is paid for or not.
#[utoipa::path(get, path = "/api/v1/stays/{case}/days/{meter}/{date}/explanation", tag = "explanations", operation_id = "explainDay",
    params(("case" = String, Path, description = "The stay"), ("meter" = String, Path, description = "The meter"),
        ("date" = jiff::civil::Date, Path, description = "The day"), InLanguage),
    responses((status = 200, description = "The reasoning", body = Explanation)))]
pub(crate) async fn day(
    State(app): State<App>,
    Caller(signed): Caller,
    Path((case, meter, date)): Path<(String, String, String)>,
    Query(language): Query<InLanguage>,
) -> Result<Json<Explanation>, Problem> {
    let date: Date = date.parse().map_err(|_| Problem::not_there())?;
    let opened = app.stay(&signed, &case, Action::ReadDays).await?;
    let is_shown = opened.rows.meters.iter().any(|row| row.meter == meter);
    let log = whole_log(&app, &case).await?;
    let (agreement, evaluation) = evaluated(&app, &log)?;
    let about = About { agreement, language: language.or(&signed) };
    let mut found = evaluation.meters.iter().filter(|it| is_shown && it.meter.as_str() == meter);
    let found = found.find_map(|it| Some((it, it.days.iter().find(|day| day.date == date)?)));
    let (meter, day) = found.ok_or_else(Problem::not_there)?;
    let day = BetweenOthers::of(&app, &signed, &log).out_of_day(day);
    Ok(Json(Explanation {
        sentences: explain::days(&about, &evaluation, meter, std::slice::from_ref(&day)),
        readings: explain::meter_readings(&about, meter),
        clause: day.because.first().map_or(&meter.clause, |reason| reason.clause()).to_string(),
        version: meter.version.clone(),
        used: day.used.iter().map(|position| position.0).collect(),
    }))
}

/// All entries of a stay that the caller was let in to. Reasoning cites them by position and kind.
async fn whole_log(app: &App, case: &str) -> Result<CaseLog, Problem> {
    let parts = app.parts();
    let entries = parts.store.case_entries(&parts.community, case).await?;
    Ok(CaseLog { case: case.to_owned(), entries })
}

/// The stay read as of now, and the agreement that it follows.
fn evaluated<'a>(app: &'a App, log: &CaseLog) -> Result<(&'a Agreement, Evaluation), Problem> {
    let (agreements, now) = (app.parts().projections.agreements(), app.now());
    let as_of = log.as_of().unwrap_or(now);
    let agreement = agreements.of(log, as_of).ok_or_else(Problem::not_there)?;
    let evaluation = agreements.evaluate(log, now).ok_or_else(Problem::not_there)?;
    Ok((agreement, evaluation))
}
