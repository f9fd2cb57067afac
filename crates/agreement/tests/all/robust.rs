//! No text makes loading panic.

use proptest::prelude::*;
use samspill_agreement::{
    Look, SourceFile, VersionSources, load, model::Version, parse_cases, render_diagnostics,
};

use crate::common::{complete, fjordhelse, version};

fn check(files: Vec<SourceFile>) {
    let texts: Vec<String> = files.iter().map(|file| file.text.clone()).collect();
    let outcome = load(vec![VersionSources { folder_name: "2023-06-01".into(), files }], &complete());
    assert_eq!(outcome.agreement.is_none(), outcome.has_errors());
    render_diagnostics(&outcome.diagnostics, &outcome.sources, Look::Plain);
    if let Some(agreement) = &outcome.agreement {
        check_nothing_lost(&texts, agreement.newest());
    }
    for diagnostic in &outcome.diagnostics {
        let text = outcome.sources.text(&diagnostic.at.place.file).unwrap_or("");
        assert!(text.get(diagnostic.at.span.clone()).is_some(), "{diagnostic:?}");
    }
}

/// What was accepted is all there: every rule of the files is in the tree.
fn check_nothing_lost(texts: &[String], version: &Version) {
    let tables: Vec<toml::Table> = texts.iter().map(|text| text.parse().unwrap()).collect();
    let count = |section: &str| -> usize {
        tables
            .iter()
            .filter_map(|table| table.get(section))
            .map(|value| value.as_array().map_or(1, Vec::len))
            .sum()
    };
    let lengths = [
        ("duty", version.duties.len()),
        ("window", version.windows.len()),
        ("requires", version.requirements.len()),
        ("contents", version.contents.len()),
        ("meter", version.meters.len()),
        ("settlement", version.settlements.len()),
        ("checklist", version.checklists.len()),
        ("reading", version.readings.len()),
        ("blindspot", version.blind_spots.len()),
    ];
    for (section, length) in lengths {
        assert_eq!(count(section), length, "{section}");
    }
}

fn files() -> Vec<SourceFile> {
    let shelf = complete();
    version(&shelf.root, &shelf.root.join("agreements/fjordhelse/2023-06-01")).files
}

/// A change somebody's hand could make.
#[derive(Clone, Debug)]
enum Slip {
    Cut(usize, usize),
    Insert(usize, String),
    Swap(usize, usize),
    Repeat(usize, usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let bits = "[\\[\\]{}\"'=.,#\n]|yes|true|0|-1|9999999999999999999999|1e999|2023-02-30|\"\"|\\[\\[duty\\]\\]|é|not |and |after |\u{0}";
    prop_oneof![
        (any::<usize>(), 0_usize..60).prop_map(|(at, length)| Slip::Cut(at, length)),
        (any::<usize>(), bits).prop_map(|(at, text)| Slip::Insert(at, text)),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Slip::Swap(a, b)),
        (any::<usize>(), 0_usize..60).prop_map(|(at, length)| Slip::Repeat(at, length)),
    ]
}

fn slipped(text: &str, slip: &Slip) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let size = letters.len().max(1);
    match slip {
        Slip::Cut(at, length) => drop(letters.drain(at % size..(at % size + length).min(letters.len()))),
        Slip::Insert(at, text) => drop(letters.splice(at % size..at % size, text.chars())),
        Slip::Swap(a, b) => letters.swap(a % size, b % size),
        Slip::Repeat(at, length) => {
            let part: Vec<char> = letters[at % size..(at % size + length).min(size)].to_vec();
            drop(letters.splice(at % size..at % size, part));
        }
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_loaded_or_refused(text in "\\PC{0,200}") {
        check(vec![SourceFile::new("x.toml", text)]);
    }

    #[test]
    fn a_slip_in_a_file_is_reported_or_harmless(which in any::<usize>(), slips in proptest::collection::vec(slip(), 1..6)) {
        let mut files = files();
        let place = which % files.len();
        for slip in &slips {
            files[place].text = slipped(&files[place].text, slip);
        }
        check(files);
    }

    #[test]
    fn a_value_of_another_type_is_reported_or_harmless(
        which in any::<usize>(),
        line in any::<usize>(),
        value in prop_oneof!["true", "7", "\\[\\]", "\\{\\}", "1.5", "2024-01-01", "\"\"", "\"x\"", "\\[\\[\\]\\]", "\\{ nb = 1 \\}"],
    ) {
        let mut files = files();
        let place = which % files.len();
        let mut lines: Vec<String> = files[place].text.lines().map(str::to_owned).collect();
        let line = line % lines.len();
        if let Some((key, _)) = lines[line].clone().split_once(" = ") {
            lines[line] = format!("{key} = {value}");
        }
        files[place].text = lines.join("\n");
        check(files);
    }
}

#[test]
fn a_file_that_ends_anywhere_is_reported_or_harmless() {
    let file = files().into_iter().find(|file| file.name.ends_with("opphold.toml")).unwrap();
    for end in (0..file.text.len()).step_by(37).filter(|end| file.text.is_char_boundary(*end)) {
        check(vec![SourceFile::new("x.toml", &file.text[..end])]);
    }
}

#[test]
fn hostile_depth_and_length_are_refused() {
    let deep = format!("a = {}", "[".repeat(200_000));
    let dotted = format!("{} = 1", vec!["a"; 200_000].join("."));
    let header = format!("[{}]", vec!["a"; 200_000].join("."));
    let quotes = "\"".repeat(500_000);
    let bad_lines = "x\n".repeat(300_000);
    for text in [deep, dotted, header, quotes, bad_lines] {
        check(vec![SourceFile::new("x.toml", text)]);
    }
}

#[test]
fn cases_of_any_text_are_read_or_refused() {
    let agreement = fjordhelse();
    let text = complete().root.join("agreements/fjordhelse/2023-06-01/cases/rapport.toml");
    let text = std::fs::read_to_string(text).unwrap();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        parse_cases(&SourceFile::new("x.toml", &text[..end]), agreement.newest());
    }
}
