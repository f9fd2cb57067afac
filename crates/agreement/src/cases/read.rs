use std::collections::BTreeSet;

use samspill_base::{CaseLog, Entry, Position, parse_instant};

use super::{
    CaseExpect, DaysStatus, Shows, TestCase,
    expect::{read_days, read_duty, read_total},
    line::read_entry,
};
use crate::{
    diagnostic::{Code, Diagnostic, Report, did_you_mean},
    fields::{self, CASE_FILE},
    lower::{scalar, strings},
    model::{FactName, KindId, Version},
    source::{SourceFile, Spot},
    syntax::{Node, Table, parse},
};

/// Reads a file of test cases. Times without an offset are in the version's zone.
///
/// A case with a mistake is left out and the mistake reported; the others come back. Kinds and rules that the
/// version doesn't have are mistakes.
pub fn parse_cases(file: &SourceFile, version: &Version) -> (Vec<TestCase>, Vec<Diagnostic>) {
    let mut report = Report::default();
    let id = report.sources.add(file);
    let table = parse(id, &mut report);
    fields::check(&CASE_FILE, &table, &mut report);
    let mut reader = Reader { version, rules: rule_ids(version), report };
    let cases = table.tables("case").filter_map(|case| reader.case(case)).collect();
    (cases, reader.report.finish().0)
}

/// All ids that a case can be about.
fn rule_ids(version: &Version) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for duty in &version.duties {
        ids.insert(duty.id.to_string());
        ids.extend(duty.exceptions.iter().map(|exception| exception.id.to_string()));
    }
    for meter in &version.meters {
        ids.insert(meter.id.to_string());
        ids.extend(meter.waivers.iter().map(|waiver| waiver.id.to_string()));
        ids.extend(meter.contestable.iter().chain(&meter.provisional).map(|mark| mark.id.to_string()));
    }
    ids.extend(version.windows.iter().map(|window| window.id.to_string()));
    ids.extend(version.requirements.iter().map(|requirement| requirement.id.to_string()));
    ids.extend(version.contents.iter().map(|content| content.id.to_string()));
    ids.extend(version.settlements.iter().map(|settlement| settlement.id.to_string()));
    ids.extend(version.checklists.iter().map(|checklist| checklist.id.to_string()));
    ids.extend(version.checklists.iter().flat_map(|list| &list.points).map(|point| point.id.to_string()));
    ids
}

struct Reader<'v> {
    version: &'v Version,
    rules: BTreeSet<String>,
    report: Report,
}

impl Reader<'_> {
    fn case(&mut self, table: &Table) -> Option<TestCase> {
        let name = table.str("name")?.to_owned();
        let rules = self.rule_names(table, "rule");
        let zone = self.version.calendar.zone.clone();
        let as_of = self.read(table.get("as_of")?, "2024-06-10T12:00", |text| {
            parse_instant(text, &zone).map_err(|error| error.to_string())
        });
        let log = self.log(table, &name);
        let expect = table.table("expect").and_then(|expect| self.expect(expect));
        let shows = match table.str("shows")? {
            "kept" => Shows::Kept,
            "broken" => Shows::Broken,
            "boundary" => Shows::Boundary,
            _ => return None,
        };
        let place = self.report.sources.place(table.spot);
        Some(TestCase { name, rules: rules?, shows, as_of: as_of?, log: log?, expect: expect?, place })
    }

    fn log(&mut self, table: &Table, case: &str) -> Option<CaseLog> {
        let zone = self.version.calendar.zone.clone();
        let nodes = table.get("log")?.items();
        let entries: Vec<Option<Entry>> = (1..)
            .zip(nodes)
            .map(|(position, node)| {
                let entry = self.read(
                    node,
                    "2024-06-03T10:00 innlagt received 2024-06-03T10:05 { avdeling = \"A\" }",
                    |line| read_entry(line, case, Position(position), &zone),
                )?;
                self.check_kind(&entry.kind, node).then_some(entry)
            })
            .collect();
        let mut entries: Vec<Entry> = entries.into_iter().collect::<Option<_>>()?;
        if let (Some(facts), Some(first)) =
            (table.table("facts"), entries.iter_mut().min_by_key(|entry| entry.happened))
        {
            for fact in &facts.entries {
                self.check_fact(&fact.key.name, fact.key.spot);
                first.facts.insert(fact.key.name.clone(), scalar(&fact.node)?);
            }
        }
        Some(CaseLog { case: case.to_owned(), entries })
    }

    fn check_kind(&mut self, kind: &str, node: &Node) -> bool {
        if self.version.kind_called(kind).is_some() {
            return true;
        }
        let start = node.as_str().and_then(|line| line.find(kind)).unwrap_or(0);
        let near = did_you_mean(kind, self.version.kinds.keys().map(KindId::as_str));
        let help = near
            .map_or_else(|| Code::UnknownKind.mend().to_owned(), |near| format!("did you mean `{near}`?"));
        let message = format!("the version has no kind \"{kind}\"");
        self.report.error(Code::UnknownKind, node.part(start, start + kind.len()), message).help(help);
        false
    }

    fn check_fact(&mut self, fact: &str, spot: Spot) {
        if !self.version.facts.contains_key(fact) {
            let near = did_you_mean(fact, self.version.facts.keys().map(FactName::as_str));
            let help = near.map_or_else(
                || Code::UnknownFact.mend().to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.report
                .error(Code::UnknownFact, spot, format!("the version has no fact \"{fact}\""))
                .help(help);
        }
    }

    fn expect(&mut self, table: &Table) -> Option<CaseExpect> {
        let zone = self.version.calendar.zone.clone();
        let duties =
            self.read_all(table, "duties", "innleggelsesrapport kept due 2024-06-04T11:00", |line| {
                read_duty(line, &zone)
            });
        let void = self.read_all(table, "void", "2024-06-07T10:00", |text| {
            parse_instant(text, &zone).map_err(|error| error.to_string())
        });
        let days = self.read_all(table, "days", "2024-06-10..2024-06-12", read_days);
        let amount = match table.get("amount") {
            Some(node) => self.read(node, "17235.00", read_total).map(Some),
            None => Some(None),
        };
        let not_duties = self.rule_names(table, "not_duties");
        let findings = self.rule_names(table, "findings");
        let not_findings = self.rule_names(table, "not_findings");
        let has = |key| table.get(key).is_some();
        Some(CaseExpect {
            duties: duties?,
            not_duties: not_duties?,
            findings: findings?,
            not_findings: not_findings?,
            void: void.map(|void| has("void").then_some(void))?,
            days: days.map(|days| has("days").then_some(days))?,
            status: table.str("status").and_then(days_status),
            meter: table.str("meter").map(str::to_owned),
            amount: amount?,
        })
    }

    /// Ids of rules; those that the version doesn't have are reported.
    fn rule_names(&mut self, table: &Table, key: &str) -> Option<Vec<String>> {
        let mut fine = true;
        for node in table.get(key).map(Node::items).unwrap_or_default() {
            let name = node.as_str()?;
            if !self.rules.contains(name) {
                fine = false;
                let near = did_you_mean(name, self.rules.iter().map(String::as_str));
                let help = near.map_or_else(
                    || "name a rule of this version".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report
                    .error(Code::BadCase, node.spot, format!("the version has no rule \"{name}\""))
                    .help(help);
            }
        }
        fine.then(|| strings(table, key))
    }

    fn read_all<T>(
        &mut self,
        table: &Table,
        key: &str,
        example: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let nodes = table.get(key).map(Node::items).unwrap_or_default();
        let all: Vec<Option<T>> = nodes.iter().map(|node| self.read(node, example, &read)).collect();
        all.into_iter().collect()
    }

    fn read<T>(&mut self, node: &Node, example: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match read(node.as_str()?) {
            Ok(value) => Some(value),
            Err(message) => {
                self.report.error(Code::BadCase, node.spot, message).help(format!("for example: {example}"));
                None
            }
        }
    }
}

fn days_status(word: &str) -> Option<DaysStatus> {
    match word {
        "payable" => Some(DaysStatus::Payable),
        "contestable" => Some(DaysStatus::Contestable),
        "provisional" => Some(DaysStatus::Provisional),
        _ => None,
    }
}
