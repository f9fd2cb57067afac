use jiff::{civil::Date, tz::TimeZone};
use samspill_base::{Ore, parse_instant};

use super::{DayRange, ExpectedDue, ExpectedDuty, ExpectedFulfilment, ExpectedTotal};
use crate::model::DutyState;

/// Reads `innleggelsesrapport kept due 2024-06-04T11:00 fulfilled 2024-06-04T10:00`.
///
/// # Errors
/// What is wrong with the line, as a sentence.
pub(super) fn read_duty(line: &str, zone: &TimeZone) -> Result<ExpectedDuty, String> {
    let mut words = line.split_whitespace();
    let duty = words.next().ok_or("the line is empty: write a duty's id and its state")?.to_owned();
    let state = words.next().and_then(DutyState::from_word);
    let state = state.ok_or("after the id comes kept, late, missed, open, waived, fulfilled or overdue")?;
    let mut expected =
        ExpectedDuty { duty, state, due: ExpectedDue::Any, fulfilled: ExpectedFulfilment::Any };
    while let Some(key) = words.next() {
        let value = words.next().ok_or_else(|| format!("after `{key}` a time is missing"))?;
        let instant = || parse_instant(value, zone).map_err(|error| error.to_string());
        match (key, value) {
            ("due", "-") => expected.due = ExpectedDue::None,
            ("due", _) => expected.due = ExpectedDue::At(instant()?),
            ("fulfilled", _) => expected.fulfilled = ExpectedFulfilment::At(instant()?),
            _ => return Err(format!("`{key}` can't stand here: `due` and `fulfilled` can")),
        }
    }
    Ok(expected)
}

/// Reads `2024-06-10` or `2024-06-10..2024-06-12`.
pub(super) fn read_days(text: &str) -> Result<DayRange, String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let day = |text: &str| {
        text.trim()
            .parse::<Date>()
            .map_err(|_| format!("\"{text}\" is no day: write 2024-06-10, or 2024-06-10..2024-06-12"))
    };
    let days = DayRange { first: day(first)?, last: day(last)? };
    if days.last < days.first { Err(format!("{} comes before {}", days.last, days.first)) } else { Ok(days) }
}

/// Reads `17235.00` or `unpriced`.
pub(super) fn read_total(text: &str) -> Result<ExpectedTotal, String> {
    if text == "unpriced" {
        return Ok(ExpectedTotal::Unpriced);
    }
    let amount = Ore::parse_kroner(text).ok_or("write an amount such as \"17235.00\", or \"unpriced\"")?;
    Ok(ExpectedTotal::Amount(amount))
}
