//! From numbers to marks.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use samspill_base::{Decimal, Value};

use super::{
    entry::Swap,
    mark::{LENGTH, Sign, is_mark, mark, marks_in},
};
use crate::{CommunityId, Seal, canonical::decimal_text};

/// Digits that a number of a person has. One that a log has as a number has lost the noughts that it began with.
const DIGITS: usize = 11;

/// Digits that an entry's person must have for its id to be looked for in other texts: a shorter one stands there by chance.
const DIGITS_MIN: usize = 6;

/// Puts marks in the place of numbers.
pub(super) struct Put<'a> {
    seal: &'a dyn Seal,
    community: &'a CommunityId,
    /// The entry's person, where it is looked for in other texts.
    person: Option<&'a str>,
    /// What was put, by marks.
    pub(super) numbers: &'a mut BTreeMap<String, String>,
    /// What looked like a mark and stayed.
    pub(super) left: &'a mut BTreeSet<String>,
}

impl<'a> Put<'a> {
    /// For the texts of an entry that is about somebody.
    pub(super) fn new(
        (seal, community): (&'a dyn Seal, &'a CommunityId),
        person: Option<&'a str>,
        numbers: &'a mut BTreeMap<String, String>,
        left: &'a mut BTreeSet<String>,
    ) -> Self {
        let digits = |person: &&str| person.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN;
        Self { seal, community, person: person.filter(digits), numbers, left }
    }

    fn mark(&mut self, sign: Sign, number: &str) -> String {
        let mark = mark(self.seal, self.community, sign, number);
        self.numbers.insert(mark.clone(), number.to_owned());
        mark
    }

    /// What is to be marked in a text: in order, none over another, and none over what looks like a mark.
    fn found(&self, text: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
        let own = self.person.into_iter().flat_map(|person| alone(text, person));
        let mut found: Vec<Range<usize>> = self.seal.finds(text).into_iter().chain(own).collect();
        // Of two that begin together, the longer one.
        found.sort_by_key(|range| (range.start, usize::MAX - range.end));
        let mut last = 0;
        found.retain(|range| {
            let is_free = range.start >= last
                && text.get(range.clone()).is_some_and(|number| !number.is_empty())
                && marks.iter().all(|mark| mark.end <= range.start || range.end <= mark.start);
            if is_free {
                last = range.end;
            }
            is_free
        });
        found
    }
}

impl Swap for Put<'_> {
    fn text(&mut self, text: &str) -> String {
        let marks: Vec<Range<usize>> = marks_in(text).map(|(at, _)| at..at + LENGTH).collect();
        self.left.extend(marks_in(text).map(|(_, mark)| mark.to_owned()));
        let (mut out, mut done) = (String::new(), 0);
        for range in self.found(text, &marks) {
            out.push_str(text.get(done..range.start).unwrap_or_default());
            let mark = self.mark(Sign::Text, text.get(range.clone()).unwrap_or_default());
            out.push_str(&mark);
            done = range.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    fn person(&mut self, person: &str) -> String {
        self.left.extend(marks_in(person).map(|(_, mark)| mark.to_owned()));
        if person.is_empty() || is_mark(person) { person.to_owned() } else { self.mark(Sign::Text, person) }
    }

    fn number(&mut self, number: Decimal) -> Value {
        let text = decimal_text(number);
        let written = format!("{text:0>DIGITS$}");
        let is_number = |range: Range<usize>| range == (0..written.len());
        if text.bytes().all(|digit| digit.is_ascii_digit())
            && self.seal.finds(&written).into_iter().any(is_number)
        {
            Value::Text(self.mark(Sign::Number, &text))
        } else {
            Value::Number(number)
        }
    }

    fn json(&mut self, json: &str) -> String {
        json.to_owned()
    }
}

/// Where something stands in a text with neither a letter nor a digit beside it.
fn alone<'a>(text: &'a str, what: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let parts = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    text.match_indices(what).map(|(at, _)| at..at + what.len()).filter(move |range| {
        let before = text.get(..range.start).and_then(|before| before.chars().next_back());
        let after = text.get(range.end..).and_then(|after| after.chars().next());
        parts(before) && parts(after)
    })
}
