//! The days that are paid for, as a calendar: a sign and a word beside each colour, and a way to the reasons.

use jiff::{ToSpan, civil::Date};
use samspill_agreement::{model::Language, words as agreed};
use samspill_engine::{
    DayStatus, MeterDay, MeterReading,
    explain::{self},
};

use super::read::Source;
use crate::pages::link;

/// A meter as a calendar.
#[derive(Debug)]
pub(super) struct Calendar {
    pub(super) name: String,
    pub(super) clause: String,
    pub(super) count: u32,
    pub(super) amount: String,
    pub(super) payer: String,
    pub(super) weekdays: Vec<Weekday>,
    pub(super) weeks: Vec<Week>,
}

/// The head of a column.
#[derive(Debug)]
pub(super) struct Weekday {
    pub(super) short: String,
    pub(super) name: &'static str,
}

/// A row of the calendar.
#[derive(Debug)]
pub(super) struct Week {
    pub(super) number: i8,
    pub(super) days: Vec<Option<Day>>,
}

/// A day.
#[derive(Debug)]
pub(super) struct Day {
    pub(super) label: String,
    pub(super) status: &'static str,
    pub(super) symbol: &'static str,
    pub(super) word: &'static str,
    pub(super) href: String,
}

impl Calendar {
    /// A meter's days; none where it has none.
    pub(super) fn of(source: &Source<'_>, meter: &MeterReading, language: Language) -> Option<Self> {
        let (first, last) = (meter.days.first()?.date, meter.days.last()?.date);
        let monday = first.checked_sub(i64::from(first.weekday().to_monday_zero_offset()).days()).ok()?;
        let mondays = std::iter::successors(Some(monday), |monday| monday.checked_add(7.days()).ok());
        let weeks =
            mondays.take_while(|monday| *monday <= last).map(|monday| week(source, meter, monday, language));
        let weeks = weeks.collect();
        let weekdays = (0..7).filter_map(|day| monday.checked_add(i64::from(day).days()).ok());
        let weekdays = weekdays.map(|day| {
            let name = agreed::weekday_name(day.weekday(), language);
            Weekday { short: name.chars().take(2).collect(), name }
        });
        Some(Self {
            name: source.named.meter(meter.meter.as_str()).to_owned(),
            clause: meter.clause.to_string(),
            count: meter.count,
            amount: meter.amount.map(|amount| kroner(amount.0, language)).unwrap_or_default(),
            payer: meter.payer.clone().unwrap_or_default(),
            weekdays: weekdays.collect(),
            weeks,
        })
    }
}

fn week(source: &Source<'_>, meter: &MeterReading, monday: Date, language: Language) -> Week {
    let dates = (0..7).map(|day| monday.checked_add(i64::from(day).days()).ok());
    let find = |date: Date| meter.days.iter().find(|day| day.date == date);
    let days = dates.map(|date| date.and_then(find).map(|it| day(source, meter, it, language))).collect();
    Week { number: monday.iso_week_date().week(), days }
}

fn day(source: &Source<'_>, meter: &MeterReading, day: &MeterDay, language: Language) -> Day {
    let date = day.date.to_string();
    let label = match day.date.day() {
        1 => format!(
            "1. {}",
            agreed::month_name(day.date.month(), language).chars().take(3).collect::<String>()
        ),
        number => number.to_string(),
    };
    Day {
        label,
        href: link::path(&["opphold", &source.log.case, "hvorfor", "dag", meter.meter.as_str(), &date]),
        status: slug(day.status),
        symbol: symbol(day.status),
        word: explain::day_status_word(day.status, language),
    }
}

/// The class of a day.
pub(super) fn slug(status: DayStatus) -> &'static str {
    match status {
        DayStatus::NotPayable => "fri",
        DayStatus::Provisional => "forelopig",
        DayStatus::Payable => "betales",
        DayStatus::Contestable => "bestrides",
    }
}

/// A sign for what a day is, beside its colour.
pub(super) fn symbol(status: DayStatus) -> &'static str {
    match status {
        DayStatus::NotPayable => "–",
        DayStatus::Provisional => "…",
        DayStatus::Payable => "kr",
        DayStatus::Contestable => "kr?",
    }
}

/// `18 321 kr`; øre are said only where there are some.
fn kroner(ore: i64, language: Language) -> String {
    let (whole, rest) = (ore.unsigned_abs() / 100, ore.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    let sign = if ore < 0 { "−" } else { "" };
    let point = match language {
        Language::Bokmal | Language::Nynorsk => ",",
        Language::English => ".",
    };
    let rest = if rest == 0 { String::new() } else { format!("{point}{rest:02}") };
    match language {
        Language::Bokmal | Language::Nynorsk => format!("{sign}{grouped}{rest}\u{a0}kr"),
        Language::English => format!("{sign}NOK\u{a0}{grouped}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kroner_are_grouped_and_ore_said_where_there_are_some() {
        let said = [0, 523_000, 100_000_000, 99_950, -100].map(|ore| kroner(ore, Language::Bokmal));
        let plain = said.map(|text| text.replace('\u{a0}', " "));
        assert_eq!(plain, ["0 kr", "5 230 kr", "1 000 000 kr", "999,50 kr", "−1 kr"]);
        assert_eq!(kroner(523_000, Language::English).replace('\u{a0}', " "), "NOK 5 230");
    }
}
