use jiff::civil::Time;
use samspill_base::Decimal;
use winnow::{
    Parser,
    combinator::{opt, peek, terminated},
    stream::{LocatingSlice, Location as _},
    token::take_while,
};

use super::{Use, Used, error::Expected};

pub(super) type Input<'t> = LocatingSlice<&'t str>;
pub(super) type Reads<T> = Result<T, Expected>;

/// Words that conditions use themselves; a fact can't have such a name, a text value needs quotes.
const RESERVED: &[&str] = &[
    "always",
    "and",
    "body",
    "fact",
    "fulfilled",
    "has",
    "in",
    "is",
    "kept",
    "known",
    "late",
    "missed",
    "no",
    "not",
    "of",
    "one",
    "open",
    "or",
    "overdue",
    "since",
    "waived",
    "yes",
];

/// Whether this is a word of the condition language.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// A run of letters, digits and `-_.:`, and the space after it.
pub(super) fn word<'t>(input: &mut Input<'t>) -> Reads<&'t str> {
    let letter = |letter: char| letter.is_alphanumeric() || "-_.:".contains(letter);
    terminated(take_while(1.., letter), space).parse_next(input)
}

pub(super) fn space(input: &mut Input<'_>) -> Reads<()> {
    take_while(0.., char::is_whitespace).void().parse_next(input)
}

/// The next word, without taking it; empty where there is none.
pub(super) fn next_word<'t>(input: &mut Input<'t>) -> &'t str {
    peek(opt(word)).parse_next(input).ok().flatten().unwrap_or("")
}

/// Whether the next letter is this one.
pub(super) fn next_is(input: &Input<'_>, letter: char) -> bool {
    input.as_ref().starts_with(letter)
}

/// Exactly this word.
pub(super) fn keyword<'t>(expected: &'static str) -> impl Parser<Input<'t>, (), Expected> {
    move |input: &mut Input<'t>| {
        let found = next_word(input);
        let bare = expected.trim_matches('"');
        if found == bare { word(input).map(|_| ()) } else { Err(Expected::new(input, expected)) }
    }
}

/// These words, one after the other.
pub(super) fn keywords(input: &mut Input<'_>, expected: &[&'static str]) -> Reads<()> {
    expected.iter().try_for_each(|word| keyword(word).parse_next(input))
}

/// Exactly this sign, such as a comma or a bracket.
pub(super) fn sign(input: &mut Input<'_>, sign: &'static str, name: &'static str) -> Reads<()> {
    if input.as_ref().starts_with(sign) {
        terminated(sign, space).void().parse_next(input)
    } else {
        Err(Expected::new(input, name))
    }
}

/// A whole number written alone.
pub(super) fn count(input: &mut Input<'_>, wanted: &'static str) -> Reads<u32> {
    let number = next_word(input).parse::<u32>().map_err(|_| Expected::new(input, wanted))?;
    word(input)?;
    Ok(number)
}

/// A number with or without a fraction.
pub(super) fn decimal(input: &mut Input<'_>) -> Reads<Decimal> {
    let number = Decimal::parse(next_word(input)).ok_or_else(|| Expected::new(input, "a number"))?;
    word(input)?;
    Ok(number)
}

/// `14:00`
pub(super) fn clock(input: &mut Input<'_>) -> Reads<Time> {
    let time =
        clock_time(next_word(input)).ok_or_else(|| Expected::new(input, "a clock time such as 14:00"))?;
    word(input)?;
    Ok(time)
}

/// `14:00`, as hours and minutes.
pub(super) fn clock_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
    let (hour, minute) = (digits(hour).then_some(hour)?, digits(minute).then_some(minute)?);
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// An id, remembered with its place.
pub(super) fn name(
    input: &mut Input<'_>,
    uses: &mut Vec<Use>,
    wanted: &'static str,
    what: impl Fn(String) -> Used,
) -> Reads<String> {
    let start = input.current_token_start();
    let is_name = next_word(input).starts_with(char::is_alphanumeric);
    if !is_name {
        return Err(Expected::new(input, wanted));
    }
    let name = word(input)?.to_owned();
    uses.push(Use { what: what(name.clone()), start, end: start + name.len() });
    Ok(name)
}

/// The end of the text.
pub(super) fn end(input: &Input<'_>, wanted: &[&'static str]) -> Reads<()> {
    if input.as_ref().is_empty() {
        return Ok(());
    }
    Err(Expected {
        at: input.current_token_start(),
        wanted: wanted.iter().copied().chain(["the end of the text"]).collect(),
    })
}
