use std::time::Duration;

use super::problem::Problem;
use crate::SendFault;

/// What came of a call instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallFault {
    /// The service certainly did nothing: it was out of reach, there was no token, or it said to wait.
    NotDone { says: String, wait: Option<Duration> },
    /// Nobody knows what the service did: the line broke, time ran out, or it failed itself.
    Unsure { says: String },
    /// The service answered that it is done, and how can't be understood.
    Unreadable { says: String },
    /// The service will not.
    Refused(Problem),
}

impl CallFault {
    pub(super) fn not_done(says: impl Into<String>) -> Self {
        Self::NotDone { says: says.into(), wait: None }
    }

    /// Without a word that could come from a message.
    pub(super) fn brief(&self) -> &str {
        match self {
            Self::NotDone { says, .. } | Self::Unsure { says } | Self::Unreadable { says } => says,
            Self::Refused(problem) => &problem.brief,
        }
    }
}

impl From<CallFault> for SendFault {
    fn from(fault: CallFault) -> Self {
        match fault {
            CallFault::NotDone { says, .. } => Self::Later { says },
            CallFault::Unsure { says } | CallFault::Unreadable { says } => Self::Unknown { says },
            CallFault::Refused(problem) => {
                Self::Refused { condition: problem.condition(), says: problem.says }
            }
        }
    }
}
