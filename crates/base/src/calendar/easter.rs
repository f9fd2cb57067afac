use jiff::civil::Date;

/// Easter Sunday of a year, in the Gregorian calendar (the anonymous algorithm of 1876).
pub(super) fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (century, in_century) = (y.div_euclid(100), y.rem_euclid(100));
    let golden = y.rem_euclid(19);
    let moon_shift = (century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 19 * golden + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - moon_shift - in_century % 4) % 7;
    let late = (golden + 11 * moon_shift + 22 * to_sunday) / 451;
    let day = moon_shift + to_sunday - 7 * late + 114;
    Date::new(year, i8::try_from(day / 31).ok()?, i8::try_from(day % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_falls_on_the_published_days() {
        for day in [
            date(1900, 4, 15),
            date(1913, 3, 23),
            date(1943, 4, 25),
            date(1954, 4, 18),
            date(1981, 4, 19),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2027, 3, 28),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2160, 3, 23),
            date(2199, 4, 14),
        ] {
            assert_eq!(easter_sunday(day.year()), Some(day));
        }
    }
}
