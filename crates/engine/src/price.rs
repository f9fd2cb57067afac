//! What a day costs.

use jiff::civil::Date;
use samspill_agreement::model::{Certainty, Meter, Progression, Rate, Version};
use samspill_base::{ClauseRef, Ore};

/// The price of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Price {
    /// The meter only counts.
    Unpaid,
    /// This much, by this clause.
    Known(ClauseRef, Ore),
    /// No certain price is known for the day, or it is more than a number can hold.
    Unknown(ClauseRef),
}

/// The price of the day with this number (from 1) among the paid days of its run.
///
/// A price that rises by the day is rounded to whole øre each day, half away from zero.
pub(crate) fn price(version: &Version, meter: &Meter, day: Date, number: u32) -> Price {
    let (clause, base) = match &meter.rate {
        Rate::None => return Price::Unpaid,
        Rate::Fixed(amount) => (meter.clause.clone(), Some(*amount)),
        Rate::Dated(id) => match version.values.get(id.as_str()) {
            None => (meter.clause.clone(), None),
            Some(value) => {
                let certain = value.on(day).filter(|amount| amount.certainty == Certainty::Certain);
                (value.clause.clone(), certain.map(|amount| amount.amount))
            }
        },
    };
    match base.and_then(|base| raised(base, &meter.progression, number)) {
        Some(amount) => Price::Known(clause, amount),
        None => Price::Unknown(clause),
    }
}

pub(crate) fn raised(base: Ore, progression: &Progression, number: u32) -> Option<Ore> {
    match progression {
        Progression::Flat => Some(base),
        Progression::PercentOfDayBefore(percent) => {
            (1..number).try_fold(base, |price, _| price.scaled(i64::from(*percent), 100))
        }
        Progression::Steps(steps) => {
            let step = steps.iter().rev().find(|step| step.from_day <= number)?;
            base.scaled(i64::from(step.percent), 100)
        }
    }
}
