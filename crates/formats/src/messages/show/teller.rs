//! The general way of telling an element and what is in it.

use super::Language;
use super::blocks::{Block, Rich, section};
use super::left::{Left, Piece};
use super::{labels, rich};
use crate::xml::El;

/// The namespace of signatures in XML: bytes for programs.
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Tells a message in one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Teller {
    pub(super) language: Language,
}

impl Teller {
    /// A word of ours.
    pub(super) fn word(self, key: &'static str) -> &'static str {
        labels::word(key, self.language)
    }

    /// What an element is called.
    pub(super) fn label(self, element: El<'_>) -> String {
        labels::of_element(element, self.language)
    }

    /// All that is left of an element, under a heading that says `title`.
    pub(super) fn blocks(self, left: &Left<'_>, title: &str) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut pieces = left.pieces();
        while let Some((first, rest)) = pieces.split_first() {
            let run = run_of(pieces);
            if run.len() < 2 {
                blocks.extend(self.piece(first, title));
                pieces = rest;
                continue;
            }
            let table = self.table(&run, title);
            blocks.extend(
                table.unwrap_or_else(|| {
                    run.iter().flat_map(|element| self.element(*element, title)).collect()
                }),
            );
            pieces = &pieces[run.len()..];
        }
        merged(loose_first(blocks))
    }

    /// All that is in an element, without its own label.
    pub(super) fn inside(self, element: El<'_>, title: &str) -> Vec<Block> {
        self.blocks(&Left::of(element), title)
    }

    /// The same on the page itself, where what has no heading of its own gets one.
    pub(super) fn sections(self, left: &Left<'_>) -> Vec<Block> {
        self.under_headings(self.blocks(left, ""))
    }

    /// What has no heading under one of ours, then the parts that have one.
    pub(super) fn under_headings(self, blocks: Vec<Block>) -> Vec<Block> {
        let (sections, loose): (Vec<Block>, Vec<Block>) =
            blocks.into_iter().partition(|block| matches!(block, Block::Section { .. }));
        section(self.word("other_information"), loose).into_iter().chain(sections).collect()
    }

    fn piece(self, piece: &Piece<'_>, title: &str) -> Vec<Block> {
        match piece {
            Piece::Element(element) => self.element(*element, title),
            Piece::Text(text) => vec![Block::Prose(Rich::paragraphs(text))],
            Piece::Attribute(attribute)
                if attribute.value.trim() == title || attribute.value.trim().is_empty() =>
            {
                Vec::new()
            }
            Piece::Attribute(attribute) => {
                vec![Block::fact(
                    labels::of_attribute(attribute.local, self.language),
                    attribute.value.trim(),
                )]
            }
        }
    }

    /// An element with its label, in its place under a heading that says `title`.
    pub(super) fn element(self, element: El<'_>, title: &str) -> Vec<Block> {
        let forms = labels::forms();
        if element.space() == SIGNATURE {
            return vec![Block::Note(self.word("signed").to_owned())];
        }
        if element.local() == "Base64Container" {
            return vec![self.loose_file(element)];
        }
        if let Some(fact) = self.contact(element) {
            return vec![fact];
        }
        if rich::is_rich(element) || element.children().next().is_none() {
            return self.holder(element);
        }
        if let Some(blocks) = self.titled(element) {
            return blocks;
        }
        if forms.through.contains(element.local()) {
            return self.inside(element, title);
        }
        let label = self.label(element);
        let blocks = self.ordered(element, self.inside(element, &label));
        vec![Block::Section { title: label, blocks }]
    }

    /// Facts in the order that a table of such elements has, if there is one.
    fn ordered(self, element: El<'_>, mut blocks: Vec<Block>) -> Vec<Block> {
        let Some(order) = labels::forms().tables.get(element.local()) else { return blocks };
        let order: Vec<String> = order.iter().map(|name| labels::of_name(name, self.language)).collect();
        if blocks.iter().all(|block| matches!(block, Block::Fact { .. })) {
            blocks.sort_by_key(|block| match block {
                Block::Fact { label, .. } => {
                    order.iter().position(|known| known == label).unwrap_or(order.len())
                }
                Block::Section { .. } | Block::Table(_) | Block::Prose(_) | Block::Note(_) | Block::Gap => {
                    order.len()
                }
            });
        }
        blocks
    }

    /// An element that holds one value or text.
    fn holder(self, element: El<'_>) -> Vec<Block> {
        let value = self.value(element);
        if labels::forms().prose.contains(element.local()) && !value.is_empty() {
            return vec![Block::Prose(value)];
        }
        let label = self.label(element);
        if value.is_empty() {
            vec![Block::fact(label, self.word("not_filled"))]
        } else {
            vec![Block::Fact { label, value }]
        }
    }

    /// An element whose heading is one of its own values. One without that value that is alone in its place needs no heading.
    fn titled(self, element: El<'_>) -> Option<Vec<Block>> {
        let key = labels::title_of(element)?;
        let mut left = Left::of(element);
        let title = match key.strip_prefix('@') {
            Some(attribute) => left.take_attribute(attribute).map(str::to_owned),
            None => left.take(key).map(|heading| super::blocks::in_one_line(&self.value(heading))),
        };
        let title = title.filter(|title| !title.is_empty());
        if title.is_none() && element.parent().is_some_and(|parent| parent.children().nth(1).is_none()) {
            return Some(self.blocks(&left, ""));
        }
        let title = title.unwrap_or_else(|| self.label(element));
        let blocks = self.blocks(&left, &title);
        Some(vec![Block::Section { title, blocks }])
    }
}

/// The elements at the front that have the same name, if tables are made of such; else none.
fn run_of<'d>(pieces: &[Piece<'d>]) -> Vec<El<'d>> {
    let mut run: Vec<El<'d>> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Element(element) if !labels::forms().tables.contains_key(element.local()) => break,
            Piece::Element(element)
                if run.first().is_none_or(|first| first.name_id() == element.name_id()) =>
            {
                run.push(*element);
            }
            Piece::Element(_) | Piece::Attribute(_) | Piece::Text(_) => break,
        }
    }
    run
}

/// What stands under no heading of its own before the parts that have one: after them it would seem to belong to the last.
fn loose_first(blocks: Vec<Block>) -> Vec<Block> {
    let (sections, mut loose): (Vec<Block>, Vec<Block>) =
        blocks.into_iter().partition(|block| matches!(block, Block::Section { .. }));
    loose.extend(sections);
    loose
}

/// With parts of the same heading after one another put together. A gap keeps their facts apart.
fn merged(blocks: Vec<Block>) -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    for block in blocks {
        match (all.last_mut(), block) {
            (Some(Block::Section { title, blocks }), Block::Section { title: next, blocks: more })
                if *title == next =>
            {
                blocks.push(Block::Gap);
                blocks.extend(more);
            }
            (_, block) => all.push(block),
        }
    }
    all
}
