//! Two versions side by side.

use samspill_agreement::{
    Comparison, Match, RuleSort, VersionSources, compare, load,
    model::{Agreement, Language},
};

use crate::common::{check_record, complete, fjordhelse, repository, version, versions};

/// The complete example, with other texts in its files.
fn changed(changes: &[(&str, &str)]) -> Agreement {
    let shelf = complete();
    let VersionSources { folder_name, mut files } =
        version(&shelf.root, &shelf.root.join("agreements/fjordhelse/2023-06-01"));
    for (from, to) in changes {
        assert!(files.iter().any(|file| file.text.contains(from)), "{from}");
        for file in &mut files {
            file.text = file.text.replace(from, to);
        }
    }
    load(vec![VersionSources { folder_name, files }], &shelf).agreement.unwrap()
}

fn differences(changes: &[(&str, &str)]) -> Comparison {
    let mut comparison = compare(fjordhelse().newest(), changed(changes).newest(), Language::Bokmal);
    comparison.rules.retain(|rule| !rule.is_same());
    comparison
}

#[test]
fn a_version_is_the_same_as_itself() {
    assert_eq!(differences(&[]).rules, []);
}

#[test]
fn a_changed_limit_is_the_only_difference() {
    let comparison = differences(&[("within = \"24 hours\"", "within = \"12 hours\"")]);
    let [rule] = comparison.rules.as_slice() else { panic!("{comparison:#?}") };
    assert_eq!((rule.sort, &rule.matched), (RuleSort::Duty, &Match::ById("innleggelsesrapport".into())));
    let [limit] = rule.differences.as_slice() else { panic!("{rule:#?}") };
    assert_eq!(limit.field, "Frist");
    assert_eq!((limit.a.as_deref(), limit.b.as_deref()), (Some("innen 24 timer"), Some("innen 12 timer")));
}

#[test]
fn changed_hours_show_in_the_window_too() {
    let comparison = differences(&[("\"12:00-15:00\"", "\"12:00-16:00\"")]);
    let sorts: Vec<RuleSort> = comparison.rules.iter().map(|rule| rule.sort).collect();
    assert_eq!(sorts, [RuleSort::Window, RuleSort::Hours]);
}

#[test]
fn a_changed_value_and_a_changed_reading_are_told() {
    let comparison = differences(&[
        ("amount = \"130.00\"", "amount = \"140.00\""),
        ("ikke fra sending", "aldri fra sending"),
    ]);
    assert!(comparison.rules.iter().any(|rule| rule.sort == RuleSort::Value
        && rule.differences[0].b.as_deref() == Some("fra 1. juni 2023: 140,00 (ikke bekreftet)")));
    assert!(
        comparison
            .rules
            .iter()
            .any(|rule| rule.differences.iter().any(|difference| difference.field == "Tolkning 1"))
    );
}

#[test]
fn a_rule_under_another_id_is_found_by_what_it_is_about() {
    let comparison = differences(&[("id = \"rapportens-innhold\"", "id = \"innhold-i-rapporten\"")]);
    let [rule] = comparison.rules.as_slice() else {
        assert!(comparison.rules.is_empty(), "an id alone is no difference: {comparison:#?}");
        return;
    };
    panic!("{rule:#?}");
}

#[test]
fn a_rule_that_one_version_lacks_is_only_in_the_other() {
    let comparison = differences(&[
        ("of = \"innleggelsesrapport\"", "of = \"helseopplysninger\""),
        ("needs = [\"tjenester\"]\nthat = \"body tjenester is known\"", "that = \"tvang\""),
    ]);
    let matches: Vec<&Match> = comparison.rules.iter().map(|rule| &rule.matched).collect();
    assert_eq!(
        matches,
        [&Match::ById("rapportens-innhold".into())],
        "the same id is the same rule, whatever it is about"
    );
}

#[test]
fn the_two_agreements_of_the_repository_can_be_compared() {
    let shelf = repository();
    let agreement =
        |folder: &str| load(versions(&shelf.root, &shelf.root.join(folder)), &shelf).agreement.unwrap();
    let (unn, hmr) =
        (agreement("agreements/troms-og-ofoten/unn"), agreement("agreements/more-og-romsdal/hmr"));
    let comparison = compare(unn.newest(), hmr.newest(), Language::Bokmal);
    let text = comparison.to_text(100);
    assert!(text.lines().all(|line| line.chars().count() <= 100));
    let report = text.split("\n\n").find(|part| part.starts_with("Innleggelsesrapport")).unwrap();
    assert!(
        report.contains("Frist: innen 24 timer") && report.contains("│ Frist: innen 4 timer"),
        "{report}"
    );
    let json = comparison.to_json();
    assert_eq!(json["rules"].as_array().unwrap().len(), comparison.rules.len());
}

#[test]
fn two_columns_are_as_recorded() {
    let comparison = compare(
        fjordhelse().newest(),
        changed(&[
            ("within = \"24 hours\"", "within = \"12 hours\""),
            ("free_days = 1", "free_days = 2"),
            ("\"12:00-15:00\"", "\"12:00-16:00\""),
        ])
        .newest(),
        Language::English,
    );
    let record = complete().root.join("../recorded/comparison.en.txt");
    assert_eq!(check_record(&record, &comparison.to_text(80)), None);
}

#[test]
fn columns_are_never_narrower_than_can_be_read() {
    let comparison = compare(
        fjordhelse().newest(),
        changed(&[("within = \"24 hours\"", "within = \"12 hours\"")]).newest(),
        Language::Nynorsk,
    );
    assert_eq!(comparison.to_text(0), comparison.to_text(40));
    assert!(comparison.to_text(40).lines().all(|line| line.chars().count() <= 40));
}
