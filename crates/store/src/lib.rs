//! The append-only log in SQLite or PostgreSQL, and what is derived from it.
//!
//! ```text
//!   Append: key + entries ──▶ Tx ──┬──▶ log              one order a community, hash by hash; rows are only ever added
//!                             │    └──▶ projection_row   what pure functions make of a case's entries
//!                             └─ commit: all of it on disk, or none
//!
//!   Tail, read ◀── log        verify: walks the chain, names what was touched
//!   projected  ◀── projection_row      rebuild: throws rows away, makes the same bytes anew
//!   export, backup ◀── log ◀── import, restore
//! ```
//!
//! # Tables
//!
//! ```text
//!   log                                                     projection
//!   ├─ community    ┐ key: positions 1, 2, 3, …             ├─ community  ┐ key
//!   ├─ position     ┘ without holes                         ├─ name       ┘
//!   ├─ append_key   ┐ once in a community                   ├─ version    of the function that made the rows
//!   ├─ part         ┘ which entry of the append, from 1     └─ position   up to which entry they are made
//!   ├─ parts        how many it has
//!   ├─ case_name    ┐ copies of what `entry` says,          projection_row
//!   ├─ kind         │ for indexes and for people;           ├─ community  ┐
//!   ├─ recorded_us  ┘ microseconds since 1970               ├─ name       │ key
//!   ├─ entry        the entry in canonical bytes            ├─ case_name  │
//!   ├─ previous     hash of the entry before                ├─ row_key    ┘
//!   └─ hash         of this entry and all before it         └─ row_json
//!
//!   schema_step: version, name, digest of each migration that was applied
//! ```
//!
//! Triggers refuse to update and delete rows of `log` (and to truncate it), and to add one that is not the next. Whoever may
//! drop triggers can change the log all the same; then [`Store::verify`] finds it, if somebody keeps a [`Head`] elsewhere.
//!
//! # What always holds
//!
//! - **An acknowledged append is on disk**, and stands there once. [`Store::append`] and [`Tx::commit`] return after the
//!   database has written it through. When nobody can know ([`StoreError::OutcomeUnknown`], a power cut), asking again
//!   with the same [`AppendKey`] settles it.
//! - **Readers see positions in order.** Whoever has read position 7 has read all before it. Writers of one log take turns
//!   (an advisory lock on PostgreSQL, one writer on SQLite), so no entry turns up behind a reader's back.
//! - **Entries are kept exactly**: canonical bytes, no floating numbers, nanoseconds. The canonical form is written down,
//!   with test vectors, in `canonical/mod.rs`, and the chain in `chain.rs`.
//! - **Rows of projections are what the log says**, in the same transaction.
//!
//! # The two databases
//!
//! All SQL stands once, in `sql.rs`; what differs is listed in `database/mod.rs`. The schema is a folder of migrations for each, with
//! the same steps. The suite in `tests/conformance` runs every test on both.
//!
//! SQLite: one file, best on a local disk; network file systems break its locks. PostgreSQL: version 15 or later, `fsync` on, and a
//! user that owns its schema.
//!
//! # An example
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use samspill_base::{Entry, Position};
//! use samspill_store::{Append, AppendKey, CommunityId, Options, Outcome, Store};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("samspill.db");
//! let store = Store::open(&format!("sqlite:{}", path.display()).parse()?, Options::default()).await?;
//! let nord = CommunityId::new("nord")?;
//! let happened = "2025-03-28T14:00:00+01:00".parse()?;
//! let entry = Entry::new("opphold-1", "innlagt", Position(0), happened);
//! let append = Append::one(AppendKey::new("melding-17")?, happened, entry);
//!
//! let receipt = store.append(&nord, &append).await?;
//! assert_eq!((receipt.first, receipt.outcome), (Position(1), Outcome::Appended));
//! // The message comes a second time.
//! let again = store.append(&nord, &append).await?;
//! assert_eq!((again.first, again.outcome), (Position(1), Outcome::AlreadyThere));
//! assert!(store.verify(&nord, &[]).await?.is_whole());
//! # Ok(())
//! # })
//! # }
//! ```

mod append;
mod canonical;
mod chain;
mod database;
mod entry;
mod error;
mod migrate;
mod names;
mod options;
mod projection;
mod sql;
mod store;
mod tail;
mod transfer;
mod tx;
mod verify;

pub use append::{Append, Outcome, Receipt};
pub use canonical::VALUE_DEPTH_MAX;
pub use chain::{EntryHash, HashError, Head};
pub use database::Place;
pub use entry::{EntryError, LogEntry};
pub use error::{Cause, StoreError};
pub use names::{AppendKey, CommunityId, NameError};
pub use options::{Fsync, IfMissing, Options};
pub use projection::{ProjectedRow, Projection};
pub use store::Store;
pub use tail::Tail;
pub use transfer::{BackupKey, BackupLock, ImportedLog};
pub use tx::Tx;
pub use verify::{Fault, Verification};
