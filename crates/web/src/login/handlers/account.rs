use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::HeaderValue,
    response::Response,
};
use samspill_service::people::{Account, OpenSession, PeopleError, SystemRandom};
use serde::Deserialize;

use super::{leave::check, with_cookie};
use crate::{
    App, Refused,
    login::{
        layer::Visit,
        notes::{Noted, note},
        visitor::Visitor,
        words::LoginWords,
    },
    pages::{Clock, Frame, Tone, html, language_called, language_code, see_other, words::role_name},
};

/// A choice of language lasts a year in a browser.
const LANGUAGE_LASTS_SECONDS: i64 = 365 * 24 * 60 * 60;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    gjort: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Ended {
    #[serde(rename = "_token", default)]
    token: String,
    okt: String,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(rename = "_token", default)]
    token: String,
    sprak: String,
}

#[derive(Deserialize)]
pub(super) struct Changed {
    #[serde(rename = "_token", default)]
    token: String,
    gammelt: String,
    passord: String,
    igjen: String,
}

#[derive(Template)]
#[template(path = "login/account.html")]
struct AccountPage {
    frame: Frame,
    w: &'static LoginWords,
    name: String,
    login: String,
    has_password: bool,
    can_change_role: bool,
    languages: Vec<(&'static str, &'static str, bool)>,
    sessions: Vec<Line>,
}

struct Line {
    handle: String,
    begun: String,
    seen: String,
    until: String,
    role: String,
    is_this: bool,
}

/// Somebody's own account: where they are logged in, their language and password.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let w = LoginWords::of(frame.language());
    let done = match asked.gjort.as_deref() {
        Some("okt") => Some(w.session_ended),
        Some("sprak") => Some(w.kept),
        Some("passord") => Some(w.password_changed),
        Some(_) | None => None,
    };
    let frame = match done {
        Some(text) => frame.says(Tone::Success, text),
        None => frame,
    };
    shown(&app, &visit, frame).await
}

async fn shown(app: &App, visit: &Visit, frame: Frame) -> Result<Response, Refused> {
    let w = LoginWords::of(frame.language());
    let account = &visit.session.account;
    let open = app.parts().accounts.sessions(&account.id, app.now()).await.map_err(Refused::failed)?;
    let (clock, language) = (frame.clock(), frame.language());
    let sessions = open.into_iter().map(|open| line(open, visit, &clock, language)).collect();
    html(&AccountPage {
        w,
        name: account.name.clone(),
        login: account.login.clone(),
        has_password: account.has_password,
        can_change_role: visit.session.roles.len() > 1,
        languages: frame.languages(),
        sessions,
        frame: frame.titled(w.account_title),
    })
}

fn line(
    open: OpenSession,
    visit: &Visit,
    clock: &Clock,
    language: samspill_agreement::model::Language,
) -> Line {
    let role = open.role.map(|key| format!("{}, {}", role_name(key.role, language), key.party));
    Line {
        is_this: open.handle == visit.session.handle,
        handle: open.handle,
        begun: clock.instant(open.begun),
        seen: clock.instant(open.seen),
        until: clock.instant(open.until),
        role: role.unwrap_or_default(),
    }
}

/// Ends another session of the same account.
pub(super) async fn end_session(
    State(app): State<App>,
    visit: Visit,
    visitor: Visitor,
    Form(ended): Form<Ended>,
) -> Result<Response, Refused> {
    check(&visit, &ended.token)?;
    let account = &visit.session.account.id;
    let is_ended =
        app.parts().accounts.end_session(account, &ended.okt, app.now()).await.map_err(Refused::failed)?;
    if !is_ended {
        return Err(Refused::NotThere);
    }
    note(&app, &visitor, Noted::LoggedOut(&visit.session)).await?;
    Ok(see_other("/konto?gjort=okt"))
}

/// Keeps the language of an account, and shows it in this browser at once.
pub(super) async fn language(
    State(app): State<App>,
    visit: Visit,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Refused> {
    check(&visit, &chosen.token)?;
    let language = language_called(&chosen.sprak).ok_or(Refused::NotThere)?;
    let account = Account { language, ..visit.session.account.clone() };
    match app.parts().accounts.update(&account).await {
        Ok(_) => {}
        Err(PeopleError::Changed) => return Err(Refused::Changed),
        Err(error) => return Err(Refused::failed(error)),
    }
    let code = language_code(language);
    let cookie = format!("sprak={code}; Path=/; SameSite=Lax; Max-Age={LANGUAGE_LASTS_SECONDS}");
    Ok(with_cookie(see_other("/konto?gjort=sprak"), HeaderValue::from_str(&cookie).ok()))
}

/// Changes the password of an account.
pub(super) async fn password(
    State(app): State<App>,
    visit: Visit,
    frame: Frame,
    visitor: Visitor,
    Form(changed): Form<Changed>,
) -> Result<Response, Refused> {
    check(&visit, &changed.token)?;
    let w = LoginWords::of(frame.language());
    if changed.passord != changed.igjen {
        return shown(&app, &visit, frame.says(Tone::Danger, w.not_same)).await;
    }
    let account = &visit.session.account;
    let accounts = &app.parts().accounts;
    let changed = accounts
        .change_password(&account.id, &changed.gammelt, &changed.passord, &SystemRandom, app.now())
        .await;
    match changed {
        Ok(()) => {
            note(&app, &visitor, Noted::PasswordSet(account)).await?;
            Ok(see_other("/konto?gjort=passord"))
        }
        Err(PeopleError::Password(fault)) => {
            shown(&app, &visit, frame.says(Tone::Danger, w.password_fault(fault))).await
        }
        Err(PeopleError::WrongPassword | PeopleError::Locked) => {
            shown(&app, &visit, frame.says(Tone::Danger, w.old_wrong)).await
        }
        Err(error) => Err(Refused::failed(error)),
    }
}
