use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jiff::civil::date;
use samspill_base::{Entry, Position, Value};
use samspill_formats::{messages::read::MessageLimits, xml::XmlLimits};
use samspill_service::{
    access::Protection,
    audit::{Choices, KeyRing, Person, PersonRegister, RegisterError, person_of},
    exchange::receipts::open,
    people::SystemRandom,
    projections::Agreements,
};
use samspill_store::StoreError;

use crate::support::{House, at};

fn person(id: &str, given: &str) -> Person {
    Person { id: id.to_owned(), given: given.to_owned(), family: "Nordmann".to_owned(), ..Person::default() }
}

async fn put(register: &PersonRegister, person: &Person) {
    register.put(person, &SystemRandom, at(0)).await.unwrap();
}

/// A register of the same rows under other keys.
fn under(house: &House, ring: KeyRing) -> PersonRegister {
    PersonRegister::new(house.store.clone(), house.community.clone(), ring)
}

fn keys(newest: &str, names: &[&str]) -> KeyRing {
    let keys = names.iter().map(|name| ((*name).to_owned(), [name.len().try_into().unwrap(); 32]));
    KeyRing::new(newest, keys, [2; 32]).unwrap()
}

#[tokio::test]
async fn a_person_is_known_by_the_id_and_neither_id_nor_name_stands_in_the_database() {
    let house = House::new().await;
    let kari = Person {
        born: Some(date(1940, 1, 1)),
        phone: Some("77 00 00 00".to_owned()),
        ..person("41814061033", "Kari")
    };
    put(&house.register, &kari).await;
    assert!(house.register.name_of("41814061033").await.unwrap() == Some(kari.clone()));
    assert!(house.register.name_of("41814061034").await.unwrap().is_none());
    let rows = house.store.persons_after(&house.community, "", 9).await.unwrap();
    let text = format!("{:?} {}", rows, String::from_utf8_lossy(&rows[0].sealed));
    for secret in ["41814061033", "Kari", "77 00", "1940"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let names = house.register.names_of(&["41814061033", "ukjent"].map(str::to_owned).into()).await.unwrap();
    assert!(names == BTreeMap::from([("41814061033".to_owned(), kari)]));
    let nobody = house.register.put(&Person::default(), &SystemRandom, at(0)).await;
    assert!(matches!(nobody, Err(RegisterError::NoId)));
}

#[tokio::test]
async fn persons_are_found_by_id_and_by_parts_of_their_names() {
    let house = House::new().await;
    for (id, given) in [("1", "Kari"), ("2", "Ola"), ("3", "Karianne")] {
        put(&house.register, &person(id, given)).await;
    }
    let found = async |text: &str, limit| {
        let found = house.register.find(text, limit).await.unwrap();
        found.into_iter().map(|person| person.id).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(found("2", 9).await, ["2"]);
    assert_eq!(found("KARI nord", 9).await, ["1", "3"]);
    assert_eq!(found("kari", 1).await.len(), 1);
    assert_eq!(found("hansen", 9).await, Vec::<String>::new());
    assert_eq!(found("  ", 9).await, Vec::<String>::new());
}

#[tokio::test]
async fn protection_is_asked_about_without_opening_and_never_taken_away_by_a_message() {
    let house = House::new().await;
    put(&house.register, &person("1", "Kari")).await;
    house.register.protect("1", Protection::Address, &SystemRandom, at(1)).await.unwrap();
    house.register.protect("2", Protection::Identity, &SystemRandom, at(1)).await.unwrap();
    let of = house.register.protection_of(&["1", "2", "3"].map(str::to_owned).into()).await.unwrap();
    let expected = [("1", Protection::Address), ("2", Protection::Identity)];
    assert_eq!(of, expected.map(|(id, protection)| (id.to_owned(), protection)).into());
    learn(&house.register, &house, &person("1", "Kari Anne")).await;
    let kept = house.register.name_of("1").await.unwrap().unwrap();
    assert_eq!((kept.name().as_str(), kept.protection), ("Kari Anne Nordmann", Protection::Address));
}

#[tokio::test]
async fn who_may_only_protect_more_never_lifts_what_another_said() {
    let house = House::new().await;
    let register = &house.register;
    for (id, said) in [("1", Protection::Address), ("2", Protection::Identity), ("3", Protection::None)] {
        register.protect(id, said, &SystemRandom, at(1)).await.unwrap();
        register.protect_more(id, Protection::Address, &SystemRandom, at(2)).await.unwrap();
    }
    let of = register.protection_of(&["1", "2", "3"].map(str::to_owned).into()).await.unwrap();
    let expected = [("1", Protection::Address), ("2", Protection::Identity), ("3", Protection::Address)];
    assert_eq!(of, expected.map(|(id, protection)| (id.to_owned(), protection)).into());
    // At once, in any order.
    let more = register.protect_more("4", Protection::Address, &SystemRandom, at(3));
    let identity = register.protect("4", Protection::Identity, &SystemRandom, at(3));
    let (more, identity) = tokio::join!(more, identity);
    more.unwrap();
    identity.unwrap();
    let of = register.protection_of(&["4".to_owned()].into()).await.unwrap();
    assert_eq!(of["4"], Protection::Identity);
}

async fn learn(register: &PersonRegister, house: &House, said: &Person) {
    let mut tx = house.store.begin(&house.community).await.unwrap();
    register.learn(&mut tx, said, &SystemRandom, at(2)).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_learnt_twice_is_written_once() {
    let house = House::new().await;
    for _ in 0..3 {
        learn(&house.register, &house, &person("1", "Kari")).await;
    }
    let rows = house.store.persons_after(&house.community, "", 9).await.unwrap();
    assert_eq!(rows[0].version, 1);
}

#[tokio::test]
async fn keys_are_rotated_while_others_read_and_write() {
    let house = House::new().await;
    let old = under(&house, keys("a", &["a"]));
    for number in 0..60 {
        put(&old, &person(&number.to_string(), "Kari")).await;
    }
    let both = under(&house, keys("bb", &["a", "bb"]));
    let readers: Vec<_> = (0..2).map(|_| tokio::spawn(read_all(both.clone()))).collect();
    let writer = tokio::spawn({
        let both = both.clone();
        async move {
            for number in 0..60 {
                both.put(&person(&number.to_string(), "Ola"), &SystemRandom, at(3)).await.unwrap();
            }
        }
    });
    let mut left = 60;
    while left > 0 {
        let rotated = both.rotate(&SystemRandom, 7, at(4)).await.unwrap();
        assert!(rotated.left <= left && rotated.resealed <= 7, "{rotated:?}");
        left = rotated.left;
    }
    writer.await.unwrap();
    for reader in readers {
        reader.await.unwrap();
    }
    // Now the old key may go; nobody lost what was written meanwhile.
    let new = under(&house, keys("bb", &["bb"]));
    let names = new.names_of(&(0..60).map(|number| number.to_string()).collect()).await.unwrap();
    assert_eq!(names.len(), 60);
    assert!(names.values().all(|person| person.given == "Ola"));
    assert!(matches!(old.name_of("1").await, Err(RegisterError::NoKey(key)) if key == "bb"));
    let done = new.rotate(&SystemRandom, 7, at(5)).await.unwrap();
    assert_eq!((done.resealed, done.left), (0, 0));
}

async fn read_all(register: PersonRegister) {
    let ids: BTreeSet<String> = (0..60).map(|number| number.to_string()).collect();
    for _ in 0..20 {
        assert_eq!(register.names_of(&ids).await.unwrap().len(), 60);
    }
}

#[tokio::test]
async fn a_row_that_was_put_in_the_place_of_another_is_not_opened() {
    let house = House::new().await;
    put(&house.register, &person("1", "Kari")).await;
    put(&house.register, &person("2", "Ola")).await;
    let key = |id: &str| BTreeSet::from([house.register.key_of(id)]);
    let ola = house.store.persons(&house.community, &key("2")).await.unwrap().remove(0);
    let swapped = samspill_store::PersonRow { person: house.register.key_of("1"), ..ola };
    let work = async |tx: &mut samspill_store::PeopleTx| tx.set_person(&swapped).await;
    assert!(house.store.write_people::<_, StoreError>(&house.community, work).await.unwrap());
    assert!(matches!(house.register.name_of("1").await, Err(RegisterError::NotOurs(_))));
    let names = house.register.names_of(&["1", "2"].map(str::to_owned).into()).await.unwrap();
    assert_eq!(names.into_keys().collect::<Vec<_>>(), ["2"], "the others are still shown");
}

#[tokio::test]
async fn an_export_names_nobody() {
    let house = House::new().await;
    let body = BTreeMap::from([
        ("svar".to_owned(), Value::text("kan-ta-imot")),
        ("tekst".to_owned(), Value::text("Kari kan komme tirsdag")),
        (
            "liste".to_owned(),
            Value::List(vec![Value::text("Kari"), Value::text("korttid"), Value::Bool(true)]),
        ),
    ]);
    let entry = Entry {
        person: Some("41814061033".to_owned()),
        id: Some("m-1".to_owned()),
        body: Some(body),
        ..Entry::new("opphold-1", "svar", Position(1), at(0))
    };
    let shipped = Agreements::find(&["unn"]).unwrap();
    let versions = shipped.all().iter().flat_map(|it| &it.versions).map(AsRef::as_ref);
    let plain = house.register.without_names(&entry, &Choices::of(versions));
    let expected = BTreeMap::from([
        ("svar".to_owned(), Value::text("kan-ta-imot")),
        ("liste".to_owned(), Value::List(vec![Value::Bool(true)])),
    ]);
    assert_eq!((plain.body, plain.id), (Some(expected), None));
    assert_eq!(plain.person, Some(house.register.pseudonym("41814061033")));
    assert_eq!((plain.case, plain.happened), (entry.case, entry.happened));
    let other = under(&house, KeyRing::new("a", [("a".to_owned(), [1; 32])], [3; 32]).unwrap());
    assert_ne!(other.pseudonym("41814061033"), house.register.pseudonym("41814061033"));
}

/// What a stay says of its patient holds in the others too, and is never taken away by one that says nothing.
#[tokio::test]
async fn an_entry_that_says_that_somebody_is_protected_protects_them_everywhere() {
    let house = House::new().await;
    put(&house.register, &person("41814061033", "Kari")).await;
    let said = |fact: &str, value: Value| Entry {
        person: Some("41814061033".to_owned()),
        facts: BTreeMap::from([(fact.to_owned(), value)]),
        ..Entry::new("opphold-1", "innlagt", Position(1), at(0))
    };
    let nobody = Entry { person: None, ..said("skjermet-identitet", Value::Bool(true)) };
    for (entry, expected) in [
        (nobody, Protection::None),
        (said("adressegradering", Value::text("ugradert")), Protection::None),
        (said("adressegradering", Value::text("fortrolig")), Protection::Address),
        (said("fagomrade", Value::text("somatikk")), Protection::Address),
        (said("skjermet-identitet", Value::Bool(true)), Protection::Identity),
        (said("skjermet-identitet", Value::Bool(false)), Protection::Identity),
    ] {
        let mut tx = house.store.begin(&house.community).await.unwrap();
        let entries = std::slice::from_ref(&entry);
        house.register.learn_protection(&mut tx, entries, &SystemRandom, at(1)).await.unwrap();
        tx.commit().await.unwrap();
        let kari = house.register.name_of("41814061033").await.unwrap().unwrap();
        assert_eq!((kari.protection, kari.given.as_str()), (expected, "Kari"), "{:?}", entry.facts);
    }
    let key = house.register.key_of("41814061033");
    assert_eq!(house.register.protected().await.unwrap(), BTreeMap::from([(key, Protection::Identity)]));
    house.register.protect("41814061033", Protection::None, &SystemRandom, at(2)).await.unwrap();
    assert_eq!(house.register.protected().await.unwrap(), BTreeMap::new());
}

#[tokio::test]
async fn a_message_says_who_its_patient_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/data/messages/opphold");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let opened = open(&std::fs::read(&files[0]).unwrap(), &XmlLimits::default(), &MessageLimits::default());
    let message = opened.message.unwrap();
    let person = person_of(&message).unwrap();
    let patient = message.head.patient.as_ref().unwrap();
    assert!(patient.ids.iter().any(|id| id.value == person.id));
    assert_eq!(
        (person.given.as_str(), person.family.as_str()),
        (patient.given_name.as_str(), patient.family_name.as_str())
    );
    assert!(!person.name().is_empty() && person.born.is_some());
}
