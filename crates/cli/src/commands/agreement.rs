//! `samspill agreement …`: agreements checked, shown and compared.

use std::{io::Write, process::ExitCode};

use samspill_agreement::{
    DiagnosticSeverity, agreement_schema, compare,
    model::{Agreement, Language, Version},
    render, render_diagnostics,
};
use samspill_shelf::load_all;

use crate::{
    agreements,
    args::{DiagnosticFormat, DiffFormat},
    output,
    trouble::Trouble,
};

/// Prints every mistake in the agreements; exit code 1 if any is an error.
pub(crate) fn check(names: &[String], format: DiagnosticFormat) -> Result<ExitCode, Trouble> {
    let mut out = output::standard();
    let mut errors = 0;
    for (found, outcome) in load_all(names)? {
        let own_errors = count(&outcome.diagnostics, DiagnosticSeverity::Error);
        let warnings = count(&outcome.diagnostics, DiagnosticSeverity::Warning);
        errors += own_errors;
        match format {
            DiagnosticFormat::Text => {
                write!(
                    out,
                    "{}",
                    render_diagnostics(&outcome.diagnostics, &outcome.sources, agreements::look())
                )?;
                let what = outcome
                    .agreement
                    .as_ref()
                    .map_or_else(String::new, |agreement| format!(" ({})", what_it_is(agreement)));
                writeln!(out, "{}{what}: {own_errors} errors, {warnings} warnings", found.name)?;
            }
            DiagnosticFormat::Json => {
                for diagnostic in &outcome.diagnostics {
                    writeln!(out, "{}", serde_json::json!(diagnostic))?;
                }
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::from(u8::from(errors > 0)))
}

fn count(diagnostics: &[samspill_agreement::Diagnostic], severity: DiagnosticSeverity) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
}

fn what_it_is(agreement: &Agreement) -> String {
    let versions: Vec<&str> = agreement.versions.iter().map(|version| version.version.as_str()).collect();
    let newest = agreement.newest();
    let rules = newest.duties.len()
        + newest.windows.len()
        + newest.requirements.len()
        + newest.contents.len()
        + newest.meters.len();
    format!("{} {}; {rules} rules in the newest", agreement.id, versions.join(", "))
}

/// Prints an agreement as people read it.
pub(crate) fn show(name: &str, on: Option<&str>, language: Language) -> Result<ExitCode, Trouble> {
    let agreement = agreements::open_one(name, None)?;
    let version = match on {
        None => agreement.newest(),
        Some(day) => {
            let date = day
                .parse()
                .map_err(|_| Trouble::Call(format!("--on: «{day}» is not a date: write it as 2024-06-30")))?;
            agreement.in_force_on(date).ok_or_else(|| {
                Trouble::Call(format!("no version of «{}» is in force on {date}", agreement.id))
            })?
        }
    };
    let mut out = output::standard();
    write!(out, "{}", render(version, language))?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// How a comparison is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DiffView {
    pub format: DiffFormat,
    pub width: Option<usize>,
    pub language: Language,
}

/// Compares the newest versions of two agreements, or two versions.
pub(crate) fn diff(left: &str, right: &str, view: &DiffView) -> Result<ExitCode, Trouble> {
    let (left, right) = (agreements::open_one(left, None)?, agreements::open_one(right, None)?);
    let (left, right): (&Version, &Version) = (left.newest(), right.newest());
    let comparison = compare(left, right, view.language);
    let mut out = output::standard();
    match view.format {
        DiffFormat::Text => write!(out, "{}", comparison.to_text(view.width.unwrap_or_else(output::width)))?,
        DiffFormat::Json => writeln!(out, "{}", comparison.to_json())?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the JSON Schema of agreement files.
pub(crate) fn schema() -> Result<ExitCode, Trouble> {
    let mut out = output::standard();
    writeln!(out, "{:#}", agreement_schema())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
