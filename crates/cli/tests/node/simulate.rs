//! A region's messages given to a node that runs.

use std::process::Output;

use crate::support::{
    alone,
    feed::Traffic,
    node::{Node, with_front, words_of},
};

const DAYS: &str = "1";

fn give(node: &Node, token: &str) -> Output {
    let into = format!("http://{}", node.front());
    let words = ["simulate", "--seed", "4", "--days", DAYS, "--speed", "0", "--into", &into];
    node.program(&words).env("SAMSPILL_TOKEN", token).output().unwrap()
}

#[test]
fn refusals_are_told_with_their_reasons_and_fail_the_command() {
    let _alone = alone();
    let traffic = Traffic::new(4, 1);
    let mut node = with_front(traffic.hospital(), "http://localhost", "");
    node.start();
    let token = |login: &str, role: &str| {
        node.does(&["account", "add", login, "--name", "Journalsystemet", "--role", role]);
        node.does(&["account", "token", login, role, "--name", "prøve"]).trim().to_owned()
    };
    // Somebody who sees no stays may hand in nothing.
    let nothing = give(&node, &token("regnskap", &format!("sykehusregnskap:{}", traffic.trust())));
    let said = words_of(&nothing);
    assert_eq!(nothing.status.code(), Some(3), "{said}");
    assert!(said.contains("was refused: 404") && said.contains("the node refused messages"), "{said}");
    assert!(said.matches("was refused: ").count() <= 5, "the first of them: {said}");
    // The hospital's own system.
    let own = give(&node, &token("journal", &format!("samhandlingskontor:{}", traffic.trust())));
    let said = words_of(&own);
    assert!(own.status.success() && said.contains("messages were given"), "{said}");
    assert!(node.does(&["export", "--form", "entries"]).lines().count() > 10);
    // A token that isn't one ends it at once.
    let wrong = give(&node, "feil");
    assert!(
        !wrong.status.success() && words_of(&wrong).contains("look at the token"),
        "{}",
        words_of(&wrong)
    );
    assert!(node.stop().success());
}
