use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};

/// An entry that is being put together; it becomes one when case, kind and time are there.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) case: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) times: [Option<Timestamp>; TimeField::COUNT],
    pub(crate) texts: [Option<String>; TextField::COUNT],
    pub(crate) facts: BTreeMap<String, Value>,
    pub(crate) body: Option<BTreeMap<String, Value>>,
}

/// The fields that hold a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeField {
    At,
    Sent,
    Received,
    Acknowledged,
    Recorded,
    AsOf,
}

impl TimeField {
    const COUNT: usize = 6;
    pub(crate) const ALL: [Self; Self::COUNT] =
        [Self::At, Self::Sent, Self::Received, Self::Acknowledged, Self::Recorded, Self::AsOf];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::At => "at",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Acknowledged => "acknowledged",
            Self::Recorded => "recorded",
            Self::AsOf => "as_of",
        }
    }

    pub(crate) fn of(self, entry: &Entry) -> Option<Timestamp> {
        match self {
            Self::At => Some(entry.happened),
            Self::Sent => entry.sent,
            Self::Received => entry.received,
            Self::Acknowledged => entry.acknowledged,
            Self::Recorded => entry.recorded,
            Self::AsOf => entry.as_of,
        }
    }
}

/// The optional fields that hold a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextField {
    Id,
    Person,
    From,
    To,
}

impl TextField {
    const COUNT: usize = 4;
    pub(crate) const ALL: [Self; Self::COUNT] = [Self::Id, Self::Person, Self::From, Self::To];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Person => "person",
            Self::From => "from",
            Self::To => "to",
        }
    }

    pub(crate) fn of(self, entry: &Entry) -> Option<&str> {
        match self {
            Self::Id => entry.id.as_deref(),
            Self::Person => entry.person.as_deref(),
            Self::From => entry.from.as_deref(),
            Self::To => entry.to.as_deref(),
        }
    }
}

/// A field of an entry, as logs name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Case,
    Kind,
    Time(TimeField),
    Text(TextField),
    Facts,
    Body,
}

impl Field {
    /// Every name that a field can have, in the order in which entries are written.
    pub(crate) const NAMES: [&str; 14] = [
        "case",
        "kind",
        "at",
        "sent",
        "received",
        "acknowledged",
        "recorded",
        "id",
        "person",
        "from",
        "to",
        "facts",
        "body",
        "as_of",
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "case" => return Some(Self::Case),
            "kind" => return Some(Self::Kind),
            "facts" => return Some(Self::Facts),
            "body" => return Some(Self::Body),
            _ => {}
        }
        let time = TimeField::ALL.into_iter().find(|field| field.name() == name).map(Self::Time);
        time.or_else(|| TextField::ALL.into_iter().find(|field| field.name() == name).map(Self::Text))
    }
}

impl Draft {
    /// Whether the field has been set.
    pub(crate) fn has(&self, field: Field) -> bool {
        match field {
            Field::Case => self.case.is_some(),
            Field::Kind => self.kind.is_some(),
            Field::Time(field) => self.times[field as usize].is_some(),
            Field::Text(field) => self.texts[field as usize].is_some(),
            Field::Facts => !self.facts.is_empty(),
            Field::Body => self.body.is_some(),
        }
    }

    /// The entry, or the name of the first of `case`, `kind` and `at` that is missing.
    pub(crate) fn finish(self, position: Position) -> Result<Entry, &'static str> {
        let case = self.case.ok_or("case")?;
        let kind = self.kind.ok_or("kind")?;
        let [at, sent, received, acknowledged, recorded, as_of] = self.times;
        let [id, person, from, to] = self.texts;
        Ok(Entry {
            case,
            kind,
            position,
            happened: at.ok_or("at")?,
            sent,
            received,
            acknowledged,
            recorded,
            id,
            person,
            from,
            to,
            facts: self.facts,
            body: self.body,
            as_of,
        })
    }
}
