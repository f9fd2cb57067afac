//! The agreements of the community and the laws of their shelf.

use std::sync::Arc;

use samspill_agreement::{
    Uses, load,
    model::{Agreement, Version},
};
use samspill_service::projections::Agreements;
use samspill_shelf::Found;

/// Everything that can be read.
#[derive(Debug)]
pub(super) struct Library {
    /// The agreements, then the laws, each in the order of its shelf.
    pub(super) works: Vec<Work>,
}

/// An agreement or a law.
#[derive(Debug)]
pub(super) struct Work {
    /// Its versions.
    pub(super) agreement: Agreement,
    /// Its files, where it is one of the community's agreements: then it can be changed.
    pub(super) found: Option<Found>,
}

impl Library {
    /// What the agreements were read from, and the laws beside them. A law with mistakes is left out: the agreements that use it say so.
    pub(super) fn of(agreements: &Agreements) -> Self {
        let own = agreements.all().iter().zip(agreements.found());
        let own =
            own.map(|(agreement, found)| Work { agreement: agreement.clone(), found: Some(found.clone()) });
        let mut works: Vec<Work> = own.collect();
        if let Some(found) = agreements.found().first() {
            let mut names = found.shelf.law_names();
            names.sort_unstable();
            let laws = names.iter().filter_map(|name| load(found.shelf.law(name)?, &found.shelf).agreement);
            works.extend(laws.map(|agreement| Work { agreement, found: None }));
        }
        Self { works }
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
    /// The version of this name.
    pub(super) fn version(&self, name: &str) -> Option<Arc<Version>> {
        self.agreement.versions.iter().find(|version| version.version == name).cloned()
    }
}
