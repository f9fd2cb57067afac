//! Who sits at this terminal, in the access log: what is shown here of persons is written down before it is shown.

use std::{collections::BTreeSet, env};

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_server::{config::Config, node};
use samspill_service::{
    access::Action,
    audit::{About, Deed, Doer, Happened, MACHINE, Terminal},
};
use samspill_store::Store;

use crate::trouble::Trouble;

/// What is about to be shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) action: Action,
    pub(super) about: About<'a>,
    /// Which list or form. Never a name or an id of a patient.
    pub(super) detail: &'a str,
    /// How many lines.
    pub(super) count: u64,
}

/// Writes down what is about to be shown.
pub(super) async fn look(config: &Config, store: &Store, seen: Seen<'_>) -> Result<(), Trouble> {
    let Seen { action, about, detail, count } = seen;
    // Without a front door there are no keys to name persons by; then the stay alone says whom it was about.
    let register = match (&config.web, about) {
        (Some(web), About::Stay { .. } | About::Message { .. } | About::Person(_)) => {
            Some(node::register(config, web, store).map_err(|error| Trouble::Node(error.to_string()))?)
        }
        (Some(_) | None, _) => None,
    };
    let (name, party) = (who(), party(config)?);
    let seen = Terminal { name: &name, party: &party, action, about, detail, count, at: Timestamp::now() };
    let row = seen.row(register.as_ref(), &config.node.name);
    store.log_accesses(&config.node.community, &[row]).await?;
    Ok(())
}

/// Writes down that a stay is about to be shown.
pub(super) async fn look_at_stay(
    config: &Config,
    store: &Store,
    (case, entries): (&str, &[Entry]),
    detail: &str,
) -> Result<(), Trouble> {
    let persons: BTreeSet<String> = entries.iter().filter_map(|entry| entry.person.clone()).collect();
    let about = About::Stay { case, persons: &persons };
    look(config, store, Seen { action: Action::ReadStay, about, detail, count: 1 }).await
}

/// Writes down that keys are about to be changed.
pub(super) async fn note_keys(config: &Config, store: &Store, detail: &str) -> Result<(), Trouble> {
    let (name, party) = (who(), party(config)?);
    let deed = Deed {
        by: Doer::Machine(&name),
        what: Happened::KeysRotated,
        party: &party,
        detail,
        request: MACHINE,
        at: Timestamp::now(),
    };
    store.log_accesses(&config.node.community, &[deed.row(&config.node.name)]).await?;
    Ok(())
}

/// The name of whoever runs this command, as the machine has it; of whoever became another user, who they were before.
pub(super) fn who() -> String {
    let names = ["SUDO_USER", "LOGNAME", "USER"].into_iter().filter_map(|name| env::var(name).ok());
    names.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_else(|| "ukjent".to_owned())
}

/// The party that this node is run for, as the address book calls it; empty where it is run for several, or for none of the book's.
fn party(config: &Config) -> Result<String, Trouble> {
    let book = node::address_book(config).map_err(|error| Trouble::Node(error.to_string()))?;
    let own = config.organisations.iter().filter_map(|own| book.find(&own.her));
    let own: BTreeSet<&str> = own.map(|address| address.name.as_str()).collect();
    let only = own.first().filter(|_| own.len() == 1);
    Ok(only.copied().unwrap_or_default().to_owned())
}
