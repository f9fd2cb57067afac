//! Hospital and municipality, each with its own log: whether they say the same of what they exchanged, and find the same.

use std::collections::{BTreeMap, BTreeSet};

use samspill_base::{CaseLog, Entry};
use samspill_service::{
    exchange::{
        compare::{Difference, compare},
        meaning::{Table, message_in},
    },
    projections::Agreements,
};
use samspill_store::{Direction, OutboxState, Standing};

use super::{Check, Failure, harness::Harness, views::View};
use crate::StayKey;

/// Compares the hospital, which is the first node, with each municipality.
pub(super) fn all(harness: &Harness, views: &[View]) -> Result<(), Failure> {
    let agreements = Agreements::find(&["unn"]).map_err(|error| harness.machine(&error))?;
    let Some((hospital, others)) = views.split_first() else { return Ok(()) };
    for (place, view) in (1..).zip(others) {
        let sides = Sides { harness, views, place };
        let explained = sides.explained();
        let exchanged = sides.exchanged();
        let (ours, theirs) = (cases(&hospital.log, &exchanged), cases(&view.log, &exchanged));
        sides.say_the_same(&ours, &theirs, &explained)?;
        sides.find_the_same(&ours, &theirs, &explained, &agreements)?;
    }
    Ok(())
}

struct Sides<'s> {
    harness: &'s Harness,
    views: &'s [View],
    /// The municipality's.
    place: usize,
}

impl Sides<'_> {
    /// Messages between the two.
    fn exchanged(&self) -> BTreeSet<&str> {
        let between = self
            .harness
            .posted
            .iter()
            .filter(|(_, posted)| [Some(posted.by), posted.to].contains(&Some(self.place)));
        between.map(|(id, _)| id.as_str()).collect()
    }

    /// Stays of which the two don't have the same messages: something was refused or given up, or a third party has some of it too.
    fn explained(&self) -> BTreeSet<StayKey> {
        let mut parties: BTreeMap<StayKey, BTreeSet<usize>> = BTreeMap::new();
        let mut explained = BTreeSet::new();
        for (id, posted) in &self.harness.posted {
            let ends = [Some(posted.by), posted.to].into_iter().flatten();
            parties.entry(posted.stay).or_default().extend(ends);
            let sent = self.views[posted.by].sent(id);
            let is_dead = sent.flat_map(|line| &line.outgoing).any(|it| it.state == OutboxState::Dead);
            let taken = posted.to.into_iter().flat_map(|to| self.views[to].came(id));
            let is_refused = taken.into_iter().any(|line| line.standing == Standing::Refused);
            if is_dead || is_refused || self.is_receipt_dead(id, posted.to) || !posted.is_by_mailroom {
                explained.insert(posted.stay);
            }
        }
        explained.extend(parties.into_iter().filter(|(_, ends)| ends.len() > 2).map(|(stay, _)| stay));
        explained
    }

    /// Whether the receiver's receipt was given up: then the sender doesn't know when it was received.
    fn is_receipt_dead(&self, id: &str, to: Option<usize>) -> bool {
        let receipts = to.into_iter().flat_map(|to| self.views[to].receipts(id, Direction::Out));
        receipts.flat_map(|line| &line.outgoing).any(|parcel| parcel.state == OutboxState::Dead)
    }

    fn say_the_same(
        &self,
        ours: &[CaseLog],
        theirs: &[CaseLog],
        explained: &BTreeSet<StayKey>,
    ) -> Result<(), Failure> {
        for difference in compare(ours, theirs, Table::shipped()) {
            let Some(message) =
                told(&difference).find(|id| StayKey::of_id(id).is_none_or(|stay| !explained.contains(&stay)))
            else {
                continue;
            };
            let other = &self.harness.nodes[self.place].name;
            let (one, two) = (self.views[0].about(message), self.views[self.place].about(message));
            let says = format!(
                "the hospital and {other} say: {difference:#?}\nat the hospital {one:#?}\nat {other} {two:#?}"
            );
            return Err(self.harness.failure(Check::Sides, Some(message), says));
        }
        Ok(())
    }

    fn find_the_same(
        &self,
        ours: &[CaseLog],
        theirs: &[CaseLog],
        explained: &BTreeSet<StayKey>,
        agreements: &Agreements,
    ) -> Result<(), Failure> {
        let is_plain = |case: &&CaseLog| {
            let stays = case.entries.iter().filter_map(|entry| StayKey::of_id(entry.id.as_deref()?));
            stays.into_iter().all(|stay| !explained.contains(&stay))
        };
        let other: BTreeMap<BTreeSet<&str>, &CaseLog> =
            theirs.iter().map(|case| (counting(case), case)).collect();
        for case in ours.iter().filter(is_plain) {
            let ids = counting(case);
            if ids.is_empty() {
                continue;
            }
            let message = ids.first().map(|id| message_in(id));
            let Some(same) = other.get(&ids) else {
                let says = format!(
                    "no case at {} has the same entries as {}",
                    self.harness.nodes[self.place].name, case.case
                );
                return Err(self.harness.failure(Check::Evaluation, message, says));
            };
            let (one, two) = (self.found(agreements, case), self.found(agreements, same));
            if one != two {
                let mine: Vec<_> = one.difference(&two).collect();
                let theirs: Vec<_> = two.difference(&one).collect();
                let says = format!(
                    "the hospital finds {mine:#?}, and {} {theirs:#?}",
                    self.harness.nodes[self.place].name
                );
                return Err(self.harness.failure(Check::Evaluation, message, says));
            }
        }
        Ok(())
    }

    /// The duties and days of a case, without the places of the entries in a log.
    fn found(&self, agreements: &Agreements, case: &CaseLog) -> BTreeSet<String> {
        let Some(read) = agreements.evaluate(case, self.harness.now) else { return BTreeSet::new() };
        let at = |entry: &Option<samspill_engine::EntryRef>| {
            entry.as_ref().map(|it| format!("{} {}", it.kind.as_str(), it.at))
        };
        let duties = read.duties.iter().map(|it| {
            let (fulfilled, closed) = (at(&it.fulfilled), at(&it.closed));
            let trigger = format!("{} {}", it.trigger.kind.as_str(), it.trigger.at);
            format!("{} {trigger} {:?} {:?} {fulfilled:?} {closed:?}", it.duty.as_str(), it.due, it.status)
        });
        let days = read.meters.iter().flat_map(|meter| {
            let id = meter.meter.as_str();
            let days = meter.days.iter().map(move |day| format!("{id} {} {:?}", day.date, day.status));
            days.chain([format!("{id} {} {:?} {:?}", meter.count, meter.amount, meter.payer)])
        });
        duties.chain(days).collect()
    }
}

fn told(difference: &Difference) -> impl Iterator<Item = &str> {
    let alone = difference.only_first.iter().chain(&difference.only_second);
    let both = difference.otherwise.iter().map(|(one, _)| one);
    alone.chain(both).map(|told| told.message.as_str())
}

/// The entries of a log that tell of these messages, case by case.
fn cases(log: &[Entry], messages: &BTreeSet<&str>) -> Vec<CaseLog> {
    let mut cases: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for entry in log {
        if entry.id.as_deref().is_some_and(|id| messages.contains(message_in(id))) {
            cases.entry(&entry.case).or_default().push(entry.clone());
        }
    }
    cases.into_iter().map(|(case, entries)| CaseLog { case: case.to_owned(), entries }).collect()
}

/// What counts in a case, by the ids that the entries were first given.
fn counting(case: &CaseLog) -> BTreeSet<&str> {
    let table = Table::shipped();
    let cancelled: BTreeSet<&str> = case.entries.iter().filter_map(|entry| table.cancels(entry)).collect();
    let plain = case.entries.iter().filter(|entry| table.cancels(entry).is_none());
    let ids = plain.filter_map(|entry| entry.id.as_deref()).filter(|id| !cancelled.contains(id));
    ids.map(|id| id.rsplit_once('~').map_or(id, |(first, _)| first)).collect()
}
