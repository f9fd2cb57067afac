//! `samspill explain`: every language, and what it says when there is nothing to explain.

use crate::support::{samspill, stderr, stdout};

const ONE: [&str; 6] = ["explain", "examples/logg/ett-opphold.jsonl", "-a", "unn", "--case", "fjell-1"];

fn explain(more: &[&str]) -> String {
    stdout(&samspill(ONE.iter().chain(more)).success())
}

#[test]
fn a_duty_is_explained_with_clause_entries_and_limit() {
    let text = explain(&["--duty", "svar-utskrivningsklar"]);
    for part in [
        "Retningslinje 2 pkt. 4.1",
        "unn 2023-06-01",
        "oppføring 5",
        "fredag 7. juni 2024 kl. 15.00",
        "Vår tolkning 7",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_day_is_explained_in_three_languages() {
    for (language, part) in [
        ("nb", "mandag 10. juni 2024: betales"),
        ("nn", "måndag 10. juni 2024: blir betalt"),
        ("en", "Monday 10 June 2024: payable"),
    ] {
        let text = explain(&["--day", "2024-06-10", "--lang", language]);
        assert!(text.starts_with(part), "{text}");
    }
}

#[test]
fn a_day_that_is_not_paid_is_explained_too() {
    let text = explain(&["--day", "2024-06-08"]);
    assert!(text.contains("betales ikke") && text.contains("mandag 10. juni 2024"), "{text}");
}

#[test]
fn the_case_itself_can_name_its_agreement() {
    let run =
        samspill(["explain", "examples/logg/ett-opphold.jsonl", "--case", "fjell-1", "--day", "2024-06-10"]);
    assert_eq!(stdout(&run.success()), explain(&["--day", "2024-06-10"]));
}

#[test]
fn everything_is_explained_without_a_choice() {
    let text = explain(&[]);
    assert!(text.contains("Tidligmelding") && text.contains("6 timer 15 minutter for sent"), "{text}");
}

#[test]
fn what_is_not_there_is_said() {
    for (more, says) in [
        (&["--duty", "nonsense"][..], "is no duty of the agreement"),
        (&["--duty", "avmelding"], "was never triggered"),
        (&["--day", "2023-01-01"], "no meter says anything"),
        (&["--day", "tomorrow"], "is not a date"),
    ] {
        let run = samspill(ONE.iter().chain(more)).code(2);
        assert!(stderr(&run).contains(says), "{more:?}: {}", stderr(&run));
    }
}
