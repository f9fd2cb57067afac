//! Many cases at a glance.

use std::collections::BTreeMap;

use anstyle::Style;
use samspill_agreement::model::{Agreement, Language};
use samspill_engine::{
    DutyStatus, SettledMonth,
    explain::{duration_words, duty_status_word, finding_effect_word},
    summary::{DutySummary, Summary},
};

use super::{amount_words, grouped, word};
use crate::table::{Align, Table};

/// A summary for each agreement that any case follows.
#[derive(Debug, Default)]
pub(crate) struct Summaries {
    by_agreement: BTreeMap<String, Summary>,
}

impl Summaries {
    /// The summary of an agreement, begun where there is none.
    pub(crate) fn of(&mut self, agreement: &Agreement) -> &mut Summary {
        self.by_agreement.entry(agreement.id.to_string()).or_default()
    }

    /// The summary of an agreement, if any case follows it.
    pub(crate) fn get(&self, agreement: &Agreement) -> Option<&Summary> {
        self.by_agreement.get(agreement.id.as_str())
    }
}

/// Many cases as text: a table of the duties, then findings and meters.
pub(crate) fn summary(agreement: &Agreement, summary: &Summary, language: Language) -> String {
    let newest = agreement.newest();
    let bold = Style::new().bold();
    let cases = word(language, "saker", "saker", "cases");
    let mut text = format!(
        "{bold}{}{bold:#} ({}): {} {cases}\n\n",
        newest.name.in_language(language),
        agreement.id,
        grouped(summary.cases)
    );
    text.push_str(&duty_table(agreement, summary, language));
    text.push_str(&finding_table(summary, language));
    for (id, meter) in &summary.meters {
        let name = newest
            .meters
            .iter()
            .find(|rule| rule.id.as_str() == id)
            .map_or(id.as_str(), |rule| rule.name.in_language(language));
        let amount = amount_words(Some(meter.amount), &newest.currency, language);
        let (days, of) = (word(language, "døgn i", "døgn i", "days in"), cases);
        text.push_str(&format!(
            "{name}: {} {days} {} {of}, {amount}",
            grouped(meter.days),
            grouped(meter.cases)
        ));
        if meter.unpriced_cases > 0 {
            let words = word(
                language,
                "saker har døgn uten sikker pris, og er ikke med i beløpet",
                "saker har døgn utan sikker pris, og er ikkje med i beløpet",
                "cases have days without a certain price, and are not in the amount",
            );
            text.push_str(&format!("; {} {words}", grouped(meter.unpriced_cases)));
        }
        text.push('\n');
    }
    for (kind, count) in &summary.unknown_kinds {
        let words = word(
            language,
            "oppføringer av ukjent slag",
            "oppføringar av ukjent slag",
            "entries of an unknown kind",
        );
        text.push_str(&format!("{} {words}: {kind}\n", grouped(*count)));
    }
    text.push('\n');
    text
}

fn duty_table(agreement: &Agreement, summary: &Summary, language: Language) -> String {
    let mut columns = vec![
        (word(language, "plikt", "plikt", "duty"), Align::Left),
        (word(language, "punkt", "punkt", "clause"), Align::Left),
    ];
    columns.extend(DutyStatus::ALL.map(|status| (duty_status_word(status, language), Align::Right)));
    columns.push((word(language, "holdt %", "halde %", "kept %"), Align::Right));
    columns.push((word(language, "forsinket, median", "forseinka, median", "delay, median"), Align::Right));
    columns.push(("90 %", Align::Right));
    let mut table = Table::new(&columns);
    for id in duty_order(agreement, summary) {
        let Some(duty) = summary.duties.get(id) else { continue };
        let clause = agreement
            .versions
            .iter()
            .rev()
            .find_map(|version| version.duty(id))
            .map(|duty| duty.clause.to_string());
        let delay = |percent| {
            duty.late_by_percentile(percent).map_or_else(
                || "–".to_owned(),
                |seconds| duration_words(jiff::SignedDuration::from_secs(seconds), language),
            )
        };
        let mut row = vec![id.to_owned(), clause.unwrap_or_default()];
        row.extend(DutyStatus::ALL.map(|status| grouped(duty.count(status))));
        row.push(kept_percent(duty));
        row.extend([delay(50), delay(90)]);
        table.row(row);
    }
    if table.is_empty() { String::new() } else { table.text(0) + "\n" }
}

/// The duties that were triggered at all, in the order of the agreement.
fn duty_order<'a>(agreement: &'a Agreement, summary: &'a Summary) -> Vec<&'a str> {
    let mut order: Vec<&str> = Vec::new();
    let declared =
        agreement.versions.iter().flat_map(|version| version.duties.iter().map(|duty| duty.id.as_str()));
    for id in declared.chain(summary.duties.keys().map(String::as_str)) {
        if summary.duties.contains_key(id) && !order.contains(&id) {
            order.push(id);
        }
    }
    order
}

/// Kept ones among those that are decided: kept, late or missed.
fn kept_percent(duty: &DutySummary) -> String {
    let kept = duty.count(DutyStatus::Kept);
    let decided = kept + duty.count(DutyStatus::Late) + duty.count(DutyStatus::Missed);
    if decided == 0 {
        return "–".to_owned();
    }
    let tenths = (kept * 1000 + decided / 2) / decided;
    format!("{},{}", tenths / 10, tenths % 10)
}

fn finding_table(summary: &Summary, language: Language) -> String {
    let mut table = Table::new(&[
        (word(language, "funn", "funn", "finding"), Align::Left),
        (word(language, "virkning", "verknad", "effect"), Align::Left),
        (word(language, "antall", "tal", "count"), Align::Right),
    ]);
    for ((rule, effect), count) in &summary.findings {
        let effect = finding_effect_word(*effect, language).to_owned();
        table.row([rule.clone(), effect, grouped(*count)]);
    }
    if table.is_empty() { String::new() } else { table.text(0) + "\n" }
}

/// Settled months as a table.
pub(crate) fn settlements(months: &[SettledMonth], language: Language) -> String {
    let mut table = Table::new(&[
        (word(language, "oppgjør", "oppgjer", "settlement"), Align::Left),
        (word(language, "betaler", "betalar", "payer"), Align::Left),
        (word(language, "måned", "månad", "month"), Align::Left),
        (word(language, "saker", "saker", "cases"), Align::Right),
        (word(language, "døgn", "døgn", "days"), Align::Right),
        (word(language, "fri", "fri", "free"), Align::Right),
        (word(language, "betales", "blir betalt", "payable"), Align::Right),
        (word(language, "beløp", "beløp", "amount"), Align::Right),
    ]);
    for month in months {
        let amount = month.amount.map_or_else(|| "–".to_owned(), |amount| amount.to_string());
        let month_name = format!("{}-{:02}", month.month.year(), month.month.month());
        table.row([
            month.settlement.clone(),
            month.payer.clone(),
            month_name,
            grouped(u64::from(month.cases)),
            grouped(u64::from(month.days)),
            grouped(u64::from(month.free)),
            grouped(u64::from(month.payable)),
            amount,
        ]);
    }
    if table.is_empty() { String::new() } else { table.text(0) + "\n" }
}
