//! What the schemas of the standards ask for, as data: which elements and attributes a document may have, in which order,
//! and which form values have.
//!
//! ```text
//! data/models/*.model ──read once──▶ types, states, steps ──check──▶ findings
//!                                                         ──order──▶ children in order
//! ```
//!
//! An empty list from [`check`] means what a schema validator means by "valid"; what differs is told at [`check`].
//!
//! # The notation
//!
//! A declaration is a line; lines that begin with a space go on with it. `#` begins a comment line.
//!
//! | written | meaning |
//! |---|---|
//! | `namespace URI` | the namespace of the file |
//! | `with p = URI` | `p.Name` is a name of that namespace |
//! | `locals unqualified` | elements declared inside others have no namespace here; otherwise the file's |
//! | `element Name = …` | an element, which others may refer to, or which is a whole document |
//! | `element Name : type` | the same, with a type that has a name |
//! | `type Name = …` | a type: what lies in an element |
//! | `simple Name = type` | a name for a simple type |
//! | `attribute Name : type` | an attribute with the namespace of the file, which others may refer to |
//!
//! What lies in an element are children, then attributes:
//!
//! | written | meaning |
//! |---|---|
//! | `Name`, `p.Name` | an element declared outside |
//! | `Name:type` | an element declared here; its type is `date`, `string` … or one with a name |
//! | `Name{…}` | an element declared here, with what lies in it |
//! | `(a b \| c)` | a group: `a` then `b`, or `c` |
//! | `?`, `*`, `+` | after a child or group: at most once, as often as one likes, once or more |
//! | `any`, `other` | any declared element; one of another namespace. With `-lax`: one that is declared nowhere too |
//! | `mixed …` | text may stand between the elements |
//! | `text type …` | text of this type, no elements |
//! | `@Name:type`, `@p.Name` | an attribute that must be there; with `?` behind it one that may be |
//! | `type="value"` | only this value; an element may be empty instead |
//! | `type["a" "b"]` | one of these values |
//! | `type[/pattern/]` | a value of this pattern |
//! | `(type \| type)` | for values: of one of the types |

mod build;
mod check;
mod compiled;
mod dates;
mod faults;
mod instance_type;
mod lexer;
mod notation;
mod order;
mod pattern;
mod positions;
mod routes;
mod simple;
mod sources;
mod uri;

pub use check::FINDINGS_MAX;

use super::Finding;
use crate::xml::{Document, Element, symbols};

/// What a schema validator would say of a document, at most [`FINDINGS_MAX`] findings and one that says there are more.
///
/// Of children in a wrong order the first of each element is told. Codes: `missing-element`, `unexpected-element` (known, but
/// not here), `unknown-element`, `missing-attribute`, `unknown-attribute`, `wrong-value`, `text-not-allowed`,
/// `unknown-format` (the document, or the content of a message, is of a namespace that no model has) and `and-more`.
/// All have the severity `Error`.
///
/// Where it differs from validators (compared with libxml2):
/// - base64 with characters that it doesn't have is wrong here, as XML Schema says; libxml2 skips them;
/// - white space around days and times counts for nothing here, as XML Schema says; libxml2 refuses some of it;
/// - the fixed values of `basiskomponenttype` and `komponenttype` are asked for here, as XML Schema says; libxml2 doesn't look;
/// - a number such as `1e`, an exponent without digits, is wrong here and not there;
/// - `\d` in patterns is a digit from 0 to 9 here, one of any script there;
/// - values of types that only `xsi:type` names and no standard uses, such as `xs:duration`, aren't checked here.
///
/// It goes as deep as the document: bound its depth when it is parsed ([`XmlLimits::depth_max`](crate::xml::XmlLimits)).
pub fn check(document: &Document<'_>) -> Vec<Finding> {
    check_beside(document, &[])
}

/// The same where the text of some elements, by their numbers, is known to be base64.
pub(super) fn check_beside(document: &Document<'_>, base64: &[u32]) -> Vec<Finding> {
    let mut checker = check::Checker::new(compiled::Model::get(), base64);
    checker.root(document.root());
    checker.findings
}

/// Puts the children of an element in the order of its model, at every depth. Children that are in order already stay as they
/// are; so do those of elements that no model has.
pub fn order(element: &mut Element) {
    let model = compiled::Model::get();
    if let Some(kind) = model.global(order::symbol(model, element)) {
        order::order(model, element, kind);
    }
}

/// The names that the models have.
pub(crate) fn known_names() -> &'static symbols::Symbols {
    &compiled::Model::get().symbols
}

/// Whether a model has this namespace.
pub fn knows(namespace: &str) -> bool {
    compiled::Model::get().knows(namespace)
}
