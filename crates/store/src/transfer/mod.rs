//! A log as text, to keep elsewhere and to move between databases: nothing is lost on the way, and nothing can be
//! changed on the way unseen.
//!
//! One JSON object a line, in UTF-8. A file holds one log after the other, each with its beginning and its end:
//!
//! ```text
//! {"log":{"form":1,"community":"nord"}}
//! {"entry":{"position":1,"key":"m-1","part":1,"parts":1,"hash":"<64 hexadecimal digits>","case":"1","kind":"inn","happened":"2025-03-28T14:00:00Z","recorded":"2025-03-28T14:00:01.5Z","facts":{"alder":81.5},"body":{}}}
//! {"end":{"position":1,"hash":"<the same>"}}
//! ```
//!
//! A backup is form 5: after each log stands the community's mail, then its people, row by row of each table; and after all of them the leases, each without its holder.
//!
//! ```text
//! {"mail":{"begin":{"community":"nord"}}}
//! {"mail":{"message":{"number":1,"direction":"in","id":"…",…,"bytes":"<base64>","digest":"<64 hexadecimal digits>",…}}}
//! {"mail":{"decision":{…}}}  {"mail":{"parcel":{…}}}  {"mail":{"life":{…}}}  {"mail":{"stray":{…}}}  {"mail":{"alert":{…}}}
//! {"mail":{"end":{"messages":1,"decisions":0,"parcels":0,"lives":0,"strays":0,"alerts":0}}}
//! {"people":{"begin":{"community":"nord"}}}
//! {"people":{"row":{"table":"account","cells":["…",…]}}}
//! {"people":{"end":[["account",1],…]}}
//! {"lease":{"name":"send","fence":3}}
//! ```
//!
//! What is sealed in the store is sealed in a backup, and has the name of its key beside it. In an export persons are marks, as they
//! stand in the log, and nothing says for whom; or they are named by number, and the chain is made over what the export says.
//!
//! Times of entries have nanoseconds, those of mail microseconds. Numbers are decimals and read as such, not as floating numbers. What an entry doesn't have is
//! left out; a missing `facts` is none, a missing `body` is a log that doesn't keep contents.

mod backup;
mod entry_line;
mod export;
mod import;
mod lines;
mod mail_export;
mod mail_import;
mod mail_line;
mod people_copy;
mod people_line;

pub use backup::{BackupKey, BackupLock};
pub use export::Exported;
pub use import::ImportedLog;

use samspill_base::Position;
use serde::{Deserialize, Serialize};

use crate::{EntryHash, Head, StoreError};
use entry_line::EntryLine;
use mail_line::{LeaseLine, MailLine};
use people_line::PeopleLine;

/// The form of a log that stands alone, and of backups before there was mail.
const LOG_ALONE: u32 = 1;

/// The form of a log that its community's mail comes after, of backups before there were people.
const LOG_WITH_MAIL: u32 = 2;

/// The form of a log that its community's mail and then its people come after, of backups before mail was sealed.
const LOG_WITH_PEOPLE: u32 = 3;

/// The same, with mail that may be sealed, of backups before persons of the log were.
const LOG_WITH_SEALS: u32 = 4;

/// The same, with marks in the log, and whom they stand for among the people.
const LOG_WITH_PERSONS: u32 = 5;

/// A line of an export.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    /// A log begins.
    Log(LogLine),
    /// An entry of it.
    #[serde(borrow)]
    Entry(Box<EntryLine<'a>>),
    /// The log ends.
    End(EndLine),
    /// Of a community's mail, from its beginning to its end.
    Mail(Box<MailLine>),
    /// Of a community's people, from their beginning to their end.
    People(Box<PeopleLine>),
    /// A lease.
    Lease(LeaseLine),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogLine {
    form: u32,
    community: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndLine {
    position: u64,
    hash: String,
}

impl From<Head> for EndLine {
    fn from(head: Head) -> Self {
        Self { position: head.position.0, hash: head.hash.to_string() }
    }
}

impl EndLine {
    fn head(&self) -> Option<Head> {
        let hash: EntryHash = self.hash.parse().ok()?;
        Some(Head { position: Position(self.position), hash })
    }
}

/// What a file of the system said.
fn file_error(doing: &'static str) -> impl FnOnce(std::io::Error) -> StoreError {
    move |source| StoreError::File { doing, source }
}
