//! `samspill convert`: a log in another format.

use std::process::ExitCode;

use jiff::tz::TimeZone;
use samspill_base::Entry;
use samspill_formats::{write_jsonl, write_ocel, write_xes};

use crate::{
    args::{Convert, LogArgs, OutputFormat},
    logs::{Log, Troubles, all_cases},
    output, parquet,
    trouble::Trouble,
};

/// Reads the log and writes it in the format asked for. The cases are held in memory, but for Parquet.
pub(crate) fn run(args: &Convert) -> Result<ExitCode, Trouble> {
    let zone = TimeZone::get(&args.zone).map_err(|_| {
        Trouble::Call(format!("--zone: there is no time zone «{}»: write one as Europe/Oslo", args.zone))
    })?;
    let log_args = LogArgs {
        log: args.log.clone(),
        input: args.input,
        columns: args.columns.clone(),
        case_type: args.case_type.clone(),
        strict: args.strict,
        as_of: None,
    };
    let log = Log::of(&log_args, zone.clone())?;
    let file = args.file.as_deref().or(args.output.as_deref());
    let format = args.to.or_else(|| file.and_then(OutputFormat::of_name)).ok_or_else(|| {
        Trouble::Call("which format? give --to, or a file named .jsonl, .xes, .json or .parquet".to_owned())
    })?;
    if format == OutputFormat::Parquet {
        let troubles = parquet::write_log(&log, file, &args.zone)?;
        say(troubles);
        return Ok(ExitCode::SUCCESS);
    }
    let (cases, troubles) = all_cases(&log)?;
    let mut out = output::to(file)?;
    match format {
        OutputFormat::Jsonl => {
            let entries = cases.iter().flat_map(|case| &case.entries).collect::<Vec<&Entry>>();
            write_jsonl(entries, &zone, &mut out)?
        }
        OutputFormat::Xes => write_xes(&cases, &zone, &mut out)?,
        OutputFormat::Ocel | OutputFormat::Parquet => write_ocel(&cases, &zone, &mut out)?,
    };
    out.flush()?;
    say(troubles);
    Ok(ExitCode::SUCCESS)
}

fn say(troubles: Troubles) {
    if let Some(sentence) = troubles.sentence() {
        output::note(&sentence);
    }
}
