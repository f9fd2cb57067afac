//! What several resources say of a stay.

use std::sync::Arc;

use samspill_service::{access::Action, live::StayLine};

use super::{
    ids,
    search::Asked,
    types::{Identifier, Reference},
};
use crate::{App, Signed, api::Cursor};

/// The stays in the caller's lists that a search may be about, as the caller sees them, by the position of the last entry of each.
pub(super) fn stays(app: &App, signed: &Signed, asked: &Asked, after: &Cursor) -> Vec<Arc<StayLine>> {
    let now = app.now();
    let all = app.live().stays();
    let is_asked = |line: &&Arc<StayLine>| {
        line.last_position > after.position
            && signed.sees(&line.involvement, Action::ReadStay, now)
            && asked.refers("encounter", "Encounter", Some(&ids::encounter(&line.row.case)))
            && asked.refers("patient", "Patient", ids::patient_of(app, line).as_deref())
            && asked.refers("subject", "Patient", ids::patient_of(app, line).as_deref())
    };
    let seen = all.iter().filter(is_asked).map(|line| app.line_seen_by(signed, line));
    let mut found: Vec<_> = seen.filter(|line| line.last_position > after.position).collect();
    found.sort_by_key(|line| line.last_position);
    found
}

/// The patient of an open stay.
pub(super) fn subject(app: &App, case: &str) -> Option<Reference> {
    let line = app.live().stay(case)?;
    ids::patient_of(app, &line).map(|id| Reference::to("Patient", &id))
}

/// A party by HER-id, with the name that the address book has.
pub(super) fn party(app: &App, her: &str) -> Option<Reference> {
    let name = app.book().find(her).map(|address| address.name.clone());
    let identifier = Identifier { system: ids::HER.to_owned(), value: her.to_owned() };
    (!her.is_empty()).then(|| Reference::by("Organization", identifier, name))
}
