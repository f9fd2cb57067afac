use samspill_store::{SealError, StoreError};

/// What could not be done with the register of persons.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row is sealed with a key that isn't on the ring.
    #[error(
        "a person is sealed with the key «{0}», which isn't on the ring: put it back until all are sealed anew"
    )]
    NoKey(String),
    /// A row can't be opened with the key that it says.
    #[error(
        "a person can't be opened with the key «{0}»: the row was changed, or the key is another of the same name"
    )]
    NotOurs(String),
    /// What was sealed can't be read.
    #[error("what is sealed of a person can't be read: {0}")]
    Unreadable(String),
    /// A person without an id.
    #[error("a person needs an id to be kept")]
    NoId,
    /// Others wrote the same person again and again.
    #[error("the person is being changed by others: try again in a moment")]
    Busy,
}

impl From<SealError> for RegisterError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::NoKeys(key) | SealError::NoKey(key) => Self::NoKey(key),
            SealError::NotOurs(key) => Self::NotOurs(key),
        }
    }
}
