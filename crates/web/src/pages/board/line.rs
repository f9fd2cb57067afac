//! A line of the board as it is shown.

use std::collections::BTreeMap;

use samspill_service::{downtime::Beside, projections::DueRow};

use super::{
    Words,
    filter::{Reader, Standing},
    practice::{Came, concerns},
};
use crate::pages::{
    Clock, Frame, Named, Names, Tone,
    astray::count_words,
    fill, link,
    patients::{Called, Patients},
};

/// A line.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) href: String,
    /// Who it is about, or the stay's name.
    pub(super) title: String,
    /// Birth date and the stay's name; empty where the title says it all.
    pub(super) sub: String,
    pub(super) unit: String,
    pub(super) municipality: String,
    pub(super) phase: String,
    pub(super) since: String,
    pub(super) duty: Option<Pressing>,
    pub(super) days: String,
    /// What has come to the reader, to whom that is told.
    pub(super) came: Vec<Came>,
    pub(super) is_new: bool,
    /// How many messages of the reader's party didn't get through, in words; empty where all did.
    pub(super) astray: String,
}

/// The duty that presses most.
#[derive(Debug)]
pub(super) struct Pressing {
    pub(super) name: String,
    pub(super) holder: String,
    pub(super) is_mine: bool,
    pub(super) due: String,
    pub(super) at: String,
    pub(super) tone: Tone,
    /// What registered downtime has to do with it; empty where it has nothing.
    pub(super) down: String,
    /// `+2 til`; empty where there are no more.
    pub(super) more: String,
}

/// Whether names of patients are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// To who may see them.
    Named,
    /// To nobody: the screen hangs where others pass.
    Nameless,
}

/// What lines are written with.
pub(super) struct Writer<'w> {
    pub(super) reader: &'w Reader<'w>,
    pub(super) names: Names<'w>,
    pub(super) clock: &'w Clock,
    pub(super) frame: &'w Frame,
    pub(super) patients: &'w Patients,
    pub(super) naming: Naming,
    /// What has come to a practice, by case; none for readers who work with the whole stay.
    pub(super) came: Option<BTreeMap<String, Vec<Came>>>,
    /// How many messages of the reader's party didn't get through, by case.
    pub(super) astray: BTreeMap<&'w str, usize>,
    /// Downtime.
    pub(super) beside: Beside<'w>,
    pub(super) w: &'static Words,
}

impl Writer<'_> {
    /// A line as it is shown.
    pub(super) fn row(&self, stands: &Standing<'_>) -> Row {
        let line = stands.line;
        let row = &line.row;
        let named = self.names.of(row.agreement.as_deref(), &row.version);
        let Called { title, sub } = self.called(stands);
        let astray = self.astray.get(row.case.as_str()).copied().unwrap_or_default();
        Row {
            href: link::path(&["opphold", &row.case]),
            title,
            sub,
            unit: self.reader.units(line),
            municipality: self.reader.towns(line),
            phase: self.phase(stands, &named),
            since: fill(self.w.since, &[("when", &self.clock.date(self.clock.date_of(line.first)))]),
            duty: self.pressing(stands, &named),
            days: if stands.days == 0 { String::new() } else { stands.days.to_string() },
            came: self.came.as_ref().and_then(|came| came.get(&row.case)).cloned().unwrap_or_default(),
            is_new: stands.is_new,
            astray: count_words(astray, self.frame.language()),
        }
    }

    fn called(&self, stands: &Standing<'_>) -> Called {
        let line = stands.line;
        match self.naming {
            Naming::Named => self.patients.called(self.frame, &line.involvement, &line.persons),
            Naming::Nameless => Called { title: line.row.case.clone(), sub: String::new() },
        }
    }

    fn phase(&self, stands: &Standing<'_>, named: &Named<'_>) -> String {
        match stands.phase {
            Some(phase) => named.phase(&phase.phase).to_owned(),
            None => self.w.over.to_owned(),
        }
    }

    fn pressing(&self, stands: &Standing<'_>, named: &Named<'_>) -> Option<Pressing> {
        let row = &stands.line.row;
        let (duty, more) = if self.came.is_some() {
            // To a practice, what hospital and municipality owe each other is no news.
            let agreement = row.agreement.as_deref();
            let concerns = || row.undone.iter().filter(|duty| concerns(duty, agreement, &self.names));
            (concerns().min_by_key(|duty| duty.due)?, concerns().count().saturating_sub(1))
        } else {
            (stands.pressing?, row.undone.len().saturating_sub(1))
        };
        let down = self.beside.of(duty, &stands.line.involvement, named.version());
        Some(Pressing {
            name: named.duty(&duty.duty).to_owned(),
            holder: named.party(&duty.holder).to_owned(),
            is_mine: Some(duty.holder.as_str()) == self.reader.side,
            due: self.clock.due_short(duty.due),
            at: duty.due.instant().map(|at| self.clock.instant(at)).unwrap_or_default(),
            tone: tone(duty.due, self.clock),
            down: down.map(|it| it.words(self.frame.language())).unwrap_or_default(),
            more: if more == 0 { String::new() } else { fill(self.w.more, &[("n", &more)]) },
        })
    }
}

/// How pressing a limit is: over, within hours, or not yet.
pub(crate) fn tone(due: DueRow, clock: &Clock) -> Tone {
    /// Hours before a limit from which it is pointed out.
    const SOON_HOURS: i64 = 4;
    match due {
        DueRow::AtOnce => Tone::Warning,
        DueRow::NotYetKnown => Tone::Neutral,
        DueRow::At(at) if at < clock.now() => Tone::Danger,
        DueRow::At(at) if at.duration_since(clock.now()) <= jiff::SignedDuration::from_hours(SOON_HOURS) => {
            Tone::Warning
        }
        DueRow::At(_) => Tone::Info,
    }
}
