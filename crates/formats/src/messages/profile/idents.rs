//! Ids against how they are built.

use jiff::civil::Date;

use crate::{
    messages::{
        Finding, Severity,
        ids::{self, SyntheticPolicy},
    },
    xml::El,
};

/// Where an id stands beside its type: the element they are in (any, if empty), the id, and the type.
const PLACES: [(&str, &str, &str); 3] =
    [("", "Id", "TypeId"), ("", "OffId", "TypeOffId"), ("AdditionalId", "Id", "Type")];

/// Looks at an element: if it holds an id with its type, says what is wrong with it. The number isn't repeated.
pub(super) fn look(element: El<'_>, on: Option<Date>, policy: SyntheticPolicy, findings: &mut Vec<Finding>) {
    let places = PLACES.iter().filter(|(holder, ..)| holder.is_empty() || *holder == element.local());
    for (_, id, id_type) in places {
        let Some((id, id_type)) = element.child(id).zip(element.child(id_type)) else { continue };
        let kind = id_type.attribute("V").unwrap_or_default();
        let on = on.unwrap_or(Date::MAX);
        if let Err(trouble) = ids::check(kind, &id.text(), on, policy) {
            findings.push(Finding::at(id, Severity::Warning, "id-fault", format!("{kind}: {trouble}")));
        }
    }
}
