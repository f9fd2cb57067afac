use winnow::{Parser as _, stream::LocatingSlice};

use super::{
    GrammarError, Read, Use, Used,
    deadline::{cut_off, day_kind},
    error::Expected,
    tokens::{Input, Reads, count, end, keyword, keywords, name, next_is, next_word, sign, space, word},
};
use crate::model::{CutOff, DayExpr, DayKind, DayOffset};

const EXAMPLE: &str = "next working day";
const FIELD: &str = "the name of a body field";
const FACT: &str = "the name of a date fact";

/// Reads a day of a meter: `same day`, `2 working days after`, `field fra`.
pub(crate) fn read_day(text: &str) -> Result<Read<DayExpr>, GrammarError> {
    let mut uses = Vec::new();
    let mut input = LocatingSlice::new(text);
    space(&mut input)
        .and_then(|()| day(&mut input, &mut uses))
        .and_then(|day| end(&input, &[]).map(|()| day))
        .map(|value| Read { value, uses })
        .map_err(|expected| expected.explain(text, EXAMPLE))
}

/// Reads which days a meter counts: `days`, `working days`, `kontortid days`.
pub(crate) fn read_counted_days(text: &str) -> Result<Read<DayKind>, GrammarError> {
    let mut uses = Vec::new();
    let mut input = LocatingSlice::new(text);
    space(&mut input)
        .and_then(|()| days(&mut input, &mut uses))
        .and_then(|days| end(&input, &[]).map(|()| days))
        .map(|value| Read { value, uses })
        .map_err(|expected| expected.explain(text, "working days"))
}

fn day(input: &mut Input<'_>, uses: &mut Vec<Use>) -> Reads<DayExpr> {
    match next_word(input) {
        "field" => {
            word(input)?;
            Ok(DayExpr::Field(DayOffset::same_day(), name(input, uses, FIELD, Used::Field)?))
        }
        "fact" => {
            word(input)?;
            Ok(DayExpr::Fact(DayOffset::same_day(), name(input, uses, FACT, Used::DateFact)?.as_str().into()))
        }
        "same" => offset_day(input, uses, 0),
        "next" => offset_day(input, uses, 1),
        number if number.parse::<u32>().is_ok() => days_after(input, uses),
        _ => Err(Expected {
            wanted: vec![
                "\"same day\"",
                "\"next day\"",
                "\"next working day\"",
                "a number of days and \"after\"",
                "\"field\"",
                "\"fact\"",
            ],
            ..Expected::new(input, "")
        }),
    }
}

fn offset_day(input: &mut Input<'_>, uses: &mut Vec<Use>, count: u32) -> Reads<DayExpr> {
    word(input)?;
    let of = day_kind(input, uses)?;
    Ok(DayExpr::FromEntry(DayOffset { count, of, cut_off: given_next_day(input)? }))
}

fn days_after(input: &mut Input<'_>, uses: &mut Vec<Use>) -> Reads<DayExpr> {
    let count = count(input, "a number")?;
    let of = days(input, uses)?;
    keyword("\"after\"").parse_next(input)?;
    let offset = DayOffset { count, of, cut_off: None };
    match next_word(input) {
        "" => Ok(DayExpr::FromEntry(DayOffset { cut_off: given_next_day(input)?, ..offset })),
        "field" => {
            word(input)?;
            Ok(DayExpr::Field(offset, name(input, uses, FIELD, Used::Field)?))
        }
        "fact" => {
            word(input)?;
            Ok(DayExpr::Fact(offset, name(input, uses, FACT, Used::DateFact)?.as_str().into()))
        }
        _ => {
            let kind = name(input, uses, "a kind", Used::Kind)?;
            Ok(DayExpr::FromKind(
                DayOffset { cut_off: given_next_day(input)?, ..offset },
                kind.as_str().into(),
            ))
        }
    }
}

const WANTED: &str = "\"days\", \"working days\" or the name of open hours and \"days\"";

/// `days`, `working days`, `kontortid days`; one `day` too.
fn days(input: &mut Input<'_>, uses: &mut Vec<Use>) -> Reads<DayKind> {
    let here = Expected::new(input, WANTED);
    let kind = match next_word(input) {
        "day" | "days" => DayKind::Any,
        "working" => {
            word(input)?;
            DayKind::Working
        }
        _ => {
            let hours = name(input, uses, WANTED, Used::Hours)?;
            DayKind::OpenIn(hours.as_str().into())
        }
    };
    match next_word(input) {
        "day" | "days" => word(input).map(|_| kind),
        _ => Err(here),
    }
}

/// `, given next day if after 14:00`
fn given_next_day(input: &mut Input<'_>) -> Reads<Option<CutOff>> {
    if !next_is(input, ',') {
        return Ok(None);
    }
    sign(input, ",", "\",\"")?;
    keywords(input, &["\"given\"", "\"next\"", "\"day\"", "\"if\""])?;
    cut_off(input).map(Some)
}
