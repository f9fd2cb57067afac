use std::sync::LazyLock;

use jiff::tz::TimeZone;

/// The zone of times that a message writes without one, and in which messages are made and shown: that of Norway.
///
/// The rules of zones are built in, so it is always there; a build without them would read such times as UTC, which a test
/// forbids.
pub fn norway() -> TimeZone {
    static NORWAY: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC));
    NORWAY.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_norwegian_time_are_built_in() {
        assert_eq!(norway().iana_name(), Some("Europe/Oslo"));
    }
}
