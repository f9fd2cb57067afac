use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::args::Lang;

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it, for as long as the command runs")]
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
    /// Downtime: registered, listed, made up for afterwards, and worked through on paper.
    Downtime {
        /// Which node.
        #[command(flatten)]
        node: NodeArgs,
        /// What to do.
        #[command(subcommand)]
        command: DowntimeCommand,
    },
    /// Writes the log of a made-up region.
    Simulate(SimulateArgs),
    /// Makes a region with a year behind it, and runs it: pages with logins for every role.
    Demo(DemoArgs),
    /// Accounts: who may log in, as what, and for whom.
    Account {
        /// Which node.
        #[command(flatten)]
        node: NodeArgs,
        /// What to do.
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Keys of the front door.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Says whose address or identity is protected. All nodes follow at once.
    Protect {
        /// Which node.
        #[command(flatten)]
        node: NodeArgs,
        /// Whom, by whom, and how far.
        #[command(flatten)]
        args: ProtectArgs,
    },
    /// The access log: who looked at what.
    AccessLog {
        /// Which node.
        #[command(flatten)]
        node: NodeArgs,
        /// What to do.
        #[command(subcommand)]
        command: AccessLogCommand,
    },
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

/// What is settled, or taken back, in one way for every question.
#[derive(Debug, Subcommand)]
pub(crate) enum RuleCommand {
    /// Settles what is asked about a message. `show` shows the questions, and the answers there are.
    Settle {
        /// The message's number.
        number: u64,
        /// The question: which-stay, which-content, which-message, which-kind, which-admission, whether-meant, when or
        /// which-municipality.
        question: String,
        /// The answer: a case, the number of a message, the id of one, a kind, a time (2026-03-09T14:20), `new` or `change`, or a
        /// municipality.
        answer: String,
        /// Who settles it.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Says that somebody saw to a message, and that nothing more is asked about it. What it says to the log stays as it is.
    Handle {
        /// The message's number.
        number: u64,
        /// Who saw to it.
        #[arg(long)]
        by: String,
        /// Why it needs nobody any more.
        #[arg(long)]
        why: String,
    },
    /// Takes back what was settled about a message, or that it was handled: it is asked again.
    TakeBack {
        /// The message's number.
        number: u64,
        /// The question; without one, that it was handled.
        question: Option<String>,
        /// Who takes it back.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum MonitorCommand {
    /// Messages, one a line: what was sent and came, where it is, what is missing. Nothing of what they say.
    Messages {
        /// Only those that a person must look at.
        #[arg(long)]
        open: bool,
        /// Only those with this id (`MsgId`).
        #[arg(long)]
        id: Option<String>,
        /// Only those that came or were handed in at this time or later (RFC 3339, or local time in Norway).
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
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
    /// What is noted of a message: where it stands, what is asked, what was decided about its receipts. `message show` shows what it
    /// says.
    Show {
        /// Its number.
        number: u64,
    },
    /// Settles which stay a message belongs to.
    Place {
        /// The message's number.
        number: u64,
        /// The case; a new name begins a stay.
        case: String,
        /// Who settles it.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Settles what a reply to a ready notice means.
    Answer {
        /// The message's number.
        number: u64,
        /// What it means.
        #[arg(value_enum)]
        answer: Answered,
        /// From which day the municipality can receive the patient, or expects to.
        #[arg(long, value_name = "YYYY-MM-DD")]
        day: Option<String>,
        /// Who settles it.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Settles that two ids are one patient's. It can't be taken back.
    SamePerson {
        /// The number of a message about the patient.
        number: u64,
        /// One id.
        one: String,
        /// The other.
        other: String,
        /// Who settles it.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
    #[command(flatten)]
    Rule(RuleCommand),
    /// Lets dead letters go again.
    Release {
        /// Their parcels' ids, as `monitor dead` shows them.
        #[arg(required = true)]
        parcels: Vec<String>,
    },
}

/// What a municipality answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answered {
    /// It can receive the patient.
    Can,
    /// It can't.
    Cannot,
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
    /// Names persons by their numbers, for which the keys are needed. Without it, marks stand in their place that nobody without the keys can turn
    /// back; entries from before there were keys name them all the same, where the chain goes out.
    #[arg(long)]
    pub numbers: bool,
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
    /// Which region.
    #[arg(long, value_enum, default_value_t = RegionName::Small)]
    pub region: RegionName,
    /// The file; standard output without it.
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Give a running node the messages instead, from today on: its address (`https://…`, with a token of the hospital in
    /// `SAMSPILL_TOKEN`), or the inbox of one of its folder channels. The node's address book must be the region's. Fails where the
    /// node refused any.
    #[arg(long, value_name = "URL|DIR", conflicts_with = "output")]
    pub into: Option<String>,
    /// With --into: how many times faster than time goes. 0 waits for nothing.
    #[arg(long, default_value_t = 60, requires = "into")]
    pub speed: u32,
}

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// The folder that the region is kept in. Started again with it, the region has gone on meanwhile.
    #[arg(long, value_name = "DIR", default_value = "samspill-demo")]
    pub data: PathBuf,
    /// What the region follows from, the first time.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many days lie behind it, the first time.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub days: u32,
    /// The port of the pages, on this machine alone.
    #[arg(long, default_value_t = 8310)]
    pub port: u16,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Makes an account with a role, and prints the link by which its person sets a password. Run it as the node's user.
    Add {
        /// What is typed to log in.
        login: String,
        /// The person's name, or the system's.
        #[arg(long)]
        name: String,
        /// Where notices go.
        #[arg(long)]
        email: Option<String>,
        /// The role and party: `sengepost:Helse Nord HF`. May be given several times.
        #[arg(long, required = true, value_name = "ROLE:PARTY")]
        role: Vec<String>,
        /// The unit of the party that the roles are for, as the address book calls it; without it, all of the party.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Lists accounts and their roles.
    List,
    /// Closes an account: sessions, links and tokens end at once. What it did stays.
    Close {
        /// The login.
        login: String,
    },
    /// Opens a closed or locked account again, and prints a new link to set a password by.
    Reset {
        /// The login.
        login: String,
    },
    /// Gives a role, or takes one.
    Role {
        /// The login.
        login: String,
        /// The role and party: `sengepost:Helse Nord HF`.
        role: String,
        /// The unit of the party; without it, all of the party.
        #[arg(long)]
        unit: Option<String>,
        /// The last day of it; without it, until it is taken.
        #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "end")]
        until: Option<jiff::civil::Date>,
        /// Take it, from now on, also what of it is to come.
        #[arg(long)]
        end: bool,
    },
    /// Makes a token by which another system acts as the account, and prints it once; or ends one.
    Token {
        /// The login.
        login: String,
        /// The role and party that it acts in.
        #[arg(required_unless_present = "end", value_name = "ROLE:PARTY")]
        role: Option<String>,
        /// What the token is called in lists.
        #[arg(long, required_unless_present = "end")]
        name: Option<String>,
        /// For how many days it is good.
        #[arg(long, default_value_t = 90, conflicts_with = "end")]
        days: u16,
        /// End the token that `account tokens` calls this, at once.
        #[arg(long, value_name = "TOKEN", conflicts_with_all = ["role", "name"])]
        end: Option<String>,
    },
    /// Lists the tokens of an account: what each is called, its role and party, name, last instant, and whether it runs.
    Tokens {
        /// The login.
        login: String,
    },
    /// Ends all sessions of an account at once. Its person can log in again.
    LogOut {
        /// The login.
        login: String,
    },
}

/// Whom to protect.
#[derive(Args, Debug)]
pub(crate) struct ProtectArgs {
    /// Who says it: a login with a role that may.
    #[arg(long, value_name = "LOGIN")]
    pub(crate) by: String,
    /// The national identity number, or what the log calls the person. «-» reads it from standard input, so that it stands in no list
    /// of what was run.
    #[arg(value_name = "PERSON")]
    pub(crate) person: String,
    /// What is kept from all but the units that take part.
    #[arg(long = "as", value_enum, value_name = "PROTECTION")]
    pub(crate) protection: ProtectedAs,
}

/// What of a person is kept from most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProtectedAs {
    /// Nothing, beyond what a stay says itself.
    None,
    /// The address: confidential and strictly confidential (codes 7 and 6).
    Address,
    /// The address and who it is.
    Identity,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Prints new keys, for a file that only the node's user may read.
    New {
        /// What they are for.
        #[arg(value_enum)]
        what: KeysFor,
    },
    /// Adds a newer key to a file of keys: it seals from now on, and older ones still open. Then, for persons, seals them and all
    /// messages anew once nodes know it.
    Rotate {
        /// What they are for.
        #[arg(value_enum)]
        what: KeysFor,
        /// Which node.
        #[command(flatten)]
        node: NodeArgs,
    },
}

/// What keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeysFor {
    /// Names, national identity numbers and messages in the store.
    Persons,
    /// Logins under way.
    Login,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccessLogCommand {
    /// Searches it, the newest first. That it was searched is itself written down.
    Search {
        /// Who searches: a login.
        #[arg(long)]
        by: String,
        /// Only rows about this person (national identity number).
        #[arg(long)]
        person: Option<String>,
        /// Only rows about this stay.
        #[arg(long)]
        case: Option<String>,
        /// Only rows of this login.
        #[arg(long)]
        account: Option<String>,
        /// So many at the most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Walks its chain, and says whether a row was changed or removed.
    Verify,
}

/// A made-up region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RegionName {
    /// Eight invented municipalities.
    Small,
    /// The 24 municipalities of Troms and Ofoten, with a made-up trust of three hospitals.
    UnnLike,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DowntimeCommand {
    /// Registers planned downtime. Prints its id.
    Announce(NewDowntimeArgs),
    /// Registers downtime that nobody had planned. Prints its id.
    Begin(NewDowntimeArgs),
    /// Registers that downtime begins or ends at another time than was said.
    Move {
        /// The downtime's id.
        id: String,
        /// When it begins now.
        #[arg(long, value_name = "TIME")]
        from: String,
        /// When it ends now; open without it.
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        /// When that was announced; now without it.
        #[arg(long, value_name = "TIME")]
        announced: Option<String>,
        /// Why.
        #[arg(long)]
        why: Option<String>,
        /// Who registers it.
        #[arg(long)]
        by: String,
    },
    /// Registers that downtime ended.
    End {
        /// The downtime's id.
        id: String,
        /// When it ended; now without it.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// Why.
        #[arg(long)]
        why: Option<String>,
        /// Who registers it.
        #[arg(long)]
        by: String,
    },
    /// Registers that downtime doesn't come to pass, or was registered by mistake.
    Withdraw {
        /// The downtime's id.
        id: String,
        /// Why.
        #[arg(long)]
        why: Option<String>,
        /// Who registers it.
        #[arg(long)]
        by: String,
    },
    /// Lists what is registered.
    List,
    /// Writes something that happened in downtime into the log, with its true times. Prints the entry's id.
    Afterwards(AfterwardsArgs),
    /// Shows the duties of a case that ran in downtime, and why that is said.
    Duties {
        /// The case.
        case: String,
    },
    /// Prints emergency forms: for a case, filled in with what is known; blank ones without.
    Forms(PaperArgs),
    /// Prints the list of a party's open stays.
    Status(PaperArgs),
}

/// Downtime that is to be registered. Times are RFC 3339, or local time in Norway: 2026-03-02T09:30.
#[derive(Args, Debug)]
pub(crate) struct NewDowntimeArgs {
    /// Whose systems: a name or HER-id of the address book.
    pub party: String,
    /// Only this unit or service of the party.
    #[arg(long)]
    pub unit: Option<String>,
    /// When it begins, or began; now without it.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// When it ends; open without it.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Why.
    #[arg(long)]
    pub why: String,
    /// Who registers it.
    #[arg(long)]
    pub by: String,
    /// Which system is down; all that messages go by without it. May be given several times.
    #[arg(long)]
    pub system: Vec<String>,
    /// When it was announced; now without it.
    #[arg(long, value_name = "TIME")]
    pub announced: Option<String>,
    /// Who announced it; who registers it without it.
    #[arg(long)]
    pub announced_by: Option<String>,
}

/// What happened in downtime.
#[derive(Args, Debug)]
pub(crate) struct AfterwardsArgs {
    /// The downtime's id.
    #[arg(long)]
    pub downtime: String,
    /// The case.
    #[arg(long)]
    pub case: String,
    /// What it is, as the log calls it: `utskrivningsklar`.
    #[arg(long)]
    pub kind: String,
    /// When it happened.
    #[arg(long, value_name = "TIME")]
    pub happened: String,
    /// When it was told, if that is another time.
    #[arg(long, value_name = "TIME")]
    pub sent: Option<String>,
    /// When the receiver had it.
    #[arg(long, value_name = "TIME")]
    pub received: Option<String>,
    /// Who told it.
    #[arg(long)]
    pub from: Option<String>,
    /// Whom it was for.
    #[arg(long)]
    pub to: Option<String>,
    /// What it said, as `NAME=TEXT`. May be given several times.
    #[arg(long, value_name = "NAME=TEXT")]
    pub field: Vec<String>,
    /// The entry's id (a GUID); a new one without it.
    #[arg(long)]
    pub id: Option<String>,
    /// How it was told: telefon, papir, bud, muntlig; or hendelse, if nobody was told.
    #[arg(long)]
    pub how: String,
    /// To whom it was told: a name, and where.
    #[arg(long, default_value = "")]
    pub told: String,
    /// What more there is to say of why.
    #[arg(long)]
    pub why: Option<String>,
    /// Who writes it into the log.
    #[arg(long)]
    pub by: String,
}

/// A page to print.
#[derive(Args, Debug)]
pub(crate) struct PaperArgs {
    /// The case of forms, or the party of a list.
    pub about: Option<String>,
    /// The file (HTML); standard output without it.
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The language.
    #[arg(long, value_enum, default_value_t = Lang::Nb)]
    pub lang: Lang,
}
