//! Processes and databases that go away at any moment.
//!
//! ```text
//!   outside ──inn──▶ sykehus ──▶ link ──▶ kommune        sykehus on SQLite, kommune on PostgreSQL where there is one
//!   outside ◀──ut── (SQLite) ◀── link ◀── (PostgreSQL)    each fed by `samspill send` too
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    thread::sleep,
    time::{Duration, Instant},
};

use samspill_sim::{Chance, Sent};
use samspill_store::{Direction, MessageLine, OutboxState};
use tempfile::TempDir;

use crate::support::{
    LIMIT, alone, drop_in,
    feed::{Traffic, listed},
    names,
    node::{Node, Setup, folder_channel},
    postgres::Postgres,
    so, tell, until,
    view::{View, is_taken},
    waiting,
};

const KILLS: &str = "SAMSPILL_NODE_KILLS";
const KILLS_UNLESS_SAID: u32 = 25;

/// A hospital's node and one of the largest municipality, joined by folders. The other municipalities are outside: their messages
/// are put into the hospital's `inn`, and it answers them in its `ut`.
struct Scene {
    traffic: Traffic,
    nodes: [Node; 2],
    /// HER-ids of the services of each.
    own: [Vec<String>; 2],
    /// The folders between them.
    _link: TempDir,
    /// Files that were put into the hospital's `inn`, and the ids of their messages.
    dropped: BTreeMap<String, String>,
    /// Messages that `samspill send` said to have in the outbox, by node.
    sent: [BTreeSet<String>; 2],
    next: usize,
}

fn is_inside(place: usize) -> bool {
    place == 0
}

impl Scene {
    fn new(seed: u64, days: u32, place: &str) -> Self {
        let traffic = Traffic::new(seed, days);
        let link = TempDir::with_prefix("samspill-link-").unwrap();
        let [there, back] = ["til", "fra"].map(|name| link.path().join(name));
        for folder in [&there, &back] {
            fs::create_dir(folder).unwrap();
        }
        let own = [traffic.wards(), traffic.services(is_inside)];
        let to = format!("to = [{}]", listed(&own[1]));
        let channels = folder_channel("lenke", &back, &there, &to)
            + &folder_channel("mappe", "inn".as_ref(), "ut".as_ref(), "default = true");
        let hospital = Node::new(&Setup { channels, ..traffic.hospital() });
        let channels = folder_channel("lenke", &there, &back, "default = true");
        let municipalities = Setup { channels, place: place.to_owned(), ..traffic.municipalities(is_inside) };
        let nodes = [hospital, Node::new(&municipalities)];
        Self { traffic, nodes, own, _link: link, dropped: BTreeMap::new(), sent: Default::default(), next: 0 }
    }

    /// The next messages, each fed where it belongs. Gives how many there were.
    fn feed(&mut self, count: usize, chance: &mut Chance) -> usize {
        let end = (self.next + count).min(self.traffic.messages.len());
        let batch: Vec<Sent> = self.traffic.messages[self.next..end].to_vec();
        self.next = end;
        let outside: Vec<&Sent> = batch.iter().filter(|sent| !self.is_inside(&sent.from)).collect();
        for sent in outside {
            let name = format!("{}.xml", sent.id);
            drop_in(&self.nodes[0].path("inn"), &name, &sent.bytes);
            self.dropped.insert(name, sent.id.clone());
        }
        for place in 0..self.nodes.len() {
            let own: Vec<&Sent> = batch.iter().filter(|sent| self.own[place].contains(&sent.from)).collect();
            self.send(place, &own, chance);
        }
        batch.len()
    }

    /// Sends by a command. Now and then it is killed, and done again, as whoever doesn't know how it ended must.
    fn send(&mut self, place: usize, messages: &[&Sent], chance: &mut Chance) {
        if messages.is_empty() {
            return;
        }
        let node = &self.nodes[place];
        let files: Vec<PathBuf> =
            messages.iter().map(|sent| node.write(&format!("{}.xml", sent.id), &sent.bytes)).collect();
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let words: Vec<&str> = std::iter::once("send").chain(files.iter().map(String::as_str)).collect();
        if chance.hits(300) {
            let mut command = node.program(&words).spawn().unwrap();
            sleep(Duration::from_micros(u64::from(chance.below(200_000))));
            let _ = command.kill();
            command.wait().unwrap();
        }
        until("the messages are in the outbox", LIMIT, || {
            let ran = node.run(&words);
            so(ran.status.success(), || String::from_utf8_lossy(&ran.stderr).into_owned())
        });
        self.sent[place].extend(messages.iter().map(|sent| sent.id.clone()));
    }

    /// Waits until everything has come home.
    fn wait_until_quiet(&self) {
        until("everything has come home", 3 * LIMIT, || {
            let left = waiting(&self.nodes[0].path("inn"));
            so(left.is_empty(), || format!("in the inbox: {left:?}; {}", self.nodes[0].log()))?;
            for node in &self.nodes {
                let view = View::try_of(node).map_err(|error| error.to_string())?;
                let open = view.unfinished(|her| self.is_inside(her));
                so(open.is_empty(), || {
                    format!("{}: {} open, {:?}; {}", node.name, open.len(), open.first(), node.log())
                })?;
            }
            Ok(())
        });
    }

    /// Whether a node of ours answers for a service. Nobody outside does.
    fn is_inside(&self, her: &str) -> bool {
        self.own.iter().flatten().any(|own| own == her)
    }

    /// Nothing is lost, and nothing doubled.
    fn check(&self) {
        let views = [View::of(&self.nodes[0]), View::of(&self.nodes[1])];
        for (place, node) in self.nodes.iter().enumerate() {
            let whole = node.does(&["verify"]);
            assert!(whole.contains("the log is whole"), "{whole}");
            self.check_taken(place, &views);
            self.check_receipts(&node.name, &views[place]);
        }
        self.check_files(&views[0]);
    }

    /// What was dropped and what was sent is there once, on both sides.
    fn check_taken(&self, place: usize, views: &[View; 2]) {
        let mut came: BTreeMap<&str, Vec<&MessageLine>> = BTreeMap::new();
        for line in views[place].messages(Direction::In) {
            came.entry(&line.id).or_default().push(line);
        }
        let other = 1 - place;
        let mine = &self.own[place];
        let by_link = views[other].messages(Direction::Out).filter(|line| mine.contains(&line.to));
        let by_link: Vec<&str> = by_link.map(|line| line.id.as_str()).collect();
        let dropped = self.dropped.values().map(String::as_str).filter(|_| place == 0);
        let expected: Vec<&str> = dropped.chain(by_link).collect();
        for id in &expected {
            let lines =
                came.get(id).unwrap_or_else(|| panic!("{id} never came to {}", self.nodes[place].name));
            assert!(lines.len() == 1 && is_taken(lines[0]), "{lines:#?}");
        }
        assert_eq!(came.len(), expected.len(), "{}: more came than was sent", self.nodes[place].name);
        let sent: Vec<&str> = views[place].messages(Direction::Out).map(|line| line.id.as_str()).collect();
        let once: BTreeSet<&str> = sent.iter().copied().collect();
        assert_eq!(sent.len(), once.len(), "{}: something was sent twice", self.nodes[place].name);
        assert_eq!(once, self.sent[place].iter().map(String::as_str).collect());
    }

    /// Each message that came has one receipt of ours, and each that we sent inside has one of theirs.
    fn check_receipts(&self, name: &str, view: &View) {
        let (given, got) = (view.receipts(Direction::Out), view.receipts(Direction::In));
        let came: BTreeSet<&str> = view.messages(Direction::In).map(|line| line.id.as_str()).collect();
        assert_eq!(given.keys().copied().collect::<BTreeSet<_>>(), came, "{name}");
        let inside = view.messages(Direction::Out).filter(|line| self.is_inside(&line.to));
        assert_eq!(
            got.keys().copied().collect::<BTreeSet<_>>(),
            inside.map(|line| line.id.as_str()).collect(),
            "{name}"
        );
        for (id, lines) in given.iter().chain(&got) {
            assert_eq!(lines.len(), 1, "{name}: {id}");
        }
        let parcels = view.lines.iter().flat_map(|line| &line.outgoing);
        assert!(parcels.into_iter().all(|parcel| parcel.state == OutboxState::Sent), "{name}");
    }

    /// What was dropped lies in `inn-ferdig`, and what went outside is in `ut` once.
    fn check_files(&self, view: &View) {
        let hospital = &self.nodes[0];
        assert_eq!(names(&hospital.path("inn-ferdig")), self.dropped.keys().cloned().collect::<Vec<_>>());
        assert_eq!(names(&hospital.path("inn-avvist")), Vec::<String>::new());
        let outside = |line: &&MessageLine| line.direction == Direction::Out && !self.is_inside(&line.to);
        let mut expected: Vec<&str> =
            view.lines.iter().filter(outside).map(|line| line.id.as_str()).collect();
        expected.sort_unstable();
        let ut = names(&hospital.path("ut"));
        let ids = ut.iter().map(|name| name.trim_end_matches(".xml"));
        let mut ids: Vec<&str> = ids.map(|name| name.split_once('-').map_or(name, |(_, id)| id)).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected);
    }
}

fn kills() -> u32 {
    std::env::var(KILLS).map_or(KILLS_UNLESS_SAID, |kills| kills.parse().unwrap())
}

#[test]
fn nodes_that_are_killed_again_and_again_lose_nothing_and_double_nothing() {
    let _alone = alone();
    let postgres = Postgres::start();
    let place = postgres.as_ref().map(Postgres::place).unwrap_or_default();
    let rounds = kills() * 2;
    let mut scene = Scene::new(11, 2 + rounds / 20, &place);
    let mut chance = Chance::of(11).branch("kills");
    let start = Instant::now();
    scene.nodes.iter_mut().for_each(Node::launch);
    for round in 0..rounds {
        let victim = usize::from(round % 2 == 1);
        if chance.hits(700) {
            scene.nodes[victim].wait_until_ready();
        }
        scene.feed(5, &mut chance);
        sleep(Duration::from_micros(u64::from(chance.below(400_000))));
        scene.nodes[victim].kill();
        scene.nodes[victim].launch();
    }
    scene.nodes.iter_mut().for_each(Node::wait_until_ready);
    scene.wait_until_quiet();
    scene.check();
    tell(&format!(
        "{rounds} kills over two nodes ({}), {} messages fed, {} dropped in a folder: {:.1} s",
        if postgres.is_some() { "SQLite and PostgreSQL" } else { "both on SQLite" },
        scene.next,
        scene.dropped.len(),
        start.elapsed().as_secs_f32()
    ));
    for node in &mut scene.nodes {
        assert!(node.stop().success());
    }
}

#[test]
fn a_node_goes_on_by_itself_when_its_database_is_back() {
    let _alone = alone();
    let Some(mut postgres) = Postgres::start() else { return };
    let mut scene = Scene::new(12, 2, &postgres.place());
    let mut chance = Chance::of(12).branch("outages");
    scene.nodes.iter_mut().for_each(Node::start);
    let id = |node: &Node| node.get("/health").lines().next().map(str::to_owned);
    for _ in 0..3 {
        scene.feed(6, &mut chance);
        postgres.halt();
        // What is for the municipalities waits in the folder between, or at the hospital.
        let hospital: Vec<Sent> = scene.traffic.messages[scene.next..]
            .iter()
            .filter(|sent| scene.own[0].contains(&sent.from))
            .take(3)
            .cloned()
            .collect();
        scene.send(0, &hospital.iter().collect::<Vec<_>>(), &mut chance);
        until("the node says that its database is away", LIMIT, || {
            let answer = scene.nodes[1].get("/ready");
            so(answer.starts_with("HTTP/1.1 503"), || answer.clone())
        });
        assert_eq!(id(&scene.nodes[1]).as_deref(), Some("HTTP/1.1 200 OK"));
        let file = scene.nodes[1].write("en.xml", &hospital[0].bytes);
        let refused = scene.nodes[1].run(&["send", &file.display().to_string()]);
        assert!(!refused.status.success(), "nothing is acknowledged without a database");
        postgres.serve();
        scene.nodes[1].wait_until_ready();
    }
    scene.feed(20, &mut chance);
    scene.wait_until_quiet();
    scene.check();
    for node in &mut scene.nodes {
        assert!(node.stop().success());
    }
}
