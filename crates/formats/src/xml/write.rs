//! Trees as text.
//!
//! The outermost element declares every namespace once; its own is the default, so that most names need no prefix. White space
//! between elements is written as it stands in the tree: nothing is added, because white space can be part of a text.

use std::ops::Range;

use super::{
    Child, Content, Document, El, Element, Name, XML, XSI,
    words::{eight, less, zeros},
};

pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// An element as a document of its own, in UTF-8.
pub fn write(element: &Element) -> String {
    let mut spaces = Spaces::default();
    spaces.collect_of(element);
    let mut writer = Writer::new(&element.name.space, spaces);
    writer.element(element);
    writer.out
}

/// A document as text again, in UTF-8: the same elements, attributes and text.
pub fn write_document(document: &Document<'_>) -> String {
    let mut spaces = Spaces::default();
    spaces.collect_in(document.root());
    let mut writer = Writer::new(document.root().space(), spaces);
    writer.out.reserve(document.source.len());
    writer.place(document.root());
    writer.out
}

/// The namespaces of a tree, in the order of the alphabet, those of XML itself and of none left out.
#[derive(Default)]
struct Spaces<'t> {
    met: Vec<Space<'t>>,
    /// The one that was asked for last: mostly it is asked for again.
    last: usize,
    /// An element without namespace needs that there is no default one.
    has_bare: bool,
}

struct Space<'t> {
    uri: &'t str,
    /// Whether attributes have it: a default namespace doesn't reach them.
    is_of_attributes: bool,
    /// Its prefix with the colon, once it is settled.
    prefix: String,
    /// Whether elements go without the prefix.
    is_default: bool,
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
        self.of_attribute(space);
        if let Some((space, _)) = named_type(space, local, value) {
            self.of_attribute(space);
        }
    }

    fn of_attribute(&mut self, space: &'t str) {
        if let Some(place) = self.meet(space) {
            self.met[place].is_of_attributes = true;
        }
    }

    fn element(&mut self, space: &'t str) {
        self.has_bare |= space.is_empty();
        self.meet(space);
    }

    /// Its place, a new one if need be; none for those that are never declared.
    fn meet(&mut self, space: &'t str) -> Option<usize> {
        if space.is_empty() || space == XML {
            return None;
        }
        self.last = match self.find(space) {
            Ok(place) => place,
            Err(place) => {
                let new =
                    Space { uri: space, is_of_attributes: false, prefix: String::new(), is_default: false };
                self.met.insert(place, new);
                place
            }
        };
        Some(self.last)
    }

    /// Its place, or where it belongs.
    fn find(&self, space: &str) -> Result<usize, usize> {
        if self.met.get(self.last).is_some_and(|last| last.uri == space) {
            return Ok(self.last);
        }
        self.met.binary_search_by(|met| met.uri.cmp(space))
    }

    /// Gives each its prefix; the declarations of all.
    fn settle(&mut self, root: &str) -> String {
        let mut declarations = String::new();
        for (met, number) in self.met.iter_mut().zip(1..) {
            met.prefix = if met.uri == XSI { "xsi:".to_owned() } else { format!("n{number}:") };
            met.is_default = met.uri == root && !self.has_bare;
            if met.is_default {
                declare(&mut declarations, "", met.uri);
            }
            if !met.is_default || met.is_of_attributes {
                declare(&mut declarations, &met.prefix, met.uri);
            }
        }
        declarations
    }
}

pub(super) fn declare(declarations: &mut String, prefix: &str, uri: &str) {
    declarations.push_str(" xmlns");
    if let Some(prefix) = prefix.strip_suffix(':') {
        declarations.push(':');
        declarations.push_str(prefix);
    }
    declarations.push_str("=\"");
    escape(declarations, uri, in_attribute);
    declarations.push('"');
}

struct Writer<'t> {
    out: String,
    spaces: Spaces<'t>,
    /// What the outermost element declares.
    declarations: String,
}

impl<'t> Writer<'t> {
    fn new(root: &'t str, mut spaces: Spaces<'t>) -> Self {
        let declarations = spaces.settle(root);
        let mut out = String::with_capacity(2 << 10);
        out.push_str(DECLARATION);
        Self { out, spaces, declarations }
    }

    fn element(&mut self, element: &Element) {
        let Name { space, local } = &element.name;
        let name = self.open(space, local);
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
        self.close(name);
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
        self.close(name);
    }

    /// Begins a tag; where its name stands in what is written.
    fn open(&mut self, space: &str, local: &str) -> Range<usize> {
        self.out.push('<');
        let from = self.out.len();
        self.prefix(space, Holder::Element);
        self.out.push_str(local);
        let until = self.out.len();
        if !self.declarations.is_empty() {
            self.out.push_str(&std::mem::take(&mut self.declarations));
        }
        from..until
    }

    fn close(&mut self, name: Range<usize>) {
        self.out.push_str("</");
        self.out.extend_from_within(name);
        self.out.push('>');
    }

    fn prefix(&mut self, space: &str, holder: Holder) {
        if space.is_empty() {
            return;
        }
        if space == XML {
            return self.out.push_str("xml:");
        }
        let Ok(place) = self.spaces.find(space) else { return };
        self.spaces.last = place;
        let met = &self.spaces.met[place];
        if holder == Holder::Attribute || !met.is_default {
            self.out.push_str(&met.prefix);
        }
    }

    fn attribute(&mut self, space: &str, local: &str, value: &str) {
        self.out.push(' ');
        self.prefix(space, Holder::Attribute);
        self.out.push_str(local);
        self.out.push_str("=\"");
        match named_type(space, local, value) {
            Some((space, name)) => {
                self.prefix(space, Holder::Attribute);
                self.out.push_str(name);
            }
            None => escape(&mut self.out, value, in_attribute),
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        escape(&mut self.out, text, in_text);
    }
}

/// What a prefix is written before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Element,
    Attribute,
}

/// Namespace and name in the value of an `xsi:type`, which a tree holds as `{namespace}name`.
fn named_type<'v>(space: &str, local: &str, value: &'v str) -> Option<(&'v str, &'v str)> {
    if space != XSI || local != "type" {
        return None;
    }
    value.strip_prefix('{')?.split_once('}')
}

/// Writes a text, with what can't stand for itself written otherwise.
pub(super) fn escape(out: &mut String, text: &str, otherwise: impl Fn(u8) -> Option<&'static str>) {
    let mut from = 0;
    let mut place = 0;
    while let Some(byte) = text.as_bytes().get(place) {
        if let Some(word) = text.as_bytes()[place..].first_chunk::<8>()
            && !has_special(u64::from_le_bytes(*word))
        {
            place += word.len();
            continue;
        }
        if let Some(written) = otherwise(*byte) {
            out.push_str(&text[from..place]);
            out.push_str(written);
            from = place + 1;
        }
        place += 1;
    }
    out.push_str(&text[from..]);
}

/// Whether one of eight bytes may have to be written otherwise.
#[inline]
fn has_special(word: u64) -> bool {
    // `&` and `'`, and `<` and `>`, are a bit apart.
    let and_single = zeros((word | eight(1)) ^ eight(b'\''));
    let angles = zeros((word | eight(2)) ^ eight(b'>'));
    (less(word, b' ') | zeros(word ^ eight(b'"')) | and_single | angles) != 0
}

/// A bare carriage return would be read as a new line.
pub(super) fn in_text(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'&' => "&amp;",
        b'\'' => "&apos;",
        b'"' => "&quot;",
        b'\r' => "&#13;",
        _ => return None,
    })
}

/// White space other than spaces would be read as spaces.
pub(super) fn in_attribute(byte: u8) -> Option<&'static str> {
    match byte {
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#10;"),
        _ => in_text(byte),
    }
}
