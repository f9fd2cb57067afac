//! `samspill whatif`: the same log under another agreement.

use std::{collections::BTreeMap, io::Write, process::ExitCode};

use samspill_agreement::model::{Agreement, Language};
use samspill_base::Ore;
use samspill_engine::{Dates, DutyStatus, Engine, Evaluation, explain::duty_status_word};
use serde_json::{Value, json};

use super::report::{amount_words, grouped, word};
use crate::{
    agreements,
    args::{DiffFormat, Whatif},
    choose::names_other,
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
    let mut change = Change::default();
    let mut left_out = 0_u64;
    let before_engine = Engine::new(&before);
    let after_engine = Engine::new(&after).with_dates(Dates::NewestAlways);
    let troubles = log.for_each_case(|case| {
        let as_of = case.as_of().unwrap_or(as_of);
        if names_other(&case, &before, as_of) {
            left_out += 1;
            return Ok(());
        }
        change.add(&before_engine.evaluate(&case, as_of), &after_engine.evaluate(&case, as_of));
        Ok(())
    })?;
    let mut out = output::standard();
    match args.format {
        DiffFormat::Text => write!(out, "{}", change.text(&before, &after, args.lang.into()))?,
        DiffFormat::Json => writeln!(out, "{}", change.json(&before, &after))?,
    }
    out.flush()?;
    if left_out > 0 {
        output::note(&format!(
            "note: {left_out} cases name another agreement than «{}» and were left out",
            before.id
        ));
    }
    if let Some(sentence) = troubles.sentence() {
        output::note(&sentence);
    }
    Ok(ExitCode::SUCCESS)
}

/// What a log comes to under two agreements.
#[derive(Debug, Default)]
struct Change {
    cases: u64,
    /// Cases whose days or amount differ.
    changed_cases: u64,
    duties: BTreeMap<String, Sides<BTreeMap<DutyStatus, u64>>>,
    meters: BTreeMap<String, Sides<Total>>,
}

#[derive(Debug, Default)]
struct Sides<T> {
    before: T,
    after: T,
}

#[derive(Clone, Copy, Debug, Default)]
struct Total {
    days: u64,
    amount: Ore,
    unpriced_cases: u64,
}

impl Change {
    fn add(&mut self, before: &Evaluation, after: &Evaluation) {
        self.cases += 1;
        let money = |evaluation: &Evaluation| -> Vec<(u32, Option<Ore>)> {
            evaluation.meters.iter().map(|meter| (meter.count, meter.amount)).collect()
        };
        self.changed_cases += u64::from(money(before) != money(after));
        for duty in &before.duties {
            *self.duties.entry(duty.duty.to_string()).or_default().before.entry(duty.status).or_default() +=
                1;
        }
        for duty in &after.duties {
            *self.duties.entry(duty.duty.to_string()).or_default().after.entry(duty.status).or_default() += 1;
        }
        for meter in &before.meters {
            self.meters.entry(meter.meter.to_string()).or_default().before.add(meter.count, meter.amount);
        }
        for meter in &after.meters {
            self.meters.entry(meter.meter.to_string()).or_default().after.add(meter.count, meter.amount);
        }
    }

    fn text(&self, before: &Agreement, after: &Agreement, language: Language) -> String {
        let (cases, changed) = (grouped(self.cases), grouped(self.changed_cases));
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
        for (duty, sides) in &self.duties {
            for status in DutyStatus::ALL {
                let (was, is) = (count(&sides.before, status), count(&sides.after, status));
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
        for (meter, Sides { before: was, after: is }) in &self.meters {
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

    fn json(&self, before: &Agreement, after: &Agreement) -> Value {
        let statuses = |side: &BTreeMap<DutyStatus, u64>| -> Value {
            DutyStatus::ALL
                .iter()
                .map(|status| (status.as_str().to_owned(), count(side, *status).into()))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let total = |total: &Total| json!({ "days": total.days, "amount_ore": total.amount, "unpriced_cases": total.unpriced_cases });
        let duties: serde_json::Map<String, Value> = self
            .duties
            .iter()
            .map(|(duty, sides)| {
                (duty.clone(), json!({ "before": statuses(&sides.before), "after": statuses(&sides.after) }))
            })
            .collect();
        let meters: serde_json::Map<String, Value> = self
            .meters
            .iter()
            .map(|(meter, sides)| {
                (meter.clone(), json!({ "before": total(&sides.before), "after": total(&sides.after) }))
            })
            .collect();
        json!({
            "before": before.id, "after": after.id, "cases": self.cases, "changed_cases": self.changed_cases,
            "duties": duties, "meters": meters,
        })
    }
}

impl Total {
    fn add(&mut self, days: u32, amount: Option<Ore>) {
        self.days += u64::from(days);
        match amount {
            Some(amount) => self.amount = [self.amount, amount].into_iter().sum(),
            None => self.unpriced_cases += 1,
        }
    }
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

fn count(side: &BTreeMap<DutyStatus, u64>, status: DutyStatus) -> u64 {
    side.get(&status).copied().unwrap_or_default()
}

fn signed(was: u64, is: u64) -> String {
    match is.cmp(&was) {
        std::cmp::Ordering::Less => format!("-{}", grouped(was - is)),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", grouped(is - was)),
    }
}
