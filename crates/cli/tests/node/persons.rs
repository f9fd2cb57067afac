//! Whom the log is about: nobody in the files of a node with keys, and everybody to whoever has the keys.

use std::fs;

use crate::support::{
    node::{Node, words_of},
    stay::{self, Party, setup},
    view::View,
};

const WEB: &str =
    "[web]\norigin = \"http://localhost\"\nport = 0\nperson_keys = { file = \"person-keys.txt\" }\n";

/// Who the messages are about.
const PATIENT: &str = "23914111277";

/// A node that has keys, or will have.
fn node(has_keys: bool) -> Node {
    let node = Node::new(&setup(Party::Hospital));
    if has_keys {
        give_keys(&node);
    }
    node
}

fn give_keys(node: &Node) {
    let config = fs::read_to_string(node.path("samspill.toml")).unwrap();
    node.write("samspill.toml", format!("{config}\n{WEB}").as_bytes());
    let key = |name: &str, digit: &str| format!("{name}: {}\n", digit.repeat(64));
    node.write("person-keys.txt", (key("en", "a") + &key("index", "b")).as_bytes());
}

/// All messages of the stay, sent and received.
fn whole_stay(node: &Node) {
    for message in stay::messages() {
        let file = node.write(&message.name, &message.bytes).display().to_string();
        let word = if message.by == Party::Hospital { "send" } else { "receive" };
        node.does(&[word, &file]);
        fs::remove_file(&file).unwrap();
    }
}

/// The files of the node's folder in which the patient's number stands.
fn naming(node: &Node) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut folders = vec![node.path("")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            if bytes.windows(PATIENT.len()).any(|window| window == PATIENT.as_bytes()) {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    names
}

/// The end of the log, as `verify` prints it.
fn head(node: &Node) -> String {
    let told = node.does(&["verify"]);
    assert!(told.contains("the log is whole"), "{told}");
    told.split("the end is ").nth(1).and_then(|rest| rest.lines().next()).unwrap().to_owned()
}

#[test]
fn a_node_with_keys_has_no_number_in_its_files_and_exports_none_unless_it_is_told_to() {
    let node = node(true);
    whole_stay(&node);
    node.does(&["rebuild"]);
    assert_eq!(naming(&node), Vec::<String>::new());

    for form in ["chain", "entries"] {
        let plain = node.does(&["export", "--form", form]);
        assert!(plain.contains("\"p~") && !plain.contains(PATIENT), "{plain}");
        let named = node.does(&["export", "--form", form, "--numbers"]);
        assert!(!named.contains("\"p~") && named.contains(PATIENT), "{named}");
        assert_eq!(plain.lines().count(), named.lines().count());
    }
    let told =
        words_of(&node.run(&["export", "--numbers", "-o", &node.path("ut.jsonl").display().to_string()]));
    assert!(told.contains("the chain is another") && told.contains(&head(&node)), "{told}");
    fs::remove_file(node.path("ut.jsonl")).unwrap();

    // The next key, and then the one before away.
    let entries = node.does(&["export", "--form", "entries", "--numbers"]);
    let marks = node.does(&["export"]);
    let told = words_of(&node.run(&["keys", "rotate", "persons"]));
    assert!(told.contains("a new key stands first"), "{told}");
    let told = words_of(&node.run(&["keys", "rotate", "persons"]));
    assert!(told.contains("0 are left"), "{told}");
    let keys = fs::read_to_string(node.path("person-keys.txt")).unwrap();
    let without: Vec<&str> = keys.lines().filter(|line| !line.starts_with("en:")).collect();
    node.write("person-keys.txt", (without.join("\n") + "\n").as_bytes());
    assert_eq!(node.does(&["export", "--form", "entries", "--numbers"]), entries);
    assert_eq!(node.does(&["export"]), marks);
    assert!(node.does(&["verify"]).contains("the log is whole"));
}

#[test]
fn an_old_log_moves_into_a_new_store_as_the_page_for_operators_says() {
    let old = node(false);
    whole_stay(&old);
    let (was, before) = (head(&old), View::of(&old));
    assert!(!naming(&old).is_empty());
    give_keys(&old);
    let told = words_of(&old.run(&["export", "-o", &old.path("kjede.jsonl").display().to_string()]));
    assert!(told.contains("name persons: they were written before there were keys"), "{told}");
    let export = old.path("med-numre.jsonl").display().to_string();
    old.does(&["export", "--numbers", "-o", &export]);

    let new = node(true);
    let told = new.does(&["import", &export]);
    assert!(told.contains(&format!("was {was}; keep both")), "{told}");
    assert!(told.contains(&format!("its end is {}", head(&new))), "{told}");
    assert_eq!(naming(&new), Vec::<String>::new());
    let numbers = ["export", "--form", "entries", "--numbers"];
    assert_eq!(new.does(&numbers), old.does(&numbers));
    assert!(new.does(&["import", &export]).contains(": 0 entries added"));
    let after = View::of(&new);
    assert_eq!(after.derived.len(), before.derived.len());
    assert!(!after.derived.is_empty());
}

#[test]
fn a_node_without_keys_leaves_a_log_with_marks_alone() {
    let node = node(true);
    let messages = stay::messages();
    let file = |place: usize| node.write(&messages[place].name, &messages[place].bytes).display().to_string();
    node.does(&["send", &file(4)]);
    let end = head(&node);
    let config = fs::read_to_string(node.path("samspill.toml")).unwrap();
    node.write("samspill.toml", config.replace(WEB, "").as_bytes());
    for words in [vec!["send".to_owned(), file(0)], vec!["export".to_owned(), "--numbers".to_owned()]] {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = node.run(&words);
        let told = words_of(&ran);
        assert!(!ran.status.success() && told.contains("person_keys"), "{words:?}: {told}");
    }
    assert_eq!(head(&node), end);
    assert!(!node.does(&["export", "--form", "entries"]).contains(PATIENT));
}
