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
    /// The line is of no use any more, and the message wasn't taken.
    #[error(transparent)]
    Line(#[from] LineFault),
    /// The line broke when all of the message had begun to go: it may have been taken.
    #[error(transparent)]
    Broken(LineFault),
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
    /// The answer to whom a message is for. Some servers only tell then that they don't take anything from us: nobody's address is to
    /// blame for that.
    pub(super) fn of_address(error: &Error) -> Self {
        match error.status() {
            Some(code) if is_about_us(code.into(), &words(error)) => Self::Line(LineFault::of(error)),
            Some(_) if error.is_permanent() => Self::Refused,
            Some(code) => Self::Later(code.into()),
            None => Self::Line(LineFault::of(error)),
        }
    }

    /// The answer to the message itself. Some servers look for whom it is only then, and say so by a code for addresses or mailboxes
    /// (RFC 3463: 5.1 and 5.2). What else they don't like of a message may be liked another time.
    pub(super) fn of_message(error: &Error) -> Self {
        let says = words(error);
        let is_about_address = ["5.1.", "5.2."].iter().any(|code| says.starts_with(code));
        match error.status() {
            Some(_) if error.is_permanent() && is_about_address => Self::Refused,
            Some(code) => Self::Later(code.into()),
            None => Self::Line(LineFault::of(error)),
        }
    }
    /// The same, where the message had begun to go.
    pub(super) fn with_message_gone(self) -> Self {
        match self {
            Self::Line(fault) => Self::Broken(fault),
            Self::Refused | Self::Later(_) | Self::Broken(_) => self,
        }
    }
}

/// Whether a server says that it takes nothing from us: by a code for who we are (RFC 4954: 530, 534, 535, 538), or for what we may
/// (RFC 3463: 5.7).
fn is_about_us(code: u16, says: &str) -> bool {
    matches!(code, 530 | 534 | 535 | 538) || says.starts_with("5.7.")
}

/// What a server says after its code. Shown to nobody: see [`LineFault::of`].
fn words(error: &Error) -> String {
    error.source().map(|source| source.to_string().trim_start().to_owned()).unwrap_or_default()
}
