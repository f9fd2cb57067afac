//! Which fields a form for a kind of entry has, in any stay.

use samspill_agreement::model::{FactType, Kind, Text, Version};

use super::{
    Desk,
    form::{said_by, way},
};
use crate::exchange::meaning::{FieldStands, Table};

/// A field of a form that takes text in words of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextField {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Text,
}

/// The fields for free text that a form for a kind has in any stay, in its order, for a party that plays this role.
pub fn text_fields(version: &Version, kind: &Kind, role: &str, table: &Table) -> Vec<TextField> {
    let said = said_by(&way(kind, role, table), table, role);
    let free = names(version, kind, &said).into_iter().filter(|name| input(kind, name) == FactType::Text);
    free.map(|name| TextField { name: name.to_owned(), label: label(version, kind, name) }).collect()
}

/// What the agreement wants first, in its order; then what else the kind has; then what only its message has.
pub(super) fn names<'n>(
    version: &'n Version,
    kind: &'n Kind,
    said: &'n [(String, FieldStands)],
) -> Vec<&'n str> {
    let rules = version.contents.iter().filter(|rule| rule.of.contains(&kind.id));
    let wanted = rules.flat_map(|rule| rule.needs.iter().map(String::as_str));
    let own = kind.fields.keys().map(String::as_str);
    let mut names: Vec<&str> = Vec::new();
    for name in wanted.chain(own).chain(said.iter().map(|(name, _)| name.as_str())) {
        if !names.contains(&name) && !Desk::shipped().silent.contains(name) {
            names.push(name);
        }
    }
    names
}

/// What a field may hold.
pub(super) fn input(kind: &Kind, name: &str) -> FactType {
    match kind.fields.get(name) {
        Some(declared) => declared.field_type.clone(),
        None if Desk::shipped().days.contains(name) => FactType::Date,
        None => FactType::Text,
    }
}

/// What a field is called: by its kind, or else as forms or another kind call it.
pub(super) fn label(version: &Version, kind: &Kind, name: &str) -> Text {
    if let Some(declared) = kind.fields.get(name) {
        return declared.name.clone();
    }
    let elsewhere = || version.kinds.values().find_map(|kind| Some(kind.fields.get(name)?.name.clone()));
    Desk::shipped().names.get(name).cloned().or_else(elsewhere).unwrap_or_else(|| Text::plain(name))
}
