//! Keys of a node: its messages are sealed with them, read with them, and sealed anew; and who is protected is said by who may.

use std::{fs, process::Stdio};

use jiff::Timestamp;
use samspill_service::people::{AccountSettings, Accounts, Hashing, SystemRandom};
use samspill_store::{CommunityId, IfMissing, KeptMessage, MessageNumber, Options, Store, StoreError};

use crate::support::{
    node::{COMMUNITY, Node, words_of},
    stay::{self, Party, setup},
    wait_for,
};

const WEB: &str =
    "[web]\norigin = \"http://localhost\"\nport = 0\nperson_keys = { file = \"person-keys.txt\" }\n";

/// Who the messages are about.
const PATIENT: &str = "23914111277";

/// A line of a key file.
fn line(name: &str, digit: &str) -> String {
    format!("{name}: {}\n", digit.repeat(64))
}

/// A hospital without keys, that has sent a notice.
fn hospital() -> Node {
    let node = Node::new(&setup(Party::Hospital));
    hand(&node, 4, "send");
    node
}

fn hand(node: &Node, place: usize, command: &str) {
    let message = &stay::messages()[place];
    let file = node.write(&message.name, &message.bytes);
    node.does(&[command, &file.display().to_string()]);
}

/// Gives the node keys from now on.
fn give_keys(node: &Node) {
    let config = fs::read_to_string(node.path("samspill.toml")).unwrap();
    node.write("samspill.toml", format!("{config}\n{WEB}").as_bytes());
    node.write("person-keys.txt", (line("en", "a") + &line("index", "b")).as_bytes());
}

/// A message as whoever has the database alone reads it.
fn without_keys(node: &Node, number: u64) -> Result<KeptMessage, StoreError> {
    let place = node.place().parse().unwrap();
    wait_for(async {
        let options = Options { if_missing: IfMissing::Refuse, ..Options::default() };
        let store = Store::open(&place, options).await.unwrap();
        let found = store.message(&CommunityId::new(COMMUNITY).unwrap(), MessageNumber(number)).await;
        store.close().await;
        found.map(Option::unwrap)
    })
}

fn is_sealed_with(node: &Node, number: u64, key: &str) -> bool {
    match without_keys(node, number) {
        Ok(kept) => {
            assert!(String::from_utf8_lossy(&kept.bytes).contains(PATIENT));
            false
        }
        Err(error) => {
            let told = error.to_string();
            assert!(told.contains("person_keys"), "{told}");
            told.contains(&format!("«{key}»"))
        }
    }
}

#[test]
fn messages_are_sealed_from_the_day_there_are_keys_and_sealed_anew_with_the_next() {
    let node = hospital();
    give_keys(&node);
    hand(&node, 5, "receive");
    let entries = node.does(&["export", "--form", "entries"]);
    assert!(entries.contains("svar") || entries.contains("kan-"), "the two hang together: {entries}");
    let last = node.does(&["monitor", "messages", "--format", "json"]).lines().count() as u64;
    assert!(last >= 2);
    assert!(!is_sealed_with(&node, 1, "en"), "it is from before");
    assert!((2..=last).all(|number| is_sealed_with(&node, number, "en")));

    let told = words_of(&node.run(&["keys", "rotate", "persons"]));
    assert!(told.contains("0 are left") && told.contains(" messages"), "{told}");
    assert!((1..=last).all(|number| is_sealed_with(&node, number, "en")));

    let told = words_of(&node.run(&["keys", "rotate", "persons"]));
    assert!(told.contains("a new key stands first"), "{told}");
    let keys = fs::read_to_string(node.path("person-keys.txt")).unwrap();
    let newest = keys.split(':').next().unwrap().to_owned();
    assert_ne!(newest, "en");
    let told = words_of(&node.run(&["keys", "rotate", "persons"]));
    assert!(told.contains("0 are left"), "{told}");
    assert!((1..=last).all(|number| is_sealed_with(&node, number, &newest)));
    node.write("person-keys.txt", keys.replace(&line("en", "a"), "").as_bytes());
    assert!(node.does(&["verify"]).contains("the log is whole"));
    assert_eq!(node.does(&["export", "--form", "entries"]), entries);
    hand(&node, 4, "send");
}

#[test]
fn a_key_that_is_missing_or_wrong_is_named_and_nothing_is_lost() {
    let node = hospital();
    give_keys(&node);
    node.does(&["keys", "rotate", "persons"]);
    let reply = &stay::messages()[5];
    let file = node.write(&reply.name, &reply.bytes).display().to_string();
    for (keys, says) in [
        (line("to", "c") + &line("index", "b"), "put it back"),
        (line("en", "c") + &line("index", "b"), "doesn't open it"),
    ] {
        node.write("person-keys.txt", keys.as_bytes());
        for words in [&["verify"][..], &["receive", &file]] {
            let ran = node.run(words);
            let told = words_of(&ran);
            assert!(
                !ran.status.success() && told.contains("«en»") && told.contains(says),
                "{words:?}: {told}"
            );
        }
    }
    node.write("person-keys.txt", (line("en", "a") + &line("index", "b")).as_bytes());
    assert!(node.does(&["verify"]).contains("the log is whole"));
    node.does(&["receive", &file]);
}

#[test]
fn who_is_protected_is_said_by_who_may_and_written_down() {
    let node = hospital();
    give_keys(&node);
    let role = |role: &str| format!("{role}:Sengepost");
    for (login, held) in [("kari", "samhandlingskontor"), ("per", "sengepost"), ("rev", "revisor")] {
        node.does(&["account", "add", login, "--name", login, "--role", &role(held)]);
    }
    let told = words_of(&node.run(&["protect", "--by", "ukjent", PATIENT, "--as", "identity"]));
    assert!(told.contains("there is no account"), "{told}");
    for login in ["per", "kari"] {
        let told = words_of(&node.run(&["protect", "--by", login, PATIENT, "--as", "identity"]));
        assert!(told.contains("no role that may"), "an account that was never used says nothing: {told}");
    }
    activate(&node, &["kari", "per", "rev"]);
    let told = words_of(&node.run(&["protect", "--by", "per", PATIENT, "--as", "identity"]));
    assert!(told.contains("no role that may"), "{told}");
    for protection in ["identity", "address", "none"] {
        node.does(&["protect", "--by", "kari", PATIENT, "--as", protection]);
        assert_eq!(protections(&node), [protection]);
    }
    let log = node.does(&["access-log", "search", "--by", "rev", "--person", PATIENT]);
    let rows = |outcome: &str| {
        log.lines().filter(|row| row.contains("verne-person") && row.contains(outcome)).count()
    };
    assert_eq!((rows("\tallowed\t"), rows("\trefused\t")), (3, 1), "{log}");
    let told =
        node.program(&["protect", "--by", "kari", "-", "--as", "identity"]).stdin(Stdio::null()).output();
    assert!(words_of(&told.unwrap()).contains("say whom"));
}

/// Lets accounts log in, as their owners do by the link.
fn activate(node: &Node, logins: &[&str]) {
    let place = node.place().parse().unwrap();
    wait_for(async {
        let store = Store::open(&place, Options::default()).await.unwrap();
        let settings = AccountSettings { hashing: Hashing::quick(), ..AccountSettings::default() };
        let accounts = Accounts::new(store.clone(), CommunityId::new(COMMUNITY).unwrap(), settings);
        for login in logins {
            let account = accounts.by_login(login).await.unwrap().unwrap();
            let password = "et langt passord for prøver";
            accounts.preset_password(&account.id, password, &SystemRandom, Timestamp::now()).await.unwrap();
        }
        store.close().await;
    });
}

/// What stands of persons' protection in the database.
fn protections(node: &Node) -> Vec<String> {
    let place = node.place().parse().unwrap();
    wait_for(async {
        let store = Store::open(&place, Options::default()).await.unwrap();
        let rows = store.persons_after(&CommunityId::new(COMMUNITY).unwrap(), "", 9).await.unwrap();
        store.close().await;
        rows.into_iter().map(|row| row.protection).collect()
    })
}
