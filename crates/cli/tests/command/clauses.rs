//! Every clause about the stay and its payment is encoded, or stands as a blind spot.

use std::fs;

use crate::support::root;

/// All that the files of a version say, as one text.
fn text_of(version: &str) -> String {
    let mut folders = vec![root().join(version)];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("cases") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                text.push_str(&fs::read_to_string(path).expect("readable"));
            }
        }
    }
    text
}

/// The clauses that rules and blind spots of a version cite.
fn cited(version: &str) -> Vec<String> {
    let text = text_of(version);
    let lines = text
        .lines()
        .filter_map(|line| line.split_once("clause = \""))
        .map(|(_, rest)| rest.trim_end_matches('"'));
    lines.map(str::to_owned).collect()
}

fn check(version: &str, clauses: &[&str]) {
    let cited = cited(version);
    for clause in clauses {
        assert!(cited.iter().any(|text| names(text, clause)), "{version}: nothing cites {clause}");
    }
}

/// Whether a citation names the clause itself, not only one whose number begins alike.
fn names(text: &str, clause: &str) -> bool {
    text.match_indices(clause).any(|(at, _)| {
        let rest = &text[at + clause.len()..];
        let goes_on = rest.strip_prefix('.').unwrap_or(rest);
        !goes_on.starts_with(|next: char| next.is_ascii_digit())
    })
}

#[test]
fn the_agreement_with_unn_is_covered() {
    check(
        "agreements/troms-og-ofoten/unn/2023-06-01",
        &[
            "Retningslinje 2 pkt. 2.2",
            "Retningslinje 2 pkt. 3.1",
            "Retningslinje 2 pkt. 4.1",
            "Retningslinje 2 pkt. 4.1.1",
            "Retningslinje 2 pkt. 4.1.2",
            "Retningslinje 2 pkt. 4.1.3",
            "Sjekkliste somatikk",
            "Sjekkliste psykisk helse og rus",
            "Sjekkliste hjemmetjenesten",
            "Veileder for fakturering pkt. 2",
            "Veileder for fakturering pkt. 3",
            "Veileder for fakturering pkt. 5",
            "Veileder for fakturering pkt. 6",
            "Veileder for fakturering pkt. 7",
            "Samarbeidsavtalen del 1 pkt. 12",
            "orskriften § 9",
            "orskriften § 10",
            "orskriften § 14",
            "orskriften §§ 11 og 13",
        ],
    );
}

#[test]
fn the_agreement_with_hmr_is_covered() {
    let clauses: Vec<String> = [
        "1.2", "1.3 a", "1.3 b", "1.3 c", "1.4 a", "1.4 b", "1.4 c", "1.4 d", "1.4 e", "1.4 f", "1.4 g",
        "1.4 h", "1.5 b", "1.5 c", "1.5 d", "1.5 e", "1.5 f",
    ]
    .iter()
    .map(|point| format!("Delavtale 1 pkt. {point}"))
    .chain(["Hovedavtalen pkt. 8".to_owned(), "orskriften § 14".to_owned()])
    .collect();
    check(
        "agreements/more-og-romsdal/hmr/2021-01-01",
        &clauses.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn the_regulation_is_covered() {
    for version in ["2012-01-01", "2015-01-01", "2017-01-01", "2019-01-01", "2026-07-01"] {
        check(
            &format!("law/forskrift-2011-11-18-1115/{version}"),
            &["§ 7", "§ 8", "§ 9", "§ 10", "§ 11", "§ 12", "§ 13", "§ 14", "§ 15"],
        );
    }
}
