//! A form is carried out once, and against the stay as it was read.

use samspill_base::Position;
use samspill_service::exchange::{
    mailroom::{Against, FormDone, FormStands},
    meaning::Beside,
};

use crate::support::{Act, CASE, Node, at};

const FACTS: &[(&str, &str)] =
    &[("fagomrade", "somatikk"), ("kommunalt-behov", "ja"), ("oppholdskommune", "Fjordvik")];

const FORM: &str = "5b1d6c1e-0000-4000-8000-000000000009";

fn act<'a>(number: u32, kind: &'a str, now: &'a str) -> Act<'a> {
    Act { number, role: "sykehus", kind, fields: &[], happened: now, now }
}

async fn begun() -> Node {
    let node = Node::new("unn").await;
    node.act(&Act { fields: FACTS, ..act(1, "innlagt", "2026-03-09T09:00") }).await;
    node
}

/// Registers a meeting by a form that says something, made when the log ended there.
async fn held(node: &Node, form: &str, number: u32, said: &str, last: u64) -> FormDone {
    let (_, plan) = node.planned(&act(number, "samarbeidsmote", "2026-03-09T10:00")).await;
    let against = Against { form, said, last: Position(last) };
    let done =
        node.room.carry_out_form(&plan, &against, &Beside::default(), "Kari", at("2026-03-09T10:00")).await;
    done.unwrap()
}

#[tokio::test]
async fn a_form_sent_twice_is_carried_out_once_and_one_that_says_something_else_is_told_apart() {
    let node = begun().await;
    assert_eq!(node.room.form_stands(FORM, "a").await.unwrap(), FormStands::New);
    assert!(matches!(held(&node, FORM, 9, "a", 1).await, FormDone::Done(_)));
    let entries = node.log().await.entries.len();
    assert_eq!(held(&node, FORM, 9, "a", 2).await, FormDone::Before(FormStands::Same(CASE.to_owned())));
    assert_eq!(held(&node, FORM, 9, "b", 2).await, FormDone::Before(FormStands::Other(CASE.to_owned())));
    assert_eq!(
        node.room.form_stands(&FORM.to_uppercase(), "b").await.unwrap(),
        FormStands::Other(CASE.to_owned())
    );
    assert_eq!(node.log().await.entries.len(), entries);
}

#[tokio::test]
async fn an_id_that_something_was_written_under_by_other_means_is_no_forms() {
    let node = begun().await;
    let (_, plan) = node.planned(&act(9, "samarbeidsmote", "2026-03-09T10:00")).await;
    node.carry_out(&plan, "sykehus", "2026-03-09T10:00").await;
    assert_eq!(held(&node, FORM, 9, "a", 2).await, FormDone::Before(FormStands::Other(String::new())));
}

#[tokio::test]
async fn of_two_who_read_the_same_stay_the_second_must_look_anew() {
    let node = begun().await;
    let other = "5b1d6c1e-0000-4000-8000-000000000010";
    assert!(matches!(held(&node, FORM, 9, "a", 1).await, FormDone::Done(_)));
    let entries = node.log().await.entries.len();
    assert_eq!(held(&node, other, 10, "a", 1).await, FormDone::Moved);
    assert_eq!(node.log().await.entries.len(), entries);
    assert!(matches!(held(&node, other, 10, "a", 2).await, FormDone::Done(_)));
}

#[tokio::test]
async fn a_stay_that_is_to_begin_begins_nowhere_but_where_nothing_stands() {
    let node = begun().await;
    assert_eq!(held(&node, FORM, 9, "a", 0).await, FormDone::Moved);
}
