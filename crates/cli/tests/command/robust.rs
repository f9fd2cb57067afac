//! Whatever a log holds, it is read, written and explained without a panic.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use samspill_agreement::model::{Agreement, Language};
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_engine::{
    Dates, Engine,
    explain::{self, About},
    json::to_json,
    summary::Summary,
};

fn shipped(name: &str) -> Agreement {
    samspill_shelf::find(name).expect("shipped")[0].load().agreement.expect("without mistakes")
}

/// Times that matter: ordinary ones, the edges of calendars and of all instants.
fn times() -> impl Strategy<Value = Timestamp> {
    let start: Timestamp = "2024-03-25T00:00:00Z".parse().expect("a time");
    prop_oneof![
        20 => (0_i64..40_000).prop_map(move |minutes| start + SignedDuration::from_mins(minutes)),
        1 => Just(Timestamp::MIN),
        1 => Just(Timestamp::MAX),
        1 => Just("1900-01-01T00:00:00Z".parse().expect("a time")),
        1 => Just("2199-12-31T23:30:00Z".parse().expect("a time")),
        1 => Just("2013-06-01T10:00:00Z".parse().expect("a time")),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Empty),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| Value::from_number_text(&number.to_string())),
        Just(Value::text("kan-ta-imot")),
        Just(Value::text("kan-ikke-ta-imot")),
        Just(Value::text("9999-12-31")),
        Just(Value::text("2024-04-02")),
        ".{0,12}".prop_map(Value::text),
        Just(Value::List(vec![Value::Empty])),
    ]
}

fn entries(kinds: Vec<String>, facts: Vec<String>) -> impl Strategy<Value = Vec<Entry>> {
    let fields = vec!["svar", "fra", "problem", "gjelder", "punkt", "status"];
    let one = (
        prop::sample::select(kinds),
        times(),
        prop::option::of(times()),
        prop::option::of(times()),
        prop::collection::btree_map(prop::sample::select(facts), values(), 0..3),
        prop::option::of(prop::collection::btree_map(prop::sample::select(fields), values(), 0..3)),
    );
    prop::collection::vec(one, 0..20).prop_map(|drawn| {
        drawn
            .into_iter()
            .zip(1..)
            .map(|((kind, happened, received, recorded, facts, body), number)| {
                let mut entry = Entry::new("sak", kind, Position(number), happened);
                entry.id = Some(format!("{}", number % 5));
                (entry.received, entry.recorded, entry.facts) = (received, recorded, facts);
                entry.body =
                    body.map(|body| body.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
                entry
            })
            .collect()
    })
}

fn read_and_tell(agreement: &Agreement, log: &CaseLog, as_of: Timestamp) {
    let mut summary = Summary::default();
    for dates in [Dates::InForce, Dates::NewestAlways] {
        let evaluation = Engine::new(agreement).with_dates(dates).evaluate(log, as_of);
        summary.add(&evaluation);
        for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
            let about = About { agreement, language };
            assert!(to_json(agreement, &evaluation, language).is_object());
            for duty in &evaluation.duties {
                assert!(!explain::duty(&about, &evaluation, duty).is_empty());
            }
            for finding in &evaluation.findings {
                assert!(!explain::finding(&about, &evaluation, finding).is_empty());
            }
            for (meter, day) in evaluation
                .meters
                .iter()
                .flat_map(|meter| meter.days.iter().take(50).map(move |day| (meter, day)))
            {
                assert!(!explain::days(&about, &evaluation, meter, std::slice::from_ref(day)).is_empty());
            }
        }
    }
}

fn check(name: &str) {
    let agreement = shipped(name);
    let version = agreement.newest();
    let kinds: Vec<String> =
        version.kinds.keys().map(ToString::to_string).chain(["ukjent".to_owned()]).collect();
    let facts: Vec<String> =
        version.facts.keys().map(ToString::to_string).chain(["noe-annet".to_owned()]).collect();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(150));
    runner
        .run(&(entries(kinds, facts), times()), |(entries, as_of)| {
            read_and_tell(&agreement, &CaseLog { case: "sak".to_owned(), entries }, as_of);
            Ok(())
        })
        .expect("no panic");
}

#[test]
fn any_log_is_read_against_the_agreement_with_unn() {
    check("unn");
}

#[test]
fn any_log_is_read_against_the_agreement_with_hmr() {
    check("hmr");
}

#[test]
fn any_log_is_read_against_the_regulation() {
    check("forskrift-2011-11-18-1115");
}
