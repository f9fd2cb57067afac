//! Wards and services of a node's own address book: who works at one sees its stays, as in the demo.

use std::collections::{BTreeMap, BTreeSet};

use samspill_store::Direction;

use crate::support::{
    alone,
    door::Client,
    feed::Traffic,
    node::{Node, with_front},
    tell,
    view::View,
};

/// HER-ids at the ends of the messages of each stay, read from the messages themselves.
fn ends(view: &View) -> BTreeMap<String, BTreeSet<String>> {
    let mut ends: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in view.messages(Direction::In).chain(view.messages(Direction::Out)) {
        if let Some(case) = &line.case {
            ends.entry(case.clone()).or_default().extend([line.from.clone(), line.to.clone()]);
        }
    }
    ends
}

/// A token of a role at the hospital, for all of it or for a ward.
fn token(node: &Node, traffic: &Traffic, login: &str, role: &str, unit: Option<&str>) -> String {
    let role = format!("{role}:{}", traffic.trust());
    let mut words = vec!["account", "add", login, "--name", "Kari Lien", "--role", &role];
    words.extend(unit.map(|unit| ["--unit", unit]).iter().flatten());
    node.does(&words);
    node.does(&["account", "token", login, &role, "--name", "prøve"]).trim().to_owned()
}

fn sees(client: &mut Client, case: &str) -> bool {
    let answer = client.ask("GET", &format!("/api/v1/stays/{case}"), "", b"");
    assert!([200, 404].contains(&answer.status), "{case}: {}", answer.text);
    answer.status == 200
}

#[test]
fn a_nurse_of_a_ward_sees_the_stays_of_the_ward_and_no_others() {
    let _alone = alone();
    let traffic = Traffic::lately(7, 2);
    let mut node = with_front(traffic.hospital(), "http://localhost", "");
    node.start();
    let front = [node.front()];
    let client = |token: &str| Client::new(front.into(), 0, token);
    let mut office = client(&token(&node, &traffic, "samhandling", "samhandlingskontor", None));
    for sent in &traffic.messages {
        let answer = office.ask("POST", "/api/v1/messages", "application/xml", &sent.bytes);
        assert!([200, 201].contains(&answer.status), "{}: {}", sent.id, answer.text);
    }
    let view = View::of(&node);
    let (ends, mut seen) = (ends(&view), BTreeMap::new());
    assert!(ends.len() > 10, "{}", ends.len());
    for (number, (name, her)) in traffic.named_wards().into_iter().enumerate() {
        let login = format!("sykepleier.{number}");
        let mut nurse = client(&token(&node, &traffic, &login, "sengepost", Some(&name)));
        for (case, hers) in &ends {
            let is_theirs = hers.contains(&her);
            assert_eq!(sees(&mut nurse, case), is_theirs, "{name}, {case} {hers:?}");
            *seen.entry(name.clone()).or_insert(0) += usize::from(is_theirs);
        }
    }
    assert!(seen.values().filter(|count| **count > 0).count() > 2, "several wards have stays: {seen:?}");
    let mut whole = client(&token(&node, &traffic, "sykepleier.alle", "sengepost", None));
    assert!(ends.keys().all(|case| sees(&mut whole, case)), "a role for all of the party sees all");
    let fields: BTreeSet<&str> =
        view.entries.iter().filter_map(|entry| entry.facts.get("fagomrade")?.as_text()).collect();
    assert!(fields.len() > 1, "the fields of care of several wards are in the log: {fields:?}");
    tell(&format!("wards of the address book: {} stays, {seen:?}", ends.len()));
    assert!(node.stop().success());
}
