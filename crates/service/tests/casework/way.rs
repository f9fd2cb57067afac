//! One stay, written by both sides through forms: what each sees before it sends, and how duties and days stand on the way.

use samspill_engine::DutyStatus;
use samspill_service::casework::WarningKind;

use crate::support::{Act, Node, days, duty};

const HOSPITAL: &str = "sykehus";
const MUNICIPALITY: &str = "kommune";

fn act<'a>(
    number: u32,
    role: &'a str,
    kind: &'a str,
    fields: &'a [(&'a str, &'a str)],
    now: &'a str,
) -> Act<'a> {
    Act { number, role, kind, fields, happened: now, now }
}

const FACTS: &[(&str, &str)] = &[
    ("fagomrade", "somatikk"),
    ("kommunale-tjenester", "ja"),
    ("kommunalt-behov", "ja"),
    ("problem", "Lårhalsbrudd"),
    ("oppholdskommune", "Fjordvik"),
];

const EARLY: &[(&str, &str)] = &[
    ("arsak", "Lårhalsbrudd etter fall."),
    ("status", "Operert, i bedring."),
    ("forventet-forlop", "Opptrening noen dager."),
    ("forventet-utskrivning", "18.03.2026"),
];

const UPDATE: &[(&str, &str)] = &[
    ("funksjon-kognitiv", "Klar og orientert."),
    ("funksjon-psykisk", "Sosial deltakelse: Uendret."),
    ("funksjon-fysisk", "Går med rullator."),
];

const FIVE: &[(&str, &str)] = &[
    ("problem-innleggelse", "Lårhalsbrudd etter fall."),
    ("problem-ovrige", "Lavt blodtrykk."),
    ("uavklart", "Ingenting."),
    ("diagnose-og-plan", "S720 Brudd i lårhals\nKontroll om seks uker."),
    ("funksjon", "Klarer seg med rullator."),
];

async fn until_ready(node: &Node) {
    node.act(&Act { happened: "2026-03-09T08:10", ..act(1, HOSPITAL, "innlagt", FACTS, "2026-03-09T09:00") })
        .await;
    node.act(&act(2, HOSPITAL, "melding-om-innlagt-pasient", &[], "2026-03-09T09:05")).await;
    node.act(&act(3, HOSPITAL, "tidligmelding", EARLY, "2026-03-09T12:00")).await;
    node.act(&act(4, HOSPITAL, "helseopplysninger", UPDATE, "2026-03-12T10:00")).await;
}

#[tokio::test]
async fn an_admission_that_was_registered_is_told_once_and_gives_the_municipality_its_limit() {
    let node = Node::new("unn").await;
    node.act(&Act { happened: "2026-03-09T08:10", ..act(1, HOSPITAL, "innlagt", FACTS, "2026-03-09T09:00") })
        .await;
    let seen = node.act(&act(2, HOSPITAL, "melding-om-innlagt-pasient", &[], "2026-03-09T09:05")).await;
    assert!(
        seen.told
            .iter()
            .any(|it| it.contains("Kommunen får frist til") && it.contains("Innleggelsesrapport")),
        "{:?}",
        seen.told
    );
    let log = node.log().await;
    let admissions = log.entries.iter().filter(|entry| entry.kind == "innlagt").count();
    assert_eq!(admissions, 1, "{:#?}", log.entries);
    let read = node.evaluation("2026-03-09T10:00").await;
    assert_eq!(duty(&read, "melding-om-innlagt-pasient"), [DutyStatus::Kept]);
    assert_eq!(duty(&read, "innleggelsesrapport"), [DutyStatus::Open]);
}

#[tokio::test]
async fn a_whole_stay_by_forms_keeps_its_duties_and_counts_its_days() {
    let node = Node::new("unn").await;
    until_ready(&node).await;
    node.act(&act(
        5,
        MUNICIPALITY,
        "innleggelsesrapport",
        &[("tjenester", "Hjemmesykepleie"), ("tilstand", "Frisk ellers.")],
        "2026-03-09T14:00",
    ))
    .await;
    let ready = node.act(&act(6, HOSPITAL, "utskrivningsklar", FIVE, "2026-03-16T10:00")).await;
    assert!(
        ready.told.iter().any(|it| it.contains("Kommunen får frist til") && it.contains("16. mars 2026")),
        "{:?}",
        ready.told
    );
    assert!(
        ready.told.iter().any(|it| it.contains("døgn begynner å telle fra og med tirsdag 17. mars 2026")),
        "{:?}",
        ready.told
    );
    assert!(
        !ready.warnings.iter().any(|it| it.fields.iter().any(|field| field == "uavklart")),
        "{:?}",
        ready.warnings
    );
    assert_eq!(ready.rehearsed.messages.len(), 2, "the five points go before the notice");
    let cannot = [("svar", "kan-ikke-ta-imot"), ("forventet", "2026-03-18")];
    let no = node.act(&act(7, MUNICIPALITY, "svar-utskrivningsklar", &cannot, "2026-03-16T13:00")).await;
    assert!(no.told.iter().any(|it| it.contains("er gjort i tide")), "{:?}", no.told);
    let can = [("svar", "kan-ta-imot"), ("fra", "18.03.2026")];
    let yes = node.act(&act(8, MUNICIPALITY, "svar-utskrivningsklar", &can, "2026-03-17T09:00")).await;
    assert!(
        yes.told.iter().any(|it| it.contains("siste døgn som teller, blir tirsdag 17. mars 2026")),
        "{:?}",
        yes.told
    );
    node.act(&Act { happened: "2026-03-18T11:00", ..act(9, HOSPITAL, "utskrevet", &[], "2026-03-18T11:10") })
        .await;
    node.act(&act(
        10,
        HOSPITAL,
        "utskrivningsrapport",
        &[("sammenfatning", "Fulgte opplegget.")],
        "2026-03-18T11:20",
    ))
    .await;
    let read = node.evaluation("2026-03-20T08:00").await;
    assert_eq!(days(&read), ["2026-03-17"]);
    for kept in ["tidligmelding", "innleggelsesrapport", "funksjonsniva", "svar-utskrivningsklar"] {
        assert_eq!(duty(&read, kept), [DutyStatus::Kept], "{kept}");
    }
    let others = node.room.store().cases(node.room.community(), "", 10).await.unwrap();
    assert_eq!(others.len(), 1, "all of it is in one stay: {others:?}");
}

#[tokio::test]
async fn a_ready_notice_before_an_early_one_would_be_void_and_goes_all_the_same() {
    let node = Node::new("unn").await;
    node.act(&act(1, HOSPITAL, "innlagt", FACTS, "2026-03-09T09:00")).await;
    let seen = node.act(&act(2, HOSPITAL, "utskrivningsklar", &[], "2026-03-09T10:00")).await;
    let kinds: Vec<WarningKind> = seen.warnings.iter().map(|it| it.kind).collect();
    assert!(kinds.contains(&WarningKind::Void), "{:?}", seen.warnings);
    assert!(seen.warnings.iter().all(|it| it.clause.is_some()), "{:?}", seen.warnings);
    assert!(node.log().await.entries.iter().any(|entry| entry.kind == "utskrivningsklar"));
}

#[tokio::test]
async fn missing_contents_are_warned_about_with_their_fields_and_clause_and_sent() {
    let node = Node::new("unn").await;
    node.act(&act(1, HOSPITAL, "innlagt", FACTS, "2026-03-09T09:00")).await;
    let seen =
        node.act(&act(3, HOSPITAL, "tidligmelding", &[("status", "Stabil.")], "2026-03-09T12:00")).await;
    let missing = seen.warnings.iter().find(|it| it.kind == WarningKind::Missing).expect("a warning");
    assert_eq!(missing.fields, ["arsak", "forventet-forlop", "forventet-utskrivning"]);
    assert!(missing.clause.as_ref().is_some_and(|clause| clause.as_str().contains("2.2")), "{missing:?}");
    assert_eq!(duty(&node.evaluation("2026-03-09T13:00").await, "tidligmelding"), [DutyStatus::Kept]);
}

#[tokio::test]
async fn the_same_plan_twice_is_carried_out_once() {
    let node = Node::new("unn").await;
    until_ready(&node).await;
    let ready = act(6, HOSPITAL, "utskrivningsklar", FIVE, "2026-03-16T10:00");
    let (_, first) = node.planned(&ready).await;
    assert!(!node.carry_out(&first, HOSPITAL, "2026-03-16T10:00").await);
    let entries = node.log().await.entries.len();
    let (_, again) = node.planned(&Act { now: "2026-03-16T10:01", ..ready }).await;
    assert!(node.carry_out(&again, HOSPITAL, "2026-03-16T10:01").await);
    assert_eq!(node.log().await.entries.len(), entries);
}

#[tokio::test]
async fn a_rehearsal_writes_nothing() {
    let node = Node::new("unn").await;
    until_ready(&node).await;
    let before = node.log().await;
    let (_, plan) = node.planned(&act(6, HOSPITAL, "utskrivningsklar", FIVE, "2026-03-16T10:00")).await;
    let seen = node.rehearsed(&plan, HOSPITAL, "2026-03-16T10:00").await;
    assert!(seen.rehearsed.entries.len() > before.entries.len());
    assert_eq!(node.log().await.entries, before.entries);
}
