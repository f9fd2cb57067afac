//! Programs, and servers, that are killed while appends are under way: what was acknowledged is there, once, and the log is whole.
//! With each append a message is kept and a parcel put into the outbox, in the same transaction: of all three there are as many.
//!
//! Runs itself as the program that is killed, so it has no harness. `SAMSPILL_CRASH_ROUNDS` says how many rounds to run on
//! each database; 40 if it says nothing.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod support;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread::{sleep, spawn},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use samspill_base::{Entry, Position};
use samspill_store::{
    Append, AppendKey, CommunityId, Direction, Fsync, MessageFilter, MessageNumber, NewMessage, NewOutgoing,
    Options, Outcome, Place, Receipt, Standing, Store, StoreError, Tx,
};
use support::{postgres, tell};

/// Set for the program that is killed: the database, and the number of the first append.
const APPENDS_TO: &str = "SAMSPILL_CRASH_APPENDS_TO";
const APPENDS_FROM: &str = "SAMSPILL_CRASH_APPENDS_FROM";
const ROUNDS: &str = "SAMSPILL_CRASH_ROUNDS";
const ROUNDS_UNLESS_SAID: u32 = 40;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if let Ok(place) = std::env::var(APPENDS_TO) {
        let from = std::env::var(APPENDS_FROM).unwrap().parse().unwrap();
        runtime.block_on(append_until_killed(&place.parse().unwrap(), from));
        return;
    }
    // As the harness does: words on the command line choose tests by name.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-')).peekable();
    let listed = std::env::args().any(|word| word == "--list");
    if listed || (words.peek().is_some() && !words.any(|word| "crash".contains(&word))) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("crash.db").display());
    runtime.block_on(kill_again_and_again("SQLite", &sqlite, |program| program.kill().unwrap()));
    let Some(server) = postgres::server() else {
        tell("skipped: PostgreSQL is not installed");
        return;
    };
    let place = server.address("postgres");
    runtime.block_on(kill_again_and_again("PostgreSQL", &place, |program| program.kill().unwrap()));
    // Every so often the server goes instead, and the program with it, as nobody answers it any more.
    let place = server.address("template1");
    let kill_server = |program: &mut Child| {
        kill_and_start_again(server);
        program.kill().unwrap();
    };
    runtime.block_on(kill_again_and_again("PostgreSQL's server", &place, kill_server));
}

fn nord() -> CommunityId {
    CommunityId::new("nord").unwrap()
}

/// The append of a number: one to three entries.
fn numbered(number: u64) -> Append {
    let entry = Entry::new(format!("sak {}", number % 7), "inn", Position(0), Timestamp::UNIX_EPOCH);
    let entries = vec![entry; usize::try_from(1 + number % 3).unwrap()];
    Append { key: AppendKey::new(format!("n{number}")).unwrap(), recorded: Timestamp::UNIX_EPOCH, entries }
}

/// Appends one number after the other and says where each stands once the store has said so. Ends by being killed.
async fn append_until_killed(place: &Place, from: u64) {
    let store = Store::open(place, patient()).await.unwrap();
    for number in from.. {
        let work = async |tx: &mut Tx| append_with_mail(tx, number).await;
        let receipt = store.write::<_, StoreError>(&nord(), work).await.unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{number} {} {}", receipt.first.0, receipt.last.0).unwrap();
        out.flush().unwrap();
    }
}

/// Appends a number, and, unless it was there, keeps a message of that name and puts it into the outbox.
async fn append_with_mail(tx: &mut Tx, number: u64) -> Result<Receipt, StoreError> {
    let receipt = tx.append(&numbered(number)).await?;
    if receipt.outcome == Outcome::Appended {
        let message = tx.keep_message(&message(number)).await?;
        tx.stand(message, Standing::Taken, Some("sak"), "{}").await?;
        tx.post(&parcel(number, message)).await?;
    }
    Ok(receipt)
}

fn message(number: u64) -> NewMessage {
    let id = format!("n{number}");
    NewMessage {
        direction: Direction::Out,
        kind: "60".to_owned(),
        from: "1".to_owned(),
        to: "2".to_owned(),
        case: None,
        about: None,
        made: None,
        at: Timestamp::UNIX_EPOCH,
        channel: "amqp".to_owned(),
        parcel: id.clone(),
        bytes: vec![b'x'; 2000],
        ties: [id.clone(), format!("pasient {}", number % 7)].into(),
        id,
    }
}

fn parcel(number: u64, message: MessageNumber) -> NewOutgoing {
    NewOutgoing {
        id: format!("{number:09}"),
        message,
        channel: "amqp".to_owned(),
        to: "2".to_owned(),
        due: Timestamp::UNIX_EPOCH,
        made: Timestamp::UNIX_EPOCH,
    }
}

fn patient() -> Options {
    Options { wait: Duration::from_secs(30), fsync: Fsync::Waived, ..Options::default() }
}

/// What was acknowledged: the number, and the first and last position.
type Acknowledged = BTreeMap<u64, (u64, u64)>;

async fn kill_again_and_again(name: &str, place: &str, kill: impl Fn(&mut Child)) {
    let rounds: u32 = std::env::var(ROUNDS).map_or(ROUNDS_UNLESS_SAID, |rounds| rounds.parse().unwrap());
    let start = Instant::now();
    let mut acknowledged = Acknowledged::new();
    for round in 0..rounds {
        // From the first after the last that was acknowledged: it may have been written before the kill.
        let next = acknowledged.last_key_value().map_or(0, |(number, _)| number + 1);
        let before = acknowledged.len();
        run_and_kill(place, next, round, &kill, &mut acknowledged);
        assert!(acknowledged.len() > before, "{name}, round {round}: nothing was acknowledged");
        check(name, place, &acknowledged).await;
    }
    let seconds = start.elapsed().as_secs_f32();
    tell(&format!(
        "{name}: {rounds} kills, {} appends acknowledged and kept, {seconds:.1} s",
        acknowledged.len()
    ));
}

/// Lets a program append until some have been acknowledged and some time more has passed, and kills it.
fn run_and_kill(
    place: &str,
    from: u64,
    round: u32,
    kill: impl Fn(&mut Child),
    acknowledged: &mut Acknowledged,
) {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.env(APPENDS_TO, place).env(APPENDS_FROM, from.to_string());
    let mut program =
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = lines_of(&mut program);
    let first = lines.recv_timeout(Duration::from_mins(1));
    // Times that fall all over what an append does, some of them right after an acknowledgement.
    sleep(Duration::from_micros(u64::from(round).wrapping_mul(7919) % 60_000));
    kill(&mut program);
    program.wait().unwrap();
    for line in first.into_iter().chain(lines) {
        let numbers: Vec<u64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
        let [number, first, last] = numbers[..] else { panic!("{line}") };
        assert_eq!(acknowledged.insert(number, (first, last)), None, "{line}");
    }
}

fn kill_and_start_again(server: &postgres::Server) {
    let mut running = server.postgres.lock().unwrap();
    if let Some(mut postgres) = running.take() {
        postgres.kill().unwrap();
        postgres.wait().unwrap();
    }
    *running = Some(server.serve());
}

/// Whole lines that the program prints, read beside so that it never waits for a reader.
fn lines_of(program: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    let mut out = BufReader::new(program.stdout.take().unwrap());
    spawn(move || {
        let mut line = String::new();
        while out.read_line(&mut line).is_ok_and(|bytes| bytes > 0) && line.ends_with('\n') {
            // The receiver is there until the pipe ends.
            let _ = sender.send(line.trim_end().to_owned());
            line.clear();
        }
    });
    receiver
}

/// All that was acknowledged stands where it was said to stand, everything stands there once and whole, and besides it
/// there is at the most the one append that was under way.
async fn check(name: &str, place: &str, acknowledged: &Acknowledged) {
    let store = Store::open(&place.parse().unwrap(), patient()).await.unwrap();
    // A server goes on with what it was sent by a program that is no more, its last commit too. Then the log is free.
    drop(store.begin(&nord()).await.unwrap());
    let mut found: BTreeMap<u64, Vec<(u64, u32, u32)>> = BTreeMap::new();
    let mut tail = store.tail(&nord(), Position(0));
    loop {
        let entries = tail.next(1000).await.unwrap();
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            let number = entry.key.as_str()[1..].parse().unwrap();
            found.entry(number).or_default().push((entry.entry.position.0, entry.part, entry.parts));
        }
    }
    for (number, parts) in &found {
        let whole: Vec<_> = (1..).zip(parts).map(|(part, _)| part).collect();
        assert_eq!(
            parts.iter().map(|(_, part, _)| *part).collect::<Vec<u32>>(),
            whole,
            "{name}: append {number}"
        );
        assert_eq!(u64::try_from(parts.len()).unwrap(), 1 + number % 3, "{name}: append {number}");
    }
    for (number, stands) in acknowledged {
        let parts = found
            .get(number)
            .unwrap_or_else(|| panic!("{name}: append {number} was acknowledged and is lost"));
        assert_eq!((parts[0].0, parts[parts.len() - 1].0), *stands, "{name}: append {number}");
    }
    assert!(found.keys().copied().eq(0..u64::try_from(found.len()).unwrap()), "{name}: a number is missing");
    assert!(found.len() <= acknowledged.len() + 1, "{name}: more is there than was asked for");
    let appends = u64::try_from(found.len()).unwrap();
    let walked = store.verify(&nord(), &[]).await.unwrap();
    assert!(walked.is_whole(), "{name}: {walked:?}");
    assert_eq!(walked.messages, appends, "{name}: messages");
    check_mail(name, &store, appends).await;
    store.close().await;
}

/// Each append has its message and its parcel, in their order, and there are no others.
async fn check_mail(name: &str, store: &Store, appends: u64) {
    let (mut number, mut after) = (0, String::new());
    loop {
        let lines =
            store.messages(&nord(), &MessageFilter::default(), MessageNumber(number), 1000).await.unwrap();
        let parcels = store.outbox(&nord(), None, &after, 1000).await.unwrap();
        assert_eq!(lines.len(), parcels.len(), "{name}");
        for (line, parcel) in lines.iter().zip(&parcels) {
            let of = format!("{name}: append {number}");
            assert_eq!(
                (line.id.as_str(), line.number.0),
                (format!("n{number}").as_str(), number + 1),
                "{of}"
            );
            assert_eq!(
                (parcel.id.as_str(), parcel.message),
                (format!("{number:09}").as_str(), line.number),
                "{of}"
            );
            assert_eq!(
                (line.case.as_deref(), line.size, line.outgoing.len()),
                (Some("sak"), 2000, 1),
                "{of}"
            );
            number += 1;
        }
        let Some(last) = parcels.last() else { break };
        last.id.clone_into(&mut after);
    }
    assert_eq!(number, appends, "{name}");
}
