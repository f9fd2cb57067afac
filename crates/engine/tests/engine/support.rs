//! Small agreements and logs, written as text.

use jiff::{Timestamp, tz::TimeZone};
use samspill_agreement::{SourceFile, VersionSources, load, model::Agreement};
use samspill_base::{CaseLog, Entry, Position, Value, parse_instant};
use samspill_engine::{DutyReading, Evaluation, evaluate};

/// An agreement between a hospital and a municipality, with the kinds that the tests use, and these rules.
pub(crate) fn agreement(rules: &str) -> Agreement {
    versions(&[("2020-01-01", rules)])
}

/// An agreement with several versions: the day each comes into force, and its rules.
pub(crate) fn versions(versions: &[(&str, &str)]) -> Agreement {
    let sources = versions
        .iter()
        .map(|(in_force, rules)| VersionSources {
            folder_name: (*in_force).to_owned(),
            files: vec![
                SourceFile::new(format!("{in_force}/agreement.toml"), head(in_force)),
                SourceFile::new(format!("{in_force}/rules.toml"), *rules),
            ],
        })
        .collect();
    let outcome = load(sources, &());
    let mistakes: Vec<_> = outcome.diagnostics.iter().map(|mistake| &mistake.message).collect();
    outcome.agreement.unwrap_or_else(|| panic!("the test's agreement is wrong: {mistakes:#?}"))
}

fn head(in_force: &str) -> String {
    let mut text = format!(
        "[agreement]\nid = \"fjord\"\nname = \"Avtale i Fjord\"\nin_force = {in_force}\n\
         [calendar]\nzone = \"Europe/Oslo\"\n[calendar.kontor]\ndays = \"working days\"\nhours = \"08:00-15:00\"\n\
         [[holiday]]\nid = \"forste-mai\"\nname = \"1. mai\"\nclause = \"lov\"\ndate = \"05-01\"\n\
         [[party]]\nid = \"sykehus\"\nname = \"Sykehuset\"\n[[party]]\nid = \"kommune\"\nname = \"Kommunen\"\n\
         [[fact]]\nid = \"behov\"\nname = \"Behov\"\ntype = \"yes-no\"\n\
         [[fact]]\nid = \"fag\"\nname = \"Fag\"\none_of = [\"soma\", \"psyk\"]\n\
         [[fact]]\nid = \"alder\"\nname = \"Alder\"\ntype = \"number\"\n\
         [[fact]]\nid = \"klar-dag\"\nname = \"Ventet klar\"\ntype = \"date\"\n\
         [[fact]]\nid = \"betaler\"\nname = \"Betaler\"\ntype = \"text\"\n"
    );
    for kind in
        ["inn", "melding", "rapport", "varsel", "klar", "svar", "av", "ut", "opp", "pause", "videre", "spor"]
    {
        text.push_str(&format!(
            "[[kind]]\nid = \"{kind}\"\nname = \"{kind}\"\ntype = \"message\"\nfrom = [\"sykehus\", \"kommune\"]\nto = [\"kommune\", \"sykehus\"]\n\
             fields = {{ svar = {{ one_of = [\"ja\", \"nei\"], name = \"svar\" }}, fra = {{ type = \"date\", name = \"fra\" }}, gjelder = {{ type = \"text\", name = \"gjelder\" }}, tekst = {{ type = \"text\", name = \"tekst\" }} }}\n"
        ));
    }
    text.push_str(
        "[[kind]]\nid = \"kansellering\"\nname = \"Kansellering\"\ntype = \"message\"\nfrom = [\"sykehus\", \"kommune\"]\nto = [\"kommune\", \"sykehus\"]\n\
         fields = { gjelder = { type = \"text\", name = \"gjelder\" } }\ncancels = { field = \"gjelder\" }\n",
    );
    text
}

/// A duty with what every duty has; `more` holds the rest of its lines.
pub(crate) fn duty(id: &str, more: &str) -> String {
    format!("[[duty]]\nid = \"{id}\"\nclause = \"pkt. 1\"\nsays = \"…\"\nwho = \"kommune\"\n{more}\n")
}

/// A log: a line an entry, `time kind`, then any of `received|sent|recorded TIME`, `id NAME`, `fact=value`, `.field=value`.
pub(crate) fn log(lines: &str) -> CaseLog {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let entries = lines.zip(1..).map(|(line, number)| entry(line, number)).collect();
    CaseLog { case: "sak".to_owned(), entries }
}

pub(crate) fn entry(line: &str, number: u64) -> Entry {
    let mut words = line.split_whitespace();
    let happened = at(words.next().expect("a time"));
    let kind = words.next().expect("a kind");
    let mut entry = Entry::new("sak", kind, Position(number), happened);
    while let Some(word) = words.next() {
        match (word, word.split_once('=')) {
            ("received", _) => entry.received = words.next().map(at),
            ("sent", _) => entry.sent = words.next().map(at),
            ("recorded", _) => entry.recorded = words.next().map(at),
            ("id", _) => entry.id = words.next().map(str::to_owned),
            (_, Some((name, said))) => match name.strip_prefix('.') {
                Some(field) => {
                    entry.body.get_or_insert_default().insert(field.to_owned(), value(said));
                }
                None => {
                    entry.facts.insert(name.to_owned(), value(said));
                }
            },
            (_, None) => panic!("what is «{word}»?"),
        }
    }
    entry
}

fn value(said: &str) -> Value {
    match said {
        "ja!" => Value::Bool(true),
        "nei!" => Value::Bool(false),
        text => Value::from_number_text(text),
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    parse_instant(text, &TimeZone::get("Europe/Oslo").expect("bundled")).expect("a time")
}

/// The case read as of a time.
pub(crate) fn read(agreement: &Agreement, lines: &str, as_of: &str) -> Evaluation {
    evaluate(agreement, &log(lines), at(as_of))
}

/// `status due …`, the due time as `2024-01-31T12:00`, the last second of a day as its date.
pub(crate) fn short(reading: &DutyReading) -> String {
    let due = match reading.due.instant() {
        None => "-".to_owned(),
        Some(due) => {
            let local = due.to_zoned(TimeZone::get("Europe/Oslo").expect("bundled"));
            let form = if reading.due.is_whole_day() { "%Y-%m-%d" } else { "%Y-%m-%dT%H:%M" };
            local.strftime(form).to_string()
        }
    };
    format!("{} due {due}", reading.status.as_str())
}

/// All duties of a reading, in short.
pub(crate) fn duties(evaluation: &Evaluation) -> Vec<String> {
    evaluation.duties.iter().map(short).collect()
}

/// The days that count, as dates.
pub(crate) fn days(evaluation: &Evaluation) -> Vec<String> {
    let meters = evaluation.meters.iter().flat_map(|meter| &meter.days);
    meters.filter(|day| day.status.counts()).map(|day| day.date.to_string()).collect()
}
