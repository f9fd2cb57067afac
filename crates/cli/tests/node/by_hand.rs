//! What people do at a terminal: settle what is asked, and register downtime.

use crate::support::{
    node::{Node, words_of},
    stay::{self, Party, setup},
};

/// A hospital that has sent a ready notice, and taken in the reply.
fn hospital_with_a_reply() -> Node {
    let node = Node::new(&setup(Party::Hospital));
    for (place, command) in [(4, "send"), (5, "receive")] {
        let message = &stay::messages()[place];
        let file = node.write(&message.name, &message.bytes);
        node.does(&[command, &file.display().to_string()]);
    }
    node
}

/// The number of the message that waits for a person.
fn waiting(node: &Node) -> String {
    let told = node.does(&["monitor", "messages", "--open", "--format", "json"]);
    let lines = told.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let replies: Vec<_> = lines.filter(|line| line["direction"] == "in").collect();
    assert_eq!(replies.len(), 1, "{told}");
    replies[0]["number"].to_string()
}

#[test]
fn a_reply_is_shown_and_answered_once() {
    let node = hospital_with_a_reply();
    let number = waiting(&node);
    assert!(node.does(&["monitor", "show", &number]).contains("? "));
    let answer = ["monitor", "answer", &number, "cannot", "--day", "2026-03-19", "--by", "Kari Nordmann"];
    assert!(node.does(&answer).contains("2 entries"));
    assert!(!node.does(&["monitor", "show", &number]).contains("? "));
    let entries = node.does(&["export", "--form", "entries"]);
    assert!(entries.contains("kan-ikke-ta-imot") && entries.contains("Kari Nordmann"), "{entries}");
    assert_eq!(node.run(&answer).status.code(), Some(2), "it is answered");
    let notice = node.run(&["monitor", "answer", "1", "can", "--by", "Kari Nordmann"]);
    assert_eq!(notice.status.code(), Some(2), "{}", words_of(&notice));
    assert_eq!(entries, node.does(&["export", "--form", "entries"]));
}

#[test]
fn a_message_is_handled_once_and_asked_about_again_when_that_is_taken_back() {
    let node = hospital_with_a_reply();
    let number = waiting(&node);
    let refused = |words: &[&str]| {
        let done = node.run(&[&["monitor"], words].concat());
        assert_eq!(done.status.code(), Some(2), "{}", words_of(&done));
        words_of(&done)
    };
    let by = ["--by", "Kari Nordmann"];
    let because = ["--by", "Kari Nordmann", "--why", "Ringt kontoret."];
    assert!(
        refused(&[&["settle", &number, "which-colour", "blue"], &by[..]].concat()).contains("whether-meant")
    );
    assert!(refused(&[&["settle", &number, "when", "yesterday"], &by[..]].concat()).contains("monitor show"));
    assert!(
        refused(&[&["settle", &number, "whether-meant", "new"], &by[..]].concat())
            .contains("no open question")
    );
    assert!(refused(&[&["take-back", &number], &by[..]].concat()).contains("no open question"));
    assert!(refused(&[&["handle", "99"], &because[..]].concat()).contains("99"));
    let entries = node.does(&["export", "--form", "entries"]);
    node.does(&[&["monitor", "handle", &number], &because[..]].concat());
    assert!(node.does(&["monitor", "show", &number]).contains("Ringt kontoret."));
    assert!(!node.does(&["monitor", "show", &number]).contains("? "));
    assert!(!node.does(&["monitor", "messages", "--open", "--format", "json"]).contains("\"in\""));
    assert!(refused(&[&["handle", &number], &because[..]].concat()).contains("Kari Nordmann settled this"));
    node.does(&[&["monitor", "take-back", &number], &by[..]].concat());
    assert_eq!(waiting(&node), number, "it is asked about again");
    assert!(node.does(&["monitor", "show", &number]).contains("? "));
    assert_eq!(
        entries,
        node.does(&["export", "--form", "entries"]),
        "what it says to the log stays as it is"
    );
}

#[test]
fn downtime_is_registered_worked_through_and_made_up_for() {
    let node = hospital_with_a_reply();
    let begun =
        ["downtime", "begin", "8100001", "--from", "2026-03-17T12:00", "--why", "strøm", "--by", "Per"];
    let id = node.does(&begun).trim().to_owned();
    assert!(node.does(&["downtime", "list"]).contains(&id));
    let again = node.run(&begun);
    assert_eq!(again.status.code(), Some(2), "{}", words_of(&again));
    let case = node.does(&["export", "--form", "entries"]);
    let case = case.lines().find_map(|line| {
        let entry = serde_json::from_str::<serde_json::Value>(line).unwrap();
        entry["case"].as_str().filter(|case| case.starts_with("opphold-")).map(str::to_owned)
    });
    let case = case.unwrap();
    assert!(node.does(&["downtime", "duties", &case]).contains("nedetid"));
    let forms = node.does(&["downtime", "forms", &case]);
    assert!(forms.contains("<!DOCTYPE html>") && forms.contains("23914111277"), "{forms}");
    assert!(!node.does(&["downtime", "forms"]).contains("23914111277"), "blank ones hold nobody");
    assert!(node.does(&["downtime", "status", "8100001"]).contains(&case));
    let told = ["--how", "telefon", "--told", "vakten", "--by", "Per", "--downtime", &id, "--case", &case];
    let what = ["downtime", "afterwards", "--kind", "avmelding", "--happened", "2026-03-17T12:30"];
    let entry = node.does(&[&what[..], &told].concat());
    let entries = node.does(&["export", "--form", "entries"]);
    assert!(entries.contains(entry.trim()) && entries.contains("fort-etterpa"), "{entries}");
    node.does(&["downtime", "end", &id, "--at", "2026-03-17T13:00", "--by", "Per"]);
    assert!(node.does(&["downtime", "list"]).contains("(ended)"));
    let over = node.run(&["downtime", "end", &id, "--by", "Per"]);
    assert_eq!(over.status.code(), Some(2), "{}", words_of(&over));
}
