//! Plain rules at their edges: the first and last instants of a version, of a day, and of a requirement's days ahead.

use jiff::{SignedDuration, Timestamp};
use samspill_base::{CaseLog, Entry, Position};

use crate::{
    logs::{Reading, in_oslo},
    same::has_the_same_sets,
    shapes::Shape,
    versions::loaded,
};

/// An agreement in force from the 20th of March to the 28th, these lines added to its duty and to one of its
/// requirements.
fn agreement(within: &str, duty: &str, requirement: &str) -> String {
    let mut text =
        "[agreement]\nid = \"kant\"\nname = \"Avtale\"\nin_force = 2024-03-20\nuntil = 2024-03-28\n\
                    [[party]]\nid = \"x\"\n[calendar]\nzone = \"Europe/Oslo\"\n"
            .to_owned();
    for kind in ["a", "b", "c"] {
        text.push_str(&format!(
            "[[kind]]\nid = \"{kind}\"\ntype = \"message\"\nfrom = [\"x\"]\nto = [\"x\"]\n"
        ));
    }
    let rule = "clause = \"pkt. 1\"\nsays = \"…\"\n";
    text.push_str(&format!(
        "[[duty]]\nid = \"plikt\"\n{rule}who = \"x\"\nmust = [\"b\"]\nafter = [\"a\"]\nwaived_by = [\"c\"]\n\
         within = \"{within}\"\n{duty}"
    ));
    let needs = format!("{rule}effect = \"warn\"\nof = [\"b\"]\nneeds = [\"a\"]\n");
    for (id, more) in [
        ("samtidig", requirement),
        ("dagen-for", "ahead = \"1 day\"\n"),
        ("to-dager", "ahead = \"2 days\"\n"),
    ] {
        text.push_str(&format!("[[requires]]\nid = \"{id}\"\n{needs}{more}"));
    }
    text
}

const TIMES: [&str; 10] = [
    "2024-03-20T00:00",
    "2024-03-20T13:00",
    "2024-03-20T23:59:59.999999999",
    "2024-03-21T00:00",
    "2024-03-21T23:59:59.999999999",
    "2024-03-22T00:00",
    "2024-03-22T13:00",
    "2024-03-27T23:59:59.999999999",
    "2024-03-28T00:00",
    "2024-03-28T00:00:00.000000001",
];

/// Three entries at any of the times, of the kinds in this order; those at one instant in both orders of the log.
fn cases(kinds: [&str; 3]) -> Vec<Reading> {
    let times = TIMES.map(|text| in_oslo(text.parse().expect("a time")));
    let mut readings = Vec::new();
    for first in 0..times.len() {
        for second in first..times.len() {
            for third in [second, times.len() - 2, times.len() - 1] {
                let case = format!("{}-{first}-{second}-{third}", kinds.concat());
                let at = [times[first], times[second], times[third.max(second)]];
                let entry =
                    |place: usize| Entry::new(&case, kinds[place], Position(place as u64 + 1), at[place]);
                let entries = (0..3).map(entry).collect();
                readings.push(Reading { log: CaseLog { case: case.clone(), entries }, as_of: Vec::new() });
            }
        }
    }
    readings
}

#[test]
fn plain_rules_hold_at_the_first_and_last_instants_of_versions_days_and_limits() {
    let variants = [
        ("1 day", "", ""),
        ("0 days", "which = \"every\"\n", ""),
        ("1 day", "may_precede = true\n", ""),
        // Not plain: masks don't read these.
        ("1 day, given next day if after 12:00", "", ""),
        ("1 day at 12:00", "", ""),
        ("1 day", "", "since = [\"c\"]\n"),
        ("1 day", "", "within = \"1 day\"\n"),
        ("1 day", "", "ahead = \"0 days\"\n"),
    ];
    let end = in_oslo("2024-03-28T00:00".parse().expect("a time"));
    let beside = SignedDuration::from_nanos(1);
    let as_of: [Timestamp; 4] = [end - beside, end, end + beside, end + SignedDuration::from_hours(24)];
    for (within, duty, requirement) in variants {
        let text = agreement(within, duty, requirement);
        let loaded = loaded(&[("2024-03-20".to_owned(), text)]).unwrap_or_else(|mistake| panic!("{mistake}"));
        for kinds in [["a", "b", "c"], ["a", "c", "b"], ["b", "a", "b"], ["c", "a", "b"]] {
            let all = cases(kinds);
            // A log that ends just as the version does, and one that goes on.
            let is_over = |reading: &&Reading| reading.log.entries.iter().all(|entry| entry.happened <= end);
            let over: Vec<Reading> = all.iter().filter(is_over).cloned().collect();
            for (readings, as_of) in as_of.iter().flat_map(|as_of| [(&all, *as_of), (&over, *as_of)]) {
                if let Err(difference) = has_the_same_sets(&loaded, readings, Shape::TogetherUncounted, as_of)
                {
                    panic!("{within} {duty} {requirement}: {difference}");
                }
            }
        }
    }
}
