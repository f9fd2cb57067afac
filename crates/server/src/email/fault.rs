use std::error::Error as _;

use lettre::transport::smtp::Error;

use crate::config::SecretError;

/// Why nothing can be sent now, to whomever.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineFault {
    /// The password, or the certificates.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The certificates that are to be believed.
    #[error("the certificates in [mail] can't be read: correct the file")]
    Certificates,
    /// The server isn't there, or doesn't answer in time.
    #[error("the mail server can't be reached, or doesn't answer in time: see `host` and `port` in [mail]")]
    Away,
    /// The line can't be encrypted as it must.
    #[error("the line to the mail server can't be encrypted: see `tls` and `certificates` in [mail]")]
    Tls,
    /// The server says no to us.
    #[error(
        "the mail server doesn't take messages from here, and says {0}: see `user`, `password` and `from` in [mail]"
    )]
    NotUs(u16),
    /// A setting that no message can be made with.
    #[error("no message can be made: see `from` in [mail]")]
    From,
}

/// Why one message wasn't taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendFault {
    /// There is nobody at the address, or nobody who takes it: trying again is no use.
    #[error("the address is refused")]
    Refused,
    /// Not now: later perhaps.
    #[error("the mail server says {0}")]
    Later(u16),
    /// The line is of no use any more.
    #[error(transparent)]
    Line(#[from] LineFault),
}

impl LineFault {
    /// What an error says of the line. Its words are left out: servers repeat addresses in them.
    pub(super) fn of(error: &Error) -> Self {
        match error.status() {
            Some(code) => Self::NotUs(code.into()),
            None if error.is_tls() => Self::Tls,
            None => Self::Away,
        }
    }
}

impl SendFault {
    /// The answer to whom a message is for. Some servers say only here that they want a password (530, 535): that is about us. What their
    /// rules forbid (RFC 3463: 5.7) may be about us or about one mailbox: it is tried again, and nobody's address is taken for wrong.
    pub(super) fn of_address(error: &Error) -> Self {
        let is_forbidden = says(error).starts_with("5.7.");
        match error.status().map(u16::from) {
            Some(code @ (530 | 535)) => Self::Line(LineFault::NotUs(code)),
            Some(code) if is_forbidden => Self::Later(code),
            Some(_) if error.is_permanent() => Self::Refused,
            Some(code) => Self::Later(code),
            None => Self::Line(LineFault::of(error)),
        }
    }

    /// The answer to the message itself. Some servers look for whom it is only then, and say so by a code for addresses or mailboxes
    /// (RFC 3463: 5.1 and 5.2). What else they don't like of a message may be liked another time.
    pub(super) fn of_message(error: &Error) -> Self {
        let says = says(error);
        let is_about_address = ["5.1.", "5.2."].iter().any(|code| says.starts_with(code));
        match error.status() {
            Some(_) if error.is_permanent() && is_about_address => Self::Refused,
            Some(code) => Self::Later(code.into()),
            None => Self::Line(LineFault::of(error)),
        }
    }
}

/// What the server says beside its code.
fn says(error: &Error) -> String {
    let says = error.source().map(ToString::to_string).unwrap_or_default();
    says.trim_start().to_owned()
}
