//! Parts of a meter that hang on facts nobody has given.

use std::collections::{BTreeMap, BTreeSet};

use samspill_agreement::model::{FactName, RuleId};
use samspill_base::ClauseRef;

use crate::condition::Verdict;

/// What was asked and couldn't be decided, by rule.
#[derive(Debug, Default)]
pub(crate) struct Undecided {
    pub rules: BTreeMap<RuleId, (ClauseRef, BTreeSet<FactName>)>,
}

impl Undecided {
    /// Whether the verdict is yes. An undecided one is no, and is kept.
    pub(crate) fn is_yes(&mut self, rule: &str, clause: &ClauseRef, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Yes => true,
            Verdict::No => false,
            Verdict::Undecided(facts) => {
                let (_, missing) =
                    self.rules.entry(rule.into()).or_insert_with(|| (clause.clone(), BTreeSet::new()));
                missing.extend(facts);
                false
            }
        }
    }
}
