use std::collections::BTreeMap;

use super::Spotted;
use crate::{
    diagnostic::{Code, Report},
    model::{Duty, Kind, KindId, PartyId, Phase, PhaseId},
    source::Spot,
};

/// Duties that fall on somebody who can't fulfil them, and duties that nothing can trigger.
pub(super) fn check_senders(duties: &[Spotted<Duty>], kinds: &BTreeMap<KindId, Kind>, report: &mut Report) {
    for Spotted { item: duty, spot } in duties {
        let must: Vec<&Kind> = duty.must.iter().filter_map(|kind| kinds.get(kind)).collect();
        let may = must.iter().any(|kind| kind.from.contains(&duty.holder));
        if !may && must.len() == duty.must.len() {
            let senders: Vec<&str> = must.iter().flat_map(|kind| &kind.from).map(PartyId::as_str).collect();
            let help = if senders.is_empty() {
                "nobody may send it: add senders to `from` of the [[kind]]".to_owned()
            } else {
                format!(
                    "it comes from {}: correct `who`, or add \"{}\" to `from` of the [[kind]]",
                    senders.join(", "),
                    duty.holder
                )
            };
            let message = format!(
                "\"{}\" falls on \"{}\", who may not send {}",
                duty.id,
                duty.holder,
                listed(&duty.must)
            );
            report.error(Code::MayNotSend, *spot, message).help(help);
        }
        let silent = duty.after.iter().all(|kind| kinds.get(kind).is_some_and(|kind| kind.from.is_empty()));
        if silent {
            report
                .warning(
                    Code::NeverTriggered,
                    *spot,
                    format!("\"{}\" can never arise: nobody sends {}", duty.id, listed(&duty.after)),
                )
                .help(Code::NeverTriggered.mend());
        }
    }
}

/// Phases without an end.
pub(super) fn check_phases(phases: &[Phase], spots: &BTreeMap<PhaseId, Spot>, report: &mut Report) {
    for phase in phases.iter().filter(|phase| phase.until.is_empty()) {
        if let Some(spot) = spots.get(&phase.id) {
            report
                .warning(Code::PhaseNeverEnds, *spot, format!("the phase \"{}\" never ends", phase.id))
                .help("name what ends it: until = [\"…\"]");
        }
    }
}

fn listed(kinds: &[KindId]) -> String {
    kinds.iter().map(|kind| format!("\"{kind}\"")).collect::<Vec<_>>().join(" or ")
}
