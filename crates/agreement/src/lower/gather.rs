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
        let wanted: Vec<(String, Spot)> = gathered
            .own_tables("agreement")
            .filter_map(|table| table.get("uses").filter(|uses| uses.as_str().is_none()))
            .flat_map(Node::items)
            .filter_map(|node| Some((node.as_str()?.to_owned(), node.spot)))
            .collect();
        for (name, spot) in wanted {
            gathered.bring(&name, spot, uses, report);
        }
        gathered
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

    /// The tables of this section in the version's own files.
    pub(super) fn own_tables<'g>(&'g self, section: &'g str) -> impl Iterator<Item = &'g Table> {
        self.own.iter().flat_map(move |file| file.tables(section))
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
