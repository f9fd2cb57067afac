//! What administrators change in the address book: of their own party alone, and so that nothing that the log names means anybody else.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_service::{
    access::{Means, Role, Subject},
    addresses::{AddressFault, AddressKeeper, Changed, Changes, Edit, Unit, Ways, Whole},
    audit::Happened,
    exchange::{
        mailroom::Settings,
        meaning::{Address, AddressBook},
        receipts::{OwnId, OwnOrganisation, OwnParty, ReceiptLimits, Recipients},
    },
};
use samspill_store::{AccessFilter, CommunityId, Options, Place, Store};
use tempfile::TempDir;

const BOOK: &str = r#"
    [[part]]
    navn = "Fjordheim sjukehus"
    rolle = "sykehus"
    virksomhet = { navn = "Fjordheim sjukehus HF", her = "1" }
    tjenester.a = { navn = "Medisin A", her = "11" }
    tjenester.b = { navn = "Rus", her = "12" }
    fakta = { fagomrade = "somatikk" }
    tjenestefakta.b = { fagomrade = "tsb" }
    [[part]]
    navn = "Lindvik"
    rolle = "kommune"
    virksomhet = { navn = "Lindvik kommune", her = "2" }
    tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "21" }
    tjenester.saksbehandling = { navn = "Tildelingskontoret", her = "22" }
    tjenester.nord = { navn = "Hjemmetjenesten nord", her = "23" }
    mottar = { epikrise = "sykepleie" }
"#;

struct Office {
    store: Store,
    community: CommunityId,
    file: AddressBook,
    _folder: TempDir,
}

impl Office {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("samspill.db"));
        let store = Store::open(&place, Options::default()).await.unwrap();
        let file = AddressBook::read(BOOK).unwrap();
        Self { store, community: CommunityId::new("prove").unwrap(), file, _folder: folder }
    }

    fn keeper<'a>(&'a self, by: &'a Subject) -> AddressKeeper<'a> {
        let Self { store, community, file, .. } = self;
        AddressKeeper { store, community, file, by, node: "node-1", request: "r-1", now: noon() }
    }

    async fn change(&self, party: &str, version: u64, edit: Edit) -> Changed {
        self.keeper(&administrator(party)).change(version, &edit).await.unwrap()
    }

    async fn changes(&self) -> Changes {
        Changes::read(&self.store, &self.community).await.unwrap()
    }

    async fn book(&self) -> AddressBook {
        self.changes().await.over(&self.file)
    }

    async fn party(&self, name: &str) -> Address {
        self.book().await.find(name).unwrap().clone()
    }

    async fn told(&self) -> Vec<String> {
        let rows = self.store.accesses(&self.community, &AccessFilter::default(), None, 100).await.unwrap();
        rows.iter().rev().map(|row| format!("{} {}", row.access.action, row.access.detail)).collect()
    }
}

fn noon() -> Timestamp {
    "2026-03-17T12:00:00Z".parse().unwrap()
}

fn administrator(party: &str) -> Subject {
    Subject {
        account: "kari".to_owned(),
        name: "Kari".to_owned(),
        role: Role::Administrator,
        party: party.to_owned(),
        units: [].into(),
        means: Means::Person,
        grants: Vec::new(),
    }
}

const HOSPITAL: &str = "Fjordheim sjukehus";

fn ward(name: &str, her: &str) -> Unit {
    Unit { name: name.to_owned(), her: her.to_owned(), ..Unit::default() }
}

fn refused(fault: AddressFault) -> Changed {
    Changed::Refused(vec![fault])
}

/// All by which the log and messages name somebody mean the same party after a change.
fn all_mean_the_same(before: &AddressBook, after: &AddressBook) {
    for party in &before.parties {
        let units = std::iter::once(&party.organisation).chain(party.services.values());
        let names = units.map(|unit| unit.name.as_str()).chain(party.her_ids()).chain([party.name.as_str()]);
        for name in names {
            let of = |book: &AddressBook| book.find(name).map(|party| party.name.clone());
            assert_eq!(of(before), of(after), "{name}");
        }
    }
}

#[tokio::test]
async fn a_new_ward_is_in_the_book_with_its_field_of_care() {
    let office = Office::new().await;
    let new = Unit {
        telephones: vec!["77 00 00 00".to_owned()],
        facts: BTreeMap::from([("fagomrade".to_owned(), "phv".to_owned())]),
        ..ward("Akuttpsykiatri", "13")
    };
    assert_eq!(office.change(HOSPITAL, 0, Edit::Unit(new.clone())).await, Changed::Done);
    let book = office.book().await;
    assert_eq!(book.find("Akuttpsykiatri").unwrap().name, HOSPITAL);
    let listed = book.directory().get("13").cloned().unwrap();
    assert_eq!(listed.name, "Akuttpsykiatri");
    assert_eq!(listed.facts.get("fagomrade").and_then(|it| it.as_text()), Some("phv"));
    assert_eq!(
        office.change(HOSPITAL, 0, Edit::Unit(new)).await,
        Changed::Done,
        "sent twice it is there once"
    );
    assert_eq!(office.party(HOSPITAL).await.services.len(), 3);
    let what = Happened::AddressChanged.as_str();
    assert_eq!(office.told().await, [format!("{what} ny enhet: Akuttpsykiatri")]);
    all_mean_the_same(&office.file, &book);
}

#[tokio::test]
async fn a_her_id_of_before_still_means_the_unit() {
    let office = Office::new().await;
    let changed = Unit { her: "111".to_owned(), ..Unit::of(&office.party(HOSPITAL).await, "a").unwrap() };
    assert_eq!(office.change(HOSPITAL, 0, Edit::Unit(changed)).await, Changed::Done);
    let whole = Whole { her: "101".to_owned(), ..Whole::of(&office.party(HOSPITAL).await) };
    assert_eq!(office.change(HOSPITAL, 1, Edit::Whole(whole)).await, Changed::Done);
    let book = office.book().await;
    let directory = book.directory();
    for (her, name) in [("11", "Medisin A"), ("111", "Medisin A"), ("1", HOSPITAL), ("101", HOSPITAL)] {
        assert_eq!(directory.get(her).unwrap().name, name, "{her}");
    }
    all_mean_the_same(&office.file, &book);
    // The one before can be taken back, and then the other is the one before.
    let back = Unit { her: "11".to_owned(), ..Unit::of(&office.party(HOSPITAL).await, "a").unwrap() };
    assert_eq!(office.change(HOSPITAL, 2, Edit::Unit(back)).await, Changed::Done);
    let party = office.party(HOSPITAL).await;
    assert_eq!(party.services["a"].her.as_deref(), Some("11"));
    assert_eq!(party.former.keys().map(String::as_str).collect::<Vec<_>>(), ["1", "111"]);
}

#[tokio::test]
async fn messages_to_what_was_added_are_ours() {
    let office = Office::new().await;
    let her = |value: &str| OwnId { kind: "HER".to_owned(), value: value.to_owned() };
    let own = OwnOrganisation {
        ids: vec![her("1")],
        parties: vec![OwnParty { ids: vec![her("11")], ..OwnParty::default() }],
        ..OwnOrganisation::default()
    };
    let recipients = Recipients { organisations: vec![own.clone()], ..Recipients::default() };
    let limits = ReceiptLimits::shipped().unwrap();
    let settings = Settings::new(recipients.clone(), office.file.directory(), office.file.clone(), limits);
    assert_eq!(settings.changed_by(&office.changes().await).recipients, recipients, "nothing was changed");
    office.change(HOSPITAL, 0, Edit::Unit(ward("Akuttpsykiatri", "13"))).await;
    office.change("Lindvik", 0, Edit::Unit(ward("Natt", "29"))).await;
    let changed = settings.changed_by(&office.changes().await);
    let parties =
        [own.parties.clone(), vec![OwnParty { ids: vec![her("13")], ..OwnParty::default() }]].concat();
    assert_eq!(
        changed.recipients.organisations,
        [OwnOrganisation { parties, ..own }],
        "«Rus» is still not here"
    );
    assert!(changed.addresses.find("Natt").is_some() && changed.directory.get("29").is_some());
    assert_eq!(settings.changed_by(&office.changes().await).addresses, changed.addresses);
    assert_eq!(changed.changed_by(&Changes::default()).addresses, office.file, "from the file each time");
}

#[tokio::test]
async fn an_ended_unit_is_no_longer_chosen_and_still_known() {
    let office = Office::new().await;
    let lindvik = office.party("Lindvik").await;
    let ended = |does: &str| Unit { is_ended: true, ..Unit::of(&lindvik, does).unwrap() };
    let kinds = ["epikrise".to_owned()].into();
    assert_eq!(
        office.change("Lindvik", 0, Edit::Unit(ended("sykepleie"))).await,
        refused(AddressFault::InUse { kinds })
    );
    let ways =
        Ways { receives: BTreeMap::from([("epikrise".to_owned(), "nord".to_owned())]), ..Ways::default() };
    let whole = Whole { ways, ..Whole::of(&lindvik) };
    assert_eq!(office.change("Lindvik", 0, Edit::Whole(whole)).await, Changed::Done);
    assert_eq!(office.change("Lindvik", 1, Edit::Unit(ended("sykepleie"))).await, Changed::Done);
    let now = office.party("Lindvik").await;
    assert!(now.open_service("sykepleie").is_none() && now.open_service("nord").is_some());
    assert_eq!(office.book().await.find("21").unwrap().name, "Lindvik");
    let ways = Ways {
        receives: BTreeMap::from([("epikrise".to_owned(), "sykepleie".to_owned())]),
        ..Ways::default()
    };
    let whole = Whole { ways, ..Whole::of(&now) };
    assert_eq!(office.change("Lindvik", 2, Edit::Whole(whole)).await, refused(AddressFault::NoUnit));
    let open = Unit { is_ended: false, ..ended("sykepleie") };
    assert_eq!(office.change("Lindvik", 2, Edit::Unit(open)).await, Changed::Done);
    assert!(office.party("Lindvik").await.open_service("sykepleie").is_some());
}

#[tokio::test]
async fn the_last_unit_in_use_is_not_ended() {
    let office = Office::new().await;
    let hospital = office.party(HOSPITAL).await;
    let ended = |does: &str| Edit::Unit(Unit { is_ended: true, ..Unit::of(&hospital, does).unwrap() });
    assert_eq!(office.change(HOSPITAL, 0, ended("a")).await, Changed::Done);
    assert_eq!(office.change(HOSPITAL, 1, ended("b")).await, refused(AddressFault::LastUnit));
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_is_written() {
    let office = Office::new().await;
    let name = |name: &str| Edit::Unit(ward(name, "99"));
    let her = |her: &str| Edit::Unit(ward("Ny", her));
    let call = |number: &str| Edit::Unit(Unit { telephones: vec![number.to_owned()], ..ward("Ny", "99") });
    let taken = |party: &str| AddressFault::HerTaken { party: party.to_owned() };
    let rows = [
        (name(""), AddressFault::NoName),
        (name(&"å".repeat(81)), AddressFault::BadName),
        (name("To\nlinjer"), AddressFault::BadName),
        (name("Medisin A"), AddressFault::NameTaken),
        (name("Lindvik"), AddressFault::NameTaken),
        (name("Lindvik kommune"), AddressFault::NameTaken),
        (name("Hjemmetjenesten nord"), AddressFault::NameOfAnother { party: "Lindvik".to_owned() }),
        (her("1x"), AddressFault::BadHer),
        (her("12345678901"), AddressFault::BadHer),
        (her("22"), taken("Lindvik")),
        (her("11"), taken(HOSPITAL)),
        (her("1"), taken(HOSPITAL)),
        (call("ring oss"), AddressFault::BadTelephone),
        (call("1"), AddressFault::BadTelephone),
        (Edit::Unit(Unit { does: "c".to_owned(), ..ward("Ny", "99") }), AddressFault::NoUnit),
        (Edit::Whole(Whole { her: "11".to_owned(), ..Whole::default() }), taken(HOSPITAL)),
    ];
    for (edit, fault) in rows {
        assert_eq!(office.change(HOSPITAL, 0, edit.clone()).await, refused(fault), "{edit:?}");
    }
    let many = Unit { telephones: vec!["77 00 00 00".to_owned(); 6], ..ward("Ny", "99") };
    assert_eq!(office.change(HOSPITAL, 0, Edit::Unit(many)).await, refused(AddressFault::BadTelephone));
    assert_eq!(office.change("Ukjent", 0, name("Ny")).await, Changed::NoParty);
    assert_eq!((office.book().await, office.told().await), (office.file.clone(), vec![]));
    // A name that log and messages tell apart by the party is free: municipalities' services are all called alike.
    let usual = Edit::Unit(ward("Sykepleietjenesten", "99"));
    assert_eq!(office.change(HOSPITAL, 0, usual).await, Changed::Done);
}

#[tokio::test]
async fn of_two_who_change_a_party_the_second_is_told() {
    let office = Office::new().await;
    assert_eq!(office.change(HOSPITAL, 0, Edit::Unit(ward("Ny", "13"))).await, Changed::Done);
    let late = office.change(HOSPITAL, 0, Edit::Unit(ward("Annen", "14"))).await;
    let Changed::Meanwhile(1, now) = late else { panic!("{late:?}") };
    assert!(now.service_called("Ny").is_some() && now.service_called("Annen").is_none());
    assert_eq!(
        office.change("Lindvik", 0, Edit::Unit(ward("Natt", "29"))).await,
        Changed::Done,
        "another party's"
    );
}

#[tokio::test]
async fn taking_all_back_keeps_what_the_log_may_name() {
    let office = Office::new().await;
    let kari = administrator(HOSPITAL);
    assert_eq!(office.keeper(&kari).reset(0).await.unwrap(), Changed::Done, "there is nothing to take back");
    let moved = Unit { her: "111".to_owned(), ..Unit::of(&office.party(HOSPITAL).await, "a").unwrap() };
    office.change(HOSPITAL, 0, Edit::Unit(moved)).await;
    office.change(HOSPITAL, 1, Edit::Unit(ward("Ny", "13"))).await;
    let changed = office.book().await;
    assert!(matches!(office.keeper(&kari).reset(1).await.unwrap(), Changed::Meanwhile(2, _)));
    assert_eq!(office.keeper(&kari).reset(2).await.unwrap(), Changed::Done);
    let party = office.party(HOSPITAL).await;
    assert_eq!(party.services["a"].her.as_deref(), Some("11"));
    assert_eq!(
        party.open_services().map(|(_, unit)| unit.name.as_str()).collect::<Vec<_>>(),
        ["Medisin A", "Rus"]
    );
    all_mean_the_same(&changed, &office.book().await);
    assert_eq!(office.keeper(&kari).reset(3).await.unwrap(), Changed::Done);
    assert_eq!(office.changes().await.count(), 3, "once is enough");
    // Telephones alone leave nothing behind.
    let call =
        Whole { telephones: vec!["77 00 00 00".to_owned()], ..Whole::of(&office.party("Lindvik").await) };
    office.change("Lindvik", 0, Edit::Whole(call)).await;
    let ola = administrator("Lindvik");
    assert_eq!(office.keeper(&ola).reset(1).await.unwrap(), Changed::Done);
    assert_eq!(office.party("Lindvik").await, *office.file.find("Lindvik").unwrap());
}

#[tokio::test]
async fn the_file_says_who_takes_part_and_what_a_changed_file_gives_to_others_is_theirs() {
    let office = Office::new().await;
    office.change(HOSPITAL, 0, Edit::Unit(ward("Ny", "13"))).await;
    let changes = office.changes().await;
    let without =
        AddressBook::read(&BOOK.replace("navn = \"Fjordheim sjukehus\"\n", "navn = \"Annet sjukehus\"\n"))
            .unwrap();
    assert_eq!(changes.over(&without), without, "a party that isn't in the file isn't added");
    let given = AddressBook::read(&BOOK.replace("her = \"23\"", "her = \"13\"")).unwrap();
    assert_eq!(changes.over(&given), given, "the file gave the HER-id to somebody else");
}
