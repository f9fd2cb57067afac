use jiff::civil::{Date, Time};

/// What an input is told to be: `kind`, unless that is a day, a time of day or both (`datetime-local`) and what was typed is none. Browsers
/// throw such a value away, and whoever typed it must see what is wrong. Empty is no mistake here.
pub(crate) fn input_type<'k>(kind: &'k str, typed: &str) -> &'k str {
    let is_shown = typed.is_empty()
        || match kind {
            "date" => is_day(typed),
            "time" => is_time(typed),
            "datetime-local" => typed.split_once('T').is_some_and(|(day, time)| is_day(day) && is_time(time)),
            _ => true,
        };
    if is_shown { kind } else { "text" }
}

/// `2026-03-09`, as HTML has it.
fn is_day(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}

/// `08:30`, or with seconds.
fn is_time(text: &str) -> bool {
    let is_so = |format: &str| {
        Time::strptime(format, text).is_ok_and(|time| time.strftime(format).to_string() == text)
    };
    is_so("%H:%M") || is_so("%H:%M:%S")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_would_throw_away_is_shown_as_it_was_typed() {
        for (kind, typed, shown) in [
            ("date", "", "date"),
            ("date", "2026-03-09", "date"),
            ("date", "2026-3-9", "text"),
            ("date", "20260309", "text"),
            ("date", "2026-02-29", "text"),
            ("date", "9. mars", "text"),
            ("time", "08:30", "time"),
            ("time", "08:30:15", "time"),
            ("time", "24:00", "text"),
            ("time", "kl. 8", "text"),
            ("datetime-local", "2026-03-09T08:30", "datetime-local"),
            ("datetime-local", "2026-03-09 08:30", "text"),
            ("datetime-local", "2026-03-09", "text"),
            ("search", "2026-3-9", "search"),
        ] {
            assert_eq!(input_type(kind, typed), shown, "{kind}: {typed}");
        }
    }
}
