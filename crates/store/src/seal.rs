use std::{fmt, ops::Range};

/// Seals what names patients before the database gets it, and opens it again. The store has no keys of its own.
///
/// What is sealed is bound to its row: what was moved to another row, or stands in a row that was changed, can't be opened.
pub trait Seal: fmt::Debug + Send + Sync {
    /// What the key is called that seals now: 1 to 1000 bytes.
    fn newest(&self) -> &str;

    /// Seals with the newest key. The same bytes sealed twice look different.
    ///
    /// # Errors
    ///
    /// A key that can't be used.
    fn seal(&self, bound: &[u8], clear: &[u8]) -> Result<Vec<u8>, SealError>;

    /// Opens what the key of this name sealed for the same `bound`.
    ///
    /// # Errors
    ///
    /// A key that isn't there, and what can't be opened with it.
    fn open(&self, key_id: &str, bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError>;

    /// What stands in indexes for a text: the same for the same text for ever, whichever key seals, and nothing that anybody without
    /// the keys can turn back. 1 to 500 bytes.
    fn mark(&self, text: &str) -> String;

    /// Where numbers of persons stand in a text, in their order, none over another: the log keeps them as marks, as it does with the
    /// person that an entry names. None, for a seal that doesn't look for any.
    fn finds(&self, _text: &str) -> Vec<Range<usize>> {
        Vec::new()
    }
}

/// What can't be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// No keys were given.
    #[error(
        "it is sealed with the key «{0}», and this program was given no keys: name the file with them as `person_keys`"
    )]
    NoKeys(String),
    /// The key isn't among those that were given.
    #[error(
        "it is sealed with the key «{0}», which isn't among the person keys: put it back until all is sealed anew"
    )]
    NoKey(String),
    /// The key doesn't open it.
    #[error("the key «{0}» doesn't open it: the row was changed, or the key is another of the same name")]
    NotOurs(String),
}
