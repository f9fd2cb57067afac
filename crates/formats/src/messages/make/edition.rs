//! PLO 1.5: what it calls things that 1.6 calls otherwise, what it asks for, and what it has no place for.
//!
//! Contents are built as 1.6 has them. The two differ in their namespaces and in a few elements (HIS 80704:2009 and :2014).

use std::borrow::Cow;

use super::{
    finish::of_draft,
    parts::{CARE, Space, flag},
};
use crate::{
    messages::Finding,
    xml::{Child, Element},
};

const CARE_15: Space = "http://www.kith.no/xmlstds/po/poKomponent/2009-06-30";

/// Elements that 1.6 brought, with what a draft calls them.
const NEW_IN_16: [(&str, &str); 3] = [
    ("FodselsarMindrearigParorende", "parorende/fodselsar"),
    ("InformasjonOmTentativTime", "kontrolltimer/tentativ"),
    ("MerknadTilLegemiddeladministrering", "legemiddelhjelp/merknad"),
];

/// Makes contents of 1.6 into contents of 1.5; what these have no place for.
///
/// A diagnosis must say there whether it is the main one: one of which a draft doesn't say so is written as another.
pub(super) fn to_15(element: &mut Element) -> Vec<Finding> {
    let mut found = Vec::new();
    walk(element, &mut found);
    found
}

fn walk(element: &mut Element, found: &mut Vec<Finding>) {
    if element.name.space == CARE {
        element.name.space = Cow::Borrowed(CARE_15);
        found.extend(no_place(&element.name.local));
        if element.name.local == "MedisinskDiagnose" && element.element("Hoveddiagnose").is_none() {
            element.children.extend(flag(CARE_15, "Hoveddiagnose", Some(false)).map(Child::Element));
        }
    }
    for child in &mut element.children {
        match child {
            Child::Element(child) => walk(child, found),
            Child::Text(_) => {}
        }
    }
}

fn no_place(local: &str) -> Option<Finding> {
    let (_, name) = NEW_IN_16.iter().find(|(element, _)| *element == local)?;
    let text = format!("PLO 1.5 has no place for {name}: leave it out, or write edition 1.6");
    Some(of_draft("no-place-for", &format!("/innhold/{name}"), text))
}
