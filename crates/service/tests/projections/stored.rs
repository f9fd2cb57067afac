//! Rows in a store: kept with every append, the same when they are made anew.

use samspill_service::projections::{Agreements, Projections};
use samspill_store::Options;

use crate::{
    made_up::{Dice, stay},
    support::{Bench, SHIPPED, agreements, all_rows, append, logs, path_of, recorded, shipped_log},
};

/// What the rows must be, worked out from the log alone.
async fn check_rows(store: &samspill_store::Store, projections: &Projections) -> usize {
    let logs = logs(store).await;
    let mut expected = Vec::new();
    for projection in projections.all() {
        for (case, log) in &logs {
            for (key, json) in projection.rows(log) {
                expected.push((projection.name().to_owned(), case.clone(), key, json.clone()));
            }
        }
    }
    let rows = all_rows(store, projections).await;
    let rows: Vec<_> = rows.into_iter().map(|(name, row)| (name, row.case, row.key, row.json)).collect();
    assert!(rows == expected, "rows are what the log says");
    rows.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_after_appends_are_those_after_a_rebuild_byte_for_byte() {
    for agreement in SHIPPED {
        let (bench, projections) = (Bench::new(), Projections::new(agreements(agreement)));
        let store = bench.open(&projections).await;
        let (mut dice, mut key) = (Dice(7), 0);
        let mut waiting: Vec<_> = (1..=8).map(|seed| stay(seed, 6).entries).collect();
        waiting.extend(shipped_log().iter().take(6).map(|log| recorded(log).entries));
        while !waiting.is_empty() {
            let one = usize::try_from(dice.below(i64::try_from(waiting.len()).unwrap())).unwrap();
            let entry = waiting[one].remove(0);
            waiting.retain(|entries| !entries.is_empty());
            key += 1;
            append(&store, &key.to_string(), vec![entry]).await;
        }
        assert!(check_rows(&store, &projections).await > 40);
        let kept = all_rows(&store, &projections).await;
        for projection in projections.all() {
            store.rebuild(&crate::support::nord(), projection.name()).await.unwrap();
        }
        assert!(all_rows(&store, &projections).await == kept, "{agreement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_append_or_many_and_other_cases_between_come_to_the_same_readings() {
    let projections = Projections::new(agreements(SHIPPED[0]));
    let entries = stay(3, 9).entries;
    let (at_once, one_by_one) = (Bench::new(), Bench::new());
    let store = at_once.open(&projections).await;
    append(&store, "alt", entries.clone()).await;
    let expected = all_rows(&store, &projections).await;
    let store = one_by_one.open(&projections).await;
    for (entry, number) in entries.into_iter().zip(1..) {
        append(&store, &number.to_string(), vec![entry]).await;
    }
    assert_eq!(all_rows(&store, &projections).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_agreement_files_give_other_projections_and_the_first_ones_stay() {
    let bench = Bench::new();
    let (unn, hmr) = (Projections::new(agreements(SHIPPED[0])), Projections::new(agreements(SHIPPED[1])));
    assert_ne!(unn.case_name(), hmr.case_name());
    let store = bench.open(&unn).await;
    for (log, number) in shipped_log().iter().take(5).zip(1..) {
        append(&store, &number.to_string(), recorded(log).entries).await;
    }
    let first = all_rows(&store, &unn).await;
    store.close().await;
    let store = bench.open(&hmr).await;
    check_rows(&store, &hmr).await;
    store.close().await;
    let store =
        bench.open_with(Options { projections: [unn.all(), hmr.all()].concat(), ..Options::default() }).await;
    assert_eq!(all_rows(&store, &unn).await, first);
}

#[test]
fn the_digest_hangs_on_every_text_that_was_read_and_on_nothing_else() {
    let digest = |names: &[String]| Agreements::find(names).unwrap().digest();
    let unn = path_of(SHIPPED[0]);
    let on_disk = digest(std::slice::from_ref(&unn));
    assert_eq!(on_disk, digest(std::slice::from_ref(&unn)));
    assert_ne!(on_disk, digest(&[path_of(SHIPPED[1])]));
    assert_ne!(on_disk, digest(&[unn.clone(), path_of(SHIPPED[1])]));
    let newest = Agreements::find(&[unn]).unwrap().with_dates(samspill_engine::Dates::NewestAlways);
    assert_ne!(on_disk, newest.digest());
}

#[test]
fn one_letter_in_a_vocabulary_gives_another_digest() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = folder.path();
    let root = crate::support::root();
    for file in ["agreements/troms-og-ofoten/unn/2023-06-01", "vocabulary"] {
        std::fs::create_dir_all(shelf.join(file)).unwrap();
        for from in std::fs::read_dir(root.join(file)).unwrap().map(|from| from.unwrap().path()) {
            if from.is_file() {
                std::fs::copy(&from, shelf.join(file).join(from.file_name().unwrap())).unwrap();
            }
        }
    }
    let agreement = shelf.join("agreements/troms-og-ofoten/unn").display().to_string();
    let digest = || Agreements::find(std::slice::from_ref(&agreement)).unwrap().digest();
    let before = digest();
    let vocabulary = shelf.join("vocabulary/opphold.toml");
    let text = std::fs::read_to_string(&vocabulary).unwrap();
    std::fs::write(&vocabulary, format!("{text}\n# ny\n")).unwrap();
    assert_ne!(digest(), before);
}
