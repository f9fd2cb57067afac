use jiff::civil::Weekday;

/// A set of weekdays.
///
/// # Monday to Friday
/// ```
/// # use samspill_base::calendar::Weekdays;
/// use jiff::civil::Weekday;
/// let office = Weekdays::range(Weekday::Monday, Weekday::Friday);
/// assert!(office.contains(Weekday::Friday));
/// assert!(!office.contains(Weekday::Saturday));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weekdays(u8);

impl Weekdays {
    /// No day.
    pub const NONE: Self = Self(0);

    /// All seven.
    pub const ALL: Self = Self(0b111_1111);

    /// The days from `first` through `last`, round the end of the week if need be; one day if they are equal.
    pub fn range(first: Weekday, last: Weekday) -> Self {
        let length = usize::from(first.until(last).unsigned_abs()) + 1;
        first.cycle_forward().take(length).collect()
    }

    /// This set and the day.
    pub fn with(self, weekday: Weekday) -> Self {
        Self(self.0 | bit(weekday))
    }

    /// Whether the day is in the set.
    pub fn contains(self, weekday: Weekday) -> bool {
        self.0 & bit(weekday) != 0
    }

    /// Whether no day is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::Monday.cycle_forward().take(7).filter(move |weekday| self.contains(*weekday))
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<T: IntoIterator<Item = Weekday>>(weekdays: T) -> Self {
        weekdays.into_iter().fold(Self::NONE, Self::with)
    }
}

impl<const N: usize> From<[Weekday; N]> for Weekdays {
    fn from(weekdays: [Weekday; N]) -> Self {
        weekdays.into_iter().collect()
    }
}

fn bit(weekday: Weekday) -> u8 {
    1 << weekday.to_monday_zero_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_goes_round_the_end_of_the_week() {
        let weekend = Weekdays::range(Weekday::Saturday, Weekday::Sunday);
        assert_eq!(weekend, Weekdays::from([Weekday::Sunday, Weekday::Saturday]));
        let long = Weekdays::range(Weekday::Friday, Weekday::Monday);
        assert_eq!(
            long.iter().collect::<Vec<_>>(),
            [Weekday::Monday, Weekday::Friday, Weekday::Saturday, Weekday::Sunday]
        );
        assert_eq!(Weekdays::range(Weekday::Monday, Weekday::Sunday), Weekdays::ALL);
        assert_eq!(Weekdays::range(Weekday::Tuesday, Weekday::Tuesday).iter().count(), 1);
        assert!(Weekdays::NONE.is_empty());
    }
}
