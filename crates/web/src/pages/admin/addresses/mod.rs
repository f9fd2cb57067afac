//! One's own party in the address book: what its administrators change of it, and of its units.

mod faults;
mod kinds;
mod own;
mod unit;
mod words;

pub(super) use own::{own, reset, save};
pub(super) use unit::{save_unit, unit};
pub(super) use words::Words;

use samspill_service::{
    addresses::{AddressKeeper, Changes},
    exchange::meaning::Address,
};

use crate::{App, Refused, pages::Frame};

/// Where the page of one's own party is.
pub(super) const OWN: &str = "/admin/parter/egen";
/// Where the page of one of its units is.
pub(super) const UNIT: &str = "/admin/parter/enhet";

/// One's own party as the address book has it now.
struct Party {
    entry: Address,
    /// How often it was changed; 0: never.
    version: u64,
    /// When it was changed last, and by whom; empty where it is as the file says.
    changed: String,
}

/// Reads it from the store: a change that was just saved is seen before all nodes go by it.
async fn party(app: &App, frame: &Frame) -> Result<Party, Refused> {
    let (parts, subject) = (app.parts(), &frame.signed.subject);
    let changes = Changes::read(&parts.store, &parts.community).await.map_err(Refused::failed)?;
    let book = changes.over(parts.mailroom.settings().addresses_told());
    let entry =
        book.parties.into_iter().find(|party| party.name == subject.party).ok_or(Refused::NotThere)?;
    let row = changes.of_party(&subject.party);
    let in_force = row.filter(|row| !row.entry.is_empty());
    let w = Words::of(frame.language());
    let told = in_force.map(|row| {
        let time = frame.clock().instant(row.changed);
        crate::pages::fill(w.changed_by, &[("time", &time), ("name", &row.by)])
    });
    Ok(Party { entry, version: row.map_or(0, |row| row.version), changed: told.unwrap_or_default() })
}

/// Whoever asks, as one who changes their party.
fn keeper<'a>(app: &'a App, frame: &'a Frame) -> AddressKeeper<'a> {
    let parts = app.parts();
    AddressKeeper {
        store: &parts.store,
        community: &parts.community,
        file: parts.mailroom.settings().addresses_told(),
        by: &frame.signed.subject,
        node: parts.audit.node(),
        request: frame.signed.request(),
        now: app.now(),
    }
}

/// Telephone numbers as a form gives them, a line each.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
