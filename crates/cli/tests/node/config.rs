//! What is wrong is said, and a node ends when it is told to.

use std::net::TcpListener;

use crate::support::{
    LIMIT,
    node::{Node, Setup, folder_channel, words_of},
    so,
    stay::{Party, setup},
    until,
};

#[test]
fn a_wrong_configuration_is_refused_with_its_mistakes() {
    let right = Node::new(&setup(Party::Municipality));
    let told = right.does(&["config", "check"]);
    assert!(told.contains("nothing is wrong"), "{told}");
    let wrong =
        Node::new(&setup(Party::Municipality).with("[nodde]\nnavn = \"x\"\n[alerts]\nqueue_longer = 0\n"));
    for words in [&["config", "check"][..], &["serve"], &["verify"], &["monitor"], &["send", "x.xml"]] {
        let ran = wrong.run(words);
        let said = words_of(&ran);
        assert_eq!(ran.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains("CFG-03") && said.contains("CFG-06"), "{words:?}: {said}");
    }
    let example = right.does(&["config", "example"]);
    assert!(example.contains("[node]") && example.contains("[backup]"), "{example}");
    let missing = right.run(&["config", "check", "--config", "finnes-ikke.toml"]);
    assert_eq!(missing.status.code(), Some(1), "{}", words_of(&missing));
}

#[test]
fn a_port_that_is_taken_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let node = Node::new(&setup(Party::Municipality));
    let text = std::fs::read_to_string(node.path("samspill.toml")).unwrap();
    node.write("samspill.toml", text.replace("port = 0", &format!("port = {port}")).as_bytes());
    let ran = node.run(&["serve"]);
    let said = words_of(&ran);
    assert!(!ran.status.success() && said.contains(&port.to_string()), "{said}");
    let deep = node.run(&["config", "check", "--deep"]);
    let said = words_of(&deep);
    assert!(deep.status.code() == Some(1) && said.contains("CFG-22"), "{said}");
}

#[test]
fn a_command_makes_no_store_where_none_is() {
    let node = Node::new(&setup(Party::Municipality));
    for words in [&["verify"][..], &["monitor"], &["export"], &["rebuild"]] {
        let ran = node.run(words);
        assert!(!ran.status.success(), "{words:?}: {}", words_of(&ran));
        assert!(!node.path("data/samspill.db").exists(), "{words:?}");
    }
}

#[test]
fn a_node_that_is_told_to_stop_ends_well_also_under_work() {
    let channels = folder_channel("mappe", "inn".as_ref(), "ut".as_ref(), "default = true");
    let mut node = Node::new(&Setup { channels, ..setup(Party::Municipality) });
    // At once, when it has just begun, and when it has worked.
    node.start();
    assert!(node.stop().success(), "{}", node.log());
    node.launch();
    until("it has told its address", LIMIT, || so(node.log().contains("samspill runs"), || node.log()));
    assert!(node.stop().success(), "{}", node.log());
    node.start();
    for number in 0..30 {
        crate::support::drop_in(
            &node.path("inn"),
            &format!("{number}.xml"),
            format!("<a>{number}</a>").as_bytes(),
        );
    }
    assert!(node.stop().success(), "{}", node.log());
    node.start();
    until("the rest is taken", LIMIT, || {
        let left = crate::support::waiting(&node.path("inn"));
        so(left.is_empty(), || format!("{left:?}; {}", node.log()))
    });
    assert!(node.stop().success());
    let told = node.does(&["monitor", "messages", "--limit", "100", "--format", "json"]);
    assert_eq!(told.lines().count(), 30, "{told}");
}
