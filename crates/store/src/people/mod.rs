//! People: who may log in, who is logged in, who looked at what, and who patients are.
//!
//! Unlike mail, none of it says anything for the log of a community. So it is written in a transaction of its own,
//! [`PeopleTx`], which doesn't wait for those who write to the log. What must hang together with an entry, a row of the access log
//! or what a message says of a person, can be written in a [`Tx`](crate::Tx) too.

mod access;
mod access_verify;
mod account;
mod address;
mod grant;
mod link;
mod notice;
mod person;
mod role;
mod session;
mod tables;
mod template;
mod token;
mod tx;
mod undo;
mod work;

pub use access::{AccessFilter, KeptAccess, NewAccess};
pub use access_verify::AccessVerification;
pub(crate) use access_verify::AccessWalk;
pub use account::AccountRow;
pub use address::AddressRow;
pub use grant::{KeptGrant, NewGrant, Review};
pub use link::LinkRow;
pub use notice::NoticeRow;
pub use person::PersonRow;
pub use role::RoleRow;
pub use session::{OpenedSession, SessionRow};
pub(crate) use tables::{Cell, Cells, TABLES, Table};
pub use template::TemplateRow;
pub use token::TokenRow;
pub use tx::PeopleTx;
pub use undo::UndoRow;
pub use work::{Assignment, Draft};

use crate::{CommunityId, StoreError, database::Session, sql};

/// The communities that have people, in the order of their ids.
pub(crate) async fn communities(session: &mut dyn Session) -> Result<Vec<CommunityId>, StoreError> {
    let rows = session.rows("list the communities", sql::people::COMMUNITIES, &[]).await?;
    let mut all: Vec<CommunityId> = rows
        .into_iter()
        .map(|mut row| Ok(CommunityId::new(row.text("account", 0)?)?))
        .collect::<Result<_, StoreError>>()?;
    all.sort();
    Ok(all)
}
