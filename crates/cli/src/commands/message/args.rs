//! What `samspill message` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use samspill_formats::messages::ids::SyntheticPolicy;

use crate::args::Lang;

/// Messages: PLO, Hodemelding, dialogue, epicrises and receipts.
#[derive(Debug, Subcommand)]
pub(crate) enum MessageCommand {
    /// Shows a message as people read it.
    Show(Show),
    /// Holds messages to their schema and profile: every finding with its place, path and clause. Exit code 1 if a schema
    /// isn't followed.
    Check(Check),
    /// Writes the receipt that a message would get; says why there is none, if there is none.
    Receipt(Receipt),
    /// Makes a log of messages, which `samspill check` reads. Questions that a person must answer are told on standard error.
    ToLog(ToLog),
    /// Writes a message from structured data (JSON).
    Make(Make),
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    /// The message; `-` reads standard input.
    pub file: PathBuf,
    /// A page for a browser in place of text.
    #[arg(long)]
    pub html: bool,
    /// The language.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
    /// The file to write; standard output, if it is left out.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Messages, or folders of them (every `.xml` in them); `-` reads standard input.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// How to print findings.
    #[arg(long, value_enum, default_value_t)]
    pub format: FindingFormat,
    /// Leave out what weighs less.
    #[arg(long, value_enum, default_value_t)]
    pub least: Least,
    /// The language of rules of profiles; what a schema asks for is told in English.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
    /// Which numbers of persons and organisations pass.
    #[arg(long, value_enum, default_value_t)]
    pub synthetic: Synthetic,
}

/// Which series of numbers pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Synthetic {
    /// Real and synthetic ones.
    #[default]
    Allow,
    /// Real ones alone.
    Refuse,
    /// Synthetic ones alone.
    Require,
}

impl From<Synthetic> for SyntheticPolicy {
    fn from(synthetic: Synthetic) -> Self {
        match synthetic {
            Synthetic::Allow => Self::Allow,
            Synthetic::Refuse => Self::Refuse,
            Synthetic::Require => Self::Require,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingFormat {
    /// A line each: file, line, column, weight, path, text, clause.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Least {
    /// All, also unknown codes and the like.
    #[default]
    Note,
    /// Breaches of a profile, and of a schema.
    Warning,
    /// Breaches of a schema alone.
    Error,
}

#[derive(Args, Debug)]
pub(crate) struct Receipt {
    /// The message; `-` reads standard input.
    pub file: PathBuf,
    /// A HER-id that is ours, an organisation's or a service's. May be given several times. Without it, whoever the message
    /// is for.
    #[arg(long = "as", value_name = "HER-ID")]
    pub ours: Vec<String>,
    /// When the receipt is made (RFC 3339, or local time in Norway); now, if it is left out.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The receipt's own id, a GUID; a new one, if it is left out.
    #[arg(long, value_name = "GUID")]
    pub id: Option<String>,
    /// The file to write; standard output, if it is left out.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct ToLog {
    /// Messages, or folders of them (every `.xml` in them). Their order doesn't matter.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The agreement that the cases follow: written as a fact of each, so that `samspill check` finds it.
    #[arg(long, short, value_name = "ID")]
    pub agreement: Option<String>,
    /// The stay that a message belongs to, where that was asked. May be given several times.
    #[arg(long = "case", value_name = "MESSAGE=CASE")]
    pub cases: Vec<String>,
    /// What a reply in free text means: `forslag` for what is suggested, `kan`, `kan:2026-03-04`, `kan-ikke` or
    /// `kan-ikke:2026-03-04`. May be given several times.
    #[arg(long = "reply", value_name = "MESSAGE=ANSWER")]
    pub replies: Vec<String>,
    /// The file to write; standard output, if it is left out.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Make {
    /// The kind of message: `utskrivningsklar`, `innleggelsesrapport` … Any other word lists them.
    pub kind: String,
    /// The data, JSON; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// When the message is made (RFC 3339, or local time in Norway); now, if it is left out.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The message's own id, a GUID; a new one, if it is left out.
    #[arg(long, value_name = "GUID")]
    pub id: Option<String>,
    /// The file to write; standard output, if it is left out.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
