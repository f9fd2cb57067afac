use std::borrow::Cow;

pub use super::names::NameId;
use super::names::Names;
use crate::Place;

/// A document as a tree in one piece of memory. What need not change is borrowed from the text it was parsed from.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    pub(super) source: &'a str,
    /// Texts that aren't as in the source: with entities resolved, or put together.
    pub(super) pool: String,
    pub(super) nodes: Vec<Node>,
    pub(super) attributes: Vec<AttributeNode>,
    pub(super) names: Names<'a>,
    pub(super) spaces: Vec<Cow<'a, str>>,
}

/// An element, or a piece of text between elements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// [`TEXT`] for text.
    pub(super) name: u32,
    pub(super) parent: u32,
    pub(super) next: u32,
    pub(super) first: u32,
    /// The attributes of an element, the bytes of a text.
    pub(super) span: Span,
    /// Where it begins in the source.
    pub(super) at: u32,
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

impl<'a> Document<'a> {
    /// The outermost element.
    pub fn root(&self) -> El<'_> {
        El { document: self, id: 0 }
    }

    /// How many different names its elements and attributes have: [`NameId`]s are below it.
    pub fn names(&self) -> usize {
        self.names.len()
    }

    pub(super) fn text(&self, span: Span) -> &str {
        let (from, until) = (span.from as usize, span.until as usize);
        let length = self.source.len();
        if from < length { &self.source[from..until] } else { &self.pool[from - length..until - length] }
    }

    /// A name: its namespace (empty for none) and its local part.
    pub fn name(&self, id: NameId) -> (&str, &'a str) {
        let name = self.names.get(id);
        (self.spaces[name.space as usize].as_ref(), name.local)
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

/// What lies in an element, in order.
#[derive(Clone, Copy, Debug)]
pub enum Content<'d> {
    /// An element.
    Element(El<'d>),
    /// Text, white space included.
    Text(&'d str),
}

impl PartialEq for El<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

impl<'d> El<'d> {
    fn node(self) -> &'d Node {
        &self.document.nodes[self.id as usize]
    }

    /// The document it is part of.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// The number of its name in the document.
    pub fn name_id(self) -> NameId {
        NameId(self.node().name)
    }

    /// Its namespace, empty for none.
    pub fn space(self) -> &'d str {
        self.document.name(self.name_id()).0
    }

    /// Its name without prefix.
    pub fn local(self) -> &'d str {
        self.document.name(self.name_id()).1
    }

    /// Whether it has this namespace and name.
    pub fn is(self, space: &str, local: &str) -> bool {
        self.document.name(self.name_id()) == (space, local)
    }

    /// Its attributes as written, namespace declarations left out.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> {
        let Span { from, until } = self.node().span;
        self.document.attributes[from as usize..until as usize].iter().map(move |attribute| {
            let (space, local) = self.document.name(attribute.name);
            Attribute { id: attribute.name, space, local, value: self.document.text(attribute.value) }
        })
    }

    /// The value of the attribute of this name that has no namespace.
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        self.attributes()
            .find(|attribute| attribute.local == local && attribute.space.is_empty())
            .map(|it| it.value)
    }

    /// What lies in it, in order.
    pub fn contents(self) -> impl Iterator<Item = Content<'d>> {
        let mut next = self.node().first;
        std::iter::from_fn(move || {
            let node = self.document.nodes.get(next as usize)?;
            let here = next;
            next = node.next;
            Some(match node.name {
                TEXT => Content::Text(self.document.text(node.span)),
                _ => Content::Element(El { document: self.document, id: here }),
            })
        })
    }

    /// The elements in it, in order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let mut next = self.node().first;
        std::iter::from_fn(move || {
            loop {
                let node = self.document.nodes.get(next as usize)?;
                let here = next;
                next = node.next;
                if node.name != TEXT {
                    return Some(Self { document: self.document, id: here });
                }
            }
        })
    }

    /// The first element in it with this local name, whatever its namespace.
    pub fn child(self, local: &str) -> Option<Self> {
        self.children().find(|child| child.local() == local)
    }

    /// The elements in it with this local name.
    pub fn children_named<'n>(self, local: &'n str) -> impl Iterator<Item = Self> + use<'d, 'n> {
        self.children().filter(move |child| child.local() == local)
    }

    /// The first element along these local names: `["MsgInfo", "Patient", "Sex"]`.
    pub fn descend(self, locals: &[&str]) -> Option<Self> {
        locals.iter().try_fold(self, |element, local| element.child(local))
    }

    /// The text directly in it, white space at both ends taken off; empty if there is none.
    pub fn text(self) -> Cow<'d, str> {
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
