use samspill_base::Clock;

use super::{
    context::{Context, Scope},
    get::{self, flag},
    names::Sort,
    spot_of_key,
};
use crate::{
    check::{StatedException, in_order},
    diagnostic::{Code, did_you_mean},
    model::{
        Condition, Duty, Exception, KindId, MayPrecede, Pairing, Period, RuleId, Severity, Suspension, Which,
    },
    syntax::Table,
};

const CLOCKS: &[(&str, Clock)] = &[
    ("happened", Clock::Happened),
    ("sent", Clock::Sent),
    ("received", Clock::Received),
    ("acknowledged", Clock::Acknowledged),
    ("recorded", Clock::Recorded),
];

const WHICH: &[(&str, Which)] = &[
    ("every", Which::Every),
    ("first", Which::First),
    ("latest", Which::Latest),
    ("preferred", Which::Preferred),
];

const PERIODS: &[(&str, Option<Period>)] = &[
    ("", None),
    ("day", Some(Period::Day)),
    ("week", Some(Period::Week)),
    ("month", Some(Period::Month)),
    ("quarter", Some(Period::Quarter)),
    ("year", Some(Period::Year)),
];

pub(super) fn clock(table: &Table, key: &str) -> Option<Clock> {
    get::choice(table, key, CLOCKS)
}

pub(super) fn severity(table: &Table, default: Severity) -> Option<Severity> {
    if table.get("severity").is_none() {
        return Some(default);
    }
    let words =
        [("merknad", Severity::Remark), ("avvik", Severity::Deviation), ("alvorlig", Severity::Serious)];
    get::choice(table, "severity", &words)
}

impl Context<'_> {
    pub(super) fn duty(&mut self, table: &Table) -> Option<Duty> {
        let must: Option<Vec<KindId>> = self.some_names(table, "must", Sort::Kind);
        let after: Option<Vec<KindId>> = self.some_names(table, "after", Sort::Kind);
        let fulfilling = must.clone().unwrap_or_default();
        let triggers = after.clone().unwrap_or_default();
        let must_where = self.condition(table, "must_where", Scope::EntryOf(&fulfilling));
        let when = self.condition(table, "when", Scope::EntryOf(&triggers));
        let holder = self.name(table, "who", Sort::Party);
        let towards = self.name_if_any(table, "to", Sort::Party);
        let deadline = self.deadline(table, "within");
        let pairing = self.pairing(table, &fulfilling);
        let waived_by = self.names(table, "waived_by", Sort::Kind);
        let reset_by = self.names(table, "reset_by", Sort::Kind);
        let suspended_by = self.suspensions(table);
        let readings = self.readings(table);
        let exceptions = self.exceptions(table, &triggers, when.as_ref());
        let id = table.str("id")?;
        Some(Duty {
            id: id.into(),
            clause: get::clause(table, "clause")?,
            name: get::name_or(table, id),
            says: get::text(table, "says")?,
            holder: holder?,
            towards: towards?,
            must: must?,
            must_where: must_where?,
            after: after?,
            when: when?,
            which: get::choice(table, "which", WHICH)?,
            each: get::choice(table, "each", PERIODS)?,
            counts_from: clock(table, "counts_from")?,
            fulfilled_at: clock(table, "fulfilled_at")?,
            deadline: deadline?,
            may_precede: if flag(table, "may_precede") == Some(true) {
                MayPrecede::Yes
            } else {
                MayPrecede::No
            },
            pairing: pairing?,
            waived_by: waived_by?,
            suspended_by: suspended_by?,
            reset_by: reset_by?,
            severity: severity(table, Severity::Deviation)?,
            readings: readings?,
            exceptions: exceptions?,
            place: self.place(table),
        })
    }

    fn pairing(&mut self, table: &Table, fulfilling: &[KindId]) -> Option<Pairing> {
        let Some(by) = table.table("pairing") else {
            let one_each = table.str("pairing") == Some("one-each");
            return Some(if one_each { Pairing::OneEach } else { Pairing::Shared });
        };
        let field = by.str("by")?;
        self.field_types(field, spot_of_key(by, "by"), Scope::EntryOf(fulfilling))?;
        Some(Pairing::ByReference(field.to_owned()))
    }

    fn suspensions(&mut self, table: &Table) -> Option<Vec<Suspension>> {
        let found: Vec<Option<Suspension>> = table
            .tables("suspended_by")
            .map(|table| {
                let from = self.name(table, "from", Sort::Kind);
                let until = self.some_names(table, "until", Sort::Kind);
                Some(Suspension { from: from?, until: until? })
            })
            .collect();
        found.into_iter().collect()
    }

    /// The exceptions, the one that goes first at the front.
    fn exceptions(
        &mut self,
        table: &Table,
        triggers: &[KindId],
        when: Option<&Condition>,
    ) -> Option<Vec<Exception>> {
        let found: Vec<Option<StatedException>> =
            table.tables("exception").map(|exception| self.exception(exception, table, triggers)).collect();
        let found: Option<Vec<StatedException>> = found.into_iter().collect();
        in_order(found?, when?, &self.facts, self.report)
    }

    fn exception(&mut self, table: &Table, duty: &Table, triggers: &[KindId]) -> Option<StatedException> {
        let when = self.condition(table, "when", Scope::EntryOf(triggers));
        let deadline = self.exception_deadline(table);
        let before = self.siblings(table, duty);
        table.get("when")?;
        let exception = Exception {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            when: when?,
            deadline: deadline?,
            place: self.place(table),
        };
        Some(StatedException { exception, before: before?, spot: spot_of_key(table, "id") })
    }

    /// `within`, or `no_duty = true`: exactly one of them.
    #[expect(clippy::option_option, reason = "outer: whether it is right; inner: whether there is a limit")]
    fn exception_deadline(&mut self, table: &Table) -> Option<Option<crate::model::Deadline>> {
        match (table.get("within"), flag(table, "no_duty")) {
            (Some(_), None | Some(false)) => self.deadline(table, "within").map(Some),
            (None, Some(true)) => Some(None),
            _ => {
                let message = "an exception needs exactly one of `within` and `no_duty = true`";
                self.contradiction(
                    table.spot,
                    message,
                    "write within = \"48 hours\" for another limit, no_duty = true for none",
                );
                None
            }
        }
    }

    /// The exceptions of the same duty that `before` names.
    fn siblings(&mut self, table: &Table, duty: &Table) -> Option<Vec<RuleId>> {
        let Some(node) = table.get("before") else { return Some(Vec::new()) };
        let known: Vec<&str> = duty.tables("exception").filter_map(|other| other.str("id")).collect();
        let mut before = Vec::new();
        let mut fine = true;
        for item in node.items() {
            let name = item.as_str()?;
            if known.contains(&name) {
                before.push(RuleId::from(name));
                continue;
            }
            fine = false;
            let help = did_you_mean(name, known.iter().copied()).map_or_else(
                || "name another exception of this duty".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.report
                .error(Code::UnknownException, item.spot, format!("this duty has no exception \"{name}\""))
                .help(help);
        }
        fine.then_some(before)
    }
}
