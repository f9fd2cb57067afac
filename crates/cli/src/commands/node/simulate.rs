use std::{io::Write, process::ExitCode, sync::Arc};

use samspill_sim::{Settings, World, jsonl, whole_of};

use super::{RegionName, SimulateArgs};
use crate::{output, trouble::Trouble};

/// Writes the log of a made-up region.
pub(super) fn run(args: &SimulateArgs) -> Result<ExitCode, Trouble> {
    let log = whole_of(&Arc::new(World::of(args.seed, args.days, settings(args.region))));
    let mut out = output::to(args.output.as_deref())?;
    jsonl(&log, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn settings(region: RegionName) -> Settings {
    match region {
        RegionName::Small => Settings::shipped(),
        RegionName::UnnLike => Settings::unn_like(),
    }
}
