//! `samspill check`: a log against agreements.

use std::{io::Write, process::ExitCode};

use samspill_agreement::model::Agreement;
use samspill_base::CaseLog;
use samspill_engine::{Engine, Evaluation, explain::About, json::to_json, settle};

use super::report;
use crate::{
    agreements,
    args::{Check, ReportFormat},
    before::Before,
    choose::{Choice, Chosen},
    glance::glance,
    logs::{self, Log, Troubles},
    output,
    parquet::ReportFile,
    trouble::Trouble,
};

/// Reads every case, prints what the format asks for, and a summary.
pub(crate) fn run(args: &Check) -> Result<ExitCode, Trouble> {
    let agreements = agreements::open(&args.agreements.agreements, args.agreements.values.as_deref())?;
    let zone = agreements
        .first()
        .map_or(jiff::tz::TimeZone::UTC, |agreement| agreement.newest().calendar.zone.clone());
    let log = Log::of(&args.log, zone.clone())?;
    let as_of = logs::as_of(args.log.as_of.as_deref(), &zone)?;
    let choice = Choice { agreements: &agreements, by: &args.agreements.by };
    let mut checker = Checker {
        args,
        out: Out::of(args, &agreements)?,
        summaries: report::Summaries::default(),
        seen: 0,
        unread: 0,
        in_place_of_other: 0,
        before: Before::default(),
        settled: Vec::new(),
    };
    checker.head()?;
    let troubles = match checker.glance(&log, &agreements, as_of)? {
        Some(troubles) => troubles,
        None => log.for_each_case(|case| checker.take(&choice, &case, as_of))?,
    };
    let (seen, unread, in_place) = (checker.seen, checker.unread, checker.in_place_of_other);
    let before = std::mem::take(&mut checker.before);
    checker.tail(&agreements)?;
    let sentences = [before.sentence(seen), elsewhere(in_place, seen), troubles.sentence()];
    sentences.iter().flatten().for_each(|sentence| output::note(sentence));
    match &args.case {
        Some(case) if seen == 0 => Err(Trouble::Call(format!("the log has no case «{case}»"))),
        Some(_) | None => Ok(ExitCode::from(u8::from(unread > 0))),
    }
}

/// Says that cases were read against another agreement than their own.
fn elsewhere(in_place: u64, seen: u64) -> Option<String> {
    (in_place > 0).then(|| {
        format!(
            "note: {in_place} of {seen} cases name another agreement and were read against this one all the same; \
             give --agreement for each to read them against their own"
        )
    })
}

/// Where reports go.
enum Out {
    /// Tables and sentences for people.
    Text(Box<dyn Write>),
    Json(Box<dyn Write>),
    Csv(Box<dyn Write>),
    Table(Box<ReportFile>),
}

impl Out {
    /// What the call asks for; where it doesn't say a format, the name of the file does.
    fn of(args: &Check, agreements: &[Agreement]) -> Result<Self, Trouble> {
        let path = args.out.as_deref();
        let format = args.format.or_else(|| path.and_then(ReportFormat::of_name)).unwrap_or_default();
        let lines = || path.map_or_else(|| Ok(output::standard()), |path| output::to(Some(path)));
        Ok(match format {
            ReportFormat::Text if path.is_some() => {
                Self::Text(Box::new(anstream::StripStream::new(lines()?)))
            }
            ReportFormat::Text => Self::Text(lines()?),
            ReportFormat::Json => Self::Json(lines()?),
            ReportFormat::Csv => Self::Csv(lines()?),
            ReportFormat::Parquet => Self::Table(Box::new(ReportFile::create(path, agreements)?)),
        })
    }
}

struct Checker<'c> {
    args: &'c Check,
    out: Out,
    summaries: report::Summaries,
    /// Cases read.
    seen: u64,
    /// Cases that follow none of the agreements.
    unread: u64,
    /// Cases that name another agreement than the only one given.
    in_place_of_other: u64,
    /// Cases from before their agreement.
    before: Before,
    /// What settlements need of the cases read.
    settled: Vec<Evaluation>,
}

impl Checker<'_> {
    /// Reads the whole log at once, where only its summary is asked for; `None` where it must be read case by case.
    fn glance(
        &mut self,
        log: &Log<'_>,
        agreements: &[Agreement],
        as_of: jiff::Timestamp,
    ) -> Result<Option<Troubles>, Trouble> {
        let only_summary = matches!(self.out, Out::Text(_)) && !self.args.all && self.args.case.is_none();
        let ([agreement], true) = (agreements, only_summary) else { return Ok(None) };
        let Some(glance) = glance(log, agreement, &self.args.agreements, as_of)? else { return Ok(None) };
        self.before = glance.before;
        self.seen = glance.summary.cases;
        if self.seen > 0 {
            *self.summaries.of(agreement) = glance.summary;
        }
        Ok(Some(glance.troubles))
    }

    fn take(&mut self, choice: &Choice<'_>, case: &CaseLog, as_of: jiff::Timestamp) -> Result<(), Trouble> {
        if self.args.case.as_ref().is_some_and(|only| *only != case.case) {
            return Ok(());
        }
        self.seen += 1;
        let as_of = case.as_of().unwrap_or(as_of);
        let agreement = match choice.of(case, as_of) {
            Ok(chosen) => {
                self.in_place_of_other += u64::from(matches!(chosen, Chosen::InPlaceOfOther(_)));
                chosen.agreement()
            }
            Err(why) => {
                self.unread += 1;
                output::note_limited(self.unread, &format!("case «{}» {why}", case.case));
                return Ok(());
            }
        };
        let dates = self.args.agreements.dates();
        self.before.count(agreement, case, dates);
        let evaluation = Engine::new(agreement).with_dates(dates).evaluate(case, as_of);
        self.print(agreement, case, &evaluation)?;
        self.summaries.of(agreement).add(&evaluation);
        if !agreement.newest().settlements.is_empty() {
            self.settled.push(Evaluation { duties: Vec::new(), findings: Vec::new(), ..evaluation });
        }
        Ok(())
    }

    fn head(&mut self) -> Result<(), Trouble> {
        if let Out::Csv(out) = &mut self.out {
            writeln!(out, "{}", report::csv_head())?;
        }
        Ok(())
    }

    fn print(
        &mut self,
        agreement: &Agreement,
        case: &CaseLog,
        evaluation: &Evaluation,
    ) -> Result<(), Trouble> {
        let language = self.args.lang.into();
        match &mut self.out {
            Out::Json(out) => writeln!(out, "{}", to_json(agreement, evaluation, language))?,
            Out::Csv(out) => write!(out, "{}", report::csv(agreement, evaluation, language))?,
            Out::Table(file) => file.add(&About { agreement, language }, case, evaluation)?,
            Out::Text(out) if self.args.all || self.args.case.is_some() => {
                write!(out, "{}", report::case(agreement, evaluation, language))?;
            }
            Out::Text(_) => {}
        }
        Ok(())
    }

    /// The summary: only for people. The other formats hold one record a line and nothing else.
    fn tail(self, agreements: &[Agreement]) -> Result<(), Trouble> {
        let mut out = match self.out {
            Out::Text(out) => out,
            Out::Json(mut out) | Out::Csv(mut out) => return Ok(out.flush()?),
            Out::Table(file) => return file.finish(),
        };
        let language = self.args.lang.into();
        for agreement in agreements {
            if let Some(summary) = self.summaries.get(agreement) {
                write!(out, "{}", report::summary(agreement, summary, language))?;
            }
            let own: Vec<Evaluation> = self
                .settled
                .iter()
                .filter(|evaluation| evaluation.agreement == agreement.id)
                .cloned()
                .collect();
            write!(out, "{}", report::settlements(&settle(agreement, &own), language))?;
        }
        if self.seen == 0 && self.args.case.is_none() {
            writeln!(out, "{}", report::nothing_read(language))?;
        }
        Ok(out.flush()?)
    }
}
