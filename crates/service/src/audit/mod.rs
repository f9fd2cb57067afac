//! Who looked at what, and who patients are.
//!
//! ```text
//!   Look ──▶ record ──▶ access log: numbered without holes, chained, only ever added to ──▶ search, itself recorded
//!                           │                                                         └──▶ report: what a patient may ask for
//!   grant_self ─────────────┴──▶ access for a while, with a reason ──▶ unreviewed ──▶ review
//!
//!   persons: id ──HMAC──▶ key of the row   name, id, address ──AES-256-GCM──▶ what is sealed, by the newest key of a ring
//! ```
//!
//! The access log names persons by the keys of their rows, so that the log says nothing of a person to whoever can't open the register.

mod data;
mod deed;
mod grants;
mod look;
pub mod persons;
mod recorder;
mod report;
mod search;
mod terminal;
pub mod words;

use std::sync::Arc;

pub use data::Happened;
pub use deed::{Deed, Doer, MACHINE};
pub use grants::{GrantError, GrantSettings, Granted, Reviewer, Verdict};
pub use look::{About, Happening, Look};
pub use persons::{Choices, KeyRing, MailSeal, Person, PersonRegister, RegisterError, person_of};
pub use report::{PatientReport, ReportLine};
pub use samspill_store::{AccessVerification, KeptAccess, KeptGrant, NewAccess, Review};
use samspill_store::{CommunityId, Store, StoreError, Tx};
pub use search::{AccessFilter, Search};
pub use terminal::Terminal;

use recorder::Recorder;

/// The access log of a community, and what people take on themselves. Clones are the same.
#[derive(Clone, Debug)]
pub struct Audit {
    store: Store,
    community: CommunityId,
    register: PersonRegister,
    node: Arc<str>,
    recorder: Arc<Recorder>,
}

impl Audit {
    /// The access log of a community in a store; `node` is what this program is called in it.
    pub fn new(store: Store, community: CommunityId, register: PersonRegister, node: String) -> Self {
        let recorder = Arc::new(Recorder::new(store.clone(), community.clone()));
        Self { store, community, register, node: node.into(), recorder }
    }

    /// Records that somebody looked, wrote, or was refused. When this returns, it is on disk. Gives the number of the row.
    ///
    /// Rows that come while others are being written are written together, so that many who look cost few writes.
    ///
    /// # Errors
    ///
    /// The store's: then nothing may be shown.
    pub async fn record(&self, look: &Look<'_>) -> Result<u64, StoreError> {
        self.recorder.record(self.row(look)).await
    }

    /// Records it in the transaction of what is written.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn record_in(&self, tx: &mut Tx, look: &Look<'_>) -> Result<u64, StoreError> {
        tx.log_access(&self.row(look)).await
    }

    /// Records what happens before somebody has a role: logins, refused ones too, passwords that are set.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn note(&self, happening: &Happening<'_>) -> Result<u64, StoreError> {
        self.recorder.record(happening.row(&self.node)).await
    }

    /// Walks the access log from end to end.
    ///
    /// # Errors
    ///
    /// The store's. What is wrong with the log is no error but the answer.
    pub async fn verify(&self) -> Result<AccessVerification, StoreError> {
        self.store.verify_accesses(&self.community).await
    }

    /// The row that is kept of a look.
    fn row(&self, look: &Look<'_>) -> NewAccess {
        look.row(&self.register, &self.node)
    }
}
