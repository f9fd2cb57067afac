use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use samspill_service::access::Rule;

/// Why a request isn't answered. Pages word it as a page, the API as a problem (RFC 9457).
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Nobody is logged in.
    #[error("nobody is logged in")]
    NotSignedIn,
    /// The policy says no. What is refused of another party's is worded like what isn't there.
    #[error("not allowed ({0:?})")]
    NotAllowed(Rule),
    /// There is no such thing.
    #[error("there is no such thing")]
    NotThere,
    /// What was sent makes no sense: which field, and what to write instead.
    #[error("{0}")]
    Wrong(String),
    /// Somebody else changed it in the meantime.
    #[error("it was changed in the meantime")]
    Changed,
    /// The machine failed.
    #[error(transparent)]
    Failed(#[from] Box<dyn std::error::Error + Send + Sync>),
}

impl Refused {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) | Self::NotThere => StatusCode::NOT_FOUND,
            Self::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Changed => StatusCode::CONFLICT,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}
