use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// The hours of each day in which nothing is sent unless it must, where people are. From the first instant on, and before the last;
/// over midnight where the first is the later. The same time twice: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// They begin.
    pub from: Time,
    /// They are over.
    pub until: Time,
}

impl Default for Quiet {
    /// From ten in the evening until seven: what most who work by day call night.
    fn default() -> Self {
        Self { from: Time::constant(22, 0, 0, 0), until: Time::constant(7, 0, 0, 0) }
    }
}

impl Quiet {
    /// No quiet hours.
    pub const NONE: Self = Self { from: Time::midnight(), until: Time::midnight() };

    /// When the quiet hours are over that an instant lies in; none for an instant outside them.
    ///
    /// The clock on the wall decides: the night on which clocks go forward is an hour shorter, and that on which they go back an hour
    /// longer. Where clocks go forward past the end, the quiet hours are over when they do. Where clocks go back over the end, they
    /// begin again for the hour that comes twice, unless the end lies after it.
    pub fn end(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = now.to_zoned(zone.clone());
        if !self.holds(local.time()) {
            return None;
        }
        let is_today = local.time() < self.until;
        let day = if is_today { local.date() } else { local.date().tomorrow().ok()? };
        let ends = zone.to_ambiguous_zoned(day.to_datetime(self.until));
        let end = ends.clone().compatible().ok().map(|end| end.timestamp()).filter(|end| *end > now);
        let end = end.or_else(|| ends.later().ok().map(|end| end.timestamp()))?;
        let jump = zone.following(now).next().map(|change| change.timestamp());
        let jump = jump.filter(|at| *at < end && !self.holds(at.to_zoned(zone.clone()).time()));
        Some(jump.unwrap_or(end))
    }

    fn holds(&self, time: Time) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quiet hours, an instant, and when they are over; `-` for never.
    fn check(rows: &str) {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
            let [from, until, now, expected] = row.split_whitespace().collect::<Vec<_>>()[..] else {
                panic!("{row}")
            };
            let quiet = Quiet { from: from.parse().unwrap(), until: until.parse().unwrap() };
            let now: Timestamp = now.parse().unwrap();
            let expected = (expected != "-").then(|| expected.parse::<Timestamp>().unwrap());
            assert_eq!(quiet.end(now, &oslo), expected, "{row}");
        }
    }

    #[test]
    fn the_night_begins_at_its_first_instant_and_is_over_at_its_last() {
        check(
            "
            22:00 07:00 2026-11-20T21:59:59+01:00 -
            22:00 07:00 2026-11-20T22:00:00+01:00 2026-11-21T07:00:00+01:00
            22:00 07:00 2026-11-20T23:59:59+01:00 2026-11-21T07:00:00+01:00
            22:00 07:00 2026-11-21T00:00:00+01:00 2026-11-21T07:00:00+01:00
            22:00 07:00 2026-11-21T06:59:59+01:00 2026-11-21T07:00:00+01:00
            22:00 07:00 2026-11-21T07:00:00+01:00 -
            13:00 14:00 2026-11-21T12:59:59+01:00 -
            13:00 14:00 2026-11-21T13:00:00+01:00 2026-11-21T14:00:00+01:00
            13:00 14:00 2026-11-21T14:00:00+01:00 -
            07:00 07:00 2026-11-21T07:00:00+01:00 -
            00:00 00:00 2026-11-21T00:00:00+01:00 -
        ",
        );
    }

    #[test]
    fn a_night_in_which_clocks_go_forward_is_an_hour_shorter() {
        check(
            "
            22:00 07:00 2026-03-28T22:00:00+01:00 2026-03-29T07:00:00+02:00
            22:00 07:00 2026-03-29T01:59:59+01:00 2026-03-29T07:00:00+02:00
            22:00 07:00 2026-03-29T06:59:59+02:00 2026-03-29T07:00:00+02:00
            22:00 02:30 2026-03-29T01:30:00+01:00 2026-03-29T03:00:00+02:00
            22:00 02:30 2026-03-29T03:00:00+02:00 -
            02:30 07:00 2026-03-29T01:59:59+01:00 -
            02:30 07:00 2026-03-29T03:00:00+02:00 2026-03-29T07:00:00+02:00
        ",
        );
    }

    #[test]
    fn a_night_in_which_clocks_go_back_is_an_hour_longer() {
        check(
            "
            22:00 07:00 2026-10-24T22:00:00+02:00 2026-10-25T07:00:00+01:00
            22:00 07:00 2026-10-25T02:59:59+02:00 2026-10-25T07:00:00+01:00
            22:00 07:00 2026-10-25T02:00:00+01:00 2026-10-25T07:00:00+01:00
            22:00 07:00 2026-10-25T06:59:59+01:00 2026-10-25T07:00:00+01:00
            22:00 02:30 2026-10-25T02:10:00+02:00 2026-10-25T02:30:00+02:00
            22:00 02:30 2026-10-25T02:40:00+02:00 -
            22:00 02:30 2026-10-25T02:10:00+01:00 2026-10-25T02:30:00+01:00
            22:00 02:30 2026-10-25T02:30:00+01:00 -
        ",
        );
    }
}
