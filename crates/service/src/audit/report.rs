use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_store::{AccessFilter, KeptAccess, NewAccess, StoreError};

use super::{Audit, words};

/// Who looked at what is kept of a patient, on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientReport {
    /// Each look, the newest first.
    pub lines: Vec<ReportLine>,
    /// How many there are.
    pub looks: u64,
}

/// That somebody looked, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// When.
    pub at: Timestamp,
    /// The name of who looked.
    pub who: String,
    /// The organisation, and the units of it.
    pub organisation: String,
    /// In which role.
    pub role: String,
    /// What was done.
    pub what: String,
    /// What for.
    pub purpose: String,
    /// Why it was allowed.
    pub ground: String,
}

/// Rows that are read at a time.
const AT_ONCE: usize = 1000;

impl Audit {
    /// A patient's report, from the ids that the log has for them and the stays that are theirs. What was refused isn't in it: then
    /// nobody saw anything. Neither are lists, which don't say who stood in them.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn report(
        &self,
        persons: &BTreeSet<String>,
        cases: &BTreeSet<String>,
        language: Language,
    ) -> Result<PatientReport, StoreError> {
        let mut rows = BTreeMap::new();
        for person in persons {
            let person = Some(self.register.key_of(person));
            self.gather(AccessFilter { person, ..AccessFilter::default() }, &mut rows).await?;
        }
        for case in cases {
            let case = Some(case.clone());
            self.gather(AccessFilter { case, ..AccessFilter::default() }, &mut rows).await?;
        }
        let lines: Vec<_> = rows.into_values().rev().map(|access| line(access, language)).collect();
        Ok(PatientReport { looks: u64::try_from(lines.len()).unwrap_or(u64::MAX), lines })
    }

    /// Adds all rows that fit and weren't refused.
    async fn gather(
        &self,
        filter: AccessFilter,
        rows: &mut BTreeMap<u64, NewAccess>,
    ) -> Result<(), StoreError> {
        let filter = AccessFilter { is_refused: Some(false), ..filter };
        let mut before = None;
        loop {
            let found = self.store.accesses(&self.community, &filter, before, AT_ONCE).await?;
            before = found.last().map(|kept| kept.number);
            rows.extend(found.into_iter().map(|KeptAccess { number, access }| (number, access)));
            if before.is_none() {
                return Ok(());
            }
        }
    }
}

fn line(access: NewAccess, language: Language) -> ReportLine {
    let organisation = [access.party, access.unit].into_iter().filter(|part| !part.is_empty());
    ReportLine {
        at: access.at,
        who: access.name,
        organisation: organisation.collect::<Vec<_>>().join(", "),
        role: words::role(&access.role, language).to_owned(),
        what: words::action(&access.action, language).to_owned(),
        purpose: words::purpose(&access.purpose, language).to_owned(),
        ground: words::rule(&access.rule, language).to_owned(),
    }
}
