use std::{io::Write, process::ExitCode};

use samspill_server::config;

use super::ConfigCommand;
use crate::{output, trouble::Trouble};

/// Checks a configuration, or prints one.
pub(super) fn run(command: &ConfigCommand) -> Result<ExitCode, Trouble> {
    match command {
        ConfigCommand::Example => {
            output::standard().write_all(config::example().as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        ConfigCommand::Check { node, deep } => {
            let mut loaded = config::load(&node.config);
            if *deep {
                loaded = config::check_deep(loaded);
            }
            let mistakes = &loaded.mistakes;
            if !mistakes.list.is_empty() {
                output::note(mistakes.render().trim_end());
            }
            if mistakes.has_errors() {
                return Err(Trouble::Configuration { count: mistakes.list.len() });
            }
            writeln!(output::standard(), "{}: nothing is wrong", node.config.display())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
