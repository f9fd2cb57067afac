//! The start page: what the role came for, first.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use samspill_service::{
    access::{Action, Role},
    live::StayLine,
};

use super::{
    Frame, Place, Tone, board, desk, fill, html, link,
    sides::side_of,
    tasks::{self, Owed, owed},
    words::words,
};
use crate::{App, Refused};

/// Duties that are shown.
const PRESSING: usize = 6;

words! {
    /// Words of the start page.
    Words {
        title: "Start" | "Start" | "Start",
        morning: "God morgen, {name}" | "God morgon, {name}" | "Good morning, {name}",
        day: "God dag, {name}" | "God dag, {name}" | "Hello, {name}",
        evening: "God kveld, {name}" | "God kveld, {name}" | "Good evening, {name}",
        overdue: "Over fristen hos oss" | "Over fristen hos oss" | "Overdue with us",
        astray: "Meldinger som ikke kom fram" | "Meldingar som ikkje kom fram" | "Messages that did not get through",
        ours: "Vi skal gjøre" | "Vi skal gjere" | "We have to do",
        theirs: "Vi venter på" | "Vi ventar på" | "We wait for",
        fresh: "Opphold med noe nytt" | "Opphald med noko nytt" | "Stays with something new",
        stays: "Åpne opphold" | "Opne opphald" | "Open stays",
        counting: "Opphold med døgn" | "Opphald med døgn" | "Stays with days",
        first: "Dette haster mest" | "Dette hastar mest" | "Most urgent",
        all_tasks: "Alle oppgaver" | "Alle oppgåver" | "All tasks",
        nothing: "Ingenting haster" | "Ingenting hastar" | "Nothing is urgent",
        nothing_hint: "Det som kommer, står her og på tavla." | "Det som kjem, står her og på tavla." | "What comes appears here and on the board.",
        places: "Gå til" | "Gå til" | "Go to",
        about_board: "Alle åpne opphold, det som haster først" | "Alle opne opphald, det som hastar først" | "All open stays, the most urgent first",
        about_tasks: "Plikter etter frist, og hvem som har tatt dem" | "Plikter etter frist, og kven som har teke dei" | "Duties by limit, and who has taken them",
        about_inbox: "Meldinger som ingen har lest eller svart på" | "Meldingar som ingen har lese eller svara på" | "Messages that nobody has read or answered",
        about_monitor: "Hvor meldingene er, og hva som mangler kvittering" | "Kvar meldingane er, og kva som manglar kvittering" | "Where messages are, and what lacks a receipt",
        about_agreements: "Reglene, og hvordan de er lest. Prøv en endring på historien" | "Reglane, og korleis dei er lesne. Prøv ei endring på historia" | "The rules and how they are read. Try a change on history",
        about_figures: "Holdte frister, ventetid, døgn og kroner" | "Haldne fristar, ventetid, døgn og kroner" | "Limits kept, waiting, days and kroner",
        about_access: "Hvem har sett på en pasient" | "Kven har sett på ein pasient" | "Who has looked at a patient",
        about_admin: "Brukere, roller, enheter, nedetid" | "Brukarar, roller, einingar, nedetid" | "Accounts, roles, units, downtime",
        about_help: "Hva avtalen sier, punkt for punkt" | "Kva avtalen seier, punkt for punkt" | "What the agreement says, clause by clause",
        about_take: "Når en annen enhet hos dere har oppholdet" | "Når ei anna eining hos dykk har opphaldet" | "When another unit of yours has the stay",
    }
}

#[derive(Template)]
#[template(path = "start/start.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    greeting: String,
    counts: Vec<Count>,
    pressing: Vec<Pressing>,
    shows_stays: bool,
    places: Vec<(Place, &'static str)>,
}

struct Count {
    href: &'static str,
    name: &'static str,
    number: usize,
    tone: Tone,
}

struct Pressing {
    href: String,
    name: String,
    patient: String,
    due: String,
    at: String,
    tone: Tone,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/", get(start))
}

async fn start(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let shows_stays = frame.has_task(Action::ListStay);
    let (mut counts, mut pressing) = (Vec::new(), Vec::new());
    if shows_stays {
        let stays = app.lines_seen_by(&frame.signed, Action::ListStay);
        let own = side_of(app.book(), &frame.subject().party);
        let mut owed = owed(&stays, &frame);
        owed.retain(|it| !it.is_left_over(frame.now));
        let ours: Vec<Owed<'_>> =
            owed.iter().copied().filter(|it| Some(it.duty.holder.as_str()) == own).collect();
        counts = counts_of(&app, &frame, &stays, (&owed, &ours), w).await?;
        let first = &ours[..ours.len().min(PRESSING)];
        if frame.has_task(Action::ReadStay) {
            app.listed(&frame.signed, Action::ListStay, "start", first.len()).await?;
            pressing = most_pressing(&app, &frame, first).await?;
        }
    }
    let greeting = greeting(&frame, w);
    let places = frame.places.iter().filter(|place| place.href != "/").cloned();
    let places = places.map(|place| (place.clone(), about(&place, w))).collect();
    html(&Page { frame: frame.titled(w.title), w, greeting, counts, pressing, shows_stays, places })
}

async fn counts_of(
    app: &App,
    frame: &Frame,
    stays: &[std::sync::Arc<StayLine>],
    (owed, ours): (&[Owed<'_>], &[Owed<'_>]),
    w: &'static Words,
) -> Result<Vec<Count>, Refused> {
    let seen = desk::seen(app, frame).await?;
    let visible =
        || stays.iter().filter(|line| frame.signed.sees(&line.involvement, Action::ListStay, frame.now));
    let is_new = |line: &StayLine| seen.get(&line.row.case).is_none_or(|at| *at < line.last_position);
    let late = ours.iter().filter(|it| it.duty.due.instant().is_some_and(|due| due < frame.now)).count();
    let has_days = |line: &StayLine| line.row.meters.iter().any(|meter| meter.count > 0);
    let count = |href, name, number, tone| Count { href, name, number, tone };
    let counting =
        count("/tavle?vis=dogn", w.counting, visible().filter(|line| has_days(line)).count(), Tone::Info);
    let open = visible().filter(|line| !line.is_left_over(frame.now)).count();
    let open = count("/tavle", w.stays, open, Tone::Neutral);
    Ok(match frame.subject().role {
        Role::HospitalAccounts | Role::MunicipalAccounts => vec![counting, open],
        Role::Ward
        | Role::Physician
        | Role::Coordination
        | Role::CaseOffice
        | Role::CareUnit
        | Role::Gp
        | Role::Secretary
        | Role::Member
        | Role::Auditor
        | Role::Administrator => vec![
            count("/oppgaver", w.overdue, late, Tone::Danger),
            count("/innboks#ikke-levert", w.astray, frame.astray, Tone::Danger),
            count("/oppgaver", w.ours, ours.len(), Tone::Warning),
            count("/oppgaver?hvem=dem", w.theirs, owed.len() - ours.len(), Tone::Info),
            count("/tavle?vis=nye", w.fresh, visible().filter(|line| is_new(line)).count(), Tone::Info),
            open,
        ],
    })
}

async fn most_pressing(app: &App, frame: &Frame, first: &[Owed<'_>]) -> Result<Vec<Pressing>, Refused> {
    let clock = frame.clock();
    let patients = tasks::patients(app, frame, first).await?;
    let shown = first.iter().map(|it| {
        let row = &it.line.row;
        let named = frame.names(app).of(row.agreement.as_deref(), &it.duty.version);
        Pressing {
            href: link::path(&["opphold", &row.case]),
            name: named.duty(&it.duty.duty).to_owned(),
            patient: patients.get(&row.case).cloned().unwrap_or_default(),
            due: clock.due(it.duty.due),
            at: it.duty.due.instant().map(|at| clock.instant(at)).unwrap_or_default(),
            tone: board::tone(it.duty.due, &clock),
        }
    });
    Ok(shown.collect())
}

fn greeting(frame: &Frame, w: &Words) -> String {
    /// Hours at which the day and the evening begin.
    const DAY: i8 = 10;
    const EVENING: i8 = 18;
    let hour = frame.clock().hour(frame.now);
    let text = match hour {
        ..5 | EVENING.. => w.evening,
        5..DAY => w.morning,
        DAY..EVENING => w.day,
    };
    let first = frame.subject().name.split_whitespace().next().unwrap_or_default();
    fill(text, &[("name", &first)])
}

fn about(place: &Place, w: &'static Words) -> &'static str {
    match place.icon {
        "board" => w.about_board,
        "tasks" => w.about_tasks,
        "inbox" => w.about_inbox,
        "monitor" => w.about_monitor,
        "agreements" => w.about_agreements,
        "figures" => w.about_figures,
        "access" => w.about_access,
        "admin" => w.about_admin,
        "help" => w.about_help,
        "take" => w.about_take,
        _ => "",
    }
}
