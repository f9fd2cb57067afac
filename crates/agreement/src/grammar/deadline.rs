use jiff::civil::Time;
use winnow::{Parser as _, stream::LocatingSlice};

use super::{
    GrammarError, Read, Use, Used,
    error::Expected,
    tokens::{
        Input, Reads, clock, clock_time, count, end, keyword, keywords, name, next_is, next_word, sign, space,
    },
};
use crate::{
    model::{Amount, CalendarId, CutOff, DayKind, Deadline, DeadlineRule, Edge, GivenCutOff, KindId, Unit},
    words,
};

const EXAMPLE: &str = "15:00 same working day, next if at or after 14:00";
const UNITS: &str = "minutes, hours, days, working days, weeks, months or years";

/// Reads a deadline: `24 hours`, `15:00 same working day, next if after 14:00`.
///
/// # Errors
/// [`GrammarError`], with the letter at which it stopped and what could have stood there. The names in it
/// (hours, kinds, facts) are not looked up.
///
/// # A deadline reads back as it is written
/// ```
/// let deadline = samspill_agreement::parse_deadline("3 hours  within kontortid")?;
/// assert_eq!(deadline.to_string(), "3 hours within kontortid");
/// # Ok::<(), samspill_agreement::GrammarError>(())
/// ```
pub fn parse_deadline(text: &str) -> Result<Deadline, GrammarError> {
    read_deadline(text).map(|read| read.value)
}

pub(crate) fn read_deadline(text: &str) -> Result<Read<Deadline>, GrammarError> {
    let mut uses = Vec::new();
    let mut input = LocatingSlice::new(text);
    deadline(&mut input, &mut uses, text)
        .map(|value| Read { value, uses })
        .map_err(|expected| expected.explain(text, EXAMPLE))
}

/// Reads `24 hours` alone.
pub(crate) fn read_amount(text: &str) -> Result<Amount, GrammarError> {
    let mut input = LocatingSlice::new(text);
    space(&mut input)
        .and_then(|()| amount(&mut input))
        .and_then(|amount| end(&input, &[]).map(|()| amount))
        .map_err(|expected| expected.explain(text, "24 hours"))
}

fn deadline(input: &mut Input<'_>, uses: &mut Vec<Use>, text: &str) -> Reads<Deadline> {
    space(input)?;
    let rule = rule(input, uses)?;
    let given = if next_is(input, ',') { Some(given(input, uses)?) } else { None };
    end(input, &["\",\""])?;
    Ok(Deadline { text: text.to_owned(), rule, given })
}

fn rule(input: &mut Input<'_>, uses: &mut Vec<Use>) -> Reads<DeadlineRule> {
    match next_word(input) {
        "at" => keywords(input, &["\"at\"", "\"once\""]).map(|()| DeadlineRule::AtOnce),
        "by" => {
            keyword("\"by\"").parse_next(input)?;
            target(input, uses, None)
        }
        "first" => {
            keywords(input, &["\"first\"", "\"working\"", "\"day\"", "\"of\"", "\"next\"", "\"month\""])
                .map(|()| DeadlineRule::FirstWorkingDayOfNextMonth)
        }
        "last" => keywords(input, &["\"last\"", "\"day\"", "\"of\"", "\"the\"", "\"month\""])
            .map(|()| DeadlineRule::LastDayOfMonth),
        "day" => day_of_next_month(input),
        "same" | "next" => clock_on(input, uses, None),
        time if clock_time(time).is_some() => {
            let at = clock(input)?;
            clock_on(input, uses, Some(at))
        }
        number if number.parse::<u32>().is_ok() => amount_or_date(input, uses),
        _ => Err(Expected {
            wanted: vec![
                "a number",
                "a clock time such as 15:00",
                "\"same day\"",
                "\"at once\"",
                "\"by\"",
                "\"first working day of next month\"",
                "\"last day of the month\"",
                "\"day 10 of next month\"",
            ],
            ..Expected::new(input, "")
        }),
    }
}

fn day_of_next_month(input: &mut Input<'_>) -> Reads<DeadlineRule> {
    keyword("\"day\"").parse_next(input)?;
    let here = Expected::new(input, "a day from 1 to 31");
    let day = count(input, "a day from 1 to 31")?;
    let day = u8::try_from(day).ok().filter(|day| (1..=31).contains(day)).ok_or(here)?;
    keywords(input, &["\"of\"", "\"next\"", "\"month\""])?;
    Ok(DeadlineRule::DayOfNextMonth(day))
}

/// `same working day, next if at or after 14:00`, after the clock time if there is one
fn clock_on(input: &mut Input<'_>, uses: &mut Vec<Use>, at: Option<Time>) -> Reads<DeadlineRule> {
    let days_after = match next_word(input) {
        "same" => 0,
        "next" => 1,
        _ => return Err(Expected { wanted: vec!["\"same\"", "\"next\""], ..Expected::new(input, "") }),
    };
    super::tokens::word(input)?;
    let day = day_kind(input, uses)?;
    let cut_off = if is_next_if(input) {
        sign(input, ",", "\",\"")?;
        keywords(input, &["\"next\"", "\"if\""])?;
        Some(cut_off(input)?)
    } else {
        None
    };
    Ok(DeadlineRule::ClockOn { at, day, days_after, cut_off })
}

/// Whether `, next …` follows, not `, given …`.
fn is_next_if(input: &Input<'_>) -> bool {
    input.as_ref().strip_prefix(',').is_some_and(|rest| !rest.trim_start().starts_with("given"))
}

/// `day`, `working day`, `kontortid day`
pub(super) fn day_kind(input: &mut Input<'_>, uses: &mut Vec<Use>) -> Reads<DayKind> {
    const WANTED: &str = "\"day\", \"working day\" or the name of open hours and \"day\"";
    match next_word(input) {
        "day" => keyword("\"day\"").parse_next(input).map(|()| DayKind::Any),
        "working" => keywords(input, &["\"working\"", "\"day\""]).map(|()| DayKind::Working),
        _ => {
            let here = Expected::new(input, WANTED);
            let hours = name(input, uses, WANTED, Used::Hours)?;
            // Without `day` after it, it was never meant as the name of open hours.
            keyword("\"day\"").parse_next(input).map_err(|_| here)?;
            Ok(DayKind::OpenIn(CalendarId::new(hours)))
        }
    }
}

/// `at or after 14:00`, `after 14:00`
pub(super) fn cut_off(input: &mut Input<'_>) -> Reads<CutOff> {
    let edge = match next_word(input) {
        "at" => keywords(input, &["\"at\"", "\"or\"", "\"after\""]).map(|()| Edge::AtOrAfter)?,
        "after" => keyword("\"after\"").parse_next(input).map(|()| Edge::After)?,
        _ => {
            return Err(Expected {
                wanted: vec!["\"after\"", "\"at or after\""],
                ..Expected::new(input, "")
            });
        }
    };
    Ok(CutOff { at: clock(input)?, edge })
}

/// `, given next working day if after 14:00`
pub(super) fn given(input: &mut Input<'_>, uses: &mut Vec<Use>) -> Reads<GivenCutOff> {
    sign(input, ",", "\",\"")?;
    keywords(input, &["\"given\"", "\"next\""])?;
    let next = day_kind(input, uses)?;
    keyword("\"if\"").parse_next(input)?;
    Ok(GivenCutOff { cut_off: cut_off(input)?, next })
}

fn amount_or_date(input: &mut Input<'_>, uses: &mut Vec<Use>) -> Reads<DeadlineRule> {
    let start = *input;
    let number = count(input, "a number")?;
    if let Some(month) = words::month_number(next_word(input)) {
        return annual(input, &start, number, month);
    }
    let amount = Amount { count: number, unit: unit(input)? };
    match next_word(input) {
        "before" => {
            keyword("\"before\"").parse_next(input)?;
            target(input, uses, Some(amount))
        }
        "within" if is_elapsed(amount.unit) => {
            keyword("\"within\"").parse_next(input)?;
            Ok(DeadlineRule::Within(
                amount,
                CalendarId::new(name(input, uses, "the name of open hours", Used::Hours)?),
            ))
        }
        "at" if !is_elapsed(amount.unit) => {
            keyword("\"at\"").parse_next(input)?;
            Ok(DeadlineRule::Days { amount, at: Some(clock(input)?) })
        }
        _ if is_elapsed(amount.unit) => Ok(DeadlineRule::Elapsed(amount)),
        _ => Ok(DeadlineRule::Days { amount, at: None }),
    }
}

fn annual(input: &mut Input<'_>, start: &Input<'_>, day: u32, month: i8) -> Reads<DeadlineRule> {
    let day = i8::try_from(day).ok().filter(|day| (1..=words::longest_days_of_month(month)).contains(day));
    let day = day.ok_or_else(|| Expected::new(start, "a day that the month has"))?;
    super::tokens::word(input)?;
    Ok(DeadlineRule::Annual { month, day })
}

/// `utskrivningsklar` or `fact forventet-utskrivning`
fn target(input: &mut Input<'_>, uses: &mut Vec<Use>, amount: Option<Amount>) -> Reads<DeadlineRule> {
    if next_word(input) == "fact" {
        keyword("\"fact\"").parse_next(input)?;
        let fact = name(input, uses, "the name of a date fact", Used::DateFact)?;
        return Ok(DeadlineRule::BeforeFact(amount, fact.as_str().into()));
    }
    Ok(DeadlineRule::BeforeKind(
        amount,
        KindId::new(name(input, uses, "a kind, or \"fact\" and the name of a date fact", Used::Kind)?),
    ))
}

fn amount(input: &mut Input<'_>) -> Reads<Amount> {
    Ok(Amount { count: count(input, "a number")?, unit: unit(input)? })
}

pub(super) fn unit(input: &mut Input<'_>) -> Reads<Unit> {
    let unit = match next_word(input) {
        "minute" | "minutes" => Unit::Minute,
        "hour" | "hours" => Unit::Hour,
        "day" | "days" => Unit::Day,
        "week" | "weeks" => Unit::Week,
        "month" | "months" => Unit::Month,
        "year" | "years" => Unit::Year,
        "working" => {
            keyword("\"working\"").parse_next(input)?;
            if !matches!(next_word(input), "day" | "days") {
                return Err(Expected::new(input, "\"days\""));
            }
            Unit::WorkingDay
        }
        _ => return Err(Expected::new(input, UNITS)),
    };
    super::tokens::word(input)?;
    Ok(unit)
}

pub(super) fn is_elapsed(unit: Unit) -> bool {
    match unit {
        Unit::Minute | Unit::Hour => true,
        Unit::Day | Unit::WorkingDay | Unit::Week | Unit::Month | Unit::Year => false,
    }
}
