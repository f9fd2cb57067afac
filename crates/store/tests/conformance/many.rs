//! Many writers and readers at once.

use std::{sync::Arc, time::Duration};

use samspill_base::Position;
use samspill_store::{Options, Outcome, Receipt, Store, StoreError};
use tokio::task::JoinSet;

use crate::{
    bench::{Bench, Kind, on_both},
    samples::{append, community, entry, nord, one},
};

const WRITERS: u64 = 10;
const APPENDS_EACH: u64 = 30;

/// What a writer does with a transaction: most are committed, some are rolled back, some are dropped on the way.
async fn write(store: Store, writer: u64) -> Vec<(String, Receipt)> {
    let mut receipts = Vec::new();
    for number in 0..APPENDS_EACH {
        let key = format!("{writer}-{number}");
        let parts = vec![entry(&key, "inn"); usize::try_from(1 + number % 3).unwrap()];
        let wanted = append(&key, &parts);
        match number % 5 {
            1 => {
                let mut tx = store.begin(&nord()).await.unwrap();
                tx.append(&wanted).await.unwrap();
                tokio::task::yield_now().await;
            }
            3 => {
                let short = Duration::from_micros(200 * (writer + 1));
                let _ = tokio::time::timeout(short, store.append(&nord(), &wanted)).await;
            }
            _ => {}
        }
        receipts.push((key, store.append(&nord(), &wanted).await.unwrap()));
    }
    receipts
}

/// Reads until `last`, so many at a time.
async fn follow(store: Store, last: Arc<tokio::sync::OnceCell<u64>>, limit: usize) -> Vec<(u64, String)> {
    let mut tail = store.tail(&nord(), Position(0));
    let mut seen = Vec::new();
    loop {
        let entries = tail.next(limit).await.unwrap();
        seen.extend(entries.iter().map(|entry| (entry.entry.position.0, entry.key.as_str().to_owned())));
        if last.get().is_some_and(|last| *last == tail.last().0) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(u64::try_from(limit % 7).unwrap())).await;
    }
}

on_both! {
    /// Two stores on one database stand for two programs.
    async fn tails_skip_and_repeat_nothing_while_many_write(bench: Bench) {
        let stores = [bench.open().await, bench.open().await];
        let last = Arc::new(tokio::sync::OnceCell::new());
        let mut tails = JoinSet::new();
        for (index, limit) in [1, 3, 10, 1000].into_iter().enumerate() {
            tails.spawn(follow(stores[index % 2].clone(), last.clone(), limit));
        }
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(write(stores[usize::try_from(writer % 2).unwrap()].clone(), writer));
        }
        let receipts: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
        let head = stores[0].head(&nord()).await.unwrap().position.0;
        last.set(head).unwrap();
        let entries_each: u64 = (0..APPENDS_EACH).map(|number| 1 + number % 3).sum();
        assert_eq!(head, WRITERS * entries_each);
        let log = stores[1].read(&nord(), Position(1), 10_000).await.unwrap();
        let expected: Vec<_> =
            log.iter().map(|entry| (entry.entry.position.0, entry.key.as_str().to_owned())).collect();
        assert!(expected.iter().map(|(position, _)| *position).eq(1..=head));
        for seen in tails.join_all().await {
            assert_eq!(seen, expected);
        }
        for (key, Receipt { first, last, .. }) in receipts {
            let under: Vec<_> = expected.iter().filter(|(_, other)| *other == key).map(|(at, _)| *at).collect();
            assert_eq!(under, (first.0..=last.0).collect::<Vec<_>>(), "{key}");
        }
        assert!(stores[0].verify(&nord(), &[]).await.unwrap().is_whole());
    }

    /// More wait for the log than there are connections. They must not have them all: the one that holds the log would wait for them, and
    /// they for it.
    async fn whoever_holds_the_log_can_read_beside_those_who_wait(bench: Bench) {
        let store = bench.open().await;
        let mut holding = store.begin(&nord()).await.unwrap();
        let mut waiting = JoinSet::new();
        for writer in 0..3 * Options::default().connections_max {
            let (store, key) = (store.clone(), format!("w-{writer}"));
            waiting.spawn(async move { store.append(&nord(), &append(&key, &[entry(&key, "inn")])).await.unwrap() });
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let before = store.head(&nord()).await.unwrap().position;
        assert_eq!(before, Position(0), "nobody has written before the one that holds the log");
        if bench.kind == Kind::Postgres {
            store.write_people(&nord(), async |_| Ok::<_, StoreError>(())).await.expect("others write beside them");
        }
        holding.append(&append("first", &[entry("first", "inn")])).await.unwrap();
        holding.commit().await.unwrap();
        let receipts = waiting.join_all().await;
        assert!(receipts.iter().all(|receipt| receipt.first > Position(1)));
        let written = u64::from(1 + 3 * Options::default().connections_max);
        assert_eq!(store.head(&nord()).await.unwrap().position, Position(written));
    }

    async fn of_many_who_append_under_one_key_one_writes(bench: Bench) {
        let stores = [bench.open().await, bench.open().await];
        let mut writers = JoinSet::new();
        for writer in 0..12 {
            let store = stores[writer % 2].clone();
            writers.spawn(async move { store.append(&nord(), &one("a", "1", "inn")).await.unwrap() });
        }
        let receipts = writers.join_all().await;
        assert!(receipts.iter().all(|receipt| receipt.first == Position(1) && receipt.last == Position(1)));
        assert_eq!(receipts.iter().filter(|receipt| receipt.outcome == Outcome::Appended).count(), 1);
        assert_eq!(stores[0].head(&nord()).await.unwrap().position, Position(1));
    }

    /// A web server does its work in tasks that may move from thread to thread.
    async fn work_in_a_transaction_can_be_spawned(bench: Bench) {
        let store = bench.open().await;
        let done = tokio::spawn(async move {
            let work = async |tx: &mut samspill_store::Tx| tx.append(&one("a", "1", "inn")).await;
            store.write::<_, StoreError>(&community("sor"), work).await
        });
        assert_eq!(done.await.unwrap().unwrap().first, Position(1));
    }
}
