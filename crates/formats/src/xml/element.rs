use std::borrow::Cow;

use super::{Content, El};

/// A name of an element or attribute: its namespace (empty for none) and its local part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The namespace.
    pub space: Cow<'static, str>,
    /// The local part.
    pub local: Cow<'static, str>,
}

impl Name {
    /// A name of a namespace.
    pub fn new(space: impl Into<Cow<'static, str>>, local: impl Into<Cow<'static, str>>) -> Self {
        Self { space: space.into(), local: local.into() }
    }
}

/// An element to be written, with all that is in it.
///
/// ```
/// use samspill_formats::xml::{Element, write};
///
/// let status = Element::new("urn:example", "Status").with("V", "1").with("DN", "OK");
/// let all = Element::new("urn:example", "AppRec").child(status);
/// assert!(write(&all).ends_with("<AppRec xmlns=\"urn:example\"><Status V=\"1\" DN=\"OK\"/></AppRec>"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: Name,
    /// Its attributes.
    pub attributes: Vec<(Name, String)>,
    /// What lies in it, in order.
    pub children: Vec<Child>,
}

/// What lies in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Child {
    /// An element.
    Element(Element),
    /// Text, not escaped.
    Text(String),
}

impl Element {
    /// An empty element.
    pub fn new(space: impl Into<Cow<'static, str>>, local: impl Into<Cow<'static, str>>) -> Self {
        Self { name: Name::new(space, local), attributes: Vec::new(), children: Vec::new() }
    }

    /// With an attribute that has no namespace.
    pub fn with(mut self, local: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((Name::new("", local), value.into()));
        self
    }

    /// With an element last in it.
    pub fn child(mut self, element: Self) -> Self {
        self.children.push(Child::Element(element));
        self
    }

    /// With elements last in it: as many as there are.
    pub fn children(mut self, elements: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(elements.into_iter().map(Child::Element));
        self
    }

    /// With text last in it.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Child::Text(text.into()));
        self
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// The first element in it with this local name.
    pub fn element(&self, local: &str) -> Option<&Self> {
        self.elements().find(|element| element.name.local == local)
    }
}

impl From<El<'_>> for Element {
    fn from(element: El<'_>) -> Self {
        let owned = |text: &str| Cow::Owned(text.to_owned());
        let attribute =
            |it: super::Attribute<'_>| (Name::new(owned(it.space), owned(it.local)), it.value.to_owned());
        let child = |content: Content<'_>| match content {
            Content::Element(element) => Child::Element(Self::from(element)),
            Content::Text(text) => Child::Text(text.to_owned()),
        };
        Self {
            name: Name::new(owned(element.space()), owned(element.local())),
            attributes: element.attributes().map(attribute).collect(),
            children: element.contents().map(child).collect(),
        }
    }
}
