//! What can stop a command.

use std::{io, path::PathBuf, process::ExitCode};

use samspill_formats::{ColumnMapError, ReadError, ReadTrouble};
use samspill_shelf::ShelfError;

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Mistakes in agreements, already printed.
    #[error("{count} {} in the agreement files: mend them and try again", if *count == 1 { "mistake" } else { "mistakes" })]
    Mistakes { count: usize },
    /// `--strict` met a bad line.
    #[error("{}: {trouble} (stopped because of --strict)", log.display())]
    BadLine { log: PathBuf, trouble: ReadTrouble },
    /// The call asks for something that can't be.
    #[error("{0}")]
    Call(String),
    /// The agreement's files couldn't be found or read.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The log couldn't be read to its end.
    #[error("{}: {source}", log.display())]
    Log { log: PathBuf, source: ReadError },
    /// A message isn't XML that is read.
    #[error("{}: {}", file.display(), crate::output::clean(&source.to_string()))]
    Message { file: PathBuf, source: samspill_formats::xml::XmlError },
    /// A table couldn't be read or written.
    #[cfg(feature = "parquet")]
    #[error("{}: {source}", path.display())]
    Table { path: PathBuf, source: samspill_tables::TableError },
    /// The column mapping isn't one.
    #[error("--columns: {0}")]
    Columns(#[from] ColumnMapError),
    /// A file couldn't be opened or written.
    #[error("{what} «{}» failed: {source}", path.display())]
    File { what: &'static str, path: PathBuf, source: io::Error },
    /// Mistakes in a node's configuration, already printed.
    #[error("{count} {} in the configuration: mend them and try again", if *count == 1 { "mistake" } else { "mistakes" })]
    Configuration { count: usize },
    /// The store of a node failed.
    #[error(transparent)]
    Store(#[from] samspill_store::StoreError),
    /// A part of a node failed.
    #[error("{0}")]
    Node(String),
    /// Printing failed.
    #[error("printing failed: {0}")]
    Print(io::Error),
    /// Whoever read our output has had enough.
    #[error("the reader of the output closed it")]
    PipeClosed,
}

impl Trouble {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::PipeClosed => ExitCode::SUCCESS,
            Self::Mistakes { .. }
            | Self::Configuration { .. }
            | Self::BadLine { .. }
            | Self::Message { .. }
            | Self::Log { source: ReadError::Unreadable { .. } | ReadError::TooLarge { .. }, .. } => {
                ExitCode::from(1)
            }
            Self::Call(_)
            | Self::Columns(_)
            | Self::Log { source: ReadError::Columns { .. }, .. }
            | Self::Shelf(ShelfError::NotFound { .. } | ShelfError::NoAgreement { .. }) => ExitCode::from(2),
            #[cfg(feature = "parquet")]
            Self::Table { source, .. } => exit_code_of(source),
            Self::Shelf(ShelfError::Io { .. } | ShelfError::TooLarge { .. })
            | Self::Log { source: ReadError::Source { .. } | ReadError::Changed { .. }, .. }
            | Self::File { .. }
            | Self::Store(_)
            | Self::Node(_)
            | Self::Print(_) => ExitCode::from(3),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::PipeClosed } else { Self::Print(error) }
    }
}

/// What the table lacks is the call's to mend; a file that isn't Parquet is a log that is wrong.
#[cfg(feature = "parquet")]
fn exit_code_of(error: &samspill_tables::TableError) -> ExitCode {
    use samspill_tables::TableError;
    match error {
        TableError::NoColumn { .. }
        | TableError::SameName { .. }
        | TableError::BadType { .. }
        | TableError::Zone { .. }
        | TableError::Zones { .. } => ExitCode::from(2),
        TableError::Parquet(_) | TableError::Arrow(_) => ExitCode::from(1),
        TableError::Csv(_) => ExitCode::from(3),
    }
}
