//! Accounts: made with a link that is shown once, given roles, closed and unlocked. Each administrator keeps those of their own party.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use samspill_service::{
    access::{Action, Role},
    audit::words as audited,
    people::{Account, AccountState, NewAccount, PeopleError, RoleHeld, SetupLink, SystemRandom},
};
use serde::Deserialize;

use super::{failed, may_own, words::Words};
use crate::{
    App, Refused,
    pages::{Choice, Frame, Tone, fill, html, link, see_other},
};

/// Accounts on a page.
const ROWS: usize = 50;
/// Accounts that are asked for at a time.
const AT_ONCE: usize = 200;

/// From where a list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    etter: String,
    gjort: String,
}

/// A new account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Made {
    navn: String,
    brukernavn: String,
    epost: String,
    rolle: String,
    enhet: String,
}

/// A role that is given or ended.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoleForm {
    rolle: String,
    enhet: String,
    fra: String,
    til: String,
}

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct ListPage {
    frame: Frame,
    w: &'static Words,
    lead: String,
    rows: Vec<AccountRow>,
    next: Option<String>,
    made: Made,
    error: &'static str,
    roles: Vec<Choice>,
    units: Vec<Choice>,
}

struct AccountRow {
    href: String,
    name: String,
    login: String,
    roles: String,
    state: (&'static str, String),
}

#[derive(Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    frame: Frame,
    w: &'static Words,
    address: String,
    account: Account,
    state: (&'static str, String),
    is_locked: bool,
    is_closed: bool,
    held: Vec<HeldRow>,
    roles: Vec<Choice>,
    units: Vec<Choice>,
    today: String,
    link: Option<(String, String)>,
}

struct HeldRow {
    name: String,
    unit: String,
    from: String,
    until: String,
    standing: (&'static str, &'static str),
    /// What the form that ends it sends; none of what is over, or another party's.
    ends: Option<(String, String, String)>,
}

/// The accounts of one's own party, and those without any role.
pub(super) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAccounts).await?;
    list_page(&app, frame, &asked.etter, Made::default(), "").await
}

/// Makes an account with a first role, and shows its link, this once.
pub(super) async fn make(
    State(app): State<App>,
    frame: Frame,
    Form(made): Form<Made>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAccounts).await?;
    let w = Words::of(frame.language());
    if made.navn.trim().is_empty() {
        return list_page(&app, frame, "", made, w.wrong_name).await;
    }
    let first = RoleForm { rolle: made.rolle.clone(), enhet: made.enhet.clone(), ..RoleForm::default() };
    let Some(role) = role_held(&app, &frame, &first) else {
        return list_page(&app, frame, "", made, w.wrong_role).await;
    };
    let email = Some(made.epost.trim().to_owned()).filter(|email| !email.is_empty());
    let new = NewAccount { email, ..NewAccount::new(made.brukernavn.clone(), made.navn.trim()) };
    let (accounts, now) = (&app.parts().accounts, app.now());
    let account = match accounts.make(&new, &SystemRandom, now).await {
        Ok(account) => account,
        Err(PeopleError::LoginTaken(_) | PeopleError::NoLogin(_)) => {
            return list_page(&app, frame, "", made, w.wrong_login).await;
        }
        Err(error) => return Err(failed(error)),
    };
    accounts.give_role(&account.id, &role).await.map_err(failed)?;
    let link = accounts.invite(&account.id, &SystemRandom, now).await.map_err(failed)?;
    account_page(&app, frame, &account.id, Some(link)).await
}

/// An account.
pub(super) async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    kept(&app, &frame, &id).await?;
    let frame = match asked.gjort.as_str() {
        "rolle" => frame.says(Tone::Success, w.done_role),
        "slutt" => frame.says(Tone::Success, w.done_end),
        "stengt" => frame.says(Tone::Success, w.done_close),
        "apnet" => frame.says(Tone::Success, w.done_open),
        "opplast" => frame.says(Tone::Success, w.done_unlock),
        "feil" => frame.says(Tone::Danger, w.wrong_role),
        _ => frame,
    };
    account_page(&app, frame, &id, None).await
}

/// Gives a role of one's own party.
pub(super) async fn give_role(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(form): Form<RoleForm>,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    let Some(role) = role_held(&app, &frame, &form) else { return Ok(done(&id, "feil")) };
    app.parts().accounts.give_role(&id, &role).await.map_err(failed)?;
    Ok(done(&id, "rolle"))
}

/// Ends a role of one's own party, now.
pub(super) async fn end_role(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(form): Form<RoleForm>,
) -> Result<Response, Refused> {
    let account = kept(&app, &frame, &id).await?;
    let is_it = |held: &&RoleHeld| {
        held.party == frame.signed.subject.party
            && held.role.as_str() == form.rolle
            && held.unit.clone().unwrap_or_default() == form.enhet
            && held.from.to_string() == form.fra
    };
    let held = account.roles.iter().find(is_it).ok_or(Refused::NotThere)?;
    app.parts().accounts.end_role(&id, held, app.now().max(held.from)).await.map_err(failed)?;
    Ok(done(&id, "slutt"))
}

/// Makes a new link, and shows it, this once.
pub(super) async fn invite(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    let link = app.parts().accounts.invite(&id, &SystemRandom, app.now()).await.map_err(failed)?;
    account_page(&app, frame, &id, Some(link)).await
}

/// Closes an account: its sessions, links and tokens end.
pub(super) async fn close(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    app.parts().accounts.close(&id, app.now()).await.map_err(failed)?;
    Ok(done(&id, "stengt"))
}

/// Opens a closed account again.
pub(super) async fn reopen(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    app.parts().accounts.reopen(&id, app.now()).await.map_err(failed)?;
    Ok(done(&id, "apnet"))
}

/// Lets an account that was locked by wrong passwords try again.
pub(super) async fn unlock(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    app.parts().accounts.unlock(&id).await.map_err(failed)?;
    Ok(done(&id, "opplast"))
}

fn done(id: &str, what: &str) -> Response {
    see_other(&link::query(&link::path(&["admin", "kontoer", id]), &[("gjort", what)]))
}

/// The account, if it is one's own to keep. Those of other parties alone are as if they weren't there.
async fn kept(app: &App, frame: &Frame, id: &str) -> Result<Account, Refused> {
    may_own(app, frame, Action::ManageAccounts).await?;
    let account = app.parts().accounts.account(id).await.map_err(failed)?;
    account.filter(|account| is_ours(account, &frame.signed.subject.party)).ok_or(Refused::NotThere)
}

fn is_ours(account: &Account, party: &str) -> bool {
    account.roles.is_empty() || account.roles.iter().any(|held| held.party == party)
}

/// What a form says of a role of one's own party; none where it makes no sense.
fn role_held(app: &App, frame: &Frame, form: &RoleForm) -> Option<RoleHeld> {
    let party = frame.signed.subject.party.clone();
    let role = Role::called(&form.rolle)?;
    let unit = Some(form.enhet.clone()).filter(|unit| !unit.is_empty());
    let address = app.book().find(&party)?;
    if unit.as_ref().is_some_and(|unit| !address.services.values().any(|it| it.name == *unit)) {
        return None;
    }
    let day = |text: &str| start_of(text, &zone(app));
    let from = if form.fra.is_empty() { app.now() } else { day(&form.fra)? };
    let until = if form.til.is_empty() { None } else { Some(day(&form.til)?) };
    until.is_none_or(|until| from < until).then_some(RoleHeld { role, party, unit, from, until })
}

fn start_of(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp())
}

fn zone(app: &App) -> TimeZone {
    let first = app.parts().projections.agreements().all().first();
    first.map_or(TimeZone::UTC, |agreement| agreement.newest().calendar.zone.clone())
}

async fn list_page(
    app: &App,
    frame: Frame,
    after: &str,
    made: Made,
    error: &'static str,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let party = frame.signed.subject.party.clone();
    let (accounts, more) = ours(app, &party, after).await?;
    let last = accounts.last().map(|account| account.login.clone()).unwrap_or_default();
    html(&ListPage {
        w,
        lead: fill(w.accounts_lead, &[("party", &party)]),
        rows: accounts.iter().map(|account| account_row(account, &frame)).collect(),
        next: more.then(|| link::query("/admin/kontoer", &[("etter", &last)])),
        roles: roles(&frame, &made.rolle),
        units: units(app, &frame, &made.enhet),
        made,
        error,
        frame: frame.titled(w.accounts),
    })
}

/// A page of the party's accounts after a login, and whether there are more.
async fn ours(app: &App, party: &str, after: &str) -> Result<(Vec<Account>, bool), Refused> {
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let read = app.parts().accounts.list(&after, AT_ONCE).await.map_err(failed)?;
        let Some(last) = read.last() else { return Ok((found, false)) };
        after.clone_from(&last.login);
        for account in read.into_iter().filter(|account| is_ours(account, party)) {
            if found.len() == ROWS {
                return Ok((found, true));
            }
            found.push(account);
        }
    }
}

fn account_row(account: &Account, frame: &Frame) -> AccountRow {
    let (w, language) = (Words::of(frame.language()), frame.language());
    let running = account.roles.iter().filter(|held| held.runs(frame.now));
    let names: Vec<String> = running
        .map(|held| {
            let unit = held.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
            format!("{} ({}{unit})", audited::role(held.role.as_str(), language), held.party)
        })
        .collect();
    AccountRow {
        href: link::path(&["admin", "kontoer", &account.id]),
        name: account.name.clone(),
        login: account.login.clone(),
        roles: if names.is_empty() { w.no_roles.to_owned() } else { names.join("; ") },
        state: state(account, frame),
    }
}

fn state(account: &Account, frame: &Frame) -> (&'static str, String) {
    let w = Words::of(frame.language());
    let locked = account.locked_until.filter(|until| *until > frame.now);
    match (account.state, locked) {
        (AccountState::Closed, _) => ("neutral", w.closed.to_owned()),
        (_, Some(until)) => ("danger", fill(w.locked, &[("time", &frame.clock().instant(until))])),
        (AccountState::Invited, None) => ("info", w.invited.to_owned()),
        (AccountState::Active, None) => ("success", w.active.to_owned()),
    }
}

async fn account_page(
    app: &App,
    frame: Frame,
    id: &str,
    link: Option<SetupLink>,
) -> Result<Response, Refused> {
    let account = app.parts().accounts.account(id).await.map_err(failed)?.ok_or(Refused::NotThere)?;
    let w = Words::of(frame.language());
    let shown = |link: SetupLink| {
        let address = format!("{}{}", app.parts().settings.origin, link::path(&["oppsett", &link.token]));
        let until = frame.clock().instant(link.until);
        (address, fill(w.link_once, &[("name", &account.name), ("time", &until)]))
    };
    html(&AccountPage {
        w,
        address: link::path(&["admin", "kontoer", id]),
        link: link.map(shown),
        state: state(&account, &frame),
        is_locked: account.locked_until.is_some_and(|until| until > frame.now),
        is_closed: account.state == AccountState::Closed,
        held: account.roles.iter().map(|held| held_row(held, &frame)).collect(),
        roles: roles(&frame, ""),
        units: units(app, &frame, ""),
        today: frame.clock().today().to_string(),
        frame: frame.titled(account.name.clone()),
        account,
    })
}

fn held_row(held: &RoleHeld, frame: &Frame) -> HeldRow {
    let (w, clock, now) = (Words::of(frame.language()), frame.clock(), frame.now);
    // One that was ended before it began is over too.
    let is_over = held.until.is_some_and(|until| until <= now || until <= held.from);
    let is_own = held.party == frame.signed.subject.party;
    let key =
        || (held.role.as_str().to_owned(), held.unit.clone().unwrap_or_default(), held.from.to_string());
    HeldRow {
        name: format!("{}, {}", audited::role(held.role.as_str(), frame.language()), held.party),
        unit: held.unit.clone().unwrap_or_else(|| w.whole_party.to_owned()),
        from: clock.instant(held.from),
        until: held.until.map_or_else(|| w.no_end.to_owned(), |until| clock.instant(until)),
        standing: match (held.runs(now), is_over) {
            (true, _) => ("success", w.runs),
            (false, true) => ("neutral", w.is_over),
            (false, false) => ("info", w.to_come),
        },
        ends: (is_own && !is_over).then(key),
    }
}

fn roles(frame: &Frame, chosen: &str) -> Vec<Choice> {
    let name = |role: Role| audited::role(role.as_str(), frame.language()).to_owned();
    Role::ALL.into_iter().map(|role| Choice::new(role.as_str(), name(role), chosen)).collect()
}

/// The units of one's own party, by the names that roles hold.
fn units(app: &App, frame: &Frame, chosen: &str) -> Vec<Choice> {
    let w = Words::of(frame.language());
    let address = app.book().find(&frame.signed.subject.party);
    let services = address.iter().flat_map(|address| address.services.values());
    let units = services.map(|unit| Choice::new(unit.name.clone(), unit.name.clone(), chosen));
    std::iter::once(Choice::new("", w.whole_party, chosen)).chain(units).collect()
}
