//! The board (*tavle*): all open stays of one's party or unit, what presses most first.

mod filter;
mod line;
mod practice;
mod stream;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use samspill_service::{access::Action, downtime::Beside};

use self::{
    filter::{Asked, Reader, Standing},
    line::{Naming, Row, Writer},
};
use super::{
    Choice, Frame, Names, Pager, PagerWords, astray, desk, fill, html,
    patients::Patients,
    sides::{Sides, side_of},
    words::words,
};
use crate::{App, Refused};

pub(super) use line::tone;

/// Lines on a page, and on a wall.
const LINES: usize = 50;
const LINES_ON_WALL: usize = 40;
/// Persons of a name that was typed; most may be others'.
const NAMED_MAX: usize = 10_000;

words! {
    /// Words of the board.
    Words {
        title: "Tavle" | "Tavle" | "Board",
        stays: "Åpne opphold" | "Opne opphald" | "Open stays",
        overdue: "Over fristen" | "Over fristen" | "Overdue",
        mine: "Vi skal gjøre noe" | "Vi skal gjere noko" | "We have to act",
        fresh: "Nytt siden sist" | "Nytt sidan sist" | "New since last time",
        counting: "Døgn løper" | "Døgn går" | "Days running",
        left: "Over, noe ble ikke gjort" | "Over, noko vart ikkje gjort" | "Over, something wasn't done",
        patient: "Pasient" | "Pasient" | "Patient",
        stay: "Opphold" | "Opphald" | "Stay",
        unit: "Avdeling" | "Avdeling" | "Ward",
        municipality: "Kommune" | "Kommune" | "Municipality",
        phase: "Fase" | "Fase" | "Phase",
        next: "Neste plikt" | "Neste plikt" | "Next duty",
        expected: "Neste å vente" | "Neste å vente" | "Next to expect",
        came: "Kommet til dere" | "Kome til dykk" | "Come to you",
        came_none: "Ingenting ennå" | "Ingenting enno" | "Nothing yet",
        due: "Frist" | "Frist" | "Limit",
        days: "Døgn" | "Døgn" | "Days",
        all_phases: "Alle faser" | "Alle fasar" | "All phases",
        all_units: "Alle avdelinger" | "Alle avdelingar" | "All wards",
        all_municipalities: "Alle kommuner" | "Alle kommunar" | "All municipalities",
        text: "Navn, opphold eller sted" | "Namn, opphald eller stad" | "Name, stay or place",
        sort: "Rekkefølge" | "Rekkjefølgje" | "Order",
        by_limit: "Frist" | "Frist" | "Limit",
        by_newest: "Nyeste" | "Nyaste" | "Newest",
        by_days: "Flest døgn" | "Flest døgn" | "Most days",
        by_unit: "Avdeling" | "Avdeling" | "Ward",
        by_municipality: "Kommune" | "Kommune" | "Municipality",
        by_phase: "Fase" | "Fase" | "Phase",
        show: "Vis" | "Vis" | "Show",
        clear: "Nullstill" | "Nullstill" | "Clear",
        filters: "Utvalg" | "Utval" | "Filters",
        begin: "Nytt opphold" | "Nytt opphald" | "New stay",
        wall: "Veggskjerm" | "Veggskjerm" | "Wall screen",
        leave_wall: "Vanlig tavle" | "Vanleg tavle" | "Ordinary board",
        new: "Nytt" | "Nytt" | "New",
        ours: "vår" | "vår" | "ours",
        more: "+{n} til" | "+{n} til" | "+{n} more",
        since: "siden {when}" | "sidan {when}" | "since {when}",
        over: "Avsluttet, noe gjenstår" | "Avslutta, noko står att" | "Over, something is left",
        nothing_due: "Ingen plikt venter" | "Inga plikt ventar" | "Nothing is due",
        shown: "{first}–{last} av {total}" | "{first}–{last} av {total}" | "{first}–{last} of {total}",
        before: "Forrige" | "Førre" | "Previous",
        after: "Neste" | "Neste" | "Next",
        none: "Ingen åpne opphold" | "Ingen opne opphald" | "No open stays",
        none_hint: "Når et opphold begynner, står det her med det første som må gjøres." | "Når eit opphald begynner, står det her med det første som må gjerast." | "When a stay begins, it appears here with the first thing to do.",
        none_fit: "Ingen opphold passer utvalget" | "Ingen opphald passar utvalet" | "No stays match the filters",
        at: "Slik det er {at}" | "Slik det er {at}" | "As of {at}",
    }
}

#[derive(Template)]
#[template(path = "board/board.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    asked: Asked,
    counts: Vec<Count>,
    /// What choosing a count brings along where something was typed, which no address says; nothing where nothing was.
    carried: Vec<(&'static str, String)>,
    phases: Vec<Choice>,
    units: Vec<Choice>,
    municipalities: Vec<Choice>,
    orders: Vec<Choice>,
    rows: Vec<Row>,
    pager: Pager,
    made: String,
    wall: String,
    clear: Option<String>,
    /// Whether it is told what has come to the reader: to general practitioners.
    shows_came: bool,
    /// Whether the reader may begin a stay.
    begins: bool,
}

/// How many there are of something, and where to see them alone.
struct Count {
    /// What the address or the form asks for.
    vis: &'static str,
    href: String,
    name: &'static str,
    number: usize,
    tone: &'static str,
    is_chosen: bool,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/tavle", get(board).post(found)).route("/tavle/strom", get(stream::stream))
}

async fn board(
    State(app): State<App>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    shown(&app, frame, asked).await
}

/// The board with what somebody typed: that is sent as a form, for addresses are written down in too many places for patients' names.
async fn found(State(app): State<App>, frame: Frame, Form(asked): Form<Asked>) -> Result<Response, Refused> {
    shown(&app, frame, asked).await
}

async fn shown(app: &App, frame: Frame, asked: Asked) -> Result<Response, Refused> {
    let seen = desk::seen(app, &frame).await?;
    let called = called(app, &asked.q).await?;
    let stays = app.lines_seen_by(&frame.signed, Action::ListStay);
    let reader = Reader {
        signed: &frame.signed,
        sides: Sides::of(app.book()),
        side: side_of(app.book(), &frame.subject().party),
        seen: &seen,
        now: frame.now,
    };
    let all: Vec<Standing<'_>> = stays.iter().map(|line| reader.standing(line)).collect();
    let w = Words::of(frame.language());
    let names = frame.names(app);
    let counts = counts(&all, &asked, w);
    let choices = choices(&all, &reader, &names, &asked, w);
    let mut lines: Vec<Standing<'_>> =
        all.into_iter().filter(|it| reader.takes(it, &asked, &called)).collect();
    reader.sort(&mut lines, &asked.sorter);
    let is_wall = asked.visning == "vegg";
    let size = if is_wall { LINES_ON_WALL } else { LINES };
    let (shown, pager) = cut(&lines, &asked, size, w);
    app.listed(&frame.signed, Action::ListStay, "tavle", shown.len()).await?;
    let clock = frame.clock();
    let naming = if is_wall { Naming::Nameless } else { Naming::Named };
    let patients = patients(app, shown, naming).await?;
    let came = practice::came(app, &frame, shown, reader.side).await?;
    let shows_came = came.is_some();
    let lost = app.astray_seen_by(&frame.signed).await?;
    let astray = astray::by_case(&lost);
    let (clock, frame_of, patients) = (&clock, &frame, &patients);
    let downtime = app.downtime().await?;
    let beside = Beside { periods: &downtime.periods, book: app.book(), now: frame.now };
    let writer =
        Writer { reader: &reader, names, clock, frame: frame_of, patients, naming, came, astray, beside, w };
    let rows = shown.iter().map(|it| writer.row(it)).collect();
    let carried = asked.carried();
    let wall = asked.address_with(&[("visning", if is_wall { "" } else { "vegg" })]);
    let made = fill(w.at, &[("at", &clock.time(frame.now))]);
    let clear = asked.is_narrow().then(|| link_of(&asked.visning));
    let [phases, units, municipalities, orders] = choices;
    let begins = frame.has_task(Action::WriteStay) && reader.side == Some("sykehus");
    let frame = frame.titled(w.title);
    let frame = if is_wall { frame.wall() } else { frame.wide() };
    html(&Page {
        frame,
        w,
        asked,
        counts,
        carried,
        phases,
        units,
        municipalities,
        orders,
        rows,
        pager,
        made,
        wall,
        clear,
        shows_came,
        begins,
    })
}

fn link_of(visning: &str) -> String {
    super::link::query("/tavle", &[("visning", visning)])
}

/// The persons whose names hold what was typed.
async fn called(app: &App, typed: &str) -> Result<BTreeSet<String>, Refused> {
    if typed.trim().is_empty() {
        return Ok(BTreeSet::new());
    }
    Patients::find(app, typed, NAMED_MAX).await
}

/// The patients of the lines that are shown.
async fn patients(app: &App, shown: &[Standing<'_>], naming: Naming) -> Result<Patients, Refused> {
    let ids = match naming {
        Naming::Named => shown.iter().flat_map(|it| it.line.persons.iter().cloned()).collect(),
        Naming::Nameless => BTreeSet::new(),
    };
    Patients::of(app, &ids).await
}

fn counts(all: &[Standing<'_>], asked: &Asked, w: &'static Words) -> Vec<Count> {
    let count = |vis: &'static str, name, tone| Count {
        vis,
        href: asked.address_with(&[("vis", vis)]),
        name,
        number: all.iter().filter(|it| it.is_among(vis)).count(),
        tone,
        is_chosen: asked.vis == vis,
    };
    let mut counts = vec![
        count("", w.stays, "neutral"),
        count("over", w.overdue, "danger"),
        count("mine", w.mine, "warning"),
        count("nye", w.fresh, "info"),
        count("dogn", w.counting, "neutral"),
    ];
    counts.extend(Some(count("forsomt", w.left, "neutral")).filter(|it| it.number > 0 || it.is_chosen));
    counts
}

/// What can be chosen: what the lines have.
fn choices(
    all: &[Standing<'_>],
    reader: &Reader<'_>,
    names: &Names<'_>,
    asked: &Asked,
    w: &'static Words,
) -> [Vec<Choice>; 4] {
    let (mut phases, mut units, mut towns) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for it in all {
        let row = &it.line.row;
        for phase in &row.phases {
            if !phases.contains_key(phase.phase.as_str()) {
                let known = names.of(row.agreement.as_deref(), &row.version);
                phases.insert(phase.phase.as_str(), known.phase(&phase.phase).to_owned());
            }
        }
        units.extend(reader.sides.units(&it.line.involvement, "sykehus"));
        towns.extend(reader.sides.parties(&it.line.involvement, "kommune"));
    }
    let orders = [
        ("", w.by_limit),
        ("nyest", w.by_newest),
        ("dogn", w.by_days),
        ("enhet", w.by_unit),
        ("kommune", w.by_municipality),
        ("fase", w.by_phase),
    ];
    [
        listed(w.all_phases, phases.into_iter().map(|(id, name)| (id.to_owned(), name)), &asked.fase),
        listed(w.all_units, units.into_iter().map(twice), &asked.enhet),
        listed(w.all_municipalities, towns.into_iter().map(twice), &asked.kommune),
        orders.map(|(value, label)| Choice::new(value, label, &asked.sorter)).into(),
    ]
}

fn twice(name: &str) -> (String, String) {
    (name.to_owned(), name.to_owned())
}

fn listed(all: &str, items: impl Iterator<Item = (String, String)>, chosen: &str) -> Vec<Choice> {
    let first = Choice::new("", all, chosen);
    std::iter::once(first).chain(items.map(|(value, label)| Choice::new(value, label, chosen))).collect()
}

/// The lines of the page that is asked for.
fn cut<'s, 'l>(
    lines: &'s [Standing<'l>],
    asked: &Asked,
    size: usize,
    w: &'static Words,
) -> (&'s [Standing<'l>], Pager) {
    let words = PagerWords { shown: w.shown, before: w.before, after: w.after };
    let (range, pager) = Pager::cut(lines.len(), (size, asked.page()), |page| asked.address(page), words);
    (&lines[range], pager)
}
