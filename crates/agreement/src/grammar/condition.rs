use samspill_base::{Decimal, Value};
use winnow::{
    Parser as _,
    stream::{LocatingSlice, Location as _},
};

use super::{
    GrammarError, Read, Use, Used,
    error::Expected,
    tokens::{
        Input, Reads, decimal, end, is_reserved, keyword, keywords, name, next_is, next_word, sign, space,
        word,
    },
};
use crate::model::{Condition, DutyState, Operand, Test};

const EXAMPLE: &str = "fagomrade is phv and not tvang";
/// What a condition can begin with.
const BEGINNINGS: [&str; 7] = [
    "a fact",
    "\"not\"",
    "\"(\"",
    "\"body\"",
    "\"has\"",
    "\"in\"",
    "the state of a duty (kept, late, missed, open, waived, fulfilled, overdue)",
];
/// Parentheses and negations in each other beyond this are refused.
const DEPTH_MAX: usize = 32;

/// Reads a condition: `fagomrade is phv and has helseopplysninger since innlagt`.
///
/// # Errors
/// [`GrammarError`], with the letter at which it stopped and what could have stood there. The names in it are
/// not looked up.
///
/// # And binds tighter than or
/// ```
/// let plain = samspill_agreement::parse_condition("a and b or c")?;
/// assert_eq!(plain, samspill_agreement::parse_condition("(a and b) or c")?);
/// # Ok::<(), samspill_agreement::GrammarError>(())
/// ```
pub fn parse_condition(text: &str) -> Result<Condition, GrammarError> {
    read_condition(text).map(|read| read.value)
}

pub(crate) fn read_condition(text: &str) -> Result<Read<Condition>, GrammarError> {
    let mut input = LocatingSlice::new(text);
    let mut reader = Reader { uses: Vec::new() };
    space(&mut input)
        .and_then(|()| reader.any(&mut input, 0))
        .and_then(|value| end(&input, &["\"and\"", "\"or\""]).map(|()| value))
        .map(|value| Read { value, uses: reader.uses })
        .map_err(|expected| expected.explain(text, EXAMPLE))
}

struct Reader {
    uses: Vec<Use>,
}

impl Reader {
    fn any(&mut self, input: &mut Input<'_>, depth: usize) -> Reads<Condition> {
        let mut terms = vec![self.all(input, depth)?];
        while next_word(input) == "or" {
            word(input)?;
            terms.push(self.all(input, depth)?);
        }
        Ok(one_or(terms, Condition::Any))
    }

    fn all(&mut self, input: &mut Input<'_>, depth: usize) -> Reads<Condition> {
        let mut terms = vec![self.negated(input, depth)?];
        while next_word(input) == "and" {
            word(input)?;
            terms.push(self.negated(input, depth)?);
        }
        Ok(one_or(terms, Condition::All))
    }

    fn negated(&mut self, input: &mut Input<'_>, depth: usize) -> Reads<Condition> {
        if depth > DEPTH_MAX {
            return Err(Expected::new(input, "a simpler condition, with fewer parentheses"));
        }
        if next_word(input) == "not" {
            word(input)?;
            return Ok(Condition::Not(Box::new(self.negated(input, depth + 1)?)));
        }
        if next_is(input, '(') {
            sign(input, "(", "\"(\"")?;
            let inner = self.any(input, depth + 1)?;
            sign(input, ")", "\")\"")?;
            return Ok(inner);
        }
        self.atom(input)
    }

    fn atom(&mut self, input: &mut Input<'_>) -> Reads<Condition> {
        let start = input.current_token_start();
        let first = next_word(input);
        if let Some(state) = DutyState::from_word(first) {
            word(input)?;
            let duty = name(input, &mut self.uses, "the id of a duty", Used::Duty)?;
            return Ok(Condition::Duty(state, duty.as_str().into()));
        }
        match first {
            "always" => keyword("\"always\"").parse_next(input).map(|()| Condition::Always),
            "has" => self.has(input),
            "in" => {
                word(input)?;
                Ok(Condition::InPhase(
                    name(input, &mut self.uses, "the id of a phase", Used::Phase)?.as_str().into(),
                ))
            }
            "body" => {
                word(input)?;
                let field = field_name(input)?;
                let (test, negated) = test(input)?;
                self.used(Used::FieldTest(field.clone(), test.clone()), start, input);
                Ok(negate(Condition::Field(field, test), negated))
            }
            fact if !is_reserved(fact) && fact.starts_with(char::is_alphabetic) => {
                word(input)?;
                let (test, negated) = test(input)?;
                self.used(Used::FactTest(fact.to_owned(), test.clone()), start, input);
                Ok(negate(Condition::Fact(fact.into(), test), negated))
            }
            _ => Err(Expected { wanted: BEGINNINGS.to_vec(), ..Expected::new(input, "") }),
        }
    }

    /// Remembers a test with the text from `start` to here, without the space after it.
    fn used(&mut self, what: Used, start: usize, input: &Input<'_>) {
        let end = input.current_token_start();
        self.uses.push(Use { what, start, end });
    }

    fn has(&mut self, input: &mut Input<'_>) -> Reads<Condition> {
        word(input)?;
        let kind = name(input, &mut self.uses, "a kind", Used::Kind)?;
        let mut since = Vec::new();
        if next_word(input) == "since" {
            word(input)?;
            if next_is(input, '[') {
                sign(input, "[", "\"[\"")?;
                since.push(name(input, &mut self.uses, "a kind", Used::Kind)?.as_str().into());
                while next_is(input, ',') {
                    sign(input, ",", "\",\"")?;
                    since.push(name(input, &mut self.uses, "a kind", Used::Kind)?.as_str().into());
                }
                sign(input, "]", "\"]\"")?;
            } else {
                since.push(name(input, &mut self.uses, "a kind, or [kinds]", Used::Kind)?.as_str().into());
            }
        }
        Ok(Condition::Has { kind: kind.as_str().into(), since })
    }
}

fn one_or(mut terms: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    if terms.len() > 1 { several(terms) } else { terms.pop().unwrap_or_default() }
}

/// Whether a test is turned round: `is not known`, `is not one of [...]`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Negated {
    Yes,
    No,
}

fn negate(condition: Condition, negated: Negated) -> Condition {
    match negated {
        Negated::Yes => Condition::Not(Box::new(condition)),
        Negated::No => condition,
    }
}

fn field_name(input: &mut Input<'_>) -> Reads<String> {
    if next_is(input, '"') {
        return quoted(input);
    }
    match next_word(input) {
        "" => Err(Expected::new(input, "the name of a body field")),
        _ => word(input).map(str::to_owned),
    }
}

type Comparison = fn(Decimal) -> Test;

/// The longer signs first.
const COMPARISONS: [(&str, Comparison); 4] =
    [("<=", Test::AtMost), (">=", Test::AtLeast), ("<", Test::Below), (">", Test::Above)];

/// What is asked of a fact or a field; nothing written: that it is yes.
fn test(input: &mut Input<'_>) -> Reads<(Test, Negated)> {
    if next_word(input) == "is" {
        word(input)?;
        return is_test(input);
    }
    for (symbol, of) in COMPARISONS {
        if input.as_ref().starts_with(symbol) {
            sign(input, symbol, symbol)?;
            return decimal(input).map(|number| (of(number), Negated::No));
        }
    }
    Ok((Test::IsYes, Negated::No))
}

fn is_test(input: &mut Input<'_>) -> Reads<(Test, Negated)> {
    let negated = if next_word(input) == "not" {
        word(input)?;
        Negated::Yes
    } else {
        Negated::No
    };
    match next_word(input) {
        "known" => {
            word(input)?;
            Ok((Test::IsKnown, negated))
        }
        "one" => {
            keywords(input, &["\"one\"", "\"of\""])?;
            Ok((Test::OneOf(values(input)?), negated))
        }
        _ => {
            let operand = operand(input)?;
            let test = if negated == Negated::Yes { Test::IsNot(operand) } else { Test::Is(operand) };
            Ok((test, Negated::No))
        }
    }
}

fn operand(input: &mut Input<'_>) -> Reads<Operand> {
    if next_word(input) == "fact" {
        word(input)?;
        let name = next_word(input);
        if name.is_empty() {
            return Err(Expected::new(input, "the name of a fact"));
        }
        word(input)?;
        return Ok(Operand::Fact(name.into()));
    }
    value(input).map(Operand::Value)
}

fn values(input: &mut Input<'_>) -> Reads<Vec<Value>> {
    sign(input, "[", "\"[\"")?;
    let mut values = vec![value(input)?];
    while next_is(input, ',') {
        sign(input, ",", "\",\"")?;
        values.push(value(input)?);
    }
    sign(input, "]", "\",\" or \"]\"")?;
    Ok(values)
}

fn value(input: &mut Input<'_>) -> Reads<Value> {
    const WANTED: &str = "a value: a word, a number, yes, no, or a text in quotes";
    if next_is(input, '"') {
        return quoted(input).map(Value::Text);
    }
    let value = match next_word(input) {
        "yes" => Value::Bool(true),
        "no" => Value::Bool(false),
        reserved if reserved.is_empty() || is_reserved(reserved) => return Err(Expected::new(input, WANTED)),
        bare => Value::from_number_text(bare),
    };
    word(input)?;
    Ok(value)
}

/// `"a text"`, with `\"` for a quote in it and `\\` for a backslash.
fn quoted(input: &mut Input<'_>) -> Reads<String> {
    let unclosed =
        Expected { at: input.current_token_start() + input.as_ref().len(), wanted: vec!["a closing quote"] };
    let mut text = String::new();
    winnow::token::literal("\"").void().parse_next(input)?;
    loop {
        match winnow::token::any::<_, Expected>.parse_next(input).map_err(|_| unclosed.clone())? {
            '"' => break,
            '\\' => {
                text.push(winnow::token::any::<_, Expected>.parse_next(input).map_err(|_| unclosed.clone())?);
            }
            letter => text.push(letter),
        }
    }
    space(input)?;
    Ok(text)
}
