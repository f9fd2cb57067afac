//! The verdicts that a whole reading comes to: the definition of what a program must say.

use samspill_agreement::model::Agreement;

use super::{DayVerdict, DutyVerdict, FindingVerdict, MeterVerdict, Verdicts, names::Names};
use crate::{DutyReading, Evaluation, Finding, MeterReading, SetAsideWhy};

/// Adds the verdicts of a reading.
pub(crate) fn reduce(agreement: &Agreement, names: &Names, evaluation: &Evaluation, into: &mut Verdicts) {
    let reducer = Reducer { agreement, names };
    into.duties.extend(evaluation.duties.iter().filter_map(|duty| reducer.duty(duty)));
    into.findings.extend(evaluation.findings.iter().filter_map(|finding| reducer.finding(finding)));
    for meter in &evaluation.meters {
        into.meters.extend(reducer.meter(meter));
        into.days.extend(meter.days.iter().map(|day| DayVerdict {
            date: day.date,
            status: day.status,
            is_final: day.is_final,
            number: day.number,
            amount: day.amount,
        }));
    }
    let unknown = evaluation.set_aside.iter().filter(|aside| aside.why == SetAsideWhy::UnknownKind);
    into.unknown_kinds.extend(unknown.map(|aside| aside.position));
    into.version = reducer.version(&evaluation.version).unwrap_or(0);
}

struct Reducer<'r> {
    agreement: &'r Agreement,
    names: &'r Names,
}

impl Reducer<'_> {
    fn version(&self, called: &str) -> Option<u32> {
        let is_it = |version: &std::sync::Arc<samspill_agreement::model::Version>| version.version == called;
        self.agreement.versions.iter().position(is_it).and_then(|number| u32::try_from(number).ok())
    }

    fn duty(&self, duty: &DutyReading) -> Option<DutyVerdict> {
        Some(DutyVerdict {
            duty: self.names.duty(self.version(&duty.version)?, duty.duty.as_str())?,
            trigger: duty.trigger.position,
            triggered: duty.triggered,
            due: duty.due,
            status: duty.status,
            fulfilled: duty.fulfilled.as_ref().map(|entry| (entry.position, entry.at)),
            closed: duty.closed.as_ref().map(|entry| (entry.position, entry.at)),
        })
    }

    fn finding(&self, finding: &Finding) -> Option<FindingVerdict> {
        Some(FindingVerdict {
            rule: self.names.rule(self.version(&finding.version), &finding.rule)?,
            effect: finding.effect,
            entry: finding.entry.as_ref().map(|entry| entry.position),
            at: finding.at,
        })
    }

    fn meter(&self, meter: &MeterReading) -> Option<MeterVerdict> {
        Some(MeterVerdict {
            meter: self.names.meter(self.version(&meter.version)?, meter.meter.as_str())?,
            count: meter.count,
            amount: meter.amount,
            payer: meter.payer.clone(),
            days: u32::try_from(meter.days.len()).unwrap_or(u32::MAX),
            waivers: u32::try_from(meter.waived_by.len()).unwrap_or(u32::MAX),
        })
    }
}
