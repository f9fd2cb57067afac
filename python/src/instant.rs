//! Instants as Python says them.

use jiff::{Timestamp, tz::TimeZone};
use pyo3::{prelude::*, types::PyString};

use crate::wrong;

/// A text (RFC 3339, or local time in `zone`), a `datetime` or a `date`; now, where nothing is said.
pub(crate) fn instant(said: Option<&Bound<'_, PyAny>>, zone: &TimeZone) -> PyResult<Timestamp> {
    let Some(said) = said else { return Ok(Timestamp::now()) };
    let text = match said.cast::<PyString>() {
        Ok(text) => text.to_string(),
        Err(_) => said.call_method0("isoformat")?.extract()?,
    };
    samspill_base::parse_instant(&text, zone).map_err(|error| wrong(format!("as_of: {error}")))
}
