//! The configuration: one file, checked by one table.
//!
//! ```text
//!   table ──┬──▶ check: every mistake at once, with its line and what to write instead
//!           ├──▶ defaults
//!           ├──▶ example()                    samspill config example
//!           └──▶ reference()                  docs/operating.md
//! ```
//!
//! Paths in the file are counted from the folder that it lies in. Secrets stand in files or in the environment.

mod check;
mod deep;
mod example;
mod form;
mod mistake;
mod reference;
mod secret;
mod settings;
mod shape;
mod table;
mod whole;

use std::path::{Path, PathBuf};

pub use deep::check_deep;
pub(crate) use deep::recipients;
pub use example::example;
pub use mistake::{Code, Mistake, Mistakes, Severity};
pub use reference::reference;
pub use secret::{Secret, SecretError, SecretPlace};
pub use settings::{
    AddressesConfig, Addressing, AlertsConfig, AmqpConfig, BackupConfig, BearerTokens, ChannelConfig, Config,
    EdiConfig, FolderConfig, HttpConfig, JobsConfig, LibraryLogs, LineConfig, LogConfig, LogForm, LogLevel,
    MachinesConfig, MailConfig, MailTls, NodeConfig, OidcConfig, OidcOrganisationConfig, OrganisationConfig,
    PlaceError, PolicyConfig, ReceiptsConfig, RetryConfig, ServiceConfig, StoreConfig, WebConfig,
};

/// What was made of a file.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration; none where a mistake keeps the node from running.
    pub config: Option<Config>,
    /// Mistakes, and warnings.
    pub mistakes: Mistakes,
    spans: check::Checked,
}

/// Reads a configuration file and checks it. Nothing but the file is looked at; see [`check_deep`].
pub fn load(path: &Path) -> Loaded {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text, &file, &folder_of(path)),
        Err(error) => {
            let mut mistakes = Mistakes::new(&file, "");
            let says = format!("{file} can't be read: {error}");
            let help = "check the path; `samspill config example` prints a file to begin with";
            mistakes.error(Code::Unread, 0..0, says, help.to_owned());
            Loaded { config: None, mistakes, spans: check::Checked::default() }
        }
    }
}

/// Checks the text of a configuration. `file` is what it is called in mistakes, and `base` the folder that paths are counted
/// from.
pub fn parse(text: &str, file: &str, base: &Path) -> Loaded {
    let mut mistakes = Mistakes::new(file, text);
    let checked = check::check(text, base, &mut mistakes);
    let mut config = None;
    if !mistakes.has_errors() {
        match toml::Value::Table(checked.values.clone()).try_into::<Config>() {
            Ok(read) => {
                whole::check(&read, &checked, &mut mistakes);
                config = Some(read);
            }
            // The table lets something through that the settings don't hold.
            Err(error) => {
                let help = "report this: the table of settings and the program differ";
                mistakes.error(Code::WrongType, 0..0, error.to_string(), help.to_owned());
            }
        }
    }
    let mistakes = mistakes.sorted();
    let config = config.filter(|_| !mistakes.has_errors());
    Loaded { config, mistakes, spans: checked }
}

fn folder_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.parent().map(Path::to_owned).unwrap_or_default()
}
