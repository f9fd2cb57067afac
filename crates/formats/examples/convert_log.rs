//! Writes a log in another format to standard output: `convert_log FILE jsonl|xes|ocel [COLUMNS]`.

#![expect(clippy::disallowed_types, reason = "files belong to programs")]

use std::{
    fs::File,
    io::{BufReader, BufWriter, stdout},
};

use samspill_formats::{
    ColumnMap, Format, ReadOptions, group_all, open_log, write_jsonl, write_ocel, write_xes,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (path, format) = arguments.next().zip(arguments.next()).ok_or("give a file and a format")?;
    let zone = jiff::tz::TimeZone::get("Europe/Oslo")?;
    let mut options = ReadOptions::new(zone.clone());
    options.format = Format::of_name(&path);
    if let Some(columns) = arguments.next() {
        options.columns = ColumnMap::parse(&columns)?;
    }
    let log = group_all(open_log(BufReader::new(File::open(&path)?), &options)?)?;
    let out = BufWriter::new(stdout().lock());
    match format.as_str() {
        "jsonl" => write_jsonl(log.cases.iter().flat_map(|case| &case.entries), &zone, out)?,
        "xes" => write_xes(&log.cases, &zone, out)?,
        "ocel" => write_ocel(&log.cases, &zone, out)?,
        _ => return Err("the format is jsonl, xes or ocel".into()),
    };
    Ok(())
}
