//! Random conditions.

use crate::{tape::Tape, words::Words};

/// A line with a condition, about once in so many times.
pub(crate) fn condition_line(
    tape: &mut Tape<'_>,
    key: &str,
    words: &Words,
    fields: &[&str],
    times: usize,
) -> String {
    if tape.once_in(times) {
        format!("{key} = '{}'\n", condition(tape, words, fields, 2))
    } else {
        String::new()
    }
}

/// A condition that asks the body about these fields.
pub(crate) fn condition(tape: &mut Tape<'_>, words: &Words, fields: &[&str], depth: usize) -> String {
    let inner = |tape: &mut Tape<'_>| condition(tape, words, fields, depth.saturating_sub(1));
    match if depth == 0 { 0 } else { tape.number(10) } {
        0..=4 => atom(tape, words, fields),
        5 => format!("not ({})", inner(tape)),
        6 | 7 => format!("({}) and ({})", inner(tape), inner(tape)),
        _ => format!("({}) or ({})", inner(tape), inner(tape)),
    }
}

fn atom(tape: &mut Tape<'_>, words: &Words, fields: &[&str]) -> String {
    match tape.number(16) {
        0 => "always".to_owned(),
        1 | 2 => has(tape, words),
        3 if words.phases > 0 => format!("in fase-{}", tape.number(words.phases)),
        4 => duty_state(tape, words),
        5..=8 if !fields.is_empty() => {
            let field = tape.pick(fields);
            format!("body {}", field_test(tape, field))
        }
        9 => fact_test(tape, "dag"),
        10 => fact_test(tape, "betaler"),
        11 => fact_test(tape, "tid"),
        12 => fact_test(tape, "alder"),
        13 => fact_test(tape, "fag"),
        _ => fact_test(tape, "behov"),
    }
}

fn has(tape: &mut Tape<'_>, words: &Words) -> String {
    let kind = words.kind(tape);
    match tape.number(4) {
        0 | 1 => format!("has {kind}"),
        2 => format!("has {kind} since {}", words.kind(tape)),
        _ => format!("has {kind} since [{}]", words.some_kinds(tape, 3).join(", ")),
    }
}

/// The state of a duty of the version.
pub(crate) fn duty_state(tape: &mut Tape<'_>, words: &Words) -> String {
    if words.duties.is_empty() {
        return "always".to_owned();
    }
    let states = ["kept", "late", "missed", "open", "waived", "fulfilled", "overdue"];
    format!("{} {}", tape.pick(&states), tape.pick(&words.duties))
}

fn fact_test(tape: &mut Tape<'_>, fact: &str) -> String {
    let tests: &[&str] = match fact {
        "behov" => &["", "is yes", "is no", "is not yes", "is known", "is not known", "is not one of [yes]"],
        "fag" => &[
            "is soma",
            "is psyk",
            "is not psyk",
            "is one of [soma, psyk]",
            "is not one of [psyk]",
            "is known",
            "is fact betaler",
            "is not fact betaler",
        ],
        "alder" => &[
            ">= 67",
            "< 67",
            "<= 35.5",
            "> 18",
            "is 35",
            "is not 35.0",
            "is one of [35, 67]",
            "is not known",
        ],
        "dag" => &[
            "is 2024-03-29",
            "is not 2024-03-29",
            "is fact tid",
            "is known",
            "is one of [2024-03-29, 2024-04-02]",
        ],
        "tid" => &["is known", "is fact dag", "is 2024-03-29T14:00", "is not known"],
        _ => &["is Fjord", "is not psyk", "is fact fag", "is \"Ås Kommune\"", "is known", "is \"35\""],
    };
    format!("{fact} {}", tape.pick(tests)).trim_end().to_owned()
}

fn field_test(tape: &mut Tape<'_>, field: &str) -> String {
    let tests: &[&str] = match field {
        "svar" => &["is ja", "is not ja", "is one of [ja, nei]", "is known", "is not known", "is fact fag"],
        "haster" => &["", "is yes", "is not no", "is fact behov", "is not known"],
        "antall" => &["> 2", "<= 35", ">= 35.5", "< 35", "is 35", "is fact alder", "is not fact alder"],
        "fra" => &["is 2024-03-29", "is fact dag", "is known", "is not fact dag"],
        "kl" => &["is fact tid", "is known", "is 2024-03-29T14:00"],
        _ => &["is fact betaler", "is m1", "is known", "is \"35\"", "is not fact fag"],
    };
    format!("{field} {}", tape.pick(tests)).trim_end().to_owned()
}
