//! Whom a stay is about.

use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_service::projections::{Board, CaseReading, Paging, Projections, persons_of};

use crate::support::{Bench, SHIPPED, agreements, append, at, entry, nord};

const ALL: Paging = Paging { skip: 0, limit: usize::MAX };

/// Entries of a stay, in the order of the log: a name, a person, and the name of what it cancels; `""` where there is none.
fn stay(entries: &[(&str, &str, &str)]) -> Vec<Entry> {
    let made = entries.iter().zip(1..).map(|((id, person, cancels), position)| {
        let kind = if cancels.is_empty() { "innlagt" } else { "kansellering" };
        let mut made = entry("A", kind, &format!("2024-05-13T{:02}:00", 8 + position));
        (made.id, made.position) = (Some((*id).to_owned()), Position(position));
        made.person = Some((*person).to_owned()).filter(|person| !person.is_empty());
        made.body = (!cancels.is_empty()).then(|| [("gjelder".to_owned(), Value::text(*cancels))].into());
        made
    });
    made.collect()
}

#[test]
fn the_latest_entry_that_counts_says_whom_a_stay_is_about() {
    let agreements = agreements(SHIPPED[0]);
    let check = |entries: &[(&str, &str, &str)], persons: &[&str]| {
        assert_eq!(agreements.persons_of(&stay(entries)), persons, "{entries:?}");
        assert_eq!(persons_of(agreements.all(), &stay(entries)), persons, "{entries:?}");
    };
    check(&[], &[]);
    check(&[("1", "", "")], &[]);
    check(&[("1", "b", "")], &["b"]);
    check(&[("1", "b", ""), ("2", "a", "")], &["a", "b"]);
    check(&[("1", "a", ""), ("2", "b", ""), ("3", "", "")], &["b", "a"]);
    check(&[("1", "a", ""), ("2", "b", ""), ("3", "a", "")], &["a", "b"]);
    // What was cancelled says nothing, and what cancels it doesn't either.
    check(&[("1", "a", ""), ("2", "b", ""), ("3", "b", "2")], &["a"]);
    check(&[("1", "a", ""), ("2", "a", "1"), ("3", "b", "")], &["b"]);
    check(&[("1", "a", ""), ("2", "a", "1")], &[]);
    // A cancellation that was cancelled holds no more.
    check(&[("1", "a", ""), ("2", "a", "1"), ("3", "a", "2")], &["a"]);
    check(&[("1", "a", ""), ("2", "b", "none")], &["a"]);
}

#[test]
fn what_puts_an_earlier_day_right_is_the_latest() {
    let mut entries = stay(&[("1", "a", ""), ("2", "b", "")]);
    entries[1].happened = at("2024-05-12T08:00");
    assert_eq!(agreements(SHIPPED[0]).persons_of(&entries), ["b", "a"]);
}

#[test]
fn a_row_of_a_search_names_whom_the_stay_is_about_and_knows_whom_it_named() {
    let agreements = agreements(SHIPPED[0]);
    let entries = stay(&[("1", "wrong", ""), ("2", "wrong", "1"), ("3", "right", "")]);
    let log = CaseLog { case: "A".to_owned(), entries };
    let row = CaseReading::at(&agreements, &log, at("2024-05-14T08:00")).search;
    assert_eq!(row.persons, ["right"]);
    assert_eq!(row.named.iter().collect::<Vec<_>>(), ["right", "wrong"]);
    assert!(row.matches("right") && !row.matches("wrong"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_is_about_its_person_and_names_all_that_it_named() {
    let (bench, projections) = (Bench::new(), Projections::new(agreements(SHIPPED[0])));
    let store = bench.open(&projections).await;
    append(&store, "1", stay(&[("1", "wrong", ""), ("2", "wrong", "1"), ("3", "right", "")])).await;
    let community = nord();
    let board = Board { store: &store, community: &community, projections: &projections };
    for (person, about, naming) in [("right", 1, 1), ("wrong", 0, 1), ("other", 0, 0)] {
        let found = board.about(&[person.to_owned()].into(), ALL).await.unwrap();
        assert_eq!(
            (found.rows.len(), board.naming(person).await.unwrap().len()),
            (about, naming),
            "{person}"
        );
    }
}
