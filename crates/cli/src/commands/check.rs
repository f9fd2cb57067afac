//! `samspill check`: a log against agreements.

use std::{io::Write, process::ExitCode};

use samspill_agreement::model::Agreement;
use samspill_base::CaseLog;
use samspill_engine::{Engine, Evaluation, json::to_json, settle};

use super::report;
use crate::{
    agreements,
    args::{Check, ReportFormat},
    choose::{Choice, Chosen},
    logs::{self, Log},
    output,
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
    let mut out = output::standard();
    let mut checker = Checker {
        args,
        out: &mut out,
        summaries: report::Summaries::default(),
        seen: 0,
        unread: 0,
        in_place_of_other: 0,
        settled: Vec::new(),
    };
    checker.head()?;
    let troubles = log.for_each_case(|case| checker.take(&choice, &case, as_of))?;
    let (seen, unread, in_place) = (checker.seen, checker.unread, checker.in_place_of_other);
    checker.tail(&agreements)?;
    out.flush()?;
    if in_place > 0 {
        output::note(&format!(
            "note: {in_place} of {seen} cases name another agreement and were read against this one all the same; \
             give --agreement for each to read them against their own"
        ));
    }
    if let Some(sentence) = troubles.sentence() {
        output::note(&sentence);
    }
    match &args.case {
        Some(case) if seen == 0 => Err(Trouble::Call(format!("the log has no case «{case}»"))),
        Some(_) | None => Ok(ExitCode::from(u8::from(unread > 0))),
    }
}

struct Checker<'c, W: Write> {
    args: &'c Check,
    out: &'c mut W,
    summaries: report::Summaries,
    /// Cases read.
    seen: u64,
    /// Cases that follow none of the agreements.
    unread: u64,
    /// Cases that name another agreement than the only one given.
    in_place_of_other: u64,
    /// What settlements need of the cases read.
    settled: Vec<Evaluation>,
}

impl<W: Write> Checker<'_, W> {
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
        let evaluation = Engine::new(agreement).evaluate(case, as_of);
        self.print(agreement, &evaluation)?;
        self.summaries.of(agreement).add(&evaluation);
        if !agreement.newest().settlements.is_empty() {
            self.settled.push(Evaluation { duties: Vec::new(), findings: Vec::new(), ..evaluation });
        }
        Ok(())
    }

    fn head(&mut self) -> Result<(), Trouble> {
        if self.args.format == ReportFormat::Csv {
            writeln!(self.out, "{}", report::CSV_HEAD)?;
        }
        Ok(())
    }

    fn print(&mut self, agreement: &Agreement, evaluation: &Evaluation) -> Result<(), Trouble> {
        let language = self.args.lang.into();
        match self.args.format {
            ReportFormat::Json => writeln!(self.out, "{}", to_json(agreement, evaluation, language))?,
            ReportFormat::Csv => write!(self.out, "{}", report::csv(agreement, evaluation, language))?,
            ReportFormat::Text if self.args.all || self.args.case.is_some() => {
                write!(self.out, "{}", report::case(agreement, evaluation, language))?;
            }
            ReportFormat::Text => {}
        }
        Ok(())
    }

    /// The summary: only for people. The other formats hold one record a line and nothing else.
    fn tail(self, agreements: &[Agreement]) -> Result<(), Trouble> {
        if self.args.format != ReportFormat::Text {
            return Ok(());
        }
        let language = self.args.lang.into();
        for agreement in agreements {
            if let Some(summary) = self.summaries.get(agreement) {
                write!(self.out, "{}", report::summary(agreement, summary, language))?;
            }
            let own: Vec<Evaluation> = self
                .settled
                .iter()
                .filter(|evaluation| evaluation.agreement == agreement.id)
                .cloned()
                .collect();
            write!(self.out, "{}", report::settlements(&settle(agreement, &own), language))?;
        }
        if self.seen == 0 && self.args.case.is_none() {
            writeln!(self.out, "{}", report::nothing_read(language))?;
        }
        Ok(())
    }
}
