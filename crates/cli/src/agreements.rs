//! Loads the agreements that a call names.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use samspill_agreement::{
    Look, Outcome, SourceFile, VersionSources, load,
    model::{Agreement, DatedAmount, DatedValue, ValueId, Version},
    render_diagnostics,
};
use samspill_shelf::{Shelf, load_all, shipped};

use crate::{output, trouble::Trouble};

/// Loads all of them, or prints every mistake in any of them. Where none is named, the shipped ones.
pub(crate) fn open(names: &[String], values: Option<&Path>) -> Result<Vec<Agreement>, Trouble> {
    if names.is_empty() {
        return open(&shipped(), values);
    }
    let mut agreements = Vec::new();
    let mut mistakes = 0;
    for (_, outcome) in load_all(names)? {
        mistakes += print_mistakes(&outcome);
        agreements.extend(outcome.agreement);
    }
    if mistakes > 0 {
        return Err(Trouble::Mistakes { count: mistakes });
    }
    if let Some(path) = values {
        let values = read_values(path)?;
        refuse_unused(&agreements, &values)?;
        for agreement in &mut agreements {
            agreement.versions.iter_mut().for_each(|version| put_values(Arc::make_mut(version), &values));
        }
    }
    refuse_mixed_zones(&agreements)?;
    Ok(agreements)
}

/// Loads one.
pub(crate) fn open_one(name: &str, values: Option<&Path>) -> Result<Agreement, Trouble> {
    let mut agreements = open(&[name.to_owned()], values)?;
    match (agreements.pop(), agreements.is_empty()) {
        (Some(agreement), true) => Ok(agreement),
        (_, _) => {
            Err(Trouble::Call(format!("«{name}» holds several agreements: name the folder of one of them")))
        }
    }
}

/// Prints errors (not warnings) on standard error, and says how many there are.
fn print_mistakes(outcome: &Outcome) -> usize {
    let errors: Vec<_> = outcome
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == samspill_agreement::DiagnosticSeverity::Error)
        .cloned()
        .collect();
    if !errors.is_empty() {
        output::note(render_diagnostics(&errors, &outcome.sources, look()).trim_end());
    }
    errors.len()
}

/// Coloured where standard error is a terminal that shows colours.
pub(crate) fn look() -> Look {
    if output::errors_are_coloured() { Look::Coloured } else { Look::Plain }
}

/// Local times in a log can have one zone only.
fn refuse_mixed_zones(agreements: &[Agreement]) -> Result<(), Trouble> {
    let mut zones = agreements.iter().map(|agreement| &agreement.newest().calendar.zone_name);
    let first = zones.next();
    match zones.find(|zone| Some(*zone) != first) {
        None => Ok(()),
        Some(other) => Err(Trouble::Call(format!(
            "the agreements count in different time zones ({} and {other}), so local times in the log are ambiguous: read it against one at a time",
            first.map_or("", String::as_str)
        ))),
    }
}

/// The dated values of a file: read as an agreement that holds nothing else.
fn read_values(path: &Path) -> Result<Vec<DatedValue>, Trouble> {
    const FRAME: &str = "[agreement]\nid = \"verdier\"\nname = \"Verdier\"\ndocument = \"example\"\nin_force = 1900-01-01\n[calendar]\nzone = \"Europe/Oslo\"\n";
    let text = std::fs::read_to_string(path).map_err(|source| Trouble::File {
        what: "reading",
        path: path.to_owned(),
        source,
    })?;
    let files = vec![SourceFile::new("verdier", FRAME), SourceFile::new(path.display().to_string(), text)];
    let version = VersionSources { folder_name: "1900-01-01".to_owned(), files };
    let outcome = load(vec![version], &Shelf::BuiltIn);
    let mistakes = print_mistakes(&outcome);
    let agreement = outcome.agreement.ok_or(Trouble::Mistakes { count: mistakes })?;
    Ok(agreement.newest().values.values().cloned().collect())
}

/// A value that no agreement uses is a slip of the pen: the price it was meant to set would not be set.
fn refuse_unused(agreements: &[Agreement], values: &[DatedValue]) -> Result<(), Trouble> {
    let used = |id: &str| {
        agreements
            .iter()
            .flat_map(|agreement| &agreement.versions)
            .any(|version| version.values.contains_key(id))
    };
    match values.iter().find(|value| !used(&value.id)) {
        None => Ok(()),
        Some(value) => {
            let versions = agreements.iter().flat_map(|agreement| &agreement.versions);
            let known: BTreeSet<&str> =
                versions.flat_map(|version| version.values.keys().map(ValueId::as_str)).collect();
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            Err(Trouble::Call(format!(
                "--values: no agreement has a value «{}»; they have {known}",
                value.id
            )))
        }
    }
}

fn put_values(version: &mut Version, values: &[DatedValue]) {
    for value in values {
        match version.values.get_mut(value.id.as_str()) {
            None => {
                version.values.insert(value.id.clone(), value.clone());
            }
            Some(known) => value.amounts.iter().for_each(|amount| put_amount(known, amount)),
        }
    }
}

fn put_amount(known: &mut DatedValue, amount: &DatedAmount) {
    known.amounts.retain(|other| other.from != amount.from);
    known.amounts.push(amount.clone());
    known.amounts.sort_by_key(|amount| amount.from);
}
