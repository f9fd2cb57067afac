//! What hangs together, and what was decided.

use samspill_store::{Direction, MessageNumber, NewMessage, Related, Store, StoreError, Tx};

use crate::{
    bench::{Bench, on_both},
    samples::{at, decision, incoming, nord, ties},
};

/// Keeps a message with each of these ties.
async fn kept(store: &Store, all: &[&[&str]]) {
    let mut tx = store.begin(&nord()).await.unwrap();
    for (some, number) in all.iter().zip(1..) {
        let message = NewMessage { ties: ties(some), ..incoming(&format!("m{number}")) };
        assert_eq!(tx.keep_message(&message).await.unwrap(), MessageNumber(number));
    }
    tx.commit().await.unwrap();
}

/// The numbers of what hangs together, and a mark where it is cut.
async fn related(tx: &mut Tx, from: &[&str], limit: usize) -> String {
    let Related { messages, is_cut } = tx.related(&ties(from), limit).await.unwrap();
    assert!(messages.len() <= limit);
    let mut numbers: Vec<_> = messages.iter().map(|message| message.number.to_string()).collect();
    numbers.extend(is_cut.then(|| "…".to_owned()));
    numbers.join(" ")
}

async fn check(tx: &mut Tx, rows: &[(&[&str], usize, &str)]) {
    for (from, limit, expected) in rows {
        assert_eq!(related(tx, from, *limit).await, *expected, "{from:?} {limit}");
    }
}

on_both! {
    async fn ties_lead_from_message_to_message_to_the_end(bench: Bench) {
        let store = bench.open().await;
        kept(&store, &[&["a", "b"], &["b", "c"], &["x"], &["c", "d"], &["d"], &["x", "y"], &[]]).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        check(&mut tx, &[
            (&["a"], 10, "1 2 4 5"),
            (&["d"], 10, "1 2 4 5"),
            (&["x"], 10, "3 6"),
            (&["a", "x"], 10, "1 2 3 4 5 6"),
            (&["z"], 10, ""),
            (&[], 10, ""),
        ]).await;
    }

    async fn an_answer_is_cut_at_the_limit_and_says_so(bench: Bench) {
        let store = bench.open().await;
        kept(&store, &[&["a", "b"], &["b", "c"], &["c", "d"], &["d"]]).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        check(&mut tx, &[
            (&["a"], 5, "1 2 3 4"),
            (&["a"], 4, "1 2 3 4"),
            (&["a"], 3, "1 2 3 …"),
            (&["a"], 1, "1 …"),
            (&["a"], 0, "…"),
            (&["z"], 0, ""),
        ]).await;
    }

    /// More ties and messages than are asked for in one statement.
    async fn many_ties_and_messages_are_all_found(bench: Bench) {
        let store = bench.open().await;
        let names: Vec<Vec<String>> = (0..100).map(|it| vec![format!("t{it}"), format!("t{}", it + 1)]).collect();
        let names: Vec<Vec<&str>> = names.iter().map(|some| some.iter().map(String::as_str).collect()).collect();
        kept(&store, &names.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
        let wide: Vec<String> = (0..100).map(|it| format!("t{it}")).collect();
        let mut tx = store.begin(&nord()).await.unwrap();
        let all = (1..=100).map(|it| it.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(related(&mut tx, &["t50"], 100).await, all);
        assert_eq!(related(&mut tx, &wide.iter().map(String::as_str).collect::<Vec<_>>(), 100).await, all);
        assert!(related(&mut tx, &["t50"], 99).await.ends_with('…'));
        assert_eq!(related(&mut tx, &["t0"], 2).await, "1 2 …", "the nearest are given");
    }

    async fn one_tie_with_many_messages_is_cut(bench: Bench) {
        let store = bench.open().await;
        kept(&store, &[&["a"] as &[&str]; 40]).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        assert_eq!(related(&mut tx, &["a"], 3).await, "1 2 3 …");
        assert!(!related(&mut tx, &["a"], 40).await.ends_with('…'));
    }

    async fn a_receipt_is_found_from_its_message_and_the_message_from_its_receipt(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let message = NewMessage { direction: Direction::Out, ties: ties(&["m", "pasient"]), ..incoming("m") };
        tx.keep_message(&message).await.unwrap();
        let receipt = NewMessage { about: Some("m".to_owned()), ties: ties(&[]), ..incoming("k") };
        tx.keep_message(&receipt).await.unwrap();
        let other = NewMessage { about: Some("n".to_owned()), ties: ties(&[]), ..incoming("l") };
        tx.keep_message(&other).await.unwrap();
        check(&mut tx, &[(&["pasient"], 9, "1 2"), (&["m"], 9, "1 2"), (&["n"], 9, "3"), (&["k"], 9, "")]).await;
    }

    async fn more_bytes_than_are_read_at_once_cut_the_answer(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let a_third = usize::try_from(Related::BYTES_MAX / 3).unwrap() + 1;
        for (number, tied) in [("a", &["x"][..]), ("b", &["x"]), ("c", &["x", "y"])] {
            let message = NewMessage { bytes: vec![b'm'; a_third], ties: ties(tied), ..incoming(number) };
            tx.keep_message(&message).await.unwrap();
        }
        let found = tx.related(&ties(&["x"]), 9).await.unwrap();
        assert_eq!((found.messages.len(), found.is_cut), (2, true));
        let found = tx.related(&ties(&["y"]), 9).await.unwrap();
        assert_eq!((found.messages.len(), found.is_cut), (2, true), "c, a, and no room for b");
        drop(tx);
    }

    async fn persons_that_are_the_same_by_decision_are_taken_for_one(bench: Bench) {
        let store = bench.open().await;
        kept(&store, &[&["ola"], &["ukjent"], &["annen"]]).await;
        let mut tx = store.begin(&nord()).await.unwrap();
        check(&mut tx, &[(&["ola"], 9, "1"), (&["ukjent"], 9, "2")]).await;
        assert_eq!(tx.decide(&decision("same-person", "ukjent", "mellomledd")).await.unwrap(), 1);
        assert_eq!(tx.decide(&decision("same-person", "ola", "mellomledd")).await.unwrap(), 2);
        assert_eq!(tx.decide(&decision("stay", "ola", "annen")).await.unwrap(), 3);
        check(&mut tx, &[(&["ola"], 9, "1 2"), (&["ukjent"], 9, "1 2"), (&["mellomledd"], 9, "1 2"), (&["annen"], 9, "3")]).await;
    }

    async fn decisions_are_read_in_their_order_by_what_they_are_about(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        for number in 0..50 {
            tx.decide(&decision("answer", &format!("s{}", number % 25), &number.to_string())).await.unwrap();
        }
        let read = |found: Vec<samspill_store::KeptDecision>| found.into_iter().map(|it| (it.number, it.subject, it.value)).collect::<Vec<_>>();
        let found = read(tx.decisions(&ties(&["s3", "s1", "nobody"])).await.unwrap());
        let expected = [(2, "s1", "1"), (4, "s3", "3"), (27, "s1", "26"), (29, "s3", "28")];
        assert_eq!(found, expected.map(|(number, subject, value)| (number, subject.to_owned(), value.to_owned())));
        let all: Vec<String> = (0..25).map(|it| format!("s{it}")).collect();
        let found = read(tx.decisions(&all.into_iter().collect()).await.unwrap());
        assert!(found.iter().map(|(number, ..)| *number).eq(1..=50));
        assert!(tx.decisions(&ties(&[])).await.unwrap().is_empty());
        let one = tx.decisions(&ties(&["s0"])).await.unwrap().remove(0);
        assert_eq!((one.what.as_str(), one.by.as_str(), one.at, one.why.as_str()), ("answer", "Kari", at("2025-03-28T15:00:00Z"), "spurt på telefon"));
        let error = tx.decide(&decision("", "a", "b")).await.unwrap_err();
        assert!(matches!(error, StoreError::Name(_)), "{error}");
        tx.commit().await.unwrap();
    }
}
