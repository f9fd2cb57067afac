//! Entries that make no sense never stop an append.

use jiff::{SignedDuration, Timestamp};
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_service::projections::{Agreements, CaseReading, Projections};

use crate::support::{Bench, SHIPPED, agreements, all_rows, append, entry, path_of};

const KINDS: [&str; 6] = [
    "innlagt",
    "utskrivningsklar",
    "helseopplysninger",
    "kansellering",
    "utskrevet",
    "\u{202e}ukjent «'\"\\",
];

#[tokio::test(flavor = "multi_thread")]
async fn unknown_kinds_contradicting_times_and_odd_facts_are_kept() {
    let projections = Projections::new(agreements(SHIPPED[0]));
    let store = Bench::new();
    let store = (store.open(&projections).await, store);
    let odd = [Timestamp::UNIX_EPOCH, Timestamp::MIN, Timestamp::MAX, crate::support::at("2024-06-03T10:00")];
    let mut number = 0;
    for happened in odd {
        for recorded in odd {
            for kind in KINDS {
                number += 1;
                let mut hostile = Entry::new("sak «\n»", kind, Position(0), happened);
                hostile.recorded = Some(recorded);
                hostile.sent = Some(Timestamp::MAX);
                hostile.received = Some(Timestamp::MIN);
                hostile.id = Some("samme".to_owned());
                hostile.person = Some("%_' OR 1=1".to_owned());
                hostile.facts.insert("fagomrade".to_owned(), Value::List(vec![Value::Empty]));
                hostile.facts.insert("agreement".to_owned(), Value::Bool(true));
                append(&store.0, &number.to_string(), vec![hostile]).await;
            }
        }
    }
    let rows = all_rows(&store.0, &projections).await;
    assert!(rows.iter().any(|(name, _)| name == projections.search_name()));
}

#[test]
fn ten_thousand_entries_in_a_case_have_rows() {
    let agreements = agreements(SHIPPED[0]);
    let begin = crate::support::at("2024-06-03T10:00");
    let entries = (0..10_000_u64).map(|number| {
        let happened = begin + SignedDuration::from_mins(i64::try_from(number).unwrap());
        let kind = KINDS[usize::try_from(number % 6).unwrap()];
        Entry { recorded: Some(happened), ..Entry::new("sak", kind, Position(2 * number + 1), happened) }
    });
    let mut log = CaseLog { case: "sak".to_owned(), entries: entries.collect() };
    for fact in ["kommunale-tjenester", "kommunalt-behov"] {
        log.entries[0].facts.insert(fact.to_owned(), Value::Bool(true));
    }
    log.entries[0].facts.insert("fagomrade".to_owned(), Value::text("somatikk"));
    let reading = CaseReading::kept(&agreements, &log);
    assert!(!reading.duties.is_empty(), "{:?}", reading.stay);
    assert_eq!(reading.search.entries, 10_000);
    assert_eq!(reading.search.log.len(), 1, "entries with few others between lie in one run");
}

#[test]
fn a_case_without_entries_has_a_reading() {
    let empty = CaseLog { case: "tom".to_owned(), entries: Vec::new() };
    let reading = CaseReading::kept(&agreements(SHIPPED[0]), &empty);
    assert!(reading.duties.is_empty() && !reading.is_open());
}

#[test]
fn of_several_agreements_a_case_follows_the_one_it_names_and_without_a_name_it_waits_for_a_person() {
    let both = Agreements::find(&SHIPPED.map(path_of)).unwrap();
    let mut first = entry("sak", "innlagt", "2024-06-03T10:00");
    let log = |entry: &Entry| CaseLog { case: "sak".to_owned(), entries: vec![entry.clone()] };
    let unnamed = CaseReading::kept(&both, &log(&first));
    assert!(unnamed.is_open() && unnamed.stay.agreement.is_none() && unnamed.duties.is_empty());
    for (said, agreement, other) in
        [("unn", Some("unn"), None), ("hmr", Some("hmr"), None), ("x", None, Some("x"))]
    {
        first.facts.insert("agreement".to_owned(), Value::text(said));
        let stay = CaseReading::kept(&both, &log(&first)).stay;
        assert_eq!((stay.agreement.as_deref(), stay.names_other.as_deref()), (agreement, other), "{said}");
    }
    let only = CaseReading::kept(&agreements(SHIPPED[0]), &log(&first)).stay;
    assert_eq!((only.agreement.as_deref(), only.names_other.as_deref()), (Some("unn"), Some("x")));
}
