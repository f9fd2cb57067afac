//! Lists of a community, as of an instant.

use jiff::{SignedDuration, Timestamp, civil::date};
use samspill_base::Value;
use samspill_engine::{DayStatus, DutyStatus};
use samspill_service::projections::{Board, DueRow, DutyFilter, Paging, Projections, Standing, StatusAt};
use samspill_store::Store;

use crate::{
    made_up::stay,
    support::{Bench, SHIPPED, agreements, append, entry, logs, nord},
};

const ALL: Paging = Paging { skip: 0, limit: usize::MAX };

async fn made_up(bench: &Bench, projections: &Projections) -> Store {
    let store = bench.open(projections).await;
    for seed in 1..=20 {
        append(&store, &seed.to_string(), stay(seed, 7).entries).await;
    }
    store
}

/// Instants after everything was recorded, through days and limits.
fn instants() -> impl Iterator<Item = Timestamp> {
    let begin = crate::support::at("2024-06-01T00:00");
    [0, 7, 24, 100, 2_000].into_iter().map(move |hours| begin + SignedDuration::from_hours(hours))
}

#[tokio::test(flavor = "multi_thread")]
async fn open_duties_are_those_of_evaluating_every_case_by_limit() {
    let (bench, projections) = (Bench::new(), Projections::new(agreements(SHIPPED[0])));
    let store = made_up(&bench, &projections).await;
    let community = nord();
    let board = Board { store: &store, community: &community, projections: &projections };
    for now in instants() {
        for (standing, wanted) in
            [(Standing::Open, DutyStatus::Open), (Standing::Overdue, DutyStatus::Missed)]
        {
            let filter = DutyFilter { standing, ..DutyFilter::default() };
            let listed = board.open_duties(&filter, now, ALL).await.unwrap();
            let mut expected = 0;
            for log in logs(&store).await.values() {
                let evaluation = projections.agreements().evaluate(log, now).unwrap();
                let undone =
                    evaluation.duties.iter().filter(|duty| duty.status == wanted && duty.closed.is_none());
                expected += undone.count();
            }
            assert_eq!(listed.total, expected, "{standing:?} at {now}");
            assert!(listed.rows.is_sorted_by_key(|duty| duty.due));
            assert!(listed.rows.iter().all(|duty| duty.at(now) == StatusAt::Known(wanted)));
            let second = board.open_duties(&filter, now, Paging { skip: 1, limit: 2 }).await.unwrap();
            assert_eq!(
                (second.total, &second.rows[..]),
                (expected, listed.rows.get(1..3.min(expected)).unwrap_or(&[]))
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn payers_owe_what_the_days_of_all_cases_come_to() {
    let (bench, projections) = (Bench::new(), Projections::new(agreements(SHIPPED[0])));
    let store = made_up(&bench, &projections).await;
    let community = nord();
    let board = Board { store: &store, community: &community, projections: &projections };
    let (first, last) = (date(2024, 5, 15), date(2024, 6, 10));
    for now in instants() {
        let (mut days, mut amount) = (0, 0);
        for log in logs(&store).await.values() {
            let evaluation = projections.agreements().evaluate(log, now).unwrap();
            let meters = evaluation.meters.iter().flat_map(|meter| &meter.days);
            let within = meters
                .filter(|day| day.status != DayStatus::NotPayable && (first..=last).contains(&day.date));
            for day in within {
                days += 1;
                amount += day.amount.map_or(0, |amount| amount.0);
            }
        }
        let totals = board.payers((first, last), now).await.unwrap();
        assert_eq!(totals.iter().map(|total| total.days).sum::<u64>(), days, "at {now}");
        assert_eq!(totals.iter().map(|total| total.amount_ore).sum::<i64>(), amount, "at {now}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_shows_who_must_act_next_and_when_time_alone_changes_a_case() {
    let (bench, projections) = (Bench::new(), Projections::new(agreements(SHIPPED[0])));
    let store = bench.open(&projections).await;
    let community = nord();
    let board = Board { store: &store, community: &community, projections: &projections };
    let mut first = entry("fjell-1", "innlagt", "2024-06-03T10:00");
    first.person = Some("01815012345".to_owned());
    for (fact, value) in [("kommunale-tjenester", true), ("kommunalt-behov", true)] {
        first.facts.insert(fact.to_owned(), Value::Bool(value));
    }
    first.facts.insert("fagomrade".to_owned(), Value::text("somatikk"));
    append(&store, "1", vec![first]).await;
    let now = crate::support::at("2024-06-03T10:30");
    let stays = board.stays(now, ALL).await.unwrap();
    let next = stays.rows[0].next_duty(now).unwrap();
    let is_first = (next.due, next.holder.as_str()) == (DueRow::AtOnce, "sykehus");
    assert!(stays.rows[0].is_going_on && is_first, "{next:?}");
    let limits = stays.rows[0].undone.iter().filter_map(|duty| duty.due.instant());
    let passes = limits.min().unwrap() + SignedDuration::from_nanos(1);
    let changing = board.changing(now, crate::support::at("2030-01-01T00:00")).await.unwrap();
    assert_eq!(changing, [(passes, "fjell-1".to_owned())]);
    assert_eq!(board.changing(now, passes).await.unwrap(), []);
    let found = board.search("FJELL 0181501 innlagt", Paging::default()).await.unwrap();
    assert_eq!((found.total, found.rows[0].case.as_str()), (1, "fjell-1"));
    assert_eq!(board.search("fjell finnes-ikke", ALL).await.unwrap().total, 0);
    let before = board.case("fjell-1", crate::support::at("2024-06-03T09:59")).await.unwrap();
    assert!(before.duties.is_empty(), "nobody had heard of it");
    assert!(!board.case("fjell-1", now).await.unwrap().duties.is_empty());
}
