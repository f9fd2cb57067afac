//! Where messages are sent: parties, their services and addresses.

use std::collections::BTreeMap;

use samspill_base::Value;
use samspill_formats::messages::make::{PartyDraft, PersonDraft, UnitDraft};

use super::SendError;
use crate::exchange::meaning::{Directory, Listed, TableError, table::Role};

/// The parties that messages go between, with names and HER-ids as in the address register.
///
/// ```
/// use samspill_service::exchange::meaning::AddressBook;
///
/// let book = AddressBook::read(r#"
///     [[part]]
///     navn = "Nesodal"
///     rolle = "kommune"
///     virksomhet = { navn = "Nesodal kommune", her = "8000011" }
///     tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "8000012" }
///     tjenester.saksbehandling = { navn = "Saksbehandlertjenesten", her = "8000013" }
///     mottar = { avmelding = "sykepleie" } # here the nurses take these, whatever the profile says
/// "#)?;
/// assert!(book.find("8000012").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressBook {
    /// The parties.
    #[serde(rename = "part", default)]
    pub parties: Vec<Address>,
}

/// A party and its services.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// What the log calls it.
    #[serde(rename = "navn")]
    pub name: String,
    /// What it does in the process.
    #[serde(rename = "rolle")]
    pub role: Role,
    /// The organisation.
    #[serde(rename = "virksomhet")]
    pub organisation: UnitDraft,
    /// Its services, by what they do: `sykepleie`, `saksbehandling`, `plo-mottak`.
    #[serde(rename = "tjenester", default)]
    pub services: BTreeMap<String, UnitDraft>,
    /// Or the person in it: a general practitioner.
    #[serde(default)]
    pub person: Option<PersonDraft>,
    /// The municipalities that it serves, as the log calls them: several where municipalities share an office, and only the host's
    /// organisation is in the address register (HIS 1153-3). A municipality that says nothing serves itself.
    ///
    /// Who receives a message, where the patient lives and who pays are three things. The receiver is an address; the payer is a
    /// fact of the stay, which the receiver tells only where it serves one municipality alone.
    #[serde(rename = "kommuner", default)]
    pub municipalities: Vec<String>,
    /// Facts of every stay whose messages it sends, such as the field of care of a ward.
    #[serde(rename = "fakta", default)]
    pub facts: BTreeMap<String, Fact>,
    /// Which service takes entries of a kind, where that isn't the one that the profile says.
    #[serde(rename = "mottar", default)]
    pub receives: BTreeMap<String, String>,
    /// Which service sends entries of a kind, likewise.
    #[serde(rename = "sender", default)]
    pub sends: BTreeMap<String, String>,
}

/// A fact in an address book: a text, or yes and no.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum Fact {
    /// `fagomrade = "somatikk"`
    Text(String),
    /// `akuttplass = true`
    Flag(bool),
}

/// The two ends of a message that is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    From,
    To,
}

impl AddressBook {
    /// Reads an address book (TOML).
    ///
    /// # Errors
    /// Where it is no TOML or has a key that address books don't have.
    pub fn read(text: &str) -> Result<Self, TableError> {
        toml::from_str(text).map_err(|error| TableError::new(error.to_string()))
    }

    /// Who is who by HER-id, as messages are read by: every organisation, service and person of the book, under its party's name.
    pub fn directory(&self) -> Directory {
        Directory::new(self.parties.iter().flat_map(Address::listed))
    }

    /// The party that the log calls this: by its name, by the name of one of its services, or by a HER-id of either.
    pub fn find(&self, name: &str) -> Option<&Address> {
        self.parties.iter().find(|party| party.is_called(name) || party.service_called(name).is_some())
    }
}

impl Address {
    fn listed(&self) -> Vec<(String, Listed)> {
        let facts = self.facts.iter().map(|(name, fact)| (name.clone(), fact.value()));
        let listed =
            Listed { name: self.name.clone(), municipalities: self.served(), facts: facts.collect() };
        let person = self.person.iter().filter_map(|person| person.her.clone());
        let units = std::iter::once(&self.organisation).chain(self.services.values());
        let ids = units.filter_map(|unit| unit.her.clone()).chain(person);
        ids.map(|id| (id, listed.clone())).collect()
    }

    /// The municipalities that it serves.
    fn served(&self) -> Vec<String> {
        match (self.municipalities.is_empty(), self.role) {
            (true, Role::Kommune) => vec![self.name.clone()],
            _ => self.municipalities.clone(),
        }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || is_unit(&self.organisation, name)
    }

    fn service_called(&self, name: &str) -> Option<&UnitDraft> {
        self.services.values().find(|service| is_unit(service, name))
    }

    /// The party as an end of a message about an entry of this kind: the service that was named, or else the one that takes
    /// (or sends) the kind here, or else the one that the profile says, or else the only one there is.
    pub(super) fn end(
        &self,
        named: &str,
        kind: &str,
        usual: Option<&str>,
        direction: Direction,
    ) -> Result<PartyDraft, SendError> {
        let local = match direction {
            Direction::From => &self.sends,
            Direction::To => &self.receives,
        };
        let only = || self.services.values().next().filter(|_| self.services.len() == 1);
        let service = self
            .service_called(named)
            .or_else(|| self.services.get(local.get(kind)?))
            .or_else(|| self.services.get(usual?))
            .or_else(only)
            .cloned();
        if service.is_none() && self.person.is_none() {
            return Err(SendError::NoService {
                party: self.name.clone(),
                service: usual.unwrap_or_default().to_owned(),
            });
        }
        let person = self.person.clone().filter(|_| service.is_none());
        Ok(PartyDraft { organisation: self.organisation.clone(), service, person })
    }
}

impl Fact {
    fn value(&self) -> Value {
        match self {
            Self::Text(text) => Value::text(text),
            Self::Flag(flag) => Value::Bool(*flag),
        }
    }
}

fn is_unit(unit: &UnitDraft, name: &str) -> bool {
    unit.name == name || unit.her.as_deref() == Some(name)
}
