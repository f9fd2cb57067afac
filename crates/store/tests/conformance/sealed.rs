//! Messages and decisions that are sealed: the same to whoever has the keys, and nothing to whoever hasn't.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use age::secrecy::ExposeSecret;
use samspill_store::{
    BackupKey, BackupLock, Fault, KeptMessage, MessageFilter, MessageNumber, NewMessage, Options, Related,
    Resealed, Seal, SealError, Store, StoreError, Tx,
};

use crate::{
    bench::{Bench, Kind, lenient, on_both},
    samples::{decision, incoming, nord, outgoing, ties},
};

/// A seal that is none, and behaves as one: what it gives holds nothing of what it was given as it was given.
#[derive(Debug)]
pub(crate) struct Ring {
    newest: &'static str,
    keys: BTreeMap<&'static str, u8>,
    nonce: AtomicU8,
}

impl Seal for Ring {
    fn newest(&self) -> &str {
        self.newest
    }

    fn seal(&self, bound: &[u8], clear: &[u8]) -> Result<Vec<u8>, SealError> {
        let key = self.keys[self.newest];
        let nonce = self.nonce.fetch_add(1, Ordering::Relaxed);
        let hidden = [&[key], bound, clear].concat();
        Ok(std::iter::once(nonce).chain(hidden.iter().map(|byte| byte ^ key ^ nonce)).collect())
    }

    fn open(&self, key_id: &str, bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let key = self.keys.get(key_id).ok_or_else(|| SealError::NoKey(key_id.to_owned()))?;
        let not_ours = || SealError::NotOurs(key_id.to_owned());
        let (nonce, hidden) = sealed.split_first().ok_or_else(not_ours)?;
        let clear: Vec<u8> = hidden.iter().map(|byte| byte ^ key ^ nonce).collect();
        let clear =
            clear.strip_prefix(&[*key]).and_then(|rest| rest.strip_prefix(bound)).ok_or_else(not_ours)?;
        Ok(clear.to_vec())
    }

    fn mark(&self, text: &str) -> String {
        digits(text.bytes().map(|byte| byte ^ 0x55))
    }

    /// Eleven digits, with no digit beside them.
    fn finds(&self, text: &str) -> Vec<Range<usize>> {
        let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let begins = |at: &usize| is_digit(*at) && !at.checked_sub(1).is_some_and(is_digit);
        let number = |at: usize| (at..at + 11).all(is_digit) && !is_digit(at + 11);
        (0..text.len()).filter(begins).filter(|at| number(*at)).map(|at| at..at + 11).collect()
    }
}

pub(crate) fn with(newest: &'static str, keys: &[(&'static str, u8)]) -> Options {
    let ring = Ring { newest, keys: keys.iter().copied().collect(), nonce: AtomicU8::new(1) };
    Options { seal: Some(Arc::new(ring)), ..lenient() }
}

pub(crate) const OLD: (&str, u8) = ("2025", 0x81);
pub(crate) const NEW: (&str, u8) = ("2026", 0xC3);

/// A message about somebody.
fn about(id: &str, person: &str) -> NewMessage {
    let bytes = format!("<Pasient>{person}</Pasient>").into_bytes();
    NewMessage { bytes, ties: ties(&[id, person]), ..incoming(id) }
}

async fn keep(store: &Store, messages: &[NewMessage]) {
    let mut tx = store.begin(&nord()).await.unwrap();
    for message in messages {
        tx.keep_message(message).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn all(store: &Store) -> Vec<KeptMessage> {
    let mut found = Vec::new();
    for line in store.messages(&nord(), &MessageFilter::default(), MessageNumber(0), 99).await.unwrap() {
        found.push(store.message(&nord(), line.number).await.unwrap().unwrap());
    }
    found
}

/// All that the database has of messages, ties and decisions, as text, and bytes in hexadecimal digits.
async fn raw(bench: &Bench) -> String {
    let bytes = |column: &str| match bench.kind {
        Kind::Sqlite => format!("lower(hex({column}))"),
        Kind::Postgres => format!("encode({column}, 'hex')"),
    };
    let mut all = Vec::new();
    for sql in [
        format!("SELECT {} FROM message ORDER BY number", bytes("bytes")),
        "SELECT tie FROM message_tie ORDER BY tie".to_owned(),
        "SELECT subject || ' ' || decided || ' ' || why FROM decision ORDER BY number".to_owned(),
        format!("SELECT COALESCE({}, '') FROM decision ORDER BY number", bytes("sealed")),
    ] {
        all.extend(bench.texts(&sql).await);
    }
    all.join("\n")
}

/// Bytes as the databases print them.
pub(crate) fn digits(bytes: impl Iterator<Item = u8>) -> String {
    bytes
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

/// Whether a text stands in what the database has.
pub(crate) fn holds(raw: &str, text: &str) -> bool {
    raw.contains(text) || raw.contains(&digits(text.bytes()))
}

async fn related(tx: &mut Tx, from: &str) -> Vec<u64> {
    let Related { messages, is_cut } = tx.related(&ties(&[from]), 99).await.unwrap();
    assert!(!is_cut);
    messages.iter().map(|message| message.number.0).collect()
}

fn sealed_trouble<T: std::fmt::Debug>(result: Result<T, StoreError>) -> SealError {
    match result {
        Err(StoreError::Sealed { says, .. }) => says,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn what_is_sealed_is_read_as_it_was_given_and_says_nothing_in_the_database(bench: Bench) {
        let store = bench.open_with(with("2025", &[OLD])).await;
        let given = [about("m1", "Kari Nordmann"), NewMessage { bytes: Vec::new(), ..outgoing("m2") }];
        keep(&store, &given).await;
        let decide = async |tx: &mut Tx| tx.decide(&decision("same-person", "Kari Nordmann", "Kari Hansen")).await;
        store.write::<_, StoreError>(&nord(), decide).await.unwrap();

        let read = all(&store).await;
        assert_eq!((&read[0].bytes, &read[0].ties), (&given[0].bytes, &given[0].ties));
        assert_eq!((&read[1].bytes, &read[1].ties), (&given[1].bytes, &given[1].ties));
        let mut tx = store.begin(&nord()).await.unwrap();
        let decided = tx.decisions(&ties(&["Kari Nordmann"])).await.unwrap();
        assert_eq!((decided[0].subject.as_str(), decided[0].value.as_str()), ("Kari Nordmann", "Kari Hansen"));
        assert_eq!(decided[0].why, "spurt på telefon");
        drop(tx);

        let raw = raw(&bench).await;
        assert!(raw.len() > 100, "{raw}");
        for secret in ["Kari", "Nordmann", "Hansen", "Pasient", "telefon", "m1"] {
            assert!(!holds(&raw, secret), "{secret} in {raw}");
        }
        assert!(store.verify(&nord(), &[]).await.unwrap().is_whole());
    }

    async fn lists_say_the_size_in_the_clear_and_need_no_keys(bench: Bench) {
        let store = bench.open_with(with("2025", &[OLD])).await;
        keep(&store, &[about("m1", "Kari")]).await;
        for options in [with("2025", &[OLD]), lenient(), with("2026", &[NEW])] {
            let store = bench.open_with(options).await;
            let lines = store.messages(&nord(), &MessageFilter::default(), MessageNumber(0), 99).await.unwrap();
            assert_eq!(lines.iter().map(|line| line.size).collect::<Vec<_>>(), [about("m1", "Kari").bytes.len() as u64]);
        }
    }

    async fn what_is_in_the_clear_and_what_is_sealed_hang_together(bench: Bench) {
        let clear = bench.open().await;
        keep(&clear, &[about("m1", "Kari"), NewMessage { ties: ties(&["m2", "m1"]), ..incoming("m2") }]).await;
        let decide = async |tx: &mut Tx| tx.decide(&decision("same-person", "Kari", "D-nummer 1")).await;
        clear.write::<_, StoreError>(&nord(), decide).await.unwrap();
        clear.close().await;

        let store = bench.open_with(with("2025", &[OLD])).await;
        keep(&store, &[
            NewMessage { ties: ties(&["m3", "m2"]), ..incoming("m3") },
            about("m4", "D-nummer 1"),
            about("m5", "D-nummer 2"),
        ])
        .await;
        let mut tx = store.begin(&nord()).await.unwrap();
        for from in ["Kari", "m1", "m2", "m3", "m4", "D-nummer 1"] {
            assert_eq!(related(&mut tx, from).await, [1, 2, 3, 4], "{from}");
        }
        assert_eq!(related(&mut tx, "m5").await, [5]);
        tx.decide(&decision("same-person", "D-nummer 2", "Kari")).await.unwrap();
        assert_eq!(related(&mut tx, "m5").await, [1, 2, 3, 4, 5]);
        assert_eq!(related(&mut tx, "m3").await, [1, 2, 3, 4, 5]);
    }

    async fn all_is_sealed_anew_and_the_old_key_may_go(bench: Bench) {
        let clear = bench.open().await;
        keep(&clear, &[about("m1", "Kari"), about("m2", "Kari")]).await;
        let decide = async |tx: &mut Tx| tx.decide(&decision("same-person", "Kari", "Ola")).await;
        clear.write::<_, StoreError>(&nord(), decide).await.unwrap();
        clear.close().await;
        let clear_raw = raw(&bench).await;
        let before = bench.open_with(with("2025", &[OLD])).await;
        keep(&before, &[about("m3", "Ola"), about("m4", "Per")]).await;
        let was = all(&before).await;

        let store = bench.open_with(with("2026", &[OLD, NEW])).await;
        keep(&store, &[about("m5", "Per")]).await;
        // The one decision goes with the first three messages.
        for (resealed, left) in [(4, 1), (1, 0), (0, 0)] {
            assert_eq!(store.reseal(&nord(), 3).await.unwrap(), Resealed { resealed, left });
        }
        let after = bench.open_with(with("2026", &[NEW])).await;
        assert_eq!(all(&after).await[..4], was[..]);
        let mut tx = after.begin(&nord()).await.unwrap();
        assert_eq!(related(&mut tx, "m1").await, [1, 2, 3]);
        assert_eq!(related(&mut tx, "Per").await, [4, 5]);
        drop(tx);
        assert!(after.verify(&nord(), &[]).await.unwrap().is_whole());
        for (raw, is_there) in [(clear_raw, true), (raw(&bench).await, false)] {
            assert!(["Kari", "Pasient", "telefon"].iter().all(|secret| holds(&raw, secret) == is_there), "{raw}");
        }
    }

    async fn without_the_right_key_it_is_said_and_nothing_is_lost(bench: Bench) {
        let store = bench.open_with(with("2025", &[OLD])).await;
        keep(&store, &[about("m1", "Kari")]).await;
        let decide = async |tx: &mut Tx| tx.decide(&decision("same-person", "Kari", "Ola")).await;
        store.write::<_, StoreError>(&nord(), decide).await.unwrap();
        for (options, says) in [
            (lenient(), SealError::NoKeys("2025".to_owned())),
            (with("2026", &[NEW]), SealError::NoKey("2025".to_owned())),
            (with("2025", &[("2025", 0x42)]), SealError::NotOurs("2025".to_owned())),
        ] {
            let has_keys = options.seal.is_some();
            let other = bench.open_with(options).await;
            let asked = other.message(&nord(), MessageNumber(1)).await;
            assert!(asked.as_ref().unwrap_err().to_string().contains("message 1 of nord can't be read"), "{asked:?}");
            assert_eq!(sealed_trouble(asked), says);
            let mut tx = other.begin(&nord()).await.unwrap();
            assert_eq!(sealed_trouble(tx.messages_of_id("m1").await), says);
            drop(tx);
            let found = other.verify(&nord(), &[]).await.unwrap();
            assert_eq!((found.messages, found.decisions), (1, 1));
            if has_keys {
                if says == SealError::NoKey("2025".to_owned()) {
                    assert_eq!(sealed_trouble(other.reseal(&nord(), 9).await), says);
                }
                let [Fault::MailSealed { what: "message", .. }, Fault::MailSealed { what: "decision", .. }] = &found.faults[..] else {
                    panic!("{found:?}")
                };
            } else {
                assert!(found.is_whole(), "{found:?}");
                let error = other.reseal(&nord(), 9).await.unwrap_err();
                assert!(matches!(error, StoreError::Unsupported(_)), "{error}");
            }
        }
        assert_eq!(all(&store).await[0].bytes, about("m1", "Kari").bytes);
    }

    async fn nothing_but_the_seal_of_a_row_may_change(bench: Bench) {
        let store = bench.open_with(with("2025", &[OLD])).await;
        keep(&store, &[about("m1", "Kari")]).await;
        let decide = async |tx: &mut Tx| tx.decide(&decision("stay", "m1", "sak")).await;
        store.write::<_, StoreError>(&nord(), decide).await.unwrap();
        for sql in [
            "UPDATE message SET kind = 'x'",
            "UPDATE message SET sender = 'x', key_id = 'k'",
            "UPDATE message SET at_us = at_us + 1",
            "UPDATE message SET made_us = NULL",
            "UPDATE message SET size = size + 1",
            "UPDATE message SET key_id = NULL, size = NULL",
            "UPDATE message_tie SET tie = 'Ola' WHERE tie LIKE 'mark:%'",
            "UPDATE message_tie SET tie = 'mark:x'",
            "UPDATE decision SET decided = 'x'",
            "UPDATE decision SET decided_by = 'x'",
            "UPDATE decision SET key_id = NULL, sealed = NULL",
        ] {
            let told = bench.raw(sql).await.unwrap_err().to_string();
            assert!(told.contains("only grow"), "{sql}: {told}");
        }
        let clear = bench.another().await;
        keep(&clear.open().await, &[about("m1", "Kari")]).await;
        for sql in [
            "UPDATE message SET bytes = digest",
            "UPDATE message SET bytes = digest, key_id = 'k', size = 1",
            "UPDATE message_tie SET tie = 'Ola'",
        ] {
            assert!(clear.raw(sql).await.unwrap_err().to_string().contains("only grow"), "{sql}");
        }
    }

    async fn what_was_put_into_another_row_is_not_opened(bench: Bench) {
        let store = bench.open_with(with("2025", &[OLD])).await;
        keep(&store, &[about("m1", "Kari"), about("m2", "Olga")]).await;
        bench.raw("UPDATE message SET bytes = (SELECT other.bytes FROM message AS other WHERE other.number = 2)").await.unwrap();
        assert_eq!(sealed_trouble(store.message(&nord(), MessageNumber(1)).await), SealError::NotOurs("2025".to_owned()));
        let found = store.verify(&nord(), &[]).await.unwrap();
        assert_eq!(found.faults, [Fault::MailChanged { what: "message", number: 1 }]);
    }

    async fn a_backup_has_nothing_in_the_clear_and_is_restored_with_keys_or_without(bench: Bench) {
        let store = bench.open_with(with("2025", &[OLD])).await;
        keep(&store, &[about("m1", "Kari Nordmann"), outgoing("m2")]).await;
        let decide = async |tx: &mut Tx| tx.decide(&decision("same-person", "Kari Nordmann", "Ola")).await;
        store.write::<_, StoreError>(&nord(), decide).await.unwrap();
        let was = all(&store).await;
        let identity = age::x25519::Identity::generate();
        let mut backup = Vec::new();
        let lock = BackupLock::Recipients(vec![identity.to_public().to_string()]);
        store.backup(&lock, &mut backup).await.unwrap();
        let text = String::from_utf8(age::decrypt(&identity, &backup).unwrap()).unwrap();
        assert!(!text.contains("Nordmann") && !text.contains("telefon") && text.contains("\"key\":\"2025\""), "{text}");
        let key = || BackupKey::Identity(identity.to_string().expose_secret().to_owned());
        for options in [with("2025", &[OLD]), lenient(), with("2026", &[NEW])] {
            let other = bench.another().await;
            other.open_with(options).await.restore(&key(), &mut &backup[..]).await.unwrap();
            let opened = other.open_with(with("2025", &[OLD])).await;
            assert_eq!(all(&opened).await, was);
            assert!(opened.verify(&nord(), &[]).await.unwrap().is_whole());
        }
        for (changed, says) in [
            (text.replacen("\"key\":\"2025\"", "\"key\":\"2026\"", 1), "message 1 was changed"),
            (text.replacen("\"key\":\"2025\",", "", 1), "doesn't say both"),
            (text.replacen("\"sealed\":\"", "\"sealed\":\"AAAA", 1), "decision 1 was changed"),
        ] {
            let changed = age::encrypt(&identity.to_public(), changed.as_bytes()).unwrap();
            let into = bench.another().await.open().await;
            let told = into.restore(&key(), &mut &changed[..]).await.unwrap_err().to_string();
            assert!(told.contains(says), "{told}, not {says}");
        }
    }
}
