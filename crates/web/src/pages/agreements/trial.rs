//! A proposal tried on what has happened, with its differences from the version it began as.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::Response,
};
use samspill_service::{
    access::{Action, Resource},
    proposals::{Proposal, Trial, selects_the_same, sources_of},
};
use samspill_shelf::Found;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    compare::{Compared, compared},
    outcome::{Outcome, outcome},
    propose::{checked, found, may_propose},
    room::Room,
    shelf,
    trying::{Scope, Standing, Trying},
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Frame, Tone, fill, html, link},
};

/// Whose stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    omfang: String,
}

#[derive(Template)]
#[template(path = "agreements/trial.html")]
struct TrialPage {
    frame: Frame,
    w: &'static Words,
    back: String,
    title: String,
    scope: String,
    running: Option<String>,
    result: Option<Outcome>,
    compared: Compared,
}

/// The page of a trial. It begins where it hasn't; until it is done, the page says how far it has come, and loads again.
pub(super) async fn show(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path((id, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_propose(&app, &frame).await?;
    let library = room.library(&app);
    let found = found(&library, &id)?;
    let proposal = shelf::one(&app, &id, &number).await?.proposal;
    let scope = scope(&app, &frame, &asked).await?;
    let w = Words::of(frame.language());
    let Some(after) = checked(&proposal, found)?.agreement else {
        return Err(Refused::Wrong(w.cannot_try.to_owned()));
    };
    let work = library.work(&id).ok_or(Refused::NotThere)?;
    let base = work.version(&proposal.base).ok_or(Refused::NotThere)?;
    let compared = compared(&base, after.newest(), frame.language());
    let before = work.agreement.clone();
    if !may_be_tried(&proposal, &scope, found) {
        return answer(frame.says(Tone::Warning, w.only_own), &proposal, &scope, None, compared);
    }
    let (now, key) = (app.now(), key(&proposal, &scope, found));
    let trial = || Trial::new(before, after).with_book(Arc::clone(&app.parts().book));
    let trying = room.trying(&key, || Trying::begin(app.clone(), trial(), scope.clone(), now));
    answer(frame, &proposal, &scope, Some(trying.standing()), compared)
}

/// On stays of others only what asks about the same stays as the agreement does.
fn may_be_tried(proposal: &Proposal, scope: &Scope, found: &Found) -> bool {
    let selects_the_same =
        || sources_of(found, &proposal.base).is_some_and(|it| selects_the_same(proposal, it));
    matches!(scope, Scope::Party(_)) || selects_the_same()
}

/// Own stays, or the whole community where that is asked for; each as the policy says.
async fn scope(app: &App, frame: &Frame, asked: &Asked) -> Result<Scope, Refused> {
    let (signed, party) = (&frame.signed, frame.signed.subject.party.clone());
    let is_whole = asked.omfang == "alle";
    let resource = if is_whole { Resource::Community } else { Resource::Party(&party) };
    app.may_in(signed, signed.purpose(), Action::ReadFigures, resource).await?;
    Ok(if is_whole { Scope::Community(party) } else { Scope::Party(party) })
}

/// What tells a trial from all others: what is proposed, and whose cases. So each saving is tried anew.
fn key(proposal: &Proposal, scope: &Scope, found: &Found) -> String {
    let mut digest = Sha256::new();
    let (kind, party) = match scope {
        Scope::Community(party) => ("alle", party),
        Scope::Party(party) => ("egne", party),
    };
    for text in [&proposal.id, &proposal.base, &found.name, kind, party] {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    }
    for (name, text) in &proposal.files {
        digest.update(name);
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    }
    digest.finalize().iter().fold(String::new(), |key, byte| key + &format!("{byte:02x}"))
}

fn answer(
    frame: Frame,
    proposal: &Proposal,
    scope: &Scope,
    standing: Option<Standing>,
    compared: Compared,
) -> Result<Response, Refused> {
    let (language, w) = (frame.language(), Words::of(frame.language()));
    let mut frame = frame.titled(w.trial_title).wide();
    let (mut running, mut result) = (None, None);
    match standing {
        None => {}
        Some(Standing::Running(read)) => running = Some(fill(w.running, &[("n", &read)])),
        Some(Standing::Done(trial)) => result = Some(outcome(&trial, scope, language)),
        Some(Standing::Failed) => frame = frame.says(Tone::Danger, w.failed),
    }
    let is_running = running.is_some();
    let page = TrialPage {
        w,
        back: link::path(&["avtaler", &proposal.agreement, "forslag", &proposal.id]),
        title: proposal.title.clone(),
        scope: match scope {
            Scope::Community(_) => w.scope_all.to_owned(),
            Scope::Party(party) => fill(w.scope_own, &[("party", party)]),
        },
        running,
        result,
        compared,
        frame,
    };
    let mut answer = html(&page)?;
    if is_running {
        answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(answer)
}
