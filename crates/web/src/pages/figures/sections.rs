//! From a report to tables and charts in the reader's language.

use samspill_agreement::{model::Language, words as agreed};
use samspill_service::figures::{Cell, Month, Outcome, Quartiles, Whole};

use super::{
    chart::{BarChart, Drawing, Fill, Layout, Series, drawn},
    lines::{self, LineChart, Point, Stroke},
    report::{Figures, Report, Scope},
    table::{Datum, Table, share},
    words::Words,
};
use crate::pages::{Names, fill};

/// A part of the page: a table, and the chart above it.
pub(super) struct Section {
    /// What it shows.
    pub(super) title: String,
    /// The chart.
    pub(super) chart: Option<Drawing>,
    /// The numbers.
    pub(super) table: Table,
}

/// Makes sections of a report.
pub(super) struct Writer<'w> {
    pub(super) report: &'w Report,
    pub(super) names: Names<'w>,
    pub(super) language: Language,
    pub(super) w: &'static Words,
    /// The duty that is shown in full: agreement and duty.
    pub(super) chosen: Option<&'w Figures>,
}

impl Writer<'_> {
    /// All sections, in the order of the page.
    pub(super) fn sections(&self) -> Vec<Section> {
        let mut sections = vec![self.duties()];
        if let Some(figures) = self.chosen {
            sections.extend([self.duty_by_month(figures), self.duty_by_party(figures)]);
        }
        sections.extend([self.waits_by_month(), self.waits_by_party()]);
        for figures in &self.report.meters {
            sections.extend([self.days(figures), self.kroner(figures)]);
        }
        sections.retain(|section| section.table.says_anything());
        sections
    }

    /// What a duty is called.
    pub(super) fn duty_name(&self, figures: &Figures) -> String {
        self.names.newest(Some(&figures.agreement)).duty(&figures.id).to_owned()
    }

    fn duties(&self) -> Section {
        let w = self.w;
        let mut table = self.outcome_table("plikter", w.duties, w.duty);
        for figures in &self.report.duties {
            let row = outcomes(figures, &[Whole::Sum, Whole::Sum]);
            table.row([vec![Datum::Text(self.duty_name(figures))], row].concat());
        }
        Section { title: w.duties.to_owned(), chart: None, table }
    }

    /// A table of how duties went, whose first column is this.
    fn outcome_table(&self, id: &str, title: &str, first: &str) -> Table {
        let w = self.w;
        Table::new(id, title, &[first, w.kept, w.late, w.missed, w.in_downtime, w.sum, w.share])
    }

    fn duty_by_month(&self, figures: &Figures) -> Section {
        let w = self.w;
        let title = fill(w.by_month, &[("duty", &self.duty_name(figures))]);
        let mut table = self.outcome_table("plikt-maned", &title, w.month);
        for month in &self.report.months {
            let row = outcomes(figures, &[Whole::Sum, Whole::Named(&month.to_string())]);
            table.row([vec![Datum::Text(self.month(*month))], row].concat());
        }
        table.row(
            [vec![Datum::Text(w.sum.to_owned())], outcomes(figures, &[Whole::Sum, Whole::Sum])].concat(),
        );
        let down = ran_in_downtime(figures).then_some((Outcome::InDowntime, w.in_downtime, Fill::Dotted));
        let kinds = [
            (Outcome::Kept, w.kept, Fill::Solid),
            (Outcome::Late, w.late, Fill::Striped),
            (Outcome::Missed, w.missed, Fill::Crossed),
        ];
        let kinds = kinds.into_iter().chain(down);
        let value = |outcome: Outcome, month: &Month| {
            let cell =
                figures.at(&[Whole::Sum, Whole::Named(&month.to_string()), Whole::Named(outcome.as_str())]);
            cell.map(|cell| cell.count)
        };
        let series = kinds.map(|(outcome, name, fill)| Series {
            name: name.to_owned(),
            fill,
            values: self.report.months.iter().map(|month| value(outcome, month)).collect(),
        });
        let chart = self.bars("plikt-maned-figur", &title, series.collect());
        Section { chart, title, table: table.with_sum() }
    }

    fn duty_by_party(&self, figures: &Figures) -> Section {
        let w = self.w;
        let (who, words) = match self.report.view.scope {
            Scope::Own => (w.unit, w.by_unit),
            Scope::Community => (w.party, w.by_party),
        };
        let title = fill(words, &[("duty", &self.duty_name(figures))]);
        let mut table = self.outcome_table("plikt-part", &title, who);
        for name in figures.cube.axis(0) {
            let row = outcomes(figures, &[Whole::Named(name), Whole::Sum]);
            if row.iter().any(|cell| !matches!(cell, Datum::Count(0) | Datum::Nothing)) {
                table.row([vec![Datum::Text(self.name(name))], row].concat());
            }
        }
        table.row(
            [vec![Datum::Text(w.sum.to_owned())], outcomes(figures, &[Whole::Sum, Whole::Sum])].concat(),
        );
        Section { title, chart: None, table: table.with_sum() }
    }

    fn waits_by_month(&self) -> Section {
        let w = self.w;
        let months = self.report.months.iter().map(|month| (self.month(*month), month.to_string()));
        let mut table =
            Table::new("tid-maned", w.waits_by_month, &[w.month, w.patients, w.first, w.median, w.third]);
        for ((name, month), waits) in months.zip(&self.report.waits_by_month) {
            let cell = self.report.homes.at(&[Whole::Sum, Whole::Named(&month)]);
            table.row(wait_row(name, cell, waits.as_ref()));
        }
        let cell = self.report.homes.at(&[Whole::Sum, Whole::Sum]);
        table.row(wait_row(
            w.sum.to_owned(),
            cell,
            self.report.waits_by_month.last().and_then(Option::as_ref),
        ));
        Section { title: w.waits_by_month.to_owned(), chart: self.wait_lines(), table: table.with_sum() }
    }

    fn wait_lines(&self) -> Option<Drawing> {
        let w = self.w;
        let lines = [
            (w.third, Stroke::Dotted, third as fn(&Quartiles) -> i64),
            (w.median, Stroke::Whole, median),
            (w.first, Stroke::Dashed, first),
        ];
        let points = |number: fn(&Quartiles) -> i64| {
            let months = self.report.months.iter().zip(&self.report.waits_by_month);
            months.map(|(month, waits)| self.point(*month, waits.as_ref(), number)).collect()
        };
        let lines = lines.map(|(name, stroke, number)| (name.to_owned(), stroke, points(number)));
        lines::drawn(&LineChart {
            id: "tid-maned-figur",
            title: w.waits_by_month.to_owned(),
            categories: self.short_months(),
            lines: lines.into(),
            language: self.language,
        })
    }

    fn point(&self, month: Month, waits: Option<&Quartiles>, number: fn(&Quartiles) -> i64) -> Point {
        let cell = self.report.homes.at(&[Whole::Sum, Whole::Named(&month.to_string())]);
        match (waits, cell) {
            (Some(waits), _) => Point::Minutes(number(waits)),
            (None, Some(Cell { cases: 0, .. })) => Point::Nothing,
            (None, _) => Point::Hidden,
        }
    }

    fn waits_by_party(&self) -> Section {
        let w = self.w;
        let mut table =
            Table::new("tid-part", w.waits_by_party, &[w.party, w.patients, w.first, w.median, w.third]);
        for (name, waits) in self.report.homes.cube.axis(0).iter().zip(&self.report.waits_by_party) {
            let cell = self.report.homes.at(&[Whole::Named(name), Whole::Sum]);
            if cell.is_none_or(|cell| cell.cases > 0) {
                table.row(wait_row(self.name(name), cell, waits.as_ref()));
            }
        }
        Section { title: w.waits_by_party.to_owned(), chart: None, table }
    }

    fn days(&self, figures: &Figures) -> Section {
        let meter = self.meter_name(figures);
        let title = fill(self.w.days, &[("meter", &meter)]);
        let table =
            self.by_payer(figures, &format!("dogn-{}", figures.id), &title, |cell| Datum::Count(cell.count));
        let value = |month: &Month| {
            figures.at(&[Whole::Sum, Whole::Named(&month.to_string())]).map(|cell| cell.count)
        };
        let values = self.report.months.iter().map(value).collect();
        let series = Series { name: meter.clone(), fill: Fill::Solid, values };
        let chart_title = fill(self.w.days_in_month, &[("meter", &meter)]);
        let chart = self.bars(&format!("dogn-{}-figur", figures.id), &chart_title, vec![series]);
        Section { title, chart, table }
    }

    fn kroner(&self, figures: &Figures) -> Section {
        let title = fill(self.w.kroner, &[("meter", &self.meter_name(figures))]);
        let id = format!("kroner-{}", figures.id);
        let table = self.by_payer(figures, &id, &title, |cell| Datum::Money(cell.amount_ore));
        Section { title, chart: None, table }
    }

    /// A row for each payer that has any, a column for each month, and the sums.
    fn by_payer(&self, figures: &Figures, id: &str, title: &str, datum: fn(Cell) -> Datum) -> Table {
        let months = self.short_months();
        let head = [self.w.payer].into_iter().chain(months.iter().map(String::as_str)).chain([self.w.sum]);
        let mut table = Table::new(id, title, &head.collect::<Vec<_>>());
        let columns: Vec<String> = self.report.months.iter().map(Month::to_string).collect();
        let row = |who: Whole<'_>, name: String| {
            let of = |month: Whole<'_>| figures.at(&[who, month]).map_or(Datum::Hidden, datum);
            let months = columns.iter().map(|month| of(Whole::Named(month)));
            [Datum::Text(name)].into_iter().chain(months).chain([of(Whole::Sum)]).collect::<Vec<_>>()
        };
        for name in figures.cube.axis(0) {
            if figures.cube.at(&[Whole::Named(name), Whole::Sum]).cases > 0 {
                table.row(row(Whole::Named(name), self.name(name)));
            }
        }
        table.row(row(Whole::Sum, self.w.sum.to_owned()));
        table.with_sum()
    }

    fn bars(&self, id: &str, title: &str, series: Vec<Series>) -> Option<Drawing> {
        let (title, categories) = (title.to_owned(), self.short_months());
        drawn(&BarChart { id, title, categories, series, layout: Layout::Stacked, language: self.language })
    }

    fn meter_name(&self, figures: &Figures) -> String {
        self.names.newest(Some(&figures.agreement)).meter(&figures.id).to_owned()
    }

    fn name(&self, name: &str) -> String {
        if name.is_empty() { self.w.nobody.to_owned() } else { name.to_owned() }
    }

    fn month(&self, month: Month) -> String {
        format!("{} {}", agreed::month_name(month.month, self.language), month.year)
    }

    fn short_months(&self) -> Vec<String> {
        let name = |month: &Month| agreed::month_name(month.month, self.language).chars().take(3).collect();
        self.report.months.iter().map(name).collect()
    }
}

fn first(waits: &Quartiles) -> i64 {
    waits.first
}

fn median(waits: &Quartiles) -> i64 {
    waits.median
}

fn third(waits: &Quartiles) -> i64 {
    waits.third
}

/// Whether the limit of any that wasn't done in time lay in registered downtime.
pub(super) fn ran_in_downtime(figures: &Figures) -> bool {
    let place = [Whole::Sum, Whole::Sum, Whole::Named(Outcome::InDowntime.as_str())];
    figures.cube.at(&place).cases > 0
}

/// Kept, late, missed, in downtime, their sum, and the share kept, at a place along the other axes.
fn outcomes(figures: &Figures, place: &[Whole<'_>]) -> Vec<Datum> {
    let at = |outcome: Whole<'_>| figures.at(&[place, &[outcome]].concat()).map(|cell| cell.count);
    let counts = Outcome::DECIDED.map(|outcome| at(Whole::Named(outcome.as_str())));
    let sum = at(Whole::Sum);
    let share = match (counts[0], sum) {
        (Some(kept), Some(sum)) => share(kept, sum),
        _ => Datum::Hidden,
    };
    let datum = |count: Option<u64>| count.map_or(Datum::Hidden, Datum::Count);
    counts.into_iter().chain([sum]).map(datum).chain([share]).collect()
}

fn wait_row(name: String, cell: Option<Cell>, waits: Option<&Quartiles>) -> Vec<Datum> {
    let count = cell.map_or(Datum::Hidden, |cell| Datum::Count(cell.count));
    let is_none = cell.is_some_and(|cell| cell.cases == 0);
    let number = |of: fn(&Quartiles) -> i64| match waits {
        Some(waits) => Datum::Minutes(of(waits)),
        None if is_none => Datum::Nothing,
        None => Datum::Hidden,
    };
    vec![Datum::Text(name), count, number(first), number(median), number(third)]
}
