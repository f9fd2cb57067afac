use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum NodeCommand {
    /// Runs a node: its store, its channels and its jobs, until it is told to stop.
    Serve(NodeArgs),
    /// Checks a node's configuration, or prints one.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Sends messages: into the log and the outbox.
    Send(SendArgs),
    /// Takes messages in, as if a channel had brought them.
    Receive(ReceiveArgs),
    /// The message monitor: alerts, queues, what was sent and came, and what is missing.
    Monitor {
        /// Which node.
        #[command(flatten)]
        node: NodeArgs,
        /// What to show; an overview without it.
        #[command(subcommand)]
        command: Option<MonitorCommand>,
    },
    /// Writes the log of a node out.
    Export(ExportArgs),
    /// Takes an exported log in.
    Import(ImportArgs),
    /// Walks the chain of the log, and names what was changed, deleted or moved.
    Verify(VerifyArgs),
    /// Makes what is derived from the log anew: duties, findings, days.
    Rebuild(NodeArgs),
    /// Writes an encrypted backup of log and mail, while others go on writing.
    Backup(BackupArgs),
    /// Restores a backup into an empty store.
    Restore(RestoreArgs),
    /// Writes the log of a made-up region.
    Simulate(SimulateArgs),
}

/// Which node.
#[derive(Args, Debug)]
pub(crate) struct NodeArgs {
    /// The node's configuration. `samspill config example` prints one to begin with.
    #[arg(long, short = 'c', value_name = "FILE", default_value = "samspill.toml", env = "SAMSPILL_CONFIG")]
    pub config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Checks a configuration: every mistake at once, each with its line and what to write instead.
    Check {
        #[command(flatten)]
        node: NodeArgs,
        /// Also look at what it names: files, folders, the port, agreements, secrets.
        #[arg(long)]
        deep: bool,
    },
    /// Prints a configuration with every setting, each with what it means.
    Example,
}

#[derive(Args, Debug)]
pub(crate) struct SendArgs {
    #[command(flatten)]
    pub node: NodeArgs,
    /// The messages (XML). They go into the log and the outbox; a running node hands them over.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct ReceiveArgs {
    #[command(flatten)]
    pub node: NodeArgs,
    /// The messages (XML), as if a channel had brought them.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MonitorCommand {
    /// Messages, one a line: what was sent and came, where it is, what is missing. Nothing of what they say.
    Messages {
        /// Only those that a person must look at.
        #[arg(long)]
        open: bool,
        /// After this number.
        #[arg(long, default_value_t = 0)]
        after: u64,
        /// So many at the most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// How it is shown.
        #[arg(long, value_enum, default_value_t = Shown::Table)]
        format: Shown,
    },
    /// Counts and times by sender, receiver and kind.
    Flows {
        /// How it is shown.
        #[arg(long, value_enum, default_value_t = Shown::Table)]
        format: Shown,
    },
    /// Dead letters: what couldn't be handed over, and why.
    Dead {
        /// How it is shown.
        #[arg(long, value_enum, default_value_t = Shown::Table)]
        format: Shown,
    },
    /// Lets dead letters go again.
    Release {
        /// Their parcels' ids, as `monitor dead` shows them.
        #[arg(required = true)]
        parcels: Vec<String>,
    },
}

/// How a list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shown {
    /// Columns, for people.
    Table,
    /// One JSON object a line, for programs.
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub node: NodeArgs,
    /// The file; standard output without it.
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What is written: the log with its chain, which `import` takes in again; or entries as `samspill check` reads them.
    #[arg(long, value_enum, default_value_t = ExportForm::Chain)]
    pub form: ExportForm,
}

/// What an export holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportForm {
    /// Every entry with its position, key and hash.
    Chain,
    /// Entries alone, one a line, for `samspill check`.
    Entries,
}

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub node: NodeArgs,
    /// An export with its chain; `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub node: NodeArgs,
    /// An end of the log that was noted before, as `POSITION:HASH`: shows whether anything up to there was cut off or written
    /// anew. May be given several times.
    #[arg(long, value_name = "POSITION:HASH")]
    pub head: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub node: NodeArgs,
    /// The file that is written. It must not be there.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A public key (`age1…`) that may open it, or a file with such keys. May be given several times. Without it: those of
    /// `[backup]` in the configuration.
    #[arg(long, short = 'r', value_name = "KEY")]
    pub recipient: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub node: NodeArgs,
    /// The backup. The store that it is restored into must be empty.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The file with the secret key (`AGE-SECRET-KEY-1…`).
    #[arg(long, short = 'i', value_name = "FILE")]
    pub identity: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct SimulateArgs {
    /// What everything follows from: the same number gives the same log.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many days.
    #[arg(long, default_value_t = 30)]
    pub days: u32,
    /// The file; standard output without it.
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<PathBuf>,
}
