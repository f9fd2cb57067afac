//! Which messages of a list somebody sees.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use jiff::Timestamp;
use samspill_service::access::{Action, Involvement, Resource};
use samspill_store::MessageLine;

use super::{
    settle::unit_given,
    sight::{ends, stay_of, with_unit},
};
use crate::{App, Refused, Signed};

/// Tells which messages of a list somebody sees: the question that [`Sight::open`](super::Sight::open) asks, without a row for each in the
/// access log.
///
/// Who takes part in a stay is read once, however many of its messages are in the list. It is for one look: what it has read is of its
/// `now`, and it grows with the stays that it was asked about.
pub(in crate::pages) struct Seer<'s> {
    app: &'s App,
    signed: &'s Signed,
    now: Timestamp,
    stays: BTreeMap<String, Option<Arc<Involvement>>>,
}

impl<'s> Seer<'s> {
    pub(in crate::pages) fn new(app: &'s App, signed: &'s Signed, now: Timestamp) -> Self {
        Self { app, signed, now, stays: BTreeMap::new() }
    }

    /// Whether they see a message: one of a stay that was theirs to read, or one of their party's that has no stay, where they place such.
    pub(in crate::pages) async fn sees(&mut self, line: &MessageLine) -> Result<bool, Refused> {
        let ends = ends(line, self.app.book());
        let party = &self.signed.subject.party;
        let Some(stay) = self.stay(line).await? else {
            return Ok(ends.has(party) && self.allows(Action::PlaceMessage, Resource::Party(party)));
        };
        Ok(self.allows(Action::ReadMessage, Resource::Entry(&stay, &ends)))
    }

    /// Whether they see a message of a stay as one that was forwarded to a unit of theirs.
    pub(in crate::pages) async fn sees_by_unit(&mut self, line: &MessageLine) -> Result<bool, Refused> {
        let Some(stay) = self.stay(line).await? else { return Ok(false) };
        let given = unit_given(self.app, self.signed, line.number.0).await?;
        let (stay, ends) = (with_unit(&stay, &self.signed.subject.party, given), ends(line, self.app.book()));
        Ok(self.allows(Action::ReadMessage, Resource::Entry(&stay, &ends)))
    }

    fn allows(&self, action: Action, resource: Resource<'_>) -> bool {
        self.signed.decides(self.signed.purpose(), action, resource, self.now).is_allowed
    }

    async fn stay(&mut self, line: &MessageLine) -> Result<Option<Arc<Involvement>>, Refused> {
        let Some(case) = &line.case else { return Ok(None) };
        match self.stays.entry(case.clone()) {
            Entry::Occupied(known) => Ok(known.get().clone()),
            Entry::Vacant(place) => Ok(place.insert(stay_of(self.app, line).await?).clone()),
        }
    }
}
