//! Small elements, of which the large ones are built. What has nothing to say isn't written.

use jiff::civil::Date;

use crate::{
    messages::codes,
    xml::{Element, Name},
};

/// A namespace.
pub(super) type Space = &'static str;

pub(super) const HEAD: Space = "http://www.kith.no/xmlstds/msghead/2006-05-24";
pub(super) const CARE: Space = "http://www.kith.no/xmlstds/po/poKomponent/2012-04-01";
pub(super) const SHARED: Space = "http://www.kith.no/xmlstds/felleskomponent1";
pub(super) const CRITICAL: Space = "http://www.kith.no/xmlstds/epj/epj1/2008-02-20";
pub(super) const JOURNAL: Space = "http://www.kith.no/xmlstds/epj/epj2/2008-02-20";
pub(super) const MEDICINES: Space = "http://www.kith.no/xmlstds/epj/epj3/2008-02-20";
pub(super) const META: Space = "http://www.kith.no/xmlstds/epj/meta/2008-02-20";
pub(super) const DIALOG_10: Space = "http://www.kith.no/xmlstds/dialog/2006-10-11";
pub(super) const DIALOG_11: Space = "http://www.kith.no/xmlstds/dialog/2013-01-23";
pub(super) const EPICRISIS: Space = "http://www.kith.no/xmlstds/epikrise/2012-02-15";
pub(super) const BASE64: Space = "http://www.kith.no/xmlstds/base64container";

/// What the OIDs of the national code tables begin with.
const TABLES: &str = "2.16.578.1.12.4.1.1.";

/// The names of codes, on the day of the message.
#[derive(Clone, Copy)]
pub(super) struct Coder {
    pub(super) on: Date,
}

impl Coder {
    /// A code whose table the schema fixes: value and name.
    pub(super) fn cs(
        self,
        space: Space,
        local: &'static str,
        table: u32,
        value: Option<&str>,
    ) -> Option<Element> {
        let value = said(value)?;
        let element = Element::new(space, local).with("V", value);
        Some(match self.name(table, value) {
            Some(name) => element.with("DN", name),
            None => element,
        })
    }

    /// A code that names its table.
    pub(super) fn cv(
        self,
        space: Space,
        local: &'static str,
        table: u32,
        value: Option<&str>,
    ) -> Option<Element> {
        Some(self.cs(space, local, table, value)?.with("S", oid(table)))
    }

    /// A code of a table whose names aren't kept, with the name that the draft gives.
    pub(super) fn named(
        self,
        space: Space,
        local: &'static str,
        table: u32,
        value: Option<&str>,
        name: &str,
    ) -> Option<Element> {
        let value = said(value)?;
        let known = self.name(table, value).or(said(Some(name)));
        let element = Element::new(space, local).with("V", value);
        Some(match known {
            Some(name) => element.with("DN", name),
            None => element,
        })
    }

    fn name(self, table: u32, value: &str) -> Option<&'static str> {
        codes::table_by_number(table)?.name(value, self.on).code().map(|code| code.name.as_str())
    }
}

/// The OID of a national code table.
pub(super) fn oid(table: u32) -> String {
    format!("{TABLES}{table}")
}

/// The number of a table that a draft names, if it is one.
pub(super) fn table(named: Option<&String>, else_table: u32) -> u32 {
    named.and_then(|text| text.trim().parse().ok()).unwrap_or(else_table)
}

/// A text with white space at both ends taken off, if anything is left.
pub(super) fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// An element with text, if there is any.
pub(super) fn leaf(space: Space, local: &'static str, text: &str) -> Option<Element> {
    said(Some(text)).map(|text| Element::new(space, local).text(text))
}

/// An element that says yes or no, if that is known.
pub(super) fn flag(space: Space, local: &'static str, value: Option<bool>) -> Option<Element> {
    value.map(|value| Element::new(space, local).text(if value { "true" } else { "false" }))
}

/// A time as an attribute, if there is one.
pub(super) fn time(space: Space, local: &'static str, text: Option<&str>) -> Option<Element> {
    said(text).map(|text| Element::new(space, local).with("V", with_seconds(text)))
}

/// A time as text, if there is one.
pub(super) fn time_text(space: Space, local: &'static str, text: Option<&str>) -> Option<Element> {
    said(text).map(|text| Element::new(space, local).text(with_seconds(text)))
}

/// `2026-03-01T10:15` with the seconds that schemas want; other texts as they are.
fn with_seconds(text: &str) -> String {
    const MINUTE: usize = "2026-03-01T10:15".len();
    let (head, rest) = text.split_at_checked(MINUTE).unwrap_or((text, ""));
    match head.as_bytes().get(10) {
        Some(b'T') if !rest.starts_with(':') => format!("{head}:00{rest}"),
        Some(_) | None => text.to_owned(),
    }
}

/// An element with others in it, if there are any.
pub(super) fn group(space: Space, local: &'static str, children: Vec<Element>) -> Option<Element> {
    (!children.is_empty()).then(|| Element::new(space, local).children(children))
}

/// An element of a record (EPJ) with what every such element says of itself.
pub(super) fn component(element: Element, id: String, basis: &str, kind: &str, category: &str) -> Element {
    let mut element = element.with("komponentID", id);
    for (name, value) in
        [("informasjonskategori", category), ("basiskomponenttype", basis), ("komponenttype", kind)]
    {
        element.attributes.push((Name::new(META, name), value.to_owned()));
    }
    element
}
