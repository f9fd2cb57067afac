//! A small agreement whose course anyone can follow.

use jiff::Timestamp;
use samspill_agreement::{SourceFile, VersionSources, load, model::Agreement};
use samspill_base::{Position, columns::nanos};
use samspill_engine::{
    DutyStatus,
    watch::{Arrival, DueDuty, DutyChange, Event, Passed, Watch},
};

use crate::stated::watch;

pub(crate) const RULES: &str = r#"
[agreement]
id = "fjord"
name = "Avtale i Fjord"
in_force = 2020-01-01
[[party]]
id = "sykehus"
[[party]]
id = "kommune"
[[kind]]
id = "spor"
type = "message"
from = ["sykehus"]
to = ["kommune"]
[[kind]]
id = "svar"
type = "message"
from = ["kommune"]
to = ["sykehus"]
[[kind]]
id = "lukket"
type = "event"
from = ["sykehus"]
[[kind]]
id = "notat"
type = "event"
from = ["sykehus"]
[calendar]
zone = "Europe/Oslo"
[[duty]]
id = "svare"
clause = "1"
says = "The municipality answers within a day."
who = "kommune"
must = "svar"
after = "spor"
within = "24 hours"
waived_by = ["lukket"]
"#;

pub(crate) fn agreement(text: &str) -> Agreement {
    let file = SourceFile::new("2020-01-01/agreement.toml".to_owned(), text);
    let outcome = load(vec![VersionSources { folder_name: "2020-01-01".to_owned(), files: vec![file] }], &());
    match outcome.agreement {
        Some(agreement) => agreement,
        None => panic!("{:#?}", outcome.diagnostics),
    }
}

/// An hour of March 2024.
pub(crate) fn hour(hour: i64) -> Timestamp {
    "2024-03-01T00:00Z".parse::<Timestamp>().expect("an instant") + jiff::SignedDuration::from_hours(hour)
}

fn minute_after(at: Timestamp) -> Timestamp {
    at + jiff::SignedDuration::from_mins(1)
}

pub(crate) fn event<'e>(case: &'e str, kind: &'e str, position: u64, at: i64) -> Event<'e> {
    Event::new(case, kind, Position(position), nanos(hour(at)))
}

fn states(changes: &[DutyChange]) -> Vec<(Option<DutyStatus>, Option<DutyStatus>)> {
    changes.iter().map(|change| (change.before, change.after)).collect()
}

fn at(watch: &mut Watch, now: i64) {
    watch.advance(hour(now), |case, change| panic!("{case}: {change:?}"));
}

#[test]
fn a_question_opens_a_duty_and_an_answer_keeps_it() {
    let mut watch = watch(&agreement(RULES));
    at(&mut watch, 1);
    let opened = watch.take(&event("A", "spor", 1, 1));
    assert_eq!(states(opened.duties), [(None, Some(DutyStatus::Open))]);
    assert_eq!(opened.duties[0].trigger, Position(1));
    at(&mut watch, 25);
    let kept = watch.take(&event("A", "svar", 2, 25));
    assert_eq!(states(kept.duties), [(Some(DutyStatus::Open), Some(DutyStatus::Kept))]);
    assert_eq!(watch.due_between(Timestamp::MIN, Timestamp::MAX).count(), 0);
}

#[test]
fn a_limit_at_the_instant_itself_is_not_late_and_a_moment_later_it_is() {
    let mut watch = watch(&agreement(RULES));
    at(&mut watch, 1);
    watch.take(&event("A", "spor", 1, 1));
    let late = |watch: &Watch| watch.became_late(hour(0), Timestamp::MAX).count();
    at(&mut watch, 25);
    assert_eq!(late(&watch), 0);
    watch.advance(hour(25) + jiff::SignedDuration::from_nanos(1), |_, _| ());
    assert_eq!(late(&watch), 1);
    let told: Vec<DueDuty<'_>> = watch.due_between(hour(25), minute_after(hour(25))).collect();
    assert_eq!((told[0].due, told[0].case, told[0].passed), (hour(25), "A", Passed::Missed));
    assert_eq!(watch.due_between(hour(24), hour(25)).count(), 0, "the end is not in it");
    at(&mut watch, 30);
    let done = watch.take(&event("A", "svar", 2, 30));
    assert_eq!(states(done.duties), [(Some(DutyStatus::Missed), Some(DutyStatus::Late))]);
    assert_eq!(
        watch.became_late(hour(25), hour(30)).map(|due| due.passed).collect::<Vec<_>>(),
        [Passed::Late]
    );
    assert_eq!(watch.became_late(minute_after(hour(25)), hour(30)).count(), 0, "late since before");
}

#[test]
fn an_answer_that_was_written_down_late_goes_to_its_place() {
    let mut watch = watch(&agreement(RULES));
    at(&mut watch, 100);
    let missed = watch.take(&event("A", "spor", 1, 1));
    assert_eq!(states(missed.duties), [(None, Some(DutyStatus::Missed))]);
    let kept = watch.take(&event("A", "svar", 3, 20));
    assert_eq!(states(kept.duties), [(Some(DutyStatus::Missed), Some(DutyStatus::Kept))]);
    let second = watch.take(&event("A", "spor", 2, 15));
    assert_eq!(states(second.duties), [(None, Some(DutyStatus::Kept))]);
    assert_eq!(watch.positions("A").map(|position| position.0).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn what_happens_later_than_now_counts_when_its_time_has_come() {
    let mut watch = watch(&agreement(RULES));
    at(&mut watch, 1);
    assert_eq!(watch.take(&event("A", "spor", 1, 5)).duties, []);
    at(&mut watch, 4);
    let mut told = Vec::new();
    watch.advance(hour(5), |case, change| told.push((case.to_owned(), change.after)));
    assert_eq!(told, [("A".to_owned(), Some(DutyStatus::Open))]);
}

#[test]
fn the_same_position_twice_is_the_same_entry_and_another_one_there_is_refused() {
    let mut watch = watch(&agreement(RULES));
    at(&mut watch, 9);
    watch.take(&event("A", "spor", 1, 1));
    assert_eq!(watch.take(&event("A", "spor", 1, 1)).arrival, Arrival::Again);
    let other = watch.take(&event("A", "svar", 1, 2));
    assert_eq!((other.arrival, other.duties.len()), (Arrival::Contradicts, 0));
    assert_eq!(watch.undone("A"), 1);
    assert_eq!(watch.take(&event("B", "spor", 1, 1)).arrival, Arrival::New, "another case");
}

#[test]
fn a_kind_that_no_rule_names_changes_nothing_and_is_remembered() {
    let mut watch = watch(&agreement(RULES));
    at(&mut watch, 9);
    assert_eq!(watch.take(&event("A", "notat", 1, 1)).duties, []);
    assert_eq!(watch.take(&event("A", "ukjent", 2, 1)).duties, []);
    let evaluation = watch.explain("A", hour(9)).unwrap();
    assert_eq!((evaluation.set_aside.len(), watch.len()), (1, 1));
}

#[test]
fn a_case_of_ten_thousand_entries_says_what_a_short_one_says() {
    let mut watch = watch(&agreement(RULES));
    at(&mut watch, 20);
    watch.take(&event("A", "spor", 1, 1));
    for position in 2..10_000 {
        assert_eq!(watch.take(&event("A", "notat", position, 2)).duties, []);
    }
    let kept = watch.take(&event("A", "svar", 10_000, 3));
    assert_eq!(states(kept.duties), [(Some(DutyStatus::Open), Some(DutyStatus::Kept))]);
}
