//! Backups: out, locked, and in again.

use age::secrecy::ExposeSecret;
use samspill_base::Position;
use samspill_store::{BackupKey, BackupLock, CommunityId, Head, Options, Place, Store, StoreError};
use tokio::task::JoinSet;

use crate::{
    bench::{Bench, Kind, on_both, on_sqlite},
    samples::{append, community, hard, nord, one},
};

/// A pair of keys: what opens, and what locks.
fn keys() -> (BackupKey, BackupLock) {
    let identity = age::x25519::Identity::generate();
    let lock = BackupLock::Recipients(vec![identity.to_public().to_string()]);
    (BackupKey::Identity(identity.to_string().expose_secret().to_owned()), lock)
}

async fn backed_up(store: &Store, lock: &BackupLock) -> (Vec<u8>, Vec<(CommunityId, Head)>) {
    let mut out = Vec::new();
    let heads = store.backup(lock, &mut out).await.unwrap();
    (out, heads)
}

async fn two_logs(bench: &Bench) -> Store {
    let store = bench.open().await;
    store.append(&nord(), &append("a", &[hard(), hard()])).await.unwrap();
    store.append(&community("sor"), &one("a", "hemmelig sak", "inn")).await.unwrap();
    store
}

on_both! {
    async fn a_backup_restores_all_logs_and_only_with_its_key(bench: Bench) {
        let store = two_logs(&bench).await;
        let (key, lock) = keys();
        let (backup, heads) = backed_up(&store, &lock).await;
        assert_eq!(heads.iter().map(|(community, head)| (community.as_str(), head.position.0)).collect::<Vec<_>>(), [("nord", 2), ("sor", 1)]);
        assert!(!backup.windows(8).any(|window| window == b"hemmelig"));
        let empty = bench.another().await.open().await;
        let (other, _) = keys();
        let error = empty.restore(&other, &mut &backup[..]).await.unwrap_err();
        assert!(matches!(error, StoreError::BackupKey { .. }), "{error}");
        let logs = empty.restore(&key, &mut &backup[..]).await.unwrap();
        assert_eq!(logs.iter().map(|log| (log.community.clone(), log.head)).collect::<Vec<_>>(), heads);
        for (community, head) in &heads {
            assert!(empty.verify(community, &[*head]).await.unwrap().is_whole());
            let all = empty.read(community, Position(1), 9).await.unwrap();
            assert_eq!(all, store.read(community, Position(1), 9).await.unwrap());
        }
        let error = empty.restore(&key, &mut &backup[..]).await.unwrap_err();
        assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    }

    async fn a_backup_that_was_cut_or_changed_restores_nothing(bench: Bench) {
        let store = two_logs(&bench).await;
        let (key, lock) = keys();
        let (backup, _) = backed_up(&store, &lock).await;
        let empty = bench.another().await.open().await;
        for at in [0, 30, backup.len() / 2, backup.len() - 1] {
            let error = empty.restore(&key, &mut &backup[..at]).await.unwrap_err();
            assert!(matches!(error, StoreError::BackupKey { .. } | StoreError::File { .. }), "{at}: {error}");
            let mut changed = backup.clone();
            changed[at] ^= 1;
            assert!(empty.restore(&key, &mut &changed[..]).await.is_err(), "{at}");
        }
        assert_eq!(empty.communities().await.unwrap(), []);
        empty.restore(&key, &mut &backup[..]).await.unwrap();
    }

    async fn locks_that_nobody_could_open_are_refused(bench: Bench) {
        let store = bench.open().await;
        for lock in [
            BackupLock::Passphrase(String::new()),
            BackupLock::Recipients(Vec::new()),
            BackupLock::Recipients(vec!["age1feil".to_owned()]),
        ] {
            let error = store.backup(&lock, &mut Vec::new()).await.unwrap_err();
            assert!(matches!(error, StoreError::BackupKey { .. }), "{error}");
        }
    }

    /// Each backup is the log up to some position, whole, and what came later is not in it.
    async fn backups_are_whole_while_others_write(bench: Bench) {
        let store = bench.open().await;
        let mut writers = JoinSet::new();
        for writer in 0..4 {
            let store = store.clone();
            writers.spawn(async move {
                for number in 0..25 {
                    store.append(&nord(), &one(&format!("{writer}-{number}"), "1", "inn")).await.unwrap();
                }
            });
        }
        let (key, lock) = keys();
        let mut restored = Vec::new();
        while restored.len() < 4 {
            let (backup, heads) = backed_up(&store, &lock).await;
            let empty = bench.another().await.open().await;
            empty.restore(&key, &mut &backup[..]).await.unwrap();
            restored.push((empty, heads.first().map_or(Head::START, |(_, head)| *head)));
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        writers.join_all().await;
        for (copy, head) in restored {
            assert_eq!(copy.head(&nord()).await.unwrap(), head);
            assert!(store.verify(&nord(), &[head]).await.unwrap().is_whole());
        }
    }

    async fn a_copy_of_the_file_is_a_store_of_its_own(bench: Bench) {
        let store = two_logs(&bench).await;
        let path = bench.file("kopi.db");
        let copied = store.copy_to(&path).await;
        if bench.kind == Kind::Postgres {
            assert!(matches!(copied, Err(StoreError::Unsupported(_))));
            return;
        }
        copied.unwrap();
        let head = store.head(&nord()).await.unwrap();
        store.append(&nord(), &one("b", "1", "inn")).await.unwrap();
        let copy = Store::open(&Place::file(&path), Options::default()).await.unwrap();
        assert_eq!(copy.head(&nord()).await.unwrap(), head);
        assert!(copy.verify(&nord(), &[head]).await.unwrap().is_whole());
        assert!(matches!(store.copy_to(&path).await, Err(StoreError::File { .. })), "nothing is written over");
    }
}

/// What locks it knows nothing of databases, and passphrases take their time: once is enough.
#[test]
fn a_passphrase_locks_and_opens() {
    on_sqlite(|bench| Box::pin(passphrase(bench)));
}

async fn passphrase(bench: Bench) {
    let store = two_logs(&bench).await;
    let words = || "tre små ord".to_owned();
    let (backup, heads) = backed_up(&store, &BackupLock::Passphrase(words())).await;
    let empty = bench.another().await.open().await;
    let logs = empty.restore(&BackupKey::Passphrase(words()), &mut &backup[..]).await.unwrap();
    assert_eq!(logs.len(), heads.len());
}
