use jiff::{Timestamp, tz::TimeZone};
use samspill_base::parse_instant;

/// Reads the times that tables hold: what [`parse_instant`] reads, and `2024/08/17 06:59:00`, `17.08.2024 06:59`,
/// `17.8.2024`; days before months where a point stands between them.
pub(crate) fn table_instant(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let text = text.trim();
    let rewritten = from_slashes(text).or_else(|| from_points(text));
    parse_instant(rewritten.as_deref().unwrap_or(text), zone).map_err(|error| match rewritten {
        None => error.to_string(),
        Some(_) => format!(
            "«{}» is not a time: write 2024-03-31T02:30, or 31.03.2024 02:30",
            crate::item::shown(text)
        ),
    })
}

/// `2024/08/17 06:59` as `2024-08-17 06:59`.
fn from_slashes(text: &str) -> Option<String> {
    let (date, rest) = text.split_at_checked(10)?;
    let bytes = date.as_bytes();
    (bytes[4] == b'/' && bytes[7] == b'/').then(|| format!("{}{rest}", date.replace('/', "-")))
}

/// `17.8.2024 6:59` as `2024-08-17T06:59`.
fn from_points(text: &str) -> Option<String> {
    let (date, time) = match text.split_once([' ', 'T']) {
        None => (text, "00:00"),
        Some((date, time)) => (date, time.trim_start()),
    };
    let mut parts = date.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some()
        || year.len() != 4
        || ![day, month].iter().all(|part| (1..=2).contains(&part.len()))
    {
        return None;
    }
    let zero = if time.find(':') == Some(1) { "0" } else { "" };
    Some(format!("{year}-{month:0>2}-{day:0>2}T{zero}{time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_write_times_in_more_ways() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        for (text, same_as) in [
            ("2024/08/17 06:59:00", "2024-08-17T06:59:00+02:00"),
            ("2024/08/17", "2024-08-17T00:00:00+02:00"),
            ("17.08.2024 06:59", "2024-08-17T06:59:00+02:00"),
            ("7.8.2024 6:59", "2024-08-07T06:59:00+02:00"),
            ("17.08.2024", "2024-08-17T00:00:00+02:00"),
            ("2024-08-17 06:59:00.250", "2024-08-17T06:59:00.250+02:00"),
            ("2024-08-17T06:59:00Z", "2024-08-17T08:59:00+02:00"),
            // The clocks go back: of the two half past two the first; forward: what was skipped is added.
            ("27.10.2024 02:30", "2024-10-27T02:30:00+02:00"),
            ("31.03.2024 02:30", "2024-03-31T03:30:00+02:00"),
        ] {
            assert_eq!(table_instant(text, &oslo), Ok(same_as.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_named() {
        for text in [
            "",
            "32.01.2024",
            "17.08.24",
            "2024/13/01",
            "17.08.2024 24:01",
            "17.13.2024",
            "i går",
            "æææææææææææ",
        ] {
            let message = table_instant(text, &TimeZone::UTC).unwrap_err();
            assert!(message.contains(text) && message.contains("write"), "{message}");
        }
    }
}
