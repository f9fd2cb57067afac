//! Goal 6 on PostgreSQL: clients that append at the same time, each entry committed by itself.
//!
//! - `append_postgres run ADDRESS LOGS CLIENTS COUNT`: a side. Each client appends so many entries of stays of its own through one
//!   store with the projections of the agreement; clients are spread over so many logs.
//! - `append_postgres script ADDRESS PATH LOGS`: makes the schema and the logs in another database, and writes a script for
//!   `pgbench` with the statements that one append writes: the rows of one that the store made, of middling size.

use std::{fmt::Write as _, fs, path::Path, sync::Arc, time::Instant};

use samspill_bench::{
    Trouble,
    appends::{
        Derived, Work, bare, log, opened, options,
        recorded::{self, Written},
    },
    latency::Latencies,
    side,
};
use samspill_store::{Append, CommunityId, Store};
use serde_json::{Value, json};
use tokio::{runtime::Runtime, task::JoinSet};
use tokio_postgres::NoTls;

/// Entries for each stay, about: stays are made accordingly.
const ENTRIES_A_CASE: usize = 6;

/// As the product does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Appending {
    runtime: Runtime,
    store: Store,
    logs: usize,
    clients: usize,
    count: usize,
    runs: usize,
    latencies: Latencies,
}

impl side::Side for Appending {
    fn run(&mut self) -> Result<Value, Trouble> {
        self.runs += 1;
        let mut works = Vec::new();
        for client in 0..self.clients {
            let work = self.work(client)?;
            self.runtime.block_on(self.store.append(&log(client % self.logs)?, &work.opening))?;
            works.push((log(client % self.logs)?, Arc::new(work.appends)));
        }
        let start = Instant::now();
        let taken = self.runtime.block_on(append_all(&self.store, works))?;
        let seconds = start.elapsed().as_secs_f64();
        self.latencies.clear();
        taken.into_iter().for_each(|nanos| self.latencies.add(nanos));
        let mut told = self.latencies.told();
        told["seconds"] = json!(seconds);
        Ok(told)
    }

    fn verdicts(&self) -> &[u8] {
        &[]
    }

    fn facts(&self) -> Value {
        json!({ "rows": self.clients * self.count })
    }
}

impl Appending {
    /// Stays that no client had before: each client and each run has its own.
    fn work(&self, client: usize) -> Result<Work, Trouble> {
        let cases = self.count.div_ceil(ENTRIES_A_CASE);
        Work::new(&format!("{}-{client}", self.runs), cases, self.count)
    }
}

async fn append_all(store: &Store, works: Vec<(CommunityId, Arc<Vec<Append>>)>) -> Result<Vec<u64>, Trouble> {
    let mut clients = JoinSet::new();
    for (log, appends) in works {
        clients.spawn(append_one_by_one(store.clone(), log, appends));
    }
    let mut taken = Vec::new();
    while let Some(client) = clients.join_next().await {
        taken.extend(client??);
    }
    Ok(taken)
}

async fn append_one_by_one(
    store: Store,
    log: CommunityId,
    appends: Arc<Vec<Append>>,
) -> Result<Vec<u64>, samspill_store::StoreError> {
    let mut taken = Vec::new();
    for append in appends.iter() {
        let start = Instant::now();
        store.append(&log, append).await?;
        taken.push(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    Ok(taken)
}

/// The script: what an append writes, and what it must look up for that, the end of the log.
fn script(written: &Written, names: &[String], logs: usize) -> String {
    let mut text = format!(
        "\\set place :client_id % {logs}\nBEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE;\n\
         SELECT pg_advisory_xact_lock(:place);\n\
         SELECT position + 1 AS next, hash AS before FROM log \
         WHERE community = 'logg-' || CAST(:place AS text) ORDER BY position DESC LIMIT 1 \\gset\n"
    );
    let log = "'logg-' || CAST(:place AS text)";
    // A hundred stays of each client: as in the store, rows are there already nearly always.
    let case = "'sak-' || CAST(:client_id AS text) || '-' || CAST(CAST(:next AS bigint) % 100 AS text)";
    let entry = hex(&written.log.entry);
    let kind = &written.log.kind;
    let add = bare::ADD.split(" VALUES").next().unwrap_or_default();
    let line = format!(
        "{add} VALUES ({log}, :next, 'm-' || CAST(:next AS text), 1, 1, {case}, '{kind}', {}, '\\x{entry}', :before, \
         sha256(convert_to(CAST(:next AS text), 'UTF8')));\n",
        written.log.recorded_us
    );
    text.push_str(&line);
    for row in &written.rows {
        let statement = if row.json.is_some() { bare::SET_ROW } else { bare::DROP_ROW };
        let (name, key) = (format!("'{}'", row.name), format!("'{}'", row.key));
        let json = literal(row.json.as_deref().unwrap_or_default());
        line_of(&mut text, statement, &[log, &name, case, &key, &json]);
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let name = |place: usize| quoted.get(place).or(quoted.last()).map_or("''", String::as_str);
    line_of(&mut text, bare::MOVE, &[log, ":next", name(0), name(1), name(2), name(3)]);
    text.push_str("COMMIT;\n");
    text
}

/// A text for the script, in which a colon would stand before a variable. Statements are prepared, so it is read once.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\u003a");
    format!("E'{escaped}'")
}

/// A statement with values in the places of its parameters.
fn line_of(text: &mut String, statement: &str, values: &[&str]) {
    let mut line = String::new();
    let mut rest = statement;
    while let Some((before, after)) = rest.split_once('?') {
        let (number, after) = after.split_at(1);
        let value = number.parse::<usize>().ok().and_then(|number| values.get(number - 1));
        line.push_str(before);
        line.push_str(value.copied().unwrap_or("NULL"));
        rest = after;
    }
    line.push_str(rest);
    text.push_str(&line);
    text.push_str(";\n");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let written = write!(text, "{byte:02x}");
        debug_assert!(written.is_ok(), "a text takes all letters");
        text
    })
}

/// The append of middling size among those of a few stays.
async fn middling(folder: &Path) -> Result<Written, Trouble> {
    let file = folder.join("middling.db");
    let work = Work::new("m", 40, 240)?;
    let store = opened(&file, Derived::Kept).await?;
    store.append(&log(0)?, &work.opening).await?;
    store.close().await;
    let mut written = recorded::recorded(&file, &work.appends, Derived::Kept).await?;
    fs::remove_file(&file)?;
    written.sort_by_key(Written::bytes);
    let rows: usize = written.iter().map(|one| one.rows.len()).sum();
    let usual = (rows + written.len() / 2) / written.len();
    // The number of rows is the usual one, rounded up or down; of those, the one in the middle by size.
    written.retain(|one| one.rows.len() == usual);
    let middle = written.len() / 2;
    Ok(written.swap_remove(middle))
}

async fn prepare(address: &str, path: &Path, logs: usize) -> Result<(), Trouble> {
    let folder = path.parent().ok_or("the script needs a folder")?;
    let written = middling(folder).await?;
    let names = recorded::names()?;
    fs::write(path, script(&written, &names, logs))?;
    let store = Store::open(&address.parse()?, options(Derived::Kept, 4)?).await?;
    let mut first = Work::new("a", 1, 1)?.opening;
    for place in 0..logs {
        first.entries.truncate(1);
        store.append(&log(place)?, &first).await?;
    }
    store.close().await;
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    let connection = tokio::spawn(connection);
    let kept: i64 = client.query_one("SELECT count(*) FROM projection", &[]).await?.get(0);
    drop(client);
    connection.await??;
    println!("{}", json!({ "rows": written.rows.len(), "bytes": written.bytes(), "kept": kept }));
    Ok(())
}

fn main() -> Result<(), Trouble> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match words[..] {
        ["run", address, logs, clients, count] => {
            let clients: usize = clients.parse()?;
            let options = options(Derived::Kept, u32::try_from(clients)?)?;
            let store = runtime.block_on(Store::open(&address.parse()?, options))?;
            let (logs, count) = (logs.parse()?, count.parse()?);
            let latencies = Latencies::default();
            side::serve(&mut Appending { runtime, store, logs, clients, count, runs: 0, latencies })
        }
        ["script", address, path, logs] => runtime.block_on(prepare(address, Path::new(path), logs.parse()?)),
        _ => Err("append_postgres run ADDRESS LOGS CLIENTS COUNT, or script ADDRESS PATH LOGS".into()),
    }
}
