//! Persons of the log: the same to whoever has the keys, marks to whoever hasn't, and in the database nothing else.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use samspill_base::{CaseLog, Decimal, Entry, Position, Value};
use samspill_store::{
    Append, EntryError, Fault, Options, Outcome, ProjectedRow, Projection, Resealed, SealError, Store,
    StoreError,
};
use tokio::task::JoinSet;

use crate::{
    bench::{Bench, Kind, lenient, on_both},
    samples::{append, at, community, entry, hard, nord, one},
    sealed::{NEW, OLD, holds, with},
};

/// Numbers as persons have them, of a series that no person is given.
pub(crate) const KARI: &str = "41814061033";
pub(crate) const OLA: &str = "23914111277";
const MOTHER: &str = "01815012345";

/// An entry about somebody.
pub(crate) fn about(case: &str, kind: &str, person: &str) -> Entry {
    Entry { person: Some(person.to_owned()), ..entry(case, kind) }
}

/// An entry with a number wherever one can stand.
fn talkative(case: &str) -> Entry {
    let number = Value::Number(Decimal::parse(KARI).unwrap());
    let inner = BTreeMap::from([(format!("om {OLA}"), Value::text(format!("{OLA},{KARI}")))]);
    Entry {
        id: Some(format!("{KARI}#inn")),
        from: Some(format!("fastlege for {KARI}")),
        to: Some(format!("pårørende {MOTHER}")),
        facts: BTreeMap::from([
            ("fnr".to_owned(), number.clone()),
            (format!("mor-{MOTHER}"), Value::Bool(true)),
        ]),
        body: Some(BTreeMap::from([
            ("tekst".to_owned(), Value::text(format!("«{KARI}» er mor til {OLA}."))),
            ("uten null".to_owned(), Value::Number(Decimal::whole(1_815_012_345))),
            ("liste".to_owned(), Value::List(vec![number, Value::Map(inner)])),
            ("tall".to_owned(), Value::text("123456789012 4181406103 x41814061033x")),
        ])),
        ..about(case, "melding", KARI)
    }
}

/// What is typed to find a case: its persons and texts, in JSON.
#[derive(Debug)]
pub(crate) struct Found;

impl Projection for Found {
    fn name(&self) -> &'static str {
        "funn"
    }

    fn version(&self) -> u32 {
        1
    }

    fn rows(&self, case: &CaseLog) -> BTreeMap<String, String> {
        let texts = |entry: &Entry| {
            let body =
                entry.body.iter().flatten().filter_map(|(_, value)| value.as_text().map(str::to_owned));
            entry.person.clone().into_iter().chain(body).chain(entry.id.clone()).collect::<Vec<_>>()
        };
        let texts: Vec<String> = case.entries.iter().flat_map(texts).collect();
        BTreeMap::from([("funn".to_owned(), serde_json::Value::from(texts).to_string())])
    }
}

pub(crate) fn sealing() -> Options {
    projecting(with("2025", &[OLD]))
}

pub(crate) fn projecting(options: Options) -> Options {
    Options { projections: vec![Arc::new(Found)], ..options }
}

pub(crate) async fn entries(store: &Store) -> Vec<Entry> {
    store.read(&nord(), Position(1), 9999).await.unwrap().into_iter().map(|entry| entry.entry).collect()
}

pub(crate) async fn persons(store: &Store) -> Vec<String> {
    entries(store).await.into_iter().filter_map(|entry| entry.person).collect()
}

async fn rows(store: &Store) -> Vec<ProjectedRow> {
    store.projected_after(&nord(), "funn", ("", ""), 999).await.unwrap()
}

/// All that the database has, as text, and bytes in hexadecimal digits.
pub(crate) async fn raw(bench: &Bench) -> String {
    let hex = |column: &str| match bench.kind {
        Kind::Sqlite => format!("lower(hex({column}))"),
        Kind::Postgres => format!("encode({column}, 'hex')"),
    };
    let mut all = Vec::new();
    for sql in [
        format!("SELECT append_key || ' ' || case_name || ' ' || kind || ' ' || {} FROM log", hex("entry")),
        "SELECT case_name || ' ' || row_key || ' ' || row_json FROM projection_row".to_owned(),
        format!("SELECT mark || ' ' || key_id || ' ' || {} FROM log_person", hex("sealed")),
    ] {
        all.extend(bench.texts(&sql).await);
    }
    all.join("\n")
}

/// What the log itself has in the place of persons.
async fn marks(bench: &Bench) -> Vec<String> {
    persons(&bench.open().await).await
}

fn is_mark(text: &str) -> bool {
    text.len() == 34 && text.starts_with("p~")
}

fn persons_trouble<T: std::fmt::Debug>(result: Result<T, StoreError>) -> SealError {
    match result {
        Err(StoreError::PersonsSealed { says, .. }) => says,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_log_is_read_as_it_was_given_and_names_nobody_in_the_database(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        let given = [talkative("1"), hard(), about("2", "inn", OLA), about("2", "ut", "hjelpenr \"Å\u{1}\" 7"), about("3", "inn", "")];
        for (number, entry) in given.iter().enumerate() {
            store.append(&nord(), &append(&number.to_string(), std::slice::from_ref(entry))).await.unwrap();
        }
        let first = append("flere", &[about("4", "inn", KARI), about("5", "inn", KARI), about("6", "inn", MOTHER)]);
        store.append(&nord(), &first).await.unwrap();
        for store in [store.clone(), bench.open_with(sealing()).await] {
            let read = entries(&store).await;
            for (entry, given) in read.iter().zip(given.iter().chain(&first.entries)) {
                let expected = Entry { position: entry.position, recorded: entry.recorded, ..given.clone() };
                assert_eq!(*entry, expected);
            }
            assert_eq!(store.case_entries(&nord(), "1").await.unwrap(), read[..1]);
            let mut tx = store.begin(&nord()).await.unwrap();
            assert_eq!(tx.case_entries("2").await.unwrap(), read[2..4]);
            drop(tx);
            let mut tail = store.tail(&nord(), Position(5));
            assert_eq!(tail.next(9).await.unwrap().iter().map(|entry| entry.entry.clone()).collect::<Vec<_>>(), read[5..]);
            assert!(store.verify(&nord(), &[]).await.unwrap().is_whole());
        }
        let raw = raw(&bench).await;
        assert!(raw.len() > 1000);
        for secret in [KARI, OLA, MOTHER, "1815012345", "hjelpenr"] {
            assert!(!holds(&raw, secret), "{secret}");
        }
    }

    async fn a_file_or_dump_has_no_number_after_a_day_of_work(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        for number in 0..40 {
            let person = [KARI, OLA, MOTHER][number % 3];
            let entries = [about(&format!("sak {}", number % 7), "inn", person), talkative("lang")];
            let mut tx = store.begin(&nord()).await.unwrap();
            tx.append(&append(&number.to_string(), &entries)).await.unwrap();
            tx.projected("funn", "lang").await.unwrap();
            if number % 5 == 0 {
                drop(tx);
                let again = append(&number.to_string(), &entries);
                store.append(&nord(), &again).await.unwrap();
                store.append(&nord(), &again).await.unwrap();
            } else {
                tx.commit().await.unwrap();
            }
        }
        store.rebuild(&nord(), "funn").await.unwrap();
        store.reseal(&nord(), 9).await.unwrap();
        let (read, found) = (entries(&store).await, rows(&store).await);
        store.close().await;
        assert!(read.iter().any(|entry| entry.person.as_deref() == Some(MOTHER)) && found.iter().any(|row| row.json.contains(OLA)));
        let files = match bench.kind {
            Kind::Sqlite => {
                let path = bench.address.strip_prefix("sqlite:").unwrap();
                ["", "-wal"].iter().filter_map(|end| std::fs::read(format!("{path}{end}")).ok()).flatten().collect()
            }
            Kind::Postgres => raw(&bench).await.into_bytes(),
        };
        assert!(files.len() > 10_000);
        let text = String::from_utf8_lossy(&files);
        for secret in [KARI, OLA, MOTHER] {
            assert!(!holds(&text, secret), "{secret}");
        }
    }

    async fn rows_are_opened_when_they_are_read_and_made_anew_the_same(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        let strange = "nr \"1\" \u{1}\\";
        store.append(&nord(), &append("a", &[about("1", "inn", KARI), about("2", "inn", strange), talkative("3")])).await.unwrap();
        let read: Vec<Vec<String>> = rows(&store).await.iter().map(|row| serde_json::from_str(&row.json).unwrap()).collect();
        assert_eq!((&read[0], &read[1]), (&vec![KARI.to_owned()], &vec![strange.to_owned()]));
        assert!(read[2].contains(&format!("«{KARI}» er mor til {OLA}.")) && read[2].contains(&format!("{KARI}#inn")));
        let one = store.projected(&nord(), "funn", "1").await.unwrap();
        assert_eq!(one["funn"], format!("[\"{KARI}\"]"));
        let kept = bench.texts("SELECT row_json FROM projection_row ORDER BY case_name").await;
        assert!(!kept.iter().any(|json| json.contains(KARI) || json.contains(OLA)), "{kept:?}");
        store.rebuild(&nord(), "funn").await.unwrap();
        assert_eq!(bench.texts("SELECT row_json FROM projection_row ORDER BY case_name").await, kept);
        // Also by a program without keys, and by one with the next key.
        for options in [lenient(), with("2026", &[OLD, NEW]), with("2026", &[NEW])] {
            let other = bench.open_with(projecting(options)).await;
            other.rebuild(&nord(), "funn").await.unwrap();
            assert_eq!(bench.texts("SELECT row_json FROM projection_row ORDER BY case_name").await, kept);
        }
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.append(&append("b", &[about("4", "inn", "79915099999")])).await.unwrap();
        assert_eq!(tx.projected("funn", "4").await.unwrap()["funn"], "[\"79915099999\"]");
    }

    async fn the_same_person_has_one_mark_and_one_row_however_they_come(bench: Bench) {
        let (store, other) = (bench.open_with(sealing()).await, bench.open_with(with("2025", &[OLD])).await);
        let mut tasks = JoinSet::new();
        for number in 0..24 {
            let store = if number % 2 == 0 { store.clone() } else { other.clone() };
            let person = if number % 3 == 0 { OLA } else { KARI };
            tasks.spawn(async move {
                store.append(&nord(), &append(&number.to_string(), &[about(&number.to_string(), "inn", person)])).await.unwrap();
            });
        }
        tasks.join_all().await;
        let mut marks = marks(&bench).await;
        assert!(marks.iter().all(|mark| is_mark(mark)), "{marks:?}");
        marks.sort();
        marks.dedup();
        assert_eq!(bench.texts("SELECT mark FROM log_person ORDER BY mark").await, marks);
        assert_eq!(marks.len(), 2);
        for store in [&store, &other] {
            let mut read = persons(store).await;
            read.sort();
            assert_eq!((read.len(), read.iter().filter(|person| *person == OLA).count()), (24, 8));
            assert!(store.verify(&nord(), &[]).await.unwrap().is_whole());
        }
        // Elsewhere the same person has another mark.
        store.append(&community("sor"), &append("a", &[about("1", "inn", KARI)])).await.unwrap();
        assert_eq!(bench.texts("SELECT DISTINCT mark FROM log_person").await.len(), 3);
    }

    async fn what_is_taken_back_leaves_no_person_and_what_comes_after_it_has_one(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.append(&append("a", &[about("1", "inn", KARI)])).await.unwrap();
        assert_eq!(tx.case_entries("1").await.unwrap()[0].person.as_deref(), Some(KARI));
        drop(tx);
        assert!(bench.texts("SELECT mark FROM log_person").await.is_empty());
        store.append(&nord(), &append("b", &[about("1", "inn", KARI)])).await.unwrap();
        let again = bench.open_with(sealing()).await;
        assert_eq!(persons(&again).await, [KARI]);
    }

    async fn an_append_asked_for_again_is_the_same_whenever_it_was_written(bench: Bench) {
        let given = append("a", &[talkative("1"), about("1", "ut", KARI)]);
        let clear = bench.open_with(projecting(lenient())).await;
        clear.append(&nord(), &given).await.unwrap();
        let later = append("b", &[talkative("1")]);
        for options in [sealing(), with("2025", &[OLD]), projecting(with("2026", &[OLD, NEW]))] {
            let store = bench.open_with(options).await;
            for append in [&given, &later, &given, &later] {
                store.append(&nord(), append).await.unwrap();
                assert_eq!(store.append(&nord(), append).await.unwrap().outcome, Outcome::AlreadyThere);
            }
            let other = append("a", &[talkative("1"), about("1", "ut", OLA)]);
            let error = store.append(&nord(), &other).await.unwrap_err();
            assert!(matches!(error, StoreError::KeyTaken { part: 2, differs: "person", .. }), "{error}");
            let other = append("b", &[Entry { person: Some(OLA.to_owned()), ..talkative("1") }]);
            let error = store.append(&nord(), &other).await.unwrap_err();
            assert!(matches!(error, StoreError::KeyTaken { part: 1, differs: "person", .. }), "{error}");
            assert_eq!(store.head(&nord()).await.unwrap().position, Position(3));
        }
        // One with another key finds the same, though it can't read it.
        let store = bench.open_with(with("2026", &[NEW])).await;
        assert_eq!(store.append(&nord(), &later).await.unwrap().outcome, Outcome::AlreadyThere);
    }

    async fn a_log_from_before_there_were_keys_goes_on_with_marks(bench: Bench) {
        let clear = bench.open_with(projecting(lenient())).await;
        clear.append(&nord(), &append("a", &[about("1", "inn", KARI), talkative("1")])).await.unwrap();
        let head = clear.head(&nord()).await.unwrap();
        clear.close().await;
        let store = bench.open_with(sealing()).await;
        store.append(&nord(), &append("b", &[about("1", "ut", KARI), about("2", "inn", KARI)])).await.unwrap();
        assert_eq!(persons(&store).await, [KARI; 4]);
        assert!(store.verify(&nord(), &[head]).await.unwrap().is_whole());
        let found = rows(&store).await;
        assert!(found.iter().all(|row| row.json.contains(KARI) && !row.json.contains('~')), "{found:?}");
        let kept = marks(&bench).await;
        assert_eq!(kept.iter().map(|person| is_mark(person)).collect::<Vec<_>>(), [false, false, true, true]);
        assert_eq!(kept[..2], [KARI; 2]);
    }

    async fn without_keys_marks_are_read_and_nothing_is_written(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        store.append(&nord(), &append("a", &[about("1", "inn", KARI)])).await.unwrap();
        for options in [lenient(), projecting(lenient())] {
            let other = bench.open_with(options).await;
            assert!(is_mark(&persons(&other).await[0]));
            let found = other.verify(&nord(), &[]).await.unwrap();
            assert!(found.is_whole() && found.unnamed == 0);
            for asked in [append("b", &[about("1", "ut", KARI)]), one("c", "1", "ut"), append("a", &[about("1", "inn", KARI)])] {
                assert_eq!(persons_trouble(other.append(&nord(), &asked).await), SealError::NoKeys("2025".to_owned()));
            }
            let mut tx = other.begin(&nord()).await.unwrap();
            let error = tx.append(&append("b", &[about("1", "ut", KARI)])).await.unwrap_err();
            assert!(error.to_string().contains("person_keys"), "{error}");
            drop(tx);
            // Another community's log is not concerned.
            other.append(&community("sor"), &one(&format!("{:?}", other.head(&community("sor")).await), "1", "inn")).await.unwrap();
        }
        assert_eq!(store.head(&nord()).await.unwrap().position, Position(1));
    }

    async fn without_the_right_key_a_mark_stays_and_nobody_writes_it_on(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        store.append(&nord(), &append("a", &[about("1", "inn", KARI)])).await.unwrap();
        for (options, says) in [
            (with("2026", &[NEW]), SealError::NoKey("2025".to_owned())),
            (with("2025", &[("2025", 0x42)]), SealError::NotOurs("2025".to_owned())),
        ] {
            let other = bench.open_with(projecting(options)).await;
            let read = persons(&other).await;
            assert!(is_mark(&read[0]));
            let found = other.verify(&nord(), &[]).await.unwrap();
            assert!(matches!(&found.faults[..], [Fault::PersonSealed { mark, says: told }] if *mark == read[0] && *told == says), "{found:?}");
            let on = append("b", &[about("1", "ut", &read[0])]);
            assert_eq!(persons_trouble(other.append(&nord(), &on).await), says);
            if says == SealError::NoKey("2025".to_owned()) {
                assert_eq!(persons_trouble(other.reseal(&nord(), 9).await), says);
            }
        }
        // What it writes of the person itself is right all the same.
        let other = bench.open_with(with("2026", &[NEW])).await;
        other.append(&nord(), &append("c", &[about("2", "inn", KARI), about("2", "inn", OLA)])).await.unwrap();
        let store = bench.open_with(with("2026", &[OLD, NEW])).await;
        assert_eq!(persons(&store).await, [KARI, KARI, OLA]);
    }

    async fn nobody_is_told_whose_a_mark_is_by_writing_it(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        store.append(&nord(), &append("a", &[about("1", "inn", KARI)])).await.unwrap();
        let mark = marks(&bench).await.remove(0);
        let text = Value::text(format!("se {mark}"));
        for (place, planted) in [
            about("9", "inn", &mark),
            about(&mark, "inn", OLA),
            entry("9", &format!("inn {mark}")),
            Entry { id: Some(mark.clone()), ..entry("9", "inn") },
            Entry { from: Some(format!("({mark})")), ..entry("9", "inn") },
            Entry { to: Some(mark.clone()), ..entry("9", "inn") },
            Entry { facts: BTreeMap::from([(mark.clone(), Value::Empty)]), ..entry("9", "inn") },
            Entry { body: Some(BTreeMap::from([("a".to_owned(), Value::List(vec![text]))])), ..entry("9", "inn") },
        ]
        .iter()
        .enumerate()
        {
            let mut tx = store.begin(&nord()).await.unwrap();
            let error = tx.append(&append("b", std::slice::from_ref(planted))).await.unwrap_err();
            assert!(matches!(error, StoreError::Entry(EntryError::Mark)), "{place}: {error}");
            tx.append(&append(&format!("etter {place}"), &[entry("8", "inn")])).await.unwrap();
            tx.commit().await.unwrap();
        }
        // What only looks like one is kept as it is, and read as it is.
        let nobodys = format!("p~{}", "a".repeat(32));
        let given = Entry { id: Some(nobodys.clone()), ..about("7", "inn", &nobodys) };
        store.append(&nord(), &append("c", std::slice::from_ref(&given))).await.unwrap();
        let read = entries(&store).await.pop().unwrap();
        assert_eq!((read.id.as_ref(), read.person.as_ref()), (Some(&nobodys), Some(&nobodys)));
        assert_eq!(store.verify(&nord(), &[]).await.unwrap().unnamed, 1);
    }

    async fn another_key_seals_anew_and_marks_stay(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        let everybody: Vec<Entry> = (0..25).map(|number| about("1", "inn", &format!("{:011}", 41_814_061_000_u64 + number))).collect();
        store.append(&nord(), &append("a", &everybody)).await.unwrap();
        let (head, before, read) = (store.head(&nord()).await.unwrap(), marks(&bench).await, persons(&store).await);
        let store = bench.open_with(projecting(with("2026", &[OLD, NEW]))).await;
        for (resealed, left) in [(10, 15), (10, 5), (5, 0), (0, 0)] {
            assert_eq!(store.reseal(&nord(), 10).await.unwrap(), Resealed { resealed, left });
        }
        let after = bench.open_with(projecting(with("2026", &[NEW]))).await;
        assert_eq!((persons(&after).await, marks(&bench).await), (read.clone(), before));
        assert_eq!(after.append(&nord(), &append("a", &everybody)).await.unwrap().outcome, Outcome::AlreadyThere);
        assert!(after.verify(&nord(), &[head]).await.unwrap().is_whole());
        let told = bench.open_with(with("2025", &[OLD])).await.verify(&nord(), &[]).await.unwrap();
        assert_eq!(told.faults.len(), 25);
    }

    async fn persons_only_grow_and_what_was_changed_all_the_same_is_found(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        store.append(&nord(), &append("a", &[about("1", "inn", KARI), about("1", "inn", OLA)])).await.unwrap();
        for sql in [
            "DELETE FROM log_person",
            "UPDATE log_person SET mark = 'p~aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            "UPDATE log_person SET community = 'sor'",
        ] {
            let told = bench.raw(sql).await.unwrap_err().to_string();
            assert!(told.contains("only grow"), "{sql}: {told}");
        }
        if bench.kind == Kind::Postgres {
            assert!(bench.raw("TRUNCATE log_person").await.is_err());
        }
        // One person's row in the place of the other's.
        let swap = "UPDATE log_person SET sealed = (SELECT MIN(other.sealed) FROM log_person AS other)";
        let swapped = bench.raw_each(swap, "UPDATE log_person SET sealed = (SELECT other.sealed FROM log_person AS other ORDER BY mark LIMIT 1)").await;
        swapped.unwrap();
        let fresh = bench.open_with(sealing()).await;
        let found = fresh.verify(&nord(), &[]).await.unwrap();
        assert!(matches!(&found.faults[..], [Fault::PersonSealed { says: SealError::NotOurs(_), .. }]), "{found:?}");
        let read = persons(&fresh).await;
        assert_eq!(read.iter().filter(|person| is_mark(person)).count(), 1, "the one stays a mark, and is not the other: {read:?}");
        bench.raw_each("DROP TRIGGER log_person_never_deleted", "ALTER TABLE log_person DISABLE TRIGGER USER").await.unwrap();
        bench.raw("DELETE FROM log_person").await.unwrap();
        let fresh = bench.open_with(sealing()).await;
        let found = fresh.verify(&nord(), &[]).await.unwrap();
        assert!(found.is_whole() && found.unnamed == 2, "{found:?}");
        // Whoever is heard of again is known again.
        fresh.append(&nord(), &append("b", &[about("2", "inn", KARI)])).await.unwrap();
        assert_eq!(persons(&fresh).await.iter().filter(|person| *person == KARI).count(), 2);
    }

    async fn a_log_of_thousands_is_read_in_few_questions(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        let everybody: Vec<Entry> = (0..3000_u64)
            .map(|number| about(&format!("{}", number / 3), "inn", &format!("{:011}", 41_814_000_000 + number)))
            .collect();
        for (number, some) in everybody.chunks(500).enumerate() {
            store.append(&nord(), &append(&number.to_string(), some)).await.unwrap();
        }
        let fresh = bench.open_with(sealing()).await;
        let start = Instant::now();
        let read = persons(&fresh).await;
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        assert!(read.iter().zip(&everybody).all(|(read, given)| Some(read) == given.person.as_ref()));
        assert_eq!(rows(&fresh).await.len(), 999);
    }
}

/// Whatever is given is read back, and has no number in it where it lies.
#[test]
fn whatever_is_given_is_read_back() {
    crate::bench::on_sqlite(|bench| Box::pin(anything(bench)));
}

async fn anything(bench: Bench) {
    let store = bench.open_with(with("2025", &[OLD])).await;
    let letters = ["p~", "n~", "a", "7", "~", KARI, OLA, " ", "ø", "\u{0}", "\"", "p"];
    let mut dice = 7_u64;
    let mut next = |below: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap() % below
    };
    let mut text = || {
        let parts = next(40);
        (0..parts).map(|_| letters[next(letters.len())]).collect::<String>()
    };
    let given: Vec<Entry> = (0..400)
        .map(|_| Entry {
            id: Some(text()),
            person: Some(text()),
            from: Some(text()),
            facts: BTreeMap::from([(text(), Value::text(text())), (text(), Value::text(text()))]),
            recorded: Some(at("2025-01-01T00:00:00Z")),
            ..entry("1", "inn")
        })
        .collect();
    for (number, some) in given.chunks(40).enumerate() {
        let append = Append { entries: some.to_vec(), ..append(&number.to_string(), &[]) };
        store.append(&nord(), &append).await.unwrap();
    }
    for (read, given) in entries(&bench.open_with(with("2025", &[OLD])).await).await.iter().zip(&given) {
        assert_eq!(*read, Entry { position: read.position, ..given.clone() });
    }
}
