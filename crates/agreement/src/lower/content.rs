use super::{
    context::{Context, Scope},
    duty::{clock, severity},
    get::{self, strings},
    names::Sort,
};
use crate::{
    diagnostic::Code,
    grammar::read_amount,
    model::{Amount, Content, KindId, MessageWindow, Requirement, RequirementEffect, Severity, WindowEffect},
    syntax::{Node, Table},
};

impl Context<'_> {
    pub(super) fn window(&mut self, table: &Table) -> Option<MessageWindow> {
        let of: Option<Vec<KindId>> = self.some_names(table, "of", Sort::Kind);
        let when = self.condition(table, "when", Scope::EntryOf(of.as_deref().unwrap_or_default()));
        let hours = self.name(table, "hours", Sort::Hours);
        let readings = self.readings(table);
        let effects =
            [("warn", WindowEffect::Warn), ("counts-from-next-opening", WindowEffect::CountsFromNextOpening)];
        table.get("effect")?;
        Some(MessageWindow {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            of: of?,
            when: when?,
            hours: hours?,
            counts: clock(table, "counts")?,
            effect: get::choice(table, "effect", &effects)?,
            severity: severity(table, Severity::Deviation)?,
            readings: readings?,
            place: self.place(table),
        })
    }

    pub(super) fn requirement(&mut self, table: &Table) -> Option<Requirement> {
        let of: Option<Vec<KindId>> = self.some_names(table, "of", Sort::Kind);
        let scope_kinds = of.clone().unwrap_or_default();
        let needs = self.names(table, "needs", Sort::Kind);
        let since = self.names(table, "since", Sort::Kind);
        let ahead = self.amount_if_any(table, "ahead");
        let within = self.amount_if_any(table, "within");
        let that = self.condition(table, "that", Scope::EntryOf(&scope_kinds));
        let when = self.condition(table, "when", Scope::EntryOf(&scope_kinds));
        let readings = self.readings(table);
        self.needs_something(table);
        table.get("effect")?;
        Some(Requirement {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            of: of?,
            when: when?,
            needs: needs?,
            since: since?,
            ahead: ahead?,
            within: within?,
            that: that?,
            effect: get::choice(
                table,
                "effect",
                &[("void", RequirementEffect::Void), ("warn", RequirementEffect::Warn)],
            )?,
            severity: severity(table, Severity::Deviation)?,
            readings: readings?,
            place: self.place(table),
        })
    }

    pub(super) fn content(&mut self, table: &Table) -> Option<Content> {
        let of: Option<Vec<KindId>> = self.some_names(table, "of", Sort::Kind);
        let scope_kinds = of.clone().unwrap_or_default();
        let that = self.condition(table, "that", Scope::EntryOf(&scope_kinds));
        let when = self.condition(table, "when", Scope::EntryOf(&scope_kinds));
        let mut fine = true;
        for node in table.get("needs").map(Node::items).unwrap_or_default() {
            fine &= self.field_types(node.as_str()?, node.spot, Scope::EntryOf(&scope_kinds)).is_some();
        }
        self.needs_something(table);
        Some(Content {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            of: of?,
            when: when?,
            needs: fine.then(|| strings(table, "needs"))?,
            that: that?,
            severity: severity(table, Severity::Remark)?,
            place: self.place(table),
        })
    }

    /// A rule about what must be there has to name something.
    fn needs_something(&mut self, table: &Table) {
        let names_something = table.get("needs").is_some_and(|node| !node.items().is_empty());
        if !names_something && table.get("that").is_none() {
            let message = "this rule asks for nothing: it needs `needs` or `that`";
            self.contradiction(table.spot, message, "write needs = [\"…\"], or that = \"a condition\"");
        }
    }

    pub(super) fn amount(&mut self, table: &Table, key: &str) -> Option<Amount> {
        let node = table.get(key)?;
        let read = read_amount(node.as_str()?);
        self.grammar(Code::BadAmount, "amount of time", node, read)
    }

    #[expect(clippy::option_option, reason = "outer: whether it is right; inner: whether it is there")]
    fn amount_if_any(&mut self, table: &Table, key: &str) -> Option<Option<Amount>> {
        if table.get(key).is_some() { self.amount(table, key).map(Some) } else { Some(None) }
    }
}
