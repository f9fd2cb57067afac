//! A region that goes on in a log of its own, through the mailroom.
#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]
#![expect(clippy::print_stdout, reason = "figures of a region are shown")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use samspill_base::{Entry, Position};
use samspill_service::exchange::{
    mailroom::{Mailroom, Settings as MailSettings},
    receipts::ReceiptLimits,
};
use samspill_sim::{
    Play, World,
    live::{Live, history},
};
use samspill_store::{
    Append, AppendKey, CommunityId, MessageFilter, MessageNumber, Options, OutboxState, Place, Standing,
    Store,
};

const DAYS: u32 = 6;

fn world() -> Arc<World> {
    Arc::new(World::new(4, 40))
}

/// The beginning of a day, counted from the first.
fn day(world: &World, number: u32) -> Timestamp {
    let day = world.start.checked_add(jiff::Span::new().days(i64::from(number))).unwrap();
    day.at(0, 0, 0, 0).in_tz("Europe/Oslo").unwrap().timestamp()
}

async fn room(folder: &Path, world: &World) -> Mailroom {
    let store = Store::open(&Place::file(folder.join("region.db")), Options::default()).await.unwrap();
    let region = &world.region;
    let limits = ReceiptLimits::shipped().unwrap();
    let settings = MailSettings::new(region.all_recipients(), region.directory(), region.addresses(), limits);
    Mailroom::new(store, CommunityId::new("region").unwrap(), settings)
}

/// A history of some days in a store, and the region that goes on from there.
async fn begun(folder: &Path) -> (Live, Mailroom, Position) {
    let world = world();
    let room = room(folder, &world).await;
    let from = day(&world, DAYS);
    let (play, entries) = history(Play::new(world), from);
    let append = Append { key: AppendKey::new("historie-1").unwrap(), recorded: from, entries };
    let receipt = room.store().append(room.community(), &append).await.unwrap();
    (Live::new(play, room.clone(), from, receipt.last), room, receipt.last)
}

async fn log(room: &Mailroom) -> Vec<Entry> {
    let lines = room.store().read(room.community(), Position(1), 100_000).await.unwrap();
    lines.into_iter().map(|line| line.entry).collect()
}

#[tokio::test]
async fn a_region_goes_on_by_messages_that_all_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let (mut live, room, last) = begun(folder.path()).await;
    let world = world();
    let acted = live.until(day(&world, DAYS + 4)).await.unwrap();
    let log = log(&room).await;
    println!("{acted:?}, {} entries of history, {} since", last.0, log.len() as u64 - last.0);
    assert!(acted.messages > 100 && acted.entries > 20, "{acted:?}");
    let filter = MessageFilter::default();
    let all = room.store().messages(room.community(), &filter, MessageNumber(0), 10_000).await.unwrap();
    let waiting = all.iter().flat_map(|line| &line.outgoing).filter(|it| it.state != OutboxState::Sent);
    assert_eq!(waiting.count(), 0);
    let mut standing: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &all {
        *standing.entry(line.standing.as_str()).or_default() += 1;
    }
    println!("{standing:?}");
    let refused = all.iter().filter(|line| line.standing == Standing::Refused).count();
    assert!(refused * 20 < all.len(), "{refused} of {} are refused", all.len());
    for kind in ["tidligmelding", "utskrivningsklar", "svar-utskrivningsklar", "utskrevet"] {
        let since = log.iter().filter(|entry| entry.position > last && entry.kind == kind).count();
        assert!(since > 5, "{kind}: {since}");
    }
    assert!(
        log.iter()
            .any(|it| it.kind == "svar-utskrivningsklar" && it.position > last && it.field("svar").is_some())
    );
    room.store().close().await;
}

/// Stopped and begun again, it has done as much as if it hadn't been, and nothing twice.
#[tokio::test]
async fn a_region_that_was_stopped_goes_on_where_it_was() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let world = world();
    let (mut whole, room, _) = begun(one.path()).await;
    whole.until(day(&world, DAYS + 4)).await.unwrap();
    let expected = log(&room).await;
    room.store().close().await;

    let (mut first, room, last) = begun(other.path()).await;
    first.until(after(day(&world, DAYS + 2), 11)).await.unwrap();
    drop(first);
    let from = day(&world, DAYS);
    let (play, _) = history(Play::new(world.clone()), from);
    let mut again = Live::resume(play, room.clone(), from, last).await.unwrap();
    again.until(day(&world, DAYS + 4)).await.unwrap();
    let found = log(&room).await;
    room.store().close().await;

    let (expected, found) = (told(&expected), told(&found));
    assert_eq!(found.len(), found.iter().collect::<BTreeSet<_>>().len(), "nothing stands there twice");
    let (expected, found): (BTreeSet<_>, BTreeSet<_>) =
        (expected.into_iter().collect(), found.into_iter().collect());
    let missing: Vec<_> = expected.difference(&found).collect();
    let more: Vec<_> = found.difference(&expected).collect();
    assert!(missing.is_empty() && more.is_empty(), "missing {missing:#?}, more {more:#?}");
}

/// The kind and id of every entry that has one.
fn told(log: &[Entry]) -> Vec<String> {
    log.iter().filter_map(|entry| Some(format!("{} {}", entry.kind, entry.id.as_ref()?))).collect()
}

fn after(at: Timestamp, hours: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(hours)).unwrap()
}
