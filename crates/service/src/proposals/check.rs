use samspill_agreement::{
    Diagnostic, DiagnosticSeverity, SourceFile, Sources, VersionSources, load, model::Agreement,
};
use samspill_shelf::Found;

use super::{Proposal, short_name};

/// The file that holds an agreement's own key, with the day it comes into force.
const MAIN: &str = "agreement.toml";

/// What checking a proposal found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The proposed version alone, if nothing is wrong with it: what a trial reads every case by.
    pub agreement: Option<Agreement>,
    /// All mistakes, of this version and of it among the others.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that they point into.
    pub sources: Sources,
    /// Whether the proposed day is one on which no version came into force before.
    pub is_new_version: bool,
}

/// Why a proposal can't be checked.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// The version that it began as isn't there any more.
    #[error("the agreement has no version «{0}»: begin again from one that it has")]
    NoVersion(String),
}

impl Checked {
    /// Whether it could be used as it stands.
    pub fn is_usable(&self) -> bool {
        self.agreement.is_some()
    }

    /// How many mistakes keep it from being used.
    pub fn errors(&self) -> usize {
        let is_error = |found: &&Diagnostic| found.severity == DiagnosticSeverity::Error;
        self.diagnostics.iter().filter(is_error).count()
    }
}

/// The files of a version of an agreement.
pub fn sources_of<'f>(found: &'f Found, version: &str) -> Option<&'f VersionSources> {
    found.versions.iter().find(|sources| sources.folder_name == version)
}

/// Checks a proposal as a version among the agreement's others. Where its day of coming into force is that of another version, it stands
/// in that one's place.
///
/// # Errors
/// A version to begin with that isn't there.
pub fn check(proposal: &Proposal, found: &Found) -> Result<Checked, ProposalError> {
    let base =
        sources_of(found, &proposal.base).ok_or_else(|| ProposalError::NoVersion(proposal.base.clone()))?;
    let proposed = proposed(proposal);
    let is_new_version = sources_of(found, &proposed.folder_name).is_none();
    let others = found.versions.iter().filter(|other| other.folder_name != proposed.folder_name);
    let among = load(others.cloned().chain([proposed.clone()]).collect(), &found.shelf);
    let alone = if among.has_errors() { None } else { load(vec![proposed], &found.shelf).agreement };
    Ok(Checked {
        agreement: alone,
        diagnostics: own_first(among.diagnostics, base),
        sources: among.sources,
        is_new_version,
    })
}

fn proposed(proposal: &Proposal) -> VersionSources {
    let files = proposal.files.iter().map(|(name, text)| SourceFile::new(name.as_str(), text.as_str()));
    VersionSources { folder_name: in_force(proposal), files: files.collect() }
}

/// The day that the proposal says it comes into force; that of the version it began as where it says none that can be read.
fn in_force(proposal: &Proposal) -> String {
    let said = || {
        let table: toml::Table = proposal.files.get(MAIN)?.parse().ok()?;
        let day = table.get("agreement")?.get("in_force")?.as_datetime()?;
        day.date.map(|date| date.to_string())
    };
    said().unwrap_or_else(|| proposal.base.clone())
}

/// Mistakes in the proposal's own files, which have short names, before those of other versions.
fn own_first(mut diagnostics: Vec<Diagnostic>, base: &VersionSources) -> Vec<Diagnostic> {
    let is_other = |found: &Diagnostic| {
        let name = &found.at.place.file;
        !base.files.iter().any(|file| short_name(base, &file.name) == &**name)
    };
    diagnostics.sort_by_key(is_other);
    diagnostics
}
