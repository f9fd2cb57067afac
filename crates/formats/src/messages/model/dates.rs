//! Dates and times as XML Schema writes them: proleptic Gregorian, the time zone may be left out.

/// Which parts a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    DateTime,
    Date,
    Time,
    YearMonth,
    Year,
}

/// Whether a value has the form of the shape, and a day and time that exist. 24:00:00 does.
pub(super) fn is(shape: Shape, value: &str) -> bool {
    let mut rest = Rest(value.as_bytes());
    let read = match shape {
        Shape::DateTime => rest.date().and_then(|()| rest.sign(b'T')).and_then(|()| rest.time()),
        Shape::Date => rest.date(),
        Shape::Time => rest.time(),
        Shape::YearMonth => rest.year_month().map(|_| ()),
        Shape::Year => rest.year().map(|_| ()),
    };
    read.is_some() && rest.zone().is_some() && rest.0.is_empty()
}

struct Rest<'v>(&'v [u8]);

impl Rest<'_> {
    fn date(&mut self) -> Option<()> {
        let (year, month) = self.year_month()?;
        self.sign(b'-')?;
        let day = self.two()?;
        (1..=days_in(year, month)).contains(&day).then_some(())
    }

    fn year_month(&mut self) -> Option<(u64, u8)> {
        let year = self.year()?;
        self.sign(b'-')?;
        let month = self.two()?;
        (1..=12).contains(&month).then_some((year, month))
    }

    /// Four digits, or more that don't begin with 0. There is no year 0. Which days a year before it has is counted as if it
    /// were one after.
    fn year(&mut self) -> Option<u64> {
        // A sign may be there or not.
        let _ = self.sign(b'-');
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (year, rest) = self.0.split_at(digits);
        self.0 = rest;
        let is_well_written = digits == 4 || (5..=18).contains(&digits) && year[0] != b'0';
        let value = || year.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        is_well_written.then(value).filter(|value| *value != 0)
    }

    fn time(&mut self) -> Option<()> {
        let hour = self.two()?;
        self.sign(b':')?;
        let minute = self.two()?;
        self.sign(b':')?;
        let second = self.two()?;
        let fraction = self.fraction()?;
        let is_midnight_after = hour == 24 && minute == 0 && second == 0 && fraction == 0;
        (hour <= 23 && minute <= 59 && second <= 59 || is_midnight_after).then_some(())
    }

    /// The digits after a point, if there is one; 0 if all are.
    fn fraction(&mut self) -> Option<u8> {
        if self.sign(b'.').is_none() {
            return Some(0);
        }
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, rest) = self.0.split_at(digits);
        self.0 = rest;
        fraction.iter().map(|digit| digit - b'0').max()
    }

    /// `Z`, `+hh:mm` or `-hh:mm` up to 14 hours, or nothing.
    fn zone(&mut self) -> Option<()> {
        if self.0.is_empty() || self.sign(b'Z').is_some() {
            return Some(());
        }
        self.sign(b'+').or_else(|| self.sign(b'-'))?;
        let hour = self.two()?;
        self.sign(b':')?;
        let minute = self.two()?;
        (hour < 14 && minute <= 59 || hour == 14 && minute == 0).then_some(())
    }

    fn two(&mut self) -> Option<u8> {
        let (&[tens, ones], rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
    }

    fn sign(&mut self, sign: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[sign])?;
        Some(())
    }
}

fn days_in(year: u64, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, is};

    fn check(shape: Shape, right: &[&str], wrong: &[&str]) {
        for value in right {
            assert!(is(shape, value), "{value}");
        }
        for value in wrong {
            assert!(!is(shape, value), "{value}");
        }
    }

    #[test]
    fn days_that_exist() {
        let right =
            ["2026-02-28", "2028-02-29", "2000-02-29", "2026-12-31Z", "2026-01-01+14:00", "12026-01-01"];
        let wrong = [
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "0000-01-01",
        ];
        check(Shape::Date, &right, &wrong);
        check(
            Shape::Date,
            &[],
            &["", "20260101", "2026-1-1", "26-01-01", "02026-01-01", "01.02.2026", "2026-01-01T10:00:00"],
        );
    }

    #[test]
    fn times_that_exist() {
        let right = [
            "00:00:00",
            "23:59:59.999",
            "24:00:00",
            "24:00:00.0",
            "12:00:00Z",
            "12:00:00-14:00",
            "12:00:00+13:59",
        ];
        let wrong = [
            "24:00:01",
            "23:60:00",
            "23:59:60",
            "12:00",
            "12:00:00.",
            "12:00:00+14:01",
            "12:00:00+1",
            "12:00:00 ",
        ];
        check(Shape::Time, &right, &wrong);
    }

    #[test]
    fn a_moment_needs_both() {
        let wrong =
            ["2026-03-01", "2026-03-01 12:00:00", "2026-03-01T12:00", "2026-03-01t12:00:00", "T12:00:00"];
        check(Shape::DateTime, &["2026-03-01T12:00:00", "-0004-02-28T12:00:00.5+01:00"], &wrong);
    }

    #[test]
    fn years_and_months_alone() {
        check(Shape::Year, &["2026", "2026Z", "-0044"], &["26", "2026-01", ""]);
        check(Shape::YearMonth, &["2026-01", "2026-12+01:00"], &["2026", "2026-13", "2026-1"]);
    }
}
