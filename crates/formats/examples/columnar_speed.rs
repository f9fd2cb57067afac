//! Times the reading of a log into columns: `columnar_speed FILE [all|least|NAME,NAME…] [PARTS]`.
//!
//! A table is also read as a whole from memory, in parts on as many threads as there are parts.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "files, threads and the clock belong to programs"
)]

use std::{fs::File, io::BufReader, time::Instant};

use samspill_formats::{
    ColumnsRead, CsvPlan, Format, Names, Part, ReadError, ReadOptions, Wanted, read_columns,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const ROUNDS: usize = 5;
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give a file")?;
    let wanted = wanted(&arguments.next().unwrap_or_else(|| "all".to_owned()));
    let parts: usize = arguments.next().map_or(Ok(1), |parts| parts.parse())?;
    let rounds: usize = arguments.next().map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let mut options = ReadOptions::new(jiff::tz::TimeZone::get("Europe/Oslo")?);
    options.format = Format::of_name(&path);
    for _ in 0..rounds {
        let started = Instant::now();
        let read = read_columns(BufReader::with_capacity(256 << 10, File::open(&path)?), &options, &wanted)?;
        say("from the file", started, &read);
        if options.format == Some(Format::Csv) {
            let started = Instant::now();
            let bytes = std::fs::read(&path)?;
            let read = in_parts(&bytes, &options, &wanted, parts)?;
            say(&format!("from memory in {parts} parts"), started, &read);
        }
    }
    Ok(())
}

fn wanted(text: &str) -> Wanted {
    match text {
        "all" => Wanted::all(),
        "least" => Wanted::least(),
        names => {
            let names = Names::Only(names.split(',').map(str::to_owned).collect());
            Wanted { parts: Part::ALL.into(), facts: names.clone(), body: names }
        }
    }
}

fn in_parts(
    bytes: &[u8],
    options: &ReadOptions,
    wanted: &Wanted,
    parts: usize,
) -> Result<ColumnsRead, ReadError> {
    let Some(plan) = CsvPlan::new(bytes, options, wanted)? else { return Ok(ColumnsRead::default()) };
    let ranges = plan.split(bytes, parts);
    let chunks = std::thread::scope(|scope| {
        let read = |range| {
            let plan = &plan;
            scope.spawn(move || plan.read_chunk(bytes, range))
        };
        let threads: Vec<_> = ranges.into_iter().map(read).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    plan.merge(bytes, chunks)
}

fn say(how: &str, started: Instant, read: &ColumnsRead) {
    let seconds = started.elapsed().as_secs_f64();
    let rows = read.columns.len();
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let nanoseconds = seconds * 1e9 / rows.max(1) as f64;
    println!(
        "{how}: {rows} rows, {} cases, {} troubles, {:.1} ms, {nanoseconds:.0} ns a row",
        read.columns.cases.len(),
        read.troubles.len(),
        seconds * 1e3
    );
}
