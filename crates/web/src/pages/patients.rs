//! What patients are called to somebody: their names where the policy shows them, and else their stays' names.

use std::collections::{BTreeMap, BTreeSet};

use samspill_agreement::model::Language;
use samspill_service::{access::Involvement, audit::persons::Person};

use super::{Frame, fill, words::words};
use crate::{App, Refused};

words! {
    /// Words about patients.
    PatientWords {
        protected: "Navnet er skjermet" | "Namnet er skjerma" | "Name protected",
        born: "født {date}" | "fødd {date}" | "born {date}",
    }
}

/// Patients by the ids that the log calls them by.
#[derive(Default)]
pub(super) struct Patients(BTreeMap<String, Person>);

/// What a stay is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Called {
    /// The patient's name, or the stay's.
    pub(super) title: String,
    /// Birth date and the stay's name; empty where the title says it all.
    pub(super) sub: String,
}

/// What stands where a name is protected.
pub(super) fn protected_name(language: Language) -> &'static str {
    PatientWords::of(language).protected
}

impl Patients {
    /// The patients with these ids.
    pub(super) async fn of(app: &App, ids: &BTreeSet<String>) -> Result<Self, Refused> {
        let known = app.parts().people_register.names_of(ids).await.map_err(Refused::failed)?;
        Ok(Self(known))
    }

    /// Ids of patients of this name or number, so many at the most.
    pub(super) async fn find(app: &App, typed: &str, limit: usize) -> Result<BTreeSet<String>, Refused> {
        let found = app.parts().people_register.find(typed, limit).await.map_err(Refused::failed)?;
        Ok(found.into_iter().map(|person| person.id).collect())
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
                Called { title: known.name(), sub }
            }
            Some(_) => Called { title: w.protected.to_owned(), sub: case.clone() },
            None => Called { title: case.clone(), sub: String::new() },
        }
    }
}
