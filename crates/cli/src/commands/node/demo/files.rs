//! What stands in the demo's folder beside the store: a configuration like any other node's, so that every command works on it.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
};

use samspill_sim::{Chance, Region, Settings};

use super::plan::Plan;
use crate::commands::node::DemoArgs;

/// The configuration.
pub(super) const CONFIG: &str = "samspill.toml";
const BOOK: &str = "adresser.toml";
const PERSON_KEYS: &str = "person-keys.txt";

/// What users write in the browser.
pub(super) fn origin(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// Writes the configuration and the address book; keys only where there are none, for what they sealed can't be read by others.
pub(super) fn write(plan: &Plan, args: &DemoArgs) -> io::Result<()> {
    let region = Region::of(&Settings::unn_like(), &Chance::of(plan.seed()));
    fs::write(plan.folder.join(CONFIG), configuration(&region, args.port))?;
    fs::write(plan.folder.join(BOOK), region.address_book())?;
    let keys = plan.folder.join(PERSON_KEYS);
    if !keys.exists() {
        keep_secret(&keys, &crate::commands::node::keys::persons())?;
    }
    Ok(())
}

/// A new file that nobody else may read, not for a moment.
fn keep_secret(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

fn configuration(region: &Region, port: u16) -> String {
    let origin = origin(port);
    let mut text = format!(
        "# The demo's node. Commands work on it: samspill monitor --config <this file>\n\
         [node]\nname = \"demo\"\ncommunity = \"troms-og-ofoten\"\nagreements = [\"unn\"]\ndata = \".\"\n\
         [store]\nplace = \"sqlite:samspill.db\"\nwait = \"30 s\"\n\
         [http]\nport = 0\n\
         [web]\norigin = \"{origin}\"\nport = {port}\nperson_keys = {{ file = \"{PERSON_KEYS}\" }}\n\
         # Whoever looks around shares the logins with all others who do, and goes from one to the next.\n\
         page_rate = 6000\nlogin_rate = 60\n\
         [addresses]\nbook = \"{BOOK}\"\n\
         [log]\nfile = \"samspill.log\"\n"
    );
    for organisation in region.all_recipients().organisations {
        let hers = organisation.ids.iter().chain(organisation.parties.iter().flat_map(|party| &party.ids));
        for (place, her) in hers.map(|id| id.value.as_str()).enumerate() {
            let header = if place == 0 { "[[organisation]]" } else { "[[organisation.service]]" };
            let name = region.name_of(her).unwrap_or(her);
            let written = write!(text, "{header}\nname = \"{name}\"\nher = \"{her}\"\n");
            debug_assert!(written.is_ok(), "a string takes all letters");
        }
    }
    text
}
