use std::collections::BTreeMap;

use super::{
    Spotted,
    satisfy::{Answer, can_all_hold},
};
use crate::{
    diagnostic::{Code, Report},
    model::{Condition, Duty, Fact, FactName, KindId},
};

/// Duties that ask the same of the same party after the same event, with different limits.
pub(super) fn check_conflicts(
    duties: &[Spotted<Duty>],
    facts: &BTreeMap<FactName, Fact>,
    report: &mut Report,
) {
    let mut alike: BTreeMap<String, Vec<&Spotted<Duty>>> = BTreeMap::new();
    for duty in duties {
        alike.entry(what_it_asks(&duty.item)).or_default().push(duty);
    }
    for group in alike.values() {
        for (place, first) in group.iter().enumerate() {
            for second in &group[place + 1..] {
                check_pair(first, second, facts, report);
            }
        }
    }
}

/// Who must send what after what, whatever the order in which lists are written.
fn what_it_asks(duty: &Duty) -> String {
    let sorted = |kinds: &[KindId]| {
        let mut names: Vec<&str> = kinds.iter().map(KindId::as_str).collect();
        names.sort_unstable();
        names.join("|")
    };
    format!(
        "{} must {} where {} after {}",
        duty.holder,
        sorted(&duty.must),
        duty.must_where,
        sorted(&duty.after)
    )
}

fn check_pair(
    first: &Spotted<Duty>,
    second: &Spotted<Duty>,
    facts: &BTreeMap<FactName, Fact>,
    report: &mut Report,
) {
    if first.item.deadline.rule == second.item.deadline.rule
        && first.item.deadline.given == second.item.deadline.given
    {
        return;
    }
    let conditions: [&Condition; 2] = [&first.item.when, &second.item.when];
    match can_all_hold(&conditions, facts) {
        Answer::No => {}
        Answer::Yes => {
            let message = format!(
                "\"{}\" and \"{}\" ask the same, one within {}, the other within {}",
                first.item.id, second.item.id, first.item.deadline, second.item.deadline
            );
            report
                .warning(Code::DutiesConflict, second.spot, message)
                .help(Code::DutiesConflict.mend())
                .related(first.spot, "the other duty is here");
        }
        Answer::TooMany => {
            let message = format!(
                "whether \"{}\" and \"{}\" can both apply hangs on too many things to try",
                first.item.id, second.item.id
            );
            report.warning(Code::TooManyToCheck, second.spot, message).help(Code::TooManyToCheck.mend());
        }
    }
}
