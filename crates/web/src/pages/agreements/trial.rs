//! A proposal tried on what has happened, with its differences from the version it began as.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::Response,
};
use samspill_agreement::model::{Agreement, Language};
use samspill_engine::{DutyStatus, explain::duty_status_word};
use samspill_service::{
    access::{Action, Resource},
    figures::{Cube, Hidden, PERSONS_MIN, Whole, hide},
    proposals::{DutyChange, MeterChange, Proposal, Sides, Trial},
};
use samspill_shelf::Found;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    compare::{Compared, compared},
    propose::{checked, found, may_propose},
    room::Room,
    shelf,
    trying::{Scope, Standing, Trying},
    words::Words,
};
use crate::{
    App, Refused,
    pages::{
        Frame, Tone,
        figures::{BarChart, Datum, Drawing, Fill, Layout, Series, Table, drawn},
        fill, html, link,
    },
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

/// What came out, as a page shows it.
struct Outcome {
    sum: String,
    left_out: String,
    duties: Table,
    duties_chart: Option<Drawing>,
    meters: Vec<MeterShown>,
}

struct MeterShown {
    name: String,
    chart: Option<Drawing>,
    table: Table,
    unpriced: String,
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
    let (now, key) = (app.now(), key(&proposal, &scope, found));
    let trying =
        room.trying(&key, || Trying::begin(app.clone(), Trial::new(before, after), scope.clone(), now));
    answer(frame, &proposal, &scope, trying.standing(), compared)
}

/// Own stays, or the whole community where that is asked for; each as the policy says.
async fn scope(app: &App, frame: &Frame, asked: &Asked) -> Result<Scope, Refused> {
    let (signed, party) = (&frame.signed, frame.signed.subject.party.clone());
    let is_whole = asked.omfang == "alle";
    let resource = if is_whole { Resource::Community } else { Resource::Party(&party) };
    app.may_in(signed, signed.purpose(), Action::ReadFigures, resource).await?;
    Ok(if is_whole { Scope::Community } else { Scope::Party(party) })
}

/// What tells a trial from all others: what is proposed, and whose cases. So each saving is tried anew.
fn key(proposal: &Proposal, scope: &Scope, found: &Found) -> String {
    let mut digest = Sha256::new();
    let scope = match scope {
        Scope::Community => String::new(),
        Scope::Party(party) => party.clone(),
    };
    for text in [&proposal.id, &proposal.base, &found.name, &scope] {
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
    standing: Standing,
    compared: Compared,
) -> Result<Response, Refused> {
    let (language, w) = (frame.language(), Words::of(frame.language()));
    let mut frame = frame.titled(w.trial_title).wide();
    let (mut running, mut result) = (None, None);
    match standing {
        Standing::Running(read) => running = Some(fill(w.running, &[("n", &read)])),
        Standing::Done(trial) => result = Some(outcome(&trial, scope, language)),
        Standing::Failed => frame = frame.says(Tone::Danger, w.failed),
    }
    let is_running = running.is_some();
    let page = TrialPage {
        w,
        back: link::path(&["avtaler", &proposal.agreement, "forslag", &proposal.id]),
        title: proposal.title.clone(),
        scope: match scope {
            Scope::Community => w.scope_all.to_owned(),
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

fn outcome(trial: &Trial, scope: &Scope, language: Language) -> Outcome {
    let w = Words::of(language);
    let left_out = trial.left_out;
    Outcome {
        sum: fill(w.trial_sum, &[("cases", &trial.cases), ("changed", &changed(trial, scope, w))]),
        left_out: if left_out > 0 { fill(w.left_out, &[("n", &left_out)]) } else { String::new() },
        duties: duty_table(trial, scope, language),
        duties_chart: duties_chart(trial, scope, language),
        meters: trial
            .meters
            .iter()
            .map(|(id, meter)| meter_shown(trial, id, meter, scope, language))
            .collect(),
    }
}

/// In how many stays anything changes: of the whole community told from five on.
fn changed(trial: &Trial, scope: &Scope, w: &Words) -> String {
    match (scope, trial.changed_cases) {
        (Scope::Community, 1..PERSONS_MIN) => w.few.to_owned(),
        (_, count) => count.to_string(),
    }
}

/// Whether a duty's numbers may be shown. Of the whole community none is, where any of them comes from fewer than five stays: the others
/// would tell it, as before and after come to the same in all.
fn is_shown(change: &DutyChange, scope: &Scope) -> bool {
    let is_small = |cases: u64| (1..PERSONS_MIN).contains(&cases);
    match scope {
        Scope::Party(_) => true,
        Scope::Community => DutyStatus::ALL.into_iter().all(|status| {
            let Sides { before, after } = change.cases(status);
            !is_small(before) && !is_small(after)
        }),
    }
}

fn duty_table(trial: &Trial, scope: &Scope, language: Language) -> Table {
    let w = Words::of(language);
    let head = [w.duty, w.outcome, w.before, w.after, w.change];
    let mut table = Table::new("plikter", w.duties_before_after, &head);
    for (id, change) in trial.duties.iter().filter(|(_, change)| change.is_changed()) {
        let datum = |count: u64| if is_shown(change, scope) { Datum::Count(count) } else { Datum::Hidden };
        for status in DutyStatus::ALL {
            let Sides { before, after } = change.count(status);
            if before == after {
                continue;
            }
            let (before, after) = (datum(before), datum(after));
            let change = difference(&before, &after);
            let status = duty_status_word(status, language).to_owned();
            let name = duty_name(trial, id, language);
            table.row(vec![Datum::Text(name), Datum::Text(status), before, after, change]);
        }
    }
    table
}

/// A change shows nothing where either side is hidden.
fn difference(before: &Datum, after: &Datum) -> Datum {
    match (before, after) {
        (Datum::Count(before), Datum::Count(after)) => Datum::Change(
            i64::try_from(*after).unwrap_or(i64::MAX) - i64::try_from(*before).unwrap_or(i64::MAX),
        ),
        (Datum::Money(before), Datum::Money(after)) => Datum::MoneyChange(after.saturating_sub(*before)),
        (Datum::Hidden, _) | (_, Datum::Hidden) => Datum::Hidden,
        _ => Datum::Nothing,
    }
}

fn duty_name(trial: &Trial, id: &str, language: Language) -> String {
    let of = |agreement: &Agreement| {
        agreement.newest().duty(id).map(|duty| duty.name.in_language(language).to_owned())
    };
    of(trial.after()).or_else(|| of(trial.before())).unwrap_or_else(|| id.to_owned())
}

/// Kept, late and missed over all duties whose course changes and whose numbers are shown.
fn duties_chart(trial: &Trial, scope: &Scope, language: Language) -> Option<Drawing> {
    let w = Words::of(language);
    let sum = |status: DutyStatus, side: fn(Sides<u64>) -> u64| {
        let changed = trial.duties.values().filter(|change| change.is_changed() && is_shown(change, scope));
        Some(changed.map(|change| side(change.count(status))).sum())
    };
    let series = [
        (DutyStatus::Kept, Fill::Solid),
        (DutyStatus::Late, Fill::Striped),
        (DutyStatus::Missed, Fill::Crossed),
    ];
    let series = series.map(|(status, fill)| Series {
        name: duty_status_word(status, language).to_owned(),
        fill,
        values: vec![sum(status, |side| side.before), sum(status, |side| side.after)],
    });
    drawn(&BarChart {
        id: "plikter-figur",
        title: w.duties_chart.to_owned(),
        categories: vec![w.before.to_owned(), w.after.to_owned()],
        series: series.into(),
        layout: Layout::Stacked,
        language,
    })
}

fn meter_shown(
    trial: &Trial,
    id: &str,
    meter: &MeterChange,
    scope: &Scope,
    language: Language,
) -> MeterShown {
    let w = Words::of(language);
    let (before, after) = (meter.cube(|sides| sides.before), meter.cube(|sides| sides.after));
    let hidden = Pattern::of(&before, &after, scope);
    let name = meter_name(trial, id, language);
    let unpriced = (meter.total.before.unpriced_cases, meter.total.after.unpriced_cases);
    MeterShown {
        chart: days_chart(id, &before, &after, &hidden, language),
        table: meter_table(id, &name, &before, &after, &hidden, language),
        unpriced: match unpriced {
            (0, 0) => String::new(),
            (before, after) => fill(w.unpriced, &[("before", &before), ("after", &after)]),
        },
        name,
    }
}

fn meter_name(trial: &Trial, id: &str, language: Language) -> String {
    let of = |agreement: &Agreement| {
        let meters = agreement.newest().meters.clone();
        meters.iter().find(|meter| meter.id.as_str() == id).map(|it| it.name.in_language(language).to_owned())
    };
    of(trial.after()).or_else(|| of(trial.before())).unwrap_or_else(|| id.to_owned())
}

/// What is hidden before or after is hidden in both: their difference would tell one from the other.
struct Pattern {
    before: Hidden,
    after: Hidden,
}

impl Pattern {
    fn of(before: &Cube, after: &Cube, scope: &Scope) -> Self {
        match scope {
            Scope::Community => Self { before: hide(before, |_| false), after: hide(after, |_| false) },
            Scope::Party(_) => Self { before: Hidden::nothing(before), after: Hidden::nothing(after) },
        }
    }

    fn has(&self, index: usize) -> bool {
        self.before.has(index) || self.after.has(index)
    }

    fn count(&self, cube: &Cube, index: usize) -> Datum {
        if self.has(index) { Datum::Hidden } else { Datum::Count(cube.cell(index).count) }
    }

    fn money(&self, cube: &Cube, index: usize) -> Datum {
        if self.has(index) { Datum::Hidden } else { Datum::Money(cube.cell(index).amount_ore) }
    }
}

fn meter_table(
    id: &str,
    name: &str,
    before: &Cube,
    after: &Cube,
    hidden: &Pattern,
    language: Language,
) -> Table {
    let w = Words::of(language);
    let head = [w.payer, w.days, w.days_after, w.change, w.amount_before, w.amount_after, w.amount_change];
    let mut table = Table::new(id, name, &head);
    let names = before.axis(0).iter().map(|name| Whole::Named(name)).chain([Whole::Sum]);
    for whole in names {
        let Some(index) = before.index_of(&[whole]) else { continue };
        let days = [hidden.count(before, index), hidden.count(after, index)];
        let money = [hidden.money(before, index), hidden.money(after, index)];
        let changes = [difference(&days[0], &days[1]), difference(&money[0], &money[1])];
        let [days_before, days_after] = days;
        let [money_before, money_after] = money;
        let [days_change, money_change] = changes;
        let payer = Datum::Text(payer(whole, w));
        table.row(vec![payer, days_before, days_after, days_change, money_before, money_after, money_change]);
    }
    table.with_sum()
}

fn payer(whole: Whole<'_>, w: &Words) -> String {
    match whole {
        Whole::Named("") => w.nobody.to_owned(),
        Whole::Named(name) => name.to_owned(),
        Whole::Sum => w.all.to_owned(),
    }
}

fn days_chart(
    id: &str,
    before: &Cube,
    after: &Cube,
    hidden: &Pattern,
    language: Language,
) -> Option<Drawing> {
    let w = Words::of(language);
    let places = 0..before.axis(0).len();
    let values = |cube: &Cube| places.clone().map(|index| hidden.count(cube, index).count()).collect();
    let one = |name: &str, fill, values| Series { name: name.to_owned(), fill, values };
    drawn(&BarChart {
        id: &format!("{id}-figur"),
        title: w.days_chart.to_owned(),
        categories: before.axis(0).iter().map(|name| payer(Whole::Named(name), w)).collect(),
        series: vec![one(w.before, Fill::Striped, values(before)), one(w.after, Fill::Solid, values(after))],
        layout: Layout::Grouped,
        language,
    })
}
