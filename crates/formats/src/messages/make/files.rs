//! Files that go with a message (HIS 1036:2011 4.2).

use super::{
    draft::FileDraft,
    parts::{BASE64, Coder, Space, leaf, said, time},
};
use crate::xml::Element;

/// The reference with a file in it. Whether it is what it is said to be is checked when the message is read again.
pub(super) fn file(coder: Coder, space: Space, file: &FileDraft, made: &str) -> Element {
    let content: String = file.content.chars().filter(|letter| !letter.is_whitespace()).collect();
    let container = Element::new(BASE64, "Base64Container").text(content);
    Element::new(space, "RefDoc")
        .children(time(space, "IssueDate", said(file.dated.as_deref()).or(Some(made))))
        .children(coder.cs(space, "MsgType", 8114, Some("A")))
        .children(leaf(space, "MimeType", &file.mime_type))
        .children(leaf(space, "Description", &file.description))
        .child(Element::new(space, "Content").child(container))
}
