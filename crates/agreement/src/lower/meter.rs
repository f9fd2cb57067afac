use samspill_base::Ore;

use super::{
    context::{Context, Scope},
    get::{self, flag, whole},
    names::Sort,
    spot_of_key,
};
use crate::{
    diagnostic::Code,
    grammar::read_counted_days,
    model::{
        DayKind, FactName, KindId, Meter, MeterId, MeterStart, Progression, Rate, RateStep, Settlement,
        ValueId,
    },
    syntax::Table,
};

impl Context<'_> {
    pub(super) fn meter(&mut self, table: &Table) -> Option<Meter> {
        let from = table.table("from");
        let counts = self.counted_days(table);
        let start = from.and_then(|from| self.start_of_meter(from, table));
        let stops = self.meter_stops(table);
        let liable = self.condition(table, "liable", Scope::Case);
        let waivers = self.waivers(table);
        let contestable = self.marks(table, "contestable");
        let provisional = self.marks(table, "provisional");
        let payer = self.payer(table);
        let rate = self.rate(table);
        let progression = self.progression(table);
        let readings = self.readings(table);
        let (id, (payer, payer_at)) = (table.str("id")?, payer?);
        let clause = get::clause(table, "clause")?;
        Some(Meter {
            id: id.into(),
            name: get::name_or(table, id),
            says: get::text(table, "says")?,
            counts: counts?,
            start: start?,
            stops: stops?,
            liable: liable?,
            liable_clause: get::clause(table, "liable_clause").unwrap_or_else(|| clause.clone()),
            waivers: waivers?,
            contestable: contestable?,
            provisional: provisional?,
            payer,
            payer_at,
            rate: rate?,
            progression: progression?,
            free_days: u32::try_from(whole(table, "free_days").unwrap_or(0)).ok()?,
            free_clause: get::clause(table, "free_clause"),
            readings: readings?,
            place: self.place(table),
            clause,
        })
    }

    fn start_of_meter(&mut self, from: &Table, meter: &Table) -> Option<MeterStart> {
        let kinds: Option<Vec<KindId>> = self.some_names(from, "kinds", Sort::Kind);
        self.meter_start(from, meter, kinds)
    }

    /// The fact that names the payer, and when it is read.
    fn payer(&mut self, table: &Table) -> Option<(Option<FactName>, Vec<KindId>)> {
        let payer = self.name_if_any(table, "payer", Sort::Fact);
        let at = self.names(table, "payer_at", Sort::Kind);
        Some((payer?, at?))
    }

    fn counted_days(&mut self, table: &Table) -> Option<DayKind> {
        let Some(node) = table.get("counts") else { return Some(DayKind::Any) };
        let read = read_counted_days(node.as_str()?);
        let read = self.grammar(Code::BadDay, "sort of day", node, read)?;
        let mut fine = true;
        for used in read.uses {
            fine &= self.check_use(&used.what, node.part(used.start, used.end), Scope::Case);
        }
        fine.then_some(read.value)
    }

    fn rate(&mut self, table: &Table) -> Option<Rate> {
        let Some(node) = table.get("rate") else { return Some(Rate::None) };
        let text = node.as_str()?;
        if text == "none" {
            return Some(Rate::None);
        }
        if let Some(value) = text.strip_prefix("value:").or_else(|| text.strip_prefix("law:")) {
            let known = self.names.resolve(Sort::Value, value, node.spot, self.report);
            return known.then(|| Rate::Dated(ValueId::new(value)));
        }
        let amount = Ore::parse_kroner(text).filter(|amount| amount.0 >= 0);
        if amount.is_none() {
            self.report.error(Code::BadMoney, node.spot, format!("\"{text}\" is no rate")).help(
                "write value:<id> or law:<id> for a dated value, an amount such as \"130.00\", or \"none\"",
            );
        }
        amount.map(Rate::Fixed)
    }

    fn progression(&mut self, table: &Table) -> Option<Progression> {
        let Some(node) = table.get("progression") else { return Some(Progression::Flat) };
        let Some(text) = node.as_str() else { return self.steps(table) };
        if text == "flat" {
            return Some(Progression::Flat);
        }
        let percent = text
            .strip_suffix(" percent of the day before")
            .and_then(|number| number.trim().parse::<u32>().ok());
        match percent {
            Some(0) => {
                self.bad_steps(
                    table,
                    "0 per cent of the day before: every day after the first would be free",
                );
                None
            }
            Some(percent) => Some(Progression::PercentOfDayBefore(percent)),
            None => {
                self.report
                    .error(Code::UnknownWord, node.spot, format!("\"{text}\" is no progression"))
                    .help("write \"flat\", \"110 percent of the day before\", or a list of { from_day = 1, percent = 100 }");
                None
            }
        }
    }

    fn steps(&mut self, table: &Table) -> Option<Progression> {
        let found: Option<Vec<RateStep>> = table
            .tables("progression")
            .map(|step| {
                let number = |key| whole(step, key).and_then(|number| u32::try_from(number).ok());
                Some(RateStep { from_day: number("from_day")?, percent: number("percent")? })
            })
            .collect();
        let steps = found?;
        if steps.first().is_none_or(|first| first.from_day != 1) {
            self.bad_steps(table, "the first step must begin at day 1");
            return None;
        }
        if steps.windows(2).any(|pair| pair[0].from_day >= pair[1].from_day) {
            self.bad_steps(table, "the steps must be sorted by `from_day`, each day once");
            return None;
        }
        if steps.iter().any(|step| step.percent == 0) {
            self.bad_steps(table, "0 per cent: days that cost nothing are `free_days`");
            return None;
        }
        Some(Progression::Steps(steps))
    }

    fn bad_steps(&mut self, table: &Table, message: &str) {
        self.report
            .error(Code::BadSteps, spot_of_key(table, "progression"), message)
            .help(Code::BadSteps.mend());
    }

    pub(super) fn settlement(&mut self, table: &Table) -> Option<Settlement> {
        let meter: Option<MeterId> = self.name(table, "meter", Sort::Meter);
        Some(Settlement {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            meter: meter?,
            free_days_average: whole(table, "free_days_average").and_then(|days| u32::try_from(days).ok())?,
            place: self.place(table),
        })
    }

    /// Whether exactly this one of the keys says yes or is there.
    pub(super) fn is_set(table: &Table, key: &str) -> bool {
        flag(table, key).unwrap_or_else(|| table.get(key).is_some())
    }
}
