//! Random meters.

use crate::{
    conditions::{condition, condition_line, duty_state},
    days::{amount, day},
    rules::head,
    tape::{Seed, Tape},
    words::{Words, fields_of, kinds_line},
};

pub(crate) fn meter(seed: &Seed, words: &Words, number: usize) -> String {
    let tape = &mut Tape::of(seed);
    let id = format!("teller-{number}");
    let mut text = head("meter", &id);
    let counts = ["days", "days", "working days", "kontor days", "vakt days"];
    text.push_str(&format!("counts = \"{}\"\n", tape.pick(&counts)));
    text.push_str(&price(tape));
    if tape.once_in(2) {
        text.push_str(&format!("liable = '{}'\n", about_duties(tape, words)));
    }
    if tape.once_in(3) {
        text.push_str(&format!("free_days = {}\n", 1 + tape.number(3)));
    }
    if tape.once_in(2) {
        text.push_str(&format!("payer = \"{}\"\n", tape.pick(&["betaler", "fag", "alder", "dag", "behov"])));
        text.push_str(&words.kinds_line(tape, "payer_at", 2, 2));
    }
    let kinds = words.some_kinds(tape, 3);
    text.push_str(&format!("[meter.from]\n{}", kinds_line("kinds", &kinds)));
    text.push_str(&days_line(tape, "first_day", words, &kinds, 2));
    text.push_str(&condition_line(tape, "when", words, fields_of(&kinds), 4));
    for _ in 0..tape.number(4) {
        text.push_str(&stop(tape, words));
    }
    text + &waiver(tape, words, &id) + &marks(tape, words, &id)
}

fn price(tape: &mut Tape<'_>) -> String {
    let rate =
        tape.pick(&["none", "130.00", "value:pris", "value:pris", "value:pris", "0.07", "90000000000000.00"]);
    let progression = tape.pick(&[
        "\"flat\"",
        "\"110 percent of the day before\"",
        "[{ from_day = 1, percent = 100 }, { from_day = 2, percent = 33 }, { from_day = 4, percent = 200 }]",
        "\"1000 percent of the day before\"",
    ]);
    format!("rate = \"{rate}\"\nprogression = {progression}\n")
}

/// A condition that is likely to ask about duties.
fn about_duties(tape: &mut Tape<'_>, words: &Words) -> String {
    match tape.number(4) {
        0 | 1 => duty_state(tape, words),
        2 => format!("{} or {}", duty_state(tape, words), condition(tape, words, &[], 1)),
        _ => condition(tape, words, &[], 2),
    }
}

fn days_line(tape: &mut Tape<'_>, key: &str, words: &Words, kinds: &[String], times: usize) -> String {
    if !tape.once_in(times) {
        return String::new();
    }
    let days: Vec<String> = (0..=tape.number(2)).map(|_| day(tape, words, fields_of(kinds))).collect();
    format!("{key} = {days:?}\n")
}

fn stop(tape: &mut Tape<'_>, words: &Words) -> String {
    let kinds = words.some_kinds(tape, 2);
    let last = tape.pick(&["same day", "day before"]);
    let effect = tape.pick(&["ends", "ends", "limits"]);
    let mut text = format!("[[meter.until]]\nlast = \"{last}\"\neffect = \"{effect}\"\n");
    text.push_str(&kinds_line("kinds", &kinds));
    text.push_str(&days_line(tape, "day", words, &kinds, 3));
    text + &condition_line(tape, "when", words, fields_of(&kinds), 3)
}

fn waiver(tape: &mut Tape<'_>, words: &Words, meter: &str) -> String {
    let mut text = String::new();
    for number in 0..tape.number(4).saturating_sub(1) {
        let at = words.some_kinds(tape, 2);
        text.push_str(&head("meter.waiver", &format!("{meter}-fritak-{number}")));
        text.push_str(&kinds_line("at", &at));
        text.push_str(&condition_line(tape, "when", words, fields_of(&at), 3));
        if tape.once_in(2) {
            let found = words.some_kinds(tape, 2);
            text.push_str(&kinds_line("if", &found));
            text.push_str(&format!("within = \"{}\"\n", amount(tape)));
            text.push_str(&condition_line(tape, "where", words, fields_of(&found), 2));
        } else {
            text.push_str(&kinds_line("unless", &words.some_kinds(tape, 2)));
        }
    }
    text
}

fn marks(tape: &mut Tape<'_>, words: &Words, meter: &str) -> String {
    let mut text = String::new();
    for sort in ["contestable", "provisional"] {
        for number in 0..tape.number(4).saturating_sub(1) {
            text.push_str(&head(&format!("meter.{sort}"), &format!("{meter}-{sort}-{number}")));
            text.push_str(&format!("when = '{}'\n", about_duties(tape, words)));
        }
    }
    text
}
