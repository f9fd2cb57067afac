//! `samspill whatif`: the same log under another agreement.

use std::{io::Write, process::ExitCode};

use samspill_agreement::model::Language;
use samspill_base::Ore;
use samspill_engine::{DutyStatus, explain::duty_status_word};
use samspill_service::proposals::{DutyChange, Sides, Total, Trial, Whose};
use serde_json::{Value, json};

use super::report::{amount_words, grouped, word};
use crate::{
    agreements,
    args::{DiffFormat, Whatif},
    logs::{self, Log},
    output,
    table::{Align, Table},
    trouble::Trouble,
};

/// Reads every case twice and prints what changes.
pub(crate) fn run(args: &Whatif) -> Result<ExitCode, Trouble> {
    let before = agreements::open_one(&args.agreement, args.values.as_deref())?;
    let after = agreements::open_one(&args.with, args.values.as_deref())?;
    let zone = before.newest().calendar.zone.clone();
    let log = Log::of(&args.log, zone.clone())?;
    let as_of = logs::as_of(args.log.as_of.as_deref(), &zone)?;
    let mut trial = Trial::new(before, after);
    let troubles = log.for_each_case(|case| {
        trial.add(&case, as_of, Whose::Own);
        Ok(())
    })?;
    let change = Change(&trial);
    let mut out = output::standard();
    match args.format {
        DiffFormat::Text => write!(out, "{}", change.text(args.lang.into()))?,
        DiffFormat::Json => writeln!(out, "{}", change.json())?,
    }
    out.flush()?;
    if trial.left_out > 0 {
        output::note(&format!(
            "note: {} cases name another agreement than «{}» and were left out",
            trial.left_out,
            trial.before().id
        ));
    }
    if let Some(sentence) = troubles.sentence() {
        output::note(&sentence);
    }
    Ok(ExitCode::SUCCESS)
}

/// What a log comes to under two agreements, in words.
struct Change<'t>(&'t Trial);

impl Change<'_> {
    fn text(&self, language: Language) -> String {
        let (before, after, all) = (self.0.before(), self.0.after(), &self.0.all);
        let (cases, changed) = (grouped(all.cases), grouped(all.changed_cases));
        let head = match language {
            Language::Bokmal => format!(
                "{cases} saker, fra {} til {}. I {changed} av dem endres døgn eller beløp.",
                before.id, after.id
            ),
            Language::Nynorsk => format!(
                "{cases} saker, frå {} til {}. I {changed} av dei blir døgn eller beløp endra.",
                before.id, after.id
            ),
            Language::English => format!(
                "{cases} cases, from {} to {}. In {changed} of them days or amounts change.",
                before.id, after.id
            ),
        };
        let duties = self.duty_table(language);
        let nothing =
            word(language, "Ingen plikter endres.\n", "Ingen plikter blir endra.\n", "No duty changes.\n");
        let duties = if duties.is_empty() { nothing.to_owned() } else { duties.text(0) };
        format!("{head}\n\n{duties}\n{}", self.meter_table(&after.newest().currency, language).text(0))
    }

    fn duty_table(&self, language: Language) -> Table {
        let mut table = Table::new(&columns(word(language, "plikt", "plikt", "duty"), language));
        for (duty, change) in &self.0.all.duties {
            for status in DutyStatus::ALL {
                let Sides { before: was, after: is } = change.count(status);
                if was != is {
                    let status = duty_status_word(status, language).to_owned();
                    table.row([duty.clone(), status, grouped(was), grouped(is), signed(was, is)]);
                }
            }
        }
        table
    }

    fn meter_table(&self, currency: &str, language: Language) -> Table {
        let mut table = Table::new(&columns(word(language, "teller", "teljar", "meter"), language));
        for (meter, change) in &self.0.all.meters {
            let Sides { before: was, after: is } = change.total;
            let days = word(language, "døgn", "døgn", "days").to_owned();
            table.row([meter.clone(), days, grouped(was.days), grouped(is.days), signed(was.days, is.days)]);
            let difference = Ore(is.amount.0.saturating_sub(was.amount.0));
            let sign = if difference.0 > 0 { "+" } else { "" };
            let (before, after) = (was.amount.to_string(), is.amount.to_string());
            table.row([String::new(), currency.to_owned(), before, after, format!("{sign}{difference}")]);
            let (was, is) = (was.unpriced_cases, is.unpriced_cases);
            if was + is > 0 {
                let what = amount_words(None, currency, language);
                table.row([String::new(), what, grouped(was), grouped(is), signed(was, is)]);
            }
        }
        table
    }

    fn json(&self) -> Value {
        let (before, after, all) = (self.0.before(), self.0.after(), &self.0.all);
        let total = |total: Total| json!({ "days": total.days, "amount_ore": total.amount, "unpriced_cases": total.unpriced_cases });
        let duty = |(duty, change): (&String, &DutyChange)| {
            let side = |side| statuses(change, side);
            (duty.clone(), json!({ "before": side(|it| it.before), "after": side(|it| it.after) }))
        };
        let duties: serde_json::Map<String, Value> = all.duties.iter().map(duty).collect();
        let meters = all.meters.iter().map(|(meter, change)| {
            let Sides { before, after } = change.total;
            (meter.clone(), json!({ "before": total(before), "after": total(after) }))
        });
        let meters: serde_json::Map<String, Value> = meters.collect();
        json!({
            "before": before.id, "after": after.id, "cases": all.cases, "changed_cases": all.changed_cases,
            "duties": duties, "meters": meters,
        })
    }
}

/// How many instances had each status, on one side.
fn statuses(change: &DutyChange, side: fn(Sides<u64>) -> u64) -> Value {
    let counts =
        DutyStatus::ALL.iter().map(|status| (status.as_str().to_owned(), side(change.count(*status)).into()));
    counts.collect::<serde_json::Map<_, _>>().into()
}

fn columns(first: &'static str, language: Language) -> [(&'static str, Align); 5] {
    [
        (first, Align::Left),
        ("", Align::Left),
        (word(language, "før", "før", "before"), Align::Right),
        (word(language, "etter", "etter", "after"), Align::Right),
        (word(language, "endring", "endring", "change"), Align::Right),
    ]
}

fn signed(was: u64, is: u64) -> String {
    match is.cmp(&was) {
        std::cmp::Ordering::Less => format!("-{}", grouped(was - is)),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", grouped(is - was)),
    }
}
