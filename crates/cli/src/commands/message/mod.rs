//! `samspill message`: the messages that record systems send each other.

mod args;
mod check;
mod input;
mod make;
mod receipt;
mod show;
mod to_log;
pub(crate) mod when;

pub(crate) use args::MessageCommand;

use std::process::ExitCode;

use crate::trouble::Trouble;

/// Does what the call asks for.
pub(crate) fn run(command: &MessageCommand) -> Result<ExitCode, Trouble> {
    match command {
        MessageCommand::Show(args) => show::run(args),
        MessageCommand::Check(args) => check::run(args),
        MessageCommand::Receipt(args) => receipt::run(args),
        MessageCommand::ToLog(args) => to_log::run(args),
        MessageCommand::Make(args) => make::run(args),
    }
}
