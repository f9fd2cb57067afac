//! Where messages are sent: parties, their services and addresses.

use std::collections::{BTreeMap, BTreeSet};

use samspill_base::Value;
use samspill_formats::messages::make::{PartyDraft, PersonDraft, UnitDraft};

use super::SendError;
use crate::exchange::meaning::{Directory, Listed, Table, TableError, table::Role};

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
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
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
    /// The same of one of its services, by what the service does; where both say something, this holds.
    #[serde(rename = "tjenestefakta", default)]
    pub service_facts: BTreeMap<String, BTreeMap<String, Fact>>,
    /// Which service takes entries of a kind, where that isn't the one that the profile says.
    #[serde(rename = "mottar", default)]
    pub receives: BTreeMap<String, String>,
    /// Which service sends entries of a kind, likewise.
    #[serde(rename = "sender", default)]
    pub sends: BTreeMap<String, String>,
    /// Services that nothing new is sent to or from. The log still names them, so that they stay in the book.
    #[serde(rename = "avsluttet", default)]
    pub ended: BTreeSet<String>,
    /// HER-ids that it had before, and which of its services had each of them; with an empty text, the organisation. Messages and log
    /// still name them.
    #[serde(rename = "tidligere", default)]
    pub former: BTreeMap<String, String>,
}

/// A fact in an address book: a text, or yes and no.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
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
    /// Where it is no TOML, has a key that address books don't have, or names a service that the party doesn't have.
    pub fn read(text: &str) -> Result<Self, TableError> {
        let book: Self = toml::from_str(text).map_err(|error| TableError::new(error.to_string()))?;
        book.parties.iter().try_for_each(Address::names_own_services)?;
        Ok(book)
    }

    /// Who is who by HER-id, as messages are read by: every organisation, service and person of the book, under what the log calls it.
    ///
    /// That is the party's name, but for a service that nobody would find by the party and the kind of message: a ward of several, and a
    /// service of a municipality that the profile doesn't know. Those go by their own names, so that who works there sees the stay; a
    /// name that somebody else in the book has too is nobody's, and then the log has the HER-id.
    pub fn directory(&self) -> Directory {
        Directory::new(self.parties.iter().flat_map(|party| party.listed(self)))
    }

    /// The book with another entry in the place of that of the same party; without such a one it is as it was.
    #[must_use]
    pub fn with(&self, entry: Address) -> Self {
        let mut book = self.clone();
        if let Some(own) = book.parties.iter_mut().find(|party| party.name == entry.name) {
            *own = entry;
        }
        book
    }

    /// The party that the log calls this: by its name, by the name of one of its services, or by a HER-id of either.
    pub fn find(&self, name: &str) -> Option<&Address> {
        self.parties.iter().find(|party| party.is_called(name) || party.service_called(name).is_some())
    }
}

impl Address {
    /// Whether all that is said of services is said of services that it has.
    fn names_own_services(&self) -> Result<(), TableError> {
        let of_facts = self.service_facts.keys().map(|does| ("tjenestefakta", does));
        let ended = self.ended.iter().map(|does| ("avsluttet", does));
        let former = self.former.values().filter(|does| !does.is_empty()).map(|does| ("tidligere", does));
        let unknown =
            of_facts.chain(ended).chain(former).find(|(_, does)| !self.services.contains_key(*does));
        unknown.map_or(Ok(()), |(key, does)| {
            let says = format!("«{}» has `{does}` under `{key}` and no service `{does}`", self.name);
            Err(TableError::new(says))
        })
    }

    /// Its services that messages are sent to and from, with what they do.
    pub fn open_services(&self) -> impl Iterator<Item = (&String, &UnitDraft)> {
        self.services.iter().filter(|(does, _)| !self.ended.contains(*does))
    }

    /// All HER-ids by which it is known: its own, of its services and of its person, now and before.
    pub fn her_ids(&self) -> impl Iterator<Item = &str> {
        let units = std::iter::once(&self.organisation).chain(self.services.values());
        let persons = self.person.iter().filter_map(|person| person.her.as_deref());
        let now = units.filter_map(|unit| unit.her.as_deref());
        now.chain(persons).chain(self.former.keys().map(String::as_str))
    }

    fn listed(&self, book: &AddressBook) -> Vec<(String, Listed)> {
        let listed = |name: &str, facts: &[&BTreeMap<String, Fact>]| Listed {
            name: name.to_owned(),
            municipalities: self.served(),
            facts: facts.iter().copied().flatten().map(|(name, fact)| (name.clone(), fact.value())).collect(),
        };
        let person = self.person.iter().filter_map(|person| person.her.as_ref());
        let whole = self.organisation.her.iter().chain(person).chain(self.former_of(""));
        let whole = whole.map(|her| (her.clone(), listed(&self.name, &[&self.facts])));
        let none = BTreeMap::new();
        let services = self.services.iter().flat_map(|(does, service)| {
            let facts = [&self.facts, self.service_facts.get(does).unwrap_or(&none)];
            let is = listed(self.called(does, service, book), &facts);
            service.her.iter().chain(self.former_of(does)).map(move |her| (her.clone(), is.clone()))
        });
        whole.chain(services).collect()
    }

    /// The HER-ids that one of its services had before; with an empty text, the organisation.
    fn former_of(&self, does: &str) -> impl Iterator<Item = &String> {
        self.former.iter().filter(move |(_, of)| *of == does).map(|(her, _)| her)
    }

    /// What the log calls one of its services.
    fn called<'a>(&'a self, does: &str, service: &'a UnitDraft, book: &AddressBook) -> &'a str {
        let is_one_of_several = self.services.len() > 1;
        let is_ward = self.role == Role::Sykehus;
        if !is_one_of_several || (!is_ward && self.is_found_by_kind(does)) {
            return &self.name;
        }
        let is_known =
            |party: &&Self| party.is_called(&service.name) || party.services_called(&service.name) > 0;
        let is_only =
            book.parties.iter().filter(is_known).count() == 1 && self.services_called(&service.name) == 1;
        if is_only && !self.is_called(&service.name) {
            &service.name
        } else {
            service.her.as_deref().unwrap_or(&self.name)
        }
    }

    /// Whether a kind of message alone says that it is this service's.
    fn is_found_by_kind(&self, does: &str) -> bool {
        let named = self.sends.values().chain(self.receives.values());
        Table::shipped().has_usual_service(does) || named.into_iter().any(|service| service == does)
    }

    /// The municipalities that it serves.
    fn served(&self) -> Vec<String> {
        match (self.municipalities.is_empty(), self.role) {
            (true, Role::Kommune) => vec![self.name.clone()],
            _ => self.municipalities.clone(),
        }
    }

    /// Whether a name or HER-id is that of the whole of it, not of one of its services.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || is_unit(&self.organisation, name) || self.former_is(name, "")
    }

    /// The service of this name or HER-id.
    pub fn service_called(&self, name: &str) -> Option<&UnitDraft> {
        self.service_entry(name).map(|(_, service)| service)
    }

    /// The service of this name or HER-id, with what it does.
    pub fn service_entry(&self, name: &str) -> Option<(&str, &UnitDraft)> {
        let is_it =
            |(does, service): &(&String, &UnitDraft)| is_unit(service, name) || self.former_is(name, does);
        self.services.iter().find(is_it).map(|(does, service)| (does.as_str(), service))
    }

    fn former_is(&self, her: &str, does: &str) -> bool {
        self.former.get(her).is_some_and(|of| of == does)
    }

    fn services_called(&self, name: &str) -> usize {
        self.services.values().filter(|service| is_unit(service, name)).count()
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
        let service = self
            .service_called(named)
            .or_else(|| self.open_service(local.get(kind)?))
            .or_else(|| self.open_service(usual?))
            .or_else(|| self.only_service())
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

impl Address {
    /// The service that does this, where messages are sent to it.
    pub fn open_service(&self, does: &str) -> Option<&UnitDraft> {
        self.services.get(does).filter(|_| !self.ended.contains(does))
    }

    /// The service that all goes to, where there is only one.
    pub fn only_service(&self) -> Option<&UnitDraft> {
        let mut open = self.open_services();
        open.next().filter(|_| open.next().is_none()).map(|(_, service)| service)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A trust with wards, a shared name among them; a municipality with a service that no kind of message is for; one with one service.
    const BOOK: &str = r#"
        [[part]]
        navn = "Fjordheim sjukehus"
        rolle = "sykehus"
        virksomhet = { navn = "Fjordheim sjukehus HF", her = "1" }
        tjenester.a = { navn = "Medisin A", her = "11" }
        tjenester.b = { navn = "Rus", her = "12" }
        tjenester.c = { navn = "Sykepleietjenesten", her = "13" }
        fakta = { fagomrade = "somatikk", akuttplass = true }
        tjenestefakta.b = { fagomrade = "tsb" }
        [[part]]
        navn = "Lindvik"
        rolle = "kommune"
        virksomhet = { navn = "Lindvik kommune", her = "2" }
        tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "21" }
        tjenester.nord = { navn = "Hjemmetjenesten nord", her = "22" }
        [[part]]
        navn = "Fjellbu"
        rolle = "kommune"
        virksomhet = { navn = "Fjellbu kommune", her = "3" }
        tjenester.alt = { navn = "Helse", her = "31" }
    "#;

    #[test]
    fn the_log_names_services_that_the_kind_of_message_doesnt_tell() {
        let book = AddressBook::read(BOOK).unwrap();
        let directory = book.directory();
        let rows = [
            ("1", "Fjordheim sjukehus", "somatikk"),
            ("11", "Medisin A", "somatikk"),
            ("12", "Rus", "tsb"),
            // Somebody else is called so too.
            ("13", "13", "somatikk"),
            ("21", "Lindvik", ""),
            ("22", "Hjemmetjenesten nord", ""),
            ("31", "Fjellbu", ""),
        ];
        for (her, name, field) in rows {
            let listed = directory.get(her).unwrap();
            assert_eq!(listed.name, name, "{her}");
            let told = listed.facts.get("fagomrade").and_then(Value::as_text).unwrap_or_default();
            assert_eq!(told, field, "{her}");
            let found = book.find(&listed.name).unwrap();
            assert!(found.listed(&book).iter().any(|(id, _)| id == her), "{her} is found again");
        }
        assert_eq!(directory.get("12").unwrap().facts.get("akuttplass"), Some(&Value::Bool(true)));
        assert_eq!(directory.get("22").unwrap().municipalities, ["Lindvik"]);
    }

    #[test]
    fn facts_of_a_service_that_isnt_there_are_refused() {
        let error = AddressBook::read(&BOOK.replace("tjenestefakta.b", "tjenestefakta.x")).unwrap_err();
        assert!(error.to_string().contains("`x` under `tjenestefakta` and no service `x`"), "{error}");
    }
}
