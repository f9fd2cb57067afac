//! What somebody with all rights in the database can do to a log, and what the walk along it finds.

use samspill_base::Position;
use samspill_store::{Fault, Head, Store, StoreError};

use crate::{
    bench::{Bench, Kind, on_both},
    samples::{community, nord, one},
};

const ENTRIES: u64 = 8;

/// A log of eight entries without the triggers that guard it.
async fn unguarded(bench: &Bench) -> (Store, Head) {
    let store = bench.open().await;
    for number in 1..=ENTRIES {
        store.append(&nord(), &one(&format!("n{number}"), "1", "inn")).await.unwrap();
    }
    let head = store.head(&nord()).await.unwrap();
    bench
        .raw_each(
            "DROP TRIGGER log_follows; DROP TRIGGER log_never_updated; DROP TRIGGER log_never_deleted",
            "ALTER TABLE log DISABLE TRIGGER USER",
        )
        .await
        .unwrap();
    (store, head)
}

/// What the walk says after `sql`.
async fn told(bench: &Bench, sql: &str, knowing: Known) -> Vec<String> {
    let (store, head) = unguarded(bench).await;
    bench.raw(sql).await.unwrap();
    let known = match knowing {
        Known::Nothing => vec![],
        Known::Head => vec![head],
    };
    let verification = store.verify(&nord(), &known).await.unwrap();
    assert_eq!(verification.is_whole(), verification.faults.is_empty());
    verification.faults.iter().map(short).collect()
}

/// Whether a head was kept elsewhere.
#[derive(Clone, Copy)]
enum Known {
    Nothing,
    Head,
}

fn short(fault: &Fault) -> String {
    match fault {
        Fault::Missing { from, to } => format!("missing {}-{}", from.0, to.0),
        Fault::Changed { position, .. } => format!("changed {}", position.0),
        Fault::Replaced { position, .. } => format!("replaced {}", position.0),
        Fault::Column { position, column } => format!("column {column} of {}", position.0),
        Fault::Unreadable { position, .. } => format!("unreadable {}", position.0),
        Fault::Truncated { known, end } => format!("truncated {} of {}", end.0, known.position.0),
        Fault::Rewritten { known, .. } => format!("rewritten {}", known.position.0),
        Fault::MailMissing { .. }
        | Fault::MailChanged { .. }
        | Fault::MailSealed { .. }
        | Fault::PersonSealed { .. } => fault.to_string(),
    }
}

async fn check(bench: Bench, rows: &[(&str, Known, &[&str])]) {
    for (sql, known, expected) in rows {
        let bench = bench.another().await;
        assert_eq!(told(&bench, sql, *known).await, *expected, "{sql}");
    }
}

on_both! {
    async fn a_log_that_nobody_touched_is_whole(bench: Bench) {
        check(bench, &[("SELECT 1", Known::Nothing, &[]), ("SELECT 1", Known::Head, &[])]).await;
    }

    async fn what_was_changed_is_named(bench: Bench) {
        let bytes = match bench.kind {
            Kind::Sqlite => "UPDATE log SET entry = CAST(entry || x'00' AS BLOB) WHERE position = 4",
            Kind::Postgres => "UPDATE log SET entry = set_byte(entry, 20, get_byte(entry, 20) # 1) WHERE position = 4",
        };
        check(bench, &[
            (bytes, Known::Nothing, &["changed 4"]),
            ("UPDATE log SET append_key = 'x' WHERE position = 1", Known::Nothing, &["changed 1"]),
            ("UPDATE log SET parts = 2 WHERE position = 8", Known::Nothing, &["changed 8"]),
            ("UPDATE log SET case_name = '2' WHERE position = 3", Known::Nothing, &["column case_name of 3"]),
            ("UPDATE log SET kind = 'ut' WHERE position = 3", Known::Nothing, &["column kind of 3"]),
            ("UPDATE log SET recorded_us = 0 WHERE position = 3", Known::Nothing, &["column recorded_us of 3"]),
            ("UPDATE log SET hash = previous WHERE position = 5", Known::Nothing, &["changed 5", "replaced 5"]),
            (
                "UPDATE log SET previous = (SELECT previous FROM log WHERE position = 2) WHERE position = 5",
                Known::Nothing,
                &["changed 5"],
            ),
        ]).await;
    }

    async fn what_was_deleted_is_named(bench: Bench) {
        check(bench, &[
            ("DELETE FROM log WHERE position = 1", Known::Nothing, &["missing 1-1"]),
            ("DELETE FROM log WHERE position IN (3, 4, 6)", Known::Nothing, &["missing 3-4", "missing 6-6"]),
            (
                "DELETE FROM log WHERE position = 3; UPDATE log SET position = 3 WHERE position = 4",
                Known::Nothing,
                &["changed 3", "missing 4-4"],
            ),
        ]).await;
    }

    async fn an_end_that_was_cut_off_is_seen_by_whoever_kept_a_head(bench: Bench) {
        check(bench, &[
            ("DELETE FROM log WHERE position = 8", Known::Nothing, &[]),
            ("DELETE FROM log WHERE position = 8", Known::Head, &["truncated 7 of 8"]),
            ("DELETE FROM log", Known::Head, &["truncated 0 of 8"]),
        ]).await;
    }

    async fn what_changed_places_is_named(bench: Bench) {
        let swap = "UPDATE log SET position = 99 WHERE position = 3; UPDATE log SET position = 3 WHERE position = 4; \
                    UPDATE log SET position = 4 WHERE position = 99";
        check(bench, &[(swap, Known::Nothing, &["changed 3", "changed 4", "replaced 4"])]).await;
    }

    async fn an_entry_with_a_new_hash_is_found_by_the_one_after_it(bench: Bench) {
        let (store, head) = unguarded(&bench).await;
        // A log with another third entry, hashed as the store does, and that entry put in the place of the right one.
        let other = bench.another().await;
        let forged = other.open().await;
        for number in [1, 2, 33] {
            forged.append(&nord(), &one(&format!("n{number}"), "1", "inn")).await.unwrap();
        }
        let hash = forged.head(&nord()).await.unwrap().hash;
        let quoted = match bench.kind { Kind::Sqlite => format!("x'{hash}'"), Kind::Postgres => format!("'\\x{hash}'") };
        bench.raw(&format!("UPDATE log SET append_key = 'n33', hash = {quoted} WHERE position = 3")).await.unwrap();
        let found = store.verify(&nord(), &[]).await.unwrap();
        assert_eq!(found.faults.iter().map(short).collect::<Vec<_>>(), ["replaced 3"]);
        // All after it written anew as well: only a head that was kept elsewhere tells.
        for number in 4..=ENTRIES {
            forged.append(&nord(), &one(&format!("n{number}"), "1", "inn")).await.unwrap();
        }
        let found = forged.verify(&nord(), &[]).await.unwrap();
        assert!(found.is_whole());
        let found = forged.verify(&nord(), &[head]).await.unwrap();
        assert_eq!(found.faults.iter().map(short).collect::<Vec<_>>(), ["rewritten 8"]);
        assert!(found.faults[0].to_string().contains(&head.hash.to_string()));
    }

    async fn a_log_given_to_another_community_is_found(bench: Bench) {
        let (store, _) = unguarded(&bench).await;
        bench.raw("UPDATE log SET community = 'sor'").await.unwrap();
        let found = store.verify(&community("sor"), &[]).await.unwrap();
        assert_eq!(found.faults.len(), usize::try_from(ENTRIES).unwrap());
    }

    async fn reading_stops_at_a_hole_and_says_so(bench: Bench) {
        let (store, _) = unguarded(&bench).await;
        bench.raw("DELETE FROM log WHERE position = 3").await.unwrap();
        let mut tail = store.tail(&nord(), Position(0));
        assert_eq!(tail.next(2).await.unwrap().len(), 2);
        for _ in 0..2 {
            let error = tail.next(2).await.unwrap_err();
            assert!(matches!(error, StoreError::NotWhole { position: Position(3), .. }), "{error}");
        }
    }
}
