//! Makes the data of the benchmarks.
//!
//! `prepare fines FOLDER [LOG.xes.gz]`: the log of fines as rows, as a table (`fines.csv`) and packed (`fines.xes.gz`).
//! Without a log, one of the same shape is made. `prepare made FOLDER CASES SEED`: rows of a made log alone.
//! `prepare stays FOLDER CASES SEED`: made stays.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Write},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use jiff::{Timestamp, tz::TimeZone};
use samspill_base::{CaseLog, columns::nanos};
use samspill_bench::{Trouble, made_fines, rows::Rows, stays};
use samspill_formats::{GroupItem, ReadOptions, group_by_trace, open_log, write_xes};

/// The columns of the table that hold what the entries say besides case, kind and time.
const BODY: [&str; 4] = ["amount", "org:resource", "dismissal", "vehicleClass"];

fn main() -> Result<(), Trouble> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["fines", folder] => fines(Path::new(folder), None),
        ["fines", folder, log] => fines(Path::new(folder), Some(Path::new(log))),
        ["made", folder, cases, seed] => {
            rows_of(&made_fines::log(cases.parse()?, seed.parse()?)).write(Path::new(folder))
        }
        ["stays", folder, cases, seed] => stays::made(cases.parse()?, seed.parse()?).write(Path::new(folder)),
        _ => Err("prepare fines FOLDER [LOG] | made FOLDER CASES SEED | stays FOLDER CASES SEED".into()),
    }
}

fn fines(folder: &Path, log: Option<&Path>) -> Result<(), Trouble> {
    fs::create_dir_all(folder)?;
    let packed = folder.join("fines.xes.gz");
    let cases = if let Some(log) = log {
        fs::write(&packed, fs::read(log)?)?;
        read(log)?
    } else {
        let cases = made_fines::log(made_fines::CASES, made_fines::SEED);
        write_packed(&cases, &packed)?;
        cases
    };
    rows_of(&cases).write(folder)?;
    write_table(&cases, &folder.join("fines.csv"))
}

fn rome() -> Result<TimeZone, Trouble> {
    Ok(TimeZone::get("Europe/Rome")?)
}

fn read(log: &Path) -> Result<Vec<CaseLog>, Trouble> {
    let log = open_log(BufReader::new(File::open(log)?), &ReadOptions::new(rome()?))?;
    let mut cases = Vec::new();
    for group in group_by_trace(log) {
        match group? {
            GroupItem::Case(case) => cases.push(case),
            GroupItem::Trouble(trouble) => return Err(trouble.to_string().into()),
        }
    }
    Ok(cases)
}

fn write_packed(cases: &[CaseLog], path: &Path) -> Result<(), Trouble> {
    let mut packer = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::default());
    write_xes(cases, &rome()?, &mut packer)?;
    packer.finish()?.flush()?;
    Ok(())
}

fn rows_of(cases: &[CaseLog]) -> Rows {
    let mut rows = Rows::default();
    for (case, log) in (0..).zip(cases) {
        for entry in &log.entries {
            let kind = rows.kinds.iter().position(|kind| *kind == entry.kind).unwrap_or_else(|| {
                rows.kinds.push(entry.kind.clone());
                rows.kinds.len() - 1
            });
            rows.case.push(case);
            rows.kind.push(u8::try_from(kind).unwrap_or(u8::MAX));
            rows.at.push(nanos(entry.happened));
        }
    }
    rows
}

fn write_table(cases: &[CaseLog], path: &Path) -> Result<(), Trouble> {
    let zone = rome()?;
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "case,kind,at,{}", BODY.join(","))?;
    for entry in cases.iter().flat_map(|case| &case.entries) {
        write!(out, "{},{},{}", entry.case, entry.kind, stamp(entry.happened, &zone))?;
        for field in BODY {
            write!(out, ",{}", entry.field(field).map(ToString::to_string).unwrap_or_default())?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}

/// Local time with its offset, as such tables have it.
fn stamp(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
