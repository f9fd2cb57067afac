use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use samspill_service::people::{Account, AtDoor, Begun, LoginError, OidcName, RefusedWhy, SystemRandom};
use serde::Deserialize;

use super::{
    entry::{Says, shown},
    leave_behind, welcomed, with_cookie,
};
use crate::{
    App, Refused,
    login::{
        cookie::Cookie,
        notes::{Noted, note},
        oidc::{Callback, FLOW_LASTS, Finished, LoggedOut, NotFinished, Oidc, Why},
        provider::ProviderFault,
        return_to::local,
        visitor::Visitor,
    },
    pages::{Tone, fill, see_other},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    til: Option<String>,
}

/// What a provider sends when somebody logged out there.
#[derive(Deserialize)]
pub(super) struct Told {
    logout_token: String,
}

/// Sends the browser to the provider.
pub(super) async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let login = &app.parts().login;
    let oidc = login.oidc().ok_or(Refused::NotThere)?;
    let to = local(asked.til.as_deref());
    match oidc.begin(to, visitor.language(), app.now()).await {
        Ok(begun) => {
            let flow = Cookie::Flow(&begun.state);
            let cookie = login.cookies().set(flow, &begun.cookie, Some(FLOW_LASTS.as_secs()));
            Ok(with_cookie(sent_to(&begun.location), cookie))
        }
        Err(fault) => not_finished(&app, &visitor, to, oidc, &fault.into()),
    }
}

/// On to the provider.
fn sent_to(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => see_other("/logg-inn"),
    }
}

/// What the provider sends the browser back to.
pub(super) async fn finish(
    State(app): State<App>,
    visitor: Visitor,
    Query(callback): Query<Callback>,
) -> Result<Response, Refused> {
    let login = &app.parts().login;
    let oidc = login.oidc().ok_or(Refused::NotThere)?;
    let flow = Cookie::Flow(&callback.state);
    let cookie = login.cookies().read(&visitor.headers, flow);
    let answer = match oidc.finish(&callback, cookie.as_deref(), app.now()).await {
        Ok(finished) => let_in(&app, &visitor, oidc, &finished).await?,
        Err(trouble) => {
            if let NotFinished::NoParty { subject } = &trouble {
                let account = account_of(&app, &oidc.settings().issuer, subject).await?;
                note(&app, &visitor, Noted::NoParty(account.as_ref())).await?;
            }
            not_finished(&app, &visitor, "/", oidc, &trouble)?
        }
    };
    Ok(with_cookie(answer, cookie.and_then(|_| login.cookies().gone(flow))))
}

/// The account of somebody whom the provider calls this.
async fn account_of(app: &App, issuer: &str, subject: &str) -> Result<Option<Account>, Refused> {
    app.parts().accounts.by_oidc(issuer, subject).await.map_err(Refused::failed)
}

async fn let_in(app: &App, visitor: &Visitor, oidc: &Oidc, finished: &Finished) -> Result<Response, Refused> {
    let begun = match session_of(app, visitor, finished).await {
        Ok(begun) => in_party(app, begun, finished.party.as_deref()).await?,
        Err(LoginError::Failed(error)) => return Err(Refused::failed(error)),
        Err(error) => {
            let tried = account_of(app, &finished.issuer, &finished.subject).await?;
            note(app, visitor, Noted::Refused { account: tried.as_ref(), error: &error }).await?;
            let says = Said::no_account(visitor, oidc);
            return says.shown(app, visitor, &finished.return_to);
        }
    };
    let Some(begun) = begun else {
        let account = account_of(app, &finished.issuer, &finished.subject).await?;
        note(app, visitor, Noted::NoParty(account.as_ref())).await?;
        let w = visitor.words();
        let says = Said { status: StatusCode::FORBIDDEN, text: w.no_party.to_owned() };
        return says.shown(app, visitor, &finished.return_to);
    };
    leave_behind(app, visitor).await?;
    note(app, visitor, Noted::LoggedIn(&begun.session)).await?;
    let answer = welcomed(app, &begun.token, &begun.session, &finished.return_to).await?;
    let hint = oidc.hint(&finished.token);
    let cookies = app.parts().login.cookies();
    let hint = hint.and_then(|hint| cookies.set(Cookie::Hint, &hint, None));
    Ok(with_cookie(answer, hint))
}

/// A session for who logged in at the provider; somebody unknown is first tied to the account that a claim names.
async fn session_of(app: &App, visitor: &Visitor, finished: &Finished) -> Result<Begun, LoginError> {
    let accounts = &app.parts().accounts;
    let (issuer, subject, upstream) = (&finished.issuer, &finished.subject, &finished.upstream);
    let first = accounts.log_in_oidc(issuer, subject, upstream, &SystemRandom, app.now()).await;
    let is_unknown = first.as_ref().err().and_then(LoginError::why) == Some(RefusedWhy::Unknown);
    let Some(login) = finished.login.as_deref().filter(|_| is_unknown) else { return first };
    let Some(account) = accounts.by_login(login).await.map_err(LoginError::Failed)? else { return first };
    if account.oidc.is_some() {
        return first;
    }
    let oidc = OidcName { issuer: issuer.clone(), subject: subject.clone() };
    let door = AtDoor { node: app.parts().audit.node(), request: &visitor.request, now: app.now() };
    accounts.tie(&account, &oidc, door).await.map_err(LoginError::Failed)?;
    accounts.log_in_oidc(issuer, subject, upstream, &SystemRandom, app.now()).await
}

/// The session in the role of the party that was logged in for; none if the account has no role of it.
async fn in_party(app: &App, begun: Begun, party: Option<&str>) -> Result<Option<Begun>, Refused> {
    let Some(party) = party else { return Ok(Some(begun)) };
    let (accounts, now) = (&app.parts().accounts, app.now());
    let mut roles = begun.session.roles.iter().filter(|key| key.party == party);
    let Some(first) = roles.next() else {
        accounts.log_out(&begun.token, now).await.map_err(Refused::failed)?;
        return Ok(None);
    };
    if begun.session.subject.is_some() || roles.next().is_some() {
        return Ok(Some(begun));
    }
    accounts.choose_role(&begun.token, first, &SystemRandom, now).await.map_err(Refused::failed)
}

/// What is said to somebody who isn't let in.
struct Said {
    status: StatusCode,
    text: String,
}

impl Said {
    fn no_account(visitor: &Visitor, oidc: &Oidc) -> Self {
        let text = fill(visitor.words().no_account, &[("name", &oidc.shown())]);
        Self { status: StatusCode::FORBIDDEN, text }
    }

    fn of(visitor: &Visitor, oidc: &Oidc, trouble: &NotFinished) -> Self {
        let w = visitor.words();
        let (status, text) = match trouble {
            NotFinished::NotThisBrowser => (StatusCode::BAD_REQUEST, w.not_this_browser),
            NotFinished::TooLate => (StatusCode::BAD_REQUEST, w.too_late),
            NotFinished::BrokenOff(Why::Denied) => (StatusCode::FORBIDDEN, w.denied),
            NotFinished::BrokenOff(Why::Busy) => (StatusCode::SERVICE_UNAVAILABLE, w.busy),
            NotFinished::BrokenOff(Why::Setup) => (StatusCode::BAD_GATEWAY, w.setup),
            NotFinished::NoParty { .. } => (StatusCode::FORBIDDEN, w.no_party),
            NotFinished::Provider(fault) => match fault {
                ProviderFault::Untrusted(_) => (StatusCode::FORBIDDEN, w.not_trusted),
                ProviderFault::Refused { error, .. } if error == "invalid_grant" => {
                    (StatusCode::BAD_REQUEST, w.too_late)
                }
                fault if fault.is_passing() => (StatusCode::SERVICE_UNAVAILABLE, w.busy),
                ProviderFault::OutOfReach(_)
                | ProviderFault::Refused { .. }
                | ProviderFault::Unusable(_)
                | ProviderFault::Key(_) => (StatusCode::BAD_GATEWAY, w.setup),
            },
        };
        Self { status, text: fill(text, &[("name", &oidc.shown())]) }
    }

    fn shown(&self, app: &App, visitor: &Visitor, to: &str) -> Result<Response, Refused> {
        let says = Says { status: self.status, tone: Tone::Danger, text: &self.text };
        shown(app, visitor, local(Some(to)), "", Some(says))
    }
}

fn not_finished(
    app: &App,
    visitor: &Visitor,
    to: &str,
    oidc: &Oidc,
    trouble: &NotFinished,
) -> Result<Response, Refused> {
    tracing::warn!(%trouble, "nobody logged in at the login provider");
    Said::of(visitor, oidc, trouble).shown(app, visitor, to)
}

/// Logs out at the provider too.
pub(super) async fn end_session(State(app): State<App>, visitor: Visitor) -> Result<Response, Refused> {
    let login = &app.parts().login;
    let oidc = login.oidc().ok_or(Refused::NotThere)?;
    let hint = login.cookies().read(&visitor.headers, Cookie::Hint);
    let location = oidc.end_session(hint.as_deref(), app.now()).await;
    let answer = location.map_or_else(|| see_other("/logg-inn?ut=ja"), |location| sent_to(&location));
    Ok(with_cookie(answer, login.cookies().gone(Cookie::Hint)))
}

/// Ends our sessions of somebody who logged out at the provider.
pub(super) async fn logged_out(State(app): State<App>, Form(told): Form<Told>) -> Result<Response, Refused> {
    let oidc = app.parts().login.oidc().ok_or(Refused::NotThere)?;
    let (accounts, now) = (&app.parts().accounts, app.now());
    match oidc.logged_out(&told.logout_token, now).await {
        Ok(LoggedOut::Upstream(names)) => {
            for name in names {
                accounts.log_out_upstream(&name, now).await.map_err(Refused::failed)?;
            }
        }
        Ok(LoggedOut::Subject(subject)) => {
            let account =
                accounts.by_oidc(&oidc.settings().issuer, &subject).await.map_err(Refused::failed)?;
            if let Some(account) = account {
                accounts.log_out_everywhere(&account.id, now).await.map_err(Refused::failed)?;
            }
        }
        Err(trouble) => {
            tracing::warn!(%trouble, "the login provider's word of a logout isn't followed");
            return Ok((
                StatusCode::BAD_REQUEST,
                axum::Json(serde_json::json!({"error": "invalid_request"})),
            )
                .into_response());
        }
    }
    Ok(StatusCode::OK.into_response())
}
