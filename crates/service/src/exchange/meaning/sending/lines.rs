//! Lines of text that were read from coded parts, as those parts again.

use samspill_formats::messages::{
    codes::table_by_number,
    make::{DiagnosisDraft, FunctionsDraft, ScoreDraft, ServiceDraft},
};

/// The table of functions.
const FUNCTIONS: u32 = 9111;

/// `J449 Kols`: a code and its name; other lines are diagnoses in words. Codes of three characters are left in words too, for
/// they are codes of two tables (ICD-10 and ICPC-2) and the line doesn't say which.
pub(super) fn diagnosis(line: &str) -> DiagnosisDraft {
    match coded(line) {
        Some((code, name)) => {
            DiagnosisDraft { code: Some(code.to_owned()), name: name.to_owned(), ..DiagnosisDraft::default() }
        }
        None => DiagnosisDraft { text: line.to_owned(), ..DiagnosisDraft::default() },
    }
}

fn coded(line: &str) -> Option<(&str, &str)> {
    let (code, name) = line.split_once(' ')?;
    let mut letters = code.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_uppercase());
    let digits = letters.clone().filter(char::is_ascii_digit).count();
    let is_code = letters.all(|letter| letter.is_ascii_digit() || letter == '.') && digits >= 3;
    (begins && is_code && !name.is_empty()).then_some((code, name))
}

/// The diagnoses at the beginning of a text, and the rest. There are none where an indented line follows them: it belongs to the line
/// before, and a text of its own loses how far it is indented.
pub(super) fn leading_diagnoses(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().take_while(|line| coded(line).is_some()).count();
    let is_indented = |line: &&str| line.trim_start().len() < line.len() && !line.trim().is_empty();
    let count = if lines.get(first).is_some_and(is_indented) { 0 } else { first };
    (lines[..count].join("\n"), lines[count..].join("\n"))
}

/// What stands before the diagnoses at the end of a text, and those.
pub(super) fn trailing_diagnoses(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let count = lines.iter().rev().take_while(|line| coded(line).is_some()).count();
    let (before, diagnoses) = lines.split_at(lines.len() - count);
    (before.join("\n"), diagnoses.join("\n"))
}

/// A service by its name.
pub(super) fn service(name: &str) -> ServiceDraft {
    ServiceDraft { name: name.to_owned(), ..ServiceDraft::default() }
}

/// Texts on services: a line each where there are as many, or else all on the first.
pub(super) fn service_texts(text: &str, services: &mut [ServiceDraft]) -> bool {
    if services.iter().any(|service| !service.text.is_empty()) {
        return true;
    }
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() == services.len() {
        for (service, line) in services.iter_mut().zip(lines) {
            (*line).clone_into(&mut service.text);
        }
        return true;
    }
    let first = services.first_mut();
    first.map(|service| text.clone_into(&mut service.text)).is_some()
}

/// `Personlig hygiene: 3`, one a line.
pub(super) fn scores(text: &str, codes: &[String], all: &mut Option<FunctionsDraft>) -> bool {
    if all.iter().flat_map(|it| &it.scores).any(|it| it.score.is_some()) {
        return true;
    }
    let told = told(text, codes);
    let scores: Option<Vec<(String, i64)>> = told
        .and_then(|told| told.into_iter().map(|(code, score)| Some((code, score.parse().ok()?))).collect());
    for (code, score) in scores.iter().flatten() {
        of_code(all.get_or_insert_default(), code).score = Some(*score);
    }
    scores.is_some()
}

/// `Personlig hygiene: Trenger hjelp`; lines that begin with no function go on with the one before.
pub(super) fn score_notes(text: &str, codes: &[String], all: &mut Option<FunctionsDraft>) -> bool {
    let Some(told) = told(text, codes) else { return false };
    for (code, note) in &told {
        let score = of_code(all.get_or_insert_default(), code);
        if score.note.is_empty() {
            score.note.clone_from(note);
        }
    }
    true
}

fn of_code<'f>(functions: &'f mut FunctionsDraft, code: &str) -> &'f mut ScoreDraft {
    let place = functions.scores.iter().position(|it| it.code == code).unwrap_or_else(|| {
        functions.scores.push(ScoreDraft { code: code.to_owned(), ..ScoreDraft::default() });
        functions.scores.len() - 1
    });
    &mut functions.scores[place]
}

/// What is told of each function; `None` where the text begins with none.
fn told(text: &str, codes: &[String]) -> Option<Vec<(String, String)>> {
    let mut told: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (function(line, codes), told.last_mut()) {
            (Some((code, rest)), _) => told.push((code, rest.to_owned())),
            (None, Some((_, before))) => {
                before.push('\n');
                before.push_str(line);
            }
            (None, None) => return None,
        }
    }
    Some(told)
}

fn function<'l>(line: &'l str, codes: &[String]) -> Option<(String, &'l str)> {
    let (name, rest) = line.split_once(": ")?;
    let known = table_by_number(FUNCTIONS)?.codes();
    let wanted = |value: &String| codes.is_empty() || codes.contains(value);
    let code = known.iter().find(|code| wanted(&code.value) && code.is_called(name))?;
    Some((code.value.clone(), rest))
}

/// `Sengepost 2, +4757000210`: the name, and the telephone numbers at the end.
pub(super) fn name_and_telephones(line: &str) -> (String, Vec<String>) {
    let is_telephone = |part: &&str| {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        digits >= 3 && part.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '+' | ' '))
    };
    let parts: Vec<&str> = line.split(", ").collect();
    let count = parts.iter().skip(1).rev().take_while(|part| is_telephone(part)).count();
    let (name, telephones) = parts.split_at(parts.len() - count);
    (name.join(", "), telephones.iter().map(|it| (*it).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnoses_at_the_beginning_are_parted_from_a_text_that_stands_by_itself() {
        for (text, diagnoses, rest) in [
            ("J449 Kols\nStabil.", "J449 Kols", "Stabil."),
            ("J449 Kols\nI109 Høyt blodtrykk", "J449 Kols\nI109 Høyt blodtrykk", ""),
            ("J449 Kols\n  med forverring", "", "J449 Kols\n  med forverring"),
            ("J449 Kols\nStabil.\n  innrykk", "J449 Kols", "Stabil.\n  innrykk"),
            ("Stabil.\nJ449 Kols", "", "Stabil.\nJ449 Kols"),
        ] {
            assert_eq!(leading_diagnoses(text), (diagnoses.to_owned(), rest.to_owned()), "{text}");
        }
    }
}
