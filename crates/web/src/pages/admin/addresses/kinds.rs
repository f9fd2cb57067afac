//! The kinds of entries that a party takes and sends, by the agreements as they are now.

use std::collections::BTreeMap;

use samspill_agreement::model::{FactType, Kind, Language, PartyId, Version};
use samspill_service::exchange::meaning::{Address, Fact};

use super::Words;
use crate::{App, pages::Choice};

/// The kinds, with their names.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    received: BTreeMap<String, String>,
    sent: BTreeMap<String, String>,
}

/// A kind, and the units that may take it or send it.
#[derive(Debug)]
pub(super) struct Way {
    /// What the form calls it.
    pub(super) field: String,
    pub(super) name: String,
    pub(super) units: Vec<Choice>,
}

/// A fact that a party says of the stays of its units, and what it may be.
#[derive(Debug)]
pub(super) struct UnitFact {
    pub(super) field: String,
    pub(super) name: String,
    pub(super) values: Vec<Choice>,
}

/// What fields for kinds that are taken begin with, those that are sent, and those of facts.
pub(super) const TAKES: &str = "tar-";
pub(super) const SENDS: &str = "sender-";
pub(super) const FACT: &str = "fakta-";

fn newest(app: &App) -> impl Iterator<Item = &Version> {
    app.parts().projections.agreements().all().iter().map(|agreement| &**agreement.newest())
}

impl Kinds {
    pub(super) fn of(app: &App, party: &Address, language: Language) -> Self {
        let role = party.role_id();
        let named = |ends: fn(&Kind) -> &[PartyId]| -> BTreeMap<String, String> {
            let kinds = newest(app).flat_map(|version| version.kinds.values());
            let own = kinds.filter(|kind| ends(kind).iter().any(|end| end.as_str() == role));
            own.map(|kind| (kind.id.to_string(), kind.name.in_language(language).to_owned())).collect()
        };
        Self { received: named(|kind| &kind.to), sent: named(|kind| &kind.from) }
    }

    /// What a kind is called.
    pub(super) fn name(&self, kind: &str) -> String {
        let found = self.received.get(kind).or_else(|| self.sent.get(kind));
        found.cloned().unwrap_or_else(|| kind.to_owned())
    }

    /// The kinds that are taken, with the units to choose from.
    pub(super) fn taken(&self, party: &Address, chosen: &BTreeMap<String, String>, w: &Words) -> Vec<Way> {
        ways(TAKES, &self.received, party, chosen, w)
    }

    /// The kinds that are sent.
    pub(super) fn sent(&self, party: &Address, chosen: &BTreeMap<String, String>, w: &Words) -> Vec<Way> {
        ways(SENDS, &self.sent, party, chosen, w)
    }
}

fn ways(
    prefix: &str,
    kinds: &BTreeMap<String, String>,
    party: &Address,
    chosen: &BTreeMap<String, String>,
    w: &Words,
) -> Vec<Way> {
    let one = |(kind, name): (&String, &String)| {
        let own = chosen.get(kind).map_or("", String::as_str);
        let usual = Choice::new("", w.as_usual, own);
        let units = party.open_services().map(|(does, unit)| Choice::new(does, unit.name.clone(), own));
        let units = std::iter::once(usual).chain(units).collect();
        Way { field: format!("{prefix}{kind}"), name: name.clone(), units }
    };
    let mut all: Vec<Way> = kinds.iter().map(one).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// The facts with some values to choose from that the party says of stays, of all of them or of those of a unit.
pub(super) fn facts(
    app: &App,
    party: &Address,
    chosen: &BTreeMap<String, String>,
    (language, w): (Language, &Words),
) -> Vec<UnitFact> {
    let mut all = BTreeMap::new();
    for fact in newest(app).flat_map(|version| version.facts.values()) {
        let name = fact.id.as_str();
        let FactType::OneOf(values) = &fact.fact_type else { continue };
        let is_said =
            party.facts.contains_key(name) || party.service_facts.values().any(|of| of.contains_key(name));
        if !is_said {
            continue;
        }
        let usual = match party.facts.get(name) {
            Some(Fact::Text(usual)) => format!("{} ({usual})", w.as_party),
            Some(Fact::Flag(_)) | None => w.not_said.to_owned(),
        };
        let own = chosen.get(name).map_or("", String::as_str);
        let values = values.iter().map(|value| Choice::new(value, value, own));
        let values = std::iter::once(Choice::new("", usual, own)).chain(values).collect();
        let label = fact.name.in_language(language).to_owned();
        all.entry(name.to_owned()).or_insert(UnitFact {
            field: format!("{FACT}{name}"),
            name: label,
            values,
        });
    }
    all.into_values().collect()
}
