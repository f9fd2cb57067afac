use axum::{extract::FromRequestParts, http::request::Parts};
use samspill_agreement::model::Language;
use samspill_service::access::Subject;

use super::Refused;
use crate::App;

/// Who asks. As an argument of a handler it lets in only who is logged in; the layer that knows sessions and tokens puts it there.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The account in the role that was chosen.
    pub subject: Subject,
    /// What forms must bring back: it is bound to the session.
    pub form_token: String,
    /// The language of pages.
    pub language: Language,
}

impl FromRequestParts<App> for Signed {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        parts.extensions.get::<Self>().cloned().ok_or(Refused::NotSignedIn)
    }
}
