//! The `samspill` command: agreements read against logs, for analysts, lawyers and accountants.
//!
//! Exit codes: 0 done, also when bad lines were left out; 1 an agreement, log or message is wrong; 2 the call is wrong;
//! 3 the machine failed (a file couldn't be read or written).

mod agreements;
mod args;
mod before;
mod choose;
mod commands;
mod glance;
mod logs;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(not(feature = "parquet"))]
#[path = "no_parquet.rs"]
mod parquet;
mod progress;
mod table;
mod trouble;

use std::process::ExitCode;

use clap::Parser;

use crate::{args::Arguments, trouble::Trouble};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(&arguments) {
        Ok(code) => code,
        Err(Trouble::PipeClosed) => ExitCode::SUCCESS,
        Err(trouble) => {
            output::complain(&trouble);
            trouble.exit_code()
        }
    }
}
