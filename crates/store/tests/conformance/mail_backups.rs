//! Mail in backups, and what `verify` says of it.

use age::secrecy::ExposeSecret;
use jiff::{SignedDuration, Timestamp};
use samspill_store::{
    Alert, AlertFilter, BackupKey, BackupLock, CommunityId, Fault, KeptMessage, LifeRow, MessageFilter,
    MessageLine, MessageNumber, NewMessage, NewOutgoing, Standing, Store, StoreError, Tx,
};

use crate::{
    bench::{Bench, Kind, on_both},
    samples::{at, community, decision, incoming, nord, one, outgoing, ties},
    support::postgres,
};

/// A pair of keys: what opens, and what locks.
fn keys() -> (BackupKey, BackupLock) {
    let identity = age::x25519::Identity::generate();
    let lock = BackupLock::Recipients(vec![identity.to_public().to_string()]);
    (BackupKey::Identity(identity.to_string().expose_secret().to_owned()), lock)
}

async fn backed_up(store: &Store) -> (BackupKey, Vec<u8>) {
    let (key, lock) = keys();
    let mut out = Vec::new();
    store.backup(&lock, &mut out).await.unwrap();
    (key, out)
}

/// The text of a backup.
async fn text_of(store: &Store) -> String {
    let (key, backup) = backed_up(store).await;
    let BackupKey::Identity(key) = key else { unreachable!("it is no passphrase") };
    let identity: age::x25519::Identity = key.parse().unwrap();
    String::from_utf8(age::decrypt(&identity, &backup).unwrap()).unwrap()
}

fn locked(text: &str) -> (BackupKey, Vec<u8>) {
    let identity = age::x25519::Identity::generate();
    let locked = age::encrypt(&identity.to_public(), text.as_bytes()).unwrap();
    (BackupKey::Identity(identity.to_string().expose_secret().to_owned()), locked)
}

/// A store with something of everything, in one community with a log and one without.
async fn full(store: &Store) {
    let mut tx = store.begin(&nord()).await.unwrap();
    let sent = messages_and_decisions(&mut tx).await;
    tx.append(&one("a", "1", "inn")).await.unwrap();
    parcels_in_all_states(&mut tx, sent).await;
    what_is_waited_for(&mut tx, sent).await;
    tx.commit().await.unwrap();
    let unread = async |tx: &mut Tx| tx.keep_message(&incoming("")).await;
    store.write::<_, StoreError>(&community("bare-post"), unread).await.unwrap();
    store.lease("send", "n1", noon(), noon() + SignedDuration::from_secs(30)).await.unwrap();
}

fn noon() -> Timestamp {
    at("2025-01-01T12:00:00Z")
}

/// A message that came and is a question, one that goes, and what was decided.
async fn messages_and_decisions(tx: &mut Tx) -> MessageNumber {
    let hard = NewMessage {
        bytes: (0..=255).collect(),
        case: Some("sak \"ø\"\n".to_owned()),
        ties: ties(&["a", "ø \"\n"]),
        ..incoming("a")
    };
    let first = tx.keep_message(&hard).await.unwrap();
    let reply = NewMessage { about: Some("a".to_owned()), made: None, ..outgoing("b") };
    let second = tx.keep_message(&reply).await.unwrap();
    tx.stand(first, Standing::Question, Some("annen sak"), "{\"a\":[1.5]}").await.unwrap();
    tx.decide(&decision("same-person", "a", "b")).await.unwrap();
    tx.decide(&decision("stay", "a", "sak")).await.unwrap();
    second
}

async fn parcels_in_all_states(tx: &mut Tx, message: MessageNumber) {
    for number in 0..5 {
        tx.enqueue(&parcel(&format!("p{number}"), message)).await.unwrap();
    }
    let until = noon() + SignedDuration::from_secs(30);
    assert_eq!(tx.take_due("amqp", noon(), until, "n1", 3).await.unwrap().len(), 3);
    assert!(tx.outgoing_sent("p1", "n1", noon()).await.unwrap());
    assert!(tx.outgoing_dead("p2", noon(), "refused", "nei").await.unwrap());
}

async fn what_is_waited_for(tx: &mut Tx, message: MessageNumber) {
    for (id, deadline) in [("b", Some(noon())), ("c", None)] {
        let (id, json) = (id.to_owned(), "{}".to_owned());
        tx.set_life(&LifeRow { id, message, deadline, needs_person: deadline.is_none(), json })
            .await
            .unwrap();
    }
    for about in ["x", "y", "x"] {
        tx.add_stray(about, "{\"x\":1}").await.unwrap();
    }
    for name in ["kø", "disk"] {
        let (name, says) = (name.to_owned(), "nå".to_owned());
        tx.raise(&Alert { name, says, at: noon() }).await.unwrap();
    }
    tx.clear("kø", noon()).await.unwrap();
}

fn parcel(id: &str, message: MessageNumber) -> NewOutgoing {
    let due = at("2025-01-01T00:00:00Z");
    NewOutgoing {
        id: id.to_owned(),
        message,
        channel: "amqp".to_owned(),
        to: "HER:1".to_owned(),
        due,
        made: due,
    }
}

/// All that can be read of a community's mail.
async fn all(store: &Store, community: &CommunityId) -> (Vec<MessageLine>, Vec<KeptMessage>, String) {
    let lines = store.messages(community, &MessageFilter::default(), MessageNumber(0), 99).await.unwrap();
    let mut kept = Vec::new();
    for line in &lines {
        kept.push(store.message(community, line.number).await.unwrap().unwrap());
    }
    let mut tx = store.begin(community).await.unwrap();
    let rest = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        tx.decisions(&ties(&["a", "b"])).await.unwrap(),
        (tx.life("b").await.unwrap(), tx.life("c").await.unwrap()),
        (tx.take_strays("x").await.unwrap(), tx.take_strays("y").await.unwrap()),
        store.alerts(community, AlertFilter::All).await.unwrap(),
        store.outbox(community, None, "", 99).await.unwrap(),
        store.queue_counts(community).await.unwrap(),
    );
    drop(tx);
    (lines, kept, rest)
}

/// The other database, if it is there.
async fn other_kind(kind: Kind) -> Option<Bench> {
    match kind {
        Kind::Postgres => Some(Bench::sqlite()),
        Kind::Sqlite => Some(Bench::postgres(postgres::server()?).await),
    }
}

/// The faults after SQL under the store's hands, with triggers off.
async fn told(bench: &Bench, sql: &str) -> Vec<String> {
    let bench = bench.another().await;
    let store = bench.open().await;
    full(&store).await;
    let triggers = ["message", "message_tie", "decision"]
        .map(|table| format!("DROP TRIGGER {table}_only_sealed; DROP TRIGGER {table}_never_deleted"));
    let off = ["message", "message_tie", "decision"]
        .map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER USER"));
    bench.raw_each(&triggers.join("; "), &off.join("; ")).await.unwrap();
    bench.raw(sql).await.unwrap();
    let found = store.verify(&nord(), &[]).await.unwrap();
    if !found.is_whole() {
        let error = store.backup(&keys().1, &mut Vec::new()).await.unwrap_err();
        assert!(matches!(error, StoreError::MailNotWhole { .. }), "{error}");
    }
    found
        .faults
        .iter()
        .map(|fault| {
            assert!(matches!(fault, Fault::MailMissing { .. } | Fault::MailChanged { .. }));
            fault.to_string()
        })
        .collect()
}

on_both! {
    async fn a_backup_restores_mail_on_both_databases_as_it_was(bench: Bench) {
        let store = bench.open().await;
        full(&store).await;
        let (key, backup) = backed_up(&store).await;
        let text = text_of(&store).await;
        for into in [Some(bench.another().await), other_kind(bench.kind).await].into_iter().flatten() {
            let restored = into.open().await;
            let logs = restored.restore(&key, &mut &backup[..]).await.unwrap();
            assert_eq!(logs.iter().map(|log| (log.community.as_str(), log.added)).collect::<Vec<_>>(), [("bare-post", 0), ("nord", 1)]);
            for community in [nord(), community("bare-post")] {
                assert_eq!(all(&restored, &community).await, all(&store, &community).await);
                let found = restored.verify(&community, &[]).await.unwrap();
                assert!(found.is_whole(), "{found:?}");
            }
            assert_eq!(text_of(&restored).await, text, "and its backup is the same");
            let now = at("2025-01-01T12:00:00Z");
            let fence = restored.lease("send", "n2", now, now).await.unwrap().map(|lease| lease.fence);
            assert_eq!(fence, Some(2), "nobody holds a lease, and fences go on");
            let mut tx = restored.begin(&nord()).await.unwrap();
            assert_eq!(tx.keep_message(&incoming("ny")).await.unwrap(), MessageNumber(3));
            assert_eq!(tx.decide(&decision("stay", "a", "b")).await.unwrap(), 3);
            assert!(!tx.enqueue(&parcel("p0", MessageNumber(3))).await.unwrap());
        }
    }

    async fn a_store_with_messages_alone_is_not_empty(bench: Bench) {
        let store = bench.open().await;
        full(&store).await;
        let (key, backup) = backed_up(&store).await;
        let other = bench.another().await.open().await;
        other.write::<_, StoreError>(&community("sor"), async |tx| tx.raise(&Alert { name: "a".to_owned(), says: String::new(), at: at("2025-01-01T00:00:00Z") }).await).await.unwrap();
        let error = other.restore(&key, &mut &backup[..]).await.unwrap_err();
        assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    }

    async fn backups_from_before_there_was_mail_are_restored(bench: Bench) {
        let store = bench.open().await;
        store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
        store.append(&community("sor"), &one("a", "1", "inn")).await.unwrap();
        let mut old = Vec::new();
        for community in [nord(), community("sor")] {
            store.export(&community, &mut old).await.unwrap();
        }
        let old = String::from_utf8(old).unwrap();
        assert!(old.starts_with("{\"log\":{\"form\":1,"));
        let (key, backup) = locked(&old);
        let restored = bench.another().await.open().await;
        let logs = restored.restore(&key, &mut &backup[..]).await.unwrap();
        assert_eq!(logs.iter().map(|log| (log.community.as_str(), log.added)).collect::<Vec<_>>(), [("nord", 1), ("sor", 1)]);
        assert_eq!(restored.head(&nord()).await.unwrap(), store.head(&nord()).await.unwrap());
    }

    async fn mail_that_was_changed_in_a_backup_is_refused_and_nothing_written(bench: Bench) {
        let store = bench.open().await;
        full(&store).await;
        let text = text_of(&store).await;
        let lines: Vec<&str> = text.lines().collect();
        let at = |kind: &str| lines.iter().position(|line| line.starts_with(&format!("{{\"mail\":{{\"{kind}\""))).unwrap();
        let without = |number: usize| {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != number).map(|(_, line)| *line);
            kept.collect::<Vec<_>>().join("\n") + "\n"
        };
        let into = bench.another().await.open().await;
        for (changed, says) in [
            (text.replacen("AAECAwQF", "AAECAwQG", 1), "message 1 was changed"),
            (text.replacen("\"kind\":\"60\"", "\"kind\":\"61\"", 1), "message 1 was changed"),
            (text.replacen("\"value\":\"b\"", "\"value\":\"c\"", 1), "decision 1 was changed"),
            (text.replacen("\"ties\":[\"a\",", "\"ties\":[\"b\",", 1), "message 1 was changed"),
            (text.replacen("\"bytes\":\"", "\"bytes\":\"?", 1), "no base64"),
            (text.replacen("\"state\":\"dead\"", "\"state\":\"daud\"", 1), "no line of an export"),
            (text.replacen("\"form\":5", "\"form\":6", 1), "newer program"),
            (text.replacen("{\"form\":5,\"community\":\"nord\"}", "{\"form\":1,\"community\":\"nord\"}", 1), "a log begins"),
            (without(at("message")), "lines are missing"),
            (without(at("decision")), "lines are missing"),
            (without(at("parcel")), "lines are missing"),
            (without(at("life")), "lines are missing"),
            (without(at("stray")), "lines are missing"),
            (without(at("alert")), "lines are missing"),
            (without(at("begin")), "should begin"),
            (without(at("end")), "has no end"),
            (lines[..lines.len() - 2].join("\n") + "\n", "have no end"),
        ] {
            let (key, backup) = locked(&changed);
            let error = into.restore(&key, &mut &backup[..]).await.unwrap_err();
            let told = error.to_string();
            assert!(told.contains(says), "{told}, not {says}");
            assert!(matches!(error, StoreError::Import { .. }), "{told}");
        }
        let (key, backup) = locked(&text);
        into.restore(&key, &mut &backup[..]).await.unwrap();
    }

    async fn an_import_takes_mail_in_only_where_there_is_none(bench: Bench) {
        let store = bench.open().await;
        full(&store).await;
        let text = text_of(&store).await;
        let into = bench.another().await.open().await;
        into.import(&mut text.as_bytes()).await.unwrap();
        assert_eq!(text_of(&into).await, text);
        let error = into.import(&mut text.as_bytes()).await.unwrap_err();
        assert!(error.to_string().contains("has messages already"), "{error}");
    }

    async fn what_was_done_to_messages_is_named(bench: Bench) {
        for (sql, expected) in [
            ("SELECT 1", vec![]),
            ("UPDATE message SET kind = '61' WHERE number = 1 AND community = 'nord'", vec!["message 1 was changed or moved"]),
            ("UPDATE message SET bytes = digest WHERE number = 2 AND community = 'nord'", vec!["message 2 was changed or moved"]),
            ("UPDATE message SET made_us = NULL WHERE number = 1 AND community = 'nord'", vec!["message 1 was changed or moved"]),
            ("DELETE FROM message WHERE number = 1 AND community = 'nord'", vec!["message 1 is missing"]),
            ("DELETE FROM message WHERE number = 2 AND community = 'nord'", vec!["message 2 is missing"]),
            ("DELETE FROM message WHERE community = 'nord'", vec!["messages 1 to 2 are missing"]),
            ("UPDATE message SET number = 2 + number WHERE community = 'nord'", vec!["messages 1 to 2 are missing", "message 3 was changed or moved", "message 4 was changed or moved"]),
            ("DELETE FROM message_tie WHERE tie = 'a' AND number = 1", vec!["message 1 was changed or moved"]),
            ("INSERT INTO message_tie (community, tie, number) VALUES ('nord', 'ny', 2)", vec!["message 2 was changed or moved"]),
            ("DELETE FROM decision WHERE number = 1", vec!["decision 1 is missing"]),
            ("UPDATE decision SET decided = 'x' WHERE number = 2", vec!["decision 2 was changed or moved"]),
        ] {
            assert_eq!(told(&bench, sql).await, expected, "{sql}");
        }
    }

    async fn a_copy_of_the_file_has_the_mail(bench: Bench) {
        if bench.kind == Kind::Sqlite {
            let store = bench.open().await;
            full(&store).await;
            let path = bench.file("kopi.db");
            store.copy_to(&path).await.unwrap();
            let copy = Store::open(&samspill_store::Place::file(&path), samspill_store::Options::default()).await.unwrap();
            assert_eq!(all(&copy, &nord()).await, all(&store, &nord()).await);
        }
    }
}
