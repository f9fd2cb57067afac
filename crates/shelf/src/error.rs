use std::{io, path::PathBuf};

/// Why an agreement's files couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// Nothing of this name is on disk or built in.
    #[error("there is no folder «{name}», and no shipped agreement is called that; shipped are: {shipped}")]
    NotFound {
        /// As asked for.
        name: String,
        /// What is built in.
        shipped: String,
    },
    /// A folder without any `agreement.toml` in it or below it.
    #[error("«{}» holds no agreement: an agreement is a folder with the file agreement.toml, or a folder of such folders", path.display())]
    NoAgreement {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder couldn't be read.
    #[error("reading «{}» failed: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is larger than an agreement file can be.
    #[error("«{}» is larger than {bytes_max} bytes, which no agreement file needs", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// The limit.
        bytes_max: u64,
    },
}
