//! XML as a tree that keeps everything: read within limits, built by hand, written again.
//!
//! ```text
//! bytes ──decode──▶ text ──parse──▶ Document (borrowed, El is a place in it) ──▶ write
//!                                        Element (owned, for building)       ──▶ write
//! ```
//!
//! Elements, attributes, namespaces and text are kept, also those that nothing here knows; comments, processing
//! instructions and the choice of prefixes are not part of what a message says, and are dropped. The value of `xsi:type`, which
//! names a type by prefix, is kept as `{namespace}name`.
//!
//! No document type is read and no entity but XML's own five: nothing is fetched, nothing expands.

mod decode;
mod element;
mod error;
mod limits;
mod names;
mod parse;
mod scan;
mod scope;
mod sixteen;
pub(crate) mod stream;
pub(crate) mod symbols;
mod tree;
mod words;
mod write;

pub use decode::decode;
pub use element::{Child, Element, Name};
pub use error::{XmlError, XmlFault};
pub use limits::XmlLimits;
pub use parse::parse;
pub(crate) use tree::Value;
pub use tree::{Attribute, Content, Document, El, NameId};
pub use write::{write, write_document};

/// The namespace of `xsi:schemaLocation`, `xsi:type` and `xsi:nil`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace that the prefix `xml` always means.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
