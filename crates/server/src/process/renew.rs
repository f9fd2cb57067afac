//! The loop that keeps mailroom and front door by the address book that is in force.

use std::time::Duration;

use samspill_service::{addresses::Changes, live::LiveError};
use samspill_store::CommunityId;
use samspill_web::App;
use tokio::task::JoinSet;

use super::loops::Work;
use crate::{Stop, door::Door};

/// How often it is looked whether the address book was changed, on this node or another.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often the log is looked at for what is shown.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);

/// What the loop works on.
#[derive(Debug)]
pub(super) struct Renewal {
    pub(super) work: Work,
    pub(super) community: CommunityId,
    /// The front door that stands open, if there is one.
    pub(super) door: Option<Door>,
}

impl Renewal {
    /// Follows the log for what is shown, and looks for changes, until it is to stop.
    pub(super) async fn run(&self) {
        let mut known = self.work.base.addresses.clone();
        let mut following = JoinSet::new();
        let mut over = Stop::default();
        if let Some(app) = self.work.base.front.now() {
            self.follow(&app, &over, &mut following);
        }
        while !self.work.stop.is_asked() {
            self.work.pause(LOOK_EVERY).await;
            let Some(changes) = self.look(&known).await else { continue };
            self.work.post.renew(&changes);
            match self.renewed(&changes).await {
                Ok(Some(app)) => {
                    over.ask();
                    over = Stop::default();
                    self.follow(&app, &over, &mut following);
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(error = %error, "the changed address book can't be put in now");
                    continue;
                }
            }
            tracing::info!(count = changes.count(), "the address book was changed");
            known = changes;
        }
        while following.join_next().await.is_some() {}
    }

    /// The changes, where there are others than those known.
    async fn look(&self, known: &Changes) -> Option<Changes> {
        let store = &self.work.base.store;
        // A store that doesn't answer is told of by those who measure it.
        let count = store.address_changes(&self.community).await.ok()?;
        if count == known.count() {
            return None;
        }
        Changes::read(store, &self.community).await.ok()
    }

    /// Puts an application that goes by the changes in the place of the one before. None where nothing stands open.
    async fn renewed(&self, changes: &Changes) -> Result<Option<App>, LiveError> {
        let (Some(app), Some(door)) = (self.work.base.front.now(), &self.door) else { return Ok(None) };
        let app = app.changed_by(changes).await?;
        self.work.base.front.set(app.clone());
        door.open(samspill_web::router(app.clone()));
        Ok(Some(app))
    }

    fn follow(&self, app: &App, over: &Stop, following: &mut JoinSet<()>) {
        let (live, clock) = (app.live().clone(), app.parts().clock.clone());
        let (stop, over) = (self.work.stop.clone(), over.clone());
        let heard = async move {
            tokio::select! {
                () = stop.asked() => {}
                () = over.asked() => {}
            }
        };
        following.spawn(live.follow(move || clock.now(), FOLLOW_EVERY, heard));
    }
}
