//! The search: persons, stays and messages, within what the reader may see. What isn't theirs is as if it weren't there.

use std::collections::BTreeSet;

use askama::Template;
use axum::{Form, Router, extract::State, response::Response, routing::get};
use samspill_base::Entry;
use samspill_service::{
    access::{Action, Involvement},
    projections::{Board, Paging, SearchRow},
};
use samspill_store::{MessageFilter, MessageNumber};
use serde::Deserialize;

use super::{
    Frame, fill, html, link,
    message::Seer,
    patients::{Called, Patients},
    sides,
    words::words,
};
use crate::{App, Refused};

/// Stays that are shown.
const SHOWN_MAX: usize = 30;
/// Stays that are looked at before the search gives up. Most may be others', so they are many more than are shown.
const LOOKED_AT_MAX: usize = 5_000;
/// Persons of a name; most may be others'.
const PERSONS_MAX: usize = 10_000;
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
    Router::new().route("/sok", get(ask).post(search))
}

/// The form alone. What is searched for is sent in forms: addresses are written down in too many places for names and identity numbers.
async fn ask(frame: Frame) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let (asked, none) = (String::new(), String::new());
    let (stays, messages) = (Vec::new(), Vec::new());
    html(&Page { frame: frame.titled(w.title), w, asked, none, stays, messages, has_more: false })
}

async fn search(State(app): State<App>, frame: Frame, Form(asked): Form<Asked>) -> Result<Response, Refused> {
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

/// The cases of the stays that a search finds, as far as the reader may see them.
pub(super) async fn cases_found(app: &App, frame: &Frame, typed: &str) -> Result<Vec<String>, Refused> {
    let typed: String = typed.trim().chars().take(TYPED_MAX).collect();
    let found = stays(app, frame, &typed).await?;
    Ok(found.stays.into_iter().map(|(row, _)| row.case).collect())
}

/// Stays of persons of that name or number, and stays that hold what was typed, the latest first, each once.
async fn stays(app: &App, frame: &Frame, typed: &str) -> Result<Found, Refused> {
    let parts = app.parts();
    let board = Board { store: &parts.store, community: &parts.community, projections: &parts.projections };
    let paging = Paging { skip: 0, limit: LOOKED_AT_MAX };
    let persons = Patients::find(app, typed, PERSONS_MAX).await?;
    let named = board.about(&persons, paging).await.map_err(Refused::failed)?;
    let held = board.search(typed, paging).await.map_err(Refused::failed)?;
    let is_cut = named.total.max(held.total) > LOOKED_AT_MAX;
    let rows =
        named.rows.into_iter().map(|row| (row, true)).chain(held.rows.into_iter().map(|row| (row, false)));
    let (mut found, mut known) = (Found::default(), BTreeSet::new());
    for (row, is_by_person) in rows {
        if found.has_more || known.contains(&row.case) {
            continue;
        }
        let involvement = app.live().involvement_of(&row.case, frame.now).await.map_err(Refused::failed)?;
        let Some(involvement) = involvement else { continue };
        if !frame.signed.sees(&involvement, Action::ListStay, frame.now) {
            continue;
        }
        let row = as_seen(app, frame, row, &involvement).await?;
        // What only who the patient is gives away, is found by those alone who may see that.
        let holds = is_by_person || row.matches(typed);
        let tells_who = is_by_person || !without_persons(&row).matches(typed);
        if holds && (!tells_who || frame.signed.shown(&involvement).name) {
            known.insert(row.case.clone());
            found.has_more = found.stays.len() == SHOWN_MAX;
            if !found.has_more {
                found.stays.push((row, involvement));
            }
        }
    }
    found.has_more |= is_cut;
    found.stays.sort_by(|(a, _), (b, _)| b.last.cmp(&a.last).then_with(|| a.case.cmp(&b.case)));
    Ok(found)
}

/// A row of what the reader sees of a stay: what was sent between others isn't found, nor told by being found.
async fn as_seen(app: &App, frame: &Frame, row: SearchRow, stay: &Involvement) -> Result<SearchRow, Refused> {
    let parts = app.parts();
    let entries = parts.store.case_entries(&parts.community, &row.case).await.map_err(Refused::failed)?;
    let all = entries.len();
    let sees = |entry: &Entry| frame.signed.sees_entry(stay, entry, app.book(), frame.now);
    let theirs: Vec<Entry> = entries.into_iter().filter(sees).collect();
    if theirs.len() == all {
        return Ok(row);
    }
    let each = || theirs.iter();
    Ok(SearchRow {
        persons: parts.projections.agreements().persons_of(&theirs),
        named: each().filter_map(|entry| entry.person.clone()).collect(),
        parties: each().flat_map(|entry| entry.from.iter().chain(&entry.to)).cloned().collect(),
        ids: each().filter_map(|entry| entry.id.clone()).collect(),
        kinds: each().map(|entry| entry.kind.clone()).collect(),
        last: each().map(|entry| entry.happened).max().unwrap_or(row.first),
        ..row
    })
}

/// A row as those search in it who may not know who the patient is.
fn without_persons(row: &SearchRow) -> SearchRow {
    SearchRow { persons: Vec::new(), ..row.clone() }
}

/// Messages with this id, as far as the reader may see them: those of stays, and the own ones that have none yet.
async fn messages(
    app: &App,
    frame: &Frame,
    typed: &str,
    w: &Words,
) -> Result<Vec<(String, String)>, Refused> {
    let parts = app.parts();
    let filter = MessageFilter { id: Some(typed.to_owned()), ..MessageFilter::default() };
    let lines = parts.store.messages(&parts.community, &filter, MessageNumber(0), SHOWN_MAX);
    let (mut seer, mut shown) = (Seer::new(app, &frame.signed, frame.now), Vec::new());
    for line in lines.await.map_err(Refused::failed)? {
        if seer.sees(&line).await? {
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
