//! A node as this program makes it: mailroom, channels, leases and what is derived, by its configuration.

mod channels;
mod front;
mod post;
mod remember;
mod settings;

use std::sync::Arc;

use samspill_service::exchange::mailroom::Mailroom;
use samspill_store::{Projection, Store};
use samspill_transport::{Channel, Doing};
use samspill_web::App;

use crate::{
    Base, Outfit, Post, Trouble,
    config::{ChannelConfig, Config},
    jobs::Job,
};
pub use settings::{address_book, mailroom_settings, projections};

/// The parts of a node. It is what [`crate::serve`] is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node;

/// The mailroom of a configuration over an open store.
///
/// # Errors
/// An address book that can't be read.
pub fn mailroom(config: &Config, store: Store) -> Result<Mailroom, Trouble> {
    Ok(Mailroom::new(store, config.node.community.clone(), mailroom_settings(config)?))
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
        let room = mailroom(config, base.store.clone())?;
        Ok(Arc::new(post::MailPost::new(room, &config.node.name, base.clone())))
    }

    fn front<'a>(&'a self, config: &'a Config, base: &'a Base) -> Doing<'a, Result<Option<App>, Trouble>> {
        Box::pin(async move {
            let Some(web) = &config.web else { return Ok(None) };
            let room = mailroom(config, base.store.clone())?;
            front::open(config, web, room).await.map(Some)
        })
    }

    fn jobs(&self, _: &Config, _: &Base) -> Vec<Arc<dyn Job>> {
        Vec::new()
    }
}
