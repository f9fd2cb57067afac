//! Every form of limit, at its edges.

use crate::support::{agreement, duties, duty, read};

/// Rows of `start → due`, for one limit.
fn check(within: &str, rows: &str) {
    let agreement = agreement(&duty(
        "plikt",
        &format!(
            "must = \"rapport\"\nafter = \"melding\"\nwithin = \"{within}\"\nsuspended_by = [{{ from = \"pause\", until = [\"videre\"] }}]"
        ),
    ));
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (start, due) = row.split_once(" → ").expect("start → due");
        let evaluation = read(&agreement, &format!("{start} melding"), start);
        assert_eq!(duties(&evaluation), [format!("open due {due}")], "{within}: {row}");
    }
}

#[test]
fn hours_elapse_across_clock_changes() {
    check(
        "24 hours",
        "2024-06-03T10:00 → 2024-06-04T10:00
         2024-03-30T18:00 → 2024-03-31T19:00
         2024-10-26T18:00 → 2024-10-27T17:00",
    );
    check("90 minutes", "2024-06-03T23:00 → 2024-06-04T00:30");
}

#[test]
fn open_hours_are_counted_while_they_are_open() {
    check(
        "3 hours within kontor",
        "2024-06-03T08:00 → 2024-06-03T11:00
         2024-06-03T12:00 → 2024-06-03T15:00
         2024-06-03T12:01 → 2024-06-04T08:01
         2024-06-03T15:00 → 2024-06-04T11:00
         2024-06-07T14:00 → 2024-06-10T10:00
         2024-04-30T14:30 → 2024-05-02T10:30",
    );
}

#[test]
fn days_run_through_their_end_and_leave_out_the_first() {
    check("30 days", "2024-01-01T00:00 → 2024-01-31\n2024-01-01T23:59 → 2024-01-31");
    check("2 weeks", "2024-03-20T12:00 → 2024-04-03");
    check("3 months", "2024-01-31T12:00 → 2024-04-30");
    check("1 year", "2024-02-29T12:00 → 2025-02-28");
    check("2 days at 12:00", "2024-06-03T23:00 → 2024-06-05T12:00");
}

#[test]
fn working_days_skip_weekends_and_holidays() {
    check(
        "1 working day",
        "2024-06-07T10:00 → 2024-06-10
         2024-06-08T10:00 → 2024-06-10
         2024-04-30T10:00 → 2024-05-02",
    );
    check("5 working days", "2024-06-03T10:00 → 2024-06-10");
}

#[test]
fn a_clock_time_has_its_cut_off() {
    check(
        "15:00 same working day, next if at or after 14:00",
        "2024-06-03T13:59 → 2024-06-03T15:00
         2024-06-03T14:00 → 2024-06-04T15:00
         2024-06-03T14:01 → 2024-06-04T15:00
         2024-06-08T16:00 → 2024-06-10T15:00
         2024-06-07T14:00 → 2024-06-10T15:00",
    );
    check(
        "15:00 same working day, next if after 14:00",
        "2024-06-03T14:00 → 2024-06-03T15:00
         2024-06-03T14:01 → 2024-06-04T15:00",
    );
    check(
        "15:00 same working day",
        "2024-06-03T15:00 → 2024-06-03T15:00
         2024-06-03T15:01 → 2024-06-04T15:00",
    );
    check(
        "12:00 next working day",
        "2024-06-07T08:00 → 2024-06-10T12:00
         2024-06-08T08:00 → 2024-06-10T12:00
         2024-06-10T08:00 → 2024-06-11T12:00",
    );
    check(
        "same working day",
        "2024-06-07T00:00 → 2024-06-07
         2024-06-07T23:59 → 2024-06-07
         2024-06-08T08:00 → 2024-06-10",
    );
    check("next day", "2024-06-07T08:00 → 2024-06-08");
    check(
        "same day, next if at or after 14:00",
        "2024-06-07T13:59 → 2024-06-07\n2024-06-07T14:00 → 2024-06-08",
    );
    check("12:00 next day", "2024-06-07T08:00 → 2024-06-08T12:00");
}

#[test]
fn a_start_past_the_cut_off_counts_from_the_next_day() {
    check(
        "2 days, given next day if after 14:00",
        "2024-06-03T14:00 → 2024-06-05
         2024-06-03T14:01 → 2024-06-06",
    );
    check(
        "4 hours, given next working day if at or after 14:00",
        "2024-06-07T13:59 → 2024-06-07T17:59
         2024-06-07T14:00 → 2024-06-10T04:00",
    );
}

#[test]
fn dates_of_the_calendar_are_met() {
    check("first working day of next month", "2024-05-15T10:00 → 2024-06-03\n2024-04-30T10:00 → 2024-05-02");
    check("last day of the month", "2024-02-10T10:00 → 2024-02-29");
    check("day 10 of next month", "2024-02-10T10:00 → 2024-03-10");
    check("1 july", "2024-07-01T10:00 → 2024-07-01\n2024-07-02T10:00 → 2025-07-01");
}

#[test]
fn at_once_has_no_limit_to_compute() {
    check("at once", "2024-06-03T10:00 → -");
}

/// Rows of `events … → due` for backward limits: events as `time kind` with commas between, read at the last one.
fn check_back(within: &str, rows: &str) {
    let agreement =
        agreement(&duty("plikt", &format!("must = \"rapport\"\nafter = \"melding\"\nwithin = \"{within}\"")));
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (events, expected) = row.split_once(" → ").expect("events → expected");
        let evaluation = read(&agreement, &events.replace(", ", "\n"), "2024-12-31T00:00");
        assert_eq!(duties(&evaluation), [expected], "{within}: {row}");
    }
}

#[test]
fn limits_count_back_from_what_comes_later() {
    check_back(
        "24 hours before ut",
        "2024-06-03T10:00 melding → open due -
         2024-06-03T10:00 melding, 2024-06-04T10:00 rapport → kept due -
         2024-06-03T10:00 melding, 2024-06-04T10:00 rapport, 2024-06-05T10:00 ut → kept due 2024-06-04T10:00
         2024-06-03T10:00 melding, 2024-06-04T10:01 rapport, 2024-06-05T10:00 ut → late due 2024-06-04T10:00
         2024-06-03T10:00 melding, 2024-06-05T10:00 ut → missed due 2024-06-04T10:00",
    );
    check_back(
        "by ut",
        "2024-06-03T10:00 melding, 2024-06-05T10:00 ut, 2024-06-05T10:00 rapport → kept due 2024-06-05T10:00
         2024-06-03T10:00 melding, 2024-06-05T10:00 ut, 2024-06-05T10:01 rapport → late due 2024-06-05T10:00",
    );
    check_back(
        "1 week before fact klar-dag",
        "2024-06-03T10:00 melding klar-dag=2024-06-20, 2024-06-13T23:59 rapport → kept due 2024-06-13
         2024-06-03T10:00 melding klar-dag=2024-06-20, 2024-06-14T00:00 rapport → late due 2024-06-13
         2024-06-03T10:00 melding, 2024-06-14T00:00 rapport → kept due -",
    );
}

#[test]
fn a_suspended_clock_stands_still() {
    let agreement = agreement(&duty(
        "plikt",
        "must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\"\nsuspended_by = [{ from = \"pause\", until = [\"videre\"] }]",
    ));
    for (events, expected) in [
        (
            "2024-06-03T10:00 melding\n2024-06-03T12:00 pause\n2024-06-03T15:00 videre",
            "missed due 2024-06-04T13:00",
        ),
        ("2024-06-03T10:00 melding\n2024-06-03T12:00 pause", "open due -"),
        (
            "2024-06-03T09:00 pause\n2024-06-03T10:00 melding\n2024-06-03T15:00 videre",
            "missed due 2024-06-04T15:00",
        ),
        (
            "2024-06-03T10:00 melding\n2024-06-04T10:00 pause\n2024-06-05T10:00 videre",
            "missed due 2024-06-04T10:00",
        ),
        (
            "2024-06-03T10:00 melding\n2024-06-04T10:01 pause\n2024-06-05T10:00 videre",
            "missed due 2024-06-04T10:00",
        ),
        (
            "2024-06-03T10:00 melding\n2024-06-03T12:00 pause\n2024-06-03T13:00 videre\n2024-06-03T14:00 pause\n2024-06-03T16:00 videre",
            "missed due 2024-06-04T13:00",
        ),
    ] {
        assert_eq!(duties(&read(&agreement, events, "2024-07-01T00:00")), [expected], "{events}");
    }
}

#[test]
fn suspended_days_are_added_to_a_limit_in_days() {
    let agreement = agreement(&duty(
        "plikt",
        "must = \"rapport\"\nafter = \"melding\"\nwithin = \"10 days\"\nsuspended_by = [{ from = \"pause\", until = [\"videre\"] }]",
    ));
    let events = "2024-06-03T10:00 melding\n2024-06-05T12:00 pause\n2024-06-08T15:00 videre";
    assert_eq!(duties(&read(&agreement, events, "2024-07-01T00:00")), ["missed due 2024-06-16"]);
}
