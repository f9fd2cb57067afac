//! Leases: one node at a time.

use jiff::{SignedDuration, Timestamp};
use samspill_store::{Lease, Store, StoreError};
use tokio::task::JoinSet;

use crate::{
    bench::{Bench, on_both},
    samples::at,
};

fn second(seconds: i64) -> Timestamp {
    at("2025-01-01T12:00:00Z") + SignedDuration::from_secs(seconds)
}

/// The fence that a holder gets at a second, for ten seconds; 0 where it gets none.
async fn fence(store: &Store, holder: &str, now: i64) -> i64 {
    let lease = store.lease("send", holder, second(now), second(now + 10)).await.unwrap();
    lease.map_or(0, |Lease { fence }| fence)
}

on_both! {
    async fn a_lease_is_held_until_its_end_and_goes_over_with_a_larger_fence(bench: Bench) {
        let store = bench.open().await;
        for (holder, now, expected) in [
            ("a", 0, 1),
            ("b", 1, 0),
            ("a", 5, 1),
            ("b", 14, 0),
            ("b", 15, 2),
            ("a", 16, 0),
            // The same holder after its end: somebody may have counted on it being over.
            ("b", 25, 3),
            // A clock that was set back waits, for the instant that was promised.
            ("a", -3600, 0),
            ("a", 34, 0),
            ("a", 35, 4),
        ] {
            assert_eq!(fence(&store, holder, now).await, expected, "{holder} at {now}");
        }
        assert!(store.lease("other", "b", second(36), second(37)).await.unwrap().is_some(), "each name for itself");
    }

    async fn a_holder_whose_clock_is_set_back_prolongs_and_nobody_else_gets_in(bench: Bench) {
        let store = bench.open().await;
        assert_eq!(fence(&store, "a", 100).await, 1);
        assert_eq!(fence(&store, "a", 0).await, 1);
        assert_eq!(fence(&store, "b", 9).await, 0);
        assert_eq!(fence(&store, "b", 10).await, 2, "until the end that it was given last");
    }

    async fn a_lease_that_was_given_back_is_free_at_once(bench: Bench) {
        let store = bench.open().await;
        assert!(!store.unlease("send", "a").await.unwrap());
        assert_eq!(fence(&store, "a", 0).await, 1);
        assert!(!store.unlease("send", "b").await.unwrap(), "only the holder can");
        assert_eq!(fence(&store, "b", 1).await, 0);
        assert!(store.unlease("send", "a").await.unwrap());
        assert!(!store.unlease("send", "a").await.unwrap());
        assert_eq!(fence(&store, "b", -3600).await, 2);
        for holder in ["", "\0"] {
            let error = store.lease("send", holder, second(0), second(1)).await.unwrap_err();
            assert!(matches!(error, StoreError::Name(_)), "{error}");
        }
    }

    async fn of_many_who_ask_at_once_one_gets_it(bench: Bench) {
        let stores = [bench.open().await, bench.open().await];
        for round in 0..10 {
            let mut nodes = JoinSet::new();
            for node in 0..16 {
                let store = stores[node % 2].clone();
                nodes.spawn(async move { fence(&store, &format!("n{node}"), round * 10).await });
            }
            let fences: Vec<i64> = nodes.join_all().await.into_iter().filter(|fence| *fence != 0).collect();
            assert_eq!(fences, [round + 1], "round {round}");
        }
    }

    async fn many_who_count_under_a_lease_lose_nothing(bench: Bench) {
        let stores = [bench.open().await, bench.open().await];
        let counter = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let mut nodes = JoinSet::new();
        for node in 0..6 {
            let (store, counter) = (stores[node % 2].clone(), counter.clone());
            nodes.spawn(async move {
                let mut done = 0;
                while done < 5 {
                    let holder = format!("n{node}");
                    if fence(&store, &holder, 0).await == 0 {
                        tokio::task::yield_now().await;
                        continue;
                    }
                    let seen = counter.load(std::sync::atomic::Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    counter.store(seen + 1, std::sync::atomic::Ordering::SeqCst);
                    assert!(store.unlease("send", &holder).await.unwrap());
                    done += 1;
                }
            });
        }
        nodes.join_all().await;
        assert_eq!(counter.load(std::sync::atomic::Ordering::SeqCst), 30);
    }
}
