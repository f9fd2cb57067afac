//! The loops of a channel, and the one that measures.

use std::{sync::Arc, time::Duration};

use samspill_store::CommunityId;
use samspill_transport::{Channel, Health};

use super::{
    board::Board,
    post::{Base, Post},
    supervise::Supervisor,
};
use crate::{Stop, jobs::Clock, pause::Pauses};

/// After troubles: from a quarter of a second to half a minute.
const PAUSES: Pauses = Pauses { first: Duration::from_millis(250), max: Duration::from_secs(30) };
/// How long a channel with nothing to hand over rests, unless it is woken.
const REST: Duration = Duration::from_secs(1);
/// How long the store has to answer when it is asked how it is.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// What loops need.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub(super) base: Base,
    pub(super) post: Arc<dyn Post>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) board: Board,
    pub(super) stop: Stop,
}

impl Work {
    /// What looks after loops.
    pub(super) fn supervisor(&self) -> Supervisor {
        Supervisor {
            board: self.board.clone(),
            metrics: self.base.metrics.clone(),
            clock: self.clock.clone(),
            stop: self.stop.clone(),
        }
    }

    /// Takes in what comes, until it is to stop. What is being taken then is finished.
    pub(super) async fn receive(&self, channel: &dyn Channel) {
        let mut troubles = 0;
        loop {
            let arrival = tokio::select! {
                biased;
                () = self.stop.asked() => return,
                arrival = channel.receive() => arrival,
            };
            match self.post.take(arrival, channel.name()).await {
                Ok(()) => troubles = 0,
                Err(trouble) => {
                    troubles += 1;
                    tracing::warn!(channel = channel.name(), error = %trouble, "what came can't be kept now");
                    self.pause(PAUSES.after(troubles)).await;
                }
            }
        }
    }

    /// Hands over what is due, until it is to stop. What is being handed over then is finished.
    pub(super) async fn hand_over(&self, channel: &dyn Channel) {
        let mut troubles = 0;
        while !self.stop.is_asked() {
            match self.post.hand_over(channel).await {
                Ok(0) => self.rest().await,
                Ok(_) => troubles = 0,
                Err(trouble) => {
                    troubles += 1;
                    tracing::warn!(channel = channel.name(), error = %trouble, "the outbox can't be read now");
                    self.pause(PAUSES.after(troubles)).await;
                }
            }
        }
    }

    /// Reads how it is, again and again.
    pub(super) async fn measure(
        &self,
        community: &CommunityId,
        every: Duration,
        channels: &[Arc<dyn Channel>],
    ) {
        while !self.stop.is_asked() {
            self.measure_once(community, channels).await;
            self.pause(every).await;
        }
    }

    pub(super) async fn measure_once(&self, community: &CommunityId, channels: &[Arc<dyn Channel>]) {
        for channel in channels {
            let is_up = !matches!(channel.health(), Health::Down { .. });
            self.base.metrics.channel_up(channel.name(), is_up);
        }
        let answer = tokio::select! {
            head = self.base.store.head(community) => head.map(|head| head.position.0).map_err(|error| error.to_string()),
            () = self.clock.sleep(ANSWER_MAX) => Err("the database doesn't answer in time".to_owned()),
        };
        if let Ok(position) = answer {
            self.base.metrics.position(position);
        }
        if let Err(says) = &answer {
            tracing::warn!(error = says.as_str(), "the store doesn't answer");
        }
        self.board.store(answer);
        let answer = tokio::select! {
            answer = self.post.measure() => answer,
            () = self.clock.sleep(ANSWER_MAX) => return,
        };
        match answer {
            Ok(measures) => {
                measures.queues.iter().for_each(|(channel, state)| self.base.metrics.queue(channel, *state));
                self.base.metrics.alerts(measures.alerts);
            }
            Err(trouble) => tracing::warn!(error = %trouble, "the queues can't be measured"),
        }
    }

    async fn rest(&self) {
        tokio::select! {
            () = self.base.wake.notified() => {}
            () = self.pause(REST) => {}
        }
    }

    pub(super) async fn pause(&self, time: Duration) {
        tokio::select! {
            () = self.clock.sleep(time) => {}
            () = self.stop.asked() => {}
        }
    }
}
