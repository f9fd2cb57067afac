//! However many threads read a log, and in however many parts: the same bytes, and those of reading case by case.

use std::{convert::Infallible, num::NonZeroUsize};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use samspill_agreement::{SourceFile, VersionSources, load, model::Agreement};
use samspill_base::{CaseLog, Columns, Entry, Position, Value};
use samspill_batch::{Threads, read_sets, stream_sets, summarise};
use samspill_engine::{
    Dates, Engine,
    program::{Program, Verdicts},
    summary::Summary,
};

/// Two versions of an agreement with a duty, a requirement and a meter whose days can follow either.
fn agreement() -> Agreement {
    let version = |from: &str| VersionSources {
        folder_name: from.to_owned(),
        files: vec![SourceFile::new(format!("{from}/agreement.toml"), rules(from))],
    };
    let outcome = load(vec![version("2020-01-01"), version("2020-01-15")], &());
    let mistakes: Vec<_> = outcome.diagnostics.iter().map(|mistake| &mistake.message).collect();
    outcome.agreement.unwrap_or_else(|| panic!("the test's agreement is wrong: {mistakes:#?}"))
}

fn rules(from: &str) -> String {
    format!(
        r#"
        agreement = {{ id = "fjord", name = "Fjord", in_force = {from} }}
        calendar = {{ zone = "Europe/Oslo" }}
        party = [{{ id = "sykehus", name = "Sykehuset" }}, {{ id = "kommune", name = "Kommunen" }}]
        kind = [
          {{ id = "klar", name = "Klar", type = "message", from = ["sykehus"], to = ["kommune"] }},
          {{ id = "svar", name = "Svar", type = "message", from = ["kommune"], to = ["sykehus"] }},
          {{ id = "reist", name = "Reist", type = "event", from = ["sykehus"] }},
        ]
        [[duty]]
        id = "svare"
        clause = "§ 1"
        name = "Svare"
        says = "Kommunen svarer innen to dager."
        who = "kommune"
        must = "svar"
        after = "klar"
        within = "2 days"
        [[requires]]
        id = "klar-for-svar"
        clause = "§ 2"
        says = "Et svar følger en melding."
        of = "svar"
        needs = ["klar"]
        effect = "warn"
        [[meter]]
        id = "dogn"
        clause = "§ 3"
        name = "Døgn"
        says = "Døgn telles fra meldingen til pasienten reiser."
        counts = "days"
        liable_clause = "§ 3"
        rate = "100.00"
        from = {{ kinds = ["klar"], first_day = "next day", clause = "§ 3" }}
        until = [{{ kinds = ["reist"], last = "day before", effect = "ends", clause = "§ 3" }}]
        "#
    )
}

fn day(number: i64) -> Timestamp {
    "2020-01-10T09:00:00+01:00".parse::<Timestamp>().expect("a time")
        + SignedDuration::from_hours(24 * number)
}

prop_compose! {
    fn case()(entries in prop::collection::vec((0..4_usize, -3_i64..20), 0..6), own in prop::option::of(0_i64..12)) -> CaseLog {
        let mut case = CaseLog::default();
        for (kind, at) in entries {
            let kind = ["klar", "svar", "reist", "noe-annet"][kind];
            let mut entry = Entry::new("", kind, Position(0), day(at));
            entry.facts.insert("fag".to_owned(), Value::text("soma"));
            case.entries.push(entry);
        }
        if let (Some(first), Some(own)) = (case.entries.first_mut(), own) {
            first.as_of = Some(day(own));
        }
        case
    }
}

fn numbered(mut cases: Vec<CaseLog>) -> Vec<CaseLog> {
    let mut position = 0;
    cases.retain(|case| !case.entries.is_empty());
    for (number, case) in cases.iter_mut().enumerate() {
        case.case = number.to_string();
        for entry in &mut case.entries {
            position += 1;
            entry.case.clone_from(&case.case);
            entry.position = Position(position);
        }
    }
    cases
}

fn threads(number: usize) -> Threads {
    Threads::new(NonZeroUsize::new(number).expect("at least one"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_number_of_threads_and_parts_gives_what_case_by_case_gives(cases in prop::collection::vec(case(), 1..60)) {
        let agreement = agreement();
        let program = Program::compile(&agreement, Dates::InForce);
        let (cases, as_of) = (numbered(cases), day(30));
        let columns = Columns::of_cases(&cases);
        let batch = program.bind(&columns);
        let width = program.sets().width();

        let mut expected = Summary::default();
        for case in &cases {
            let as_of = case.as_of().unwrap_or(as_of);
            expected.add(&Engine::new(&agreement).evaluate(case, as_of));
        }
        prop_assert_eq!(expected.cases, cases.len() as u64);
        for id in ["svare", "dogn"] {
            let part = program.clone().only(&[id]);
            let part = part.bind(&columns);
            let (mut whole, mut only) = (Verdicts::default(), Verdicts::default());
            for case in 0..batch.cases() {
                batch.read(case, as_of, &mut whole);
                part.read(case, as_of, &mut only);
                whole.findings.clear();
                whole.duties.retain(|duty| program.duties()[duty.duty as usize].id.as_str() == id);
                if id == "svare" {
                    whole.meters.clear();
                    whole.days.clear();
                }
                prop_assert_eq!(&only, &whole);
            }
        }
        let one_thread = read_sets(&batch, width, as_of, Threads::ONE);
        for number in [1, 2, 3, 7] {
            prop_assert_eq!(&summarise(&batch, as_of, threads(number)), &expected);
            prop_assert_eq!(&read_sets(&batch, width, as_of, threads(number)), &one_thread);

            let mut streamed = Vec::new();
            let parts = cases.chunks(4).map(Columns::of_cases);
            let outcome: Result<(), Infallible> = stream_sets(&program, parts, as_of, threads(number), |_, sets| {
                streamed.extend_from_slice(sets);
                Ok(())
            });
            prop_assert_eq!((outcome, &streamed), (Ok(()), &one_thread));
        }
    }
}
