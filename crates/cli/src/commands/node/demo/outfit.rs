use std::sync::Arc;

use samspill_server::{
    App, Base, Outfit, Post, Trouble,
    config::{ChannelConfig, Config},
    jobs::Job,
    node::{self, Node},
};
use samspill_service::exchange::{mailroom::Settings, receipts::ReceiptLimits};
use samspill_store::Projection;
use samspill_transport::{Channel, Doing};

use super::{accounts, plan::Plan, region::Region};

/// The node of the demo: all parties of the region, in one.
#[derive(Clone, Debug)]
pub(super) struct Demo {
    node: Node,
    plan: Plan,
    parties: samspill_sim::Region,
    region: Region,
}

impl Demo {
    pub(super) fn new(plan: Plan) -> Result<Self, Trouble> {
        let limits = ReceiptLimits::shipped().map_err(|error| Trouble(error.to_string()))?;
        let region = samspill_sim::Region::of(
            &samspill_sim::Settings::unn_like(),
            &samspill_sim::Chance::of(plan.seed()),
        );
        let mail = Settings::new(region.all_recipients(), region.directory(), region.addresses(), limits);
        let node = Node::default().with_mail(mail).with_demo(accounts::logins(&region));
        Ok(Self { node, plan, parties: region, region: Region::default() })
    }
}

impl Outfit for Demo {
    fn projections(&self, config: &Config) -> Result<Vec<Arc<dyn Projection>>, Trouble> {
        self.node.projections(config)
    }

    fn channel(
        &self,
        config: &Config,
        channel: &ChannelConfig,
        base: &Base,
    ) -> Result<Arc<dyn Channel>, Trouble> {
        self.node.channel(config, channel, base)
    }

    fn post(&self, config: &Config, base: &Base) -> Result<Arc<dyn Post>, Trouble> {
        self.node.post(config, base)
    }

    fn front<'a>(&'a self, config: &'a Config, base: &'a Base) -> Doing<'a, Result<Option<App>, Trouble>> {
        Box::pin(async move {
            let Some(web) = &config.web else { return Ok(None) };
            let room = self.node.mailroom(config, base)?;
            let register = node::register(config, web, &base.store)?;
            accounts::make(config, &base.store, &self.parties).await?;
            self.region.make(&self.plan, &room, &register, &base.waiting).await?;
            self.node.front(config, base).await
        })
    }

    fn jobs(&self, config: &Config, base: &Base) -> Vec<Arc<dyn Job>> {
        let mut jobs = self.node.jobs(config, base);
        jobs.push(Arc::new(self.region.clone()));
        jobs
    }
}
