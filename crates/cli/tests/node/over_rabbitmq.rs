//! Two nodes joined by a broker.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use samspill_base::CaseLog;
use samspill_service::exchange::{compare::compare, meaning::Table, receipts::State};
use samspill_sim::Sent;
use samspill_store::Direction;
use samspill_transport::testing::PrivateRabbit;

use crate::support::{
    LIMIT, alone,
    feed::{Traffic, listed},
    node::{Node, Setup},
    so,
    stay::{self, Party},
    tell, until,
    view::{View, agreements, found, told_by},
};

const PASSWORD: &str = "SAMSPILL_TEST_BROKER_PASSWORD";

/// A broker with the queues of these HER-ids.
pub(crate) fn broker(hers: &[String]) -> Option<PrivateRabbit> {
    let queues: Vec<String> =
        hers.iter().flat_map(|her| [format!("{her}_async"), format!("{her}_error")]).collect();
    PrivateRabbit::start(&queues.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A node whose messages all go by a broker.
pub(crate) fn node_at(rabbit: &PrivateRabbit, setup: Setup, own: &[String]) -> Node {
    let url = rabbit.url();
    let (login, address) = url.strip_prefix("amqp://").and_then(|rest| rest.split_once('@')).unwrap();
    let (user, password) = login.split_once(':').unwrap();
    let channels = format!(
        "[[channel]]\nname = \"nettverk\"\nkind = \"amqp\"\nbroker = \"amqp://{address}\"\nuser = \"{user}\"\n\
         password = {{ env = \"{PASSWORD}\" }}\nnamespace = \"{}\"\nown = [{}]\ndefault = true\n",
        PrivateRabbit::NAMESPACE,
        listed(own),
    );
    Node::new(&Setup { channels, ..setup }).with_secret(PASSWORD, password)
}

/// Waits until both have sent all, and each message has its receipt.
fn wait_until_quiet(nodes: [&Node; 2], limit: Duration) {
    until("all is sent and answered", limit, || {
        for node in nodes {
            let open = View::of(node).unfinished(|_| true);
            let first = || format!("{}: {} open: {:?}\n{}", node.name, open.len(), open.first(), node.log());
            so(open.is_empty(), first)?;
        }
        Ok(())
    });
}

#[test]
fn a_stay_over_a_broker_is_the_same_on_both_sides() {
    let hers: Vec<String> =
        stay::HOSPITAL.iter().chain(&stay::MUNICIPALITY).map(|her| (*her).to_owned()).collect();
    let Some(rabbit) = broker(&hers) else { return };
    let (ours, theirs) = hers.split_at(stay::HOSPITAL.len());
    let mut hospital = node_at(&rabbit, stay::setup(Party::Hospital), ours);
    let mut municipality = node_at(&rabbit, stay::setup(Party::Municipality), theirs);
    hospital.start();
    municipality.start();
    for message in stay::messages() {
        let by = if message.by == Party::Hospital { &hospital } else { &municipality };
        let file = by.write(&message.name, &message.bytes);
        by.does(&["send", &file.display().to_string()]);
    }
    wait_until_quiet([&hospital, &municipality], LIMIT);
    for (node, count) in [(&hospital, 6), (&municipality, 3)] {
        let told = node.does(&["monitor", "messages", "--format", "json"]);
        let lines = told.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let sent: Vec<_> =
            lines.filter(|it| it["receivers"].as_array().is_some_and(|all| !all.is_empty())).collect();
        assert_eq!(sent.len(), count, "{told}");
        for receiver in sent.iter().flat_map(|it| it["receivers"].as_array().unwrap()) {
            // The messages say that they were made long ago.
            let state = &receiver["state"];
            assert!(state == "accepted" || state == "completed-late", "{told}");
        }
    }
    let (one, other) = (View::of(&hospital), View::of(&municipality));
    assert_eq!((one.cases().len(), other.cases().len()), (1, 1));
    assert_eq!(compare(&one.cases(), &other.cases(), Table::shipped()), []);
    assert!(same_findings(&one, &other) > 0);
    assert!(hospital.stop().success() && municipality.stop().success());
}

/// All stays that both have the same messages of have the same duties and days under UNN. Gives how many duties and days
/// there are.
fn same_findings(one: &View, other: &View) -> usize {
    let (agreements, now) = (agreements(), Timestamp::now());
    // What was told of under another case before, and moved, leaves a case that nothing tells of.
    let is_told = |case: &CaseLog| !told_by(case).is_empty();
    let told = |view: &View| view.cases().into_iter().filter(is_told).collect::<Vec<_>>();
    let (ours, theirs) = (told(one), told(other));
    let by_messages: BTreeMap<_, _> = theirs.iter().map(|case| (told_by(case), case)).collect();
    let mut count = 0;
    for case in &ours {
        let messages = told_by(case);
        let same = by_messages.get(&messages);
        let same =
            same.unwrap_or_else(|| panic!("no case there has the messages of {}: {messages:?}", case.case));
        let (mine, theirs) = (found(&agreements, case, now), found(&agreements, same, now));
        assert_eq!(mine, theirs, "{} and {}", case.case, same.case);
        count += mine.len();
    }
    assert_eq!(ours.len(), theirs.len());
    count
}

#[test]
fn a_month_over_a_broker_that_is_killed_gives_the_same_duties_and_days_on_both_sides() {
    let _alone = alone();
    let traffic = Traffic::new(7, DAYS).of(is_theirs);
    let (wards, services) = (traffic.wards(), traffic.services(is_theirs));
    let Some(mut rabbit) = broker(&[wards.clone(), services.clone()].concat()) else { return };
    let mut hospital = node_at(&rabbit, traffic.hospital(), &wards);
    let mut municipality = node_at(&rabbit, traffic.municipalities(is_theirs), &services);
    hospital.start();
    municipality.start();
    let start = Instant::now();
    send_with_a_kill(&mut rabbit, &traffic, [(&hospital, &wards), (&municipality, &services)]);
    let handed_in = start.elapsed();
    wait_until_quiet([&hospital, &municipality], 4 * LIMIT);
    let took = start.elapsed();
    let (one, other) = (View::of(&hospital), View::of(&municipality));
    all_came_once_and_are_accepted(&one, &other);
    all_came_once_and_are_accepted(&other, &one);
    let differences = compare(&one.cases(), &other.cases(), Table::shipped());
    assert_eq!(differences, []);
    let count = same_findings(&one, &other);
    assert!(count > 0);
    tell(&format!(
        "a simulated month: {} messages, {} stays, {count} duties and days the same; handed in after {:.1} s, all \
         answered after {:.1} s",
        traffic.messages.len(),
        one.cases().len(),
        handed_in.as_secs_f32(),
        took.as_secs_f32()
    ));
    assert!(hospital.stop().success() && municipality.stop().success());
}

/// Sends all messages in batches, and kills the broker in the midst of them.
fn send_with_a_kill(rabbit: &mut PrivateRabbit, traffic: &Traffic, sides: [(&Node, &[String]); 2]) {
    let batches: Vec<_> = traffic.messages.chunks(60).collect();
    for (number, batch) in batches.iter().enumerate() {
        if number == batches.len() / 2 {
            rabbit.kill();
        }
        for (node, own) in sides {
            send(node, own, batch);
        }
        if number == batches.len() / 2 {
            rabbit.restart();
        }
    }
}

fn all_came_once_and_are_accepted(from: &View, to: &View) {
    for line in from.messages(Direction::Out) {
        let came = to.messages(Direction::In).filter(|it| it.id == line.id).count();
        assert_eq!(came, 1, "{line:#?}");
        let is_accepted = |state: &State| matches!(state, State::Accepted | State::CompletedLate);
        assert!(View::states(line).iter().all(is_accepted), "{line:#?}");
    }
}

/// Sends what a node is to send of a batch, by one call.
fn send(node: &Node, own: &[String], batch: &[Sent]) {
    let files: Vec<String> = batch
        .iter()
        .filter(|sent| own.contains(&sent.from))
        .map(|sent| node.write(&format!("{}.xml", sent.id), &sent.bytes).display().to_string())
        .collect();
    if !files.is_empty() {
        let call: Vec<&str> = std::iter::once("send").chain(files.iter().map(String::as_str)).collect();
        node.does(&call);
    }
}

/// The days within which stays begin.
const DAYS: u32 = 30;

/// The municipality that the hospital exchanges the month with, by its place in the region.
fn is_theirs(place: usize) -> bool {
    place == 1
}
