//! A log at a glance: the summary alone, by every core.
//!
//! The report of a log without its cases needs no sentence about any of them. It is made from columns by a compiled
//! program; what it says is what reading case by case says, and tests hold the two equal.

use std::collections::BTreeSet;

use samspill_agreement::model::Agreement;
use samspill_base::{Columns, columns::ValueColumn};
use samspill_batch::{Threads, read_file, summarise};
use samspill_engine::{
    program::{Asked, Program},
    summary::Summary,
};
use samspill_formats::{ColumnsRead, Names, Part, Wanted};

use crate::{
    args::AgreementArgs,
    before::Before,
    choose,
    logs::{Layout, Log, Troubles, open_file},
    trouble::Trouble,
};

/// Files of more bytes are read case by case: columns of a whole log take memory, and a long wait needs to show progress.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// The same for packed files, which unpack to some fifty times as much.
const PACKED_BYTES_MAX: u64 = FILE_BYTES_MAX / 16;

/// What a glance found.
pub(crate) struct Glance {
    pub summary: Summary,
    pub troubles: Troubles,
    /// Cases from before the agreement.
    pub before: Before,
}

/// The summary of a log under its only agreement, if it can be had at a glance.
///
/// `None` where the log must be read case by case: it doesn't come from a file of a size to hold in memory, cases in it
/// name the agreement they follow, or traces are empty or share a name.
pub(crate) fn glance(
    log: &Log<'_>,
    agreement: &Agreement,
    args: &AgreementArgs,
    as_of: jiff::Timestamp,
) -> Result<Option<Glance>, Trouble> {
    let settles = agreement.versions.iter().any(|version| !version.settlements.is_empty());
    if settles || log.layout == Layout::Parquet || log.path == std::path::Path::new("-") {
        return Ok(None);
    }
    let file = open_file(log.path)?;
    let is_packed = log.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    let bytes_max = if is_packed { PACKED_BYTES_MAX } else { FILE_BYTES_MAX };
    let metadata = file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() <= bytes_max);
    if metadata.is_none() {
        return Ok(None);
    }
    let program = Program::compile(agreement, args.dates());
    let names = choose::names(&args.by);
    let wanted = program.asked().map_or_else(Wanted::all, |asked| wanted(asked, &names));
    let read = read_file(file, &log.options, &wanted, Threads::all()).map_err(|source| log.failed(source))?;
    if names_agreements(&read.columns, &names) || has_odd_traces(&read) {
        return Ok(None);
    }
    let troubles = log.report_all(read.troubles)?;
    let summary = summarise(&program.bind(&read.columns), as_of, Threads::all());
    let before = Before::of_columns(agreement, &read.columns, args.dates());
    Ok(Some(Glance { summary, troubles, before }))
}

/// What the program asks for, and what would name agreements.
fn wanted(asked: Asked, names: &[&str]) -> Wanted {
    let and_names = |mut these: BTreeSet<String>| {
        these.extend(names.iter().map(|name| (*name).to_owned()));
        Names::Only(these)
    };
    let parts = [Part::Sent, Part::Received, Part::Acknowledged, Part::Recorded, Part::AsOf, Part::Id];
    Wanted { parts: parts.into(), facts: and_names(asked.facts), body: and_names(asked.fields) }
}

fn names_agreements(columns: &Columns, names: &[&str]) -> bool {
    let is_name = |column: &ValueColumn| names.contains(&column.name.as_str());
    columns.facts.iter().chain(&columns.body).any(is_name)
}

/// Whether traces are empty, which columns don't hold, or share a name, which makes them one case in columns.
fn has_odd_traces(read: &ColumnsRead) -> bool {
    read.cases_ended > 0 && read.cases_ended != read.columns.cases.len() as u64
}
