use std::fmt;

use crate::Place;

/// Why a document isn't read: what, and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: XmlFault,
}

impl XmlError {
    pub(crate) fn at(source: &str, offset: usize, fault: XmlFault) -> Self {
        let before = source.as_bytes().get(..offset).unwrap_or(source.as_bytes());
        Self { place: Place::START.after(before), fault }
    }
}

impl std::error::Error for XmlError {}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.place.line, self.place.column, self.fault)
    }
}

/// What is wrong with a document as XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlFault {
    /// Nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// A limit of [`XmlLimits`](super::XmlLimits) is passed.
    #[error("the document has more than {limit} {what}, which is the most that is read")]
    TooMuch {
        /// What there is too much of: `bytes`, `levels of elements`.
        what: &'static str,
        /// The most that is read.
        limit: usize,
    },
    /// An encoding that isn't read.
    #[error("the encoding `{0}` isn't read: send the document as UTF-8")]
    Encoding(String),
    /// Bytes that aren't what the encoding says.
    #[error("the bytes aren't {0}: the document is broken or names a wrong encoding")]
    NotEncoded(&'static str),
    /// A character that XML doesn't have.
    #[error("the character U+{0:04X} can't stand in XML")]
    Character(u32),
    /// A document type, which could define entities.
    #[error("a document type (`<!DOCTYPE`) isn't read: leave it out")]
    DocumentType,
    /// An entity that XML itself doesn't have.
    #[error("the entity `&{0};` isn't known: write the character itself")]
    Entity(String),
    /// A prefix that no declaration explains.
    #[error("the prefix `{0}` stands for no namespace: declare it with xmlns:{0}")]
    Prefix(String),
    /// A declaration that isn't allowed, such as one of `xmlns` itself.
    #[error("the namespace declaration of `{0}` isn't allowed")]
    Declaration(String),
    /// The same attribute twice on an element.
    #[error("the attribute `{0}` stands twice on the same element")]
    SameAttribute(String),
    /// A name that isn't one.
    #[error("`{0}` isn't a name in XML")]
    BadName(String),
    /// Not well-formed: what the parser says.
    #[error("this isn't well-formed XML: {0}")]
    NotWellFormed(String),
    /// Text or a second element beside the outermost one.
    #[error("there is something outside the outermost element")]
    OutsideRoot,
    /// The document ends before its elements do.
    #[error("the document ends before `{0}` does: part of it is missing")]
    CutOff(String),
}
