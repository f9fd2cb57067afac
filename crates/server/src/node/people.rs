//! Accounts, the register of persons and the access log, by the configuration.

use std::sync::Arc;

use jiff::SignedDuration;
use samspill_service::{
    audit::{Audit, KeyRing, MailSeal, PersonRegister},
    people::{AccountSettings, Accounts, SystemRandom},
};
use samspill_store::{Seal, Store};

use crate::{
    Trouble,
    config::{Config, SecretPlace, WebConfig},
};

/// The accounts of a configuration over an open store.
pub fn accounts(config: &Config, web: &WebConfig, store: &Store) -> Accounts {
    let signed = |time| SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    let settings = AccountSettings {
        lock_after: web.lock_after,
        lock_for: signed(web.lock_for),
        link_for: signed(web.setup_link_max),
        idle_max: signed(web.idle_max),
        session_max: signed(web.session_max),
        ..AccountSettings::default()
    };
    Accounts::new(store.clone(), config.node.community.clone(), settings)
}

/// The register of persons of a configuration over an open store.
///
/// # Errors
/// Keys that aren't where they should be, or are none.
pub fn register(config: &Config, web: &WebConfig, store: &Store) -> Result<PersonRegister, Trouble> {
    let ring = ring(&web.person_keys)?;
    Ok(PersonRegister::new(store.clone(), config.node.community.clone(), ring))
}

/// What seals messages and persons of the log in the store, by the configuration: the front door's keys, or those that the store is
/// given. Without keys they are kept in the clear.
///
/// # Errors
/// As [`register`].
pub fn seal(config: &Config) -> Result<Option<Arc<dyn Seal>>, Trouble> {
    let place = config.web.as_ref().map(|web| &web.person_keys).or(config.store.person_keys.as_ref());
    let Some(place) = place else { return Ok(None) };
    Ok(Some(Arc::new(MailSeal::new(ring(place)?, Arc::new(SystemRandom)))))
}

fn ring(place: &SecretPlace) -> Result<KeyRing, Trouble> {
    let failed = |error: &dyn std::fmt::Display| Trouble(format!("person_keys: {error}"));
    let text = place.read().map_err(|error| failed(&error))?;
    KeyRing::from_text(text.reveal()).map_err(|error| failed(&error))
}

/// The access log of a configuration over an open store.
///
/// # Errors
/// As [`register`].
pub fn audit(config: &Config, web: &WebConfig, store: &Store) -> Result<Audit, Trouble> {
    let register = register(config, web, store)?;
    Ok(Audit::new(store.clone(), config.node.community.clone(), register, config.node.name.clone()))
}
