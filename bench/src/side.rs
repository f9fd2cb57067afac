//! The talk between a side and the runner, a line at a time.
//!
//! The side says `{"ready": …}` once its input is in memory and the work was done once to warm up. Then it answers
//! `run` with `{"seconds": …}`, `write PATH` with `{"written": …}`, and ends at `quit` or at the end of the input.

use std::{
    io::{BufRead, Write},
    time::Instant,
};

use serde_json::{Value, json};

use crate::Trouble;

/// Something that can be measured.
pub trait Side {
    /// Does the whole work once. What stands here, and nothing else, is timed.
    ///
    /// What comes back is added to the answer: counts, sums.
    fn run(&mut self) -> Result<Value, Trouble>;

    /// The verdicts of the last run, as the peer must write them too.
    fn verdicts(&self) -> &[u8];

    /// What was loaded: `cases`, `rows`.
    fn facts(&self) -> Value;
}

/// Warms up, and answers until told to stop.
pub fn serve(side: &mut dyn Side) -> Result<(), Trouble> {
    side.run()?;
    say(&json!({ "ready": side.facts() }))?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ') {
            None if line == "run" => say(&timed(side)?)?,
            None if line == "quit" => return Ok(()),
            Some(("write", path)) => {
                std::fs::write(path, side.verdicts())?;
                say(&json!({ "written": side.verdicts().len() }))?;
            }
            Some(_) | None => return Err(format!("«{line}» is no word of the runner").into()),
        }
    }
    Ok(())
}

fn timed(side: &mut dyn Side) -> Result<Value, Trouble> {
    let start = Instant::now();
    let told = side.run()?;
    let seconds = start.elapsed().as_secs_f64();
    let mut answer = json!({ "seconds": seconds });
    if let (Some(answer), Value::Object(told)) = (answer.as_object_mut(), told) {
        answer.extend(told);
    }
    Ok(answer)
}

fn say(words: &Value) -> Result<(), Trouble> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}")?;
    out.flush()?;
    Ok(())
}
