use std::fmt;

use winnow::{
    error::{AddContext, ParserError},
    stream::{Location as _, Offset as _, Stream},
};

use super::tokens::Input;

/// Why a deadline, a condition or another short text can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrammarError {
    /// The byte of the text at which reading stopped.
    pub at: usize,
    /// The letter at which reading stopped, counted from 1.
    pub column: usize,
    /// What stands there; empty at the end of the text.
    pub found: String,
    /// What could have stood there.
    pub expected: Vec<String>,
    /// A text of the same sort that can be read.
    pub example: &'static str,
}

impl fmt::Display for GrammarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found.is_empty() {
            write!(f, "the text ends at letter {}, where it needs ", self.column)?;
        } else {
            write!(f, "at letter {}, \"{}\" can't stand; it needs ", self.column, self.found)?;
        }
        match self.expected.as_slice() {
            [] => f.write_str("something else"),
            [one] => f.write_str(one),
            [all @ .., last] => write!(f, "{} or {last}", all.join(", ")),
        }?;
        meant(&self.found).map_or(Ok(()), |meant| write!(f, "; here it is written \"{meant}\""))
    }
}

/// How the language writes what people write elsewhere: in Norwegian, or in another language of programs.
fn meant(found: &str) -> Option<&'static str> {
    Some(match found {
        "og" | "&" => "and",
        "eller" | "|" => "or",
        "ikke" | "ikkje" => "not",
        "=" | "er" => "is",
        "!" => "is not",
        "har" => "has",
        "innen" | "innan" => "within",
        "før" => "before",
        "timer" | "timar" => "hours",
        "dager" | "dagar" => "days",
        "virkedager" | "yrkedagar" => "working days",
        _ => return None,
    })
}

impl std::error::Error for GrammarError {}

/// The furthest place that any way of reading reached, and what each way needed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) at: usize,
    pub(super) wanted: Vec<&'static str>,
}

impl Expected {
    pub(super) fn new(input: &Input<'_>, wanted: &'static str) -> Self {
        Self { at: input.current_token_start(), wanted: vec![wanted] }
    }

    pub(super) fn explain(self, text: &str, example: &'static str) -> GrammarError {
        let rest = text.get(self.at..).unwrap_or("");
        let found: String = match rest.chars().next() {
            Some(letter) if letter.is_alphanumeric() => rest
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || "-_.:".contains(*letter))
                .take(30)
                .collect(),
            Some(letter) => letter.to_string(),
            None => String::new(),
        };
        let column = text.get(..self.at).map_or(0, |before| before.chars().count()) + 1;
        let mut expected: Vec<String> = Vec::new();
        for wanted in self.wanted {
            if !expected.iter().any(|known| known == wanted) {
                expected.push(wanted.to_owned());
            }
        }
        GrammarError { at: self.at, column, found, expected, example }
    }
}

impl<'t> ParserError<Input<'t>> for Expected {
    type Inner = Self;

    fn from_input(input: &Input<'t>) -> Self {
        Self { at: input.current_token_start(), wanted: Vec::new() }
    }

    fn or(mut self, other: Self) -> Self {
        match self.at.cmp(&other.at) {
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Equal => {
                self.wanted.extend(other.wanted);
                self
            }
        }
    }

    fn into_inner(self) -> Result<Self::Inner, Self> {
        Ok(self)
    }
}

impl<'t> AddContext<Input<'t>, &'static str> for Expected {
    fn add_context(
        self,
        input: &Input<'t>,
        token_start: &<Input<'t> as Stream>::Checkpoint,
        context: &'static str,
    ) -> Self {
        let start = input.current_token_start().saturating_sub(input.offset_from(token_start));
        if self.at <= start { Self { at: start, wanted: vec![context] } } else { self }
    }
}
