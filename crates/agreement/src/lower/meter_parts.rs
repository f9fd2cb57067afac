use super::{
    context::{Context, Scope},
    get,
    names::Sort,
};
use crate::{
    diagnostic::Code,
    grammar::read_day,
    model::{DayExpr, KindId, LastDay, Mark, MeterStart, MeterStop, StopEffect, Waiver, WaiverTest},
    syntax::{Node, Table},
};

impl Context<'_> {
    pub(super) fn meter_start(
        &mut self,
        from: &Table,
        meter: &Table,
        kinds: Option<Vec<KindId>>,
    ) -> Option<MeterStart> {
        let scope_kinds = kinds.clone().unwrap_or_default();
        let when = self.condition(from, "when", Scope::EntryOf(&scope_kinds));
        let first_day = self.days(from, "first_day", &scope_kinds);
        let clause = get::clause(from, "clause").or_else(|| get::clause(meter, "clause"));
        Some(MeterStart { kinds: kinds?, when: when?, first_day: first_day?, clause: clause? })
    }

    pub(super) fn meter_stops(&mut self, meter: &Table) -> Option<Vec<MeterStop>> {
        let found: Vec<Option<MeterStop>> =
            meter.tables("until").map(|until| self.meter_stop(until, meter)).collect();
        found.into_iter().collect()
    }

    fn meter_stop(&mut self, until: &Table, meter: &Table) -> Option<MeterStop> {
        let kinds: Option<Vec<KindId>> = self.some_names(until, "kinds", Sort::Kind);
        let scope_kinds = kinds.clone().unwrap_or_default();
        let when = self.condition(until, "when", Scope::EntryOf(&scope_kinds));
        let day = self.days(until, "day", &scope_kinds);
        until.get("last")?;
        Some(MeterStop {
            kinds: kinds?,
            when: when?,
            day: day?,
            last: get::choice(
                until,
                "last",
                &[("day before", LastDay::DayBefore), ("same day", LastDay::SameDay)],
            )?,
            effect: get::choice(
                until,
                "effect",
                &[("ends", StopEffect::EndsRun), ("limits", StopEffect::LimitsCount)],
            )?,
            clause: get::clause(until, "clause").or_else(|| get::clause(meter, "clause"))?,
        })
    }

    /// Days of a meter: one or a list.
    fn days(&mut self, table: &Table, key: &str, kinds: &[KindId]) -> Option<Vec<DayExpr>> {
        let nodes = table.get(key).map(Node::items).unwrap_or_default();
        let days: Vec<Option<DayExpr>> = nodes.iter().map(|node| self.day(node, kinds)).collect();
        days.into_iter().collect()
    }

    fn day(&mut self, node: &Node, kinds: &[KindId]) -> Option<DayExpr> {
        let read = read_day(node.as_str()?);
        let read = self.grammar(Code::BadDay, "day", node, read)?;
        let mut fine = true;
        for used in read.uses {
            fine &= self.check_use(&used.what, node.part(used.start, used.end), Scope::EntryOf(kinds));
        }
        fine.then_some(read.value)
    }

    pub(super) fn waivers(&mut self, meter: &Table) -> Option<Vec<Waiver>> {
        let found: Vec<Option<Waiver>> = meter.tables("waiver").map(|table| self.waiver(table)).collect();
        found.into_iter().collect()
    }

    fn waiver(&mut self, table: &Table) -> Option<Waiver> {
        let at: Option<Vec<KindId>> = self.some_names(table, "at", Sort::Kind);
        let when = self.condition(table, "when", Scope::EntryOf(at.as_deref().unwrap_or_default()));
        let test = self.waiver_test(table);
        Some(Waiver {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            when: when?,
            at: at?,
            test: test?,
            place: self.place(table),
        })
    }

    /// `unless`, or `if` and `within`.
    fn waiver_test(&mut self, table: &Table) -> Option<WaiverTest> {
        let has = |key| table.get(key).is_some();
        if has("unless") && !has("if") && !has("within") && !has("where") {
            return self.some_names(table, "unless", Sort::Kind).map(WaiverTest::Unless);
        }
        if has("unless") || !has("if") || !has("within") {
            let message = "a waiver needs either `unless`, or `if` and `within` (and perhaps `where`)";
            self.contradiction(
                table.spot,
                message,
                "write unless = [\"epikrise\"], or if = [\"reinnlagt\"] and within = \"48 hours\"",
            );
            return None;
        }
        let kinds: Option<Vec<KindId>> = self.some_names(table, "if", Sort::Kind);
        let within = self.amount(table, "within");
        let that = self.condition(table, "where", Scope::EntryOf(kinds.as_deref().unwrap_or_default()));
        Some(WaiverTest::IfWithin(kinds?, within?, that?))
    }

    pub(super) fn marks(&mut self, meter: &Table, key: &str) -> Option<Vec<Mark>> {
        let found: Vec<Option<Mark>> = meter.tables(key).map(|table| self.mark(table)).collect();
        found.into_iter().collect()
    }

    fn mark(&mut self, table: &Table) -> Option<Mark> {
        let when = self.condition(table, "when", Scope::Case);
        table.get("when")?;
        Some(Mark {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            when: when?,
            place: self.place(table),
        })
    }
}
