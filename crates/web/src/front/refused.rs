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
    /// A form that doesn't come from our own pages, or from an older login.
    #[error("the form isn't ours")]
    Forged,
    /// Too often; after so many seconds it may be tried again.
    #[error("too often, try again in {seconds} seconds")]
    TooMany {
        /// How long to wait.
        seconds: u64,
    },
    /// More than is taken at a time.
    #[error("too large")]
    TooLarge,
    /// What was sent took too long to come, or the answer to be made.
    #[error("too slow")]
    TooSlow,
    /// The machine failed.
    #[error(transparent)]
    Failed(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// What the layer in front words for people or for machines. Nothing in it is of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ToWord {
    /// What was wrong with what was sent, for [`Refused::Wrong`].
    pub(super) says: Option<String>,
    /// Seconds to wait.
    pub(super) wait: Option<u64>,
}

impl Refused {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) | Self::NotThere => StatusCode::NOT_FOUND,
            Self::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Changed => StatusCode::CONFLICT,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A failure of the machine.
    pub fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl IntoResponse for Refused {
    /// An answer without words: the layer in front puts them in.
    fn into_response(self) -> Response {
        if let Self::Failed(error) = &self {
            tracing::error!(error = error.as_ref(), "a request failed");
        }
        let says = if let Self::Wrong(says) = &self { Some(says.clone()) } else { None };
        let wait = if let Self::TooMany { seconds } = &self { Some(*seconds) } else { None };
        let mut response = self.status().into_response();
        response.extensions_mut().insert(ToWord { says, wait });
        response
    }
}
