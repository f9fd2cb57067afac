//! What a node's store holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use samspill_base::{CaseLog, Entry, Position};
use samspill_service::{
    exchange::{
        meaning::{Table, message_in},
        receipts::{Life, State},
    },
    projections::{Agreements, Projections},
};
use samspill_store::{
    CommunityId, Direction, Fsync, IfMissing, MessageFilter, MessageLine, MessageNumber, Options,
    OutboxState, Place, ProjectedRow, Projection, Standing, Store, StoreError,
};

use super::{
    node::{COMMUNITY, Node},
    wait_for,
};

/// Rows that are read at a time.
const PAGE: usize = 500;

/// All that a store held at a moment.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) entries: Vec<Entry>,
    pub(crate) lines: Vec<MessageLine>,
    pub(crate) derived: Vec<ProjectedRow>,
}

impl View {
    /// Of a node, whether it runs or not.
    pub(crate) fn of(node: &Node) -> Self {
        Self::try_of(node).unwrap()
    }

    /// Of a node whose database may be away.
    pub(crate) fn try_of(node: &Node) -> Result<Self, StoreError> {
        let place: Place = node.place().parse()?;
        wait_for(async {
            let store = open(&place).await?;
            let view = read(&store).await;
            store.close().await;
            view
        })
    }

    /// Messages that came in, or went out, receipts left out.
    pub(crate) fn messages(&self, direction: Direction) -> impl Iterator<Item = &MessageLine> {
        self.lines.iter().filter(move |line| line.direction == direction && line.about.is_none())
    }

    /// Receipts for messages, by the messages' ids.
    pub(crate) fn receipts(&self, direction: Direction) -> BTreeMap<&str, Vec<&MessageLine>> {
        let mut found: BTreeMap<&str, Vec<&MessageLine>> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.direction == direction) {
            if let Some(about) = &line.about {
                found.entry(about).or_default().push(line);
            }
        }
        found
    }

    /// How a message that was sent stands with its receivers.
    pub(crate) fn states(line: &MessageLine) -> Vec<State> {
        let told = line.life.as_ref().map(|row| serde_json::from_str::<Life>(&row.json).unwrap());
        told.iter().flat_map(|life| life.states(Timestamp::now())).map(|(_, state)| state).collect()
    }

    /// What is still to happen: parcels that wait, and messages without a receipt to those who answer.
    pub(crate) fn unfinished(&self, answers: impl Fn(&str) -> bool) -> Vec<String> {
        let waits = |line: &&MessageLine| {
            let is_queued = line.outgoing.iter().any(|parcel| parcel.state != OutboxState::Sent);
            let lacks_receipt = Self::states(line).iter().any(|state| match state {
                State::Accepted | State::CompletedLate | State::Rejected | State::RejectedLate => false,
                State::Sent | State::Delivered | State::Overdue | State::NotDelivered => true,
            });
            is_queued || (lacks_receipt && answers(&line.to))
        };
        let open = self.lines.iter().filter(waits);
        open.map(|line| {
            let says = line.outgoing.first().map(|parcel| format!("{:?} {}", parcel.state, parcel.says));
            format!("{} {} to {}: {says:?}", line.kind, line.id, line.to)
        })
        .collect()
    }

    /// The stays, each as a log of its own.
    pub(crate) fn cases(&self) -> Vec<CaseLog> {
        let mut cases: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
        for entry in &self.entries {
            cases.entry(&entry.case).or_default().push(entry.clone());
        }
        cases.into_iter().map(|(case, entries)| CaseLog { case: case.to_owned(), entries }).collect()
    }
}

/// What a message's standing says of whether the log knows it.
pub(crate) fn is_taken(line: &MessageLine) -> bool {
    match line.standing {
        Standing::Taken | Standing::Question | Standing::Settled => true,
        Standing::Duplicate
        | Standing::Conflict
        | Standing::Refused
        | Standing::Unreadable
        | Standing::NotOurs => false,
    }
}

/// The duties and days of a stay, without the places of the entries in a log.
pub(crate) fn found(agreements: &Agreements, case: &CaseLog, as_of: Timestamp) -> BTreeSet<String> {
    let Some(read) = agreements.evaluate(case, as_of) else { return BTreeSet::new() };
    let at = |entry: &Option<samspill_engine::EntryRef>| {
        entry.as_ref().map(|it| format!("{} {}", it.kind.as_str(), it.at))
    };
    let duties = read.duties.iter().map(|it| {
        let trigger = format!("{} {}", it.trigger.kind.as_str(), it.trigger.at);
        let (fulfilled, closed) = (at(&it.fulfilled), at(&it.closed));
        format!("{} {trigger} {:?} {:?} {fulfilled:?} {closed:?}", it.duty.as_str(), it.due, it.status)
    });
    let days = read.meters.iter().flat_map(|meter| {
        let id = meter.meter.as_str();
        let days = meter.days.iter().map(move |day| format!("{id} {} {:?}", day.date, day.status));
        days.chain([format!("{id} {} {:?} {:?}", meter.count, meter.amount, meter.payer)])
    });
    duties.chain(days).collect()
}

/// The messages that tell of a stay, those left out that were cancelled.
pub(crate) fn told_by(case: &CaseLog) -> BTreeSet<&str> {
    let table = Table::shipped();
    let cancelled: BTreeSet<&str> = case.entries.iter().filter_map(|entry| table.cancels(entry)).collect();
    let counts = case.entries.iter().filter(|entry| table.cancels(entry).is_none());
    let ids = counts.filter_map(|entry| entry.id.as_deref()).filter(|id| !cancelled.contains(id));
    ids.map(message_in).collect()
}

/// The agreements of all nodes of these tests.
pub(crate) fn agreements() -> Agreements {
    Agreements::find(&["unn"]).unwrap()
}

async fn open(place: &Place) -> Result<Store, StoreError> {
    let options = Options {
        if_missing: IfMissing::Refuse,
        fsync: Fsync::Waived,
        connections_max: 2,
        projections: projections().all(),
        ..Options::default()
    };
    Store::open(place, options).await
}

fn projections() -> Projections {
    Projections::new(agreements())
}

async fn read(store: &Store) -> Result<View, StoreError> {
    let community = CommunityId::new(COMMUNITY)?;
    let mut view = View { entries: Vec::new(), lines: Vec::new(), derived: Vec::new() };
    loop {
        let from = Position(view.entries.last().map_or(1, |entry| entry.position.0 + 1));
        let page = store.read(&community, from, PAGE).await?;
        if page.is_empty() {
            break;
        }
        view.entries.extend(page.into_iter().map(|line| line.entry));
    }
    loop {
        let last = view.lines.last().map_or(MessageNumber(0), |line| line.number);
        let page = store.messages(&community, &MessageFilter::default(), last, PAGE).await?;
        if page.is_empty() {
            break;
        }
        view.lines.extend(page);
    }
    let all: Vec<Arc<dyn Projection>> = projections().all();
    for projection in all {
        derived(store, &community, projection.name(), &mut view.derived).await?;
    }
    Ok(view)
}

async fn derived(
    store: &Store,
    community: &CommunityId,
    name: &str,
    rows: &mut Vec<ProjectedRow>,
) -> Result<(), StoreError> {
    let (mut case, mut key) = (String::new(), String::new());
    loop {
        let page = store.projected_after(community, name, (&case, &key), PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        (case, key) = (last.case.clone(), last.key.clone());
        rows.extend(page);
    }
}
