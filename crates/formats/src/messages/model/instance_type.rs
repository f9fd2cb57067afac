//! What `xsi:type` may say.

use super::{
    compiled::{Content, Model, TypeId},
    simple::{Primitive, Simple},
};

/// The namespace of XML Schema.
pub(super) const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";

/// Types of XML Schema that no standard uses, which `xsi:type` may name all the same: their values aren't looked at.
const OTHERS: [&str; 30] = [
    "anySimpleType",
    "normalizedString",
    "language",
    "Name",
    "NCName",
    "NMTOKENS",
    "IDREF",
    "IDREFS",
    "ENTITY",
    "ENTITIES",
    "QName",
    "NOTATION",
    "float",
    "duration",
    "gMonthDay",
    "gDay",
    "gMonth",
    "hexBinary",
    "nonPositiveInteger",
    "negativeInteger",
    "nonNegativeInteger",
    "positiveInteger",
    "long",
    "int",
    "short",
    "byte",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
];

/// The type that an element has by `xsi:type`, which the tree holds as `{namespace}name`; none if the type isn't known or
/// can't stand for the declared one.
pub(super) fn instance_type(model: &Model, declared: TypeId, value: &str) -> Option<TypeId> {
    let (space, local) =
        value.strip_prefix('{').and_then(|value| value.split_once('}')).unwrap_or(("", value));
    let given = match model.named.iter().find(|(own, name, _)| (*own, *name) == (space, local)) {
        Some((_, _, given)) => *given,
        None if space == SCHEMA && OTHERS.contains(&local) => unchecked(model)?,
        None => return None,
    };
    let is_free = declared == model.any || declared == model.undeclared;
    (is_free || given == declared || narrows(model, given, declared)).then_some(given)
}

fn unchecked(model: &Model) -> Option<TypeId> {
    model.named.iter().find(|(_, name, _)| *name == Primitive::String.name()).map(|(_, _, id)| *id)
}

/// Whether every value of one simple type is one of the other by definition.
fn narrows(model: &Model, narrow: TypeId, wide: TypeId) -> bool {
    let plain = |id| match model.type_of(id).content {
        Content::Text(simple) => match model.simple(simple) {
            Simple::Plain(primitive) => Some(*primitive),
            Simple::Union(_)
            | Simple::Listed(..)
            | Simple::Pattern(..)
            | Simple::Fixed(_)
            | Simple::FixedOrEmpty(_) => None,
        },
        Content::Nothing | Content::Elements | Content::Mixed | Content::Any => None,
    };
    matches!(
        (plain(narrow), plain(wide)),
        (Some(Primitive::Token | Primitive::NmToken | Primitive::Id), Some(Primitive::String))
            | (Some(Primitive::NmToken | Primitive::Id), Some(Primitive::Token))
            | (Some(Primitive::Integer), Some(Primitive::Decimal))
    )
}
