//! Downtime beside the duties of lists, which are shown without reading the log of each stay.

use jiff::Timestamp;
use samspill_agreement::model::{Language, PartyId, Version};
use samspill_engine::DutyStatus;

use super::{
    Bearing, Periods,
    duties::{Lies, status_words},
    parties::taking_part,
};
use crate::{
    access::Involvement,
    exchange::meaning::{AddressBook, Role},
    projections::DutyRow,
};

/// That an undone duty runs, or ran, in registered downtime of one who has to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDowntime {
    /// Whose downtime it is, as the address book calls it.
    pub party: String,
    /// How it lies to the limit.
    pub bearing: Bearing,
    status: DutyStatus,
}

impl RowDowntime {
    /// How the duty stands, in the words of a list: `Forfalt i registrert nedetid hos Lindvik`.
    pub fn words(&self, language: Language) -> String {
        status_words(self.status, self.bearing, &self.party, language)
    }
}

/// What lists know of downtime and of who is who.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The downtime that is known as of the instant.
    pub periods: &'a Periods,
    /// The parties that there are.
    pub book: &'a AddressBook,
    /// The instant.
    pub now: Timestamp,
}

impl Beside<'_> {
    /// Whether an undone duty of a stay runs or ran in downtime of who has it, or of who is to get what it asks for by this version of
    /// its agreement. Of several periods the one in which the limit lies, then one that took time before it.
    ///
    /// Who has a role in the stay is told by what the address book says that each party does; [`annotate`](super::annotate), which reads the
    /// log, asks the kinds of entry.
    pub fn of(&self, duty: &DutyRow, stay: &Involvement, version: Option<&Version>) -> Option<RowDowntime> {
        if self.periods.all().is_empty() {
            return None;
        }
        let due = duty.due.instant();
        let end = due.map_or(self.now, |due| due.max(self.now));
        let is_missed = due.is_some_and(|due| due < self.now);
        let status = if is_missed { DutyStatus::Missed } else { DutyStatus::Open };
        let rule = version.and_then(|version| version.duty(&duty.duty));
        let towards = rule.and_then(|rule| rule.towards.as_ref()).map(PartyId::as_str);
        let found = taking_part(stay).flat_map(|named| {
            let side = self.book.find(&named.party).map(|address| slug(address.role));
            let has_to_do = side.is_some_and(|side| side == duty.holder || Some(side) == towards);
            let theirs = self.periods.all().iter();
            let theirs = theirs.filter(move |period| has_to_do && named.is_down_in(period, self.book));
            theirs.filter_map(move |period| {
                let bearing = Lies::of(period, duty.triggered, due, end)?.bearing;
                Some(RowDowntime { party: period.party.clone(), bearing, status })
            })
        });
        found.min_by_key(|it| it.bearing)
    }
}

/// The role that agreements give who does this.
fn slug(role: Role) -> &'static str {
    match role {
        Role::Sykehus => "sykehus",
        Role::Kommune => "kommune",
        Role::Fastlege => "fastlege",
    }
}
