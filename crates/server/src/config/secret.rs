use std::{fmt, path::PathBuf};

/// Where a secret is kept. The configuration itself never holds one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretPlace {
    /// The first line of a file, without white space around it; of a key in several lines, all of it.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
}

/// A secret. Neither `Debug` nor anything else but [`Secret::reveal`] shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// A secret isn't where it should be.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file can't be read.
    #[error("the secret in {} can't be read: give this program's user the right to read it", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The variable isn't set, or is no text.
    #[error("the variable {0} isn't set: set it in the service's environment, or name a file")]
    Env(String),
    /// There is nothing in it.
    #[error("the secret in {0} is empty: write it there")]
    Empty(String),
}

impl SecretPlace {
    /// Reads it.
    ///
    /// # Errors
    /// A file that can't be read, a variable that isn't set, and nothing but white space in either.
    pub fn read(&self) -> Result<Secret, SecretError> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|source| SecretError::File { path: path.clone(), source })?,
            Self::Env(name) => std::env::var(name).map_err(|_| SecretError::Env(name.clone()))?,
        };
        let text = text.trim();
        if text.is_empty() { Err(SecretError::Empty(self.to_string())) } else { Ok(Secret(text.to_owned())) }
    }
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Env(name) => f.write_str(name),
        }
    }
}

impl Secret {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
