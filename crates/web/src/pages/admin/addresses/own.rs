//! The whole of one's own party: its HER-id, its telephones, and which unit takes and sends what.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use samspill_service::{
    access::Action,
    addresses::{Changed, Edit, TELEPHONES_MAX, Ways, Whole},
};
use serde::Deserialize;

use super::{
    OWN, Party, UNIT, Words,
    faults::Wrong,
    keeper,
    kinds::{Kinds, SENDS, TAKES, Way},
    lines, party,
};
use crate::{
    App, Refused,
    pages::{Frame, Tone, admin::may_own, fill, html, link, see_other},
};

/// A form that was sent, field by field.
pub(super) type Sent = BTreeMap<String, String>;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Asked {
    gjort: String,
}

#[derive(Template)]
#[template(path = "admin/own_party.html")]
struct OwnPage {
    frame: Frame,
    w: &'static Words,
    title: String,
    lead: String,
    changed: String,
    version: u64,
    her: String,
    telephones: String,
    telephones_hint: String,
    taken: Vec<Way>,
    sent: Vec<Way>,
    units: Vec<UnitRow>,
    wrong: Wrong,
    /// What somebody else saved in the meantime: names and texts.
    theirs: Vec<(String, String)>,
}

struct UnitRow {
    href: String,
    name: String,
    her: String,
    telephones: String,
    is_ended: bool,
}

/// The page.
pub(in crate::pages::admin) async fn own(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAddresses).await?;
    let w = Words::of(frame.language());
    let frame = match asked.gjort.as_str() {
        "lagret" => frame.says(Tone::Success, w.saved),
        "fil" => frame.says(Tone::Success, w.was_reset),
        _ => frame,
    };
    let party = party(&app, &frame).await?;
    let whole = Whole::of(&party.entry);
    html(&page(&app, frame, &party, &whole))
}

/// Saves the form. Where somebody saved in between, nothing is lost: what was typed stands in the form, and what they saved beside it.
pub(in crate::pages::admin) async fn save(
    State(app): State<App>,
    frame: Frame,
    Form(sent): Form<Sent>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAddresses).await?;
    let whole = whole(&sent);
    let done = keeper(&app, &frame).change(version(&sent), &Edit::Whole(whole.clone())).await;
    let done = done.map_err(Refused::failed)?;
    let w = Words::of(frame.language());
    let party = party(&app, &frame).await?;
    match done {
        Changed::Done => Ok(see_other(&format!("{OWN}?gjort=lagret"))),
        Changed::NoParty => Err(Refused::NotThere),
        Changed::Refused(faults) => {
            let wrong = Wrong::of(&faults, w, &Kinds::of(&app, &party.entry, frame.language()));
            html(&OwnPage { wrong, ..page(&app, frame, &party, &whole) })
        }
        Changed::Meanwhile(_, theirs) => {
            let theirs = shown(&Whole::of(&theirs), w);
            let page = page(&app, frame.says(Tone::Warning, w.was_changed), &party, &whole);
            in_conflict(&OwnPage { theirs, ..page })
        }
    }
}

/// Takes all changes back: what the node's file says holds.
pub(in crate::pages::admin) async fn reset(
    State(app): State<App>,
    frame: Frame,
    Form(sent): Form<Sent>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAddresses).await?;
    let done = keeper(&app, &frame).reset(version(&sent)).await.map_err(Refused::failed)?;
    match done {
        Changed::Done => Ok(see_other(&format!("{OWN}?gjort=fil"))),
        Changed::Meanwhile(..) => {
            let w = Words::of(frame.language());
            let party = party(&app, &frame).await?;
            let whole = Whole::of(&party.entry);
            in_conflict(&page(&app, frame.says(Tone::Warning, w.not_reset), &party, &whole))
        }
        Changed::NoParty | Changed::Refused(_) => Err(Refused::NotThere),
    }
}

/// The version that a form was made from.
pub(super) fn version(sent: &Sent) -> u64 {
    sent.get("utgave").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// A field of a form.
pub(super) fn text(sent: &Sent, field: &str) -> String {
    sent.get(field).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// A page that says that somebody else was first.
pub(super) fn in_conflict(page: &impl Template) -> Result<Response, Refused> {
    let mut page = html(page)?;
    *page.status_mut() = StatusCode::CONFLICT;
    Ok(page)
}

/// The fields of a form that begin so and say something, by what comes after.
pub(super) fn beginning(sent: &Sent, prefix: &str) -> BTreeMap<String, String> {
    let own = sent.iter().filter_map(|(field, value)| Some((field.strip_prefix(prefix)?, value.trim())));
    own.filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect()
}

fn whole(sent: &Sent) -> Whole {
    Whole {
        her: text(sent, "her"),
        telephones: lines(&text(sent, "telefon")),
        ways: Ways { receives: beginning(sent, TAKES), sends: beginning(sent, SENDS) },
    }
}

fn page(app: &App, frame: Frame, party: &Party, whole: &Whole) -> OwnPage {
    let w = Words::of(frame.language());
    let kinds = Kinds::of(app, &party.entry, frame.language());
    let name = party.entry.name.clone();
    OwnPage {
        title: name.clone(),
        lead: fill(w.lead, &[("party", &name)]),
        changed: party.changed.clone(),
        version: party.version,
        her: whole.her.clone(),
        telephones: whole.telephones.join("\n"),
        telephones_hint: fill(w.telephones_hint, &[("n", &TELEPHONES_MAX)]),
        taken: kinds.taken(&party.entry, &whole.ways.receives, w),
        sent: kinds.sent(&party.entry, &whole.ways.sends, w),
        units: units(party),
        wrong: Wrong::default(),
        theirs: Vec::new(),
        frame: frame.titled(name),
        w,
    }
}

/// The units by name, those that are ended last.
fn units(party: &Party) -> Vec<UnitRow> {
    let row = |(does, unit): (&String, &samspill_formats::messages::make::UnitDraft)| UnitRow {
        href: link::query(UNIT, &[("hva", does)]),
        name: unit.name.clone(),
        her: unit.her.clone().unwrap_or_default(),
        telephones: unit.telephones.join(", "),
        is_ended: party.entry.ended.contains(does),
    };
    let mut rows: Vec<UnitRow> = party.entry.services.iter().map(row).collect();
    rows.sort_by(|one, other| (one.is_ended, &one.name).cmp(&(other.is_ended, &other.name)));
    rows
}

/// What a party says, name by name.
fn shown(whole: &Whole, w: &Words) -> Vec<(String, String)> {
    vec![(w.her.to_owned(), whole.her.clone()), (w.telephones.to_owned(), whole.telephones.join(", "))]
}
