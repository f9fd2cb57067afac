use jiff::Timestamp;

use crate::{Chance, faults::Plan, time::after};

/// What the clock of a node says: right, behind as the plan has it, or as far ahead.
pub(super) fn clock(plan: &Plan, seed: u64, node: &str, at: Timestamp) -> Timestamp {
    let behind = plan.clock(node, at);
    if behind == at {
        return at;
    }
    let day = u64::try_from(at.as_second() / 86_400).unwrap_or_default();
    let is_ahead = Chance::of(seed).branch("ahead").branch(node).nth(day).hits(400);
    if is_ahead { after(at, at.duration_since(behind)) } else { behind }
}
