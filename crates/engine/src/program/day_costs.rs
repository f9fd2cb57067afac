//! What days cost together, without going through them: sums over all days before each.

use samspill_agreement::model::Progression;
use samspill_base::{
    Ore,
    calendar::{DayCalendar, DayNumber},
};

use super::{
    code::{DayKindCode, MeterCode, RateCode, RateSpan},
    meter::place_of,
};

/// For each day of the calendar, what the counting days before it come to.
#[derive(Clone, Debug)]
pub(crate) struct DayCosts {
    /// One more than there are days.
    before: Vec<Before>,
    free_days: u32,
    has_price: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Before {
    cost: i64,
    /// Days that count.
    days: u32,
    /// Those of them without a certain price.
    unpriced: u32,
}

/// Days that count and are not free, from the first to the last, and what they come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub first: DayNumber,
    pub last: DayNumber,
    pub days: u32,
    /// `None` where any of them has no certain price.
    pub amount: Option<Ore>,
}

impl DayCosts {
    /// The sums of a meter; none where what a day costs hangs on the days before it, or hours say which days count.
    pub(crate) fn of(meter: &MeterCode, days: &DayCalendar) -> Option<Self> {
        let counts = |day: DayNumber| match meter.counts {
            DayKindCode::Any => Some(true),
            DayKindCode::Working => Some(days.is_working_day(day)),
            DayKindCode::OpenIn(_) => None,
        };
        if meter.progression != Progression::Flat {
            return None;
        }
        let mut rates = Rates::of(&meter.rate);
        let mut sum = Before::default();
        let mut before = Vec::with_capacity(DayNumber::LAST.number() as usize + 2);
        before.push(sum);
        for number in 0..=DayNumber::LAST.number() {
            let rate = rates.on(i64::from(number));
            if counts(DayNumber::new(number)?)? {
                sum.days += 1;
                sum.unpriced += u32::from(rate.is_none());
                sum.cost = sum.cost.checked_add(rate.unwrap_or(Ore::ZERO).0)?;
            }
            before.push(sum);
        }
        Some(Self { before, free_days: meter.free_days, has_price: !matches!(meter.rate, RateCode::None) })
    }

    /// What the days of a run come to, from its first to its last; `None` where none of them counts that isn't free.
    #[inline]
    pub(crate) fn stretch(&self, first: DayNumber, last: DayNumber) -> Option<Stretch> {
        if first > last {
            return None;
        }
        let first = if self.free_days == 0 { first } else { self.after_free_days(first, last)? };
        let from = self.before[first.number() as usize];
        let past = self.before[last.number() as usize + 1];
        let amount = match (self.has_price, past.unpriced - from.unpriced) {
            (false, _) => Some(Ore::ZERO),
            (true, 0) => Some(Ore(past.cost - from.cost)),
            (true, _) => None,
        };
        let days = past.days - from.days;
        (days > 0).then_some(Stretch { first, last, days, amount })
    }

    /// The day after the last free one; `None` where all are free.
    fn after_free_days(&self, first: DayNumber, last: DayNumber) -> Option<DayNumber> {
        let days = &self.before[first.number() as usize..=last.number() as usize];
        let free_until = days[0].days.saturating_add(self.free_days);
        let free = days.partition_point(|before| before.days < free_until);
        first.add_days(i32::try_from(free).ok()?).ok().filter(|day| *day <= last)
    }
}

/// What a day costs, asked day by day.
struct Rates<'r> {
    fixed: Option<Ore>,
    /// Those to come.
    spans: &'r [RateSpan],
    begun: Option<RateSpan>,
}

impl<'r> Rates<'r> {
    fn of(rate: &'r RateCode) -> Self {
        let (fixed, spans): (_, &[RateSpan]) = match rate {
            RateCode::None => (None, &[]),
            RateCode::Fixed(amount) => (Some(*amount), &[]),
            RateCode::Dated(spans) => (None, spans),
        };
        Self { fixed, spans, begun: None }
    }

    /// The price of a day, which comes after those asked about before.
    fn on(&mut self, day: i64) -> Option<Ore> {
        while let Some((next, rest)) = self.spans.split_first()
            && place_of(next.from) <= day
        {
            (self.begun, self.spans) = (Some(*next), rest);
        }
        let begun = self.begun.filter(|span| span.until.is_none_or(|until| day < place_of(until)));
        begun.map_or(self.fixed, |span| span.amount)
    }
}
