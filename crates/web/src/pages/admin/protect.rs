//! Whose address or identity is protected.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use samspill_service::{
    access::{Action, Protection, Resource},
    audit::{About, Look},
    people::SystemRandom,
    projections::Board,
};
use serde::Deserialize;

use super::may_own;
use crate::{
    App, Refused,
    pages::{Choice, Frame, Tone, html, person_id, see_other, words::words},
};

words! {
    /// Words of the page on who is protected.
    Words {
        title: "Vern av pasienter" | "Vern av pasientar" | "Protection of patients",
        lead: "Gradert adresse (kode 6 og 7) og skjermet identitet følger ikke med i meldingene. Det som skrives her, gjelder alle oppholdene til pasienten med én gang: i tavler, søk og på sider ser bare enhetene som deltar, det som er vernet. Det som står i en melding, ser de som kan lese meldingen." | "Gradert adresse (kode 6 og 7) og skjerma identitet følgjer ikkje med i meldingane. Det som blir skrive her, gjeld alle opphalda til pasienten med ein gong: i tavler, søk og på sider ser berre einingane som deltek, det som er verna. Det som står i ei melding, ser dei som kan lese meldinga." | "A graded address (codes 6 and 7) and a protected identity aren't in messages. What is written here holds in all stays of the patient at once: on boards, in searches and on pages only the units that take part see what is protected. What a message says is seen by those who may read it.",
        person: "Fødselsnummer eller D-nummer" | "Fødselsnummer eller D-nummer" | "National identity number or D-number",
        protection: "Vern" | "Vern" | "Protection",
        identity: "Adresse og identitet" | "Adresse og identitet" | "Address and identity",
        address: "Adresse (kode 6 og 7)" | "Adresse (kode 6 og 7)" | "Address (codes 6 and 7)",
        none: "Ikke vernet" | "Ikkje verna" | "Not protected",
        save: "Lagre" | "Lagre" | "Save",
        saved: "Vernet er lagret og gjelder nå." | "Vernet er lagra og gjeld no." | "The protection is saved and holds now.",
        bad_person: "Skriv hvem det gjelder." | "Skriv kven det gjeld." | "Write whom it is about.",
        not_yours: "Vern kan bare oppheves av en part som har et opphold med pasienten." | "Vern kan berre opphevast av ein part som har eit opphald med pasienten." | "Protection is lifted only by a party that has a stay with the patient.",
    }
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    gjort: String,
}

/// Whom to protect. It is sent in a form alone: addresses are written down in too many places.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    person: String,
    vern: String,
}

#[derive(Template)]
#[template(path = "admin/protect.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    person: String,
    person_error: &'static str,
    choices: Vec<Choice>,
}

/// The form. It doesn't tell who is protected: whoever may not see it elsewhere shall not see it here.
pub(super) async fn ask(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ProtectPerson).await?;
    let w = Words::of(frame.language());
    let frame = if asked.gjort == "lagret" { frame.says(Tone::Success, w.saved) } else { frame };
    page(frame, &Said::default(), "")
}

/// Protects somebody. To lift a protection the own party must have a stay with them; without one the stricter stays.
pub(super) async fn protect(
    State(app): State<App>,
    frame: Frame,
    Form(said): Form<Said>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ProtectPerson).await?;
    let w = Words::of(frame.language());
    let chosen = called(&said.vern).ok_or(Refused::NotThere)?;
    let person = person_id(&said.person);
    if person.is_empty() {
        return page(frame, &said, w.bad_person);
    }
    let is_theirs = has_stay(&app, &frame, &person).await?;
    if chosen == Protection::None && !is_theirs {
        return page(frame, &said, w.not_yours);
    }
    recorded(&app, &frame, &person, chosen).await?;
    let register = &app.parts().people_register;
    let (random, now) = (&SystemRandom, app.now());
    let said = if is_theirs {
        register.protect(&person, chosen, random, now).await
    } else {
        register.protect_more(&person, chosen, random, now).await
    };
    said.map_err(Refused::failed)?;
    app.live().catch_up(app.now()).await.map_err(Refused::failed)?;
    Ok(see_other("/admin/vern?gjort=lagret"))
}

fn page(frame: Frame, said: &Said, person_error: &'static str) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let choices = [("identitet", w.identity), ("adresse", w.address), ("ingen", w.none)];
    let choices = choices.into_iter().map(|(value, label)| Choice::new(value, label, &said.vern)).collect();
    let person = said.person.clone();
    html(&Page { frame: frame.titled(w.title), w, person, person_error, choices })
}

fn called(word: &str) -> Option<Protection> {
    match word {
        "identitet" => Some(Protection::Identity),
        "adresse" => Some(Protection::Address),
        "ingen" => Some(Protection::None),
        _ => None,
    }
}

/// Whether the own party takes part in a stay of this person.
async fn has_stay(app: &App, frame: &Frame, person: &str) -> Result<bool, Refused> {
    let parts = app.parts();
    let board = Board { store: &parts.store, community: &parts.community, projections: &parts.projections };
    for row in board.naming(person).await.map_err(Refused::failed)? {
        let involvement = app.live().involvement_of(&row.case, app.now()).await.map_err(Refused::failed)?;
        if involvement.is_some_and(|stay| stay.parties.contains(&frame.signed.subject.party)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes down who said what of whom, before it holds: the log has the person by key alone.
async fn recorded(app: &App, frame: &Frame, person: &str, said: Protection) -> Result<(), Refused> {
    let (signed, action) = (&frame.signed, Action::ProtectPerson);
    let own = Resource::Party(&signed.subject.party);
    let look = Look {
        by: &signed.subject,
        action,
        purpose: signed.purpose(),
        decision: signed.decides(signed.purpose(), action, own, app.now()),
        about: About::Person(person),
        detail: match said {
            Protection::None => "vern: ingen",
            Protection::Address => "vern: adresse",
            Protection::Identity => "vern: identitet",
        },
        count: 0,
        request: signed.request(),
        at: app.now(),
    };
    app.parts().audit.record(&look).await.map(|_| ()).map_err(Refused::failed)
}
