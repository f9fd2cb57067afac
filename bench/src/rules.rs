//! The agreements that the benchmarks read with.

use std::path::{Path, PathBuf};

use samspill_agreement::{Look, model::Agreement, render_diagnostics};
use samspill_shelf::load_all;

use crate::Trouble;

/// The folder of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The agreement in this folder of the project.
pub fn agreement(folder: &str) -> Result<Agreement, Trouble> {
    let path = project().join(folder).display().to_string();
    let (_, outcome) = load_all(&[path])?.into_iter().next().ok_or("no agreement there")?;
    match outcome.agreement {
        Some(agreement) => Ok(agreement),
        None => Err(render_diagnostics(&outcome.diagnostics, &outcome.sources, Look::Plain).into()),
    }
}
