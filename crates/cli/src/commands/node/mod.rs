//! Commands of a node: its process, its mail, its log.

mod access_log;
mod account;
mod args;
mod backup;
mod config;
mod demo;
mod downtime;
mod keys;
mod log;
mod mail;
mod monitor;
mod open;
mod protect;
mod serve;
mod settle;
mod simulate;
mod terminal;

pub(crate) use args::NodeCommand;
use args::{
    AccessLogCommand, AccountCommand, BackupArgs, ConfigCommand, DemoArgs, ExportArgs, ImportArgs,
    KeysCommand, KeysFor, MonitorCommand, NodeArgs, ProtectArgs, ProtectedAs, ReceiveArgs, RegionName,
    RestoreArgs, SendArgs, SimulateArgs, VerifyArgs,
};

use std::process::ExitCode;

use crate::trouble::Trouble;

/// Does what the call asks for.
pub(super) fn run(command: &NodeCommand) -> Result<ExitCode, Trouble> {
    match command {
        NodeCommand::Serve(args) => serve::run(args),
        NodeCommand::Config(command) => config::run(command),
        NodeCommand::Send(args) => mail::send(args),
        NodeCommand::Receive(args) => mail::receive(args),
        NodeCommand::Monitor { node, command } => monitor::run(node, command.as_ref()),
        NodeCommand::Export(args) => log::export(args),
        NodeCommand::Import(args) => log::import(args),
        NodeCommand::Verify(args) => log::verify(args),
        NodeCommand::Rebuild(args) => log::rebuild(args),
        NodeCommand::Backup(args) => backup::backup(args),
        NodeCommand::Restore(args) => backup::restore(args),
        NodeCommand::Downtime { node, command } => downtime::run(node, command),
        NodeCommand::Simulate(args) => simulate::run(args),
        NodeCommand::Demo(args) => demo::run(args),
        NodeCommand::Account { node, command } => account::run(node, command),
        NodeCommand::Keys(command) => keys::run(command),
        NodeCommand::Protect { node, args } => protect::run(node, args),
        NodeCommand::AccessLog { node, command } => access_log::run(node, command),
    }
}
