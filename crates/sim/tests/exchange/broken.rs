//! What is broken on purpose is found: the checks can fail.

use samspill_sim::exchange::{Check, Defect, Failure, Shape, run};

/// The first failure of some seeds with something broken.
fn found(defect: Defect) -> Failure {
    let shape = Shape { defect: Some(defect), ..Shape::short(1) };
    let mut failures = (1..=6).filter_map(|seed| run(seed, &shape).err());
    failures.next().unwrap_or_else(|| panic!("{defect:?} is not found"))
}

#[test]
fn a_line_that_loses_for_ever_is_found() {
    let failure = found(Defect::LosesForEver(25));
    assert!([Check::TakenOnce, Check::Receipts].contains(&failure.check), "{failure}");
    assert!(failure.message.is_some() && failure.day.is_some(), "{failure}");
}

#[test]
fn a_receiver_that_forgets_what_came_is_found() {
    let failure = found(Defect::ForgetsWhatCame);
    assert_eq!(failure.check, Check::CountedOnce, "{failure}");
}

#[test]
fn a_node_that_hears_nothing_of_corrections_is_found() {
    let failure = found(Defect::ForgetsCorrections);
    assert!([Check::Log, Check::Sides].contains(&failure.check), "{failure}");
}

#[test]
fn a_failure_names_its_seed_day_message_and_check() {
    let failure = found(Defect::ForgetsWhatCame);
    let text = failure.to_string();
    assert!(text.starts_with(&format!("seed {}, 20", failure.seed)), "{text}");
    assert!(text.contains(failure.message.as_ref().unwrap()) && text.contains("CountedOnce"), "{text}");
}
