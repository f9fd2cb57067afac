//! The region that all tests share: a simulated month, and a few stays made for tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp, ToSpan};
use samspill_base::{Entry, Position, Value};
use samspill_service::{
    access::Role,
    audit::persons::{KeyRing, Person, PersonRegister},
    exchange::meaning::AddressBook,
    people::SystemRandom,
};
use samspill_sim::{World, whole_of};
use samspill_store::{Append, AppendKey, Options, Place, Store};
use tokio::sync::OnceCell;

use super::{community, projections};

/// The general practitioner.
pub(crate) const GP: &str = "Fjellvegen legesenter";
/// The stay that two municipalities and the general practitioner take part in.
pub(crate) const SHARED: &str = "prove-delt";
/// The stay whose patient's identity is protected.
pub(crate) const PROTECTED: &str = "prove-skjermet";
/// A case that isn't there.
pub(crate) const NOWHERE: &str = "prove-finnes-ikke";

const DAYS: u32 = 31;
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
    /// What the log holds.
    pub(crate) log: Vec<Entry>,
    /// What happens after the month.
    pub(crate) later: Vec<Entry>,
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
        let (mut log, later): (Vec<Entry>, Vec<Entry>) =
            whole_of(&world).into_iter().partition(|entry| known_at(entry) <= now);
        log.extend(made(&world, now));
        let book = world.region.address_book()
            + &format!(
                "\n[[part]]\nnavn = \"{GP}\"\nrolle = \"fastlege\"\nvirksomhet = {{ navn = \"{GP}\", her = \"8990000\" }}\n"
            );
        let database = database(&log, now).await;
        Self { book: AddressBook::read(&book).unwrap(), world, now, log, later, database }
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

/// When all of an entry is known.
fn known_at(entry: &Entry) -> Timestamp {
    let times = [entry.sent, entry.received, entry.acknowledged, entry.recorded];
    times.into_iter().flatten().fold(entry.happened, Timestamp::max)
}

async fn database(log: &[Entry], now: Timestamp) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { projections: projections().all(), ..Options::default() };
    let store = Store::open(&Place::file(folder.path().join("made.db")), options).await.unwrap();
    let entries: Vec<Entry> =
        log.iter().map(|entry| Entry { recorded: Some(known_at(entry)), ..entry.clone() }).collect();
    let append = Append { key: AppendKey::new("month").unwrap(), recorded: now, entries };
    store.append(&community(), &append).await.unwrap();
    name_patients(&store, log, now).await;
    let copy = folder.path().join("copy.db");
    store.copy_to(&copy).await.unwrap();
    store.close().await;
    std::fs::read(copy).unwrap()
}

/// The stays that are made for tests: one of several parties, and one whose patient is protected.
fn made(world: &World, now: Timestamp) -> Vec<Entry> {
    let ward = world.region.trust.wards[0].name.as_str();
    let [first, second] = [0, 1].map(|place| world.region.municipalities[place].name.as_str());
    let hours = |hours: i64| now - SignedDuration::from_hours(hours);
    let stay = |case: &'static str, person: &'static str| Making { case, person };
    let (shared, protected) = (stay(SHARED, "13917012345"), stay(PROTECTED, "04857098765"));
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

/// The register of persons in a store.
pub(crate) fn register(store: &Store) -> PersonRegister {
    PersonRegister::new(store.clone(), community(), KeyRing::for_demo())
}

/// Gives every patient of a log a name.
async fn name_patients(store: &Store, log: &[Entry], now: Timestamp) {
    const GIVEN: [&str; 7] = ["Solveig", "Arne", "Ragnhild", "Odd", "Ingrid", "Einar", "Berit"];
    const FAMILY: [&str; 9] =
        ["Bakken", "Nordmo", "Fjellheim", "Sæther", "Lillevik", "Granli", "Moen", "Storhaug", "Åsen"];
    let register = register(store);
    let ids: BTreeSet<&String> = log.iter().filter_map(|entry| entry.person.as_ref()).collect();
    for (number, id) in ids.into_iter().enumerate() {
        let person = Person {
            id: id.clone(),
            given: GIVEN[number % GIVEN.len()].to_owned(),
            family: FAMILY[number % FAMILY.len()].to_owned(),
            born: Some(jiff::civil::date(1930 + i16::try_from(number % 60).unwrap(), 5, 17)),
            ..Person::default()
        };
        register.put(&person, &SystemRandom, now).await.unwrap();
    }
}
