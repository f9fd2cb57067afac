use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use samspill_store::Projection;
use samspill_transport::{Arrival, Doing, Health, Parcel, Received, SendFault, Settle, Settlement};
use serde_json::Value;
use tokio::sync::mpsc;

use super::*;
use crate::{
    config::{ChannelConfig, parse},
    jobs::Outcome,
    metrics::QueueState,
};

/// A channel that brings what the test gives it.
#[derive(Debug)]
struct Line {
    coming: tokio::sync::Mutex<mpsc::UnboundedReceiver<Arrival>>,
    health: Mutex<Health>,
    is_closed: AtomicBool,
}

impl Channel for Line {
    fn name(&self) -> &'static str {
        "mappe"
    }

    fn send<'a>(&'a self, _: &'a Parcel) -> Doing<'a, Result<(), SendFault>> {
        Box::pin(async { Ok(()) })
    }

    fn receive(&self) -> Doing<'_, Arrival> {
        Box::pin(async {
            match self.coming.lock().await.recv().await {
                Some(arrival) => arrival,
                None => std::future::pending().await,
            }
        })
    }

    fn health(&self) -> Health {
        self.health.lock().unwrap().clone()
    }

    fn close(&self) -> Doing<'_, ()> {
        self.is_closed.store(true, Ordering::SeqCst);
        Box::pin(async {})
    }
}

#[derive(Debug)]
struct Settled(Arc<Mutex<Vec<Settle>>>);

impl Settlement for Settled {
    fn settle(self: Box<Self>, settle: Settle) -> Doing<'static, ()> {
        Box::pin(async move { self.0.lock().unwrap().push(settle) })
    }
}

/// A mailroom that takes its time, and panics when told to.
#[derive(Debug, Default)]
struct Room {
    takes: Duration,
    began: AtomicUsize,
    ticks: AtomicUsize,
    panics: AtomicUsize,
}

impl Post for Room {
    fn take<'a>(&'a self, arrival: Arrival, _: &'a str) -> Doing<'a, Result<(), Trouble>> {
        Box::pin(async move {
            self.began.fetch_add(1, Ordering::SeqCst);
            let panics =
                self.panics.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            assert!(panics.is_err(), "as asked");
            tokio::time::sleep(self.takes).await;
            arrival.settle(Settle::Taken).await;
            Ok(())
        })
    }

    fn hand_over<'a>(&'a self, _: &'a dyn Channel) -> Doing<'a, Result<usize, Trouble>> {
        Box::pin(async { Ok(0) })
    }

    fn tick(&self) -> Doing<'_, Outcome> {
        self.ticks.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Outcome::Done })
    }

    fn measure(&self) -> Doing<'_, Result<Measures, Trouble>> {
        let state = QueueState { waiting: 3, oldest: Duration::from_secs(90), dead: 1 };
        Box::pin(
            async move { Ok(Measures { queues: BTreeMap::from([("mappe".to_owned(), state)]), alerts: 1 }) },
        )
    }
}

struct Test {
    running: Running,
    at: String,
    line: Arc<Line>,
    room: Arc<Room>,
    bring: mpsc::UnboundedSender<Arrival>,
    settled: Arc<Mutex<Vec<Settle>>>,
    folder: tempfile::TempDir,
}

struct Made {
    line: Arc<Line>,
    room: Arc<Room>,
}

impl Outfit for Made {
    fn projections(&self, _: &Config) -> Result<Vec<Arc<dyn Projection>>, Trouble> {
        Ok(Vec::new())
    }

    fn channel(&self, _: &Config, _: &ChannelConfig, _: &Base) -> Result<Arc<dyn Channel>, Trouble> {
        Ok(self.line.clone())
    }

    fn post(&self, _: &Config, _: &Base) -> Result<Arc<dyn Post>, Trouble> {
        Ok(self.room.clone())
    }

    fn jobs(&self, _: &Config, _: &Base) -> Vec<Arc<dyn Job>> {
        Vec::new()
    }
}

const CONFIG: &str = r#"
    [node]
    name = "nord-1"
    community = "nord"
    [store]
    place = "sqlite:samspill.db"
    [http]
    port = 0
    stop_within = "2 s"
    [[channel]]
    name = "mappe"
    kind = "folder"
    inbox = "inn"
    outbox = "ut"
    default = true
    [jobs]
    tick = "100 ms"
    measure = "100 ms"
    [backup]
    folder = "kopier"
    recipients = "mottakere.txt"
    keep = 1
"#;

/// The public key of a pair that nobody keeps.
fn write_recipients(folder: &std::path::Path) {
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    std::fs::write(folder.join("mottakere.txt"), format!("# drift\n{recipient}\n")).unwrap();
}

/// A channel that brings nothing.
fn quiet() -> Arc<Line> {
    let (_, coming) = mpsc::unbounded_channel();
    Arc::new(Line {
        coming: tokio::sync::Mutex::new(coming),
        health: Mutex::new(Health::Up),
        is_closed: AtomicBool::new(false),
    })
}

async fn begin(room: Room) -> Test {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("kopier")).unwrap();
    write_recipients(folder.path());
    let loaded = parse(CONFIG, "samspill.toml", folder.path());
    let config = loaded.config.unwrap_or_else(|| panic!("{}", loaded.mistakes.render()));
    let (bring, coming) = mpsc::unbounded_channel();
    let line = Arc::new(Line {
        coming: tokio::sync::Mutex::new(coming),
        health: Mutex::new(Health::Up),
        is_closed: AtomicBool::new(false),
    });
    let room = Arc::new(room);
    let running = serve(config, &Made { line: line.clone(), room: room.clone() }).await.unwrap();
    let at = format!("http://{}", running.address());
    Test { running, at, line, room, bring, settled: Arc::default(), folder }
}

impl Test {
    fn bring(&self) {
        let report = samspill_transport::FaultReport {
            about: "1".to_owned(),
            condition: "transport:x".to_owned(),
            says: String::new(),
            at: None,
        };
        self.bring.send(Arrival::new(Received::Fault(report), Settled(self.settled.clone()))).unwrap();
    }

    async fn ready(&self) -> (u16, Value) {
        let answer = reqwest::get(format!("{}/ready", self.at)).await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not happen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_alive_ready_and_measured() {
    let test = begin(Room::default()).await;
    let health = reqwest::get(format!("{}/health", test.at)).await.unwrap();
    assert_eq!(health.status().as_u16(), 200);
    let (status, ready) = test.ready().await;
    assert_eq!((status, &ready["ready"]), (200, &Value::Bool(true)), "{ready}");
    assert_eq!(ready["channels"][0]["line"], "up");
    until("a tick", || test.room.ticks.load(Ordering::SeqCst) > 1).await;
    let metrics = reqwest::get(format!("{}/metrics", test.at)).await.unwrap().text().await.unwrap();
    for line in [
        "samspill_queue_messages{channel=\"mappe\"} 3",
        "samspill_queue_oldest_seconds{channel=\"mappe\"} 90.0",
        "samspill_dead_letters{channel=\"mappe\"} 1",
        "samspill_alerts_active 1",
        "samspill_channel_up{channel=\"mappe\"} 1",
        "samspill_job_runs_total{job=\"tick\",outcome=\"done\"}",
        "samspill_requests_total{path=\"/health\",status=\"200\"} 1",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    test.running.stop().ask();
    assert_eq!(test.running.until_stopped().await, Ended::Whole);
    assert!(test.line.is_closed.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_down_is_told_and_the_node_stays_ready() {
    let test = begin(Room::default()).await;
    let says = "no answer from 17857112345".to_owned();
    *test.line.health.lock().unwrap() = Health::Down { since: jiff::Timestamp::UNIX_EPOCH, says };
    let (status, ready) = test.ready().await;
    assert_eq!((status, &ready["channels"][0]["line"]), (200, &"down".into()));
    assert_eq!(ready["channels"][0]["says"], "no answer from ***");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_finishes_what_is_under_way_and_takes_nothing_new() {
    let test = begin(Room { takes: Duration::from_millis(400), ..Room::default() }).await;
    test.bring();
    until("the first", || test.room.began.load(Ordering::SeqCst) == 1).await;
    test.bring();
    test.running.stop().ask();
    let (settled, room) = (test.settled.clone(), test.room.clone());
    assert_eq!(test.running.until_stopped().await, Ended::Whole);
    assert_eq!(*settled.lock().unwrap(), [Settle::Taken]);
    assert_eq!(room.began.load(Ordering::SeqCst), 1, "the second comes again at the next start");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_at_once_leaves_what_is_under_way_unsettled() {
    for is_asked_again in [true, false] {
        let test = begin(Room { takes: Duration::from_mins(1), ..Room::default() }).await;
        test.bring();
        until("the first", || test.room.began.load(Ordering::SeqCst) == 1).await;
        let (stop, settled, began) = (test.running.stop(), test.settled.clone(), std::time::Instant::now());
        stop.ask();
        if is_asked_again {
            stop.ask_now();
        }
        assert_eq!(test.running.until_stopped().await, Ended::Cut);
        assert_eq!(began.elapsed() < Duration::from_millis(1500), is_asked_again, "`stop_within` is 2 s");
        assert_eq!(*settled.lock().unwrap(), []);
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn sigterm_finishes_what_is_under_way() {
    let test = begin(Room { takes: Duration::from_millis(400), ..Room::default() }).await;
    let (settled, room, line) = (test.settled.clone(), test.room.clone(), test.line.clone());
    test.bring();
    until("the first", || room.began.load(Ordering::SeqCst) == 1).await;
    let ending = tokio::spawn(test.running.until_signalled());
    // The signal must not come before it is listened for: it would end the tests.
    tokio::time::sleep(Duration::from_millis(150)).await;
    let killed = std::process::Command::new("kill").args(["-TERM", &std::process::id().to_string()]).status();
    assert!(killed.unwrap().success());
    assert_eq!(ending.await.unwrap().unwrap(), Ended::Whole);
    assert_eq!(*settled.lock().unwrap(), [Settle::Taken]);
    assert!(line.is_closed.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_that_panics_is_told_and_begun_again() {
    let test = begin(Room { panics: AtomicUsize::new(1), ..Room::default() }).await;
    test.bring();
    until("the panic", || test.room.began.load(Ordering::SeqCst) == 1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (status, ready) = test.ready().await;
    assert_eq!((status, &ready["ready"]), (503, &Value::Bool(false)));
    assert_eq!(ready["reasons"][0], "receive:mappe panicked and is begun again soon");
    test.bring();
    until("the next", || test.settled.lock().unwrap().len() == 1).await;
    let (status, ready) = test.ready().await;
    assert_eq!((status, &ready["restarted"][0]["restarts"]), (200, &1.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_stopping_is_not_ready() {
    let test = begin(Room { takes: Duration::from_mins(1), ..Room::default() }).await;
    test.running.board.phase(Phase::Stopping);
    assert_eq!(test.ready().await.0, 503);
    test.running.board.phase(Phase::Starting);
    assert_eq!(test.ready().await.0, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_answer_is_told() {
    let test = begin(Room::default()).await;
    test.running.base().store.close().await;
    until("the measuring", || !test.running.board.readiness().is_ready).await;
    let (status, ready) = test.ready().await;
    assert_eq!(status, 503);
    assert!(ready["reasons"][0].as_str().unwrap().contains("database"), "{ready}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_with_its_setting() {
    let test = begin(Room::default()).await;
    let loaded = parse(CONFIG, "samspill.toml", test.folder.path());
    let mut config = loaded.config.unwrap();
    config.http.port = test.running.address().port();
    let error = serve(config, &Made { line: test.line.clone(), room: test.room.clone() }).await.unwrap_err();
    assert!(error.to_string().contains("[http]"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_made_when_due_and_old_ones_removed_after() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("kopier");
    std::fs::create_dir(&folder).unwrap();
    write_recipients(home.path());
    let config = parse(CONFIG, "samspill.toml", home.path()).config.unwrap();
    std::fs::write(folder.join("samspill-nord-20200101T000000Z.age"), "old").unwrap();
    std::fs::write(folder.join("samspill-sor-20200101T000000Z.age"), "another's").unwrap();
    let store = Store::open(&config.store.open_place().unwrap(), Options::default()).await.unwrap();
    let job = BackUp::new(store, config.backup.unwrap(), "nord");
    let names = || {
        let mut names: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let first: jiff::Timestamp = "2030-05-01T00:00:00Z".parse().unwrap();
    for (at, newest) in [
        (first, "samspill-nord-20300501T000000Z.age"),
        (after_hours(first, 23), "samspill-nord-20300501T000000Z.age"),
        (after_hours(first, 24), "samspill-nord-20300502T000000Z.age"),
    ] {
        assert_eq!(job.run(at).await, Outcome::Done);
        assert_eq!(names(), [newest, "samspill-sor-20200101T000000Z.age"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_that_are_dated_in_the_future_are_neither_the_newest_nor_kept_for_good() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("kopier");
    std::fs::create_dir(&folder).unwrap();
    write_recipients(home.path());
    let text = CONFIG.replace("keep = 1", "keep = 2");
    let config = parse(&text, "samspill.toml", home.path()).config.unwrap();
    let store = Store::open(&config.store.open_place().unwrap(), Options::default()).await.unwrap();
    let job = BackUp::new(store, config.backup.unwrap(), "nord");
    let dates = || {
        let names =
            std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut dates: Vec<String> =
            names.map(|name| name["samspill-nord-".len()..][..11].to_owned()).collect();
        dates.sort();
        dates
    };
    // The clock stood in 2040, and was set back.
    for date in ["20400101T000000Z", "20400102T000000Z"] {
        std::fs::write(folder.join(format!("samspill-nord-{date}.age")), "x").unwrap();
    }
    let first: jiff::Timestamp = "2030-05-01T00:00:00Z".parse().unwrap();
    for (hours, left) in [
        (0, ["20300501T00", "20400102T00"]),
        (23, ["20300501T00", "20400102T00"]),
        (24, ["20300501T00", "20300502T00"]),
        (48, ["20300502T00", "20300503T00"]),
    ] {
        assert_eq!(job.run(after_hours(first, hours)).await, Outcome::Done);
        assert_eq!(dates(), left, "after {hours} h");
    }
    // Another node's clock is a little ahead: what it made counts.
    let next = after_hours(first, 72);
    let ahead = crate::jobs::after(next, Duration::from_mins(9)).strftime("%Y%m%dT%H%M%SZ").to_string();
    std::fs::write(folder.join(format!("samspill-nord-{ahead}.age")), "x").unwrap();
    assert_eq!(job.run(next).await, Outcome::Done);
    assert_eq!(dates(), ["20300502T00", "20300503T00", "20300504T00"], "none was made, and none removed");
}

fn base(store: &Store) -> Base {
    Base {
        store: store.clone(),
        metrics: Arc::new(Metrics::new()),
        wake: Arc::default(),
        waiting: Waiting::default(),
        front: Front::default(),
        addresses: Changes::default(),
    }
}

/// A node with a front door, its store, and what has to be forgotten in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_with_a_front_door_forgets_old_sessions_every_day() {
    let home = tempfile::tempdir().unwrap();
    write_recipients(home.path());
    let read = |text: &str| parse(text, "samspill.toml", home.path()).config.unwrap();
    let web = "[web]\norigin = \"https://samspill.example\"\nperson_keys = { env = \"KEYS\" }\n";
    let (without, with) = (
        read(CONFIG),
        read(&format!("{}\n{web}", CONFIG.replacen("[node]", "[node]\nagreements = [\"unn\"]", 1))),
    );
    let store = Store::open(&with.store.open_place().unwrap(), Options::default()).await.unwrap();
    let base = base(&store);
    let (line, room) = (quiet(), Arc::new(Room::default()));
    let post: Arc<dyn Post> = room.clone();
    let outfit = Made { line, room };
    let named = |config: &Config| -> Vec<String> {
        jobs(config, &outfit, &base, &post).iter().map(|job| job.name().to_owned()).collect()
    };
    assert_eq!(named(&without), ["tick", "verify", "backup"]);
    assert_eq!(named(&with), ["tick", "verify", "forget", "backup"]);

    let accounts = accounts(&with, with.web.as_ref().unwrap(), &store);
    let begun: jiff::Timestamp = "2030-05-01T00:00:00Z".parse().unwrap();
    let new = samspill_service::people::NewAccount::new("kari", "Kari");
    let kari = accounts.make(&new, &samspill_service::people::SystemRandom, begun).await.unwrap();
    let invited = accounts.invite(&kari.id, &samspill_service::people::SystemRandom, begun).await.unwrap();
    let all = jobs(&with, &outfit, &base, &post);
    let forget = all.iter().find(|job| job.name() == "forget").unwrap();
    assert!(forget.every() <= Duration::from_hours(24));
    for (at, is_known) in [(invited.until, true), (after_hours(invited.until, 24 * 90), false)] {
        assert_eq!(forget.run(at).await, Outcome::Done);
        let found = accounts.invited(&invited.token, invited.until).await.unwrap();
        assert_eq!(found.is_some(), is_known, "{at}");
    }
}

fn after_hours(time: jiff::Timestamp, hours: u64) -> jiff::Timestamp {
    crate::jobs::after(time, Duration::from_hours(hours))
}
