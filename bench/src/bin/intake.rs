//! Goal 7: messages handed in over HTTP.
//!
//! `intake prepare FOLDER SEED DAYS` writes what a made-up region sends in so many days: `messages.jsonl`, a line for each with its id,
//! its stay and its document, in the order in which they are sent; `addresses.toml` and `organisations.toml`, with which a node of the
//! hospital is configured.
//!
//! `intake run ADDRESS TOKEN FOLDER CONNECTIONS COUNT` is a side: each run hands in the next messages at `ADDRESS/api/v1/messages`,
//! over connections that stay open. All of a stay go over the same one, in their order. What is timed is from the first byte sent to
//! the last one acknowledged; each message has its own time as well.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
    thread,
    time::Instant,
};

use samspill_bench::{Trouble, latency::Latencies, side};
use samspill_sim::{Form, Region, Sent, StayKey, World, messages_of};
use serde_json::{Value, json};

/// How most messages begin.
const HEAD: &[u8] = b"<MsgHead";

/// One message.
#[derive(Clone, Debug)]
struct Message {
    stay: u64,
    document: String,
}

struct Handing {
    address: String,
    token: String,
    connections: usize,
    count: usize,
    left: std::vec::IntoIter<Message>,
    latencies: Latencies,
    handed: usize,
}

impl side::Side for Handing {
    fn run(&mut self) -> Result<Value, Trouble> {
        let lanes = self.next()?;
        self.latencies.clear();
        let begin = Instant::now();
        let ways: Vec<_> = lanes
            .into_iter()
            .map(|lane| {
                let (address, token) = (self.address.clone(), self.token.clone());
                thread::spawn(move || hand_in(&address, &token, &lane).map_err(|error| error.to_string()))
            })
            .collect();
        let mut took = Vec::new();
        for way in ways {
            took.extend(way.join().map_err(|_| "a connection's thread ended early")??);
        }
        let seconds = begin.elapsed().as_secs_f64();
        self.handed += took.len();
        took.into_iter().for_each(|nanos| self.latencies.add(nanos));
        let mut told = self.latencies.told();
        told["seconds"] = json!(seconds);
        told["handed"] = json!(self.handed);
        Ok(told)
    }

    fn verdicts(&self) -> &[u8] {
        &[]
    }

    fn facts(&self) -> Value {
        json!({ "rows": self.count })
    }
}

impl Handing {
    /// The next messages, by the connection that they go over.
    fn next(&mut self) -> Result<Vec<Vec<Message>>, Trouble> {
        let mut lanes = vec![Vec::new(); self.connections];
        for _ in 0..self.count {
            let message = self.left.next().ok_or("there are no more messages: prepare more days")?;
            let lane = usize::try_from(message.stay)? % self.connections;
            lanes[lane].push(message);
        }
        Ok(lanes)
    }
}

/// Hands messages in one after the other; says how many nanoseconds each took.
fn hand_in(address: &str, token: &str, messages: &[Message]) -> Result<Vec<u64>, Trouble> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    let mut took = Vec::with_capacity(messages.len());
    for message in messages {
        let begin = Instant::now();
        let request = format!(
            "POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/xml\r\n\
             Accept: application/json\r\nContent-Length: {}\r\n\r\n{}",
            message.document.len(),
            message.document
        );
        out.write_all(request.as_bytes())?;
        let (status, body) = answer(&mut answers)?;
        if status != 201 {
            return Err(format!("{address} answers {status}: {}", String::from_utf8_lossy(&body)).into());
        }
        took.push(u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    Ok(took)
}

/// An answer with a length: its status and its body.
fn answer(from: &mut BufReader<TcpStream>) -> Result<(u16, Vec<u8>), Trouble> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or("no answer")?;
    let mut length = 0;
    loop {
        line.clear();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    std::io::Read::read_exact(from, &mut body)?;
    Ok((status, body))
}

fn prepare(folder: &Path, seed: u64, days: u32) -> Result<(), Trouble> {
    fs::create_dir_all(folder)?;
    let world = Arc::new(World::new(seed, days));
    fs::write(folder.join("addresses.toml"), world.region.address_book())?;
    fs::write(folder.join("organisations.toml"), organisation(&world.region))?;
    let mut out = std::io::BufWriter::new(fs::File::create(folder.join("messages.jsonl"))?);
    // Those that are wrong on purpose are refused, and refusing is another kind of work. Epicrises have a head of their own, which
    // the peers don't read.
    let has_head = |bytes: &[u8]| bytes.windows(HEAD.len()).any(|window| window == HEAD);
    let is_usual = |sent: &Sent| !matches!(sent.form, Form::Wrong(_)) && has_head(&sent.bytes);
    for sent in messages_of(&world)?.into_iter().filter(is_usual) {
        let stay = StayKey::of_id(&sent.id).map_or(0, |key| key.patient);
        let line = json!({ "id": sent.id, "stay": stay, "document": String::from_utf8(sent.bytes)? });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

/// The hospital and its services, as a node's configuration has them.
fn organisation(region: &Region) -> String {
    let trust = &region.trust;
    let mut text = format!("[[organisation]]\nname = \"{}\"\nher = \"{}\"\n", trust.name, trust.her);
    for ward in &trust.wards {
        text += &format!("[[organisation.service]]\nname = \"Tjeneste {0}\"\nher = \"{0}\"\n", ward.her);
    }
    text
}

fn read(folder: &Path) -> Result<Vec<Message>, Trouble> {
    let lines = BufReader::new(fs::File::open(folder.join("messages.jsonl"))?).lines();
    let mut seen = BTreeSet::new();
    let mut messages = Vec::new();
    for line in lines {
        let mut line: Value = serde_json::from_str(&line?)?;
        let id = line["id"].as_str().unwrap_or_default().to_owned();
        if seen.insert(id) {
            let Value::String(document) = line["document"].take() else { return Err("no document".into()) };
            messages.push(Message { stay: line["stay"].as_u64().unwrap_or_default(), document });
        }
    }
    Ok(messages)
}

fn main() -> Result<(), Trouble> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["prepare", folder, seed, days] => prepare(Path::new(folder), seed.parse()?, days.parse()?),
        ["run", address, token, folder, connections, count] => {
            let left = read(Path::new(folder))?.into_iter();
            let (connections, count) = (connections.parse()?, count.parse()?);
            let (address, token, latencies) =
                ((*address).to_owned(), (*token).to_owned(), Latencies::default());
            side::serve(&mut Handing { address, token, connections, count, left, latencies, handed: 0 })
        }
        _ => {
            Err("intake prepare FOLDER SEED DAYS, or intake run ADDRESS TOKEN FOLDER CONNECTIONS COUNT"
                .into())
        }
    }
}
