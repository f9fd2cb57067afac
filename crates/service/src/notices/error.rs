use samspill_store::{SealError, StoreError};

/// What could not be done with notices.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What somebody chose can't be opened, or sealed.
    #[error("what somebody chose to be told can't be opened")]
    Sealed(#[from] SealError),
    /// What was opened isn't what it should be.
    #[error("what somebody chose to be told can't be read: it was written by another program")]
    Unreadable,
    /// Somebody else wrote it meanwhile.
    #[error("the choice was changed in the meantime: read it again")]
    Changed,
    /// The link was used, is too old, or never was this account's.
    #[error("the link can't be used any more: ask for a new one")]
    NoLink,
}
