//! The append-only log in SQLite or PostgreSQL, and what is derived from it.
//!
//! ```text
//!   Append: key + entries ──▶ Tx ──┬──▶ log              one order a community, hash by hash; rows are only ever added
//!   keep_message, decide ─────▶│   ├──▶ projection_row   what pure functions make of a case's entries
//!   enqueue, take_due, raise ─▶│   └──▶ message, outbox, …   what came, what goes, what is waited for
//!                             └─ commit: all of it on disk, or none
//!
//!   Tail, read ◀── log        verify: walks the chain, names what was touched
//!   projected  ◀── projection_row      rebuild: throws rows away, makes the same bytes anew
//!   messages, outbox, alerts ◀── message, …    lease: one node at a time
//!   export ◀── log ◀── import          backup ◀── all but projections ◀── restore
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
//!   ├─ entry        canonical bytes, persons as marks       ├─ case_name  │
//!   ├─ previous     hash of the entry before                ├─ row_key    ┘
//!   └─ hash         of this entry and all before it         └─ row_json
//!
//!   log_person: mark, key_id, sealed: whom a mark in `entry` and `row_json` stands for; see `marks/mod.rs`
//!   schema_step: version, name, digest of each migration that was applied
//! ```
//!
//! Mail. All but `lease` have `community` first in their keys; instants are microseconds since 1970.
//!
//! ```text
//!   message     (number)                 rows are only ever added
//!   ├─ direction, message_id, kind, sender, receiver, case_name, about, made_us, at_us, channel, parcel
//!   ├─ digest   over all of the row and its ties
//!   ├─ bytes    as they came or as they are sent; sealed, where key_id names a key
//!   └─ key_id, size   with what it is sealed, and how many bytes it has in the clear
//!   │
//!   ├── message_tie      (tie, number)   rows are only ever added
//!   ├── message_standing (number)        standing, case_name, notes: what became of it
//!   ├── outbox           (parcel)        number, channel, receiver, due_us, made_us, state, attempts,
//!   │                                    holder, until_us, ended_us, condition, says
//!   └── life             (life_id)       number, deadline_us, needs_person, life_json
//!
//!   decision    (number)                 what, subject, decided, decided_by, at_us, why, digest, key_id, sealed; rows are only ever added
//!   stray       (number)                 about, stray_json: told of a message that isn't known; the newest 10 000
//!   alert       (number)                 name, says, raised_us, cleared_us
//!   lease       (name)                   holder, fence, until_us
//!
//! ```
//!
//! People. `community` is first in all keys; of secrets only a SHA-256 stands there, or what Argon2 makes of a password.
//!
//! ```text
//!   account       (account)              login, name, email, secret, issuer, subject, state, language, settings, failures,
//!   │                                    locked_us, made_us, version
//!   ├── account_role  (account, role, party, unit, from_us)   until_us
//!   ├── setup_link    (digest)           account, until_us, used_us
//!   ├── session       (digest)           handle, account, role, party, upstream, begun_us, seen_us, until_us, ended_us
//!   ├── machine_token (digest)           account, role, party, name, made_us, until_us, ended_us
//!   ├── case_seen     (account, case_name)   position
//!   └── draft         (draft)            account, case_name, kind, json, version, at_us
//!
//!   access_log    (number)               rows are only ever added; each has the digest of the one before
//!   ├─ at_us, account, name, role, party, unit, action, kind, case_name, person, purpose, rule, outcome, detail, lines, request, node
//!   └─ previous, digest
//!
//!   self_grant    (number)               account, name, role, party, case_name, reason, at_us, until_us; reviewed once:
//!                                        reviewed_by, reviewed_us, verdict, remark
//!   person        (person)               key_id, protection, sealed, version, changed_us: the store can't open what is sealed
//!   assignment    (case_name, duty)      account, name, by_name, at_us
//! ```
//!
//! ```text
//!   outbox:  waiting ──take_due──▶ sending ──outgoing_sent──▶ sent
//!               ▲ ◀──outgoing_later── │ ◀┐ take_due, when its time is over       │
//!               └──release── dead ◀───┴──┴──────────outgoing_dead──────────────┘
//! ```
//!
//! Triggers refuse to update and delete rows of `log`, `log_person`, `message`, `message_tie`, `decision` and `access_log` (and to truncate them), to
//! add an entry, message, decision or row of the access log that is not the next, and to change what people took on themselves but for
//! one review. A message, a decision and a person of the log may be sealed anew, and say the same after it. Whoever may drop triggers can change the log all the same; then
//! [`Store::verify`] finds it, if somebody keeps a [`Head`] elsewhere. Messages and decisions have digests of their own but no
//! chain: `verify` finds what was changed by mistake or in ignorance, and holes; not what was changed with its digest.
//! The access log has a chain of its own, as the log has.
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
//! - **A message, what it means for the log, and what goes out for it** are one transaction: after a crash all of it is there or
//!   none.
//! - **A parcel is handed over at least once**, by one holder at a time while clocks agree. Its id stands once in the outbox.
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
mod glance;
mod lease;
mod mail;
mod marks;
mod migrate;
mod names;
mod options;
mod people;
mod projection;
mod seal;
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
pub use lease::Lease;
pub use mail::{
    Alert, AlertFilter, Before, Came, Direction, KeptAlert, KeptDecision, KeptMessage, LifeRow,
    MessageFilter, MessageLine, MessageNumber, NewDecision, NewMessage, NewOutgoing, OutboxState, Outgoing,
    QueueCount, Related, Resealed, Standing, TIE_MARK,
};
pub use names::{AppendKey, CommunityId, NameError};
pub use options::{Fsync, IfMissing, Options};
pub use people::{
    AccessFilter, AccessVerification, AccountRow, AddressRow, Assignment, Draft, KeptAccess, KeptGrant,
    LinkRow, NewAccess, NewGrant, NoticeRow, OpenedSession, PeopleTx, PersonRow, Review, RoleRow, SessionRow,
    TemplateRow, TokenRow, UndoRow,
};
pub use projection::{ProjectedRow, Projection};
pub use seal::{Seal, SealError};
pub use store::Store;
pub use tail::Tail;
pub use transfer::{BackupKey, BackupLock, Exported, ImportedLog};
pub use tx::Tx;
pub use verify::{Fault, Verification};
