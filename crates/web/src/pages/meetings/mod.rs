//! Meetings about a patient: called, held, summed up; with the points of the guideline that are open.

use askama::Template;
use axum::{
    Router,
    extract::{Path, RawForm, State},
    response::Response,
    routing::get,
};
use samspill_agreement::model::{CheckPoint, DoneBy, KindId};
use samspill_base::Entry;
use samspill_engine::CheckStatus;
use samspill_service::casework::{StayView, value_text};

use super::{
    Frame, html, link,
    words::words,
    write::{Room, Said, begun},
};
use crate::{App, Refused};

/// The kinds that meetings are written with, as the vocabulary has them: the call goes as a request.
const CALL: &str = "foresporsel";
const HELD: &str = "samarbeidsmote";
const SUMMARY: &str = "moteoppsummering";
/// The field that a request has its text in.
const TEXT: &str = "sporsmal";

words! {
    /// Words of meetings.
    Words {
        title: "Samarbeidsmøter" | "Samarbeidsmøte" | "Cooperation meetings",
        stay: "Opphold" | "Opphald" | "Stay",
        back: "Til oppholdet" | "Til opphaldet" | "To the stay",
        so_far: "Hittil" | "Hittil" | "So far",
        none: "Ingen møter er holdt i oppholdet" | "Ingen møte er haldne i opphaldet" | "No meetings were held in the stay",
        call: "Kall inn" | "Kall inn" | "Call a meeting",
        call_lead: "Innkallingen sendes som forespørsel. Du ser over den før den går." | "Innkallinga blir send som førespurnad. Du ser over ho før ho går." | "The call goes as a request. You review it before it goes.",
        day: "Dato" | "Dato" | "Date",
        time: "Klokkeslett" | "Klokkeslett" | "Time",
        place: "Sted eller lenke" | "Stad eller lenkje" | "Place or link",
        who: "Hvem bør delta" | "Kven bør delta" | "Who should take part",
        agenda: "Punkter som står åpne i sjekklisten" | "Punkt som står opne i sjekklista" | "Points that are open in the checklist",
        agenda_none: "Ingen punkter i sjekklistene står åpne." | "Ingen punkt i sjekklistene står opne." | "No points of the checklists are open.",
        more: "Mer på dagsordenen" | "Meir på dagsordenen" | "More for the agenda",
        write_call: "Skriv innkallingen" | "Skriv innkallinga" | "Write the call",
        held: "Møtet er holdt" | "Møtet er halde" | "The meeting was held",
        held_lead: "Registrer når det var, og hvem som deltok." | "Registrer når det var, og kven som deltok." | "Register when it was, and who took part.",
        register: "Registrer møtet" | "Registrer møtet" | "Register the meeting",
        sum_up: "Send oppsummering" | "Send oppsummering" | "Send a summary",
        sum_up_lead: "Oppsummeringen sendes så raskt som mulig etter møtet." | "Oppsummeringa blir send så raskt som råd etter møtet." | "The summary is sent as soon as possible after the meeting.",
        write_summary: "Skriv oppsummeringen" | "Skriv oppsummeringa" | "Write the summary",
    }
}

#[derive(Template)]
#[template(path = "meetings/meetings.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    case: String,
    stay: String,
    action: String,
    held: Vec<Line>,
    agenda: Vec<Point>,
    /// Where a meeting that was held is registered; empty for who doesn't.
    register: String,
    may_sum_up: bool,
}

struct Line {
    name: String,
    at: String,
    from: String,
    says: String,
}

/// A point of a checklist that is open.
struct Point {
    id: String,
    text: String,
    clause: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/opphold/{case}/mote", get(page).post(taken))
}

async fn page(State(app): State<App>, frame: Frame, Path(case): Path<String>) -> Result<Response, Refused> {
    let room = Room::open(&app, &frame, &case).await?;
    let view = room.view()?;
    let w = Words::of(frame.language());
    let kinds = [HELD, SUMMARY];
    let held = view.counting().filter(|entry| kinds.contains(&entry.kind.as_str()));
    let may = |kind: &str| room.kind(&view, kind).is_ok();
    let register = link::path(&["opphold", &case, "skriv", HELD]);
    html(&Page {
        frame: frame.clone().titled(w.title),
        w,
        stay: link::path(&["opphold", &case]),
        action: link::path(&["opphold", &case, "mote"]),
        held: held.map(|entry| line(&app, &frame, &view, entry)).collect(),
        agenda: agenda(&view, &frame),
        register: if may(HELD) { register } else { String::new() },
        may_sum_up: may(SUMMARY),
        case: room.called.clone(),
    })
}

async fn taken(
    State(app): State<App>,
    frame: Frame,
    Path(case): Path<String>,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let typed: Vec<(String, String)> =
        serde_html_form::from_bytes(&bytes).map_err(|error| Refused::Wrong(error.to_string()))?;
    let said = Said::read(&bytes)?;
    let room = Room::open(&app, &frame, &case).await?;
    let view = room.view()?;
    let points = agenda(&view, &frame);
    let chosen: Vec<&Point> = points
        .iter()
        .filter(|point| typed.iter().any(|(name, id)| name == "punkt" && *id == point.id))
        .collect();
    let (kind, text) = match said.get("hva") {
        "oppsummering" => (SUMMARY, summary(&view, &frame, &chosen)),
        _ => (CALL, call(&frame, &said, &chosen)),
    };
    begun(&room, &view, kind, &[(TEXT, &text)]).await
}

/// The text of a call, as a person goes on with it.
fn call(frame: &Frame, said: &Said, chosen: &[&Point]) -> String {
    let w = Words::of(frame.language());
    let mut lines = vec![format!("{}.", w.call)];
    let parts = [(w.day, "dato"), (w.time, "klokke"), (w.place, "sted"), (w.who, "hvem")];
    let told = parts.iter().filter(|(_, name)| !said.get(name).is_empty());
    lines.extend(told.map(|(label, name)| format!("{label}: {}", said.get(name))));
    lines.extend(chosen.iter().map(|point| format!("- {}", point.text)));
    lines.extend(
        said.get("mer").lines().filter(|line| !line.trim().is_empty()).map(|line| format!("- {line}")),
    );
    lines.join("\n")
}

/// The text of a summary: who took part in the latest meeting, and the points.
fn summary(view: &StayView<'_>, frame: &Frame, chosen: &[&Point]) -> String {
    let latest = view.latest(HELD);
    let mut lines: Vec<String> = latest
        .map(|entry| {
            let who = entry.field("deltakere").map(value_text).unwrap_or_default();
            format!("{}: {}", frame.clock().full_date(frame.clock().date_of(entry.happened)), who)
        })
        .into_iter()
        .collect();
    lines.extend(chosen.iter().map(|point| format!("- {}:", point.text)));
    lines.join("\n")
}

fn line(app: &App, frame: &Frame, view: &StayView<'_>, entry: &Entry) -> Line {
    let named = frame.names(app).of(Some(view.agreement.id.as_str()), &view.version.version);
    let says = ["deltakere", TEXT].iter().find_map(|field| entry.field(field)).map(value_text);
    Line {
        name: named.kind(&entry.kind).to_owned(),
        at: frame.clock().instant(entry.happened),
        from: entry.from.clone().unwrap_or_default(),
        says: says.unwrap_or_default(),
    }
}

/// The points of the checklists of the stay that aren't done, but for those that are the meeting itself.
fn agenda(view: &StayView<'_>, frame: &Frame) -> Vec<Point> {
    let is_open = |status: CheckStatus| match status {
        CheckStatus::Missing | CheckStatus::AskPerson | CheckStatus::Undecided => true,
        CheckStatus::Done | CheckStatus::Reminder => false,
    };
    let mut points: Vec<Point> = Vec::new();
    for reading in &view.evaluation.checklists {
        let Some(list) = view.version.checklists.iter().find(|list| list.id == reading.checklist) else {
            continue;
        };
        for check in reading.points.iter().filter(|point| is_open(point.status)) {
            let Some(point) = list.points.iter().find(|point| point.id == check.point) else { continue };
            if !is_meeting(point, view) && !points.iter().any(|it| it.id == point.id.as_str()) {
                points.push(Point {
                    id: point.id.to_string(),
                    text: point.says.in_language(frame.language()).to_owned(),
                    clause: point.clause.to_string(),
                });
            }
        }
    }
    points
}

/// Whether a point is done by meeting, or by summing up.
fn is_meeting(point: &CheckPoint, view: &StayView<'_>) -> bool {
    let is_it = |kinds: &[KindId]| kinds.iter().any(|kind| [CALL, HELD, SUMMARY].contains(&kind.as_str()));
    match &point.done_by {
        DoneBy::Kinds(kinds) => is_it(kinds),
        DoneBy::Duty(duty) => view.version.duty(duty).is_some_and(|duty| is_it(&duty.must)),
        DoneBy::Condition(_) | DoneBy::Person | DoneBy::Reminder => false,
    }
}
