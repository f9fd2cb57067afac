//! Messages and what hangs on them: in and out, as bytes, with what became of each.
//!
//! All of it is written in a [`Tx`](crate::Tx), under the lock of the community's log: what a message means for the log,
//! the receipt that it calls for, and the message itself stand there together or not at all.

mod alert;
mod decision;
mod desk;
mod digest;
mod life;
mod list;
mod message;
mod outbox;
mod related;
mod sealed;
mod stray;
mod verify;
mod words;

pub use alert::{Alert, AlertFilter, KeptAlert};
pub(crate) use decision::StoredDecision;
pub use decision::{KeptDecision, NewDecision};
pub(crate) use desk::{Desk, long, name, padded, short};
pub(crate) use digest::Fields;
pub use life::LifeRow;
pub use list::{MessageFilter, MessageLine};
pub(crate) use message::StoredMessage;
pub use message::{Before, Came, KeptMessage, MessageNumber, NewMessage};
pub use outbox::{NewOutgoing, Outgoing, QueueCount};
pub use related::Related;
pub use sealed::{MARK as TIE_MARK, Resealed};
pub(crate) use sealed::{SealedDecision, SealedWith};
pub(crate) use stray::Stray;
pub(crate) use verify::MailWalk;
pub use words::{Direction, OutboxState, Standing};

use crate::{CommunityId, StoreError, database::Session, sql};

/// The communities that have mail, in the order of their ids.
pub(crate) async fn communities(session: &mut dyn Session) -> Result<Vec<CommunityId>, StoreError> {
    let rows = session.rows("list the communities", sql::mail::COMMUNITIES, &[]).await?;
    rows.into_iter().map(|mut row| Ok(CommunityId::new(row.text("message", 0)?)?)).collect()
}
