//! A node as this program makes it: mailroom, channels, leases and what is derived, by its configuration.

pub(crate) mod channels;
mod front;
pub(crate) mod login;
mod people;
mod post;
mod remember;
mod settings;
mod tell;

use std::sync::Arc;

use samspill_service::{
    addresses::Changes,
    exchange::{
        mailroom::{Mailroom, PersonFeed, Settings},
        meaning::AddressBook,
    },
    people::SystemRandom,
};
use samspill_store::{Projection, Store};
use samspill_transport::{Channel, Doing};
use samspill_web::{App, login::DemoLogin};

use crate::{
    Base, Outfit, Post, Trouble,
    config::{ChannelConfig, Config},
    email::Smtp,
    jobs::Job,
};
pub use people::{accounts, audit, register, seal};
pub use settings::{address_book, mailroom_settings, projections};

/// The parts of a node, as its configuration says. It is what [`crate::serve`] is given.
#[derive(Clone, Debug, Default)]
pub struct Node {
    mail: Option<Settings>,
    demo: Vec<DemoLogin>,
}

impl Node {
    /// A node whose mailroom goes by these settings, and not by the configuration.
    #[must_use]
    pub fn with_mail(self, settings: Settings) -> Self {
        Self { mail: Some(settings), ..self }
    }

    /// A node whose login page shows these logins. Never outside a demo.
    #[must_use]
    pub fn with_demo(self, demo: Vec<DemoLogin>) -> Self {
        Self { demo, ..self }
    }

    /// Its mailroom over the open store.
    ///
    /// # Errors
    /// An address book that can't be read.
    pub fn mailroom(&self, config: &Config, base: &Base) -> Result<Mailroom, Trouble> {
        let told = self.mail.clone().map_or_else(|| mailroom_settings(config), Ok)?;
        fed(config, base.store.clone(), told.changed_by(&base.addresses))
    }
}

/// The mailroom of a configuration over an open store.
///
/// # Errors
/// An address book that can't be read, in its file or in the store, and keys that aren't where they should be.
pub async fn mailroom(config: &Config, store: Store) -> Result<Mailroom, Trouble> {
    let changes = changes(config, &store).await?;
    fed(config, store, mailroom_settings(config)?.changed_by(&changes))
}

/// The address book of a configuration with what administrators changed in it.
///
/// # Errors
/// One that can't be read, in its file or in the store.
pub async fn address_book_in_force(config: &Config, store: &Store) -> Result<AddressBook, Trouble> {
    let changes = changes(config, store).await?;
    Ok(changes.over(&address_book(config)?))
}

async fn changes(config: &Config, store: &Store) -> Result<Changes, Trouble> {
    let read = Changes::read(store, &config.node.community).await;
    read.map_err(|error| Trouble(format!("the address book: {error}")))
}

/// A mailroom that tells the register of persons who messages are about, where the front door shows names.
fn fed(config: &Config, store: Store, mut settings: Settings) -> Result<Mailroom, Trouble> {
    if let Some(web) = &config.web {
        let register = register(config, web, &store)?;
        settings.persons = Some(PersonFeed { register, random: Arc::new(SystemRandom) });
    }
    Ok(Mailroom::new(store, config.node.community.clone(), settings))
}

impl Outfit for Node {
    fn projections(&self, config: &Config) -> Result<Vec<Arc<dyn Projection>>, Trouble> {
        Ok(projections(config)?.map(|all| all.all()).unwrap_or_default())
    }

    fn channel(
        &self,
        config: &Config,
        channel: &ChannelConfig,
        base: &Base,
    ) -> Result<Arc<dyn Channel>, Trouble> {
        channels::open(config, channel, &base.store)
    }

    fn post(&self, config: &Config, base: &Base) -> Result<Arc<dyn Post>, Trouble> {
        let room = self.mailroom(config, base)?;
        Ok(Arc::new(post::MailPost::new(room, &config.node.name, base.clone())))
    }

    fn front<'a>(&'a self, config: &'a Config, base: &'a Base) -> Doing<'a, Result<Option<App>, Trouble>> {
        Box::pin(async move {
            let Some(web) = &config.web else { return Ok(None) };
            let room = self.mailroom(config, base)?;
            front::open(config, web, room, self.demo.clone()).await.map(Some)
        })
    }

    fn jobs(&self, config: &Config, base: &Base) -> Vec<Arc<dyn Job>> {
        let (Some(web), Some(mail)) = (&config.web, &config.mail) else { return Vec::new() };
        vec![Arc::new(tell::Tell {
            front: base.front.clone(),
            smtp: Smtp::new(mail, &web.origin),
            metrics: base.metrics.clone(),
            every: mail.every,
            later: std::sync::Mutex::default(),
        })]
    }
}
