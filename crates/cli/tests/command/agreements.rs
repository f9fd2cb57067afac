//! The shipped agreements and laws: no mistakes, all cases right, one version for every day.

use std::path::PathBuf;

use jiff::civil::Date;
use samspill_agreement::model::Agreement;

use crate::support::{root, samspill, stdout};

fn loaded(path: &str) -> Agreement {
    let path: PathBuf = root().join(path);
    let found = samspill_shelf::find(&path.display().to_string()).expect("found");
    found[0].load().agreement.expect("without mistakes")
}

#[test]
fn all_are_without_mistakes() {
    samspill(["agreement", "check", "law", "agreements", "examples"]).success();
}

#[test]
fn all_cases_come_out_as_they_say() {
    let run = samspill(["agreement", "test", "law", "agreements", "examples"]);
    let text = stdout(&run);
    run.success();
    assert!(text.contains("agreements/troms-og-ofoten/unn: 2"), "{text}");
}

#[test]
fn every_rule_of_the_two_agreements_has_a_case_on_each_side() {
    let run = samspill(["agreement", "test", "--coverage", "agreements", "law/forskrift-2011-11-18-1115"])
        .success();
    let lacking: Vec<String> =
        stdout(&run).lines().filter(|line| line.contains("note:")).map(str::to_owned).collect();
    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn every_day_has_one_version_of_the_law_and_of_each_agreement() {
    for (path, first) in [
        ("law/forskrift-2011-11-18-1115", "2012-01-01"),
        ("agreements/troms-og-ofoten/unn", "2023-06-01"),
        ("agreements/more-og-romsdal/hmr", "2021-01-01"),
    ] {
        let agreement = loaded(path);
        let first: Date = first.parse().expect("a day");
        assert!(agreement.in_force_on(first.yesterday().expect("a day")).is_none(), "{path} the day before");
        let mut day = first;
        while day.year() < 2031 {
            let covering = agreement.versions.iter().enumerate().filter(|(place, version)| {
                let next = agreement.versions.get(place + 1).map(|next| next.in_force);
                version.in_force <= day && version.until.or(next).is_none_or(|until| day < until)
            });
            assert_eq!(covering.count(), 1, "{path} on {day}");
            assert!(agreement.in_force_on(day).is_some(), "{path} on {day}");
            day = day.tomorrow().expect("a day");
        }
    }
}

#[test]
fn two_agreements_are_compared_and_one_is_shown() {
    let text = stdout(&samspill(["agreement", "diff", "unn", "hmr", "--width", "120"]).success());
    for part in ["innen 24 timer", "innen 4 timer", "Delavtale 1 pkt. 1.4 e"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let shown = stdout(&samspill(["agreement", "show", "hmr", "--lang", "en"]).success());
    assert!(shown.contains("within 4 hours"), "{shown}");
}

#[test]
fn the_schema_completions_and_manual_are_printed() {
    let schema = stdout(&samspill(["agreement", "schema"]).success());
    assert!(serde_json::from_str::<serde_json::Value>(&schema).expect("JSON")["$schema"].is_string());
    assert!(stdout(&samspill(["completions", "bash"]).success()).contains("samspill"));
    assert!(stdout(&samspill(["man"]).success()).contains(".TH"));
}

#[test]
fn a_case_that_comes_out_otherwise_is_told_with_what_it_should_have_been() {
    let folder = tempfile::tempdir().expect("a folder");
    let version = folder.path().join("2024-01-01");
    std::fs::create_dir_all(version.join("cases")).expect("made");
    let rules = "[agreement]\nid = \"prove\"\nname = \"Prøve\"\nin_force = 2024-01-01\n[[party]]\nid = \"kommune\"\nname = \"Kommunen\"\n\
        [[kind]]\nid = \"inn\"\nname = \"Inn\"\ntype = \"event\"\nfrom = [\"kommune\"]\n[[kind]]\nid = \"rapport\"\nname = \"Rapport\"\ntype = \"event\"\nfrom = [\"kommune\"]\n\
        [[duty]]\nid = \"rapport-i-tide\"\nclause = \"§ 1\"\nsays = \"…\"\nwho = \"kommune\"\nmust = \"rapport\"\nafter = \"inn\"\nwithin = \"24 hours\"\n";
    let case = |due: &str, status: &str| {
        format!(
            "[[case]]\nname = \"En dag\"\nrule = \"rapport-i-tide\"\nshows = \"kept\"\nas_of = \"2024-06-10T00:00\"\n\
             log = [\"2024-06-03T10:00 inn\", \"2024-06-04T10:00 rapport\"]\n[case.expect]\nduties = [\"rapport-i-tide {status} due {due}\"]\n"
        )
    };
    std::fs::write(version.join("agreement.toml"), rules).expect("written");
    let run = |text: String| {
        std::fs::write(version.join("cases/rapport.toml"), text).expect("written");
        samspill([std::ffi::OsStr::new("agreement"), "test".as_ref(), folder.path().as_os_str()])
    };
    run(case("2024-06-04T10:00", "kept")).success();
    let wrong = stdout(&run(case("2024-06-04T09:00", "late")).code(1));
    assert!(wrong.contains("rapport-i-tide is kept, not late"), "{wrong}");
    assert!(wrong.contains("is due 2024-06-04T10:00:00+02:00, not 2024-06-04T09:00:00+02:00"), "{wrong}");
}
