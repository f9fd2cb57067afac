use jiff::{
    civil::Date,
    tz::{AmbiguousOffset, TimeZone},
};

/// Reads the usual ways to write a time without going through a general reader.
///
/// What it reads, it reads as [`parse_instant`](samspill_base::parse_instant) does; what it doesn't, that has to.
#[derive(Debug)]
pub(crate) struct Instants {
    zone: TimeZone,
    /// Days of local times, each at the place that its number says.
    days: Vec<Day>,
}

/// A day, counted from 1970, and its zone's offset in seconds if it is the same all day.
#[derive(Clone, Copy, Debug)]
struct Day {
    number: i32,
    offset: Option<i32>,
}

/// A time as it is written.
struct Written {
    year: i32,
    month: i32,
    day: i32,
    /// The day, counted from 1970.
    number: i32,
    second_of_day: u32,
    nanosecond: u32,
    /// In seconds; `None` for a local time.
    offset: Option<i32>,
}

const DAYS: usize = 8192;
const DAY_SECONDS: i64 = 86_400;
const NO_DAY: Day = Day { number: i32::MIN, offset: None };
/// All instants of these years fit in nanoseconds, whatever the offset.
const YEARS: std::ops::RangeInclusive<i32> = 1678..=2261;

impl Instants {
    pub(crate) fn new(zone: TimeZone) -> Self {
        Self { zone, days: Vec::new() }
    }

    /// Nanoseconds since 1970, if the time is written in one of the usual ways.
    #[inline]
    pub(crate) fn read(&mut self, text: &[u8]) -> Option<i64> {
        let written = Written::read(text)?;
        let number = written.number;
        let offset = match written.offset {
            Some(offset) => offset,
            None => self.offset(number, &written)?,
        };
        let seconds = i64::from(number) * DAY_SECONDS + i64::from(written.second_of_day) - i64::from(offset);
        Some(seconds * 1_000_000_000 + i64::from(written.nanosecond))
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    fn offset(&mut self, number: i32, written: &Written) -> Option<i32> {
        if self.days.is_empty() {
            self.days = vec![NO_DAY; DAYS];
        }
        let place = usize::try_from(number.rem_euclid(i32::try_from(DAYS).unwrap_or(i32::MAX))).unwrap_or(0);
        if self.days[place].number != number {
            let offset = all_day_offset(&self.zone, written.date()?);
            self.days[place] = Day { number, offset };
        }
        self.days[place].offset
    }
}

/// The offset of a day on which it doesn't change, nor at its ends in a way that a local time of the day could notice.
fn all_day_offset(zone: &TimeZone, date: Date) -> Option<i32> {
    let midnight = date.at(0, 0, 0, 0);
    let AmbiguousOffset::Unambiguous { offset } = zone.to_ambiguous_timestamp(midnight).offset() else {
        return None;
    };
    let start = offset.to_timestamp(midnight).ok()?;
    let change = zone.following(start).next();
    let constant =
        change.is_none_or(|change| change.timestamp().as_second() - start.as_second() > DAY_SECONDS);
    constant.then(|| offset.seconds())
}

impl Written {
    fn date(&self) -> Option<Date> {
        Date::new(self.year.try_into().ok()?, self.month.try_into().ok()?, self.day.try_into().ok()?).ok()
    }

    /// `2024-03-31`, with ` 02:30`, `T02:30:00`, `.123` of a second, and `Z` or `+02:00`.
    #[inline]
    fn read(text: &[u8]) -> Option<Self> {
        let Some((minute, rest)) = text.split_first_chunk::<16>() else { return Self::read_date(text) };
        let mut written = Self::read_minute(minute)?;
        if let [b':', second_and_offset @ ..] = rest
            && let Ok(second_and_offset) = second_and_offset.try_into()
        {
            let (second, offset) = read_second_and_offset(second_and_offset)?;
            written.second_of_day += second;
            written.offset = Some(offset);
            return Some(written);
        }
        written.offset = match *written.read_second(rest)? {
            [] => None,
            [b'Z'] => Some(0),
            [sign, h0, h1, parted, m0, m1] => {
                Some(read_second_and_offset([b'0', b'0', sign, h0, h1, parted, m0, m1])?.1)
            }
            _ => return None,
        };
        Some(written)
    }

    fn read_date(text: &[u8]) -> Option<Self> {
        let text: &[u8; 10] = text.try_into().ok()?;
        let mut minute = *b"0000-00-00 00:00";
        minute[..text.len()].copy_from_slice(text);
        Self::read_minute(&minute)
    }

    /// Reads the sixteen characters of `2024-03-31T02:30`.
    #[inline]
    fn read_minute(text: &[u8; 16]) -> Option<Self> {
        let [date, time] = *text.as_chunks::<8>().0 else { return None };
        let parted = time[2];
        let date = pairs(date, Shape::DATE)?;
        let time = pairs(time, Shape::DAY_AND_CLOCK)?;
        let year = i32::from(date[0]) * 100 + i32::from(date[2]);
        let (month, day) = (i32::from(date[5]), i32::from(time[0]));
        let (hour, minute) = (u32::from(time[3]), u32::from(time[6]));
        let is_time = matches!(parted, b'T' | b' ') && hour < 24 && minute < 60;
        let number = day_number(year, month, day)?;
        let second_of_day = hour * 3600 + minute * 60;
        is_time.then_some(Self { year, month, day, number, second_of_day, nanosecond: 0, offset: None })
    }

    /// Reads `:05.123`, if it is there; gives what follows.
    fn read_second<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        let [b':', tens, ones, rest @ ..] = text else { return Some(text) };
        let [second, ..] = pairs([*tens, *ones, b'0', b'0', b'0', b'0', b'0', b'0'], Shape::DIGITS)?;
        self.second_of_day += Some(u32::from(second)).filter(|second| *second < 60)?;
        let [b'.', fraction @ ..] = rest else { return Some(rest) };
        let (nanosecond, rest) = read_fraction(fraction)?;
        self.nanosecond = nanosecond;
        Some(rest)
    }
}

/// Reads `05+02:00`: seconds, and seconds of the offset.
#[inline]
fn read_second_and_offset(text: [u8; 8]) -> Option<(u32, i32)> {
    let pairs = pairs(text, Shape::SECOND_AND_OFFSET)?;
    let (second, hours, minutes) = (u32::from(pairs[0]), i32::from(pairs[3]), i32::from(pairs[6]));
    if second > 59 || hours > 23 || minutes > 59 {
        return None;
    }
    let offset = hours * 3600 + minutes * 60;
    match text[2] {
        b'+' => Some((second, offset)),
        // With nought that says that nobody knows the offset.
        b'-' if offset != 0 => Some((second, -offset)),
        _ => None,
    }
}

/// How eight characters must look, as the bytes of a number: noughts stand for digits, `?` for anything, and all else
/// for itself.
#[derive(Clone, Copy)]
struct Shape {
    text: u64,
    digits: u64,
    fixed: u64,
}

impl Shape {
    const DATE: Self = Self::new(*b"0000-00-");
    const DAY_AND_CLOCK: Self = Self::new(*b"00?00:00");
    const SECOND_AND_OFFSET: Self = Self::new(*b"00?00:00");
    const DIGITS: Self = Self::new(*b"00000000");

    const fn new(text: [u8; 8]) -> Self {
        let (mut digits, mut fixed) = ([0; 8], [0; 8]);
        let mut at = 0;
        while at < 8 {
            match text[at] {
                b'0' => digits[at] = 0xFF,
                b'?' => {}
                _ => fixed[at] = 0xFF,
            }
            at += 1;
        }
        let [text, digits, fixed] =
            [u64::from_le_bytes(text), u64::from_le_bytes(digits), u64::from_le_bytes(fixed)];
        Self { text, digits, fixed }
    }
}

/// Reads eight characters of this shape: at each place where two digits begin, their number.
#[inline]
fn pairs(text: [u8; 8], shape: Shape) -> Option<[u8; 8]> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let differing = u64::from_le_bytes(text) ^ shape.text;
    let numbers = differing & shape.digits;
    // The highest bit of a byte says that it is more than nine.
    let large = ((numbers & (0x7F * ONES)) + (0x7F - 9) * ONES) | numbers;
    if differing & shape.fixed != 0 || large & (0x80 * ONES) != 0 {
        return None;
    }
    Some((numbers * 10 + (numbers >> 8)).to_le_bytes())
}

/// Nanoseconds of one to nine digits, and what follows them.
fn read_fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&count) {
        return None;
    }
    let digits = text[..count].iter().fold(0_u32, |number, byte| number * 10 + u32::from(byte - b'0'));
    let noughts = u32::try_from(9 - count).ok()?;
    Some((digits * 10_u32.pow(noughts), &text[count..]))
}

/// Days from 1970 on; `None` if there is no such day in [`YEARS`].
#[inline]
fn day_number(year: i32, month: i32, day: i32) -> Option<i32> {
    /// Days before each month, and those it has.
    const MONTHS: [(i32, i32); 13] = [
        (0, 0),
        (0, 31),
        (31, 28),
        (59, 31),
        (90, 30),
        (120, 31),
        (151, 30),
        (181, 31),
        (212, 31),
        (243, 30),
        (273, 31),
        (304, 30),
        (334, 31),
    ];
    /// Days from the first year on.
    const UNTIL_1970: i32 = 719_162;
    let (before, days) = *MONTHS.get(usize::try_from(month).ok()?)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = days + i32::from(is_leap && month == 2);
    if !YEARS.contains(&year) || !(1..=days).contains(&day) {
        return None;
    }
    let years = year - 1;
    let before_year = years * 365 + years / 4 - years / 100 + years / 400;
    Some(before_year - UNTIL_1970 + before + i32::from(is_leap && month > 2) + day - 1)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use samspill_base::{columns::nanos, parse_instant};

    use super::*;
    use crate::times::table_instant;

    /// Zones with a change at midnight, with half an hour, in the south, and with offsets in seconds long ago.
    const ZONES: [&str; 6] =
        ["Europe/Oslo", "UTC", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"];

    /// What is read must be what the general readers read.
    fn check(instants: &mut Instants, text: &str) -> bool {
        let read = instants.read(text.as_bytes());
        if let Some(read) = read {
            let zone = instants.zone.clone();
            let zone_name = zone.iana_name().unwrap_or_default();
            let general = parse_instant(text, &zone).map(nanos);
            assert_eq!(general, Ok(read), "{text} in {zone_name}");
            assert_eq!(table_instant(text, &zone).map(nanos), Ok(read), "{text} in {zone_name}");
        }
        read.is_some()
    }

    fn reader(zone: &str) -> Instants {
        Instants::new(TimeZone::get(zone).unwrap())
    }

    #[test]
    fn the_usual_ways_are_read_at_once() {
        let mut oslo = reader("Europe/Oslo");
        for text in [
            "2006-07-24",
            "2006-07-24 00:00",
            "2006-07-24T00:00:00",
            "2006-07-24 00:00:00+02:00",
            "2006-07-24T00:00:00.000+02:00",
            "2006-07-24T23:59:59.123456789-01:30",
            "2006-07-24T00:00:00Z",
            "2006-07-24T00:00Z",
            "2024-02-29",
            "1678-01-01T00:00:00+23:59",
            "2261-12-31T23:59:59.999999999-23:59",
        ] {
            assert!(check(&mut oslo, text), "{text}");
        }
    }

    #[test]
    fn the_rest_is_left_to_the_general_reader() {
        let mut oslo = reader("Europe/Oslo");
        for text in [
            "",
            "2006-07-2",
            " 2006-07-24",
            "2006-07-24 ",
            "2006-07-24Z",
            "2023-02-29",
            "2006-13-01",
            "2006-00-01",
            "2006-01-00",
            "2006-04-31",
            "2006-07-24T24:00",
            "2006-07-24T00:60",
            "2006-07-24T00:00:60",
            "2006-07-24T00:00:00.",
            "2006-07-24T00:00:00.1234567891",
            "2006-07-24T00:00:00-00:00",
            "2006-07-24T00:00:00+0200",
            "2006-07-24T00:00:00+02",
            "2006-07-24t00:00",
            "2006-07-24T00:00:00z",
            "1677-12-31",
            "2262-01-01",
            "24.07.2006",
            "2006/07/24",
            "2006-07-24T00:00+24:00",
            "2006-07-24T00:00:00,5",
            "2024-03-31T02:30",
            "2024-10-27T02:30",
        ] {
            assert!(!check(&mut oslo, text), "{text}");
        }
    }

    #[test]
    fn every_quarter_of_an_hour_around_the_changes_is_read_as_the_general_reader_reads_it() {
        for zone in ZONES {
            let mut instants = reader(zone);
            let start = TimeZone::get(zone).unwrap();
            let changes: Vec<_> = start.following("1970-01-01T00:00:00Z".parse().unwrap()).take(60).collect();
            for change in changes {
                for quarter in -120..120 {
                    let at = change.timestamp() + jiff::SignedDuration::from_mins(quarter * 15);
                    let local = change.offset().to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string();
                    check(&mut instants, &local);
                }
            }
        }
    }

    fn written() -> impl Strategy<Value = String> {
        let digits = |count: usize| {
            proptest::collection::vec(0_u8..10, count..=count)
                .prop_map(|digits| digits.iter().map(u8::to_string).collect::<String>())
        };
        let date = prop_oneof![
            (1600_i32..2300, 0_u32..14, 0_u32..33).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")),
            (1900_i32..2100, 1_u32..13, 1_u32..29).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}")),
        ];
        let clock = (prop::sample::select(vec!["T", " ", "t", "  "]), 0_u32..25, 0_u32..61)
            .prop_map(|(parted, hour, minute)| format!("{parted}{hour:02}:{minute:02}"));
        let second = prop_oneof![
            Just(String::new()),
            (0_u32..61).prop_map(|second| format!(":{second:02}")),
            (0_u32..60, 0_usize..11)
                .prop_flat_map(move |(second, count)| digits(count)
                    .prop_map(move |digits| format!(":{second:02}.{digits}"))),
        ];
        let offset = prop_oneof![
            Just(String::new()),
            Just("Z".to_owned()),
            (prop::sample::select(vec!["+", "-"]), 0_u32..26, 0_u32..61)
                .prop_map(|(sign, hours, minutes)| format!("{sign}{hours:02}:{minutes:02}")),
        ];
        let time = prop_oneof![
            1 => Just(String::new()),
            6 => (clock, second, offset).prop_map(|(clock, second, offset)| clock + &second + &offset),
        ];
        (date, time).prop_map(|(date, time)| date + &time)
    }

    proptest! {
        #[test]
        fn what_is_read_at_once_is_what_the_general_reader_reads(text in written(), zone in 0..ZONES.len()) {
            check(&mut reader(ZONES[zone]), &text);
        }

        #[test]
        fn so_is_what_is_nearly_a_time(text in "[0-9TZ:+. -]{0,30}", zone in 0..ZONES.len()) {
            check(&mut reader(ZONES[zone]), &text);
        }
    }
}
