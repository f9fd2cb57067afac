//! What a general practitioner needs of a stay beside where it stands: what has come to the practice, and what is to come.

use std::collections::{BTreeMap, BTreeSet};

use samspill_base::Entry;
use samspill_service::{
    access::{Action, Ends},
    projections::DutyRow,
};

use super::filter::Standing;
use crate::{
    App, Refused,
    pages::{Frame, Names},
};

/// What of a stay is told to a practice, though it is sent to nobody: with which medicines the patient went home.
const MEDICINES: &str = "legemidler-og-utstyr";
/// What has come that is shown of a stay, the latest first.
const CAME_MAX: usize = 3;
/// The practice's side in agreements.
const SIDE: &str = "fastlege";

/// Something that came: what, and when.
pub(super) type Came = (String, String);

/// What has come to the reader's practice, by case; none to readers of other sides, who work with the whole stay.
pub(super) async fn came(
    app: &App,
    frame: &Frame,
    shown: &[Standing<'_>],
    side: Option<&str>,
) -> Result<Option<BTreeMap<String, Vec<Came>>>, Refused> {
    if side != Some(SIDE) || !frame.has_task(Action::ReadMessage) {
        return Ok(None);
    }
    let (parts, names) = (app.parts(), frame.names(app));
    let mut all = BTreeMap::new();
    for it in shown {
        let row = &it.line.row;
        let entries = parts.store.case_entries(&parts.community, &row.case).await.map_err(Refused::failed)?;
        let words = names.of(row.agreement.as_deref(), &row.version);
        let latest = latest(app, frame, it, &entries)
            .into_iter()
            .map(|entry| (words.kind(&entry.kind).to_owned(), frame.clock().instant(entry.happened)));
        all.insert(row.case.clone(), latest.collect());
    }
    Ok(Some(all))
}

/// The latest of each kind that came and counts, the latest first.
fn latest<'e>(app: &App, frame: &Frame, it: &Standing<'_>, entries: &'e [Entry]) -> Vec<&'e Entry> {
    let table = &app.parts().mailroom.settings().table;
    let cancelled: BTreeSet<&str> = entries.iter().filter_map(|entry| table.cancels(entry)).collect();
    let counts = |entry: &&Entry| {
        table.cancels(entry).is_none() && !entry.id.as_deref().is_some_and(|id| cancelled.contains(id))
    };
    let is_ours = |entry: &&Entry| {
        let to = Ends::of(entry, app.book()).to;
        entry.kind == MEDICINES || to.is_some_and(|end| end.party == frame.subject().party)
    };
    let sees = |entry: &&Entry| frame.signed.sees_entry(&it.line.involvement, entry, app.book(), frame.now);
    let mut came: Vec<&Entry> = entries.iter().filter(counts).filter(is_ours).filter(sees).collect();
    came.sort_by_key(|entry| std::cmp::Reverse((entry.happened, entry.position)));
    let mut kinds = BTreeSet::new();
    came.retain(|entry| kinds.insert(entry.kind.as_str()));
    came.truncate(CAME_MAX);
    came
}

/// Whether a duty is the practice's own, or brings it a message.
pub(super) fn concerns(duty: &DutyRow, agreement: Option<&str>, names: &Names<'_>) -> bool {
    let Some(version) = names.of(agreement, &duty.version).version() else { return false };
    let declared = version.duty(&duty.duty);
    let mut must = declared.iter().flat_map(|duty| &duty.must);
    let comes = must.any(|kind| {
        let kind = version.kinds.get(kind.as_str());
        kind.is_some_and(|kind| kind.to.iter().any(|to| to.as_str() == SIDE))
    });
    duty.holder == SIDE || comes
}
