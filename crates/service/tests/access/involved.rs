//! Who takes part follows from the log and the address book.

use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_service::{
    access::{End, Ends, Involvement, Openness, Protection},
    exchange::meaning::AddressBook,
    projections::{Agreements, MeterSum, Projections},
};

use crate::support::{now, set};

const BOOK: &str = r#"
    [[part]]
    navn = "Fjordheim"
    rolle = "sykehus"
    virksomhet = { navn = "Fjordheim sjukehus HF", her = "8100001" }
    tjenester.med = { navn = "Medisinsk post", her = "8100101" }
    tjenester.kir = { navn = "Kirurgisk post", her = "8100102" }

    [[part]]
    navn = "Nesodal"
    rolle = "kommune"
    virksomhet = { navn = "Nesodal kommune", her = "8200001" }
    tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "8200101" }
    tjenester.saksbehandling = { navn = "Saksbehandling", her = "8200102" }
    mottar = { epikrise = "sykepleie" }

    [[part]]
    navn = "Havrelia"
    rolle = "kommune"
    virksomhet = { navn = "Havrelia kommune", her = "8300001" }
    tjenester.saksbehandling = { navn = "Saksbehandling", her = "8300102" }
"#;

fn book() -> AddressBook {
    AddressBook::read(BOOK).unwrap()
}

fn entry(kind: &str, from: &str, to: &str) -> Entry {
    let mut entry = Entry::new("1", kind, Position(0), now());
    entry.from = Some(from.to_owned()).filter(|name| !name.is_empty());
    entry.to = Some(to.to_owned()).filter(|name| !name.is_empty());
    entry
}

fn with_id(id: &str, entry: Entry) -> Entry {
    Entry { id: Some(id.to_owned()), ..entry }
}

fn saying(field: &str, value: &str, entry: Entry) -> Entry {
    Entry { body: Some([(field.to_owned(), Value::text(value))].into()), ..entry }
}

fn telling(fact: &str, value: Value, mut entry: Entry) -> Entry {
    entry.facts.insert(fact.to_owned(), value);
    entry
}

fn involved(entries: Vec<Entry>) -> Involvement {
    let log = CaseLog { case: "1".to_owned(), entries };
    let projections = Projections::new(Agreements::find(&["unn"]).unwrap());
    let reading = projections.read(&log, now());
    Involvement::of(&log, &reading.stay, Openness::Open, &book())
}

fn unit(party: &str, unit: &str) -> (String, String) {
    (party.to_owned(), unit.to_owned())
}

#[test]
fn names_services_and_her_ids_are_one_party_and_its_unit() {
    let found = involved(vec![
        entry("innlagt", "Medisinsk post", ""),
        entry("tidligmelding", "8100102", "8200102"),
        entry("samarbeidsmote", "Fjordheim sjukehus HF", "Ukjent legekontor"),
    ]);
    assert_eq!(found.parties, set(["Fjordheim", "Nesodal", "Ukjent legekontor"]));
    let units = [
        unit("Fjordheim", "Medisinsk post"),
        unit("Fjordheim", "Kirurgisk post"),
        unit("Nesodal", "Saksbehandling"),
    ];
    assert_eq!(found.units, units.into());
}

#[test]
fn where_only_the_party_is_named_the_unit_is_the_one_that_takes_or_sends_such_messages() {
    let unit_of =
        |kind: &str, to: &str| Ends::of(&entry(kind, "Medisinsk post", to), &book()).to.unwrap().unit;
    assert_eq!(unit_of("tidligmelding", "Nesodal").as_deref(), Some("Saksbehandling"), "as the profile says");
    assert_eq!(unit_of("epikrise", "Nesodal").as_deref(), Some("Sykepleietjenesten"), "as the book says");
    assert_eq!(unit_of("epikrise", "Havrelia").as_deref(), Some("Saksbehandling"), "the only one there is");
    assert_eq!(unit_of("egen-sort", "Nesodal"), None);
    let from = Ends::of(&entry("innleggelsesrapport", "Nesodal", "Medisinsk post"), &book()).from;
    assert_eq!(from, Some(End { party: "Nesodal".to_owned(), unit: Some("Sykepleietjenesten".to_owned()) }));
}

#[test]
fn the_liable_municipality_takes_part_before_it_has_heard_anything() {
    let admitted = |liable: &str| {
        telling("oppholdskommune", Value::text(liable), entry("innlagt", "Medisinsk post", ""))
    };
    assert_eq!(involved(vec![admitted("Havrelia kommune")]).parties, set(["Fjordheim", "Havrelia"]));
    let settled = saying("kommune", "Nesodal", entry("oppholdskommune-avklart", "Medisinsk post", ""));
    let found = involved(vec![admitted("Havrelia"), settled]);
    assert_eq!(found.parties, set(["Fjordheim", "Nesodal"]), "the one that was settled last");
}

#[test]
fn who_pays_takes_part() {
    let log = CaseLog { case: "1".to_owned(), entries: vec![entry("innlagt", "Medisinsk post", "")] };
    let mut row = Projections::new(Agreements::find(&["unn"]).unwrap()).read(&log, now()).stay;
    let payer = |name: Option<&str>| MeterSum {
        meter: "betalingsdogn".to_owned(),
        count: 2,
        amount_ore: None,
        payer: name.map(str::to_owned),
    };
    row.meters = vec![payer(Some("Havrelia kommune")), payer(None)];
    let found = Involvement::of(&log, &row, Openness::Settled, &book());
    assert_eq!((found.payers, found.parties), (set(["Havrelia"]), set(["Fjordheim", "Havrelia"])));
    assert!(!found.is_open);
}

#[test]
fn whoever_got_a_message_by_mistake_and_said_so_takes_no_part() {
    let wrong = with_id("m1", entry("melding-om-innlagt-pasient", "Medisinsk post", "Havrelia"));
    let said = with_id("m2", saying("gjelder", "m1", entry("feil-i-melding", "Havrelia", "Medisinsk post")));
    assert_eq!(involved(vec![wrong.clone()]).parties, set(["Fjordheim", "Havrelia"]));
    assert_eq!(involved(vec![wrong.clone(), said.clone()]).parties, set(["Fjordheim"]));
    // With another message of the stay, it was that message alone that was wrong.
    let right = with_id("m3", entry("tidligmelding", "Medisinsk post", "Havrelia"));
    assert_eq!(involved(vec![wrong, said, right]).parties, set(["Fjordheim", "Havrelia"]));
}

#[test]
fn the_hospital_takes_part_also_where_it_said_that_a_message_was_wrong() {
    let sent = with_id("m1", entry("innleggelsesrapport", "Nesodal", "Medisinsk post"));
    let said = with_id("m2", saying("gjelder", "m1", entry("feil-i-melding", "Medisinsk post", "Nesodal")));
    let admitted = entry("innlagt", "Kirurgisk post", "");
    assert_eq!(involved(vec![admitted, sent, said]).parties, set(["Fjordheim", "Nesodal"]));
}

#[test]
fn protection_is_what_the_log_says_last() {
    let fact = |name: &str, value| telling(name, value, entry("innlagt", "Medisinsk post", ""));
    let address = |word: &str| fact("adressegradering", Value::text(word));
    let identity = |is| fact("skjermet-identitet", Value::Bool(is));
    let protection = |entries| involved(entries).protection;
    assert_eq!(protection(vec![address("ugradert")]), Protection::None);
    assert_eq!(protection(vec![address("strengt-fortrolig")]), Protection::Address);
    assert_eq!(protection(vec![address("fortrolig"), identity(true)]), Protection::Identity);
    assert_eq!(protection(vec![identity(true), identity(false)]), Protection::None);
    assert_eq!(
        involved(vec![address("fortrolig")]).protected(Protection::None).protection,
        Protection::Address
    );
}
