//! Who the patients of messages are, for the register of persons.

use std::sync::Arc;

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_formats::messages::types::Message;
use samspill_store::Tx;

use super::{MailError, Settings};
use crate::{
    audit::persons::{PersonRegister, RegisterError, person_of},
    people::Random,
};

/// Where the mailroom says who the patients of messages are.
#[derive(Clone, Debug)]
pub struct PersonFeed {
    /// The register.
    pub register: PersonRegister,
    /// Where the randomness for sealing comes from.
    pub random: Arc<dyn Random>,
}

/// Says who a message is about, in the transaction that keeps it. A person that can't be opened or sealed is no reason to stop a
/// message: the operator is told.
pub(super) async fn learn(
    tx: &mut Tx,
    message: &Message,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), MailError> {
    let (Some(feed), Some(person)) = (&settings.persons, person_of(message)) else { return Ok(()) };
    match feed.register.learn(tx, &person, feed.random.as_ref(), now).await {
        Ok(()) => Ok(()),
        Err(RegisterError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "a message's patient isn't in the register of persons");
            Ok(())
        }
    }
}

/// Says whose address or identity is protected by an entry, in the transaction that appends it.
pub(super) async fn learn_protection(
    tx: &mut Tx,
    entry: &Entry,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), MailError> {
    let Some(feed) = &settings.persons else { return Ok(()) };
    let entries = std::slice::from_ref(entry);
    match feed.register.learn_protection(tx, entries, feed.random.as_ref(), now).await {
        Ok(()) => Ok(()),
        Err(RegisterError::Store(error)) => Err(error.into()),
        Err(error) => Err(MailError::Protection(error)),
    }
}
