//! How often PostgreSQL is waited for. Each time is a round trip through the network, under the lock of a log.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use samspill_base::CaseLog;
use samspill_store::{MessageNumber, NewOutgoing, Options, Projection, Standing, Store, StoreError, Tx};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

use crate::{
    accesses::access,
    bench::{Bench, Kind, lenient, on_both},
    samples::{at, incoming, nord, one, ties},
};

/// What went over a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// How often the program spoke after the server had.
    turns: u32,
    /// Statements.
    statements: u32,
    is_programs_turn: bool,
}

type Counted = Arc<Mutex<Seen>>;

/// A socket beside the server's that hands on all that goes over it, and counts.
fn counting(folder: &Path, server: &str) -> Counted {
    let count = Counted::default();
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    let (server, counted) = (Path::new(server).join(".s.PGSQL.5432"), count.clone());
    tokio::spawn(async move {
        while let Ok((program, _)) = listener.accept().await {
            let server = UnixStream::connect(&server).await.unwrap();
            tokio::spawn(hand_on(program, server, counted.clone()));
        }
    });
    count
}

async fn hand_on(mut program: UnixStream, mut server: UnixStream, count: Counted) {
    let (mut asked, mut told) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut messages = Messages { skip: 0, head: Vec::new(), is_first: true };
    loop {
        tokio::select! {
            read = program.read(&mut asked) => {
                let Ok(bytes @ 1..) = read else { return };
                {
                    let mut seen = count.lock().unwrap();
                    seen.turns += u32::from(seen.is_programs_turn);
                    seen.is_programs_turn = false;
                    seen.statements += messages.statements(&asked[..bytes]);
                }
                if server.write_all(&asked[..bytes]).await.is_err() { return }
            }
            read = server.read(&mut told) => {
                let Ok(bytes @ 1..) = read else { return };
                count.lock().unwrap().is_programs_turn = true;
                if program.write_all(&told[..bytes]).await.is_err() { return }
            }
        }
    }
}

/// Tells messages of the program apart: a letter, then the length of what follows with its own four bytes. The first has no letter.
struct Messages {
    skip: usize,
    head: Vec<u8>,
    is_first: bool,
}

impl Messages {
    fn statements(&mut self, bytes: &[u8]) -> u32 {
        let mut statements = 0;
        for byte in bytes {
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            self.head.push(*byte);
            let letter = usize::from(!self.is_first);
            if self.head.len() == letter + 4 {
                let length = u32::from_be_bytes(self.head[letter..].try_into().unwrap());
                self.skip = usize::try_from(length).unwrap() - 4;
                statements += u32::from(letter == 1 && matches!(self.head[0], b'E' | b'Q'));
                self.is_first = false;
                self.head.clear();
            }
        }
        statements
    }
}

/// How many entries a case has.
#[derive(Debug)]
struct Count;

impl Projection for Count {
    fn name(&self) -> &'static str {
        "antall"
    }

    fn version(&self) -> u32 {
        1
    }

    fn rows(&self, case: &CaseLog) -> BTreeMap<String, String> {
        BTreeMap::from([("antall".to_owned(), case.entries.len().to_string())])
    }
}

/// A store whose traffic is counted, on one connection so that nothing is prepared twice.
async fn counted(bench: &Bench) -> (Store, Counted) {
    let (before, after) = bench.address.split_once("host=").unwrap();
    let (server, user) = after.split_once('&').unwrap();
    let folder = bench.file("");
    let count = counting(&folder, server);
    let place = format!("{before}host={}&{user}", folder.display());
    let options = Options { connections_max: 2, projections: vec![Arc::new(Count)], ..lenient() };
    (Store::open(&place.parse().unwrap(), options).await.unwrap(), count)
}

/// How often the server was waited for, and for how many statements.
async fn waited<T>(count: &Counted, work: impl Future<Output = T>) -> (u32, u32) {
    let before = *count.lock().unwrap();
    work.await;
    let after = *count.lock().unwrap();
    // Whoever has the connection speaks first, whether the server's last word was heard before or not.
    (after.turns - before.turns, after.statements - before.statements)
}

/// What the mailroom asks and writes for a message that is taken in, about a stay that has one already, with a receipt.
async fn take_in(tx: &mut Tx, number: u32) -> Result<(), StoreError> {
    let id = format!("m{number}");
    assert!(tx.messages_of_id(&id).await?.is_empty());
    let found = tx.related(&ties(&["sak-1"]), 100).await?;
    tx.decisions(&ties(&["sak-1", &id])).await?;
    let case = if found.messages.is_empty() { None } else { Some("1") };
    if let Some(case) = case {
        tx.case_entries(case).await?;
    }
    let kept =
        tx.keep_message(&samspill_store::NewMessage { ties: ties(&["sak-1", &id]), ..incoming(&id) }).await?;
    tx.stand(kept, Standing::Taken, Some("1"), "{}").await?;
    tx.post(&receipt(&id, kept)).await?;
    tx.put_append(&one(&id, "1", "inn")).await?;
    Ok(())
}

fn receipt(id: &str, message: MessageNumber) -> NewOutgoing {
    let (due, made) = (at("2025-01-01T12:00:00Z"), at("2025-01-01T12:00:00Z"));
    NewOutgoing {
        id: format!("r-{id}"),
        message,
        channel: "amqp".to_owned(),
        to: "HER:2".to_owned(),
        due,
        made,
    }
}

on_both! {
    async fn an_append_waits_twice_for_the_server(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let (store, count) = counted(&bench).await;
            for round in 0..4 {
                let append = one(&format!("{round}"), "1", "inn");
                let work = async { store.append(&nord(), &append).await.unwrap() };
                let (turns, statements) = waited(&count, work).await;
                if round == 3 {
                    assert!(turns <= 2, "{turns} for {statements} statements");
                }
            }
        }
    }

    async fn a_message_waits_for_the_server_as_often_as_one_answer_leads_to_another(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let (store, count) = counted(&bench).await;
            for round in 0..4 {
                let work = async {
                    let work = async |tx: &mut Tx| take_in(tx, round).await;
                    store.write::<_, StoreError>(&nord(), work).await.unwrap();
                };
                let (turns, statements) = waited(&count, work).await;
                let work = async { store.log_accesses(&nord(), &[access("kari", "1")]).await.unwrap() };
                let (more, more_statements) = waited(&count, work).await;
                if round == 3 {
                    assert!(turns <= 9, "{turns} for {statements} statements");
                    assert!(more <= 2, "{more} for {more_statements} statements");
                }
            }
        }
    }
}
