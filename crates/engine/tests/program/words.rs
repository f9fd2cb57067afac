//! The words of a random version: its kinds, facts, phases and hours.

use crate::{
    conditions::condition,
    logs::{Holds, Vocabulary},
    tape::{Seed, Tape},
};

/// What the rules of a version can name.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// Its kinds, in an order in which one may require those before it.
    pub kinds: Vec<String>,
    pub duties: Vec<String>,
    pub phases: usize,
}

/// Kinds as the first version calls them.
const KINDS: [&str; 7] = ["inn", "varsel", "klar", "svar", "pause", "ut", "kans"];
/// The fields of most kinds, and of `varsel`.
const FIELDS: [&str; 6] = ["svar", "gjelder", "antall", "haster", "fra", "kl"];
const FEW_FIELDS: [&str; 2] = ["svar", "gjelder"];
/// The ids of duties. One is also the id of a kind.
const DUTIES: [&str; 4] = ["plikt-1", "plikt-2", "svar", "plikt-4"];

/// All names of kinds that logs use: ids of some version, other names, and one that nobody knows. The usual ones often.
const LOG_KINDS: [&str; 24] = [
    "inn",
    "klar",
    "svar",
    "ut",
    "varsel",
    "pause",
    "inn",
    "klar",
    "svar",
    "ut",
    "pause",
    "inn",
    "klar",
    "svar",
    "ut",
    "varsel",
    "klar",
    "inn",
    "kans",
    "ferdig",
    "melding",
    "Felles Navn",
    "Klar!",
    "Inn",
];

/// Around the change of versions at Easter when clocks change too, in autumn and winter, and at the ends of all calendars.
const STARTS: [&str; 16] = [
    "2024-03-22",
    "2024-03-22",
    "2024-03-22",
    "2024-03-22",
    "2024-03-22",
    "2024-03-25",
    "2024-03-25",
    "2024-03-25",
    "2024-03-28",
    "2024-03-28",
    "2024-03-29",
    "2024-03-29",
    "2024-10-20",
    "2023-12-20",
    "2199-12-22",
    "1899-12-25",
];

/// What logs say under the random agreements.
pub(crate) fn vocabulary() -> Vocabulary {
    let text = |words: &[&str]| Holds::Text(words.iter().map(|word| (*word).to_owned()).collect());
    let number = || Holds::Number(["67", "35", "66.5", "2", "35.5", "-1", "3"].map(str::to_owned).to_vec());
    let svar = text(&["ja", "nei", "Ja", " delvis_ja", "psyk", "soma", "kanskje"]);
    let gjelder = text(&["m1", "m2", "m3", "m9", "Fjord", "psyk", "35", "M1", "m1", "m2"]);
    let fag = text(&["soma", "psyk", "Psyk", " SOMA ", "Rus og_mer", "rus og mer", "nevro"]);
    let betaler = text(&["Fjord", "fjord ", "psyk", "ÅS kommune", "35", "soma"]);
    let named = |all: Vec<(&str, Holds)>| -> Vec<(String, Holds)> {
        all.into_iter().map(|(name, holds)| (name.to_owned(), holds)).collect()
    };
    let fields = named(vec![
        ("gjelder", gjelder),
        ("svar", svar),
        ("antall", number()),
        ("haster", Holds::YesNo),
        ("fra", Holds::Day),
        ("kl", Holds::Day),
    ]);
    let facts = named(vec![
        ("behov", Holds::YesNo),
        ("fag", fag),
        ("alder", number()),
        ("dag", Holds::Day),
        ("tid", Holds::Day),
        ("betaler", betaler),
    ]);
    Vocabulary {
        kinds: LOG_KINDS.iter().map(|kind| ((*kind).to_owned(), fields.clone())).collect(),
        facts,
        starts: STARTS.iter().map(|day| day.parse().expect("a day")).collect(),
    }
}

impl Words {
    pub(crate) fn of(head: &Seed, duties: usize, phases: usize) -> Self {
        let mut tape = Tape::of(head);
        let renames = tape.once_in(3);
        let forgets = tape.once_in(4);
        let kinds = KINDS.iter().filter(|kind| !(forgets && **kind == "pause"));
        let kinds = kinds.map(|kind| if renames && *kind == "klar" { "ferdig" } else { kind });
        let duties = DUTIES.iter().take(duties).map(|id| (*id).to_owned()).collect();
        Self { kinds: kinds.map(str::to_owned).collect(), duties, phases }
    }

    pub(crate) fn kind(&self, tape: &mut Tape<'_>) -> String {
        tape.pick(&self.kinds)
    }

    /// One to `most` kinds.
    pub(crate) fn some_kinds(&self, tape: &mut Tape<'_>, most: usize) -> Vec<String> {
        tape.some(&self.kinds, 1, most)
    }

    /// A line of the file that names one to `most` kinds, about once in so many times.
    pub(crate) fn kinds_line(&self, tape: &mut Tape<'_>, key: &str, most: usize, times: usize) -> String {
        if tape.once_in(times) { kinds_line(key, &self.some_kinds(tape, most)) } else { String::new() }
    }
}

/// `key = ["a", "b"]`.
pub(crate) fn kinds_line(key: &str, kinds: &[String]) -> String {
    format!("{key} = {kinds:?}\n")
}

/// The fields that some kind of these has.
pub(crate) fn fields_of(kinds: &[String]) -> &'static [&'static str] {
    if kinds.iter().all(|kind| kind == "varsel") { &FEW_FIELDS } else { &FIELDS }
}

/// Parties, facts, kinds, phases, calendar and prices of a version.
pub(crate) fn declarations(words: &Words, head: &Seed, phases: &[Seed]) -> String {
    // The first two choices were for the words themselves.
    let head: Seed = head.iter().skip(2).copied().collect();
    let mut tape = Tape::of(&head);
    let mut text = "[[party]]\nid = \"sykehus\"\n[[party]]\nid = \"kommune\"\n".to_owned();
    text.push_str(&facts(&mut tape));
    for kind in &words.kinds {
        text.push_str(&self::kind(&mut tape, kind));
    }
    for (number, seed) in phases.iter().enumerate() {
        text.push_str(&phase(&mut Tape::of(seed), words, number));
    }
    text.push_str(&calendar(&mut tape, words));
    text.push_str(&prices(&mut tape));
    text
}

fn facts(tape: &mut Tape<'_>) -> String {
    let types = [
        ("behov", "type = \"yes-no\"", ["false", "true"]),
        (
            "fag",
            tape.pick(&["one_of = [\"soma\", \"psyk\"]", "one_of = [\"psyk\", \"soma\", \"rus og mer\"]"]),
            ["\"soma\"", "\"psyk\""],
        ),
        ("alder", "type = \"number\"", ["40", "67"]),
        ("dag", "type = \"date\"", ["\"2024-03-29\"", "\"2024-04-02\""]),
        ("tid", "type = \"time\"", ["\"2024-03-29T14:00\"", "\"2024-03-31T02:30\""]),
        ("betaler", "type = \"text\"", ["\"Fjord\"", "\"psyk\""]),
    ];
    let mut text = String::new();
    for (id, of_type, defaults) in types {
        text.push_str(&format!("[[fact]]\nid = \"{id}\"\n{of_type}\n"));
        if tape.once_in(4) {
            text.push_str(&format!("default = {}\n", tape.pick(&defaults)));
        }
    }
    text
}

fn kind(tape: &mut Tape<'_>, id: &str) -> String {
    let both = "type = \"message\"\nfrom = [\"sykehus\", \"kommune\"]\nto = [\"kommune\", \"sykehus\"]";
    let mut text = format!("[[kind]]\nid = \"{id}\"\n{both}\n{}\n", fields(tape, id));
    let called = match id {
        "ferdig" => "\"klar\", \"Klar!\"",
        "varsel" | "svar" if tape.once_in(2) => "\"melding\", \"Felles Navn\"",
        "ut" => "\"Felles Navn\"",
        _ => "",
    };
    text.push_str(&format!("also_called = [{called}]\n"));
    text.push_str(&sets(tape, id));
    if id == "kans" || (id == "pause" && tape.once_in(4)) {
        text.push_str("cancels = { field = \"gjelder\" }\n");
    }
    if tape.once_in(if id == "ut" { 2 } else { 16 }) {
        text.push_str("foreknown = true\n");
    }
    text
}

fn fields(tape: &mut Tape<'_>, id: &str) -> String {
    let svar = tape.pick(&["one_of = [\"ja\", \"nei\", \"delvis ja\"]", "type = \"text\""]);
    let few = format!("svar = {{ {svar} }}, gjelder = {{ type = \"text\" }}");
    if id == "varsel" {
        return format!("fields = {{ {few} }}");
    }
    format!(
        "fields = {{ {few}, antall = {{ type = \"number\" }}, haster = {{ type = \"yes-no\" }}, \
         fra = {{ type = \"date\" }}, kl = {{ type = \"time\" }} }}"
    )
}

fn sets(tape: &mut Tape<'_>, id: &str) -> String {
    let mut all = vec!["fag = \"psyk\"", "betaler = \"Fjord\"", "fag = { field = \"gjelder\" }"];
    if id != "varsel" {
        all.extend(["behov = true", "behov = { field = \"haster\" }", "alder = { field = \"antall\" }"]);
        all.extend(["dag = { field = \"fra\" }", "tid = { field = \"kl\" }", "behov = false, alder = 67"]);
    }
    if tape.once_in(3) { format!("sets = {{ {} }}\n", tape.pick(&all)) } else { String::new() }
}

fn phase(tape: &mut Tape<'_>, words: &Words, number: usize) -> String {
    let restart = tape.pick(&["goes-on", "ignored"]);
    let from = kinds_line("from", &words.some_kinds(tape, 2));
    let until = if tape.once_in(6) { String::new() } else { kinds_line("until", &words.some_kinds(tape, 2)) };
    format!("[[phase]]\nid = \"fase-{number}\"\nrestart = \"{restart}\"\n{from}{until}")
}

const ZONES: [&str; 8] = [
    "Europe/Oslo",
    "Europe/Oslo",
    "Europe/Oslo",
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

const HOLIDAYS: &str = "[[holiday]]\nid = \"paske\"\neaster = 1\n[[holiday]]\nid = \"paske\"\neaster = -3\n\
     [[holiday]]\nid = \"enkel\"\nonce = 2024-04-03\nclosed = false\n\
     [[holiday]]\nid = \"jul\"\ndate = \"12-25\"\nin_lieu = \"next weekday\"\n\
     [[holiday]]\nid = \"julaften\"\ndate = \"12-24\"\nclosed = false\n";
const MORE_HOLIDAYS: &str = "[[holiday]]\nid = \"forste\"\nnth = \"first monday of april\"\nfrom_year = 2020\n\
     [[holiday]]\nid = \"lordag\"\non_or_after = \"saturday on or after 03-25\"\nuntil_year = 2100\n";

fn calendar(tape: &mut Tape<'_>, words: &Words) -> String {
    let zone = tape.pick(&ZONES);
    let working = match tape.number(6) {
        4 => "working_days = [\"monday\", \"wednesday\", \"saturday\"]\n",
        5 => "working_days = [\"sunday\", \"monday\", \"tuesday\", \"wednesday\", \"thursday\"]\n",
        _ => "",
    };
    let kontor = tape.pick(&["\"08:00-15:00\"", "[\"08:00-11:30\", \"12:00-15:00\"]", "\"00:00-24:00\""]);
    let vakt = tape.pick(&[
        "days = \"every day\"\nhours = [\"00:00-02:30\", \"12:00-24:00\"]",
        "days = [\"saturday\", \"monday\"]\nhours = \"14:00-15:00\"",
        "days = \"every day\"\nhours = \"08:00-15:00\"\nwhen = 'behov'",
    ]);
    let more = if tape.once_in(2) { MORE_HOLIDAYS } else { "" };
    let also = also(tape, words);
    format!(
        "[calendar]\nzone = \"{zone}\"\n{working}[calendar.kontor]\ndays = \"working days\"\nhours = {kontor}\n{also}\
         [calendar.vakt]\n{vakt}\n{HOLIDAYS}{more}"
    )
}

/// Further rows of the office hours, some of which hang on the case.
fn also(tape: &mut Tape<'_>, words: &Words) -> String {
    let mut rows: Vec<String> = Vec::new();
    for _ in 0..tape.number(4) {
        let days =
            tape.pick(&["\"holidays\"", "\"every day\"", "{ holidays = [\"enkel\"] }", "[\"saturday\"]"]);
        let hours = tape.pick(&["\"10:00-12:00\"", "\"closed\"", "\"12:00-24:00\""]);
        // What is closed every day leaves nothing open.
        let always = tape.once_in(2) && days != "\"every day\"";
        let when = if always { "always".to_owned() } else { condition(tape, words, &[], 1) };
        rows.push(format!("{{ days = {days}, hours = {hours}, when = '{when}' }}"));
    }
    if rows.is_empty() { String::new() } else { format!("also = [{}]\n", rows.join(", ")) }
}

fn prices(tape: &mut Tape<'_>) -> String {
    let at = |from: &str, rest: &str| format!("[[value.at]]\nfrom = {from}\nsource = \"vedtak\"\n{rest}\n");
    let mut text = "[[value]]\nid = \"pris\"\nunit = \"kr\"\nclause = \"§ 6\"\n".to_owned();
    text.push_str(&at("2020-01-01", "amount = \"100.05\""));
    if tape.once_in(2) {
        text.push_str(&at("2024-03-28", "amount = \"200.00\"\ncertain = false"));
    }
    let until = tape.pick(&["", "\nuntil = 2024-04-05"]);
    text.push_str(&at("2024-04-01", &format!("amount = \"4173.33\"{until}")));
    if tape.once_in(2) {
        text.push_str(&at("2024-04-08", "amount = \"0.01\""));
    }
    text
}
