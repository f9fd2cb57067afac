//! The small values that all families share.

use crate::{
    messages::types::{Code, Id, MessageTime},
    xml::El,
};

/// The coded value that an element is.
pub(super) fn code(element: El<'_>) -> Code {
    let mut code = Code::default();
    for (name, value) in element.bare_attributes() {
        let place = match name {
            "V" => &mut code.value,
            "DN" => &mut code.name,
            "S" => &mut code.table,
            "OT" => &mut code.original,
            _ => continue,
        };
        // An element has an attribute at most once.
        *place = String::from(element.value(value).trim_ascii());
    }
    code
}

/// The coded value of the first element of this name in it.
pub(super) fn code_in(element: El<'_>, name: &str) -> Option<Code> {
    element.child(name).map(code)
}

/// The text of the first element of this name in it, empty if there is none.
pub(super) fn text_in(element: El<'_>, name: &str) -> String {
    element.child(name).map(|child| child.text().into_owned()).unwrap_or_default()
}

/// The ids in it: `Ident`.
pub(super) fn ids(element: El<'_>) -> impl Iterator<Item = Id> {
    element.children_named("Ident").map(id)
}

/// The id that an `Ident` is: `Id` and `TypeId`, the first of each.
pub(super) fn id(ident: El<'_>) -> Id {
    let (mut value, mut kind) = (None, None);
    for part in ident.children() {
        match part.local() {
            "Id" if value.is_none() => value = Some(part.text().into_owned()),
            "TypeId" if kind.is_none() => kind = Some(code(part)),
            _ => {}
        }
    }
    Id { value: value.unwrap_or_default(), kind: kind.unwrap_or_default() }
}

/// The addresses of telecommunication in it: `TeleCom`.
pub(super) fn telecoms(element: El<'_>) -> impl Iterator<Item = String> {
    element.children_named("TeleCom").filter_map(telecom)
}

/// The address in a `TeleCom`.
pub(super) fn telecom(telecom: El<'_>) -> Option<String> {
    tele_address(telecom.child("TeleAddress")?)
}

/// An address of telecommunication, as written; none if it is empty.
pub(super) fn tele_address(element: El<'_>) -> Option<String> {
    let address = match element.attribute("V") {
        Some(value) => value.trim_ascii().to_owned(),
        None => element.text().into_owned(),
    };
    (!address.is_empty()).then_some(address)
}

/// A time that isn't there.
pub(super) fn no_time() -> MessageTime {
    MessageTime { text: String::new(), value: None }
}

/// Those that say something, with this between them.
pub(super) fn joined<const N: usize>(texts: [String; N], between: &str) -> String {
    let length: usize = texts.iter().map(|text| text.len() + between.len()).sum();
    let mut said = texts.into_iter().filter(|text| !text.is_empty());
    let Some(mut all) = said.next() else { return String::new() };
    for text in said {
        all.reserve(length - all.len());
        all.push_str(between);
        all.push_str(&text);
    }
    all
}

/// As much of a text as a finding shows: 40 characters.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
