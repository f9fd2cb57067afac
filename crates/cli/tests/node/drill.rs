//! The restore drill of `docs/operating.md`, step by step, and what else is done with a whole log.

use std::fs;

use age::secrecy::ExposeSecret;
use samspill_store::OutboxState;

use crate::support::{
    LIMIT, names,
    node::{Node, Setup, folder_channel, words_of},
    so,
    stay::{self, Party, setup},
    until,
    view::View,
};

/// A municipality's node with the whole stay: what came was taken in, what it sent is in the outbox, and nothing was handed over.
fn full(setup: &Setup) -> Node {
    let node = Node::new(setup);
    for message in stay::messages() {
        let file = node.write(&message.name, &message.bytes).display().to_string();
        let word = if message.by == Party::Municipality { "send" } else { "receive" };
        node.does(&[word, &file]);
    }
    node
}

fn on_folders() -> Setup {
    let channels = folder_channel("mappe", "inn".as_ref(), "ut".as_ref(), "default = true");
    Setup { channels, ..setup(Party::Municipality) }
}

/// The end of the log, as `verify` prints it.
fn head(node: &Node) -> String {
    let told = node.does(&["verify"]);
    assert!(told.contains("the log is whole"), "{told}");
    told.split("the end is ").nth(1).and_then(|rest| rest.lines().next()).unwrap().to_owned()
}

#[test]
fn a_backup_is_restored_as_the_drill_says_and_what_was_in_the_outbox_goes_once() {
    let node = full(&on_folders());
    let key = age::x25519::Identity::generate();
    let secret = node.write("samspill-backup.key", key.to_string().expose_secret().as_bytes());
    let public = node.write("backup-recipients.txt", format!("{}\n", key.to_public()).as_bytes());
    let backup = node.path("samspill.age");
    node.does(&["backup", "--recipient", &public.display().to_string(), &backup.display().to_string()]);
    let noted = head(&node);
    let before = View::of(&node);
    assert!(!fs::read(&backup).unwrap().windows(7).any(|bytes| bytes == b"Nordvik"));

    // Step 3: the same community, an empty store, no channel.
    let drill = Node::new(&setup(Party::Municipality));
    drill.does(&["config", "check"]);
    // Step 4.
    let (identity, file) = (secret.display().to_string(), backup.display().to_string());
    drill.does(&["restore", "--identity", &identity, &file]);
    // Step 5.
    let told = drill.does(&["verify", "--head", &noted]);
    assert!(told.contains("the log is whole"), "{told}");
    assert_eq!(head(&drill), noted);
    // Step 6, twice.
    assert_eq!(View::of(&drill).derived, before.derived);
    for _ in 0..2 {
        drill.does(&["rebuild"]);
        assert_eq!(View::of(&drill).derived, before.derived);
    }
    // Step 7.
    let shown = drill.does(&["monitor", "messages", "--limit", "500", "--format", "json"]);
    for line in &before.lines {
        assert!(shown.contains(&line.id), "{shown}");
    }
    refuses(&drill, &identity, &file);
    goes_once(&identity, &file, &before);
}

/// A store that isn't empty is refused, and so is a key of somebody else.
fn refuses(drill: &Node, identity: &str, file: &str) {
    // A second restore is refused: the store isn't empty.
    let again = drill.run(&["restore", "--identity", identity, file]);
    assert!(!again.status.success(), "{}", words_of(&again));
    let other = age::x25519::Identity::generate();
    let wrong = drill.write("feil.key", other.to_string().expose_secret().as_bytes());
    let empty = Node::new(&setup(Party::Municipality));
    let refused = empty.run(&["restore", "--identity", &wrong.display().to_string(), file]);
    assert!(!refused.status.success(), "{}", words_of(&refused));
}

/// After a real loss: the real configuration, and the outbox goes.
fn goes_once(identity: &str, backup: &str, before: &View) {
    let mut node = Node::new(&on_folders());
    node.does(&["restore", "--identity", identity, backup]);
    node.start();
    let parcels = before.lines.iter().map(|line| line.outgoing.len()).sum::<usize>();
    assert!(parcels > 6);
    until("the outbox is empty", LIMIT, || {
        let view = View::of(&node);
        let mut parcels = view.lines.iter().flat_map(|line| &line.outgoing);
        so(parcels.all(|parcel| parcel.state == OutboxState::Sent), || node.log())
    });
    assert!(node.stop().success());
    let ut = names(&node.path("ut"));
    assert_eq!(ut.len(), parcels, "{ut:?}");
    // And not again at the next start.
    for name in &ut {
        fs::remove_file(node.path("ut").join(name)).unwrap();
    }
    node.start();
    until("it has looked into its outbox", LIMIT, || {
        let measured = node.get("/metrics");
        so(measured.contains("samspill_queue_messages") || measured.contains("job=\"tick\""), || {
            measured.clone()
        })
    });
    assert!(node.stop().success());
    assert_eq!(names(&node.path("ut")), Vec::<String>::new());
}

#[test]
fn an_export_taken_in_again_has_the_same_end_and_the_same_rows() {
    let node = full(&on_folders());
    let export = node.path("eksport.jsonl").display().to_string();
    node.does(&["export", "-o", &export]);
    let other = Node::new(&setup(Party::Municipality));
    other.does(&["import", &export]);
    assert_eq!(head(&other), head(&node));
    let (one, two) = (View::of(&node), View::of(&other));
    assert_eq!(one.entries, two.entries);
    assert_eq!(one.derived, two.derived);
    assert!(!one.derived.is_empty());
    // Taken in again, nothing is added.
    let told = other.does(&["import", &export]);
    assert!(told.contains(": 0 entries added"), "{told}");
    // An entry that somebody changed in it is refused, and named.
    let text = fs::read_to_string(&export).unwrap();
    let changed = text.replacen("\"tidligmelding\"", "\"tidligmeldinh\"", 1);
    assert_ne!(changed, text);
    let file = other.write("endret.jsonl", changed.as_bytes()).display().to_string();
    let third = Node::new(&setup(Party::Municipality));
    let refused = third.run(&["import", &file]);
    assert!(!refused.status.success(), "{}", words_of(&refused));
}

#[test]
fn an_entry_that_is_changed_in_the_file_of_the_store_is_named() {
    let mut node = full(&on_folders());
    let end = head(&node);
    let (_, hash) = end.split_once(':').unwrap();
    let beyond = node.run(&["verify", "--head", &format!("1000:{hash}")]);
    assert!(
        beyond.status.code() == Some(1) && words_of(&beyond).contains("NOT whole"),
        "{}",
        words_of(&beyond)
    );
    // A node that ends well leaves all in the one file.
    node.start();
    assert!(node.stop().success());
    assert!(!node.path("data/samspill.db-wal").exists());
    let view = View::of(&node);
    let entry = view.entries.iter().find(|entry| entry.kind == "tidligmelding").unwrap();
    let file = node.path("data/samspill.db");
    let bytes = fs::read(&file).unwrap();
    let row = format!("{}{}", entry.case, entry.kind);
    let places = bytes.windows(row.len()).enumerate().filter(|(_, window)| *window == row.as_bytes());
    let places: Vec<usize> = places.map(|(place, _)| place + row.len() - 1).collect();
    // Some of them may be what is left of an older page, which nobody reads.
    let mut named = 0;
    for place in places {
        let mut changed = bytes.clone();
        changed[place] = b'h';
        for name in ["data/samspill.db-wal", "data/samspill.db-shm"] {
            let _ = fs::remove_file(node.path(name));
        }
        fs::write(&file, &changed).unwrap();
        let told = words_of(&node.run(&["verify"]));
        let says_where = |line: &str| line.contains(&entry.position.0.to_string());
        if !told.contains("the log is whole") {
            assert!(told.contains("NOT whole") && told.lines().next().is_some_and(says_where), "{told}");
            named += 1;
        }
    }
    assert!(named > 0, "the row of the entry wasn't among those that were changed");
}
