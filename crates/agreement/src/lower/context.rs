use std::collections::{BTreeMap, BTreeSet};

use super::names::{Names, Sort};
use crate::{
    diagnostic::{Code, Report},
    grammar::{GrammarError, Read, Used, read_condition, read_deadline},
    model::{Condition, Deadline, Fact, FactName, FactType, Kind, KindId, Place},
    source::Spot,
    syntax::{Node, Table},
};

/// What lowering knows and finds.
///
/// Getters give `None` where something is wrong. Wrong types and missing keys are reported before, by the
/// table of fields; unknown names and unreadable texts are reported here.
pub(super) struct Context<'r> {
    pub(super) report: &'r mut Report,
    pub(super) names: Names,
    pub(super) facts: BTreeMap<FactName, Fact>,
    pub(super) kinds: BTreeMap<KindId, Kind>,
    /// The kinds that any rule names.
    pub(super) used_kinds: BTreeSet<String>,
}

/// The message whose body a condition can look at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'k> {
    /// None: the rule looks at the case.
    Case,
    /// An entry of one of these kinds.
    EntryOf(&'k [KindId]),
}

impl Context<'_> {
    pub(super) fn place(&self, table: &Table) -> Place {
        self.report.sources.place(table.spot)
    }

    /// Names of this sort: a list, one alone, or none where the key is missing.
    pub(super) fn names<T: for<'n> From<&'n str>>(
        &mut self,
        table: &Table,
        key: &str,
        sort: Sort,
    ) -> Option<Vec<T>> {
        let Some(node) = table.get(key) else { return Some(Vec::new()) };
        let found: Vec<Option<T>> = node.items().iter().map(|item| self.resolve(item, sort)).collect();
        found.into_iter().collect()
    }

    /// The same, of which there must be at least one.
    pub(super) fn some_names<T: for<'n> From<&'n str>>(
        &mut self,
        table: &Table,
        key: &str,
        sort: Sort,
    ) -> Option<Vec<T>> {
        let names = self.names(table, key, sort)?;
        if names.is_empty() {
            if let Some(node) = table.get(key) {
                self.report
                    .error(Code::MissingKey, node.spot, format!("`{key}` is an empty list"))
                    .help(format!("name at least one {}", sort.in_words()));
            }
            return None;
        }
        Some(names)
    }

    /// A single name.
    pub(super) fn name<T: for<'n> From<&'n str>>(
        &mut self,
        table: &Table,
        key: &str,
        sort: Sort,
    ) -> Option<T> {
        self.resolve(table.get(key)?, sort)
    }

    /// A single name that may be missing.
    #[expect(clippy::option_option, reason = "outer: whether it is right; inner: whether it is there")]
    pub(super) fn name_if_any<T: for<'n> From<&'n str>>(
        &mut self,
        table: &Table,
        key: &str,
        sort: Sort,
    ) -> Option<Option<T>> {
        match table.get(key) {
            Some(node) => self.resolve(node, sort).map(Some),
            None => Some(None),
        }
    }

    fn resolve<T: for<'n> From<&'n str>>(&mut self, node: &Node, sort: Sort) -> Option<T> {
        let name = node.as_str()?;
        if sort == Sort::Kind {
            self.used_kinds.insert(name.to_owned());
        }
        self.names.resolve(sort, name, node.spot, self.report).then(|| T::from(name))
    }

    /// Ids of readings.
    pub(super) fn readings(&mut self, table: &Table) -> Option<Vec<String>> {
        self.names(table, "readings", Sort::Reading)
    }

    /// A condition; always where the key is missing.
    pub(super) fn condition(&mut self, table: &Table, key: &str, scope: Scope<'_>) -> Option<Condition> {
        let Some(node) = table.get(key) else { return Some(Condition::Always) };
        let read = read_condition(node.as_str()?);
        let Read { value, uses } = self.grammar(Code::BadCondition, "condition", node, read)?;
        let mut fine = true;
        for used in uses {
            let spot = trimmed(node.part(used.start, used.end), self.report);
            fine &= self.check_use(&used.what, spot, scope);
        }
        fine.then_some(value)
    }

    /// A deadline.
    pub(super) fn deadline(&mut self, table: &Table, key: &str) -> Option<Deadline> {
        let node = table.get(key)?;
        let read = read_deadline(node.as_str()?);
        let Read { value, uses } = self.grammar(Code::BadDeadline, "deadline", node, read)?;
        let mut fine = true;
        for used in uses {
            fine &= self.check_use(&used.what, node.part(used.start, used.end), Scope::Case);
        }
        fine.then_some(value)
    }

    /// What a grammar read, or its mistake as a diagnostic at the letter where it stopped.
    pub(super) fn grammar<T>(
        &mut self,
        code: Code,
        sort: &str,
        node: &Node,
        read: Result<T, GrammarError>,
    ) -> Option<T> {
        read.map_err(|error| {
            let spot = node.part(error.at, error.at + error.found.len().max(1));
            self.report
                .error(code, spot, format!("this {sort} can't be read: {error}"))
                .help(format!("an example: \"{}\"", error.example));
        })
        .ok()
    }

    /// Whether what a short text names is known and of the right type.
    pub(super) fn check_use(&mut self, used: &Used, spot: Spot, scope: Scope<'_>) -> bool {
        match used {
            Used::Kind(kind) => {
                self.used_kinds.insert(kind.clone());
                self.names.resolve(Sort::Kind, kind, spot, self.report)
            }
            Used::Phase(phase) => self.names.resolve(Sort::Phase, phase, spot, self.report),
            Used::Duty(duty) => self.names.resolve(Sort::Duty, duty, spot, self.report),
            Used::Hours(hours) => self.names.resolve(Sort::Hours, hours, spot, self.report),
            Used::DateFact(fact) => self.check_date_fact(fact, spot),
            Used::FactTest(fact, test) => self.check_fact_test(fact, test, spot),
            Used::FieldTest(field, test) => self.check_field_test(field, test, spot, scope),
            Used::Field(field) => self.check_date_field(field, spot, scope),
        }
    }

    /// The type of a declared fact; an unknown one is reported.
    pub(super) fn fact_type(&mut self, fact: &str, spot: Spot) -> Option<FactType> {
        if !self.names.resolve(Sort::Fact, fact, spot, self.report) {
            return None;
        }
        self.facts.get(fact).map(|fact| fact.fact_type.clone())
    }

    pub(super) fn contradiction(&mut self, spot: Spot, message: impl Into<String>, help: &str) {
        self.report.error(Code::Contradiction, spot, message).help(help);
    }
}

/// A stretch without the spaces at its end.
fn trimmed(spot: Spot, report: &Report) -> Spot {
    let text = report.sources.text_of(spot.file).get(spot.range()).unwrap_or("");
    Spot { end: spot.start + text.trim_end().len(), ..spot }
}
