//! `samspill explain`: why.

use std::{io::Write, process::ExitCode};

use jiff::civil::Date;
use samspill_agreement::model::Agreement;
use samspill_base::CaseLog;
use samspill_engine::{
    Engine, Evaluation, MeterDay,
    explain::{self, About},
};

use crate::{
    agreements,
    args::Explain,
    choose::Choice,
    logs::{self, Log},
    output,
    trouble::Trouble,
};

/// Prints the reasoning about a case: all of it, or about one duty or day.
pub(crate) fn run(args: &Explain) -> Result<ExitCode, Trouble> {
    let agreements = agreements::open(&args.agreements.agreements, args.agreements.values.as_deref())?;
    let Some(first) = agreements.first() else {
        return Err(Trouble::Call("no agreement was named".to_owned()));
    };
    let zone = first.newest().calendar.zone.clone();
    let log = Log::of(&args.log, zone.clone())?;
    let as_of = logs::as_of(args.log.as_of.as_deref(), &zone)?;
    let case = find(&log, &args.case)?;
    let choice = Choice { agreements: &agreements, by: &args.agreements.by };
    let as_of = case.as_of().unwrap_or(as_of);
    let chosen =
        choice.of(&case, as_of).map_err(|why| Trouble::Call(format!("case «{}» {why}", case.case)))?;
    let agreement = chosen.agreement();
    let evaluation = Engine::new(agreement).with_dates(args.agreements.dates()).evaluate(&case, as_of);
    let paragraphs = paragraphs(args, agreement, &evaluation)?;
    let mut out = output::standard();
    for paragraph in paragraphs {
        let (head, rest) =
            paragraph.split_first().map_or(("", &[][..]), |(head, rest)| (head.as_str(), rest));
        let bold = anstyle::Style::new().bold();
        writeln!(out, "{bold}{head}{bold:#}")?;
        for sentence in rest {
            writeln!(out, "  {sentence}")?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn find(log: &Log<'_>, name: &str) -> Result<CaseLog, Trouble> {
    let mut found = None;
    log.for_each_case(|case| {
        if case.case == name {
            found = Some(case);
        }
        Ok(())
    })?;
    found.ok_or_else(|| Trouble::Call(format!("the log has no case «{name}»")))
}

fn paragraphs(
    args: &Explain,
    agreement: &Agreement,
    evaluation: &Evaluation,
) -> Result<Vec<Vec<String>>, Trouble> {
    let about = About { agreement, language: args.lang.into() };
    match (&args.duty, &args.day) {
        (Some(duty), _) => duty_paragraphs(&about, evaluation, duty),
        (None, Some(day)) => day_paragraphs(&about, evaluation, day),
        (None, None) => Ok(everything(&about, evaluation)),
    }
}

fn duty_paragraphs(
    about: &About<'_>,
    evaluation: &Evaluation,
    duty: &str,
) -> Result<Vec<Vec<String>>, Trouble> {
    let of_duty = evaluation.duties.iter().filter(|reading| reading.duty.as_str() == duty);
    let paragraphs: Vec<_> = of_duty
        .map(|reading| {
            let mut said = explain::duty(about, evaluation, reading);
            said.extend(explain::duty_readings(about, reading));
            said
        })
        .collect();
    if paragraphs.is_empty() {
        let known = about.agreement.versions.iter().any(|version| version.duty(duty).is_some());
        let why = if known { "was never triggered in this case" } else { "is no duty of the agreement" };
        return Err(Trouble::Call(format!("«{duty}» {why}")));
    }
    Ok(paragraphs)
}

fn day_paragraphs(
    about: &About<'_>,
    evaluation: &Evaluation,
    day: &str,
) -> Result<Vec<Vec<String>>, Trouble> {
    let date: Date = day
        .parse()
        .map_err(|_| Trouble::Call(format!("--day: «{day}» is not a date: write it as 2024-06-30")))?;
    let paragraphs: Vec<_> = evaluation
        .meters
        .iter()
        .flat_map(|meter| meter.days.iter().filter(|day| day.date == date).map(move |day| (meter, day)))
        .map(|(meter, day)| {
            let mut said = explain::days(about, evaluation, meter, std::slice::from_ref(day));
            said.extend(explain::meter_readings(about, meter));
            said
        })
        .collect();
    if paragraphs.is_empty() {
        return Err(Trouble::Call(format!("no meter says anything about {date} in this case")));
    }
    Ok(paragraphs)
}

/// All of it: each duty, each finding, the days in spans that have the same reasons, and each reading once at the end.
fn everything(about: &About<'_>, evaluation: &Evaluation) -> Vec<Vec<String>> {
    let duties = evaluation.duties.iter().map(|reading| explain::duty(about, evaluation, reading));
    let findings =
        evaluation.findings.iter().map(|finding| vec![explain::finding(about, evaluation, finding)]);
    let spans = evaluation.meters.iter().flat_map(|meter| {
        let spans = meter.days.chunk_by(is_alike);
        spans.map(move |days| explain::days(about, evaluation, meter, days))
    });
    let readings = explain::readings_used(about, evaluation);
    let readings = (!readings.is_empty()).then_some(readings);
    duties.chain(findings).chain(spans).chain(readings).collect()
}

/// Whether two days, one after the other, are what they are for the same reasons and at the same price.
fn is_alike(one: &MeterDay, next: &MeterDay) -> bool {
    one.date.tomorrow().is_ok_and(|tomorrow| tomorrow == next.date)
        && (one.status, one.amount, &one.because) == (next.status, next.amount, &next.because)
}
