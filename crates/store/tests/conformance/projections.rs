//! What is derived from the log and kept beside it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use samspill_base::{CaseLog, Position};
use samspill_store::{Options, ProjectedRow, Projection, Store, StoreError};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    bench::{Bench, lenient, on_both},
    samples::{append, community, entry, nord, one},
};

/// For each kind of a case how often and where last; nothing at all once the last entry is `ut`.
#[derive(Clone, Copy, Debug)]
struct Kinds {
    version: u32,
}

impl Projection for Kinds {
    fn name(&self) -> &'static str {
        "slag"
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn rows(&self, case: &CaseLog) -> BTreeMap<String, String> {
        self.values(case).into_iter().map(|(key, row)| (key, row.to_string())).collect()
    }
}

impl Kinds {
    fn values(self, case: &CaseLog) -> BTreeMap<String, Value> {
        let mut rows = BTreeMap::new();
        if case.entries.last().is_some_and(|entry| entry.kind == "ut") {
            return rows;
        }
        for entry in &case.entries {
            let row = rows.entry(entry.kind.clone()).or_insert(json!({"antall": 0, "tegn": "«\u{0}»"}));
            row["antall"] = (row["antall"].as_u64().unwrap_or_default() + 1).into();
            row["sist"] = entry.position.0.into();
            row["versjon"] = self.version.into();
        }
        rows
    }
}

fn with(version: u32) -> Options {
    Options { projections: vec![Arc::new(Kinds { version })], ..lenient() }
}

/// All rows, read a few at a time.
async fn rows(store: &Store) -> Vec<ProjectedRow> {
    let mut rows: Vec<ProjectedRow> = Vec::new();
    loop {
        let last = rows.last().cloned();
        let after = last.as_ref().map_or(("", ""), |row| (&row.case, &row.key));
        let more = store.projected_after(&nord(), "slag", after, 3).await.unwrap();
        if more.is_empty() {
            return rows;
        }
        rows.extend(more);
    }
}

/// What the rows must be, worked out from the log alone.
async fn expected(store: &Store, version: u32) -> Vec<ProjectedRow> {
    let mut cases: BTreeMap<String, CaseLog> = BTreeMap::new();
    for entry in store.read(&nord(), Position(1), 10_000).await.unwrap() {
        let case = entry.entry.case.clone();
        let log = cases.entry(case.clone()).or_insert(CaseLog { case, entries: Vec::new() });
        log.entries.push(entry.entry);
    }
    let projection = Kinds { version };
    let of_case = |log: &CaseLog| {
        let row = |(key, json): (String, String)| ProjectedRow { case: log.case.clone(), key, json };
        projection.rows(log).into_iter().map(row).collect::<Vec<_>>()
    };
    cases.values().flat_map(of_case).collect()
}

/// Numbers from a seed: the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// An append of some entries about some cases.
fn some(dice: &mut Dice, key: &str) -> samspill_store::Append {
    let kinds = ["inn", "melding", "svar", "ut"];
    let entries: Vec<_> = (0..=dice.below(5))
        .map(|_| entry(&format!("sak {}", dice.below(6)), kinds[usize::try_from(dice.below(4)).unwrap()]))
        .collect();
    append(key, &entries)
}

/// A program that does things in an order that the dice give, beside another that knows no projection.
async fn play(bench: &Bench, seed: u64) {
    let mut dice = Dice(seed);
    let mut store = bench.open_with(with(1)).await;
    let without = bench.open().await;
    for step in 0..25 {
        let key = format!("{seed}-{step}");
        match dice.below(8) {
            0 => store.rebuild(&nord(), "slag").await.unwrap(),
            1 => drop(without.append(&nord(), &some(&mut dice, &key)).await.unwrap()),
            2 => {
                store.close().await;
                store = bench.open_with(with(1)).await;
            }
            3 => {
                let mut tx = store.begin(&nord()).await.unwrap();
                tx.append(&some(&mut dice, &key)).await.unwrap();
            }
            4 => assert_eq!(rows(&store).await, expected(&store, 1).await, "seed {seed}, step {step}"),
            _ => drop(store.append(&nord(), &some(&mut dice, &key)).await.unwrap()),
        }
    }
    let kept = rows(&store).await;
    assert_eq!(kept, expected(&store, 1).await, "seed {seed}");
    store.rebuild(&nord(), "slag").await.unwrap();
    assert_eq!(rows(&store).await, kept, "seed {seed}");
}

on_both! {
    async fn rows_are_what_the_log_says_however_it_came_about(bench: Bench) {
        for seed in 1..=5 {
            play(&bench.another().await, seed).await;
        }
    }

    async fn rows_are_seen_with_the_entry_and_not_before(bench: Bench) {
        let store = bench.open_with(with(1)).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.append(&one("a", "1", "inn")).await.unwrap();
        assert_eq!(tx.projected("slag", "1").await.unwrap().len(), 1);
        assert_eq!(store.projected(&nord(), "slag", "1").await.unwrap(), BTreeMap::new());
        tx.commit().await.unwrap();
        let rows = store.projected(&nord(), "slag", "1").await.unwrap();
        assert_eq!(rows["inn"], r#"{"antall":1,"tegn":"«\u0000»","sist":1,"versjon":1}"#);
        store.append(&nord(), &one("b", "1", "ut")).await.unwrap();
        assert_eq!(store.projected(&nord(), "slag", "1").await.unwrap(), BTreeMap::new());
        assert_eq!(store.projected(&community("sor"), "slag", "1").await.unwrap(), BTreeMap::new());
    }

    async fn rebuilding_while_others_write_gives_the_same_rows(bench: Bench) {
        let store = bench.open_with(with(1)).await;
        let mut tasks = JoinSet::new();
        for writer in 0..4 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut dice = Dice(writer);
                for number in 0..15 {
                    store.append(&nord(), &some(&mut dice, &format!("{writer}-{number}"))).await.unwrap();
                }
            });
        }
        let rebuilder = store.clone();
        tasks.spawn(async move {
            for _ in 0..10 {
                rebuilder.rebuild(&nord(), "slag").await.unwrap();
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        });
        tasks.join_all().await;
        assert_eq!(rows(&store).await, expected(&store, 1).await);
    }

    async fn another_version_makes_the_rows_anew_and_older_programs_keep_off(bench: Bench) {
        let old = bench.open_with(with(1)).await;
        for number in 0..5 {
            old.append(&nord(), &one(&number.to_string(), &format!("sak {number}"), "inn")).await.unwrap();
        }
        let new = bench.open_with(with(2)).await;
        assert_eq!(rows(&new).await, expected(&new, 2).await);
        old.append(&nord(), &one("gammel", "sak 1", "melding")).await.unwrap();
        let error = old.projected(&nord(), "slag", "sak 1").await.unwrap_err();
        assert!(matches!(error, StoreError::ProjectionTooNew { found: 2, known: 1, .. }), "{error}");
        assert!(old.rebuild(&nord(), "slag").await.is_err());
        assert_eq!(rows(&new).await, expected(&new, 2).await);
        new.append(&nord(), &one("ny", "sak 2", "melding")).await.unwrap();
        assert_eq!(rows(&new).await, expected(&new, 2).await);
    }

    async fn a_projection_that_the_store_does_not_have_is_an_error(bench: Bench) {
        let store = bench.open().await;
        assert!(matches!(store.rebuild(&nord(), "slag").await, Err(StoreError::NoProjection(_))));
        assert!(matches!(store.projected(&nord(), "slag", "1").await, Err(StoreError::NoProjection(_))));
    }

    async fn a_row_with_a_key_that_can_not_be_kept_takes_the_append_back(bench: Bench) {
        #[derive(Debug)]
        struct Bad;
        impl Projection for Bad {
            fn name(&self) -> &'static str { "feil" }
            fn version(&self) -> u32 { 0 }
            fn rows(&self, case: &CaseLog) -> BTreeMap<String, String> {
                BTreeMap::from([(case.case.replace('x', "\0"), "null".to_owned())])
            }
        }
        let options = Options { projections: vec![Arc::new(Bad)], ..lenient() };
        let store = bench.open_with(options).await;
        store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
        assert!(matches!(store.append(&nord(), &one("b", "x", "inn")).await, Err(StoreError::Name(_))));
        assert_eq!(store.head(&nord()).await.unwrap().position, Position(1));
    }
}
