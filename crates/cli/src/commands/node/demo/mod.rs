//! The demo: a node of its own with a region that lives in it.
//!
//! ```text
//!   folder ──▶ plan (seed, first day) ──▶ World ──┬─▶ history, up to some days ago: entries            once
//!                                                 └─▶ Live: messages through the mailroom up to now,   again and again
//!                                                     and from then on as time goes
//! ```
//!
//! What was made is kept in the folder: started again, the region has gone on meanwhile.

mod accounts;
mod files;
mod outfit;
mod plan;
mod region;

use std::process::ExitCode;

use samspill_server::{logging, serve};

use self::{outfit::Demo, plan::Plan};
use super::{DemoArgs, open};
use crate::{output, trouble::Trouble};

/// Makes or opens the demo's folder, and runs its node until it is told to stop.
pub(super) fn run(args: &DemoArgs) -> Result<ExitCode, Trouble> {
    let failed = |error: &dyn std::fmt::Display| Trouble::Node(error.to_string());
    let plan = Plan::in_folder(args, jiff::Timestamp::now()).map_err(|error| failed(&error))?;
    files::write(&plan, args).map_err(|error| failed(&error))?;
    let config = open::configuration(&args.data.join(files::CONFIG))?;
    logging::begin(&config.log).map_err(|error| failed(&error))?;
    let address = files::origin(args.port);
    output::note(&format!("the region is being made: {address} shows how far it has come"));
    open::run(async {
        let demo = Demo::new(plan).map_err(|error| failed(&error))?;
        let running = serve(config, &demo).await.map_err(|error| failed(&error))?;
        output::note(&format!(
            "the region lives: {address}\nlogins for every role stand on the login page; Ctrl-C stops it"
        ));
        running.until_signalled().await.map_err(|error| failed(&error))?;
        Ok(ExitCode::SUCCESS)
    })
}
