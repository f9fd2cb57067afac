//! What the store says when the machine fails.

use std::time::Duration;

use samspill_base::Position;
use samspill_store::{IfMissing, Options, Store, StoreError};

use crate::{
    bench::{Bench, Kind, lenient, on_both},
    samples::{nord, one},
};

on_both! {
    async fn a_log_that_somebody_holds_is_locked_and_then_free_again(bench: Bench) {
        let holder = bench.open().await;
        let hasty = Options { wait: Duration::from_millis(500), ..lenient() };
        let store = Store::open(&bench.place(), hasty).await.unwrap();
        let tx = holder.begin(&nord()).await.unwrap();
        let error = store.append(&nord(), &one("a", "1", "inn")).await.unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }) && error.may_pass(), "{error}");
        assert_eq!(store.head(&nord()).await.unwrap().position, Position(0), "readers do not wait");
        drop(tx);
        // The holder gives the log up in the background.
        for _ in 0..200 {
            if store.append(&nord(), &one("a", "1", "inn")).await.is_ok() {
                return;
            }
        }
        panic!("still locked");
    }

    async fn a_place_that_is_not_there_says_so(bench: Bench) {
        let (place, options) = match bench.kind {
            Kind::Sqlite => {
                let file = bench.file("ingen.db");
                let options = Options { if_missing: IfMissing::Refuse, ..lenient() };
                let error = Store::open(&format!("sqlite:{}", file.display()).parse().unwrap(), options.clone()).await.unwrap_err();
                assert!(matches!(error, StoreError::Missing(_)) && !file.exists(), "{error}");
                (format!("sqlite:{}", bench.file("ingen/ingen.db").display()), lenient())
            }
            Kind::Postgres => {
                let address = bench.address.replace("test_", "ingen_");
                (address, Options { wait: Duration::from_millis(300), ..lenient() })
            }
        };
        let error = Store::open(&place.parse().unwrap(), options).await.unwrap_err();
        assert!(matches!(error, StoreError::Gone { .. }), "{error:?}");
    }

    async fn a_file_that_is_something_else_is_damaged(bench: Bench) {
        if bench.kind == Kind::Sqlite {
            let file = bench.file("notat.txt");
            std::fs::write(&file, "Dette er et notat og ingen database. ".repeat(100)).unwrap();
            let place = format!("sqlite:{}", file.display()).parse().unwrap();
            let error = Store::open(&place, lenient()).await.unwrap_err();
            assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        }
    }

    async fn connections_that_break_are_made_anew(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let store = bench.open().await;
            let mut tx = store.begin(&nord()).await.unwrap();
            tx.append(&one("a", "1", "inn")).await.unwrap();
            let kill = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";
            bench.texts(kill).await;
            let error = tx.commit().await.unwrap_err();
            assert!(matches!(error, StoreError::OutcomeUnknown { .. }) && error.may_pass(), "{error:?}");
            let receipt = store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
            assert_eq!(receipt.first, Position(1));
        }
    }

    async fn a_server_that_does_not_write_through_is_refused(bench: Bench) {
        let opened = Store::open(&bench.place(), Options::default()).await;
        match bench.kind {
            Kind::Sqlite => drop(opened.unwrap()),
            Kind::Postgres => assert!(matches!(opened, Err(StoreError::NotLasting)), "{opened:?}"),
        }
    }
}
