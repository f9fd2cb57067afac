//! `samspill explain`: why.

use std::{io::Write, process::ExitCode};

use jiff::civil::Date;
use samspill_agreement::model::Agreement;
use samspill_base::CaseLog;
use samspill_engine::{
    Engine, Evaluation,
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
    let agreement = choice.of(&case).map_err(|why| Trouble::Call(format!("case «{}» {why}", case.case)))?;
    let evaluation = Engine::new(agreement).evaluate(&case, case.as_of().unwrap_or(as_of));
    let paragraphs = chosen(args, agreement, &evaluation)?;
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

fn chosen(
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
    let paragraphs: Vec<_> = of_duty.map(|reading| explain::duty(about, evaluation, reading)).collect();
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
        .map(|(meter, day)| explain::day(about, evaluation, meter, day))
        .collect();
    if paragraphs.is_empty() {
        return Err(Trouble::Call(format!("no meter says anything about {date} in this case")));
    }
    Ok(paragraphs)
}

fn everything(about: &About<'_>, evaluation: &Evaluation) -> Vec<Vec<String>> {
    let duties = evaluation.duties.iter().map(|reading| explain::duty(about, evaluation, reading));
    let findings =
        evaluation.findings.iter().map(|finding| vec![explain::finding(about, evaluation, finding)]);
    let days = evaluation
        .meters
        .iter()
        .flat_map(|meter| meter.days.iter().map(move |day| explain::day(about, evaluation, meter, day)));
    duties.chain(findings).chain(days).collect()
}
