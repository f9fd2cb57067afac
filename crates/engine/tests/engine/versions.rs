//! Versions in force: a duty follows the one in force when it is triggered.

use samspill_engine::{Dates, Engine};

use crate::support::{at, duties, duty, log, versions};

fn two() -> samspill_agreement::model::Agreement {
    let rule = |hours: &str| {
        duty("rapport", &format!("must = \"rapport\"\nafter = \"melding\"\nwithin = \"{hours}\""))
    };
    versions(&[("2020-01-01", &rule("24 hours")), ("2024-01-01", &rule("4 hours"))])
}

#[test]
fn a_duty_follows_the_version_in_force_on_its_local_day() {
    let agreement = two();
    for (trigger, expected) in [
        ("2019-12-31T23:59", vec![]),
        ("2020-01-01T00:00", vec!["missed due 2020-01-02T00:00"]),
        ("2023-12-31T23:59", vec!["missed due 2024-01-01T23:59"]),
        ("2024-01-01T00:00", vec!["missed due 2024-01-01T04:00"]),
    ] {
        let evaluation =
            Engine::new(&agreement).evaluate(&log(&format!("{trigger} melding")), at("2025-01-01T00:00"));
        assert_eq!(duties(&evaluation), expected, "{trigger}");
    }
}

#[test]
fn the_newest_can_be_tried_on_any_year() {
    let agreement = two();
    let engine = Engine::new(&agreement).with_dates(Dates::NewestAlways);
    let evaluation = engine.evaluate(&log("2015-06-01T10:00 melding"), at("2025-01-01T00:00"));
    assert_eq!(duties(&evaluation), ["missed due 2015-06-01T14:00"]);
    assert_eq!(evaluation.duties[0].version, "2024-01-01");
}

/// A meter with a waiver, the same in both versions.
const METER: &str = "[[meter]]\nid = \"dogn\"\nname = \"Døgn\"\nclause = \"pkt. 5\"\nsays = \"…\"\ncounts = \"days\"\nrate = \"none\"\n\
    [meter.from]\nkinds = [\"klar\"]\nclause = \"pkt. 5\"\n[[meter.until]]\nkinds = [\"ut\"]\nlast = \"day before\"\nclause = \"pkt. 6\"\n\
    [[meter.waiver]]\nid = \"epikrise\"\nclause = \"pkt. 8\"\nsays = \"…\"\nat = [\"ut\"]\nunless = [\"rapport\"]\n";

#[test]
fn a_waiver_reaches_the_days_that_began_under_the_version_before() {
    let agreement = versions(&[("2020-01-01", METER), ("2024-01-01", METER)]);
    let read = |more: &str| {
        let log = log(&format!("2023-12-29T10:00 klar\n{more}2024-01-03T10:00 ut"));
        crate::support::days(&Engine::new(&agreement).evaluate(&log, at("2025-01-01T00:00"))).len()
    };
    assert_eq!(read(""), 0);
    assert_eq!(read("2024-01-03T09:00 rapport\n"), 5);
}

#[test]
fn no_day_is_paid_under_two_versions() {
    let agreement = versions(&[("2020-01-01", METER), ("2024-01-01", METER)]);
    let log =
        log("2023-12-29T10:00 klar\n2024-01-02T10:00 klar\n2024-01-03T09:00 rapport\n2024-01-04T10:00 ut");
    let evaluation = Engine::new(&agreement).evaluate(&log, at("2025-01-01T00:00"));
    let mut days = crate::support::days(&evaluation);
    assert_eq!(days.len(), 6);
    days.dedup();
    assert_eq!(days.len(), 6, "each once");
}
