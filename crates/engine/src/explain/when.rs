//! Days, times and spans of time in words.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use samspill_agreement::{model::Language, words};

use super::say;

/// `mandag 3. juni 2024`, `Monday 3 June 2024`.
pub fn date_words(date: Date, language: Language) -> String {
    format!("{} {}", words::weekday_name(date.weekday(), language), words::date(date, language))
}

/// `mandag 3. juni 2024 kl. 11.00`. Seconds are said only where there are some; in the hour that comes twice, the offset is said.
pub fn instant_words(instant: Timestamp, zone: &TimeZone, language: Language) -> String {
    let local = instant.to_zoned(zone.clone());
    let date = date_words(local.date(), language);
    let (hour, minute, second) = (local.hour(), local.minute(), local.second());
    if (hour, minute, second, local.subsec_nanosecond()) == (23, 59, 59, 999_999_999) {
        return say!(language; "{date} ved dagens slutt", "{date} ved slutten av dagen", "{date} at the end of the day");
    }
    let seconds = if second == 0 { String::new() } else { format!("{second:02}") };
    let dot = if second == 0 { "" } else { "." };
    let colon = if second == 0 { "" } else { ":" };
    let offset = if is_ambiguous(&local) { format!(" ({})", local.offset()) } else { String::new() };
    say!(language;
        "{date} kl. {hour:02}.{minute:02}{dot}{seconds}{offset}",
        "{date} kl. {hour:02}.{minute:02}{dot}{seconds}{offset}",
        "{date} at {hour:02}:{minute:02}{colon}{seconds}{offset}")
}

fn is_ambiguous(local: &jiff::Zoned) -> bool {
    local.time_zone().to_ambiguous_zoned(local.datetime()).is_ambiguous()
}

/// `3 dager 4 timer 5 minutter`; whole seconds only where it is less than a minute.
pub fn duration_words(duration: SignedDuration, language: Language) -> String {
    let seconds = duration.as_secs().unsigned_abs();
    let parts = [
        (seconds / 86_400, ["dag", "dager", "dag", "dagar", "day", "days"]),
        (seconds / 3_600 % 24, ["time", "timer", "time", "timar", "hour", "hours"]),
        (seconds / 60 % 60, ["minutt", "minutter", "minutt", "minutt", "minute", "minutes"]),
        (
            if seconds < 60 { seconds } else { 0 },
            ["sekund", "sekunder", "sekund", "sekund", "second", "seconds"],
        ),
    ];
    let first = match language {
        Language::Bokmal => 0,
        Language::Nynorsk => 2,
        Language::English => 4,
    };
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, names)| format!("{count} {}", names[first + usize::from(*count != 1)]))
        .collect();
    if said.is_empty() { format!("0 {}", parts[3].1[first + 1]) } else { said.join(" ") }
}
