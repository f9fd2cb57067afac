use std::time::Duration;

use axum::{
    response::sse::{Event, Sse},
    routing::get,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
};

use super::*;
use crate::config::{WebConfig, parse};

mod http2;
mod tls;

/// A door that listens on a port of its own.
struct Test {
    door: Door,
    stop: Stop,
    address: std::net::SocketAddr,
    answering: JoinHandle<()>,
}

fn config() -> WebConfig {
    let text = "[node]\nname = \"a\"\ncommunity = \"b\"\nagreements = [\"unn\"]\n[store]\nplace = \"sqlite:c.db\"\n\
        [web]\norigin = \"http://localhost\"\nport = 0\nperson_keys = { env = \"KEYS\" }\n";
    parse(text, "dor.toml", std::path::Path::new("/etc")).config.and_then(|config| config.web).unwrap()
}

impl Test {
    async fn begin() -> Self {
        Self::with(&config()).await
    }

    async fn with(config: &WebConfig) -> Self {
        let stop = Stop::default();
        let door = Door::new(Waiting::default(), stop.clone());
        let listening = listen(config).await.unwrap();
        let address = listening.address;
        let answering = tokio::spawn(listening.answer(door.router(), stop.clone()));
        Self { door, stop, address, answering }
    }

    async fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn get(&self, path: &str) -> String {
        let mut text = String::new();
        self.ask(path).await.read_to_string(&mut text).await.unwrap();
        text
    }
}

#[tokio::test]
async fn a_closed_door_says_what_it_waits_for_and_an_open_one_answers() {
    let test = Test::begin().await;
    test.door.waiting().say("Regionen lages <nå>.");
    let page = test.get("/tavle").await;
    assert!(
        page.starts_with("HTTP/1.1 503")
            && page.contains("Regionen lages &lt;nå>.")
            && page.contains("retry-after: 2"),
        "{page}"
    );
    let problem = test.get("/api/v1/stays").await;
    assert!(problem.contains("application/problem+json") && problem.contains("\"status\":503"), "{problem}");
    test.door.open(Router::new().route("/tavle", get(|| async { "her" })));
    assert!(test.get("/tavle").await.ends_with("her"));
}

/// Who asks is told from the connection.
#[tokio::test]
async fn the_address_of_who_asks_is_known() {
    let test = Test::begin().await;
    let told = |axum::extract::ConnectInfo(peer): axum::extract::ConnectInfo<std::net::SocketAddr>| async move {
        peer.ip().to_string()
    };
    test.door.open(Router::new().route("/hvem", get(told)));
    assert!(test.get("/hvem").await.ends_with("127.0.0.1"));
}

/// A stream that doesn't end by itself, and a page that takes its time.
fn a_stream_and_a_slow_page() -> Router {
    let events = || async {
        let first =
            futures_util::stream::iter([Ok::<_, std::convert::Infallible>(Event::default().data("1"))]);
        Sse::new(first.chain(futures_util::stream::pending()))
    };
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "ferdig"
    };
    Router::new().route("/strom", get(events)).route("/treg", get(slow))
}

/// Asks for both of them, does something, and sees that the stream ends and the page is finished.
async fn ends_streams_and_finishes_requests(test: &Test, by: impl FnOnce()) {
    let (mut stream, mut slow) = (test.ask("/strom").await, test.ask("/treg").await);
    let mut seen = [0; 512];
    let count = stream.read(&mut seen).await.unwrap();
    assert!(String::from_utf8_lossy(&seen[..count]).starts_with("HTTP/1.1 200"));
    tokio::time::sleep(Duration::from_millis(50)).await;
    by();
    let (mut rest, mut answer) = (String::new(), String::new());
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_string(&mut rest)).await;
    assert!(ended.is_ok(), "the stream goes on");
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("ferdig"), "{answer}");
}

#[tokio::test]
async fn what_takes_the_place_of_what_stood_open_answers_and_the_one_before_ends() {
    let test = Test::begin().await;
    let over = test.door.open(a_stream_and_a_slow_page());
    let other = || Router::new().route("/strom", get(|| async { "annet" }));
    ends_streams_and_finishes_requests(&test, || {
        test.door.open(other());
    })
    .await;
    assert!(over.is_asked() && !test.stop.is_asked());
    assert!(test.get("/strom").await.ends_with("annet"));
}

#[tokio::test]
async fn a_stop_ends_streams_at_once_and_finishes_requests() {
    let test = Test::begin().await;
    test.door.open(a_stream_and_a_slow_page());
    ends_streams_and_finishes_requests(&test, || test.stop.ask()).await;
    tokio::time::timeout(Duration::from_secs(5), test.answering).await.unwrap().unwrap();
    assert!(TcpStream::connect(test.address).await.is_err(), "nothing new is taken");
}
