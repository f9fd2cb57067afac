use std::fmt::Debug;

use crate::{Doing, Parcel};

/// A message that arrived, as a receipt speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived<'a> {
    /// Its `MsgId`.
    pub message: &'a str,
    /// The HER-id of ours that it came to.
    pub to: &'a str,
}

/// What must be known after a restart, and what the service doesn't tell. An inbox and an outbox keep it anyway.
pub trait Remember: Debug + Send + Sync {
    /// [`Parcel::id`] of the parcel that brought this message; `None` if there was none. Came the same message twice, either.
    /// An `Err` says what happened, and the receipt waits.
    fn arrived<'a>(&'a self, what: Arrived<'a>) -> Doing<'a, Result<Option<String>, String>>;

    /// The service has taken a parcel of ours and calls it `id`: what [`Edi::trace`](super::Edi::trace) asks for. Nobody is told
    /// again, and a parcel whose id is forgotten can't be traced.
    fn sent<'a>(&'a self, parcel: &'a Parcel, id: &'a str) -> Doing<'a, ()>;
}
