//! A hospital and a municipality on one node, and what they write by forms.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use samspill_agreement::model::Language;
use samspill_base::{CaseLog, Entry, Value};
use samspill_engine::{DutyStatus, Evaluation};
use samspill_formats::messages::make::{CareContent, PatientDraft, PersonDraft, UnitDraft};
use samspill_service::{
    audit::{KeyRing, MailSeal, PersonRegister},
    casework::{
        Consequence, Form, Plan, StayView, Warning, Writing, consequences, plan, read_typed, warnings,
    },
    exchange::{
        mailroom::{Mailroom, PersonFeed, Rehearsed, Settings},
        meaning::{AddressBook, Beside},
        receipts::{OwnId, OwnOrganisation, OwnParty, ReceiptLimits, Recipients},
    },
    people::SystemRandom,
    projections::{Agreements, Projections},
};
use samspill_store::{CommunityId, Options, Place, Store};
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

pub(crate) const CASE: &str = "opphold-prove";
pub(crate) const PERSON: &str = "23914111277";

/// A node that both parties use.
pub(crate) struct Node {
    pub(crate) room: Mailroom,
    pub(crate) agreements: Agreements,
    pub(crate) register: PersonRegister,
    _folder: TempDir,
}

/// What somebody sees before sending.
pub(crate) struct Seen {
    pub(crate) consequences: Vec<Consequence>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) rehearsed: Rehearsed,
    pub(crate) told: Vec<String>,
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

fn guid(number: u32) -> String {
    format!("5b1d6c1e-0000-4000-8000-{number:012}")
}

fn beside(role: &str) -> Beside {
    let (name, family) = if role == "sykehus" { ("Oda", "Åsheim") } else { ("Ivar", "Lund") };
    let person = PersonDraft {
        given_name: name.to_owned(),
        family_name: family.to_owned(),
        role: Some("21".to_owned()),
        telephones: vec!["+4757000211".to_owned()],
        ..PersonDraft::default()
    };
    let unit = UnitDraft {
        name: "Medisinsk sengepost 2".to_owned(),
        telephones: vec!["+4757000210".to_owned()],
        ..UnitDraft::default()
    };
    let patient = PatientDraft {
        given_name: "Alma".to_owned(),
        family_name: "Nordvik".to_owned(),
        born: Some("1941-11-23".to_owned()),
        ..PatientDraft::default()
    };
    let care = CareContent { responsible: vec![person], units: vec![unit], ..CareContent::default() };
    Beside { patient, care, ..Beside::default() }
}

/// What is written: who, what, in which fields, when.
pub(crate) struct Act<'a> {
    pub(crate) number: u32,
    pub(crate) role: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) fields: &'a [(&'a str, &'a str)],
    pub(crate) happened: &'a str,
    pub(crate) now: &'a str,
}

impl Node {
    pub(crate) async fn new(agreement: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let agreements = Agreements::find(&[agreement]).unwrap();
        let projections = Projections::new(agreements.clone());
        // As a node with keys has it.
        let seal = MailSeal::new(KeyRing::for_demo(), Arc::new(SystemRandom));
        let options =
            Options { projections: projections.all(), seal: Some(Arc::new(seal)), ..Options::default() };
        let store = Store::open(&Place::file(folder.path().join("samspill.db")), options).await.unwrap();
        let organisations =
            vec![own("8100001", &["8100101"]), own("8200001", &["8200101", "8200102", "8200103"])];
        let recipients = Recipients { organisations, ..Recipients::default() };
        let book = AddressBook::read(ADDRESSES).unwrap();
        let mut settings =
            Settings::new(recipients, book.directory(), book, ReceiptLimits::shipped().unwrap());
        let community = CommunityId::new("prove").unwrap();
        let register = PersonRegister::new(store.clone(), community.clone(), KeyRing::for_demo());
        settings.persons = Some(PersonFeed { register: register.clone(), random: Arc::new(SystemRandom) });
        let room = Mailroom::new(store, community, settings);
        Self { room, agreements, register, _folder: folder }
    }

    pub(crate) async fn log(&self) -> CaseLog {
        let entries = self.room.store().case_entries(self.room.community(), CASE).await.unwrap();
        CaseLog { case: CASE.to_owned(), entries }
    }

    pub(crate) async fn evaluation(&self, now: &str) -> Evaluation {
        self.agreements.evaluate(&self.log().await, at(now)).unwrap()
    }

    /// The plan of an act, and the form it was written in.
    pub(crate) async fn planned(&self, act: &Act<'_>) -> (Form, Plan) {
        let log = self.log().await;
        let view = StayView::of(&self.agreements, &log, at(act.now)).unwrap();
        let carried = self.room.carried(CASE).await.unwrap();
        let table = &self.room.settings().table;
        let form = Form::of(&view, view.kind(act.kind).unwrap(), act.role, table, &carried);
        let said: BTreeMap<String, String> =
            act.fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let typed = read_typed(&form, &said);
        assert_eq!(typed.misfits, []);
        let id = guid(act.number);
        let planned = plan(&form, &typed, &writing(act, &id), &view, table, &carried);
        (form, planned)
    }

    pub(crate) async fn rehearsed(&self, plan: &Plan, role: &str, now: &str) -> Seen {
        let log = self.log().await;
        let before = self.agreements.evaluate(&log, at(now));
        let rehearsed = self.room.rehearse(plan, &beside(role), "Kari", at(now)).await.unwrap();
        let after = CaseLog { case: CASE.to_owned(), entries: rehearsed.entries.clone() };
        let view = StayView::of(&self.agreements, &after, at(now)).unwrap();
        let consequences = consequences(&self.agreements, &log, &after, at(now));
        let told = consequences.iter().map(|it| it.sentence(&view, Language::Bokmal)).collect();
        let warnings = warnings(before.as_ref(), &view, Language::Bokmal);
        Seen { consequences, warnings, rehearsed, told }
    }

    /// Rehearses, carries out, and delivers; gives what was seen before it was sent.
    pub(crate) async fn act(&self, act: &Act<'_>) -> Seen {
        let (_, plan) = self.planned(act).await;
        let seen = self.rehearsed(&plan, act.role, act.now).await;
        self.carry_out(&plan, act.role, act.now).await;
        seen
    }

    pub(crate) async fn carry_out(&self, plan: &Plan, role: &str, now: &str) -> bool {
        let out = self.room.carry_out(plan, &beside(role), "Kari", at(now)).await.unwrap();
        let clock = at(now);
        while self.room.hand_over_here("node", &move || clock).await.unwrap().is_something() {}
        out.is_again
    }
}

pub(crate) fn writing<'w>(act: &Act<'_>, id: &'w str) -> Writing<'w> {
    let (from, to) =
        if act.role == "sykehus" { ("Sengepost", "Fjordvik") } else { ("Fjordvik", "Sengepost") };
    Writing {
        case: CASE,
        id,
        person: Some(PERSON),
        from,
        to: Some(to),
        happened: at(act.happened),
        now: at(act.now),
    }
}

/// How a duty stands: each of its instances.
pub(crate) fn duty(evaluation: &Evaluation, duty: &str) -> Vec<DutyStatus> {
    evaluation.duties.iter().filter(|it| it.duty.as_str() == duty).map(|it| it.status).collect()
}

/// The days that count.
pub(crate) fn days(evaluation: &Evaluation) -> Vec<String> {
    let days = evaluation.meters.iter().flat_map(|meter| &meter.days);
    days.filter(|day| day.status.counts()).map(|day| day.date.to_string()).collect()
}

pub(crate) fn text(entry: &Entry, field: &str) -> String {
    entry.field(field).map(Value::to_string).unwrap_or_default()
}
