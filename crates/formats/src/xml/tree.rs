use std::borrow::Cow;

pub use super::names::NameId;
use super::{
    names::Names,
    scope::{NO_SPACE, SpaceId, Spaces},
    symbols::{Symbol, Symbols, UNKNOWN},
    words::is_same,
};
use crate::Place;

/// A document as a tree in one piece of memory. What need not change is borrowed from the text it was parsed from.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    pub(super) symbols: &'static Symbols,
    /// Whether an element has an `xsi:type`.
    pub(super) has_types: bool,
    pub(super) source: &'a str,
    /// Texts that aren't as in the source: with entities resolved, or put together.
    pub(super) pool: String,
    pub(super) nodes: Vec<Node>,
    pub(super) attributes: Vec<AttributeNode>,
    pub(super) names: Names<'a>,
    /// None while it is being read.
    pub(super) spaces: Option<Spaces<'a>>,
}

/// An element, or a piece of text between elements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// [`TEXT`] for text.
    pub(super) name: u32,
    pub(super) parent: u32,
    pub(super) next: u32,
    /// The first node in an element; of a text, [`BLANK`] where it is known to be nothing but white space.
    pub(super) first: u32,
    /// The attributes of an element, the bytes of a text.
    pub(super) span: Span,
    /// Where it begins in the source.
    pub(super) at: u32,
    /// How many bytes of white space stand right before it in the source that no node of text holds: between elements there is
    /// nearly always some, which nobody asks for but who writes it again.
    pub(super) blank: u32,
}

impl Node {
    /// A node that comes last, of which nothing is known yet.
    pub(super) const LAST: Self = Self {
        name: TEXT,
        parent: NONE,
        next: NONE,
        first: NONE,
        span: Span { from: 0, until: 0 },
        at: 0,
        blank: 0,
    };

    /// The node of this number, as what it is.
    #[inline]
    fn content<'d>(&self, document: &'d Document<'d>, id: u32) -> Content<'d> {
        if self.name == TEXT {
            Content::Text(document.text(self.span))
        } else {
            Content::Element(El { document, id })
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeNode {
    pub(super) name: NameId,
    pub(super) value: Span,
}

/// Bytes of the source, or past its length, of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: u32,
    pub(super) until: u32,
}

pub(super) const TEXT: u32 = u32::MAX;
pub(super) const NONE: u32 = u32::MAX;
pub(super) const BLANK: u32 = u32::MAX - 1;

impl<'a> Document<'a> {
    /// The outermost element.
    pub fn root(&self) -> El<'_> {
        El { document: self, id: 0 }
    }

    /// A bound for its names: the [`NameId`]s of its elements and attributes are below it.
    pub fn names(&self) -> usize {
        self.symbols.len() + self.names.len()
    }

    /// The number of the namespace and the local part of a name.
    #[inline]
    pub(super) fn known(&self, id: NameId) -> (SpaceId, &'a str) {
        self.symbols.get(id.0).unwrap_or_else(|| {
            let own = self.names.get(id.0 as usize - self.symbols.len());
            (own.space, own.local)
        })
    }

    /// Whether an element has an `xsi:type`.
    pub(crate) fn has_types(&self) -> bool {
        self.has_types
    }

    fn space(&self, id: SpaceId) -> &str {
        self.spaces.as_ref().map_or("", |spaces| spaces.name(id))
    }

    #[inline]
    pub(super) fn text(&self, span: Span) -> &str {
        let (from, until) = (span.from as usize, span.until as usize);
        let length = self.source.len();
        if from < length { &self.source[from..until] } else { &self.pool[from - length..until - length] }
    }

    /// A name: its namespace (empty for none) and its local part.
    #[inline]
    pub fn name(&self, id: NameId) -> (&str, &'a str) {
        let (space, local) = self.known(id);
        (self.space(space), local)
    }
}

/// An element of a document.
#[derive(Clone, Copy, Debug)]
pub struct El<'d> {
    document: &'d Document<'d>,
    id: u32,
}

/// An attribute of an element; namespace declarations aren't among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'d> {
    /// Its name's number in the document.
    pub id: NameId,
    /// Its namespace, mostly none (empty).
    pub space: &'d str,
    /// Its local name.
    pub local: &'d str,
    /// Its value, entities resolved.
    pub value: &'d str,
}

/// Where the value of an attribute lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value(Span);

/// What lies in an element, in order.
#[derive(Clone, Copy, Debug)]
pub enum Content<'d> {
    /// An element.
    Element(El<'d>),
    /// Text, white space included.
    Text(&'d str),
}

/// The nodes in an element, in order.
struct Nodes<'d> {
    document: &'d Document<'d>,
    next: u32,
}

impl<'d> Iterator for Nodes<'d> {
    type Item = (u32, &'d Node);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let node = self.document.nodes.get(self.next as usize)?;
        let here = std::mem::replace(&mut self.next, node.next);
        Some((here, node))
    }
}

/// What lies in an element: its nodes, and the white space before those that are elements.
struct Contents<'d> {
    nodes: Nodes<'d>,
    /// The element whose white space was the last.
    held: Option<u32>,
}

impl<'d> Iterator for Contents<'d> {
    type Item = Content<'d>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let document = self.nodes.document;
        if let Some(id) = self.held.take() {
            return Some(Content::Element(El { document, id }));
        }
        let (id, node) = self.nodes.next()?;
        if node.name != TEXT && node.blank > 0 {
            self.held = Some(id);
            return Some(Content::Text(document.text(Span { from: node.at - node.blank, until: node.at })));
        }
        Some(node.content(document, id))
    }
}

impl PartialEq for El<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

impl NameId {
    /// The symbol of a known name; [`UNKNOWN`] for others.
    #[inline]
    pub(crate) fn symbol(self, symbols: &Symbols) -> Symbol {
        match Symbol::try_from(self.0) {
            Ok(symbol) if usize::from(symbol) < symbols.len() => symbol,
            Ok(_) | Err(_) => UNKNOWN,
        }
    }
}

impl<'d> El<'d> {
    #[inline]
    fn node(self) -> &'d Node {
        &self.document.nodes[self.id as usize]
    }

    /// Its number in the document.
    #[inline]
    pub(crate) fn number(self) -> u32 {
        self.id
    }

    /// The document it is part of.
    #[inline]
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// The number of its name in the document.
    #[inline]
    pub fn name_id(self) -> NameId {
        NameId(self.node().name)
    }

    /// Its namespace, empty for none.
    #[inline]
    pub fn space(self) -> &'d str {
        self.document.name(self.name_id()).0
    }

    /// Its name without prefix.
    #[inline]
    pub fn local(self) -> &'d str {
        self.document.known(self.name_id()).1
    }

    /// Whether it has this namespace and name.
    pub fn is(self, space: &str, local: &str) -> bool {
        self.document.name(self.name_id()) == (space, local)
    }

    /// Its attributes as written, namespace declarations left out.
    #[inline]
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        self.attribute_ids().map(move |(id, value)| self.attribute_of(id, value))
    }

    /// The value of the attribute of this name that has no namespace.
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        self.bare_attributes().find(|(name, _)| *name == local).map(|(_, value)| self.value(value))
    }

    /// The attributes without namespace: name and value.
    #[inline]
    pub(crate) fn bare_attributes(self) -> impl Iterator<Item = (&'d str, Value)> {
        let nodes = self.attribute_nodes().iter();
        let named = nodes.map(|attribute| (self.document.known(attribute.name), Value(attribute.value)));
        named.filter(|((space, _), _)| *space == NO_SPACE).map(|((_, local), value)| (local, value))
    }

    /// The names of its attributes by number, each with what [`El::value`] gives the value of.
    #[inline]
    pub(crate) fn attribute_ids(self) -> impl Iterator<Item = (NameId, Value)> {
        self.attribute_nodes().iter().map(|attribute| (attribute.name, Value(attribute.value)))
    }

    /// The value of an attribute of it.
    #[inline]
    pub(crate) fn value(self, value: Value) -> &'d str {
        self.document.text(value.0)
    }

    /// An attribute of it, in full.
    #[inline]
    pub(crate) fn attribute_of(self, id: NameId, value: Value) -> Attribute<'d> {
        let (space, local) = self.document.name(id);
        Attribute { id, space, local, value: self.value(value) }
    }

    #[inline]
    fn attribute_nodes(self) -> &'d [AttributeNode] {
        let Span { from, until } = self.node().span;
        &self.document.attributes[from as usize..until as usize]
    }

    /// What lies in it, in order.
    #[inline]
    pub fn contents(self) -> impl Iterator<Item = Content<'d>> {
        Contents { nodes: self.nodes(), held: None }
    }

    #[inline]
    fn nodes(self) -> Nodes<'d> {
        Nodes { document: self.document, next: self.node().first }
    }

    /// The same, without text that is known to be nothing but white space.
    #[inline]
    pub(crate) fn telling(self) -> impl Iterator<Item = Content<'d>> {
        let telling = self.nodes().filter(|(_, node)| node.name != TEXT || node.first != BLANK);
        telling.map(move |(id, node)| node.content(self.document, id))
    }

    /// The elements in it, in order.
    #[inline]
    pub fn children(self) -> impl Iterator<Item = Self> {
        let elements = self.nodes().filter(|(_, node)| node.name != TEXT);
        elements.map(move |(id, _)| Self { document: self.document, id })
    }

    /// The first element in it with this local name, whatever its namespace.
    #[inline]
    pub fn child(self, local: &str) -> Option<Self> {
        self.children().find(|child| is_same(child.local().as_bytes(), local.as_bytes()))
    }

    /// The elements in it with this local name.
    #[inline]
    pub fn children_named<'n>(self, local: &'n str) -> impl Iterator<Item = Self> + use<'d, 'n> {
        self.children().filter(move |child| is_same(child.local().as_bytes(), local.as_bytes()))
    }

    /// The first element along these local names: `["MsgInfo", "Patient", "Sex"]`.
    pub fn descend(self, locals: &[&str]) -> Option<Self> {
        locals.iter().try_fold(self, |element, local| element.child(local))
    }

    /// The text directly in it, white space at both ends taken off; empty if there is none.
    pub fn text(self) -> Cow<'d, str> {
        let document = self.document;
        match document.nodes.get(self.node().first as usize) {
            None => Cow::Borrowed(""),
            Some(only) if only.name == TEXT && only.next == NONE => {
                Cow::Borrowed(document.text(only.span).trim_ascii())
            }
            Some(_) => self.text_of_several(),
        }
    }

    fn text_of_several(self) -> Cow<'d, str> {
        let mut texts = self.contents().filter_map(|content| match content {
            Content::Text(text) => Some(text),
            Content::Element(_) => None,
        });
        let first = texts.next().unwrap_or_default();
        match texts.next() {
            None => Cow::Borrowed(first.trim_ascii()),
            Some(second) => {
                let all: String = [first, second].into_iter().chain(texts).collect();
                Cow::Owned(all.trim_ascii().to_owned())
            }
        }
    }

    /// All text in it, at any depth, in order.
    pub fn text_within(self) -> String {
        let mut all = String::new();
        self.collect_text(&mut all);
        all
    }

    fn collect_text(self, all: &mut String) {
        for content in self.contents() {
            match content {
                Content::Text(text) => all.push_str(text),
                Content::Element(element) => element.collect_text(all),
            }
        }
    }

    /// Its text as written, white space included, if there are no elements in it; none if there are.
    #[inline]
    pub(crate) fn text_alone(self) -> Option<Value> {
        match self.document.nodes.get(self.node().first as usize) {
            None => Some(Value(Span { from: 0, until: 0 })),
            Some(only) if only.name == TEXT && only.next == NONE => Some(Value(only.span)),
            Some(_) => None,
        }
    }

    /// The element it lies in; none for the outermost.
    pub fn parent(self) -> Option<Self> {
        let parent = self.node().parent;
        (parent != NONE).then_some(Self { document: self.document, id: parent })
    }

    /// Where it begins in the text, in bytes.
    pub fn offset(self) -> usize {
        self.node().at as usize
    }

    /// Its line and column. Counts from the beginning of the text: for messages, not for each element.
    pub fn place(self) -> Place {
        Place::START.after(&self.document.source.as_bytes()[..self.offset()])
    }

    /// Its way from the outermost element, by local names: `/MsgHead/MsgInfo/Patient/Ident[2]/Id`. A number is there where
    /// the parent has more of the name.
    pub fn path(self) -> String {
        let mut steps: Vec<String> = Vec::new();
        let mut element = self;
        while let Some(parent) = element.parent() {
            steps.push(element.step_in(parent));
            element = parent;
        }
        steps.push(element.local().to_owned());
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + step)
    }

    fn step_in(self, parent: Self) -> String {
        let same = || parent.children_named(self.local());
        match same().position(|other| other == self) {
            Some(place) if same().nth(1).is_some() => format!("{}[{}]", self.local(), place + 1),
            Some(_) | None => self.local().to_owned(),
        }
    }
}
