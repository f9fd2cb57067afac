use std::collections::BTreeSet;

use jiff::civil::Date;

use super::get::date_of;
use crate::{
    diagnostic::{Code, Report, did_you_mean},
    fields::{self, ROOT, Section, VOCABULARY},
    source::{SourceFile, Spot, Uses, VersionSources},
    syntax::{Node, Table, parse},
};

/// The tables of a version: its own files, and what they use.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    own: Vec<Table>,
    /// The files of the versions it is based on, the nearest first.
    bases: Vec<Vec<Table>>,
    vocabularies: Vec<Table>,
    laws: Vec<LawVersion>,
}

#[derive(Debug)]
struct LawVersion {
    in_force: Option<Date>,
    next_in_force: Option<Date>,
    is_first: bool,
    tables: Vec<Table>,
}

/// A `[[holiday]]`, with the years in which the version of the law that has it was in force.
#[derive(Debug)]
pub(super) struct LawTable<'g> {
    pub(super) table: &'g Table,
    pub(super) from_year: Option<i16>,
    pub(super) until_year: Option<i16>,
}

impl Gathered {
    pub(super) fn read(sources: &VersionSources, uses: &impl Uses, report: &mut Report) -> Self {
        let own: Vec<Table> = sources.files.iter().map(|file| read_file(file, &ROOT, report)).collect();
        let mut gathered = Self { own, ..Self::default() };
        gathered.take_over(uses, report);
        let all_files = gathered.own.iter().chain(gathered.bases.iter().flatten());
        let names: Vec<(String, Spot)> = all_files
            .flat_map(|file| file.tables("agreement"))
            .filter_map(|table| table.get("uses").filter(|uses| uses.as_str().is_none()))
            .flat_map(Node::items)
            .filter_map(|node| Some((node.as_str()?.to_owned(), node.spot)))
            .collect();
        let mut brought = BTreeSet::new();
        for (name, spot) in names {
            if brought.insert(name.clone()) {
                gathered.bring(&name, spot, uses, report);
            }
        }
        gathered
    }

    /// Reads the version that this one is based on, and the one that that is based on, and so on.
    fn take_over(&mut self, uses: &impl Uses, report: &mut Report) {
        const BASES_MAX: usize = 8;
        let mut next = base_named_in(&self.own);
        while let Some((path, spot)) = next {
            if self.bases.len() == BASES_MAX {
                report
                    .error(
                        Code::UnknownUse,
                        spot,
                        format!("more than {BASES_MAX} versions are based on each other"),
                    )
                    .help("base it on the version that holds the rules");
                return;
            }
            let Some(base) = uses.based_on(&path) else {
                report
                    .error(
                        Code::UnknownUse,
                        spot,
                        format!("there is no version of an agreement at \"{path}\""),
                    )
                    .help("write the path of its folder under agreements/");
                return;
            };
            let files: Vec<Table> = base.files.iter().map(|file| read_file(file, &ROOT, report)).collect();
            next = base_named_in(&files);
            self.bases.push(files);
        }
    }

    fn bring(&mut self, name: &str, spot: Spot, uses: &impl Uses, report: &mut Report) {
        let missing = match name.split_once(':') {
            Some(("vocabulary", file)) => match uses.vocabulary(file) {
                Some(file) => {
                    self.vocabularies.push(read_file(&file, &VOCABULARY, report));
                    return;
                }
                None => suggestion("vocabulary", file, &uses.vocabulary_names()),
            },
            Some(("law", folder)) => match uses.law(folder) {
                Some(versions) => {
                    self.laws.extend(read_law(&versions, report));
                    return;
                }
                None => suggestion("law", folder, &uses.law_names()),
            },
            _ => "write vocabulary:<file name> or law:<folder name>".to_owned(),
        };
        report
            .error(Code::UnknownUse, spot, format!("there is nothing to use under \"{name}\""))
            .help(missing);
    }

    /// The tables of this section in the versions it is based on, those first, and in its own files.
    pub(super) fn own_tables<'g>(&'g self, section: &'g str) -> impl Iterator<Item = &'g Table> {
        let taken_over = (0..self.bases.len()).rev().flat_map(move |layer| {
            let tables = self.bases[layer].iter().flat_map(move |file| file.tables(section));
            tables.filter(move |table| !self.is_replaced(section, table, layer))
        });
        taken_over.chain(self.own.iter().flat_map(move |file| file.tables(section)))
    }

    /// Whether a nearer layer has its own in place of this table.
    fn is_replaced(&self, section: &str, table: &Table, layer: usize) -> bool {
        if section == "agreement" {
            return true;
        }
        let mut nearer =
            self.bases[..layer].iter().flatten().chain(&self.own).flat_map(|file| file.tables(section));
        match table.str("id") {
            Some(id) => nearer.any(|other| other.str("id") == Some(id)),
            None => section == "calendar" && nearer.next().is_some(),
        }
    }

    /// … and in the vocabularies it uses, those first.
    pub(super) fn all_tables<'g>(&'g self, section: &'g str) -> impl Iterator<Item = &'g Table> {
        self.vocabularies.iter().flat_map(move |file| file.tables(section)).chain(self.own_tables(section))
    }

    /// The tables of this section in the laws it uses.
    pub(super) fn law_tables<'g>(&'g self, section: &'g str) -> impl Iterator<Item = LawTable<'g>> {
        self.laws.iter().flat_map(move |law| {
            law.tables.iter().flat_map(move |file| file.tables(section)).map(move |table| LawTable {
                table,
                from_year: law.in_force.map(Date::year).filter(|_| !law.is_first),
                until_year: law.next_in_force.map(|next| next.year() - 1),
            })
        })
    }

    /// The beginning of the version's first file, for what is missing in all of them.
    pub(super) fn start(&self) -> Spot {
        self.own.first().map(|table| Spot { end: 0, ..table.spot }).unwrap_or_default()
    }
}

/// The path that `based_on` names in these files, and where it stands.
fn base_named_in(files: &[Table]) -> Option<(String, Spot)> {
    let node =
        files.iter().flat_map(|file| file.tables("agreement")).find_map(|table| table.get("based_on"))?;
    Some((node.as_str()?.to_owned(), node.spot))
}

fn suggestion(prefix: &str, written: &str, known: &[String]) -> String {
    match did_you_mean(written, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean \"{prefix}:{near}\"?"),
        None if known.is_empty() => format!("{prefix}:… names what stands in the shared folder {prefix}/"),
        None => format!(
            "there are {}",
            known.iter().map(|name| format!("{prefix}:{name}")).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn read_file(file: &SourceFile, section: &'static Section, report: &mut Report) -> Table {
    let file = report.sources.add(file);
    let table = parse(file, report);
    fields::check(section, &table, report);
    table
}

fn read_law(versions: &[VersionSources], report: &mut Report) -> Vec<LawVersion> {
    let mut law: Vec<LawVersion> = versions
        .iter()
        .map(|version| {
            let tables: Vec<Table> =
                version.files.iter().map(|file| read_file(file, &ROOT, report)).collect();
            let in_force = tables.iter().find_map(|file| date_of(file.table("agreement")?.get("in_force")?));
            LawVersion { in_force, next_in_force: None, is_first: false, tables }
        })
        .collect();
    law.sort_by_key(|version| version.in_force);
    let starts: Vec<Option<Date>> = law.iter().map(|version| version.in_force).collect();
    for (place, version) in law.iter_mut().enumerate() {
        version.is_first = place == 0;
        version.next_in_force = starts.get(place + 1).copied().flatten();
    }
    law
}
