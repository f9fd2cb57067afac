//! From a text to a suggestion.

use jiff::civil::Date;

use super::{
    dates::{Day, Named, Why, days},
    tokens::{Clause, clauses},
    words::{Words, find, find_any, words},
};
use crate::exchange::meaning::table::LogWords;

/// The municipality's answer to a ready notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "svar", rename_all = "kebab-case")]
pub enum Answer {
    /// It can receive the patient, from this day on if it said which.
    CanReceive {
        /// The first day.
        from: Option<Date>,
    },
    /// It can't; perhaps it said when it expects to.
    CannotReceive {
        /// The day on which an offer is expected.
        expected: Option<Date>,
    },
}

/// What a reply seems to say. Never an answer by itself: see [`super::confirm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it seems to say; `None` where that can't be told, as where it says both.
    pub answer: Option<Answer>,
    /// How sure that is.
    pub sureness: Sureness,
    /// The words that it rests on, as they stand in the text.
    pub words: Vec<String>,
    /// What a person should know before confirming it: what is vague, or stands against it.
    pub doubts: Vec<String>,
}

/// How sure a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// Nothing is suggested.
    None,
    /// It may well be read otherwise.
    Unsure,
    /// The text says so in so many words.
    Clear,
}

impl Suggestion {
    /// What speaks for one of the two answers, by its word in the log.
    pub(in crate::exchange::meaning) fn reasons_for(&self, word: &str, log: &LogWords) -> Vec<String> {
        let suggested = match self.answer {
            Some(Answer::CanReceive { .. }) => log.can == word,
            Some(Answer::CannotReceive { .. }) => log.cannot == word,
            None => false,
        };
        if suggested { self.words.iter().map(|words| format!("«{words}»")).collect() } else { Vec::new() }
    }
}

/// Reads a reply sent on a day.
///
/// Suggests nothing where the text says both that the municipality can and that it can't, where it only asks, hopes or sets
/// conditions, and where it says neither. A day is suggested only where the text names one.
pub fn suggest(text: &str, sent: Date) -> Suggestion {
    let list = words();
    let text = &text.chars().take(TEXT_CHARS_MAX).collect::<String>();
    let clauses = clauses(text, &list.verbs);
    let mut read: Vec<Read> = clauses.iter().map(|clause| Read::of(clause, text, sent, list)).collect();
    for (at, clause) in clauses.iter().enumerate().filter(|(_, clause)| !clause.ends_sentence) {
        let is_condition =
            list.conditions.iter().any(|phrase| find(phrase, &clause.words()).is_some_and(|it| it.0 == 0));
        if let Some(next) = read.get_mut(at + 1).filter(|next| is_condition && next.sign == Sign::Can) {
            next.sign = Sign::Maybe;
        }
    }
    let of = |sign: Sign| read.iter().filter(move |clause| clause.sign == sign);
    match (of(Sign::Can).next().is_some(), of(Sign::Cannot).next().is_some()) {
        (true, true) => {
            let both = read.iter().filter(|it| matches!(it.sign, Sign::Can | Sign::Cannot));
            nothing(both, "Teksten sier både at kommunen kan og at den ikke kan ta imot.")
        }
        (true, false) => can(&read, Sureness::Clear),
        (false, true) => cannot(&read, Sureness::Clear),
        (false, false) => neither(&read),
    }
}

/// More of a reply than this isn't read: nobody writes so long before the answer.
const TEXT_CHARS_MAX: usize = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Can,
    Cannot,
    /// It would, if; it may; it asks; it hopes.
    Maybe,
    /// A day by which something is expected.
    Expected,
    /// A day, «yes» or «no», and nothing else.
    Day,
    Yes,
    No,
    Nothing,
}

/// A clause that was read.
struct Read {
    sign: Sign,
    shown: String,
    days: Vec<(Named, Before)>,
    has_expected: bool,
    has_verb: bool,
}

/// What stands before a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// «tidligst», «ikke før».
    Earliest,
    /// «før», «innen».
    Until,
    /// «fra», or nothing.
    From,
}

impl Read {
    fn of(clause: &Clause, text: &str, sent: Date, list: &Words) -> Self {
        let words = clause.words();
        let named = days(&words, sent, list);
        let days: Vec<(Named, Before)> = named
            .into_iter()
            .map(|day| {
                let before = before(&words[..day.from], list);
                (day, before)
            })
            .collect();
        let has = |phrases: &[String]| find_any(phrases, &words).is_some();
        Self {
            sign: sign(clause, &words, !days.is_empty(), list),
            shown: clause.shown(text),
            days,
            has_expected: has(&list.expected),
            has_verb: words.iter().any(|word| list.verbs.iter().any(|verb| verb == word)),
        }
    }
}

fn before(words: &[&str], list: &Words) -> Before {
    let is_from = |word: &&str| list.from.iter().any(|from| from == word);
    let end = words.iter().rposition(|word| !is_from(word)).map_or(0, |at| at + 1);
    let ends_with = |phrases: &[String]| {
        phrases.iter().any(|phrase| {
            let phrase: Vec<&str> = phrase.split(' ').collect();
            words[..end].ends_with(&phrase) || words.ends_with(&phrase)
        })
    };
    if ends_with(&list.earliest) {
        Before::Earliest
    } else if ends_with(&list.before) {
        Before::Until
    } else {
        Before::From
    }
}

fn sign(clause: &Clause, words: &[&str], has_day: bool, list: &Words) -> Sign {
    let can = list.can.iter().filter_map(|phrase| find(phrase, words)).min_by_key(|span| span.0);
    let flat = find_any(&list.cannot, words);
    if clause.is_question {
        return if can.or(flat).is_some() { Sign::Maybe } else { Sign::Nothing };
    }
    if flat.is_some() {
        return Sign::Cannot;
    }
    let perhaps = find_any(&list.perhaps, words).is_some();
    match can {
        Some(span) => of_phrase(span, words, perhaps, list),
        None if perhaps => Sign::Maybe,
        None if find_any(&list.expected, words).is_some() && has_day => Sign::Expected,
        None => of_short(words, has_day, list),
    }
}

/// A phrase that says that it can, unless something turns it round.
fn of_phrase((from, until): (usize, usize), words: &[&str], perhaps: bool, list: &Words) -> Sign {
    let starts = |phrase: &String| find(phrase, &words[..from]).is_some();
    let is_conditional = list.conditions.iter().any(|phrase| {
        starts(phrase) || find(phrase, &words[until..]).is_some_and(|_| phrase != "om" && phrase != "når")
    });
    let is_not = is_negated(from, until, words, list);
    if is_not && !(is_conditional && list.conditions.iter().any(starts)) {
        return Sign::Cannot;
    }
    let is_expected = find_any(&list.expected, words).is_some();
    if is_conditional || perhaps || is_not {
        Sign::Maybe
    } else if is_expected && !words[from..until].contains(&"kan") {
        Sign::Expected
    } else {
        Sign::Can
    }
}

/// Whether a «not» stands in the phrase, or up to three words before it, or right after it. «Not before» is none, nor is «no problem».
fn is_negated(from: usize, until: usize, words: &[&str], list: &Words) -> bool {
    const REACH_BEFORE: usize = 3;
    const REACH_AFTER: usize = 2;
    let start = from.saturating_sub(REACH_BEFORE);
    let end = (until + REACH_AFTER).min(words.len());
    let harmless: Vec<(usize, usize)> =
        list.harmless.iter().filter_map(|phrase| find(phrase, words)).collect();
    (start..end).any(|at| {
        let is_not = list.not.iter().any(|not| not == words[at]);
        let before_day = words.get(at + 1) == Some(&"før");
        is_not && !before_day && !harmless.iter().any(|(from, until)| (*from..*until).contains(&at))
    })
}

/// A clause with no phrase in it: «Ja», «Nei, dessverre», «Tidligst torsdag».
fn of_short(words: &[&str], has_day: bool, list: &Words) -> Sign {
    const SHORT_WORDS: usize = 8;
    let has = |phrases: &[String]| words.first().is_some_and(|first| phrases.iter().any(|it| it == first));
    match (has(&list.yes), has(&list.no), has_day) {
        _ if words.len() > SHORT_WORDS => Sign::Nothing,
        (true, _, _) => Sign::Yes,
        (_, true, _) => Sign::No,
        (_, _, true) => Sign::Day,
        (false, false, false) => Sign::Nothing,
    }
}

fn can(read: &[Read], sureness: Sureness) -> Suggestion {
    let mut suggestion = suggested(read, &[Sign::Can, Sign::Yes, Sign::Day], sureness);
    let (day, doubt) = one_day(read, &[Sign::Can, Sign::Yes, Sign::Day], |before| before != Before::Until);
    suggestion.answer = Some(Answer::CanReceive { from: day });
    suggestion.doubt(doubt);
    if read.iter().any(|it| it.sign == Sign::Can && it.has_expected) {
        suggestion.doubt(Some("Teksten sier at dagen er ventet.".to_owned()));
    }
    if read.iter().any(|it| it.sign == Sign::Maybe) {
        suggestion.doubt(Some("Teksten tar forbehold.".to_owned()));
    }
    let until =
        |it: &Read| it.sign == Sign::Can && it.days.iter().any(|(_, before)| *before == Before::Until);
    if read.iter().any(until) {
        suggestion.doubt(Some("Teksten nevner en dag det må skje før.".to_owned()));
    }
    if suggestion.is_split() { without_answer(suggestion) } else { suggestion }
}

fn cannot(read: &[Read], sureness: Sureness) -> Suggestion {
    let mut suggestion = suggested(read, &[Sign::Cannot, Sign::No, Sign::Expected], sureness);
    // In a clause that says no, only «before Friday» and «at the earliest Friday» tell of an offer.
    let (in_no, _) = one_day(read, &[Sign::Cannot, Sign::No], |before| before != Before::From);
    let (later, _) = one_day(read, &[Sign::Expected, Sign::Day], |_| true);
    let expected = later.or(in_no);
    suggestion.answer = Some(Answer::CannotReceive { expected });
    if later.is_none() && in_no.is_some() {
        suggestion.doubt(Some("Kan også leses som at kommunen kan ta imot fra den dagen.".to_owned()));
    }
    suggestion
}

fn neither(read: &[Read]) -> Suggestion {
    let has = |sign| read.iter().any(|it| it.sign == sign);
    let doubt = |mut suggestion: Suggestion, why: &str| {
        suggestion.doubt(Some(why.to_owned()));
        suggestion
    };
    if has(Sign::Maybe) || has(Sign::Expected) {
        let unsure = read.iter().filter(|it| matches!(it.sign, Sign::Maybe | Sign::Expected));
        return nothing(unsure, "Teksten spør, håper, venter eller setter vilkår.");
    }
    match (has(Sign::Yes), has(Sign::No)) {
        (true, false) => doubt(can(read, Sureness::Unsure), "Teksten sier bare ja."),
        (false, true) => doubt(cannot(read, Sureness::Unsure), "Teksten sier bare nei."),
        (true, true) => nothing(read.iter(), "Teksten sier både ja og nei."),
        (false, false) if says_earliest(read) => {
            doubt(can(read, Sureness::Unsure), "Teksten nevner bare en dag.")
        }
        (false, false) => nothing(std::iter::empty(), "Teksten sier ikke om kommunen kan ta imot."),
    }
}

/// A day and nothing else, with «earliest» or «from» before it.
fn says_earliest(read: &[Read]) -> bool {
    let is_day = |it: &Read| it.sign == Sign::Day && !it.has_verb;
    read.iter().any(|it| is_day(it) && it.days.iter().any(|(_, before)| *before == Before::Earliest))
}

fn suggested(read: &[Read], signs: &[Sign], sureness: Sureness) -> Suggestion {
    let words = read.iter().filter(|it| signs.contains(&it.sign)).map(|it| it.shown.clone());
    Suggestion { answer: None, sureness, words: words.collect(), doubts: Vec::new() }
}

fn nothing<'r>(read: impl Iterator<Item = &'r Read>, why: &str) -> Suggestion {
    let words = read.map(|it| it.shown.clone()).collect();
    Suggestion { answer: None, sureness: Sureness::None, words, doubts: vec![why.to_owned()] }
}

const SPLIT: &str = "Teksten nevner flere dager.";

/// The one day that these clauses name, or why there is none.
fn one_day(read: &[Read], signs: &[Sign], wanted: impl Fn(Before) -> bool) -> (Option<Date>, Option<String>) {
    let clauses = read.iter().filter(|it| signs.contains(&it.sign) && (it.sign != Sign::Day || !it.has_verb));
    let mut dates: Vec<Date> = Vec::new();
    let mut unclear: Option<Why> = None;
    for clause in clauses {
        for (named, _) in clause.days.iter().filter(|(_, before)| wanted(*before)) {
            match named.day {
                Day::On(date) if !dates.contains(&date) => dates.push(date),
                Day::On(_) => {}
                Day::Unclear(why) => unclear = unclear.or(Some(why)),
            }
        }
    }
    match (dates.as_slice(), unclear) {
        ([one], None) => (Some(*one), None),
        ([], why) => (None, why.map(|why| why.text().to_owned())),
        ([_], Some(why)) => (None, Some(why.text().to_owned())),
        (_, _) => (None, Some(SPLIT.to_owned())),
    }
}

impl Suggestion {
    fn doubt(&mut self, why: Option<String>) {
        if let Some(why) = why {
            self.sureness = self.sureness.min(Sureness::Unsure);
            self.doubts.push(why);
        }
    }

    fn is_split(&self) -> bool {
        self.doubts.iter().any(|doubt| doubt == SPLIT)
    }
}

fn without_answer(suggestion: Suggestion) -> Suggestion {
    Suggestion { answer: None, sureness: Sureness::None, ..suggestion }
}
