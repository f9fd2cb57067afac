//! Appending and reading.

use std::collections::BTreeMap;

use samspill_base::{Entry, Position, Value};
use samspill_store::{
    Append, EntryError, EntryHash, Head, LogEntry, Outcome, Receipt, StoreError, VALUE_DEPTH_MAX,
};

use crate::{
    bench::{Bench, Kind, on_both},
    samples::{append, at, community, entry, hard, nord, now, one},
};

fn receipt(first: u64, last: u64, outcome: Outcome) -> Receipt {
    Receipt { first: Position(first), last: Position(last), outcome }
}

fn positions(entries: &[LogEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.entry.position.0).collect()
}

/// Lists within each other.
fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Empty, |inner, _| Value::List(vec![inner]))
}

on_both! {
    async fn positions_count_from_one_in_each_community(bench: Bench) {
        let store = bench.open().await;
        let (nord, sor) = (nord(), community("sor"));
        assert_eq!(store.head(&nord).await.unwrap(), Head::START);
        let two = append("a", &[entry("1", "inn"), entry("1", "ut")]);
        assert_eq!(store.append(&nord, &two).await.unwrap(), receipt(1, 2, Outcome::Appended));
        assert_eq!(store.append(&sor, &one("a", "1", "inn")).await.unwrap(), receipt(1, 1, Outcome::Appended));
        assert_eq!(store.append(&nord, &one("b", "2", "inn")).await.unwrap(), receipt(3, 3, Outcome::Appended));
        let entries = store.read(&nord, Position(1), 10).await.unwrap();
        assert_eq!(positions(&entries), [1, 2, 3]);
        assert_eq!(entries.iter().map(|entry| (entry.part, entry.parts)).collect::<Vec<_>>(), [(1, 2), (2, 2), (1, 1)]);
        assert_eq!(entries[0].previous, EntryHash::START);
        assert_eq!([entries[1].previous, entries[2].previous], [entries[0].hash, entries[1].hash]);
        assert_eq!(store.head(&nord).await.unwrap(), entries[2].head());
        assert_eq!(store.communities().await.unwrap(), [nord, sor]);
    }

    async fn an_entry_is_read_back_as_it_was_appended(bench: Bench) {
        let store = bench.open().await;
        let older = Entry { recorded: Some(at("2019-01-01T00:00:00Z")), ..hard() };
        store.append(&nord(), &append("a", &[hard(), older.clone()])).await.unwrap();
        store.close().await;
        let read = bench.open().await.read(&nord(), Position(1), 2).await.unwrap();
        assert_eq!(read[0].entry, Entry { position: Position(1), recorded: Some(now()), ..hard() });
        assert_eq!(read[1].entry, Entry { position: Position(2), ..older });
    }

    async fn the_same_append_again_writes_nothing_and_gives_the_same_positions(bench: Bench) {
        let store = bench.open().await;
        store.append(&nord(), &one("første", "1", "inn")).await.unwrap();
        let twice = append("a", &[hard(), entry("2", "inn")]);
        assert_eq!(store.append(&nord(), &twice).await.unwrap(), receipt(2, 3, Outcome::Appended));
        store.append(&nord(), &one("etter", "1", "ut")).await.unwrap();
        let head = store.head(&nord()).await.unwrap();
        let later = Append { recorded: at("2031-01-01T00:00:00Z"), ..twice.clone() };
        let mut tx = store.begin(&nord()).await.unwrap();
        for again in [&twice, &later] {
            assert_eq!(tx.append(again).await.unwrap(), receipt(2, 3, Outcome::AlreadyThere));
        }
        assert_eq!(tx.append(&one("ny", "1", "inn")).await.unwrap(), receipt(5, 5, Outcome::Appended));
        assert_eq!(tx.append(&one("ny", "1", "inn")).await.unwrap(), receipt(5, 5, Outcome::AlreadyThere));
        drop(tx);
        store.close().await;
        let store = bench.open().await;
        assert_eq!(store.append(&nord(), &twice).await.unwrap(), receipt(2, 3, Outcome::AlreadyThere));
        assert_eq!(store.head(&nord()).await.unwrap(), head);
    }

    async fn a_key_that_stands_for_something_else_names_both(bench: Bench) {
        let store = bench.open().await;
        let there = append("a", &[entry("1", "inn"), hard()]);
        store.append(&nord(), &one("før", "1", "inn")).await.unwrap();
        store.append(&nord(), &there).await.unwrap();
        let recorded = |entry: Entry| Entry { recorded: Some(at("2020-01-01T00:00:00Z")), ..entry };
        let body = Entry { body: None, ..hard() };
        let sent = Entry { sent: None, ..hard() };
        for (now, part, differs) in [
            (append("a", &[entry("2", "inn"), hard()]), 1, "case"),
            (append("a", &[entry("1", "ut"), hard()]), 1, "kind"),
            (append("a", &[entry("1", "inn"), body]), 2, "body"),
            (append("a", &[entry("1", "inn"), sent]), 2, "sent"),
            (append("a", &[recorded(entry("1", "inn")), hard()]), 1, "recorded"),
            (append("a", &[entry("1", "inn")]), 2, "length"),
            (append("a", &[entry("1", "inn"), hard(), hard()]), 3, "length"),
        ] {
            let error = store.append(&nord(), &now).await.unwrap_err();
            let told = error.to_string();
            assert!(told.contains("«a» of nord") && told.contains("at 2 to 3"), "{told}");
            let StoreError::KeyTaken { part: found, differs: in_what, .. } = error else { panic!("{told}") };
            assert_eq!((found, in_what), (part, differs));
        }
        assert_eq!(store.head(&nord()).await.unwrap().position, Position(3));
    }

    async fn a_transaction_that_is_dropped_leaves_nothing_and_no_hole(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        assert_eq!(tx.append(&one("a", "1", "inn")).await.unwrap().first, Position(1));
        assert_eq!(tx.head().position, Position(1));
        assert_eq!(store.head(&nord()).await.unwrap(), Head::START);
        drop(tx);
        assert_eq!(store.append(&nord(), &one("b", "1", "inn")).await.unwrap(), receipt(1, 1, Outcome::Appended));
    }

    async fn work_in_a_transaction_is_all_there_or_not_at_all(bench: Bench) {
        let (store, nord) = (bench.open().await, nord());
        let done = store.write(&nord, async |tx| {
            tx.append(&one("a", "1", "inn")).await?;
            tx.append(&one("b", "1", "ut")).await
        });
        assert_eq!(done.await.unwrap().last, Position(2));
        let refused = store.write(&nord, async |tx| {
            tx.append(&one("c", "1", "inn")).await?;
            tx.append(&one("a", "1", "noe annet")).await
        });
        assert!(matches!(refused.await, Err(StoreError::KeyTaken { .. })));
        assert_eq!(store.head(&nord).await.unwrap().position, Position(2));
    }

    async fn a_refused_append_leaves_the_rest_of_the_transaction(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.append(&one("a", "1", "inn")).await.unwrap();
        assert!(matches!(tx.append(&one("a", "2", "inn")).await, Err(StoreError::KeyTaken { .. })));
        assert!(matches!(tx.append(&append("b", &[])).await, Err(StoreError::Entry(EntryError::Nothing))));
        tx.append(&one("c", "1", "ut")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(positions(&store.read(&nord(), Position(0), 9).await.unwrap()), [1, 2]);
    }

    async fn a_half_written_append_can_not_be_committed(bench: Bench) {
        let store = bench.open().await;
        bench.raw_each(
            "CREATE TRIGGER no_bad BEFORE INSERT ON log WHEN NEW.kind = 'bad' BEGIN SELECT RAISE(ABORT, 'bad'); END",
            "ALTER TABLE log ADD CHECK (kind <> 'bad')",
        ).await.unwrap();
        let mut tx = store.begin(&nord()).await.unwrap();
        let half = append("a", &[entry("1", "inn"), entry("1", "bad")]);
        assert!(matches!(tx.append(&half).await, Err(StoreError::Database { .. })));
        assert!(matches!(tx.append(&one("b", "1", "inn")).await, Err(StoreError::Broken)));
        assert!(matches!(tx.commit().await, Err(StoreError::Broken)));
        assert_eq!(store.head(&nord()).await.unwrap(), Head::START);
    }

    async fn entries_are_kept_to_the_limits_and_refused_beyond(bench: Bench) {
        let store = bench.open().await;
        let empty = Entry { recorded: Some(now()), id: Some(String::new()), ..entry("1", "inn") };
        let with_id = |bytes: usize| Entry { id: Some("x".repeat(bytes)), ..empty.clone() };
        let deep = |depth: usize| Entry { facts: BTreeMap::from([("d".to_owned(), nested(depth))]), ..empty.clone() };
        // What an entry has besides its id: form, case, kind, five times of which two are there, and empty parts.
        let rest = 1 + (4 + 1) + (4 + 3) + 16 + (17 + 4) + (1 + 4) + 3 + 4 + 1;
        let name = |bytes: usize| entry(&"n".repeat(bytes), "inn");
        for (key, kept_entry, kept) in [
            ("bytes-0", with_id(LogEntry::BYTES_MAX - rest), true),
            ("bytes-1", with_id(LogEntry::BYTES_MAX - rest + 1), false),
            ("deep-0", deep(VALUE_DEPTH_MAX), true),
            ("deep-1", deep(VALUE_DEPTH_MAX + 1), false),
            ("name-0", name(LogEntry::NAME_BYTES_MAX), true),
            ("name-1", name(LogEntry::NAME_BYTES_MAX + 1), false),
            ("name-none", name(0), false),
            ("name-nul", entry("a\0", "inn"), false),
        ] {
            let done = store.append(&nord(), &append(key, std::slice::from_ref(&kept_entry))).await;
            match done {
                Ok(_) => assert!(kept, "{key}"),
                Err(error) => assert!(!kept && matches!(error, StoreError::Entry(_)), "{key}: {error}"),
            }
        }
        let whole = store.verify(&nord(), &[]).await.unwrap();
        assert!(whole.is_whole() && whole.entries == 3, "{whole:?}");
    }

    async fn reading_gives_what_there_is_from_a_position_on(bench: Bench) {
        let store = bench.open().await;
        for number in 1..=5 {
            store.append(&nord(), &one(&number.to_string(), "1", "inn")).await.unwrap();
        }
        for (from, limit, expected) in [
            (0, 2, &[1, 2][..]),
            (1, 2, &[1, 2]),
            (4, 2, &[4, 5]),
            (5, 2, &[5]),
            (6, 2, &[]),
            (u64::MAX, 2, &[]),
            (1, 0, &[]),
            (1, usize::MAX, &[1, 2, 3, 4, 5]),
        ] {
            let read = store.read(&nord(), Position(from), limit).await.unwrap();
            assert_eq!(positions(&read), expected, "{limit} from {from}");
        }
        assert_eq!(store.read(&community("ingen"), Position(1), 5).await.unwrap(), []);
    }

    async fn the_database_itself_refuses_all_but_growth(bench: Bench) {
        let store = bench.open().await;
        store.append(&nord(), &append("a", &[entry("1", "inn"), entry("1", "ut")])).await.unwrap();
        let columns = "community, position, append_key, part, parts, case_name, kind, recorded_us, entry, previous, hash";
        let copied = |position: &str, key: &str, previous: &str| {
            format!(
                "INTO log ({columns}) SELECT community, {position}, {key}, part, parts, case_name, kind, \
                 recorded_us, entry, {previous}, hash FROM log WHERE position = 2"
            )
        };
        let mut refused = vec![
            "UPDATE log SET kind = 'x' WHERE position = 1".to_owned(),
            "UPDATE log SET kind = kind".to_owned(),
            "DELETE FROM log WHERE position = 2".to_owned(),
            "DELETE FROM log".to_owned(),
            format!("INSERT {}", copied("position + 2", "'b'", "hash")),
            format!("INSERT {}", copied("position", "'b'", "previous")),
            format!("INSERT {}", copied("position + 1", "'b'", "previous")),
            format!("INSERT {}", copied("position + 1", "append_key", "hash")),
        ];
        match bench.kind {
            Kind::Sqlite => refused.extend([
                format!("INSERT OR REPLACE {}", copied("position", "'b'", "previous")),
                format!("INSERT OR REPLACE {}", copied("position + 1", "append_key", "hash")),
                format!("REPLACE {}", copied("position + 1", "append_key", "hash")),
            ]),
            Kind::Postgres => refused.extend([
                "TRUNCATE log".to_owned(),
                "SET session_replication_role = replica; DELETE FROM log".to_owned(),
            ]),
        }
        for sql in refused {
            let error = bench.raw(&sql).await.expect_err(&sql).to_string();
            assert!(error.contains("the log only grows") || error.contains("duplicate key"), "{sql}: {error}");
        }
        bench.raw(&format!("INSERT {}", copied("position + 1", "'b'", "hash"))).await.unwrap();
    }

    async fn a_tail_gives_each_entry_once_and_goes_on_where_it_was(bench: Bench) {
        let store = bench.open().await;
        let mut tail = store.tail(&nord(), Position(0));
        assert_eq!(tail.next(10).await.unwrap(), []);
        store.append(&nord(), &append("a", &[entry("1", "inn"), entry("1", "ut"), hard()])).await.unwrap();
        assert_eq!(positions(&tail.next(2).await.unwrap()), [1, 2]);
        assert_eq!(tail.last(), Position(2));
        assert_eq!(positions(&store.tail(&nord(), tail.last()).next(2).await.unwrap()), [3]);
        assert_eq!(positions(&tail.next(2).await.unwrap()), [3]);
        let later = tokio::spawn({
            let store = store.clone();
            async move { store.append(&nord(), &one("b", "1", "inn")).await }
        });
        let waited = tail.wait(0, std::time::Duration::from_millis(1)).await.unwrap();
        assert_eq!(positions(&waited), [4]);
        later.await.unwrap().unwrap();
    }
}
