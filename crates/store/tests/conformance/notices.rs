//! What people want to be told, what they were told, and when they looked.

use jiff::{SignedDuration, Timestamp};
use samspill_store::{EntryHash, NoticeRow, PeopleTx, Store, StoreError};

use crate::{
    bench::{Bench, on_both},
    people::noon,
    samples::{community, nord},
};

pub(crate) fn notice(account: &str, version: u64) -> NoticeRow {
    NoticeRow {
        account: account.to_owned(),
        state: "on".to_owned(),
        key_id: "2025".to_owned(),
        sealed: vec![1, 2, 3],
        link: None,
        asked: Some(noon()),
        version,
        changed: noon(),
    }
}

fn later(minutes: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(minutes)
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

async fn set(store: &Store, row: NoticeRow) -> bool {
    store
        .write_people::<_, StoreError>(&nord(), async |tx: &mut PeopleTx| tx.set_notice(&row).await)
        .await
        .unwrap()
}

/// Claims at a minute what wasn't claimed in the ten before.
async fn claim(store: &Store, account: &str, notices: &[&str], minute: i64) -> Vec<String> {
    let (notices, now, stale) = (texts(notices), later(minute), later(minute - 10));
    let work = async |tx: &mut PeopleTx| tx.claim_notices(account, &notices, now, stale).await;
    store.write_people::<_, StoreError>(&nord(), work).await.unwrap()
}

on_both! {
    async fn a_choice_is_written_in_place_of_the_version_that_was_seen(bench: Bench) {
        let store = bench.open().await;
        assert_eq!(store.notice(&nord(), "1").await.unwrap(), None);
        assert!(set(&store, notice("1", 0)).await && !set(&store, notice("1", 0)).await);
        assert!(!set(&store, notice("2", 1)).await, "what isn't there has no version");
        let link = Some(EntryHash::from_bytes(&[7; 32]).unwrap());
        let changed = NoticeRow { link, state: "sent".to_owned(), asked: None, key_id: "2026".to_owned(), ..notice("1", 1) };
        assert!(set(&store, changed.clone()).await && !set(&store, notice("1", 1)).await);
        assert_eq!(store.notice(&nord(), "1").await.unwrap(), Some(NoticeRow { version: 2, ..changed }));
        assert_eq!(store.notice(&community("sor"), "1").await.unwrap(), None);
    }

    async fn choices_are_listed_in_order_and_by_their_keys(bench: Bench) {
        let store = bench.open().await;
        for account in ["b", "a", "c"] {
            set(&store, notice(account, 0)).await;
        }
        let named = |rows: Vec<NoticeRow>| rows.into_iter().map(|row| row.account).collect::<Vec<_>>();
        assert_eq!(named(store.notices_after(&nord(), "", 2).await.unwrap()), ["a", "b"]);
        assert_eq!(named(store.notices_after(&nord(), "b", 9).await.unwrap()), ["c"]);
        set(&store, NoticeRow { key_id: "2026".to_owned(), ..notice("b", 1) }).await;
        assert_eq!(named(store.notices_not_sealed_with(&nord(), "2026", 9).await.unwrap()), ["a", "c"]);
        assert_eq!(store.count_notices_not_sealed_with(&nord(), "2026").await.unwrap(), 2);
        assert_eq!(store.count_notices_not_sealed_with(&community("sor"), "2026").await.unwrap(), 0);
    }

    async fn a_notice_is_claimed_by_one(bench: Bench) {
        let store = bench.open().await;
        assert_eq!(claim(&store, "1", &["a", "b"], 0).await, ["a", "b"]);
        assert_eq!(claim(&store, "1", &["a", "b", "c"], 1).await, ["c"]);
        assert_eq!(claim(&store, "2", &["a"], 1).await, ["a"], "another account is told by itself");
        assert_eq!(claim(&store, "1", &[], 1).await, texts(&[]));
        assert_eq!(store.told(&nord(), "1", &texts(&["a", "b", "d"]), later(-10)).await.unwrap().len(), 2);
    }

    async fn a_claim_without_an_end_is_taken_over_once(bench: Bench) {
        let store = bench.open().await;
        assert_eq!(claim(&store, "1", &["a"], 0).await, ["a"]);
        assert_eq!(claim(&store, "1", &["a"], 9).await, texts(&[]));
        assert_eq!(store.told(&nord(), "1", &texts(&["a"]), later(0)).await.unwrap(), texts(&[]));
        assert_eq!(claim(&store, "1", &["a"], 10).await, ["a"]);
        assert_eq!(claim(&store, "1", &["a"], 60).await, texts(&[]), "never a third time");
        assert_eq!(store.told(&nord(), "1", &texts(&["a"]), later(60)).await.unwrap(), ["a"]);
    }

    async fn what_was_told_stays_told_and_what_was_given_back_is_claimed_again(bench: Bench) {
        let store = bench.open().await;
        claim(&store, "1", &["told", "unsent", "maybe"], 0).await;
        let work = async |tx: &mut PeopleTx| {
            tx.told_notices("1", &texts(&["told"]), later(0)).await?;
            tx.release_notices("1", &texts(&["unsent", "told"]), 0).await?;
            tx.release_notices("1", &texts(&["maybe"]), 1).await
        };
        store.write_people::<_, StoreError>(&nord(), work).await.unwrap();
        let all = ["told", "unsent", "maybe"];
        assert_eq!(claim(&store, "1", &all, 1).await, ["unsent", "maybe"]);
        let work = async |tx: &mut PeopleTx| {
            tx.release_notices("1", &texts(&["unsent"]), 0).await?;
            tx.release_notices("1", &texts(&["maybe"]), 1).await
        };
        store.write_people::<_, StoreError>(&nord(), work).await.unwrap();
        assert_eq!(claim(&store, "1", &all, 2).await, ["unsent"], "what may have been sent twice isn't sent again");
        assert_eq!(claim(&store, "1", &all, 1000).await, ["unsent"]);
    }

    async fn what_was_told_is_forgotten_before_an_instant(bench: Bench) {
        let store = bench.open().await;
        claim(&store, "1", &["old"], 0).await;
        claim(&store, "1", &["new"], 1).await;
        let work = async |tx: &mut PeopleTx| tx.forget_notices_before(later(1)).await;
        assert_eq!(store.write_people::<_, StoreError>(&nord(), work).await.unwrap(), 1);
        assert_eq!(store.told(&nord(), "1", &texts(&["old", "new"]), later(-9)).await.unwrap(), ["new"]);
    }

    async fn a_look_at_the_tasks_never_goes_back(bench: Bench) {
        let store = bench.open().await;
        assert_eq!(store.looked_at_tasks(&nord(), "1", "sengepost:UNN").await.unwrap(), None);
        for minute in [5, 3] {
            let work = async |tx: &mut PeopleTx| tx.look_at_tasks("1", "sengepost:UNN", later(minute)).await;
            store.write_people::<_, StoreError>(&nord(), work).await.unwrap();
        }
        assert_eq!(store.looked_at_tasks(&nord(), "1", "sengepost:UNN").await.unwrap(), Some(later(5)));
        assert_eq!(store.looked_at_tasks(&nord(), "1", "lege:UNN").await.unwrap(), None);
    }
}
