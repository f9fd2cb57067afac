//! The search: persons, stays and messages, within what the reader may see. What isn't theirs is as if it weren't there.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use samspill_service::{
    access::{Action, Involvement},
    projections::{Board, Paging, SearchRow},
};
use samspill_store::{MessageFilter, MessageNumber};
use serde::Deserialize;

use super::{
    Frame, fill, html, link,
    patients::{Called, Patients},
    sides,
    words::words,
};
use crate::{App, Refused};

/// Stays that are shown.
const SHOWN_MAX: usize = 30;
/// Stays that are looked at before the search gives up.
const LOOKED_AT_MAX: usize = 300;
/// Persons of a name.
const PERSONS_MAX: usize = 50;
/// Letters that are searched for at the most.
const TYPED_MAX: usize = 200;

words! {
    /// Words of the search.
    Words {
        title: "Søk" | "Søk" | "Search",
        text: "Pasient, opphold eller meldings-id" | "Pasient, opphald eller meldings-id" | "Patient, stay or message id",
        hint: "Navn, fødselsnummer, oppholdets navn, id på en melding" | "Namn, fødselsnummer, namnet på opphaldet, id på ei melding" | "Name, identity number, name of the stay, id of a message",
        find: "Søk" | "Søk" | "Search",
        stays: "Opphold" | "Opphald" | "Stays",
        messages: "Meldinger" | "Meldingar" | "Messages",
        patient: "Pasient" | "Pasient" | "Patient",
        unit: "Avdeling" | "Avdeling" | "Ward",
        municipality: "Kommune" | "Kommune" | "Municipality",
        last: "Sist" | "Sist" | "Last",
        open: "Åpent" | "Ope" | "Open",
        closed: "Avsluttet" | "Avslutta" | "Over",
        status: "Status" | "Status" | "Status",
        none: "Fant ingenting på «{q}»" | "Fann ingenting på «{q}»" | "Found nothing for “{q}”",
        none_hint: "Du ser bare opphold som du eller enheten din tar del i." | "Du ser berre opphald som du eller eininga di tek del i." | "You only see stays that you or your unit takes part in.",
        many: "Det finnes flere. Skriv mer for å snevre inn." | "Det finst fleire. Skriv meir for å snevre inn." | "There are more. Write more to narrow it down.",
        number: "Melding {n}" | "Melding {n}" | "Message {n}",
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
}

#[derive(Template)]
#[template(path = "search/search.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    asked: String,
    none: String,
    stays: Vec<Hit>,
    messages: Vec<(String, String)>,
    has_more: bool,
}

struct Hit {
    href: String,
    title: String,
    sub: String,
    unit: String,
    municipality: String,
    last: String,
    is_open: bool,
}

/// What a search finds.
#[derive(Default)]
struct Found {
    stays: Vec<(SearchRow, std::sync::Arc<Involvement>)>,
    has_more: bool,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/sok", get(search))
}

async fn search(
    State(app): State<App>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let typed: String = asked.q.trim().chars().take(TYPED_MAX).collect();
    let (mut found, mut messages, mut patients) = (Found::default(), Vec::new(), Patients::default());
    if !typed.is_empty() {
        found = stays(&app, &frame, &typed).await?;
        messages = self::messages(&app, &frame, &typed, w).await?;
        app.listed(&frame.signed, Action::ListStay, "sok", found.stays.len() + messages.len()).await?;
        let ids = found.stays.iter().flat_map(|(row, _)| row.persons.iter().cloned()).collect();
        patients = Patients::of(&app, &ids).await?;
    }
    let stays = found.stays.iter().map(|it| hit(&app, &frame, it, &patients)).collect();
    let none = fill(w.none, &[("q", &typed)]);
    let frame = frame.titled(w.title);
    html(&Page { frame, w, asked: typed, none, stays, messages, has_more: found.has_more })
}

/// Stays of persons of that name or number, and stays that hold what was typed, the latest first, each once.
async fn stays(app: &App, frame: &Frame, typed: &str) -> Result<Found, Refused> {
    let parts = app.parts();
    let board = Board { store: &parts.store, community: &parts.community, projections: &parts.projections };
    let paging = Paging { skip: 0, limit: LOOKED_AT_MAX };
    let persons = Patients::find(app, typed, PERSONS_MAX).await?;
    let mut rows = Vec::new();
    for person in &persons {
        let page = board.search(person, paging).await.map_err(Refused::failed)?;
        rows.extend(page.rows.into_iter().filter(|row| row.persons.contains(person)).map(|row| (row, true)));
    }
    let page = board.search(typed, paging).await.map_err(Refused::failed)?;
    rows.extend(page.rows.into_iter().map(|row| (row, false)));
    let mut found = Found::default();
    let mut known = BTreeSet::new();
    for (row, is_by_person) in rows {
        if !known.insert(row.case.clone()) || found.has_more {
            continue;
        }
        let involvement = app.live().involvement_of(&row.case, frame.now).await.map_err(Refused::failed)?;
        let Some(involvement) = involvement else { continue };
        let is_by_id = row.persons.iter().any(|id| id.contains(typed));
        let tells = !is_by_person && !is_by_id || frame.signed.shown(&involvement).name;
        if tells && frame.signed.sees(&involvement, Action::ListStay, frame.now) {
            found.has_more = found.stays.len() == SHOWN_MAX;
            if !found.has_more {
                found.stays.push((row, involvement));
            }
        }
    }
    found.stays.sort_by(|(a, _), (b, _)| b.last.cmp(&a.last).then_with(|| a.case.cmp(&b.case)));
    Ok(found)
}

/// Messages with this id, of stays whose messages the reader may see.
async fn messages(
    app: &App,
    frame: &Frame,
    typed: &str,
    w: &Words,
) -> Result<Vec<(String, String)>, Refused> {
    let parts = app.parts();
    let filter = MessageFilter { id: Some(typed.to_owned()), ..MessageFilter::default() };
    let lines = parts.store.messages(&parts.community, &filter, MessageNumber(0), SHOWN_MAX);
    let mut shown = Vec::new();
    for line in lines.await.map_err(Refused::failed)? {
        let Some(case) = &line.case else { continue };
        let involvement = app.live().involvement_of(case, frame.now).await.map_err(Refused::failed)?;
        if involvement.is_some_and(|it| frame.signed.sees(&it, Action::ReadMessage, frame.now)) {
            let number = line.number.0.to_string();
            shown.push((link::path(&["melding", &number]), fill(w.number, &[("n", &number)])));
        }
    }
    Ok(shown)
}

fn hit(
    app: &App,
    frame: &Frame,
    (row, involvement): &(SearchRow, std::sync::Arc<Involvement>),
    patients: &Patients,
) -> Hit {
    let clock = frame.clock();
    let Called { title, sub } = patients.called(frame, involvement, &row.persons);
    Hit {
        href: link::path(&["opphold", &row.case]),
        title,
        sub,
        unit: sides::units_of(app.book(), involvement, "sykehus").join(", "),
        municipality: sides::parties_of(app.book(), involvement, "kommune").join(", "),
        last: clock.instant(row.last),
        is_open: involvement.is_open,
    }
}
