//! One account: its roles, tokens and sessions.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use samspill_service::{
    access::Action,
    audit::words as audited,
    people::{
        Account, AccountState, Keeps, PeopleError, RoleHeld, SetupLink, SystemRandom, TokenHeld, Undone,
    },
};
use serde::Deserialize;

use super::{RoleForm, has_links, keeper, kept, refused, role_held, roles, state, units};
use crate::{
    App, Refused,
    pages::{
        Choice, Frame, Tone,
        admin::{may_own, words::Words},
        fill, html, link,
        notices::{notices, state_words},
        see_other, undo,
    },
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Asked {
    gjort: String,
}

/// A token that is ended.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct TokenForm {
    nokkel: String,
}

#[derive(Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    frame: Frame,
    w: &'static Words,
    address: String,
    account: Account,
    state: (&'static str, String),
    /// What can be done with all of it: the end of the address, and what the button says. None where it isn't one's own party's alone.
    steps: Option<Vec<(&'static str, &'static str)>>,
    held: Vec<HeldRow>,
    tokens: Vec<TokenRow>,
    sessions: String,
    /// Whether notices are sent to the person. Where they are sent is theirs alone.
    notices: String,
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

struct TokenRow {
    handle: String,
    name: String,
    role: String,
    until: String,
}

/// What a page of an account says once.
pub(super) enum Says {
    /// Nothing.
    Nothing,
    /// It was made, and needs no link.
    Made,
    /// It has a new link.
    Link(SetupLink),
}

/// An account.
pub(in crate::pages::admin) async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let kept = kept(&app, &frame, &id).await?;
    let frame = match asked.gjort.as_str() {
        "rolle" => frame.says(Tone::Success, w.done_role),
        "slutt" => frame.says(Tone::Success, w.done_end),
        "stengt" => frame.says(Tone::Success, w.done_close),
        "apnet" => frame.says(Tone::Success, w.done_open),
        "opplast" => frame.says(Tone::Success, w.done_unlock),
        "ute" => frame.says(Tone::Success, w.done_log_out),
        "nokkel" => frame.says(Tone::Success, w.done_token),
        "feil" => frame.says(Tone::Danger, w.wrong_role),
        _ => frame,
    };
    account_page(&app, frame, kept, Says::Nothing).await
}

/// Gives a role of one's own party.
pub(in crate::pages::admin) async fn give_role(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(form): Form<RoleForm>,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    let Some(role) = role_held(&app, &frame, &form) else { return Ok(done(&id, "feil")) };
    match keeper(&app, &frame).give_role(&id, &role).await {
        Ok(()) => Ok(done(&id, "rolle")),
        Err(PeopleError::Role(_)) => Ok(done(&id, "feil")),
        Err(error) => Err(refused(error)),
    }
}

/// Ends a role of one's own party, now.
pub(in crate::pages::admin) async fn end_role(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(form): Form<RoleForm>,
) -> Result<Response, Refused> {
    let (account, _) = kept(&app, &frame, &id).await?;
    let is_it = |held: &&RoleHeld| {
        held.party == frame.signed.subject.party
            && held.role.as_str() == form.rolle
            && held.unit.clone().unwrap_or_default() == form.enhet
            && held.from.to_string() == form.fra
    };
    let held = account.roles.iter().find(is_it).ok_or(Refused::NotThere)?;
    let again = undo::new_id();
    let address = link::path(&["admin", "kontoer", &id]);
    match keeper(&app, &frame).end_role_for_now(&id, held, &again).await {
        Ok(is_offered) => Ok(undo::done(&address, "slutt", is_offered.then_some(&again))),
        // Somebody ended it a moment ago: that is what was wanted.
        Err(PeopleError::NoRole(_)) => Ok(done(&id, "slutt")),
        Err(error) => Err(refused(error)),
    }
}

/// Gives back a role that the reader ended a moment ago.
pub(in crate::pages) async fn give_back(app: &App, frame: &Frame, undo: &str) -> Result<Undone, Refused> {
    may_own(app, frame, Action::ManageAccounts).await?;
    match keeper(app, frame).give_back(undo).await {
        Err(PeopleError::Role(_)) => Ok(Undone::Changed),
        done => done.map_err(refused),
    }
}

/// Makes a new link, and shows it, this once.
pub(in crate::pages::admin) async fn invite(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    let kept = kept(&app, &frame, &id).await?;
    if !has_links(&app) {
        return Err(Refused::NotThere);
    }
    let link = keeper(&app, &frame).invite(&id, &SystemRandom).await.map_err(refused)?;
    account_page(&app, frame, kept, Says::Link(link)).await
}

/// Closes an account: its sessions, links and tokens end.
pub(in crate::pages::admin) async fn close(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    keeper(&app, &frame).close(&id).await.map_err(refused)?;
    Ok(done(&id, "stengt"))
}

/// Opens a closed account again.
pub(in crate::pages::admin) async fn reopen(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    keeper(&app, &frame).reopen(&id).await.map_err(refused)?;
    Ok(done(&id, "apnet"))
}

/// Lets an account that was locked by wrong passwords try again.
pub(in crate::pages::admin) async fn unlock(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    keeper(&app, &frame).unlock(&id).await.map_err(refused)?;
    Ok(done(&id, "opplast"))
}

/// Ends all sessions of an account.
pub(in crate::pages::admin) async fn log_out(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    keeper(&app, &frame).log_out(&id).await.map_err(refused)?;
    Ok(done(&id, "ute"))
}

/// Ends a token of another system.
pub(in crate::pages::admin) async fn end_token(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(form): Form<TokenForm>,
) -> Result<Response, Refused> {
    kept(&app, &frame, &id).await?;
    keeper(&app, &frame).end_token(&id, &form.nokkel).await.map_err(refused)?;
    Ok(done(&id, "nokkel"))
}

fn done(id: &str, what: &str) -> Response {
    see_other(&link::query(&link::path(&["admin", "kontoer", id]), &[("gjort", what)]))
}

/// The page of an account, of which one's own party keeps so much.
pub(super) async fn account_page(
    app: &App,
    frame: Frame,
    (account, keeps): (Account, Keeps),
    says: Says,
) -> Result<Response, Refused> {
    let (w, accounts) = (Words::of(frame.language()), &app.parts().accounts);
    let tokens = accounts.tokens(&account.id).await.map_err(Refused::failed)?;
    let open = accounts.sessions(&account.id, app.now()).await.map_err(Refused::failed)?;
    let notices = notices(app).state_of(&account.id).await.map_err(Refused::failed)?;
    let (frame, link) = match says {
        Says::Nothing => (frame, None),
        Says::Made => (frame.says(Tone::Success, w.done_made), None),
        Says::Link(link) => {
            let shown = link_shown(app, &frame, &account, &link);
            (frame, Some(shown))
        }
    };
    html(&AccountPage {
        w,
        address: link::path(&["admin", "kontoer", &account.id]),
        link,
        state: state(&account, &frame),
        steps: (keeps == Keeps::All).then(|| steps(app, &account, &frame)),
        held: account.roles.iter().map(|held| held_row(held, &frame)).collect(),
        tokens: tokens.iter().filter_map(|token| token_row(token, &frame)).collect(),
        sessions: fill(w.sessions_open, &[("n", &open.len())]),
        notices: fill(w.notices, &[("state", &state_words(notices, &frame))]),
        roles: roles(app, &frame, ""),
        units: units(app, &frame, ""),
        today: frame.clock().today().to_string(),
        frame: frame.titled(account.name.clone()),
        account,
    })
}

/// What can be done with an account as it is now.
fn steps(app: &App, account: &Account, frame: &Frame) -> Vec<(&'static str, &'static str)> {
    let w = Words::of(frame.language());
    if account.state == AccountState::Closed {
        return vec![("apne", w.reopen)];
    }
    let link = has_links(app).then_some(("lenke", w.new_link));
    let is_locked = account.locked_until.is_some_and(|until| until > frame.now);
    let unlock = is_locked.then_some(("las-opp", w.unlock));
    let always = [("logg-ut", w.log_out), ("steng", w.close)];
    link.into_iter().chain(unlock).chain(always).collect()
}

/// The address of a link, and what is said of it.
fn link_shown(app: &App, frame: &Frame, account: &Account, link: &SetupLink) -> (String, String) {
    let w = Words::of(frame.language());
    let address = format!("{}{}", app.parts().settings.origin, link::path(&["oppsett", &link.token]));
    let until = frame.clock().instant(link.until);
    (address, fill(w.link_once, &[("name", &account.name), ("time", &until)]))
}

fn held_row(held: &RoleHeld, frame: &Frame) -> HeldRow {
    let (w, clock, now) = (Words::of(frame.language()), frame.clock(), frame.now);
    let is_own = held.party == frame.signed.subject.party;
    let key =
        || (held.role.as_str().to_owned(), held.unit.clone().unwrap_or_default(), held.from.to_string());
    HeldRow {
        name: format!("{}, {}", audited::role(held.role.as_str(), frame.language()), held.party),
        unit: held.unit.clone().unwrap_or_else(|| w.whole_party.to_owned()),
        from: clock.instant(held.from),
        until: held.until.map_or_else(|| w.no_end.to_owned(), |until| clock.instant(until)),
        standing: match (held.runs(now), held.lasts(now)) {
            (true, _) => ("success", w.runs),
            (false, false) => ("neutral", w.is_over),
            (false, true) => ("info", w.to_come),
        },
        ends: (is_own && held.lasts(now)).then(key),
    }
}

/// A token of one's own party that runs.
fn token_row(token: &TokenHeld, frame: &Frame) -> Option<TokenRow> {
    let key = token.role.as_ref().filter(|key| key.party == frame.signed.subject.party)?;
    token.runs(frame.now).then(|| TokenRow {
        handle: token.handle.clone(),
        name: token.name.clone(),
        role: audited::role(key.role.as_str(), frame.language()).to_owned(),
        until: frame.clock().instant(token.until),
    })
}
