//! The agreements of the community and the laws of their shelf.

use std::sync::Arc;

use samspill_agreement::{
    Uses, load,
    model::{Agreement, Version},
};
use samspill_service::projections::Agreements;
use samspill_shelf::{Found, find, shipped};

/// Everything that can be read.
#[derive(Debug)]
pub(super) struct Library {
    /// The agreements, then those of others, then the laws, each in the order of its shelf.
    pub(super) works: Vec<Work>,
}

/// An agreement or a law.
#[derive(Debug)]
pub(super) struct Work {
    /// Whose it is.
    pub(super) sort: Sort,
    /// Its versions.
    pub(super) agreement: Agreement,
    /// Its files, where it is one of the community's agreements: then it can be changed.
    pub(super) found: Option<Found>,
}

/// What a work is to the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// An agreement that its cases are read against.
    Own,
    /// A shipped agreement of others, to read and to compare with.
    Elsewhere,
    /// A law, or values of one.
    Law,
}

impl Library {
    /// What the agreements were read from, the agreements of others that are shipped, and the laws beside them. What has mistakes of these
    /// is left out: the agreements that use it say so.
    pub(super) fn of(agreements: &Agreements) -> Self {
        let own = agreements.all().iter().zip(agreements.found());
        let own = own.map(|(agreement, found)| Work {
            sort: Sort::Own,
            agreement: agreement.clone(),
            found: Some(found.clone()),
        });
        let mut works: Vec<Work> = own.collect();
        let is_own = |agreement: &Agreement| works.iter().any(|work| work.agreement.id == agreement.id);
        let shipped = shipped().into_iter().filter_map(|name| find(&name).ok()).flatten();
        let others: Vec<Agreement> =
            shipped.filter_map(|it| it.load().agreement).filter(|it| !is_own(it)).collect();
        works.extend(others.into_iter().map(|it| Work::kept(Sort::Elsewhere, it)));
        if let Some(found) = agreements.found().first() {
            let mut names = found.shelf.law_names();
            names.sort_unstable();
            let laws = names.iter().filter_map(|name| load(found.shelf.law(name)?, &found.shelf).agreement);
            works.extend(laws.map(|it| Work::kept(Sort::Law, it)));
        }
        Self { works }
    }

    /// Those of a sort.
    pub(super) fn of_sort(&self, sort: Sort) -> impl Iterator<Item = &Work> {
        self.works.iter().filter(move |work| work.sort == sort)
    }

    /// What a work can be compared with: agreements with agreements, and laws with laws.
    pub(super) fn beside<'l>(&'l self, work: &'l Work) -> impl Iterator<Item = &'l Work> {
        let is_law = |work: &Work| work.sort == Sort::Law;
        let others = self.works.iter().filter(|other| other.agreement.id != work.agreement.id);
        others.filter(move |other| is_law(other) == is_law(work))
    }

    /// The one of this id.
    pub(super) fn work(&self, id: &str) -> Option<&Work> {
        self.works.iter().find(|work| work.agreement.id.as_str() == id)
    }

    /// A version: `2023-06-01` of the work itself, or `hmr@2021-01-01` of another; the newest where only a work is named.
    pub(super) fn version(&self, own: &Work, named: &str) -> Option<Arc<Version>> {
        if let Some(version) = own.version(named) {
            return Some(version);
        }
        let (id, version) = named.split_once('@').unwrap_or((named, ""));
        let work = self.work(id)?;
        if version.is_empty() { Some(Arc::clone(work.agreement.newest())) } else { work.version(version) }
    }
}

impl Work {
    /// What is read here and changed elsewhere.
    fn kept(sort: Sort, agreement: Agreement) -> Self {
        Self { sort, agreement, found: None }
    }

    /// The version of this name.
    pub(super) fn version(&self, name: &str) -> Option<Arc<Version>> {
        self.agreement.versions.iter().find(|version| version.version == name).cloned()
    }
}
