use std::{fs, time::Duration};

use jiff::SignedDuration;
use samspill_service::{
    exchange::{
        mailroom::{Retry, Routes, Settings},
        meaning::AddressBook,
        receipts::ReceiptLimits,
    },
    projections::{Agreements, Projections},
};

use crate::{Trouble, config::Config};

/// What a mailroom goes by, as a configuration says.
///
/// # Errors
/// An address book that can't be read.
pub fn mailroom_settings(config: &Config) -> Result<Settings, Trouble> {
    let addresses = address_book(config)?;
    let mut limits = ReceiptLimits::shipped().map_err(|error| Trouble(error.to_string()))?;
    if let Some(limit) = config.receipts.limit {
        limits = limits.with_local(signed(limit));
    }
    let mut settings = Settings::new(config.recipients(), addresses.directory(), addresses, limits);
    settings.routes = routes(config);
    settings.retry = Retry {
        first: signed(config.retry.first),
        longest: signed(config.retry.max),
        attempts_max: config.retry.attempts,
        lease: signed(config.retry.lease),
        at_once: usize::try_from(config.retry.batch).unwrap_or(usize::MAX),
    };
    settings.queue_age_max = signed(config.alerts.queue_older);
    settings.queue_count_max = config.alerts.queue_longer;
    Ok(settings)
}

/// The address book of a configuration; an empty one where it names none.
///
/// # Errors
/// One that can't be read.
pub fn address_book(config: &Config) -> Result<AddressBook, Trouble> {
    let Some(path) = &config.addresses.book else { return Ok(AddressBook::default()) };
    let wrong = |says: String| Trouble(format!("the address book {}: {says}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    AddressBook::read(&text).map_err(|error| wrong(error.to_string()))
}

fn routes(config: &Config) -> Routes {
    let named = config
        .channels
        .iter()
        .flat_map(|channel| channel.to.iter().map(|to| (to.clone(), channel.name.clone())));
    let default = config.channels.iter().find(|channel| channel.is_default);
    Routes { by_receiver: named.collect(), default: default.map(|channel| channel.name.clone()) }
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

/// What is derived from the log: duties, findings and days by the agreements of the node. Nothing where it names none.
///
/// # Errors
/// An agreement that can't be loaded.
pub fn projections(config: &Config) -> Result<Option<Projections>, Trouble> {
    if config.node.agreements.is_empty() {
        return Ok(None);
    }
    let agreements = Agreements::find(&config.node.agreements).map_err(|error| Trouble(error.to_string()))?;
    Ok(Some(Projections::new(agreements)))
}
