//! The English names of weekdays and months, as agreement files write them.

use jiff::civil::Weekday;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// The weekday with this English name, as agreement files write it.
pub(crate) fn weekday(name: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(known, _)| *known == name.to_lowercase()).map(|(_, weekday)| *weekday)
}

/// The month with this English name, from 1.
pub(crate) fn month_number(name: &str) -> Option<i8> {
    let place = MONTHS.iter().position(|known| *known == name.to_lowercase())?;
    i8::try_from(place + 1).ok()
}

/// The English name of a month, as agreement files write it; empty for what is no month.
pub(crate) fn month_in_english(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|place| MONTHS.get(place)).copied().unwrap_or("")
}

/// How many days the month can have, leap years too.
pub(crate) fn longest_days_of_month(month: i8) -> i8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
