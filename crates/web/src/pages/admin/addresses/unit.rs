//! A unit of one's own party: made, changed, ended, and opened again.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use samspill_service::{
    access::Action,
    addresses::{Changed, Edit, NAME_LETTERS_MAX, TELEPHONES_MAX, Unit},
};
use serde::Deserialize;

use super::{
    OWN, Party, Words,
    faults::Wrong,
    keeper,
    kinds::{FACT, Kinds, UnitFact, facts},
    lines,
    own::{Sent, beginning, in_conflict, text, version},
    party,
};
use crate::{
    App, Refused,
    pages::{Frame, Tone, admin::may_own, fill, html, see_other},
};

/// Which unit; none: a new one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Asked {
    hva: String,
}

#[derive(Template)]
#[template(path = "admin/unit.html")]
struct UnitPage {
    frame: Frame,
    w: &'static Words,
    title: String,
    version: u64,
    does: String,
    called: String,
    name_hint: String,
    her: String,
    telephones: String,
    telephones_hint: String,
    facts: Vec<UnitFact>,
    is_ended: bool,
    wrong: Wrong,
    theirs: Vec<(String, String)>,
}

/// The page.
pub(in crate::pages::admin) async fn unit(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAddresses).await?;
    let party = party(&app, &frame).await?;
    let unit = match asked.hva.as_str() {
        "" => Unit::default(),
        does => Unit::of(&party.entry, does).ok_or(Refused::NotThere)?,
    };
    html(&page(&app, frame, &party, &unit))
}

/// Saves the form.
pub(in crate::pages::admin) async fn save_unit(
    State(app): State<App>,
    frame: Frame,
    Form(sent): Form<Sent>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAddresses).await?;
    let before = party(&app, &frame).await?;
    let unit = sent_unit(&sent, &before)?;
    let done = keeper(&app, &frame).change(version(&sent), &Edit::Unit(unit.clone())).await;
    let w = Words::of(frame.language());
    match done.map_err(Refused::failed)? {
        Changed::Done => Ok(see_other(&format!("{OWN}?gjort=lagret"))),
        Changed::NoParty => Err(Refused::NotThere),
        Changed::Refused(faults) => {
            let wrong = Wrong::of(&faults, w, &Kinds::of(&app, &before.entry, frame.language()));
            html(&UnitPage { wrong, ..page(&app, frame, &before, &unit) })
        }
        Changed::Meanwhile(_, theirs) => {
            let theirs = Unit::of(&theirs, &unit.does).map(|theirs| shown(&theirs, w)).unwrap_or_default();
            let now = party(&app, &frame).await?;
            let page = page(&app, frame.says(Tone::Warning, w.was_changed), &now, &unit);
            in_conflict(&UnitPage { theirs, ..page })
        }
    }
}

/// What a form says of a unit. A unit that there is keeps its name, whatever the form says.
fn sent_unit(sent: &Sent, party: &Party) -> Result<Unit, Refused> {
    let does = text(sent, "hva");
    let known =
        if does.is_empty() { None } else { Some(Unit::of(&party.entry, &does).ok_or(Refused::NotThere)?) };
    let mut facts = beginning(sent, FACT);
    // A fact that the form leaves out or empties is said no more.
    for name in known
        .iter()
        .flat_map(|unit| unit.facts.keys())
        .filter(|name| sent.contains_key(&format!("{FACT}{name}")))
    {
        facts.entry(name.clone()).or_default();
    }
    Ok(Unit {
        name: known.map_or_else(|| text(sent, "navn"), |unit| unit.name),
        does,
        her: text(sent, "her"),
        telephones: lines(&text(sent, "telefon")),
        facts,
        is_ended: sent.contains_key("avsluttet"),
    })
}

fn page(app: &App, frame: Frame, party: &Party, unit: &Unit) -> UnitPage {
    let w = Words::of(frame.language());
    let title = if unit.does.is_empty() { w.new_unit.to_owned() } else { unit.name.clone() };
    UnitPage {
        version: party.version,
        does: unit.does.clone(),
        called: unit.name.clone(),
        name_hint: fill(w.name_hint, &[("n", &NAME_LETTERS_MAX)]),
        her: unit.her.clone(),
        telephones: unit.telephones.join("\n"),
        telephones_hint: fill(w.telephones_hint, &[("n", &TELEPHONES_MAX)]),
        facts: facts(app, &party.entry, &unit.facts, (frame.language(), w)),
        is_ended: unit.is_ended,
        wrong: Wrong::default(),
        theirs: Vec::new(),
        frame: frame.titled(title.clone()),
        title,
        w,
    }
}

fn shown(unit: &Unit, w: &Words) -> Vec<(String, String)> {
    let ended = if unit.is_ended { w.ended } else { w.open };
    let facts = unit.facts.iter().map(|(name, value)| (name.clone(), value.clone()));
    let own = [
        (w.her.to_owned(), unit.her.clone()),
        (w.telephones.to_owned(), unit.telephones.join(", ")),
        (w.state.to_owned(), ended.to_owned()),
    ];
    own.into_iter().chain(facts).collect()
}
