//! What people took on themselves, reviewed by others.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use samspill_service::{
    access::Action,
    audit::{GrantError, KeptGrant, Reviewer, Verdict, words as audited},
};
use serde::Deserialize;

use super::{may_own, words::Words};
use crate::{
    App, Refused,
    pages::{Choice, Frame, Tone, html, link, see_other},
};

/// Rows on a page: the oldest first, so that none is forgotten.
const ROWS: usize = 50;
/// Letters of a remark that are kept.
const REMARK_LENGTH_MAX: usize = 2_000;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    gjort: String,
}

/// What was found.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reviewed {
    vurdering: String,
    merknad: String,
}

#[derive(Template)]
#[template(path = "admin/grants.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    rows: Vec<Row>,
    verdicts: Vec<Choice>,
}

struct Row {
    address: String,
    number: u64,
    who: String,
    role: String,
    case: String,
    at: String,
    until: String,
    reason: String,
    is_own: bool,
}

/// Those of one's own party that nobody has reviewed.
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ReviewGrants).await?;
    let w = Words::of(frame.language());
    let party = frame.signed.subject.party.clone();
    let grants = app.parts().audit.unreviewed(Some(&party), ROWS).await.map_err(Refused::failed)?;
    let frame = if asked.gjort == "vurdert" { frame.says(Tone::Success, w.reviewed) } else { frame };
    html(&Page {
        w,
        rows: grants.iter().map(|kept| row(kept, &frame)).collect(),
        verdicts: vec![
            Choice::new(Verdict::InOrder.as_str(), w.in_order, ""),
            Choice::new(Verdict::ToBeFollowedUp.as_str(), w.follow_up, ""),
        ],
        frame: frame.titled(w.grants),
    })
}

/// Says what was found of one.
pub(super) async fn review(
    State(app): State<App>,
    Path(number): Path<u64>,
    frame: Frame,
    Form(form): Form<Reviewed>,
) -> Result<Response, Refused> {
    let decision = may_own(&app, &frame, Action::ReviewGrants).await?;
    let audit = &app.parts().audit;
    let own =
        audit.unreviewed(Some(&frame.signed.subject.party), usize::MAX).await.map_err(Refused::failed)?;
    own.iter().find(|kept| kept.number == number).ok_or(Refused::NotThere)?;
    let verdict = Verdict::called(&form.vurdering).ok_or(Refused::NotThere)?;
    let remark: String = form.merknad.chars().take(REMARK_LENGTH_MAX).collect();
    let by = Reviewer {
        by: &frame.signed.subject,
        purpose: frame.signed.purpose(),
        decision,
        request: frame.signed.request(),
    };
    match audit.review(number, &by, verdict, &remark, app.now()).await {
        Ok(()) => Ok(see_other("/admin/tilganger?gjort=vurdert")),
        Err(GrantError::Own(_)) => Err(Refused::Wrong(Words::of(frame.language()).own_grant.to_owned())),
        Err(GrantError::NotThere(_)) => Err(Refused::NotThere),
        Err(GrantError::Reviewed(_)) => Err(Refused::Changed),
        Err(error) => Err(Refused::failed(error)),
    }
}

fn row(kept: &KeptGrant, frame: &Frame) -> Row {
    let (grant, clock) = (&kept.grant, frame.clock());
    Row {
        address: link::path(&["admin", "tilganger", &kept.number.to_string()]),
        number: kept.number,
        who: format!("{} ({})", grant.name, grant.account),
        role: format!("{}, {}", audited::role(&grant.role, frame.language()), grant.party),
        case: grant.case.clone(),
        at: clock.instant(grant.at),
        until: clock.instant(grant.until),
        reason: grant.reason.clone(),
        is_own: grant.account == frame.signed.subject.account,
    }
}
