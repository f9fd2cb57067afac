//! What a trial came to, as its reader may see it.
//!
//! On one's own stays numbers stand as they are. On stays of others they are rounded to the nearest five, and what comes from few of them is
//! left out, so that two proposals that differ a little can't be held against each other to learn of one patient.

use samspill_agreement::model::{Agreement, Language};
use samspill_engine::{DutyStatus, explain::duty_status_word};
use samspill_service::{
    figures::{Cube, Hidden, PERSONS_MIN, Whole, hide, rounded},
    proposals::{DutyChange, MeterChange, Sides, Trial},
};

use super::{trying::Scope, words::Words};
use crate::pages::{
    figures::{BarChart, Datum, Drawing, Fill, Layout, Series, Table, drawn},
    fill,
};

/// What came out, as a page shows it.
pub(super) struct Outcome {
    pub(super) sum: String,
    pub(super) left_out: String,
    /// What isn't shown as it is; empty where all is.
    pub(super) note: &'static str,
    pub(super) duties: Table,
    /// What stands where no duty does.
    pub(super) no_duties: &'static str,
    pub(super) duties_chart: Option<Drawing>,
    pub(super) meters: Vec<MeterShown>,
}

/// A meter before and after.
pub(super) struct MeterShown {
    pub(super) title: String,
    pub(super) chart: Option<Drawing>,
    pub(super) table: Table,
    pub(super) unpriced: String,
}

/// A trial as a page shows it.
pub(super) fn outcome(trial: &Trial, scope: &Scope, language: Language) -> Outcome {
    // Who takes part in every stay knows all of them.
    let is_exact = matches!(scope, Scope::Party(_)) || trial.others.cases == 0;
    let (Scope::Party(party) | Scope::Community(party)) = scope;
    let writer = Writer { trial, party, is_exact, language, w: Words::of(language) };
    writer.outcome()
}

struct Writer<'t> {
    trial: &'t Trial,
    /// The reader's party.
    party: &'t str,
    /// Whether numbers stand as they are.
    is_exact: bool,
    language: Language,
    w: &'static Words,
}

impl Writer<'_> {
    fn outcome(&self) -> Outcome {
        let (w, trial) = (self.w, self.trial);
        let (cases, left_out) = (self.number(trial.all.cases), self.number(trial.left_out));
        Outcome {
            sum: fill(w.trial_sum, &[("cases", &cases), ("changed", &self.changed())]),
            left_out: if left_out > 0 { fill(w.left_out, &[("n", &left_out)]) } else { String::new() },
            note: if self.is_exact { "" } else { w.coarse },
            duties: self.duty_table(),
            no_duties: if self.is_exact { w.no_duty_changes } else { w.no_duty_told },
            duties_chart: self.duties_chart(),
            meters: trial.all.meters.iter().map(|(id, meter)| self.meter(id, meter)).collect(),
        }
    }

    fn number(&self, count: u64) -> u64 {
        if self.is_exact { count } else { rounded(count) }
    }

    /// In how many stays anything changes: of others told from five on.
    fn changed(&self) -> String {
        let all = &self.trial.all;
        if !self.is_exact && self.trial.others.changed_cases < PERSONS_MIN {
            return self.w.few.to_owned();
        }
        self.number(all.changed_cases).to_string()
    }

    /// The duties of which anything is told. Of others none whose change comes from few stays, which looks as if nothing had changed; and
    /// none of which a number does, for before and after come to the same in all.
    fn duties(&self) -> impl Iterator<Item = (&String, &DutyChange)> {
        let is_told = |(id, change): &(&String, &DutyChange)| {
            let others = self.trial.others.duties.get(*id);
            change.is_changed() && (self.is_exact || others.is_some_and(is_of_many))
        };
        self.trial.all.duties.iter().filter(is_told)
    }

    fn duty_table(&self) -> Table {
        let w = self.w;
        let head = [w.duty, w.outcome, w.before, w.after, w.change];
        let mut table = Table::new("plikter", w.duties_before_after, &head);
        for (id, change) in self.duties() {
            for status in DutyStatus::ALL {
                let Sides { before, after } = change.count(status);
                let [before, after] = [before, after].map(|count| self.number(count));
                if before == after {
                    continue;
                }
                let (before, after) = (Datum::Count(before), Datum::Count(after));
                let change = difference(&before, &after);
                let status = duty_status_word(status, self.language).to_owned();
                let name = Datum::Text(self.duty_name(id));
                table.row(vec![name, Datum::Text(status), before, after, change]);
            }
        }
        table
    }

    fn duty_name(&self, id: &str) -> String {
        let of = |agreement: &Agreement| {
            agreement.newest().duty(id).map(|duty| duty.name.in_language(self.language).to_owned())
        };
        of(self.trial.after()).or_else(|| of(self.trial.before())).unwrap_or_else(|| id.to_owned())
    }

    /// Kept, late and missed over all duties of which anything is told.
    fn duties_chart(&self) -> Option<Drawing> {
        let w = self.w;
        let sum = |status: DutyStatus, side: fn(Sides<u64>) -> u64| {
            let counts = self.duties().map(|(_, change)| side(change.count(status)));
            Some(self.number(counts.sum()))
        };
        let series = [
            (DutyStatus::Kept, Fill::Solid),
            (DutyStatus::Late, Fill::Striped),
            (DutyStatus::Missed, Fill::Crossed),
        ];
        let series = series.map(|(status, fill)| Series {
            name: duty_status_word(status, self.language).to_owned(),
            fill,
            values: vec![sum(status, |side| side.before), sum(status, |side| side.after)],
        });
        drawn(&BarChart {
            id: "plikter-figur",
            title: w.duties_chart.to_owned(),
            categories: vec![w.before.to_owned(), w.after.to_owned()],
            series: series.into(),
            layout: Layout::Stacked,
            language: self.language,
        })
    }

    fn meter(&self, id: &str, meter: &MeterChange) -> MeterShown {
        let w = self.w;
        let days = self.days(id, meter);
        let name = self.meter_name(id);
        let unpriced = (meter.total.before.unpriced_cases, meter.total.after.unpriced_cases);
        MeterShown {
            chart: self.days_chart(id, &days),
            table: if self.is_exact {
                self.money_table(id, &name, &days)
            } else {
                self.table(id, &name, &days)
            },
            title: format!(
                "{}: {name}",
                if self.is_exact { w.days_before_after } else { w.only_days_before_after }
            ),
            unpriced: match unpriced {
                (before, after) if self.is_exact && before + after > 0 => {
                    fill(w.unpriced, &[("before", &before), ("after", &after)])
                }
                _ => String::new(),
            },
        }
    }

    /// The days of a meter by payer. What is hidden before or after, or in what differs, is hidden throughout.
    fn days(&self, id: &str, meter: &MeterChange) -> Days {
        let payers = meter.payers();
        let (before, after) = (meter.cube(&payers, |it| it.before), meter.cube(&payers, |it| it.after));
        let hidden = match self.trial.others.meters.get(id).filter(|_| !self.is_exact) {
            None => Vec::new(),
            Some(others) => {
                let is_own =
                    |places: &[usize]| payers.get(places[0]).is_some_and(|payer| payer == self.party);
                let cubes = [
                    others.cube(&payers, |it| it.before),
                    others.cube(&payers, |it| it.after),
                    others.changed(&payers),
                ];
                cubes.iter().map(|cube| hide(cube, is_own)).collect()
            }
        };
        Days { before, after, hidden }
    }

    fn meter_name(&self, id: &str) -> String {
        let of = |agreement: &Agreement| {
            let meters = &agreement.newest().meters;
            let meter = meters.iter().find(|meter| meter.id.as_str() == id);
            meter.map(|it| it.name.in_language(self.language).to_owned())
        };
        of(self.trial.after()).or_else(|| of(self.trial.before())).unwrap_or_else(|| id.to_owned())
    }

    fn table(&self, id: &str, name: &str, days: &Days) -> Table {
        let w = self.w;
        let mut table = Table::new(id, name, &[w.payer, w.days, w.days_after, w.change]);
        for (payer, index) in days.rows() {
            let [before, after] = [&days.before, &days.after].map(|cube| self.datum(days, cube, index));
            let change = difference(&before, &after);
            table.row(vec![Datum::Text(self.payer(payer)), before, after, change]);
        }
        table.with_sum()
    }

    fn money_table(&self, id: &str, name: &str, days: &Days) -> Table {
        let w = self.w;
        let head =
            [w.payer, w.days, w.days_after, w.change, w.amount_before, w.amount_after, w.amount_change];
        let mut table = Table::new(id, name, &head);
        for (payer, index) in days.rows() {
            let [before, after] = [&days.before, &days.after].map(|cube| self.datum(days, cube, index));
            let change = difference(&before, &after);
            let money = [&days.before, &days.after].map(|cube| Datum::Money(cube.cell(index).amount_ore));
            let money_change = difference(&money[0], &money[1]);
            let [money_before, money_after] = money;
            let payer = Datum::Text(self.payer(payer));
            table.row(vec![payer, before, after, change, money_before, money_after, money_change]);
        }
        table.with_sum()
    }

    fn datum(&self, days: &Days, cube: &Cube, index: usize) -> Datum {
        if days.hides(index) { Datum::Hidden } else { Datum::Count(self.number(cube.cell(index).count)) }
    }

    fn days_chart(&self, id: &str, days: &Days) -> Option<Drawing> {
        let w = self.w;
        let places = 0..days.before.axis(0).len();
        let values =
            |cube: &Cube| places.clone().map(|index| self.datum(days, cube, index).count()).collect();
        let one = |name: &str, fill, values| Series { name: name.to_owned(), fill, values };
        drawn(&BarChart {
            id: &format!("{id}-figur"),
            title: w.days_chart.to_owned(),
            categories: days.before.axis(0).iter().map(|name| self.payer(Whole::Named(name))).collect(),
            series: vec![
                one(w.before, Fill::Striped, values(&days.before)),
                one(w.after, Fill::Solid, values(&days.after)),
            ],
            layout: Layout::Grouped,
            language: self.language,
        })
    }

    fn payer(&self, whole: Whole<'_>) -> String {
        match whole {
            Whole::Named("") => self.w.nobody.to_owned(),
            Whole::Named(name) => name.to_owned(),
            Whole::Sum => self.w.all.to_owned(),
        }
    }
}

/// Days by payer, and what of them isn't shown.
struct Days {
    before: Cube,
    after: Cube,
    hidden: Vec<Hidden>,
}

impl Days {
    fn hides(&self, index: usize) -> bool {
        self.hidden.iter().any(|hidden| hidden.has(index))
    }

    /// The payers, then all of them, each with the number of its cell.
    fn rows(&self) -> impl Iterator<Item = (Whole<'_>, usize)> {
        let names = self.before.axis(0).iter().map(|name| Whole::Named(name)).chain([Whole::Sum]);
        names.filter_map(|whole| Some((whole, self.before.index_of(&[whole])?)))
    }
}

/// Whether a change of others comes from five stays or more, and so does every number of it.
fn is_of_many(change: &DutyChange) -> bool {
    let is_small = |cases: u64| (1..PERSONS_MIN).contains(&cases);
    change.changed_cases >= PERSONS_MIN
        && DutyStatus::ALL.into_iter().all(|status| {
            let Sides { before, after } = change.cases(status);
            !is_small(before) && !is_small(after)
        })
}

/// A change shows nothing where either side is hidden.
fn difference(before: &Datum, after: &Datum) -> Datum {
    match (before, after) {
        (Datum::Count(before), Datum::Count(after)) => Datum::Change(
            i64::try_from(*after).unwrap_or(i64::MAX) - i64::try_from(*before).unwrap_or(i64::MAX),
        ),
        (Datum::Money(before), Datum::Money(after)) => Datum::MoneyChange(after.saturating_sub(*before)),
        (Datum::Hidden, _) | (_, Datum::Hidden) => Datum::Hidden,
        _ => Datum::Nothing,
    }
}
