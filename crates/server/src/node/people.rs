//! Accounts, the register of persons and the access log, by the configuration.

use jiff::SignedDuration;
use samspill_service::{
    audit::{Audit, KeyRing, PersonRegister},
    people::{AccountSettings, Accounts},
};
use samspill_store::Store;

use crate::{
    Trouble,
    config::{Config, WebConfig},
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
    let failed = |error: &dyn std::fmt::Display| Trouble(format!("person_keys in [web]: {error}"));
    let text = web.person_keys.read().map_err(|error| failed(&error))?;
    let ring = KeyRing::from_text(text.reveal()).map_err(|error| failed(&error))?;
    Ok(PersonRegister::new(store.clone(), config.node.community.clone(), ring))
}

/// The access log of a configuration over an open store.
///
/// # Errors
/// As [`register`].
pub fn audit(config: &Config, web: &WebConfig, store: &Store) -> Result<Audit, Trouble> {
    let register = register(config, web, store)?;
    Ok(Audit::new(store.clone(), config.node.community.clone(), register, config.node.name.clone()))
}
