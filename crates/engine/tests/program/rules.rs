//! Random duties, requirements, windows and contents.

use crate::{
    conditions::condition_line,
    days::{amount, counted_back_from, deadline},
    tape::{Seed, Tape},
    words::{Words, fields_of, kinds_line},
};

const CLOCKS: [&str; 5] = ["happened", "sent", "received", "acknowledged", "recorded"];

/// The words that every rule has.
pub(crate) fn head(section: &str, id: &str) -> String {
    format!("[[{section}]]\nid = \"{id}\"\nclause = \"pkt. 1\"\nsays = \"…\"\n")
}

fn clock_line(tape: &mut Tape<'_>, key: &str, times: usize) -> String {
    if tape.once_in(times) { format!("{key} = \"{}\"\n", tape.pick(&CLOCKS)) } else { String::new() }
}

fn word_line(tape: &mut Tape<'_>, key: &str, among: &[&str], times: usize) -> String {
    if tape.once_in(times) { format!("{key} = {}\n", tape.pick(among)) } else { String::new() }
}

pub(crate) fn duty(seed: &Seed, words: &Words, number: usize) -> String {
    let tape = &mut Tape::of(seed);
    let within = deadline(tape, words);
    let must = must(tape, words, &within);
    let after = words.some_kinds(tape, 2);
    let id = &words.duties[number];
    let mut text = head("duty", id);
    text.push_str("who = \"kommune\"\n");
    text.push_str(&kinds_line("must", &must));
    text.push_str(&kinds_line("after", &after));
    text.push_str(&format!("within = \"{within}\"\n"));
    text.push_str(&word_line(tape, "which", &["\"first\"", "\"latest\"", "\"preferred\"", "\"every\""], 3));
    text.push_str(&words.kinds_line(tape, "waived_by", 2, 3));
    text.push_str(&word_line(tape, "pairing", &pairings(&must), 2));
    text.push_str(&clock_line(tape, "counts_from", 3));
    text.push_str(&clock_line(tape, "fulfilled_at", 4));
    text.push_str(&condition_line(tape, "when", words, fields_of(&after), 4));
    text.push_str(&condition_line(tape, "must_where", words, fields_of(&must), 5));
    text.push_str(&words.kinds_line(tape, "reset_by", 2, 4));
    text.push_str(&word_line(tape, "may_precede", &["true"], 5));
    text.push_str(&suspended_by(tape, words));
    text.push_str(&word_line(tape, "each", &EACH, 6));
    text + &exceptions(tape, words, id, fields_of(&after))
}

const EACH: [&str; 6] = ["\"week\"", "\"day\"", "\"month\"", "\"quarter\"", "\"year\"", "\"week\""];

fn pairings(must: &[String]) -> Vec<&'static str> {
    let by_number = if fields_of(must).contains(&"antall") { "{ by = \"antall\" }" } else { "\"shared\"" };
    vec!["\"one-each\"", "\"shared\"", "{ by = \"gjelder\" }", by_number]
}

/// What fulfils a duty. A duty to send one kind before an earlier one would wait in a circle with requirements.
fn must(tape: &mut Tape<'_>, words: &Words, within: &str) -> Vec<String> {
    let mut must = words.some_kinds(tape, 2);
    let place = |kind: &str| words.kinds.iter().position(|other| other == kind);
    if let [only] = must.as_slice()
        && let Some(target) = counted_back_from(within)
        && place(only) >= place(target)
    {
        must.push(words.kinds[0].clone());
    }
    must
}

fn suspended_by(tape: &mut Tape<'_>, words: &Words) -> String {
    if !tape.once_in(4) {
        return String::new();
    }
    let spans: Vec<String> = (0..=tape.number(2))
        .map(|_| format!("{{ from = \"{}\", until = {:?} }}", words.kind(tape), words.some_kinds(tape, 2)))
        .collect();
    format!("suspended_by = [{}]\n", spans.join(", "))
}

fn exceptions(tape: &mut Tape<'_>, words: &Words, duty: &str, fields: &[&str]) -> String {
    let count = tape.number(3);
    let id = |number: usize| format!("{duty}-unntak-{number}");
    let mut text = String::new();
    for number in 0..count {
        text.push_str(&head("duty.exception", &id(number)));
        text.push_str(&format!("when = '{}'\n", crate::conditions::condition(tape, words, fields, 1)));
        if tape.once_in(4) {
            text.push_str("no_duty = true\n");
        } else {
            text.push_str(&format!("within = \"{}\"\n", deadline(tape, words)));
        }
        // The last goes first: the order is that of `before`, not of the file.
        let before: Vec<String> = (0..number).map(id).collect();
        text.push_str(&kinds_line("before", &before));
    }
    text
}

pub(crate) fn requirement(seed: &Seed, words: &Words, number: usize) -> String {
    let tape = &mut Tape::of(seed);
    let of = words.some_kinds(tape, 2);
    let effect = tape.pick(&["void", "warn"]);
    let least = usize::from(!tape.once_in(4));
    let mut needs = tape.some(&words.kinds, least, 2);
    if effect == "void" {
        // What makes void must not wait for itself.
        let first = words.kinds.iter().position(|kind| of.contains(kind)).unwrap_or(0);
        needs.retain(|kind| words.kinds[..first].contains(kind));
    }
    let fields = fields_of(&of);
    let mut text = head("requires", &format!("krav-{number}"));
    text.push_str(&kinds_line("of", &of));
    text.push_str(&format!("effect = \"{effect}\"\n"));
    text.push_str(&kinds_line("needs", &needs));
    let asks = if needs.is_empty() { 1 } else { 3 };
    text.push_str(&condition_line(tape, "that", words, fields, asks));
    text.push_str(&words.kinds_line(tape, "since", 2, 2));
    for key in ["ahead", "within"] {
        if tape.once_in(2) {
            text.push_str(&format!("{key} = \"{}\"\n", amount(tape)));
        }
    }
    text + &condition_line(tape, "when", words, fields, 3)
}

pub(crate) fn window(seed: &Seed, words: &Words, number: usize) -> String {
    let tape = &mut Tape::of(seed);
    let of = words.some_kinds(tape, 3);
    let effect = tape.pick(&["counts-from-next-opening", "warn", "counts-from-next-opening"]);
    let hours = tape.pick(&["kontor", "vakt"]);
    let mut text = head("window", &format!("vindu-{number}"));
    text.push_str(&kinds_line("of", &of));
    text.push_str(&format!("effect = \"{effect}\"\nhours = \"{hours}\"\n"));
    text.push_str(&clock_line(tape, "counts", 3));
    text + &condition_line(tape, "when", words, fields_of(&of), 3)
}

pub(crate) fn content(seed: &Seed, words: &Words, number: usize) -> String {
    let tape = &mut Tape::of(seed);
    let of = words.some_kinds(tape, 3);
    let fields = fields_of(&of);
    let needs = tape.some(fields, 0, 2);
    let mut text = head("contents", &format!("innhold-{number}"));
    text.push_str(&kinds_line("of", &of));
    text.push_str(&format!("needs = {needs:?}\n"));
    let asks = if needs.is_empty() { 1 } else { 3 };
    text.push_str(&condition_line(tape, "that", words, fields, asks));
    text + &condition_line(tape, "when", words, fields, 3)
}
