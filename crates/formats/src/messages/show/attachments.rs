//! Files that came with a message, as a table: name, type and size.

use super::blocks::{Block, Rich, as_lines, section};
use super::left::Left;
use super::numbers;
use super::tables::{Fields, fields};
use super::teller::Teller;
use crate::xml::El;

/// The files of a message, in the order they stand.
pub(super) struct Files {
    teller: Teller,
    rows: Vec<Fields>,
    /// What doesn't fit in a row.
    more: Vec<Block>,
}

impl Files {
    pub(super) fn new(teller: Teller) -> Self {
        Self { teller, rows: Vec::new(), more: Vec::new() }
    }

    /// Takes a document that is a file, with all that is said of it; `false` if it is something else.
    pub(super) fn take(&mut self, document: El<'_>) -> bool {
        let content = document.descend(&["RefDoc", "Content"]);
        let container = content.and_then(|content| content.child("Base64Container"));
        if container.is_none() && content.is_some_and(|content| content.children().next().is_some()) {
            return false;
        }
        let mut left = Left::of(document);
        let mut inner = left.take("RefDoc").map(Left::of).unwrap_or_default();
        let names = [inner.take("Description"), left.take("ContentDescription")];
        let mut row =
            vec![self.name(&names), self.kind(inner.take("MimeType"), container), self.size(container)];
        let others = self.others(&left, inner);
        match fields(&others) {
            Some(fields) => row.extend(fields),
            None => self.more.extend(others),
        }
        self.rows.push(row);
        true
    }

    pub(super) fn section(self) -> Option<Block> {
        let title = self.teller.word("attachments");
        if self.rows.is_empty() {
            return None;
        }
        let order = ["attachment", "file_type", "file_size"].map(|word| self.teller.word(word).to_owned());
        let mut blocks = self.teller.table_of(title, self.rows, &order);
        blocks.extend(self.more);
        section(title, blocks)
    }

    fn others(&self, left: &Left<'_>, mut inner: Left<'_>) -> Vec<Block> {
        let mut others = Vec::new();
        if let Some(content) = inner.take("Content") {
            let mut content = Left::of(content);
            if let Some(container) = content.take("Base64Container") {
                others.extend(self.teller.beside_bytes(container));
            }
            others.extend(self.teller.rest(&content));
        }
        others.extend(self.teller.rest(&inner));
        others.extend(self.teller.rest(left));
        others
    }

    fn name(&self, names: &[Option<El<'_>>]) -> (String, Vec<Rich>) {
        let names: Vec<Rich> = names.iter().flatten().flat_map(|name| self.teller.value(*name)).collect();
        let unnamed = vec![Rich::line(self.teller.word("unnamed_file"))];
        (self.teller.word("attachment").to_owned(), if names.is_empty() { unnamed } else { names })
    }

    /// What the content shows that it is, and what the sender says where that is something else.
    fn kind(&self, said: Option<El<'_>>, container: Option<El<'_>>) -> (String, Vec<Rich>) {
        let said = said.map(|said| self.teller.value_line(said)).unwrap_or_default();
        let (word, mime_type) = kind_of(&container.map(first_bytes).unwrap_or_default());
        let found = self.teller.word(word);
        let told = if said.is_empty() || said.eq_ignore_ascii_case(mime_type) {
            found.to_owned()
        } else {
            format!("{found}, {} {said}", self.teller.word("said_type"))
        };
        (self.teller.word("file_type").to_owned(), vec![Rich::line(told)])
    }

    fn size(&self, container: Option<El<'_>>) -> (String, Vec<Rich>) {
        let told = container.and_then(|container| self.teller.size(container));
        let told = told.unwrap_or_else(|| self.teller.word("no_content").to_owned());
        (self.teller.word("file_size").to_owned(), vec![Rich::line(told)])
    }
}

impl Teller {
    /// A file that stands where no file is expected: its size is told.
    pub(super) fn loose_file(self, container: El<'_>) -> Block {
        let size = self.size(container).unwrap_or_else(|| self.word("no_content").to_owned());
        let others = as_lines(&self.beside_bytes(container)).into_iter();
        let value = std::iter::once(size).chain(others).map(Rich::line).collect();
        Block::Fact { label: self.label(container), value }
    }

    /// What a file's element says beside the bytes.
    fn beside_bytes(self, container: El<'_>) -> Vec<Block> {
        let mut left = Left::of(container);
        left.take_text();
        self.rest(&left)
    }

    /// The size of a file when unpacked from base64; `None` if it isn't base64, or nothing.
    fn size(self, container: El<'_>) -> Option<String> {
        let text = container.text();
        let mut digits = 0_usize;
        for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
            sextet(byte)?;
            digits += 1;
        }
        (digits > 0).then(|| numbers::size(digits * 3 / 4, self.word("bytes"), self.language))
    }
}

/// A word for the kind of a file and its MIME type, by the bytes it begins with.
fn kind_of(first: &[u8]) -> (&'static str, &'static str) {
    match first {
        [b'%', b'P', b'D', b'F', b'-', ..] => ("pdf_file", "application/pdf"),
        [0xFF, 0xD8, 0xFF, ..] => ("jpeg_file", "image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => ("png_file", "image/png"),
        _ => ("other_file", ""),
    }
}

/// The first twelve bytes of base64 text; fewer if there are fewer.
fn first_bytes(container: El<'_>) -> Vec<u8> {
    let text = container.text();
    let digits: Vec<u32> =
        text.bytes().filter(|byte| !byte.is_ascii_whitespace()).map_while(sextet).take(16).collect();
    let quads = digits.chunks_exact(4);
    quads
        .flat_map(|quad| quad.iter().fold(0, |all, digit| all << 6 | digit).to_be_bytes().into_iter().skip(1))
        .collect()
}

/// What a base64 digit stands for.
fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}
