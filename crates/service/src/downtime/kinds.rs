//! The kinds of entry by which downtime stands in the log, and the case they stand in.

use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_base::{Clock, Entry, Position, Value, format_instant};
use samspill_formats::messages::norway;

use super::words::say;

/// What an entry says of downtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DowntimeKind {
    /// `nedetid-varslet`: planned downtime was announced.
    Announced,
    /// `nedetid-oppstatt`: downtime that nobody had planned began.
    Began,
    /// `nedetid-endret`: it begins or ends at another time than was said.
    Changed,
    /// `nedetid-sluttet`: it ended.
    Ended,
    /// `nedetid-trukket`: it doesn't come to pass, or never did.
    Withdrawn,
    /// `fort-etterpa`: something that happened meanwhile was written into the log.
    Afterwards,
}

/// Fields of the bodies.
pub(super) mod field {
    pub(crate) const PARTY: &str = "part";
    pub(crate) const UNIT: &str = "enhet";
    pub(crate) const ANNOUNCED: &str = "varslet";
    pub(crate) const ANNOUNCED_BY: &str = "varslet-av";
    pub(crate) const FROM: &str = "fra";
    pub(crate) const UNTIL: &str = "til";
    pub(crate) const WHY: &str = "grunn";
    pub(crate) const SYSTEMS: &str = "systemer";
    pub(crate) const BY: &str = "fort-av";
    pub(crate) const ABOUT: &str = "gjelder";
    pub(crate) const CASE: &str = "sak";
    pub(crate) const ENTRY: &str = "oppforing";
    pub(crate) const WAY: &str = "mate";
    pub(crate) const TOLD: &str = "meldt-til";
}

impl DowntimeKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Announced, Self::Began, Self::Changed, Self::Ended, Self::Withdrawn, Self::Afterwards];

    /// The kind in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "nedetid-varslet",
            Self::Began => "nedetid-oppstatt",
            Self::Changed => "nedetid-endret",
            Self::Ended => "nedetid-sluttet",
            Self::Withdrawn => "nedetid-trukket",
            Self::Afterwards => "fort-etterpa",
        }
    }

    /// The kind that the log calls this.
    pub fn called(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == kind)
    }

    /// Whether such an entry may change when somebody's systems are, or were, down; a note on what was entered afterwards doesn't.
    pub fn moves_periods(self) -> bool {
        self != Self::Afterwards
    }

    /// What people call it.
    pub fn name(self, language: Language) -> &'static str {
        match self {
            Self::Announced => {
                say(language, "Nedetid varslet", "Nedetid varsla", "Planned downtime announced")
            }
            Self::Began => say(language, "Nedetid oppstått", "Nedetid oppstått", "Unplanned downtime began"),
            Self::Changed => say(language, "Nedetid endret", "Nedetid endra", "Downtime changed"),
            Self::Ended => say(language, "Nedetid sluttet", "Nedetid slutt", "Downtime ended"),
            Self::Withdrawn => say(language, "Nedetid trukket", "Nedetid trekt", "Downtime withdrawn"),
            Self::Afterwards => say(language, "Ført etterpå", "Ført etterpå", "Entered afterwards"),
        }
    }
}

/// The case of a party's downtime: `nedetid:lindvik-kommune`.
///
/// Small letters and digits of ASCII, with æ, ø and å as the ids of agreements write them; anything else parts words. Names that come
/// out alike share a case: which party an entry is about, its body says.
pub fn case_of(party: &str) -> String {
    let mut slug = String::new();
    for letter in party.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'æ' | 'ä' => slug.push_str("ae"),
            'ø' | 'ö' => slug.push('o'),
            'å' | 'á' => slug.push('a'),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    format!("nedetid:{}", slug.trim_end_matches('-'))
}

/// An entry of a party's downtime, not yet placed in the log.
pub(super) fn entry(
    kind: DowntimeKind,
    party: &str,
    id: &str,
    happened: Timestamp,
    recorded: Timestamp,
) -> Entry {
    let mut entry = Entry::new(case_of(party), kind.as_str(), Position(0), happened);
    entry.recorded = Some(recorded);
    entry.id = Some(id.to_owned());
    entry.from = Some(party.to_owned());
    write(&mut entry, field::PARTY, party);
    entry
}

/// Sets a field, unless there is nothing to say.
pub(super) fn write(entry: &mut Entry, name: &str, text: &str) {
    if !text.trim().is_empty() {
        entry.body.get_or_insert_default().insert(name.to_owned(), Value::text(text.trim()));
    }
}

/// Sets a field to an instant, in Norwegian time with its offset.
pub(super) fn write_time(entry: &mut Entry, name: &str, at: Timestamp) {
    write(entry, name, &format_instant(at, &norway()));
}

/// What a field says; empty where it says nothing.
pub(super) fn text(entry: &Entry, name: &str) -> String {
    entry.field(name).and_then(Value::as_text).unwrap_or_default().to_owned()
}

/// The instant that a field gives.
pub(super) fn time(entry: &Entry, name: &str) -> Option<Timestamp> {
    entry.field(name).and_then(Value::as_text)?.parse().ok()
}

/// Whether an entry was known at the instant: it had happened, and it was written down. At the very instant is known.
pub(super) fn is_known(entry: &Entry, as_of: Timestamp) -> bool {
    entry.happened <= as_of && entry.time(Clock::Recorded) <= as_of
}
