//! Which downtime was known when.

use samspill_base::{Entry, Position, Value};
use samspill_service::downtime::{ChangeTo, DowntimeKind, NewPeriod, Periods, Sort, UnreadWhy, case_of};

use crate::given::{Kept, at, change_of, planned};

fn kept() -> Kept {
    Kept::with(&planned("2024-06-10T08:00", Some("2024-06-10T12:00")))
}

fn is_down(kept: &Kept, known: &str, then: &str) -> bool {
    kept.known(at(known)).at("Lindvik", at(then)).next().is_some()
}

#[test]
fn a_party_is_down_from_the_first_instant_and_no_longer_at_the_end() {
    let rows = [("07:59:59", false), ("08:00", true), ("11:59:59", true), ("12:00", false)];
    for (time, down) in rows {
        assert_eq!(is_down(&kept(), "2024-06-11T00:00", &format!("2024-06-10T{time}")), down, "{time}");
    }
    assert!(kept().known(at("2024-06-11T00:00")).at("Fjordheim", at("2024-06-10T09:00")).next().is_none());
}

#[test]
fn nobody_knew_before_it_was_written_down() {
    let then = "2024-06-10T09:00";
    assert!(!is_down(&kept(), "2024-06-03T09:29:59", then), "announced, and not yet registered");
    assert!(is_down(&kept(), "2024-06-03T09:30", then));
}

#[test]
fn an_end_that_is_typed_in_later_is_known_later_and_holds_from_when_it_was() {
    let open = NewPeriod {
        sort: Sort::Unplanned,
        recorded: at("2024-06-10T08:10"),
        ..planned("2024-06-10T08:00", None)
    };
    let ended = change_of("c1", ChangeTo::Ended(at("2024-06-10T10:00")), "2024-06-10T14:00");
    let kept = Kept::with(&open).changed(&ended);
    assert!(is_down(&kept, "2024-06-10T13:59", "2024-06-10T11:00"), "as far as anybody knew");
    assert!(!is_down(&kept, "2024-06-10T14:00", "2024-06-10T11:00"));
    assert!(is_down(&kept, "2024-06-10T14:00", "2024-06-10T09:59"));
}

#[test]
fn the_latest_change_holds_and_all_entries_are_named() {
    let span = |until: &str| ChangeTo::Span {
        announced: at("2024-06-10T11:00"),
        from: at("2024-06-10T08:00"),
        until: Some(at(until)),
    };
    let kept = kept()
        .changed(&change_of("c1", span("2024-06-10T14:00"), "2024-06-10T11:00"))
        .changed(&change_of("c2", span("2024-06-10T15:00"), "2024-06-10T13:00"));
    let until = |known: &str| kept.known(at(known)).get("ned-1").unwrap().until.unwrap();
    assert_eq!(until("2024-06-10T10:59"), at("2024-06-10T12:00"));
    assert_eq!(until("2024-06-10T11:00"), at("2024-06-10T14:00"));
    assert_eq!(until("2024-06-10T13:00"), at("2024-06-10T15:00"));
    let periods = kept.known(at("2024-06-11T00:00"));
    assert_eq!(periods.get("ned-1").unwrap().used, [1, 2, 3].map(Position));
}

#[test]
fn withdrawn_downtime_counts_for_nothing_from_then_on() {
    let kept = kept().changed(&change_of("c1", ChangeTo::Withdrawn, "2024-06-09T10:00"));
    assert!(is_down(&kept, "2024-06-09T09:59", "2024-06-10T09:00"));
    assert!(!is_down(&kept, "2024-06-09T10:00", "2024-06-10T09:00"));
    assert_eq!(kept.known(at("2024-06-10T00:00")).all().len(), 1, "it is still shown");
}

#[test]
fn downtime_stands_in_a_case_of_its_own_with_kinds_in_norwegian() {
    let entry = &kept().0[0];
    assert_eq!((entry.case.as_str(), entry.kind.as_str()), ("nedetid:lindvik", "nedetid-varslet"));
    assert_eq!(entry.happened, at("2024-06-03T09:00"));
    assert_eq!(entry.recorded, Some(at("2024-06-03T09:30")));
    assert_eq!(entry.field("fra"), Some(&Value::text("2024-06-10T08:00:00+02:00")));
    assert_eq!(case_of("Øvre Æsdal & Å kommune "), "nedetid:ovre-aesdal-a-kommune");
    for kind in DowntimeKind::ALL {
        assert_eq!(DowntimeKind::called(kind.as_str()), Some(kind));
    }
}

#[test]
fn what_cannot_be_used_is_named_and_the_rest_is_read() {
    let mut kept = kept();
    let mut entries = vec![kept.0[0].clone(), Entry { id: None, ..kept.0[0].clone() }];
    let mut lost = Entry::new("nedetid:lindvik", "nedetid-sluttet", Position(0), at("2024-06-10T09:00"));
    lost.body = Some([("gjelder".to_owned(), Value::text("ned-9"))].into());
    entries.push(lost);
    entries.push(Entry::new("opphold-1", "innlagt", Position(0), at("2024-06-10T09:00")));
    kept.append(entries);
    let periods = Periods::of(&kept.0, at("2024-06-11T00:00"));
    let why: Vec<UnreadWhy> = periods.unread().iter().map(|unread| unread.why).collect();
    assert_eq!(why, [UnreadWhy::Repeats, UnreadWhy::Incomplete, UnreadWhy::NamesNothing]);
    assert_eq!(periods.all().len(), 1);
}
