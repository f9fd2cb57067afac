//! Settling a meter over many cases: an average over a calendar month.

use std::collections::BTreeMap;

use jiff::civil::Date;
use samspill_agreement::model::{Agreement, Settlement, Version};
use samspill_base::{ClauseRef, Ore};

use crate::{
    Evaluation,
    price::{Price, price},
};

/// A payer's month under a settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledMonth {
    /// The settlement's id.
    pub settlement: String,
    /// Its clause.
    pub clause: ClauseRef,
    /// Who pays; empty where the cases don't say.
    pub payer: String,
    /// The first day of the month.
    pub month: Date,
    /// How many cases had days in it.
    pub cases: u32,
    /// How many days they had: all that the meter counted, its free days included.
    pub days: u32,
    /// How many of them are free: so many a case on average.
    pub free: u32,
    /// How many are paid.
    pub payable: u32,
    /// What they cost, at the price of the month's last day; `None` where no certain price is known.
    pub amount: Option<Ore>,
}

/// Settles each payer's months by the settlements of the newest version, in the order of settlement, payer and month.
pub fn settle(agreement: &Agreement, evaluations: &[Evaluation]) -> Vec<SettledMonth> {
    let version = agreement.newest();
    version.settlements.iter().flat_map(|settlement| settle_one(version, settlement, evaluations)).collect()
}

fn settle_one(version: &Version, settlement: &Settlement, evaluations: &[Evaluation]) -> Vec<SettledMonth> {
    let mut months: BTreeMap<(String, Date), (u32, u32)> = BTreeMap::new();
    for evaluation in evaluations {
        let mut of_case: BTreeMap<(String, Date), u32> = BTreeMap::new();
        for meter in evaluation.meters.iter().filter(|meter| meter.meter == settlement.meter) {
            let payer = meter.payer.clone().unwrap_or_default();
            for day in meter.days.iter().filter(|day| day.status.counts() || is_free(day)) {
                *of_case.entry((payer.clone(), day.date.first_of_month())).or_default() += 1;
            }
        }
        for (payer_and_month, days) in of_case {
            let sums = months.entry(payer_and_month).or_default();
            *sums = (sums.0 + 1, sums.1 + days);
        }
    }
    months
        .into_iter()
        .map(|((payer, month), (cases, days))| settled(version, settlement, payer, month, cases, days))
        .collect()
}

fn is_free(day: &crate::MeterDay) -> bool {
    day.because.iter().any(|reason| matches!(reason, crate::DayReason::Free(..)))
}

fn settled(
    version: &Version,
    settlement: &Settlement,
    payer: String,
    month: Date,
    cases: u32,
    days: u32,
) -> SettledMonth {
    let free = settlement.free_days_average.saturating_mul(cases).min(days);
    let payable = days - free;
    let meter = version.meters.iter().find(|meter| meter.id == settlement.meter);
    let day_price = meter.map(|meter| price(version, meter, month.last_of_month(), 1));
    let amount = match day_price {
        Some(Price::Known(_, amount)) => amount.scaled(i64::from(payable), 1),
        Some(Price::Unpaid) => Some(Ore::ZERO),
        Some(Price::Unknown(_)) | None => None,
    };
    SettledMonth {
        settlement: settlement.id.to_string(),
        clause: settlement.clause.clone(),
        payer,
        month,
        cases,
        days,
        free,
        payable,
        amount,
    }
}
