//! Random agreements, random logs: the compiled program says what the readable evaluator says.

use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestError, TestRunner},
};

use crate::{
    logs::{Reading, reading},
    parts::{AgreementParts, LogParts, agreements, logs},
    same::is_read_the_same_as,
    shapes::{Shape, shapes},
    versions::{loaded_once, written},
    words::vocabulary,
};

/// Logs for each agreement: to load one takes longer than to read many logs.
const LOGS: usize = 60;

#[test]
fn a_program_says_of_any_log_under_any_agreement_what_the_evaluator_says() {
    let usual = ProptestConfig::default();
    // As many agreements as a fraction of the usual cases: each has many logs.
    let cases = (usual.cases / 8).max(1);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        max_shrink_time: 90_000,
        ..usual
    };
    let mut runner = TestRunner::new(config);
    let result = runner.run(&(logs(LOGS), agreements(), shapes()), |(logs, agreement, shape)| {
        holds(&agreement, &logs, shape)
    });
    match result {
        Ok(()) => {}
        // The smallest failure is in the reason, written out; its seeds tell nobody anything.
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

fn holds(agreement: &AgreementParts, logs: &[LogParts], shape: Shape) -> Result<(), TestCaseError> {
    let files = written(agreement);
    let loaded = loaded_once(&files).map_err(|mistake| {
        let text = as_text(&files);
        TestCaseError::fail(format!("the generator wrote a wrong agreement: {mistake}\n{text}"))
    })?;
    let words = vocabulary();
    let readings: Vec<Reading> = logs
        .iter()
        .zip(1..)
        .map(|(parts, number)| reading(parts, &words, &format!("sak-{number}")))
        .collect();
    is_read_the_same_as(&loaded, &readings, shape)
        .map_err(|difference| TestCaseError::fail(format!("{shape:?}: {difference}\n{}", as_text(&files))))
}

fn as_text(files: &[(String, String)]) -> String {
    let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
    texts.join("\n# ---- the next version\n")
}
