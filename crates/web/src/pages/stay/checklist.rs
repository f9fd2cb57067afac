//! Checklists: what the log shows as done and by whom, what is missing, and what only a person can say.

use samspill_agreement::model::{CheckPoint, Language};
use samspill_base::Position;
use samspill_engine::{CheckReading, CheckStatus, ChecklistReading};

use super::{Words, read::Source};
use crate::pages::{Tone, fill, link};

/// A checklist.
#[derive(Debug)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) who: String,
    pub(super) clause: String,
    pub(super) done: usize,
    pub(super) all: usize,
    pub(super) progress: String,
    pub(super) points: Vec<Point>,
}

/// A point.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) says: String,
    pub(super) clause: String,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    /// `Tromsø, i dag 10.12`; empty where it isn't done.
    pub(super) by: String,
    /// Where a person says that it is done; none where nobody needs to, or it isn't the reader's to say.
    pub(super) say: Option<String>,
}

impl List {
    /// A checklist as the log shows it; none where the agreement no longer has it.
    pub(super) fn of(
        source: &Source<'_>,
        reading: &ChecklistReading,
        w: &Words,
        language: Language,
    ) -> Option<Self> {
        let versions = source.agreement.versions.iter();
        let version = versions.rev().find(|version| version.version == reading.version)?;
        let list = version.checklists.iter().find(|list| list.id == reading.checklist)?;
        let is_ours = source.own == Some(list.who.as_str());
        let points = reading.points.iter().filter_map(|point| {
            let rule = list.points.iter().find(|rule| rule.id == point.point)?;
            Some(self::point(source, rule, point, w, (language, is_ours)))
        });
        let points: Vec<Point> = points.collect();
        let counted = reading.points.iter().filter(|point| point.status != CheckStatus::Reminder);
        let done = reading.points.iter().filter(|point| point.status == CheckStatus::Done).count();
        let all = counted.count();
        Some(Self {
            name: list.name.in_language(language).to_owned(),
            who: source.named.party(list.who.as_str()).to_owned(),
            clause: list.clause.to_string(),
            progress: fill(w.done_of, &[("done", &done), ("all", &all)]),
            done,
            all,
            points,
        })
    }
}

fn point(
    source: &Source<'_>,
    rule: &CheckPoint,
    point: &CheckReading,
    w: &Words,
    (language, is_ours): (Language, bool),
) -> Point {
    let (word, tone) = match point.status {
        CheckStatus::Done => (w.done, Tone::Success),
        CheckStatus::Missing => (w.missing, Tone::Warning),
        CheckStatus::AskPerson => (w.ask, Tone::Info),
        CheckStatus::Reminder => (w.reminder, Tone::Neutral),
        CheckStatus::Undecided => (w.undecided, Tone::Neutral),
    };
    let asks = point.status == CheckStatus::AskPerson && is_ours && source.is_open;
    let write = link::path(&["opphold", &source.log.case, "skriv", "sjekkpunkt"]);
    Point {
        says: rule.says.in_language(language).to_owned(),
        clause: rule.clause.to_string(),
        word,
        tone,
        by: point.done_by.as_ref().map(|entry| by(source, entry.position, entry.at)).unwrap_or_default(),
        say: asks.then(|| link::query(&write, &[("punkt", rule.id.as_str())])),
    }
}

fn by(source: &Source<'_>, position: Position, at: jiff::Timestamp) -> String {
    let who = source.entry(position.0).and_then(|entry| entry.from.as_deref());
    let when = source.clock.instant(at);
    who.map_or_else(|| when.clone(), |who| format!("{who}, {when}"))
}
