//! Random deadlines, amounts of time, and days of meters.

use crate::{tape::Tape, words::Words};

const DAY_KINDS: [&str; 4] = ["day", "working day", "kontor day", "vakt day"];
const CUT_OFFS: [&str; 4] = ["after 14:00", "at or after 14:00", "after 08:00", "at or after 12:00"];
const CLOCKS: [&str; 4] = ["15:00", "12:00", "02:30", "00:00"];

/// A deadline, with or without a cut-off for when its start counts as given.
pub(crate) fn deadline(tape: &mut Tape<'_>, words: &Words) -> String {
    let rule = rule(tape, words);
    if tape.once_in(5) { format!("{rule}{}", given(tape)) } else { rule }
}

fn given(tape: &mut Tape<'_>) -> String {
    format!(", given next {} if {}", tape.pick(&DAY_KINDS), tape.pick(&CUT_OFFS))
}

fn rule(tape: &mut Tape<'_>, words: &Words) -> String {
    match tape.number(22) {
        0..=4 => elapsed(tape),
        5..=7 => format!("{} within {}", elapsed(tape), tape.pick(&["kontor", "vakt"])),
        8..=10 => days(tape),
        11 => format!("{} at {}", days(tape), tape.pick(&CLOCKS)),
        12..=14 => clock_on(tape),
        15 => "at once".to_owned(),
        16 => {
            let kind = words.kind(tape);
            before(tape, &kind)
        }
        17 => {
            let fact = tape.pick(&["fact dag", "fact tid"]);
            before(tape, fact)
        }
        18 => "first working day of next month".to_owned(),
        19 => "last day of the month".to_owned(),
        20 => format!("day {} of next month", tape.pick(&[1, 10, 31])),
        _ => tape.pick(&["1 april", "31 march", "29 february", "24 december"]).to_owned(),
    }
}

fn elapsed(tape: &mut Tape<'_>) -> String {
    tape.pick(&["24 hours", "3 hours", "90 minutes", "48 hours", "0 hours", "8 hours", "1 hour", "200 hours"])
        .to_owned()
}

fn days(tape: &mut Tape<'_>) -> String {
    let all = [
        "1 day",
        "2 days",
        "3 working days",
        "1 working day",
        "1 week",
        "1 month",
        "1 year",
        "0 days",
        "2 weeks",
    ];
    tape.pick(&all).to_owned()
}

/// An amount of time: elapsed or in days.
pub(crate) fn amount(tape: &mut Tape<'_>) -> String {
    if tape.once_in(2) { days(tape) } else { elapsed(tape) }
}

fn clock_on(tape: &mut Tape<'_>) -> String {
    let at = tape.pick(&["", "15:00 ", "12:00 ", "02:30 ", "14:00 "]);
    let which = tape.pick(&["same", "next"]);
    let day = tape.pick(&DAY_KINDS);
    let cut_off = if tape.once_in(3) { format!(", next if {}", tape.pick(&CUT_OFFS)) } else { String::new() };
    format!("{at}{which} {day}{cut_off}")
}

fn before(tape: &mut Tape<'_>, target: &str) -> String {
    if tape.once_in(3) { format!("by {target}") } else { format!("{} before {target}", amount(tape)) }
}

/// The kind that a deadline is counted back from.
pub(crate) fn counted_back_from(deadline: &str) -> Option<&str> {
    let target = deadline.split_once("before ").or_else(|| deadline.split_once("by "))?.1;
    let target = target.split(',').next().unwrap_or(target);
    (!target.starts_with("fact ")).then_some(target)
}

/// A day of a meter, for entries that have these fields.
pub(crate) fn day(tape: &mut Tape<'_>, words: &Words, fields: &[&str]) -> String {
    let plural = ["days", "working days", "kontor days", "vakt days"];
    let after = |tape: &mut Tape<'_>| format!("{} {} after", tape.number(4), tape.pick(&plural));
    match tape.number(12) {
        0 | 1 => with_given(tape, "same day"),
        2 => with_given(tape, "next day"),
        3 | 4 => {
            let day = format!("{} {}", tape.pick(&["next", "same"]), tape.pick(&DAY_KINDS));
            with_given(tape, &day)
        }
        5 => {
            let day = after(tape);
            with_given(tape, &day)
        }
        6 | 7 => {
            let day = format!("{} {}", after(tape), words.kind(tape));
            with_given(tape, &day)
        }
        8 if fields.contains(&"fra") => tape.pick(&["field fra", "field kl"]).to_owned(),
        9 if fields.contains(&"fra") => format!("{} field {}", after(tape), tape.pick(&["fra", "kl"])),
        10 => format!("{} fact {}", after(tape), tape.pick(&["dag", "tid"])),
        _ => format!("fact {}", tape.pick(&["dag", "tid"])),
    }
}

fn with_given(tape: &mut Tape<'_>, day: &str) -> String {
    if tape.once_in(4) {
        format!("{day}, given next day if {}", tape.pick(&CUT_OFFS))
    } else {
        day.to_owned()
    }
}
