//! Who asks: worked out before anything is answered.

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use samspill_service::people::Session;

use super::{
    cookie::Cookie,
    kept::{Fields, is_form},
    machine::{Authorization, NONCE_HEADER},
    machines::{self, refused},
    oidc::party_of,
};
use crate::{
    App, Refused, Signed,
    front::is_from_here,
    pages::{Look, link, see_other},
};

/// The session of a request, whether or not its role is chosen.
#[derive(Clone)]
pub(super) struct Visit {
    /// What the browser carries.
    pub(super) token: String,
    pub(super) session: Session,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        parts.extensions.get::<Self>().cloned().ok_or(Refused::NotSignedIn)
    }
}

/// Puts who asks into every request: a person by the session's cookie, a system by its token.
///
/// A request with `Authorization` is a system's, and its cookies are not looked at. What is asked for without having logged in
/// leads browsers to the login page, and back again.
pub(crate) fn seen(router: Router<App>, app: &App) -> Router<App> {
    router.layer(from_fn_with_state(app.clone(), see))
}

async fn see(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::AUTHORIZATION) {
        see_machine(&app, request, next).await
    } else {
        see_person(&app, request, next).await
    }
}

async fn see_machine(app: &App, mut request: Request, next: Next) -> Response {
    let authorization =
        Authorization::of(request.headers()).unwrap_or(Err(super::machine::NotMachine::Header));
    let is_bound = matches!(authorization, Ok(Authorization::Bound(_)));
    let subject = match authorization {
        Ok(authorization) => {
            let asked = (request.method(), request.uri().path(), request.headers());
            machines::subject(app, authorization, asked).await
        }
        Err(refused) => Err(refused.into()),
    };
    let mut response = match subject {
        Ok(subject) => {
            let language = Look::of(request.headers()).language.unwrap_or_default();
            request.extensions_mut().insert(Signed::new(subject, String::new(), language));
            next.run(request).await
        }
        Err(trouble) => refused(app, trouble),
    };
    if is_bound {
        give_nonce(app, response.headers_mut());
    }
    response
}

/// Gives the nonce that the next proof must hold.
fn give_nonce(app: &App, headers: &mut HeaderMap) {
    let nonce = app.parts().login.machines().and_then(|machines| machines.nonce(app.now()));
    let value = nonce.and_then(|nonce| HeaderValue::from_str(&nonce).ok());
    if let (Some(value), Ok(name)) = (value, HeaderName::try_from(NONCE_HEADER)) {
        headers.insert(name, value);
    }
}

async fn see_person(app: &App, mut request: Request, next: Next) -> Response {
    let visit = match visit(app, request.headers()).await {
        Ok(visit) => visit,
        Err(refused) => return refused.into_response(),
    };
    let asked = Asked::of(&request);
    let is_waiting = visit.as_ref().is_some_and(|visit| visit.session.subject.is_none());
    if visit.is_none() && is_form(request.method(), request.uri().path(), request.headers()) {
        return match late_form(app, request).await {
            Ok(request) => next.run(*request).await,
            Err(answer) => answer,
        };
    }
    if let Some(visit) = visit {
        if let Some(signed) = signed(&visit.session, request.headers()) {
            request.extensions_mut().insert(signed);
        }
        request.extensions_mut().insert(visit);
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        let page = if is_waiting { "/velg-rolle" } else { "/logg-inn" };
        return asked.led_to(page).unwrap_or(response);
    }
    response
}

/// Keeps a form that was sent when the session was over, and leads to the login page and from there back to the form. A form of somebody
/// else goes on, to be refused.
async fn late_form(app: &App, request: Request) -> Result<Box<Request>, Response> {
    let login = &app.parts().login;
    let token = login.cookies().read(request.headers(), Cookie::Session);
    let Some(token) = token.filter(|_| is_from_here(request.headers(), login.origin())) else {
        return Ok(Box::new(request));
    };
    let idle = app.parts().accounts.account_of_idle(&token, app.now()).await;
    let idle = idle.map_err(|error| Refused::failed(error).into_response())?;
    let Some(account) = idle else { return Ok(Box::new(request)) };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let (parts, body) = request.into_parts();
    // The layer outside has limited it.
    let bytes =
        axum::body::to_bytes(body, usize::MAX).await.map_err(|_| Refused::TooLarge.into_response())?;
    let fields = Fields::read(&parts.headers, bytes.clone()).await;
    let is_kept = fields.is_some_and(|fields| app.kept_forms().keep(&account, &path, fields, app.now()));
    if is_kept {
        return Err(see_other(&link::query("/logg-inn", &[("til", "/fortsett"), ("ut", "tid")])));
    }
    Ok(Box::new(Request::from_parts(parts, Body::from(bytes))))
}

async fn visit(app: &App, headers: &HeaderMap) -> Result<Option<Visit>, Refused> {
    let Some(token) = app.parts().login.cookies().read(headers, Cookie::Session) else { return Ok(None) };
    let session = app.parts().accounts.session(&token, app.now()).await;
    let session = session.map_err(Refused::failed)?;
    Ok(session.map(|session| Visit { token, session: bound(session) }))
}

/// A session for one organisation has the roles there alone.
fn bound(mut session: Session) -> Session {
    let Some(party) = party_of(&session.upstream) else { return session };
    session.roles.retain(|key| key.party == party);
    session.subject = session.subject.filter(|subject| subject.party == party);
    session
}

fn signed(session: &Session, headers: &HeaderMap) -> Option<Signed> {
    let subject = session.subject.clone()?;
    let language = Look::of(headers).language.unwrap_or(session.account.language);
    Some(Signed::new(subject, session.form_token.clone(), language))
}

/// What a browser asked for, kept until it is known whether it must log in first.
struct Asked {
    kind: Kind,
    path: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A page, which can be come back to.
    Page,
    /// A part of a page, asked for by a script on the page that is named.
    Part,
    /// Something else.
    Other,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let (headers, path) = (request.headers(), request.uri().path());
        let is_for_systems = ["/api", "/fhir"]
            .iter()
            .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        let wants_html = headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
        if headers.contains_key("hx-request") {
            return Self { kind: Kind::Part, path: "/".to_owned() };
        }
        let is_page =
            matches!(*request.method(), Method::GET | Method::HEAD) && wants_html && !is_for_systems;
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self { kind: if is_page { Kind::Page } else { Kind::Other }, path }
    }

    fn led_to(&self, page: &str) -> Option<Response> {
        let path = if self.path == "/" { "" } else { self.path.as_str() };
        let address = link::query(page, &[("til", path)]);
        match self.kind {
            Kind::Page => Some(see_other(&address)),
            Kind::Part => {
                let address = HeaderValue::from_str(&address).ok()?;
                let name = HeaderName::from_static("hx-redirect");
                let kind = HeaderValue::from_static("text/html; charset=utf-8");
                let headers = [(name, address), (header::CONTENT_TYPE, kind)];
                Some((StatusCode::UNAUTHORIZED, headers, "logg inn").into_response())
            }
            Kind::Other => None,
        }
    }
}
