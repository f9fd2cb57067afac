//! Trees as text.
//!
//! The outermost element declares every namespace once; its own is the default, so that most names need no prefix. White space
//! between elements is written as it stands in the tree: nothing is added, because white space can be part of a text.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::escape::escape;

use super::{Child, Content, Document, El, Element, XML, XSI};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// An element as a document of its own, in UTF-8.
pub fn write(element: &Element) -> String {
    let mut spaces = Spaces::default();
    spaces.collect_of(element);
    let mut writer = Writer::new(&element.name.space, &spaces);
    writer.element(element);
    writer.out
}

/// A document as text again, in UTF-8: the same elements, attributes and text.
pub fn write_document(document: &Document<'_>) -> String {
    let mut spaces = Spaces::default();
    spaces.collect_in(document.root());
    let mut writer = Writer::new(document.root().space(), &spaces);
    writer.place(document.root());
    writer.out
}

/// The namespaces of a tree.
#[derive(Default)]
struct Spaces<'t> {
    met: BTreeSet<&'t str>,
    /// Those that attributes have: a default namespace doesn't reach them.
    of_attributes: BTreeSet<&'t str>,
    /// An element without namespace needs that there is no default one.
    has_bare: bool,
}

impl<'t> Spaces<'t> {
    fn collect_of(&mut self, element: &'t Element) {
        self.element(&element.name.space);
        for (name, value) in &element.attributes {
            self.attribute(&name.space, &name.local, value);
        }
        for child in element.elements() {
            self.collect_of(child);
        }
    }

    fn collect_in(&mut self, element: El<'t>) {
        self.element(element.space());
        for it in element.attributes() {
            self.attribute(it.space, it.local, it.value);
        }
        for child in element.children() {
            self.collect_in(child);
        }
    }

    fn attribute(&mut self, space: &'t str, local: &str, value: &'t str) {
        self.of_attributes.insert(space);
        if let Some((space, _)) = named_type(space, local, value) {
            self.of_attributes.insert(space);
        }
    }

    fn element(&mut self, space: &'t str) {
        self.has_bare |= space.is_empty();
        self.met.insert(space);
    }
}

struct Writer<'t> {
    out: String,
    /// The prefix of each namespace with its colon; empty for the default one.
    prefixes: BTreeMap<&'t str, String>,
    /// The same for attributes, which the default one doesn't reach.
    attribute_prefixes: BTreeMap<&'t str, String>,
    /// What the outermost element declares.
    declarations: String,
}

impl<'t> Writer<'t> {
    fn new(root: &'t str, spaces: &Spaces<'t>) -> Self {
        let mut prefixes = BTreeMap::from([(XML, "xml:".to_owned()), ("", String::new())]);
        let mut attribute_prefixes = prefixes.clone();
        let mut declarations = String::new();
        let all = spaces.met.union(&spaces.of_attributes).copied();
        for (space, number) in all.filter(|space| !space.is_empty() && *space != XML).zip(1..) {
            let prefix = if space == XSI { "xsi".to_owned() } else { format!("n{number}") };
            let uri = escape_attribute(space);
            let is_default = space == root && !spaces.has_bare;
            if is_default {
                declarations.push_str(&format!(" xmlns=\"{uri}\""));
            }
            if !is_default || spaces.of_attributes.contains(space) {
                declarations.push_str(&format!(" xmlns:{prefix}=\"{uri}\""));
            }
            prefixes.insert(space, if is_default { String::new() } else { format!("{prefix}:") });
            attribute_prefixes.insert(space, prefix + ":");
        }
        Self { out: DECLARATION.to_owned(), prefixes, attribute_prefixes, declarations }
    }

    fn element(&mut self, element: &Element) {
        let name = self.open(&element.name.space, &element.name.local);
        for (name, value) in &element.attributes {
            self.attribute(&name.space, &name.local, value);
        }
        if element.children.is_empty() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        for child in &element.children {
            match child {
                Child::Element(element) => self.element(element),
                Child::Text(text) => self.text(text),
            }
        }
        self.close(&name);
    }

    fn place(&mut self, element: El<'_>) {
        let name = self.open(element.space(), element.local());
        for attribute in element.attributes() {
            self.attribute(attribute.space, attribute.local, attribute.value);
        }
        let mut contents = element.contents().peekable();
        if contents.peek().is_none() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        for content in contents {
            match content {
                Content::Element(element) => self.place(element),
                Content::Text(text) => self.text(text),
            }
        }
        self.close(&name);
    }

    fn open(&mut self, space: &str, local: &str) -> String {
        let prefix = self.prefixes.get(space).map_or("", String::as_str);
        let name = format!("{prefix}{local}");
        self.out.push('<');
        self.out.push_str(&name);
        self.out.push_str(&std::mem::take(&mut self.declarations));
        name
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn attribute(&mut self, space: &str, local: &str, value: &str) {
        let prefix = self.attribute_prefixes.get(space).map_or("", String::as_str);
        self.out.push(' ');
        self.out.push_str(prefix);
        self.out.push_str(local);
        self.out.push_str("=\"");
        match named_type(space, local, value) {
            Some((space, name)) => {
                self.out.push_str(self.attribute_prefixes.get(space).map_or("", String::as_str));
                self.out.push_str(name);
            }
            None => self.out.push_str(&escape_attribute(value)),
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        let escaped = escape(text);
        // A bare carriage return would be read as a new line.
        self.out.push_str(&escaped.replace('\r', "&#13;"));
    }
}

/// Namespace and name in the value of an `xsi:type`, which a tree holds as `{namespace}name`.
fn named_type<'v>(space: &str, local: &str, value: &'v str) -> Option<(&'v str, &'v str)> {
    if space != XSI || local != "type" {
        return None;
    }
    value.strip_prefix('{')?.split_once('}')
}

fn escape_attribute(value: &str) -> String {
    escape(value).replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}
