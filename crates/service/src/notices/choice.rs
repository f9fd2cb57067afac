use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Quiet;

/// How long before a limit somebody can want to be told, in minutes.
pub const BEFORE_MINUTES: [u32; 6] = [15, 30, 60, 120, 240, 1440];

/// How long before a limit somebody is told who hasn't chosen otherwise.
const BEFORE_USUAL_MINUTES: u32 = 60;

/// What somebody wants to be told, and where.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The address; empty where none was given.
    pub address: String,
    /// Whether somebody who is logged in as the account has shown that they read what is sent there.
    pub is_verified: bool,
    /// What they want to be told of.
    pub kinds: BTreeSet<NoticeKind>,
    /// How long before a limit, in minutes: one of [`BEFORE_MINUTES`].
    pub before_minutes: u32,
    /// Whose duties.
    pub scope: Scope,
    /// When nothing is sent unless it must.
    pub quiet: Quiet,
}

/// Shows nothing of the address.
impl std::fmt::Debug for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choice")
            .field("is_verified", &self.is_verified)
            .field("kinds", &self.kinds)
            .field("before_minutes", &self.before_minutes)
            .field("scope", &self.scope)
            .field("quiet", &self.quiet)
            .finish_non_exhaustive()
    }
}

impl Default for Choice {
    /// No address; everything of the unit, an hour before, and not at night.
    fn default() -> Self {
        Self {
            address: String::new(),
            is_verified: false,
            kinds: NoticeKind::ALL.into(),
            before_minutes: BEFORE_USUAL_MINUTES,
            scope: Scope::Unit,
            quiet: Quiet::default(),
        }
    }
}

/// What somebody is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A duty falls due soon.
    Due,
    /// A duty is past its limit.
    Late,
    /// A message came that waits for an answer.
    Answer,
    /// A message that the own side sent didn't get through.
    Astray,
}

/// Whose duties somebody is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Those that they have taken on.
    Mine,
    /// All that they see and their side must do, but those that somebody else has taken on.
    Unit,
}

/// Whether anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// Nothing.
    Off,
    /// A link is to be sent to the address first.
    Asked,
    /// The link was sent, and nobody has used it yet.
    Sent,
    /// Notices are sent.
    On,
    /// The mail server says that nobody takes messages at the address. Nothing is sent until another is proved, or the same again.
    Refused,
}

impl NoticeKind {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 4] = [Self::Due, Self::Late, Self::Answer, Self::Astray];

    /// Its slug, in forms and in the names of notices.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "frist",
            Self::Late => "over-fristen",
            Self::Answer => "svar",
            Self::Astray => "ikke-framme",
        }
    }
}

impl NoticeState {
    const ALL: [Self; 5] = [Self::Off, Self::Asked, Self::Sent, Self::On, Self::Refused];

    /// Its slug, as it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Asked => "asked",
            Self::Sent => "sent",
            Self::On => "on",
            Self::Refused => "refused",
        }
    }

    /// The state of a slug; one that this program doesn't know is [`Self::Off`].
    pub(super) fn called(slug: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == slug).unwrap_or(Self::Off)
    }
}
