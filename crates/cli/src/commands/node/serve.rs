use std::process::ExitCode;

use samspill_server::{Ended, logging, node::Node, serve};

use super::{NodeArgs, open};
use crate::{output, trouble::Trouble};

/// Runs a node until it is told to stop.
pub(super) fn run(args: &NodeArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.config)?;
    let failed = |error: &dyn std::fmt::Display| Trouble::Node(error.to_string());
    logging::begin(&config.log).map_err(|error| failed(&error))?;
    open::run(async {
        let running = serve(config, &Node::default()).await.map_err(|error| failed(&error))?;
        output::note(&format!("samspill runs: http://{}/ready", running.address()));
        if let Some(front) = running.front() {
            output::note(&format!("the front door: {front}"));
        }
        match running.until_signalled().await.map_err(|error| failed(&error))? {
            Ended::Whole => Ok(ExitCode::SUCCESS),
            Ended::Cut => {
                output::note("stopped before all was done: what was under way comes again at the next start");
                Ok(ExitCode::SUCCESS)
            }
        }
    })
}
