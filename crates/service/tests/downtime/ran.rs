//! Duties that ran in downtime. Under HMR the municipality answers within 3 open hours: a notice at 10 on a Monday is due at 13.

use samspill_agreement::model::Language;
use samspill_engine::{DutyStatus, evaluate};
use samspill_service::downtime::{Bearing, Downtime, DutyDowntime, NewPeriod, Parties, Side, annotate};

use crate::given::{Kept, agreement, at, book, planned, stay};

const NOTICE: [&str; 3] =
    ["2024-06-03T10:00 innlagt", "2024-06-03T12:00 tidligmelding", "2024-06-10T10:00 utskrivningsklar"];

/// What downtime there was of the duty to answer, read at 16 on the day, perhaps with an answer.
fn reply_in(down: &NewPeriod, answer: Option<&str>) -> (Vec<DutyDowntime>, Vec<String>) {
    let agreement = agreement("hmr");
    let answer = answer.map(|time| format!("2024-06-10T{time} svar-utskrivningsklar"));
    let lines: Vec<&str> = NOTICE.into_iter().chain(answer.as_deref()).collect();
    let log = stay(&agreement, &lines);
    let as_of = at("2024-06-10T16:00");
    let evaluation = evaluate(&agreement, &log, as_of);
    let book = book();
    let parties = Parties::of(&log, agreement.newest(), &book);
    let found = annotate(&agreement, &evaluation, &Kept::with(down).known(as_of), &parties, &book);
    let found: Vec<_> =
        found.into_iter().filter(|found| found.duty.as_str() == "svar-utskrivningsklar").collect();
    let said = found.iter().flat_map(|it| it.explain(&agreement, &evaluation, Language::Bokmal)).collect();
    (found, said)
}

#[track_caller]
fn check(from: &str, until: &str, answer: Option<&str>, wanted: Option<(DutyStatus, Bearing, i64, i64)>) {
    let day = |time: &str| format!("2024-06-10T{time}");
    let (found, _) = reply_in(&planned(&day(from), Some(&day(until))), answer);
    let found: Vec<_> = found
        .iter()
        .map(|it| (it.status, it.bearing, it.before_due.as_mins(), it.after_due.as_mins()))
        .collect();
    assert_eq!(found, Vec::from_iter(wanted), "{from}–{until}, answer {answer:?}");
}

#[test]
fn a_missed_duty_is_shown_with_the_downtime_that_its_limit_fell_in() {
    use {
        Bearing::{AfterDue, DueWithin, RanWithin},
        DutyStatus::Missed,
    };
    check("09:00", "10:00", None, None);
    check("09:00", "10:01", None, Some((Missed, RanWithin, 1, 0)));
    check("11:00", "13:00", None, Some((Missed, RanWithin, 120, 0)));
    check("11:00", "13:01", None, Some((Missed, DueWithin, 120, 1)));
    check("12:59", "14:00", None, Some((Missed, DueWithin, 1, 60)));
    check("13:00", "14:00", None, Some((Missed, AfterDue, 0, 60)));
    check("15:59", "17:00", None, Some((Missed, AfterDue, 0, 1)));
    check("16:00", "17:00", None, None);
}

#[test]
fn time_ends_when_the_duty_is_done() {
    use {
        Bearing::DueWithin,
        DutyStatus::{Kept, Late},
    };
    check("11:59", "15:00", Some("12:00"), Some((Kept, DueWithin, 1, 0)));
    check("12:00", "15:00", Some("12:00"), None);
    check("12:00", "15:00", Some("13:00"), Some((Kept, DueWithin, 60, 0)));
    check("12:00", "15:00", Some("13:30"), Some((Late, DueWithin, 60, 30)));
    check("13:30", "15:00", Some("13:30"), None);
}

#[test]
fn the_verdict_stays_what_it_was() {
    let agreement = agreement("hmr");
    let log = stay(&agreement, &NOTICE);
    let evaluation = evaluate(&agreement, &log, at("2024-06-10T16:00"));
    let before = evaluation.clone();
    let (found, said) = reply_in(&planned("2024-06-10T12:00", Some("2024-06-10T15:00")), None);
    assert_eq!(evaluation, before);
    assert_eq!(found[0].status, DutyStatus::Missed);
    assert!(said.iter().any(|line| line.starts_with("Bruddet står")), "{said:#?}");
}

#[test]
fn downtime_is_explained_with_clause_period_and_entries() {
    let (_, said) = reply_in(&planned("2024-06-10T12:00", Some("2024-06-10T15:00")), None);
    let wanted = [
        "Svar på melding om utskrivningsklar pasient (Delavtale 1 pkt. 1.4 e; forskriften § 11): Forfalt i registrert nedetid hos Lindvik.",
        "Hos Lindvik var det planlagt nedetid fra mandag 10. juni 2024 kl. 12.00 til mandag 10. juni 2024 kl. 15.00: Oppgradering av fagsystemet. Varslet mandag 3. juni 2024 av Drift, Lindvik kommune.",
        "Det gjelder den som har plikten, fra mandag 10. juni 2024 kl. 12.00 til mandag 10. juni 2024 kl. 15.00.",
        "Av tiden før fristen lå 1 time i nedetiden.",
        "Av tiden etter fristen lå 2 timer i nedetiden.",
        "Bruddet står: avtalen lar ikke nedetid flytte fristen.",
        "Kan meldingen ikke sendes elektronisk, gis opplysningene på en annen forsvarlig måte. (Forskrift 2015-07-01 nr. 853 § 6 siste ledd)",
        "Grunnlag: oppføring 3 i saken, og 1 om nedetiden.",
    ];
    assert_eq!(said, wanted);
}

#[test]
fn the_receivers_downtime_is_told_apart_from_the_holders() {
    let of_hospital =
        NewPeriod { party: "Fjordheim".to_owned(), ..planned("2024-06-10T12:00", Some("2024-06-10T15:00")) };
    let (found, said) = reply_in(&of_hospital, None);
    assert_eq!(found[0].side, Side::Receiver);
    assert!(said[0].ends_with("Forfalt i registrert nedetid hos Fjordheim."), "{}", said[0]);
    assert!(said[2].starts_with("Det gjelder mottakeren"), "{}", said[2]);
}

#[test]
fn downtime_that_nobody_had_registered_yet_is_not_shown() {
    let late = NewPeriod {
        recorded: at("2024-06-10T16:01"),
        ..planned("2024-06-10T12:00", Some("2024-06-10T15:00"))
    };
    assert!(reply_in(&late, None).0.is_empty());
    assert_eq!(reply_in(&NewPeriod { recorded: at("2024-06-10T16:00"), ..late }, None).0.len(), 1);
}

#[test]
fn only_the_unit_that_the_log_names_is_down() {
    let agreement = agreement("hmr");
    let as_of = at("2024-06-10T16:00");
    let down = NewPeriod {
        unit: Some("kirurgi".to_owned()),
        party: "Fjordheim".to_owned(),
        ..planned("2024-06-10T12:00", Some("2024-06-10T15:00"))
    };
    let periods = Kept::with(&down).known(as_of);
    let rows =
        [("Fjordheim", true), ("8100102", true), ("Kirurgi plo meldingsmottak", true), ("8100101", false)];
    for (ward, is_shown) in rows {
        let mut log = stay(&agreement, &NOTICE);
        for entry in &mut log.entries {
            entry.from = Some(ward.to_owned());
        }
        let evaluation = evaluate(&agreement, &log, as_of);
        let parties = Parties::of(&log, agreement.newest(), &book());
        let found = annotate(&agreement, &evaluation, &periods, &parties, &book());
        assert_eq!(found.iter().any(|it| it.side == Side::Receiver), is_shown, "{ward}");
    }
}

#[test]
fn an_open_duty_shows_that_its_limit_falls_in_downtime_to_come() {
    let agreement = agreement("hmr");
    let log = stay(&agreement, &NOTICE);
    let as_of = at("2024-06-10T10:30");
    let evaluation = evaluate(&agreement, &log, as_of);
    let periods = Kept::with(&planned("2024-06-10T12:00", None)).known(as_of);
    let parties = Parties::of(&log, agreement.newest(), &book());
    let found = annotate(&agreement, &evaluation, &periods, &parties, &book());
    let reply = found.iter().find(|it| it.duty.as_str() == "svar-utskrivningsklar").unwrap();
    assert_eq!((reply.status, reply.bearing), (DutyStatus::Open, Bearing::DueWithin));
    assert_eq!(
        reply.status_words(Language::English),
        "Open: the limit falls in registered downtime at Lindvik"
    );
}

#[test]
fn what_an_agreement_says_of_downtime_is_cited_from_the_day_it_is_in_force() {
    let cited = |agreement: &str, day: &str| -> Vec<String> {
        let says = Downtime::shipped().says(&agreement.into(), day.parse().unwrap());
        says.iter().map(|rule| rule.clause.to_string()).collect()
    };
    let law = "Forskrift 2015-07-01 nr. 853 § 6 siste ledd";
    assert_eq!(cited("unn", "2023-05-31"), [law]);
    assert_eq!(cited("unn", "2023-06-01"), ["Retningslinje 2 pkt. 4.1", law]);
    assert_eq!(cited("hmr", "2023-06-01"), [law], "its text has no word of downtime");
}
