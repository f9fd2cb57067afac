//! The stream that tells open boards that something changed. It never says what: the page is asked for again, by its own rules.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use samspill_service::{access::Action, live::Change};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::Instant,
};

use crate::{App, Refused, Signed, front::OpenStream};

/// After this a browser asks again, and who it is for is looked at anew.
const STREAM_FOR: Duration = Duration::from_mins(10);
/// Something is sent at least this often, so that nothing on the way closes a quiet stream.
const QUIET_FOR: Duration = Duration::from_secs(20);

/// What a stream goes by.
struct Following {
    app: App,
    signed: Signed,
    changes: Receiver<Change>,
    until: Instant,
    /// One of those that an account may have open.
    _open: OpenStream,
}

pub(super) async fn stream(
    State(app): State<App>,
    signed: Signed,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let open = app.streams().open(&signed.subject.account)?;
    let changes = app.live().changes();
    let until = Instant::now() + STREAM_FOR;
    let following = Following { app, signed, changes, until, _open: open };
    let events = stream::unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok(event), following))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(QUIET_FOR)))
}

impl Following {
    /// The next change of a stay that the reader sees or saw; none when the time is up.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let change = tokio::time::timeout_at(self.until, self.changes.recv()).await.ok()?;
            match change {
                Ok(change) if self.concerns(&change) => {
                    return Some(
                        Event::default().event("endret").id(change.position.0.to_string()).data("1"),
                    );
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some(Event::default().event("endret").data("1")),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn concerns(&self, change: &Change) -> bool {
        let now = self.app.now();
        let both = change.before.iter().chain(&change.after);
        both.into_iter().any(|involvement| self.signed.sees(involvement, Action::ListStay, now))
    }
}
