//! The region that all tests share: a simulated month, and a few stays made for tests.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp, ToSpan};
use samspill_base::{Entry, Position, Value};
use samspill_service::{
    access::Role,
    audit::{KeyRing, MailSeal, Person, PersonRegister},
    exchange::{mailroom::Mailroom, meaning::AddressBook},
    people::SystemRandom,
    projections::Projections,
};
use samspill_sim::{
    Identity, Patient, Play, World,
    live::{Live, history},
};
use samspill_store::{Append, AppendKey, Options, Place, Store};
use tokio::sync::OnceCell;

use super::{community, mailroom_settings, projections};

/// The general practitioner.
pub(crate) const GP: &str = "Fjellvegen legesenter";
/// The stay that two municipalities and the general practitioner take part in.
pub(crate) const SHARED: &str = "prove-delt";
/// The stay whose patient's identity is protected.
pub(crate) const PROTECTED: &str = "prove-skjermet";
/// A case that isn't there.
pub(crate) const NOWHERE: &str = "prove-finnes-ikke";

const SHARED_PERSON: &str = "13917012345";
const PROTECTED_PERSON: &str = "04857098765";
const DAYS: u32 = 31;
/// So many of the last days, stays that begin come as messages.
const MESSAGE_DAYS: i64 = 2;
const SEED: u64 = 7;

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Trust,
    First,
    Second,
    Gp,
}

/// The region, and the bytes of a store with its log.
pub(crate) struct Region {
    pub(crate) world: Arc<World>,
    pub(crate) book: AddressBook,
    /// When the month is over.
    pub(crate) now: Timestamp,
    pub(crate) database: Vec<u8>,
}

static REGION: OnceCell<Arc<Region>> = OnceCell::const_new();

impl Side {
    /// Where somebody of this role is usually.
    pub(crate) fn of(role: Role) -> Self {
        match role {
            Role::Ward
            | Role::Physician
            | Role::Coordination
            | Role::HospitalAccounts
            | Role::Secretary
            | Role::Member
            | Role::Auditor
            | Role::Administrator => Self::Trust,
            Role::CaseOffice | Role::CareUnit | Role::MunicipalAccounts => Self::First,
            Role::Gp => Self::Gp,
        }
    }
}

impl Region {
    /// The region, made once a test program.
    pub(crate) async fn shared() -> Arc<Self> {
        REGION.get_or_init(async || Arc::new(Self::make().await)).await.clone()
    }

    async fn make() -> Self {
        let world = Arc::new(World::new(SEED, DAYS));
        let now = world.start.checked_add(i64::from(DAYS).days()).unwrap().at(12, 0, 0, 0);
        let now = now.in_tz("Europe/Oslo").unwrap().timestamp();
        let book = world.region.address_book()
            + &format!(
                "\n[[part]]\nnavn = \"{GP}\"\nrolle = \"fastlege\"\nvirksomhet = {{ navn = \"{GP}\", her = \"8990000\" }}\n"
            );
        let book = AddressBook::read(&book).unwrap();
        let database = Vec::new();
        let mut region = Self { world, book, now, database };
        region.database = region.written().await;
        region
    }

    /// The store: a month of entries, of which the last days came as messages, and the register of persons.
    async fn written(&self) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("made.db"), &projections()).await;
        let from = self.now - SignedDuration::from_hours(24 * MESSAGE_DAYS);
        let (play, mut log) = history(Play::new(self.world.clone()), from);
        log.extend(made(&self.world, self.now));
        let append = Append { key: AppendKey::new("month").unwrap(), recorded: self.now, entries: log };
        let read = store.append(&community(), &append).await.unwrap().last;
        let room = Mailroom::new(store.clone(), community(), mailroom_settings(self));
        Live::new(play, room, from, read).until(self.now).await.unwrap();
        self.register_persons(&store).await;
        let copy = folder.path().join("copy.db");
        store.copy_to(&copy).await.unwrap();
        store.close().await;
        std::fs::read(copy).unwrap()
    }

    async fn register_persons(&self, store: &Store) {
        let register = register(store);
        let mut tx = store.begin(&community()).await.unwrap();
        for person in self.world.patients.iter().flat_map(persons).chain(made_persons()) {
            register.learn(&mut tx, &person, &SystemRandom, self.now).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The name of a party.
    pub(crate) fn name(&self, side: Side) -> &str {
        let region = &self.world.region;
        match side {
            Side::Trust => &region.trust.name,
            Side::First => &region.municipalities[0].name,
            Side::Second => &region.municipalities[1].name,
            Side::Gp => GP,
        }
    }

    /// The unit of those who have one.
    pub(crate) fn unit(&self, role: Role, side: Side) -> Option<String> {
        let is_of_unit = [Role::Ward, Role::Physician, Role::CareUnit].contains(&role);
        let unit = match side {
            Side::Trust => Some(self.world.region.trust.wards[0].name.clone()),
            Side::First | Side::Second => Some("Sykepleietjenesten".to_owned()),
            Side::Gp => None,
        };
        unit.filter(|_| is_of_unit)
    }
}

/// A patient by every number.
fn persons(patient: &Patient) -> Vec<Person> {
    let ids = [Some(&patient.identity), patient.later.as_ref()].into_iter().flatten();
    let named = |id: &str| Person {
        id: id.to_owned(),
        given: patient.given.clone(),
        family: patient.family.clone(),
        born: Some(patient.born),
        ..Person::default()
    };
    ids.filter_map(Identity::number).map(named).collect()
}

/// The patients of the stays that are made for tests.
fn made_persons() -> [Person; 2] {
    [(SHARED_PERSON, "Delfine"), (PROTECTED_PERSON, "Skjalg")].map(|(id, given)| Person {
        id: id.to_owned(),
        given: given.to_owned(),
        family: "Prøvestad".to_owned(),
        born: Some(jiff::civil::date(1939, 5, 17)),
        ..Person::default()
    })
}

/// The stays that are made for tests: one of several parties, and one whose patient is protected.
fn made(world: &World, now: Timestamp) -> Vec<Entry> {
    let ward = world.region.trust.wards[0].name.as_str();
    let [first, second] = [0, 1].map(|place| world.region.municipalities[place].name.as_str());
    let hours = |hours: i64| now - SignedDuration::from_hours(hours);
    let stay = |case: &'static str, person: &'static str| Making { case, person };
    let (shared, protected) = (stay(SHARED, SHARED_PERSON), stay(PROTECTED, PROTECTED_PERSON));
    let mut admitted = shared.event("innlagt", ward, hours(60));
    admitted.facts.extend(facts(second, "somatikk"));
    let mut hidden = protected.event("innlagt", ward, hours(30));
    hidden.facts.extend(facts(first, "somatikk"));
    hidden.facts.insert("skjermet-identitet".to_owned(), Value::Bool(true));
    vec![
        admitted,
        shared.message(
            "melding-om-innlagt-pasient",
            (ward, first),
            hours(59),
            "bare for den første kommunen: innlagt",
        ),
        shared.message(
            "innleggelsesrapport",
            (first, ward),
            hours(58),
            "bare fra den første kommunen: rapport",
        ),
        shared.message(
            "melding-om-innlagt-pasient",
            (ward, second),
            hours(50),
            "bare for den andre kommunen: innlagt",
        ),
        shared.message(
            "innleggelsesrapport",
            (second, ward),
            hours(49),
            "bare fra den andre kommunen: rapport",
        ),
        shared.message("epikrise", (ward, GP), hours(20), "bare for fastlegen: epikrise"),
        hidden,
        protected.message(
            "melding-om-innlagt-pasient",
            (ward, first),
            hours(29),
            "om den skjermede pasienten",
        ),
    ]
}

fn facts(liable: &str, field: &str) -> BTreeMap<String, Value> {
    let texts = [("agreement", "unn"), ("fagomrade", field), ("oppholdskommune", liable)];
    let flags = ["kommunale-tjenester", "kommunalt-behov"];
    let texts = texts.map(|(name, text)| (name.to_owned(), Value::text(text)));
    texts.into_iter().chain(flags.map(|name| (name.to_owned(), Value::Bool(true)))).collect()
}

/// A stay being made.
#[derive(Clone, Copy)]
struct Making {
    case: &'static str,
    person: &'static str,
}

impl Making {
    fn event(self, kind: &str, from: &str, at: Timestamp) -> Entry {
        let mut entry = Entry::new(self.case, kind, Position(0), at);
        entry.person = Some(self.person.to_owned());
        entry.from = Some(from.to_owned());
        entry.id = Some(format!("{}-{kind}-{at}", self.case));
        entry
    }

    fn message(self, kind: &str, (from, to): (&str, &str), at: Timestamp, text: &str) -> Entry {
        let mut entry = self.event(kind, from, at);
        entry.to = Some(to.to_owned());
        entry.id = Some(format!("{}-{kind}-{to}-{at}", self.case));
        entry.received = Some(at + SignedDuration::from_mins(1));
        entry.body = Some([("tekst".to_owned(), Value::text(text))].into());
        entry
    }
}

/// A store that seals, as a node with a front door has it.
pub(crate) async fn open(path: &std::path::Path, projections: &Projections) -> Store {
    let seal = MailSeal::new(KeyRing::for_demo(), Arc::new(SystemRandom));
    let options =
        Options { projections: projections.all(), seal: Some(Arc::new(seal)), ..Options::default() };
    Store::open(&Place::file(path), options).await.unwrap()
}

/// The register of persons in a store.
pub(crate) fn register(store: &Store) -> PersonRegister {
    PersonRegister::new(store.clone(), community(), KeyRing::for_demo())
}
