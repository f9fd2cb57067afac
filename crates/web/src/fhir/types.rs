//! The parts that resources are made of, as far as they are used here.

use jiff::Timestamp;
use serde::Serialize;

/// When a resource last changed, and which profile it follows.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_updated: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) profile: Vec<&'static str>,
}

/// An id in a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Identifier {
    pub(super) system: String,
    pub(super) value: String,
}

/// A code of a system.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Coding {
    pub(super) system: String,
    pub(super) code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<String>,
}

/// A concept: codes, and words.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Concept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

/// Another resource, by where it is or by an id that it has.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<String>,
}

/// From when until when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Period {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<Timestamp>,
}

/// Something beside what the standard has.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extension {
    pub(super) url: &'static str,
    pub(super) value_code: &'static str,
}

/// A resource with its id.
pub(super) trait Resource: Serialize {
    /// Its type: `Task`.
    const TYPE: &'static str;
    /// Its id.
    fn id(&self) -> &str;
}

impl Concept {
    /// A concept with one code.
    pub(super) fn code(system: impl Into<String>, code: impl Into<String>, text: Option<String>) -> Self {
        Self {
            coding: vec![Coding { system: system.into(), code: code.into(), display: text.clone() }],
            text,
        }
    }
}

impl Reference {
    /// Another resource here.
    pub(super) fn to(kind: &'static str, id: &str) -> Self {
        Self { reference: Some(format!("{kind}/{id}")), kind: Some(kind), ..Self::default() }
    }

    /// Somebody who is known by an id.
    pub(super) fn by(kind: &'static str, identifier: Identifier, display: Option<String>) -> Self {
        Self { kind: Some(kind), identifier: Some(identifier), display, ..Self::default() }
    }
}
