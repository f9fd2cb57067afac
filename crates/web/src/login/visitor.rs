use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use samspill_agreement::model::Language;

use super::{layer::Visit, words::LoginWords};
use crate::{
    App,
    front::RequestId,
    pages::{Look, Shell},
};

/// Whoever asks for a page of logging in or out, with a session or without.
pub(super) struct Visitor {
    pub(super) headers: HeaderMap,
    /// The session, if there is one.
    pub(super) visit: Option<Visit>,
    /// The request's id, for the access log.
    pub(super) request: String,
}

impl Visitor {
    /// What the browser asks for, or what the account has.
    pub(super) fn language(&self) -> Language {
        let kept = self.visit.as_ref().map(|visit| visit.session.account.language);
        Look::of(&self.headers).language.or(kept).unwrap_or_default()
    }

    pub(super) fn words(&self) -> &'static LoginWords {
        LoginWords::of(self.language())
    }

    /// What stands around a page of this title.
    pub(super) fn shell(&self, title: &str) -> Shell {
        Shell::public(title, self.language(), Look::of(&self.headers))
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let visit = parts.extensions.get::<Visit>().cloned();
        let request = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(Self { headers: parts.headers.clone(), visit, request })
    }
}
