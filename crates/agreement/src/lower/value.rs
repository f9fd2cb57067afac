use std::collections::BTreeMap;

use samspill_base::Ore;

use super::{
    context::Context,
    gather::Gathered,
    get::{self, date_of, flag},
    spot_of_key,
};
use crate::{
    diagnostic::Code,
    model::{BlindSpot, Certainty, DatedAmount, DatedValue, Reading, ValueId},
    source::Spot,
    syntax::Table,
};

impl Context<'_> {
    /// The dated values, those of the laws first; the same id in several versions of a law is one value.
    pub(super) fn values(&mut self, gathered: &Gathered) -> BTreeMap<ValueId, DatedValue> {
        let mut found: BTreeMap<ValueId, (DatedValue, Vec<Spot>)> = BTreeMap::new();
        let of_laws = gathered.law_tables("value").map(|law| law.table);
        for table in of_laws.chain(gathered.own_tables("value")) {
            let Some((value, spots)) = self.value(table) else { continue };
            match found.get_mut(&value.id) {
                Some((known, known_spots)) => {
                    known.amounts.extend(value.amounts);
                    known_spots.extend(spots);
                }
                None => drop(found.insert(value.id.clone(), (value, spots))),
            }
        }
        found.into_iter().map(|(id, (value, spots))| (id, self.in_order_of_date(value, spots))).collect()
    }

    fn value(&mut self, table: &Table) -> Option<(DatedValue, Vec<Spot>)> {
        let id = table.str("id")?;
        let mut amounts = Vec::new();
        let mut spots = Vec::new();
        for at in table.tables("at") {
            if let Some(amount) = self.amount_at(at) {
                self.check_sorted(&amounts, &amount, at);
                amounts.push(amount);
                spots.push(spot_of_key(at, "from"));
            }
        }
        if amounts.is_empty() && table.get("at").is_some_and(|node| node.items().is_empty()) {
            self.report
                .error(
                    Code::MissingKey,
                    spot_of_key(table, "at"),
                    format!("the value \"{id}\" has no amounts"),
                )
                .help("add a section [[value.at]]");
        }
        let value = DatedValue {
            id: ValueId::new(id),
            name: get::name_or(table, id),
            unit: table.str("unit")?.to_owned(),
            clause: get::clause(table, "clause")?,
            amounts,
            place: self.place(table),
        };
        Some((value, spots))
    }

    fn amount_at(&mut self, table: &Table) -> Option<DatedAmount> {
        let from = date_of(table.get("from")?);
        let until = table.get("until").and_then(date_of);
        let amount_node = table.get("amount")?;
        let text = amount_node.as_str()?;
        let amount = Ore::parse_kroner(text);
        if amount.is_none() {
            self.report
                .error(Code::BadMoney, amount_node.spot, format!("\"{text}\" is no amount"))
                .help("write digits with at most two decimals after a point: \"4000.00\"");
        }
        let from = from?;
        if until.is_some_and(|until| until <= from) {
            self.report
                .error(
                    Code::EndsBeforeStart,
                    spot_of_key(table, "until"),
                    "this amount ends on or before the day it begins",
                )
                .help("`until` is the first day it no longer holds");
            return None;
        }
        Some(DatedAmount {
            from,
            until,
            amount: amount?,
            source: table.str("source")?.to_owned(),
            certainty: if flag(table, "certain") == Some(false) {
                Certainty::Uncertain
            } else {
                Certainty::Certain
            },
        })
    }

    /// In one file the amounts stand in the order of their dates.
    fn check_sorted(&mut self, before: &[DatedAmount], amount: &DatedAmount, at: &Table) {
        if before.last().is_some_and(|last| last.from > amount.from) {
            let message = format!("{} comes after a later date", amount.from);
            self.report
                .error(Code::ValueOrder, spot_of_key(at, "from"), message)
                .help(Code::ValueOrder.mend());
        }
    }

    /// Sorts the amounts and looks for dates that come twice, overlaps and gaps.
    fn in_order_of_date(&mut self, mut value: DatedValue, spots: Vec<Spot>) -> DatedValue {
        let mut amounts: Vec<(DatedAmount, Spot)> =
            std::mem::take(&mut value.amounts).into_iter().zip(spots).collect();
        amounts.sort_by_key(|(amount, _)| amount.from);
        for pair in amounts.windows(2) {
            self.check_neighbours(&value.id, &pair[0], &pair[1]);
        }
        value.amounts = amounts.into_iter().map(|(amount, _)| amount).collect();
        value
    }

    fn check_neighbours(
        &mut self,
        id: &ValueId,
        (before, before_spot): &(DatedAmount, Spot),
        (next, spot): &(DatedAmount, Spot),
    ) {
        if before.from == next.from {
            self.report
                .error(Code::ValueOrder, *spot, format!("\"{id}\" has two amounts from {}", next.from))
                .help("keep one of them")
                .related(*before_spot, "the other is here");
            return;
        }
        match before.until {
            Some(until) if until > next.from => {
                self.report
                    .error(
                        Code::ValueOrder,
                        *spot,
                        format!("\"{id}\": the amount from {} still holds on {}", before.from, next.from),
                    )
                    .help("leave `until` out: an amount holds until the next begins")
                    .related(*before_spot, "the earlier amount is here");
            }
            Some(until) if until < next.from => {
                self.report
                    .warning(
                        Code::ValueGap,
                        *spot,
                        format!("\"{id}\" has no amount from {until} until {}", next.from),
                    )
                    .help("days in between can't be priced; leave `until` out if the earlier amount held")
                    .related(*before_spot, "the earlier amount is here");
            }
            Some(_) | None => {}
        }
    }

    pub(super) fn reading(&mut self, table: &Table) -> Option<Reading> {
        Some(Reading {
            id: table.str("id")?.to_owned(),
            clause: get::clause(table, "clause")?,
            text: get::text(table, "text")?,
            place: self.place(table),
        })
    }

    pub(super) fn blind_spot(&mut self, table: &Table) -> Option<BlindSpot> {
        Some(BlindSpot {
            clause: get::clause(table, "clause")?,
            text: get::text(table, "text")?,
            place: self.place(table),
        })
    }
}
