//! Two nodes with a front door on one `PostgreSQL`: programs read, write and listen, and one of the nodes is killed under them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use samspill_sim::{Sent, StayKey};
use samspill_store::Direction;

use crate::support::{
    LIMIT, alone,
    door::{Client, Heard},
    feed::Traffic,
    node::{Node, Setup, with_front},
    page::Browser,
    postgres::Postgres,
    so, tell, until,
    view::View,
};

/// Programs that write, and programs that read.
const WRITERS: usize = 3;
const READERS: usize = 2;

/// Who asks: the hospital's coordination office sees all of its stays.
const LOGIN: &str = "system.samhandling";
/// What users write in the browser.
const ORIGIN: &str = "http://localhost";

#[test]
fn readers_writers_and_listeners_go_on_when_one_of_two_nodes_is_killed() {
    let _alone = alone();
    let Some(postgres) = Postgres::start() else { return };
    let traffic = Traffic::new(33, 2);
    let mut nodes = pair(&traffic, &postgres);
    nodes[0].start();
    let token = token(&nodes[0], &traffic);
    nodes[1].start();
    let doors: Arc<[_]> = nodes.iter().map(Node::front).collect();
    let people = [person(&nodes[0], &traffic, "kari.en"), person(&nodes[1], &traffic, "kari.to")];
    for (browser, other) in people.iter().zip([&nodes[1], &nodes[0]]) {
        stays_logged_in(browser, other);
    }
    let client = |first: usize| Client::new(doors.clone(), first, &token);

    let (done, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let listeners: Vec<_> = (0..2).map(|first| Heard::listen(client(first), done.clone())).collect();
    let messages = Arc::new(traffic.messages.clone());
    let writers: Vec<_> = (0..WRITERS)
        .map(|which| {
            let (client, messages, written) = (client(which % 2), messages.clone(), written.clone());
            std::thread::spawn(move || write(client, of(which, &messages), &written))
        })
        .collect();
    let readers: Vec<_> = (0..READERS)
        .map(|which| {
            let (client, done) = (client(which % 2), done.clone());
            std::thread::spawn(move || read(client, &done))
        })
        .collect();

    until("half of the messages are written", LIMIT * 3, || {
        let count = written.load(Ordering::SeqCst);
        so(count * 2 >= messages.len(), || format!("{count} of {}", messages.len()))
    });
    let killed = holder_of_the_job(&nodes);
    nodes[killed].kill();
    let other = &nodes[1 - killed];
    let before = ticks(other);
    for browser in &people {
        stays_logged_in(browser, other);
    }

    let failovers: usize = writers.into_iter().map(|it| it.join().unwrap()).sum();
    assert_eq!(written.load(Ordering::SeqCst), messages.len());
    until("the other does the job", LIMIT, || so(ticks(other) > before, || other.log()));
    let end = positions(other);
    for heard in &listeners {
        until("all is heard", LIMIT, || {
            so(heard.last() >= end, || format!("{} of {end}\n{}", heard.last(), other.log()))
        });
    }
    done.store(true, Ordering::SeqCst);
    let read: Vec<(usize, usize)> = readers.into_iter().map(|it| it.join().unwrap()).collect();
    let (reads, of_readers) = read.into_iter().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    assert!(reads > 0 && of_readers > 0, "one of the readers asked the node that was killed");
    let failovers = failovers + of_readers;
    for heard in listeners {
        heard_each_once(heard, end);
    }
    check(other, &messages);
    assert!(other.does(&["verify"]).contains("the log is whole"));
    assert!(other.does(&["access-log", "verify"]).contains("the access log is whole"));
    tell(&format!(
        "two nodes with a front door: {} messages, {reads} reads and {end} events; one was killed, {failovers} requests went to the other",
        messages.len()
    ));
    let mut other = nodes.into_iter().nth(1 - killed).unwrap();
    assert!(other.stop().success());
}

/// Two nodes of the same configuration, but for their names.
fn pair(traffic: &Traffic, postgres: &Postgres) -> Vec<Node> {
    let nodes = ["en", "to"].map(|name| {
        let setup = Setup { name: name.to_owned(), place: postgres.place(), ..traffic.hospital() };
        with_front(setup, ORIGIN, "")
    });
    nodes.into_iter().collect()
}

/// Somebody who logged in at this node.
fn person(node: &Node, traffic: &Traffic, login: &str) -> Browser {
    let role = format!("samhandlingskontor:{}", traffic.trust());
    let link = node.does(&["account", "add", login, "--name", "Kari Lien", "--role", &role]);
    let mut browser = Browser::new(node.front(), ORIGIN);
    browser.set_password(link.trim().strip_prefix(ORIGIN).unwrap(), "en lang setning om fjell");
    browser.log_in(login, "en lang setning om fjell");
    assert_eq!(browser.get("/tavle").status, 200);
    browser
}

/// Entries are heard of in order and once each, up to the last.
fn heard_each_once(heard: Heard, end: u64) {
    let positions = heard.end();
    assert!(positions.is_sorted_by(|one, next| one < next), "in order, and each once: {positions:?}");
    assert_eq!(positions.len() as u64, end, "nothing is left out");
}

/// A session holds at another node than the one where it began.
fn stays_logged_in(browser: &Browser, other: &Node) {
    let answer = browser.sent_to(other.front()).get("/tavle");
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// An account for another system, and its token.
fn token(node: &Node, traffic: &Traffic) -> String {
    let role = format!("samhandlingskontor:{}", traffic.trust());
    node.does(&["account", "add", LOGIN, "--name", "Journalsystemet", "--role", &role]);
    node.does(&["account", "token", LOGIN, &role, "--name", "prøve"]).trim().to_owned()
}

/// The messages of a writer: all of a stay go the same way, in their order.
fn of(which: usize, messages: &[Sent]) -> Vec<Sent> {
    let writer = |sent: &Sent| StayKey::of_id(&sent.id).map_or(0, |key| key.patient as usize) % WRITERS;
    messages.iter().filter(|sent| writer(sent) == which).cloned().collect()
}

/// Hands messages in; one that nobody acknowledged goes again, to whoever answers. Says how often another node had to be asked.
fn write(mut client: Client, messages: Vec<Sent>, written: &AtomicUsize) -> usize {
    for sent in messages {
        let answer = client.ask("POST", "/api/v1/messages", "application/xml", &sent.bytes);
        assert!([200, 201].contains(&answer.status), "{}: {}", sent.id, answer.text);
        written.fetch_add(1, Ordering::SeqCst);
    }
    client.failovers()
}

/// Reads again and again. What is acknowledged as read is right, or isn't there. Says how often, and how often another node had to be
/// asked.
fn read(mut client: Client, done: &AtomicBool) -> (usize, usize) {
    let mut reads = 0;
    while !done.load(Ordering::SeqCst) {
        let answer = client.ask("GET", "/api/v1/stays?limit=20", "", b"");
        assert_eq!(answer.status, 200, "{}", answer.text);
        reads += 1;
        sleep(Duration::from_millis(50));
    }
    (reads, client.failovers())
}

fn ticks(node: &Node) -> f64 {
    let answer = node.get("/metrics");
    let lines = answer.lines().filter(|line| {
        line.starts_with("samspill_job_runs_total")
            && line.contains("job=\"tick\"")
            && line.contains("outcome=\"done\"")
    });
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

/// Which of the two does the job: one of them, again and again, while the other doesn't. On a machine with much to do a lease may have gone
/// from one to the other before.
fn holder_of_the_job(nodes: &[Node]) -> usize {
    let all = || -> Vec<f64> { nodes.iter().map(ticks).collect() };
    let (mut before, mut holder) = (all(), 0);
    until("one of them does the job several times, and the other doesn't", LIMIT, || {
        let now = all();
        let done: Vec<f64> = now.iter().zip(&before).map(|(now, before)| now - before).collect();
        let is_alone = done.iter().any(|count| *count >= 3.0) && done.contains(&0.0);
        holder = usize::from(done[1] > 0.0);
        if done.iter().all(|count| *count > 0.0) {
            before = now;
        }
        so(is_alone, || format!("{done:?}"))
    });
    holder
}

/// How many entries the log has.
fn positions(node: &Node) -> u64 {
    node.does(&["export", "--form", "entries"]).lines().count() as u64
}

/// Each message was taken in or sent once.
fn check(node: &Node, messages: &[Sent]) {
    let view = View::of(node);
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    for line in view.messages(Direction::In).chain(view.messages(Direction::Out)) {
        *kept.entry(line.id.as_str()).or_default() += 1;
    }
    let mut others = messages.iter().filter(|sent| kept.get(sent.id.as_str()) != Some(&1));
    assert_eq!(others.next().map(|sent| &sent.id), None, "not kept once");
}
