//! From tables to the checked tree.

mod calendar;
mod checklist;
mod content;
mod context;
mod declarations;
mod duty;
mod gather;
mod get;
mod hours;
mod meter;
mod meter_parts;
mod names;
mod tests_of_types;
mod value;
mod version;

use std::sync::Arc;

use crate::{
    check::check_versions,
    diagnostic::{Diagnostic, DiagnosticSeverity, Report},
    model::{Agreement, Version},
    source::{Sources, Spot, Uses, VersionSources},
};

pub(crate) use get::{scalar, spot_of_key, strings};

/// What loading gives: the agreement if nothing is wrong with it, and everything that is.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The agreement; `None` if any diagnostic is an error.
    pub agreement: Option<Agreement>,
    /// All mistakes of all files, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
}

impl Outcome {
    /// Whether anything prevents using the agreement.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == DiagnosticSeverity::Error)
    }
}

/// A version as lowered, with where its parts stand.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) version: Version,
    pub(crate) spots: VersionSpots,
}

/// Where the parts of a version stand that diagnostics between versions point at.
#[derive(Clone, Debug, Default)]
pub(crate) struct VersionSpots {
    pub(crate) id: Spot,
    pub(crate) in_force: Spot,
    pub(crate) until: Spot,
}

/// Reads all versions of an agreement or a law, in any order. `uses` gives the shared files that they name.
///
/// Never panics, whatever the texts hold. Mistakes of all files come in one list.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers read the files for this and have no other use for them"
)]
pub fn load(versions: Vec<VersionSources>, uses: &impl Uses) -> Outcome {
    let mut report = Report::default();
    let mut lowered: Vec<Lowered> =
        versions.iter().filter_map(|sources| version::lower(sources, uses, &mut report)).collect();
    lowered.sort_by_key(|lowered| lowered.version.in_force);
    check_versions(&lowered, &mut report);
    let failed = report.has_errors();
    let (diagnostics, sources) = report.finish();
    let agreement =
        lowered.first().map(|first| first.version.agreement.clone()).filter(|_| !failed).map(|id| {
            Agreement { id, versions: lowered.into_iter().map(|lowered| Arc::new(lowered.version)).collect() }
        });
    Outcome { agreement, diagnostics, sources }
}
