//! What instant a local day and time mean, where the clocks may have been changed.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::{AmbiguousOffset, TimeZone},
};

/// What a local day and time mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalMoment {
    /// This instant.
    Certain(Timestamp),
    /// It came twice that night: a person says which.
    Twice {
        /// The first, in summer time.
        first: Timestamp,
        /// The second, an hour later.
        second: Timestamp,
    },
    /// It never came that night: the clocks went past it.
    Skipped {
        /// What it is when the time that was left out is added.
        instead: Timestamp,
    },
}

/// Which of two instants is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TwiceChoice {
    /// The first.
    First,
    /// The second.
    Second,
}

/// Why a text is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// No day.
    #[error("write the day as 17.08.2024 or 2024-08-17")]
    Day,
    /// No time of day.
    #[error("write the time as 06:59")]
    Time,
}

impl LocalMoment {
    /// The instant, with a person's choice where there is one to make. A time that never came is moved forward by what was left out.
    pub fn chosen(self, choice: Option<TwiceChoice>) -> Option<Timestamp> {
        match (self, choice) {
            (Self::Certain(at) | Self::Skipped { instead: at }, _) => Some(at),
            (Self::Twice { first, .. }, Some(TwiceChoice::First)) => Some(first),
            (Self::Twice { second, .. }, Some(TwiceChoice::Second)) => Some(second),
            (Self::Twice { .. }, None) => None,
        }
    }
}

impl TwiceChoice {
    /// The choice of a word in a form: `first`, `second`.
    pub fn called(word: &str) -> Option<Self> {
        match word {
            "first" => Some(Self::First),
            "second" => Some(Self::Second),
            _ => None,
        }
    }
}

/// Reads a day (`2024-10-27`, `27.10.2024`) and a time (`02:30`, `02.30`, `0230`) as they are typed.
///
/// # Errors
/// What is no day or no time.
pub fn read_moment(day: &str, time: &str, zone: &TimeZone) -> Result<LocalMoment, MomentError> {
    let day = read_day(day).ok_or(MomentError::Day)?;
    let time = read_time(time).ok_or(MomentError::Time)?;
    let ambiguous = zone.to_ambiguous_timestamp(day.to_datetime(time));
    let at = |offset: jiff::tz::Offset| offset.to_timestamp(day.to_datetime(time)).ok();
    let read = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => at(offset).map(LocalMoment::Certain),
        AmbiguousOffset::Gap { before, .. } => at(before).map(|instead| LocalMoment::Skipped { instead }),
        AmbiguousOffset::Fold { before, after } => {
            at(before).zip(at(after)).map(|(first, second)| LocalMoment::Twice { first, second })
        }
    };
    read.ok_or(MomentError::Day)
}

/// A day as it is typed: `2024-08-17`, `17.08.2024`, `17.8.24`; none where it is none.
pub fn read_day(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(day) = text.parse::<Date>() {
        return (text.len() == 10).then_some(day);
    }
    let mut parts = text.split(['.', '/', ' ']).filter(|part| !part.is_empty());
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year: i16 = match year.len() {
        2 => year.parse::<i16>().ok()? + 2000,
        4 => year.parse().ok()?,
        _ => return None,
    };
    let rest = parts.next();
    rest.is_none().then(|| Date::new(year, month.parse().ok()?, day.parse().ok()?).ok())?
}

/// A time of day as it is typed: `06:59`, `06.59`, `0659`.
pub(super) fn read_time(text: &str) -> Option<Time> {
    let text = text.trim();
    let (hour, minute) = text.split_once([':', '.']).or_else(|| {
        let is_run = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_run.then(|| text.split_at(2))
    })?;
    let minute = minute.split(':').next()?;
    let is_number =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(hour) && is_number(minute))
        .then(|| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oslo() -> TimeZone {
        TimeZone::get("Europe/Oslo").unwrap()
    }

    /// Rows: day, time, what comes of it.
    #[track_caller]
    fn check(rows: &str) {
        for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
            let [day, time, wanted] = row.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{row}") };
            let read = match read_moment(day, time, &oslo()) {
                Ok(LocalMoment::Certain(at)) => at.to_string(),
                Ok(LocalMoment::Twice { first, second }) => format!("{first}|{second}"),
                Ok(LocalMoment::Skipped { instead }) => format!("~{instead}"),
                Err(MomentError::Day) => "no-day".to_owned(),
                Err(MomentError::Time) => "no-time".to_owned(),
            };
            assert_eq!(read, wanted, "{row}");
        }
    }

    #[test]
    fn a_night_has_one_half_past_two_two_of_them_or_none() {
        check(
            "
            2024-10-26  02:30  2024-10-26T00:30:00Z
            2024-10-27  01:59  2024-10-26T23:59:00Z
            2024-10-27  02:00  2024-10-27T00:00:00Z|2024-10-27T01:00:00Z
            2024-10-27  02:59  2024-10-27T00:59:00Z|2024-10-27T01:59:00Z
            2024-10-27  03:00  2024-10-27T02:00:00Z
            2024-03-31  01:59  2024-03-31T00:59:00Z
            2024-03-31  02:00  ~2024-03-31T01:00:00Z
            2024-03-31  02:30  ~2024-03-31T01:30:00Z
            2024-03-31  03:00  2024-03-31T01:00:00Z
        ",
        );
    }

    #[test]
    fn days_and_times_are_read_as_people_type_them() {
        check(
            "
            17.08.2024  06.59  2024-08-17T04:59:00Z
            17.8.24     0659   2024-08-17T04:59:00Z
            2024-08-17  6:59   2024-08-17T04:59:00Z
            31.02.2024  06:59  no-day
            17.08       06:59  no-day
            2024-8-17   06:59  no-day
            17.08.2024  24:00  no-time
            17.08.2024  syv    no-time
            17.08.2024  06:99  no-time
        ",
        );
    }

    #[test]
    fn a_person_says_which_of_two() {
        let moment = read_moment("2024-10-27", "02:30", &oslo()).unwrap();
        assert_eq!(moment.chosen(None), None);
        let [first, second] =
            [TwiceChoice::First, TwiceChoice::Second].map(|it| moment.chosen(Some(it)).unwrap());
        assert_eq!(second.duration_since(first).as_hours(), 1);
    }
}
