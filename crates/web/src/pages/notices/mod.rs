//! Notices by e-mail: what somebody wants to be told, and where.

mod form;
mod words;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, RawForm, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use samspill_service::{
    access::Means,
    notices::{BEFORE_MINUTES, Doing, Kept, NoticeError, NoticeKind, NoticeState, Notices, Scope},
    people::SystemRandom,
};

use self::{form::Said, words::Words};
use super::{Choice, Frame, Tone, fill, html, link, see_other};
use crate::{App, Refused, front::OutgoingMail};

/// What was just done.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    gjort: String,
}

#[derive(Template)]
#[template(path = "notices/notices.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    is_set_up: bool,
    /// How it is: a tone and words.
    state: (&'static str, String),
    can_ask_again: bool,
    version: u64,
    is_on: bool,
    address: String,
    wrong_address: &'static str,
    kinds: Vec<Choice>,
    before: Vec<Choice>,
    scopes: Vec<Choice>,
    quiet_from: String,
    quiet_until: String,
}

#[derive(Template)]
#[template(path = "notices/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    w: &'static Words,
    /// Where the form goes; none for a link that can't be used.
    action: Option<String>,
    address: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/konto/varsler", get(page).post(choose))
        .route("/konto/varsler/lenke", post(ask_again))
        .route("/konto/varsler/slett", post(forget))
        .route("/konto/varsler/bekreft/{token}", get(link_page).post(confirm))
}

/// What a state of notices is called, for those who keep accounts.
pub(super) fn state_words(state: NoticeState, frame: &Frame) -> &'static str {
    let w = Words::of(frame.language());
    match state {
        NoticeState::Off => w.admin_off,
        NoticeState::On => w.admin_on,
        NoticeState::Asked | NoticeState::Sent => w.admin_waits,
        NoticeState::Refused => w.admin_refused,
    }
}

/// The notices of the community.
pub(super) fn notices(app: &App) -> Notices {
    let parts = app.parts();
    Notices::new(parts.store.clone(), parts.community.clone(), parts.people_register.clone())
}

async fn page(State(app): State<App>, frame: Frame, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let kept = notices(&app).of(person(&frame)?).await.map_err(refused)?;
    let w = Words::of(frame.language());
    let done = match asked.gjort.as_str() {
        "lagret" => Some(w.kept),
        "lenke" => Some(w.link_asked),
        "bekreftet" => Some(w.confirmed),
        "slettet" => Some(w.forgotten),
        _ => None,
    };
    let frame = match done {
        Some(text) => frame.says(Tone::Success, text),
        None => frame,
    };
    html(&shown(&app, frame, &kept, None))
}

/// Keeps what somebody chose. What can't be kept is shown again, with what is wrong beside it.
async fn choose(State(app): State<App>, frame: Frame, RawForm(bytes): RawForm) -> Result<Response, Refused> {
    set_up(&app)?;
    let account = person(&frame)?;
    let said = Said::read(&bytes).ok_or(Refused::NotThere)?;
    let w = Words::of(frame.language());
    let (wants, is_on) = (said.wants(), said.is_on());
    if is_on && !form::is_address(&wants.address) {
        let mut kept = notices(&app).of(account).await.map_err(refused)?;
        (kept.choice, kept.version) = (wants, said.versjon);
        let frame = frame.says(Tone::Danger, w.not_kept);
        let mut response = html(&Page { is_on, ..shown(&app, frame, &kept, Some(w.wrong_address)) })?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    notices(&app).choose(wants, is_on, said.versjon, doing(&app, &frame)).await.map_err(refused)?;
    Ok(see_other("/konto/varsler?gjort=lagret"))
}

async fn ask_again(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    set_up(&app)?;
    person(&frame)?;
    notices(&app).ask_again(doing(&app, &frame)).await.map_err(refused)?;
    Ok(see_other("/konto/varsler?gjort=lenke"))
}

/// Forgets the address and the choice, whether there is a mail server or not.
async fn forget(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    let notices = notices(&app);
    let kept = notices.of(person(&frame)?).await.map_err(refused)?;
    if kept.version > 0 {
        notices.forget(kept.version, doing(&app, &frame)).await.map_err(refused)?;
    }
    Ok(see_other("/konto/varsler?gjort=slettet"))
}

/// The page that the link leads to. It asks first: programs that look into mail open links too.
async fn link_page(
    State(app): State<App>,
    Path(token): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    let kept = notices(&app).of(person(&frame)?).await.map_err(refused)?;
    let is_good = notices(&app).is_link(&kept.account, &token, frame.now).await.map_err(refused)?;
    confirm_page(frame, is_good.then_some((token, kept.choice.address)))
}

async fn confirm(
    State(app): State<App>,
    Path(token): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    person(&frame)?;
    match notices(&app).confirm(&token, doing(&app, &frame)).await {
        Ok(_) => Ok(see_other("/konto/varsler?gjort=bekreftet")),
        Err(NoticeError::NoLink) => confirm_page(frame, None),
        Err(error) => Err(refused(error)),
    }
}

fn confirm_page(frame: Frame, link: Option<(String, String)>) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let (action, address) = link.map(|(token, address)| (confirm_path(&token), address)).unzip();
    let is_good = action.is_some();
    let address = address.unwrap_or_default();
    let mut response = html(&ConfirmPage { frame: frame.titled(w.confirm_title), w, action, address })?;
    if !is_good {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}

fn confirm_path(token: &str) -> String {
    link::path(&["konto", "varsler", "bekreft", token])
}

fn shown(app: &App, frame: Frame, kept: &Kept, wrong_address: Option<&'static str>) -> Page {
    let w = Words::of(frame.language());
    let choice = &kept.choice;
    let kind = |kind: NoticeKind| Choice {
        value: kind.as_str().to_owned(),
        label: w.kind(kind).to_owned(),
        selected: choice.kinds.contains(&kind),
    };
    let before = |minutes: u32| Choice {
        value: minutes.to_string(),
        label: w.before(minutes),
        selected: choice.before_minutes == minutes,
    };
    let scope = |scope: Scope, label: &str| Choice {
        value: form::scope_word(scope).to_owned(),
        label: label.to_owned(),
        selected: choice.scope == scope,
    };
    Page {
        w,
        is_set_up: app.parts().settings.mail == OutgoingMail::SetUp,
        state: state(kept, w),
        can_ask_again: matches!(kept.state, NoticeState::Sent | NoticeState::Refused),
        version: kept.version,
        is_on: kept.state != NoticeState::Off,
        address: choice.address.clone(),
        wrong_address: wrong_address.unwrap_or_default(),
        kinds: NoticeKind::ALL.map(kind).into(),
        before: BEFORE_MINUTES.map(before).into(),
        scopes: vec![scope(Scope::Unit, w.scope_unit), scope(Scope::Mine, w.scope_mine)],
        quiet_from: form::time_word(choice.quiet.from),
        quiet_until: form::time_word(choice.quiet.until),
        frame: frame.titled(w.title),
    }
}

fn state(kept: &Kept, w: &Words) -> (&'static str, String) {
    let (tone, text) = match kept.state {
        NoticeState::Off => ("info", w.state_off),
        NoticeState::Asked => ("info", w.state_asked),
        NoticeState::Sent => ("warning", w.state_sent),
        NoticeState::On => ("success", w.state_on),
        NoticeState::Refused => ("danger", w.state_refused),
    };
    (tone, fill(text, &[("address", &kept.choice.address)]))
}

/// Whose notices: those of people alone.
fn person(frame: &Frame) -> Result<&str, Refused> {
    let subject = frame.subject();
    if subject.means == Means::Person { Ok(&subject.account) } else { Err(Refused::NotThere) }
}

fn set_up(app: &App) -> Result<(), Refused> {
    match app.parts().settings.mail {
        OutgoingMail::SetUp => Ok(()),
        OutgoingMail::NotSetUp => Err(Refused::NotThere),
    }
}

fn doing<'d>(app: &'d App, frame: &'d Frame) -> Doing<'d> {
    Doing {
        by: frame.subject(),
        node: app.parts().audit.node(),
        request: frame.signed.request(),
        random: &SystemRandom,
        now: frame.now,
    }
}

fn refused(error: NoticeError) -> Refused {
    match error {
        NoticeError::Changed => Refused::Changed,
        NoticeError::NoLink => Refused::NotThere,
        NoticeError::Store(_) | NoticeError::Sealed(_) | NoticeError::Unreadable => Refused::failed(error),
    }
}
