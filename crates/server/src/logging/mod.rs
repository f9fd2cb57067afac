//! What the process tells of itself. It never holds what messages say.
//!
//! Three nets, one under the other: only [`FIELDS`] are written, each only in its form; ids only as [`Hashed`]; and
//! whatever still looks like an identity number is masked, in every text and number.

mod field;
mod layer;
mod mask;

use std::{
    fs::OpenOptions,
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use tracing_subscriber::layer::SubscriberExt as _;

pub use field::{FIELDS, Field, FieldForm, Hashed, fields_reference};
pub use mask::masked;

use crate::config::LogConfig;
use layer::{Lines, Sink};

/// The log can't be begun.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Its file can't be opened.
    #[error("could not open the log {}: check `file` in [log]", .path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// Something else in this process writes a log already.
    #[error("this process has a log already: begin it once")]
    Begun,
}

/// Begins the log of this process. From then on a panic is a line that says where, and not what: its words may hold anything.
///
/// # Errors
/// A file that can't be opened, and a second call.
pub fn begin(config: &LogConfig) -> Result<(), LogError> {
    let sink: Sink = match &config.file {
        None => Arc::new(Mutex::new(io::stderr())),
        Some(path) => {
            let opened = OpenOptions::new().create(true).append(true).open(path);
            Arc::new(Mutex::new(opened.map_err(|source| LogError::Open { path: path.clone(), source })?))
        }
    };
    let lines = Lines { sink, level: config.level, form: config.form, libraries: config.libraries };
    let subscriber = tracing_subscriber::registry().with(lines);
    tracing::subscriber::set_global_default(subscriber).map_err(|_| LogError::Begun)?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        tracing::error!(place, "a part of the program panicked");
    }));
    Ok(())
}
