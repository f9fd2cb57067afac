use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use samspill_service::{
    access::Policy,
    addresses::Changes,
    audit::{Audit, persons::PersonRegister},
    exchange::{mailroom::Mailroom, meaning::AddressBook},
    live::{Live, LiveError},
    people::Accounts,
    projections::Projections,
};
use samspill_store::{CommunityId, Store};

use crate::{
    front::{AccessLog, Clock, FrontSettings, Limiter, Streams, Waiting},
    login::{KeptForms, Login},
};

/// What requests are answered from. Clones are the same.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Parts,
    limiter: Arc<Limiter>,
    streams: Streams,
    waiting: Waiting,
    kept_forms: Arc<KeptForms>,
}

/// What an [`App`] is put together from.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The store.
    pub store: Store,
    /// The community whose log is shown.
    pub community: CommunityId,
    /// What the store keeps beside the log.
    pub projections: Projections,
    /// What sends and takes messages.
    pub mailroom: Mailroom,
    /// The open stays.
    pub live: Live,
    /// The parties and their units.
    pub book: Arc<AddressBook>,
    /// Who may do what.
    pub policy: Policy,
    /// What time it is.
    pub clock: Clock,
    /// Limits, and where the front door is.
    pub settings: FrontSettings,
    /// Who looked at what.
    pub access_log: Arc<dyn AccessLog>,
    /// What happens at the door is written here.
    pub audit: Audit,
    /// Accounts, their sessions and passwords.
    pub accounts: Accounts,
    /// How people and systems log in.
    pub login: Login,
    /// Who patients are.
    pub people_register: PersonRegister,
}

impl App {
    /// The application of these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            limiter: Arc::default(),
            streams: Streams::default(),
            waiting: Waiting::default(),
            kept_forms: Arc::default(),
        }))
    }

    /// The same application by the address book with these changes: who takes part in stays is read anew by it. What people had filled in,
    /// how often they asked and which streams they have open is known to both.
    ///
    /// # Errors
    /// A log that can't be read.
    pub async fn changed_by(&self, changes: &Changes) -> Result<Self, LiveError> {
        let Inner { parts, limiter, streams, waiting: _, kept_forms } = &*self.0;
        let mailroom = parts.mailroom.changed_by(changes);
        let book = Arc::new(mailroom.settings().addresses.clone());
        let live = parts.live.by(Arc::clone(&book), self.now()).await?;
        Ok(Self(Arc::new(Inner {
            parts: Parts { mailroom, live, book, ..parts.clone() },
            limiter: Arc::clone(limiter),
            streams: streams.clone(),
            waiting: Waiting::default(),
            kept_forms: Arc::clone(kept_forms),
        })))
    }

    /// Its parts.
    pub fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// What time it is, for all that is shown and written.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// The zone in which days and months are counted: that of the first agreement.
    pub(crate) fn zone(&self) -> TimeZone {
        let first = self.0.parts.projections.agreements().all().first();
        first.map_or(TimeZone::UTC, |agreement| agreement.newest().calendar.zone.clone())
    }

    /// The open stays.
    pub fn live(&self) -> &Live {
        &self.0.parts.live
    }

    /// The parties and their units.
    pub fn book(&self) -> &AddressBook {
        &self.0.parts.book
    }

    /// Who has how many streams open.
    pub(crate) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// What people had filled in when their sessions were over.
    pub(crate) fn kept_forms(&self) -> &KeptForms {
        &self.0.kept_forms
    }

    /// What pages say waits for somebody.
    pub(crate) fn waiting(&self) -> &Waiting {
        &self.0.waiting
    }

    /// Who has asked how often.
    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }
}
