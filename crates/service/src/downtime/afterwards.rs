//! What went by telephone or on paper, written into the log afterwards with its true times.

use jiff::{Timestamp, tz::TimeZone};
use samspill_agreement::model::Language;
use samspill_base::Entry;
use samspill_engine::explain::instant_words;

use super::{
    KnownDowntime,
    kinds::{DowntimeKind, entry as downtime_entry, field, is_known, text, write},
    periods::{Period, Periods},
    words::{say, tell},
};

/// How something was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// `telefon`.
    Telephone,
    /// `papir`: handed over, or sent along with the patient.
    Paper,
    /// `bud`: by courier.
    Courier,
    /// `muntlig`: face to face.
    Spoken,
    /// `hendelse`: nobody was told; it happened, and couldn't be registered.
    Event,
}

impl Way {
    /// All of them, in the order of forms.
    pub const ALL: [Self; 5] = [Self::Telephone, Self::Paper, Self::Courier, Self::Spoken, Self::Event];

    /// The word in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Telephone => "telefon",
            Self::Paper => "papir",
            Self::Courier => "bud",
            Self::Spoken => "muntlig",
            Self::Event => "hendelse",
        }
    }

    /// The way that a word means.
    pub fn called(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == word)
    }

    /// As people say it.
    pub fn name(self, language: Language) -> &'static str {
        match self {
            Self::Telephone => say(language, "per telefon", "per telefon", "by telephone"),
            Self::Paper => say(language, "på papir", "på papir", "on paper"),
            Self::Courier => say(language, "med bud", "med bod", "by courier"),
            Self::Spoken => {
                say(language, "muntlig, ansikt til ansikt", "munnleg, andlet til andlet", "face to face")
            }
            Self::Event => say(
                language,
                "ikke meldt, bare skjedd",
                "ikkje meldt, berre skjedd",
                "not told, only happened",
            ),
        }
    }
}

/// How an entry came into the log afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The id of the downtime that stood in the way.
    pub downtime: String,
    /// How it was told then.
    pub way: Way,
    /// To whom: a name, and where.
    pub to: String,
    /// What more there is to say of why.
    pub why: String,
    /// Who types it in.
    pub registered_by: String,
    /// When.
    pub recorded: Timestamp,
}

/// Entries to append together, and what is worth a look.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The entry itself, in its own case; then the note on it, in the case of the downtime.
    pub entries: Vec<Entry>,
    /// What is worth a look.
    pub findings: Vec<AfterwardsFinding>,
}

/// Something about an entry made afterwards that is worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterwardsFinding {
    /// It happened before the downtime began, or when it was over.
    OutsideDowntime,
}

/// Why nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AfterwardsRefusal {
    /// The entry has no id, so that nothing can be said about it.
    #[error("the entry has no id: give it one, so that the note on it can name it")]
    NoId,
    /// It happened, was sent or received after it was typed in.
    #[error("a time of the entry lies after the time of registration: correct it")]
    InFuture,
    /// It was received before it was sent, or sent before it happened.
    #[error("the entry was received before it was sent, or sent before it happened: correct the times")]
    WrongOrder,
    /// Something that must be said isn't.
    #[error("{0} isn't said: fill it in")]
    Missing(&'static str),
    /// There is no such downtime, or it was withdrawn.
    #[error("no downtime «{0}» is registered: register it first")]
    UnknownDowntime(String),
}

/// Writes an event or message into the log afterwards.
///
/// The entry keeps its true times; `recorded` becomes the time at which it is typed in, so that nobody is held to have known of it
/// before. What was said how, by whom it was typed in and why is a note of its own in the case of the downtime: the entry reads like
/// any other, under every agreement. The two belong in one transaction.
///
/// # Errors
/// Where something is missing or can't be so; see [`AfterwardsRefusal`].
pub fn afterwards(entry: Entry, told: &Told, periods: &Periods) -> Result<Written, AfterwardsRefusal> {
    let id = entry.id.clone().filter(|id| !id.trim().is_empty()).ok_or(AfterwardsRefusal::NoId)?;
    check(&entry, told)?;
    let period = periods.get(&told.downtime).filter(|period| !period.is_withdrawn);
    let period = period.ok_or_else(|| AfterwardsRefusal::UnknownDowntime(told.downtime.clone()))?;
    let findings =
        if period.contains(entry.happened) { Vec::new() } else { vec![AfterwardsFinding::OutsideDowntime] };
    let note = note(&entry.case, &id, told, period);
    let entry = Entry { recorded: Some(told.recorded), ..entry };
    Ok(Written { entries: vec![entry, note], findings })
}

impl AfterwardsFinding {
    /// It in a sentence.
    pub fn sentence(self, language: Language) -> &'static str {
        match self {
            Self::OutsideDowntime => say(
                language,
                "Det skjedde utenfor nedetiden som er oppgitt: se etter om tiden eller nedetiden er riktig.",
                "Det skjedde utanfor nedetida som er oppgitt: sjå etter om tida eller nedetida er rett.",
                "It happened outside the downtime that is given: check the time, or the downtime.",
            ),
        }
    }
}

/// Both times of an entry: when it happened, and when and how it came into the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    /// When it happened: what the engine goes by.
    pub happened: Timestamp,
    /// When it was typed in.
    pub recorded: Timestamp,
    /// Who, how and why, where a note says so.
    pub note: Option<Note>,
}

/// What a note says of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Who typed it in.
    pub registered_by: String,
    /// How it was told then; `None` where the log has another word.
    pub way: Option<Way>,
    /// To whom.
    pub told: String,
    /// What more was said of why.
    pub why: String,
    /// The downtime, as it is known.
    pub downtime: Option<Period>,
}

impl Both {
    /// Both times of an entry, as of an instant. `None` for one that was written down as it happened, or isn't known yet.
    ///
    /// `notes` are entries of downtime; others among them are passed over.
    pub fn of(entry: &Entry, notes: &[Entry], as_of: Timestamp) -> Option<Self> {
        Self::known(entry, notes, &Periods::of(notes, as_of), as_of)
    }

    /// The same, by what is known of downtime.
    pub fn among(entry: &Entry, known: &KnownDowntime, as_of: Timestamp) -> Option<Self> {
        Self::known(entry, &known.entries, &known.periods, as_of)
    }

    fn known(entry: &Entry, notes: &[Entry], periods: &Periods, as_of: Timestamp) -> Option<Self> {
        let recorded = entry.recorded.filter(|recorded| *recorded > entry.happened && *recorded <= as_of)?;
        let note = notes.iter().find(|note| is_known(note, as_of) && is_note_on(note, entry));
        let note = note.map(|note| Note {
            registered_by: text(note, field::BY),
            way: Way::called(&text(note, field::WAY)),
            told: text(note, field::TOLD),
            why: text(note, field::WHY),
            downtime: periods.get(&text(note, field::ABOUT)).cloned(),
        });
        Some(Self { happened: entry.happened, recorded, note })
    }

    /// Both times in a sentence.
    pub fn sentence(&self, zone: &TimeZone, language: Language) -> String {
        let happened = instant_words(self.happened, zone, language);
        let recorded = instant_words(self.recorded, zone, language);
        let Some(note) = &self.note else {
            return tell!(language;
                "Skjedde {happened} (ført {recorded}).",
                "Skjedde {happened} (ført {recorded}).",
                "Happened {happened} (registered {recorded}).");
        };
        let (by, why) = (&note.registered_by, note.reason(zone, language));
        let told = note.how(language);
        tell!(language;
            "Skjedde {happened} (ført {recorded} av {by}, fordi: {why}){told}.",
            "Skjedde {happened} (ført {recorded} av {by}, fordi: {why}){told}.",
            "Happened {happened} (registered {recorded} by {by}, because: {why}){told}.")
    }
}

impl Note {
    fn reason(&self, zone: &TimeZone, language: Language) -> String {
        let more = if self.why.is_empty() { String::new() } else { format!("; {}", self.why) };
        let Some(period) = &self.downtime else {
            return format!("{}{more}", say(language, "nedetid", "nedetid", "downtime"));
        };
        let (sort, party, why) = (period.sort.name(language), &period.party, &period.why);
        let from = instant_words(period.from, zone, language);
        tell!(language;
            "{sort} hos {party} fra {from}, {why}{more}",
            "{sort} hos {party} frå {from}, {why}{more}",
            "{sort} at {party} from {from}, {why}{more}")
    }

    fn how(&self, language: Language) -> String {
        let Some(way) = self.way else { return String::new() };
        let (way, to) = (way.name(language), &self.told);
        if to.is_empty() {
            return format!(", {way}");
        }
        tell!(language; ", meldt {way} til {to}", ", meldt {way} til {to}", ", told {way} to {to}")
    }
}

fn check(entry: &Entry, told: &Told) -> Result<(), AfterwardsRefusal> {
    let times = [Some(entry.happened), entry.sent, entry.received, entry.acknowledged];
    let times: Vec<Timestamp> = times.into_iter().flatten().collect();
    if times.iter().any(|at| *at > told.recorded) {
        return Err(AfterwardsRefusal::InFuture);
    }
    if !times.is_sorted() {
        return Err(AfterwardsRefusal::WrongOrder);
    }
    if told.registered_by.trim().is_empty() {
        return Err(AfterwardsRefusal::Missing("who registers it"));
    }
    if told.way != Way::Event && told.to.trim().is_empty() {
        return Err(AfterwardsRefusal::Missing("to whom it was told"));
    }
    Ok(())
}

fn note(case: &str, id: &str, told: &Told, period: &Period) -> Entry {
    let own = format!("{id}:{}", DowntimeKind::Afterwards.as_str());
    let mut note =
        downtime_entry(DowntimeKind::Afterwards, &period.party, &own, told.recorded, told.recorded);
    write(&mut note, field::CASE, case);
    write(&mut note, field::ENTRY, id);
    write(&mut note, field::ABOUT, &period.id);
    write(&mut note, field::WAY, told.way.as_str());
    write(&mut note, field::TOLD, &told.to);
    write(&mut note, field::WHY, &told.why);
    write(&mut note, field::BY, &told.registered_by);
    note
}

fn is_note_on(note: &Entry, entry: &Entry) -> bool {
    DowntimeKind::called(&note.kind) == Some(DowntimeKind::Afterwards)
        && text(note, field::CASE) == entry.case.trim()
        && entry.id.as_deref().is_some_and(|id| text(note, field::ENTRY) == id.trim())
}
