use jiff::civil::Weekday;
use samspill_base::calendar::HolidayDay;
use winnow::stream::LocatingSlice;

use super::{
    GrammarError,
    error::Expected,
    tokens::{Input, Reads, end, keywords, next_word, space, word},
};
use crate::words;

const WEEKDAY: &str = "a weekday such as monday";

/// Reads `first monday of may`, `last friday of november`.
pub(crate) fn read_nth(text: &str) -> Result<HolidayDay, GrammarError> {
    read(text, nth, "first monday of may")
}

/// Reads `saturday on or after 06-20`.
pub(crate) fn read_on_or_after(text: &str) -> Result<HolidayDay, GrammarError> {
    read(text, on_or_after, "saturday on or after 06-20")
}

/// Reads `12-25`.
pub(crate) fn read_month_day(text: &str) -> Result<HolidayDay, GrammarError> {
    read(text, |input| month_day(input).map(|(month, day)| HolidayDay::Fixed { month, day }), "12-25")
}

fn read(
    text: &str,
    parser: impl Fn(&mut Input<'_>) -> Reads<HolidayDay>,
    example: &'static str,
) -> Result<HolidayDay, GrammarError> {
    let mut input = LocatingSlice::new(text);
    space(&mut input)
        .and_then(|()| parser(&mut input))
        .and_then(|day| end(&input, &[]).map(|()| day))
        .map_err(|expected| expected.explain(text, example))
}

fn nth(input: &mut Input<'_>) -> Reads<HolidayDay> {
    let nth = match next_word(input) {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "last" => -1,
        _ => return Err(Expected::new(input, "first, second, third, fourth, fifth or last")),
    };
    word(input)?;
    let weekday = weekday(input)?;
    keywords(input, &["\"of\""])?;
    let month =
        words::month_number(next_word(input)).ok_or_else(|| Expected::new(input, "a month such as may"))?;
    word(input)?;
    Ok(HolidayDay::Nth { nth, weekday, month })
}

fn on_or_after(input: &mut Input<'_>) -> Reads<HolidayDay> {
    let weekday = weekday(input)?;
    keywords(input, &["\"on\"", "\"or\"", "\"after\""])?;
    let (month, day) = month_day(input)?;
    Ok(HolidayDay::OnOrAfter { weekday, month, day })
}

fn weekday(input: &mut Input<'_>) -> Reads<Weekday> {
    let weekday = words::weekday(next_word(input)).ok_or_else(|| Expected::new(input, WEEKDAY))?;
    word(input)?;
    Ok(weekday)
}

fn month_day(input: &mut Input<'_>) -> Reads<(i8, i8)> {
    let wrong = Expected::new(input, "a month and a day of it: 12-25");
    let (month, day) = next_word(input).split_once('-').ok_or_else(|| wrong.clone())?;
    let two_digits = |text: &str| (text.len() == 2).then(|| text.parse::<i8>().ok()).flatten();
    let (month, day) = two_digits(month).zip(two_digits(day)).ok_or(wrong)?;
    if !(1..=12).contains(&month) || !(1..=words::longest_days_of_month(month)).contains(&day) {
        return Err(Expected::new(input, "a month from 01 to 12 and a day that it has: 12-25"));
    }
    word(input)?;
    Ok((month, day))
}
