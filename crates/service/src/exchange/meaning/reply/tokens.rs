//! A text in words, and the words in clauses.

/// A word of the text: in small letters, without the punctuation around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub word: String,
    /// Where it stands in the text.
    pub from: usize,
    pub until: usize,
}

/// Words that belong together: up to a full stop, a comma or a «but» where a new statement begins.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub tokens: Vec<Token>,
    pub is_question: bool,
    pub ends_sentence: bool,
}

impl Clause {
    /// The clause as it stands in the text.
    pub(super) fn shown(&self, text: &str) -> String {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => {
                text[first.from..last.until].split_whitespace().collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        }
    }

    pub(super) fn words(&self) -> Vec<&str> {
        self.tokens.iter().map(|token| token.word.as_str()).collect()
    }
}

/// The clauses of a text; quoted lines (`>`) are left out. A clause without a verb belongs to the one before it in its sentence.
pub(super) fn clauses(text: &str, verbs: &[String]) -> Vec<Clause> {
    let mut all = Vec::new();
    for (from, line) in lines(text) {
        if !line.trim_start().starts_with('>') {
            pieces_of(line, from, &mut all);
        }
    }
    merged(all, verbs)
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    text.split('\n').map(move |line| {
        let start = from;
        from += line.len() + 1;
        (start, line)
    })
}

/// Cuts a line at commas, «but» and the ends of sentences.
fn pieces_of(line: &str, from: usize, all: &mut Vec<Clause>) {
    let mut tokens: Vec<Token> = Vec::new();
    for (start, end) in spans(line) {
        let raw = &line[start..end];
        let word = raw.trim_matches(|letter: char| !letter.is_alphanumeric());
        let offset = raw.find(word).unwrap_or(0);
        let is_but = matches!(word.to_lowercase().as_str(), "men" | "derimot");
        if is_but {
            close(&mut tokens, all, false, false);
        }
        if !word.is_empty() && !is_but {
            let from = from + start + offset;
            tokens.push(Token { word: word.to_lowercase(), from, until: from + word.len() });
        }
        match ending(raw, &line[end..]) {
            Some(Ending::Sentence) => close(&mut tokens, all, true, false),
            Some(Ending::Question) => close(&mut tokens, all, true, true),
            Some(Ending::Comma) => close(&mut tokens, all, false, false),
            None => {}
        }
    }
    close(&mut tokens, all, true, false);
}

fn spans(line: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, letter) in line.char_indices() {
        match (letter.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                spans.push((from, at));
                start = None;
            }
            (true, None) | (false, Some(_)) => {}
        }
    }
    spans.extend(start.map(|from| (from, line.len())));
    spans
}

enum Ending {
    Sentence,
    Question,
    Comma,
}

/// What the punctuation after a word ends. A full stop after a number ends nothing where something follows that may belong to
/// the date, nor after an abbreviation.
fn ending(raw: &str, rest: &str) -> Option<Ending> {
    match raw.chars().last()? {
        '?' => Some(Ending::Question),
        '!' | ';' => Some(Ending::Sentence),
        ',' | ':' => Some(Ending::Comma),
        '.' => {
            let word = raw.trim_end_matches('.');
            let is_short = word.contains('.')
                || matches!(
                    word.to_lowercase().as_str(),
                    "ca" | "kl"
                        | "evt"
                        | "ev"
                        | "pas"
                        | "fom"
                        | "jan"
                        | "feb"
                        | "aug"
                        | "sept"
                        | "okt"
                        | "nov"
                        | "des"
                );
            let is_number = word.chars().all(|letter| letter.is_ascii_digit());
            let goes_on = rest.trim_start().chars().next().is_some_and(char::is_lowercase);
            let ends = !((is_number || is_short) && goes_on);
            ends.then_some(Ending::Sentence)
        }
        _ => None,
    }
}

fn close(tokens: &mut Vec<Token>, all: &mut Vec<Clause>, ends_sentence: bool, is_question: bool) {
    if tokens.is_empty() {
        if let Some(last) = all.last_mut().filter(|_| ends_sentence) {
            last.ends_sentence = true;
        }
        return;
    }
    all.push(Clause { tokens: std::mem::take(tokens), is_question, ends_sentence });
}

/// Joins clauses without a verb to the one before them in their sentence.
fn merged(pieces: Vec<Clause>, verbs: &[String]) -> Vec<Clause> {
    let mut all: Vec<Clause> = Vec::new();
    for piece in pieces {
        let has_verb = piece.tokens.iter().any(|token| verbs.contains(&token.word));
        match all.last_mut().filter(|last| !last.ends_sentence && !has_verb) {
            Some(last) => {
                last.tokens.extend(piece.tokens);
                last.is_question |= piece.is_question;
                last.ends_sentence = piece.ends_sentence;
            }
            None => all.push(piece),
        }
    }
    all
}
