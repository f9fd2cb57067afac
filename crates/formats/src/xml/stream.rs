//! A document of one namespace, told from its beginning to its end: made into a tree, or straight into text.

use super::{
    Child, Element,
    write::{DECLARATION, declare, escape, in_attribute, in_text},
};

/// Takes a document in the order that it is written. Elements begun are ended, the innermost first.
pub(crate) trait Output {
    /// An element begins.
    fn begin(&mut self, local: &'static str);
    /// An attribute without namespace, of the element that has just begun.
    fn attribute(&mut self, local: &'static str, value: &str);
    /// Text, not escaped.
    fn text(&mut self, text: &str);
    /// The innermost element ends.
    fn end(&mut self, local: &'static str);
}

/// The document as a tree.
pub(crate) struct Tree {
    space: &'static str,
    open: Vec<Element>,
}

impl Tree {
    pub(crate) fn new(space: &'static str) -> Self {
        Self { space, open: vec![Element::new("", "")] }
    }

    /// The outermost element.
    pub(crate) fn done(mut self) -> Element {
        let children = self.open.pop().map(|holder| holder.children).unwrap_or_default();
        let mut elements = children.into_iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        });
        elements.next_back().unwrap_or_else(|| Element::new(self.space, ""))
    }

    fn last(&mut self, change: impl FnOnce(Element) -> Element) {
        if let Some(last) = self.open.pop() {
            self.open.push(change(last));
        }
    }
}

impl Output for Tree {
    fn begin(&mut self, local: &'static str) {
        self.open.push(Element::new(self.space, local));
    }

    fn attribute(&mut self, local: &'static str, value: &str) {
        self.last(|element| element.with(local, value));
    }

    fn text(&mut self, text: &str) {
        self.last(|element| element.text(text));
    }

    fn end(&mut self, _local: &'static str) {
        if let Some(ended) = self.open.pop() {
            self.last(|element| element.child(ended));
        }
    }
}

/// The document as text, as [`write`](super::write) has it.
pub(crate) struct Stream {
    out: String,
    /// The namespace, until the outermost element declares it.
    space: Option<&'static str>,
    /// Whether the tag of the innermost element isn't ended yet.
    is_in_tag: bool,
}

impl Stream {
    pub(crate) fn new(space: &'static str) -> Self {
        let mut out = String::with_capacity(2 << 10);
        out.push_str(DECLARATION);
        Self { out, space: Some(space), is_in_tag: false }
    }

    pub(crate) fn done(self) -> String {
        self.out
    }

    fn end_tag(&mut self) {
        if std::mem::take(&mut self.is_in_tag) {
            self.out.push('>');
        }
    }
}

impl Output for Stream {
    fn begin(&mut self, local: &'static str) {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(local);
        if let Some(space) = self.space.take() {
            declare(&mut self.out, "", space);
        }
        self.is_in_tag = true;
    }

    fn attribute(&mut self, local: &'static str, value: &str) {
        self.out.push(' ');
        self.out.push_str(local);
        self.out.push_str("=\"");
        escape(&mut self.out, value, in_attribute);
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        self.end_tag();
        escape(&mut self.out, text, in_text);
    }

    fn end(&mut self, local: &'static str) {
        if std::mem::take(&mut self.is_in_tag) {
            self.out.push_str("/>");
        } else {
            self.out.push_str("</");
            self.out.push_str(local);
            self.out.push('>');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::write;

    fn tell(out: &mut impl Output) {
        out.begin("All");
        out.begin("Empty");
        out.end("Empty");
        out.begin("Code");
        out.attribute("V", "a \"<\t\n&");
        out.attribute("DN", "");
        out.end("Code");
        for text in ["", "blåbær & \r\n 'x' > y"] {
            out.begin("Text");
            out.text(text);
            out.end("Text");
        }
        out.end("All");
    }

    #[test]
    fn text_at_once_is_what_is_written_of_the_tree() {
        let (mut tree, mut stream) = (Tree::new("urn:x"), Stream::new("urn:x"));
        tell(&mut tree);
        tell(&mut stream);
        let text = stream.done();
        assert_eq!(text, write(&tree.done()));
        assert!(text.ends_with("</Text></All>") && text.contains("<Empty/>"), "{text}");
    }
}
