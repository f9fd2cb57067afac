//! The stay of our own data: a hospital and a municipality, and their messages.

use std::fs;

use super::{node::Setup, root};

/// A party of the stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    Hospital,
    Municipality,
}

/// A message of the stay.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// The name of its file.
    pub(crate) name: String,
    /// Who sends it.
    pub(crate) by: Party,
    /// The document.
    pub(crate) bytes: Vec<u8>,
}

/// HER-ids of the hospital's services.
pub(crate) const HOSPITAL: [&str; 1] = ["8100101"];
/// HER-ids of the municipality's services.
pub(crate) const MUNICIPALITY: [&str; 3] = ["8200101", "8200102", "8200103"];

const BOOK: &str = r#"
[[part]]
navn = "Sengepost"
rolle = "sykehus"
virksomhet = { navn = "Fjordheim sjukehus HF", her = "8100001" }
tjenester.plo-mottak = { navn = "Medisin plo meldingsmottak", her = "8100101" }
fakta = { fagomrade = "somatikk" }
[[part]]
navn = "Fjordvik"
rolle = "kommune"
virksomhet = { navn = "Lindvik kommune", her = "8200001" }
tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "8200101" }
tjenester.saksbehandling = { navn = "Saksbehandling", her = "8200102" }
"#;

/// The messages, in the order in which they were sent.
pub(crate) fn messages() -> Vec<Message> {
    let folder = root().join("crates/formats/tests/data/messages/opphold");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = paths.iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_theirs = ["02-", "06-", "07-"].iter().any(|start| name.starts_with(start));
        let by = if is_theirs { Party::Municipality } else { Party::Hospital };
        Message { name, by, bytes: fs::read(path).unwrap() }
    });
    read.collect()
}

/// The node of a party, but for its channels.
pub(crate) fn setup(party: Party) -> Setup {
    let (name, organisation, her, services) = match party {
        Party::Hospital => ("sykehus", "Fjordheim sjukehus HF", "8100001", &HOSPITAL[..]),
        Party::Municipality => ("kommune", "Lindvik kommune", "8200001", &MUNICIPALITY[..]),
    };
    let own = organisation_of(organisation, her, services.iter().copied());
    Setup { name: name.to_owned(), own, book: BOOK.to_owned(), ..Setup::default() }
}

/// An organisation as the configuration has it.
pub(crate) fn organisation_of<'s>(
    name: &str,
    her: &str,
    services: impl IntoIterator<Item = &'s str>,
) -> String {
    let mut text = format!("[[organisation]]\nname = \"{name}\"\nher = \"{her}\"\n");
    for service in services {
        text += &format!("[[organisation.service]]\nname = \"Tjeneste {service}\"\nher = \"{service}\"\n");
    }
    text
}
