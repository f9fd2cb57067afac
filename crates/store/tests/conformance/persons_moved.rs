//! Logs with marks on their way: out, in, and in backups.

use std::io::BufReader;

use age::secrecy::ExposeSecret;
use samspill_base::Position;
use samspill_store::{BackupKey, BackupLock, Exported, ImportedLog, Outcome, SealError, Store, StoreError};

use crate::{
    bench::{Bench, lenient, on_both},
    persons::{KARI, OLA, about, entries, persons, projecting, raw, sealing},
    samples::{append, nord},
    sealed::{NEW, OLD, holds, with},
};

async fn exported(store: &Store) -> (String, Exported) {
    let mut out = Vec::new();
    let exported = store.export(&nord(), &mut out).await.unwrap();
    (String::from_utf8(out).unwrap(), exported)
}

async fn with_numbers(store: &Store) -> (String, Exported) {
    let mut out = Vec::new();
    let exported = store.export_with_numbers(&nord(), &mut out).await.unwrap();
    (String::from_utf8(out).unwrap(), exported)
}

async fn imported(store: &Store, text: &str) -> Result<ImportedLog, StoreError> {
    Ok(store.import(&mut BufReader::new(text.as_bytes())).await?.remove(0))
}

async fn two(store: &Store) {
    store.append(&nord(), &append("a", &[about("1", "inn", KARI)])).await.unwrap();
    store.append(&nord(), &append("b", &[about("2", "inn", OLA), about("1", "ut", KARI)])).await.unwrap();
}

on_both! {
    async fn an_export_names_nobody_and_keeps_its_chain(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        two(&store).await;
        let head = store.head(&nord()).await.unwrap();
        let (text, done) = exported(&store).await;
        assert_eq!(done, Exported { head, written: head, named: 0 });
        assert!(!text.contains(KARI) && !text.contains(OLA), "{text}");
        for options in [lenient(), with("2026", &[NEW]), sealing()] {
            let other = bench.another().await.open_with(options).await;
            assert_eq!(imported(&other, &text).await.unwrap(), ImportedLog { community: nord(), head, kept: head, added: 3, there: 0 });
            assert_eq!(exported(&other).await.0, text);
            assert!(persons(&other).await.iter().all(|person| person.starts_with("p~")));
            let found = other.verify(&nord(), &[head]).await.unwrap();
            assert!(found.is_whole() && found.unnamed == 3, "{found:?}");
        }
        assert_eq!(imported(&store, &text).await.unwrap().there, 3);
    }

    async fn with_numbers_it_goes_to_a_store_with_other_keys_or_none(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        two(&store).await;
        let (head, read) = (store.head(&nord()).await.unwrap(), entries(&store).await);
        let (text, done) = with_numbers(&store).await;
        assert_eq!((done.head, done.written.position, done.named), (head, head.position, 3));
        assert_ne!(done.written.hash, head.hash);
        assert!(text.contains(KARI) && text.contains(OLA) && !text.contains("p~"));
        for (options, is_sealed) in [(projecting(lenient()), false), (projecting(with("2026", &[NEW])), true), (sealing(), true)] {
            let bench = bench.another().await;
            let other = bench.open_with(options).await;
            for (added, there) in [(3, 0), (0, 3)] {
                let log = imported(&other, &text).await.unwrap();
                assert_eq!((log.head, log.added, log.there), (done.written, added, there));
                assert_eq!((log.kept == log.head, log.kept), (!is_sealed, other.head(&nord()).await.unwrap()));
            }
            assert_eq!(entries(&other).await, read);
            let found = other.verify(&nord(), &[]).await.unwrap();
            assert!(found.is_whole() && found.unnamed == 0, "{found:?}");
            assert_eq!(holds(&raw(&bench).await, KARI), !is_sealed);
            assert_eq!(with_numbers(&other).await.0, text, "it goes on the same");
            assert_eq!(other.append(&nord(), &append("a", &[about("1", "inn", KARI)])).await.unwrap().outcome, Outcome::AlreadyThere);
            assert!(other.projected(&nord(), "funn", "1").await.unwrap()["funn"].contains(KARI));
        }
        assert_eq!(imported(&store, &text).await.unwrap().there, 3, "where it came from it is the same too");
        let changed = text.replacen(OLA, KARI, 1);
        assert!(imported(&bench.another().await.open().await, &changed).await.unwrap_err().to_string().contains("was changed"));
    }

    async fn an_old_log_in_the_clear_goes_into_a_new_store_with_marks(bench: Bench) {
        let clear = bench.open().await;
        two(&clear).await;
        let old = clear.head(&nord()).await.unwrap();
        let read = entries(&clear).await;
        let (plain, told) = exported(&clear).await;
        assert_eq!((told.named, told.written), (3, old), "it says that it names persons");
        assert_eq!(with_numbers(&clear).await.0, plain);
        // Goes on with marks, and then moves.
        let mixed = bench.open_with(sealing()).await;
        mixed.append(&nord(), &append("c", &[about("1", "igjen", KARI)])).await.unwrap();
        let (marked, told) = exported(&mixed).await;
        assert_eq!((told.named, told.written), (3, mixed.head(&nord()).await.unwrap()));
        assert!(marked.contains(KARI), "what was written in the clear stays so");
        let (text, told) = with_numbers(&mixed).await;
        assert_eq!(told.named, 4);
        let new = bench.another().await;
        let store = new.open_with(sealing()).await;
        let log = imported(&store, &plain).await.unwrap();
        assert_eq!((log.head, log.added), (old, 3));
        assert_ne!(log.kept, old);
        let log = imported(&store, &text).await.unwrap();
        assert_eq!((log.added, log.there), (1, 3));
        assert_eq!((log.kept, log.head), (store.head(&nord()).await.unwrap(), told.written));
        assert_eq!(entries(&store).await[..3], read[..]);
        assert_eq!(persons(&store).await, [KARI, OLA, KARI, KARI]);
        let raw = raw(&new).await;
        assert!(raw.len() > 300 && !holds(&raw, KARI) && !holds(&raw, OLA));
        assert_eq!(exported(&store).await.1.named, 0);
        assert!(store.verify(&nord(), &[log.kept]).await.unwrap().is_whole());
        assert_eq!(store.append(&nord(), &append("c", &[about("1", "igjen", KARI)])).await.unwrap().outcome, Outcome::AlreadyThere);
        // Another log is another log.
        let other = bench.another().await.open().await;
        other.append(&nord(), &append("a", &[about("1", "inn", OLA)])).await.unwrap();
        let error = imported(&store, &exported(&other).await.0).await.unwrap_err();
        assert!(matches!(error, StoreError::OtherPast { position: Position(1), .. }), "{error}");
    }

    async fn nobody_is_named_without_the_keys(bench: Bench) {
        let store = bench.open_with(sealing()).await;
        two(&store).await;
        for (options, expected) in [
            (lenient(), SealError::NoKeys("2025".to_owned())),
            (with("2026", &[NEW]), SealError::NoKey("2025".to_owned())),
        ] {
            let other = bench.open_with(options).await;
            let told = other.export_with_numbers(&nord(), &mut Vec::new()).await;
            assert!(matches!(&told, Err(StoreError::PersonsSealed { says, .. }) if *says == expected), "{told:?}");
            assert_eq!(exported(&other).await.1.named, 0);
        }
        let marked = store.read_marked(&nord(), Position(1), 9).await.unwrap();
        assert!(marked.iter().all(|entry| entry.person.as_ref().unwrap().starts_with("p~")));
        let clear = bench.another().await.open().await;
        let (text, _) = with_numbers(&store).await;
        let error = imported(&bench.open().await, &text).await.unwrap_err();
        assert!(matches!(error, StoreError::PersonsSealed { .. }), "{error}");
        imported(&clear, &text).await.unwrap();
        assert_eq!(clear.read_marked(&nord(), Position(1), 9).await.unwrap()[0].person.as_deref(), Some(KARI));
    }

    async fn a_backup_has_marks_and_whom_they_stand_for_sealed(bench: Bench) {
        let clear = bench.open().await;
        clear.append(&nord(), &append("før", &[about("0", "inn", "79915099999")])).await.unwrap();
        let store = bench.open_with(sealing()).await;
        two(&store).await;
        let (head, read) = (store.head(&nord()).await.unwrap(), entries(&store).await);
        let identity = age::x25519::Identity::generate();
        let mut backup = Vec::new();
        let lock = BackupLock::Recipients(vec![identity.to_public().to_string()]);
        store.backup(&lock, &mut backup).await.unwrap();
        let text = String::from_utf8(age::decrypt(&identity, &backup).unwrap()).unwrap();
        assert!(!text.contains(KARI) && !text.contains(OLA) && text.contains("\"table\":\"log_person\""), "{text}");
        let key = || BackupKey::Identity(identity.to_string().expose_secret().to_owned());
        for options in [sealing(), projecting(lenient()), projecting(with("2026", &[NEW]))] {
            let other = bench.another().await;
            let restored = other.open_with(options).await;
            restored.restore(&key(), &mut &backup[..]).await.unwrap();
            assert_eq!(restored.head(&nord()).await.unwrap(), head, "also what was in the clear stays as it was");
            let opened = other.open_with(sealing()).await;
            assert_eq!(entries(&opened).await, read);
            assert!(opened.projected(&nord(), "funn", "1").await.unwrap()["funn"].contains(KARI));
            let found = opened.verify(&nord(), &[head]).await.unwrap();
            assert!(found.is_whole() && found.unnamed == 0, "{found:?}");
            opened.append(&nord(), &append("c", &[about("3", "inn", KARI)])).await.unwrap();
            assert_eq!(other.texts("SELECT mark FROM log_person").await.len(), 2);
        }
        let without: Vec<&str> = text.lines().filter(|line| !line.contains("\"table\":\"log_person\"")).collect();
        let cut = age::encrypt(&identity.to_public(), (without.join("\n") + "\n").as_bytes()).unwrap();
        let error = bench.another().await.open().await.restore(&key(), &mut &cut[..]).await.unwrap_err();
        assert!(error.to_string().contains("lines are missing"), "{error}");
        let found = bench.open_with(with("2026", &[OLD, NEW])).await.verify(&nord(), &[head]).await.unwrap();
        assert!(found.is_whole());
    }
}
