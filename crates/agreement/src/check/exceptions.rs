use std::collections::BTreeMap;

use super::satisfy::{Answer, can_all_hold};
use crate::{
    diagnostic::{Code, Report},
    model::{Condition, Exception, Fact, FactName, RuleId},
    source::Spot,
};

/// An exception, and the ones that it says it goes before.
pub(crate) struct StatedException {
    pub(crate) exception: Exception,
    pub(crate) before: Vec<RuleId>,
    pub(crate) spot: Spot,
}

/// Puts the exceptions of a duty into the order stated. Two that can both apply without an order are a mistake,
/// as is an order that runs in a circle; one that can never apply is worth a look.
pub(crate) fn in_order(
    stated: Vec<StatedException>,
    when: &Condition,
    facts: &BTreeMap<FactName, Fact>,
    report: &mut Report,
) -> Option<Vec<Exception>> {
    let goes_before = closure(&stated);
    let mut fine = check_circles(&stated, &goes_before, report);
    for exception in &stated {
        check_can_hold(exception, when, facts, report);
    }
    for first in 0..stated.len() {
        for second in first + 1..stated.len() {
            if !goes_before[first][second] && !goes_before[second][first] {
                fine &= check_pair(&stated[first], &stated[second], when, facts, report);
            }
        }
    }
    fine.then(|| sorted(stated, &goes_before))
}

/// Which exception goes before which, also by way of others.
fn closure(stated: &[StatedException]) -> Vec<Vec<bool>> {
    let mut before: Vec<Vec<bool>> = stated
        .iter()
        .map(|one| stated.iter().map(|other| one.before.contains(&other.exception.id)).collect())
        .collect();
    for through in 0..stated.len() {
        for from in 0..stated.len() {
            for to in 0..stated.len() {
                before[from][to] |= before[from][through] && before[through][to];
            }
        }
    }
    before
}

fn check_circles(stated: &[StatedException], goes_before: &[Vec<bool>], report: &mut Report) -> bool {
    let circular = (0..stated.len()).find(|place| goes_before[*place][*place]);
    if let Some(place) = circular {
        let id = &stated[place].exception.id;
        report
            .error(
                Code::Cycle,
                stated[place].spot,
                format!("by way of `before`, the exception \"{id}\" goes before itself"),
            )
            .help("remove one of the `before` in the circle");
    }
    circular.is_none()
}

fn check_can_hold(
    stated: &StatedException,
    when: &Condition,
    facts: &BTreeMap<FactName, Fact>,
    report: &mut Report,
) {
    let exception = &stated.exception;
    if can_all_hold(&[&exception.when, when], facts) == Answer::No {
        report
            .warning(
                Code::NeverHolds,
                stated.spot,
                format!(
                    "the exception \"{}\" can never apply: {}",
                    exception.id,
                    reason(exception, when, facts)
                ),
            )
            .help(Code::NeverHolds.mend());
    }
}

fn reason(exception: &Exception, when: &Condition, facts: &BTreeMap<FactName, Fact>) -> String {
    if can_all_hold(&[&exception.when], facts) == Answer::No {
        format!("`{}` never holds", exception.when)
    } else {
        format!("`{}` never holds while the duty's own `{when}` does", exception.when)
    }
}

fn check_pair(
    first: &StatedException,
    second: &StatedException,
    when: &Condition,
    facts: &BTreeMap<FactName, Fact>,
    report: &mut Report,
) -> bool {
    let (one, other) = (&first.exception, &second.exception);
    match can_all_hold(&[&one.when, &other.when, when], facts) {
        Answer::No => true,
        Answer::Yes => {
            report
                .error(
                    Code::UnorderedExceptions,
                    second.spot,
                    format!(
                        "the exceptions \"{}\" and \"{}\" can both apply, and nothing says which goes first",
                        one.id, other.id
                    ),
                )
                .help(format!("add before = [\"{}\"] to \"{}\", or the other way round", other.id, one.id))
                .related(first.spot, "the other exception is here");
            false
        }
        Answer::TooMany => {
            report
                .warning(
                    Code::TooManyToCheck,
                    second.spot,
                    format!(
                        "whether \"{}\" and \"{}\" can both apply hangs on too many things to try",
                        one.id, other.id
                    ),
                )
                .help(Code::TooManyToCheck.mend());
            true
        }
    }
}

/// The order stated; otherwise that of the file.
fn sorted(stated: Vec<StatedException>, goes_before: &[Vec<bool>]) -> Vec<Exception> {
    let mut left: Vec<usize> = (0..stated.len()).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let free =
            left.iter().position(|place| !left.iter().any(|other| goes_before[*other][*place])).unwrap_or(0);
        order.push(left.remove(free));
    }
    let mut by_place: Vec<Option<Exception>> =
        stated.into_iter().map(|stated| Some(stated.exception)).collect();
    order.into_iter().filter_map(|place| by_place[place].take()).collect()
}
