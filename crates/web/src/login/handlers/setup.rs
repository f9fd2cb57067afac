use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use samspill_service::people::{Account, PeopleError, SystemRandom};
use serde::Deserialize;

use super::with_cookie;
use crate::{
    App, Refused,
    login::{
        LocalLogin,
        notes::{Noted, note},
        sender::{FormToken, is_ours},
        visitor::Visitor,
        words::LoginWords,
    },
    pages::{Shell, Tone, html, link, see_other},
};

/// The form for a first password.
#[derive(Deserialize)]
pub(super) struct Made {
    #[serde(rename = "_token", default)]
    token: String,
    passord: String,
    igjen: String,
}

#[derive(Template)]
#[template(path = "login/setup.html")]
struct SetupPage {
    frame: Shell,
    w: &'static LoginWords,
    whose: Option<String>,
    action: String,
}

/// The page that a one-time link leads to. A link that isn't one looks like one that was used.
pub(super) async fn page(
    State(app): State<App>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let account = invited(&app, &token).await?;
    shown(&app, &visitor, &token, account.as_ref(), None)
}

/// Keeps the password and uses the link up. The person then logs in with it.
pub(super) async fn keep(
    State(app): State<App>,
    Path(token): Path<String>,
    visitor: Visitor,
    Form(made): Form<Made>,
) -> Result<Response, Refused> {
    let w = visitor.words();
    let account = invited(&app, &token).await?;
    if account.is_none() {
        return shown(&app, &visitor, &token, None, None);
    }
    if !is_ours(&app.parts().login, &visitor.headers, &made.token) {
        return shown(&app, &visitor, &token, account.as_ref(), Some(w.stale));
    }
    if made.passord != made.igjen {
        return shown(&app, &visitor, &token, account.as_ref(), Some(w.not_same));
    }
    match app.parts().accounts.set_password(&token, &made.passord, &SystemRandom, app.now()).await {
        Ok(account) => {
            note(&app, &visitor, Noted::PasswordSet(&account)).await?;
            Ok(see_other("/logg-inn?klar=ja"))
        }
        Err(PeopleError::Password(fault)) => {
            shown(&app, &visitor, &token, account.as_ref(), Some(w.password_fault(fault)))
        }
        Err(error) => Err(Refused::failed(error)),
    }
}

async fn invited(app: &App, token: &str) -> Result<Option<Account>, Refused> {
    if app.parts().login.local() == LocalLogin::Off {
        return Err(Refused::NotThere);
    }
    app.parts().accounts.invited(token, app.now()).await.map_err(Refused::failed)
}

fn shown(
    app: &App,
    visitor: &Visitor,
    token: &str,
    account: Option<&Account>,
    trouble: Option<&str>,
) -> Result<Response, Refused> {
    let w = visitor.words();
    let form = FormToken::of(&app.parts().login, &visitor.headers)?;
    let mut frame = visitor.shell(w.setup_title);
    frame.token = form.token;
    if let Some(trouble) = trouble {
        frame = frame.says(Tone::Danger, trouble);
    }
    let page = SetupPage {
        frame,
        w,
        whose: account.map(|account| account.login.clone()),
        action: link::path(&["oppsett", token]),
    };
    let mut response = with_cookie(html(&page)?, form.cookie);
    *response.status_mut() = match (account, trouble) {
        (Some(_), None) => StatusCode::OK,
        (Some(_), Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, Some(_) | None) => StatusCode::NOT_FOUND,
    };
    Ok(response)
}
