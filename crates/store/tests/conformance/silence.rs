//! PostgreSQL falls silent, as a machine that dies does: nobody says that the connection is gone.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use samspill_store::{Options, Store, StoreError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{UnixListener, UnixStream},
    time::{sleep, timeout},
};

use crate::{
    bench::{Bench, Kind, lenient, on_both},
    samples::{nord, one},
};

/// A socket beside the server's. From when it is told to, connections that were made lead nowhere, and stay open.
struct Way {
    place: String,
    is_dead: Arc<AtomicBool>,
}

/// What becomes of connections that are made after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Later {
    /// Another machine has the address by now.
    Answered,
    Silent,
}

impl Way {
    fn to(bench: &Bench, later: Later) -> Self {
        let (before, after) = bench.address.split_once("host=").unwrap();
        let (server, user) = after.split_once('&').unwrap();
        let (folder, is_dead) = (bench.file(""), Arc::new(AtomicBool::new(false)));
        let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
        let (server, dying) = (Path::new(server).join(".s.PGSQL.5432"), is_dead.clone());
        tokio::spawn(async move {
            while let Ok((program, _)) = listener.accept().await {
                let is_new = dying.load(Ordering::SeqCst);
                let server = UnixStream::connect(&server).await.unwrap();
                match (is_new, later) {
                    (true, Later::Answered) => tokio::spawn(hand_on(program, server)),
                    (true, Later::Silent) => tokio::spawn(swallow(program)),
                    (false, _) => tokio::spawn(hand_on_until(program, server, dying.clone())),
                };
            }
        });
        Self { place: format!("{before}host={}&{user}", folder.display()), is_dead }
    }

    async fn open(&self, wait: Duration) -> Result<Store, StoreError> {
        let options = Options { connections_max: 2, wait, ..lenient() };
        Store::open(&self.place.parse().unwrap(), options).await
    }

    fn die(&self) {
        self.is_dead.store(true, Ordering::SeqCst);
    }
}

async fn hand_on(mut program: UnixStream, mut server: UnixStream) {
    // Either end may break it off.
    let _ = copy_bidirectional(&mut program, &mut server).await;
}

async fn hand_on_until(mut program: UnixStream, mut server: UnixStream, is_dead: Arc<AtomicBool>) {
    let (mut asked, mut told) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = program.read(&mut asked) => {
                let Ok(bytes @ 1..) = read else { return };
                if !is_dead.load(Ordering::SeqCst) && server.write_all(&asked[..bytes]).await.is_err() { return }
            }
            read = server.read(&mut told) => {
                let Ok(bytes @ 1..) = read else { return };
                if !is_dead.load(Ordering::SeqCst) && program.write_all(&told[..bytes]).await.is_err() { return }
            }
        }
    }
}

async fn swallow(mut program: UnixStream) {
    let mut asked = vec![0; 1 << 16];
    while matches!(program.read(&mut asked).await, Ok(1..)) {}
}

on_both! {
    async fn a_server_that_does_not_answer_at_all_is_out_of_reach(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let way = Way::to(&bench, Later::Silent);
            way.die();
            let opened = way.open(Duration::from_millis(300)).await;
            assert!(matches!(opened, Err(StoreError::Gone { .. })), "{opened:?}");
        }
    }

    async fn whoever_gave_up_on_a_silent_server_does_not_keep_its_place(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let way = Way::to(&bench, Later::Answered);
            let store = way.open(Duration::from_millis(500)).await.unwrap();
            store.append(&nord(), &one("1", "1", "inn")).await.unwrap();
            let mut tx = store.begin(&nord()).await.unwrap();
            assert!(tx.messages_of_id("m").await.unwrap().is_empty());
            way.die();
            let asked = timeout(Duration::from_millis(50), tx.messages_of_id("m")).await;
            assert!(asked.is_err(), "{asked:?}");
            drop(tx);
            let appended = async {
                while let Err(error) = store.append(&nord(), &one("2", "1", "inn")).await {
                    assert!(error.may_pass(), "{error:?}");
                }
            };
            // The server itself ends what stands idle in the middle of a transaction after a minute.
            timeout(Duration::from_secs(30), appended).await.expect("the place is given back");
        }
    }

    async fn connections_that_fell_silent_unused_are_replaced_before_they_are_used(bench: Bench) {
        if bench.kind == Kind::Postgres {
            let way = Way::to(&bench, Later::Answered);
            let store = way.open(Duration::from_secs(4)).await.unwrap();
            let (one_tx, other_tx) = (store.look(&nord()).await.unwrap(), store.look(&nord()).await.unwrap());
            drop((one_tx, other_tx));
            way.die();
            // One that was used a moment ago is used again unasked.
            sleep(Duration::from_millis(1200)).await;
            store.append(&nord(), &one("1", "1", "inn")).await.unwrap();
        }
    }
}
