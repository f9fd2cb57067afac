//! What patients are called to somebody: their names where the policy shows them, and else their stays' names.
#![expect(clippy::unused_async, reason = "the store of people answers in its own time")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use samspill_service::access::Involvement;

use super::{Frame, fill, words::words};
use crate::{App, Refused};

words! {
    /// Words about patients.
    PatientWords {
        protected: "Navnet er skjermet" | "Namnet er skjerma" | "Name protected",
        born: "født {date}" | "fødd {date}" | "born {date}",
    }
}

/// What is known of a patient, as far as pages show it.
#[derive(Clone)]
struct Known {
    name: String,
    born: Option<Date>,
}

/// Patients by the ids that the log calls them by.
#[derive(Clone, Default)]
pub(super) struct Patients(BTreeMap<String, Known>);

/// What a stay is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Called {
    /// The patient's name, or the stay's.
    pub(super) title: String,
    /// Birth date and the stay's name; empty where the title says it all.
    pub(super) sub: String,
}

impl Patients {
    /// The patients with these ids.
    pub(super) async fn of(_app: &App, _ids: &BTreeSet<String>) -> Result<Self, Refused> {
        Ok(Self::default())
    }

    /// Ids of patients of this name or number, so many at the most.
    pub(super) async fn find(_app: &App, _typed: &str, _limit: usize) -> Result<BTreeSet<String>, Refused> {
        Ok(BTreeSet::new())
    }

    /// What a stay is called to the reader.
    pub(super) fn called<'i>(
        &self,
        frame: &Frame,
        involvement: &Involvement,
        ids: impl IntoIterator<Item = &'i String>,
    ) -> Called {
        let case = &involvement.case;
        let w = PatientWords::of(frame.language());
        match ids.into_iter().find_map(|id| self.0.get(id)) {
            Some(known) if frame.signed.shown(involvement).name => {
                let born = known.born.map(|day| fill(w.born, &[("date", &frame.clock().full_date(day))]));
                let sub = born.map_or_else(|| case.clone(), |born| format!("{born} · {case}"));
                Called { title: known.name.clone(), sub }
            }
            Some(_) => Called { title: w.protected.to_owned(), sub: case.clone() },
            None => Called { title: case.clone(), sub: String::new() },
        }
    }
}
