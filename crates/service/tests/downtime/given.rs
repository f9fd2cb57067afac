//! What the tests start from. People, parties and numbers are invented.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jiff::Timestamp;
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Entry, Position, Value, parse_instant};
use samspill_formats::messages::norway;
use samspill_service::{
    downtime::{Change, ChangeTo, Downtime, NewPeriod, Periods, Setting, Sort, change, register},
    exchange::meaning::AddressBook,
};

pub(crate) const PATIENT: &str = "23914111277";

const ADDRESSES: &str = r#"
    [[part]]
    navn = "Fjordheim"
    rolle = "sykehus"
    virksomhet = { navn = "Fjordheim sjukehus HF", her = "8100001", telefon = ["+4757000200"] }
    tjenester.plo-mottak = { navn = "Medisin plo meldingsmottak", her = "8100101", telefon = ["+4757000210"] }
    tjenester.kirurgi = { navn = "Kirurgi plo meldingsmottak", her = "8100102" }

    [[part]]
    navn = "Lindvik"
    rolle = "kommune"
    virksomhet = { navn = "Lindvik kommune", her = "8200001", telefon = ["+4757000100"] }
    tjenester.saksbehandling = { navn = "Tildelingskontoret", her = "8200102", telefon = ["+4757000120"] }
"#;

pub(crate) fn book() -> AddressBook {
    AddressBook::read(ADDRESSES).unwrap()
}

/// A shipped agreement, loaded once.
pub(crate) fn agreement(name: &str) -> Agreement {
    static LOADED: LazyLock<BTreeMap<&str, Agreement>> = LazyLock::new(|| {
        let load = |name| samspill_shelf::find(name).unwrap().remove(0).load().agreement.unwrap();
        ["unn", "hmr"].into_iter().map(|name| (name, load(name))).collect()
    });
    LOADED[name].clone()
}

/// A local time in Norway: `2024-06-10T10:00`.
pub(crate) fn at(text: &str) -> Timestamp {
    parse_instant(text, &norway()).unwrap()
}

/// A log of one stay between Fjordheim and Lindvik, a line an entry: time and kind.
pub(crate) fn stay(agreement: &Agreement, lines: &[&str]) -> CaseLog {
    let mut log = CaseLog { case: "opphold-1".to_owned(), entries: Vec::new() };
    for (place, line) in lines.iter().enumerate() {
        let (time, kind) = line.split_once(' ').unwrap();
        let mut entry = Entry::new("opphold-1", kind, Position(place as u64 + 1), at(time));
        let known = &agreement.newest().kinds[kind];
        let name = |role: &str| Some(if role == "sykehus" { "Fjordheim" } else { "Lindvik" }.to_owned());
        entry.from = known.from.first().and_then(|role| name(role.as_str()));
        entry.to = known.to.first().and_then(|role| name(role.as_str()));
        entry.person = Some(PATIENT.to_owned());
        if place == 0 {
            entry.facts = [("kommunale-tjenester", true), ("kommunalt-behov", true)]
                .map(|(name, is)| (name.to_owned(), Value::Bool(is)))
                .into();
            entry.facts.insert("fagomrade".to_owned(), Value::text("somatikk"));
        }
        log.entries.push(entry);
    }
    log
}

/// Planned downtime of Lindvik on 10 June 2024, announced on 3 June.
pub(crate) fn planned(from: &str, until: Option<&str>) -> NewPeriod {
    NewPeriod {
        id: "ned-1".to_owned(),
        party: "Lindvik".to_owned(),
        unit: None,
        sort: Sort::Planned,
        announced: at("2024-06-03T09:00"),
        announced_by: "Drift, Lindvik kommune".to_owned(),
        from: at(from),
        until: until.map(at),
        why: "Oppgradering av fagsystemet".to_owned(),
        systems: BTreeSet::new(),
        registered_by: "Nina Navn".to_owned(),
        recorded: at("2024-06-03T09:30"),
    }
}

pub(crate) fn change_of(id: &str, to: ChangeTo, recorded: &str) -> Change {
    Change {
        id: id.to_owned(),
        of: "ned-1".to_owned(),
        to,
        why: String::new(),
        registered_by: "Nina Navn".to_owned(),
        recorded: at(recorded),
    }
}

/// A log of downtime, written as it comes.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) Vec<Entry>);

impl Kept {
    pub(crate) fn with(new: &NewPeriod) -> Self {
        Self::default().and(new)
    }

    pub(crate) fn and(mut self, new: &NewPeriod) -> Self {
        let periods = self.known(Timestamp::MAX);
        let entries = setting(&periods, None, |setting| register(new, setting)).unwrap().entries;
        self.append(entries);
        self
    }

    pub(crate) fn changed(mut self, made: &Change) -> Self {
        let periods = self.known(Timestamp::MAX);
        let entries = setting(&periods, None, |setting| change(made, setting)).unwrap().entries;
        self.append(entries);
        self
    }

    pub(crate) fn append(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            let position = Position(self.0.len() as u64 + 1);
            self.0.push(Entry { position, ..entry });
        }
    }

    pub(crate) fn known(&self, as_of: Timestamp) -> Periods {
        Periods::of(&self.0, as_of)
    }
}

/// Runs with the calendar of Norway, the address book and, perhaps, a practice.
pub(crate) fn setting<T>(
    periods: &Periods,
    practice: Option<&str>,
    run: impl FnOnce(&Setting<'_>) -> T,
) -> T {
    let (book, agreement) = (book(), agreement("unn"));
    let practice = practice.map(|name| Downtime::shipped().practice(name).unwrap());
    let calendar = &agreement.newest().calendar.days;
    run(&Setting { book: &book, periods, calendar, practice })
}
