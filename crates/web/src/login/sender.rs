//! Forms that come before there is a session: whether it was our page that sent them.

use axum::http::HeaderMap;

use super::{
    Login,
    cookie::Cookie,
    secret::{random_text, same},
};
use crate::{Refused, front::is_from_here};

/// How long a login page may stand before it is sent, in seconds.
const FORM_LASTS_SECONDS: i64 = 12 * 60 * 60;

/// What a form brings back, and the cookie that goes with it.
#[derive(Clone, Debug)]
pub(super) struct FormToken {
    /// What stands in the form.
    pub(super) token: String,
    /// The header that sets the cookie; none if the browser has it already.
    pub(super) cookie: Option<axum::http::HeaderValue>,
}

impl FormToken {
    /// The token of this browser, or a new one.
    pub(super) fn of(login: &Login, headers: &HeaderMap) -> Result<Self, Refused> {
        if let Some(token) = login.cookies().read(headers, Cookie::Form) {
            return Ok(Self { token, cookie: None });
        }
        let token = random_text().map_err(|_| Refused::Failed("the machine gives no random bytes".into()))?;
        let cookie = login.cookies().set(Cookie::Form, &token, Some(FORM_LASTS_SECONDS));
        Ok(Self { token, cookie })
    }
}

/// Whether a form without a session was sent by a page of ours: by what the browser says of it, and by a token that only our page and
/// this browser have.
pub(super) fn is_ours(login: &Login, headers: &HeaderMap, token: &str) -> bool {
    let kept = login.cookies().read(headers, Cookie::Form);
    is_from_here(headers, login.origin()) && kept.is_some_and(|kept| same(&kept, token))
}
