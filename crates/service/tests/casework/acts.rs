//! What may be done to what stands in the log: correct, withdraw, cancel.

use samspill_service::{
    access::Protection,
    casework::{ActOn, Consequence, StayView, acts_on, cancel, correct, plan, read_typed},
};

use crate::support::{Act, CASE, Node, PERSON, at, text, writing};

fn act<'a>(number: u32, kind: &'a str, fields: &'a [(&'a str, &'a str)], now: &'a str) -> Act<'a> {
    Act { number, role: "sykehus", kind, fields, happened: now, now }
}

const FACTS: &[(&str, &str)] =
    &[("fagomrade", "somatikk"), ("kommunalt-behov", "ja"), ("oppholdskommune", "Fjordvik")];

async fn ready() -> Node {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    node.act(&act(3, "tidligmelding", &[("status", "Stabil.")], "2026-03-09T12:00")).await;
    node.act(&act(4, "helseopplysninger", &[("funksjon-fysisk", "Går.")], "2026-03-12T10:00")).await;
    node.act(&act(6, "utskrivningsklar", &[], "2026-03-16T10:00")).await;
    node
}

async fn acts(node: &Node, kind: &str) -> Vec<ActOn> {
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-16T11:00")).unwrap();
    let entry = view.latest(kind).unwrap().clone();
    acts_on(&entry, &view, "sykehus", &node.room.settings().table)
}

#[tokio::test]
async fn a_ready_notice_can_be_withdrawn_or_cancelled_and_an_event_put_right() {
    let node = ready().await;
    let own = acts(&node, "utskrivningsklar").await;
    assert!(own.contains(&ActOn::Withdraw("avmelding".into())) && own.contains(&ActOn::Cancel), "{own:?}");
    assert_eq!(acts(&node, "innlagt").await, [ActOn::Correct, ActOn::Cancel]);
}

#[tokio::test]
async fn a_withdrawal_ends_the_days_from_now_and_a_cancellation_undoes_the_reply_that_was_asked_for() {
    let node = ready().await;
    let withdrawal = act(7, "avmelding", &[], "2026-03-18T09:00");
    let (_, plan) = node.planned(&withdrawal).await;
    let seen = node.rehearsed(&plan, "sykehus", "2026-03-18T09:00").await;
    assert!(
        seen.consequences
            .iter()
            .any(|it| matches!(it, Consequence::DaysEnd(_, Some(day)) if day.to_string() == "2026-03-17")),
        "{:?}",
        seen.told
    );

    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-16T11:00")).unwrap();
    let (old, table) = (view.latest("utskrivningsklar").unwrap().clone(), &node.room.settings().table);
    let doing = act(8, "kansellering", &[], "2026-03-16T11:00");
    let id = "5b1d6c1e-0000-4000-8000-000000000008";
    let undone = cancel(&old, &writing(&doing, id), &view, "sykehus", table);
    let seen = node.rehearsed(&undone, "sykehus", "2026-03-16T11:00").await;
    assert!(
        seen.consequences
            .iter()
            .any(|it| matches!(it, Consequence::FallsAway(mark) if mark.duty == "svar-utskrivningsklar")),
        "{:?}",
        seen.told
    );
    assert!(
        seen.consequences.iter().any(|it| matches!(it, Consequence::DaysEnd(_, None))),
        "{:?}",
        seen.told
    );
    assert_eq!(seen.rehearsed.messages.len(), 1, "the other side is told");
    node.carry_out(&undone, "sykehus", "2026-03-16T11:00").await;
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-16T12:00")).unwrap();
    assert!(view.latest("utskrivningsklar").is_none());
}

#[tokio::test]
async fn an_event_that_is_put_right_is_cancelled_and_registered_anew() {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-09T10:00")).unwrap();
    let (old, table) = (view.latest("innlagt").unwrap().clone(), &node.room.settings().table);
    let doing = Act { happened: "2026-03-09T07:30", ..act(2, "innlagt", FACTS, "2026-03-09T10:00") };
    let (form, _) = node.planned(&doing).await;
    let said = FACTS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let id = "5b1d6c1e-0000-4000-8000-000000000002";
    let doing = writing(&doing, id);
    let new = plan(&form, &read_typed(&form, &said), &doing, &view, table, &[].into());
    let plan = correct(new, &old, &doing, &view, "sykehus", table);
    node.carry_out(&plan, "sykehus", "2026-03-09T10:00").await;
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-09T11:00")).unwrap();
    let left: Vec<_> = view.counting().filter(|entry| entry.kind == "innlagt").collect();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].happened, at("2026-03-09T07:30"));
    assert_eq!(log.entries.len(), 3, "the log only grows");
    assert_eq!(log.case, CASE);
}

#[tokio::test]
async fn what_is_meant_as_a_summary_goes_as_a_request_and_counts_as_a_summary() {
    let node = ready().await;
    node.act(&act(7, "moteoppsummering", &[("sporsmal", "Enige om plan.")], "2026-03-13T10:00")).await;
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-16T12:00")).unwrap();
    assert_eq!(text(view.latest("foresporsel").unwrap(), "sporsmal"), "Enige om plan.");
    assert_eq!(text(view.latest("moteoppsummering").unwrap(), "sporsmal"), "Enige om plan.");
    let kept = node
        .room
        .store()
        .messages(
            node.room.community(),
            &samspill_store::MessageFilter::default(),
            samspill_store::MessageNumber(0),
            100,
        )
        .await
        .unwrap();
    assert!(
        kept.iter().all(|line| line.standing != samspill_store::Standing::Question),
        "nobody need be asked"
    );
}

#[tokio::test]
async fn every_duty_that_falls_away_is_told_of() {
    let node = Node::new("unn").await;
    node.act(&act(1, "innlagt", FACTS, "2026-03-09T09:00")).await;
    let open = node.evaluation("2026-03-09T09:10").await.duties.len();
    assert!(open > 1, "an admission asks for more than one thing");
    let log = node.log().await;
    let view = StayView::of(&node.agreements, &log, at("2026-03-09T09:10")).unwrap();
    let old = view.latest("innlagt").unwrap().clone();
    let doing = act(2, "kansellering", &[], "2026-03-09T09:10");
    let id = "5b1d6c1e-0000-4000-8000-000000000002";
    let undone = cancel(&old, &writing(&doing, id), &view, "sykehus", &node.room.settings().table);
    let seen = node.rehearsed(&undone, "sykehus", "2026-03-09T09:10").await;
    let fallen = seen.consequences.iter().filter(|it| matches!(it, Consequence::FallsAway(_))).count();
    assert_eq!(fallen, open, "{:?}", seen.told);
}

/// What is entered in one stay holds for the person: the register is told in the same transaction.
#[tokio::test]
async fn a_patient_who_is_registered_as_protected_is_so_in_all_stays() {
    for (said, expected) in [
        (("adressegradering", "ugradert"), Protection::None),
        (("adressegradering", "fortrolig"), Protection::Address),
        (("adressegradering", "strengt-fortrolig"), Protection::Address),
        (("skjermet-identitet", "nei"), Protection::None),
        (("skjermet-identitet", "ja"), Protection::Identity),
    ] {
        let node = Node::new("unn").await;
        let facts = [FACTS, &[said]].concat();
        node.act(&act(1, "innlagt", &facts, "2026-03-09T09:00")).await;
        let known = node.register.protection_of(&[PERSON.to_owned()].into()).await.unwrap();
        assert_eq!(known.get(PERSON).copied().unwrap_or_default(), expected, "{said:?}");
    }
}
