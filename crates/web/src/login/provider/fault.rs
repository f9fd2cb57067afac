use crate::login::keys::{KeyFault, Untrusted};

/// Why a provider couldn't help. Written to the log; what users read is chosen by the case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::login) enum ProviderFault {
    /// No answer, or none in time.
    #[error("the login provider is out of reach: {0}")]
    OutOfReach(String),
    /// It answers with an error of OAuth (RFC 6749 section 5.2).
    #[error("the login provider answers {status}: {error} {description}")]
    Refused {
        /// The status.
        status: u16,
        /// The error's name, cleaned.
        error: String,
        /// What it says of it, cleaned.
        description: String,
    },
    /// What it says of itself can't be used, or what it answers isn't what was asked for.
    #[error("the login provider can't be used: {0}")]
    Unusable(String),
    /// A token of its doesn't hold.
    #[error("a token of the login provider isn't trusted: {0}")]
    Untrusted(#[from] Untrusted),
    /// A key of ours can't be used.
    #[error(transparent)]
    Key(#[from] KeyFault),
}

impl ProviderFault {
    /// Whether it may be otherwise in a while.
    pub(in crate::login) fn is_passing(&self) -> bool {
        match self {
            Self::OutOfReach(_) => true,
            Self::Refused { status, .. } => *status >= 500,
            Self::Unusable(_) | Self::Untrusted(_) | Self::Key(_) => false,
        }
    }
}

/// What others wrote, fit for a log: no control signs, and not more than 200 characters.
pub(in crate::login) fn clean(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(200).collect()
}
