//! A program that asks the front doors of several nodes, whichever answers.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{JoinHandle, sleep},
    time::{Duration, Instant},
};

use super::LIMIT;

/// What a node answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// Asks one node until it doesn't answer, and then the next.
#[derive(Debug)]
pub(crate) struct Client {
    doors: Arc<[SocketAddr]>,
    now: usize,
    token: String,
    failovers: usize,
}

impl Client {
    /// One that asks this node first.
    pub(crate) fn new(doors: Arc<[SocketAddr]>, first: usize, token: &str) -> Self {
        Self { doors, now: first, token: token.to_owned(), failovers: 0 }
    }

    /// How often another node had to be asked.
    pub(crate) fn failovers(&self) -> usize {
        self.failovers
    }

    /// Asks until somebody answers: with an error of the machine, or not at all, the other node is asked the same.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let begun = Instant::now();
        loop {
            let says = match self.ask_once(method, path, kind, body) {
                Ok(answer) if answer.status < 500 && answer.status != 429 => return answer,
                Ok(answer) => answer.text,
                Err(error) => error.to_string(),
            };
            assert!(begun.elapsed() < LIMIT, "nobody answers {method} {path}: {says}");
            self.turn();
            sleep(Duration::from_millis(50));
        }
    }

    fn turn(&mut self) {
        self.failovers += 1;
        self.now = (self.now + 1) % self.doors.len();
    }

    fn ask_once(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> std::io::Result<Answer> {
        let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        let head = format!("{kind}Content-Length: {}\r\nConnection: close\r\n", body.len());
        let mut stream = self.send(method, path, &head, body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let cut = || std::io::Error::other("the answer is cut off");
        Ok(Answer { status: status.ok_or_else(cut)?, text })
    }

    fn send(&self, method: &str, path: &str, head: &str, body: &[u8]) -> std::io::Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&self.doors[self.now], Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let token = &self.token;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{head}\r\n"
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        Ok(stream)
    }
}

/// What a program hears that follows the log, from the first entry on, at one node after the other.
#[derive(Debug)]
pub(crate) struct Heard {
    positions: Arc<Mutex<Vec<u64>>>,
    listening: JoinHandle<()>,
}

impl Heard {
    /// Begins to listen.
    pub(crate) fn listen(client: Client, done: Arc<AtomicBool>) -> Self {
        let positions = Arc::new(Mutex::new(Vec::new()));
        let heard = positions.clone();
        let listening = std::thread::spawn(move || listen(client, &heard, &done));
        Self { positions, listening }
    }

    /// The last position that was heard of.
    pub(crate) fn last(&self) -> u64 {
        let positions = self.positions.lock().unwrap_or_else(PoisonError::into_inner);
        positions.last().copied().unwrap_or_default()
    }

    /// All positions, in the order in which they were heard.
    pub(crate) fn end(self) -> Vec<u64> {
        let _ended = self.listening.join();
        self.positions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn listen(mut client: Client, heard: &Mutex<Vec<u64>>, done: &AtomicBool) {
    let mut last = 0;
    while !done.load(Ordering::SeqCst) {
        let from = format!("Last-Event-ID: {last}\r\nAccept: text/event-stream\r\n");
        if let Ok(stream) = client.send("GET", "/api/v1/events", &from, b"") {
            let _brief = stream.set_read_timeout(Some(Duration::from_millis(500)));
            follow(stream, &mut last, heard, done);
        }
        client.turn();
        sleep(Duration::from_millis(50));
    }
}

/// Reads a stream until it ends. A pause in it is no end.
fn follow(stream: TcpStream, last: &mut u64, heard: &Mutex<Vec<u64>>, done: &AtomicBool) {
    let mut reader = BufReader::new(stream);
    let (mut line, mut is_entry, mut id) = (String::new(), false, None);
    while !done.load(Ordering::SeqCst) {
        match reader.read_line(&mut line) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error)
                if [std::io::ErrorKind::WouldBlock, std::io::ErrorKind::TimedOut].contains(&error.kind()) =>
            {
                continue;
            }
            Err(_) => return,
        }
        match line.trim_end().split_once(':') {
            Some(("event", kind)) => is_entry = kind.trim() == "entry",
            Some(("id", number)) => id = number.trim().parse().ok(),
            // A blank line, or the length of a chunk after it.
            None if line.trim().is_empty() => {
                if let Some(position) = id.take() {
                    if is_entry {
                        heard.lock().unwrap_or_else(PoisonError::into_inner).push(position);
                    }
                    *last = position;
                }
                is_entry = false;
            }
            Some(_) | None => {}
        }
        line.clear();
    }
}
