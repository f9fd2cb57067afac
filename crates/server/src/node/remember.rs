use jiff::Timestamp;
use samspill_service::exchange::meaning::normal_id;
use samspill_store::{CommunityId, Direction, NewDecision, Store, StoreError};
use samspill_transport::{
    Doing, Parcel,
    edi::{Arrived, Remember},
};

/// What the message service calls a message of ours, kept beside what people decide: [`NewDecision::what`].
const CALLED: &str = "edi-id";

/// What the message service must be reminded of, from the store.
#[derive(Debug)]
pub(super) struct StoreMemory {
    pub(super) store: Store,
    pub(super) community: CommunityId,
    pub(super) channel: String,
}

impl StoreMemory {
    async fn parcel_of(&self, what: Arrived<'_>) -> Result<Option<String>, StoreError> {
        let mut tx = self.store.begin(&self.community).await?;
        let kept = tx.messages_of_id(&normal_id(what.message)).await?;
        let came =
            kept.into_iter().filter(|kept| kept.direction == Direction::In && kept.channel == self.channel);
        let mut came: Vec<_> = came.collect();
        let own = came.iter().position(|kept| kept.to == what.to).unwrap_or(0);
        Ok((own < came.len()).then(|| came.swap_remove(own).parcel))
    }

    async fn keep(&self, parcel: &Parcel, id: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin(&self.community).await?;
        let decision = NewDecision {
            what: CALLED.to_owned(),
            subject: parcel.message.clone(),
            value: id.to_owned(),
            by: self.channel.clone(),
            at: Timestamp::now(),
            why: String::new(),
        };
        tx.decide(&decision).await?;
        tx.commit().await
    }
}

impl Remember for StoreMemory {
    fn arrived<'a>(&'a self, what: Arrived<'a>) -> Doing<'a, Result<Option<String>, String>> {
        Box::pin(async move { self.parcel_of(what).await.map_err(|error| error.to_string()) })
    }

    fn sent<'a>(&'a self, parcel: &'a Parcel, id: &'a str) -> Doing<'a, ()> {
        Box::pin(async move {
            if let Err(error) = self.keep(parcel, id).await {
                tracing::warn!(error = %error, "what the message service calls a message isn't kept: it can't be traced");
            }
        })
    }
}
