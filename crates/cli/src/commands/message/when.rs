//! Times and ids that a call gives, or that are made up here: nothing below this knows a clock.

use jiff::{Timestamp, civil::DateTime};
use samspill_formats::messages::norway;
use uuid::Uuid;

use crate::trouble::Trouble;

/// The time given, or now.
pub(crate) fn time(given: Option<&str>) -> Result<Timestamp, Trouble> {
    let Some(text) = given else { return Ok(Timestamp::now()) };
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let wrong = |_| {
        Trouble::Call(format!("--at: «{text}» isn't a time: write 2026-03-02T09:30 or 2026-03-02T08:30:00Z"))
    };
    let local: DateTime = text.parse().map_err(wrong)?;
    norway().to_ambiguous_timestamp(local).compatible().map_err(wrong)
}

/// The id given, held to be a GUID, or a new one.
pub(crate) fn id(given: Option<&str>) -> Result<String, Trouble> {
    match given {
        None => Ok(Uuid::now_v7().to_string()),
        Some(text) => match Uuid::try_parse(text) {
            Ok(id) => Ok(id.to_string()),
            Err(_) => Err(Trouble::Call(format!("--id: «{text}» isn't a GUID, which receivers ask for"))),
        },
    }
}
