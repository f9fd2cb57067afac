//! Who is who: the directory, and the ends of a message.

use std::collections::BTreeMap;

use samspill_base::Value;
use samspill_formats::messages::types::{Message, Party, Unit};

use super::table::{End, Rule};

/// What is known of parties, by their HER-ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    listed: BTreeMap<String, Listed>,
}

/// A party in the directory: an organisation, or a unit of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// What the log calls it.
    pub name: String,
    /// The municipalities that it serves: one for a municipality's own service, several where municipalities share one, none for
    /// a hospital. A receiving party is not always the municipality that pays.
    pub municipalities: Vec<String>,
    /// Facts of every stay whose messages it sends, such as the field of care of a ward.
    pub facts: BTreeMap<String, Value>,
}

impl Directory {
    /// A directory of these.
    pub fn new(listed: impl IntoIterator<Item = (String, Listed)>) -> Self {
        Self { listed: listed.into_iter().collect() }
    }

    /// Who has this HER-id.
    pub fn get(&self, her_id: &str) -> Option<&Listed> {
        self.listed.get(her_id.trim())
    }

    /// The party: the innermost level that is listed.
    pub(super) fn find(&self, party: &Party) -> Option<&Listed> {
        party.levels.iter().rev().filter_map(her_id).find_map(|id| self.get(id))
    }

    /// What the log calls a party: its name here, or else its innermost HER-id as written, other id, or name.
    pub(crate) fn name_of(&self, party: &Party) -> Option<String> {
        let listed = self.find(party).map(|listed| listed.name.clone());
        let innermost = || party.levels.iter().rev();
        let her = || innermost().find_map(her_id).map(str::to_owned);
        let id = || innermost().flat_map(|unit| &unit.ids).map(|id| id.value.clone()).next();
        let name = || innermost().map(|unit| unit.name.clone()).find(|name| !name.is_empty());
        listed.or_else(her).or_else(id).or_else(name)
    }

    /// The one municipality that the party serves; none if it serves several, or nobody knows.
    pub(super) fn only_municipality(&self, party: &Party) -> Option<&str> {
        match self.find(party)?.municipalities.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

fn her_id(unit: &Unit) -> Option<&str> {
    unit.ids.iter().find(|id| id.kind.value == "HER").map(|id| id.value.trim())
}

/// The organisation, by which stays at the same hospital are known: its HER-id, else another id, else its name.
pub(super) fn institution(party: &Party) -> Option<String> {
    let unit = party.levels.first()?;
    let id = her_id(unit).or_else(|| unit.ids.first().map(|id| id.value.trim()));
    let name = || unit.name.trim().to_lowercase();
    Some(id.map_or_else(name, str::to_owned)).filter(|key| !key.is_empty())
}

/// The end of the message that the rule says is the hospital.
pub(super) fn hospital<'m>(message: &'m Message, rule: &Rule) -> Option<&'m Party> {
    Some(match rule.hospital? {
        End::Sender => &message.head.sender,
        End::Receiver => &message.head.receiver,
    })
}
