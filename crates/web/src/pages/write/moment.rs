//! An instant that a form asks for: a day, a time, and which of two where the clock was set back.

use jiff::{Timestamp, tz::TimeZone};
use samspill_service::casework::{LocalMoment, TwiceChoice, read_moment};

use super::{Said, Words};
use crate::pages::{Choice, Frame, fill};

/// The names of the fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct MomentNames {
    pub(super) day: &'static str,
    pub(super) time: &'static str,
    pub(super) which: &'static str,
}

/// When it happened.
pub(super) const HAPPENED: MomentNames = MomentNames { day: "dag", time: "tid", which: "gang" };
/// When it was told by other means.
pub(super) const TOLD: MomentNames = MomentNames { day: "meldt_dag", time: "meldt_tid", which: "meldt_gang" };

/// An instant as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Nothing was typed.
    Unsaid,
    /// This one.
    At(Timestamp),
    /// This one, for what was typed never came.
    Skipped(Timestamp),
    /// It came twice, and nobody said which is meant.
    Twice,
    /// It is no day, or no time.
    Bad,
}

/// The fields as a page shows them.
#[derive(Clone, Debug)]
pub(super) struct MomentField {
    pub(super) names: MomentNames,
    pub(super) day: String,
    pub(super) time: String,
    pub(super) error: &'static str,
    /// The two instants to choose from.
    pub(super) twice: Vec<Choice>,
}

impl MomentNames {
    /// What a form says under these names.
    pub(super) fn read(self, said: &Said, zone: &TimeZone) -> Moment {
        if said.get(self.day).is_empty() && said.get(self.time).is_empty() {
            return Moment::Unsaid;
        }
        match self.local(said, zone) {
            None => Moment::Bad,
            Some(LocalMoment::Certain(at)) => Moment::At(at),
            Some(LocalMoment::Skipped { instead }) => Moment::Skipped(instead),
            Some(moment @ LocalMoment::Twice { .. }) => {
                let which = TwiceChoice::called(said.get(self.which));
                moment.chosen(which).map_or(Moment::Twice, Moment::At)
            }
        }
    }

    fn local(self, said: &Said, zone: &TimeZone) -> Option<LocalMoment> {
        read_moment(said.get(self.day), said.get(self.time), zone).ok()
    }

    /// The fields with what was said in them, or else with `unsaid` where it is given, and no mistake told of.
    pub(super) fn field(
        self,
        said: &Said,
        (zone, unsaid): (&TimeZone, Option<Timestamp>),
        frame: &Frame,
    ) -> MomentField {
        let w = Words::of(frame.language());
        let unsaid = unsaid.map(|at| at.to_zoned(zone.clone()));
        let or = |name: &str, pattern: &str| match (&unsaid, said.get(name)) {
            (Some(unsaid), "") => unsaid.strftime(pattern).to_string(),
            (_, text) => text.to_owned(),
        };
        let error = match self.read(said, zone) {
            Moment::Unsaid | Moment::At(_) | Moment::Skipped(_) => "",
            Moment::Bad => w.bad_moment,
            Moment::Twice => w.twice,
        };
        let twice = match self.local(said, zone) {
            Some(LocalMoment::Twice { first, second }) => self.choices((first, second), said, zone, frame),
            Some(LocalMoment::Certain(_) | LocalMoment::Skipped { .. }) | None => Vec::new(),
        };
        MomentField { names: self, day: or(self.day, "%Y-%m-%d"), time: or(self.time, "%H:%M"), error, twice }
    }

    /// The choice of two instants.
    fn choices(
        self,
        (first, second): (Timestamp, Timestamp),
        said: &Said,
        zone: &TimeZone,
        frame: &Frame,
    ) -> Vec<Choice> {
        let (clock, w) = (frame.clock(), Words::of(frame.language()));
        let label = |text: &str, at: Timestamp| {
            let offset = at.to_zoned(zone.clone()).offset();
            fill(text, &[("time", &format!("{} UTC{offset}", clock.time(at)))])
        };
        let chosen = said.get(self.which);
        vec![
            Choice::new("first", label(w.first, first), chosen),
            Choice::new("second", label(w.second, second), chosen),
        ]
    }
}
