//! Figures and access mean the same by taking part.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_service::{
    access::{Involvement, Openness},
    downtime::Periods,
    exchange::meaning::AddressBook,
    figures::CaseFacts,
    projections::{Agreements, Projections},
};

const BOOK: &str = r#"
    [[part]]
    navn = "Fjordheim"
    rolle = "sykehus"
    virksomhet = { navn = "Fjordheim sjukehus HF", her = "8100001" }
    tjenester.med = { navn = "Medisinsk post", her = "8100101" }

    [[part]]
    navn = "Nesodal"
    rolle = "kommune"
    virksomhet = { navn = "Nesodal kommune", her = "8200001" }
    tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "8200101" }

    [[part]]
    navn = "Havrelia"
    rolle = "kommune"
    virksomhet = { navn = "Havrelia kommune", her = "8300001" }
"#;

fn entry(kind: &str, hours: i64, from: &str, to: &str) -> Entry {
    let first: Timestamp = "2025-02-03T08:00:00+01:00".parse().unwrap();
    let mut entry = Entry::new("1", kind, Position(0), first + jiff::SignedDuration::from_hours(hours));
    entry.from = Some(from.to_owned()).filter(|name| !name.is_empty());
    entry.to = Some(to.to_owned()).filter(|name| !name.is_empty());
    entry.id = Some(format!("{kind}-{hours}"));
    entry
}

/// An admission after which the agreement's duties hold.
fn admitted() -> Entry {
    let mut entry = entry("innlagt", 0, "Medisinsk post", "");
    let facts = [
        ("fagomrade", Value::text("somatikk")),
        ("kommunale-tjenester", Value::Bool(true)),
        ("kommunalt-behov", Value::Bool(true)),
    ];
    entry.facts.extend(facts.map(|(name, value)| (name.to_owned(), value)));
    entry
}

fn liable(municipality: &str, mut entry: Entry) -> Entry {
    entry.facts.insert("oppholdskommune".to_owned(), Value::text(municipality));
    entry
}

fn mistaken(of: &str, mut entry: Entry) -> Entry {
    entry.body = Some([("gjelder".to_owned(), Value::text(of))].into());
    entry
}

/// What figures and what access say of a case, a fortnight later.
fn read(entries: Vec<Entry>) -> (CaseFacts, Involvement) {
    let book = AddressBook::read(BOOK).unwrap();
    let entries = (1..).zip(entries).map(|(place, entry)| Entry { position: Position(place), ..entry });
    let log = CaseLog { case: "1".to_owned(), entries: entries.collect() };
    let (agreements, now) = (Agreements::find(&["unn"]).unwrap(), "2025-02-17T12:00:00Z".parse().unwrap());
    let evaluation = agreements.evaluate(&log, now).unwrap();
    let facts = CaseFacts::of(&log, &agreements.all()[0], &evaluation, (&book, &Periods::default()), None);
    let row = Projections::new(agreements).read(&log, now).stay;
    (facts, Involvement::of(&log, &row, Openness::Open, &book))
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[track_caller]
fn check<const N: usize>(entries: Vec<Entry>, parties: [&str; N]) -> CaseFacts {
    let (facts, involvement) = read(entries);
    assert_eq!((&facts.parties, &involvement.parties), (&set(parties), &set(parties)));
    facts
}

#[test]
fn who_got_a_message_by_mistake_and_said_so_has_no_part_and_no_duty() {
    let facts = check(
        vec![
            admitted(),
            entry("helseopplysninger", 4, "Medisinsk post", "Havrelia kommune"),
            entry("utskrivningsklar", 5, "Medisinsk post", "Havrelia kommune"),
            mistaken("helseopplysninger-4", entry("feil-i-melding", 6, "Havrelia", "Medisinsk post")),
            mistaken("utskrivningsklar-5", entry("feil-i-melding", 7, "Havrelia", "Medisinsk post")),
        ],
        ["Fjordheim"],
    );
    assert!(!facts.duties.is_empty());
    assert!(facts.duties.iter().all(|duty| duty.who.party != "Havrelia"), "{:?}", facts.duties);
}

#[test]
fn the_liable_municipality_has_a_part_before_it_has_heard_anything() {
    check(vec![liable("Havrelia kommune", admitted())], ["Fjordheim", "Havrelia"]);
}

#[test]
fn who_pays_is_one_party_whatever_the_log_calls_it() {
    let facts = check(
        vec![
            liable("Nesodal kommune", admitted()),
            entry("tidligmelding", 1, "Medisinsk post", "8200101"),
            entry("helseopplysninger", 49, "Medisinsk post", "Sykepleietjenesten"),
            entry("utskrivningsklar", 50, "Medisinsk post", "Sykepleietjenesten"),
        ],
        ["Fjordheim", "Nesodal"],
    );
    let payers: BTreeSet<&str> = facts.days.iter().map(|days| days.payer.as_str()).collect();
    assert_eq!(payers, BTreeSet::from(["Nesodal"]), "{facts:?}");
}
