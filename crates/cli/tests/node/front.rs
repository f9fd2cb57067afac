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
    node::{Node, Setup},
    postgres::Postgres,
    so, tell, until,
    view::View,
};

/// Programs that write, and programs that read.
const WRITERS: usize = 3;
const READERS: usize = 2;

/// Who asks: the hospital's coordination office sees all of its stays.
const LOGIN: &str = "system.samhandling";

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

    let failovers: usize = writers.into_iter().map(|it| it.join().unwrap()).sum();
    assert_eq!(written.load(Ordering::SeqCst), messages.len());
    until("the other does the job", LIMIT, || so(ticks(other) > 0.0, || other.log()));
    let end = positions(other);
    for heard in &listeners {
        until("all is heard", LIMIT, || {
            so(heard.last() >= end, || format!("{} of {end}\n{}", heard.last(), other.log()))
        });
    }
    done.store(true, Ordering::SeqCst);
    let reads: usize = readers.into_iter().map(|it| it.join().unwrap()).sum();
    for heard in listeners {
        let positions = heard.end();
        assert!(positions.is_sorted_by(|one, next| one < next), "in order, and each once: {positions:?}");
        assert_eq!(positions.len() as u64, end, "nothing is left out");
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
    let keys = "a".repeat(64);
    let nodes = ["en", "to"].map(|name| {
        let web = "[web]\norigin = \"http://localhost\"\nport = 0\nperson_keys = { file = \"person-keys.txt\" }\n";
        let channel = "[[channel]]\nname = \"mappe\"\nkind = \"folder\"\ninbox = \"inn\"\noutbox = \"ut\"\ndefault = true\n";
        let setup = Setup {
            name: name.to_owned(),
            channels: channel.to_owned(),
            place: postgres.place(),
            ..traffic.hospital()
        };
        let node = Node::new(&setup.with(web));
        node.write("person-keys.txt", format!("en: {keys}\nindex: {keys}\n").as_bytes());
        node
    });
    nodes.into_iter().collect()
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

/// Reads again and again. What is acknowledged as read is right, or isn't there.
fn read(mut client: Client, done: &AtomicBool) -> usize {
    let mut reads = 0;
    while !done.load(Ordering::SeqCst) {
        let answer = client.ask("GET", "/api/v1/stays?limit=20", "", b"");
        assert_eq!(answer.status, 200, "{}", answer.text);
        reads += 1;
        sleep(Duration::from_millis(50));
    }
    reads
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

/// One of the two does the job, and the other doesn't.
fn holder_of_the_job(nodes: &[Node]) -> usize {
    until("the job is done several times", LIMIT, || {
        let done: Vec<f64> = nodes.iter().map(ticks).collect();
        so(done.iter().any(|count| *count >= 4.0), || format!("{done:?}"))
    });
    let done: Vec<f64> = nodes.iter().map(ticks).collect();
    assert!(done.contains(&0.0), "both have done the job: {done:?}");
    usize::from(done[1] > 0.0)
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
