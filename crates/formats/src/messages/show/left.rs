use crate::xml::{Attribute, Content, El};

use super::labels;

/// What an element says, taken piece by piece: what a special telling hasn't taken is told in the general way, so that nothing is
/// left out. Attributes for programs alone and white space between elements aren't in it.
#[derive(Debug, Default)]
pub(super) struct Left<'d> {
    pieces: Vec<Piece<'d>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Piece<'d> {
    Element(El<'d>),
    Attribute(Attribute<'d>),
    Text(&'d str),
}

impl<'d> Left<'d> {
    pub(super) fn of(element: El<'d>) -> Self {
        let attributes =
            element.attributes().filter(|it| !labels::is_silent(it.space, it.local)).map(Piece::Attribute);
        let contents = element.contents().filter_map(|content| match content {
            Content::Element(element) => Some(Piece::Element(element)),
            Content::Text(text) if text.trim().is_empty() => None,
            Content::Text(text) => Some(Piece::Text(text)),
        });
        Self { pieces: attributes.chain(contents).collect() }
    }

    /// The first element of this name, taken.
    pub(super) fn take(&mut self, local: &str) -> Option<El<'d>> {
        let place = self.pieces.iter().position(|piece| is_named(piece, local))?;
        match self.pieces.remove(place) {
            Piece::Element(element) => Some(element),
            Piece::Attribute(_) | Piece::Text(_) => None,
        }
    }

    /// All elements of these names, taken, in the order written.
    pub(super) fn take_all(&mut self, locals: &[&str]) -> Vec<El<'d>> {
        let mut taken = Vec::new();
        self.pieces.retain(|piece| match piece {
            Piece::Element(element) if locals.contains(&element.local()) => {
                taken.push(*element);
                false
            }
            Piece::Element(_) | Piece::Attribute(_) | Piece::Text(_) => true,
        });
        taken
    }

    /// The value of the attribute of this name, taken; white space around it goes.
    pub(super) fn take_attribute(&mut self, local: &str) -> Option<&'d str> {
        let is_it = |piece: &Piece<'_>| matches!(piece, Piece::Attribute(it) if it.local == local);
        let place = self.pieces.iter().position(is_it)?;
        match self.pieces.remove(place) {
            Piece::Attribute(attribute) => Some(attribute.value.trim()),
            Piece::Element(_) | Piece::Text(_) => None,
        }
    }

    /// The text directly in it, taken.
    pub(super) fn take_text(&mut self) -> String {
        let mut text = String::new();
        self.pieces.retain(|piece| match piece {
            Piece::Text(piece) => {
                text.push_str(piece);
                false
            }
            Piece::Element(_) | Piece::Attribute(_) => true,
        });
        text
    }

    /// All elements, taken.
    pub(super) fn take_elements(&mut self) -> Vec<El<'d>> {
        let mut taken = Vec::new();
        self.pieces.retain(|piece| match piece {
            Piece::Element(element) => {
                taken.push(*element);
                false
            }
            Piece::Attribute(_) | Piece::Text(_) => true,
        });
        taken
    }

    /// The attributes alone: what is in the element is told otherwise.
    pub(super) fn keep_attributes(&mut self) {
        self.pieces.retain(|piece| matches!(piece, Piece::Attribute(_)));
    }

    pub(super) fn pieces(&self) -> &[Piece<'d>] {
        &self.pieces
    }
}

fn is_named(piece: &Piece<'_>, local: &str) -> bool {
    matches!(piece, Piece::Element(element) if element.local() == local)
}
