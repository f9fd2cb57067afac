//! Two parties, each with a mailroom of its own, and the messages of a stay between them.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use samspill_base::{CaseLog, Entry};
use samspill_service::{
    audit::{KeyRing, MailSeal},
    exchange::{
        mailroom::{Mailroom, Routes, Settings, Taken},
        meaning::{AddressBook, Directory, Listed},
        receipts::{OwnId, OwnOrganisation, OwnParty, ReceiptLimits, Recipients},
    },
    people::SystemRandom,
};
use samspill_store::{CommunityId, Options, Place, Store};
use samspill_transport::{Arrival, Channel, Doing, Health, Parcel, SendFault};
use tempfile::TempDir;

const ADDRESSES: &str = r#"
    [[part]]
    navn = "Sengepost"
    rolle = "sykehus"
    virksomhet = { navn = "Fjordheim sjukehus HF", her = "8100001" }
    tjenester.plo-mottak = { navn = "Medisin plo meldingsmottak", her = "8100101" }

    [[part]]
    navn = "Fjordvik"
    rolle = "kommune"
    virksomhet = { navn = "Lindvik kommune", her = "8200001" }
    tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "8200101" }
    tjenester.saksbehandling = { navn = "Saksbehandling pleie- og omsorgstjenester", her = "8200102" }
"#;

/// A party's mailroom, with its store on disk.
pub(crate) struct Side {
    pub(crate) room: Mailroom,
    /// What a channel to the other side was given.
    pub(crate) line: Line,
    folder: TempDir,
}

pub(crate) fn at(text: &str) -> Timestamp {
    let local: DateTime = text.parse().unwrap();
    local.to_zoned(TimeZone::get("Europe/Oslo").unwrap()).unwrap().timestamp()
}

fn own(outer: &str, inner: &[&str]) -> OwnOrganisation {
    let id = |value: &str| vec![OwnId { kind: "HER".to_owned(), value: value.to_owned() }];
    let parties = inner.iter().map(|value| OwnParty { ids: id(value), ..OwnParty::default() });
    OwnOrganisation { ids: id(outer), parties: parties.collect(), ..OwnOrganisation::default() }
}

pub(crate) fn hospital() -> OwnOrganisation {
    own("8100001", &["8100101"])
}

pub(crate) fn municipality() -> OwnOrganisation {
    own("8200001", &["8200101", "8200102", "8200103"])
}

fn directory() -> Directory {
    let listed = |name: &str, of: &[&str]| Listed {
        name: name.to_owned(),
        municipalities: of.iter().map(|it| (*it).to_owned()).collect(),
        ..Listed::default()
    };
    Directory::new([
        ("8100001".to_owned(), listed("Sengepost", &[])),
        ("8200001".to_owned(), listed("Fjordvik", &["Fjordvik"])),
    ])
}

pub(crate) fn settings(organisations: Vec<OwnOrganisation>) -> Settings {
    let recipients = Recipients { organisations, ..Recipients::default() };
    let addresses = AddressBook::read(ADDRESSES).unwrap();
    let mut settings = Settings::new(recipients, directory(), addresses, ReceiptLimits::shipped().unwrap());
    settings.routes = Routes { default: Some("linje".to_owned()), ..Routes::default() };
    settings
}

impl Side {
    pub(crate) async fn new(organisations: Vec<OwnOrganisation>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let room = open(folder.path(), settings(organisations)).await;
        Self { room, line: Line::default(), folder }
    }

    /// The same store, opened anew as after a restart, with other settings.
    pub(crate) async fn restarted(self, settings: Settings) -> Self {
        self.room.store().close().await;
        Self { room: open(self.folder.path(), settings).await, ..self }
    }

    /// The same store at a node with other keys. Key number `n` has that byte all over, and the first of them seals.
    pub(crate) async fn with_keys(self, settings: Settings, keys: &[u8]) -> Self {
        let line = |name: &str, byte: u8| format!("{name}: {}\n", format!("{byte:02x}").repeat(32));
        // What marks are made with stays, as it does when keys are changed; number 1 is the key of the demo.
        let named = |key: &u8| if *key == 1 { line("demo", 1) } else { line(&format!("key-{key}"), *key) };
        let text = keys.iter().map(named).collect::<String>() + &line("index", 2);
        let ring = KeyRing::from_text(&text).unwrap();
        self.room.store().close().await;
        Self { room: open_with(self.folder.path(), settings, ring).await, ..self }
    }

    /// A parcel comes from the line.
    pub(crate) async fn take(&self, id: &str, bytes: &[u8], now: &str) -> Taken {
        self.room.take(&parcel(id, bytes), "linje", at(now)).await.unwrap()
    }

    /// Hands all that is due over to the line.
    pub(crate) async fn hand_over(&self, now: &str) -> Vec<Parcel> {
        let now = at(now);
        while self.room.hand_over(&self.line, "node", &move || now).await.unwrap().is_something() {}
        std::mem::take(&mut *self.line.carried.lock().unwrap())
    }

    pub(crate) async fn entries(&self) -> Vec<Entry> {
        let log = self.room.store().read(self.room.community(), samspill_base::Position(0), 10_000).await;
        log.unwrap().into_iter().map(|line| line.entry).collect()
    }

    /// The first entry's person as it stands in the database: whoever has no keys is shown that.
    pub(crate) async fn person_as_it_stands(&self) -> String {
        let place = Place::file(self.folder.path().join("samspill.db"));
        let store = Store::open(&place, Options::default()).await.unwrap();
        let log = store.read(self.room.community(), samspill_base::Position(0), 10).await.unwrap();
        log.into_iter().find_map(|line| line.entry.person).unwrap()
    }

    pub(crate) async fn kinds(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|entry| entry.kind).collect()
    }

    pub(crate) async fn cases(&self) -> Vec<CaseLog> {
        let mut cases: Vec<CaseLog> = Vec::new();
        for entry in self.entries().await {
            match cases.iter_mut().find(|case| case.case == entry.case) {
                Some(case) => case.entries.push(entry),
                None => cases.push(CaseLog { case: entry.case.clone(), entries: vec![entry] }),
            }
        }
        cases
    }
}

async fn open(folder: &Path, settings: Settings) -> Mailroom {
    open_with(folder, settings, KeyRing::for_demo()).await
}

/// All of it is done on a store that seals, as a node with keys has it.
async fn open_with(folder: &Path, settings: Settings, keys: KeyRing) -> Mailroom {
    let place = Place::file(folder.join("samspill.db"));
    let seal = MailSeal::new(keys, Arc::new(SystemRandom));
    let options = Options { seal: Some(Arc::new(seal)), ..Options::default() };
    let store = Store::open(&place, options).await.unwrap();
    Mailroom::new(store, CommunityId::new("prove").unwrap(), settings)
}

pub(crate) fn parcel(id: &str, bytes: &[u8]) -> Parcel {
    Parcel {
        id: id.to_owned(),
        from: String::new(),
        to: String::new(),
        kind: String::new(),
        message: String::new(),
        conversation: None,
        made: Timestamp::UNIX_EPOCH,
        bytes: bytes.to_vec(),
    }
}

/// A document of the stay that lies in the repository, by the beginning of its name.
pub(crate) fn document(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/data/messages/opphold");
    let mut files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let found = files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with(name));
    std::fs::read(found.unwrap_or_else(|| panic!("no document {name}"))).unwrap()
}

/// A document with one text replaced by another.
pub(crate) fn altered(name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(document(name)).unwrap();
    assert!(text.contains(from), "{name} has no {from}");
    text.replace(from, to).into_bytes()
}

/// A channel that keeps what it is given, or fails as it is told.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) carried: Mutex<Vec<Parcel>>,
    pub(crate) fault: Mutex<Option<SendFault>>,
}

impl Channel for Line {
    fn name(&self) -> &'static str {
        "linje"
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> Doing<'a, Result<(), SendFault>> {
        let fault = self.fault.lock().unwrap().clone();
        if matches!(fault, None | Some(SendFault::Unknown { .. })) {
            self.carried.lock().unwrap().push(parcel.clone());
        }
        Box::pin(async move { fault.map_or(Ok(()), Err) })
    }

    fn receive(&self) -> Doing<'_, Arrival> {
        Box::pin(std::future::pending())
    }

    fn health(&self) -> Health {
        Health::Up
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {})
    }
}
