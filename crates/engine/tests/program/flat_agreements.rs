//! Random agreements that hang on kinds, days and order alone, and mostly one thing that doesn't.

use crate::{
    rules::head,
    tape::{Seed, Tape},
    words::kinds_line,
};

/// A flat agreement, before it is written.
#[derive(Clone, Debug)]
pub(crate) struct FlatParts {
    pub head: Seed,
    pub duties: Vec<Seed>,
    pub requirements: Vec<Seed>,
}

/// What is never so where rules are flat; each asks the general way.
const DUTY_ODDITIES: [&str; 22] = [
    "when = 'behov'\n",
    "when = 'has b since a'\n",
    "must_where = 'behov'\n",
    "must_where = 'body haster'\n",
    "which = \"preferred\"\n",
    "each = \"day\"\n",
    "each = \"week\"\n",
    "pairing = \"one-each\"\n",
    "pairing = { by = \"ref\" }\n",
    "suspended_by = [{ from = \"c\", until = [\"d\", \"a\"] }]\n",
    "reset_by = [\"c\"]\n",
    "counts_from = \"received\"\n",
    "fulfilled_at = \"received\"\n",
    "[[duty.exception]]\nid = \"unntak\"\nclause = \"pkt. 1\"\nsays = \"…\"\nwhen = 'has c'\nwithin = \"1 day\"\n",
    "[[duty.exception]]\nid = \"unntak\"\nclause = \"pkt. 1\"\nsays = \"…\"\nwhen = 'behov'\nno_duty = true\n",
    "within = \"24 hours\"\n",
    "within = \"90 minutes within kontor\"\n",
    "within = \"1 day at 12:00\"\n",
    "within = \"15:00 same working day\"\n",
    "within = \"2 days before c\"\n",
    "within = \"by fact frist\"\n",
    "within = \"1 day, given next day if after 12:00\"\n",
];
const REQUIREMENT_ODDITIES: [&str; 8] = [
    "when = 'behov'\n",
    "that = 'behov'\n",
    "that = 'has b since a'\n",
    "since = [\"c\"]\n",
    "within = \"2 days\"\n",
    "ahead = \"24 hours\"\n",
    "ahead = \"1 working day\"\n",
    "ahead = \"1 week\"\n",
];
const OTHER_ODDITIES: [&str; 6] = [
    "[[phase]]\nid = \"fase\"\nrestart = \"ignored\"\nfrom = [\"a\"]\nuntil = [\"b\"]\n",
    "[[phase]]\nid = \"fase\"\nrestart = \"goes-on\"\nfrom = [\"a\"]\nuntil = [\"b\"]\n",
    "[[window]]\nid = \"vindu\"\nclause = \"pkt. 1\"\nsays = \"…\"\nof = [\"a\", \"b\"]\n\
     effect = \"counts-from-next-opening\"\nhours = \"kontor\"\n",
    "[[window]]\nid = \"vindu\"\nclause = \"pkt. 1\"\nsays = \"…\"\nof = [\"a\"]\neffect = \"warn\"\nhours = \"kontor\"\n",
    "[[contents]]\nid = \"innhold\"\nclause = \"pkt. 1\"\nsays = \"…\"\nof = [\"a\", \"c\"]\nneeds = [\"ref\"]\n",
    "[[requires]]\nid = \"ugyldig\"\nclause = \"pkt. 1\"\nsays = \"…\"\nof = [\"c\"]\nneeds = [\"a\"]\neffect = \"void\"\n",
];

const LIMITS: [&str; 22] = [
    "1 day",
    "2 days",
    "at once",
    "0 days",
    "1 week",
    "1 month",
    "1 working day",
    "3 working days",
    "0 working days",
    "last day of the month",
    "first working day of next month",
    "day 1 of next month",
    "day 31 of next month",
    "1 april",
    "29 february",
    "31 december",
    "1 year",
    "400 days",
    "24 days",
    "2 weeks",
    "3 months",
    "100 years",
];

const KINDS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

/// The one thing in an agreement that isn't flat, by its place among such things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Odd {
    Nothing,
    Duty(usize),
    Requirement(usize),
    Other(usize),
    Cancels,
    Foreknown,
}

impl Odd {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        let duties = (0..DUTY_ODDITIES.len()).map(Self::Duty);
        let requirements = (0..REQUIREMENT_ODDITIES.len()).map(Self::Requirement);
        let others = (0..OTHER_ODDITIES.len()).map(Self::Other);
        duties.chain(requirements).chain(others).chain([Self::Cancels, Self::Foreknown]).collect()
    }

    /// What the first duty says of it.
    fn of_duty(self) -> &'static str {
        match self {
            Self::Duty(place) => DUTY_ODDITIES[place],
            Self::Nothing | Self::Requirement(_) | Self::Other(_) | Self::Cancels | Self::Foreknown => "",
        }
    }

    /// What the first requirement says of it.
    fn of_requirement(self) -> &'static str {
        match self {
            Self::Requirement(place) => REQUIREMENT_ODDITIES[place],
            Self::Nothing | Self::Duty(_) | Self::Other(_) | Self::Cancels | Self::Foreknown => "",
        }
    }

    /// Nothing in half of all agreements.
    fn any(tape: &mut Tape<'_>) -> Self {
        let all = Self::all();
        let drawn = tape.number(all.len());
        if tape.once_in(2) { all[drawn] } else { Self::Nothing }
    }
}

/// The agreement as text; its folder is its first day.
pub(crate) fn written(parts: &FlatParts) -> Vec<(String, String)> {
    let tape = &mut Tape::of(&parts.head);
    let odd = Odd::any(tape);
    written_with(parts, odd)
}

/// The same, with this odd thing.
pub(crate) fn written_with(parts: &FlatParts, odd: Odd) -> Vec<(String, String)> {
    // The first two choices were for the odd thing.
    let head: Seed = parts.head.iter().skip(2).copied().collect();
    let tape = &mut Tape::of(&head);
    let in_force =
        tape.pick(&["1900-01-01", "1900-01-01", "1900-01-01", "2024-03-24", "2011-07-05", "2199-12-30"]);
    let until = tape.pick(&["", "", "", "2024-03-28", "2024-04-01", "2200-01-01"]);
    let until = if until > in_force { format!("until = {until}\n") } else { String::new() };
    let mut text =
        format!("[agreement]\nid = \"flat\"\nname = \"Enkel avtale\"\nin_force = {in_force}\n{until}");
    text.push_str(&words(tape, odd));
    if let Odd::Other(place) = odd {
        text.push_str(OTHER_ODDITIES[place]);
    }
    for (number, seed) in parts.duties.iter().enumerate() {
        text.push_str(&duty(seed, number, odd));
    }
    for (number, seed) in parts.requirements.iter().enumerate() {
        text.push_str(&requirement(seed, number, odd));
    }
    vec![(in_force.to_owned(), text)]
}

fn words(tape: &mut Tape<'_>, odd: Odd) -> String {
    let mut text = "[[party]]\nid = \"x\"\n[[party]]\nid = \"y\"\n\
                    [[fact]]\nid = \"behov\"\ntype = \"yes-no\"\n[[fact]]\nid = \"frist\"\ntype = \"date\"\n"
        .to_owned();
    for kind in KINDS {
        let called = if kind == "b" { "\"Be\"" } else { "" };
        text.push_str(&format!(
            "[[kind]]\nid = \"{kind}\"\ntype = \"message\"\nfrom = [\"x\", \"y\"]\nto = [\"y\", \"x\"]\n\
             fields = {{ ref = {{ type = \"text\" }}, haster = {{ type = \"yes-no\" }} }}\nalso_called = [{called}]\n"
        ));
        match (kind, odd, tape.number(4)) {
            ("g", Odd::Cancels, _) => text.push_str("cancels = { field = \"ref\" }\n"),
            ("a" | "g", Odd::Foreknown, _) => text.push_str("foreknown = true\n"),
            ("f", _, 0) => text.push_str("sets = { behov = true }\n"),
            _ => {}
        }
    }
    let zone = tape.pick(&[
        "Europe/Oslo",
        "Europe/Oslo",
        "UTC",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    ]);
    let working = tape.pick(&["", "", "working_days = [\"monday\", \"wednesday\", \"saturday\"]\n"]);
    text + &format!(
        "[calendar]\nzone = \"{zone}\"\n{working}\
         [calendar.kontor]\ndays = \"working days\"\nhours = \"08:00-15:00\"\n\
         [[holiday]]\nid = \"paske\"\neaster = 1\n[[holiday]]\nid = \"fredag\"\neaster = -2\n\
         [[holiday]]\nid = \"nyttar\"\ndate = \"01-01\"\n"
    )
}

fn kinds(tape: &mut Tape<'_>) -> Vec<String> {
    // Few kinds mostly; now and then more than are looked up one by one.
    let most = if tape.once_in(5) { 7 } else { 2 };
    let mut kinds: Vec<String> = tape.some(&KINDS, 1, most).into_iter().map(str::to_owned).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn duty(seed: &Seed, number: usize, odd: Odd) -> String {
    let tape = &mut Tape::of(seed);
    let odd = if number == 0 { odd.of_duty() } else { "" };
    let mut text = head("duty", &format!("plikt-{number}"));
    text.push_str("who = \"x\"\n");
    let (mut must, after) = (kinds(tape), kinds(tape));
    if odd.contains("before c") && must == ["c"] {
        // To send something before it was sent itself is to wait in a circle.
        must.push("a".to_owned());
    }
    text.push_str(&kinds_line("must", &must));
    text.push_str(&kinds_line("after", &after));
    if !odd.starts_with("within") {
        text.push_str(&format!("within = \"{}\"\n", tape.pick(&LIMITS)));
    }
    if !odd.starts_with("which") {
        text.push_str(tape.pick(&["which = \"every\"\n", "which = \"first\"\n", "which = \"latest\"\n"]));
    }
    if tape.once_in(3) {
        text.push_str("may_precede = true\n");
    }
    if tape.once_in(2) {
        text.push_str(&kinds_line("waived_by", &kinds(tape)));
    }
    text + odd
}

fn requirement(seed: &Seed, number: usize, odd: Odd) -> String {
    let tape = &mut Tape::of(seed);
    let odd = if number == 0 { odd.of_requirement() } else { "" };
    let mut text = head("requires", &format!("krav-{number}"));
    text.push_str("effect = \"warn\"\n");
    text.push_str(&kinds_line("of", &kinds(tape)));
    text.push_str(&kinds_line("needs", &kinds(tape)));
    let ahead = tape.pick(&["", "", "ahead = \"1 day\"\n", "ahead = \"0 days\"\n", "ahead = \"3 days\"\n"]);
    if !odd.starts_with("ahead") {
        text.push_str(ahead);
    }
    text + odd
}
