//! Agreements with as much as a program has room for, and with one more: the answers are the same.

use std::ops::Range;

use samspill_agreement::model::Agreement;
use samspill_base::{Entry, Value};
use samspill_engine::program::Program;

use crate::{
    flat::long_case,
    logs::Reading,
    same::{DATES, is_read_the_same_as},
    shapes::Shape,
    versions::loaded,
};

const RULE: &str = "clause = \"pkt. 1\"\nsays = \"…\"\n";

fn agreement(declared: &str, rules: &str) -> Agreement {
    let head = "[agreement]\nid = \"stor\"\nname = \"Stor avtale\"\nin_force = 2020-01-01\n\
                [[party]]\nid = \"x\"\n[[party]]\nid = \"y\"\n";
    let text = format!("{head}{declared}{rules}[calendar]\nzone = \"Europe/Oslo\"\n");
    loaded(&[("2020-01-01".to_owned(), text)]).unwrap_or_else(|mistake| panic!("{mistake}"))
}

fn kind(number: usize) -> String {
    format!(
        "[[kind]]\nid = \"k{number}\"\ntype = \"message\"\nfrom = [\"x\"]\nto = [\"y\"]\n\
         fields = {{ antall = {{ type = \"number\" }} }}\n"
    )
}

fn requirement(number: usize, that: &str) -> String {
    format!("[[requires]]\nid = \"krav-{number}\"\n{RULE}of = [\"k0\"]\neffect = \"warn\"\nthat = '{that}'\n")
}

/// So many pieces of an agreement, one after another.
fn pieces(numbers: Range<usize>, write: impl Fn(usize) -> String) -> String {
    numbers.map(write).collect::<Vec<_>>().concat()
}

/// Holds the agreement to the evaluator, and says whether it is compiled whole.
fn is_compiled_and_holds(agreement: &Agreement, logs: &[Reading]) -> bool {
    for shape in [Shape::Apart, Shape::TogetherUncounted] {
        if let Err(difference) = is_read_the_same_as(agreement, logs, shape) {
            panic!("{difference}");
        }
    }
    let compiled = DATES.map(|dates| Program::compile(agreement, dates).is_compiled());
    assert_eq!(compiled[0], compiled[1]);
    compiled[0]
}

/// Cases of which the first entries are of these kinds, and what each entry says.
fn logs(kinds: &[&str], say: impl Fn(usize, &mut Entry)) -> Vec<Reading> {
    [3, 20, 40]
        .map(|count| {
            let mut reading = long_case(&format!("sak-{count}"), kinds, count);
            reading.log.entries.iter_mut().enumerate().for_each(|(place, entry)| say(place, entry));
            reading
        })
        .into()
}

#[test]
fn sixty_four_kinds_that_rules_name_have_room_and_one_more_is_read_plainly() {
    for (count, has_room) in [(63, true), (64, true), (65, false)] {
        let kinds = pieces(0..count, kind);
        let duties = pieces(1..count, |number| {
            format!(
                "[[duty]]\nid = \"plikt-{number}\"\n{RULE}who = \"x\"\nmust = [\"k{number}\"]\n\
                     after = [\"k{}\"]\nwithin = \"1 day\"\nwhich = \"latest\"\n",
                number - 1
            )
        });
        let last = format!("k{}", count - 1);
        let last_but_one = format!("k{}", count - 2);
        let logs = logs(&["k0", "k1", &last_but_one, "k2", &last, &last, &last_but_one], |_, _| {});
        let agreement = agreement(&kinds, &duties);
        assert_eq!(is_compiled_and_holds(&agreement, &logs), has_room, "{count} kinds");
    }
}

#[test]
fn as_many_plain_rules_as_a_mask_has_bits_or_a_byte_has_numbers_and_one_more_are_read_the_same() {
    for (duties, requirements) in [(63, 1), (64, 0), (64, 1), (0, 65), (200, 55), (200, 56)] {
        let kinds = pieces(0..3, kind);
        let duty = |number: usize| {
            format!(
                "[[duty]]\nid = \"plikt-{number}\"\n{RULE}who = \"x\"\nmust = [\"k{}\"]\nafter = [\"k{}\"]\n\
                 within = \"{} days\"\nwhich = \"every\"\n",
                number % 3,
                number / 3 % 3,
                number % 4
            )
        };
        let requirement = |number: usize| {
            let (of, needs) = (number % 3, number / 3 % 3);
            format!(
                "[[requires]]\nid = \"krav-{number}\"\n{RULE}of = [\"k{of}\"]\nneeds = [\"k{needs}\"]\n\
                 effect = \"warn\"\nahead = \"{} days\"\n",
                number % 5
            )
        };
        let rules = pieces(0..duties, duty) + &pieces(0..requirements, requirement);
        let logs = logs(&["k0", "k1", "k1", "k2", "k0", "k0"], |_, _| {});
        assert!(is_compiled_and_holds(&agreement(&kinds, &rules), &logs));
    }
}

#[test]
fn sixty_four_facts_that_rules_ask_for_have_room_and_one_more_is_read_plainly() {
    for (count, has_room) in [(63, true), (64, true), (65, false)] {
        let facts = pieces(0..count, |fact| format!("[[fact]]\nid = \"f{fact}\"\ntype = \"yes-no\"\n"));
        let rules = pieces(0..count, |fact| requirement(fact, &format!("f{fact}")));
        let logs = logs(&["k0"], |place, entry| {
            entry.facts.insert(format!("f{}", place * 3), Value::Bool(place % 2 == 0));
            entry.facts.insert(format!("f{}", count - 1), Value::Bool(place % 3 == 0));
        });
        let agreement = agreement(&(facts + &kind(0)), &rules);
        assert_eq!(is_compiled_and_holds(&agreement, &logs), has_room, "{count} facts");
    }
}

#[test]
fn sixty_four_questions_of_a_fact_have_room_and_one_more_is_read_plainly() {
    for (count, has_room) in [(63, true), (64, true), (65, false)] {
        let fact = "[[fact]]\nid = \"alder\"\ntype = \"number\"\n";
        let rules = pieces(0..count, |limit| requirement(limit, &format!("alder > {limit}")));
        let logs = logs(&["k0"], |place, entry| {
            let age = [0, 1, 35, 62, 63, 64, 65, 90][place % 8].to_string();
            entry.facts.insert("alder".to_owned(), Value::from_number_text(&age));
        });
        let agreement = agreement(&(fact.to_owned() + &kind(0)), &rules);
        assert_eq!(is_compiled_and_holds(&agreement, &logs), has_room, "{count} questions");
    }
}

#[test]
fn a_hundred_and_twenty_eight_questions_of_fields_have_room_and_one_more_is_read_plainly() {
    for (count, has_room) in [(127, true), (128, true), (129, false)] {
        let rules = pieces(0..count, |limit| requirement(limit, &format!("body antall > {limit}")));
        let logs = logs(&["k0"], |place, entry| {
            let said = [0, 1, 63, 64, 65, 126, 127, 128, 190][place % 9].to_string();
            entry.body = Some([("antall".to_owned(), Value::from_number_text(&said))].into());
        });
        let agreement = agreement(&kind(0), &rules);
        assert_eq!(is_compiled_and_holds(&agreement, &logs), has_room, "{count} questions");
    }
}
