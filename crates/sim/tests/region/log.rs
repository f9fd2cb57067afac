//! The log of a region, read under an agreement.

use std::{collections::BTreeMap, sync::Arc};

use samspill_base::{CaseLog, Entry, Position};
use samspill_engine::evaluate;
use samspill_sim::{World, whole, whole_of};

fn cases(log: Vec<Entry>) -> Vec<CaseLog> {
    let mut cases: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in log {
        cases.entry(entry.case.clone()).or_default().push(entry);
    }
    cases.into_iter().map(|(case, entries)| CaseLog { case, entries }).collect()
}

/// How the duties of a log went, by duty and status; and days that are paid for.
fn outcome(log: Vec<Entry>) -> (BTreeMap<(String, &'static str), usize>, usize) {
    let agreement = samspill_shelf::find("unn").unwrap()[0].load().agreement.unwrap();
    let as_of = "2026-12-31T12:00:00Z".parse().unwrap();
    let (mut duties, mut days) = (BTreeMap::new(), 0);
    for case in cases(log) {
        let read = evaluate(&agreement, &case, as_of);
        assert!(
            read.set_aside.iter().all(|it| matches!(it.why, samspill_engine::SetAsideWhy::Cancelled { .. })),
            "{case:?} {:?}",
            read.set_aside
        );
        for duty in &read.duties {
            *duties.entry((duty.duty.as_str().to_owned(), duty.status.as_str())).or_default() += 1;
        }
        days += read.meters.iter().flat_map(|it| &it.days).filter(|day| day.status.counts()).count();
    }
    (duties, days)
}

#[test]
fn stays_read_under_an_agreement_with_some_kept_some_late_and_some_missing() {
    let log = whole(1, 60);
    let count = cases(log.clone()).len();
    let (duties, days) = outcome(log);
    println!("{count} stays, {days} days paid for");
    for ((duty, status), count) in &duties {
        println!("{duty:28} {status:10} {count}");
    }
    let share = |duty: &str, status: &str| {
        let all: usize = duties.iter().filter(|((it, _), _)| it == duty).map(|(_, count)| count).sum();
        1000 * duties.get(&(duty.to_owned(), statuses(status))).copied().unwrap_or_default() / all.max(1)
    };
    for duty in ["innleggelsesrapport", "tidligmelding", "svar-utskrivningsklar"] {
        assert!((600..=970).contains(&share(duty, "kept")), "{duty}: {} kept", share(duty, "kept"));
        assert!((10..=350).contains(&share(duty, "late")), "{duty}: {} late", share(duty, "late"));
        assert!((1..=250).contains(&share(duty, "missed")), "{duty}: {} missed", share(duty, "missed"));
    }
    assert!(days > 100, "{days}");
}

fn statuses(name: &str) -> &'static str {
    ["kept", "late", "missed"].into_iter().find(|it| *it == name).unwrap()
}

/// Nothing of one stay lies after its end, but for what belongs there.
#[test]
fn no_stay_goes_on_after_its_end() {
    for case in cases(whole(4, 30)) {
        let ended = case.entries.iter().filter(|it| ["utskrevet", "dodsfall"].contains(&it.kind.as_str()));
        let Some(end) = ended.map(|it| it.happened).min() else { continue };
        let after = case.entries.iter().filter(|it| it.happened > end).map(|it| it.kind.as_str());
        let late: Vec<&str> = after
            .filter(|kind| {
                ["melding-om-innlagt-pasient", "tidligmelding", "utskrivningsklar", "avmelding"]
                    .contains(kind)
            })
            .collect();
        assert!(late.is_empty(), "{}: {late:?}", case.case);
    }
}

#[test]
fn every_kind_of_turn_is_taken() {
    let log = whole(1, 120);
    let has = |kind: &str| log.iter().filter(|it| it.kind == kind).count();
    for kind in [
        "innlagt",
        "melding-om-innlagt-pasient",
        "innleggelsesrapport",
        "behov-oppdaget",
        "tidligmelding",
        "helseopplysninger",
        "samarbeidsmote",
        "moteoppsummering",
        "utskrivningsklar",
        "svar-utskrivningsklar",
        "avmelding",
        "foresporsel",
        "feil-i-melding",
        "kansellering",
        "utskrevet",
        "dodsfall",
        "epikrise",
        "utskrivningsrapport",
    ] {
        assert!(has(kind) > 0, "{kind}");
    }
    assert!(log.iter().any(|it| it.case.ends_with("-2")), "somebody is back");
    assert!(log.iter().any(|it| it.field("erstatter").is_some()), "something is changed");
}

#[test]
fn entries_lie_in_the_order_in_which_they_were_sent_and_are_numbered() {
    let log = whole(1, 20);
    let sent = |it: &Entry| it.sent.unwrap_or(it.happened);
    assert!(log.is_sorted_by_key(sent));
    assert!((1..).zip(&log).all(|(number, it)| it.position == Position(number)));
    let mut ids: Vec<_> = log.iter().filter_map(|it| it.id.clone()).collect();
    assert_eq!(ids.len(), log.len());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), log.len(), "no id is given twice");
}

#[test]
fn a_year_of_a_region_is_made_to_its_end() {
    let world = Arc::new(World::new(1, 365));
    let log = whole_of(&world);
    println!("{} entries", log.len());
    assert!(log.len() > 30_000, "{}", log.len());
}
