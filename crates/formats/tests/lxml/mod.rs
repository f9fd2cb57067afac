//! Python with lxml, for what a schema validator that isn't ours tells.

use std::process::{Command, Stdio};

/// An interpreter that has lxml: the one that `SAMSPILL_PYTHON` names, else `python3`. None, with a word about it, where `python3` has none.
///
/// # Panics
///
/// Where `SAMSPILL_PYTHON` names one without lxml: whoever names one wants no test skipped.
pub(crate) fn python() -> Option<String> {
    let named = std::env::var("SAMSPILL_PYTHON").ok().filter(|python| !python.is_empty());
    let python = named.clone().unwrap_or_else(|| "python3".to_owned());
    let asked = Command::new(&python).args(["-c", "import lxml"]).stderr(Stdio::null()).status();
    if asked.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    assert!(named.is_none(), "SAMSPILL_PYTHON names `{python}`, which has no lxml");
    println!("skipped: `{python}` has no lxml; `make test` installs it");
    None
}
