//! Reads a log with the `process_mining` crate and does nothing else.
//!
//! `import-with-process-mining LOG.xes.gz`: it talks with the runner as all sides do, and gives no verdicts.

use std::{
    io::{BufRead, Write},
    time::Instant,
};

use process_mining::core::event_data::case_centric::xes::{XESImportOptions, import_xes_path};
use serde_json::{Value, json};

type Trouble = Box<dyn std::error::Error>;

fn main() -> Result<(), Trouble> {
    let path = std::env::args().nth(1).ok_or("import-with-process-mining LOG")?;
    let (cases, rows) = import(&path)?;
    say(&json!({ "ready": { "cases": cases, "rows": rows, "peer": "process_mining 0.6.2" } }))?;
    for line in std::io::stdin().lock().lines() {
        match line?.as_str() {
            "run" => {
                let start = Instant::now();
                import(&path)?;
                say(&json!({ "seconds": start.elapsed().as_secs_f64() }))?;
            }
            "quit" => return Ok(()),
            other => return Err(format!("«{other}» is no word of the runner").into()),
        }
    }
    Ok(())
}

/// How many cases and events the log has.
fn import(path: &str) -> Result<(usize, usize), Trouble> {
    let log = import_xes_path(path, XESImportOptions::default()).map_err(|error| format!("{error:?}"))?;
    Ok((log.traces.len(), log.traces.iter().map(|trace| trace.events.len()).sum()))
}

fn say(words: &Value) -> Result<(), Trouble> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}")?;
    out.flush()?;
    Ok(())
}
