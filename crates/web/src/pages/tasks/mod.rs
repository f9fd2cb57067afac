//! Tasks: the open duties of all one's stays, by limit; what is late, what one waits for, and who has taken what on.

mod assign;
mod news;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::{get, post},
};
use jiff::{Timestamp, ToSpan};
use samspill_service::{
    access::Action,
    downtime::Beside,
    live::StayLine,
    projections::{DueRow, DutyRow},
};
use serde::Deserialize;

use super::{
    Choice, Clock, Frame, Pager, PagerWords, Tone, board,
    desk::{self, Given},
    html, link,
    patients::Patients,
    sides::{Sides, parties_of, side_of, units_of},
    stay::duty_key,
    words::words,
};
use crate::{App, Refused};

pub(super) use assign::is_theirs;

/// The tab of what wasn't done in its time in stays that are over.
const LEFT: &str = "forsomt";
/// Duties on a page.
const DUTIES: usize = 50;

words! {
    /// Words of the tasks.
    Words {
        title: "Oppgaver" | "Oppgåver" | "Tasks",
        ours: "Vi skal gjøre" | "Vi skal gjere" | "We have to do",
        mine: "Tatt av meg" | "Teke av meg" | "Taken by me",
        theirs: "Vi venter på" | "Vi ventar på" | "We wait for",
        left: "Ikke gjort i tide" | "Ikkje gjort i tide" | "Not done in time",
        left_lead: "Oppholdene er over for mer enn to uker siden. Det som kom for sent til å gjøres, står i tallene som forsømt; det som fortsatt trengs, kan gjøres." | "Opphalda er over for meir enn to veker sidan. Det som kom for seint til å gjerast, står i tala som forsømt; det som framleis trengst, kan gjerast." | "These stays were over more than two weeks ago. What came too late to be done is missed in the figures; what is still needed can be done.",
        none_left: "Ingenting slikt" | "Ingenting slikt" | "Nothing of that kind",
        which: "Hvilke oppgaver" | "Kva oppgåver" | "Which tasks",
        late: "Over fristen" | "Over fristen" | "Overdue",
        at_once: "Straks" | "Straks" | "At once",
        today: "I dag" | "I dag" | "Today",
        later: "Senere" | "Seinare" | "Later",
        unknown: "Uten frist ennå" | "Utan frist enno" | "No limit yet",
        news: "Siden du så sist: {new} nye, {late} har gått over fristen." | "Sidan du såg sist: {new} nye, {late} har gått over fristen." | "Since you last looked: {new} new, {late} have become overdue.",
        news_seen: "Merk som sett" | "Merk som sett" | "Mark as seen",
        seen: "Oppgavene er merket som sett." | "Oppgåvene er merkte som sett." | "The tasks are marked as seen.",
        take: "Ta den" | "Ta ho" | "Take it",
        give: "Gi til" | "Gi til" | "Give to",
        drop: "Slipp" | "Slepp" | "Let go",
        me: "Meg" | "Meg" | "Me",
        nobody: "Ingen" | "Ingen" | "Nobody",
        unit: "Enhet" | "Eining" | "Unit",
        all_units: "Alle enheter" | "Alle einingar" | "All units",
        filters: "Utvalg" | "Utval" | "Filters",
        show: "Vis" | "Vis" | "Show",
        shown: "{first}–{last} av {total}" | "{first}–{last} av {total}" | "{first}–{last} of {total}",
        before: "Forrige" | "Førre" | "Previous",
        after: "Neste" | "Neste" | "Next",
        none_ours: "Alt er gjort" | "Alt er gjort" | "All is done",
        none_ours_hint: "Ingen plikt venter på dere nå." | "Inga plikt ventar på dykk no." | "Nothing waits for you now.",
        none_mine: "Du har ikke tatt noe" | "Du har ikkje teke noko" | "You have taken nothing",
        none_mine_hint: "Trykk «Ta den» ved en oppgave, så ser kollegene at du har den." | "Trykk «Ta ho» ved ei oppgåve, så ser kollegaene at du har ho." | "Press “Take it” beside a task, so that colleagues see that you have it.",
        none_theirs: "Dere venter ikke på noe" | "De ventar ikkje på noko" | "You wait for nothing",
        given: "Oppgaven er gitt." | "Oppgåva er gitt." | "The task was given.",
        dropped: "Oppgaven er ledig igjen." | "Oppgåva er ledig igjen." | "The task is free again.",
        give_title: "Gi oppgaven til" | "Gi oppgåva til" | "Give the task to",
        give_lead: "Plikten er fortsatt partens. Dette sier bare hvem av dere som tar seg av den." | "Plikta er framleis parten si. Dette seier berre kven av dykk som tek seg av ho." | "The duty is still the party's. This only says which of you looks after it.",
        colleague: "Kollega" | "Kollega" | "Colleague",
        cancel: "Avbryt" | "Avbryt" | "Cancel",
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `mine`, `dem` or `forsomt`; else what the own side must do.
    hvem: String,
    enhet: String,
    side: String,
    gjort: String,
}

#[derive(Template)]
#[template(path = "tasks/tasks.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    tabs: Vec<Tab>,
    /// What came since the reader last looked.
    news: Option<news::News>,
    who: String,
    units: Vec<Choice>,
    groups: Vec<Group>,
    pager: Pager,
    empty: (&'static str, &'static str),
}

struct Tab {
    href: String,
    name: &'static str,
    number: usize,
    is_chosen: bool,
    /// Whether it is there with nothing in it too.
    is_always: bool,
}

/// Duties that press alike.
struct Group {
    name: &'static str,
    tone: Tone,
    tasks: Vec<Task>,
}

struct Task {
    name: String,
    href: String,
    stay: String,
    patient: String,
    place: String,
    holder: String,
    due: String,
    at: String,
    tone: Tone,
    /// What registered downtime has to do with it; empty where it has nothing.
    down: String,
    taken: String,
    is_mine: bool,
    case: String,
    key: String,
    give: String,
}

/// A duty of a stay.
#[derive(Clone, Copy)]
pub(super) struct Owed<'l> {
    pub(super) line: &'l StayLine,
    pub(super) duty: &'l DutyRow,
}

impl Owed<'_> {
    /// Whether it wasn't done in its time in a stay that is over: see [`StayLine::is_left_over`].
    pub(super) fn is_left_over(&self, now: Timestamp) -> bool {
        self.line.is_left_over(now)
    }
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/oppgaver", get(tasks))
        .route("/oppgaver/gi", get(assign::choose))
        .route("/oppgaver/tildel", post(assign::assign))
        .route("/oppgaver/sett", post(news::seen))
}

/// The duties that are undone in stays that the reader sees, what is longest overdue first and then by limit.
pub(super) fn owed<'l>(stays: &'l [std::sync::Arc<StayLine>], frame: &Frame) -> Vec<Owed<'l>> {
    let seen = stays.iter().filter(|line| frame.signed.sees(&line.involvement, Action::ListStay, frame.now));
    let mut owed: Vec<Owed<'l>> =
        seen.flat_map(|line| line.row.undone.iter().map(move |duty| Owed { line, duty })).collect();
    owed.sort_by_key(|it| {
        let due = presses_from(it.duty.due, it.duty.triggered);
        (due.is_none(), due, it.line.row.case.as_str())
    });
    owed
}

/// When a duty begins to press: at its limit; one that is to be done at once, when it arose; none while its limit isn't known.
fn presses_from(due: DueRow, triggered: Timestamp) -> Option<Timestamp> {
    match due {
        DueRow::AtOnce => Some(triggered),
        DueRow::At(at) => Some(at),
        DueRow::NotYetKnown => None,
    }
}

async fn tasks(
    State(app): State<App>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let stays = app.lines_seen_by(&frame.signed, Action::ListStay);
    let all = owed(&stays, &frame);
    let own = side_of(app.book(), &frame.subject().party);
    let given = desk::given(&app, &frame.subject().party).await?;
    let account = frame.subject().account.clone();
    let is_ours = |it: &Owed<'_>| own.is_none() || Some(it.duty.holder.as_str()) == own;
    let is_mine = |it: &Owed<'_>| given.get(&place(it)).is_some_and(|to| to.account == account);
    let is_left = |it: &Owed<'_>| it.is_left_over(frame.now);
    let is_among = |it: &Owed<'_>, who: &str| takes(who, is_ours(it), is_mine(it), is_left(it));
    let tabs = tabs(&all, &asked, w, is_among);
    let sides = Sides::of(app.book());
    let units = units(&sides, &all, &asked, w);
    let news = news::since(&app, &frame, all.iter().filter(|it| is_among(it, ""))).await?;
    let mut chosen: Vec<Owed<'_>> = all.iter().copied().filter(|it| is_among(it, &asked.hvem)).collect();
    chosen
        .retain(|it| asked.enhet.is_empty() || all_units_of(&sides, it.line).any(|unit| unit == asked.enhet));
    let (shown, pager) = cut(&chosen, &asked, w);
    app.listed(&frame.signed, Action::ListStay, "oppgaver", shown.len()).await?;
    let called = patients(&app, &frame, shown).await?;
    let downtime = app.downtime().await?;
    let beside = Beside { periods: &downtime.periods, book: app.book(), now: frame.now };
    let groups = groups(&app, &frame, shown, (&given, &called, beside), w);
    let empty = match asked.hvem.as_str() {
        "mine" => (w.none_mine, w.none_mine_hint),
        "dem" => (w.none_theirs, ""),
        LEFT => (w.none_left, ""),
        _ => (w.none_ours, w.none_ours_hint),
    };
    let frame = match asked.gjort.as_str() {
        "gitt" => frame.says(Tone::Success, w.given),
        "sluppet" => frame.says(Tone::Success, w.dropped),
        "sett" => frame.says(Tone::Success, w.seen),
        _ => frame,
    };
    let frame = frame.titled(w.title).wide();
    html(&Page { frame, w, tabs, news, who: asked.hvem, units, groups, pager, empty })
}

/// The tabs, each with how many are in it. What wasn't done in its time has one where there is any.
fn tabs(
    all: &[Owed<'_>],
    asked: &Asked,
    w: &'static Words,
    is_among: impl Fn(&Owed<'_>, &str) -> bool,
) -> Vec<Tab> {
    let tabs = [("", w.ours), ("mine", w.mine), ("dem", w.theirs), (LEFT, w.left)].map(|(who, name)| Tab {
        href: link::query("/oppgaver", &[("hvem", who), ("enhet", &asked.enhet)]),
        name,
        number: all.iter().filter(|it| is_among(it, who)).count(),
        is_chosen: asked.hvem == who,
        is_always: who != LEFT,
    });
    tabs.into_iter().filter(|tab| tab.is_always || tab.is_chosen || tab.number > 0).collect()
}

fn takes(who: &str, is_ours: bool, is_mine: bool, is_left: bool) -> bool {
    match who {
        "mine" => is_mine,
        "dem" => !is_ours && !is_left,
        LEFT => is_ours && is_left,
        _ => is_ours && !is_left,
    }
}

/// The case and the duty, as assignments name them.
pub(super) fn place(owed: &Owed<'_>) -> (String, String) {
    let duty = owed.duty;
    (owed.line.row.case.clone(), duty_key(&duty.duty, duty.trigger.position, duty.triggered))
}

fn units(sides: &Sides<'_>, all: &[Owed<'_>], asked: &Asked, w: &Words) -> Vec<Choice> {
    let units: BTreeSet<&str> = all.iter().flat_map(|it| all_units_of(sides, it.line)).collect();
    let first = Choice::new("", w.all_units, &asked.enhet);
    std::iter::once(first)
        .chain(units.into_iter().map(|unit| Choice::new(unit, unit, &asked.enhet)))
        .collect()
}

/// The units of hospital and municipality that a stay is with.
fn all_units_of<'l>(sides: &Sides<'_>, line: &'l StayLine) -> impl Iterator<Item = &'l str> {
    let stay = &line.involvement;
    sides.units(stay, "sykehus").chain(sides.units(stay, "kommune"))
}

/// The duties of the page that is asked for.
fn cut<'s, 'l>(all: &'s [Owed<'l>], asked: &Asked, w: &'static Words) -> (&'s [Owed<'l>], Pager) {
    let to = |page: usize| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        link::query("/oppgaver", &[("hvem", &asked.hvem), ("enhet", &asked.enhet), ("side", &page)])
    };
    let words = PagerWords { shown: w.shown, before: w.before, after: w.after };
    let (range, pager) = Pager::cut(all.len(), (DUTIES, asked.side.parse().unwrap_or(1)), to, words);
    (&all[range], pager)
}

/// What the patients of stays are called to the reader, by case.
pub(super) async fn patients(
    app: &App,
    frame: &Frame,
    shown: &[Owed<'_>],
) -> Result<BTreeMap<String, String>, Refused> {
    let ids = shown.iter().flat_map(|it| it.line.persons.iter().cloned()).collect();
    let patients = Patients::of(app, &ids).await?;
    let named = shown.iter().map(|it| {
        let called = patients.called(frame, &it.line.involvement, &it.line.persons);
        (it.line.row.case.clone(), called.title)
    });
    Ok(named.collect())
}

/// Who has taken what on, what patients are called by case, and downtime.
type About<'a> = (&'a Given, &'a BTreeMap<String, String>, Beside<'a>);

fn groups(app: &App, frame: &Frame, shown: &[Owed<'_>], about: About<'_>, w: &'static Words) -> Vec<Group> {
    let clock = frame.clock();
    let tomorrow = clock.today().checked_add(1.day()).ok().and_then(|day| clock.midnight(day));
    let kinds = [
        (w.at_once, Tone::Warning),
        (w.late, Tone::Danger),
        (w.today, Tone::Warning),
        (w.later, Tone::Info),
        (w.unknown, Tone::Neutral),
    ];
    let mut groups: Vec<Group> =
        kinds.into_iter().map(|(name, tone)| Group { name, tone, tasks: Vec::new() }).collect();
    for it in shown {
        let group = group(it.duty.due, frame.now, tomorrow);
        groups[group].tasks.push(task(app, frame, it, about, &clock));
    }
    // What is late comes first, also before what is to be done at once.
    groups.swap(0, 1);
    groups.retain(|group| !group.tasks.is_empty());
    groups
}

fn group(due: DueRow, now: Timestamp, tomorrow: Option<Timestamp>) -> usize {
    match due {
        DueRow::AtOnce => 0,
        DueRow::At(at) if at < now => 1,
        DueRow::At(at) if tomorrow.is_some_and(|tomorrow| at < tomorrow) => 2,
        DueRow::At(_) => 3,
        DueRow::NotYetKnown => 4,
    }
}

fn task(
    app: &App,
    frame: &Frame,
    owed: &Owed<'_>,
    (given, patients, beside): About<'_>,
    clock: &Clock,
) -> Task {
    let (row, duty) = (&owed.line.row, owed.duty);
    let named = frame.names(app).of(row.agreement.as_deref(), &duty.version);
    let (case, key) = place(owed);
    let to = given.get(&(case.clone(), key.clone()));
    let own = side_of(app.book(), &frame.subject().party);
    let is_ours = own == Some(duty.holder.as_str());
    let involvement = &owed.line.involvement;
    let down = beside.of(duty, involvement, named.version());
    let mut places = units_of(app.book(), involvement, "sykehus");
    places.extend(parties_of(app.book(), involvement, "kommune"));
    Task {
        name: named.duty(&duty.duty).to_owned(),
        href: link::path(&["opphold", &case, "hvorfor", "plikt", &key]),
        stay: link::path(&["opphold", &case]),
        patient: patients.get(&case).cloned().unwrap_or_else(|| case.clone()),
        place: places.join(" · "),
        holder: named.party(&duty.holder).to_owned(),
        due: clock.due(duty.due),
        at: duty.due.instant().map(|at| clock.instant(at)).unwrap_or_default(),
        tone: board::tone(duty.due, clock),
        down: down.map(|it| it.words(frame.language())).unwrap_or_default(),
        // Who does what at another party is that party's.
        taken: to.filter(|_| is_ours).map(|to| to.name.clone()).unwrap_or_default(),
        is_mine: to.is_some_and(|to| to.account == frame.subject().account),
        give: link::query("/oppgaver/gi", &[("opphold", &case), ("plikt", &key)]),
        case,
        key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_done_at_once_presses_from_when_it_arose_and_pushes_nothing_overdue_away() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let long_overdue = presses_from(DueRow::At(at(1)), at(0));
        let overdue = presses_from(DueRow::At(at(5)), at(0));
        let early = presses_from(DueRow::AtOnce, at(3));
        let late = presses_from(DueRow::AtOnce, at(8));
        let open = presses_from(DueRow::At(at(10)), at(2));
        assert!(long_overdue < early && early < overdue && overdue < late && late < open);
        assert_eq!(presses_from(DueRow::NotYetKnown, at(0)), None);
    }
}
