//! The command line.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::commands::node::NodeCommand;

/// Reads message and event logs against cooperation agreements, and says why.
///
/// Exit codes: 0 done, also when bad lines of a log were left out; 1 an agreement, log or message is wrong, and why was printed;
/// 2 the call is wrong; 3 the machine failed (a file couldn't be read or written).
#[derive(Debug, Parser)]
#[command(name = "samspill", version, propagate_version = true, max_term_width = 110)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads a log against an agreement: duties, findings and payable days of each case, and a summary.
    Check(Check),
    /// Says why: the reasoning about a case's duties or days, in sentences with clauses and entries.
    Explain(Explain),
    /// Checks, shows and compares agreements.
    #[command(subcommand)]
    Agreement(AgreementCommand),
    /// Reads a log under two agreements: what changes for each duty, and in payable days and money.
    Whatif(Whatif),
    /// Writes a log in another format.
    Convert(Convert),
    /// Messages of record systems: shown, checked, receipted, made, and turned into a log.
    #[command(subcommand)]
    Message(crate::commands::message::MessageCommand),
    /// Commands of a node: its process, its mail, its log.
    #[command(flatten)]
    Node(NodeCommand),
    /// Prints completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Prints the manual page (for `man -l -`).
    Man,
}

/// Where a log comes from and how it is read.
#[derive(Args, Debug)]
pub(crate) struct LogArgs {
    /// The log: JSONL, CSV, XES or OCEL 2.0 JSON, packed with gzip or not, or Parquet; `-` reads standard input.
    pub log: PathBuf,
    /// The format, where neither the file's name nor its first bytes tell.
    #[arg(long, value_enum)]
    pub input: Option<InputFormat>,
    /// For CSV: which columns are which fields, as in `case=Case ID,kind=Activity,at=Time,fact:amount=Amount`.
    #[arg(long)]
    pub columns: Option<String>,
    /// For OCEL: the type of object that is a case.
    #[arg(long)]
    pub case_type: Option<String>,
    /// Stop at the first bad line instead of reporting and counting it.
    #[arg(long)]
    pub strict: bool,
    /// Read the log as of this time (RFC 3339, or local time in the agreement's zone); now, if it is left out. A case
    /// whose first entry has an `as_of` is read as of that.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// Which agreements, and which of them a case follows.
#[derive(Args, Debug)]
pub(crate) struct AgreementArgs {
    /// A folder with an agreement or one version of it, or the name of a shipped one (`unn`, `hmr`). May be given several
    /// times. Without it, all shipped ones: each case then names the one it follows.
    #[arg(long = "agreement", short = 'a', value_name = "DIR")]
    pub agreements: Vec<String>,
    /// With several agreements: the fact by which a case names the one it follows.
    #[arg(long, value_name = "FACT", default_value = "agreement")]
    pub by: String,
    /// A file with dated values (`[[value]]`) that replace or add to those of the agreements: a daily rate that has been
    /// decided since.
    #[arg(long, value_name = "FILE")]
    pub values: Option<PathBuf>,
    /// Read by the newest version as if it had always been in force: for cases from before an agreement's first version.
    #[arg(long)]
    pub newest: bool,
}

impl AgreementArgs {
    /// Which versions are read.
    pub(crate) fn dates(&self) -> samspill_engine::Dates {
        if self.newest { samspill_engine::Dates::NewestAlways } else { samspill_engine::Dates::InForce }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub log: LogArgs,
    #[command(flatten)]
    pub agreements: AgreementArgs,
    /// How to write it; as the name of the file says, or as text.
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// The file to write; standard output, if it is left out. Parquet needs one.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only this case, whole.
    #[arg(long = "case", value_name = "ID")]
    pub case: Option<String>,
    /// Print every case, not only the summary (text format).
    #[arg(long)]
    pub all: bool,
    /// The language of sentences.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub log: LogArgs,
    #[command(flatten)]
    pub agreements: AgreementArgs,
    /// The case.
    #[arg(long = "case", value_name = "ID")]
    pub case: String,
    /// Only this duty.
    #[arg(long, value_name = "DUTY", conflicts_with = "day")]
    pub duty: Option<String>,
    /// Only this day of the meters.
    #[arg(long, value_name = "DATE")]
    pub day: Option<String>,
    /// The language of sentences.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AgreementCommand {
    /// Checks agreements: every mistake, with file, line and what to write instead.
    Check {
        /// Folders, or names of shipped agreements.
        #[arg(required = true)]
        agreements: Vec<String>,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        format: DiagnosticFormat,
    },
    /// Shows an agreement as people read it.
    Show {
        /// A folder, or the name of a shipped agreement.
        agreement: String,
        /// The day whose version is shown; the newest, if it is left out.
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        /// The language.
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Compares two agreements or versions, rule by rule.
    Diff {
        /// The one on the left.
        left: String,
        /// The one on the right.
        right: String,
        /// How to print it.
        #[arg(long, value_enum, default_value_t)]
        format: DiffFormat,
        /// Columns of the text; those of the terminal, if it is left out.
        #[arg(long)]
        width: Option<usize>,
        /// The language.
        #[arg(long, value_enum, default_value_t)]
        lang: Lang,
    },
    /// Runs the test cases beside agreements.
    Test {
        /// Folders.
        #[arg(required = true)]
        agreements: Vec<String>,
        /// Also name the rules that no case shows kept, broken or at the edge.
        #[arg(long)]
        coverage: bool,
    },
    /// Prints the JSON Schema of agreement files, for editors.
    Schema {
        /// The schema is the same for every agreement: naming some changes nothing.
        #[arg(hide = true)]
        agreements: Vec<String>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Whatif {
    #[command(flatten)]
    pub log: LogArgs,
    /// The agreement as it is.
    #[arg(long, short = 'a', value_name = "DIR")]
    pub agreement: String,
    /// The agreement to try. It is read as if it had been in force all the time.
    #[arg(long = "with", value_name = "DIR")]
    pub with: String,
    /// A file with dated values that replace or add to those of both.
    #[arg(long, value_name = "FILE")]
    pub values: Option<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    pub format: DiffFormat,
    /// The language of the text.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
}

#[derive(Args, Debug)]
pub(crate) struct Convert {
    /// The log to read; `-` reads standard input.
    pub log: PathBuf,
    /// The file to write; standard output, if it is left out. Parquet needs one.
    #[arg(value_name = "FILE", conflicts_with = "output")]
    pub file: Option<PathBuf>,
    /// The format to write, where the name of the file doesn't tell.
    #[arg(long, value_enum)]
    pub to: Option<OutputFormat>,
    /// The same as naming the file after the log.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The format of the log, where neither its name nor its first bytes tell.
    #[arg(long, value_enum)]
    pub input: Option<InputFormat>,
    /// For CSV: which columns are which fields.
    #[arg(long)]
    pub columns: Option<String>,
    /// For OCEL: the type of object that is a case.
    #[arg(long)]
    pub case_type: Option<String>,
    /// The time zone of local times, and of the times written.
    #[arg(long, default_value = "Europe/Oslo")]
    pub zone: String,
    /// Stop at the first bad line instead of reporting and counting it.
    #[arg(long)]
    pub strict: bool,
}

/// A format that logs are read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header row.
    Csv,
    /// XES (IEEE 1849).
    Xes,
    /// OCEL 2.0 as JSON.
    Ocel,
    /// A table in Parquet, with the columns of CSV.
    Parquet,
}

/// A format that logs are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// One JSON object a line.
    Jsonl,
    /// XES (IEEE 1849).
    Xes,
    /// OCEL 2.0 as JSON.
    Ocel,
    /// A table in Parquet, with the columns of CSV.
    Parquet,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Tables for people.
    #[default]
    Text,
    /// One JSON object a case.
    Json,
    /// One line a duty, finding and counted day.
    Csv,
    /// The rows of CSV as a typed table.
    Parquet,
}

impl ReportFormat {
    /// The format that a file's name says.
    pub(crate) fn of_name(path: &Path) -> Option<Self> {
        match ending(path)?.as_str() {
            "csv" => Some(Self::Csv),
            "json" | "jsonl" | "ndjson" => Some(Self::Json),
            "parquet" => Some(Self::Parquet),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

impl OutputFormat {
    /// The format that a file's name says.
    pub(crate) fn of_name(path: &Path) -> Option<Self> {
        match ending(path)?.as_str() {
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "xes" | "xml" => Some(Self::Xes),
            "json" | "jsonocel" => Some(Self::Ocel),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// The ending of a file's name, in small letters.
fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_string_lossy().to_lowercase())
}

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// With the lines they are about.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// Side by side, for people.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// The language of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Norwegian bokmål.
    #[default]
    Nb,
    /// Norwegian nynorsk.
    Nn,
    /// English.
    En,
}

impl From<Lang> for samspill_agreement::model::Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Nb => Self::Bokmal,
            Lang::Nn => Self::Nynorsk,
            Lang::En => Self::English,
        }
    }
}

impl InputFormat {
    /// The format whose reader takes bytes; `None` for tables, which are read from a file.
    pub(crate) fn of_bytes(self) -> Option<samspill_formats::Format> {
        match self {
            Self::Jsonl => Some(samspill_formats::Format::Jsonl),
            Self::Csv => Some(samspill_formats::Format::Csv),
            Self::Xes => Some(samspill_formats::Format::Xes),
            Self::Ocel => Some(samspill_formats::Format::Ocel),
            Self::Parquet => None,
        }
    }
}
