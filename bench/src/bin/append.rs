//! Goals 6 and 4 through the store: durable appends on SQLite, duties and search rows updated in the same transaction.
//!
//! `append SIDE FOLDER CASES COUNT`: a file with so many open stays is made in the folder; each run copies it, appends so many
//! entries one by one, each committed and written through to the disk, and tells how long all of them and single ones took. Opening the
//! file, and reading the agreement, are no part of that.
//!
//! | side | what it does |
//! |---|---|
//! | `store` | the store, with the projections of the agreement; the first run also compares its rows with rows made anew |
//! | `store-log` | the store without projections |
//! | `bare` | the very rows that `store` writes, with the same statements |
//! | `bare-log` | the very rows that `store-log` writes |
//! | `disk` | four kilobytes written through to the disk for each entry |

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use samspill_bench::{
    Trouble,
    appends::{
        Derived, Work, bare, log, opened,
        recorded::{self, Written},
    },
    latency::Latencies,
    side,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// As the product does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Appending {
    runtime: Runtime,
    folder: PathBuf,
    work: Work,
    side: Which,
    derived: Derived,
    runs: usize,
    latencies: Latencies,
    verdict: Vec<u8>,
}

/// What does the writing.
enum Which {
    Store,
    Bare(Vec<Written>),
    Disk,
}

impl Appending {
    /// The file of this run, with all stays open and nothing else.
    fn fresh(&mut self) -> Result<PathBuf, Trouble> {
        let file = self.folder.join(format!("{}.db", self.runs));
        self.runs += 1;
        fs::copy(template(&self.folder), &file)?;
        File::open(&file)?.sync_all()?;
        Ok(file)
    }

    fn append_all(&mut self, file: &Path) -> Result<f64, Trouble> {
        self.runtime.block_on(async {
            let (store, log) = (opened(file, self.derived).await?, log(0)?);
            let begin = Instant::now();
            for append in &self.work.appends {
                let start = Instant::now();
                store.append(&log, append).await?;
                self.latencies.add(nanos(start));
            }
            let seconds = begin.elapsed().as_secs_f64();
            store.close().await;
            Ok(seconds)
        })
    }

    fn rebuild(&self, file: &Path) -> Result<(), Trouble> {
        self.runtime.block_on(async {
            let store = opened(file, self.derived).await?;
            for name in recorded::names()? {
                store.rebuild(&log(0)?, &name).await?;
            }
            store.close().await;
            Ok(())
        })
    }

    fn held(&self, file: &Path) -> Result<Vec<u8>, Trouble> {
        recorded::held(file)
    }
}

impl side::Side for Appending {
    fn run(&mut self) -> Result<Value, Trouble> {
        let is_first = self.runs == 0;
        let file = self.fresh()?;
        self.latencies.clear();
        let seconds = match &self.side {
            Which::Store => self.append_all(&file)?,
            Which::Bare(written) => {
                let names = if self.derived == Derived::Kept { recorded::names()? } else { Vec::new() };
                let latencies = &mut self.latencies;
                write_all(&file, written, &names, latencies)?
            }
            Which::Disk => write_through(&file, self.work.appends.len(), &mut self.latencies)?,
        };
        if !matches!(self.side, Which::Disk) {
            self.verdict = self.held(&file)?;
        }
        if is_first && self.derived == Derived::Kept && matches!(self.side, Which::Store) {
            self.rebuild(&file)?;
            if self.held(&file)? != self.verdict {
                return Err("rows that were kept differ from rows made anew".into());
            }
        }
        fs::remove_file(&file)?;
        let mut told = self.latencies.told();
        told["seconds"] = json!(seconds);
        Ok(told)
    }

    fn verdicts(&self) -> &[u8] {
        &self.verdict
    }

    fn facts(&self) -> Value {
        json!({ "cases": self.work.opening.entries.len(), "rows": self.work.appends.len() })
    }
}

fn write_all(
    path: &Path,
    written: &[Written],
    names: &[String],
    latencies: &mut Latencies,
) -> Result<f64, Trouble> {
    let mut connection = bare::connected(path)?;
    let begin = Instant::now();
    for one in written {
        let start = Instant::now();
        bare::write(&mut connection, one, names)?;
        latencies.add(nanos(start));
    }
    let seconds = begin.elapsed().as_secs_f64();
    drop(connection);
    Ok(seconds)
}

fn write_through(path: &Path, count: usize, latencies: &mut Latencies) -> Result<f64, Trouble> {
    let mut file = File::create(path)?;
    let begin = Instant::now();
    for _ in 0..count {
        let start = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        latencies.add(nanos(start));
    }
    Ok(begin.elapsed().as_secs_f64())
}

fn nanos(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

fn template(folder: &Path) -> PathBuf {
    folder.join("open.db")
}

fn main() -> Result<(), Trouble> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [side, folder, cases, count] = &words[..] else {
        return Err("append SIDE FOLDER CASES COUNT".into());
    };
    let folder = Path::new(folder).join(side);
    fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let work = Work::new("s", cases.parse()?, count.parse()?)?;
    let derived = if side.ends_with("-log") { Derived::Nothing } else { Derived::Kept };
    runtime.block_on(open_all(&template(&folder), &work, derived))?;
    let side = match side.as_str() {
        "store" | "store-log" => Which::Store,
        "bare" | "bare-log" => Which::Bare(record(&runtime, &folder, &work, derived)?),
        "disk" => Which::Disk,
        _ => return Err(format!("«{side}» is no side").into()),
    };
    let (latencies, verdict) = (Latencies::default(), Vec::new());
    side::serve(&mut Appending { runtime, folder, work, side, derived, runs: 0, latencies, verdict })
}

async fn open_all(path: &Path, work: &Work, derived: Derived) -> Result<(), Trouble> {
    let store = opened(path, derived).await?;
    store.append(&log(0)?, &work.opening).await?;
    store.close().await;
    Ok(())
}

fn record(runtime: &Runtime, folder: &Path, work: &Work, derived: Derived) -> Result<Vec<Written>, Trouble> {
    let file = folder.join("recorded.db");
    fs::copy(template(folder), &file)?;
    let written = runtime.block_on(recorded::recorded(&file, &work.appends, derived))?;
    fs::remove_file(&file)?;
    Ok(written)
}
