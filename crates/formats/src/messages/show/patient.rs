//! The patient: name, born, identity number first, then the rest.

use super::blocks::Block;
use super::left::Left;
use super::numbers;
use super::teller::Teller;
use crate::xml::El;

impl Teller {
    /// The patient as a part of the page.
    pub(super) fn patient(self, element: El<'_>) -> Block {
        let mut left = Left::of(element);
        let name = self.name(&mut left);
        let name = if name.is_empty() { self.word("unknown_patient").to_owned() } else { name };
        let mut blocks = vec![Block::fact(self.word("name"), name)];
        blocks.extend(self.told(&left.take_all(&["DateOfBirth"])));
        blocks.extend(left.take_all(&["Ident"]).into_iter().map(|ident| self.identified(ident)));
        blocks.extend(self.official_id(&mut left));
        blocks.extend(self.told(&left.take_all(&["Sex"])));
        blocks.extend(self.told(&left.take_all(&["Address"])));
        blocks.extend(self.told(&left.take_all(&["TeleCom"])));
        blocks.extend(self.rest(&left));
        Block::Section { title: self.word("patient").to_owned(), blocks }
    }

    /// `OffId` with `TypeOffId` beside it, as epicrises have it.
    fn official_id(self, left: &mut Left<'_>) -> Option<Block> {
        let id = left.take("OffId")?;
        let kind = left.take("TypeOffId").map(|kind| self.value_line(kind)).filter(|kind| !kind.is_empty());
        let label = kind.unwrap_or_else(|| self.label(id));
        Some(Block::fact(label, numbers::identity(&self.value_line(id))))
    }
}
