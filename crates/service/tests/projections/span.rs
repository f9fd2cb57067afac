//! A row read at an instant says what evaluating the case then says, as long as it says anything.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use samspill_base::CaseLog;
use samspill_engine::{Due, Evaluation};
use samspill_service::projections::{Agreements, CaseReading, DutyRow, FindingRow, MeterRow, Span, StatusAt};

use crate::{
    made_up,
    support::{SHIPPED, agreements, own_cases, recorded, shipped_log},
};

/// How often rows could tell, and how often they said that the case must be read anew.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    duties: usize,
    missed_by_the_clock: usize,
    days: usize,
    anew: usize,
}

/// The instants worth asking at: just before, at and just after everything that could matter, and some others.
fn instants(kept: &CaseReading, log: &CaseLog) -> BTreeSet<Timestamp> {
    let mut edges: BTreeSet<Timestamp> = kept.duties.iter().filter_map(|duty| duty.due.instant()).collect();
    edges.extend(
        [Some(kept.stay.span.as_of), kept.stay.span.until, kept.stay.days_span.until].into_iter().flatten(),
    );
    edges.extend(
        log.entries.iter().flat_map(|entry| [Some(entry.happened), entry.recorded, entry.received]).flatten(),
    );
    let near = edges.iter().flat_map(|at| [-1, 0, 1].map(|nanos| *at + SignedDuration::from_nanos(nanos)));
    let later = [1, 5, 23, 24, 30, 49, 200, 5_000]
        .map(|hours| kept.stay.span.as_of + SignedDuration::from_hours(hours));
    near.chain(later).collect()
}

fn check(agreements: &Agreements, log: &CaseLog, told: &mut Told) {
    let kept = CaseReading::kept(agreements, log);
    for now in instants(&kept, log) {
        let evaluation = agreements.evaluate(log, now).unwrap();
        let anew = CaseReading::at(agreements, log, now);
        check_duties(&kept, &anew, &evaluation, now, told);
        check_days(&kept, &anew, now, told);
    }
}

fn check_duties(
    kept: &CaseReading,
    anew: &CaseReading,
    evaluation: &Evaluation,
    now: Timestamp,
    told: &mut Told,
) {
    if !kept.stay.span.holds_at(now) {
        told.anew += 1;
        assert!(kept.duties.iter().all(|duty| duty.at(now) == StatusAt::ReadAnew));
        return;
    }
    let about = format!("{} at {now}", kept.stay.case);
    assert_eq!(kept.duties.len(), evaluation.duties.len(), "{about}");
    for (row, reading) in kept.duties.iter().zip(&evaluation.duties) {
        let is_same =
            (row.duty.as_str(), row.trigger.position) == (reading.duty.as_str(), reading.trigger.position.0);
        assert!(is_same, "{about}");
        assert_eq!(row.due.instant(), reading.due.instant(), "{about}: {}", row.duty);
        assert_eq!(row.at(now), StatusAt::Known(reading.status), "{about}: {} due {:?}", row.duty, row.due);
        told.duties += 1;
        told.missed_by_the_clock += usize::from(
            matches!(reading.due, Due::At(due) if kept.stay.span.as_of <= due && due < now)
                && reading.status == samspill_engine::DutyStatus::Missed,
        );
    }
    let phases = |reading: &CaseReading| reading.stay.phases.clone();
    assert_eq!(phases(kept), phases(anew), "{about}");
    assert_eq!(without_spans(&kept.duties), without_spans(&anew.duties), "{about}");
}

fn check_days(kept: &CaseReading, anew: &CaseReading, now: Timestamp, told: &mut Told) {
    if !kept.stay.days_span.holds_at(now) {
        return;
    }
    let about = format!("{} at {now}", kept.stay.case);
    assert_eq!(meters(kept), meters(anew), "{about}");
    assert_eq!(findings(kept), findings(anew), "{about}");
    told.days += 1;
}

const NO_SPAN: Span = Span { as_of: Timestamp::UNIX_EPOCH, until: None, is_fixed: false };

fn without_spans(duties: &[DutyRow]) -> Vec<DutyRow> {
    duties.iter().map(|duty| DutyRow { span: NO_SPAN, ..duty.clone() }).collect()
}

fn meters(reading: &CaseReading) -> Vec<MeterRow> {
    reading.meters.iter().map(|meter| MeterRow { span: NO_SPAN, ..meter.clone() }).collect()
}

/// Findings about the case as a whole are about the instant of reading.
fn findings(reading: &CaseReading) -> Vec<FindingRow> {
    let plain = |finding: &FindingRow| {
        let at = if finding.entry.is_some() { finding.at } else { Timestamp::UNIX_EPOCH };
        FindingRow { span: NO_SPAN, at, ..finding.clone() }
    };
    reading.findings.iter().map(plain).collect()
}

/// Every beginning of a log, as it was after each entry was recorded.
fn beginnings(log: &CaseLog) -> impl Iterator<Item = CaseLog> + '_ {
    (1..=log.entries.len())
        .map(|length| CaseLog { case: log.case.clone(), entries: log.entries[..length].to_vec() })
}

#[test]
fn rows_of_the_agreements_own_cases_say_at_any_instant_what_an_evaluation_says() {
    for agreement in SHIPPED {
        let (agreements, mut told) = (agreements(agreement), Told::default());
        for log in own_cases(agreement) {
            check(&agreements, &recorded(&log), &mut told);
        }
        assert!(
            told.duties > 2_000 && told.missed_by_the_clock > 200 && told.days > 500,
            "{agreement}: {told:?}"
        );
    }
}

#[test]
fn rows_of_made_up_stays_say_it_after_every_entry() {
    for agreement in SHIPPED {
        let (agreements, mut told) = (agreements(agreement), Told::default());
        for seed in 1..=25 {
            for log in beginnings(&made_up::stay(seed, 8)) {
                check(&agreements, &log, &mut told);
            }
        }
        assert!(
            told.duties > 500 && told.missed_by_the_clock > 20 && told.days > 300,
            "{agreement}: {told:?}"
        );
        assert!(told.anew > 100, "entries whose time has not come end spans: {told:?}");
    }
}

#[test]
fn a_case_that_says_as_of_when_it_is_read_says_the_same_at_every_instant() {
    let agreements = agreements(SHIPPED[0]);
    let mut fixed = 0;
    for log in shipped_log().iter().filter(|log| log.as_of().is_some()) {
        let kept = CaseReading::kept(&agreements, log);
        let evaluation = agreements.evaluate(log, log.as_of().unwrap()).unwrap();
        for now in [Timestamp::UNIX_EPOCH, log.as_of().unwrap(), "2200-01-01T00:00Z".parse().unwrap()] {
            let statuses: Vec<_> = kept.duties.iter().map(|duty| duty.at(now)).collect();
            let expected: Vec<_> =
                evaluation.duties.iter().map(|duty| StatusAt::Known(duty.status)).collect();
            assert_eq!(statuses, expected);
        }
        assert_eq!(kept.stay.next_change(Timestamp::UNIX_EPOCH), None);
        fixed += 1;
    }
    assert!(fixed > 5);
}
