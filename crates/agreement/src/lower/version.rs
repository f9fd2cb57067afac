use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    Lowered, VersionSpots,
    context::Context,
    declarations::parties,
    gather::Gathered,
    get::{self, date_of, strings},
    hours::hours_entries,
    names::{Names, Sort},
    spot_of_key,
};
use crate::{
    check::{Rules, Spotted, check_rules},
    diagnostic::{Code, Report},
    model::{DocumentType, Source, Version},
    source::{Spot, Uses, VersionSources},
    syntax::Table,
};

/// Reads one version. `None` where its own head could not be read; that has been reported.
pub(super) fn lower(sources: &VersionSources, uses: &impl Uses, report: &mut Report) -> Option<Lowered> {
    let gathered = Gathered::read(sources, uses, report);
    let head = head(&gathered, &sources.folder_name, report);
    let names = declare(&gathered, report);
    let mut context = Context {
        report,
        names,
        facts: BTreeMap::new(),
        kinds: BTreeMap::new(),
        used_kinds: BTreeSet::new(),
    };
    context.body(&gathered, head)
}

/// What `[agreement]` says.
struct Head<'g> {
    table: &'g Table,
    in_force: Date,
    until: Option<Date>,
}

fn head<'g>(gathered: &'g Gathered, folder_name: &str, report: &mut Report) -> Option<Head<'g>> {
    let mut tables = gathered.own_tables("agreement");
    let Some(table) = tables.next() else {
        report
            .error(
                Code::AgreementSection,
                gathered.start(),
                format!("no file of the folder {folder_name} holds [agreement]"),
            )
            .help("add it to agreement.toml, with `id`, `name` and `in_force`");
        return None;
    };
    for second in tables {
        report
            .error(Code::AgreementSection, second.spot, "[agreement] stands twice in this folder")
            .help("keep the one in agreement.toml")
            .related(table.spot, "the first is here");
    }
    let in_force = date_of(table.get("in_force")?)?;
    let until = table.get("until").and_then(date_of);
    check_dates(table, in_force, until, folder_name, report);
    Some(Head { table, in_force, until })
}

fn check_dates(table: &Table, in_force: Date, until: Option<Date>, folder_name: &str, report: &mut Report) {
    if folder_name != in_force.to_string() {
        let message =
            format!("the folder is named \"{folder_name}\", the version is in force from {in_force}");
        report
            .error(Code::FolderName, spot_of_key(table, "in_force"), message)
            .help("rename the folder, or correct `in_force`");
    }
    if until.is_some_and(|until| until <= in_force) {
        report
            .error(
                Code::EndsBeforeStart,
                spot_of_key(table, "until"),
                "the version ends on or before the day it comes into force",
            )
            .help("`until` is the first day on which it is no longer in force");
    }
}

/// Collects all names, so that rules may stand in any order in any file.
fn declare(gathered: &Gathered, report: &mut Report) -> Names {
    let mut names = Names::default();
    for (section, sort) in
        [("party", Sort::Party), ("fact", Sort::Fact), ("kind", Sort::Kind), ("phase", Sort::Phase)]
    {
        for table in gathered.all_tables(section) {
            declare_id(&mut names, sort, table, report);
        }
    }
    for table in gathered.own_tables("reading") {
        declare_id(&mut names, Sort::Reading, table, report);
    }
    for table in gathered.own_tables("checklist").flat_map(|list| list.tables("point")) {
        declare_id(&mut names, Sort::Point, table, report);
    }
    declare_rules(&mut names, gathered, report);
    declare_shared(&mut names, gathered, report);
    names
}

/// All rules have ids of their own: findings and test cases name them by id alone.
fn declare_rules(names: &mut Names, gathered: &Gathered, report: &mut Report) {
    for section in ["duty", "window", "requires", "contents", "meter", "settlement", "checklist"] {
        for table in gathered.own_tables(section) {
            declare_id(names, Sort::Rule, table, report);
            for inner in ["exception", "waiver", "contestable", "provisional"] {
                table.tables(inner).for_each(|inner| declare_id(names, Sort::Rule, inner, report));
            }
            let id = table.str("id").map(|id| (id, spot_of_key(table, "id")));
            match (section, id) {
                ("duty", Some((id, spot))) => names.declare_again(Sort::Duty, id, spot),
                ("meter", Some((id, spot))) => names.declare_again(Sort::Meter, id, spot),
                _ => {}
            }
        }
    }
}

/// Holidays may share an id; values of a law may be continued in another version of it.
fn declare_shared(names: &mut Names, gathered: &Gathered, report: &mut Report) {
    for entry in hours_entries(gathered) {
        names.declare(Sort::Hours, &entry.key.name, entry.key.spot, report);
    }
    let law_holidays = gathered.law_tables("holiday").map(|law| law.table);
    for table in law_holidays.chain(gathered.own_tables("holiday")) {
        if let Some(id) = table.str("id") {
            names.declare_again(Sort::Holiday, id, spot_of_key(table, "id"));
        }
    }
    for law in gathered.law_tables("value") {
        if let Some(id) = law.table.str("id") {
            names.declare_again(Sort::Value, id, spot_of_key(law.table, "id"));
        }
    }
    for table in gathered.own_tables("value") {
        declare_id(names, Sort::Value, table, report);
    }
}

fn declare_id(names: &mut Names, sort: Sort, table: &Table, report: &mut Report) {
    if let Some(id) = table.str("id") {
        names.declare(sort, id, spot_of_key(table, "id"), report);
    }
}

impl Context<'_> {
    fn body(&mut self, gathered: &Gathered, head: Option<Head<'_>>) -> Option<Lowered> {
        let parties = parties(gathered);
        self.lower_facts(gathered);
        self.lower_kinds(gathered);
        let phases = self.phases(gathered);
        let calendar = self.calendar(gathered);
        self.one_calendar(gathered);
        let hours = self.hours(gathered);
        if let Some(calendar) = &calendar {
            self.check_hours(gathered, calendar, &hours);
        }
        let values = self.values(gathered);
        let rules = self.rules(gathered);
        check_rules(&rules, &phases, &self.kinds, &self.facts, self.report);
        self.check_unused_kinds(gathered);
        let readings = gathered.own_tables("reading").filter_map(|table| self.reading(table)).collect();
        let blind_spots =
            gathered.own_tables("blindspot").filter_map(|table| self.blind_spot(table)).collect();
        let Head { table, in_force, until } = head?;
        let version = Version {
            agreement: table.str("id")?.into(),
            version: in_force.to_string(),
            also_called: strings(table, "also_called"),
            document: document(table)?,
            name: get::text(table, "name")?,
            in_force,
            until,
            currency: table.str("currency").unwrap_or("NOK").to_owned(),
            sources: sources(table),
            parties,
            calendar: calendar?,
            hours,
            facts: std::mem::take(&mut self.facts),
            kinds: std::mem::take(&mut self.kinds),
            phases,
            duties: Spotted::items(rules.duties),
            windows: rules.windows,
            requirements: Spotted::items(rules.requirements),
            contents: rules.contents,
            meters: rules.meters,
            settlements: rules.settlements,
            checklists: rules.checklists,
            values,
            readings,
            blind_spots,
        };
        let spots = VersionSpots {
            id: spot_of_key(table, "id"),
            in_force: spot_of_key(table, "in_force"),
            until: spot_of_key(table, "until"),
        };
        Some(Lowered { version, spots })
    }

    fn rules(&mut self, gathered: &Gathered) -> Rules {
        let spotted = |table: &Table| spot_of_key(table, "id");
        Rules {
            duties: gathered
                .own_tables("duty")
                .filter_map(|table| Some(Spotted { item: self.duty(table)?, spot: spotted(table) }))
                .collect(),
            windows: gathered.own_tables("window").filter_map(|table| self.window(table)).collect(),
            requirements: gathered
                .own_tables("requires")
                .filter_map(|table| Some(Spotted { item: self.requirement(table)?, spot: spotted(table) }))
                .collect(),
            contents: gathered.own_tables("contents").filter_map(|table| self.content(table)).collect(),
            meters: gathered.own_tables("meter").filter_map(|table| self.meter(table)).collect(),
            settlements: gathered
                .own_tables("settlement")
                .filter_map(|table| self.settlement(table))
                .collect(),
            checklists: gathered.own_tables("checklist").filter_map(|table| self.checklist(table)).collect(),
            phase_spots: gathered
                .own_tables("phase")
                .filter_map(|table| Some((table.str("id")?.into(), spotted(table))))
                .collect(),
        }
    }

    fn one_calendar(&mut self, gathered: &Gathered) {
        let zones: Vec<&Table> = gathered
            .own_tables("calendar")
            .filter(|table| table.get("zone").is_some() || table.get("working_days").is_some())
            .collect();
        let first = gathered.own_tables("calendar").next();
        for table in zones {
            if first.is_some_and(|first| first.spot != table.spot) {
                self.contradiction(
                    table.spot,
                    "`zone` and `working_days` stand in the first [calendar] of the folder's files only",
                    "move them there; other files may add open hours",
                );
            }
        }
    }

    /// Kinds that this version itself declares and no rule names. Skipped while there are errors: a rule that
    /// could not be read may be what uses them.
    fn check_unused_kinds(&mut self, gathered: &Gathered) {
        if self.report.has_errors() {
            return;
        }
        let unused: Vec<(String, Spot)> = gathered
            .own_tables("kind")
            .filter_map(|table| Some((table.str("id")?, table)))
            .filter(|(id, table)| {
                !self.used_kinds.contains(*id)
                    && table.get("sets").is_none()
                    && table.get("cancels").is_none()
            })
            .map(|(id, table)| (id.to_owned(), spot_of_key(table, "id")))
            .collect();
        for (id, spot) in unused {
            self.report
                .warning(
                    Code::UnusedKind,
                    spot,
                    format!("the kind \"{id}\" is declared here, and no rule uses it"),
                )
                .help(Code::UnusedKind.mend());
        }
    }
}

fn document(table: &Table) -> Option<DocumentType> {
    let words = [
        ("agreement", DocumentType::Agreement),
        ("law", DocumentType::Law),
        ("guideline", DocumentType::Guideline),
        ("example", DocumentType::Example),
    ];
    get::choice(table, "document", &words)
}

fn sources(table: &Table) -> Vec<Source> {
    table
        .tables("sources")
        .filter_map(|source| {
            Some(Source {
                title: source.str("title")?.to_owned(),
                note: source.str("note").map(str::to_owned),
            })
        })
        .collect()
}
