use super::blocks::{Block, in_one_line, section};
use super::left::Left;
use super::teller::Teller;
use crate::xml::El;

/// What is about the message itself and not about the patient: ids, versions, exact times. It stands last.
pub(super) struct About {
    teller: Teller,
    blocks: Vec<Block>,
}

impl About {
    pub(super) fn new(teller: Teller) -> Self {
        Self { teller, blocks: Vec::new() }
    }

    /// The kind of message as the sender has it, with its code.
    pub(super) fn kind(&mut self, kind: Option<El<'_>>) {
        let Some(kind) = kind else { return };
        let code = kind.attribute("V").unwrap_or_default().trim();
        let told = in_one_line(&self.teller.value(kind));
        let told = if told == code || code.is_empty() { told } else { format!("{told} ({code})") };
        self.blocks.push(Block::fact(self.teller.label(kind), told));
    }

    pub(super) fn element(&mut self, element: El<'_>) {
        self.blocks.extend(self.teller.element(element, ""));
    }

    pub(super) fn left(&mut self, left: &Left<'_>) {
        self.blocks.extend(self.teller.blocks(left, ""));
    }

    /// Facts first, so that they don't stand under the heading of a part.
    pub(super) fn section(self) -> Option<Block> {
        let (parts, facts): (Vec<Block>, Vec<Block>) =
            self.blocks.into_iter().partition(|block| matches!(block, Block::Section { .. }));
        let blocks: Vec<Block> = facts.into_iter().chain(parts).collect();
        section(self.teller.word("about_message"), blocks)
    }
}
