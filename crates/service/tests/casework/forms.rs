//! Forms: fields, what the agreement wants in them, and what is known.

use std::collections::BTreeMap;

use samspill_agreement::model::{FactType, Language, Text};
use samspill_base::CaseLog;
use samspill_service::casework::{
    Form, OfferStanding, StayView, WarningKind, closing_windows, offers, text_fields,
};

use crate::support::{Act, Node, at};

fn act<'a>(number: u32, kind: &'a str, fields: &'a [(&'a str, &'a str)], now: &'a str) -> Act<'a> {
    Act { number, role: "sykehus", kind, fields, happened: now, now }
}

const FACTS: &[(&str, &str)] = &[
    ("fagomrade", "somatikk"),
    ("kommunale-tjenester", "ja"),
    ("kommunalt-behov", "ja"),
    ("problem", "Hoftebrudd"),
];

#[tokio::test]
async fn what_a_duty_asks_for_stands_first_and_what_has_nothing_to_end_last() {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-09T10:00")).unwrap();
    let offered = offers(&view, "sykehus");
    let standing = |kind: &str| offered.iter().find(|it| it.kind.as_str() == kind).map(|it| it.standing);
    assert_eq!(offered[0].kind.as_str(), "tidligmelding", "the one with the nearest limit");
    assert_eq!(standing("melding-om-innlagt-pasient"), Some(OfferStanding::Asked));
    assert_eq!(standing("innlagt"), Some(OfferStanding::AlreadyRuns));
    assert_eq!(standing("avmelding"), Some(OfferStanding::NothingToEnd));
    assert_eq!(standing("foresporsel"), Some(OfferStanding::Possible));
    assert_eq!(standing("kansellering"), None, "an act on what is there");
    assert_eq!(standing("innleggelsesrapport"), None, "the municipality's");
    assert!(offers(&view, "pasient").is_empty());
}

#[tokio::test]
async fn a_form_has_what_the_agreement_wants_with_its_clause_and_is_filled_from_what_is_known() {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    node.act(&act(
        3,
        "tidligmelding",
        &[("arsak", "Fall i trapp."), ("status", "Stabil.")],
        "2026-03-09T12:00",
    ))
    .await;
    let (form, _) = node.planned(&act(4, "utskrivningsklar", &[], "2026-03-16T10:00")).await;
    let field = |name: &str| form.field(name).unwrap_or_else(|| panic!("{name}"));
    assert!(
        field("uavklart")
            .needs
            .iter()
            .any(|need| need.clause.as_str().contains("4.1") && !need.is_conditional)
    );
    let filled = |name: &str| field(name).given.as_ref().map(|given| given.value.to_string());
    assert_eq!(filled("problem-innleggelse").as_deref(), Some("Fall i trapp."));
    assert_eq!(filled("utskrivningsklar-dato").as_deref(), Some("2026-03-16"));
    assert_eq!(filled("uavklart"), None);
}

/// Templates are written for the fields of no stay in particular.
#[tokio::test]
async fn the_text_fields_of_a_kind_are_those_of_its_form_in_a_stay() {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-09T10:00")).unwrap();
    let table = &node.room.settings().table;
    let mut counted = 0;
    for kind in view.version.kinds.values() {
        for role in ["sykehus", "kommune"] {
            let form = Form::of(&view, kind, role, table, &BTreeMap::new());
            let free = form.fields.iter().filter(|field| field.input == FactType::Text);
            let free: Vec<(&str, &Text)> = free.map(|field| (&*field.name, &field.label)).collect();
            let known = text_fields(view.version, kind, role, table);
            let known: Vec<(&str, &Text)> = known.iter().map(|field| (&*field.name, &field.label)).collect();
            assert_eq!(known, free, "{} {role}", kind.id);
            counted += known.len();
        }
    }
    assert!(counted > 20, "{counted}");
}

#[tokio::test]
async fn a_window_that_closes_soon_is_told_of_before_it_does() {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    node.act(&act(3, "tidligmelding", &[("status", "Stabil.")], "2026-03-09T12:00")).await;
    node.act(&act(4, "helseopplysninger", &[("funksjon-fysisk", "Går.")], "2026-03-12T10:00")).await;
    let log: CaseLog = node.log().await;
    let told = |now: &str| {
        let view = StayView::of(&node.agreements, &log, at(now)).unwrap();
        let kind = view.kind("utskrivningsklar").unwrap();
        let found = closing_windows(&node.agreements, &view, kind, Language::Bokmal);
        let windows = found
            .into_iter()
            .filter(|it| matches!(it.kind, WarningKind::Closing | WarningKind::OutsideHours));
        windows.map(|it| (it.kind, it.text)).collect::<Vec<_>>()
    };
    assert_eq!(told("2026-03-16T11:59"), []);
    let [(WarningKind::Closing, text)] = &told("2026-03-16T13:40")[..] else { panic!() };
    assert!(text.contains("20 minutter"), "{text}");
    assert!(matches!(told("2026-03-16T14:01")[..], [(WarningKind::OutsideHours, _)]));
}

#[tokio::test]
async fn what_registering_says_by_itself_is_asked_of_nobody() {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    let found = act(2, "behov-oppdaget", &[("kommunalt-behov", "nei")], "2026-03-09T10:00");
    let (form, plan) = node.planned(&found).await;
    assert!(form.facts.iter().all(|field| field.name != "kommunalt-behov"), "a no would become a yes");
    assert_eq!(plan.main().unwrap().facts["kommunalt-behov"], samspill_base::Value::Bool(true));
}
