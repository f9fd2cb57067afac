use std::{error::Error, io, path::PathBuf};

use samspill_base::Position;

use crate::{
    AppendKey, CommunityId, EntryError, EntryHash, Head, MessageNumber, NameError, NewMessage, SealError,
};

/// What lies below an error, for the operator's log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// The store could not do what was asked. Where nothing else is said, nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no room left where the database lies.
    #[error(
        "no room left for the database while it was to {doing}: free some space on its disk, then do the same again"
    )]
    DiskFull {
        /// What was to be done.
        doing: &'static str,
        /// The database's words.
        source: Cause,
    },
    /// The database doesn't answer, or stopped answering.
    #[error(
        "the database is out of reach while it was to {doing}: see that it runs and that the path or address is right, then do the same again"
    )]
    Gone {
        /// What was to be done.
        doing: &'static str,
        /// The database's words.
        source: Cause,
    },
    /// Another program holds what is needed for longer than was to be waited.
    #[error(
        "the database is held by another transaction while it was to {doing}: do the same again in a moment; if it goes on, look for a program that keeps a transaction open"
    )]
    Locked {
        /// What was to be done.
        doing: &'static str,
        /// The database's words.
        source: Cause,
    },
    /// The database doesn't let this user or program do it.
    #[error(
        "the database refuses to {doing}: give this program's user the right to read and write the database"
    )]
    Denied {
        /// What was to be done.
        doing: &'static str,
        /// The database's words.
        source: Cause,
    },
    /// The database itself says that its files are damaged.
    #[error(
        "the database is damaged, found while it was to {doing}: stop writing, keep a copy of the files, and restore the last backup"
    )]
    Damaged {
        /// What was to be done.
        doing: &'static str,
        /// The database's words.
        source: Cause,
    },
    /// Something else that the database says.
    #[error("the database failed while it was to {doing}")]
    Database {
        /// What was to be done.
        doing: &'static str,
        /// The database's words.
        source: Cause,
    },
    /// The connection broke while the transaction was being committed: it may be there, or not.
    #[error(
        "nobody knows whether the transaction was committed, as the connection broke: do the same again with the same append key, and it is done once"
    )]
    OutcomeUnknown {
        /// The database's words.
        source: Cause,
    },
    /// Something went wrong earlier in this transaction, so that committing it would write half of it.
    #[error("this transaction failed earlier and can only be dropped: begin another and do all of it again")]
    Broken,
    /// An address that is no database that the store knows.
    #[error(
        "«{0}» is no place for a store: write sqlite:<path to a file> or postgres://<user>@<host>/<database>"
    )]
    Place(String),
    /// An address of PostgreSQL that can't be followed. Nothing of its values is shown, as one may be a password.
    #[error("the store's address can't be followed: {0}")]
    Address(String),
    /// The server acknowledges what isn't on its disk.
    #[error(
        "PostgreSQL runs with fsync off, and would forget acknowledged entries when the power fails: set fsync = on in its configuration"
    )]
    NotLasting,
    /// A file that isn't there, where none may be made.
    #[error("there is no store at {}: check the path, or let the store be made there", .0.display())]
    Missing(PathBuf),
    /// A newer program has changed the schema.
    #[error(
        "the database has schema {found} and this program knows {known}: run the newer program, or restore a backup from before it"
    )]
    SchemaTooNew {
        /// The schema of the database.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// A step of the schema that was applied is not the one that this program has.
    #[error(
        "schema {version} was applied as something else than this program has: run the program that made this database"
    )]
    SchemaChanged {
        /// The step.
        version: i64,
    },
    /// The key is another append's. Contents are not shown, as they may be about a person.
    #[error("append key «{key}» of {community} belongs to what stands at {first} to {last}, and entry {part} of what is asked for now differs from it in {differs}: take a new key for what is new",
        first = .first.0, last = .last.0)]
    KeyTaken {
        /// Whose log.
        community: CommunityId,
        /// The key.
        key: AppendKey,
        /// The first entry that stands under the key.
        first: Position,
        /// The last one.
        last: Position,
        /// The first entry of the new append that differs, from 1. Where one append only goes on longer than the other,
        /// the first that the other doesn't have.
        part: u32,
        /// The field of the entry that differs, or `length`.
        differs: &'static str,
    },
    /// An entry that the store can't keep.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A message that is too large to be kept.
    #[error("the message has {bytes} bytes, {bytes_max} at most: keep it as a file, and tell its sender", bytes_max = NewMessage::BYTES_MAX)]
    MessageLarge {
        /// Its size.
        bytes: usize,
    },
    /// More ties than a message may have.
    #[error("the message has {ties} ties, {ties_max} at most: give it those that tell whom and what it is about", ties_max = NewMessage::TIES_MAX)]
    Ties {
        /// How many.
        ties: usize,
    },
    /// A message that was never kept.
    #[error("there is no message number {}: keep it first", .0.0)]
    NoMessage(MessageNumber),
    /// A name that the store can't keep.
    #[error(transparent)]
    Name(#[from] NameError),
    /// What was read from the log is not what can have been written.
    #[error("the log of {community} is not whole at position {position}: {says}. Verify the log, and restore it from a backup", position = .position.0)]
    NotWhole {
        /// Whose log.
        community: CommunityId,
        /// Where.
        position: Position,
        /// What is wrong.
        says: String,
    },
    /// What was read of messages or decisions is not what can have been written.
    #[error(
        "the messages of {community} are not whole: {says}. Verify the log, and restore it from a backup"
    )]
    MailNotWhole {
        /// Whose messages.
        community: CommunityId,
        /// What is wrong.
        says: String,
    },
    /// A message or decision that can't be sealed or opened. It stays as it is.
    #[error("{what} {number} of {community} can't be read: {says}")]
    Sealed {
        /// `message` or `decision`.
        what: &'static str,
        /// Which one.
        number: u64,
        /// Whose.
        community: String,
        /// Why, and what to do.
        says: SealError,
    },
    /// Persons of the log stand there as marks, and can't be sealed or opened. The log stays as it is.
    #[error("persons in the log of {community} can't be written or read: {says}")]
    PersonsSealed {
        /// Whose log.
        community: CommunityId,
        /// Why, and what to do.
        says: SealError,
    },
    /// A row that doesn't have the columns it must have.
    #[error("a row of {table} is not as the store writes it: {says}")]
    Row {
        /// The table.
        table: &'static str,
        /// What is wrong.
        says: String,
    },
    /// A projection that this store was not opened with.
    #[error("there is no projection «{0}»: open the store with it")]
    NoProjection(String),
    /// A newer program has made the projection's rows.
    #[error(
        "projection «{name}» is at version {found} and this program has {known}: read it with the newer program"
    )]
    ProjectionTooNew {
        /// Its name.
        name: String,
        /// The version of the rows.
        found: u32,
        /// The version of this program.
        known: u32,
    },
    /// A line of an export that can't be taken in.
    #[error("line {line} of the export: {says}")]
    Import {
        /// The line, from 1.
        line: u64,
        /// What is wrong, and what to do.
        says: String,
    },
    /// An imported log goes on from another past than this store's.
    #[error("line {line} of the export: position {position} of {community} has hash {theirs} there and {ours} here: these are two logs, import into an empty store", position = .position.0)]
    OtherPast {
        /// The line, from 1.
        line: u64,
        /// Whose log.
        community: CommunityId,
        /// Where they part.
        position: Position,
        /// The hash of the export.
        theirs: EntryHash,
        /// The hash of this store.
        ours: EntryHash,
    },
    /// A restore is for an empty store.
    #[error("the store is not empty, {community} has {} entries, and maybe messages: restore into a new database", .head.position.0)]
    NotEmpty {
        /// A community that has entries or messages.
        community: CommunityId,
        /// How far its log goes.
        head: Head,
    },
    /// Writing or reading a file of an export, copy or backup failed.
    #[error("could not {doing}")]
    File {
        /// What was to be done.
        doing: &'static str,
        /// The system's words.
        source: io::Error,
    },
    /// A backup that can't be locked or opened with what was given.
    #[error("the backup can't be locked or opened: {says}")]
    BackupKey {
        /// What is wrong, and what to do.
        says: String,
    },
    /// Something that only one of the databases can.
    #[error("{0}")]
    Unsupported(&'static str),
}

impl StoreError {
    /// Whether doing the same again, with the same append key, may well succeed without anybody's help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Gone { .. } | Self::Locked { .. } | Self::OutcomeUnknown { .. })
    }
}
