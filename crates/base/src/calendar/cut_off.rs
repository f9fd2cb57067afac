use std::cmp::Ordering;

use jiff::civil::Time;

/// On which side of a cut-off a time of day is.
///
/// Rules differ in what the cut-off itself counts as ("until 14:00", "before 14:00"): the rule says, this
/// only tells the three apart.
///
/// # A second past is after
/// ```
/// # use samspill_base::calendar::CutOffSide;
/// use jiff::civil::time;
/// let two_o_clock = time(14, 0, 0, 0);
/// assert_eq!(CutOffSide::of(time(13, 59, 59, 0), two_o_clock), CutOffSide::Before);
/// assert_eq!(CutOffSide::of(time(14, 0, 0, 0), two_o_clock), CutOffSide::At);
/// assert_eq!(CutOffSide::of(time(14, 0, 1, 0), two_o_clock), CutOffSide::After);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CutOffSide {
    /// Earlier than the cut-off.
    Before,
    /// The same time to the nanosecond.
    At,
    /// Later than the cut-off.
    After,
}

impl CutOffSide {
    /// Where `time` is, both read off the clock on the wall. When a night has the time twice, both are the same.
    pub fn of(time: Time, cut_off: Time) -> Self {
        match time.cmp(&cut_off) {
            Ordering::Less => Self::Before,
            Ordering::Equal => Self::At,
            Ordering::Greater => Self::After,
        }
    }
}
