//! Logs as text: out of one store and into another.

use std::{io::BufReader, sync::Arc};

use samspill_base::{CaseLog, Entry, Position};
use samspill_store::{CommunityId, Head, ImportedLog, Options, Outcome, Projection, Store, StoreError};

use crate::{
    bench::{Bench, Kind, lenient, on_both},
    samples::{append, at, community, entry, hard, nord, one},
    support::postgres,
};

async fn exported(store: &Store, community: &CommunityId) -> String {
    let mut out = Vec::new();
    let exported = store.export(community, &mut out).await.unwrap();
    let head = store.head(community).await.unwrap();
    assert_eq!((exported.head, exported.written), (head, head));
    String::from_utf8(out).unwrap()
}

async fn imported(store: &Store, text: &str) -> Result<Vec<ImportedLog>, StoreError> {
    store.import(&mut BufReader::with_capacity(7, text.as_bytes())).await
}

/// A log with what is hard to keep in it.
async fn sample(store: &Store) -> Head {
    let older = Entry { recorded: Some(at("2019-01-01T00:00:00.000000001Z")), body: None, ..hard() };
    store.append(&nord(), &append("a \"«\n", &[hard(), older, entry("2", "ut")])).await.unwrap();
    store.append(&nord(), &one("b", "1", "inn")).await.unwrap();
    store.head(&nord()).await.unwrap()
}

/// The other database, if it is there.
async fn other_kind(kind: Kind) -> Option<Bench> {
    match kind {
        Kind::Postgres => Some(Bench::sqlite()),
        Kind::Sqlite => Some(Bench::postgres(postgres::server()?).await),
    }
}

/// How many entries a case has.
#[derive(Debug)]
struct Count;

impl Projection for Count {
    fn name(&self) -> &'static str {
        "antall"
    }

    fn version(&self) -> u32 {
        1
    }

    fn rows(&self, case: &CaseLog) -> std::collections::BTreeMap<String, String> {
        [("antall".to_owned(), case.entries.len().to_string())].into()
    }
}

on_both! {
    async fn a_log_comes_out_of_one_store_and_into_another_with_all_it_had(bench: Bench) {
        let from = bench.open().await;
        let head = sample(&from).await;
        let text = exported(&from, &nord()).await;
        for into in [Some(bench.another().await), other_kind(bench.kind).await].into_iter().flatten() {
            let options = Options { projections: vec![Arc::new(Count)], ..lenient() };
            let store = into.open_with(options).await;
            let log = ImportedLog { community: nord(), head, kept: head, added: 4, there: 0 };
            assert_eq!(imported(&store, &text).await.unwrap(), [log]);
            let all = store.read(&nord(), Position(1), 9).await.unwrap();
            assert_eq!(all, from.read(&nord(), Position(1), 9).await.unwrap());
            assert!(store.verify(&nord(), &[head]).await.unwrap().is_whole());
            assert_eq!(exported(&store, &nord()).await, text);
            assert_eq!(store.projected(&nord(), "antall", "sak ø").await.unwrap()["antall"], "2");
            assert_eq!(store.append(&nord(), &one("b", "1", "inn")).await.unwrap().outcome, Outcome::AlreadyThere);
            assert_eq!(store.append(&nord(), &one("c", "1", "inn")).await.unwrap().first, Position(5));
        }
    }

    async fn an_import_again_adds_only_what_is_new(bench: Bench) {
        let (from, into) = (bench.open().await, bench.another().await.open().await);
        let first = sample(&from).await;
        let earlier = exported(&from, &nord()).await;
        from.append(&nord(), &one("c", "1", "inn")).await.unwrap();
        let later = exported(&from, &nord()).await;
        let empty = exported(&from, &community("tom")).await;
        for (text, head, added, there) in [
            (&earlier, first, 4, 0),
            (&earlier, first, 0, 4),
            (&later, from.head(&nord()).await.unwrap(), 1, 4),
            (&earlier, first, 0, 4),
        ] {
            assert_eq!(imported(&into, text).await.unwrap(), [ImportedLog { community: nord(), head, kept: head, added, there }]);
        }
        let none = imported(&into, &empty).await.unwrap();
        assert_eq!(none, [ImportedLog { community: community("tom"), head: Head::START, kept: Head::START, added: 0, there: 0 }]);
        assert_eq!(imported(&into, "").await.unwrap(), []);
    }

    async fn a_log_with_another_past_is_refused(bench: Bench) {
        let (from, into) = (bench.open().await, bench.another().await.open().await);
        for store in [&from, &into] {
            store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
        }
        from.append(&nord(), &one("b", "1", "inn")).await.unwrap();
        into.append(&nord(), &one("c", "1", "inn")).await.unwrap();
        let head = into.head(&nord()).await.unwrap();
        from.append(&nord(), &one("d", "1", "inn")).await.unwrap();
        let error = imported(&into, &exported(&from, &nord()).await).await.unwrap_err();
        assert!(matches!(error, StoreError::OtherPast { line: 3, position: Position(2), .. }), "{error}");
        assert_eq!(into.head(&nord()).await.unwrap(), head);
    }

    async fn what_was_changed_on_the_way_is_refused_and_nothing_written(bench: Bench) {
        let from = bench.open().await;
        sample(&from).await;
        let text = exported(&from, &nord()).await;
        let into = bench.another().await.open().await;
        let lines: Vec<_> = text.lines().collect();
        let joined = |lines: &[&str]| lines.join("\n") + "\n";
        for (changed, line, says) in [
            (text.replacen("\"kind\":\"ut\"", "\"kind\":\"inn\"", 1), 4, "was changed"),
            (text.replacen("\"key\":\"b\"", "\"key\":\"c\"", 1), 5, "was changed"),
            (text.replacen("\"recorded\":\"2019", "\"recorded\":\"2018", 1), 3, "was changed"),
            (text.replacen("9223372036.854775807", "9223372036.854775806", 1), 2, "was changed"),
            (text.replacen("9223372036.854775807", "9223372036.8547758071", 1), 2, "too many digits"),
            (text.replacen("\"nord\"", "\"sor\"", 1), 2, "was changed"),
            (text.replacen("\"form\":1", "\"form\":6", 1), 1, "newer program"),
            (text.replacen("\"form\":1", "\"form\":2", 1), 7, "mail of nord should begin"),
            (text.replacen("\"kind\":", "\"slag\":1,\"kind\":", 1), 2, "unknown field"),
            (joined(&lines[..5]), 6, "cut off"),
            (joined(&lines[1..]), 1, "first line"),
            (joined(&[&lines[..2], &lines[3..]].concat()), 3, "missing"),
            (joined(&[lines[0], lines[2], lines[1], lines[3], lines[4], lines[5]]), 2, "changed places"),
            (joined(&[&lines[..4], &lines[5..]].concat()), 5, "lines are missing"),
            (text[..text.len() - 1].to_owned(), 6, "cut off"),
        ] {
            let error = imported(&into, &changed).await.unwrap_err();
            let told = error.to_string();
            assert!(told.contains(says), "{told}, not {says}");
            assert!(matches!(error, StoreError::Import { line: found, .. } if found == line), "{told}");
        }
        assert_eq!(into.communities().await.unwrap(), []);
    }

    /// Another byte anywhere gives an error, or JSON that says the same.
    async fn no_changed_byte_gets_in(bench: Bench) {
        let from = bench.open().await;
        let head = sample(&from).await;
        let text = exported(&from, &nord()).await.into_bytes();
        let into = bench.another().await.open().await;
        for at in (0..text.len()).step_by(9) {
            let mut changed = text.clone();
            changed[at] ^= 1;
            match into.import(&mut &changed[..]).await {
                Err(error) => assert!(matches!(error, StoreError::Import { .. } | StoreError::OtherPast { .. }), "{error}"),
                Ok(logs) => assert!(logs.iter().all(|log| log.community == nord() && log.head == head), "byte {at}"),
            }
        }
    }

    async fn a_log_that_is_not_whole_is_not_exported(bench: Bench) {
        let store = bench.open().await;
        sample(&store).await;
        bench.raw_each("DROP TRIGGER log_never_deleted", "ALTER TABLE log DISABLE TRIGGER USER").await.unwrap();
        bench.raw("DELETE FROM log WHERE position = 2").await.unwrap();
        let mut out = Vec::new();
        let error = store.export(&nord(), &mut out).await.unwrap_err();
        assert!(matches!(&error, StoreError::NotWhole { says, .. } if says == "entry 2 is missing"), "{error}");
        assert!(!String::from_utf8(out).unwrap().contains("\"end\""));
    }
}
