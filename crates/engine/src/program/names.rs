//! The numbers that verdicts use for duties, rules and meters.

use std::collections::BTreeMap;

use samspill_agreement::model::{Agreement, DutyId, MeterId, RuleId};

/// A duty of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyName {
    /// The version: a number of the agreement's versions.
    pub version: u32,
    /// The duty.
    pub id: DutyId,
}

/// A rule that findings are about, under the version that they follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// The version; `None` for what happened on days without one.
    pub version: Option<u32>,
    /// The rule.
    pub id: RuleId,
}

/// A meter of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterName {
    /// The version: a number of the agreement's versions.
    pub version: u32,
    /// The meter.
    pub id: MeterId,
}

/// All names of a program, and where they stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub duties: Vec<DutyName>,
    pub rules: Vec<RuleName>,
    pub meters: Vec<MeterName>,
    rule_numbers: BTreeMap<(Option<u32>, RuleId), u32>,
}

impl Names {
    pub(crate) fn of(agreement: &Agreement) -> Self {
        let mut names = Self::default();
        for (number, version) in (0..).zip(&agreement.versions) {
            for duty in &version.duties {
                names.duties.push(DutyName { version: number, id: duty.id.clone() });
                names.add_rule(number, RuleId::new(duty.id.as_str()));
                names.add_rules(number, duty.exceptions.iter().map(|exception| &exception.id));
            }
            for meter in &version.meters {
                names.meters.push(MeterName { version: number, id: meter.id.clone() });
                names.add_rule(number, RuleId::new(meter.id.as_str()));
                let marks = meter.contestable.iter().chain(&meter.provisional).map(|mark| &mark.id);
                let waivers = meter.waivers.iter().map(|waiver| &waiver.id);
                names.add_rules(number, marks.chain(waivers));
            }
            let requirements = version.requirements.iter().map(|rule| &rule.id);
            let windows = version.windows.iter().map(|rule| &rule.id);
            let contents = version.contents.iter().map(|rule| &rule.id);
            requirements.chain(windows).chain(contents).for_each(|id| names.add_rule(number, id.clone()));
            version.kinds.keys().for_each(|id| names.add_rule(number, RuleId::new(id.as_str())));
        }
        for kind in agreement.versions.iter().flat_map(|version| version.kinds.keys()) {
            names.add(None, RuleId::new(kind.as_str()));
        }
        names
    }

    fn add_rules<'i>(&mut self, version: u32, ids: impl Iterator<Item = &'i RuleId>) {
        for id in ids {
            self.add_rule(version, id.clone());
        }
    }

    fn add_rule(&mut self, version: u32, id: RuleId) {
        self.add(Some(version), id);
    }

    fn add(&mut self, version: Option<u32>, id: RuleId) {
        let next = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
        self.rule_numbers.entry((version, id.clone())).or_insert_with(|| {
            self.rules.push(RuleName { version, id });
            next
        });
    }

    /// The number of a duty of a version.
    pub(crate) fn duty(&self, version: u32, id: &str) -> Option<u32> {
        let is_it = |name: &DutyName| name.version == version && name.id.as_str() == id;
        self.duties.iter().position(is_it).and_then(|number| u32::try_from(number).ok())
    }

    /// The number of a meter of a version.
    pub(crate) fn meter(&self, version: u32, id: &str) -> Option<u32> {
        let is_it = |name: &MeterName| name.version == version && name.id.as_str() == id;
        self.meters.iter().position(is_it).and_then(|number| u32::try_from(number).ok())
    }

    /// The number of a rule of a version.
    pub(crate) fn rule(&self, version: Option<u32>, id: &RuleId) -> Option<u32> {
        self.rule_numbers.get(&(version, id.clone())).copied()
    }
}
