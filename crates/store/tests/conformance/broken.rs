//! Statements that fail after nobody waited for them, transactions that are dropped, and connections that break at any time.

use std::{error::Error, time::Duration};

use samspill_base::Position;
use samspill_store::{MessageNumber, Options, Store, StoreError, Tx};
use tokio::time::{sleep, timeout};

use crate::{
    bench::{Bench, Kind, lenient, on_both},
    samples::{incoming, nord, one},
};

/// Two connections to a server: one that writes, one that reads.
fn few() -> Options {
    Options { connections_max: 2, ..lenient() }
}

/// From now on the database refuses ties of messages.
async fn refuse_ties(bench: &Bench) {
    let sqlite = "CREATE TRIGGER refuse_ties BEFORE INSERT ON message_tie BEGIN SELECT RAISE(ABORT, 'no ties today'); END";
    let postgres = "CREATE FUNCTION refuse_ties() RETURNS trigger LANGUAGE plpgsql AS \
                    $$BEGIN RAISE EXCEPTION 'no ties today'; END$$; \
                    CREATE TRIGGER refuse_ties BEFORE INSERT ON message_tie FOR EACH ROW EXECUTE FUNCTION refuse_ties()";
    bench.raw_each(sqlite, postgres).await.unwrap();
}

async fn allow_ties(bench: &Bench) {
    let postgres = "DROP TRIGGER refuse_ties ON message_tie";
    bench.raw_each("DROP TRIGGER refuse_ties", postgres).await.unwrap();
}

/// Whether an error says what failed, what it was for, and not what failed after it.
fn tells_of_ties(error: &StoreError) -> bool {
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    matches!(error, StoreError::Database { doing: "keep a message", .. }) && source.contains("no ties today")
}

/// Ends all connections to the database but that of the question.
async fn end_connections(bench: &Bench) {
    let sql = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let ended = bench.texts(sql).await;
    assert!(!ended.is_empty(), "there was no connection to end");
}

async fn head(store: &Store) -> Position {
    store.head(&nord()).await.unwrap().position
}

on_both! {
    async fn what_fails_unseen_is_told_at_the_commit_and_nothing_is_written(bench: Bench) {
        let store = bench.open_with(few()).await;
        let work = async |tx: &mut Tx| tx.keep_message(&incoming("before")).await;
        store.write::<_, StoreError>(&nord(), work).await.unwrap();
        refuse_ties(&bench).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.put_append(&one("a", "1", "inn")).await.unwrap();
        let error = match tx.keep_message(&incoming("m")).await {
            Ok(_) => tx.commit().await.unwrap_err(),
            // Where a statement is run at once.
            Err(error) => {
                drop(tx);
                error
            }
        };
        assert!(tells_of_ties(&error), "{error:?}");
        allow_ties(&bench).await;
        assert_eq!(head(&store).await, Position(0), "nothing was written");
        assert_eq!(store.append(&nord(), &one("a", "1", "inn")).await.unwrap().first, Position(1));
    }

    async fn what_fails_unseen_is_told_by_the_next_question_and_what_follows_is_refused(bench: Bench) {
        let store = bench.open_with(few()).await;
        let work = async |tx: &mut Tx| tx.keep_message(&incoming("before")).await;
        store.write::<_, StoreError>(&nord(), work).await.unwrap();
        refuse_ties(&bench).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let error = match tx.keep_message(&incoming("m")).await {
            Ok(_) => tx.case_entries("1").await.unwrap_err(),
            Err(error) => error,
        };
        assert!(tells_of_ties(&error), "{error:?}");
        assert!(tx.commit().await.is_err(), "half a transaction isn't committed");
        assert_eq!(head(&store).await, Position(0));
    }

    async fn a_dropped_transaction_leaves_nothing_to_the_next_on_its_connection(bench: Bench) {
        let store = bench.open_with(few()).await;
        for round in 0..20 {
            let mut tx = store.begin(&nord()).await.unwrap();
            tx.put_append(&one(&format!("dropped {round}"), "1", "inn")).await.unwrap();
            tx.keep_message(&incoming("m")).await.unwrap();
            drop(tx);
            assert_eq!(head(&store).await, Position(round));
            store.append(&nord(), &one(&format!("kept {round}"), "1", "inn")).await.unwrap();
        }
        assert!(store.verify(&nord(), &[]).await.unwrap().is_whole());
        assert_eq!(store.message(&nord(), MessageNumber(1)).await.unwrap(), None);
    }

    async fn whoever_gives_up_waiting_for_the_log_leaves_a_connection_that_can_be_used(bench: Bench) {
        let (holder, store) = (bench.open().await, bench.open_with(few()).await);
        for round in 0..5 {
            let tx = holder.begin(&nord()).await.unwrap();
            let given_up = timeout(Duration::from_millis(50), store.append(&nord(), &one("x", "1", "inn"))).await;
            assert!(given_up.is_err(), "the log is held");
            drop(tx);
            let key = format!("{round}");
            assert_eq!(store.append(&nord(), &one(&key, "1", "inn")).await.unwrap().first, Position(round + 1));
        }
    }

    async fn connections_that_broke_while_nobody_used_them_are_not_noticed(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let store = bench.open().await;
            for round in 1..=6 {
                end_connections(&bench).await;
                let receipt = store.append(&nord(), &one(&format!("{round}"), "1", "inn")).await.unwrap();
                assert_eq!(receipt.first, Position(round));
                end_connections(&bench).await;
                assert_eq!(head(&store).await, Position(round));
                if round == 3 {
                    // Longer than a connection is trusted unasked.
                    sleep(Duration::from_millis(1100)).await;
                }
            }
        }
    }

    async fn a_connection_that_breaks_in_a_transaction_takes_it_along(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let store = bench.open().await;
            let mut tx = store.begin(&nord()).await.unwrap();
            end_connections(&bench).await;
            let error = tx.case_entries("1").await.unwrap_err();
            assert!(matches!(error, StoreError::Gone { .. }), "{error:?}");
            assert!(tx.commit().await.is_err());
            assert_eq!(store.append(&nord(), &one("a", "1", "inn")).await.unwrap().first, Position(1));
        }
    }

    async fn nobody_knows_what_became_of_a_commit_whose_connection_broke(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let store = bench.open().await;
            let mut tx = store.begin(&nord()).await.unwrap();
            tx.put_append(&one("a", "1", "inn")).await.unwrap();
            tx.keep_message(&incoming("m")).await.unwrap();
            end_connections(&bench).await;
            let error = tx.commit().await.unwrap_err();
            assert!(matches!(error, StoreError::OutcomeUnknown { .. }), "{error:?}");
            assert_eq!(store.append(&nord(), &one("a", "1", "inn")).await.unwrap().first, Position(1));
        }
    }

    async fn a_closed_store_says_so(bench: Bench) {
        let store = bench.open().await;
        store.close().await;
        let error = store.append(&nord(), &one("a", "1", "inn")).await.unwrap_err();
        assert!(matches!(error, StoreError::Gone { .. }), "{error:?}");
        if bench.kind == Kind::Postgres {
            let left = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                        AND application_name = 'samspill'";
            // The server's own programs end a moment after they were told.
            for _ in 0..100 {
                if bench.texts(left).await.is_empty() {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
            panic!("connections are left");
        }
    }
}
