//! The parties of a made-up region, and how they know each other.

use std::collections::BTreeSet;

use samspill_formats::messages::make::{PersonDraft, UnitDraft};
use samspill_service::exchange::{
    meaning::{AddressBook, Directory},
    receipts::{OwnId, OwnOrganisation, OwnParty, Policy, Recipients, SyntheticPolicy},
};

use crate::{
    Chance,
    settings::{Behaviour, RegionSettings, Settings},
};

/// The parties of a made-up region. A party is named as the log names it: the trust, or a municipality.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The hospital trust.
    pub trust: Trust,
    /// The municipalities.
    pub municipalities: Vec<Municipality>,
    /// Offices of general practitioners: they are told, and say nothing by themselves.
    pub gps: Vec<Gp>,
}

/// An office of general practitioners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gp {
    /// Its name, which the log calls it by.
    pub name: String,
    /// Its HER-id, of level 1.
    pub her: String,
    /// The HER-id of its practitioners, of level 2.
    pub service: String,
    /// Where it lies, by its place in [`Region::municipalities`].
    pub municipality: usize,
    /// Of each thousand patients who live there, how many are its.
    pub serves: u32,
    /// Its telephone.
    pub telephone: String,
}

/// The hospital trust, one party with several wards.
#[derive(Clone, Debug, PartialEq)]
pub struct Trust {
    /// Its name.
    pub name: String,
    /// Its HER-id, of level 1.
    pub her: String,
    /// Its wards.
    pub wards: Vec<Ward>,
}

/// A ward, which sends and gets messages itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Ward {
    /// Its name, which the log calls it by.
    pub name: String,
    /// Its HER-id, of level 2.
    pub her: String,
    /// Its telephone.
    pub telephone: String,
    /// Its field of care.
    pub field: String,
    /// How many stays begin there.
    pub share: u32,
    /// The hospital where it lies; empty where that makes no difference.
    pub hospital: String,
    /// Of each thousand patients of other hospitals' municipalities, how many come here.
    pub away: u32,
    /// Who works there.
    pub staff: Vec<Staff>,
}

/// A municipality.
#[derive(Clone, Debug, PartialEq)]
pub struct Municipality {
    /// Its name, which the log calls it by.
    pub name: String,
    /// Its number in the official list; empty for one that is made up.
    pub number: String,
    /// How many live there; 0 where nothing is said.
    pub inhabitants: u32,
    /// The hospital that its patients come to first; empty where that makes no difference.
    pub hospital: String,
    /// How often its patients wait, in thousandths of what is said of all.
    pub pressure: u32,
    /// Its HER-id, of level 1.
    pub her: String,
    /// Its services, of level 2: what they do, what they are called, their HER-ids.
    pub services: Vec<(String, String, String)>,
    /// Its telephone.
    pub telephone: String,
    /// How many of the patients live there.
    pub share: u32,
    /// How many short-term places it has.
    pub places: u32,
    /// How it behaves.
    pub behaviour: Behaviour,
    /// Who works there.
    pub staff: Vec<Staff>,
}

/// Somebody who works there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Profession (9060): `LE` physician, `SP` nurse.
    pub profession: &'static str,
    /// Telephone.
    pub telephone: String,
}

/// HER-ids from here on, seven digits: not the register's, which are shorter.
const HER_FROM: u32 = 8_900_000;
/// So many for each organisation.
const HER_EACH: u32 = 100;
/// What the services of a municipality do, and are called.
const SERVICES: [(&str, &str); 2] =
    [("saksbehandling", "Saksbehandling pleie og omsorg"), ("sykepleie", "Sykepleietjenesten")];

impl Region {
    /// The region that a seed gives.
    pub fn of(settings: &Settings, chance: &Chance) -> Self {
        let mut chance = chance.branch("region");
        let region = &settings.region;
        let wards = (0..).zip(&region.wards);
        let wards = wards.map(|(place, ward)| Ward {
            name: ward.name.clone(),
            her: her(0, place + 1),
            telephone: telephone(&mut chance),
            field: ward.field.clone(),
            share: ward.share,
            hospital: ward.hospital.clone(),
            away: ward.away,
            staff: staff(region, &mut chance, &["LE", "SP", "SP"]),
        });
        let trust = Trust { name: region.trust.name.clone(), her: her(0, 0), wards: wards.collect() };
        let municipalities = (1..).zip(&region.municipalities);
        let municipalities: Vec<Municipality> = municipalities
            .map(|(place, it)| Municipality {
                name: it.name.clone(),
                number: it.number.clone(),
                inhabitants: it.inhabitants,
                hospital: it.hospital.clone(),
                pressure: it.pressure,
                her: her(place, 0),
                services: services(place),
                telephone: telephone(&mut chance),
                share: it.weight(),
                places: it.places,
                behaviour: own(settings.habits.municipality, &mut chance),
                staff: staff(region, &mut chance, &["SP", "SP"]),
            })
            .collect();
        let gps = gps(region, &municipalities, &mut chance);
        Self { trust, municipalities, gps }
    }

    /// The names of the parties, the trust first and practitioners last.
    pub fn parties(&self) -> impl Iterator<Item = &str> {
        let municipalities = self.municipalities.iter().map(|it| it.name.as_str());
        let gps = self.gps.iter().map(|it| it.name.as_str());
        std::iter::once(self.trust.name.as_str()).chain(municipalities).chain(gps)
    }

    /// The party that somebody belongs to, called by its name, a ward's or service's name, or a HER-id.
    pub fn party_of(&self, name: &str) -> Option<&str> {
        let of_trust =
            self.trust.her == name || self.trust.wards.iter().any(|it| it.name == name || it.her == name);
        if of_trust || self.trust.name == name {
            return Some(&self.trust.name);
        }
        let has = |it: &&Municipality| {
            it.name == name || it.her == name || it.services.iter().any(|(_, _, her)| her == name)
        };
        let gp = || self.gps.iter().find(|it| it.name == name || it.her == name || it.service == name);
        let municipality = self.municipalities.iter().find(has).map(|it| it.name.as_str());
        municipality.or_else(|| gp().map(|it| it.name.as_str()))
    }

    /// What an organisation, a ward or a service is called, by its HER-id.
    pub fn name_of(&self, her: &str) -> Option<&str> {
        let trust = std::iter::once((&self.trust.her, &self.trust.name));
        let wards = self.trust.wards.iter().map(|it| (&it.her, &it.name));
        let offices = self.municipalities.iter().flat_map(|it| {
            let services = it.services.iter().map(|(_, name, her)| (her, name));
            std::iter::once((&it.her, &it.name)).chain(services)
        });
        let gps = self.gps.iter().flat_map(|it| [(&it.her, &it.name), (&it.service, &it.name)]);
        let mut all = trust.chain(wards).chain(offices).chain(gps);
        all.find(|(known, _)| *known == her).map(|(_, name)| name.as_str())
    }

    /// The municipality that is called so.
    pub fn municipality(&self, name: &str) -> Option<&Municipality> {
        self.municipalities.iter().find(|it| it.name == name)
    }

    /// The ward that is called so.
    pub fn ward(&self, name: &str) -> Option<&Ward> {
        self.trust.wards.iter().find(|it| it.name == name)
    }

    /// The office of general practitioners that is called so.
    pub fn gp(&self, name: &str) -> Option<&Gp> {
        self.gps.iter().find(|it| it.name == name)
    }

    /// The address book that all parties have. Epicrises go to the nurses; to practitioners too, of patients who have one in it.
    pub fn addresses(&self) -> AddressBook {
        // The book's own reader is the only way to say a party's role; what is written here can be read, as a test says.
        AddressBook::read(&self.address_book()).unwrap_or_default()
    }

    /// The same as a file (TOML).
    pub fn address_book(&self) -> String {
        let mut text = String::new();
        let trust = &self.trust;
        text += &part(&trust.name, "sykehus", (&trust.name, &trust.her));
        for ward in &trust.wards {
            text +=
                &format!("tjenester.\"{}\" = {}\n", ward.her, unit(&ward.name, &ward.her, &ward.telephone));
            text += &format!("tjenestefakta.\"{}\" = {{ {FIELD} = \"{}\" }}\n", ward.her, ward.field);
        }
        for it in &self.municipalities {
            text += &part(&it.name, "kommune", (&format!("{} kommune", it.name), &it.her));
            for (does, name, her) in &it.services {
                text += &format!("tjenester.{does} = {}\n", unit(name, her, &it.telephone));
            }
            text += "mottar = { epikrise = \"sykepleie\" }\n";
        }
        for it in &self.gps {
            text += &part(&it.name, "fastlege", (&it.name, &it.her));
            let name = format!("Fastlegene ved {}", it.name);
            text += &format!("tjenester.fastlege = {}\n", unit(&name, &it.service, &it.telephone));
        }
        text
    }

    /// Who is who, as all parties know it from their address book: wards with their field of care, municipalities by their organisation.
    pub fn directory(&self) -> Directory {
        self.addresses().directory()
    }

    /// Whose messages the node of a party takes: its organisation and all its services. Nobody's for a party that isn't here.
    pub fn recipients(&self, party: &str) -> Recipients {
        let organisation = |her: &str, parties: &mut dyn Iterator<Item = &String>| OwnOrganisation {
            ids: vec![own_id(her)],
            parties: parties.map(|her| OwnParty { ids: vec![own_id(her)], ..OwnParty::default() }).collect(),
            ..OwnOrganisation::default()
        };
        let of_trust = || organisation(&self.trust.her, &mut self.trust.wards.iter().map(|it| &it.her));
        let of = |it: &Municipality| organisation(&it.her, &mut it.services.iter().map(|(_, _, her)| her));
        let organisations = if party == self.trust.name {
            vec![of_trust()]
        } else if let Some(gp) = self.gp(party) {
            vec![organisation(&gp.her, &mut std::iter::once(&gp.service))]
        } else {
            self.municipality(party).map(of).into_iter().collect()
        };
        Recipients { organisations, policy: policy() }
    }

    /// Whose messages a node of all parties takes.
    pub fn all_recipients(&self) -> Recipients {
        let organisations = self.parties().flat_map(|party| self.recipients(party).organisations);
        Recipients { organisations: organisations.collect(), policy: policy() }
    }

    /// How many of the patients of a ward live in each municipality, beside those of the others. A ward of another hospital than the
    /// municipality's own gets only those who come away.
    pub(crate) fn homes(&self, ward: usize) -> impl Iterator<Item = u32> + Clone {
        let ward = self.trust.wards.get(ward);
        self.municipalities.iter().map(move |it| match ward {
            Some(ward) if ward.hospital != it.hospital => (it.share * ward.away).div_ceil(1000),
            Some(_) | None => it.share,
        })
    }

    /// The HER-ids of a party, organisation and services.
    pub fn hers(&self, party: &str) -> BTreeSet<String> {
        let own = self.recipients(party).organisations;
        let ids = own.iter().flat_map(|it| it.ids.iter().chain(it.parties.iter().flat_map(|of| &of.ids)));
        ids.map(|id| id.value.clone()).collect()
    }
}

/// The fact that a ward's field of care is.
pub(crate) const FIELD: &str = "fagomrade";

impl Staff {
    /// The person as messages name them.
    pub fn draft(&self) -> PersonDraft {
        PersonDraft {
            given_name: self.given.clone(),
            family_name: self.family.clone(),
            profession: Some(self.profession.to_owned()),
            role: Some("21".to_owned()),
            telephones: vec![self.telephone.clone()],
            ..PersonDraft::default()
        }
    }

    /// `Oda Åsheim, +4757000211`, as the log has it.
    pub fn line(&self) -> String {
        format!("{} {}, {}", self.given, self.family, self.telephone)
    }
}

impl Ward {
    /// The ward as messages name whom to call.
    pub fn draft(&self) -> UnitDraft {
        UnitDraft {
            name: self.name.clone(),
            telephones: vec![self.telephone.clone()],
            ..UnitDraft::default()
        }
    }
}

impl Municipality {
    /// The municipality's nurses as messages name whom to call.
    pub fn draft(&self) -> UnitDraft {
        UnitDraft {
            name: format!("Sykepleietjenesten i {}", self.name),
            telephones: vec![self.telephone.clone()],
            ..UnitDraft::default()
        }
    }
}

fn own_id(her: &str) -> OwnId {
    OwnId { kind: "HER".to_owned(), value: her.to_owned() }
}

fn her(organisation: u32, service: u32) -> String {
    (HER_FROM + HER_EACH * organisation + service).to_string()
}

fn services(place: u32) -> Vec<(String, String, String)> {
    let all = (1..).zip(SERVICES);
    all.map(|(number, (does, name))| (does.to_owned(), name.to_owned(), her(place, number))).collect()
}

fn gps(region: &RegionSettings, municipalities: &[Municipality], chance: &mut Chance) -> Vec<Gp> {
    let first = u32::try_from(municipalities.len()).unwrap_or(u32::MAX) + 1;
    let all = (first..).zip(&region.gps).filter_map(|(place, it)| {
        let municipality = municipalities.iter().position(|other| other.name == it.municipality)?;
        let (her, service) = (her(place, 0), her(place, 1));
        let telephone = telephone(chance);
        Some(Gp { name: it.name.clone(), her, service, municipality, serves: it.serves, telephone })
    });
    all.collect()
}

/// Telephone numbers of eight digits, of a series without subscribers.
fn telephone(chance: &mut Chance) -> String {
    format!("+475700{:04}", chance.below(10_000))
}

fn staff(region: &RegionSettings, chance: &mut Chance, professions: &[&'static str]) -> Vec<Staff> {
    let names = &region.names;
    let mut one = |profession: &&'static str| {
        let given = if chance.hits(500) { &names.women } else { &names.men };
        Staff {
            given: chance.text(given).to_owned(),
            family: chance.text(&names.families).to_owned(),
            profession,
            telephone: telephone(chance),
        }
    };
    professions.iter().map(&mut one).collect()
}

/// The shares of one party: those of all, more or less.
fn own(all: Behaviour, chance: &mut Chance) -> Behaviour {
    let mut near = |share: u32| {
        let factor = 1000_u32.saturating_sub(all.spread) + chance.below(2 * all.spread + 1);
        (share * factor / 1000).min(1000)
    };
    Behaviour {
        late: near(all.late),
        missing: near(all.missing),
        incomplete: near(all.incomplete),
        wrong: near(all.wrong),
        corrected: near(all.corrected),
        cancelled: near(all.cancelled),
        odd_hours: near(all.odd_hours),
        unclear: near(all.unclear),
        note_form: near(all.note_form),
        spread: all.spread,
    }
}

fn part(name: &str, role: &str, (organisation, her): (&str, &str)) -> String {
    format!(
        "\n[[part]]\nnavn = \"{name}\"\nrolle = \"{role}\"\nvirksomhet = {{ navn = \"{organisation}\", her = \"{her}\" }}\n"
    )
}

fn unit(name: &str, her: &str, telephone: &str) -> String {
    format!("{{ navn = \"{name}\", her = \"{her}\", telefon = [\"{telephone}\"] }}")
}

/// No real person's number may come into a made-up region.
fn policy() -> Policy {
    Policy { synthetic: SyntheticPolicy::Require, ..Policy::default() }
}
