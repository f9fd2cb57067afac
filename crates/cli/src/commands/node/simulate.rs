use std::{io::Write, process::ExitCode};

use samspill_sim::{jsonl, whole};

use super::SimulateArgs;
use crate::{output, trouble::Trouble};

/// Writes the log of a made-up region.
pub(super) fn run(args: &SimulateArgs) -> Result<ExitCode, Trouble> {
    let log = whole(args.seed, args.days);
    let mut out = output::to(args.output.as_deref())?;
    jsonl(&log, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
