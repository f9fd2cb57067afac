//! What the agreements call things, in the reader's language. What they don't know is called by its id.

use std::sync::Arc;

use samspill_agreement::model::{Agreement, Language, Text, Version};
use samspill_service::projections::Agreements;

/// Names by the agreements of the community.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    agreements: &'a Agreements,
    language: Language,
}

/// Names by one version of an agreement, and then by its others.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    agreement: Option<&'a Agreement>,
    version: Option<&'a Version>,
    language: Language,
}

impl<'a> Names<'a> {
    /// Names by these agreements.
    pub fn new(agreements: &'a Agreements, language: Language) -> Self {
        Self { agreements, language }
    }

    /// The agreements.
    pub fn agreements(&self) -> &'a Agreements {
        self.agreements
    }

    /// The agreement with this id; the only one where there is one.
    pub fn agreement(&self, id: Option<&str>) -> Option<&'a Agreement> {
        match (self.agreements.all(), id) {
            ([only], _) => Some(only),
            (several, Some(id)) => several.iter().find(|agreement| agreement.is_called(id)),
            (several, None) => several.first(),
        }
    }

    /// Names by a version of an agreement, as rows and readings name them.
    pub fn of(&self, agreement: Option<&str>, version: &str) -> Named<'a> {
        let agreement = self.agreement(agreement);
        let named = |it: &'a Agreement| it.versions.iter().find(|known| known.version == version);
        let version = agreement.map(|it| named(it).unwrap_or_else(|| it.newest()));
        Named { agreement, version: version.map(Arc::as_ref), language: self.language }
    }

    /// Names by the newest version.
    pub fn newest(&self, agreement: Option<&str>) -> Named<'a> {
        self.of(agreement, "")
    }
}

impl<'a> Named<'a> {
    /// The version.
    pub fn version(&self) -> Option<&'a Version> {
        self.version
    }

    /// The agreement.
    pub fn agreement(&self) -> Option<&'a Agreement> {
        self.agreement
    }

    /// What a kind of entry is called, also by another name that logs use.
    pub fn kind<'n>(&self, kind: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.find(|version| version.kind_called(kind).map(|kind| &kind.name)).unwrap_or(kind)
    }

    /// What a duty is called.
    pub fn duty<'n>(&self, duty: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.find(|version| version.duty(duty).map(|duty| &duty.name)).unwrap_or(duty)
    }

    /// What a duty says, in a sentence; empty where it isn't known.
    pub fn duty_says(&self, duty: &str) -> &'a str {
        self.find(|version| version.duty(duty).map(|duty| &duty.says)).unwrap_or_default()
    }

    /// What a phase is called.
    pub fn phase<'n>(&self, phase: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let find = |version: &'a Version| version.phases.iter().find(|it| it.id.as_str() == phase);
        self.find(|version| find(version).map(|phase| &phase.name)).unwrap_or(phase)
    }

    /// What a party is called in its role.
    pub fn party<'n>(&self, party: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.find(|version| version.parties.get(party).map(|party| &party.name)).unwrap_or(party)
    }

    /// What a meter is called.
    pub fn meter<'n>(&self, meter: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let find = |version: &'a Version| version.meters.iter().find(|it| it.id.as_str() == meter);
        self.find(|version| find(version).map(|meter| &meter.name)).unwrap_or(meter)
    }

    /// What a field of a kind's body is called. Health information takes fields of messages along that its own kind doesn't list: they are
    /// called what the first kind that lists them calls them.
    pub fn field<'n>(&self, kind: &str, field: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let find =
            |version: &'a Version| version.kind_called(kind)?.fields.get(field).map(|field| &field.name);
        let anywhere = |version: &'a Version| {
            version.kinds.values().find_map(|kind| kind.fields.get(field)).map(|field| &field.name)
        };
        self.find(find).or_else(|| self.find(anywhere)).unwrap_or(field)
    }

    /// What a fact is called.
    pub fn fact<'n>(&self, fact: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.find(|version| version.facts.get(fact).map(|fact| &fact.name)).unwrap_or(fact)
    }

    /// The text in its version, or else in the newest that has it.
    fn find(&self, find: impl Fn(&'a Version) -> Option<&'a Text>) -> Option<&'a str> {
        let others = self.agreement.into_iter().flat_map(|it| it.versions.iter().rev().map(Arc::as_ref));
        let text = self.version.into_iter().chain(others).find_map(find)?;
        Some(text.in_language(self.language))
    }
}
