//! Steps that stop in the middle.

use std::{future::Future, pin::pin, task::Poll};

/// Does work for so many turns, and lets go of it then; none where it wasn't done by then.
///
/// How far the work is after some turns hangs on the threads of the database. Whoever needs the same outcome each time does what
/// comes out the same either way: takes the same again at the same instant.
pub(super) async fn stopped_after<T>(turns: u32, work: impl Future<Output = T>) -> Option<T> {
    let mut left = turns;
    while_pending(work, move || {
        left = left.saturating_sub(1);
        left == 0
    })
    .await
}

/// Does work until it is done or is told to stop, which it is asked each time it waits.
pub(super) async fn while_pending<T>(
    work: impl Future<Output = T>,
    mut stops: impl FnMut() -> bool,
) -> Option<T> {
    let mut work = pin!(work);
    std::future::poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if stops() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}
