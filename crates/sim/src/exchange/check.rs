//! What must hold when all is quiet.

use std::collections::{BTreeMap, BTreeSet};

use samspill_service::exchange::{
    meaning::{QuestionKind, Table, corrections, stays},
    receipts::{Life, State},
};
use samspill_store::{Direction, MessageLine, OutboxState, Standing};

use super::{
    Check, Failure,
    harness::{Harness, Posted},
    sides,
    views::{View, counts},
};

/// All checks, those of one node first.
pub(super) fn all(harness: &Harness, views: &[View]) -> Result<(), Failure> {
    let run = Run { harness, views };
    for (place, view) in views.iter().enumerate() {
        run.chain(place, view)?;
        run.quiet(place, view)?;
        run.counted_once(place, view)?;
        run.sent_by_somebody(place, view)?;
    }
    for (id, posted) in harness.posted.iter().filter(|(_, posted)| posted.is_by_mailroom) {
        run.kept_by_sender(id, posted)?;
        run.taken_once(id, posted)?;
        run.receipts(id, posted)?;
    }
    for (place, view) in views.iter().enumerate() {
        run.log(place, view)?;
        run.questions(place, view)?;
        run.alerts(place, view)?;
    }
    sides::all(harness, views)
}

struct Run<'r> {
    harness: &'r Harness,
    views: &'r [View],
}

impl Run<'_> {
    fn fails(&self, check: Check, message: Option<&str>, says: String) -> Result<(), Failure> {
        Err(self.harness.failure(check, message, says))
    }

    fn name(&self, place: usize) -> &str {
        &self.harness.nodes[place].name
    }

    fn chain(&self, place: usize, view: &View) -> Result<(), Failure> {
        if view.verified.is_whole() {
            return Ok(());
        }
        let says = format!("the log of {}: {:?}", self.name(place), view.verified.faults);
        self.fails(Check::Chain, None, says)
    }

    fn quiet(&self, place: usize, view: &View) -> Result<(), Failure> {
        let waits = |line: &&MessageLine| {
            let under_way = [OutboxState::Waiting, OutboxState::Sending];
            line.outgoing.iter().any(|parcel| under_way.contains(&parcel.state))
        };
        match view.lines.iter().find(waits) {
            None => Ok(()),
            Some(line) => {
                let says = format!("it waits in the outbox of {}: {:?}", self.name(place), line.outgoing);
                self.fails(Check::Quiet, Some(&line.id), says)
            }
        }
    }

    /// What no cancellation names, by the id that it was first given.
    fn counted_once(&self, place: usize, view: &View) -> Result<(), Failure> {
        let table = Table::shipped();
        let cancelled: BTreeSet<&str> = view.log.iter().filter_map(|entry| table.cancels(entry)).collect();
        let mut counted: BTreeMap<&str, &str> = BTreeMap::new();
        for entry in view.log.iter().filter(|entry| table.cancels(entry).is_none()) {
            let Some(id) = entry.id.as_deref().filter(|id| !cancelled.contains(id)) else { continue };
            let first = id.rsplit_once('~').map_or(id, |(first, _)| first);
            if let Some(other) = counted.insert(first, id) {
                let says = format!("{} and {} both count in the log of {}", other, id, self.name(place));
                let message = first.split('#').next();
                return self.fails(Check::CountedOnce, message, says);
            }
        }
        Ok(())
    }

    fn sent_by_somebody(&self, place: usize, view: &View) -> Result<(), Failure> {
        let came = view.lines.iter().filter(|line| line.direction == Direction::In && line.about.is_none());
        let mut strange = came.filter(|line| {
            !line.id.is_empty() && line.kind != "APPREC" && !self.harness.posted.contains_key(&line.id)
        });
        match strange.next() {
            None => Ok(()),
            Some(line) => {
                let says = format!("{} has it, and nobody sent it", self.name(place));
                self.fails(Check::Sent, Some(&line.id), says)
            }
        }
    }

    fn kept_by_sender(&self, id: &str, posted: &Posted) -> Result<(), Failure> {
        let sent: Vec<_> = self.views[posted.by].sent(id).collect();
        let [line] = sent.as_slice() else {
            let says = format!("{} has it {} times", self.name(posted.by), sent.len());
            return self.fails(Check::KeptBySender, Some(id), says);
        };
        let is_explained = |state: OutboxState, condition: &str| match state {
            OutboxState::Sent => true,
            OutboxState::Dead => !condition.is_empty(),
            OutboxState::Waiting | OutboxState::Sending => false,
        };
        let [parcel] = line.outgoing.as_slice() else {
            let says = format!("it has {} parcels", line.outgoing.len());
            return self.fails(Check::KeptBySender, Some(id), says);
        };
        if is_explained(parcel.state, &parcel.condition) {
            return Ok(());
        }
        self.fails(Check::KeptBySender, Some(id), format!("it is no more than {parcel:?}"))
    }

    fn is_dead(&self, id: &str, posted: &Posted) -> bool {
        let parcels = self.views[posted.by].sent(id).flat_map(|line| &line.outgoing);
        parcels.into_iter().any(|parcel| parcel.state == OutboxState::Dead)
    }

    fn taken_once(&self, id: &str, posted: &Posted) -> Result<(), Failure> {
        let Some(to) = posted.to else { return Ok(()) };
        let first = |line: &&MessageLine| line.standing != Standing::Duplicate;
        let taken = self.views[to].came(id).filter(first).count();
        let wanted = usize::from(!self.is_dead(id, posted));
        if taken == wanted || (wanted == 0 && taken == 1) {
            return Ok(());
        }
        let says = format!("{} has it {taken} times beside those that came again", self.name(to));
        self.fails(Check::TakenOnce, Some(id), says)
    }

    /// One receipt of the receiver, and the sender knows what it says.
    fn receipts(&self, id: &str, posted: &Posted) -> Result<(), Failure> {
        let Some(to) = posted.to else { return Ok(()) };
        let Some(taken) = self.views[to].came(id).find(|line| line.standing != Standing::Duplicate) else {
            return Ok(());
        };
        let made: Vec<_> = self.views[to].receipts(id, Direction::Out).collect();
        let [receipt] = made.as_slice() else {
            let says = format!("{} has answered {} times", self.name(to), made.len());
            return self.fails(Check::Receipts, Some(id), says);
        };
        if receipt.outgoing.iter().any(|parcel| parcel.state == OutboxState::Dead) {
            return Ok(());
        }
        let came = self.views[posted.by].receipts(id, Direction::In);
        let came = came.filter(|line| line.standing != Standing::Duplicate).count();
        if came != 1 {
            let says = format!("{} has {came} receipts for it", self.name(posted.by));
            return self.fails(Check::Receipts, Some(id), says);
        }
        self.life(id, posted, taken)
    }

    fn life(&self, id: &str, posted: &Posted, taken: &MessageLine) -> Result<(), Failure> {
        let life = self.views[posted.by].sent(id).find_map(|line| line.life.as_ref());
        let Some(life) = life.and_then(|row| serde_json::from_str::<Life>(&row.json).ok()) else {
            return self.fails(Check::Receipts, Some(id), "the sender waits for no receipt".to_owned());
        };
        let states: Vec<State> = life.states(self.harness.now).map(|(_, state)| state).collect();
        let fits = |state: &State| match state {
            State::Accepted | State::CompletedLate => counts(taken.standing),
            State::Rejected | State::RejectedLate => taken.standing == Standing::Refused,
            State::Sent | State::NotDelivered | State::Delivered | State::Overdue => false,
        };
        if states.len() == 1 && states.iter().all(fits) && life.strays().is_empty() {
            return Ok(());
        }
        let says = format!(
            "the receiver has it as {:?}, and the sender as {states:?}, {:?}",
            taken.standing,
            life.strays()
        );
        self.fails(Check::Receipts, Some(id), says)
    }

    /// Read in order, the messages say what the log says: nothing is to be corrected.
    fn log(&self, place: usize, view: &View) -> Result<(), Failure> {
        let answers = view.answers(self.harness.nodes[place].room.settings());
        let lacking = corrections(&view.log, &view.counting, &answers, self.harness.now);
        let Some(first) = lacking.first() else { return Ok(()) };
        let message = first.id.as_deref().map(samspill_service::exchange::meaning::message_in);
        let shown: Vec<String> =
            lacking.iter().take(6).map(|it| format!("{} {:?} in {}", it.kind, it.id, it.case)).collect();
        let says = format!("the log of {} lacks {} entries: {shown:#?}", self.name(place), lacking.len());
        self.fails(Check::Log, message, says)
    }

    fn questions(&self, place: usize, view: &View) -> Result<(), Failure> {
        let answers = view.answers(self.harness.nodes[place].room.settings());
        let read = stays(&view.counting, &answers).questions;
        // What was rejected stands in the list of what was sent, for a person, and is no question of its own.
        let in_order = read.into_iter().filter(|it| it.what != QuestionKind::Rejected);
        let in_order: BTreeSet<_> = in_order.map(|it| (it.message, it.what)).collect();
        let asked: BTreeSet<_> =
            view.questions().into_iter().filter(|(_, what)| *what != QuestionKind::Rejected).collect();
        let more: Vec<_> = asked.difference(&in_order).collect();
        let fewer: Vec<_> = in_order.difference(&asked).collect();
        let Some((message, _)) = more.first().or(fewer.first()) else { return Ok(()) };
        let says = format!(
            "{} asks {more:?} though messages in order would not, and not {fewer:?} though they would",
            self.name(place)
        );
        self.fails(Check::Questions, Some(message), says)
    }

    fn alerts(&self, place: usize, view: &View) -> Result<(), Failure> {
        let mut parcels = view.lines.iter().flat_map(|line| &line.outgoing);
        let has_dead = parcels.any(|parcel| parcel.state == OutboxState::Dead);
        let on: Vec<&str> = view.alerts.iter().map(|alert| alert.name.as_str()).collect();
        let wanted: &[&str] = if has_dead { &["gitt opp:linje"] } else { &[] };
        if on == wanted {
            return Ok(());
        }
        self.fails(Check::Alerts, None, format!("{} has {on:?}", self.name(place)))
    }
}
