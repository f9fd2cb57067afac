//! Two nodes on one `PostgreSQL`.

use std::{path::Path, thread::sleep, time::Duration};

use samspill_sim::Sent;
use samspill_store::{Direction, OutboxState};

use crate::support::{
    LIMIT, alone, drop_in,
    feed::Traffic,
    names,
    node::{Node, Setup, folder_channel},
    postgres::Postgres,
    so, tell, until,
    view::{View, is_taken},
    waiting,
};

/// What a metric stands at; 0 where it isn't there.
fn metric(node: &Node, begins: &str, has: &[&str]) -> f64 {
    let answer = node.get("/metrics");
    let lines =
        answer.lines().filter(|line| line.starts_with(begins) && has.iter().all(|it| line.contains(it)));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

fn ticks(node: &Node) -> f64 {
    metric(node, "samspill_job_runs_total", &["job=\"tick\"", "outcome=\"done\""])
}

fn taken(node: &Node) -> usize {
    node.log().lines().filter(|line| line.contains("\"taken in\"")).count()
}

#[test]
fn two_nodes_on_one_database_share_the_work_and_one_goes_on_alone() {
    let _alone = alone();
    let Some(postgres) = Postgres::start() else { return };
    let traffic = Traffic::new(21, 4);
    let services = traffic.services(|_| true);
    let messages: Vec<_> =
        traffic.messages.iter().filter(|sent| services.contains(&sent.to)).take(160).collect();
    let folders = tempfile::tempdir().unwrap();
    let [inbox, outbox] = ["inn", "ut"].map(|name| made(&folders.path().join(name)));
    let mut nodes = pair(&traffic, &postgres, &inbox, &outbox);
    nodes.iter_mut().for_each(Node::start);
    let (first, second) = messages.split_at(messages.len() / 2);
    for sent in first {
        drop_in(&inbox, &format!("{}.xml", sent.id), &sent.bytes);
    }
    wait_until_taken(&inbox, &nodes[0]);
    let shares = [taken(&nodes[0]), taken(&nodes[1])];
    assert_eq!(shares[0] + shares[1], first.len());
    assert!(shares.iter().all(|share| *share > 0), "both take: {shares:?}");
    let holder = holder_of_the_job(&nodes);
    let other = 1 - holder;
    for (number, sent) in second.iter().enumerate() {
        drop_in(&inbox, &format!("{}.xml", sent.id), &sent.bytes);
        if number == second.len() / 2 {
            sleep(Duration::from_millis(200));
            nodes[holder].kill();
        }
    }
    wait_until_taken(&inbox, &nodes[other]);
    until("the other does the job", LIMIT, || so(ticks(&nodes[other]) > 0.0, || nodes[other].log()));
    wait_until_handed_over(&nodes[other]);
    check(&nodes[other], &messages);
    assert_eq!(names(&outbox).len(), messages.len());
    assert!(nodes[other].does(&["verify"]).contains("the log is whole"));
    tell(&format!(
        "two nodes on one database took {shares:?} of {}; one was killed, the other took the rest",
        first.len()
    ));
    assert!(nodes[other].stop().success());
}

fn made(folder: &Path) -> std::path::PathBuf {
    std::fs::create_dir(folder).unwrap();
    folder.to_owned()
}

fn wait_until_taken(inbox: &Path, node: &Node) {
    until("the inbox is empty", LIMIT, || {
        so(waiting(inbox).is_empty(), || format!("{:?}\n{}", waiting(inbox), node.log()))
    });
}

fn wait_until_handed_over(node: &Node) {
    until("all is handed over", LIMIT, || {
        let view = View::of(node);
        let parcels = view.lines.iter().flat_map(|line| &line.outgoing);
        let waits = parcels.into_iter().filter(|parcel| parcel.state != OutboxState::Sent).count();
        so(waits == 0, || format!("{waits} wait; {}", node.log()))
    });
}

/// Two nodes of the same configuration, but for their names.
fn pair(traffic: &Traffic, postgres: &Postgres, inbox: &Path, outbox: &Path) -> [Node; 2] {
    ["en", "to"].map(|name| {
        Node::new(&Setup {
            name: name.to_owned(),
            channels: folder_channel("mappe", inbox, outbox, "default = true"),
            place: postgres.place(),
            ..traffic.municipalities(|_| true)
        })
    })
}

/// One of the two holds the lease of the job, and keeps it while it lives.
fn holder_of_the_job(nodes: &[Node; 2]) -> usize {
    until("the job is done several times", LIMIT, || {
        let done = [ticks(&nodes[0]), ticks(&nodes[1])];
        so(done.iter().any(|count| *count >= 4.0), || format!("{done:?}"))
    });
    let done = [ticks(&nodes[0]), ticks(&nodes[1])];
    assert!(done.contains(&0.0), "both have done the job: {done:?}");
    usize::from(done[1] > 0.0)
}

/// Each message was taken once, and has one receipt.
fn check(node: &Node, messages: &[&Sent]) {
    let view = View::of(node);
    for sent in messages {
        let came: Vec<_> = view.messages(Direction::In).filter(|line| line.id == sent.id).collect();
        assert!(came.len() == 1 && is_taken(came[0]), "{}: {came:#?}", sent.id);
    }
    let receipts = view.receipts(Direction::Out);
    assert_eq!(receipts.len(), messages.len());
    assert!(receipts.values().all(|lines| lines.len() == 1));
}
