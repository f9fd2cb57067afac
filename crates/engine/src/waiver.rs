//! Waivers: what makes all days of the case fall away.

use jiff::Timestamp;
use samspill_agreement::model::{KindId, Meter, Waiver, WaiverTest};
use samspill_base::Position;

use crate::{
    case::Seen,
    condition::{Verdict, View},
    limit,
    undecided::Undecided,
};

/// A waiver that applies, and the entries that show it.
pub(crate) type Waived<'a> = (&'a Waiver, Vec<Position>);

/// The waivers of a meter that apply, as the case stands at the view.
///
/// `has_runs`: the version has days of its own, which a waiver takes away whatever version its anchor follows. Without
/// any, only an anchor that follows the version counts.
pub(crate) fn waivers<'a>(
    view: &View<'_, 'a>,
    meter: &'a Meter,
    runs: HasRuns,
    undecided: &mut Undecided,
) -> Vec<Waived<'a>> {
    let looker = Looker { view, runs };
    meter.waivers.iter().filter_map(|waiver| Some((waiver, looker.shown_by(waiver, undecided)?))).collect()
}

/// Whether a meter has started under a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HasRuns {
    Yes,
    No,
}

struct Looker<'l, 'v, 'a> {
    view: &'l View<'v, 'a>,
    runs: HasRuns,
}

impl<'a> Looker<'_, '_, 'a> {
    /// The entries that show that a waiver applies: its anchor, and what was found.
    fn shown_by(&self, waiver: &Waiver, undecided: &mut Undecided) -> Option<Vec<Position>> {
        let case = self.view.case;
        let anchors = case.of_kinds(&waiver.at).into_iter().filter(|seen| seen.was_given()).filter(|seen| {
            let version = self.view.version;
            self.runs == HasRuns::Yes
                || case
                    .version_at(seen.happened())
                    .is_some_and(|other| std::ptr::eq(&raw const **other, version))
        });
        for anchor in anchors {
            let view = View { at: anchor.happened(), entry: Some(anchor), ..*self.view };
            if undecided.is_yes(&waiver.id, &waiver.clause, view.read(&waiver.when))
                && let Some(shown) = self.test(waiver, anchor, &view, undecided)
            {
                return Some(shown);
            }
        }
        None
    }

    fn test(
        &self,
        waiver: &Waiver,
        anchor: &Seen<'a>,
        view: &View<'_, 'a>,
        undecided: &mut Undecided,
    ) -> Option<Vec<Position>> {
        match &waiver.test {
            WaiverTest::Unless(kinds) => {
                let found = kinds.iter().any(|kind| view.latest(kind, &[]).is_some());
                (!found).then(|| vec![anchor.entry.position])
            }
            WaiverTest::IfWithin(kinds, amount, condition) => {
                let limit = limit::after(view.version, anchor.happened(), *amount).ok()?;
                let found = self.within(kinds, anchor.happened(), limit).into_iter().find(|seen| {
                    // What it says is read on the entry; facts as they stood at the anchor, before it could change them.
                    let verdict: Verdict = View { entry: Some(seen), ..*view }.read(condition);
                    undecided.is_yes(&waiver.id, &waiver.clause, verdict)
                })?;
                Some(vec![anchor.entry.position, found.entry.position])
            }
        }
    }

    fn within(&self, kinds: &[KindId], from: Timestamp, until: Timestamp) -> Vec<&Seen<'a>> {
        let mut found = self.view.case.of_kinds(kinds);
        found.retain(|seen| seen.was_given() && seen.happened() >= from && seen.happened() <= until);
        found
    }
}
