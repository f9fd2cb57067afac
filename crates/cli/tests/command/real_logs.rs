//! Two public logs of real life, with their own agreements.

use crate::support::{json_lines, reference, samspill, stdout};

/// Kept, late and missed of a duty over all cases.
fn counts(reports: &[serde_json::Value], duty: &str) -> (usize, usize, usize) {
    let of = |status: &str| {
        let duties = reports.iter().flat_map(|report| report["duties"].as_array().into_iter().flatten());
        duties.filter(|reading| reading["duty"] == duty && reading["status"] == status).count()
    };
    (of("kept"), of("late"), of("missed"))
}

#[test]
fn sepsis_patients_get_antibiotics_within_an_hour_or_not() {
    let Some(log) = reference("logs/sepsis_cases.xes.gz") else { return };
    let log = log.display().to_string();
    let run = samspill(["check", &log, "-a", "examples/sepsis", "--as-of", "2015-07-01", "--format", "json"])
        .success();
    let reports = json_lines(&stdout(&run));
    assert_eq!(reports.len(), 1_050);
    assert_eq!(counts(&reports, "antibiotika"), (342, 481, 226));
    assert_eq!(counts(&reports, "laktat"), (848, 11, 190));
}

#[test]
fn traffic_fines_are_read_to_the_last_case() {
    let Some(log) = reference("logs/traffic_fines.xes.gz") else { return };
    let log = log.display().to_string();
    let run =
        samspill(["check", &log, "-a", "examples/trafikkboter", "--as-of", "2013-07-01", "--lang", "en"])
            .success();
    let text = stdout(&run).replace('\u{a0}', " ");
    assert!(text.contains("150 370 cases"), "{text}");
    let line = text.lines().find(|line| line.starts_with("sende-bot")).expect("the first limit");
    assert!(line.contains("53 796  49 622     390"), "{line}");
}
