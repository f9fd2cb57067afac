//! The canonical text of deadlines, conditions and days: reading it gives the same again.

use std::fmt;

use jiff::civil::Time;
use samspill_base::{Decimal, Value};

use super::tokens::is_reserved;
use crate::model::{
    Amount, Condition, CutOff, DayExpr, DayKind, DayOffset, Deadline, DeadlineRule, DutyState, Edge,
    GivenCutOff, KindId, Operand, Test, Unit,
};
use crate::words;

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        self.given.as_ref().map_or(Ok(()), |given| write!(f, ", {given}"))
    }
}

impl fmt::Display for DeadlineRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtOnce => f.write_str("at once"),
            Self::Elapsed(amount) | Self::Days { amount, at: None } => write!(f, "{amount}"),
            Self::Within(amount, hours) => write!(f, "{amount} within {hours}"),
            Self::Days { amount, at: Some(at) } => write!(f, "{amount} at {}", Clock(*at)),
            Self::ClockOn { at, day, days_after, cut_off } => {
                let which = if *days_after == 0 { "same" } else { "next" };
                at.map_or(Ok(()), |at| write!(f, "{} ", Clock(at)))?;
                write!(f, "{which} {}", OneDay(day))?;
                cut_off.as_ref().map_or(Ok(()), |cut_off| write!(f, ", next if {cut_off}"))
            }
            Self::BeforeKind(amount, kind) => write!(f, "{}{kind}", Before(*amount)),
            Self::BeforeFact(amount, fact) => write!(f, "{}fact {fact}", Before(*amount)),
            Self::FirstWorkingDayOfNextMonth => f.write_str("first working day of next month"),
            Self::LastDayOfMonth => f.write_str("last day of the month"),
            Self::DayOfNextMonth(day) => write!(f, "day {day} of next month"),
            Self::Annual { month, day } => write!(f, "{day} {}", words::month_in_english(*month)),
        }
    }
}

struct Before(Option<Amount>);

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("by "),
            Some(amount) => write!(f, "{amount} before "),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.count, self.unit)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::WorkingDay => "working day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        })
    }
}

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.edge {
            Edge::After => write!(f, "after {}", Clock(self.at)),
            Edge::AtOrAfter => write!(f, "at or after {}", Clock(self.at)),
        }
    }
}

impl fmt::Display for GivenCutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "given next {} if {}", OneDay(&self.next), self.cut_off)
    }
}

/// `days`, `working days`, `kontortid days`
impl fmt::Display for DayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", OneDay(self))
    }
}

struct OneDay<'d>(&'d DayKind);

impl fmt::Display for OneDay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            DayKind::Any => f.write_str("day"),
            DayKind::Working => f.write_str("working day"),
            DayKind::OpenIn(hours) => write!(f, "{hours} day"),
        }
    }
}

/// `14:00`
struct Clock(Time);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl fmt::Display for DayExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FromEntry(offset) => {
                match offset.count {
                    0 => write!(f, "same {}", OneDay(&offset.of)),
                    1 => write!(f, "next {}", OneDay(&offset.of)),
                    _ => write!(f, "{} after", Offset(offset)),
                }?;
                given(f, offset)
            }
            Self::FromKind(offset, kind) => {
                write!(f, "{} after {kind}", Offset(offset))?;
                given(f, offset)
            }
            Self::Field(offset, field) if offset.count == 0 => write!(f, "field {field}"),
            Self::Field(offset, field) => write!(f, "{} after field {field}", Offset(offset)),
            Self::Fact(offset, fact) if offset.count == 0 => write!(f, "fact {fact}"),
            Self::Fact(offset, fact) => write!(f, "{} after fact {fact}", Offset(offset)),
        }
    }
}

struct Offset<'o>(&'o DayOffset);

impl fmt::Display for Offset<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.count == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0.count, OneDay(&self.0.of))
    }
}

fn given(f: &mut fmt::Formatter<'_>, offset: &DayOffset) -> fmt::Result {
    offset.cut_off.map_or(Ok(()), |cut_off| write!(f, ", given next day if {cut_off}"))
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::Fact(fact, test) => write!(f, "{fact}{test}"),
            Self::Field(field, test) => write!(f, "body {}{test}", FieldName(field)),
            Self::Has { kind, since } => {
                write!(f, "has {kind}")?;
                match since.as_slice() {
                    [] => Ok(()),
                    [one] => write!(f, " since {one}"),
                    several => write!(
                        f,
                        " since [{}]",
                        several.iter().map(KindId::as_str).collect::<Vec<_>>().join(", ")
                    ),
                }
            }
            Self::InPhase(phase) => write!(f, "in {phase}"),
            Self::Duty(state, duty) => write!(f, "{state} {duty}"),
            Self::Not(inner) => match **inner {
                Self::All(_) | Self::Any(_) => write!(f, "not ({inner})"),
                Self::Always
                | Self::Fact(..)
                | Self::Field(..)
                | Self::Has { .. }
                | Self::InPhase(_)
                | Self::Duty(..)
                | Self::Not(_) => write!(f, "not {inner}"),
            },
            Self::All(terms) => join(f, terms, " and ", |term| matches!(term, Self::All(_) | Self::Any(_))),
            Self::Any(terms) => join(f, terms, " or ", |term| matches!(term, Self::Any(_))),
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    terms: &[Condition],
    word: &str,
    in_brackets: impl Fn(&Condition) -> bool,
) -> fmt::Result {
    for (place, term) in terms.iter().enumerate() {
        f.write_str(if place == 0 { "" } else { word })?;
        if in_brackets(term) { write!(f, "({term})") } else { write!(f, "{term}") }?;
    }
    Ok(())
}

struct FieldName<'n>(&'n str);

impl fmt::Display for FieldName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_bare_word(self.0) { f.write_str(self.0) } else { write_quoted(f, self.0) }
    }
}

/// With a space in front; nothing for a bare yes.
impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IsYes => Ok(()),
            Self::Is(operand) => write!(f, " is {operand}"),
            Self::IsNot(operand) => write!(f, " is not {operand}"),
            Self::OneOf(values) => {
                f.write_str(" is one of [")?;
                for (place, value) in values.iter().enumerate() {
                    f.write_str(if place == 0 { "" } else { ", " })?;
                    write_value(f, value)?;
                }
                f.write_str("]")
            }
            Self::Below(number) => write!(f, " < {number}"),
            Self::AtMost(number) => write!(f, " <= {number}"),
            Self::Above(number) => write!(f, " > {number}"),
            Self::AtLeast(number) => write!(f, " >= {number}"),
            Self::IsKnown => f.write_str(" is known"),
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write_value(f, value),
            Self::Fact(fact) => write!(f, "fact {fact}"),
        }
    }
}

impl fmt::Display for DutyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::Bool(true) => f.write_str("yes"),
        Value::Bool(false) => f.write_str("no"),
        Value::Text(text) if is_bare_word(text) => f.write_str(text),
        Value::Text(text) => write_quoted(f, text),
        Value::Number(_) | Value::Empty | Value::List(_) | Value::Map(_) => write!(f, "{value}"),
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a text reads as itself without quotes.
fn is_bare_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
        && !is_reserved(text)
        && Decimal::parse(text).is_none()
}
