//! `samspill message check`: findings of messages.

use std::{io::Write, path::Path, process::ExitCode};

use samspill_formats::{
    messages::{Finding, Severity, ids::SyntheticPolicy, model, profile, read},
    xml::{XmlError, XmlLimits, decode, parse},
};
use serde_json::json;

use super::{
    args::{Check, FindingFormat, Least},
    input,
};
use crate::{args::Lang, output, trouble::Trouble};

/// Prints what is found in each file. The files after one that can't be read as XML are read all the same.
pub(crate) fn run(args: &Check) -> Result<ExitCode, Trouble> {
    let mut out = output::standard();
    let mut worst = None;
    let files = input::files(&args.files)?;
    for file in &files {
        let limits = XmlLimits::default();
        let bytes = input::bytes(file, &limits)?;
        let findings =
            findings(&bytes, &limits, args.synthetic.into()).unwrap_or_else(|error| vec![not_xml(&error)]);
        worst = worst.max(findings.iter().map(|finding| finding.severity).max());
        let least = least(args.least);
        for finding in findings.iter().filter(|finding| finding.severity >= least) {
            writeln!(out, "{}", output::clean(&line(file, finding, args)))?;
        }
    }
    out.flush()?;
    if worst.is_none() {
        output::note(&format!(
            "nothing found in {} {}",
            files.len(),
            if files.len() == 1 { "file" } else { "files" }
        ));
    }
    Ok(if worst == Some(Severity::Error) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What the schema, the profile and the reading find, in the order of places.
fn findings(bytes: &[u8], limits: &XmlLimits, synthetic: SyntheticPolicy) -> Result<Vec<Finding>, XmlError> {
    let text = decode(bytes, limits)?;
    let document = parse(&text, limits)?;
    let mut findings = model::check(&document);
    let (message, unclear) = read::read(&document, &read::MessageLimits::default());
    findings.extend(unclear);
    findings.extend(profile::check(&document, &message, synthetic));
    findings.sort_by(|left, right| left.place.cmp(&right.place).then(right.severity.cmp(&left.severity)));
    // Reading and schema can both say that the same value is wrong.
    findings.dedup_by(|later, earlier| later.path == earlier.path && later.text == earlier.text);
    Ok(findings)
}

fn not_xml(error: &XmlError) -> Finding {
    Finding {
        severity: Severity::Error,
        code: "not-xml",
        path: "/".to_owned(),
        place: error.place,
        text: error.fault.to_string(),
        clause: None,
    }
}

fn line(file: &Path, finding: &Finding, args: &Check) -> String {
    let text = match args.lang {
        Lang::Nb | Lang::Nn => profile::bokmal(finding).unwrap_or_else(|| finding.text.clone()),
        Lang::En => finding.text.clone(),
    };
    let weight = weight(finding.severity);
    let place = finding.place;
    match args.format {
        FindingFormat::Text => {
            let clause = finding.clause.as_ref().map_or_else(String::new, |clause| format!(" ({clause})"));
            let place = format!("{}:{}:{}", file.display(), place.line, place.column);
            format!("{place}: {weight}[{}]: {}: {text}{clause}", finding.code, finding.path)
        }
        FindingFormat::Json => json!({
            "file": file.display().to_string(),
            "line": place.line,
            "column": place.column,
            "severity": weight,
            "code": finding.code,
            "path": finding.path,
            "text": text,
            "clause": finding.clause,
        })
        .to_string(),
    }
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn least(least: Least) -> Severity {
    match least {
        Least::Note => Severity::Note,
        Least::Warning => Severity::Warning,
        Least::Error => Severity::Error,
    }
}
