//! Reads a log and says what is in it: `read_log FILE [COLUMNS]`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people at a terminal")]
#![expect(clippy::disallowed_types, reason = "files and the clock belong to programs")]

use std::{collections::BTreeSet, fs::File, io::BufReader, time::Instant};

use samspill_formats::{ColumnMap, Format, Item, ReadOptions, open_log};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const TROUBLES_SHOWN: u64 = 20;
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give a file")?;
    let mut options = ReadOptions::new(jiff::tz::TimeZone::get("Europe/Oslo")?);
    options.format = Format::of_name(&path);
    if let Some(columns) = arguments.next() {
        options.columns = ColumnMap::parse(&columns)?;
    }
    let started = Instant::now();
    let (mut cases, mut events, mut troubles) = (0_u64, 0_u64, 0_u64);
    let mut names = BTreeSet::new();
    for item in open_log(BufReader::with_capacity(256 << 10, File::open(&path)?), &options)? {
        match item? {
            Item::Entry(entry) => {
                events += 1;
                if options.format != Some(Format::Xes) && !names.contains(&entry.case) {
                    names.insert(entry.case);
                }
            }
            Item::CaseEnd(_) => cases += 1,
            Item::Trouble(trouble) => {
                troubles += 1;
                if troubles <= TROUBLES_SHOWN {
                    eprintln!("{path}: {trouble}");
                }
            }
        }
    }
    let cases = cases.max(names.len() as u64);
    println!("{cases} cases, {events} events, {troubles} troubles, {:.3} s", started.elapsed().as_secs_f64());
    Ok(())
}
