//! Random agreements as files, loaded.

use std::cell::RefCell;

use samspill_agreement::{DiagnosticSeverity, SourceFile, VersionSources, load, model::Agreement};

use crate::{
    meters,
    parts::{AgreementParts, VersionParts},
    rules,
    tape::{Seed, Tape},
    words::{Words, declarations},
};

/// The files of a random agreement, as text: the folder's name and what its one file holds.
pub(crate) fn written(parts: &AgreementParts) -> Vec<(String, String)> {
    parts.versions.iter().enumerate().map(|(number, version)| write_version(number, version)).collect()
}

/// Writes the rule with this number from its seed.
type Write = fn(&Seed, &Words, usize) -> String;

fn write_version(number: usize, parts: &VersionParts) -> (String, String) {
    let words = Words::of(&parts.head, parts.duties.len(), parts.phases.len());
    let (in_force, mut text) = head(&mut Tape::of(&parts.dates), number);
    text.push_str(&declarations(&words, &parts.head, &parts.phases));
    let sections: [(&[Seed], Write); 5] = [
        (&parts.duties, rules::duty),
        (&parts.requirements, rules::requirement),
        (&parts.windows, rules::window),
        (&parts.contents, rules::content),
        (&parts.meters, meters::meter),
    ];
    for (seeds, write) in sections {
        for (number, seed) in seeds.iter().enumerate() {
            text.push_str(&write(seed, &words, number));
        }
    }
    (in_force, text)
}

/// `[agreement]`, and the day the version comes into force. Versions come close together, some with a gap between.
fn head(tape: &mut Tape<'_>, number: usize) -> (String, String) {
    let (in_force, until): (&[&str], &str) = match number {
        0 => (&["2020-01-01", "2024-03-20", "1900-01-01"], "2024-03-28"),
        1 => (&["2024-03-30", "2024-04-01"], "2024-04-03"),
        _ => (&["2024-04-05", "2024-04-04"], "2024-04-10"),
    };
    let in_force = tape.pick(in_force);
    let until = if tape.once_in(4) { format!("until = {until}\n") } else { String::new() };
    let text =
        format!("[agreement]\nid = \"fjord\"\nname = \"Avtale i Fjord\"\nin_force = {in_force}\n{until}");
    (in_force.to_owned(), text)
}

/// The agreement, or the first mistake in it.
pub(crate) fn loaded(files: &[(String, String)]) -> Result<Agreement, String> {
    let versions = files
        .iter()
        .map(|(folder, text)| VersionSources {
            folder_name: folder.clone(),
            files: vec![SourceFile::new(format!("{folder}/agreement.toml"), text.as_str())],
        })
        .collect();
    let outcome = load(versions, &());
    let mistake = outcome.diagnostics.iter().find(|found| found.severity == DiagnosticSeverity::Error);
    match (outcome.agreement, mistake) {
        (Some(agreement), None) => Ok(agreement),
        (_, mistake) => Err(format!("{mistake:#?}")),
    }
}

/// Files, and what loading them gave.
type Loaded = (Vec<(String, String)>, Result<Agreement, String>);

thread_local! {
    /// The agreement loaded last: while the logs of a failure shrink, it stays the same.
    static LAST: RefCell<Option<Loaded>> = const { RefCell::new(None) };
}

/// The same, remembering the last.
pub(crate) fn loaded_once(files: &[(String, String)]) -> Result<Agreement, String> {
    LAST.with_borrow_mut(|last| {
        if let Some((known, agreement)) = last
            && known == files
        {
            return agreement.clone();
        }
        let agreement = loaded(files);
        *last = Some((files.to_vec(), agreement.clone()));
        agreement
    })
}
