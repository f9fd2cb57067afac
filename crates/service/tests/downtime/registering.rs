//! What is registered, what is refused, and what is only worth a look.

use samspill_agreement::model::Language;
use samspill_service::downtime::{
    ChangeTo, Downtime, DowntimeFinding, NewPeriod, Periods, Refusal, Sort, change, register,
};

use crate::given::{Kept, at, change_of, planned, setting};

const MORNING: (&str, Option<&str>) = ("2024-06-10T08:00", Some("2024-06-10T12:00"));

fn morning() -> NewPeriod {
    planned(MORNING.0, MORNING.1)
}

fn refused(new: &NewPeriod, periods: &Periods) -> Option<Refusal> {
    setting(periods, None, |setting| register(new, setting)).err()
}

#[track_caller]
fn check_notice(practice: &str, announced: &str, from: &str, until: Option<&str>, is_short: bool) {
    let new = NewPeriod { announced: at(announced), recorded: at(announced), ..planned(from, until) };
    let none = Periods::default();
    let found = setting(&none, Some(practice), |setting| register(&new, setting)).unwrap();
    assert_eq!(found.entries.len(), 1, "a finding refuses nothing");
    let short = found.findings.iter().any(|finding| matches!(finding, DowntimeFinding::ShortNotice { .. }));
    assert_eq!(short, is_short, "{practice}: announced {announced}, from {from}: {:?}", found.findings);
}

#[test]
fn five_working_days_of_notice_are_enough_and_four_are_not() {
    // 10 June 2024 is a Monday: Monday 3 June is five working days before, Tuesday four.
    let long = Some("2024-06-10T12:00");
    check_notice("sykehuset-telemark", "2024-05-31T23:59", "2024-06-10T08:00", long, false);
    check_notice("sykehuset-telemark", "2024-06-03T23:59", "2024-06-10T00:00", long, false);
    check_notice("sykehuset-telemark", "2024-06-04T00:00", "2024-06-10T08:00", long, true);
}

#[test]
fn a_downtime_of_exactly_an_hour_is_not_longer_than_an_hour() {
    let late = "2024-06-09T12:00";
    check_notice("sykehuset-telemark", late, "2024-06-10T08:00", Some("2024-06-10T08:59"), false);
    check_notice("sykehuset-telemark", late, "2024-06-10T08:00", Some("2024-06-10T09:00"), false);
    check_notice("sykehuset-telemark", late, "2024-06-10T08:00", Some("2024-06-10T09:00:01"), true);
    check_notice("sykehuset-telemark", late, "2024-06-10T08:00", None, true);
}

#[test]
fn two_weeks_of_notice_are_fourteen_days_of_the_calendar() {
    check_notice("sykehuset-innlandet", "2024-05-26T12:00", "2024-06-10T08:00", None, false);
    check_notice("sykehuset-innlandet", "2024-05-27T23:59", "2024-06-10T00:00", None, false);
    check_notice("sykehuset-innlandet", "2024-05-28T00:00", "2024-06-10T23:00", None, true);
}

#[test]
fn a_practice_without_a_time_of_notice_asks_for_none() {
    check_notice("helse-nord", "2024-06-10T07:59", "2024-06-10T08:00", None, false);
}

#[test]
fn planned_downtime_announced_after_it_began_is_shown() {
    for (announced, is_shown) in
        [("2024-06-10T07:59", false), ("2024-06-10T08:00", false), ("2024-06-10T08:01", true)]
    {
        let new = NewPeriod { announced: at(announced), recorded: at(announced), ..morning() };
        let found = setting(&Periods::default(), None, |setting| register(&new, setting)).unwrap();
        assert_eq!(found.findings == [DowntimeFinding::AnnouncedAfterStart], is_shown, "{announced}");
    }
}

#[test]
fn short_notice_is_told_in_three_languages_with_its_source() {
    let new = NewPeriod { announced: at("2024-06-07T10:00"), recorded: at("2024-06-07T10:00"), ..morning() };
    let found = setting(&Periods::default(), Some("sykehuset-telemark"), |setting| register(&new, setting));
    let [finding] = found.unwrap().findings.try_into().unwrap();
    let said = finding.sentence(Language::Bokmal);
    assert!(said.contains("varslet fredag 7. juni 2024") && said.contains("fredag 14. juni 2024"), "{said}");
    assert!(said.contains("sthf.no"), "{said}");
    assert!(finding.sentence(Language::Nynorsk).contains("vart varsla fredag"));
    assert!(finding.sentence(Language::English).contains("was announced on Friday 7 June 2024"));
}

#[test]
fn downtime_ends_after_it_begins() {
    let none = Periods::default();
    let with_end = |until: &str| refused(&planned("2024-06-10T08:00", Some(until)), &none);
    assert_eq!(with_end("2024-06-10T07:59"), Some(Refusal::EndBeforeStart));
    assert_eq!(with_end("2024-06-10T08:00"), Some(Refusal::EndBeforeStart));
    assert_eq!(with_end("2024-06-10T08:01"), None);
}

#[test]
fn who_and_why_must_be_said_and_known() {
    let none = Periods::default();
    let stranger = NewPeriod { party: "Atlantis".to_owned(), ..morning() };
    assert_eq!(refused(&stranger, &none), Some(Refusal::UnknownParty("Atlantis".to_owned())));
    let unit = NewPeriod { unit: Some("Kjelleren".to_owned()), ..morning() };
    assert!(matches!(refused(&unit, &none), Some(Refusal::UnknownUnit { .. })));
    for known in ["saksbehandling", "Tildelingskontoret", "8200102"] {
        assert_eq!(refused(&NewPeriod { unit: Some(known.to_owned()), ..morning() }, &none), None, "{known}");
    }
    let silent = NewPeriod { why: " ".to_owned(), ..morning() };
    assert_eq!(refused(&silent, &none), Some(Refusal::Missing("why")));
    let nobody = NewPeriod { registered_by: String::new(), ..morning() };
    assert_eq!(refused(&nobody, &none), Some(Refusal::Missing("who registers it")));
}

#[test]
fn what_was_cannot_lie_after_its_registration() {
    let none = Periods::default();
    let announced = NewPeriod { recorded: at("2024-06-03T08:59"), ..morning() };
    assert_eq!(refused(&announced, &none), Some(Refusal::InFuture("the announcement")));
    let begun = |recorded: &str| {
        let new = NewPeriod { sort: Sort::Unplanned, recorded: at(recorded), ..morning() };
        refused(&new, &none)
    };
    assert_eq!(begun("2024-06-10T07:59"), Some(Refusal::InFuture("the beginning of unplanned downtime")));
    assert_eq!(begun("2024-06-10T08:00"), None);
}

#[test]
fn the_same_downtime_is_registered_once_and_the_next_may_follow_at_its_end() {
    let periods = Kept::with(&morning()).known(at("2024-06-03T10:00"));
    let other = |from: &str, until: Option<&str>| {
        refused(&NewPeriod { id: "ned-2".to_owned(), ..planned(from, until) }, &periods)
    };
    let overlaps = Some(Refusal::Overlaps("ned-1".to_owned()));
    assert_eq!(other("2024-06-10T07:00", Some("2024-06-10T08:00")), None);
    assert_eq!(other("2024-06-10T07:00", Some("2024-06-10T08:01")), overlaps);
    assert_eq!(other("2024-06-10T11:59", None), overlaps);
    assert_eq!(other("2024-06-10T12:00", None), None);
    assert_eq!(refused(&morning(), &periods), Some(Refusal::IdTaken("ned-1".to_owned())));
}

#[test]
fn other_systems_other_units_and_withdrawn_downtime_may_overlap() {
    let of = |system: &str| NewPeriod { systems: [system.to_owned()].into(), ..morning() };
    let kept = Kept::with(&of("EPJ"));
    let periods = kept.known(at("2024-06-03T10:00"));
    let second = |new: NewPeriod| refused(&NewPeriod { id: "ned-2".to_owned(), ..new }, &periods);
    assert_eq!(second(of("telefoni")), None);
    assert!(matches!(second(of("EPJ")), Some(Refusal::Overlaps(_))));
    assert!(matches!(second(morning()), Some(Refusal::Overlaps(_))), "all systems include this one");
    assert_eq!(second(NewPeriod { unit: Some("saksbehandling".to_owned()), ..of("EPJ") }), None);
    let periods =
        kept.changed(&change_of("c", ChangeTo::Withdrawn, "2024-06-04T10:00")).known(at("2024-06-05T10:00"));
    assert_eq!(refused(&NewPeriod { id: "ned-2".to_owned(), ..of("EPJ") }, &periods), None);
}

#[test]
fn a_change_names_a_period_that_is_there_and_not_over() {
    let try_on = |kept: &Kept, to: ChangeTo| {
        let periods = kept.known(at("2024-06-30T10:00"));
        let made = change_of("c9", to, "2024-06-30T10:00");
        setting(&periods, None, |setting| change(&made, setting)).err()
    };
    assert_eq!(try_on(&Kept::default(), ChangeTo::Withdrawn), Some(Refusal::Unknown("ned-1".to_owned())));
    let end = |time: &str| ChangeTo::Ended(at(time));
    let kept = Kept::with(&morning());
    assert_eq!(try_on(&kept, end("2024-06-10T08:00")), Some(Refusal::EndBeforeStart));
    assert_eq!(try_on(&kept, end("2024-06-10T08:01")), None);
    assert_eq!(try_on(&kept, end("2024-06-30T10:00")), None);
    assert_eq!(try_on(&kept, end("2024-06-30T10:01")), Some(Refusal::InFuture("the end")));
    let over = kept.changed(&change_of("c1", end("2024-06-10T11:00"), "2024-06-10T11:05"));
    assert_eq!(try_on(&over, end("2024-06-10T11:30")), Some(Refusal::Over("ned-1".to_owned())));
    assert_eq!(try_on(&over, ChangeTo::Withdrawn), None, "it may still have been a mistake");
}

#[test]
fn the_shipped_data_is_sound_and_unsound_data_is_refused() {
    assert!(Downtime::shipped().practice("sykehuset-telemark").is_some());
    let status = "[status]\nopen_phases = []\n";
    let practice = |rules: &str| Downtime::parse(&format!("{status}[[practice]]\nid = \"x\"\n{rules}"));
    let rule = |more: &str| format!("[[practice.rule]]\nsource = \"s\"\n{more}\n");
    assert!(practice(&rule("days = 1")).is_ok());
    assert!(practice(&rule("days = 0")).is_err());
    assert!(practice(&rule("days = 1\nworking_days = 1")).is_err());
    assert!(practice("rule = []\n").is_err());
    let (early, late) = (rule("in_force = \"2020-01-01\""), rule("in_force = \"2024-01-01\""));
    assert!(practice(&format!("{early}{late}")).is_ok());
    assert!(practice(&format!("{late}{early}")).is_err());
}
