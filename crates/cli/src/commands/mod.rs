//! The commands, one a file.

mod agreement;
mod cases;
mod check;
mod convert;
mod explain;
pub(crate) mod message;
pub(crate) mod node;
mod report;
mod whatif;

use std::{io::Write, process::ExitCode};

use clap::CommandFactory;

use crate::{
    args::{AgreementCommand, Arguments, Command},
    output,
    trouble::Trouble,
};

/// Does what the call asks for.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Trouble> {
    match &arguments.command {
        Command::Check(args) => check::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Agreement(AgreementCommand::Check { agreements, format }) => {
            agreement::check(agreements, *format)
        }
        Command::Agreement(AgreementCommand::Show { agreement, on, lang }) => {
            agreement::show(agreement, on.as_deref(), (*lang).into())
        }
        Command::Agreement(AgreementCommand::Diff { left, right, format, width, lang }) => {
            let view = agreement::DiffView { format: *format, width: *width, language: (*lang).into() };
            agreement::diff(left, right, &view)
        }
        Command::Agreement(AgreementCommand::Test { agreements, coverage }) => {
            let say = if *coverage { cases::Coverage::Named } else { cases::Coverage::Unsaid };
            cases::run(agreements, say)
        }
        Command::Agreement(AgreementCommand::Schema { .. }) => agreement::schema(),
        Command::Whatif(args) => whatif::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Message(command) => message::run(command),
        Command::Node(command) => node::run(command),
        Command::Completions { shell } => completions(*shell),
        Command::Man => manual(),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "samspill", &mut script);
    output::standard().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

fn manual() -> Result<ExitCode, Trouble> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
    for command in Arguments::command().get_subcommands().filter(|command| command.get_name() != "help") {
        let man = clap_mangen::Man::new(command.clone().bin_name(format!("samspill {}", command.get_name())));
        man.render_name_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    output::standard().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
