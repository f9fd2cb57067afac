use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use samspill_service::people::{Begun, LoginError, SystemRandom};
use serde::Deserialize;

use super::{leave_behind, with_cookie};
use crate::{
    App, Refused, Signed,
    login::{
        LocalLogin,
        cookie::Cookie,
        notes::{Noted, note},
        return_to::local,
        sender::{FormToken, is_ours},
        visitor::Visitor,
        words::LoginWords,
    },
    pages::{Shell, Tone, fill, html, link, see_other},
};

/// What stands in the address of the login page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    til: Option<String>,
    ut: Option<String>,
    klar: Option<String>,
}

/// The form for logging in with a password.
#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "_token", default)]
    token: String,
    navn: String,
    #[serde(default)]
    passord: String,
    til: Option<String>,
}

#[derive(Template)]
#[template(path = "login/log_in.html")]
struct LoginPage {
    frame: Shell,
    w: &'static LoginWords,
    to: String,
    login: String,
    is_local: bool,
    provider: Option<String>,
    provider_href: String,
    out_of: Option<String>,
    out_button: String,
    demo: Vec<DemoGroup>,
}

struct DemoGroup {
    name: String,
    logins: Vec<crate::login::DemoLogin>,
}

/// What the login page says at its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Says<'s> {
    pub(super) status: StatusCode,
    pub(super) tone: Tone,
    pub(super) text: &'s str,
}

/// The login page. Who is logged in goes on to where they wanted.
pub(super) async fn page(
    State(app): State<App>,
    signed: Option<Extension<Signed>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    if signed.is_some() {
        return Ok(see_other(local(asked.til.as_deref())));
    }
    let w = visitor.words();
    let text = match (asked.ut.as_deref(), asked.klar.as_deref()) {
        (Some("ja"), _) => Some(w.out),
        (Some("tid"), _) => Some(w.idle),
        (_, Some("ja")) => Some(w.ready),
        (Some(_) | None, Some(_) | None) => None,
    };
    let tone = if asked.ut.as_deref() == Some("tid") { Tone::Warning } else { Tone::Success };
    let says = text.map(|text| Says { status: StatusCode::OK, tone, text });
    shown(&app, &visitor, local(asked.til.as_deref()), "", says)
}

/// Logs in with name and password. What is wrong isn't said: neither whether the account exists, nor whether it is locked.
pub(super) async fn log_in(
    State(app): State<App>,
    visitor: Visitor,
    Form(entry): Form<Entry>,
) -> Result<Response, Refused> {
    let login = &app.parts().login;
    if login.local() == LocalLogin::Off {
        return Err(Refused::NotThere);
    }
    if !is_ours(login, &visitor.headers, &entry.token) {
        return stale(&app, &visitor, &entry);
    }
    let begun = app.parts().accounts.log_in(&entry.navn, &entry.passord, &SystemRandom, app.now()).await;
    answered(&app, &visitor, &entry, begun).await
}

/// Logs in as one of the demo's, whose password the node knows.
pub(super) async fn log_in_demo(
    State(app): State<App>,
    visitor: Visitor,
    Form(entry): Form<Entry>,
) -> Result<Response, Refused> {
    let login = &app.parts().login;
    let demo = login.demo().iter().find(|one| one.login == entry.navn).ok_or(Refused::NotThere)?;
    if !is_ours(login, &visitor.headers, &entry.token) {
        return stale(&app, &visitor, &entry);
    }
    let begun = app.parts().accounts.log_in(&demo.login, &demo.password, &SystemRandom, app.now()).await;
    answered(&app, &visitor, &entry, begun).await
}

async fn answered(
    app: &App,
    visitor: &Visitor,
    entry: &Entry,
    begun: Result<Begun, LoginError>,
) -> Result<Response, Refused> {
    match begun {
        Ok(begun) => {
            leave_behind(app, visitor).await?;
            note(app, visitor, Noted::LoggedIn(&begun.session)).await?;
            let to = entry.til.as_deref().unwrap_or_default();
            let answer = super::welcomed(app, &begun.token, &begun.session, to).await?;
            Ok(with_cookie(answer, app.parts().login.cookies().gone(Cookie::Form)))
        }
        Err(error) => {
            let tried = app.parts().accounts.by_login(&entry.navn).await.map_err(Refused::failed)?;
            note(app, visitor, Noted::Refused { account: tried.as_ref(), error: &error }).await?;
            refused(app, visitor, entry, error)
        }
    }
}

fn refused(app: &App, visitor: &Visitor, entry: &Entry, error: LoginError) -> Result<Response, Refused> {
    if let LoginError::Failed(error) = error {
        return Err(Refused::failed(error));
    }
    let settings = app.parts().accounts.settings();
    let minutes = settings.lock_for.as_mins();
    let text = fill(visitor.words().refused, &[("n", &settings.lock_after), ("minutes", &minutes)]);
    let says = Says { status: StatusCode::UNPROCESSABLE_ENTITY, tone: Tone::Danger, text: &text };
    shown(app, visitor, local(entry.til.as_deref()), &entry.navn, Some(says))
}

fn stale(app: &App, visitor: &Visitor, entry: &Entry) -> Result<Response, Refused> {
    let text = visitor.words().stale;
    let says = Says { status: StatusCode::FORBIDDEN, tone: Tone::Warning, text };
    shown(app, visitor, local(entry.til.as_deref()), &entry.navn, Some(says))
}

/// The login page with something said at its top.
pub(super) fn shown(
    app: &App,
    visitor: &Visitor,
    to: &str,
    name: &str,
    says: Option<Says<'_>>,
) -> Result<Response, Refused> {
    let login = &app.parts().login;
    let w = visitor.words();
    let form = FormToken::of(login, &visitor.headers)?;
    let mut frame = visitor.shell(w.title);
    frame.token = form.token;
    if let Some(says) = says {
        frame = frame.says(says.tone, says.text);
    }
    let provider = login.oidc().map(crate::login::oidc::Oidc::shown);
    let is_local = login.local() == LocalLogin::Allowed;
    if let (false, Some(provider)) = (is_local, provider) {
        frame = frame.says(Tone::Info, fill(w.no_local, &[("name", &provider)]));
    }
    let hint = login.cookies().read(&visitor.headers, Cookie::Hint).and(provider);
    let page = LoginPage {
        frame,
        w,
        to: to.to_owned(),
        login: name.to_owned(),
        is_local,
        provider: provider.map(|name| fill(w.log_in_with, &[("name", &name)])),
        provider_href: link::query("/oidc/inn", &[("til", to)]),
        out_of: hint.map(|name| fill(w.out_provider, &[("name", &name)])),
        out_button: hint.map(|name| fill(w.out_provider_button, &[("name", &name)])).unwrap_or_default(),
        demo: demo_groups(login.demo()),
    };
    let mut response = with_cookie(html(&page)?, form.cookie);
    if let Some(says) = says {
        *response.status_mut() = says.status;
    }
    Ok(response)
}

/// The logins under their headings, in the order in which each heading comes first.
fn demo_groups(demo: &[crate::login::DemoLogin]) -> Vec<DemoGroup> {
    let mut groups: Vec<DemoGroup> = Vec::new();
    for one in demo {
        match groups.iter_mut().find(|group| group.name == one.group) {
            Some(group) => group.logins.push(one.clone()),
            None => groups.push(DemoGroup { name: one.group.clone(), logins: vec![one.clone()] }),
        }
    }
    groups
}
