//! A node on watched folders.

use std::{collections::BTreeMap, fs};

use samspill_store::{Direction, Standing};

use crate::support::{
    LIMIT, drop_in, names,
    node::{Node, Setup, folder_channel, words_of},
    root, so,
    stay::{self, Message, Party, organisation_of, setup},
    tell, until,
    view::View,
    waiting,
};

fn on_folders(setup: Setup) -> Setup {
    let channels = folder_channel("mappe", "inn".as_ref(), "ut".as_ref(), "default = true");
    Setup { channels, ..setup }
}

/// Waits until all that lay in the inbox lies elsewhere.
fn wait_until_empty(node: &Node) {
    until("the inbox is empty", LIMIT, || {
        let left = waiting(&node.path("inn"));
        so(left.is_empty(), || format!("{left:?}; {}", node.log()))
    });
}

/// Waits until all that is to be sent lies in the outbox.
fn wait_until_sent(node: &Node) {
    until("all is sent", LIMIT, || {
        let waits: Vec<_> = View::of(node)
            .lines
            .iter()
            .flat_map(|line| line.outgoing.clone())
            .filter(|it| it.state != samspill_store::OutboxState::Sent)
            .collect();
        so(waits.is_empty(), || format!("{waits:?}; {}", node.log()))
    });
}

#[test]
fn a_stay_dropped_in_a_folder_is_one_case_with_receipts_that_are_valid() {
    for party in [Party::Municipality, Party::Hospital] {
        let mut node = Node::new(&on_folders(setup(party)));
        let (own, theirs): (Vec<Message>, _) = stay::messages().into_iter().partition(|it| it.by == party);
        for message in &own {
            let file = node.write(&message.name, &message.bytes);
            node.does(&["send", &file.display().to_string()]);
        }
        node.start();
        for message in &theirs {
            drop_in(&node.path("inn"), &message.name, &message.bytes);
        }
        wait_until_empty(&node);
        wait_until_sent(&node);
        check_stay(&node, &theirs);
        assert!(node.stop().success());
    }
}

fn check_stay(node: &Node, came: &[Message]) {
    let view = View::of(node);
    let standings: Vec<_> = view.messages(Direction::In).map(|line| (&line.kind, line.standing)).collect();
    assert_eq!(standings.len(), came.len(), "{standings:?}");
    let is_in = |standing| matches!(standing, Standing::Taken | Standing::Question);
    assert!(standings.iter().all(|(_, standing)| is_in(*standing)), "{}: {standings:?}", node.name);
    let cases = view.cases();
    assert_eq!(cases.len(), 1, "{}: {:?}", node.name, cases.iter().map(|it| &it.case).collect::<Vec<_>>());
    assert!(view.entries.len() >= stay::messages().len(), "{}: {:?}", node.name, view.entries);
    let done: Vec<_> = came.iter().map(|message| message.name.clone()).collect();
    assert_eq!(names(&node.path("inn-ferdig")), done);
    assert_eq!(names(&node.path("inn-avvist")), Vec::<String>::new());
    let receipts = view.receipts(Direction::Out);
    assert_eq!(receipts.len(), came.len(), "{}", node.name);
    let ut = names(&node.path("ut"));
    assert_eq!(
        ut.iter().filter(|name| name.starts_with("APPREC")).count(),
        count_of_receipts(&receipts),
        "{ut:?}"
    );
    node.does(&["message", "check", &node.path("ut").display().to_string(), "--least", "error"]);
}

fn count_of_receipts(receipts: &BTreeMap<&str, Vec<&samspill_store::MessageLine>>) -> usize {
    receipts.values().map(Vec::len).sum()
}

#[test]
fn files_that_are_no_messages_are_set_aside_and_told() {
    let mut node = Node::new(&on_folders(setup(Party::Municipality)));
    node.start();
    let inbox = node.path("inn");
    drop_in(&inbox, "tekst.xml", b"dette er ikke XML");
    drop_in(&inbox, "tom.xml", b"");
    drop_in(&inbox, "stor.xml", &vec![b' '; (20 << 20) + 1]);
    drop_in(&inbox, "dyp.xml", "<a>".repeat(100_000).as_bytes());
    let first = &stay::messages()[0];
    drop_in(&inbox, &first.name, &first.bytes);
    wait_until_empty(&node);
    assert_eq!(names(&node.path("inn-ferdig")), std::slice::from_ref(&first.name));
    // A file is set aside first, and then told of.
    until("what is no message is set aside and told of", LIMIT, || {
        let refused = names(&node.path("inn-avvist"));
        let told =
            |name: &str| [name.to_owned(), format!("{name}.why.txt")].iter().all(|it| refused.contains(it));
        let all = ["tekst.xml", "tom.xml", "stor.xml", "dyp.xml"].into_iter().all(told);
        so(all, || format!("{refused:?}"))
    });
    let told = node.does(&["monitor", "messages", "--open", "--format", "json"]);
    assert!(told.lines().count() >= 3 && told.contains("unreadable"), "{told}");
    assert!(node.does(&["monitor"]).contains("wait for a person"), "{told}");
    assert!(node.stop().success());
}

#[test]
fn the_official_messages_of_a_stay_become_cases_with_receipts() {
    let samples = root().join("../shared/standards/plo/samples/plo-1.6");
    if !samples.exists() {
        tell("skipped: the reference folder with the official messages is not beside this checkout");
        return;
    }
    // The hospital is 59, the municipality 99387, the general practitioner 91096.
    let all = [("59", &["90998", "91090"][..]), ("99387", &["5078"]), ("91096", &["91100"])];
    let own = all.map(|(her, services)| organisation_of(her, her, services.iter().copied())).concat();
    let mut node = Node::new(&on_folders(Setup { name: "alle".to_owned(), own, ..Setup::default() }));
    node.start();
    let files = names(&samples);
    for name in &files {
        drop_in(&node.path("inn"), name, &fs::read(samples.join(name)).unwrap());
    }
    wait_until_empty(&node);
    let told = node.does(&["monitor", "messages", "--limit", "500"]);
    assert_eq!(names(&node.path("inn-ferdig")), files, "{told}");
    wait_until_sent(&node);
    let view = View::of(&node);
    let receipts = view.receipts(Direction::Out);
    for line in view.messages(Direction::In) {
        assert_eq!(receipts.get(line.id.as_str()).map(Vec::len), Some(1), "{line:#?}");
    }
    let log = node.path("logg.jsonl").display().to_string();
    node.does(&["export", "--form", "entries", "-o", &log]);
    let report = node.run(&["check", &log, "-a", "unn", "--newest", "--format", "json"]);
    let report = words_of(&report);
    assert!(report.contains("tidligmelding-for-utskrivningsklar"), "{report}");
    assert!(report.contains("\"missed\""), "{report}");
    assert!(node.stop().success());
}
