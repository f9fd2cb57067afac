//! What the process drives, and others make.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, PoisonError, RwLock},
};

use samspill_service::addresses::Changes;
use samspill_store::{Projection, Store};
use samspill_transport::{Arrival, Channel, Doing};
use samspill_web::App;

use crate::{
    config::{ChannelConfig, Config},
    door::Waiting,
    jobs::{Job, Leases, Outcome, StoreLeases},
    metrics::{Metrics, QueueState},
};

/// What is done with mail: the mailroom, as the process sees it.
pub trait Post: Debug + Send + Sync {
    /// Keeps what came by a channel, and settles it. Where that fails now, the arrival is settled as `Later` or dropped, and
    /// comes again; the channel pauses a little.
    fn take<'a>(&'a self, arrival: Arrival, channel: &'a str) -> Doing<'a, Result<(), Trouble>>;

    /// Hands over messages of the outbox that are due by this channel. How many were tried: 0 lets the channel rest.
    fn hand_over<'a>(&'a self, channel: &'a dyn Channel) -> Doing<'a, Result<usize, Trouble>>;

    /// Looks at limits: receipts that are overdue, alerts to raise or clear. Done by one node at a time.
    fn tick(&self) -> Doing<'_, Outcome>;

    /// What administrators changed in the address book is other than it was: what begins from now on goes by it.
    fn renew(&self, _: &Changes) {}

    /// How it is with the queues, for metrics and readiness.
    fn measure(&self) -> Doing<'_, Result<Measures, Trouble>>;
}

/// How it is with the mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// By channel.
    pub queues: BTreeMap<String, QueueState>,
    /// Alerts that are raised.
    pub alerts: u64,
}

/// Something failed that is tried again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(
    /// What happened and what to do, without a word of what messages say.
    pub String,
);

/// What a process is put together from.
pub trait Outfit: Send + Sync {
    /// What the store derives from the log.
    fn projections(&self, config: &Config) -> Result<Vec<Arc<dyn Projection>>, Trouble>;

    /// Opens a channel. It connects by itself, later: an error here is a setting that can't be used.
    fn channel(
        &self,
        config: &Config,
        channel: &ChannelConfig,
        base: &Base,
    ) -> Result<Arc<dyn Channel>, Trouble>;

    /// The mailroom.
    fn post(&self, config: &Config, base: &Base) -> Result<Arc<dyn Post>, Trouble>;

    /// The leases of jobs: those of the store that nodes share, unless it is said otherwise.
    fn leases(&self, config: &Config, base: &Base) -> Arc<dyn Leases> {
        Arc::new(StoreLeases::new(base.store.clone(), config.node.community.clone()))
    }

    /// The front door, where the configuration has one: it may take its time, as when much is read first.
    fn front<'a>(&'a self, _: &'a Config, _: &'a Base) -> Doing<'a, Result<Option<App>, Trouble>> {
        Box::pin(async { Ok(None) })
    }

    /// Jobs beside those of every node: the tick, verifying, backups.
    fn jobs(&self, config: &Config, base: &Base) -> Vec<Arc<dyn Job>>;
}

/// What the parts of a process share.
#[derive(Clone, Debug)]
pub struct Base {
    /// The open store.
    pub store: Store,
    /// Where things are counted.
    pub metrics: Arc<Metrics>,
    /// Wakes the hand-over of all channels: something was put in the outbox.
    pub wake: Arc<tokio::sync::Notify>,
    /// What the front door says until it is open.
    pub waiting: Waiting,
    /// The front door, from when it is open: jobs that go by what it knows wait for it.
    pub front: Front,
    /// What administrators had changed in the address book when the process began; what they change later is put in by
    /// [`Post::renew`] and in the front door.
    pub addresses: Changes,
}

/// The front door's application, once there is one. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Front(Arc<RwLock<Option<App>>>);

impl Front {
    /// The application that answers now; none until the door is open.
    pub fn now(&self) -> Option<App> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// This one answers from now on.
    pub fn set(&self, app: App) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(app);
    }
}
